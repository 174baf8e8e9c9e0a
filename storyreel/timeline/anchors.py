"""Edits that find what they mean in a film that others have changed meanwhile. Pure.

An edit names captions, sounds and labels by their place. When somebody else's edit comes first, or one before it is
undone, that place may hold something else. An anchor says what the edit was made of, so that it is found again, or told
as gone, but never taken for its neighbour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest

from pydantic import BaseModel

from storyreel.errors import InputError
from storyreel.timeline.edit import apply
from storyreel.timeline.edit_kinds import Edit, InsertClip, MoveClip
from storyreel.timeline.model import Timeline


class Anchor(BaseModel, frozen=True, extra="forbid"):
    """What an edit was made of.

    Attributes:
        text: a caption's or label's words, a sound's file, or of a clip put in, the id of the clip before it.
        start_frame: where that began.
    """

    text: str
    start_frame: int = 0


def anchored(timeline: Timeline, edits: Sequence[Edit]) -> tuple[tuple[Anchor | None, ...], Timeline]:
    """The anchors of edits that are made of a timeline one after another, and the timeline after them.

    Raises:
        InputError: one does not fit; the message names it.
    """
    anchors: list[Anchor | None] = []
    for number, edit in enumerate(edits, 1):
        anchors.append(_anchor(edit, timeline))
        try:
            timeline = apply(timeline, [edit])
        except InputError as error:
            raise InputError(f"edit {number} ({edit.kind}) cannot be made: {error.__cause__ or error}") from error
    return tuple(anchors), timeline


def carried_over(
    timeline: Timeline, edits: Sequence[Edit], anchors: Sequence[Anchor | None]
) -> tuple[tuple[Edit, ...], tuple[Anchor | None, ...], Timeline]:
    """Edits that were made of another state of the film, as they are made of this one.

    Returns:
        The edits with their places here, their anchors here, and the timeline after them.

    Raises:
        InputError: one does not fit any more; the message names it.
    """
    here: list[Edit] = []
    held: list[Anchor | None] = []
    for number, (edit, anchor) in enumerate(zip(edits, anchors, strict=True), 1):
        try:
            moved = followed(edit, anchor, timeline)
            held.append(_anchor(moved, timeline))
            timeline = apply(timeline, [moved])
        except InputError as error:
            raise InputError(f"edit {number} ({edit.kind}) cannot be made: {error.__cause__ or error}") from error
        here.append(moved)
    return tuple(here), tuple(held), timeline


def replayed(
    timeline: Timeline,
    edits: Sequence[Edit],
    anchors: Sequence[Anchor | None],
    left_out: Callable[[int, str], None] = lambda number, why: None,
) -> Timeline:
    """The timeline with the edits made, each of what it was anchored to.

    Args:
        timeline: any; an edit that does not fit it is left out.
        anchors: one for each edit; where there are fewer, the others go by their places.
        left_out: told the edit's number, from 0, and why.
    """
    for number, (edit, anchor) in enumerate(zip_longest(edits, anchors[: len(edits)])):
        try:
            timeline = apply(timeline, [followed(edit, anchor, timeline)])
        except InputError as error:
            left_out(number, str(error.__cause__ or error))
    return timeline


def followed(edit: Edit, anchor: Anchor | None, timeline: Timeline) -> Edit:
    """The edit with the place that what it was made of has in this timeline.

    Raises:
        InputError: that is gone.
    """
    if isinstance(edit, MoveClip):
        # Where clips went meanwhile, the last place is the end all the same.
        return edit.model_copy(update={"to": min(edit.to, len(timeline.clips) - 1)})
    if anchor is None:
        return edit
    if isinstance(edit, InsertClip):
        places = {clip.id: place + 1 for place, clip in enumerate(timeline.clips)}
        at = places.get(anchor.text, min(edit.at, len(timeline.clips))) if anchor.text else 0
        return edit if at == edit.at else edit.model_copy(update={"at": at})
    field, items = _named(edit, timeline)
    at = getattr(edit, field)
    if at < len(items) and items[at] == anchor:
        return edit
    found = _found(anchor, items, by_time=field == "cue")
    if found is None:
        raise InputError(f"the {_WORDS[field]} that it was made of is no longer there: {anchor.text[:60]!r}")
    return edit.model_copy(update={field: found})


_WORDS = {"cue": "caption", "sound": "sound", "label": "label"}


def _anchor(edit: Edit, timeline: Timeline) -> Anchor | None:
    if isinstance(edit, InsertClip):
        return Anchor(text=timeline.clips[edit.at - 1].id if 0 < edit.at <= len(timeline.clips) else "")
    field, items = _named(edit, timeline)
    at = getattr(edit, field, None) if field else None
    return items[at] if at is not None and at < len(items) else None


def _named(edit: Edit, timeline: Timeline) -> tuple[str, Sequence[Anchor]]:
    """Which field of an edit is a place, and what stands at the places it counts."""
    if edit.kind in (
        "change_caption",
        "retime_caption",
        "retime_word",
        "split_caption",
        "merge_captions",
        "replace_voice",
    ):
        return "cue", _Lazily(timeline.cues, lambda cue: Anchor(text=cue.text, start_frame=cue.start_frame))
    if edit.kind == "change_gain":
        return "sound", _Lazily(
            timeline.sounds, lambda sound: Anchor(text=sound.asset.blob.sha256, start_frame=sound.start_frame)
        )
    if edit.kind == "remove_label":
        return "label", _Lazily(timeline.labels, lambda label: Anchor(text=label.text, start_frame=label.start_frame))
    return "", ()


class _Lazily(Sequence[Anchor]):
    """The anchors of items, each made when it is looked at: of a thousand captions an edit needs one."""

    def __init__(self, items: Sequence[object], anchor: Callable[..., Anchor]) -> None:
        self._items, self._anchor = items, anchor

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, at: int) -> Anchor:  # type: ignore[override]  # nobody slices it
        return self._anchor(self._items[at])


def _found(anchor: Anchor, items: Iterable[Anchor], *, by_time: bool) -> int | None:
    """The place of what an anchor means: itself, else the only one of its text, else for captions what is there then.

    A caption that somebody has written anew meanwhile stands where it stood.
    """
    here = list(items)
    if anchor in here:
        return here.index(anchor)
    same = [place for place, item in enumerate(here) if item.text == anchor.text]
    if len(same) == 1:
        return same[0]
    if by_time:
        then = [place for place, item in enumerate(here) if item.start_frame == anchor.start_frame]
        if then:
            return then[0]
    return None
