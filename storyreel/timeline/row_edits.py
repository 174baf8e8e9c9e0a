"""Tables of clips, captions and sounds that somebody has changed, taken back as edits. Pure.

A table is row name -> column -> value, as `storyreel.recipes.tables` makes it of a timeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from storyreel.errors import InputError
from storyreel.timeline.edit import (
    ChangeCaption,
    ChangeDuration,
    ChangeGain,
    ChangeMotion,
    ChangeTransition,
    Edit,
    Mode,
    MoveClip,
    RemoveClip,
    apply,
)
from storyreel.timeline.model import Clip, Motion, Timeline, Transition

Row = Mapping[Any, Any]
Rows = Mapping[Any, Row]
Value = TypeVar("Value", bound=BaseModel)

_TRANSITION = {"transition": "kind", "transition_frames": "length_frames", "side": "side"}
_MOTION = {
    **{f"{end}_{part}": f"{end}.{part}" for end in ("start", "end") for part in ("x", "y", "height", "turn_deg")},
    "ease": "ease",
}
EDITABLE: Mapping[str, tuple[str, ...]] = {
    "clips": ("length_frames", "length_s", *_TRANSITION, *_MOTION),
    "cues": ("text",),
    "sounds": ("gain_db",),
}
"""A table's name -> the columns whose changed values are taken back. Clips may also be put in another order, and clips
and cues left out."""


def edits_of_rows(timeline: Timeline, name: str, table: Rows, changed: Rows, mode: Mode = "roll") -> tuple[Edit, ...]:
    """What was changed in a table, as edits in the order to make them; empty if nothing was.

    Args:
        timeline: what the table is of.
        name: "clips", "cues" or "sounds".
        table: as it was given.
        changed: as it came back; columns may be missing.
        mode: whether neighbours make up for changed lengths, or all that follows moves.

    Raises:
        InputError: a value was changed in a column that cannot be edited, a row or column was added, or lengths do not
            fit together; the message names it.
    """
    _check(name, table, changed)
    if name == "clips":
        return _clip_edits(timeline, table, changed, mode)
    if name == "cues":
        return _cue_edits(table, changed)
    return tuple(
        ChangeGain(sound=int(number), gain_db=_gain(number, row["gain_db"]))
        for number, row in changed.items()
        if _differs("gain_db", row, table[number])
    )


def _check(name: str, table: Rows, changed: Rows) -> None:
    """Refuse what no edit can do."""
    editable, columns = EDITABLE[name], set(next(iter(table.values()), {}))
    for number, row in changed.items():
        if number not in table:
            raise InputError(f"the {name} have no row {str(number)[:40]}: rows cannot be added to a table")
        for column in row:
            if column not in columns:
                raise InputError(
                    f"the {name} have no column {str(column)[:40]!r}: take it out before giving the table back"
                )
            if column not in editable and _differs(column, row, table[number]):
                raise InputError(
                    f"the column {column} of the {name} cannot be edited (row {number}): change {', '.join(editable)}"
                )
    if name == "sounds" and len(changed) < len(table):
        raise InputError("sounds cannot be taken out of the table: set their gain_db to -60, or replace the music")


def _differs(column: str, row: Row, before: Row) -> bool:
    return column in row and not _same(row[column], before[column])


def _same(one: Any, other: Any) -> bool:
    missing = [value is None or (isinstance(value, float) and isnan(value)) for value in (one, other)]
    if any(missing):
        return all(missing)
    try:
        return abs(float(one) - float(other)) < 1e-6
    except (TypeError, ValueError):
        return str(one) == str(other)


def _gain(number: Any, value: Any) -> float:
    try:
        gain_db = float(value)
    except (TypeError, ValueError):
        gain_db = float("nan")
    if not -60.0 <= gain_db <= 24.0:
        raise InputError(f"gain_db of sound {number} cannot be {value!s:.20}: give a number from -60 to 24")
    return gain_db


def _cue_edits(table: Rows, changed: Rows) -> tuple[Edit, ...]:
    """Captions written anew, and last, from the end, those left out: the places after them move up."""
    anew: list[Edit] = []
    gone = [number for number in table if number not in changed]
    for number, row in changed.items():
        if not _differs("text", row, table[number]):
            continue
        if _is_empty(row["text"]):
            gone.append(number)
        else:
            anew.append(ChangeCaption(cue=int(number), text=str(row["text"])))
    return (*anew, *(ChangeCaption(cue=int(number), text="") for number in sorted(gone, reverse=True)))


def _is_empty(text: Any) -> bool:
    return text is None or (isinstance(text, float) and isnan(text)) or not str(text).strip()


def _clip_edits(timeline: Timeline, table: Rows, changed: Rows, mode: Mode) -> tuple[Edit, ...]:
    found: list[Edit] = []
    now = timeline

    def do(edit: Edit) -> None:
        nonlocal now
        now = apply(now, [edit])
        found.append(edit)

    for clip in table:
        if clip not in changed:
            do(RemoveClip(clip=str(clip), mode=mode))
    for place, clip in enumerate(changed):
        if now.clips[place].id != clip:
            do(MoveClip(clip=str(clip), to=place))
    wanted = {str(clip): _wanted_frames(clip, row, table[clip], timeline) for clip, row in changed.items()}
    lengths = {clip: frames for clip, frames in wanted.items() if frames is not None}
    for clip, frames in lengths.items():
        if _clip(now, clip).length_frames != frames:
            do(ChangeDuration(clip=clip, length_frames=frames, mode=mode))
    for clip, frames in lengths.items():
        if _clip(now, clip).length_frames != frames:
            raise InputError(
                f"the lengths do not fit together: clip {clip} cannot have {frames} frames when its neighbours have "
                "what the table says; change fewer, or give the mode 'ripple'"
            )
    for clip, row in changed.items():
        into = _wanted(Transition, clip, _TRANSITION, row, table[clip])
        motion = _wanted(Motion, clip, _MOTION, row, table[clip])
        if into is not None:
            do(ChangeTransition(clip=str(clip), into=into))
        if motion is not None:
            do(ChangeMotion(clip=str(clip), motion=motion))
    return tuple(found)


def _clip(timeline: Timeline, name: str) -> Clip:
    return next(clip for clip in timeline.clips if clip.id == name)


def _wanted_frames(clip: Any, row: Row, before: Row, timeline: Timeline) -> int | None:
    """The clip's new length, if one was given, in frames or in seconds."""
    by_frames, by_seconds = (_differs(column, row, before) for column in ("length_frames", "length_s"))
    if not by_frames and not by_seconds:
        return None
    try:
        from_seconds = timeline.rate.frames(float(row["length_s"])) if by_seconds else 0
        frames = round(float(row["length_frames"])) if by_frames else from_seconds
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"the length of clip {clip} is no number: give frames or seconds") from error
    if by_frames and by_seconds and frames != from_seconds:
        raise InputError(f"the lengths of clip {clip} in frames and in seconds differ: change one of them")
    if frames < 1:
        raise InputError(f"the length of clip {clip} cannot be {frames} frames: give at least one")
    return frames


def _wanted(kind: type[Value], clip: Any, columns: Mapping[str, str], row: Row, before: Row) -> Value | None:
    """A value made of some columns, if one of them was changed.

    Raises:
        InputError: what the columns say is no such value.
    """
    if not any(_differs(column, row, before) for column in columns):
        return None
    value: dict[str, Any] = {}
    for column, path in columns.items():
        *outer, name = path.split(".")
        inner = value
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[name] = row.get(column, before[column])
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        column = next((column for column, path in columns.items() if path == where), where)
        raise InputError(f"{column} of clip {clip} cannot be {first['input']!s:.40}: {first['msg'].lower()}") from error
