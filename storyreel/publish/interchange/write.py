"""Timelines for other programs as files, each with its media in a folder beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from storyreel.memo.blob import Blob
from storyreel.project import Project, write_text_atomically
from storyreel.publish.interchange.edl import to_edl
from storyreel.publish.interchange.fcpxml import to_fcpxml
from storyreel.publish.interchange.losses import Format, Loss, losses
from storyreel.publish.interchange.media import Media, media_facts, media_names, place_media
from storyreel.publish.interchange.otio import to_otio
from storyreel.timeline.model import Timeline
from storyreel.timeline.transitions import fitted

_Writer = Callable[[Timeline, Mapping[Blob, str], str], str]


def media_folder(dest: Path) -> Path:
    """Where the media of a timeline's file lie: "film.otio" has them in "film media"."""
    return dest.with_name(f"{dest.stem} media")


def write_interchange(
    project: Project, timeline: Timeline, format: Format, dest: Path, media: Media
) -> tuple[tuple[Path, ...], tuple[Loss, ...]]:
    """Write a timeline for another program, with its media beside it.

    Args:
        dest: the file; its media go into a folder beside it, and are named relative to it.
        media: copies, or hard links where they work.

    Returns:
        The files, the timeline's first, and what the format cannot carry.

    Raises:
        MissingExtra: OpenTimelineIO is not installed.
        CorruptFile: a picture or sound is missing.
        DiskFull, StorageError: a file could not be written.
    """
    fitting, _ = fitted(timeline)
    folder = media_folder(dest)
    facts = media_facts(project, fitting) if format == "fcpxml" else {}
    writers: Mapping[Format, _Writer] = {"otio": to_otio, "edl": to_edl, "fcpxml": partial(to_fcpxml, facts=facts)}
    text = writers[format](fitting, media_names(fitting), folder.name)
    placed = place_media(project, fitting, folder, media)
    write_text_atomically(dest, text)
    return (dest, *placed), losses(fitting, format)
