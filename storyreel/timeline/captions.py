"""Words become captions: pages, lines and the frames in which they are on screen.

A page ends where a reader expects it to: after a sentence, else after a clause, never between an article and its noun
when that can be helped. All pages of a stretch of speech are chosen together (a shortest path over the possible
breaks), so a good break now is not paid for with a bad one later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import inf
from typing import Literal

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.providers.contracts import SpokenWord
from storyreel.timeline.function_words import ABBREVIATIONS, LEANING
from storyreel.timeline.model import Cue, CueWord
from storyreel.timeline.scripts import break_unspaced, columns, is_unspaced, never_first, space_between

FrameShape = Literal["wide", "square", "tall"]


@dataclass(frozen=True, slots=True)
class Norm:
    """How a preset groups words.

    Attributes:
        columns: characters a line, by frame shape.
        lines: at most so many lines a page.
        words: at most so many words a page.
        shortest_s, longest_s: a page's time on screen.
        characters_per_s: reading speed that a page is held for, where the voice leaves room.
        gap_frames: kept free between pages that follow closely.
        hold_s: how long a page stays after its last word.
        bridge_s: a silence up to this long is filled by holding the page before it.
        pause_s: a silence this long always ends a page.
    """

    columns: dict[FrameShape, int]
    lines: int
    words: int
    shortest_s: Fraction
    longest_s: Fraction
    characters_per_s: float
    gap_frames: int
    hold_s: float
    bridge_s: float
    pause_s: float


# Netflix Timed Text Style Guide: 42 characters a line, two lines, 5/6 s to 7 s, 17 characters a second for adults,
# two frames between pages. Square and tall frames take the shorter lines that their larger type leaves room for.
_DOCUMENTARY = Norm(
    columns={"wide": 42, "square": 30, "tall": 22},
    lines=2,
    words=99,
    shortest_s=Fraction(5, 6),
    longest_s=Fraction(7),
    characters_per_s=17.0,
    gap_frames=2,
    hold_s=0.4,
    bridge_s=0.7,
    pause_s=1.2,
)
_CINEMA = Norm(
    columns={"wide": 40, "square": 30, "tall": 22},
    lines=2,
    words=99,
    shortest_s=Fraction(1),
    longest_s=Fraction(6),
    characters_per_s=15.0,
    gap_frames=2,
    hold_s=0.5,
    bridge_s=0.7,
    pause_s=1.2,
)
_SHORT_FORM = Norm(
    columns={"wide": 24, "square": 20, "tall": 16},
    lines=1,
    words=4,
    shortest_s=Fraction(2, 5),
    longest_s=Fraction(3),
    characters_per_s=20.0,
    gap_frames=0,
    hold_s=0.25,
    bridge_s=0.6,
    pause_s=0.9,
)
NORMS: dict[str, Norm] = {
    "documentary": _DOCUMENTARY,
    "cinema": _CINEMA,
    "short-form": _SHORT_FORM,
    "karaoke": replace(_DOCUMENTARY, columns={"wide": 32, "square": 24, "tall": 18}),
    "boxed": _DOCUMENTARY,
    "pop": _SHORT_FORM,
}

_CLOSING = "\"'”’»)]}›」』）】"
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।", "॥")
_CLAUSE_ENDS = (",", ";", ":", "—", "–", "،", "؛", "、", "，", "；", "：")

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PARAGRAPH = re.compile(r"\n\s*\n")


def shape_of(width_px: int, height_px: int) -> FrameShape:
    """Whether a frame is wide (16:9, 4:3), square-ish (1:1, 4:5) or tall (9:16)."""
    ratio = width_px / height_px
    return "wide" if ratio > 1.2 else "square" if ratio > 0.7 else "tall"


def norm_of(preset: str) -> Norm:
    """The grouping rules of a caption preset.

    Raises:
        InputError: there is no such preset.
    """
    try:
        return NORMS[preset]
    except KeyError:
        raise InputError(f"there is no caption preset {preset!r}: choose one of {', '.join(NORMS)}, or none") from None


def cues(
    words: Sequence[SpokenWord], rate: Rate, preset: str, language: str, frame_size_px: tuple[int, int]
) -> tuple[Cue, ...]:
    """Group spoken words into captions.

    Args:
        words: in speaking order, times in seconds from the film's start. Words without a visible character are
            left out; those of scripts without spaces are cut where a line may break.
        rate: the film's.
        preset: a key of `NORMS`.
        language: ISO 639-1 code; decides which little words are kept with what follows them.
        frame_size_px: (width, height); decides how many characters fit a line.

    Returns:
        Captions in order that never overlap. Every word is in exactly one, and its frames lie inside it.

    Raises:
        InputError: there is no such preset.
    """
    norm = norm_of(preset)
    width = norm.columns[shape_of(*frame_size_px)]
    spoken = _glued(piece for word in words for piece in _pieces(word))
    leaning = _leaning(language)
    pages: list[tuple[tuple[SpokenWord, ...], ...]] = []
    for stretch in _stretches(spoken, norm.pause_s):
        pages += _Pager(stretch, norm, width, leaning).pages()
    return _timed(pages, rate, norm)


def pace(
    text: str,
    *,
    characters_per_s: float = 14.0,
    clause_pause_s: float = 0.15,
    sentence_pause_s: float = 0.4,
    paragraph_pause_s: float = 1.0,
) -> tuple[SpokenWord, ...]:
    """Give every word of a text the time it takes to read, for a film without a voice.

    Args:
        text: prose; an empty line parts paragraphs.
        characters_per_s: reading speed, spaces counted. The default lies below the 17 that adults keep up with
            (Netflix) and near the 160 words a minute that the BBC's subtitle guidelines call comfortable.
        clause_pause_s, sentence_pause_s, paragraph_pause_s: rests after the last word of each.

    Returns:
        Every whitespace-separated word, from 0 s on.

    Raises:
        InputError: the reading speed is not positive.
    """
    if not characters_per_s > 0:
        raise InputError(f"a reading speed of {characters_per_s} characters a second cannot be kept: give more than 0")
    spoken: list[SpokenWord] = []
    at_s = 0.0
    for paragraph in _PARAGRAPH.split(text):
        for word in paragraph.split():
            end_s = at_s + (columns(word) + 1) / characters_per_s
            spoken.append(SpokenWord(text=word, start_s=at_s, end_s=end_s))
            at_s = end_s
            if _ends_sentence(word):
                at_s += sentence_pause_s
            elif _ends_clause(word):
                at_s += clause_pause_s
        if spoken:
            at_s = spoken[-1].end_s + paragraph_pause_s
    return tuple(spoken)


def leans(word: str, language: str) -> bool:
    """Whether a line should not end on a word, since it belongs to the next: an article, a preposition, "Mr."."""
    return _is_title(word) or (_plain(word) in _leaning(language) and not _ends_clause(word))


def _leaning(language: str) -> frozenset[str]:
    return LEANING.get(language.partition("-")[0].lower(), frozenset())


def _pieces(word: SpokenWord) -> Iterator[SpokenWord]:
    for token in word.text.split():
        pieces = break_unspaced(token)
        length_s = max(word.end_s - word.start_s, 0.0)
        at_s, total = word.start_s, sum(map(len, pieces))
        for piece in pieces:
            end_s = at_s + length_s * len(piece) / total
            yield SpokenWord(text=piece, start_s=at_s, end_s=end_s)
            at_s = end_s


def _glued(pieces: Iterable[SpokenWord]) -> list[SpokenWord]:
    """Closing punctuation that came as a word of its own, put back on the unspaced word it closes."""
    glued: list[SpokenWord] = []
    for piece in pieces:
        before = glued[-1] if glued else None
        if before is not None and never_first(piece.text) and is_unspaced(before.text[-1]):
            glued[-1] = SpokenWord(text=before.text + piece.text, start_s=before.start_s, end_s=piece.end_s)
        else:
            glued.append(piece)
    return glued


def _stretches(words: Sequence[SpokenWord], pause_s: float) -> Iterator[Sequence[SpokenWord]]:
    first = 0
    for index in range(1, len(words)):
        if words[index].start_s - words[index - 1].end_s >= pause_s:
            yield words[first:index]
            first = index
    if words:
        yield words[first:]


@lru_cache(maxsize=16384)
def _ends_sentence(word: str) -> bool:
    bare = word.rstrip(_CLOSING)
    if not bare.endswith(_SENTENCE_ENDS):
        return False
    stem = bare.rstrip(".").lstrip("\"'“‘«(").lower()
    return not (bare.endswith(".") and (stem in ABBREVIATIONS or (len(stem) == 1 and stem.isalpha() and stem != "i")))


@lru_cache(maxsize=16384)
def _ends_clause(word: str) -> bool:
    return word.rstrip(_CLOSING).endswith(_CLAUSE_ENDS)


# Costs of a break and of a page. Only their order and rough size matter: a bad break is worth an uneven page, a
# sentence end is worth a short one.
_AFTER_LEANING = 9.0
_INSIDE_NAME = 8.0
_INSIDE_PHRASE = 3.0
_AFTER_CLAUSE = 0.6
_AFTER_SENTENCE = 0.0
_BEFORE_LEANING = 2.0
_SENTENCE_INSIDE_PAGE = 3.5
_PAGE = 2.0
_TOO_BRIEF = 6.0
_FEW_CHARACTERS = 4.0
_SECOND_LINE = 1.2


class _Pager:
    """Chooses the pages of one stretch of speech."""

    def __init__(self, words: Sequence[SpokenWord], norm: Norm, width: int, leaning: frozenset[str]) -> None:
        self.words, self.norm, self.width = words, norm, width
        self.ends = [0]  # columns from the stretch's start to the end of each word, spaces before it counted
        self.starts: list[int] = []
        for index, word in enumerate(words):
            space = len(space_between(words[index - 1].text, word.text)) if index else 0
            self.starts.append(self.ends[-1] + space)
            self.ends.append(self.starts[-1] + columns(word.text))
        self.counts = [0.0]  # words from the stretch's start on; of unspaced scripts, about four characters make one
        for word in words:
            self.counts.append(self.counts[-1] + (0.25 * len(word.text) if is_unspaced(word.text[0]) else 1.0))
        self.break_costs = [self._break_cost(index, leaning) for index in range(len(words))]
        self.sentence_ends = [_ends_sentence(word.text) for word in words]

    def pages(self) -> list[tuple[tuple[SpokenWord, ...], ...]]:
        """The stretch as pages of lines of words, at the least total cost."""
        count = len(self.words)
        best = [0.0] + [inf] * count
        came: list[tuple[int, int]] = [(0, 0)] * (count + 1)  # the page's first word, its second line's first word
        for first in range(count):
            for end in range(first + 1, count + 1):
                if end > first + 1 and not self._may_be_longer(first, end):
                    break
                cost, line_start = self._page_cost(first, end)
                if best[first] + cost < best[end]:
                    best[end], came[end] = best[first] + cost, (first, line_start)
        pages: list[tuple[tuple[SpokenWord, ...], ...]] = []
        end = count
        while end:
            first, line_start = came[end]
            lines = ((first, line_start), (line_start, end))
            pages.append(tuple(tuple(self.words[a:b]) for a, b in lines if b > a))
            end = first
        return pages[::-1]

    def _columns(self, first: int, end: int) -> int:
        return self.ends[end] - self.starts[first]

    def _may_be_longer(self, first: int, end: int) -> bool:
        norm = self.norm
        lasts_s = self.words[end - 1].end_s - self.words[first].start_s
        return (
            self.counts[end] - self.counts[first] <= norm.words
            and self._columns(first, end) <= norm.lines * (self.width + 1) - 1
            and lasts_s <= norm.longest_s
        )

    def _page_cost(self, first: int, end: int) -> tuple[float, int]:
        """What a page of words `first` to `end` costs, and where its second line starts (`end` for none)."""
        size = self._columns(first, end)
        if size <= self.width or end == first + 1:
            cost, line_start = 0.0, end
        else:
            cost, line_start = self._best_line_break(first, end)
            if cost == inf:
                return inf, end
        cost += _PAGE + (self.break_costs[end - 1] if end < len(self.words) else 0.0)
        cost += _SENTENCE_INSIDE_PAGE * sum(self.sentence_ends[first : end - 1])
        goes_on = end < len(self.words)
        until_s = self.words[end].start_s if goes_on else self.words[end - 1].end_s + self.norm.hold_s
        lasts_s = until_s - self.words[first].start_s
        if lasts_s < self.norm.shortest_s:
            cost += _TOO_BRIEF * (1 - lasts_s / float(self.norm.shortest_s))
        if goes_on or first:  # a whole stretch that is short has no neighbour to share words with
            room = min(self.width, 24) if self.norm.lines > 1 else self.width // 2
            cost += _FEW_CHARACTERS * max(0.0, 1 - size / room)
        return cost, line_start

    def _best_line_break(self, first: int, end: int) -> tuple[float, int]:
        """Two lines as even as good breaks allow, the lower one rather the longer."""
        best_cost, best_at = inf, end
        if self.norm.lines < 2:
            return best_cost, best_at
        for at in range(first + 1, end):
            upper, lower = self._columns(first, at), self._columns(at, end)
            if upper > self.width:
                break
            if lower > self.width:
                continue
            lean = (lower - upper) / self.width
            cost = _SECOND_LINE + 0.8 * self.break_costs[at - 1] + 5.0 * lean * lean + (0.6 if lean < 0 else 0.0)
            if cost < best_cost:
                best_cost, best_at = cost, at
        return best_cost, best_at

    def _break_cost(self, index: int, leaning: frozenset[str]) -> float:
        """What it costs to break after word `index`."""
        word = self.words[index].text
        if _ends_sentence(word):
            return _AFTER_SENTENCE
        if _ends_clause(word):
            return _AFTER_CLAUSE
        after = self.words[index + 1].text if index + 1 < len(self.words) else ""
        if _plain(word) in leaning or _is_title(word):
            return _AFTER_LEANING
        if word[:1].isupper() and after[:1].isupper() and _WORD.match(after):
            return _INSIDE_NAME
        if word[-1:].isdigit() and after[:1].isalpha():
            return _INSIDE_NAME
        return _BEFORE_LEANING if _plain(after) in leaning else _INSIDE_PHRASE


@lru_cache(maxsize=16384)
def _plain(word: str) -> str:
    found = _WORD.search(word)
    return found.group().lower() if found else ""


def _is_title(word: str) -> bool:
    return word.endswith(".") and word[:-1].lstrip("\"'“‘«(").lower() in ABBREVIATIONS


def _timed(pages: Sequence[tuple[tuple[SpokenWord, ...], ...]], rate: Rate, norm: Norm) -> tuple[Cue, ...]:
    """Give every page its frames: held past its last word where there is room, never into the next."""
    starts: list[int] = []
    for lines in pages:
        wanted = max(rate.frames(lines[0][0].start_s), 0)
        starts.append(max(wanted, starts[-1] + 1) if starts else wanted)
    timed: list[Cue] = []
    for index, lines in enumerate(pages):
        start = starts[index]
        voice_end = max(rate.frames(lines[-1][-1].end_s), start + 1)
        reading_s = sum(columns(word.text) + 1 for line in lines for word in line) / norm.characters_per_s
        end = max(
            voice_end + rate.frames(norm.hold_s),
            start + rate.frames_ceil(norm.shortest_s),
            start + rate.frames_ceil(reading_s),
        )
        if index + 1 < len(pages):
            following = starts[index + 1]
            if following - end <= rate.frames(norm.bridge_s):
                end = following
            end = max(min(end, following - norm.gap_frames), start + 1)
        end = min(end, max(start + rate.frames(norm.longest_s), voice_end))
        if index + 1 < len(pages):
            end = min(end, starts[index + 1])
        timed.append(Cue(start_frame=start, length_frames=end - start, lines=_timed_lines(lines, rate, start, end)))
    return tuple(timed)


def _timed_lines(
    lines: tuple[tuple[SpokenWord, ...], ...], rate: Rate, start: int, end: int
) -> tuple[tuple[CueWord, ...], ...]:
    words = [word for line in lines for word in line]
    word_starts: list[int] = []
    for word in words:
        earliest = word_starts[-1] if word_starts else start
        word_starts.append(min(max(rate.frames(word.start_s), earliest), end))
    limits = [*word_starts[1:], end]
    timed = iter(
        CueWord(text=word.text, start_frame=begin, end_frame=min(max(rate.frames(word.end_s), begin), limit))
        for word, begin, limit in zip(words, word_starts, limits, strict=True)
    )
    return tuple(tuple(next(timed) for _ in line) for line in lines)
