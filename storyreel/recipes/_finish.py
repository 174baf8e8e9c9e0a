"""How every recipe ends: the timeline is kept, rendered, and laid out for the user."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from storyreel.errors import InputError
from storyreel.memo.store import store_of
from storyreel.project import Project, storage_error, write_text_atomically
from storyreel.publish.credits import CREDITS_NAME, credits
from storyreel.publish.manifest import MANIFEST_NAME, manifest
from storyreel.publish.moviepy_clip import moviepy_clip
from storyreel.recipes._kept import keep_value
from storyreel.recipes.edits import Edited, edited, keep_assembled, read_timeline_file, write_timeline
from storyreel.recipes.prune import chunk_budget, prune_after_render
from storyreel.render.encode import Encoder
from storyreel.render.preview import preview_of
from storyreel.render.steps import Rendering, render_pieces
from storyreel.settings import Quality
from storyreel.timeline.formats import to_srt
from storyreel.timeline.model import Timeline

TIMELINE_NAME = "timeline.json"
FILM_NAME = "film.mp4"
PREVIEW_NAME = "preview.mp4"
SUBTITLES_NAME = "film.srt"
RENDERED_NAME = "rendered.json"


class Rendered(BaseModel, frozen=True, extra="forbid"):
    """What film.mp4 holds: the ids of the history's entries, in order; rendered.json."""

    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Film:
    """A finished film: where it is, what it was made from, and what that took.

    Attributes:
        pieces: how many pieces it was joined from.
        pieces_made: how many of them were drawn now; the others were remembered.
    """

    project: Project
    timeline: Timeline
    path: Path
    pieces: int = 0
    pieces_made: int = 0

    def to_moviepy(self) -> Any:
        """The film as a MoviePy clip, with its sound; see `storyreel.publish.moviepy_clip`."""
        return moviepy_clip(self.project, self.timeline)

    @property
    def duration_s(self) -> float:
        """How long the film runs, in seconds."""
        return self.timeline.rate.seconds(self.timeline.length_frames)


def finish(
    project: Project,
    timeline: Timeline,
    out: Path | None = None,
    *,
    quality: Quality = "standard",
    encoder: Encoder = "x264",
) -> Film:
    """Make the user's saved edits, keep the timeline and its subtitles, render the film, and put it where it belongs.

    Args:
        timeline: as it was assembled.
        out: a further place for the film, outside the cache.
        quality: the encoder preset.
        encoder: one that works here.

    Raises:
        InputError: the budget for pieces, `STORYREEL_CHUNK_BUDGET`, is no size.
        RenderError: the film could not be drawn or encoded.
        StorageError: `out` cannot be written; the film itself is kept in the project.
    """
    return finish_edited(project, keep_assembled(project, timeline), out, quality=quality, encoder=encoder)


def finish_edited(
    project: Project,
    edited: Edited,
    out: Path | None = None,
    *,
    quality: Quality = "standard",
    encoder: Encoder = "x264",
) -> Film:
    """As `finish`, of a timeline that has the edits already."""
    chunk_budget()  # one that cannot be read is told before the work, not after it
    timeline = edited.timeline
    keep_timeline(project, timeline)
    rendering = render_pieces(project, timeline, quality=quality, encoder=encoder)
    film = _placed(project, timeline, rendering, FILM_NAME, out)
    keep_value(project, RENDERED_NAME, Rendered(entries=edited.entries))
    return film


def finish_preview(project: Project, timeline: Timeline, out: Path | None = None) -> Film:
    """Render a small draft of a timeline as preview.mp4; clips without a picture show a marked placeholder."""
    chunk_budget()
    keep_timeline(project, timeline)
    rendering = render_pieces(project, preview_of(timeline, store_of(project)), quality="draft")
    return _placed(project, timeline, rendering, PREVIEW_NAME, out)


def keep_timeline(project: Project, timeline: Timeline) -> None:
    """Write the timeline and its subtitles into the project's folder."""
    write_timeline(project.path(TIMELINE_NAME), timeline)
    write_text_atomically(project.path(SUBTITLES_NAME), to_srt(timeline))


def _placed(project: Project, timeline: Timeline, rendering: Rendering, name: str, out: Path | None) -> Film:
    path, store = project.path(name), store_of(project)
    store.place(rendering.blob, path)
    if name == FILM_NAME:
        manifest(project, timeline, rendering.blob).save(project.path(MANIFEST_NAME))
        write_text_atomically(project.path(CREDITS_NAME), credits(project, timeline))
    if out is not None:
        try:
            store.give(rendering.blob, out)
        except OSError as error:
            raise storage_error(error, out) from error
        path = out
    if rendering.made:
        prune_after_render(project, rendering.blob.size_bytes)
    return Film(project, timeline, path, rendering.pieces, rendering.made)


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
    return read_timeline_file(path)


def current(project: Project) -> Edited:
    """A film as it stands, with every edit that counts.

    Raises:
        InputError: it has no timeline yet.
        StorageError: one of its files is damaged.
    """
    return edited(project, project.path(TIMELINE_NAME))
