"""The films in a cache, as a list."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from datetime import datetime
from os import SEEK_END
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from storyreel.clock import Rate
from storyreel.errors import StoryreelError
from storyreel.project import LOCK_NAME, RECORD_NAME, Project, list_projects
from storyreel.recipes._finish import FILM_NAME, TIMELINE_NAME
from storyreel.settings import cache_root


class ShelvedFilm(BaseModel, frozen=True, extra="forbid"):
    """One film of the cache.

    Attributes:
        state: "finished", "running" (a process works on it now), "begun" or "damaged".
        duration_s: 0 before there is a timeline.
    """

    project_id: str
    title: str
    recipe: str
    state: Literal["finished", "running", "begun", "damaged"]
    duration_s: float
    changed_at: datetime
    folder: Path


class _Length(BaseModel, frozen=True, extra="ignore"):
    """What a list tells of a timeline; reading no more of it makes a list of many films quick."""

    rate: Rate
    length_frames: int


class _Known(NamedTuple):
    """What was read of a film's files, which holds while they stay what they are."""

    title: str
    recipe: str
    state: Literal["finished", "begun", "damaged"]
    duration_s: float


_Stamp = tuple[tuple[int, int, int] | None, ...]
_HEAD_BYTES = 4096
_MOST_KNOWN = 20_000
_known: OrderedDict[Path, tuple[_Stamp, _Known]] = OrderedDict()


def list_films(cache: Path | str | None = None, *, most: int | None = None) -> list[ShelvedFilm]:
    """The films in the cache, the one changed last first.

    Args:
        most: how many of them; only those are opened.
    """
    folder = cache_root(cache) / "projects"
    stamps = {project_id: _stamp(folder / project_id) for project_id in list_projects(cache)}
    newest = sorted(stamps, key=lambda project_id: _changed_ns(stamps[project_id]), reverse=True)[:most]
    return [_look(folder / project_id, stamps[project_id], cache) for project_id in newest]


def _stamp(folder: Path) -> _Stamp:
    found: list[tuple[int, int, int] | None] = []
    for name in (FILM_NAME, RECORD_NAME, TIMELINE_NAME):
        try:
            stat = (folder / name).stat()
        except OSError:
            found.append(None)
        else:
            found.append((stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return tuple(found)


def _changed_ns(stamp: _Stamp) -> int:
    return max((file[0] for file in stamp if file), default=0)


def _look(folder: Path, stamp: _Stamp, cache: Path | str | None) -> ShelvedFilm:
    seen, known = _known.get(folder, (None, None))
    if known is None or seen != stamp:
        known = _read(Project(folder.name, cache), stamp)
        _known[folder] = stamp, known
        while len(_known) > _MOST_KNOWN:
            _known.popitem(last=False)
    # Only who has worked on a film can be working on it now.
    running = (folder / LOCK_NAME).exists() and Project(folder.name, cache).holder is not None
    return ShelvedFilm(
        project_id=folder.name,
        title=known.title,
        recipe=known.recipe,
        state="running" if running else known.state,
        duration_s=known.duration_s,
        changed_at=datetime.fromtimestamp(_changed_ns(stamp) / 1e9).astimezone(),
        folder=folder,
    )


def _read(project: Project, stamp: _Stamp) -> _Known:
    title, recipe, duration_s = project.id, "?", 0.0
    film, _, timeline = stamp
    try:
        record = project.record()
        title, recipe = str(record.inputs.get("title", project.id)), record.recipe
        if timeline:
            length = _length_of(project.path(TIMELINE_NAME))
            duration_s = length.rate.seconds(length.length_frames)
    except (StoryreelError, ValidationError, ValueError, OSError):
        return _Known(title, recipe, "damaged", duration_s)
    return _Known(title, recipe, "finished" if film else "begun", duration_s)


def _length_of(timeline: Path) -> _Length:
    """A timeline says its length at its beginning, before its thousands of words."""
    with timeline.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        file.seek(-min(2, file.seek(0, SEEK_END)), SEEK_END)
        whole = file.read().rstrip().endswith(b"}")
    if whole:
        with suppress(ValueError):
            return _Length.model_validate(from_json(head, allow_partial=True))
    return _Length.model_validate_json(timeline.read_bytes())
