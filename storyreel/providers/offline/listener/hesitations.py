"""Where somebody hesitates aloud, seen in what the recogniser's encoder makes of the sound, and set among the words.

The network was taught to leave "um" out of what it writes: it writes "him" or "the arm" instead, or nothing. Its
encoder tells the difference all the same. A linear probe on the encoder's output (Alain and Bengio 2016,
"Understanding intermediate layers using linear classifier probes") says for every 20 ms how likely it belongs to a
hesitation; benchmarks/hesitation_probe.py trained it on recordings whose hesitations are known. Which of the words
that were written there are what the network made of the sound, and which only stand in the wrong place, its decoder
tells: of all ways to set "um" among them the likeliest is taken.

A word lost is worse than a hesitation that stays. Where a word was heard and the probe is in doubt, the sound is taken
out for trial: only if what is left is likelier than the whole was, the word was none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

from storyreel.providers.contracts import FloatArray, HeardWord
from storyreel.providers.hesitating import hesitates

FRAME_S = 0.02
"""The time between two of the encoder's outputs."""

_FOLDER = Path(__file__).parent
_EDGE, _BRIDGED, _BRIDGED_FRAMES, _CORE = 0.08, 0.5, 2, 0.4
_PEAK_FRAMES = 8
_LEAST_SURE_S, _LEAST_PEAK, _LEAST_PEAK_HEARD = 0.1, 0.55, 0.45
_NEAR_S = 0.3
_LONELY_S = 3.0
# The probe's peak: from the first on it is believed whatever was heard, from the second on if the network was in doubt
# of that, below the third a heard word is.
_SURE, _SURE_BESIDE_DOUBT, _DOUBTED = 0.9, 0.82, 0.6
_DOUBTFUL = 0.7
_HEARD, _FILLED = 0.3, 0.5
_HEARD_BESIDE, _WITHIN, _LEAST_LEFT_S = 0.8, 0.8, 0.2
_LAG_FRAMES = (-8, -3, 0, 3, 8)
_ROOM_S = 0.1
_TOUCHING_S = 0.1
_WRITTEN = "um,"
_INSIDE = 0.5
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Hesitation:
    """A stretch in which somebody may hesitate.

    Attributes:
        sure_s: the sum of its frames' probabilities, times their length: an expected length.
        peak: the mean probability of the 160 ms in which it is highest. Where it comes and goes the probe is in doubt,
            whatever it is; what a word has of a hesitation, it has not for so long.
        core: when the part of it begins and ends that is nearly as likely as its likeliest moment.
    """

    start_s: float
    end_s: float
    sure_s: float
    peak: float
    core: tuple[float, float]


class Sound(Protocol):
    """A stretch of sound as the network knows it."""

    def likelihood(self, words: Sequence[str]) -> float:
        """The natural logarithm of how likely a text of this sound is, given as its words."""

    def without(self, start_s: float, end_s: float) -> Sound:
        """The sound with a part cut out."""


@cache
def probe(model: str) -> FloatArray | None:
    """A model's probe: the weights of what `in_context` gives for a frame, and the bias.

    Returns:
        float32 of shape (5 x width + 1,); None for a model that none was trained for.
    """
    path = _FOLDER / f"hesitation_probe_{model}.npy"
    if not path.is_file():
        return None
    weights: FloatArray = np.load(path, allow_pickle=False)
    return weights


def in_context(encoded: FloatArray) -> FloatArray:
    """Each frame among those 160 and 60 ms before and after it, shape (n, 5 x width), of the encoder's (n, width)."""
    place = np.arange(len(encoded))
    parts = [encoded[np.clip(place + lag, 0, len(encoded) - 1)] for lag in _LAG_FRAMES]
    return np.concatenate(parts, axis=1)


def probabilities(encoded: FloatArray, weights: FloatArray) -> FloatArray:
    """How likely each frame belongs to a hesitation, shape (n,), of the encoder's output, shape (n, width)."""
    if not len(encoded):
        return np.zeros(0, np.float32)
    odds = in_context(encoded) @ weights[:-1] + weights[-1]
    padded = np.concatenate([odds[:1], odds, odds[-1:]])
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / 3
    likely: FloatArray = (1.0 / (1.0 + np.exp(-smooth))).astype(np.float32)
    return likely


def stretches(likely: FloatArray) -> tuple[Hesitation, ...]:
    """The stretches of frames that are likely enough to look at, in order; short gaps are bridged."""
    on = np.concatenate([[False], likely > _EDGE, [False]])
    runs: list[list[int]] = []
    for first, after in np.flatnonzero(np.diff(on.astype(np.int8))).reshape(-1, 2):
        if runs and first - runs[-1][1] <= _BRIDGED_FRAMES and likely[first:after].max() > _BRIDGED:
            runs[-1][1] = int(after)
        else:
            runs.append([int(first), int(after)])
    return tuple(
        Hesitation(
            first * FRAME_S,
            after * FRAME_S,
            float(likely[first:after].sum()) * FRAME_S,
            _peak(likely[first:after]),
            _core(likely[first:after], first),
        )
        for first, after in runs
    )


def _core(likely: FloatArray, first: int) -> tuple[float, float]:
    on = np.flatnonzero(likely > _CORE * likely.max())
    return (first + int(on[0])) * FRAME_S, (first + int(on[-1]) + 1) * FRAME_S


def _peak(likely: FloatArray) -> float:
    width = min(_PEAK_FRAMES, len(likely))
    return float(np.convolve(likely, np.full(width, 1.0 / width), "valid").max())


def settled(words: Sequence[HeardWord], found: Sequence[Hesitation], sound: Sound) -> tuple[HeardWord, ...]:
    """Words with every hesitation that sounds, when it sounds, and without those that were only written.

    Args:
        words: in order, times not overlapping.
        found: what `stretches` gave.
        sound: in which they were heard.

    Returns:
        Words in order whose times do not overlap.
    """
    written = [word for index, word in enumerate(words) if _is_one(words, index)]
    heard = said = [word for index, word in enumerate(words) if not _is_one(words, index)]
    for stretch in sorted(found, key=lambda each: -each.sure_s):  # the surest has the first choice of what was written
        own = min((word for word in written if _near(word, stretch)), key=lambda w: _apart_s(w, stretch), default=None)
        if stretch.peak < (_LEAST_PEAK if own is None else _LEAST_PEAK_HEARD):
            continue
        if own is None and stretch.sure_s < _LEAST_SURE_S:
            continue
        if own is not None:
            written.remove(own)
        if not any(_apart_s(word, stretch) < _LONELY_S for word in words):
            continue  # where nobody is heard to speak nobody hesitates: that is music
        start_s, end_s = _beside_words(said, stretch) if own is not None else (stretch.start_s, stretch.end_s)
        one = HeardWord(
            text=_WRITTEN if own is None else own.text,
            start_s=round(start_s, 3),
            end_s=round(end_s, 3),
            confidence=round(min(1.0, stretch.sure_s / (stretch.end_s - stretch.start_s)), 3),
        )
        if own is None and (over := _over(heard, stretch)):
            doubtful = all(word.confidence < _DOUBTFUL for word in over)
            sure = stretch.peak >= (_SURE_BESIDE_DOUBT if doubtful else _SURE)
            if not sure and (stretch.peak < _DOUBTED or _is_a_word(said, one, sound)):
                continue
        said = _with_one(said, one, stretch, sound, written=own is not None)
    return tuple(said)


def _is_one(words: Sequence[HeardWord], index: int) -> bool:
    before, after = (words[place].text if 0 <= place < len(words) else "" for place in (index - 1, index + 1))
    return hesitates(words[index].text, before, after)


def _near(word: HeardWord, stretch: Hesitation) -> bool:
    return word.start_s < stretch.end_s + _NEAR_S and word.end_s > stretch.start_s - _NEAR_S


def _over(heard: Sequence[HeardWord], stretch: Hesitation) -> list[HeardWord]:
    """The words that were heard for most of a stretch; none if there was less."""
    over = [(word, min(word.end_s, stretch.end_s) - max(word.start_s, stretch.start_s)) for word in heard]
    over = [(word, shared_s) for word, shared_s in over if word.confidence > _HEARD and shared_s > 0]
    enough = sum(shared_s for _, shared_s in over) > _FILLED * (stretch.end_s - stretch.start_s)
    return [word for word, _ in over] if enough else []


def _is_a_word(said: Sequence[HeardWord], one: HeardWord, sound: Sound) -> bool:
    """Whether what may be a hesitation is rather what was heard there: "home", "hum" and "arm" sound much like one."""
    first, after = _place(said, one)
    texts, left = [word.text for word in said], sound.without(one.start_s, one.end_s)
    # The words there may be what was made of the hesitation, or stand there by mistake: without them, or with them.
    return max(map(left.likelihood, ([*texts[:first], *texts[after:]], texts))) <= sound.likelihood(texts)


def _beside_words(said: Sequence[HeardWord], stretch: Hesitation) -> tuple[float, float]:
    """The part of a stretch that is left when a word at its edge that sounds alike ("arm, um") goes its own way."""
    start_s, end_s = stretch.start_s, stretch.end_s
    for word in said:
        shared_s = min(word.end_s, end_s) - max(word.start_s, start_s)
        if word.confidence <= _HEARD_BESIDE or shared_s <= _WITHIN * (word.end_s - word.start_s):
            continue
        if end_s - word.end_s >= max(_LEAST_LEFT_S, word.start_s - start_s):
            start_s = word.end_s
        elif word.start_s - start_s >= _LEAST_LEFT_S:
            end_s = word.start_s
    return start_s, end_s


def _apart_s(word: HeardWord, stretch: Hesitation) -> float:
    return abs(word.start_s + word.end_s - stretch.start_s - stretch.end_s) / 2


def _with_one(
    words: Sequence[HeardWord], one: HeardWord, stretch: Hesitation, sound: Sound, *, written: bool
) -> list[HeardWord]:
    """The words with one hesitation, in the likeliest of the ways to set it among them.

    Args:
        stretch: in which it lies.
        written: whether the network wrote it itself; then the words that it heard beside it stay.
    """
    first, after = _place(words, one)
    ways = [
        (low, high)
        for low in range(first, after + 1)
        for high in range(low, after + 1)
        if not (written and any(word.confidence > _HEARD for word in words[low:high]))
    ]
    texts = [word.text for word in words]

    def likely(way: tuple[int, int]) -> float:
        return sound.likelihood([*texts[: way[0]], one.text, *texts[way[1] :]])

    low, high = max(ways, key=likely) if len(ways) > 1 else ways[0]
    return _parted(words[:low], _beside(words[:low], one, stretch, words[high:]), words[high:])


def _beside(before: Sequence[HeardWord], one: HeardWord, stretch: Hesitation, after: Sequence[HeardWord]) -> HeardWord:
    """A hesitation drawn in to its core on the side of a word that it runs into: how much of each sounds there is in
    doubt, and a word is worth more."""
    start_s, end_s = one.start_s, one.end_s
    if before and before[-1].end_s > start_s - _TOUCHING_S:
        start_s = max(start_s, stretch.core[0])
    if after and after[0].start_s < end_s + _TOUCHING_S:
        end_s = min(end_s, stretch.core[1])
    return one.model_copy(update={"start_s": round(start_s, 3), "end_s": round(end_s, 3)}) if start_s < end_s else one


def _place(words: Sequence[HeardWord], one: HeardWord) -> tuple[int, int]:
    """Between which words it lies: the first of those that were written there, and the one after their last."""
    inside = [index for index, word in enumerate(words) if _overlaps(word, one)][:_MOST_WORDS]
    first = inside[0] if inside else sum(word.start_s + word.end_s < one.start_s + one.end_s for word in words)
    return first, inside[-1] + 1 if inside else first


def _overlaps(word: HeardWord, one: HeardWord) -> bool:
    shared_s = min(word.end_s, one.end_s) - max(word.start_s, one.start_s)
    return shared_s > _INSIDE * min(word.end_s - word.start_s, one.end_s - one.start_s)


def _parted(before: Sequence[HeardWord], one: HeardWord, after: Sequence[HeardWord]) -> list[HeardWord]:
    """A hesitation between its neighbours, which make room for it: it has its times from the sound."""
    earlier: list[HeardWord] = []
    limit_s = one.start_s
    for word in reversed(before):
        end_s = min(word.end_s, limit_s)
        start_s = min(word.start_s, max(end_s - _ROOM_S, 0.0))
        earlier.append(word.model_copy(update={"start_s": round(start_s, 3), "end_s": round(end_s, 3)}))
        limit_s = start_s
    later: list[HeardWord] = []
    limit_s = one.end_s
    for word in after:
        start_s = max(word.start_s, limit_s)
        end_s = max(word.end_s, start_s + _ROOM_S) if word.start_s < limit_s else word.end_s
        later.append(word.model_copy(update={"start_s": round(start_s, 3), "end_s": round(end_s, 3)}))
        limit_s = end_s
    return [*reversed(earlier), one, *later]
