"""How far a transition reaches into the clips at its sides, and transitions made to fit short clips."""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.timeline.model import Clip, Timeline, Transition

_NAMES = {
    "dissolve": "dissolve", "fade_black": "fade through black", "fade_white": "fade through white", "wipe": "wipe",
    "slide": "slide", "push": "push", "zoom": "zoom",
}  # fmt: skip


def reach(into: Transition) -> tuple[int, int]:
    """How many frames a transition covers before its cut and from it on."""
    length = 0 if into.kind == "cut" else into.length_frames
    return length // 2, length - length // 2


def fitted(timeline: Timeline) -> tuple[Timeline, tuple[str, ...]]:
    """Shorten every transition for which the clips at its sides are too short.

    A clip has to be as long as the shares that the transitions at its ends take of it. Where it is not, both give up in
    proportion to their shares. One of which less than two frames would be left becomes a cut. Other faults of a
    timeline are left to who draws it.

    Returns:
        The timeline, the same one where nothing had to change, and one sentence for each transition that was shortened.
    """
    clips = timeline.clips
    asked = [sum(reach(clip.into)) if index else 0 for index, clip in enumerate(clips)] + [0]
    lengths, causes = list(asked), dict[int, Clip]()
    for index, clip in enumerate(clips):
        after, before = _shares(lengths, index)
        if after + before <= clip.length_frames:
            continue
        room_after = after * clip.length_frames // (after + before)
        for number, longest in (
            (index, _longest(after=room_after)),
            (index + 1, _longest(before=clip.length_frames - room_after)),
        ):
            if longest < lengths[number]:
                lengths[number], causes[number] = longest, clip
    if not causes:
        return timeline, ()
    # What a transition gave up for one clip may have been more than it needs since its neighbour gave up some too.
    for number in causes:
        room_before = clips[number - 1].length_frames - _shares(lengths, number - 1)[0]
        room_after = clips[number].length_frames - _shares(lengths, number)[1]
        lengths[number] = min(asked[number], _longest(after=room_after), _longest(before=room_before))
    changed, warnings = list(clips), []
    for number, cause in sorted(causes.items()):
        into, short = clips[number].into, lengths[number] if lengths[number] >= 2 else 0
        if short == into.length_frames:
            continue
        update = {"length_frames": short} if short else {"kind": "cut", "length_frames": 0}
        changed[number] = clips[number].model_copy(update={"into": into.model_copy(update=update)})
        done = f"shortened from {into.length_frames} to {short} frames" if short else "made a cut"
        warnings.append(
            f"the {_NAMES[into.kind]} into clip {clips[number].id} was {done}, "
            f"because clip {cause.id} lasts {_frames(cause.length_frames)} only"
        )
    return timeline.model_copy(update={"clips": tuple(changed)}), tuple(warnings)


def _shares(lengths: Sequence[int], index: int) -> tuple[int, int]:
    """The frames that the transitions at a clip's start and end take of it."""
    return lengths[index] - lengths[index] // 2, lengths[index + 1] // 2


def _longest(*, after: int | None = None, before: int | None = None) -> int:
    """The longest transition that covers no more than so many frames after its cut, or before it."""
    return 2 * after if after is not None else 2 * (before or 0) + 1


def _frames(count: int) -> str:
    return f"{count} frame" if count == 1 else f"{count} frames"
