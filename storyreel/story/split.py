"""Text into words, sentences and passages, without ever changing a letter of it.

A word is a whitespace-separated token, punctuation included, as everywhere in storyreel; a passage is a pair
(first_word, last_word), both included, counted from 0. Text that is written without spaces (Chinese, Japanese, Thai)
therefore has few, long words.
"""

from __future__ import annotations

import re

Passage = tuple[int, int]

PASSAGE_CHARACTERS = 350

_PARAGRAPH = re.compile(r"\n\s*\n")
_OPENING = "\"'“‘«‹„‚([{¿¡*_—–-"
_CLOSING = "\"'”’»›)]}*_"
_STOPS = ".!?…。！？｡．؟۔।॥"
_CLAUSE_STOPS = ",;:—–،؛、，；："

# Shortenings before a name or a number, whose full stop never ends a sentence there.
_BEFORE_NAME = re.compile(r"mrs?|m[sx]|dr|prof|ste?|capt|col|gen|lt|sgt|maj|adm|cmdr|rev|fr|gov|mt|dept|vs")
_BEFORE_NUMBER = re.compile(r"nos?|vol|pp?|figs?|approx|ca?|ch|art|jan|feb|aug|sept?|oct|nov|dec")
# Shortenings that may end a sentence: what follows decides.
_OPEN_ENDED = re.compile(r"etc|[js]r|inc|ltd|co|corp|bros|[ap]m|ph\.d|(?:[a-z]\.)+[a-z]")


def words(text: str) -> tuple[str, ...]:
    """The whitespace-separated tokens of a text, in order."""
    return tuple(text.split())


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, in order, each with single spaces between its words."""
    tokens = words(text)
    return tuple(" ".join(tokens[first : last + 1]) for first, last in sentence_passages(text))


def paragraph_passages(text: str) -> tuple[Passage, ...]:
    """The paragraphs of a text (parted by an empty line) as passages."""
    found: list[Passage] = []
    first = 0
    for paragraph in _PARAGRAPH.split(text):
        length = len(paragraph.split())
        if length:
            found.append((first, first + length - 1))
            first += length
    return tuple(found)


def sentence_passages(text: str) -> tuple[Passage, ...]:
    """The sentences of a text as passages; a paragraph's end always ends a sentence."""
    tokens = words(text)
    found: list[Passage] = []
    for first, last in paragraph_passages(text):
        start = first
        for index in range(first, last + 1):
            if index == last or ends_sentence(tokens[index], tokens[index + 1]):
                found.append((start, index))
                start = index + 1
    return tuple(found)


def ends_clause(token: str) -> bool:
    """Whether a reader would take breath after this word: it ends in a comma, semicolon, colon or dash."""
    core = token.rstrip(_CLOSING)
    return bool(core) and core[-1] in _CLAUSE_STOPS


def speakable_passages(text: str, *, most_characters: int = PASSAGE_CHARACTERS) -> tuple[Passage, ...]:
    """Passages fit to be spoken in one go: whole sentences, never across a paragraph's end.

    A single sentence above the limit is parted at the ends of its clauses, or between words where it has none.

    Args:
        text: what is to be spoken.
        most_characters: a passage's greatest length, spaces included; only a single longer word can pass it.
    """
    tokens = words(text)
    paragraph_starts = {first for first, _ in paragraph_passages(text)}
    found: list[Passage] = []
    for first, last in sentence_passages(text):
        joined = found and first not in paragraph_starts and _length(tokens, found[-1][0], last) <= most_characters
        if joined:
            found[-1] = (found[-1][0], last)
        else:
            found.extend(_parted(tokens, first, last, most_characters))
    return tuple(found)


def ends_sentence(token: str, following: str) -> bool:
    """Whether a sentence is over with a word, as far as it and the word that follows can tell."""
    core = token.rstrip(_CLOSING)
    if not core or core[-1] not in _STOPS:
        return False
    opened = following.lstrip(_OPENING)
    if opened[:1].islower():
        # “Where?” she asked; a pause... and on: the sentence is not over.
        return False
    if not core.endswith(".") or core.endswith(".."):
        return True
    bare = core.lstrip(_OPENING)[:-1].lower()
    if _BEFORE_NAME.fullmatch(bare) or (len(bare) == 1 and bare.isalpha() and bare != "i"):
        return False
    if _BEFORE_NUMBER.fullmatch(bare) and opened[:1].isdigit():
        return False
    if _OPEN_ENDED.fullmatch(bare):
        return opened[:1].isupper()
    return True


def _length(tokens: tuple[str, ...], first: int, last: int) -> int:
    return sum(len(token) for token in tokens[first : last + 1]) + last - first


def _parted(tokens: tuple[str, ...], first: int, last: int, most_characters: int) -> list[Passage]:
    parts: list[Passage] = []
    start = first
    while _length(tokens, start, last) > most_characters and start < last:
        end, clause_end = start, None
        while end < last and _length(tokens, start, end + 1) <= most_characters:
            if ends_clause(tokens[end]):
                clause_end = end
            end += 1
        if ends_clause(tokens[end]):
            clause_end = end
        cut = end if clause_end is None else clause_end
        parts.append((start, min(cut, last - 1)))
        start = parts[-1][1] + 1
    parts.append((start, last))
    return parts
