"""Written Spanish, French, Italian and Portuguese to spoken words: numbers, dates, times, money and signs. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyreel.providers.offline.voice.languages.tongue import Tongue
from storyreel.providers.offline.voice.numbers import roman_value
from storyreel.providers.offline.voice.sentences import Reader, Said, Sentence, Stop, Token, assembled, tokens_of

LARGEST = 10**15 - 1
_GROUPED = r"\d{1,3}(?:[.\u202f']\d{3})+"
_NUMBER = rf"(?:{_GROUPED}|\d+)(?:,\d+)?"
_PLAIN = re.compile(rf"([-−+]?)({_NUMBER})")
_WITH_POINT = re.compile(r"([-−+]?)(\d+\.\d{1,2}|\d+\.\d{4,})")
_TIME = re.compile(r"(\d{1,2})[:h.]([0-5]\d)h?")
_HOUR = re.compile(r"(\d{1,2})h")
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_MONEY = re.compile(rf"(?:([$£€¥]|R\$)({_NUMBER})|({_NUMBER})([$£€¥]))")
_MEASURE = re.compile(rf"([-−+]?{_NUMBER})(°[CF]?|[a-zA-Z%]+(?:/h)?|%)")
_ORDINAL = re.compile(r"(\d+)(?:\.?([ºª°])|(er|re|ère|e|ème|es|nd|nde))")
_RANGE = re.compile(r"(\d{1,4})[-–—](\d{1,4})")
_FRACTION = re.compile(r"(\d{1,3})/(\d{1,3})")
_CENTURY_FRENCH = re.compile(r"([IVX]+)(?:er|e|ème)")
_FEMININE_END = re.compile(r"(?:as?|esse|ions?|ità|dades?|ções|ção|ciones)$")


def sentences_of(text: str, tongue: Tongue) -> list[Sentence]:
    """Take a text of a language apart into sentences of spoken words, as `normalise.sentences_of` does English."""
    return assembled(_Reader(list(tokens_of(text)), tongue))


class _Letters(str):
    """Letters to be named one by one."""

    __slots__ = ()


class _Reader(Reader):
    """Says one token after the other in a language."""

    def __init__(self, tokens: Sequence[Token], tongue: Tongue) -> None:
        super().__init__(tokens)
        self.tongue = tongue

    def say(self, index: int) -> tuple[list[Said], Stop]:
        """The token's spoken words without marks, and what its full stop is."""
        token = self.tokens[index]
        if not token.core:
            return [], "mark"
        words, stop = self._core(index)
        said = [word for phrase in words for word in ([phrase] if isinstance(phrase, _Letters) else phrase.split())]
        return [
            Said(self.tongue.letters[letter], token.index) if isinstance(word, _Letters) else Said(word, token.index)
            for word in said
            for letter in (word if isinstance(word, _Letters) else ("",))
            if not isinstance(word, _Letters) or letter in self.tongue.letters
        ], stop

    def _core(self, index: int) -> tuple[list[str], Stop]:
        token, tongue = self.tokens[index], self.tongue
        core, lower = token.core, token.core.lower()
        stopped = token.trail.startswith(".")
        before, following = self.core_at(index - 1), self.core_at(index + 1)
        if any(character.isdecimal() for character in core):
            return self._with_digits(index), "mark"
        if lower in tongue.abbreviations and (stopped or lower.isalpha() is False or lower in _NEVER_STOPPED):
            final = lower in {"etc", "ecc"}
            return [tongue.abbreviations[lower]], "either" if final else "part" if stopped else "mark"
        unit = tongue.units.get(core) or tongue.units.get(lower)
        if unit and self.follows(index - 1) and _PLAIN.fullmatch(before):
            return [unit[0] if before.lstrip("-−+") == "1" else unit[1]], "either"
        if core in tongue.currencies and self.follows(index) and _PLAIN.fullmatch(following):
            return [], "mark"  # said with the number that follows
        if core in tongue.currencies and self.follows(index - 1) and _PLAIN.fullmatch(before):
            if "," in before and len(before.rpartition(",")[2]) == 2:
                return [], "mark"  # said with the number: "treinta y ocho euros con cincuenta"
            return [tongue.currencies[core][0 if before == "1" else 1]], "either"
        roman = self._roman(index)
        if roman:
            return [roman], "mark"
        if re.fullmatch(r"[A-Z](?:\.[A-Z])+", core):
            return [_Letters(core.replace(".", "").lower())], "either"
        if len(core) == 1 and core.isupper() and stopped and following[:1].isupper():
            return [_Letters(lower)], "part"
        if core.isupper() and 1 < len(core) <= 4 and not re.search("[AEIOUÁÉÍÓÚ]", core):
            return [_Letters(lower)], "mark"
        return self._letters(core), "mark"

    def _letters(self, core: str) -> list[str]:
        words: list[str] = []
        for piece in re.split(r"[\s/_*|\\~^.,;:!?()\[\]{}«»“”\"<>—–…-]+|([&+=@%#°€$£×÷])", core):
            if piece in self.tongue.symbols:
                words.append(self.tongue.symbols[piece])
            elif piece and any(character.isalpha() for character in piece):
                words.append(piece.strip("'"))
        return words

    def _roman(self, index: int) -> str:
        core, tongue = self.core_at(index), self.tongue
        before, following = self.core_at(index - 1), self.core_at(index + 1).lower()
        french = _CENTURY_FRENCH.fullmatch(core)
        if french and tongue.code == "fr" and roman_value(french[1]):
            return tongue.ordinal(roman_value(french[1]) or 1, False)
        value = roman_value(core)
        if value is None:
            return ""
        joined = self.follows(index - 1) if index else False
        if (joined and before.lower() in tongue.century) or (self.follows(index) and following in tongue.century):
            return tongue.ordinal(value, False) if tongue.century_ordinal else tongue.cardinal(value, False, False)
        if not joined:
            return ""
        if before.lower() in tongue.kings and before[:1].isupper():
            return (
                tongue.ordinal(value, before.lower().endswith("a"))
                if value <= tongue.regnal_ordinals_to
                else (tongue.cardinal(value, False, False))
            )
        if before.lower() in tongue.numbered or (before[:1].isupper() and len(core) > 1):
            return tongue.cardinal(value, False, False)
        return ""

    def _with_digits(self, index: int) -> list[str]:
        core, tongue = self.core_at(index), self.tongue
        joined = self._grouped(index)
        if joined is not None:
            return joined
        following = self.core_at(index + 1).lower()
        if match := _DATE.fullmatch(core):
            month = int(match[2])
            if 1 <= month <= 12:
                name = tongue.months[month - 1]
                day = tongue.first_of_month if int(match[1]) == 1 else tongue.cardinal(int(match[1]), False, False)
                return [day, tongue.of_month, name, tongue.of_month, tongue.cardinal(int(match[3]), False, False)]
        if (match := _TIME.fullmatch(core)) and int(match[1]) < 25 and ("." not in core or tongue.code == "it"):
            return [tongue.hours(int(match[1]), int(match[2]))]
        if (match := _HOUR.fullmatch(core)) and int(match[1]) < 25:
            return [tongue.hours(int(match[1]), 0)]
        if match := _MONEY.fullmatch(core):
            return [self._money(match[1] or match[4], match[2] or match[3])]
        match = _ORDINAL.fullmatch(core)
        if match and (match[2] or tongue.code == "fr"):  # only French writes letters behind
            return [tongue.ordinal(int(match[1]), match[2] == "ª" or match[3] in {"re", "ère", "nde"})]
        if match := _RANGE.fullmatch(core):
            return [self._number(match[1]), tongue.to, self._number(match[2])]
        if match := _FRACTION.fullmatch(core):
            return [self._number(match[1]), tongue.symbols["/"], self._number(match[2])]
        if match := _PLAIN.fullmatch(core):
            behind = self.core_at(index + 2).lower() if following == "de" else following
            if core == "1" and behind in tongue.months:
                return [tongue.first_of_month]
            before = self.core_at(index - 1)
            if before in tongue.currencies and self.follows(index - 1):
                return [self._money(before, core)]
            sign = self.core_at(index + 1)
            if sign in tongue.currencies and self.follows(index) and "," in core and len(core.rpartition(",")[2]) == 2:
                return [self._money(sign, core)]
            noun = following if self.follows(index) and self.core_at(index + 1)[:1].islower() else ""
            return [self._number(core, noun)]
        if match := _WITH_POINT.fullmatch(core):
            return [self._number(core.replace(".", ","))]
        match = _MEASURE.fullmatch(core)
        if match:
            unit = tongue.units.get(match[2]) or tongue.units.get(match[2].lower())
            if unit:
                one = match[1].lstrip("-−+") == "1"
                return [self._number(match[1], unit[0]), unit[0] if one else unit[1]]
        words: list[str] = []
        for piece in re.findall(r"\d+|[^\W\d_]+|[%&+=@#°€$£]", core):
            if piece.isdecimal():
                words.append(self._number(piece))
            elif piece in tongue.symbols:
                words.append(tongue.symbols[piece])
            elif piece[0].isalpha():
                words.append(_Letters(piece.lower()) if piece.isupper() and len(piece) <= 4 else piece)
        return words

    def _grouped(self, index: int) -> list[str] | None:
        """A number whose thousands are parted by spaces: the first token says it all, the others nothing."""

        def starts(at: int) -> bool:
            return (
                re.fullmatch(r"\d{1,3}", self.core_at(at)) is not None
                and self.follows(at)
                and bool(re.fullmatch(r"\d{3}(?:,\d+)?", self.core_at(at + 1)))
            )

        first = index
        while first > 0 and re.fullmatch(r"\d{3}(?:,\d+)?", self.core_at(first)) and starts(first - 1):
            first -= 1
        if first < index:
            return []
        if not starts(index):
            return None
        digits, at = self.core_at(index), index
        while starts(at) and "," not in digits:
            at += 1
            digits += self.core_at(at)
        noun = self.core_at(at + 1).lower() if self.follows(at) else ""
        return [self._number(digits, noun)]

    def _number(self, digits: str, noun: str = "") -> str:
        """A number in words, in the gender of what it counts as far as the noun's ending tells."""
        tongue = self.tongue
        digits = digits.replace("−", "-")
        sign = f"{tongue.minus} " if digits.startswith("-") else ""
        whole, point, fraction = re.sub(r"[.\u202f'+-]", "", digits).partition(",")
        if not point and len(whole) > 1 and whole.startswith("0"):
            return " ".join(tongue.cardinal(int(digit), False, False) for digit in whole)
        if int(whole) > LARGEST:
            return " ".join(tongue.cardinal(int(digit), False, False) for digit in whole)
        feminine = bool(noun) and _FEMININE_END.search(noun) is not None
        words = sign + tongue.cardinal(int(whole), feminine and not point, bool(noun) and not point)
        if point:
            zeros = len(fraction) - len(fraction.lstrip("0"))
            rest = [tongue.cardinal(0, False, False)] * zeros
            rest += [tongue.cardinal(int(fraction), False, False)] if int(fraction) else []
            words = " ".join([words, tongue.point, *rest])
        return words

    def _money(self, sign: str, amount: str) -> str:
        one, many, small_one, small_many = self.tongue.currencies[sign]
        whole, point, fraction = re.sub(r"[.\u202f']", "", amount).partition(",")
        units = int(whole)
        words = f"{self.tongue.cardinal(units, many.endswith('as'), True)} {one if units == 1 else many}"
        if point and len(fraction) == 2 and int(fraction):
            small = int(fraction)
            words += f" {self.tongue.conjunction} {self.tongue.cardinal(small, False, True)}"
            words += f" {small_one if small == 1 else small_many}"
        return words


_NEVER_STOPPED = frozenset({"mme", "mlle", "mm", "etc", "ecc"})
