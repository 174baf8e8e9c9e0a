"""What a language needs to be read aloud, beside its sounds: its numbers, dates, money, units and abbreviations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language.

    Attributes:
        code: ISO 639-1.
        phrase_sounds: words said without a pause between them -> the sounds of each, in the voice's alphabet.
        cardinal: (number, not below 0; whether what is counted is feminine; whether it stands right behind) -> words.
        ordinal: (number above 0, feminine) -> words.
        minus, point, to, conjunction: the words for a minus, the decimal comma, a dash between numbers, and "and".
        hours: (hour, minute) -> words of a time.
        months: their names in order; the first day of one is `first_of_month`, and `of_month` parts it from its month.
        regnal_ordinals_to: up to which number a king's is an ordinal.
        century: the words after or before which a Roman numeral counts centuries, and whether as an ordinal.
        currencies: sign -> (one, many, hundredth, hundredths).
        units: sign -> (one, many).
        symbols: sign -> words.
        abbreviations: what stands before a full stop or is short by custom, in small letters -> words.
        letters: a letter's name, spelled so that `phrase_sounds` says it.
        numbered: words after which a Roman numeral is a plain number ("capítulo").
        kings: names after which a Roman numeral is a regnal number.
    """

    code: str
    phrase_sounds: Callable[[Sequence[str]], list[str]]
    cardinal: Callable[[int, bool, bool], str]
    ordinal: Callable[[int, bool], str]
    hours: Callable[[int, int], str]
    minus: str
    point: str
    to: str
    first_of_month: str
    months: Sequence[str]
    of_month: str
    regnal_ordinals_to: int
    century: frozenset[str]
    century_ordinal: bool
    currencies: Mapping[str, tuple[str, str, str, str]]
    units: Mapping[str, tuple[str, str]]
    symbols: Mapping[str, str]
    abbreviations: Mapping[str, str]
    letters: Mapping[str, str]
    numbered: frozenset[str]
    kings: frozenset[str]
    conjunction: str


def scaled(
    number: int, below_thousand: Callable[[int], str], thousand: Callable[[int], str], scales: Sequence[tuple[str, str]]
) -> str:
    """A whole number in words by thousands.

    Args:
        number: from 0 to under a thousand of the largest scale.
        below_thousand: words of 1 to 999.
        thousand: words of so many thousands, 1 to 999.
        scales: (one, many) for a million, a thousand million or a billion and so on, each a thousand times the last;
            "%" stands for how many.
    """
    words: list[str] = []
    parts: list[int] = []
    while number:
        number, part = divmod(number, 1000)
        parts.append(part)
    for power in range(len(parts) - 1, -1, -1):
        part = parts[power]
        if not part:
            continue
        if power == 0:
            words.append(below_thousand(part))
        elif power == 1:
            words.append(thousand(part))
        else:
            one, many = scales[power - 2]
            words.append(one if part == 1 else many.replace("%", below_thousand(part)))
    return " ".join(words)


def gendered(word: str, feminine: bool) -> str:
    """A word on -o, or its feminine on -a."""
    return word[:-1] + "a" if feminine else word
