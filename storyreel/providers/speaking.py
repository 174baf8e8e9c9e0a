"""What services' voices have in common: texts cut at sentences, pieces joined without clicks, words found in sound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from storyreel.providers.contracts import FloatArray, Speech, SpokenWord

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’)\]]*\s+")
_CLAUSE_END = re.compile(r"(?<=[,;:、，；：–—])\s+")
_PAUSE_MARKS = ",;:.!?…–—。！？、，；："
JOIN_GAP_S = 0.25
FADE_S = 0.005
FRAME_S = 0.01
# Fitted to two voices whose word times are known: half of all words begin within 55 ms of where they are put.
QUIET_BELOW_PEAK_DB = 25.0
SHORTEST_GAP_S = 0.15
MARK_WEIGHT = 3.0
WORD_WEIGHT = 1.5
# English words that are hardly ever stressed are said in little more than half the time of others as long.
_UNSTRESSED = (
    "a an and as at but by for from had has he her him his i in is it its my of on or she that the they to was we were "
    "with you your"
)
UNSTRESSED = frozenset(_UNSTRESSED.split())
UNSTRESSED_SHARE = 0.6


def pieces(text: str, most_characters: int) -> list[str]:
    """A text in pieces of at most so many characters: cut after sentences, else clauses, else words.

    Put together with single spaces, they are the text again, its white space apart.
    """
    found: list[str] = []
    for part in _cut(text.strip(), most_characters, (_SENTENCE_END, _CLAUSE_END, re.compile(r"\s+"))):
        if found and len(found[-1]) + 1 + len(part) <= most_characters:
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def _cut(text: str, most_characters: int, ends: Sequence[re.Pattern[str]]) -> list[str]:
    if len(text) <= most_characters:
        return [text] if text else []
    if not ends:
        return [text[at : at + most_characters] for at in range(0, len(text), most_characters)]
    marks = [0, *(end.end() for end in ends[0].finditer(text)), len(text)]
    return [part for start, end in pairwise(marks) for part in _cut(text[start:end].strip(), most_characters, ends[1:])]


def joined(parts: Sequence[Speech]) -> Speech:
    """Speeches one after another, at one rate, with a breath between them and no click at their ends."""
    if len(parts) == 1:
        return parts[0]
    rate_hz = parts[0].sample_rate_hz
    if any(part.sample_rate_hz != rate_hz for part in parts):
        raise ValueError("the pieces of one speech have several sample rates")
    gap = np.zeros(round(JOIN_GAP_S * rate_hz), np.float32)
    sounds: list[FloatArray] = []
    words: list[SpokenWord] = []
    at = 0
    for part in parts:
        if sounds:
            sounds.append(gap)
            at += len(gap)
        start_s = at / rate_hz
        words += [
            SpokenWord(text=word.text, start_s=word.start_s + start_s, end_s=word.end_s + start_s)
            for word in part.words
        ]
        sounds.append(_faded(part.samples, rate_hz))
        at += len(part.samples)
    return Speech(np.concatenate(sounds), rate_hz, tuple(words))


def _faded(samples: FloatArray, rate_hz: int) -> FloatArray:
    count = min(round(FADE_S * rate_hz), len(samples) // 2)
    if not count:
        return samples
    shaped = samples.copy()
    ramp = np.linspace(0.0, 1.0, count, dtype=np.float32)
    shaped[:count] *= ramp
    shaped[-count:] *= ramp[::-1]
    return shaped


def words_in_sound(text: str, samples: FloatArray, sample_rate_hz: int) -> tuple[SpokenWord, ...]:
    """When each word of a text sounds, told from the sound's pauses, where a voice does not say it.

    The stretches between pauses are given runs of words so that every stretch gets about as many letters as its length
    asks for, and pauses fall after punctuation where they can; within a stretch, words take time by their letters.
    """
    tokens = text.split()
    if not tokens:
        return ()
    stretches = _stretches(samples, sample_rate_hz)
    weights = np.array([_weight(token) for token in tokens])
    stretches = _merged(stretches, len(tokens))
    ends = _word_runs(tokens, weights, stretches)
    words: list[SpokenWord] = []
    for (start_s, end_s), (first, last) in zip(stretches, pairwise([0, *ends]), strict=True):
        edges = (
            start_s
            + (end_s - start_s) * np.concatenate([[0.0], np.cumsum(weights[first:last])]) / weights[first:last].sum()
        )
        words += [
            SpokenWord(text=token, start_s=round(float(from_s), 3), end_s=round(float(to_s), 3))
            for token, (from_s, to_s) in zip(tokens[first:last], pairwise(edges), strict=True)
        ]
    return tuple(words)


def _weight(token: str) -> float:
    """About how long a word takes, in letters; digits are said as words."""
    letters = sum(4.0 if letter.isdigit() else 1.0 for letter in token if letter.isalnum())
    plain = "".join(letter for letter in token.lower() if letter.isalpha())
    return (WORD_WEIGHT + letters) * (UNSTRESSED_SHARE if plain in UNSTRESSED else 1.0)


def _stretches(samples: FloatArray, rate_hz: int) -> list[tuple[float, float]]:
    """Where somebody speaks, as (start_s, end_s), in order."""
    hop = max(1, round(FRAME_S * rate_hz))
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    whole_s = len(samples) / rate_hz
    if not len(frames):
        return [(0.0, whole_s)]
    level_db = 10 * np.log10(np.mean(frames.astype(np.float64) ** 2, axis=1) + 1e-12)
    loud = np.flatnonzero(level_db > level_db.max() - QUIET_BELOW_PEAK_DB)
    breaks = np.flatnonzero(np.diff(loud) > SHORTEST_GAP_S / FRAME_S)
    starts, ends = [loud[0], *loud[breaks + 1]], [*loud[breaks], loud[-1]]
    return [
        (float(start) * FRAME_S, min(whole_s, (float(end) + 1) * FRAME_S))
        for start, end in zip(starts, ends, strict=True)
    ]


def _merged(stretches: list[tuple[float, float]], most: int) -> list[tuple[float, float]]:
    """No more stretches than words: the shortest pauses are forgotten first."""
    while len(stretches) > most:
        at = min(range(len(stretches) - 1), key=lambda n: stretches[n + 1][0] - stretches[n][1])
        stretches[at : at + 2] = [(stretches[at][0], stretches[at + 1][1])]
    return stretches


def _word_runs(tokens: Sequence[str], weights: FloatArray, stretches: Sequence[tuple[float, float]]) -> list[int]:
    """For each stretch the number of words up to its end: the cheapest way by dynamic programming."""
    lengths = np.array([end - start for start, end in stretches])
    per_second = weights.sum() / lengths.sum()
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    count, runs = len(tokens), len(stretches)
    best = np.full((runs + 1, count + 1), np.inf)
    came_from = np.zeros((runs + 1, count + 1), int)
    best[0, 0] = 0.0
    for run in range(1, runs + 1):
        wanted = lengths[run - 1] * per_second
        for end in range(run, count - (runs - run) + 1):
            mark = 0.0 if end == count or tokens[end - 1].rstrip("\"'”’)]")[-1:] in _PAUSE_MARKS else MARK_WEIGHT
            miss = (sums[end] - sums[:end] - wanted) / max(3.0, np.sqrt(wanted))
            price = best[run - 1, :end] + miss**2 + mark
            came_from[run, end] = int(np.argmin(price))
            best[run, end] = price[came_from[run, end]]
    ends = [count]
    for run in range(runs, 1, -1):
        ends.append(int(came_from[run, ends[-1]]))
    return ends[::-1]
