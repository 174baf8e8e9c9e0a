"""`storyreel audio`."""

from __future__ import annotations

from pathlib import Path
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
    YesOption,
    app,
)
from storyreel.cli.running import agreed, make_film, send_again, somebody_sits

if TYPE_CHECKING:
    from storyreel.providers.estimate import Estimate


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
    prompter: PrompterOption = "",
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
    estimate: PriceOption = False,
    yes: YesOption = False,
    out: OutOption = None,
    cache: CacheOption = None,
    notify: NotifyOption = None,
    dask: DaskOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Make an illustrated film of a recording: its sound stays as it is, its words become captions."""
    from storyreel.inputs.brief import whole_number
    from storyreel.inputs.recording import audio_brief, format_settings
    from storyreel.media.probe import probe
    from storyreel.memo.money import limit_after
    from storyreel.recipes import audio_works
    from storyreel.recipes.audio_film import audio_film

    audio_brief(recording, title=title, format=format, cut_fillers=cut_fillers, language=language)
    settings = format_settings(
        format, size=size, fps=fps, style=style, captions=captions, quality=quality, language=language
    )
    seed_number = whole_number("seed", seed, range(0, 1_000_000))
    limit_after(budget, None)  # an amount that is none is told before anything is made
    probe(recording)

    def price() -> Estimate:
        return audio_works.estimate(
            recording,
            format=format,
            cut_fillers=cut_fillers,
            title=title,
            language=language,
            listener=listener,
            images=images,
            writer=writer,
            prompter=prompter,
            settings=settings,
            seed=seed_number,
            project_id=project,
            cache=cache,
        )

    if not agreed(price, estimate=estimate, yes=yes, json_lines=json_lines, budget=budget):
        return
    make_film(
        lambda progress: audio_film(
            recording,
            format=format,
            cut_fillers=cut_fillers,
            title=title,
            language=language,
            listener=listener,
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
        ),
        json_lines,
        again=lambda found, progress: send_again(found, cache, out, progress),
        notify=notify,
        dask=dask,
    )
