"""Captions as text files that players and editors read: SubRip and WebVTT."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from math import floor

from storyreel.clock import Rate
from storyreel.timeline.model import Cue, CueWord, Timeline
from storyreel.timeline.scripts import join_words, space_between


def to_srt(timeline: Timeline) -> str:
    """The captions as SubRip: numbered from 1, times to the nearest millisecond, UTF-8 text without mark-up."""
    blocks = (
        f"{number}\n{_clock(cue.start_frame, timeline.rate, ',')} --> {_clock(cue.end_frame, timeline.rate, ',')}\n"
        + "\n".join(_plain(line) for line in cue.lines)
        + "\n"
        for number, cue in enumerate(_written(timeline), start=1)
    )
    return "\n".join(blocks)


def to_vtt(timeline: Timeline, *, word_times: bool = False) -> str:
    """The captions as WebVTT (W3C), times to the nearest millisecond.

    Args:
        word_times: put each later word's time before it, so that players can show which words have been spoken.
    """
    rate = timeline.rate
    blocks = ["WEBVTT\n"]
    for cue in _written(timeline):
        lines = (
            _with_times(line, cue, rate) if word_times else escape(_plain(line), quote=False) for line in cue.lines
        )
        times = f"{_clock(cue.start_frame, rate, '.')} --> {_clock(cue.end_frame, rate, '.')}"
        blocks.append(f"{times}\n" + "\n".join(lines) + "\n")
    return "\n".join(blocks)


def _written(timeline: Timeline) -> tuple[Cue, ...]:
    """The captions that show something: an empty line would end a SubRip block early."""
    kept = []
    for cue in timeline.cues:
        lines = tuple(line for line in cue.lines if _plain(line))
        if lines:
            kept.append(cue.model_copy(update={"lines": lines}))
    return tuple(kept)


def _plain(line: tuple[CueWord, ...]) -> str:
    return join_words(" ".join(word.text.split()) for word in line if word.text.strip())


def _with_times(line: tuple[CueWord, ...], cue: Cue, rate: Rate) -> str:
    text, before = "", ""
    for word in line:
        shown = " ".join(word.text.split())
        if not shown:
            continue
        stamp = f"<{_clock(word.start_frame, rate, '.')}>" if cue.start_frame < word.start_frame < cue.end_frame else ""
        text += (space_between(before, shown) if before else "") + stamp + escape(shown, quote=False)
        before = shown
    return text


def _clock(frame: int, rate: Rate, point: str) -> str:
    """A frame's time as HH:MM:SS and milliseconds, halves up."""
    ms = floor(Fraction(frame) * 1000 / rate.fps + Fraction(1, 2))
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"
