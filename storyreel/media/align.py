"""A known text set on its speech: a time for every word of it, from what a listener heard. Pure.

The script's words and the heard ones are aligned by dynamic programming, with the recurrence of Needleman and Wunsch
(1970, "A general method applicable to the search for similarities in the amino acid sequence of two proteins"):

    cost[i, j] = min(cost[i-1, j-1] + differ(script[i], heard[j]), cost[i-1, j] + GAP, cost[i, j-1] + GAP)

Numbers are compared as they are said, so "112" meets "a hundred and twelve". A word that was heard has its times from
there; the words of a stretch that was not, or that was heard as something else, share the voiced part of the time that
is left between their neighbours, by their syllables.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from storyreel.errors import InputError
from storyreel.media.snap import silences
from storyreel.media.tokens import spoken_forms, weight
from storyreel.providers.contracts import FloatArray, HeardWord, SpokenWord

GAP = 1.0
_ALIKE, _UNLIKE = 0.5, 2.2  # letter pairs in common for two words to be one; what it costs to pair others
_NEAR_S = 0.06
_MOST_CELLS = 64_000_000
_NUMBER_FILLERS = frozenset(("and", "a"))


def align(
    script: str, heard: Sequence[HeardWord], duration_s: float, energy: FloatArray | None = None
) -> tuple[SpokenWord, ...]:
    """Time every whitespace-separated token of a text.

    Args:
        script: what was to be said.
        heard: what a listener heard, in order.
        duration_s: of the speech.
        energy: of the speech, in dB every 10 ms; words that were not heard keep out of its silences.

    Returns:
        One entry a token, in order, its text as in the script; times do not decrease and lie within the speech. Tokens
        with nothing to say (a dash) have no length.

    Raises:
        InputError: the text is too long to be aligned at once (some eight thousand words).
    """
    tokens = script.split()
    if not tokens:
        return ()
    said = [(index, form) for index, token in enumerate(tokens) for form in spoken_forms(token)]
    spans = _heard_forms(heard)
    if len(said) * len(spans) > _MOST_CELLS:
        raise InputError(f"a text of {len(tokens):,} words cannot be set on its speech at once: cut it into parts")
    pairs = _paired([form for _, form in said], [form for form, _, _ in spans])
    starts, ends = np.full(len(tokens), np.nan), np.full(len(tokens), np.nan)
    for one, other in pairs:
        token, (_, start_s, end_s) = said[one][0], spans[other]
        starts[token] = np.fmin(starts[token], start_s)
        ends[token] = np.fmax(ends[token], end_s)
    voiced = _voiced(silences(energy) if energy is not None else (), duration_s)
    return _filled(tokens, starts, ends, voiced, duration_s)


def _heard_forms(heard: Sequence[HeardWord]) -> list[tuple[str, float, float]]:
    """(form, start_s, end_s): heard words as they are said; one that says several shares its time among them."""
    spans: list[tuple[str, float, float]] = []
    for word in heard:
        forms = spoken_forms(word.text)
        weights = np.array([weight(form) for form in forms])
        edges = word.start_s + (word.end_s - word.start_s) * np.concatenate([[0.0], np.cumsum(weights)]) / max(
            weights.sum(), 1e-9
        )
        spans += [(form, float(low), float(high)) for form, (low, high) in zip(forms, pairwise(edges), strict=True)]
    return spans


def _paired(script: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    """Positions that belong together, in order: the cheapest alignment; see the module."""
    if not script or not heard:
        return []
    kinds = {form: index for index, form in enumerate(dict.fromkeys(heard))}
    columns = np.array([kinds[form] for form in heard])
    known: dict[str, NDArray[np.float32]] = {}
    steps = GAP * np.arange(len(heard) + 1, dtype=np.float32)
    row = steps.copy()
    came = np.zeros((len(script) + 1, len(heard) + 1), np.uint8)
    came[0, 1:] = 2
    for index, form in enumerate(script, 1):
        if form not in known:
            known[form] = np.array([_differ(form, other) for other in kinds], np.float32)
        paired = np.concatenate([[np.float32(np.inf)], row[:-1] + known[form][columns]])
        skipped = row + np.float32(GAP)
        best = np.minimum(paired, skipped)
        came[index] = np.where(paired <= skipped, 0, 1)
        # cost[i, j-1] + GAP, along the whole row at once.
        along = np.minimum.accumulate(best - steps) + steps
        came[index] = np.where(along < best - 1e-6, 2, came[index])
        row = along
    pairs: list[tuple[int, int]] = []
    one, other = len(script), len(heard)
    while one and other:
        move = came[one, other]
        if move == 0:
            one, other = one - 1, other - 1
            if known[script[one]][columns[other]] < _UNLIKE:
                pairs.append((one, other))
        elif move == 1:
            one -= 1
        else:
            other -= 1
    return pairs[::-1]


def _differ(one: str, other: str) -> float:
    """0 for the same word, up to 0.8 for words spelled alike (Dice 1945, on pairs of letters), else `_UNLIKE`."""
    if one == other:
        return 0.0
    if {one, other} <= _NUMBER_FILLERS:
        return 0.5
    pairs, other_pairs = ({word[at : at + 2] for at in range(len(word) - 1)} for word in (f"^{one}$", f"^{other}$"))
    alike = 2 * len(pairs & other_pairs) / (len(pairs) + len(other_pairs))
    return 0.3 + (1 - alike) if alike >= _ALIKE else _UNLIKE


def _voiced(quiet: Sequence[tuple[float, float]], duration_s: float) -> list[tuple[float, float]]:
    """The stretches between silences; all of it where there are none."""
    edges = [0.0, *(edge for run in quiet for edge in run), duration_s]
    return [(low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if high > low]


def _filled(
    tokens: Sequence[str],
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    voiced: Sequence[tuple[float, float]],
    duration_s: float,
) -> tuple[SpokenWord, ...]:
    weights = [weight(token) for token in tokens]
    timed: list[SpokenWord] = []
    at = 0
    while at < len(tokens):
        last_s = timed[-1].end_s if timed else 0.0
        if not np.isnan(starts[at]):
            start_s = min(max(float(starts[at]), last_s), duration_s)
            end_s = min(max(float(ends[at]), start_s), duration_s)
            timed.append(SpokenWord(text=tokens[at], start_s=round(start_s, 3), end_s=round(end_s, 3)))
            at += 1
            continue
        after = at
        while after < len(tokens) and np.isnan(starts[after]):
            after += 1
        limit_s = max(last_s, float(starts[after]) if after < len(tokens) else duration_s)
        edges = _shared_out(weights[at:after], last_s, limit_s, voiced)
        timed += [
            SpokenWord(text=token, start_s=round(low, 3), end_s=round(high, 3))
            for token, (low, high) in zip(tokens[at:after], edges, strict=True)
        ]
        at = after
    return tuple(timed)


def _shared_out(
    weights: Sequence[float], low_s: float, high_s: float, voiced: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """(start_s, end_s) for each weight: the voiced time between two moments, shared out in order."""
    runs = [(max(low, low_s), min(high, high_s)) for low, high in voiced if high > low_s and low < high_s]
    runs = [run for run in runs if run[1] > run[0]] or [(low_s, high_s)]
    total, spoken_s = sum(weights), sum(high - low for low, high in runs)
    if total <= 0:
        return [(low_s, low_s)] * len(weights)
    edges: list[tuple[float, float]] = []
    done = 0.0
    for share in weights:
        start_s = _moment(runs, spoken_s * done / total, after=True)
        done += share
        edges.append((start_s, max(start_s, _moment(runs, spoken_s * done / total, after=False))))
    return edges


def _moment(runs: Sequence[tuple[float, float]], spoken_s: float, *, after: bool) -> float:
    """The moment at which so much has been spoken; a word that ends about where a silence begins ends there.

    Args:
        after: whether a word starts there, which it does behind a silence, or ends, which it does before one.
    """
    for low, high in runs[:-1]:
        length_s = high - low
        if spoken_s < length_s - _NEAR_S or (not after and spoken_s <= length_s + _NEAR_S):
            return min(low + max(spoken_s, 0.0), high)
        spoken_s -= length_s
    low, high = runs[-1]
    return min(low + max(spoken_s, 0.0), high)
