"""`storyreel flow`."""

from __future__ import annotations

from dataclasses import replace
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
from storyreel.errors import InputError
from storyreel.progress import Progress

if TYPE_CHECKING:
    from storyreel.inputs.flow import FlowBrief
    from storyreel.providers.estimate import Estimate
    from storyreel.recipes._finish import Film


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
    prompter: PrompterOption = "",
    size: Annotated[str, typer.Option(metavar="SIZE", help="16:9, 9:16, 1:1 or WIDTHxHEIGHT.")] = "16:9",
    fps: Annotated[str, typer.Option(metavar="N", help="Frames a second, 1 to 120.")] = "30",
    quality: Annotated[str, typer.Option(metavar="NAME", help="draft, standard or high.")] = "standard",
    seed: Annotated[str, typer.Option(metavar="N", help="Another seed begins on another picture.")] = "0",
    project: Annotated[
        str | None, typer.Option(metavar="ID", help="The project's id; else made from the prompt.")
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
    """Make one unbroken shot of any length from a prompt, or change one: add to it, make a segment again."""
    from storyreel.inputs.brief import film_settings, whole_number
    from storyreel.memo.money import limit_after
    from storyreel.recipes import continuous_flow, flow_works
    from storyreel.recipes._finish import check_out
    from storyreel.recipes.resume import existing, set_budget

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

    limit_after(budget, None)  # an amount that is none is told before anything is made

    def price() -> Estimate:
        if prompt or project is None:
            return flow_works.estimate(
                prompt, seconds=seconds, style=style, images=images, predictor=predictor, animator=animator,
                prompter=prompter, settings=settings, seed=seed_number, project_id=project, cache=cache,
                change=changed, remake_stale=remake,
            )  # fmt: skip
        film = continuous_flow.from_record(existing(project, cache))
        return flow_works.left_to_pay(replace(film, brief=changed(film.brief), remake_stale=remake))

    def changed(brief: FlowBrief) -> FlowBrief:
        if add is not None:
            brief = continuous_flow.with_more(brief, add)
        if which is not None:
            brief = continuous_flow.with_change(brief, which, again=regenerate is not None, **asked)
        return brief

    if not agreed(price, estimate=estimate, yes=yes, json_lines=json_lines, budget=budget):
        return

    def make(progress: Progress) -> Film:
        if prompt or project is None:
            film = continuous_flow.begin(
                prompt, seconds=seconds, style=style, images=images, predictor=predictor, animator=animator,
                prompter=prompter, settings=settings, seed=seed_number, budget_usd=budget,
                agreed=yes or somebody_sits(), project_id=project, cache=cache, progress=progress,
            )  # fmt: skip
        else:
            film = continuous_flow.from_record(set_budget(existing(project, cache, progress), budget))
        film = replace(film, brief=changed(film.brief), remake_stale=remake)
        film = continuous_flow.agree(film, yes or somebody_sits())
        return continuous_flow.make(continuous_flow.replanned(film, film.brief), place)

    make_film(
        make,
        json_lines,
        again=lambda found, progress: send_again(found, cache, out, progress),
        notify=notify,
        dask=dask,
    )
