"""The pictures and sounds of a film as files beside a timeline for another program, under names that people read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple

from storyreel.errors import CorruptFile
from storyreel.memo.blob import Blob
from storyreel.memo.store import store_of
from storyreel.project import Project, storage_error
from storyreel.timeline.model import Timeline

Media = Literal["copy", "link"]
"""Copies are the user's own. Hard links take no room, and are read-only: what they show lies in the cache."""


class MediaFacts(NamedTuple):
    """What a video's or sound's file says of itself.

    Attributes:
        fps: frames a second of its picture; None where it has none.
        channels, sample_rate_hz: of its sound; 0 where it has none.
    """

    fps: Fraction | None
    channels: int
    sample_rate_hz: int


def media_facts(project: Project, timeline: Timeline) -> Mapping[Blob, MediaFacts]:
    """The facts of every video and sound of a film.

    Raises:
        CorruptFile: one of them is missing or cannot be read.
    """
    import av

    assets = [clip.asset for clip in timeline.clips if clip.asset is not None and clip.asset.kind == "video"]
    found: dict[Blob, MediaFacts] = {}
    for blob in dict.fromkeys(asset.blob for asset in (*assets, *(sound.asset for sound in timeline.sounds))):
        path = store_of(project).path(blob)
        try:
            with av.open(path) as file:
                picture = next(iter(file.streams.video), None)
                sound = next(iter(file.streams.audio), None)
                found[blob] = MediaFacts(
                    fps=Fraction(picture.average_rate) if picture and picture.average_rate else None,
                    channels=sound.channels if sound else 0,
                    sample_rate_hz=sound.rate if sound else 0,
                )
        except (av.FFmpegError, OSError) as error:
            raise CorruptFile(
                f"{path} cannot be read: make the film again with  storyreel resume {project.id}"
            ) from error
    return found


def media_names(timeline: Timeline) -> Mapping[Blob, str]:
    """A file name for every picture and sound: after the first clip it is seen in, or the track it is heard on."""
    names: dict[Blob, str] = {}
    for clip in timeline.clips:
        if clip.asset is not None and clip.asset.blob not in names:
            names[clip.asset.blob] = _free(_plain(clip.id), clip.asset.blob.suffix, names)
    for sound in timeline.sounds:
        if sound.asset.blob not in names:
            names[sound.asset.blob] = _free(sound.track, sound.asset.blob.suffix, names)
    return names


def place_media(project: Project, timeline: Timeline, folder: Path, how: Media) -> tuple[Path, ...]:
    """Put every picture and sound into a folder, each whole or not at all.

    Raises:
        CorruptFile: one of them is missing.
        DiskFull, StorageError: it could not be put there.
        Cancelled: the user stopped it.
    """
    names, store = media_names(timeline), store_of(project)
    placed = []
    try:
        folder.mkdir(exist_ok=True)
        with project.progress.task("export", len(names), "files") as task:
            for blob, name in names.items():
                path = folder / name
                (store.place if how == "link" else store.give)(blob, path)
                placed.append(path)
                task.advance()
    except OSError as error:
        raise storage_error(error, folder) from error
    return tuple(placed)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_") or "clip"


def _free(stem: str, suffix: str, names: Mapping[Blob, str]) -> str:
    taken = set(names.values())
    if f"{stem}{suffix}" not in taken:
        return f"{stem}{suffix}"
    number = 2
    while f"{stem}_{number}{suffix}" in taken:
        number += 1
    return f"{stem}_{number}{suffix}"
