"""Every kind of file that a film can become, written whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storyreel.durable import file_to_disk
from storyreel.memo.store import store_of
from storyreel.project import Project, storage_error
from storyreel.publish.chapters import youtube_chapters, youtube_fault
from storyreel.publish.credits import credits
from storyreel.publish.gif import gif_form, gif_size
from storyreel.publish.interchange.losses import FORMATS, Loss
from storyreel.publish.interchange.media import Media
from storyreel.publish.interchange.write import write_interchange
from storyreel.publish.manifest import manifest
from storyreel.publish.stills import shot_frames, write_stills
from storyreel.publish.targets import Target
from storyreel.publish.thumbnails import telling_frames, write_thumbnail
from storyreel.publish.tracks import with_tracks
from storyreel.publish.transcripts import transcript_json, transcript_text
from storyreel.publish.video import encode_film
from storyreel.render.steps import render_pieces
from storyreel.settings import Quality
from storyreel.timeline.formats import to_ass, to_srt, to_vtt
from storyreel.timeline.model import Timeline

_TEXTS: dict[str, Callable[[Project, Timeline], str]] = {
    "srt": lambda project, timeline: to_srt(timeline),
    "vtt": lambda project, timeline: to_vtt(timeline),
    "ass": lambda project, timeline: to_ass(timeline),
    "chapters": lambda project, timeline: youtube_chapters(timeline),
    "transcript": lambda project, timeline: transcript_text(timeline),
    "manifest": lambda project, timeline: manifest(project, timeline).text,
    "credits": credits,
}


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of a film.

    Attributes:
        target: what kind of file.
        quality: of the encoder.
        first, after: of a GIF: which of the film's frames it shows, end excluded.
        width_px: of a GIF: how wide it is; None for the usual.
        frames: of stills and thumbnails: which frames, ascending; empty to have them chosen.
        media: of timelines for other programs: what lies beside them; see `storyreel.publish.interchange.media`.
    """

    target: Target
    quality: Quality = "standard"
    first: int = 0
    after: int | None = None
    width_px: int | None = None
    frames: tuple[int, ...] = ()
    media: Media = "copy"


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written, and what their format could not carry."""

    files: tuple[Path, ...]
    losses: tuple[Loss, ...] = ()


def write_file(project: Project, timeline: Timeline, order: Order, dest: Path) -> Written:
    """Write a film as a file, or as a folder of stills; whatever file was there is replaced when it is finished.

    Args:
        timeline: every clip has an asset, where its pictures are wanted.
        dest: in a folder that exists.

    Raises:
        InputError: the film does not suit the kind of file.
        RenderError: a source cannot be read, or an encoder refused.
        DiskFull, StorageError: the disk took no more; nothing is left at `dest`.
        Cancelled: the user stopped it; nothing is left at `dest`.
    """
    target = order.target
    if (program := next((each for each in FORMATS if each == target.name), None)) is not None:
        return Written(*write_interchange(project, timeline, program, dest, order.media))
    with whole(dest, folder=target.name == "stills") as place:
        if target.name == "stills":
            names = _write_stills(project, timeline, order, place)
            return Written(tuple(dest / name for name in names))
        _write(project, timeline, order, place)
    return Written((dest,))


def _write(project: Project, timeline: Timeline, order: Order, place: Path) -> None:
    name, store = order.target.name, store_of(project)
    if name == "mp4":
        film = render_pieces(project, timeline, quality=order.quality).blob
        with_tracks(store.path(film), timeline, place, project.progress)
    elif name == "gif":
        after = timeline.length_frames if order.after is None else order.after
        form = gif_form(timeline, order.first, after)
        store.give(encode_film(project, gif_size(timeline, order.width_px), order.target, order.quality, form), place)
    elif order.target.container:
        store.give(encode_film(project, timeline, order.target, order.quality), place)
    elif name in ("still", "thumbnail"):
        frame = order.frames[0] if order.frames else telling_frames(project, timeline, 1)[0].frame
        if name == "still":
            write_stills(project, timeline, [frame], [place])
        else:
            place.write_bytes(write_thumbnail(project, timeline, frame))
    else:
        timed = name == "transcript" and place.suffix == ".json"
        text = transcript_json(timeline) if timed else _TEXTS[name](project, timeline)
        if name == "chapters" and (fault := youtube_fault(timeline)):
            project.progress.warn(fault, "export")
        place.write_text(text, encoding="utf-8", newline="\n")


def _write_stills(project: Project, timeline: Timeline, order: Order, folder: Path) -> list[str]:
    if order.frames:
        named = {frame: f"frame_{frame:06}.png" for frame in order.frames}
    else:
        named = {frame: f"{at:04}_{clip}.png" for at, (frame, clip) in enumerate(shot_frames(timeline).items(), 1)}
    write_stills(project, timeline, list(named), [folder / name for name in named.values()])
    return list(named.values())


@contextmanager
def whole(dest: Path, *, folder: bool = False) -> Iterator[Path]:
    """A place beside `dest` to write at; it takes `dest`'s name when all went well, and else is removed.

    Args:
        folder: a folder is written; its files go into the one that is there already, if any.

    Raises:
        DiskFull, StorageError: it could not be written.
    """
    place = dest.with_name(f".{secrets.token_hex(6)}.{dest.name}")
    try:
        if folder:
            place.mkdir()
        yield place
        if folder:
            _move_into(place, dest)
        else:
            file_to_disk(place, mode=0o644)
            place.replace(dest)
    except OSError as error:
        raise storage_error(error, dest) from error
    finally:
        if folder:
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)


def _move_into(place: Path, dest: Path) -> None:
    if not dest.exists():
        place.replace(dest)
        return
    for path in sorted(place.rglob("*")):
        target = dest / path.relative_to(place)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            path.replace(target)
