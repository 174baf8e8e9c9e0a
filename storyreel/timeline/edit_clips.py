"""Edits of pictures, applied. See `storyreel.timeline.edit`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from storyreel.errors import InputError
from storyreel.media.model import Asset
from storyreel.timeline.ease import eased
from storyreel.timeline.edit_kinds import ChangeDuration, ChangeTransition, InsertClip, MoveClip, RemoveClip, SplitClip
from storyreel.timeline.model import Clip, Ease, Motion, Rect, Timeline, Transition
from storyreel.timeline.ripple import open_room, take_out
from storyreel.timeline.transitions import fitted


def _place_of(timeline: Timeline, clip: str) -> int:
    for index, each in enumerate(timeline.clips):
        if each.id == clip:
            return index
    raise InputError(f"no clip is called {clip!r}")


def check_kind(asset: Asset | None, kinds: Sequence[str]) -> None:
    """Refuse an asset of a kind that cannot go there.

    Raises:
        InputError: it is none of `kinds`.
    """
    if asset is not None and asset.kind not in kinds:
        raise InputError(f"an asset of the kind {asset.kind!r} cannot go there: it takes {' or '.join(kinds)}")


def with_clip(timeline: Timeline, clip: str, changes: dict[str, object]) -> Timeline:
    """The timeline with some fields of one clip changed."""
    index, clips = _place_of(timeline, clip), list(timeline.clips)
    clips[index] = clips[index].model_copy(update=changes)
    return timeline.model_copy(update={"clips": tuple(clips)})


def change_transition(timeline: Timeline, edit: ChangeTransition) -> Timeline:
    """Make a `ChangeTransition`."""
    index = _place_of(timeline, edit.clip)
    if index == 0:
        raise InputError(f"{edit.clip!r} is the film's first clip and comes from nothing: fade the film in instead")
    cut = edit.into.kind == "cut" or edit.into.length_frames == 0
    into = Transition() if cut else edit.into
    changed = with_clip(timeline, edit.clip, {"into": into})
    fitting = fitted(changed)[0].clips[index].into.length_frames
    if fitting < into.length_frames:
        raise InputError(
            f"a transition of {into.length_frames} frames does not fit between the clips around it: "
            f"give at most {fitting} frames"
        )
    return changed


def change_duration(timeline: Timeline, edit: ChangeDuration) -> Timeline:
    """Make a `ChangeDuration`."""
    index, clips = _place_of(timeline, edit.clip), list(timeline.clips)
    clip = clips[index]
    more = edit.length_frames - clip.length_frames
    if edit.mode == "ripple":
        clips[index] = _lasting(clip, edit.length_frames)
        if more < 0:
            timeline = take_out(timeline, clip.end_frame + more, clip.end_frame)
        elif more > 0:
            timeline = open_room(timeline, clip.end_frame, more)
        return _tiled(timeline, clips)
    if len(clips) == 1:
        raise InputError(f"{edit.clip!r} is the film's only clip: give the mode 'ripple' to change the film's length")
    neighbour = index + 1 if index + 1 < len(clips) else index - 1
    clips[index], clips[neighbour] = _lasting(clip, edit.length_frames), _shorter(clips[neighbour], more)
    return _tiled(timeline, clips)


def move_clip(timeline: Timeline, edit: MoveClip) -> Timeline:
    """Make a `MoveClip`."""
    index, clips = _place_of(timeline, edit.clip), list(timeline.clips)
    _check_place(edit.to, len(clips) - 1)
    clips.insert(edit.to, clips.pop(index))
    return _tiled(timeline, clips)


def remove_clip(timeline: Timeline, edit: RemoveClip) -> Timeline:
    """Make a `RemoveClip`."""
    index, clips = _place_of(timeline, edit.clip), list(timeline.clips)
    if len(clips) == 1:
        raise InputError(f"{edit.clip!r} is the film's only clip, and a film needs one: replace its picture instead")
    gone = clips.pop(index)
    if edit.mode == "ripple":
        return _tiled(take_out(timeline, gone.start_frame, gone.end_frame), clips)
    heir = max(0, index - 1)
    clips[heir] = _lasting(clips[heir], clips[heir].length_frames + gone.length_frames)
    return _tiled(timeline, clips)


def insert_clip(timeline: Timeline, edit: InsertClip) -> Timeline:
    """Make an `InsertClip`."""
    clips = list(timeline.clips)
    _check_place(edit.at, len(clips))
    check_kind(edit.asset, ("image", "video"))
    _check_new(timeline, edit.id)
    start = clips[edit.at].start_frame if edit.at < len(clips) else timeline.length_frames
    if edit.mode == "ripple":
        timeline = open_room(timeline, start, edit.length_frames)
    else:
        giver = min(edit.at, len(clips) - 1)
        clips[giver] = _shorter(clips[giver], edit.length_frames)
    new = Clip(
        id=edit.id,
        asset=edit.asset,
        start_frame=start,
        length_frames=edit.length_frames,
        motion=edit.motion,
        into=edit.into,
    )
    clips.insert(edit.at, new)
    return _tiled(timeline, clips)


def _check_place(place: int, last: int) -> None:
    if place > last:
        raise InputError(f"there is no place {place}: the last one is {last}")


def _check_new(timeline: Timeline, clip: str) -> None:
    if any(each.id == clip for each in timeline.clips):
        raise InputError(f"the film has a clip called {clip!r} already: give another id")


def _lasting(clip: Clip, length_frames: int) -> Clip:
    return clip.model_copy(update={"length_frames": length_frames})


def _shorter(clip: Clip, frames: int) -> Clip:
    if frames >= clip.length_frames:
        raise InputError(
            f"its neighbour {clip.id!r} has {clip.length_frames} frames and cannot give {frames}: "
            "take fewer, or give the mode 'ripple'"
        )
    return _lasting(clip, clip.length_frames - frames)


def _tiled(timeline: Timeline, clips: Sequence[Clip]) -> Timeline:
    """The timeline with these clips one after another, their transitions made to fit."""
    ends = list(accumulate(clip.length_frames for clip in clips))
    placed = [
        clip.model_copy(update={"start_frame": end - clip.length_frames})
        for clip, end in zip(clips, ends, strict=True)
    ]  # fmt: skip
    return fitted(timeline.model_copy(update={"clips": tuple(placed), "length_frames": ends[-1]}))[0]


_EASES: tuple[Ease, ...] = ("linear", "in", "out", "in_out")


def split_clip(timeline: Timeline, edit: SplitClip) -> Timeline:
    """Make a `SplitClip`."""
    index, clips = _place_of(timeline, edit.clip), list(timeline.clips)
    clip = clips[index]
    first = edit.at_frame - clip.start_frame
    if not 0 < first < clip.length_frames:
        raise InputError(
            f"{clip.id!r} has no frame {edit.at_frame} to be cut before: it fills the frames {clip.start_frame} to "
            f"{clip.end_frame - 1}, and both parts need one"
        )
    _check_new(timeline, edit.id)
    before, after = _halves(clip.motion, first, clip.length_frames)
    video = clip.asset is not None and clip.asset.kind == "video"
    clips[index : index + 1] = [
        clip.model_copy(update={"length_frames": first, "motion": before}),
        clip.model_copy(
            update={
                "id": edit.id,
                "length_frames": clip.length_frames - first,
                "motion": after,
                "into": Transition(),
                "source_start_s": clip.source_start_s + (timeline.rate.seconds(first) * clip.speed if video else 0.0),
            }
        ),
    ]
    return _tiled(timeline, clips)


def _halves(motion: Motion, first: int, frames: int) -> tuple[Motion, Motion]:
    """A move over `frames` frames as two that follow one another, the first over `first` of them.

    Both look at the cut where the whole move did. Each gets the ease that comes nearest to its part of the whole one's
    curve; for "linear", and for the beginning of "in" and the end of "out", that is the same curve.
    """
    if motion.start == motion.end:
        return motion, motion
    last = frames - 1
    ends, begins = (first - 1) / last, first / last
    return (
        Motion(start=motion.start, end=_on_the_way(motion, ends), ease=_nearest_ease(motion.ease, 0.0, ends)),
        Motion(start=_on_the_way(motion, begins), end=motion.end, ease=_nearest_ease(motion.ease, begins, 1.0)),
    )


def _on_the_way(motion: Motion, progress: float) -> Rect:
    """Where a move looks, to a millionth."""
    e = eased(progress, motion.ease)

    def between(one: float, other: float) -> float:
        return round(one + (other - one) * e, 6)

    start, end = motion.start, motion.end
    return Rect(
        x=between(start.x, end.x),
        y=between(start.y, end.y),
        height=between(start.height, end.height),
        turn_deg=between(start.turn_deg, end.turn_deg),
    )


def _nearest_ease(ease: Ease, begins: float, ends: float) -> Ease:
    """The ease that is nearest, at its eighths, to what another does between two moments; the simpler one of equals."""
    low, high = eased(begins, ease), eased(ends, ease)
    if high - low < 1e-9:
        return "linear"

    def distance(other: Ease) -> float:
        parts = [eighth / 8 for eighth in range(1, 8)]
        wanted = [(eased(begins + (ends - begins) * part, ease) - low) / (high - low) for part in parts]
        return round(sum((eased(part, other) - want) ** 2 for part, want in zip(parts, wanted, strict=True)), 9)

    return min(_EASES, key=distance)
