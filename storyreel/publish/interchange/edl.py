"""The pictures' cuts as an edit decision list in CMX 3600, which nearly every editing program has read for forty years.

A dissolve or wipe begins at its event's record-in and lasts as many frames as its line says; ours is centred on the
cut, so the event begins that much before it and the cut is found again. Timecode counts frames at the next whole rate,
non-drop, and the film begins at one hour, as tapes do. Every clip has its id and its file in comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.memo.blob import Blob
from storyreel.timeline.model import Clip, Timeline
from storyreel.timeline.transitions import reach

RECORD_START_H = 1
_MOST_HOURS = 24
_EVENT = re.compile(
    r"(\d+)\s+(\S+)\s+(V|VA|VA2|B|AA/V|A2/V|NONE|A\d?|AA)\s+(C|D|W\d{3}|K\S*)\s*(?:(\d+)\s+)?"
    r"(\d\d:\d\d:\d\d[:;]\d\d)\s+(\d\d:\d\d:\d\d[:;]\d\d)\s+(\d\d:\d\d:\d\d[:;]\d\d)\s+(\d\d:\d\d:\d\d[:;]\d\d)\s*"
)
_CLIP_NOTE, _FILE_NOTE, _NAME_NOTE = "STORYREEL CLIP:", "SOURCE FILE:", "FROM CLIP NAME:"
_TO_NAME_NOTE = "TO CLIP NAME:"


def to_edl(timeline: Timeline, media: Mapping[Blob, str], folder: str) -> str:
    """A timeline's pictures as the text of an .edl file.

    Args:
        timeline: with transitions that fit; see `storyreel.timeline.transitions.fitted`.
        media: the name of every asset's file.
        folder: where these are, relative to the .edl file.

    Raises:
        InputError: the film is too long for timecode.
    """
    rate = timeline.rate
    if timeline.length_frames + RECORD_START_H * _hour(rate) >= _MOST_HOURS * _hour(rate):
        raise InputError("an EDL's timecode ends at 24 hours, and this film would pass it: export otio instead")
    title = " ".join(timeline.title.split()) or "storyreel"
    lines = [f"TITLE: {title[:70]}", "FCM: NON-DROP FRAME", ""]
    for number, event in enumerate(_events(timeline), 1):
        lines += _written(number, event, timeline, media, folder)
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Event:
    """A clip from where it comes in to where the next one begins to; `into` frames of that belong to its transition."""

    index: int
    record_in: int
    record_out: int
    into: int


def _events(timeline: Timeline) -> Iterator[_Event]:
    clips = timeline.clips
    for index, clip in enumerate(clips):
        before, after = reach(clip.into) if index else (0, 0)
        next_before = reach(clips[index + 1].into)[0] if index + 1 < len(clips) else 0
        yield _Event(index, clip.start_frame - before, clip.end_frame - next_before, before + after)


def _written(number: int, event: _Event, timeline: Timeline, media: Mapping[Blob, str], folder: str) -> list[str]:
    rate, clip = timeline.rate, timeline.clips[event.index]
    first, length = _source_in(clip, event, rate), event.record_out - event.record_in
    record = [_timecode(frame + RECORD_START_H * _hour(rate), rate) for frame in (event.record_in, event.record_out)]
    source = [_timecode(frame, rate) for frame in (first, first + length)]
    lines = []
    head = f"{number:03}  {_reel(clip):8} V    "
    if event.into:
        going = timeline.clips[event.index - 1]
        # The outgoing picture, of no length: what the transition comes from.
        left = _timecode(_source_out(going, event, rate), rate)
        lines.append(f"{number:03}  {_reel(going):8} V     C        {left} {left} {record[0]} {record[0]}")
        kind = "W001" if clip.into.kind == "wipe" else "D   "
        lines.append(f"{head} {kind} {event.into:03} {' '.join((*source, *record))}")
        lines.append(f"* {_NAME_NOTE} {_file_of(going, media)}")
        lines.append(f"* {_TO_NAME_NOTE} {_file_of(clip, media)}")
    else:
        lines.append(f"{head} C        {' '.join((*source, *record))}")
        lines.append(f"* {_NAME_NOTE} {_file_of(clip, media)}")
    if clip.speed != 1.0:
        lines.append(f"M2   {_reel(clip):8}       {clip.speed * float(rate.fps):05.1f}                {source[0]}")
    if clip.asset is not None:
        lines.append(f"* {_FILE_NOTE} {folder}/{media[clip.asset.blob]}")
    return [*lines, f"* {_CLIP_NOTE} {clip.id}", ""]


def _source_in(clip: Clip, event: _Event, rate: Rate) -> int:
    """Where in its source an event begins: a still as if it ran from its first visible frame on."""
    if clip.asset is None or clip.asset.kind == "image":
        return 0
    return max(0, rate.frames(clip.source_start_s) - (clip.start_frame - event.record_in))


def _source_out(clip: Clip, event: _Event, rate: Rate) -> int:
    start = 0 if clip.asset is None or clip.asset.kind == "image" else rate.frames(clip.source_start_s)
    return max(0, start + event.record_in - clip.start_frame)


def _reel(clip: Clip) -> str:
    return "BL" if clip.asset is None else "AX"  # black, and the auxiliary source that files are


def _file_of(clip: Clip, media: Mapping[Blob, str]) -> str:
    return media[clip.asset.blob] if clip.asset is not None else clip.id


def _base(rate: Rate) -> int:
    return ceil(rate.fps)


def _hour(rate: Rate) -> int:
    return 3600 * _base(rate)


def _timecode(frame: int, rate: Rate) -> str:
    base = _base(rate)
    seconds, frames = divmod(frame, base)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"


def _frame(timecode: str, rate: Rate) -> int:
    hours, minutes, seconds, frames = map(int, re.split("[:;]", timecode))
    return ((hours * 60 + minutes) * 60 + seconds) * _base(rate) + frames


@dataclass(frozen=True, slots=True)
class EdlCut:
    """A picture of an edit decision list.

    Attributes:
        clip: the id of the film's clip, "" where the list does not say.
        file: its media, as the list names it, "" where it does not.
        start_frame, length_frames: between its cuts, from the film's start.
        source_frame: where its media begins at its cut.
        kind, transition_frames: how it comes in: "cut", "dissolve" or "wipe".
    """

    clip: str
    file: str
    start_frame: int
    length_frames: int
    source_frame: int
    kind: str
    transition_frames: int


def from_edl(text: str, rate: Rate) -> tuple[EdlCut, ...]:
    """Read the pictures of an edit decision list.

    Args:
        rate: the film's; an EDL does not tell one.

    Raises:
        InputError: it holds no events, or they leave gaps.
    """
    found: list[dict[str, object]] = []
    for line in text.splitlines():
        if event := _EVENT.fullmatch(line):
            name, _, channels, kind, length, source_in, _, record_in, record_out = event.groups()
            if "V" not in channels and channels != "B":
                continue
            begin, end = _frame(record_in, rate), _frame(record_out, rate)
            if found and found[-1]["number"] == name and found[-1]["in"] == found[-1]["out"]:
                found.pop()  # the outgoing side of this transition
            found.append({"number": name, "kind": kind, "length": int(length or 0), "in": begin, "out": end, "clip": "",
                          "file": "", "source": _frame(source_in, rate)})  # fmt: skip
        elif line.startswith("*") and found:
            _note(found[-1], line[1:].strip())
    if not found:
        raise InputError("the EDL holds no pictures: export one from the other program once more")
    return tuple(_cuts(found))


def _note(event: dict[str, object], note: str) -> None:
    for start, name in ((_CLIP_NOTE, "clip"), (_FILE_NOTE, "file"), (_TO_NAME_NOTE, "name"), (_NAME_NOTE, "name")):
        if note.startswith(start):
            if name != "name" or start == _TO_NAME_NOTE or "name" not in event:
                event[name] = note.removeprefix(start).strip()
            return


def _cuts(found: list[dict[str, object]]) -> Iterator[EdlCut]:
    def number(event: dict[str, object], name: str) -> int:
        value = event[name]
        assert isinstance(value, int)
        return value

    def cut_of(event: dict[str, object]) -> int:
        return number(event, "in") + number(event, "length") // 2

    zero = number(found[0], "in")
    for index, event in enumerate(found):
        length = number(event, "length")
        before = found[index - 1] if index else None
        if before is not None and number(before, "out") != number(event, "in"):
            raise InputError(
                f"the EDL leaves a gap or an overlap before its picture {index + 1}: close it in the other program "
                "and export once more"
            )
        start = cut_of(event)
        end = cut_of(found[index + 1]) if index + 1 < len(found) else number(event, "out")
        kind = str(event["kind"])
        yield EdlCut(
            clip=str(event["clip"]),
            file=str(event["file"] or event.get("name", "")),
            start_frame=start - zero,
            length_frames=end - start,
            source_frame=number(event, "source") + length // 2,
            kind="dissolve" if kind == "D" else "wipe" if kind.startswith("W") else "cut",
            transition_frames=length,
        )
