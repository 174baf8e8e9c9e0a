"""`storyreel shorts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from storyreel.cli.films import checked_quality
from storyreel.cli.options import (
    BudgetOption,
    CacheOption,
    JsonOption,
    PriceOption,
    ProjectArgument,
    QualityOption,
    YesOption,
    app,
)
from storyreel.cli.running import agreed, display, stoppable
from storyreel.progress import Progress

if TYPE_CHECKING:
    from storyreel.providers.estimate import Estimate


@app.command("shorts")
def shorts_command(
    project: ProjectArgument,
    count: Annotated[str, typer.Option(metavar="N", help="How many at most, 1 to 20.")] = "3",
    platform: Annotated[
        str, typer.Option(metavar="NAME", help="Keep clear of the controls of tiktok, reels or shorts; else of all.")
    ] = "",
    writer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who judges the moments, or none; else the film's own writer.")
    ] = None,
    quality: QualityOption = None,
    budget: BudgetOption = None,
    estimate: PriceOption = False,
    yes: YesOption = False,
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Make shorts of a film's best moments: upright, captioned, 15 to 60 s, each a project that can be edited."""
    from storyreel.inputs.brief import whole_number
    from storyreel.recipes import shorts
    from storyreel.terminal import clock_text

    wanted, chosen = whole_number("count", count, range(1, shorts.MOST_SHORTS + 1)), checked_quality(quality)

    def price() -> Estimate:
        return shorts.estimate(project, writer=writer, cache=cache)

    if not agreed(price, estimate=estimate, yes=yes, json_lines=json_lines, budget=budget):
        return
    progress = Progress()
    with stoppable(progress), display(progress, json_lines):
        made = shorts.shorts(
            project,
            wanted,
            platform=platform,
            writer=writer,
            quality=chosen,
            budget_usd=budget,
            cache=cache,
            progress=progress,
        )
    if json_lines:
        return
    for short in made:
        moment = short.moment
        typer.echo(
            f"{short.film.timeline.title}, {clock_text(moment.start_s)} to {clock_text(moment.end_s)}"
            f"{': ' if moment.reasons else ''}{'; '.join(moment.reasons)}\n  {short.film.path}"
        )
