"""Going on with a film by its id alone: resuming, rendering and editing it. The project's record says what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.errors import InputError, ProjectNotFound
from storyreel.memo.ledger import ledger_of
from storyreel.memo.money import limit_after
from storyreel.memo.store import store_of
from storyreel.progress import Progress
from storyreel.project import RECORD_NAME, Project, check_project_id
from storyreel.providers import registry
from storyreel.providers.estimate import Estimate, Work
from storyreel.providers.estimate import estimate as estimate_works
from storyreel.recipes import (
    audio_film,
    audio_works,
    continuous_flow,
    flow_works,
    script_film,
    script_works,
    title_film,
    title_works,
)
from storyreel.recipes import shorts as shorts_of_films
from storyreel.recipes._agreeing import agreed_to
from storyreel.recipes._finish import (
    Film,
    check_out,
    current,
    finish_edited,
    finish_preview,
    keep_timeline,
)
from storyreel.recipes._run import answered_by_step, run, silent
from storyreel.recipes.edits import RECUTS, Edited, add_edits, read_edits, read_recut
from storyreel.render.encode import Encoder, choose_encoder
from storyreel.render.plan import RenderPlan, render_plan
from storyreel.render.preview import preview_of
from storyreel.settings import Quality, cache_root
from storyreel.timeline.edit import Edit, apply
from storyreel.timeline.model import Timeline

if TYPE_CHECKING:
    from pandas import DataFrame

WORKS: Mapping[str, Callable[[Project], Sequence[Work]]] = {
    audio_film.RECIPE: lambda project: audio_works.left(audio_film.from_record(project)),
    continuous_flow.RECIPE: lambda project: flow_works.left(continuous_flow.from_record(project)),
    script_film.RECIPE: lambda project: script_works.left(script_film.from_record(project)),
    title_film.RECIPE: lambda project: title_works.left(title_film.from_record(project)),
    shorts_of_films.RECIPE: lambda project: (),
}
# Whoever goes on with a film was asked whether to, where there was something to ask.
MAKERS: Mapping[str, Callable[[Project, Path | None], Film]] = {
    script_film.RECIPE: lambda project, out: script_film.make(script_film.from_record(project), out, agreed=True),
    continuous_flow.RECIPE: lambda project, out: continuous_flow.make(
        continuous_flow.from_record(project), out, agreed=True
    ),
    title_film.RECIPE: lambda project, out: title_film.make(title_film.from_record(project), out, agreed=True),
    audio_film.RECIPE: lambda project, out: audio_film.make(audio_film.from_record(project), out, agreed=True),
    shorts_of_films.RECIPE: lambda project, out: shorts_of_films.make(shorts_of_films.from_record(project), out),
}
RENDER_SHARES = {"render": 1.0}


def resume(
    project_id: str,
    *,
    cache: Path | str | None = None,
    out: Path | str | None = None,
    budget_usd: Decimal | float | str | None = None,
    agreed: bool = False,
    ask_again: bool = False,
    progress: Progress | None = None,
) -> Film:
    """Go on with a film from its last finished step.

    Args:
        budget_usd: a new limit for its paid calls over all its runs; "none" lifts it, None keeps the one it has.
        agreed: what is left may cost more than a dollar. A limit agrees to that much, too.
        ask_again: send paid requests once more whose answer never came, although they may have been charged.

    Raises:
        NotAgreed: what is left may cost more than a dollar, and nobody agreed to that.
        InputError: the id is no slug, no film was begun under it, or `ask_again` while another run is at work.
    """
    project, place = existing(project_id, cache, progress), check_out(out)
    record = set_budget(project, budget_usd).record()
    if record.recipe not in MAKERS:
        raise InputError(f"{project_id!r} was made by a way in that this version does not know ({record.recipe!r})")
    agreed_to(project, registry.crew(record.crew), WORKS[record.recipe], agreed)
    if ask_again:
        _ask_again(project)
    return MAKERS[record.recipe](project, place)


def set_budget(project: Project, budget_usd: Decimal | float | str | None) -> Project:
    """Give a project another limit for its paid calls over all its runs; "none" lifts it, None leaves it as it is."""
    record = project.record()
    project.save_record(record.model_copy(update={"budget_usd": limit_after(budget_usd, record.budget_usd)}))
    return project


def _ask_again(project: Project) -> None:
    ledger = ledger_of(project)
    with project.locked(wait=False) as mine:
        if not mine:
            raise InputError(
                f"another run is making {project.id!r}: what it asks for is not undecided yet, so wait for it"
            )
        for entry in ledger.undecided():
            ledger.forgive(entry.id)


def left_to_pay(project_id: str, *, cache: Path | str | None = None) -> Estimate:
    """What going on with a film will cost, as far as that can be told; nothing is made.

    Raises:
        InputError: the id is no slug, no film was begun under it, or its way in has no estimate.
    """
    project = existing(project_id, cache)
    record = project.record()
    if record.recipe not in WORKS:
        raise InputError(f"{project_id!r} was made by a way in that has no estimate ({record.recipe!r})")
    return estimate_works(WORKS[record.recipe](silent(project)), *answered_by_step(project))


def render_film(
    project_id: str,
    *,
    preview: bool = False,
    quality: Quality | None = None,
    encoder: str = "x264",
    cache: Path | str | None = None,
    out: Path | str | None = None,
    progress: Progress | None = None,
) -> Film:
    """Render the timeline that a project has come to, and nothing before it.

    Args:
        preview: make a small draft, preview.mp4, in which missing pictures are placeholders.
        quality: the encoder preset; by default the film's own.
        encoder: "x264", or one in hardware, or "auto" for one in hardware if there is one.

    Raises:
        InputError: the project has no timeline yet, or the encoder does not work here.
    """
    project, place = existing(project_id, cache, progress), check_out(out)
    film, chosen = current(project), choose_encoder(encoder)
    with run(project, "render", RENDER_SHARES):
        return _rendered(project, film, place, preview, quality, chosen)


def edit(
    project_id: str,
    edits: Sequence[Edit] | Path | DataFrame,
    *,
    preview: bool = False,
    quality: Quality | None = None,
    encoder: str = "x264",
    cache: Path | str | None = None,
    out: Path | str | None = None,
    progress: Progress | None = None,
) -> Film:
    """Edit a film, keep the edits with it, and render what they touch. See `render_film` for the other arguments.

    Args:
        edits: values, a JSON file of them (see `storyreel.timeline.edit`), the film's timeline as it was re-cut in
            another program (.otio or .edl; see `storyreel.publish.interchange.recut`), or a changed table of the
            film's clips, captions or sounds (see `storyreel.tables`). Later runs of the film make them again.

    Raises:
        InputError: the project has no timeline yet, or an edit does not fit it; nothing is changed then.
    """
    project, place = existing(project_id, cache, progress), check_out(out)
    chosen = choose_encoder(encoder)
    with run(project, "edit", RENDER_SHARES):
        before = current(project).timeline
        film = add_edits(project, before, _wanted(edits, before, project))
        keep_timeline(project, film.timeline)
        return _rendered(project, film, place, preview, quality, chosen)


def _wanted(edits: Sequence[Edit] | Path | DataFrame, current: Timeline, project: Project) -> tuple[Edit, ...]:
    if isinstance(edits, Path):
        return read_recut(edits, current, project) if edits.suffix in RECUTS else read_edits(edits, project)
    if isinstance(edits, Sequence):
        return tuple(edits)
    from storyreel.recipes import tables

    return tables.edits(current, edits)


def estimate(
    project_id: str,
    edits: Path | None = None,
    *,
    preview: bool = False,
    quality: Quality | None = None,
    encoder: str = "x264",
    cache: Path | str | None = None,
) -> RenderPlan:
    """What `render_film`, or with edits `edit`, would take; nothing is made and no edit is kept.

    Raises:
        InputError: as `render_film` and `edit`.
    """
    project = existing(project_id, cache)
    timeline, chosen = current(project).timeline, choose_encoder(encoder)
    if edits is not None:
        timeline = apply(timeline, _wanted(edits, timeline, project))
    if preview:
        return render_plan(project, preview_of(timeline, store_of(project)), quality="draft")
    return render_plan(project, timeline, quality=quality or project.record().settings.quality, encoder=chosen)


def _rendered(
    project: Project, film: Edited, out: Path | None, preview: bool, quality: Quality | None, encoder: Encoder
) -> Film:
    if preview:
        return finish_preview(project, film.timeline, out)
    return finish_edited(project, film, out, quality=quality or project.record().settings.quality, encoder=encoder)


def existing(project_id: str, cache: Path | str | None = None, progress: Progress | None = None) -> Project:
    """Open a project that exists; asking for one that does not leaves nothing behind.

    Raises:
        InputError: the id is no slug.
        ProjectNotFound: no film was begun under it.
    """
    folder = cache_root(cache) / "projects" / check_project_id(project_id)
    if not (folder / RECORD_NAME).is_file():
        raise ProjectNotFound(
            f"no film has been begun under {project_id!r} in {cache_root(cache)}: see  storyreel projects"
        )
    return Project(project_id, cache, progress)
