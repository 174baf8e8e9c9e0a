"""A text taken apart into tokens, and spoken words put together into sentences with their marks, in any language. Pure.

Every spoken word keeps the index of the whitespace-separated token it came from, so that a caption can be lit up while
its word sounds. What a token says is a language's own affair: `Reader`.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from storyreel.providers.offline.voice.spellings import FRACTIONS


@dataclass(frozen=True, slots=True)
class Said:
    """One spoken word.

    Attributes:
        word: as it should be looked up ("eighteen", "Maren", "o'clock"); capitals are kept.
        token: index of the token it came from.
        before: opening marks that the voice reacts to, "(" and "“".
        after: closing marks: one of , ; : . ! ? … — and then ")" or "”".
        spelled: say its letters one by one.
    """

    word: str
    token: int
    before: str = ""
    after: str = ""
    spelled: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """The spoken words of one sentence, and whether a paragraph ends with it."""

    words: tuple[Said, ...]
    ends_paragraph: bool = False


_CONTRACTED_FRONT = re.compile(r"'(?:tis|twas|twere|twill|em|til|cause|round|bout|n|\d0s)\b", re.IGNORECASE)

_OPENING = "([{“‘\"'«‹¿¡<*_~#—–-…."
_CLOSING = ")]}”’\"'»›,.;:!?…—–-*_~>。！？，、"
_MARKS = {
    ",": ",",
    "，": ",",
    "、": ",",
    ";": ";",
    ":": ":",
    ".": ".",
    "。": ".",
    "!": "!",
    "！": "!",
    "?": "?",
    "？": "?",
    "…": "…",
    "—": "—",
    "–": "—",
}
_CLOSERS = {")": ")", "]": ")", "”": "”", '"': "”", "»": "”"}
_STRENGTH = ",:;—….!?"
_SENTENCE_MARKS = frozenset(".!?…")


def _clean(token: str) -> str:
    """Straight apostrophes, no emoji, no invisible characters; fractions and full-width forms made plain."""
    kept: list[str] = []
    for character in token.replace("’", "'").replace("‘", "'").replace("ʼ", "'"):
        if character in FRACTIONS or character in "°©ºª":
            kept.append(character)
        elif unicodedata.category(character) in {"So", "Sk", "Cs", "Co", "Cn", "Cf", "Cc", "Mn", "Me"}:
            continue
        else:
            kept.append(character)
    text = "".join(kept)
    return (
        text
        if any(character in text for character in "…ºª" + "".join(FRACTIONS))
        else unicodedata.normalize("NFKC", text)
    )


def _split_marks(token: str) -> tuple[str, str, str]:
    """A token as (opening marks, core, closing marks)."""
    token = token.replace("...", "…").replace("--", "—")
    start, end = 0, len(token)
    while start < end and token[start] in _OPENING and not _opens_word(token[start:]):
        start += 1
    while end > start and token[end - 1] in _CLOSING:
        end -= 1
    return token[:start], token[start:end], token[end:]


def _opens_word(rest: str) -> bool:
    """Whether the first character belongs to what is said: a minus, a decimal point, a number sign, 'tis."""
    if rest[0] in "-.#<~":
        return re.match(r".[$£€¥]?\d", rest) is not None
    return rest[0] == "'" and _CONTRACTED_FRONT.match(rest) is not None


def _opening_marks(lead: str) -> str:
    marks = "".join({"(": "(", "[": "(", "“": "“", '"': "“", "«": "“"}.get(character, "") for character in lead)
    return marks[:1]


def _closing_marks(trail: str) -> str:
    """The strongest pause mark and the last bracket or quote, in the order in which they stand."""
    pauses = [_MARKS[character] for character in trail if character in _MARKS]
    pause = max(pauses, key=_STRENGTH.index, default="")
    closers = [_CLOSERS[character] for character in trail if character in _CLOSERS]
    closer = closers[-1] if closers else ""
    return closer + pause if trail[:1] in _CLOSERS else pause + closer


Stop = Literal["mark", "part", "either"]
"""What a full stop after a token is: the sentence's, part of an abbreviation, or perhaps both ("etc.")."""


@dataclass(slots=True)
class Token:
    """A token taken apart, with what its neighbours need to know."""

    index: int
    lead: str
    core: str
    trail: str
    paragraph_before: bool


def tokens_of(text: str) -> Iterator[Token]:
    """The whitespace-separated tokens of a text, each taken apart into its marks and what is said."""
    end = 0
    for index, match in enumerate(re.finditer(r"\S+", text)):
        gap = text[end : match.start()]
        paragraph = index > 0 and len(re.findall(r"\r\n|[\n\r\u2028\u2029]", gap)) + gap.count("\u2029") > 1
        end = match.end()
        yield Token(index, *_split_marks(_clean(match.group())), paragraph)


def _inner_marks(core: str) -> bool:
    return any(mark in core for mark in "—–…") and not any(character.isdecimal() for character in core)


def _mark_inside(said: list[Said], core: str, reader_words: int) -> list[Said]:
    """Put the pause of a dash that joins two words ("lighthouse—dark") on the word before it."""
    head = re.split(r"[—–…]", core, maxsplit=1)[0]
    position = len(re.findall(r"[^\s/]+", head)) - 1
    if 0 <= position < reader_words - 1:
        mark = "…" if "…" in core else "—"
        said[position] = replace(said[position], after=mark)
    return said


class Reader(ABC):
    """Says tokens one after the other in a language."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens

    def core_at(self, index: int) -> str:
        """A token without its marks, "" outside the text."""
        return self.tokens[index].core if 0 <= index < len(self.tokens) else ""

    def follows(self, index: int) -> bool:
        """Whether the next token goes on without a mark between."""
        return index + 1 < len(self.tokens) and not self.tokens[index].trail and not self.tokens[index + 1].lead

    @abstractmethod
    def say(self, index: int) -> tuple[list[Said], Stop]:
        """The token's spoken words without marks, and what its full stop is."""


def assembled(reader: Reader) -> list[Sentence]:
    """The sentences of the text whose tokens a reader says.

    Returns:
        Sentences in order; token indices never decrease. Empty when there is nothing to say.
    """
    tokens = reader.tokens
    sentences: list[Sentence] = []
    current: list[Said] = []
    opening = ""

    def finish(*, paragraph: bool) -> None:
        nonlocal current
        if current:
            sentences.append(Sentence(tuple(current), paragraph))
        elif sentences and paragraph:
            sentences[-1] = replace(sentences[-1], ends_paragraph=True)
        current = []

    for index, token in enumerate(tokens):
        if token.paragraph_before:
            finish(paragraph=True)
        said, stop = reader.say(index)
        opening += _opening_marks(token.lead)
        last = index + 1 == len(tokens) or tokens[index + 1].paragraph_before
        next_starts = last or _starts_sentence(tokens[index + 1])
        trail = token.trail
        if (
            trail.startswith(".")
            and not last
            and (stop == "part" or (stop == "either" and not _opens_sentence(tokens[index + 1])))
        ):
            trail = trail[1:]
        marks = _closing_marks(trail)
        if not said:
            lone = _closing_marks(token.lead + token.trail)
            if lone and current and not current[-1].after:
                current[-1] = replace(current[-1], after=lone)
            marks = lone
        else:
            if _inner_marks(token.core):
                said = _mark_inside(said, token.core, len(said))
            if any(mark in token.lead for mark in "—–") and current and not current[-1].after:
                current[-1] = replace(current[-1], after="—")
            said[0] = replace(said[0], before=opening[:1])
            said[-1] = replace(said[-1], after=marks)
            opening = ""
            current += said
        if current and next_starts and any(mark in _SENTENCE_MARKS for mark in marks):
            finish(paragraph=last)
    finish(paragraph=True)
    return sentences


def _opens_sentence(token: Token) -> bool:
    """Whether a token shows that the abbreviation before it ended a sentence; a number does not ("Jan. 5")."""
    return _starts_sentence(token) and not token.core[:1].isdecimal()


def _starts_sentence(token: Token) -> bool:
    """Whether a token can begin a sentence: a capital, a digit, or a quotation mark before one."""
    return bool(token.core) and not token.core[:1].islower()
