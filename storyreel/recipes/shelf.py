"""The films in a cache, as a list."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from storyreel.clock import Rate
from storyreel.errors import StoryreelError
from storyreel.project import RECORD_NAME, Project, list_projects
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


def list_films(cache: Path | str | None = None, *, most: int | None = None) -> list[ShelvedFilm]:
    """The films in the cache, the one changed last first.

    Args:
        most: how many of them; only those are opened.
    """
    changed_s = {
        project_id: _changed_s(cache_root(cache) / "projects" / project_id) for project_id in list_projects(cache)
    }
    newest = sorted(changed_s, key=lambda project_id: changed_s[project_id], reverse=True)[:most]
    return [_look(Project(project_id, cache), changed_s[project_id]) for project_id in newest]


def _changed_s(folder: Path) -> float:
    newest_s = 0.0
    for name in (FILM_NAME, RECORD_NAME, TIMELINE_NAME):
        with suppress(OSError):
            newest_s = max(newest_s, (folder / name).stat().st_mtime)
    return newest_s


def _look(project: Project, changed_s: float) -> ShelvedFilm:
    title, recipe, duration_s = project.id, "?", 0.0
    state: Literal["finished", "running", "begun", "damaged"] = "begun"
    try:
        record = project.record()
        title, recipe = str(record.inputs.get("title", project.id)), record.recipe
        timeline = project.path(TIMELINE_NAME)
        if timeline.exists():
            length = _Length.model_validate_json(timeline.read_bytes())
            duration_s = length.rate.seconds(length.length_frames)
        if project.path(FILM_NAME).exists():
            state = "finished"
    except (StoryreelError, ValidationError, OSError):
        state = "damaged"
    if project.holder is not None:
        state = "running"
    return ShelvedFilm(
        project_id=project.id,
        title=title,
        recipe=recipe,
        state=state,
        duration_s=duration_s,
        changed_at=datetime.fromtimestamp(changed_s).astimezone(),
        folder=project.folder,
    )
