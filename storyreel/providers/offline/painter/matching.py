"""How a text is held against a table of words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache


@lru_cache(maxsize=512)
def pattern(alternatives: str) -> re.Pattern[str]:
    """What finds any of the words of a table's entry, plural and possessive too."""
    # Longest first, so that a phrase is found before a word inside it.
    parts = sorted(alternatives.split("|"), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(p) for p in parts) + r")(?:'s|s|es)?(?![\w-])")


def score(text: str, alternatives: str) -> float:
    """How strongly a text calls for something: each word found counts 1, each further word of a phrase 1 more."""
    return sum(
        1.0 + found.group().count(" ") + 0.5 * found.group().count("-")
        for found in pattern(alternatives).finditer(text)
    )


def best(texts: Sequence[tuple[str, float]], table: Mapping[str, str]) -> str | None:
    """The entry of a table that weighted texts call for most; the earlier entry wins a tie, None when none is called."""
    top, chosen = 0.0, None
    for name, alternatives in table.items():
        value = sum(weight * score(text, alternatives) for text, weight in texts if text)
        if value > top + 1e-9:
            top, chosen = value, name
    return chosen


def found(text: str, table: Mapping[str, str]) -> tuple[str, ...]:
    """The entries of a table that a text names, in the order in which it names them."""
    places = []
    for name, alternatives in table.items():
        hit = pattern(alternatives).search(text)
        if hit is not None:
            places.append((hit.start(), name))
    return tuple(name for _, name in sorted(places))


def plain_words(text: str) -> str:
    """Lower case, with what is denied ("no people", "without snow") taken out."""
    text = text.lower().replace("’", "'").replace("–", "-").replace("_", " ")
    return re.sub(r"\b(?:no|without|not a|free of|never) (?:(?:any|a|the) )?[\w'-]+(?: or [\w'-]+)?", " ", text)
