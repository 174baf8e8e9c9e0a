"""What a recogniser writes down although nobody said it: echoes of its training in silence and music, and loops. Pure.

The limits were set on music by the offline composer, hiss, hum and silence against speech with noise 3 dB below it:
what was never said came with a mean log probability under -0.54, speech with one above -0.30.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from storyreel.providers.contracts import HeardWord

if TYPE_CHECKING:
    from storyreel.providers.offline.listener.phrases import Phrase

_NEVER = -1.0  # mean log probability
_UNSURE, _NOBODY = -0.5, 0.5  # mean log probability, and the probability that nobody speaks
_FEW_WORDS = 3
_LONGEST_LOOP = 8
_TIMES = 3


def believed(phrase: Phrase) -> bool:
    """Whether a phrase was said, rather than imagined where there was no speech."""
    if not phrase.words or phrase.log_probability < _NEVER:
        return False
    if phrase.no_speech > _NOBODY and (phrase.log_probability < _UNSURE or len(phrase.words) <= _FEW_WORDS):
        return False
    return max(word.confidence for word in phrase.words) > 0.1


def without_loops(words: Sequence[HeardWord]) -> tuple[HeardWord, ...]:
    """The words without what the network said over and over: runs of one to eight words, more than three times.

    Two of the repetitions stay, since people do say "no, no" and "very, very".
    """
    plain = ["".join(letter for letter in word.text.lower() if letter.isalnum()) for word in words]
    kept: list[HeardWord] = []
    at = 0
    while at < len(words):
        for size in range(1, _LONGEST_LOOP + 1):
            times = 1
            while plain[at : at + size] == plain[at + times * size : at + (times + 1) * size] != []:
                times += 1
            if times > _TIMES and at + times * size <= len(words):
                kept += words[at : at + 2 * size]
                at += times * size
                break
        else:
            kept.append(words[at])
            at += 1
    return tuple(kept)
