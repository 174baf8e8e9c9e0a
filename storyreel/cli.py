"""The command line: a thin skin over the library.

Exit codes: 0 done, 1 this machine failed (disk, encoder), 2 wrong use, 3 a provider failed, 4 the budget would be
passed, 130 interrupted. Whatever the code, what was finished is kept and the message says how to go on.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from storyreel.errors import Cancelled, InputError, StoryreelError
from storyreel.inputs.brief import DEFAULT_CHAPTERS, DEFAULT_WORDS
from storyreel.progress import Event, Progress

if TYPE_CHECKING:
    from storyreel.recipes._finish import Film
    from storyreel.settings import Quality

# Typer carried its own copy of click's errors from one release on; this finds the base class in either.
_WRONG_USE: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")

app = typer.Typer(
    name="storyreel",
    help="Films made with AI: a title becomes a narrated film, and an editable timeline.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

CacheOption = Annotated[
    Path | None, typer.Option("--cache", metavar="DIR", help="Where films live; else STORYREEL_CACHE, else ./cache.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON event a line instead of the display.")]
ProjectArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The project's id; see: storyreel projects", show_default=False)
]
PreviewOption = Annotated[
    bool,
    typer.Option("--preview", help="Make preview.mp4 instead: 540 lines, quick, placeholders for missing pictures."),
]
EstimateOption = Annotated[
    bool, typer.Option("--estimate", help="Make nothing; say how many pieces would be drawn and how long that takes.")
]
QualityOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="draft, standard or high; else the film's own.")
]
EncoderOption = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="x264, or nvenc, qsv or videotoolbox in hardware; auto takes hardware where it works.",
    ),
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Also put the film here.")]


@app.command("title")
def title_command(
    title: Annotated[str, typer.Argument(help="The film's title, in quotes.", show_default=False)],
    chapters: Annotated[str, typer.Option(metavar="N", help="How many chapters, 1 to 60.")] = str(DEFAULT_CHAPTERS),
    words: Annotated[str, typer.Option(metavar="N", help="About how many words a chapter has, 30 to 2000.")] = str(
        DEFAULT_WORDS
    ),
    voice: Annotated[str, typer.Option(metavar="NAME", help="offline, offline:NAME, or none.")] = "",
    images: Annotated[str, typer.Option(metavar="NAME", help="Who draws the pictures.")] = "offline",
    writer: Annotated[str, typer.Option(metavar="NAME", help="Who writes the story.")] = "offline",
    size: Annotated[str, typer.Option(metavar="SIZE", help="16:9, 9:16, 1:1 or WIDTHxHEIGHT.")] = "16:9",
    fps: Annotated[str, typer.Option(metavar="N", help="Frames a second, 1 to 120.")] = "30",
    style: Annotated[str, typer.Option(metavar="TEXT", help="The art style of every picture.")] = "cinematic",
    language: Annotated[str, typer.Option(metavar="CODE", help="What is written and spoken.")] = "en",
    captions: Annotated[
        str, typer.Option(metavar="NAME", help="documentary, cinema, short-form, karaoke, boxed, pop or none.")
    ] = "documentary",
    platform: Annotated[
        str, typer.Option(metavar="NAME", help="Keep captions of tall films clear of: tiktok, reels, shorts, youtube.")
    ] = "",
    quality: Annotated[str, typer.Option(metavar="NAME", help="draft, standard or high.")] = "standard",
    seed: Annotated[str, typer.Option(metavar="N", help="Another seed tells another story.")] = "0",
    project: Annotated[
        str | None, typer.Option(metavar="ID", help="The project's id; else made from the title.")
    ] = None,
    out: OutOption = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Make a narrated film from a title."""
    from storyreel.inputs.brief import film_settings, title_brief, whole_number
    from storyreel.recipes.title_film import title_film

    title_brief(title, chapters, words)
    settings = film_settings(
        size=size, fps=fps, style=style, language=language, captions=captions, quality=quality, platform=platform
    )
    seed_number = whole_number("seed", seed, range(0, 1_000_000))
    chosen_voice = voice or default_voice()

    def make(progress: Progress) -> Film:
        if not voice and chosen_voice == "none":
            progress.warn(
                "no voice is installed, so captions carry the words: pip install 'storyreel[offline]' adds one"
            )
        return title_film(
            title,
            chapters=int(chapters),
            words=int(words),
            voice=chosen_voice,
            images=images,
            writer=writer,
            settings=settings,
            seed=seed_number,
            project_id=project,
            cache=cache,
            out=out,
            progress=progress,
        )

    _make_film(make, json_lines)


@app.command("audio")
def audio_command(
    recording: Annotated[Path, typer.Argument(metavar="FILE", help="A sound or video file.", show_default=False)],
    format: Annotated[
        str, typer.Option(metavar="NAME", help="youtube (1920x1080), tiktok (1080x1920) or square (1080x1080).")
    ] = "youtube",
    cut_fillers: Annotated[
        bool, typer.Option("--cut-fillers", help='Cut "um" and its kin; else the recording stays untouched.')
    ] = False,
    title: Annotated[str, typer.Option(metavar="TEXT", help="The film's title; else the file's name.")] = "",
    listener: Annotated[str, typer.Option(metavar="NAME", help="Who writes down what is said.")] = "offline",
    images: Annotated[str, typer.Option(metavar="NAME", help="Who draws the pictures.")] = "offline",
    writer: Annotated[str, typer.Option(metavar="NAME", help="Who says what is in them.")] = "offline",
    size: Annotated[str, typer.Option(metavar="SIZE", help="16:9, 9:16, 1:1 or WIDTHxHEIGHT; else the format's.")] = "",
    fps: Annotated[str, typer.Option(metavar="N", help="Frames a second, 1 to 120.")] = "30",
    style: Annotated[str, typer.Option(metavar="TEXT", help="The art style of every picture.")] = "photorealistic",
    language: Annotated[str, typer.Option(metavar="CODE", help="What is spoken; else it is found out.")] = "",
    captions: Annotated[
        str, typer.Option(metavar="NAME", help="As for title; else short-form for tiktok, documentary for the others.")
    ] = "",
    quality: Annotated[str, typer.Option(metavar="NAME", help="draft, standard or high.")] = "standard",
    seed: Annotated[str, typer.Option(metavar="N", help="Another seed gives other pictures.")] = "0",
    project: Annotated[
        str | None, typer.Option(metavar="ID", help="The project's id; else made from the title.")
    ] = None,
    out: OutOption = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Make an illustrated film of a recording: its sound stays as it is, its words become captions."""
    from storyreel.inputs.brief import whole_number
    from storyreel.inputs.recording import audio_brief, format_settings
    from storyreel.media.probe import probe
    from storyreel.recipes.audio_film import audio_film

    audio_brief(recording, title=title, format=format, cut_fillers=cut_fillers, language=language)
    settings = format_settings(
        format, size=size, fps=fps, style=style, captions=captions, quality=quality, language=language
    )
    seed_number = whole_number("seed", seed, range(0, 1_000_000))
    probe(recording)
    _make_film(
        lambda progress: audio_film(
            recording,
            format=format,
            cut_fillers=cut_fillers,
            title=title,
            language=language,
            listener=listener,
            images=images,
            writer=writer,
            settings=settings,
            seed=seed_number,
            project_id=project,
            cache=cache,
            out=out,
            progress=progress,
        ),
        json_lines,
    )


def default_voice() -> str:
    """The offline voice where its packages are installed, else none: the plain install makes a film all the same."""
    from storyreel.errors import MissingExtra
    from storyreel.providers.registry import NOBODY, provider

    try:
        provider("voice", "offline")
    except MissingExtra:
        return NOBODY
    return "offline"


@app.command("resume")
def resume_command(
    project: ProjectArgument,
    out: OutOption = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Go on with a film from its last finished step."""
    from storyreel.recipes.resume import resume

    _make_film(lambda progress: resume(project, cache=cache, out=out, progress=progress), json_lines)


@app.command("render")
def render_command(
    project: ProjectArgument,
    preview: PreviewOption = False,
    estimate: EstimateOption = False,
    quality: QualityOption = None,
    encoder: EncoderOption = "x264",
    out: OutOption = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Render a project's timeline as it is. Pieces that were drawn before are taken over, the others drawn."""
    from storyreel.recipes.resume import render

    chosen = checked_quality(quality)
    if estimate:
        _print_estimate(project, None, preview, chosen, encoder, cache, json_lines)
        return
    _make_film(
        lambda progress: render(
            project, preview=preview, quality=chosen, encoder=encoder, cache=cache, out=out, progress=progress
        ),
        json_lines,
        "{made} of {pieces} pieces made, {kept} kept",
    )


@app.command("edit")
def edit_command(
    project: ProjectArgument,
    edits: Annotated[Path, typer.Argument(metavar="EDITS.json", help="A JSON list of edits.", show_default=False)],
    preview: PreviewOption = False,
    estimate: EstimateOption = False,
    quality: QualityOption = None,
    encoder: EncoderOption = "x264",
    out: OutOption = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Edit a film and render what the edits touch; they are kept, and later runs of the film make them again.

    Each edit is an object with its "kind": change_caption (cue, text), replace_picture (clip, file), change_duration
    (clip, length_frames), move_clip (clip, to), change_transition (clip, into), change_motion (clip, motion),
    change_gain (sound, gain_db), replace_music (file), remove_clip (clip), insert_clip (at, id, file, length_frames),
    change_caption_style (captions, style, platform), add_label (label) or remove_label (label).
    Clips have the ids that timeline.json gives them; captions, sounds and places count from 0. Edits of time share it
    with the neighbouring clip; with "mode": "ripple" all that follows moves. For example:

    [{"kind": "change_caption", "cue": 0, "text": "The lamp had not been lit for years."}]
    """
    from storyreel.recipes.resume import edit

    chosen = checked_quality(quality)
    if estimate:
        _print_estimate(project, edits, preview, chosen, encoder, cache, json_lines)
        return
    _make_film(
        lambda progress: edit(
            project, edits, preview=preview, quality=chosen, encoder=encoder, cache=cache, out=out, progress=progress
        ),
        json_lines,
        "{made} of {pieces} pieces made again",
    )


def checked_quality(quality: str | None) -> Quality | None:
    """The quality asked for, if any.

    Raises:
        InputError: there is no such quality.
    """
    from storyreel.inputs.brief import one_of
    from storyreel.settings import Quality

    chosen: Quality | None = None if quality is None else one_of("quality", quality, get_args(Quality))
    return chosen


def _print_estimate(
    project: str,
    edits: Path | None,
    preview: bool,
    quality: Quality | None,
    encoder: str,
    cache: Path | None,
    json_lines: bool,
) -> None:
    from storyreel.recipes.resume import estimate
    from storyreel.terminal import clock_text

    plan = estimate(project, edits, preview=preview, quality=quality, encoder=encoder, cache=cache)
    if json_lines:
        typer.echo(plan.model_dump_json())
    else:
        typer.echo(
            f"{plan.to_draw} of {plan.pieces} pieces to make ({plan.frames_to_draw:,} of {plan.frames:,} frames), "
            f"about {clock_text(plan.estimated_s)}"
        )


@app.command("captions")
def captions_command(
    project: ProjectArgument,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Check a film's captions: reading speed, time on screen, lines, gaps, safe area, contrast with the pictures."""
    from storyreel.recipes.caption_report import caption_report

    progress = Progress()
    with _stoppable(progress), _display(progress, json_lines):
        findings = caption_report(project, cache=cache, progress=progress)
    if json_lines:
        for finding in findings:
            typer.echo(finding.model_dump_json())
        return
    for finding in findings:
        typer.echo(f"{finding}: {finding.text!r}")
    faults = sum(not finding.forced for finding in findings)
    forced = len(findings) - faults
    left = f", and {forced} that the voice leaves no choice about" if forced else ""
    typer.echo(f"{faults or 'no'} finding{'' if faults == 1 else 's'}{left}")


@app.command("projects")
def projects_command(
    prune: Annotated[
        bool, typer.Option("--prune", help="Clear away the pieces used longest ago, down to the budget.")
    ] = False,
    budget: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="What pieces may take, such as 5GB; else STORYREEL_CHUNK_BUDGET, else 20GB."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --prune: only say what would go.")] = False,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """List the films in the cache, or clear away remembered pieces that can be made again."""
    from storyreel.recipes.shelf import list_films

    if prune:
        _prune(budget, dry_run, cache, json_lines)
        return
    if dry_run or budget is not None:
        raise InputError("--dry-run and --budget belong to --prune: add it")
    films = list_films(cache)
    if json_lines:
        for film in films:
            typer.echo(film.model_dump_json())
        return
    if not films:
        typer.echo('no films yet: try  storyreel title "The Last Lighthouse"')
        return
    from rich.console import Console
    from rich.table import Table

    from storyreel.terminal import clock_text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "title", "made by", "length", "state", "changed"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("id", "changed"))
    for film in films:
        length = clock_text(film.duration_s) if film.duration_s else "-"
        changed = film.changed_at.strftime("%Y-%m-%d %H:%M")
        table.add_row(film.project_id, film.title, film.recipe, length, film.state, changed)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _prune(budget: str | None, dry_run: bool, cache: Path | None, json_lines: bool) -> None:
    from storyreel.recipes.prune import parse_bytes, prune, size_text

    pruned = prune(cache, None if budget is None else parse_bytes(budget), dry_run=dry_run)
    if json_lines:
        typer.echo(pruned.model_dump_json())
        return
    verb = "would free" if dry_run else "freed"
    typer.echo(
        f"{verb} {size_text(pruned.freed_bytes)} in {pruned.files:,} files; {size_text(pruned.kept_bytes)} of pieces "
        f"stay within a budget of {size_text(pruned.budget_bytes)}"
        if pruned.files
        else f"nothing to free: pieces take {size_text(pruned.kept_bytes)} of {size_text(pruned.budget_bytes)}"
    )


@app.command("doctor")
def doctor_command(cache: CacheOption = None, json_lines: JsonOption = False) -> None:
    """Check that everything a film needs is here and works."""
    from storyreel.doctor import examine

    findings = examine(cache)
    for finding in findings:
        if json_lines:
            typer.echo(finding.model_dump_json())
        else:
            mark = {"ok": "ok  ", "absent": "-   ", "wrong": "FAIL"}[finding.state]
            typer.echo(f"{mark}  {finding.what}: {finding.detail}")
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _make_film(make: Callable[[Progress], Film], json_lines: bool, pieces: str = "") -> None:
    """Run a recipe with a display and an orderly way to stop it, and say where the film is.

    Args:
        pieces: how to say how many pieces the film took; empty to leave that out.
    """
    progress = Progress()
    with _stoppable(progress), _display(progress, json_lines):
        film = make(progress)
    if not json_lines:
        from storyreel.terminal import clock_text

        if pieces:
            kept = film.pieces - film.pieces_made
            typer.echo(pieces.format(made=film.pieces_made, pieces=film.pieces, kept=kept))
        typer.echo(f"{film.timeline.title}, {clock_text(film.duration_s)}: {film.path}")


@contextmanager
def _display(progress: Progress, json_lines: bool) -> Iterator[None]:
    """Show how far the work is: on the terminal, or as a JSON line an event."""
    if json_lines:
        progress.listen(_print_event)
        yield
        return
    from rich.console import Console

    from storyreel.terminal import TerminalDisplay

    with TerminalDisplay(Console(stderr=True)) as display:
        progress.listen(display)
        yield


def _print_event(event: Event) -> None:
    sys.stdout.write(event.model_dump_json(exclude_defaults=True) + "\n")
    sys.stdout.flush()


@contextmanager
def _stoppable(progress: Progress) -> Iterator[None]:
    """Ctrl-C once stops after the work under way; twice stops at once. Both keep all that is finished."""

    def stop(number: int, frame: FrameType | None) -> None:
        if progress.cancelled:
            os.write(2, b"\nstoryreel: stopped at once; what was finished is kept\n")
            os._exit(Cancelled.exit_code)
        progress.cancel()
        os.write(2, b"\nstoryreel: stopping after the work under way; Ctrl-C again stops at once\n")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        code = app(standalone_mode=False)
    except typer.Exit as done:
        code = done.exit_code
    except _WRONG_USE as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # the bare command: its message is the help text
            sys.stderr.write(f"{error.format_message()}\n")
            sys.exit(2)
        _complain(f"{' '.join(error.format_message().split()).rstrip('.')}: see  storyreel --help")
        code = 2
    except (typer.Abort, KeyboardInterrupt):
        _complain("stopped; what was finished is kept, and the same command goes on from there")
        code = Cancelled.exit_code
    except Cancelled as stop:
        said = str(stop) if ";" in str(stop) else "stopped; what was finished is kept"
        _complain(f"{said}, and the same command goes on from there")
        code = Cancelled.exit_code
    except StoryreelError as error:
        _complain(str(error))
        code = error.exit_code
    except MemoryError:
        _complain("this machine ran out of memory; what was finished is kept: choose a smaller --size and run again")
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _complain(sentence: str) -> None:
    sys.stderr.write(f"storyreel: {sentence}\n")


if __name__ == "__main__":
    main()
