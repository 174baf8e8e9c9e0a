"""What vendors answer where they list their models: each in a form of its own."""

from __future__ import annotations

from collections.abc import Callable

Told = Callable[[object], frozenset[str]]


def listed(where: str, name: str, cut: str = "") -> Told:
    """Reads {where: [{name: ...}]}; with "" for `where`, the list itself. `cut` is taken off each name's beginning."""

    def read(answer: object) -> frozenset[str]:
        rows = answer.get(where) if where and isinstance(answer, dict) else answer
        if not isinstance(rows, list):
            raise ValueError(where)
        return frozenset(str(row[name]).removeprefix(cut) for row in rows if isinstance(row, dict) and row.get(name))

    return read


def nothing_listed(answer: object) -> frozenset[str]:
    """Of an answer that only shows that the service is there and takes the key."""
    return frozenset()


BY_ID = listed("data", "id")
"""As OpenAI answers, and many after it."""
