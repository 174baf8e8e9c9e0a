"""What Whisper gives for a stretch of sound, and what it passes over at first: heard again until nothing is missing.

The network may take what it hears for more of the words that it was shown, or begin with the second sentence of a
window that opens within the first. This holds for every way to run it, so the way is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from storyreel.providers.contracts import FloatArray, HeardWord

SAMPLE_RATE_HZ = 16_000
_LONGEST_GAP_S, _UNSURE, _MORE_WORDS = 2.5, -0.6, 1.1
_LONGEST_SOUNDING_GAP_S = 1.4  # a short sentence
_SOUNDING = 0.15  # of the whole's power, at least, is no pause
_SHORTEST_HALVED_S = 5.0
_LONGEST_WORD_S, _DRAWN_S, _INSTANT_S = 1.5, 0.5, 0.05
_LEAST_HIDDEN = 2
_MOST_OPENING = 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """What one look of the network gave.

    Attributes:
        no_speech: its probability that nobody speaks, 0 to 1.
        log_probability: the mean natural logarithm of its tokens' probabilities.
    """

    words: tuple[HeardWord, ...]
    no_speech: float
    log_probability: float


Look = Callable[[FloatArray, str, bool], tuple[list[Phrase], str]]
"""One look of the network: 16 kHz samples, an ISO 639-1 code or "", verbatim -> phrases in order, and the language."""


def heard_whole(look: Look, samples: FloatArray, *, language: str, verbatim: bool) -> tuple[list[Phrase], str]:
    """All that is said in some sound, and in which language; see `Recogniser.phrases`.

    Phrases that were passed over at first come last.
    """
    phrases, found = look(samples, language, verbatim)
    if verbatim and found == "en" and _skips(phrases, len(samples) / SAMPLE_RATE_HZ):
        # The prompt is a whole sentence, and now and then the network takes what it hears for more of the same: it
        # writes "So, um" for half a minute of speech. Without the prompt it hears that.
        plain, _ = look(samples, found, False)
        if _word_count(plain) > _MORE_WORDS * _word_count(phrases):
            phrases = plain
    kept, more = _passed_over(look, samples, phrases, found)
    return [*kept, *more], found


def _passed_over(
    look: Look, samples: FloatArray, phrases: Sequence[Phrase], language: str
) -> tuple[list[Phrase], list[Phrase]]:
    """The phrases, and what is heard in the stretches that have sound and no words, each by itself: a window that
    begins within a sentence may have been heard from the next one on only.

    What follows such a stretch may reach back into it: its first word is given the time of all that was passed over,
    and is drawn in to its end where other words are heard there.
    """
    kept, more = list(phrases), list[Phrase]()
    length_s = len(samples) / SAMPLE_RATE_HZ
    longest_s = _LONGEST_SOUNDING_GAP_S
    plain_gaps = _gaps(kept, length_s, longest_s)
    for start_s, end_s in _gaps(_drawn_in(kept, 0.0, length_s), length_s, longest_s) if _word_count(phrases) else ():
        heard = _heard_within(look, samples, start_s, end_s, language)
        if (start_s, end_s) not in plain_gaps:
            long = {_said(word) for phrase in kept for word in phrase.words if _reaches_into(word, start_s, end_s)}
            said = [_said(word) for phrase in heard for word in phrase.words]
            if len(said) >= _LEAST_HIDDEN and long.isdisjoint(said):
                kept = _drawn_in(kept, start_s, end_s)
            else:  # a word that is held, or followed by noise
                inside = [gap for gap in plain_gaps if start_s <= gap[0] and gap[1] <= end_s]
                heard = [phrase for gap in inside for phrase in _heard_within(look, samples, *gap, language)]
        more += heard
    return kept, more


def _heard_within(look: Look, samples: FloatArray, start_s: float, end_s: float, language: str) -> list[Phrase]:
    """What is heard between two moments, if there is more than a pause."""
    part = samples[round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)]
    if np.mean(np.square(part)) < _SOUNDING * float(np.mean(np.square(samples))):
        return []
    return [_moved(phrase, start_s) for phrase in _by_itself(look, part, language)]


def _reaches_into(word: HeardWord, start_s: float, end_s: float) -> bool:
    """Whether a word is too long to be one, and what is too much of it lies between two moments."""
    return word.end_s - word.start_s > _LONGEST_WORD_S and start_s <= word.start_s and word.end_s - _DRAWN_S <= end_s


def _drawn_in(phrases: Sequence[Phrase], start_s: float, end_s: float) -> list[Phrase]:
    """The phrases with each word that is too long to be one, and reaches back between two moments, as its last half
    second; words without length at its start, and the one or two that open its sentence, go with it: what it hides was
    said before that."""
    drawn: list[Phrase] = []
    for phrase in phrases:
        words = list(phrase.words)
        for index, word in enumerate(phrase.words):
            if _reaches_into(word, start_s, end_s):
                at_s, before = word.end_s - _DRAWN_S, index - 1
                words[index] = word.model_copy(update={"start_s": at_s})
                opening = _opening(phrase.words, index)
                while before >= 0 and (before >= opening or words[before].start_s >= word.start_s - _INSTANT_S):
                    words[before] = words[before].model_copy(update={"start_s": at_s, "end_s": at_s})
                    before -= 1
        drawn.append(replace(phrase, words=tuple(words)))
    return drawn


def _opening(words: Sequence[HeardWord], index: int) -> int:
    """The place at which a word's sentence opens, if that is near; else its own."""
    for place in range(index, max(0, index - _MOST_OPENING) - 1, -1):
        if place == 0 or words[place - 1].text.endswith((".", "!", "?")):
            return place
    return index


def _said(word: HeardWord) -> str:
    return "".join(letter for letter in word.text.casefold() if letter.isalnum())


def _by_itself(look: Look, part: FloatArray, language: str) -> list[Phrase]:
    """What is heard in a stretch. The network may pass over most of it once more, for a difference of a hundredth of a
    second in where it begins; then its halves are heard, if they give more."""
    whole = [phrase for phrase in look(part, language, False)[0] if phrase.log_probability > _UNSURE]
    length_s = len(part) / SAMPLE_RATE_HZ
    if length_s < _SHORTEST_HALVED_S or (whole and not _gaps(whole, length_s)):
        return whole
    cut_s = _quietest_s(part, length_s / 3, length_s * 2 / 3)
    cut = round(cut_s * SAMPLE_RATE_HZ)
    later = (_moved(phrase, cut_s) for phrase in _by_itself(look, part[cut:], language))
    halves = [*_by_itself(look, part[:cut], language), *later]
    return halves if _word_count(halves) > _MORE_WORDS * _word_count(whole) else whole


def _moved(phrase: Phrase, by_s: float) -> Phrase:
    words = (
        word.model_copy(update={"start_s": word.start_s + by_s, "end_s": word.end_s + by_s}) for word in phrase.words
    )
    return replace(phrase, words=tuple(words))


def _quietest_s(samples: FloatArray, low_s: float, high_s: float) -> float:
    """The quietest tenth of a second between two moments: its middle."""
    hop = SAMPLE_RATE_HZ // 10
    first, after = round(low_s * 10), max(round(low_s * 10) + 1, round(high_s * 10))
    levels = [float(np.mean(np.square(samples[at * hop : (at + 1) * hop]))) for at in range(first, after)]
    return (first + int(np.argmin(levels)) + 0.5) / 10


def _word_count(phrases: Sequence[Phrase]) -> int:
    return sum(len(phrase.words) for phrase in phrases)


def _gaps(phrases: Sequence[Phrase], length_s: float, longest_s: float = _LONGEST_GAP_S) -> list[tuple[float, float]]:
    """The long stretches without a word."""
    edges = [(word.start_s, word.end_s) for phrase in phrases for word in phrase.words]
    gaps = [(before, after) for (_, before), (after, _) in pairwise([(0.0, 0.0), *edges, (length_s, length_s)])]
    return [(start_s, end_s) for start_s, end_s in gaps if end_s - start_s > longest_s]


def _skips(phrases: Sequence[Phrase], length_s: float) -> bool:
    """Whether there is a long stretch without a word, or the network was not sure of what it heard."""
    return bool(_gaps(phrases, length_s)) or any(phrase.log_probability < _UNSURE for phrase in phrases)
