"""A re-cut timeline from another program, taken back as edits of the film.

What comes back are the pictures: their order, their cuts, their lengths, new and missing ones, dissolves and wipes.
Camera moves, looks, captions and sounds are the film's own and stay with it; where the film gets longer or shorter,
sounds and captions follow the picture under which they lie, as edits in the mode "ripple" have it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.model import Asset
from storyreel.publish.interchange.edl import from_edl
from storyreel.publish.interchange.otio import METADATA, open_timeline_io
from storyreel.timeline.edit import (
    ChangeDuration,
    ChangeTransition,
    Edit,
    InsertClip,
    MoveClip,
    RemoveClip,
    apply,
)
from storyreel.timeline.model import Timeline, Transition
from storyreel.timeline.transitions import reach

AssetOf = Callable[[Path], Asset]


@dataclass(frozen=True, slots=True)
class CutPicture:
    """A picture of a re-cut film.

    Attributes:
        clip: the id of the film's clip that it is; "" for one that the film does not have.
        file: its media, where it says.
        length_frames: between its cuts, at the film's rate.
        into: how it comes in; None where the other program could not tell, so that the film's own stays.
    """

    clip: str
    file: Path | None
    length_frames: int
    into: Transition | None


def read_cuts(path: Path, current: Timeline) -> tuple[CutPicture, ...]:
    """Read the pictures of an .otio or .edl file.

    Args:
        current: the film that was cut: it says the rate, and which of its clips a file is where the program has
            dropped the ids.

    Raises:
        InputError: the file cannot be read or holds no pictures.
        MissingExtra: OpenTimelineIO is not installed.
    """
    try:
        if path.suffix.lower() == ".edl":
            return _of_edl(path, current)
        return _of_otio(path, current)
    except OSError as error:
        raise InputError(f"the timeline {path} cannot be read: {error.strerror}") from error


def recut_edits(current: Timeline, cuts: Sequence[CutPicture], asset_of: AssetOf) -> tuple[Edit, ...]:
    """The edits that make the film's pictures what the cuts say.

    Args:
        asset_of: makes an asset of a file that the film does not have.

    Raises:
        InputError: a picture is new and names no file.
    """
    edits: list[Edit] = []
    timeline = current

    def make(edit: Edit) -> None:
        nonlocal timeline
        timeline = apply(timeline, [edit])
        edits.append(edit)

    wanted = _named(current, cuts)
    kept = {name for name, _ in wanted}
    # New pictures come first, so that there is always one left when others go.
    for at, (name, cut) in enumerate(wanted):
        if all(clip.id != name for clip in timeline.clips):
            if cut.file is None:
                raise InputError(f"picture {at + 1} of the re-cut film is new and names no file: give it one")
            place = min(at, len(timeline.clips))
            make(
                InsertClip(at=place, id=name, asset=asset_of(cut.file), length_frames=cut.length_frames, mode="ripple")
            )
    for clip in current.clips:
        if clip.id not in kept:
            make(RemoveClip(clip=clip.id, mode="ripple"))
    for at, (name, _) in enumerate(wanted):
        if timeline.clips[at].id != name:
            make(MoveClip(clip=name, to=at))
    for at, (name, cut) in enumerate(wanted):
        if timeline.clips[at].length_frames != cut.length_frames:
            make(ChangeDuration(clip=name, length_frames=cut.length_frames, mode="ripple"))
    for at, (name, cut) in enumerate(wanted):
        if at and cut.into is not None and not _alike(timeline.clips[at].into, cut.into):
            make(ChangeTransition(clip=name, into=cut.into))
    return tuple(edits)


def _alike(one: Transition, other: Transition) -> bool:
    return one == other or not any((*reach(one), *reach(other)))


def _named(current: Timeline, cuts: Sequence[CutPicture]) -> list[tuple[str, CutPicture]]:
    """Every picture with an id of its own: one that is used twice, or is new, gets a new one."""
    known = {clip.id for clip in current.clips}
    files = {str(cut.file) for cut in cuts if cut.file}
    taken: set[str] = set()
    named = []
    for number, cut in enumerate(cuts, 1):
        name = cut.clip
        if name not in known or name in taken:
            base = (name or (cut.file.stem if cut.file and str(cut.file) in files else "") or f"cut{number}")[:48]
            name = next(
                each
                for each in (base, *(f"{base}-{count}" for count in range(2, len(cuts) + 3)))
                if each not in known | taken
            )
        taken.add(name)
        named.append((name, cut))
    return named


def _of_edl(path: Path, current: Timeline) -> tuple[CutPicture, ...]:
    ids = {clip.id for clip in current.clips}
    own = {clip.id: clip.into for clip in current.clips}
    found = []
    for cut in from_edl(path.read_text(encoding="utf-8", errors="replace"), current.rate):
        file = path.parent / cut.file if cut.file else None
        clip = cut.clip if cut.clip in ids else _clip_of_file(file, current)
        found.append(
            CutPicture(clip, file, cut.length_frames, _seen_as(cut.kind, cut.transition_frames, own.get(clip)))
        )
    return tuple(found)


def _of_otio(path: Path, current: Timeline) -> tuple[CutPicture, ...]:
    otio = open_timeline_io()
    try:
        film = otio.adapters.read_from_file(str(path))
    except OSError:
        raise
    except Exception as error:  # each adapter has errors of its own
        raise InputError(f"the timeline {path} cannot be read by OpenTimelineIO: {error}") from error
    tracks = [film] if isinstance(film, otio.schema.Track) else list(getattr(film, "video_tracks", list)())
    filled = [track for track in tracks if any(isinstance(item, otio.schema.Clip) for item in track)]
    if not filled:
        raise InputError(f"the timeline {path} holds no pictures: export it with its video track")
    if len(filled) > 1:
        raise InputError(f"the timeline {path} has pictures on {len(filled)} tracks: put them on one")
    return tuple(_pictures(otio, filled[0], path, current))


def _pictures(otio: Any, track: Any, path: Path, current: Timeline) -> list[CutPicture]:
    own = {clip.id: clip.into for clip in current.clips}
    found: list[CutPicture] = []
    into, at_s = Transition(), 0.0
    edges = [0]
    for item in track:
        if isinstance(item, otio.schema.Transition):
            into = _transition(item, current.rate)
            continue
        # From the track's start on, so that rounding at another rate never adds up.
        at_s += item.duration().to_seconds()
        edges.append(current.rate.frames(at_s))
        length = edges[-1] - edges[-2]
        if isinstance(item, otio.schema.Gap):
            if found and length:
                before = found[-1]
                found[-1] = CutPicture(before.clip, before.file, before.length_frames + length, before.into)
            continue
        file, clip = _file_of(otio, item, path), _clip_id(item)
        if clip not in own:
            clip = _clip_of_file(file, current) or clip
        if length:
            found.append(CutPicture(clip, file, length, into))
        into = Transition()
    return found


def _clip_id(item: Any) -> str:
    kept = item.metadata.get(METADATA, {})
    clip = kept.get("clip", {}) if hasattr(kept, "get") else {}
    name = clip.get("id", "") if hasattr(clip, "get") else ""
    return str(name or item.name or "")


def _transition(item: Any, rate: Rate) -> Transition:
    length = rate.frames(item.in_offset.to_seconds()) + rate.frames(item.out_offset.to_seconds())
    kept = item.metadata.get(METADATA, {})
    kind, side = (kept.get("kind"), kept.get("side")) if hasattr(kept, "get") else (None, None)
    try:
        return Transition.model_validate({"kind": kind or "dissolve", "side": side or "left", "length_frames": length})
    except ValueError:
        return Transition(kind="dissolve", length_frames=length)


def _seen_as(kind: str, length: int, own: Transition | None) -> Transition:
    """The transition that an EDL tells; where it is as long as the film's own, that is the one it stands for."""
    if own is not None and kind != "cut" and own.kind != "cut" and own.length_frames == length:
        return own
    if kind == "cut" or not length:
        return Transition()
    return Transition(kind="wipe" if kind == "wipe" else "dissolve", length_frames=length)


def _file_of(otio: Any, item: Any, path: Path) -> Path | None:
    reference = item.media_reference
    if not isinstance(reference, otio.schema.ExternalReference) or not reference.target_url:
        return None
    parts = urlsplit(reference.target_url)
    if parts.scheme not in ("", "file"):
        return None
    return path.parent / unquote(parts.path)


def _clip_of_file(file: Path | None, current: Timeline) -> str:
    """The clip whose file has this name, where just one has it."""
    from storyreel.publish.interchange.media import media_names

    if file is None:
        return ""
    names = media_names(current)
    found = [clip.id for clip in current.clips if clip.asset is not None and names[clip.asset.blob] == file.name]
    return found[0] if found else ""
