"""Written English to spoken words: numbers, money, times, abbreviations and symbols said out. Pure.

Tokens with nothing to say (a lone dash, an emoji, writing that is not Latin) yield no spoken word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from storyreel.providers.offline.voice.numbers import (
    cardinal_words,
    digit_words,
    ordinal_of,
    ordinal_words,
    plural_of,
    roman_value,
    year_words,
)
from storyreel.providers.offline.voice.sentences import Reader, Said, Sentence, Stop, Token, assembled, tokens_of
from storyreel.providers.offline.voice.spellings import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    CURRENCIES,
    EACH,
    FRACTIONS,
    LETTERS_BEHIND_NUMBERS,
    MONTHS,
    NEVER_LOOSE_UNITS,
    NUMBERED_THINGS,
    REGNAL_NAMES,
    SAID_APART,
    SCALE_WORDS,
    SCALES,
    SENTENCE_STARTERS,
    SINGULARS,
    SPELLED_UNLESS_SHOUTED,
    SYMBOLS,
    TITLES,
    UNITS,
)

_NUMBER = r"(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)"
_TIME = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(am|pm|a\.m|p\.m)?", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})(am|pm|a\.m|p\.m)", re.IGNORECASE)
_MONEY = re.compile(rf"(-?)([$£€¥])({_NUMBER})(k|mn?|bn?|tn)?", re.IGNORECASE)
_MONEY_RANGE = re.compile(rf"([$£€¥])({_NUMBER})[-–—]\1?({_NUMBER})")
_MONEY_BEHIND = re.compile(rf"({_NUMBER})([$£€¥])")
_ORDINAL = re.compile(r"(\d+(?:,\d{3})*)(?:st|nd|rd|th)", re.IGNORECASE)
_DECADE = re.compile(r"'?(\d{2,4})s|'?(\d0|\d{3}0)'s")
_POSSESSIVE_NUMBER = re.compile(r"(\d+)'s")
_RANGE = re.compile(r"(\d{1,4}(?:\.\d+)?)[-–—](\d{1,4}(?:\.\d+)?)(\D*)")
_PHONE = re.compile(r"(?:\+?\d+[-.])*\d{3}[-.]\d{4}")
_FRACTION = re.compile(r"(\d{1,3})[/⁄](\d{1,3})")
_PLAIN_NUMBER = re.compile(rf"([-−+]?)({_NUMBER})")
_MEASURE = re.compile(rf"([-−+]?(?:{_NUMBER}))(°?[a-z]+(?:/h)?|°|%|¢)", re.IGNORECASE)
_VERSION = re.compile(r"v?\d+(?:\.\d+){2,}", re.IGNORECASE)
_DOTTED_LETTERS = re.compile(r"[A-Za-z](?:\.[A-Za-z])+")
_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:[.@][\w-]+)+(?:/\S*)?", re.IGNORECASE)
_PIECES = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*'?|.")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _number_words(digits: str, british: bool, *, as_year: bool = True) -> list[str]:
    digits = digits.replace("−", "-")
    sign, digits = (["minus"], digits[1:]) if digits.startswith("-") else ([], digits.lstrip("+"))
    whole, point, fraction = digits.replace(",", "").partition(".")
    if point:
        head = cardinal_words(int(whole), with_and=british) if whole else []
        return [*sign, *head, "point", *digit_words(fraction)]
    if len(whole) > 1 and whole.startswith("0"):
        return sign + digit_words(whole)
    if as_year and not sign and len(digits) == 4 and 1000 <= int(whole) < 2100 and int(whole) % 1000:
        return year_words(int(whole), with_and=british)
    return sign + cardinal_words(int(whole), with_and=british)


def _time_words(hours: int, minutes: int | None, half: str, british: bool) -> list[str]:
    words = cardinal_words(hours, with_and=british)
    if minutes:
        words += ["oh", *digit_words(str(minutes))] if minutes < 10 else cardinal_words(minutes)
    elif not half and minutes is not None:
        words += ["o'clock"] if 1 <= hours <= 12 else ["hundred"]
    return words


def _money_words(sign: str, amount: str, british: bool) -> list[str]:
    one, many, small_one, small_many = CURRENCIES[sign]
    whole, point, fraction = amount.replace(",", "").partition(".")
    if point and len(fraction) != 2:
        return [*_number_words(amount, british, as_year=False), many]
    units, hundredths = int(whole or 0), int(fraction or 0)
    words: list[str] = []
    if units or not hundredths:
        words += [*cardinal_words(units, with_and=british), one if units == 1 else many]
    if hundredths:
        words += ["and"] if words else []
        words += [*cardinal_words(hundredths), small_one if hundredths == 1 else small_many]
    return words


def _decade_words(number: int) -> list[str]:
    words = year_words(number) if 1000 <= number < 2100 and number % 1000 else cardinal_words(number)
    return [*words[:-1], plural_of(words[-1])]


def _fraction_words(top: int, bottom: int) -> list[str]:
    if not 2 <= bottom <= 20 or not 1 <= top < 100:
        return [*cardinal_words(top), "over", *cardinal_words(bottom)]
    part = {2: "half", 4: "quarter"}.get(bottom, ordinal_of(cardinal_words(bottom)[-1]))
    if top > 1:
        part = "halves" if bottom == 2 else part + "s"
    return [*cardinal_words(top), part]


def _unit_words(unit: str, amount: str) -> list[str]:
    first, *rest = UNITS[unit.lower()].split()
    if amount.lstrip("-−+") == "1":
        first = SINGULARS.get(first, first.removesuffix("s"))
    return [first, *rest]


def _is_number(core: str) -> bool:
    return _PLAIN_NUMBER.fullmatch(core) is not None


class _Letters(str):
    """Letters to be named one by one."""

    __slots__ = ()


class _Reader(Reader):
    """Says one token after the other; keeps the little state that crosses tokens."""

    def __init__(self, tokens: Sequence[Token], british: bool) -> None:
        super().__init__(tokens)
        self.british = british
        self.owed: list[str] = []  # "dollars", after the "million" that follows "$3"

    def say(self, index: int) -> tuple[list[Said], Stop]:
        """The token's spoken words without marks, and what its full stop is."""
        token = self.tokens[index]
        if not token.core:
            return [], "mark"
        words, stop = self._core(index)
        if self.owed and token.core.lower() in SCALE_WORDS:
            words, self.owed = [*words, *self.owed], []
        return [Said(word, token.index, spelled=isinstance(word, _Letters)) for word in words], stop

    def _core(self, index: int) -> tuple[list[str], Stop]:
        token, core = self.tokens[index], self.tokens[index].core
        following = self.core_at(index + 1).lower()
        stopped = token.trail.startswith(".")
        lower = core.lower()
        if core in FRACTIONS:
            joined = ["and"] if self.core_at(index - 1).isdecimal() and self.follows(index - 1) else []
            return joined + FRACTIONS[core].split(), "mark"
        if lower in {"a.m", "p.m"} or (lower in {"am", "pm"} and self.core_at(index - 1)[-1:].isdecimal()):
            return [_Letters(lower[0].upper() + "M")], "either" if "." in core else "mark"
        if _DOTTED_LETTERS.fullmatch(core):
            if lower in {"e.g", "i.e"}:
                return TITLES[lower.replace(".", "")].split(), "part"
            initials = self.core_at(index + 1)[:1].isupper() and following not in SENTENCE_STARTERS
            return [_Letters(core.replace(".", "").upper())], "part" if initials else "either"
        if (
            lower == "st"
            and stopped
            and self.core_at(index - 1)[:1].isupper()
            and (not self.core_at(index + 1)[:1].isupper() or following in SENTENCE_STARTERS)
        ):
            return ["street"], "either"
        if stopped and lower in BEFORE_NUMBERS and _opens_number(self.core_at(index + 1)):
            return [BEFORE_NUMBERS[lower]], "part"
        loose_unit = _is_number(self.core_at(index - 1)) and self.follows(index - 1) and lower in UNITS
        inches = lower == "in" and stopped and following[:1].islower()
        if loose_unit and (lower not in NEVER_LOOSE_UNITS or inches):
            return _unit_words(lower, self.core_at(index - 1)), "either"
        if stopped and lower in TITLES and (core[:1].isupper() or lower in {"vs", "approx", "cf"}):
            return TITLES[lower].split(), "part"
        if not stopped and lower in {"mr", "mrs", "ms", "dr"} and core[:1].isupper():
            return [TITLES[lower]], "mark"
        if (
            lower in ABBREVIATIONS
            and (stopped or lower in {"etc", "jr", "ltd"})
            and (core[:1].isupper() or lower == "etc")
        ):
            return ABBREVIATIONS[lower].split(), "either"
        if len(core) == 1 and core.isupper() and stopped and self.core_at(index + 1)[:1].isupper() and core != "I":
            return [_Letters(core)], "part"
        if any(character.isdecimal() for character in core):
            return self._with_digits(index, core), "mark"
        roman = self._roman(index, core)
        if roman:
            return roman, "mark"
        return self._letters(index, core)

    def _roman(self, index: int, core: str) -> list[str]:
        value = roman_value(core)
        before = self.core_at(index - 1)
        if value is None or not before:
            return []
        if before.lower() in BEFORE_NUMBERS and self.tokens[index - 1].trail == "." and core != "I":
            return cardinal_words(value)
        if not self.follows(index - 1):
            return []
        if before.lower() in NUMBERED_THINGS:
            return cardinal_words(value)
        alone = bool(self.tokens[index].trail) or self.core_at(index + 1).lower() in {
            "", "of", "was", "and", "had", "is", "ruled", "died", "reigned", "himself", "herself",
        }  # fmt: skip
        if before.lower() in REGNAL_NAMES and before[:1].isupper() and (core != "I" or alone):
            return ["the", *ordinal_words(value)]
        if before[:1].isupper() and len(core) > 1 and core != "XL":
            return cardinal_words(value)
        return []

    def _with_digits(self, index: int, core: str) -> list[str]:
        british = self.british
        before, following = self.core_at(index - 1).lower(), self.core_at(index + 1).lower()
        if core.startswith("#"):
            return ["number", *self._with_digits(index, core[1:])] if core[1:] else ["number"]
        if match := _TIME.fullmatch(core):
            half = match[4] or (following if following in {"am", "pm", "a.m", "p.m"} else "")
            words = _time_words(int(match[1]), int(match[2]), half, british)
            if match[3]:
                words += ["and", *cardinal_words(int(match[3])), "seconds"]
            return words + ([_Letters(match[4][0].upper() + "M")] if match[4] else [])
        times = re.split("[-–—]", core)
        if len(times) == 2 and all(_TIME.fullmatch(time) for time in times):
            return [*self._with_digits(index, times[0]), "to", *self._with_digits(index, times[1])]
        if match := _HOUR.fullmatch(core):
            return [*cardinal_words(int(match[1])), _Letters(match[2][0].upper() + "M")]
        if match := _MONEY_RANGE.fullmatch(core):
            low = _number_words(match[2], british, as_year=False)
            return [*low, "to", *_money_words(match[1], match[3], british)]
        if match := _MONEY.fullmatch(core):
            minus = ["minus"] if match[1] else []
            if match[4]:
                amount = _number_words(match[3], british, as_year=False)
                return [*minus, *amount, SCALES[match[4].lower()], CURRENCIES[match[2]][1]]
            if following in SCALE_WORDS and self.follows(index):
                self.owed = [CURRENCIES[match[2]][0 if self._of_a_thing(before, index + 1) else 1]]
                return minus + _number_words(match[3], british, as_year=False)
            if match[3].isdecimal() and self._of_a_thing(before, index):
                return [*minus, *_number_words(match[3], british, as_year=False), CURRENCIES[match[2]][0]]
            return minus + _money_words(match[2], match[3], british)
        if match := _MONEY_BEHIND.fullmatch(core):
            return _money_words(match[2], match[1], british)
        if match := _ORDINAL.fullmatch(core):
            return ordinal_words(int(match[1].replace(",", "")), with_and=british)
        if match := _DECADE.fullmatch(core):
            return _decade_words(int(match[1] or match[2]))
        if match := _POSSESSIVE_NUMBER.fullmatch(core):
            *head, last = _number_words(match[1], british)
            return [*head, f"{last}'s"]
        if _PHONE.fullmatch(core):
            return digit_words(core)
        if (match := _RANGE.fullmatch(core)) and match[3].lower() in {"", "am", "pm", *UNITS}:
            unit = match[3].lower()
            unit_words = (
                [_Letters(unit.upper())] if unit in {"am", "pm"} else _unit_words(unit, match[2]) if unit else []
            )
            return [*_number_words(match[1], british), "to", *_number_words(match[2], british), *unit_words]
        if core in SAID_APART:
            return [word for part in core.split("/") for word in cardinal_words(int(part))]
        if match := _FRACTION.fullmatch(core):
            return _fraction_words(int(match[1]), int(match[2]))
        if _VERSION.fullmatch(core):
            parts = [cardinal_words(int(part)) for part in core.lower().lstrip("v").split(".")]
            words = [word for part in parts for word in ("point", *part)][1:]
            return ["version", *words] if core[0] in "vV" else words
        if match := _PLAIN_NUMBER.fullmatch(core):
            day = match[2].isdecimal() and not match[1] and 1 <= int(match[2]) <= 31
            if day and before in MONTHS and self.core_at(index - 1)[:1].isupper() and following not in SCALE_WORDS:
                return ordinal_words(int(match[2]))
            if day and following in MONTHS and self.core_at(index + 1)[:1].isupper() and self.follows(index):
                return [*([] if before == "the" else ["the"]), *ordinal_words(int(match[2])), "of"]
            sign = ["plus"] if match[1] == "+" else []
            return sign + _number_words(core.lstrip("+"), british)
        match = _MEASURE.fullmatch(core)
        if match and match[2].lower() in UNITS and match[2] not in LETTERS_BEHIND_NUMBERS:
            return _number_words(match[1], british, as_year=False) + _unit_words(match[2], match[1])
        return self._mixed(core)

    def _of_a_thing(self, before: str, index: int) -> bool:
        """Whether the amount that ends at a token says what something is worth: "a $5 bill"."""
        return before in EACH and self.follows(index) and self.core_at(index + 1)[:1].islower()

    def _mixed(self, core: str) -> list[str]:
        """Letters, digits and symbols in one token: "MP3", "H2O", "mid-1920s", "B-52", "24/7"."""
        words: list[str] = []
        for part in re.split(r"[-–—/_]", core):
            if not part:
                continue
            if part != core and any(character.isdecimal() for character in part):
                if match := _DECADE.fullmatch(part):
                    words += _decade_words(int(match[1] or match[2]))
                    continue
                if match := _ORDINAL.fullmatch(part):
                    words += ordinal_words(int(match[1]), with_and=self.british)
                    continue
            for piece in _PIECES.findall(part):
                if piece[0].isdecimal():
                    words += _number_words(piece, self.british)
                elif piece[0].isalpha():
                    words.append(_Letters(piece) if piece.isupper() and len(piece) <= 4 else piece)
                elif piece in FRACTIONS:
                    words += [*(["and"] if words else []), *FRACTIONS[piece].split()]
                elif piece in SYMBOLS:
                    words += SYMBOLS[piece].split()
        return words

    def _letters(self, index: int, core: str) -> tuple[list[str], Stop]:
        if core in SPELLED_UNLESS_SHOUTED and not self._shouted(index):
            return [_Letters(core)], "mark"
        if "." in core or "@" in core:
            if _ADDRESS.fullmatch(core):
                spoken = re.sub(r"^https?://(www\.)?", "", core.lower())
                spoken = spoken.rstrip("/").replace(".", " dot ").replace("@", " at ").replace("/", " slash ")
                return spoken.replace("-", " dash ").replace("_", " underscore ").split(), "mark"
            core = core.replace(".", " ")
        words: list[str] = []
        for piece in re.split(r"[\s/_*|\\~^]+|[—–…]|(?<=\w)[,;:!?](?=\w)|[()\[\]{}“”\"«»<>]", core):
            if not piece:
                continue
            if not any(character.isalpha() for character in piece):
                words += [word for symbol in piece for word in SYMBOLS.get(symbol, "").split()]
                continue
            for part in re.split(r"([&+=@%#])", piece):
                if part in SYMBOLS:
                    words += SYMBOLS[part].split()
                elif any(_is_latin(character) for character in part):
                    words += _CAMEL.split(part.strip("-")) if not part.startswith("Mc") else [part.strip("-")]
        return words, "mark"

    def _shouted(self, index: int) -> bool:
        around = (self.core_at(index - 1), self.core_at(index + 1))
        return any(len(core) > 1 and core.isupper() and core not in SPELLED_UNLESS_SHOUTED for core in around)


def _is_latin(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN")


def sentences_of(text: str, *, british: bool = False) -> list[Sentence]:
    """Take an English text apart into sentences of spoken words.

    Args:
        text: plain text; a blank line ends a paragraph.
        british: say numbers as British speakers do ("one hundred and five").

    Returns:
        Sentences in order; token indices never decrease. Empty when there is nothing to say.
    """
    return assembled(_Reader(list(tokens_of(text)), british))


def _opens_number(core: str) -> bool:
    """Whether a token can follow "No." or "Vol."; a lone I is somebody speaking."""
    return core[:1].isdecimal() or (core != "I" and roman_value(core) is not None)
