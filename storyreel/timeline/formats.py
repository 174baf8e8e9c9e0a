"""Captions as text files that players and editors read: SubRip (also read back), WebVTT, Advanced SubStation."""

from __future__ import annotations

import re
from fractions import Fraction
from html import escape
from itertools import pairwise
from math import floor

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.timeline.caption_style import CaptionStyle
from storyreel.timeline.model import Cue, CueWord, Timeline
from storyreel.timeline.scripts import break_unspaced, capitals, columns, join_words, space_between

_SRT_TIMES = re.compile(
    r"\s*(\d+):(\d{1,2}):(\d{1,2})[,.](\d{1,3})\s*-->\s*(\d+):(\d{1,2}):(\d{1,2})[,.](\d{1,3})(?:\s.*)?"
)
_SRT_MARKUP = re.compile(r"</?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)
_BEGINS_MARKUP = re.compile(r"<(?=\S)|\{(?=[\\Yy])|\\(?=\S)")
# Not WebVTT's, but programs that think in SubStation take it for their own.
_BEGINS_OVERRIDE = re.compile(r"\{(?=\\)|\\(?=\S)")
_WAS_MARKUP = re.compile(r"(?<=[<{\\])\u2060")
_PLAIN_ASS = CaptionStyle(size=0.05)


def caption_lines(timeline: Timeline) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """The captions that show something: first frame, the first frame after, and the lines as plain text."""
    return tuple(
        (cue.start_frame, cue.end_frame, tuple(_plain(line) for line in cue.lines)) for cue in _written(timeline)
    )


def to_srt(timeline: Timeline) -> str:
    """The captions as SubRip: numbered from 1, times to the nearest millisecond, UTF-8 text without mark-up.

    SubRip has no way to write what looks like mark-up; such a text gets a word joiner, which nobody sees, behind the
    character that would begin it.
    """
    blocks = (
        f"{number}\n{_clock(cue.start_frame, timeline.rate, ',')} --> {_clock(cue.end_frame, timeline.rate, ',')}\n"
        + "\n".join(_no_markup(_plain(line)) for line in cue.lines)
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
        lines = [_with_times(line, cue, rate) if word_times else _vtt_text(_plain(line)) for line in cue.lines]
        if lines[-1].isdigit():
            lines[-1] += "\u2060"  # or some programs take it for the number of the caption after it
        times = f"{_clock(cue.start_frame, rate, '.')} --> {_clock(cue.end_frame, rate, '.')}"
        blocks.append(f"{times}\n" + "\n".join(lines) + "\n")
    return "\n".join(blocks)


def to_ass(timeline: Timeline) -> str:
    """The captions as Advanced SubStation Alpha, each word with a \\k time, so that players show what has been spoken.

    Colours, outline, place and case are those of the timeline's own style, else plain ones; typefaces are named, not
    carried. Event times are whole centiseconds, and rounding never adds up along a line.
    """
    style = timeline.caption_style or _PLAIN_ASS
    place = {"bottom": 2, "middle": 5, "top": 8}[style.position]
    size_px = style.size * timeline.height_px
    side_px, margin_px = round(style.side * timeline.width_px), round(style.margin * timeline.height_px)
    family = "EB Garamond" if style.family == "serif" else "Noto Sans"
    fields = [
        "Default",
        family,
        round(size_px * 1.36),  # libass sets the line's height where we set the em; Noto Sans' is 1.362 ems
        _ass_colour(style.current),
        _ass_colour(style.coming),
        _ass_colour(style.outline.colour, style.outline.opacity),
        _ass_colour(style.shadow.colour, style.shadow.opacity),
        *(-1, 0, 0, 0, 100, 100, 0, 0, 1),
        f"{style.outline.width * size_px:.1f}",
        f"{style.shadow.drop * size_px:.1f}",
        *(place, side_px, side_px, margin_px, 1),
    ]
    head = (
        "[Script Info]\nScriptType: v4.00+\nWrapStyle: 2\nScaledBorderAndShadow: yes\nYCbCr Matrix: TV.709\n"
        f"PlayResX: {timeline.width_px}\nPlayResY: {timeline.height_px}\n\n"
        "[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
        "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, "
        "MarginR, MarginV, Encoding\n"
        f"Style: {','.join(map(str, fields))}\n\n"
        "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    )
    return head + "".join(
        f"Dialogue: 0,{_ass_clock(_centiseconds(cue.start_frame, timeline.rate))},"
        f"{_ass_clock(_centiseconds(cue.end_frame, timeline.rate))},Default,,0,0,0,,{_sung(cue, timeline, style)}\n"
        for cue in _written(timeline)
    )


def from_srt(text: str, rate: Rate) -> tuple[Cue, ...]:
    """Read SubRip into captions; a caption's time is shared among its words by their length.

    Args:
        text: the file's; a byte order mark, Windows line ends and the usual mark-up are taken off.
        rate: the film's; times move to its nearest frames.

    Returns:
        By start. Captions that would be empty, or no frame long, are left out.

    Raises:
        InputError: a block has no line of times; the message names the line.
    """
    found: list[Cue] = []
    lines = text.removeprefix("\ufeff").splitlines()
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        head = at if _SRT_TIMES.fullmatch(lines[at]) else at + 1  # the number above the times may be missing
        times = _SRT_TIMES.fullmatch(lines[head]) if head < len(lines) else None
        if times is None:
            raise InputError(
                f"line {at + 1} of the subtitles begins no caption ({lines[at].strip()[:40]!r}): "
                "a number and a line like 00:00:01,000 --> 00:00:02,500 are wanted there"
            )
        start, end = _srt_frame(times.groups()[:4], rate), _srt_frame(times.groups()[4:], rate)
        at = head + 1
        shown: list[str] = []
        while at < len(lines) and lines[at].strip():
            shown.append(_WAS_MARKUP.sub("", _SRT_MARKUP.sub("", lines[at])).strip())
            at += 1
        words = [[piece for word in line.split() for piece in break_unspaced(word)] for line in shown if line]
        if end > start and words:
            spread = _spread([line for line in words if line], start, end)
            found.append(Cue(start_frame=start, length_frames=end - start, lines=spread))
    return tuple(sorted(found, key=lambda cue: cue.start_frame))


def _vtt_text(text: str) -> str:
    return escape(_BEGINS_OVERRIDE.sub(lambda found: found[0] + "\u2060", text), quote=False)


def _no_markup(text: str) -> str:
    return _BEGINS_MARKUP.sub(lambda found: found[0] + "\u2060", text)


def _srt_frame(clock: tuple[str, ...], rate: Rate) -> int:
    hours, minutes, seconds, fraction = clock
    ms = int(fraction.ljust(3, "0"))
    return rate.frames(Fraction(((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + ms, 1000))


def _spread(lines: list[list[str]], start: int, end: int) -> tuple[tuple[CueWord, ...], ...]:
    """Words that share a caption's frames by their length, spaces counted."""
    sizes = [columns(word) + 1 for line in lines for word in line]
    total, reached, edges = sum(sizes), 0, [start]
    for size in sizes:
        reached += size
        edges.append(start + (end - start) * reached // total)
    spans = pairwise(edges)
    return tuple(
        tuple(
            CueWord(text=word, start_frame=begin, end_frame=until)
            for word, (begin, until) in zip(line, spans, strict=False)
        )
        for line in lines
    )


def _sung(cue: Cue, timeline: Timeline, style: CaptionStyle) -> str:
    """A caption's text with \\k before each word: the centiseconds until the next one's time comes."""
    rate, base = timeline.rate, _centiseconds(cue.start_frame, timeline.rate)
    lines = [[word for word in line if word.text.strip()] for line in cue.lines]
    words = [word for line in lines for word in line]
    times = [_centiseconds(min(max(word.start_frame, cue.start_frame), cue.end_frame), rate) for word in words]
    times.append(_centiseconds(max(words[-1].end_frame, words[-1].start_frame), rate))
    lasts = iter([max(after - before, 0) for before, after in pairwise(times)])
    sung = f"{{\\k{times[0] - base}}}" if times[0] > base else ""
    for number, line in enumerate(lines):
        sung += "\\N" if number else ""
        before = ""
        for word in line:
            shown = " ".join(word.text.split())
            shown = capitals(shown, timeline.language) if style.case == "upper" else shown
            sung += (space_between(before, shown) if before else "") + f"{{\\k{next(lasts)}}}" + _ass_text(shown)
            before = shown
    return sung


def _ass_text(text: str) -> str:
    """Braces open override blocks and a backslash an escape: the first are escaped, the second is parted from what
    follows by a word joiner.
    """
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def _ass_colour(colour: str, opacity: float = 1.0) -> str:
    return f"&H{round((1 - opacity) * 255):02X}{colour[5:7]}{colour[3:5]}{colour[1:3]}".upper()


def _centiseconds(frame: int, rate: Rate) -> int:
    return floor(Fraction(frame) * 100 / rate.fps + Fraction(1, 2))


def _ass_clock(centiseconds: int) -> str:
    seconds, hundredths = divmod(centiseconds, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{hundredths:02}"


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
        text += (space_between(before, shown) if before else "") + stamp + _vtt_text(shown)
        before = shown
    return text


def _clock(frame: int, rate: Rate, point: str) -> str:
    """A frame's time as HH:MM:SS and milliseconds, halves up."""
    ms = floor(Fraction(frame) * 1000 / rate.fps + Fraction(1, 2))
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"
