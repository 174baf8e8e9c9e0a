"""Where a recording's pictures change: segments of 5 to 8 s that end where the speaker does. Pure.

All cuts of a recording are chosen together, by dynamic programming over the places where it may be cut: between two
words, rather where a sentence ends or the speaker breathes; and anywhere in a stretch in which nobody speaks. A cut
never falls inside a word.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from pydantic import BaseModel, Field

from storyreel.providers.contracts import HeardWord
from storyreel.story.split import ends_clause, ends_sentence

SHORTEST_S, LONGEST_S, BEST_S = 5.0, 8.0, 6.5
BREATH_S = 0.18
PAUSE_S = 0.45
_SILENT_S = 1.2  # in a stretch this long without words, a cut needs no word to lean on
_GRID_S = 0.5
_REACH_S = 20.0

_AFTER_SENTENCE, _AFTER_CLAUSE, _AT_PAUSE, _AT_BREATH, _INSIDE_PHRASE = 0.0, 1.2, 1.0, 2.2, 5.0
_IN_SILENCE = 0.6
_AFTER_LEANING, _BEFORE_OPENING = 4.0, 1.5
_LENGTH = 0.35  # for each second squared from the best length
_OUTSIDE = 40.0  # for being outside 5 to 8 s at all, and as much again for each second further


def _any_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


# English words that belong to what follows, after which a cut is heard as a stumble, and words that open a phrase.
_LEANING = _any_of(
    "a an the of to in on at by for from with and or but as if that which who his her its their my your our is was are "
    "were be been has had have will would can could may might must should not no very too so up"
)
_OPENING = _any_of("and but or so because when where while which who that if as until before after then to with")


class Segment(BaseModel, frozen=True, extra="forbid"):
    """One picture's stretch of a recording.

    Attributes:
        index: counts from 1.
        start_s, end_s: segments follow one another without gap and together are the whole recording.
        first_word, last_word: the words it holds, counted from 0, both included; last_word is first_word - 1 where it
            holds none.
        text: those words.
        ends_at: what the cut at its end falls on.
        exception: why it is not 5 to 8 s long; empty when it is.
    """

    index: int = Field(ge=1)
    start_s: float
    end_s: float
    first_word: int
    last_word: int
    text: str
    ends_at: str
    exception: str = ""

    @property
    def length_s(self) -> float:
        """How long it lasts, in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a cut may fall: the moment, the number of words before it, and what it costs."""

    at_s: float
    words_before: int
    cost: float
    what: str


def segments(words: Sequence[HeardWord], duration_s: float, dips_s: Sequence[float] = ()) -> tuple[Segment, ...]:
    """Part a recording into segments.

    Args:
        words: in order, times in seconds, not overlapping.
        duration_s: of the recording.
        dips_s: moments of low energy, ascending; a cut between two words settles on one.

    Returns:
        Segments in order. Each lasts 5 to 8 s, except where the recording leaves no choice, which `exception` says.
    """
    places = _places(words, duration_s, dips_s)
    best = [0.0] + [inf] * (len(places) - 1)
    came = [0] * len(places)
    first = 0
    for end in range(1, len(places)):
        while places[end].at_s - places[first].at_s > _REACH_S and first < end - 1:
            first += 1
        for start in range(first, end):
            cost = best[start] + _length_cost(places[end].at_s - places[start].at_s) + places[end].cost
            if cost < best[end]:
                best[end], came[end] = cost, start
    cuts = [len(places) - 1]
    while cuts[-1]:
        cuts.append(came[cuts[-1]])
    chosen = [places[index] for index in reversed(cuts)]
    return tuple(
        _segment(number, one, other, words, duration_s, places)
        for number, (one, other) in enumerate(pairwise(chosen), 1)
    )


def _length_cost(length_s: float) -> float:
    cost = _LENGTH * (length_s - BEST_S) ** 2
    short_s, long_s = SHORTEST_S - length_s, length_s - LONGEST_S
    return cost + (_OUTSIDE * (1 + max(short_s, long_s)) if max(short_s, long_s) > 1e-6 else 0.0)


def _places(words: Sequence[HeardWord], duration_s: float, dips_s: Sequence[float]) -> list[_Place]:
    places = [_Place(0.0, 0, 0.0, "the start")]
    edges = [0.0, *(word.end_s for word in words)]
    starts = [*(word.start_s for word in words), duration_s]
    for before, (low_s, high_s) in enumerate(zip(edges, starts, strict=True)):
        if high_s - low_s >= _SILENT_S:
            steps = int((high_s - low_s - 2 * BREATH_S) / _GRID_S)
            moments = [low_s + BREATH_S + _GRID_S * step for step in range(steps + 1)] + [high_s - BREATH_S]
            places += [_Place(moment, before, _IN_SILENCE, "silence") for moment in moments if 0 < moment < duration_s]
        elif 0 < before < len(words):
            cost, what = _word_cost(words, before, high_s - low_s)
            places.append(_Place(_settled(low_s, high_s, dips_s), before, cost, what))
    places.append(_Place(duration_s, len(words), 0.0, "the end"))
    return places


def _word_cost(words: Sequence[HeardWord], before: int, gap_s: float) -> tuple[float, str]:
    text = words[before - 1].text
    paused = gap_s >= PAUSE_S
    if ends_sentence(text, words[before].text):
        return _AFTER_SENTENCE, "a sentence's end"
    if ends_clause(text):
        return (_AFTER_CLAUSE - (0.6 if paused else 0.0)), "a clause's end"
    if paused:
        return _AT_PAUSE, "a pause"
    leans = text.lower() in _LEANING
    if gap_s >= BREATH_S:
        return _AT_BREATH + (_AFTER_LEANING if leans else 0.0), "a breath"
    opens = words[before].text.lower() in _OPENING
    return (
        _INSIDE_PHRASE - 8 * gap_s + (_AFTER_LEANING if leans else 0.0) - (_BEFORE_OPENING if opens else 0.0),
        "a gap between words",
    )


def _settled(low_s: float, high_s: float, dips_s: Sequence[float]) -> float:
    """The dip between two words that is nearest to two thirds of the way, so that the picture leads its words."""
    wanted_s = low_s + (high_s - low_s) * 2 / 3
    fitting = dips_s[bisect_left(dips_s, low_s) : bisect_right(dips_s, high_s)]
    return float(min(fitting, key=lambda dip_s: abs(dip_s - wanted_s), default=wanted_s))


def _segment(
    number: int, one: _Place, other: _Place, words: Sequence[HeardWord], duration_s: float, places: Sequence[_Place]
) -> Segment:
    return Segment(
        index=number,
        start_s=round(one.at_s, 4),
        end_s=round(other.at_s, 4),
        first_word=one.words_before,
        last_word=other.words_before - 1,
        text=" ".join(word.text for word in words[one.words_before : other.words_before]),
        ends_at=other.what,
        exception=_exception(one.at_s, other.at_s, duration_s, places),
    )


def _exception(start_s: float, end_s: float, duration_s: float, places: Sequence[_Place]) -> str:
    """Why a segment is shorter than 5 s or longer than 8; "" if it is neither."""
    length_s = end_s - start_s
    if SHORTEST_S - 1e-3 <= length_s <= LONGEST_S + 1e-3:
        return ""
    if duration_s < SHORTEST_S:
        return f"the whole recording lasts {duration_s:.1f} s"
    if LONGEST_S < duration_s < 2 * SHORTEST_S:
        return f"a recording of {duration_s:.1f} s cannot be parted into segments of 5 to 8 s"
    window = [place for place in places if start_s + SHORTEST_S <= place.at_s <= start_s + LONGEST_S]
    if not window:
        return f"no word ends between {start_s + SHORTEST_S:.1f} and {start_s + LONGEST_S:.1f} s"
    return f"the words around {end_s:.1f} s leave no cut by which its neighbours would fit too"
