"""How every recipe ends: the timeline is kept, rendered, and laid out for the user."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storyreel.errors import InputError, StorageError
from storyreel.memo.store import store_of
from storyreel.project import Project, storage_error, write_text_atomically
from storyreel.render.steps import render_film
from storyreel.settings import Quality
from storyreel.timeline.formats import to_srt
from storyreel.timeline.model import Timeline

TIMELINE_NAME = "timeline.json"
FILM_NAME = "film.mp4"
SUBTITLES_NAME = "film.srt"


@dataclass(frozen=True, slots=True)
class Film:
    """A finished film: where it is, and what it was made from."""

    project: Project
    timeline: Timeline
    path: Path

    @property
    def duration_s(self) -> float:
        """How long the film runs, in seconds."""
        return self.timeline.rate.seconds(self.timeline.length_frames)


def finish(project: Project, timeline: Timeline, out: Path | None = None, *, quality: Quality = "standard") -> Film:
    """Keep the timeline and its subtitles, render the film, and put it where people look for it.

    Args:
        out: a further place for the film, outside the cache.
        quality: the encoder preset.

    Raises:
        RenderError: the film could not be drawn or encoded.
        StorageError: `out` cannot be written; the film itself is kept in the project.
    """
    write_text_atomically(project.path(TIMELINE_NAME), timeline.model_dump_json(indent=1) + "\n")
    write_text_atomically(project.path(SUBTITLES_NAME), to_srt(timeline))
    blob = render_film(project, timeline, quality=quality)
    path = project.path(FILM_NAME)
    store = store_of(project)
    store.place(blob, path)
    if out is not None:
        try:
            store.place(blob, out)
        except OSError as error:
            raise storage_error(error, out) from error
        path = out
    return Film(project, timeline, path)


def check_out(out: Path | str | None) -> Path | None:
    """Refuse a place for the film that cannot work before anything is made.

    Raises:
        InputError: its folder does not exist, or it is a folder itself.
    """
    if out is None:
        return None
    path = Path(out).expanduser().absolute()
    if path.is_dir():
        raise InputError(f"{path} is a folder: give the film's file name, such as {path / FILM_NAME}")
    if not path.parent.is_dir():
        raise InputError(f"the folder {path.parent} does not exist: create it, or give another place for the film")
    return path


def read_timeline(project: Project) -> Timeline:
    """The timeline that a project has come to.

    Raises:
        InputError: it has none yet.
        StorageError: its file is damaged.
    """
    path = project.path(TIMELINE_NAME)
    if not path.exists():
        raise InputError(f"{project.id!r} has no timeline yet: run  storyreel resume {project.id}")
    try:
        return Timeline.model_validate_json(path.read_bytes())
    except ValueError as error:
        raise StorageError(f"{path} is damaged: run  storyreel resume {project.id}  to write it anew") from error
