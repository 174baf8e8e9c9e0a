"""The edit of what is spoken, applied. See `storyreel.timeline.edit`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storyreel.errors import InputError
from storyreel.timeline.edit_clips import check_kind
from storyreel.timeline.edit_kinds import ReplaceVoice
from storyreel.timeline.model import Clip, Cue, CueWord, Sound, Timeline
from storyreel.timeline.ripple import CUT_FADE_S, open_room, take_out
from storyreel.timeline.transitions import fitted

VOICES = ("narration", "dialogue", "recording")
BREATH_S = 0.2
"""How much of the silence before and after a line goes with it, at most: half of what there is."""
SHORTEST_SHOT_S = 0.5
"""A line that has become shorter leaves the picture on screen so long at least; the rest of its time is a pause."""
WINDOW_JOIN_S = 0.35


def replace_voice(timeline: Timeline, edit: ReplaceVoice) -> Timeline:
    """Make a `ReplaceVoice`."""
    check_kind(edit.asset, ("audio", "video"))
    rate, said = timeline.rate, _said(timeline, edit)
    start, end = stretch(timeline, edit.cue, edit.captions)
    length = max(1, rate.frames_ceil(edit.asset.duration_s))
    silent, place, track = _silenced(timeline, start, end)
    changed = _as_long(_without_captions(silent, edit, start, end), start, end, length)
    sound = Sound(
        asset=edit.asset,
        track=track,
        start_frame=start,
        length_frames=min(length, changed.length_frames - start),
        gain_db=edit.gain_db,
        fade_in_s=CUT_FADE_S,
        fade_out_s=CUT_FADE_S,
    )
    last = start + sound.length_frames
    spoken = [
        (min(start + rate.frames(start_s), last), min(start + rate.frames_ceil(end_s), last))
        for start_s, end_s in edit.words
    ]
    behind = changed.cues[edit.cue :]
    cues = _retold(said, spoken, start, behind[0].start_frame if behind else changed.length_frames)
    return changed.model_copy(
        update={
            "sounds": (*changed.sounds[:place], sound, *changed.sounds[place:]),
            "cues": (*changed.cues[: edit.cue], *cues, *behind),
            "voice_windows": _with_windows(changed.voice_windows, spoken, rate.frames(WINDOW_JOIN_S)),
        }
    )


def stretch(timeline: Timeline, cue: int, captions: int) -> tuple[int, int]:
    """The frames, end excluded, in which some captions are spoken, with a breath on both sides where there is room."""
    cues = timeline.cues
    first, last = _words(cues[cue]), _words(cues[cue + captions - 1])
    if not first or not last:
        raise InputError("a caption without words is not spoken")
    begins, ends = first[0].start_frame, last[-1].end_frame
    breath = timeline.rate.frames(BREATH_S)
    before = _words(cues[cue - 1])[-1].end_frame if cue and _words(cues[cue - 1]) else 0
    behind = cues[cue + captions : cue + captions + 1]
    after = _words(behind[0])[0].start_frame if behind and _words(behind[0]) else timeline.length_frames
    start = max(0, begins - min(breath, max(0, begins - before) // 2))
    end = min(timeline.length_frames, max(ends, start + 1) + min(breath, max(0, after - ends) // 2))
    return start, end


def _said(timeline: Timeline, edit: ReplaceVoice) -> Sequence[Cue]:
    if edit.cue + edit.captions > len(timeline.cues):
        raise InputError(f"there are no {edit.captions} captions from {edit.cue} on: the film has {len(timeline.cues)}")
    said = timeline.cues[edit.cue : edit.cue + edit.captions]
    count = sum(len(_words(cue)) for cue in said)
    if count != len(edit.words):
        raise InputError(f"these captions have {count} words, and the sound tells the times of {len(edit.words)}")
    marks = [moment for word in edit.words for moment in word]
    if marks != sorted(marks):
        raise InputError("the words' times in the sound are not one after another")
    return said


def _words(cue: Cue) -> list[CueWord]:
    return [word for line in cue.lines for word in line]


def _silenced(timeline: Timeline, start: int, end: int) -> tuple[Timeline, int, str]:
    """The film without a voice from `start` to `end`, the place for another sound, and on which track it belongs."""
    sounds: list[Sound] = []
    place, track = -1, ""
    for sound in timeline.sounds:
        after = sound.start_frame + sound.length_frames
        if sound.track not in VOICES or sound.start_frame >= end or after <= start:
            sounds.append(sound)
            continue
        if sound.untouched:
            raise InputError("the recording goes into the film untouched, so no line of it can be spoken anew")
        track = track or sound.track
        if sound.start_frame < start:
            length = start - sound.start_frame
            sounds.append(sound.model_copy(update={"length_frames": length, "fade_out_s": CUT_FADE_S}))
        place = len(sounds) if place < 0 else place
        if after > end:
            source_start_s = sound.source_start_s + timeline.rate.seconds(end - sound.start_frame)
            rest = {"start_frame": end, "length_frames": after - end, "source_start_s": source_start_s}
            sounds.append(sound.model_copy(update=rest | {"fade_in_s": CUT_FADE_S}))
    windows = (part for window in timeline.voice_windows for part in _without(window, start, end))
    changes = {"sounds": tuple(sounds), "voice_windows": tuple(windows)}
    return timeline.model_copy(update=changes), max(place, 0), track or "narration"


def _without(window: tuple[int, int], start: int, end: int) -> Iterator[tuple[int, int]]:
    for first, after in ((window[0], min(window[1], start)), (max(window[0], end), window[1])):
        if after > first:
            yield first, after


def _as_long(timeline: Timeline, start: int, end: int, length: int) -> Timeline:
    """The film with so much more or less time before `end` that what begins at `start` has its length."""
    more = length - (end - start)
    at = next(place for place, clip in enumerate(timeline.clips) if clip.end_frame >= end)
    clip = timeline.clips[at]
    if more < 0:
        spare = clip.length_frames - timeline.rate.frames(SHORTEST_SHOT_S)
        more = -max(0, min(-more, spare, end - max(start, clip.start_frame)))
    if more > 0:
        timeline = open_room(timeline, end, more)
    elif more < 0:
        timeline = take_out(timeline, end + more, end)
    else:
        return timeline
    return _with_longer(timeline, at, clip, more)


def _with_longer(timeline: Timeline, at: int, clip: Clip, more: int) -> Timeline:
    longer = clip.model_copy(update={"length_frames": clip.length_frames + more})
    later = (
        each.model_copy(update={"start_frame": each.start_frame + more}) for each in timeline.clips[at + 1 :]
    )  # fmt: skip
    return fitted(timeline.model_copy(update={"clips": (*timeline.clips[:at], longer, *later)}))[0]


def _without_captions(timeline: Timeline, edit: ReplaceVoice, start: int, end: int) -> Timeline:
    """The film without the captions that are said, the ones before and behind them clear of `start` to `end`."""
    before = [
        cue.model_copy(update={"length_frames": min(cue.end_frame, start) - cue.start_frame})
        for cue in timeline.cues[: edit.cue]
    ]
    behind = [
        cue.model_copy(update={"start_frame": first, "length_frames": cue.end_frame - first})
        for cue in timeline.cues[edit.cue + edit.captions :]
        for first in (max(cue.start_frame, end),)
    ]
    return timeline.model_copy(update={"cues": (*before, *behind)})


def _retold(said: Sequence[Cue], spoken: Sequence[tuple[int, int]], earliest: int, latest: int) -> list[Cue]:
    """The captions at the times of their words, from `earliest` to `latest`; each stays on as it did, or can."""
    made: list[Cue] = []
    at = 0
    for cue in said:
        old = _words(cue)
        start = max(earliest, spoken[at][0] - (old[0].start_frame - cue.start_frame))
        own = [(max(first, start), max(after, start)) for first, after in spoken[at : at + len(old)]]
        at += len(old)
        until = spoken[at][0] if at < len(spoken) else latest
        end = max(min(own[-1][1] + cue.end_frame - old[-1].end_frame, until), own[-1][1], start + 1)
        timed = iter(
            CueWord(text=word.text, start_frame=first, end_frame=after)
            for word, (first, after) in zip(old, own, strict=True)
        )
        lines = tuple(tuple(next(timed) for _ in line) for line in cue.lines)
        made.append(Cue(start_frame=start, length_frames=end - start, lines=lines))
        earliest = end
    return made


def _with_windows(
    windows: Sequence[tuple[int, int]], spoken: Sequence[tuple[int, int]], join: int
) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((*windows, *(each for each in spoken if each[1] > each[0]))):
        if merged and start - merged[-1][1] < join:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return tuple(merged)
