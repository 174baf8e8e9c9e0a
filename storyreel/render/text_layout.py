"""Where every piece of text stands: lines of words become runs of one font, direction and word, placed in pixels."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil

from storyreel.render.caption_styles import CardStyle
from storyreel.render.text_bidi import is_right_to_left, levels, visual_order
from storyreel.render.text_fonts import FontName, UserFont, clusters, font_runs, open_font
from storyreel.render.text_shaping import Face, Shaped
from storyreel.timeline.caption_style import CaptionStyle, Family
from storyreel.timeline.captions import leans
from storyreel.timeline.safe_area import Edges
from storyreel.timeline.scripts import break_unspaced, capitals, space_between

SMALLEST_CAPTION_SCALE = 0.72
PLATE_WIDENING = 1.25  # a plate's padding at the sides, as a share of that above and below
_CAP_HEIGHT = 0.72
# How far letters reach above and below the baseline, in ems: marks of Arabic, Indic and Thai go further than capitals
# and descenders do.
_REACH, _EAST_ASIAN_REACH, _DEEP_REACH = (0.76, 0.3), (0.88, 0.3), (1.05, 0.48)
_DEEP_SCRIPTS = (
    "ARABIC", "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER", "LAO", "MALAYALAM", "MYANMAR",
    "ORIYA", "SINHALA", "TAMIL", "TELUGU", "THAI",
)  # fmt: skip
_SMALLEST_TITLE_SCALE = 0.2
_WORTH_OF_FEWER_LINES = 0.86  # another line must let a title's type grow by a sixth
_UNCASED_SUBTITLE_SCALE = 1.35  # letters without capitals look smaller than capitals of the same size
_VOWELS = frozenset("aeiouyæøœаеиоуыэюяієαεηιουω")
_SPOKEN_AS_ONE = frozenset({"ch", "gh", "ph", "sc", "sh", "th"})
_TRACKED_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN")


@dataclass(frozen=True, slots=True)
class TextRun:
    """A piece of text in one font and direction, drawn at once.

    Attributes:
        word: the number of the caption word it belongs to.
        level: its bidi level; odd runs right to left.
        width_px: its advance, tracking included.
        tracking_px: space after each of its characters.
        x_px, baseline_px: where it stands; x is its left edge.
    """

    text: str
    font: FontName
    size_px: float
    language: str
    word: int
    level: int
    width_px: float
    tracking_px: float = 0.0
    x_px: float = 0.0
    baseline_px: float = 0.0

    @property
    def face(self) -> Face:
        """Its font at its size."""
        return open_font(self.font, self.size_px, self.language)

    @property
    def shaped(self) -> Shaped:
        """Its glyphs, tracking left out."""
        return _shaped(self.text, self.font, self.size_px, self.language, self.level % 2 == 1, True)

    def moved(self, x_px: float, baseline_px: float) -> TextRun:
        """The same run somewhere else."""
        return TextRun(
            self.text, self.font, self.size_px, self.language, self.word, self.level, self.width_px, self.tracking_px,
            x_px, baseline_px,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """Runs from left to right; x counts from the line's left edge, the baseline from 0."""

    runs: tuple[TextRun, ...]
    width_px: float

    def placed(self, left_px: float, baseline_px: float) -> tuple[TextRun, ...]:
        """Its runs, in the frame."""
        return tuple(run.moved(run.x_px + left_px, baseline_px) for run in self.runs)


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line to draw: its edges in pixels."""

    left_px: float
    top_px: float
    right_px: float
    bottom_px: float


@dataclass(frozen=True, slots=True)
class CardLayout:
    """A title card's parts, in the frame; empty ones are left out."""

    title: tuple[TextRun, ...]
    subtitle: tuple[TextRun, ...]
    rule: Rule | None


def set_line(
    words: Sequence[tuple[int, str]],
    *,
    family: Family,
    size_px: float,
    language: str,
    right_to_left: bool,
    tracking: float = 0.0,
    own: UserFont | None = None,
) -> Line:
    """Set words on one line.

    Args:
        words: number and text of each, in reading order.
        right_to_left: the direction of the paragraph they belong to.
        tracking: letter spacing in ems, for alphabets whose letters stand apart.
        own: a font of the user's, tried before the family.
    """
    text, owners, before = "", [], ""
    for number, word in words:
        space = space_between(before, word) if before else ""
        text += space + word
        owners += [number] * (len(space) + len(word))
        before = word
    runs: list[TextRun] = []
    line_levels = levels(text, right_to_left)
    first = 0
    for index in range(1, len(text) + 1):
        if index < len(text) and owners[index] == owners[first] and line_levels[index] == line_levels[first]:
            continue
        for font_run in font_runs(text[first:index], family, own):
            tracked = tracking * size_px if takes_tracking(font_run.text) else 0.0
            runs.append(
                TextRun(
                    text=font_run.text,
                    font=font_run.font,
                    size_px=size_px,
                    language=language,
                    word=owners[first],
                    level=line_levels[first],
                    width_px=0.0,
                    tracking_px=tracked,
                )
            )
        first = index
    placed: list[TextRun] = []
    at_px = 0.0
    for run in visual_order(runs):
        width_px = advance_px(run)
        placed.append(
            TextRun(
                run.text, run.font, size_px, language, run.word, run.level, width_px, run.tracking_px, at_px, 0.0
            )
        )  # fmt: skip
        at_px += width_px
    trailing_px = placed[-1].tracking_px if placed else 0.0
    return Line(tuple(placed), max(at_px - trailing_px, 0.0))


def advance_px(run: TextRun) -> float:
    """How far a run moves the pen."""
    if run.tracking_px:
        return tracked_offsets_px(run)[-1]
    return run.shaped.advance_px


@lru_cache(maxsize=2048)
def _shaped(text: str, font: FontName, size_px: float, language: str, right_to_left: bool, ligatures: bool) -> Shaped:
    face = open_font(font, size_px, language)
    return face.shape(text, right_to_left=right_to_left, language=language, ligatures=ligatures)


def tracked_offsets_px(run: TextRun) -> list[float]:
    """Where each character of a tracked run stands, from the run's start, and last the run's advance.

    Kerning is kept, ligatures are not: they would be letters that forgot to spread.
    """
    offsets, before_px, text = [0.0], 0.0, ""
    for cluster in clusters(run.text):
        text += cluster
        reached_px = _shaped(text, run.font, run.size_px, run.language, False, False).advance_px
        offsets.append(offsets[-1] + reached_px - before_px + run.tracking_px)
        before_px = reached_px
    return offsets


def tracked_characters(run: TextRun) -> list[tuple[Shaped, float]]:
    """The characters of a tracked run, each with where it stands from the run's start, in pixels."""
    return [
        (_shaped(cluster, run.font, run.size_px, run.language, False, False), offset_px)
        for cluster, offset_px in zip(clusters(run.text), tracked_offsets_px(run), strict=False)
    ]


def lay_out_caption(
    lines: Sequence[Sequence[str]],
    style: CaptionStyle,
    width_px: int,
    height_px: int,
    language: str,
    *,
    safe: Edges | None = None,
    own: UserFont | None = None,
) -> tuple[TextRun, ...]:
    """Set a caption's lines, centred in the part of the frame that the style names.

    Lines too wide for the margins are set smaller; where that would make them hard to read they are broken anew, and a
    single word that is still too wide is cut.

    Args:
        safe: letters, outlines and plates stay inside; None for the style's margins alone.
        own: the font opened from the style's `font_file`.
    """
    words = [list(line) for line in lines]
    numbered: list[list[tuple[int, str]]] = []
    count = 0
    for line in words:
        numbered.append(list(enumerate(line, start=count)))
        count += len(line)
    right_to_left = is_right_to_left(" ".join(word for line in words for word in line), language)
    safe = safe or Edges(0, 0, width_px, height_px)
    size_px = style.size * height_px
    around_px = _around(style) * size_px
    side_px = max(style.side * width_px, safe.left + around_px, width_px - safe.right + around_px)
    room_px = width_px - 2 * side_px
    top_px, bottom_px = safe.top + around_px, safe.bottom - around_px
    margin_px = style.margin * height_px
    if style.position == "bottom":
        bottom_px = min(bottom_px, height_px - margin_px)
    elif style.position == "top":
        top_px = max(top_px, margin_px)

    def set_all(lines: Sequence[Sequence[tuple[int, str]]], size_px: float) -> list[Line]:
        return [
            set_line(
                line, family=style.family, size_px=size_px, language=language, right_to_left=right_to_left, own=own
            )
            for line in lines
        ]

    def measure(some: Sequence[tuple[int, str]]) -> float:
        return set_all([some], size_px)[0].width_px

    set_lines = set_all(numbered, size_px)
    widest_px = max((line.width_px for line in set_lines), default=0.0)
    if widest_px * SMALLEST_CAPTION_SCALE > room_px:
        flat = [
            (number, piece)
            for line in numbered
            for number, word in line
            for piece in _cut_word(word, measure([(number, word)]), room_px / SMALLEST_CAPTION_SCALE)
        ]
        numbered = _wrapped(flat, measure, room_px)
        set_lines = set_all(numbered, size_px)
        widest_px = max(line.width_px for line in set_lines)
    tall_px = len(set_lines) * style.line_height * size_px
    scale = min(1.0, room_px / widest_px if widest_px else 1.0, max(bottom_px - top_px, 1.0) / tall_px)
    if scale < 1.0:
        size_px *= scale
        set_lines = set_all(numbered, size_px)
    step_px = style.line_height * size_px
    above, below = reach(" ".join(word for line in words for word in line))
    last_px = bottom_px - below * size_px
    if style.position == "top":
        last_px = top_px + above * size_px + (len(set_lines) - 1) * step_px
    elif style.position == "middle":
        last_px = (top_px + bottom_px + (len(set_lines) - 1) * step_px + _CAP_HEIGHT * size_px) / 2
    placed: list[TextRun] = []
    for index, set_one in enumerate(set_lines):
        baseline_px = round(last_px - (len(set_lines) - 1 - index) * step_px)
        placed += set_one.placed((width_px - set_one.width_px) / 2, baseline_px)
    return tuple(placed)


def _around(style: CaptionStyle) -> float:
    """How far a caption reaches around its letters, in ems: what must stay inside a safe area with them."""
    boxes = [box.padding * PLATE_WIDENING for box in (style.box, style.word_box) if box is not None]
    return max(style.outline.width, *boxes, 0.0)


def _cut_word(word: str, width_px: float, room_px: float) -> list[str]:
    """A word too wide for any line, in even pieces that are not; hyphens only where the script has them.

    Arabic letters join, so a word of them stays whole and is set smaller.
    """
    parts = clusters(word)
    count = min(ceil(width_px / room_px), len(parts))
    if count < 2 or is_right_to_left(word):
        return [word]
    cuts = sorted({_cut_near(parts, len(parts) * index // count) for index in range(count + 1)})
    pieces = ["".join(parts[a:b]) for a, b in pairwise(cuts)]
    return [
        piece + ("-" if takes_tracking(word) and piece[-1].isalpha() and after[:1].isalpha() else "")
        for piece, after in zip(pieces, [*pieces[1:], ""], strict=True)
    ]


def _cut_near(parts: Sequence[str], at: int) -> int:
    """The best place near `at` to cut a word: before a consonant that a vowel follows, as most syllables begin."""
    if not 0 < at < len(parts) - 1:
        return at
    for place in (at, at - 1, at + 1, at - 2, at + 2, at - 3, at + 3):
        if not 1 < place < len(parts) - 1 or not _is_vowel(parts[place + 1]):
            continue
        if parts[place].isalpha() and not _is_vowel(parts[place]):
            while place > 2 and (parts[place - 1] + parts[place]).lower() in _SPOKEN_AS_ONE:
                place -= 1
            return place
    return at


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter)[:1].lower() in _VOWELS


def reach(text: str) -> tuple[float, float]:
    """How far a text's letters go above and below the baseline, in ems: the same for all texts of a script."""
    names = {unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()}
    if not names.isdisjoint(_DEEP_SCRIPTS):
        return _DEEP_REACH
    if not names.isdisjoint({"CJK", "HANGUL", "HIRAGANA", "KATAKANA"}):
        return _EAST_ASIAN_REACH
    return _REACH


def lay_out_card(
    title: str, subtitle: str, style: CardStyle, width_px: int, height_px: int, language: str
) -> CardLayout:
    """Set a title, a rule and a subtitle, centred on the style's line; a long title is wrapped and set smaller."""
    room_px = width_px * (1 - 2 * style.side)
    title_lines, size_px = _set_title(title, style, room_px, height_px, language)
    shown = capitals(subtitle, language) if style.subtitle_capitals else subtitle
    small_lines, small_px = _set_subtitle(shown, style, room_px, height_px, language)
    gap_px = style.rule_gap * height_px
    cap_px, small_cap_px = 0.68 * size_px, 0.72 * small_px  # from baseline to the top of capitals
    step_px, small_step_px = style.line_height * size_px, 1.5 * small_px
    tall_px = cap_px + (len(title_lines) - 1) * step_px if title_lines else 0.0
    if small_lines:
        tall_px += (2 * gap_px if title_lines else 0.0) + small_cap_px + (len(small_lines) - 1) * small_step_px
    baseline_px = style.centre * height_px - tall_px / 2 + cap_px
    placed_title: list[TextRun] = []
    for line in title_lines:
        placed_title += line.placed((width_px - line.width_px) / 2, round(baseline_px))
        baseline_px += step_px
    rule = None
    placed_small: list[TextRun] = []
    if small_lines:
        top_px = style.centre * height_px - tall_px / 2
        if title_lines:
            below_px = baseline_px - step_px + gap_px + 0.08 * size_px
            half_px = max(style.rule_width * height_px / 2, 8.0)
            thick_px = max(round(style.rule_thickness * height_px), 1)
            rule = Rule(width_px / 2 - half_px, round(below_px), width_px / 2 + half_px, round(below_px) + thick_px)
            top_px = below_px + gap_px
        baseline_px = top_px + small_cap_px
        for line in small_lines:
            placed_small += line.placed((width_px - line.width_px) / 2, round(baseline_px))
            baseline_px += small_step_px
    return CardLayout(tuple(placed_title), tuple(placed_small), rule)


def _set_title(title: str, style: CardStyle, room_px: float, height_px: int, language: str) -> tuple[list[Line], float]:
    """The title in as many lines as let it be large, and the size that fits."""
    words = _title_words(title)
    if not words:
        return [], style.size * height_px
    right_to_left = is_right_to_left(title, language)
    largest_px = style.size * height_px

    def set_at(some: Sequence[tuple[int, str]], size_px: float) -> Line:
        return set_line(
            some,
            family=style.family,
            size_px=size_px,
            language=language,
            right_to_left=right_to_left,
            tracking=style.tracking,
        )

    widths: dict[tuple[int, int], float] = {}

    def measure(first: int, end: int) -> float:
        if (first, end) not in widths:
            widths[first, end] = set_at(words[first:end], largest_px).width_px
        return widths[first, end]

    best: tuple[float, float, list[tuple[int, int]]] | None = None
    for count in range(1, min(style.lines, len(words)) + 1):
        breaks = _even_breaks(words, count, measure, language)
        scale = min(1.0, room_px / max(max(measure(a, b) for a, b in breaks), 1.0))
        worth = scale * _WORTH_OF_FEWER_LINES ** (count - 1)
        if best is None or worth > best[0]:
            best = (worth, scale, breaks)
    assert best is not None  # words is not empty
    size_px = largest_px * max(best[1], _SMALLEST_TITLE_SCALE)
    size_px *= min(1.0, 0.62 * height_px / (len(best[2]) * style.line_height * size_px))
    lines = [set_at(words[a:b], size_px) for a, b in best[2]]
    widest_px = max(line.width_px for line in lines)
    if widest_px > room_px:
        size_px *= room_px / widest_px
        lines = [set_at(words[a:b], size_px) for a, b in best[2]]
    return lines, size_px


def _set_subtitle(
    subtitle: str, style: CardStyle, room_px: float, height_px: int, language: str
) -> tuple[list[Line], float]:
    words = _title_words(subtitle)
    size_px = style.subtitle_size * height_px
    if style.subtitle_capitals and subtitle.lower() == subtitle:
        size_px *= _UNCASED_SUBTITLE_SCALE
    if not words:
        return [], size_px
    right_to_left = is_right_to_left(subtitle, language)

    def set_at(some: Sequence[tuple[int, str]], size_px: float) -> Line:
        return set_line(
            some,
            family=style.subtitle_family,
            size_px=size_px,
            language=language,
            right_to_left=right_to_left,
            tracking=style.subtitle_tracking,
        )

    def measure(some: Sequence[tuple[int, str]]) -> float:
        return set_at(some, size_px).width_px

    broken = _wrapped(words, measure, room_px)
    lines = [set_at(line, size_px) for line in broken]
    scale = min(1.0, room_px / max(line.width_px for line in lines), 2 / len(lines))
    if scale < 1.0:
        size_px *= scale
        lines = [set_at(line, size_px) for line in broken]
    return lines, size_px


def _title_words(text: str) -> list[tuple[int, str]]:
    return list(enumerate(piece for word in text.split() for piece in break_unspaced(word)))


def _wrapped(
    words: Sequence[tuple[int, str]], measure: Callable[[Sequence[tuple[int, str]]], float], room_px: float
) -> list[list[tuple[int, str]]]:
    """Words on as few lines as hold them; a word wider than a line has one of its own."""
    lines: list[list[tuple[int, str]]] = []
    for word in words:
        if lines and measure([*lines[-1], word]) <= room_px:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _even_breaks(
    words: Sequence[tuple[int, str]], count: int, measure: Callable[[int, int], float], language: str
) -> list[tuple[int, int]]:
    """Words on exactly `count` lines as even as can be, rather after a colon than after an article."""
    total_px = measure(0, len(words))
    ideal_px = total_px / count
    best: dict[tuple[int, int], tuple[float, list[tuple[int, int]]]] = {(0, 0): (0.0, [])}
    for used in range(1, count + 1):
        for end in range(used, len(words) - (count - used) + 1):
            choices = []
            for first in range(used - 1, end):
                if (used - 1, first) not in best:
                    continue
                cost, lines = best[used - 1, first]
                uneven = (measure(first, end) - ideal_px) / max(ideal_px, 1.0)
                cost += uneven * uneven + (_title_break_cost(words, end, language) if end < len(words) else 0.0)
                choices.append((cost, [*lines, (first, end)]))
            if choices:
                best[used, end] = min(choices)
    return best[count, len(words)][1]


def _title_break_cost(words: Sequence[tuple[int, str]], end: int, language: str) -> float:
    before = words[end - 1][1]
    if before.endswith((":", "—", "–", ",", ";", ".", "!", "?")):
        return -0.08
    return 0.25 if leans(before, language) else 0.0


def takes_tracking(text: str) -> bool:
    """Whether letters may be spread: not where they join (Arabic), stack (Indic) or have no case tradition."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters or text.strip()) and all(unicodedata.name(c, "").startswith(_TRACKED_SCRIPTS) for c in letters)
