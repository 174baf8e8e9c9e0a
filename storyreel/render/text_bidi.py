"""In which order a line that mixes left-to-right and right-to-left writing stands on screen.

The implicit part of the Unicode Bidirectional Algorithm (UAX #9): rules P2-P3, W1-W7, N1-N2, I1-I2, L1 and L2.
Explicit embeddings and isolates do not occur in captions and are treated as neutral; brackets are not paired (N0).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Protocol, TypeVar
from unicodedata import bidirectional

RIGHT_TO_LEFT_LANGUAGES = frozenset({"ar", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
_STRONG = {"L", "R", "AL"}
_NEUTRAL = {"B", "S", "WS", "ON", "LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN", ""}
_SPACES = {"WS", "S", "B", "BN", "LRI", "RLI", "FSI", "PDI"}


class _HasLevel(Protocol):
    @property
    def level(self) -> int: ...


_Item = TypeVar("_Item", bound=_HasLevel)


def is_right_to_left(text: str, language: str = "") -> bool:
    """A paragraph's direction: its language's when it has any such letter, else that of its first strong letter."""
    kinds = [bidirectional(c) for c in text]
    if language.partition("-")[0] in RIGHT_TO_LEFT_LANGUAGES:
        return any(kind in {"R", "AL"} for kind in kinds)
    return next((kind != "L" for kind in kinds if kind in _STRONG), False)


def levels(text: str, right_to_left: bool) -> tuple[int, ...]:
    """The embedding level of every character of a line: even runs left to right, odd right to left."""
    base = 1 if right_to_left else 0
    outer = "R" if base else "L"
    kinds = [bidirectional(c) for c in text]
    _resolve_weak(kinds, outer)
    _resolve_neutral(kinds, outer)
    found = [_level(kind, base) for kind in kinds]
    for index in range(len(text) - 1, -1, -1):  # L1: spaces at the line's end take the paragraph's level
        if bidirectional(text[index]) not in _SPACES:
            break
        found[index] = base
    return tuple(found)


def visual_order(items: Sequence[_Item]) -> list[_Item]:
    """Items with levels, in the order they stand from left to right (rule L2)."""
    ordered = list(items)
    highest = max((item.level for item in items), default=0)
    lowest_odd = min((item.level for item in items if item.level % 2), default=highest + 1)
    for level in range(highest, lowest_odd - 1, -1):
        turned: list[_Item] = []
        for reached, group in groupby(ordered, key=lambda item: item.level >= level):
            members = list(group)
            turned += members[::-1] if reached else members
        ordered = turned
    return ordered


def _resolve_weak(kinds: list[str], outer: str) -> None:
    before = outer
    for index, kind in enumerate(kinds):  # W1
        if kind == "NSM":
            kinds[index] = before
        before = kinds[index]
    strong = outer
    for index, kind in enumerate(kinds):  # W2
        if kind in _STRONG:
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[index] = "AN"
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]  # W3
    for index in range(1, len(kinds) - 1):  # W4
        left, right = kinds[index - 1], kinds[index + 1]
        if (kinds[index] == "ES" and left == right == "EN") or (
            kinds[index] == "CS" and left == right and left in {"EN", "AN"}
        ):
            kinds[index] = left
    at = 0
    for kind, group in groupby(list(kinds)):  # W5
        end = at + len(list(group))
        if kind == "ET" and "EN" in (kinds[at - 1] if at else "", kinds[end] if end < len(kinds) else ""):
            kinds[at:end] = ["EN"] * (end - at)
        at = end
    kinds[:] = ["ON" if kind in {"ES", "ET", "CS"} else kind for kind in kinds]  # W6
    strong = outer
    for index, kind in enumerate(kinds):  # W7
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"


def _resolve_neutral(kinds: list[str], outer: str) -> None:
    at = 0
    for neutral, group in groupby(list(kinds), key=lambda kind: kind in _NEUTRAL):
        end = at + len(list(group))
        if neutral:
            before = _side(kinds[at - 1]) if at else outer
            after = _side(kinds[end]) if end < len(kinds) else outer
            kinds[at:end] = [before if before == after else outer] * (end - at)  # N1, N2
        at = end


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"


def _level(kind: str, base: int) -> int:
    if base % 2 == 0:
        return base if kind == "L" else base + 1 if kind == "R" else base + 2
    return base if kind == "R" else base + 1
