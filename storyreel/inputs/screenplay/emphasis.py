"""Fountain's emphasis: *italics*, **bold**, ***both***, _underlined_, and a backslash that takes a mark literally.

Emphasis is never carried across a line's end, and marks with a space at their inner side are only signs:
"dial *69 and then *23" has no italics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_MARKS = (
    ("***", re.compile(r"(?<![*\\])\*{3}(?=[^\s*])(.+?)(?<=[^\s*\\])\*{3}(?!\*)")),
    ("**", re.compile(r"(?<![*\\])\*{2}(?=[^\s*]|\*\S)(.+?)(?<=[^\s\\])\*{2}(?!\*)")),
    ("*", re.compile(r"(?<![*\\])\*(?=[^\s*]|\*\*\S)((?:\*\*.+?\*\*|[^*]|\\\*)+?)(?<=[^\s\\])\*(?!\*)")),
    ("_", re.compile(r"(?<!\\)_(?=[^\s_])(.+?)(?<=[^\s\\])_")),
)
_ESCAPED = re.compile(r"\\([*_\\\[\]@!#.>~=<^])")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    underlined: bool = False


def runs(text: str) -> tuple[Run, ...]:
    """A text as runs of one style each, marks and backslashes taken out; never empty runs."""
    found: list[Run] = []
    for index, line in enumerate(text.split("\n")):
        if index:
            found.append(Run("\n"))
        found += _runs(line, Run(""))
    joined: list[Run] = []
    for run in found:
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    return tuple(joined)


def plain(text: str) -> str:
    """A text without its marks of emphasis."""
    return "".join(run.text for run in runs(text))


def _runs(text: str, style: Run) -> Iterator[Run]:
    first: tuple[int, str, re.Match[str]] | None = None
    for mark, pattern in _MARKS:
        match = pattern.search(text)
        if match and (first is None or match.start() < first[0]):
            first = match.start(), mark, match
    if first is None:
        yield replace(style, text=_ESCAPED.sub(r"\1", text))
        return
    _, mark, match = first
    inner = replace(
        style,
        bold=style.bold or mark in ("**", "***"),
        italic=style.italic or mark in ("*", "***"),
        underlined=style.underlined or mark == "_",
    )
    yield replace(style, text=_ESCAPED.sub(r"\1", text[: match.start()]))
    yield from _runs(match.group(1), inner)
    yield from _runs(text[match.end() :], style)
