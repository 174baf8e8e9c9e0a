"""Spelling to sound by ordered rules: at each letter the first rule whose pattern fits says what is heard. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from storyreel.providers.offline.voice.alphabet import PRIMARY, SECONDARY

NUCLEI = frozenset("aeiouyæɐɑɔəɛœøɪʊAIOWY")
"""What can be the middle of a syllable: vowels, and the signs for diphthongs."""

TILDE = "\u0303"


@dataclass(frozen=True)
class Spelling:
    """A language's rules.

    Attributes:
        rules: (pattern, sounds) in order; a pattern begins at the letter in question, takes in the letters that it
            answers for, and may look around. Sounds may hold `PRIMARY` before a vowel that is always stressed.
    """

    rules: Sequence[tuple[str, str]]
    _by_letter: Mapping[str, list[tuple[re.Pattern[str], str]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_letter: dict[str, list[tuple[re.Pattern[str], str]]] = {}
        for pattern, sounds in self.rules:
            compiled = re.compile(pattern)
            # The letters that a rule is for stand first: "c(?=[ei])", "[áàâ]", "(?<=^)x" and the like.
            plain = re.sub(r"^(\(\?<[=!][^()]*\))+", "", pattern)
            letters = plain[1 : plain.index("]")] if plain.startswith("[") else plain[:1]
            for letter in letters:
                by_letter.setdefault(letter, []).append((compiled, sounds))
        object.__setattr__(self, "_by_letter", by_letter)

    def sounds_of(self, word: str) -> str:
        """What a word of small letters sounds like; letters without a rule are silent."""
        written: list[str] = []
        at = 0
        while at < len(word):
            for pattern, sounds in self._by_letter.get(word[at], ()):
                match = pattern.match(word, at)
                if match and match.end() > at:
                    written.append(sounds)
                    at = match.end()
                    break
            else:
                at += 1
        return "".join(written)


def listed(words: str) -> tuple[str, ...]:
    """The words of a list, which reads better without quotation marks."""
    return tuple(words.split())


def nuclei(sounds: str) -> list[int]:
    """Where the syllables of a word have their middles."""
    return [place for place, sign in enumerate(sounds) if sign in NUCLEI]


def stressed(sounds: str, from_end: int) -> str:
    """Mark the stress before the syllable that is `from_end` from the last (1 is the last itself)."""
    middles = nuclei(sounds)
    if not middles:
        return sounds
    syllable = max(0, len(middles) - from_end)
    return sounds[: middles[syllable]] + PRIMARY + sounds[middles[syllable] :]


def with_secondary(sounds: str) -> str:
    """Give a word whose stress comes on its third syllable or later a lighter one on its first."""
    if PRIMARY not in sounds or SECONDARY in sounds:
        return sounds
    before = nuclei(sounds[: sounds.index(PRIMARY)])
    if len(before) < 2:
        return sounds
    return sounds[: before[0]] + SECONDARY + sounds[before[0] :]
