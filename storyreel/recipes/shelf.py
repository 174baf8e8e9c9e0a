"""The films in a cache, as a list."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from storyreel.errors import StoryreelError
from storyreel.project import RECORD_NAME, Project, list_projects
from storyreel.recipes._finish import FILM_NAME, TIMELINE_NAME, read_timeline


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


def list_films(cache: Path | str | None = None) -> list[ShelvedFilm]:
    """Every film in the cache, the one changed last first."""
    films = [_look(Project(project_id, cache)) for project_id in list_projects(cache)]
    return sorted(films, key=lambda film: film.changed_at, reverse=True)


def _look(project: Project) -> ShelvedFilm:
    title, recipe, duration_s = project.id, "?", 0.0
    state: Literal["finished", "running", "begun", "damaged"] = "begun"
    try:
        record = project.record()
        title, recipe = str(record.inputs.get("title", project.id)), record.recipe
        if project.path(TIMELINE_NAME).exists():
            timeline = read_timeline(project)
            duration_s = timeline.rate.seconds(timeline.length_frames)
        if project.path(FILM_NAME).exists():
            state = "finished"
    except StoryreelError:
        state = "damaged"
    if project.holder is not None:
        state = "running"
    newest = max(
        (
            path.stat().st_mtime
            for name in (FILM_NAME, RECORD_NAME, TIMELINE_NAME)
            if (path := project.path(name)).exists()
        ),
        default=0.0,
    )
    return ShelvedFilm(
        project_id=project.id,
        title=title,
        recipe=recipe,
        state=state,
        duration_s=duration_s,
        changed_at=datetime.fromtimestamp(newest).astimezone(),
        folder=project.folder,
    )
