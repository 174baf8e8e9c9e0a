"""A stretch of a film as a film of its own. Pure."""

from __future__ import annotations

from storyreel.errors import InputError
from storyreel.timeline.model import Clip, Motion, Rect, Sound, Timeline, Transition
from storyreel.timeline.ripple import CUT_FADE_S, take_out


def excerpt(timeline: Timeline, first: int, after: int) -> Timeline:
    """The frames `first` to before `after`, with all that is seen and heard in them at the same moments.

    Words of which not all lies inside are left out, as are title cards: they belong to the film. A recording that the
    film has untouched is mixed, since it is heard in part. A camera move that is cut goes on at an even pace. A looped
    sound is taken up where its file, played round and round, would be.

    Raises:
        InputError: the film has no such frames.
    """
    if not 0 <= first < after <= timeline.length_frames:
        raise InputError(
            f"frames {first} to {after} cannot be taken out of a film of {timeline.length_frames}: give others"
        )
    length = after - first
    bare = timeline.model_copy(update={"sounds": (), "cards": ()})
    if after < timeline.length_frames:
        bare = take_out(bare, after, timeline.length_frames)
    if first:
        bare = take_out(bare, 0, first)
    clips = [_clip_part(clip, timeline, first, after) for clip in timeline.clips]
    return bare.model_copy(
        update={
            "length_frames": length,
            "clips": tuple(clip for clip in clips if clip is not None),
            "sounds": tuple(
                part for sound in timeline.sounds if (part := _sound_part(sound, timeline, first, after)) is not None
            ),
            "fade_in_frames": timeline.fade_in_frames if first == 0 else 0,
            "fade_out_frames": timeline.fade_out_frames if after == timeline.length_frames else 0,
        }
    )


def _clip_part(clip: Clip, timeline: Timeline, first: int, after: int) -> Clip | None:
    start, end = max(clip.start_frame, first), min(clip.end_frame, after)
    if start >= end:
        return None
    cut = start > clip.start_frame
    changes: dict[str, object] = {"start_frame": start - first, "length_frames": end - start}
    if start == first:
        changes["into"] = Transition()
    if cut and clip.asset is not None and clip.asset.kind == "video":
        changes["source_start_s"] = clip.source_start_s + timeline.rate.seconds(start - clip.start_frame) * clip.speed
    if (cut or end < clip.end_frame) and clip.motion.start != clip.motion.end:
        last = max(1, clip.length_frames - 1)
        changes["motion"] = Motion(
            start=between(clip.motion, (start - clip.start_frame) / last),
            end=between(clip.motion, (end - 1 - clip.start_frame) / last),
            ease="linear",
        )
    return clip.model_copy(update=changes)


def between(motion: Motion, progress: float) -> Rect:
    """The part of a picture on the way of an even move, `progress` from 0 to 1 along it."""

    def on_the_way(a: float, b: float) -> float:
        return a + (b - a) * progress

    start, end = motion.start, motion.end
    return Rect(
        x=on_the_way(start.x, end.x),
        y=on_the_way(start.y, end.y),
        height=on_the_way(start.height, end.height),
        turn_deg=on_the_way(start.turn_deg, end.turn_deg),
    )


def _sound_part(sound: Sound, timeline: Timeline, first: int, after: int) -> Sound | None:
    begin, end = sound.start_frame, sound.start_frame + sound.length_frames
    start, stop = max(begin, first), min(end, after)
    if start >= stop:
        return None
    source_s = sound.source_start_s + timeline.rate.seconds(start - begin)
    if sound.looped and sound.asset.duration_s > 0:
        source_s %= sound.asset.duration_s
    changes: dict[str, object] = {
        "start_frame": start - first,
        "length_frames": stop - start,
        "source_start_s": source_s,
        "untouched": False,
    }
    if start > begin:
        changes["fade_in_s"] = CUT_FADE_S
    if stop < end:
        changes["fade_out_s"] = CUT_FADE_S
    return sound.model_copy(update=changes)
