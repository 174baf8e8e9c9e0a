"""`storyreel title`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
from storyreel.inputs.brief import DEFAULT_CHAPTERS, DEFAULT_WORDS
from storyreel.progress import Progress

if TYPE_CHECKING:
    from storyreel.providers.estimate import Estimate
    from storyreel.recipes._finish import Film


@app.command("title")
def title_command(
    context: typer.Context,
    title: Annotated[str, typer.Argument(help="The film's title, in quotes.", show_default=False)],
    chapters: Annotated[str, typer.Option(metavar="N", help="How many chapters, 1 to 60.")] = str(DEFAULT_CHAPTERS),
    words: Annotated[str, typer.Option(metavar="N", help="About how many words a chapter has, 30 to 2000.")] = str(
        DEFAULT_WORDS
    ),
    voice: Annotated[str, typer.Option(metavar="NAME", help="offline, offline:NAME, or none.")] = "",
    images: Annotated[str, typer.Option(metavar="NAME", help="Who draws the pictures.")] = "offline",
    writer: Annotated[
        str, typer.Option(metavar="NAME", help="Who writes the story; auto for whose key is set.")
    ] = "offline",
    prompter: PrompterOption = "",
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
    """Make a narrated film from a title."""
    from storyreel.inputs.brief import film_settings, title_brief, whole_number
    from storyreel.inputs.pronunciations import read_pronunciations
    from storyreel.inputs.templates import template as read_template
    from storyreel.memo.money import limit_after
    from storyreel.recipes import title_film, title_works

    arc = None
    if template:
        arc = read_template(template, cache)
        chosen = from_template(
            context, arc, {"chapters": chapters, "words": words, "style": style, "captions": captions}
        )
        chapters, words, style, captions = (chosen[name] for name in ("chapters", "words", "style", "captions"))
    title_brief(title, chapters, words)
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
    chosen_voice = voice or default_voice()
    limit_after(budget, None)  # an amount that is none is told before anything is made

    def price() -> Estimate:
        return title_works.estimate(
            title,
            chapters=int(chapters),
            words=int(words),
            voice=chosen_voice,
            images=images,
            writer=writer,
            prompter=prompter,
            settings=settings,
            seed=seed_number,
            project_id=project,
            cache=cache,
            template=arc,
        )

    if not agreed(price, estimate=estimate, yes=yes, json_lines=json_lines, budget=budget):
        return

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
            prompter=prompter,
            settings=settings,
            seed=seed_number,
            budget_usd=budget,
            agreed=yes or somebody_sits(),
            project_id=project,
            cache=cache,
            out=out,
            progress=progress,
            template=arc,
        )

    make_film(
        make,
        json_lines,
        again=lambda found, progress: send_again(found, cache, out, progress),
        notify=notify,
        dask=dask,
    )
