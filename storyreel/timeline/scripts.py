"""What the writing system of a text means for setting it: words without spaces, and how wide a character counts."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import combining, east_asian_width, normalize

_UNSPACED = (
    (0x3005, 0x3007),  # ideographic iteration mark and zero
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
_NEVER_FIRST = frozenset(
    "、。，．・：；！？）」』】〕〉》〙〗’”…‥ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ%,.!?:;)]}"
)
_NEVER_LAST = frozenset("（「『【〔〈《〘〖‘“([{")


def is_unspaced(character: str) -> bool:
    """Whether a character is written without spaces between words and a line may break beside it (Han, kana)."""
    code = ord(character)
    return any(low <= code <= high for low, high in _UNSPACED)


def columns(text: str) -> int:
    """How wide a text counts in characters a line: wide East Asian characters as two, combining marks as none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def space_between(left: str, right: str) -> str:
    """What stands between two words of a line: a space, or nothing between words of an unspaced script."""
    return "" if left and right and _touches(left[-1]) and _touches(right[0]) else " "


def join_words(words: Iterable[str]) -> str:
    """Words as a line of text, parted by spaces where their script has any."""
    line = ""
    for word in words:
        line += (space_between(line, word) if line else "") + word
    return line


def never_first(word: str) -> bool:
    """Whether a word may not begin a line: closing punctuation and small kana of unspaced scripts."""
    return word[:1] in _NEVER_FIRST and not word[:1].isascii()


def capitals(text: str, language: str) -> str:
    """A text in capitals as its language forms them (Unicode SpecialCasing; Greek drops its accents in capitals)."""
    code = language.partition("-")[0].lower()
    if code in {"az", "tr"}:
        return text.replace("i", "\u0130").upper()
    if code == "el":
        return normalize("NFC", normalize("NFD", text).replace("\u0301", "")).upper()
    return text.upper()


def _touches(character: str) -> bool:
    return is_unspaced(character) or 0x3000 <= ord(character) <= 0x303F or 0xFF00 <= ord(character) <= 0xFF60


def break_unspaced(word: str) -> tuple[str, ...]:
    """Cut a token of an unspaced script where a line may break; any other word stays whole.

    Closing punctuation and small kana never begin a piece, opening brackets never end one (the core of JLREQ's line
    breaking rules, W3C "Requirements for Japanese Text Layout", 3.1.7 and 3.1.8).
    """
    pieces: list[str] = []
    for character in word:
        if pieces and not _may_break(pieces[-1][-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return tuple(pieces)


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST or combining(after):
        return False
    return _touches(before) or is_unspaced(after)
