"""Whole numbers as English words: cardinals, ordinals, years and digits one by one. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def _words(listed: str) -> Sequence[str]:
    return tuple(listed.split())


_UNITS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = _words("- - twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES: Sequence[str] = ("", "thousand", "million", "billion", "trillion", "quadrillion")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
LARGEST_NAMED = 10 ** (3 * len(_SCALES)) - 1


def _below_thousand(number: int, with_and: bool) -> list[str]:
    words: list[str] = []
    if number >= 100:
        words += [_UNITS[number // 100], "hundred"]
        number %= 100
        if number and with_and:
            words.append("and")
    if number >= 20:
        words.append(_TENS[number // 10])
        number %= 10
        if not number:
            return words
    if number or not words:
        words.append(_UNITS[number])
    return words


def digit_words(digits: str) -> list[str]:
    """Each digit by its name: "07" is zero seven. Characters that are no digits are left out."""
    return [_UNITS[int(digit)] for digit in digits if digit.isdecimal()]


def cardinal_words(number: int, *, with_and: bool = False) -> list[str]:
    """A number of things: 1234 is one thousand two hundred thirty four.

    Args:
        number: of any sign; beyond `LARGEST_NAMED` its digits are named one by one.
        with_and: say "and" before the tens and units, as British speakers do.
    """
    if number < 0:
        return ["minus", *cardinal_words(-number, with_and=with_and)]
    if number > LARGEST_NAMED:
        return digit_words(str(number))
    if number < 1000:
        return _below_thousand(number, with_and)
    words: list[str] = []
    for power in range(len(_SCALES) - 1, -1, -1):
        part, number = divmod(number, 1000**power)
        if not part:
            continue
        if power == 0 and part < 100 and with_and:
            words.append("and")
        words += _below_thousand(part, with_and)
        if power:
            words.append(_SCALES[power])
    return words


def ordinal_of(word: str) -> str:
    """The ordinal of a cardinal's last word: "twenty" becomes "twentieth"."""
    if word in _ORDINALS:
        return _ORDINALS[word]
    return f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"


def ordinal_words(number: int, *, with_and: bool = False) -> list[str]:
    """A place in an order: 21 is twenty first."""
    *head, last = cardinal_words(number, with_and=with_and)
    return [*head, ordinal_of(last)]


def year_words(year: int, *, with_and: bool = False) -> list[str]:
    """A year from 1000 to 2999 as it is read aloud: 1847, 1906 ("nineteen oh six"), 1900, 2007, 2024."""
    century, rest = divmod(year, 100)
    if century % 10 == 0 and rest < 10:
        return cardinal_words(year, with_and=with_and)
    head = _below_thousand(century, with_and=False)
    if rest == 0:
        return [*head, "hundred"]
    if rest < 10:
        return [*head, "oh", _UNITS[rest]]
    return head + _below_thousand(rest, with_and=False)


def plural_of(word: str) -> str:
    """The plural of a number's last word: "twenty" becomes "twenties", as in the 1920s."""
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith("x") else f"{word}s"


def roman_value(numeral: str) -> int | None:
    """The value of a well-formed roman numeral below 90 in capitals, or None."""
    for tens, tens_numeral in enumerate(("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX")):
        for units, units_numeral in enumerate(("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")):
            if numeral and numeral == tens_numeral + units_numeral:
                return 10 * tens + units
    return None
