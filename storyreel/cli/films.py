"""Commands on a film that was begun: go on with it, render it, edit it, look at its captions and its costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from storyreel.cli.options import (
    BudgetOption,
    CacheOption,
    DaskOption,
    EncoderOption,
    EstimateOption,
    JsonOption,
    NotifyOption,
    OutOption,
    PreviewOption,
    PriceOption,
    ProjectArgument,
    QualityOption,
    YesOption,
    app,
)
from storyreel.cli.running import agreed, display, make_film, send_again, somebody_sits, stoppable
from storyreel.progress import Progress

if TYPE_CHECKING:
    from storyreel.settings import Quality


@app.command("resume")
def resume_command(
    project: ProjectArgument,
    ask_again: Annotated[
        bool,
        typer.Option(
            "--ask-again", help="Send paid requests once more that may have been charged but brought nothing."
        ),
    ] = False,
    budget: BudgetOption = None,
    estimate: PriceOption = False,
    yes: YesOption = False,
    out: OutOption = None,
    cache: CacheOption = None,
    notify: NotifyOption = None,
    dask: DaskOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Go on with a film from its last finished step."""
    from storyreel.recipes.resume import left_to_pay, resume

    if not agreed(
        lambda: left_to_pay(project, cache=cache), estimate=estimate, yes=yes, json_lines=json_lines, budget=budget
    ):
        return
    make_film(
        lambda progress: resume(
            project,
            cache=cache,
            out=out,
            budget_usd=budget,
            agreed=yes or somebody_sits(),
            ask_again=ask_again,
            progress=progress,
        ),
        json_lines,
        again=lambda found, progress: send_again(found, cache, out, progress),
        notify=notify,
        dask=dask,
    )


@app.command("costs")
def costs_command(
    project: Annotated[str, typer.Argument(metavar="ID", help="The project's id; without one, all films.")] = "",
    cache: CacheOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Say what a film cost, what that bought, and which paid calls are to be decided on; or what all films cost."""
    from storyreel.recipes.costs import all_costs, costs
    from storyreel.terminal import all_costs_text, costs_text

    if not project:
        every = all_costs(cache=cache)
        typer.echo(every.model_dump_json() if json_lines else all_costs_text(every))
        return
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
    notify: NotifyOption = None,
    dask: DaskOption = None,
    json_lines: JsonOption = False,
) -> None:
    """Render a project's timeline as it is. Pieces that were drawn before are taken over, the others drawn."""
    from storyreel.recipes.resume import render_film

    chosen = checked_quality(quality)
    if estimate:
        _print_estimate(project, None, preview, chosen, encoder, cache, json_lines)
        return
    make_film(
        lambda progress: render_film(
            project, preview=preview, quality=chosen, encoder=encoder, cache=cache, out=out, progress=progress
        ),
        json_lines,
        "{made} of {pieces} pieces made, {kept} kept",
        notify=notify,
        dask=dask,
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
    notify: NotifyOption = None,
    dask: DaskOption = None,
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
    make_film(
        lambda progress: edit(
            project, edits, preview=preview, quality=chosen, encoder=encoder, cache=cache, out=out, progress=progress
        ),
        json_lines,
        "{made} of {pieces} pieces made again",
        notify=notify,
        dask=dask,
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
    with stoppable(progress), display(progress, json_lines):
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
