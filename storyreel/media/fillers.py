"""Words that carry nothing: found by sound and context, and the cuts that take them out. Pure.

"Um" and its kin are always fillers. "Like", "you know", "so", "actually" and "I mean" are words too: they count only
where they are set off from the sentence, by commas or by pauses, and where what stands next to them does not need
them ("you know the feeling", "it looks like rain").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel

from storyreel.media.energy import HOP_S
from storyreel.media.snap import silences
from storyreel.media.tokens import plain, weight
from storyreel.media.transcript import Language
from storyreel.providers.contracts import FloatArray, HeardWord
from storyreel.providers.hesitating import hesitates

PAUSE_S = 0.15
SHORTEST_CUT_S = 0.06
KEPT_PAUSE_S = 0.24
_EDGE_S = 0.09  # how far a listener's word edges may be off where no silence shows them
_EDGE_SHARE = 0.1
_MARGIN_S, _NOISY_MARGIN_S = 0.04, 0.1
_LEAST_RANGE_DB = 9.0
_SYLLABLE_S = 0.08  # of a word's `weight`: nobody speaks faster


def _any_of(words: str) -> frozenset[str]:
    return frozenset(map(plain, words.split()))


# A phrase's words -> (words after which it is none, words before which it is none).
_PHRASES: Mapping[tuple[str, ...], tuple[frozenset[str], frozenset[str]]] = {
    ("like",): (
        _any_of(
            "looks look looked sounds sound sounded feels feel felt seems seem seemed would i'd we'd you'd they'd just "
            "more nothing something anything people things much what smells tastes acts i we you they"
        ),
        _any_of("to this that these those"),
    ),
    ("you", "know"): (
        _any_of("do did don't didn't as if that what how before let would should all because when"),
        _any_of("the a an what how why who where when that this it him her them about of if my your i'm"),
    ),
    ("so",): (_any_of("and or think thought hope said not even ever do did if"), _any_of("that much many far long as")),
    ("actually",): (frozenset(), frozenset()),
    ("i", "mean"): (_any_of("what how if that do did because"), _any_of("it that this the to by")),
}


class Filler(BaseModel, frozen=True, extra="forbid"):
    """Words that carry nothing: positions in the transcript, both included."""

    first_word: int
    last_word: int
    text: str
    kind: Literal["hesitation", "phrase"]


class Cut(BaseModel, frozen=True, extra="forbid"):
    """A stretch that is taken out of a recording, in seconds of the recording as it was."""

    start_s: float
    end_s: float


def find_fillers(
    words: Sequence[HeardWord], language: str = "en", languages: Sequence[Language] = ()
) -> tuple[Filler, ...]:
    """The fillers of a transcript, in order.

    Args:
        words: in order, with punctuation as it was heard.
        language: ISO 639-1 code; phrases are known for English only, hesitations for all.
        languages: the stretches of a recording that has several.
    """
    said = [plain(word.text) for word in words]
    spoken = [
        next((each.code for each in languages if each.start_s <= word.start_s < each.end_s), language).partition("-")[0]
        for word in words
    ]
    found: list[Filler] = []
    at = 0
    while at < len(words):
        size = 0
        kind: Literal["hesitation", "phrase"] = "hesitation"
        code = spoken[at]
        if _hesitates(words, at, code):
            size = 1
        elif code == "en":
            kind = "phrase"
            size = next((len(phrase) for phrase in _PHRASES if _is_filler(words, said, at, phrase)), 0)
        if size:
            text = " ".join(word.text for word in words[at : at + size])
            found.append(Filler(first_word=at, last_word=at + size - 1, text=text, kind=kind))
        at += size or 1
    return tuple(found)


def _hesitates(words: Sequence[HeardWord], at: int, language: str = "en") -> bool:
    if not 0 <= at < len(words):
        return False
    before, after = (words[place].text if 0 <= place < len(words) else "" for place in (at - 1, at + 1))
    return hesitates(words[at].text, before, after, language)


def _is_filler(words: Sequence[HeardWord], said: Sequence[str], at: int, phrase: tuple[str, ...]) -> bool:
    after = at + len(phrase)
    if tuple(said[at:after]) != phrase:
        return False
    not_after, not_before = _PHRASES[phrase]
    before_word, next_word = said[at - 1] if at else "", said[after] if after < len(said) else ""
    opens = at == 0 or _ends_sentence(words[at - 1].text)
    closes = after == len(words) or _ends_sentence(words[after - 1].text)
    parted_before = opens or _parted(words, at - 1) or _hesitates(words, at - 1)
    parted_after = closes or _parted(words, after - 1) or _hesitates(words, after)
    if before_word in not_after and not _comma(words[at - 1].text):
        return False
    if next_word in not_before and not (_comma(words[after - 1].text) and parted_before):
        return False
    if phrase == ("so",):
        # "So, um, I ..." and "So ... the door": a run-up; "so I went" is a reason.
        return opens and (_hesitates(words, after) or _paused(words, after - 1, 2 * PAUSE_S))
    if phrase == ("actually",):
        return parted_before and parted_after and not closes
    return parted_before and parted_after and not (opens and closes)


def _comma(text: str) -> bool:
    return text.endswith((",", "-", "—", "–", "…", "..."))


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’)").endswith((".", "!", "?"))


def _parted(words: Sequence[HeardWord], index: int) -> bool:
    """Whether a word is set off from the next, by a mark or by a pause."""
    return _comma(words[index].text) or _ends_sentence(words[index].text) or _paused(words, index, PAUSE_S)


def _paused(words: Sequence[HeardWord], index: int, least_s: float) -> bool:
    return index + 1 < len(words) and words[index + 1].start_s - words[index].end_s >= least_s


def plan_cuts(
    words: Sequence[HeardWord], fillers: Sequence[Filler], energy: FloatArray, duration_s: float
) -> tuple[Cut, ...]:
    """What to take out so that the fillers are gone, the words whole, and a natural pause is left.

    Each cut runs from one quiet moment to another. Of the silence around a filler `KEPT_PAUSE_S` stays, as it was
    recorded, so that the room goes on sounding; where speech runs on without a pause, the cut keeps off the words.

    Args:
        words: the transcript's.
        fillers: what `find_fillers` gave.
        energy: the recording's, in dB every 10 ms.
        duration_s: of the recording.

    Returns:
        Cuts in order, apart from one another.
    """
    cuts: list[Cut] = []
    quiet = silences(energy, least_range_db=_LEAST_RANGE_DB)
    # In noise soft ends and starts look like silence: less of it is kept by a filler, and more by a word.
    clear = bool(silences(energy))
    longest_kept_s, margin_s = (KEPT_PAUSE_S, _MARGIN_S) if clear else (KEPT_PAUSE_S / 2, _NOISY_MARGIN_S)
    for first, last in _groups(fillers):
        before_s = _least_end_s(words[first - 1]) if first else 0.0
        after_s = _most_start_s(words[last + 1]) if last + 1 < len(words) else duration_s
        start_s, end_s = words[first].start_s, words[last].end_s
        lead_s = _silence_to(quiet, start_s, before_s, margin_s)
        trail_s = _silence_from(quiet, end_s, after_s, margin_s)
        kept_s = min(longest_kept_s, max(lead_s, trail_s))
        spare_s = max(0.0, lead_s + trail_s - kept_s)
        # The spare silence goes from both sides, in proportion.
        share = lead_s / (lead_s + trail_s) if lead_s + trail_s else 0.5
        wanted_start_s, wanted_end_s = start_s - spare_s * share, end_s + spare_s * (1 - share)
        edge_s = min(_EDGE_S, _EDGE_SHARE * (end_s - start_s))
        if not lead_s:
            wanted_start_s = _quietest(energy, start_s - edge_s / 2, start_s + edge_s)
        if not trail_s:
            wanted_end_s = _quietest(energy, end_s - edge_s, end_s + edge_s / 2)
        # A word that stays is never cut into, even if some of the filler stays with it.
        low_s = max(cuts[-1].end_s + _MARGIN_S if cuts else 0.0, before_s)
        start_s, end_s = max(wanted_start_s, low_s), min(wanted_end_s, after_s, duration_s)
        if end_s - start_s >= SHORTEST_CUT_S:
            cuts.append(Cut(start_s=round(start_s, 4), end_s=round(end_s, 4)))
    return tuple(cuts)


def _least_end_s(word: HeardWord) -> float:
    """When a word is over at the earliest: listeners squeeze words that stand next to a filler they did not expect."""
    return max(word.end_s, word.start_s + _SYLLABLE_S * weight(word.text))


def _most_start_s(word: HeardWord) -> float:
    return min(word.start_s, word.end_s - _SYLLABLE_S * weight(word.text))


def _silence_to(quiet: Sequence[tuple[float, float]], at_s: float, low_s: float, margin_s: float) -> float:
    """How much silence lies right before a moment, less a margin for the soft end of the word before it."""
    for start_s, end_s in quiet:
        if start_s < at_s and abs(end_s - at_s) <= _MARGIN_S * 2:
            return max(0.0, at_s - max(start_s + margin_s, low_s))
    return 0.0


def _silence_from(quiet: Sequence[tuple[float, float]], at_s: float, high_s: float, margin_s: float) -> float:
    """How much silence lies right after a moment, less a margin for the soft start of the word after it."""
    for start_s, end_s in quiet:
        if end_s > at_s and abs(start_s - at_s) <= _MARGIN_S * 2:
            return max(0.0, min(end_s - margin_s, high_s) - at_s)
    return 0.0


def _groups(fillers: Sequence[Filler]) -> list[tuple[int, int]]:
    """(first word, last word) of fillers that follow one another."""
    groups: list[tuple[int, int]] = []
    for filler in fillers:
        if groups and groups[-1][1] + 1 == filler.first_word:
            groups[-1] = (groups[-1][0], filler.last_word)
        else:
            groups.append((filler.first_word, filler.last_word))
    return groups


def _quietest(energy: FloatArray, low_s: float, high_s: float) -> float:
    """The quietest moment between two, in seconds."""
    first, after = max(0, round(low_s / HOP_S)), round(high_s / HOP_S) + 1
    stretch = energy[first:after]
    return (first + int(np.argmin(stretch))) * HOP_S if len(stretch) else (low_s + high_s) / 2


def time_after(cuts: Sequence[Cut], at_s: float) -> float:
    """Where a moment of the recording lies once the cuts are made; a moment inside one lies at its join."""
    gone_s = 0.0
    for cut in cuts:
        if at_s <= cut.start_s:
            break
        gone_s += min(at_s, cut.end_s) - cut.start_s
    return at_s - gone_s


def words_after(words: Sequence[HeardWord], fillers: Sequence[Filler], cuts: Sequence[Cut]) -> tuple[HeardWord, ...]:
    """The words that are left, with their times in the cut recording.

    The marks that set a filler off go with it, what then opens a sentence gets its capital, and a word that was begun
    again after a hesitation is written once: "So, um, the door was, uh, was open" becomes "The door was open".
    """
    gone = {index for filler in fillers for index in range(filler.first_word, filler.last_word + 1)}
    left: list[HeardWord] = []
    opens = False
    for index, word in enumerate(words):
        if index in gone:
            opens = opens or index == 0 or _ends_sentence(words[index - 1].text)
            if left and not opens:
                left[-1] = left[-1].model_copy(update={"text": _healed(left[-1].text, word.text)})
            continue
        text = word.text[:1].upper() + word.text[1:] if opens else word.text
        if index - 1 in gone and left and plain(left[-1].text) == plain(word.text):
            left.pop()
        opens = False
        start_s, end_s = (round(time_after(cuts, moment_s), 4) for moment_s in (word.start_s, word.end_s))
        left.append(word.model_copy(update={"text": text, "start_s": start_s, "end_s": end_s}))
    return tuple(left)


def _healed(before: str, filler: str) -> str:
    """The word before a filler, with the mark that is right once the filler is gone."""
    if _ends_sentence(filler):
        return before.rstrip(",") + filler[-1]
    return before.rstrip(",") if _comma(filler) else before
