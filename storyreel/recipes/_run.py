"""What every recipe's run has in common: its project, its lock, and watching another process's run."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from storyreel.cluster import on_cluster
from storyreel.errors import CorruptFile
from storyreel.memo.ledger import ledger_of
from storyreel.memo.money import limit_after
from storyreel.progress import Event, EventTail, Progress
from storyreel.project import EVENTS_NAME, RECORD_NAME, Project, Record, check_project_id, slug
from storyreel.providers import registry
from storyreel.providers.contracts import Crew, TeachableVoice, Voice
from storyreel.recipes._notices import EndOfRun
from storyreel.settings import Settings, cache_root

LOOK_AGAIN_S = 0.2


def open_project(
    record: Record,
    name: str,
    *,
    project_id: str | None,
    cache: Path | str | None,
    progress: Progress | None,
    crew: Crew | None = None,
    budget_usd: Decimal | float | str | None = None,
) -> Project:
    """Open the project that a recipe works in and keep what it was asked for.

    With a crew, a film that is new is only begun when nobody of it lacks a key; one that was begun before may be able
    to do without.

    Without an id the name's slug is taken, unless another film has it already: then a few characters of the name's
    digest are added, so that no film replaces another.

    Args:
        budget_usd: what its paid calls may cost over all its runs; "none" for no limit, None for the limit that it has.
    """
    before = begun_before(record, name, project_id=project_id, cache=cache)
    limit_usd = limit_after(budget_usd, before.limit_usd if before else None)
    record = record.model_copy(update={"budget_usd": limit_usd})
    project = Project(project_id or free_id(record, name, cache), cache, progress)
    if crew is not None and not (project.folder / RECORD_NAME).is_file():
        registry.check_keys(crew)
    if crew is not None and crew.voice is not None and record.settings.pronunciations:
        _check_pronunciations(project, crew.voice, record.settings)
    project.save_record(record)
    return project


def _check_pronunciations(project: Project, voice: Voice, settings: Settings) -> None:
    """See that the voice can read them before anything is made, and say so where it takes none."""
    if isinstance(voice, TeachableVoice):
        voice.taught(settings.pronunciations, settings.language)
    else:
        listed = ", ".join(settings.pronunciations)
        project.progress.warn(f"{voice.identity} takes no pronunciations, so it says {listed[:200]} as it reads them")


def free_id(record: Record, name: str, cache: Path | str | None) -> str:
    """The id that a film gets by its name; see `open_project`. Leaves nothing behind."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    short = slug(name)
    if not short:
        return f"film-{digest[:8]}"
    if not (cache_root(cache) / "projects" / short / RECORD_NAME).is_file():
        return short
    try:
        taken = Project(short, cache).record()
    except CorruptFile:
        return f"{short}-{digest[:6]}"
    same = taken.recipe == record.recipe and taken.inputs.get("title") == record.inputs.get("title")
    return short if same else f"{short}-{digest[:6]}"


def choose_crew(
    record: Record, choice: Mapping[str, object], name: str, *, project_id: str | None, cache: Path | str | None
) -> tuple[Crew, Record]:
    """A film's crew, and its record with their names; what is left open stays as the film was begun with.

    Args:
        record: what is asked for, with no crew yet.
        choice: role -> name, or an object that does the work; see `storyreel.providers.registry`.
        name: the film's; its id is made from it where none is given.
    """
    project = begun_before(record, name, project_id=project_id, cache=cache)
    members = registry.settled(choice, project.record().crew if project else None)
    return registry.crew(members), record.model_copy(update={"crew": registry.recorded(members)})


def begun_before(record: Record, name: str, *, project_id: str | None, cache: Path | str | None) -> Project | None:
    """The project in which such a film was begun, to look at: it keeps no events.

    None if there is none, or none whose record can be read.
    """
    chosen = check_project_id(project_id) if project_id else free_id(record, name, cache)
    if not (cache_root(cache) / "projects" / chosen / RECORD_NAME).is_file():
        return None
    project = silent(Project(chosen, cache))
    try:
        return project if project.record().recipe == record.recipe else None
    except CorruptFile:
        return None


def silent(project: Project) -> Project:
    """The same project, to look at: it keeps no events."""
    same = Project(project.id, project.cache)
    same.progress.keep_in(None)
    return same


def answered_by_step(project: Project) -> tuple[Mapping[str, int], Decimal]:
    """How many paid calls of each step have been answered, and what they cost."""
    ledger = ledger_of(project)
    done = Counter(entry.step for entry in ledger.entries() if entry.state == "answered")
    return done, ledger.spent_usd()


@contextmanager
def run(project: Project, recipe: str, shares: Mapping[str, float]) -> Iterator[None]:
    """Hold the project's lock and mark a run's start and end in its events.

    While another process works on the project, its events are shown to this one's listeners, and the run begins when
    it is done: nothing is made or paid for twice.

    Args:
        shares: step name -> about which part of the whole run's time it takes; the time left is told from it.
    """
    with _locked_or_watching(project), on_cluster(project.executor):
        told = EndOfRun(project, recipe)
        project.progress.emit(Event(at_s=time.time(), kind="run", step=recipe, shares=dict(shares)))
        try:
            yield
        except BaseException as error:
            reason = str(error) or type(error).__name__
            project.progress.emit(Event(at_s=time.time(), kind="stopped", step=recipe, message=reason))
            told.failed(error)
            raise
        told.ready()
        project.progress.emit(Event(at_s=time.time(), kind="finished", step=recipe))


@contextmanager
def _locked_or_watching(project: Project) -> Iterator[None]:
    tail: EventTail | None = None
    while True:
        with project.locked(wait=False) as mine:
            if mine:
                yield
                return
        if tail is None:
            tail = EventTail(project.folder / EVENTS_NAME)
            note = "another run is making this film already: following it"
            project.progress.show(Event(at_s=time.time(), kind="warned", step="", message=note))
        for event in tail.new_events():
            project.progress.show(event)
        project.progress.raise_if_cancelled()
        time.sleep(LOOK_AGAIN_S)
