"""A film's sound cut into blocks of some twenty seconds that know nothing of each other.

A block's value is all that can be heard in it: every sound's place counted from the block's own start, cut to what
reaches into it and into the margins beside it that the limiter, the meter and the encoder look at. Two blocks that are
equal sound the same, so what is made of one can be remembered under it; after an edit only the blocks within its
hearing are other values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from storyreel.media.looping import Loop
from storyreel.media.survey import Source
from storyreel.memo.blob import Blob
from storyreel.render.mix import (
    SAMPLE_RATE_HZ,
    Placement,
    Windows,
    ducking_windows,
    heard,
    heard_windows,
    place,
)
from storyreel.timeline.model import Sound, Timeline

AAC_FRAME = 1024
BLOCK = 900 * AAC_FRAME
"""Samples in a block: 19.2 s, whole AAC frames and whole 100 ms of the loudness meter."""
LEAD = 20 * AAC_FRAME
"""Samples of the film a block hears before its own: the meter's filter settles in 400 ms of them."""
TAIL = 4 * AAC_FRAME
"""Samples of the film a block hears after its own."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sound in a block.

    Attributes:
        blob: its file.
        placement: where it lies, counted from the block's first sample; may begin before it.
        source_first: the sample of its file at the placement's first, at the mix's rate, played on and on if looped.
        offset: taken off every sample of each channel.
        loop: where it is repeated, if that is heard in the block.
    """

    blob: Blob
    placement: Placement
    source_first: int
    offset: tuple[float, ...]
    loop: Loop | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a film's sound.

    Attributes:
        count: samples in it.
        lead, tail: samples heard before and after it; 0 at the film's start and its end.
        parts: in the order in which they are added.
        windows: when ducked sounds are held down, counted from its first sample.
    """

    count: int
    lead: int
    tail: int
    parts: tuple[Part, ...]
    windows: Windows = ()


def sound_blocks(timeline: Timeline, source_of: Callable[[Sound], Source]) -> tuple[Block, ...]:
    """Cut a film's sound into blocks of `BLOCK` samples; the last is shorter.

    Args:
        timeline: its sounds, voice windows, rate and length are read.
        source_of: what is known of a sound's file; see `survey`, whose `looped_from` is `loops_from(sound)`.
    """
    total = timeline.rate.samples(timeline.length_frames, SAMPLE_RATE_HZ)
    windows = ducking_windows(timeline)
    placed = [(sound, source_of(sound), place(sound, timeline)) for sound in timeline.sounds]
    blocks = []
    for first in range(0, total, BLOCK):
        count = min(BLOCK, total - first)
        low, high = max(0, first - LEAD), min(total, first + count + TAIL)
        parts = tuple(
            _part(sound, source, placement, first, low, high)
            for sound, source, placement in placed
            if placement.count and placement.first < high and placement.after > low
        )
        near: Windows = ()
        if any(part.placement.duck_db for part in parts):
            near = tuple((start + low - first, end + low - first) for start, end in heard_windows(windows, low, high))
        blocks.append(Block(count, first - low, high - first - count, parts, near))
    return tuple(blocks)


def loops_from(sound: Sound) -> int | None:
    """The sample of its file at which a looped sound begins; None for a sound that is not looped."""
    return _source_first(sound) if sound.looped else None


def _source_first(sound: Sound) -> int:
    return round(sound.source_start_s * SAMPLE_RATE_HZ)


def _part(sound: Sound, source: Source, placement: Placement, first: int, low: int, high: int) -> Part:
    inside = heard(placement, low, high)
    begin = inside.first + low - placement.first  # samples of the sound that are over before the block hears it
    source_first, loop = _source_first(sound) + begin, source.loop
    if loop is not None:
        if source_first >= loop.end:
            source_first = loop.end + (source_first - loop.end) % loop.period
        elif source_first + inside.count <= loop.end:
            loop = None
    return Part(sound.asset.blob, replace(inside, first=inside.first + low - first), source_first, source.offset, loop)
