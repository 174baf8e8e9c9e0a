"""Room made in a film's time, or time taken out of it, for all that plays and stands beside its pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from storyreel.errors import InputError
from storyreel.timeline.model import Card, Cue, CueWord, Label, Sound, Timeline

CUT_FADE_S = 0.02
"""A sound that is cut in two fades this long on both sides, so that the cut does not click."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of time after an edit, and the frame it began on before."""

    start: int
    end: int
    was: int


_Parts = Callable[[int, int], list[_Part]]
Text = TypeVar("Text", Card, Label)


def open_room(timeline: Timeline, at: int, frames: int) -> Timeline:
    """Make room for `frames` frames before frame `at`, for all but the clips.

    Raises:
        InputError: a recording that stays untouched plays there.
    """

    def parts(start: int, end: int) -> list[_Part]:
        before = _Part(start, min(end, at), start)
        after = _Part(max(start, at) + frames, end + frames, max(start, at))
        return [part for part in (before, after) if part.end > part.start]

    longer = timeline.model_copy(update={"length_frames": timeline.length_frames + frames})
    return _rippled(timeline, longer, parts, gap_frames=frames)


def take_out(timeline: Timeline, first: int, after: int) -> Timeline:
    """Take the frames from `first` to before `after` out, for all but the clips.

    Raises:
        InputError: a recording that stays untouched plays there, or nothing of the film would be left.
    """

    def parts(start: int, end: int) -> list[_Part]:
        before = _Part(start, min(end, first), start)
        behind = _Part(max(start, after) - (after - first), end - (after - first), max(start, after))
        return [part for part in (before, behind) if part.end > part.start]

    length = timeline.length_frames - (after - first)
    if length < 1:
        raise InputError("nothing of the film would be left")
    return _rippled(timeline, timeline.model_copy(update={"length_frames": length}), parts, gap_frames=0)


def _rippled(before: Timeline, after: Timeline, parts: _Parts, gap_frames: int) -> Timeline:
    return after.model_copy(
        update={
            "cues": tuple(cue for old in before.cues for cue in _cue_parts(old, parts)),
            "cards": tuple(card for old in before.cards for card in _text_parts(old, parts)),
            "labels": tuple(label for old in before.labels for label in _text_parts(old, parts)),
            "sounds": tuple(sound for old in before.sounds for sound in _sound_parts(old, before, parts, gap_frames)),
            "voice_windows": _merged(
                (part.start, part.end) for start, end in before.voice_windows for part in parts(start, end)
            ),
        }
    )


def _cue_parts(cue: Cue, parts: _Parts) -> list[Cue]:
    """A caption after a ripple: in two where room was made inside it, without the words that were taken out."""
    kept = parts(cue.start_frame, cue.end_frame)
    places = [(part.start, part.end) for part in kept]
    if len(kept) == 2 and kept[0].end == kept[1].start:  # what lay between is gone
        places = [(kept[0].start, kept[1].end)]
    made: list[Cue] = []
    for start, end in places:
        lines = [[word for old in line for word in _word_in(old, cue, parts, start, end)] for line in cue.lines]
        if any(lines):
            shown = tuple(tuple(line) for line in lines if line)
            made.append(Cue(start_frame=start, length_frames=end - start, lines=shown))
    return made


def _word_in(word: CueWord, cue: Cue, parts: _Parts, start: int, end: int) -> list[CueWord]:
    """The word where it is now, if it begins from `start` to before `end`; it ends there at the latest."""
    begins = min(word.start_frame, cue.end_frame - 1)  # one that takes no time may stand on the caption's very end
    kept = parts(begins, max(word.end_frame, begins + 1))
    if not kept or not start <= kept[0].start < end:
        return []
    at = kept[0].start + word.start_frame - begins
    ends = min(kept[-1].end, end) if word.end_frame > word.start_frame else at
    return [CueWord(text=word.text, start_frame=at, end_frame=ends)]


def _text_parts(text: Text, parts: _Parts) -> list[Text]:
    """A card or label after a ripple: room made inside it does not make it longer."""
    kept = parts(text.start_frame, text.start_frame + text.length_frames)
    length = sum(part.end - part.start for part in kept)
    return [text.model_copy(update={"start_frame": kept[0].start, "length_frames": length})] if kept else []


def _sound_parts(sound: Sound, timeline: Timeline, parts: _Parts, gap_frames: int) -> list[Sound]:
    end = sound.start_frame + sound.length_frames
    kept = parts(sound.start_frame, end)
    if sound.untouched:
        if [(part.start, part.end) for part in kept] != [(sound.start_frame, end)]:
            raise InputError(
                "the recording goes into the film untouched, so no time can be put in or taken out: use the mode 'roll'"
            )
        return [sound]
    if not kept:
        return []
    if sound.track == "music" or sound.looped:
        length = sum(part.end - part.start for part in kept) + (gap_frames if len(kept) == 2 else 0)
        return [_playing_on(sound, kept[0].start, length, timeline)]
    made = []
    for part in kept:
        changes: dict[str, object] = {
            "start_frame": part.start,
            "length_frames": part.end - part.start,
            "source_start_s": sound.source_start_s + timeline.rate.seconds(part.was - sound.start_frame),
        }
        if part.was > sound.start_frame:
            changes["fade_in_s"] = CUT_FADE_S
        if part.was + part.end - part.start < end:
            changes["fade_out_s"] = CUT_FADE_S
        made.append(sound.model_copy(update=changes))
    return made


def _playing_on(sound: Sound, start: int, length: int, timeline: Timeline) -> Sound:
    """Music at a new place and of a new length; no longer than its recording, so that its end is still faded out."""
    if not sound.looped and length > sound.length_frames and sound.asset.duration_s:
        whole = timeline.rate.frames(max(0.0, sound.asset.duration_s - sound.source_start_s))
        length = min(length, max(whole, sound.length_frames))
    return sound.model_copy(update={"start_frame": start, "length_frames": length})


def _merged(windows: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in windows:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
