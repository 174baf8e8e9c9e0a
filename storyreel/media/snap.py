"""Heard words set on the voice: starts on where it comes back after a silence, ends on where it falls silent. Pure.

Listeners know words better than moments: after a pause they are a tenth of a second off or more, where the sound's
energy shows the very moment. Between words that are spoken on without a break nothing is changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from storyreel.media.energy import HOP_S
from storyreel.providers.contracts import FloatArray, HeardWord

REACH_S = 0.25
SHORTEST_SILENCE_S = 0.07
SHORTEST_WORD_S = 0.04
_RANGE_DB = 32.0
_OVER_NOISE_DB = 6.0
LEAST_RANGE_DB = 24.0  # below it, weak consonants lie in the noise and would be taken for silence
_BEFORE_S = 0.02  # the energy at a moment is that of the 25 ms around it, and a voice sets in softly


def silences(
    energy: FloatArray, hop_s: float = HOP_S, *, least_range_db: float = LEAST_RANGE_DB
) -> tuple[tuple[float, float], ...]:
    """The stretches in which nobody speaks, in seconds, in order.

    Args:
        energy: what `energy_db` gave.
        hop_s: the time between its values.
        least_range_db: how far the loudest must lie above the quietest for silence to be told from speech.

    Returns:
        (start_s, end_s) of each, at least `SHORTEST_SILENCE_S` long; () where noise or music leave no silence to see.
    """
    if not len(energy):
        return ()
    loud, noise = float(np.percentile(energy, 95)), float(np.percentile(energy, 5))
    if loud - noise < least_range_db:
        return ()
    limit = max(loud - _RANGE_DB, noise + min(_OVER_NOISE_DB, (loud - noise) / 3))
    quiet = np.concatenate([[False], energy < limit, [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
    return tuple(
        (float(first) * hop_s, float(after) * hop_s)
        for first, after in edges.reshape(-1, 2)
        if (after - first) * hop_s >= SHORTEST_SILENCE_S
    )


def snapped(words: Sequence[HeardWord], energy: FloatArray, hop_s: float = HOP_S) -> tuple[HeardWord, ...]:
    """The words with their starts and ends moved to the edges of the silences that are at most `REACH_S` away.

    Args:
        words: in order, times from the energy's start, not overlapping.
        energy, hop_s: see `silences`.

    Returns:
        The same words; their times still do not overlap, and no word is shorter than it was or than 40 ms.
    """
    runs = silences(energy, hop_s)
    if not runs:
        return tuple(words)
    begins, ends = [first for first, _ in runs], [after for _, after in runs]
    moved: list[HeardWord] = []
    for index, word in enumerate(words):
        before = words[index - 1] if index else None
        after = words[index + 1] if index + 1 < len(words) else None
        shortest_s = min(SHORTEST_WORD_S, word.end_s - word.start_s)
        # A silence between two words lies after the middle of the one and before the middle of the other.
        low_s = max((before.start_s + before.end_s) / 2 if before else 0.0, word.start_s - REACH_S)
        high_s = min((word.start_s + word.end_s) / 2, word.start_s + REACH_S)
        start_s = _nearest(ends, word.start_s, low_s, high_s)
        low_s = max((word.start_s + word.end_s) / 2, word.end_s - REACH_S)
        high_s = min((after.start_s + after.end_s) / 2 if after else word.end_s + REACH_S, word.end_s + REACH_S)
        end_s = _nearest(begins, word.end_s, low_s, high_s)
        start_s = max(start_s - (_BEFORE_S if start_s != word.start_s else 0.0), moved[-1].end_s if moved else 0.0)
        end_s = max(end_s, start_s + shortest_s)
        moved.append(word.model_copy(update={"start_s": round(start_s, 3), "end_s": round(end_s, 3)}))
    for index in range(len(moved) - 1):
        if moved[index].end_s > moved[index + 1].start_s:
            limit_s = max(moved[index].start_s, moved[index + 1].start_s)
            moved[index] = moved[index].model_copy(update={"end_s": limit_s})
    return tuple(moved)


def _nearest(moments_s: Sequence[float], wanted_s: float, low_s: float, high_s: float) -> float:
    """The moment nearest to the one wanted within (low_s, high_s); the one wanted where there is none."""
    at = bisect_left(moments_s, wanted_s)
    near = [moment for moment in moments_s[max(0, at - 1) : at + 1] if low_s <= moment <= high_s]
    return min(near, key=lambda moment: abs(moment - wanted_s), default=wanted_s)
