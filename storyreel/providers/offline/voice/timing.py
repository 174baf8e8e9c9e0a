"""When each word sounds, from the network's own lengths, moved onto the sound itself. Pure, on arrays.

The network says how many 25 ms frames each sound lasts. Measured against the sound (where fricatives set in and end,
where stops close; 230 word boundaries, four voices), a word ends 40 ms before its last frame does, and the next one
begins there too: the frames of the space between belong to its first sound. A stop closes in silence and is heard 45 to
85 ms later, when it opens; the slower the speech, the longer are the closing and the space. A word that begins with a
stop starts two thirds of a space later, which is 12 ms before it is heard. Where the voice pauses, a word starts where
the energy rises, and the word before ends where it has fallen. benchmarks/caption_accuracy.py measures the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyreel.providers.contracts import FloatArray

LATE_S = 0.04
CLOSURE_SHARE, LONGEST_CLOSURE_S = 2 / 3, 0.06
HOP_S = 0.005
_WINDOW_S = 0.01
_SPEECH_RANGE_DB = 40.0
_FLOOR = 1e-10
_SHORTEST_PAUSE_S = 0.06
_SEARCH_BEFORE_S, _SEARCH_AFTER_S = 0.12, 0.05

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Place:
    """When something sounds, in seconds from the start of its run."""

    start_s: float
    end_s: float


def loud_parts(samples: FloatArray, sample_rate_hz: int) -> BoolArray:
    """Where there is speech: one value every `HOP_S`, true within 40 dB of the loudest 10 ms."""
    window, hop = round(_WINDOW_S * sample_rate_hz), round(HOP_S * sample_rate_hz)
    padded = np.pad(np.square(samples, dtype=np.float64), window // 2)
    total = np.concatenate([[0.0], np.cumsum(padded)])
    starts = np.arange(0, samples.size, hop)
    power = (total[np.minimum(starts + window, total.size - 1)] - total[starts]) / window
    level_db = 10 * np.log10(power + _FLOOR)
    loud: BoolArray = level_db > max(float(level_db.max(initial=-np.inf)) - _SPEECH_RANGE_DB, -80.0)
    return loud


def speech_bounds(loud: BoolArray) -> tuple[float, float]:
    """First and last moment of speech in seconds; (0, 0) when there is none."""
    hops = np.flatnonzero(loud)
    return (float(hops[0]) * HOP_S, float(hops[-1] + 1) * HOP_S) if hops.size else (0.0, 0.0)


def place_words(
    spans: Sequence[tuple[int, int]],
    pauses_after: Sequence[bool],
    stops_first: Sequence[bool],
    lengths_frames: NDArray[np.int64],
    frame_s: float,
    loud: BoolArray,
) -> list[Place]:
    """Place the words of one run.

    Args:
        spans: first and past-the-last sound of each word, counted without the silence in front of the run.
        pauses_after: whether a mark that makes the voice pause follows the word.
        stops_first: whether the word begins with a stop, which closes before it is heard.
        lengths_frames: each sound's length, the silence in front first.
        frame_s: a frame in seconds.
        loud: as `loud_parts` gives it.

    Returns:
        A place for each word, in order, none before the one in front of it has ended.
    """
    edges_s = np.concatenate([[0], np.cumsum(lengths_frames)]) * frame_s
    if not spans:
        return []
    ends = [float(edges_s[past + 1]) - LATE_S for _, past in spans]
    starts = [0.0, *ends[:-1]]
    first_s, last_s = speech_bounds(loud)
    for index in range(len(spans) - 1):
        gap = None
        if pauses_after[index]:
            resumes_s = float(edges_s[spans[index + 1][0] + 1])
            gap = _pause(loud, ends[index] - _SEARCH_BEFORE_S, resumes_s + _SEARCH_AFTER_S)
        if gap is not None:
            ends[index], starts[index + 1] = gap
        elif stops_first[index + 1]:
            first = spans[index + 1][0]
            space_s = float(edges_s[first + 1] - edges_s[first])
            ends[index] = starts[index + 1] = ends[index] + min(CLOSURE_SHARE * space_s, LONGEST_CLOSURE_S)
    starts[0], ends[-1] = first_s, last_s
    places: list[Place] = []
    reached = 0.0
    for start, end, following in zip(starts, ends, [*starts[1:], ends[-1]], strict=True):
        start = max(start, reached)
        reached = max(start, min(end, following))
        places.append(Place(start, reached))
    return places


def _pause(loud: BoolArray, from_s: float, to_s: float) -> tuple[float, float] | None:
    """The longest quiet stretch between two moments as (start, end), or None when it is too short to be a pause."""
    first, past = max(0, round(from_s / HOP_S)), min(loud.size, round(to_s / HOP_S))
    if past <= first:
        return None
    quiet = np.concatenate([[0], (~loud[first:past]).astype(np.int8), [0]])
    changes = np.diff(quiet)
    begins, ends = np.flatnonzero(changes == 1), np.flatnonzero(changes == -1)
    if not begins.size:
        return None
    longest = int(np.argmax(ends - begins))
    if (ends[longest] - begins[longest]) * HOP_S < _SHORTEST_PAUSE_S:
        return None
    return (first + int(begins[longest])) * HOP_S, (first + int(ends[longest])) * HOP_S
