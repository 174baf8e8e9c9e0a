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

from storyreel.errors import AnswerUnknown, Cancelled, InputError, StoryreelError
from storyreel.inputs.brief import DEFAULT_CHAPTERS, DEFAULT_WORDS
from storyreel.progress import Event, Progress

if TYPE_CHECKING:
    from storyreel.providers.estimate import Estimate
    from storyreel.recipes._finish import Film
    from storyreel.recipes.script_film import ScriptFilm
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
BudgetOption = Annotated[
    str | None,
    typer.Option(metavar="USD", help="What its paid calls may cost over all runs; stops before it is passed."),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask before a film that may cost more than a dollar.")]
PriceOption = Annotated[bool, typer.Option("--estimate", help="Make nothing; say what it will cost.")]
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
    budget: BudgetOption = None,
    estimate: PriceOption = False,
    yes: YesOption = False,
    out: OutOption = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Make a narrated film from a title."""
    from storyreel.inputs.brief import film_settings, title_brief, whole_number
    from storyreel.memo.money import usd
    from storyreel.recipes import title_film

    title_brief(title, chapters, words)
    settings = film_settings(
        size=size, fps=fps, style=style, language=language, captions=captions, quality=quality, platform=platform
    )
    seed_number = whole_number("seed", seed, range(0, 1_000_000))
    chosen_voice = voice or default_voice()
    limit_usd = None if budget is None else usd(budget)

    def price() -> Estimate:
        return title_film.estimate(
            title,
            chapters=int(chapters),
            words=int(words),
            voice=chosen_voice,
            images=images,
            writer=writer,
            settings=settings,
            project_id=project,
            cache=cache,
        )

    if estimate:
        _print_price(price(), json_lines)
        return
    if not yes:
        _ask_above_a_dollar(price)

    def make(progress: Progress) -> Film:
        if not voice and chosen_voice == "none":
            progress.warn(
                "no voice is installed, so captions carry the words: pip install 'storyreel[offline]' adds one"
            )
        return title_film.title_film(
            title,
            chapters=int(chapters),
            words=int(words),
            voice=chosen_voice,
            images=images,
            writer=writer,
            settings=settings,
            seed=seed_number,
            budget_usd=limit_usd,
            project_id=project,
            cache=cache,
            out=out,
            progress=progress,
        )

    _make_film(make, json_lines, again=lambda found, progress: _ask_again(found, cache, out, progress))


ASK_ABOVE_USD = 1


def _print_price(price: Estimate, json_lines: bool) -> None:
    typer.echo(price.model_dump_json() if json_lines else str(price))


def _ask_above_a_dollar(price: Callable[[], Estimate]) -> None:
    """Show what a film may cost and ask, where somebody is there to answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    plan = price()
    if plan.high_usd > ASK_ABOVE_USD or plan.unknown:
        typer.echo(str(plan), err=True)
        typer.confirm("Go on?", abort=True, err=True)


@app.command("flow")
def flow_command(
    prompt: Annotated[str, typer.Argument(help="What the shot is of, in quotes; not needed with --project.")] = "",
    seconds: Annotated[str, typer.Option(metavar="N", help="How long, 1 to 3600.")] = "30",
    style: Annotated[
        str, typer.Option(metavar="NAME", help="cinematic, cartoon, realistic, anime or 3d.")
    ] = "cinematic",
    add: Annotated[str | None, typer.Option(metavar="N", help="Add N segments of five seconds at the end.")] = None,
    regenerate: Annotated[
        str | None, typer.Option(metavar="K", help="Make segment K again, in another way or as --happens tells.")
    ] = None,
    segment: Annotated[str | None, typer.Option(metavar="K", help="Which segment the next five speak of.")] = None,
    happens: Annotated[str | None, typer.Option(metavar="TEXT", help="What happens in it.")] = None,
    segment_seed: Annotated[str | None, typer.Option(metavar="N", help="Its seed.")] = None,
    transition: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Before it: cut, dissolve, fade_black, fade_white, wipe, slide, push or zoom.",
        ),
    ] = None,
    transition_s: Annotated[str | None, typer.Option(metavar="N", help="How long that takes, 0.1 to 4.")] = None,
    label: Annotated[str | None, typer.Option(metavar="TEXT", help="A text over its beginning.")] = None,
    remake: Annotated[bool, typer.Option("--remake", help="Also make segments again that have become stale.")] = False,
    images: Annotated[str, typer.Option(metavar="NAME", help="Who draws the first picture.")] = "offline",
    predictor: Annotated[str, typer.Option(metavar="NAME", help="Who sees the pictures ahead.")] = "offline",
    animator: Annotated[str, typer.Option(metavar="NAME", help="Who makes the clips between them.")] = "offline",
    size: Annotated[str, typer.Option(metavar="SIZE", help="16:9, 9:16, 1:1 or WIDTHxHEIGHT.")] = "16:9",
    fps: Annotated[str, typer.Option(metavar="N", help="Frames a second, 1 to 120.")] = "30",
    quality: Annotated[str, typer.Option(metavar="NAME", help="draft, standard or high.")] = "standard",
    seed: Annotated[str, typer.Option(metavar="N", help="Another seed begins on another picture.")] = "0",
    project: Annotated[
        str | None, typer.Option(metavar="ID", help="The project's id; else made from the prompt.")
    ] = None,
    out: OutOption = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Make one unbroken shot of any length from a prompt, or change one: add to it, make a segment again."""
    from storyreel.inputs.brief import film_settings, whole_number
    from storyreel.recipes import continuous_flow
    from storyreel.recipes._finish import check_out
    from storyreel.recipes.resume import existing

    which = regenerate if regenerate is not None else segment
    asked = {"prompt": happens, "seed": segment_seed, "effect": transition, "effect_s": transition_s, "label": label}
    if which is None and any(value is not None for value in asked.values()):
        raise InputError("say which segment that is for: add --segment K, or --regenerate K to make it again")
    if regenerate is not None and segment not in (None, regenerate):
        raise InputError("--regenerate and --segment name two segments: give one of them")
    place = check_out(out)
    settings = film_settings(
        size=size, fps=fps, style="cinematic", language="en", captions="none", quality=quality
    )  # fmt: skip
    seed_number = whole_number("seed", seed, range(0, 1_000_000))

    def make(progress: Progress) -> Film:
        if prompt or project is None:
            film = continuous_flow.begin(
                prompt, seconds=seconds, style=style, images=images, predictor=predictor, animator=animator,
                settings=settings, seed=seed_number, project_id=project, cache=cache, progress=progress,
            )  # fmt: skip
        else:
            film = continuous_flow.from_record(existing(project, cache, progress))
        if add is not None:
            film = continuous_flow.add_segments(film, add)
        if which is not None:
            film = continuous_flow.change_segment(film, which, again=regenerate is not None, **asked)
        return continuous_flow.make(continuous_flow.remaking(film) if remake else film, place)

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
    budget: BudgetOption = None,
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
            budget_usd=budget,
            project_id=project,
            cache=cache,
            out=out,
            progress=progress,
        ),
        json_lines,
        again=lambda found, progress: _ask_again(found, cache, out, progress),
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


@app.command("script")
def script_command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-", help="Fountain, text, Markdown, .docx, .pdf or .srt; - reads it; none has one written."
        ),
    ] = "",
    genre: Annotated[str, typer.Option(metavar="NAME", help="comedy, drama, thriller and the like.")] = "",
    length: Annotated[
        str, typer.Option(metavar="S", help="Of a written film: about how many seconds, 20 to 600.")
    ] = "90",
    idea: Annotated[str, typer.Option(metavar="TEXT", help="What a written film is about.")] = "",
    title: Annotated[str, typer.Option(metavar="TEXT", help="Else the script's own.")] = "",
    narrate: Annotated[
        bool | None, typer.Option(help="A narrator tells the actions; of prose and written films by default.")
    ] = None,
    labels: Annotated[bool, typer.Option("--labels", help="Scenes begin with the name of their place.")] = False,
    cards: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Changed cards: a list of changes, or a rewritten shots.json or cast.json."),
    ] = None,
    voice: Annotated[str, typer.Option(metavar="NAME", help="offline casts a voice each; offline:NAME; none.")] = "",
    images: Annotated[str, typer.Option(metavar="NAME", help="Who draws the pictures.")] = "offline",
    writer: Annotated[str, typer.Option(metavar="NAME", help="Who writes, and reads prose.")] = "offline",
    effects: Annotated[str, typer.Option(metavar="NAME", help="Who makes sound effects, or none.")] = "",
    animator: Annotated[str, typer.Option(metavar="NAME", help="Who makes clips of pictures, or none.")] = "none",
    size: Annotated[str, typer.Option(metavar="SIZE", help="16:9, 9:16, 1:1 or WIDTHxHEIGHT.")] = "16:9",
    fps: Annotated[str, typer.Option(metavar="N", help="Frames a second, 1 to 120.")] = "30",
    style: Annotated[str, typer.Option(metavar="TEXT", help="The art style of every picture.")] = "cinematic",
    language: Annotated[str, typer.Option(metavar="CODE", help="What is written and spoken.")] = "en",
    captions: Annotated[
        str, typer.Option(metavar="NAME", help="documentary, cinema, short-form, karaoke, boxed, pop or none.")
    ] = "cinema",
    platform: Annotated[
        str, typer.Option(metavar="NAME", help="Keep captions of tall films clear of: tiktok, reels, shorts, youtube.")
    ] = "",
    quality: Annotated[str, typer.Option(metavar="NAME", help="draft, standard or high.")] = "standard",
    seed: Annotated[str, typer.Option(metavar="N", help="Another seed paints and writes anew.")] = "0",
    project: Annotated[
        str | None, typer.Option(metavar="ID", help="The project's id; else made from the title.")
    ] = None,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Make no film; say what would be made, and what it costs.")
    ] = False,
    out: OutOption = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Make a film from a script, shot by shot and with a cast; or write a short one and film it.

    A changed script, given again, is the next version: only what depends on the change is made again. So are changed
    cards: --cards takes a copy of the project's shots.json or cast.json that you rewrote, or a list of changes such as
    [{"kind": "change_shot", "shot": "2-04", "size": "close-up"}, {"kind": "change_line", "line": "2.3", "text": "No"}].
    With --estimate it says what that is before doing it.
    """
    from storyreel.inputs.brief import film_settings, whole_number
    from storyreel.recipes import script_film
    from storyreel.recipes._finish import check_out

    settings = film_settings(
        size=size, fps=fps, style=style, language=language, captions=captions, quality=quality, platform=platform
    )
    seed_number = whole_number("seed", seed, range(0, 1_000_000))
    chosen_voice, place = voice or default_voice(), check_out(out)

    def begin(progress: Progress) -> script_film.ScriptFilm:
        if not voice and chosen_voice == "none":
            progress.warn(
                "no voice is installed, so captions carry the words: pip install 'storyreel[offline]' adds one"
            )
        return script_film.begin(
            None if file in ("", "-") else file,
            text=sys.stdin.read() if file == "-" else None,
            title=title,
            genre=genre,
            length_s=whole_number("length", length, range(20, 601), "seconds"),
            idea=idea,
            narrate=narrate,
            labels=labels,
            voice=chosen_voice,
            images=images,
            writer=writer,
            effects=effects or script_film.DEFAULT_EFFECTS,
            animator=animator,
            settings=settings,
            seed=seed_number,
            project_id=project,
            cache=cache,
            progress=progress,
        )

    if estimate:
        _print_pending(begin(Progress()), cards, json_lines)
        return

    def make(progress: Progress) -> Film:
        film = begin(progress)
        if cards is not None:
            from storyreel.recipes.script_pending import change_cards_from

            change_cards_from(film, cards)
        return script_film.make(film, place)

    _make_film(make, json_lines, "{made} of {pieces} pieces made, {kept} kept")


def _print_pending(film: ScriptFilm, cards: Path | None, json_lines: bool) -> None:
    from storyreel.recipes.script_pending import estimate_cards_from, pending
    from storyreel.terminal import clock_text

    found = pending(film) if cards is None else estimate_cards_from(film, cards)
    if json_lines:
        typer.echo(found.model_dump_json())
        return
    for item in found.to_make:
        cost = "price unknown" if item.cost_usd is None else f"${item.cost_usd:.2f}"
        typer.echo(f"{item.kind:8} {item.name:14} {cost:>13}  {item.what}")
    plural = {"music": "pieces of music"}
    kept = (
        ", ".join(f"{count} {plural.get(kind, f'{kind}s')}" for kind, count in sorted(found.kept.items())) or "nothing"
    )
    total = "at a price nobody knows beforehand" if found.cost_usd is None else f"for ${found.cost_usd:.2f}"
    typer.echo(
        f"{len(found.to_make)} to make {total}; {kept} kept; {found.pieces_to_draw} of {found.pieces} pieces to draw, "
        f"about {clock_text(found.estimated_s)}"
    )


@app.command("resume")
def resume_command(
    project: ProjectArgument,
    ask_again: Annotated[
        bool,
        typer.Option("--ask-again", help="Send paid requests once more that may have been charged without an answer."),
    ] = False,
    budget: BudgetOption = None,
    estimate: PriceOption = False,
    out: OutOption = None,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Go on with a film from its last finished step."""
    from storyreel.recipes.resume import left_to_pay, resume

    if estimate:
        _print_price(left_to_pay(project, cache=cache), json_lines)
        return
    _make_film(
        lambda progress: resume(
            project, cache=cache, out=out, budget_usd=budget, ask_again=ask_again, progress=progress
        ),
        json_lines,
        again=lambda found, progress: _ask_again(found, cache, out, progress),
    )


def _ask_again(project: str, cache: Path | None, out: Path | None, progress: Progress) -> Film:
    from storyreel.recipes.resume import resume

    return resume(project, cache=cache, out=out, ask_again=True, progress=progress)


@app.command("costs")
def costs_command(project: ProjectArgument, cache: CacheOption = None, json_lines: JsonOption = False) -> None:
    """Say what a film cost, what that bought, and which paid calls are to be decided on."""
    from storyreel.recipes.costs import costs
    from storyreel.terminal import costs_text

    found = costs(project, cache=cache)
    if json_lines:
        typer.echo(found.model_dump_json())
        return
    typer.echo(costs_text(found))


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
def doctor_command(
    live: Annotated[
        bool, typer.Option("--live", help="Also ask each service with a key whether it has its models; costs nothing.")
    ] = False,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Check that everything a film needs is here and works."""
    from storyreel.doctor import examine

    findings = examine(cache, live=live)
    for finding in findings:
        if json_lines:
            typer.echo(finding.model_dump_json())
        else:
            mark = {"ok": "ok  ", "absent": "-   ", "wrong": "FAIL"}[finding.state]
            typer.echo(f"{mark}  {finding.what}: {finding.detail}")
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _make_film(
    make: Callable[[Progress], Film],
    json_lines: bool,
    pieces: str = "",
    again: Callable[[str, Progress], Film] | None = None,
) -> None:
    """Run a recipe with a display and an orderly way to stop it, and say where the film is.

    Args:
        pieces: how to say how many pieces the film took; empty to leave that out.
        again: goes on with the project of an id and lets paid calls be sent once more that may have been charged; the
            user is asked first, where there is one.
    """
    try:
        film = _made(make, json_lines)
    except AnswerUnknown as unknown:
        if not (again and unknown.project and sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        undecided = unknown.project
        _complain(str(unknown))
        if not typer.confirm("Send it once more now? It may then be charged twice.", err=True):
            raise
        film = _made(lambda progress: again(undecided, progress), json_lines)
    if not json_lines:
        from storyreel.terminal import clock_text

        if pieces:
            kept = film.pieces - film.pieces_made
            typer.echo(pieces.format(made=film.pieces_made, pieces=film.pieces, kept=kept))
        typer.echo(f"{film.timeline.title}, {clock_text(film.duration_s)}: {film.path}")


def _made(make: Callable[[Progress], Film], json_lines: bool) -> Film:
    progress = Progress()
    with _stoppable(progress), _display(progress, json_lines):
        return make(progress)


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
