"""Where a label's lines stand: broken to fit their place, set smaller where they are many, kept in the safe area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storyreel.render.caption_styles import LabelStyle
from storyreel.render.text_bidi import is_right_to_left
from storyreel.render.text_layout import Line, TextRun, reach, set_line
from storyreel.timeline.safe_area import Edges
from storyreel.timeline.scripts import break_unspaced, capitals, space_between

_AFTER_PARAGRAPH = 0.2
_BAR_GAP = 0.3
_SMALLER = 0.95
_TRIES = 90


@dataclass(frozen=True, slots=True)
class LabelLayout:
    """A label's parts, in the frame.

    Attributes:
        runs: number 0 is its first line's, number 1 that of further lines.
        plate: the edges of all of it, inside which its box is drawn.
        bar: an upright bar, or None.
    """

    runs: tuple[TextRun, ...]
    plate: Edges
    bar: Edges | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A line that was broken off and not yet set: which words of which paragraph, and its measures in pixels.

    Attributes:
        step_px: from the baseline above it, or from the text's top.
        below_px: how far its letters go below its baseline.
    """

    paragraph: int
    first: int
    end: int
    size_px: float
    step_px: float
    below_px: float


def lay_out_label(
    text: str,
    style: LabelStyle,
    width_px: int,
    height_px: int,
    language: str,
    *,
    scale: float = 1.0,
    x: float | None = None,
    y: float | None = None,
    safe: Edges | None = None,
) -> LabelLayout:
    """Set a label at its place, moved as far as the safe area asks for; a long one is wrapped, then set smaller.

    Args:
        text: its line breaks are kept.
        scale: of the style's size and width.
        x, y: its place, as shares of the frame, instead of the style's.
        safe: what all of it stays inside, plate included.
    """
    safe = safe or Edges(0, 0, width_px, height_px)
    words = _Words(text, style, language)
    padding = style.box.padding if style.box else 0.0
    bar_room = style.bar + (_BAR_GAP if style.bar and not style.box else 0.0)
    widest_px = min(style.width * scale * width_px, safe.right - safe.left)
    tallest_px = min(style.height * scale * height_px, safe.bottom - safe.top)
    size_px = style.size * scale * height_px
    for _ in range(_TRIES):
        room_px = widest_px - (2 * padding + bar_room) * size_px
        rows, wide_px, tall_px = words.broken(size_px, room_px)
        if wide_px <= room_px and tall_px + 2 * padding * size_px <= tallest_px:
            break
        size_px *= _SMALLER
    lines = [words.set_row(row) for row in rows]
    wide_px = max(line.width_px for line in lines)
    outer_w = wide_px + (2 * padding + bar_room) * size_px
    outer_h = tall_px + 2 * padding * size_px
    mirrored = words.right_to_left and style.align != "centre"
    across = x if x is not None else 1.0 - style.x if mirrored else style.x
    back = {"start": 0.0, "centre": 0.5, "end": 1.0}[style.align]
    down = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[style.anchor]
    left_px = across * width_px - (1.0 - back if mirrored else back) * outer_w
    top_px = (style.y if y is None else y) * height_px - down * outer_h
    left_px = max(min(left_px, safe.right - outer_w), safe.left)
    top_px = max(min(top_px, safe.bottom - outer_h), safe.top)
    plate = Edges(left_px, top_px, left_px + outer_w, top_px + outer_h)
    bar = None
    if style.bar:
        bar_left = plate.right - style.bar * size_px if words.right_to_left else plate.left
        bar = Edges(bar_left, plate.top, bar_left + style.bar * size_px, plate.bottom)
    text_left = plate.left + padding * size_px + (0.0 if words.right_to_left else bar_room * size_px)
    baseline_px = plate.top + padding * size_px
    runs: list[TextRun] = []
    for row, line in zip(rows, lines, strict=True):
        baseline_px += row.step_px
        spare_px = wide_px - line.width_px
        shift_px = spare_px / 2 if style.align == "centre" else spare_px if words.right_to_left else 0.0
        runs += line.placed(text_left + shift_px, round(baseline_px))
    return LabelLayout(tuple(runs), plate, bar)


class _Words:
    """A label's words, measured once: their widths grow with the size."""

    def __init__(self, text: str, style: LabelStyle, language: str) -> None:
        self.style, self.language = style, language
        paragraphs = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        self.right_to_left = is_right_to_left(" ".join(paragraphs), language)
        if style.capitals:
            paragraphs[:1] = [capitals(paragraphs[0], language)]
        self.reaches = [reach(paragraph) for paragraph in paragraphs]
        self.words = [[piece for word in line.split() for piece in break_unspaced(word)] for line in paragraphs]
        self.widths = [
            [self._set(number, [word], 100.0).width_px / 100.0 for word in some]
            for number, some in enumerate(self.words)
        ]

    def broken(self, size_px: float, room_px: float) -> tuple[list[_Row], float, float]:
        """The rows at a size, and about how wide and how tall they are, in pixels."""
        rows: list[_Row] = []
        wide_px = tall_px = 0.0
        for number, some in enumerate(self.words):
            own_px = size_px * (1.0 if number == 0 else self.style.small)
            space = 0.27 + (2 * self.style.tracking if number == 0 else 0.0)
            above, below = self.reaches[number]
            for first, end in _even_lines(some, self.widths[number], space, room_px / own_px):
                step_px = self.style.line_height * own_px if rows else above * own_px
                if rows and first == 0:
                    step_px += _AFTER_PARAGRAPH * size_px
                rows.append(_Row(number, first, end, own_px, step_px, below * own_px))
                wide_px = max(wide_px, own_px * (sum(self.widths[number][first:end]) + space * (end - first - 1)))
                tall_px += step_px
        return rows, wide_px, tall_px + rows[-1].below_px

    def set_row(self, row: _Row) -> Line:
        """A row's letters, placed from its left edge on."""
        return self._set(row.paragraph, self.words[row.paragraph][row.first : row.end], row.size_px)

    def _set(self, number: int, some: Sequence[str], size_px: float) -> Line:
        return set_line(
            [(min(number, 1), word) for word in some],
            family=self.style.family if number == 0 else "sans",
            size_px=size_px,
            language=self.language,
            right_to_left=self.right_to_left,
            tracking=self.style.tracking if number == 0 else 0.0,
        )


def _even_lines(words: Sequence[str], widths: Sequence[float], space: float, room: float) -> list[tuple[int, int]]:
    """Words on as few lines as hold them, those lines as even as that allows."""

    def fill(limit: float) -> list[tuple[int, int]]:
        lines: list[tuple[int, int]] = []
        first, reached = 0, 0.0
        for index, width in enumerate(widths):
            gap = space if index > first and space_between(words[index - 1], words[index]) else 0.0
            if index > first and reached + gap + width > limit:
                lines.append((first, index))
                first, reached, gap = index, 0.0, 0.0
            reached += gap + width
        return [*lines, (first, len(widths))]

    fewest = len(fill(room))
    narrow, wide = max(widths), max(room, *widths)
    for _ in range(12):
        middle = (narrow + wide) / 2
        narrow, wide = (narrow, middle) if len(fill(middle)) <= fewest else (middle, wide)
    return fill(wide)
