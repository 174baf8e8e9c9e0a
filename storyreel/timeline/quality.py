"""How captions keep to the norms of the trade: reading speed, time on screen, lines, gaps, safe areas.

A finding names what was measured, what the norm asks for and who asks. One that the voice leaves no choice about (it
speaks faster than people read) says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from storyreel.timeline.captions import NORMS, Norm, norm_of, shape_of
from storyreel.timeline.model import Cue, CueWord, Timeline
from storyreel.timeline.safe_area import Edges, margins, safe_area
from storyreel.timeline.scripts import columns, join_words

if TYPE_CHECKING:
    from pandas import DataFrame

Kind = Literal[
    "reading speed", "too short", "too long", "line length", "lines", "gap", "overlap", "outside safe area", "contrast"
]
_FLICKER_S = 0.5
_SLACK_PX = 1.0  # letters are painted on whole pixels
_NETFLIX = "Netflix Timed Text Style Guide"
_HOUSE = "storyreel's norm for this preset"


class Finding(BaseModel, frozen=True, extra="forbid"):
    """A caption that misses a norm.

    Attributes:
        cue: its number on the timeline, from 0.
        start_s: when it comes on screen.
        measured, norm: the value found and the one asked for, in `unit`.
        source: who asks for it.
        forced: whether the voice leaves no choice.
    """

    kind: Kind
    cue: int
    start_s: float
    measured: float
    norm: float
    unit: str
    source: str
    forced: bool = False
    text: str = ""

    def __str__(self) -> str:
        minutes, seconds = divmod(self.start_s, 60)
        why = "; the voice leaves no choice" if self.forced else ""
        return (
            f"caption {self.cue + 1} at {int(minutes)}:{seconds:04.1f}, {self.kind}: "
            f"{self.measured:.4g} {self.unit} where {self.source} asks for {self.norm:.4g}{why}"
        )


def report(timeline: Timeline, boxes: Mapping[int, Edges] | None = None) -> tuple[Finding, ...]:
    """Measure a film's captions against the norms of its preset.

    Args:
        boxes: the rectangle of each caption on screen in pixels, as `storyreel.render.text.caption_boxes` gives it;
            without it the safe area is not looked at.

    Returns:
        By caption, empty where all is well or no caption is shown.

    Raises:
        InputError: the timeline names a caption preset or a platform that does not exist.
    """
    if timeline.captions == "none":
        return ()
    norm = norm_of(timeline.captions)
    found: list[Finding] = []
    for number, cue in enumerate(timeline.cues):
        found += _of_reading(timeline, norm, number, cue)
        found += _of_lines(timeline, norm, number, cue)
        found += _of_gap(timeline, norm, number, cue)
        if boxes is not None and number in boxes:
            found += _of_place(timeline, number, cue, boxes[number])
    return tuple(found)


def as_table(findings: Sequence[Finding]) -> DataFrame:
    """Findings as a table, one a row, with the fields of `Finding` as columns."""
    from pandas import DataFrame

    return DataFrame([finding.model_dump() for finding in findings], columns=list(Finding.model_fields))


def reading_characters(cue: Cue) -> int:
    """What a reader takes in: the characters of its lines, spaces counted, wide East Asian ones as two."""
    return sum(columns(_line(line)) for line in cue.lines)


def _line(line: Sequence[CueWord]) -> str:
    return join_words(text for word in line if (text := word.text.strip()))


def _of_reading(timeline: Timeline, norm: Norm, number: int, cue: Cue) -> Iterator[Finding]:
    """Reading speed and time on screen. A caption is forced to be brief when it may neither start sooner nor stay
    longer: it starts with its voice, and stays until the next one's.
    """
    rate, length = timeline.rate, cue.length_frames
    lasts_s = rate.seconds(length)
    forced = _has_all_its_time(timeline, norm, number, cue)
    speed = reading_characters(cue) / lasts_s
    source = _source(timeline.captions, norm.characters_per_s, 17.0)
    if length < rate.frames(reading_characters(cue) / norm.characters_per_s) - 1:
        yield _finding(timeline, number, "reading speed", speed, norm.characters_per_s, "characters/s", source, forced)
    if length < rate.frames(norm.shortest_s):
        source = _source(timeline.captions, float(norm.shortest_s), 5 / 6)
        yield _finding(timeline, number, "too short", lasts_s, float(norm.shortest_s), "s", source, forced)
    if length > rate.frames_ceil(norm.longest_s) + 1:
        source = _source(timeline.captions, float(norm.longest_s), 7.0)
        one_word = sum(len(line) for line in cue.lines) == 1
        yield _finding(timeline, number, "too long", lasts_s, float(norm.longest_s), "s", source, one_word)


def _has_all_its_time(timeline: Timeline, norm: Norm, number: int, cue: Cue) -> bool:
    words = [word for line in cue.lines for word in line]
    starts_with_voice = not words or cue.start_frame <= words[0].start_frame
    following = timeline.cues[number + 1].start_frame if number + 1 < len(timeline.cues) else timeline.length_frames
    # A page may also not stay longer than the norm's longest.
    stays = cue.end_frame >= following - norm.gap_frames or cue.length_frames >= timeline.rate.frames(norm.longest_s)
    return starts_with_voice and stays


def _of_lines(timeline: Timeline, norm: Norm, number: int, cue: Cue) -> Iterator[Finding]:
    limit = norm.columns[shape_of(timeline.width_px, timeline.height_px)]
    for line in cue.lines:
        size = columns(_line(line))
        if size > limit:
            source = _source(timeline.captions, limit, 42)
            yield _finding(timeline, number, "line length", size, limit, "characters", source, len(line) == 1)
    if len(cue.lines) > norm.lines:
        source = _source(timeline.captions, norm.lines, 2)
        yield _finding(timeline, number, "lines", len(cue.lines), norm.lines, "lines", source)


def _of_gap(timeline: Timeline, norm: Norm, number: int, cue: Cue) -> Iterator[Finding]:
    if number + 1 >= len(timeline.cues):
        return
    gap = timeline.cues[number + 1].start_frame - cue.end_frame
    if gap < 0:
        yield _finding(timeline, number, "overlap", -gap, 0, "frames", _HOUSE)
        return
    source = _source(timeline.captions, norm.gap_frames, 2)
    flicker = norm.gap_frames < gap < timeline.rate.frames(_FLICKER_S)
    held = cue.length_frames >= timeline.rate.frames(norm.longest_s)
    if gap < norm.gap_frames or (flicker and not held):
        yield _finding(timeline, number, "gap", gap, norm.gap_frames, "frames", source)


def _of_place(timeline: Timeline, number: int, cue: Cue, box: Edges) -> Iterator[Finding]:
    size = timeline.width_px, timeline.height_px
    safe = safe_area(timeline.platform, *size)
    beyond_px = max(safe.left - box.left, safe.top - box.top, box.right - safe.right, box.bottom - safe.bottom)
    if beyond_px > _SLACK_PX:
        free = margins(timeline.platform, *size)
        source = f"{free.source} ({free.dated})"
        yield _finding(timeline, number, "outside safe area", beyond_px, 0, "px beyond it", source)


def _source(preset: str, value: float, trade: float) -> str:
    """Who asks for a value: the trade's style guide where the preset keeps its number, else the preset."""
    return _NETFLIX if preset in NORMS and abs(value - trade) < 1e-9 else _HOUSE


def _finding(
    timeline: Timeline,
    number: int,
    kind: Kind,
    measured: float,
    norm: float,
    unit: str,
    source: str,
    forced: bool = False,
) -> Finding:
    cue = timeline.cues[number]
    return Finding(
        kind=kind,
        cue=number,
        start_s=timeline.rate.seconds(cue.start_frame),
        measured=measured,
        norm=norm,
        unit=unit,
        source=source,
        forced=forced,
        text=cue.text.replace("\n", " / "),
    )
