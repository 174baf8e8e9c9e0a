"""Words as they are compared: without case, marks and accents, numbers written out. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_NUMBER = re.compile(r"(?P<money>[$£€])?(?P<digits>\d[\d,]*)(?P<fraction>\.\d+)?(?P<rest>%|st|nd|rd|th|s)?", re.I)
_CURRENCIES = {"$": "dollars", "£": "pounds", "€": "euros"}
_VOWELS = re.compile(r"[aeiouyáàâäéèêëíìîïóòôöúùûüœæ]+")


@lru_cache(maxsize=65536)
def plain(word: str) -> str:
    """A word without case, accents and all but letters and digits: what two listeners should agree on."""
    folded = unicodedata.normalize("NFKD", word).casefold()
    parted = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in parted if letter.isalnum())


@lru_cache(maxsize=65536)
def spoken_forms(token: str) -> tuple[str, ...]:
    """A token as the plain words one would say: "112" gives one, hundred, twelve; "well-known" gives two.

    "and" is left out of numbers: some say it, and it is no part of the number. A token with nothing to say gives ().
    """
    found = _NUMBER.fullmatch(token.strip(".,;:!?…\"'“”‘’()[]"))
    if found is None:
        return tuple(part for part in map(plain, re.split(r"[-–—/]", token)) if part)
    digits = found["digits"].replace(",", "")
    if len(digits) > 12:
        return tuple(_ONES[int(digit)] for digit in digits)
    words = list(_year(digits) if _is_year(found) else number_words(int(digits)))
    if found["fraction"]:
        words += ["point", *(_ONES[int(digit)] for digit in found["fraction"][1:])]
    rest = (found["rest"] or "").lower()
    if rest in ("st", "nd", "rd", "th"):
        last = words[-1]
        words[-1] = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    elif rest == "%":
        words.append("percent")
    if found["money"]:
        words.append(_CURRENCIES[found["money"]])
    return tuple(words)


def _is_year(found: re.Match[str]) -> bool:
    digits = found["digits"]
    return len(digits) == 4 and not found["money"] and not found["fraction"] and 1100 <= int(digits) <= 2099


def _year(digits: str) -> tuple[str, ...]:
    """1982 as nineteen eighty-two; 2004 as two thousand four."""
    century, rest = int(digits[:2]), int(digits[2:])
    if century == 20 and rest < 10:
        return number_words(int(digits))
    if rest == 0:
        return (*number_words(century), "hundred")
    return (*number_words(century), *(("oh",) if rest < 10 else ()), *number_words(rest))


def number_words(number: int) -> tuple[str, ...]:
    """A whole number from 0 on in English words, without "and"."""
    if number < 20:
        return (_ONES[number],)
    if number < 100:
        tens, ones = divmod(number, 10)
        return (_TENS[tens - 2], *((_ONES[ones],) if ones else ()))
    for scale, name in _SCALES:
        if number >= scale:
            count, rest = divmod(number, scale)
            return (*number_words(count), name, *(number_words(rest) if rest else ()))
    raise ValueError(f"{number} is no whole number from 0 on")


def weight(token: str) -> float:
    """About how long a token takes to say, in syllables; letters count where there are no vowels to count by."""
    syllables = 0.0
    for word in spoken_forms(token):
        vowels = len(_VOWELS.findall(word))
        if vowels > 1 and word.endswith("e") and not word.endswith(("le", "ee")):
            vowels -= 1
        syllables += 0.5 + vowels if vowels else 0.5 + len(word) / 3
    return syllables
