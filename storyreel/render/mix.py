"""Sounds placed, levelled, faded, ducked and added. Pure on arrays.

Every gain is a function of the film's sample number alone, so a film mixed in blocks is the film mixed whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import pi

import numpy as np

from storyreel.providers.contracts import FloatArray
from storyreel.timeline.model import Sound, Timeline, Track

SAMPLE_RATE_HZ = 48_000
CHANNELS = 2

DUCK_DB: Mapping[Track, float] = {
    "narration": 0.0,
    "dialogue": 0.0,
    "music": -12.0,
    "effects": -6.0,
    "clip": -9.0,
    "recording": -12.0,
}
"""How far a ducked sound goes down while somebody speaks, by its track: effects keep their punch, and of a clip's own
sound the place stays to be heard. A voice does not make room for itself."""

DUCK_DOWN_S = 0.3  # ends as the voice begins
DUCK_UP_S = 0.5  # begins as the voice ends
DUCK_HOLD_S = 0.8  # a shorter pause does not bring the music back
LOOP_FADE_S = 1.5
"""The fade a looped sound ends on, if it has none of its own: it would stop in the middle of a bar."""

Windows = Sequence[tuple[int, int]]
"""(first, after) in samples, ascending, not overlapping."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a sound lies in the film and how loud it is there; all counts are samples.

    Attributes:
        duck_db: how far it goes down while somebody speaks.
    """

    first: int
    count: int
    gain_db: float = 0.0
    fade_in: int = 0
    fade_out: int = 0
    duck_db: float = 0.0

    @property
    def after(self) -> int:
        """The first sample after it."""
        return self.first + self.count


def place(sound: Sound, timeline: Timeline) -> Placement:
    """A sound's place at `SAMPLE_RATE_HZ`, exact from its frames and cut where the film ends."""
    rate = timeline.rate
    first = rate.samples(sound.start_frame, SAMPLE_RATE_HZ)
    end_frame = min(sound.start_frame + sound.length_frames, timeline.length_frames)
    count = max(0, rate.samples(end_frame, SAMPLE_RATE_HZ) - first)
    fade_in, fade_out = round(sound.fade_in_s * SAMPLE_RATE_HZ), round(sound.fade_out_s * SAMPLE_RATE_HZ)
    if sound.looped and not fade_out:
        fade_out = min(round(LOOP_FADE_S * SAMPLE_RATE_HZ), count // 4)
    duck_db = DUCK_DB[sound.track] if sound.ducked else 0.0
    return Placement(first, count, sound.gain_db, min(fade_in, count), min(fade_out, count), duck_db)


def heard(placement: Placement, low: int, high: int) -> Placement:
    """What of a placement is heard in the film's samples `low` to `high`, counted from `low`.

    The envelope in there stays the same, but nothing is kept of what lies outside it: a sound that goes on for an hour
    and one that ends in two minutes are one in a minute both fill. A fade that reaches in is kept whole.
    """
    begin, after, fade_in, fade_out = placement.first, placement.after, placement.fade_in, placement.fade_out
    if begin + fade_in <= low:
        begin, fade_in = max(begin, low), 0
    if after - fade_out >= high:
        after, fade_out = min(after, high), 0
    return replace(placement, first=begin - low, count=after - begin, fade_in=fade_in, fade_out=fade_out)


def heard_windows(windows: Windows, low: int, high: int) -> Windows:
    """What of the ducking windows is heard in the film's samples `low` to `high`, counted from `low`."""
    down, up = round(DUCK_DOWN_S * SAMPLE_RATE_HZ), round(DUCK_UP_S * SAMPLE_RATE_HZ)
    near = [(start, end) for start, end in windows if start - down < high and end + up > low]
    # Which of two moments out of hearing it began or ended at makes no difference.
    return tuple((max(start, min(low, end)) - low, min(end, max(high, start)) - low) for start, end in near)


def ducking_windows(timeline: Timeline) -> Windows:
    """When music is held down: the voice windows, those closer than `DUCK_HOLD_S` joined."""
    hold = round(DUCK_HOLD_S * SAMPLE_RATE_HZ)
    joined: list[tuple[int, int]] = []
    for start_frame, end_frame in sorted(timeline.voice_windows):
        first = timeline.rate.samples(start_frame, SAMPLE_RATE_HZ)
        after = timeline.rate.samples(end_frame, SAMPLE_RATE_HZ)
        if joined and first - joined[-1][1] < hold:
            joined[-1] = joined[-1][0], max(joined[-1][1], after)
        else:
            joined.append((first, after))
    return tuple(joined)


def duck_gain(windows: Windows, depth_db: float, first: int, count: int) -> FloatArray:
    """The ducking factor for the film's samples `first` to `first + count`, shape (count,).

    `depth_db` inside a window; between windows 1, reached along half a cosine in decibels. The way down is over when
    the voice begins.
    """
    down, up = round(DUCK_DOWN_S * SAMPLE_RATE_HZ), round(DUCK_UP_S * SAMPLE_RATE_HZ)
    gain = np.ones(count, np.float32)
    for start, end in windows:
        low, high = max(start - down, first), min(end + up, first + count)
        if low >= high:
            continue
        for begin, after in ((low, min(start, high)), (max(end, low), high)):  # the ramps
            if begin < after:
                at = np.arange(begin, after)
                held = 0.5 + 0.5 * np.cos(pi * np.maximum((start - at) / down, (at - end) / up))
                here = gain[begin - first : after - first]
                np.minimum(here, 10.0 ** (depth_db / 20.0 * held), out=here, casting="same_kind")
        inside = gain[max(start, low) - first : max(min(end, high), low) - first]
        np.minimum(inside, np.float32(10.0 ** (depth_db / 20.0)), out=inside)
    return gain


def envelope(placement: Placement, first: int, count: int, windows: Windows) -> FloatArray:
    """A sound's factor for the film's samples `first` to `first + count`, shape (count,): gain, fades and ducking.

    Fades keep power constant where one sound's end is another's beginning: a quarter sine, a quarter cosine.
    """
    at = np.arange(first, first + count)
    factor = np.full(count, 10.0 ** (placement.gain_db / 20.0))
    if placement.fade_in and first < placement.first + placement.fade_in:
        factor *= np.sin(pi / 2 * np.clip((at - placement.first + 0.5) / placement.fade_in, 0.0, 1.0))
    if placement.fade_out and first + count > placement.after - placement.fade_out:
        factor *= np.sin(pi / 2 * np.clip((placement.after - at - 0.5) / placement.fade_out, 0.0, 1.0))
    factor[(at < placement.first) | (at >= placement.after)] = 0.0
    if placement.duck_db:
        factor *= duck_gain(windows, placement.duck_db, first, count)
    return factor.astype(np.float32)


def add(into: FloatArray, samples: FloatArray, placement: Placement, into_first: int, first: int,
        windows: Windows) -> None:  # fmt: skip
    """Add a stretch of a sound to a block, in place.

    Args:
        into: the block, shape (n, channels), which starts at the film's sample `into_first`.
        samples: the stretch as it is in its file, shape (m, channels), which belongs at the film's sample `first`;
            all of it lies inside the block.
        placement, windows: see `place` and `ducking_windows`.
    """
    where = into[first - into_first : first - into_first + len(samples)]
    where += samples * envelope(placement, first, len(samples), windows)[:, None]
