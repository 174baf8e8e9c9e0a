"""What changed between two timelines: one splice for each list, a new value for every other field. Pure.

A list is compared from both ends: what is equal at its start and at its end stays, and one splice replaces the middle.
Equal fields are absent, so after an edit of one caption of an hour a patch holds that caption and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from storyreel.timeline.model import Timeline

LISTS = ("clips", "cues", "cards", "labels", "sounds", "voice_windows")
"""The fields of a timeline that change by splices."""
_SINGLE = tuple(name for name in Timeline.model_fields if name not in LISTS)


class Splice(BaseModel, frozen=True, extra="forbid"):
    """A piece of a changed list: `remove` items from `at` on give way to `insert`, which are JSON values."""

    at: int
    remove: int
    insert: tuple[Any, ...]


class Patch(BaseModel, frozen=True, extra="forbid"):
    """What makes one timeline of another.

    Attributes:
        splices: field -> its splice, for lists.
        values: field -> its new value as JSON, for all others.
    """

    splices: Mapping[str, Splice] = {}
    values: Mapping[str, Any] = {}

    def __bool__(self) -> bool:
        return bool(self.splices or self.values)


def patch_between(before: Timeline, after: Timeline) -> Patch:
    """The patch that makes `after` of `before`.

    Items that are the same object on both sides are not looked into, which makes it fast after an edit.
    """
    splices = {}
    for name in LISTS:
        old, new = getattr(before, name), getattr(after, name)
        if old is not new and (splice := _splice(old, new)) is not None:
            splices[name] = splice
    values = {}
    for name in _SINGLE:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            values[name] = json_value(new)
    return Patch(splices=splices, values=values)


def patched(timeline: Timeline, patch: Patch) -> Timeline:
    """The timeline that a patch makes of another.

    Raises:
        ValidationError: the patch does not come from `patch_between`.
    """
    fields: dict[str, Any] = {name: getattr(timeline, name) for name in Timeline.model_fields} | dict(patch.values)
    for name, splice in patch.splices.items():
        old = fields[name]
        fields[name] = (*old[: splice.at], *splice.insert, *old[splice.at + splice.remove :])
    return Timeline.model_validate(fields)


def json_value(value: Any) -> Any:
    """A field's value as JSON, every default written out."""
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _splice(old: Sequence[Any], new: Sequence[Any]) -> Splice | None:
    most = min(len(old), len(new))
    start = 0
    while start < most and _same(old[start], new[start]):
        start += 1
    end = 0
    while end < most - start and _same(old[-1 - end], new[-1 - end]):
        end += 1
    if start == len(old) == len(new):
        return None
    insert = tuple(json_value(item) for item in new[start : len(new) - end])
    return Splice(at=start, remove=len(old) - start - end, insert=insert)


def _same(one: object, other: object) -> bool:
    return one is other or one == other
