"""`storyreel script`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from storyreel.cli.options import (
    BudgetOption,
    CacheOption,
    DaskOption,
    JsonOption,
    NotifyOption,
    OutOption,
    PriceOption,
    PrompterOption,
    PronounceOption,
    TemplateOption,
    YesOption,
    app,
)
from storyreel.cli.running import agreed, default_voice, make_film, send_again, somebody_sits
from storyreel.cli.templates import from_template
from storyreel.progress import Progress

if TYPE_CHECKING:
    from storyreel.providers.estimate import Estimate
    from storyreel.recipes._finish import Film
    from storyreel.recipes.script_film import ScriptFilm
    from storyreel.settings import Settings

    class ScriptAsked(TypedDict):
        """What is asked for alike where a script film is begun and where its price is told."""

        text: str | None
        title: str
        genre: str
        length_s: int
        idea: str
        narrate: bool | None
        voice: str
        images: str
        writer: str
        prompter: str
        effects: str
        animator: str
        settings: Settings
        seed: int
        project_id: str | None
        cache: Path | None


@app.command("script")
def script_command(
    context: typer.Context,
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
    prompter: PrompterOption = "",
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
    pronounce: PronounceOption = None,
    project: Annotated[
        str | None, typer.Option(metavar="ID", help="The project's id; else made from the title.")
    ] = None,
    template: TemplateOption = "",
    budget: BudgetOption = None,
    estimate: PriceOption = False,
    yes: YesOption = False,
    out: OutOption = None,
    cache: CacheOption = None,
    notify: NotifyOption = None,
    dask: DaskOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Make a film from a script, shot by shot and with a cast; or write a short one and film it.

    A changed script, given again, is the next version: only what depends on the change is made again. So are changed
    cards: --cards takes a copy of the project's shots.json or cast.json that you rewrote, or a list of changes such as
    [{"kind": "change_shot", "shot": "2-04", "size": "close-up"}, {"kind": "change_line", "line": "2.3", "text": "No"}].
    Shots are added, moved and taken away in the same ways: {"kind": "add_shot", "after": "2-04", "subject": "A dog"},
    {"kind": "move_shot", "shot": "2-04", "before": "2-01"}, {"kind": "remove_shot", "shot": "2-04"}.
    With --cards, --estimate says what that is before doing it, thing by thing.
    """
    from storyreel.inputs.brief import film_settings, whole_number
    from storyreel.inputs.pronunciations import read_pronunciations
    from storyreel.inputs.templates import template as read_template
    from storyreel.memo.money import limit_after
    from storyreel.recipes import script_film, script_works
    from storyreel.recipes._finish import check_out

    arc = None
    if template:
        arc = read_template(template, cache)
        chosen = from_template(context, arc, {"style": style, "captions": captions, "genre": genre, "length": length})
        style, captions, genre, length = (chosen[name] for name in ("style", "captions", "genre", "length"))
    settings = film_settings(
        size=size,
        fps=fps,
        style=style,
        language=language,
        captions=captions,
        quality=quality,
        platform=platform,
        pronunciations=read_pronunciations(pronounce or ()),
    )
    seed_number = whole_number("seed", seed, range(0, 1_000_000))
    chosen_voice, place = voice or default_voice(), check_out(out)
    limit_after(budget, None)  # an amount that is none is told before anything is made
    given_text = sys.stdin.read() if file == "-" else None
    given: ScriptAsked = {
        "text": given_text,
        "title": title,
        "genre": genre,
        "length_s": whole_number("length", length, range(20, 601), "seconds"),
        "idea": idea,
        "narrate": narrate,
        "voice": chosen_voice,
        "images": images,
        "writer": writer,
        "prompter": prompter,
        "effects": effects or script_film.DEFAULT_EFFECTS,
        "animator": animator,
        "settings": settings,
        "seed": seed_number,
        "project_id": project,
        "cache": cache,
    }
    given_file = None if file in ("", "-") else file

    def begin(progress: Progress, goes_on: bool = True) -> script_film.ScriptFilm:
        if not voice and chosen_voice == "none":
            progress.warn(
                "no voice is installed, so captions carry the words: pip install 'storyreel[offline]' adds one"
            )
        return script_film.begin(
            given_file, labels=labels, budget_usd=budget, agreed=goes_on, progress=progress, template=arc, **given
        )

    def price() -> Estimate:
        if cards is None:
            return script_works.estimate(given_file, template=arc, **given)
        return script_works.estimate_cards(begin(Progress()), cards)

    if estimate and cards is not None:
        _print_pending(begin(Progress()), cards, json_lines)
        return
    if not agreed(price, estimate=estimate, yes=yes, json_lines=json_lines, budget=budget):
        return

    def make(progress: Progress) -> Film:
        film = begin(progress, yes or somebody_sits())
        if cards is not None:
            from storyreel.recipes.script_pending import change_cards_from

            change_cards_from(film, cards)
        return script_film.make(film, place, agreed=yes or somebody_sits())

    make_film(
        make,
        json_lines,
        "{made} of {pieces} pieces made, {kept} kept",
        again=lambda found, progress: send_again(found, cache, out, progress),
        notify=notify,
        dask=dask,
    )


def _print_pending(film: ScriptFilm, cards: Path, json_lines: bool) -> None:
    from storyreel.recipes.script_pending import estimate_cards_from
    from storyreel.terminal import clock_text

    found = estimate_cards_from(film, cards)
    if json_lines:
        typer.echo(found.model_dump_json())
        return
    for item in found.to_make:
        cost = "price unknown" if item.cost_usd is None else f"${item.cost_usd:.2f}"
        typer.echo(f"{item.kind:8} {item.name:14} {cost:>13}  {item.what}")
    plural = {"music": "pieces of music", "likeness": "likenesses"}
    kept = (
        ", ".join(f"{count} {plural.get(kind, f'{kind}s')}" for kind, count in sorted(found.kept.items())) or "nothing"
    )
    total = "at a price nobody knows beforehand" if found.cost_usd is None else f"for ${found.cost_usd:.2f}"
    typer.echo(
        f"{len(found.to_make)} to make {total}; {kept} kept; {found.pieces_to_draw} of {found.pieces} pieces to draw, "
        f"about {clock_text(found.estimated_s)}"
    )
