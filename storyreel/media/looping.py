"""Music repeated without a seam: where its end sounds like its beginning, and how the one is faded into the other.

A loop is found by comparing short-time spectra: of all moments near the end and near the beginning, the pair is taken
around which both sound most alike for two seconds, so that beat falls on beat and level on level. Fades in and out,
and silence, are left outside. The waves are then shifted by up to 20 ms to where they agree best.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyreel.errors import RenderError
from storyreel.media.sound import SoundFile, read_sound
from storyreel.providers.contracts import FloatArray

_HOP_S = 0.02
_BANDS = 20
_FADE_HOPS = 50  # a second
_CONTEXT_HOPS = 75
_SEARCH_HOPS = 1000  # at the beginning, and at the end
_LEAST_HOPS = 12
_UNHEARD_DB = 0.5  # a difference of level in a band that passes
_AUDIBLE_DB = 12.0  # what lies further below the middle level is a fade or silence


@dataclass(frozen=True, slots=True)
class Loop:
    """How a sound goes on when it has been played up to `end`: from `start`, again and again.

    Attributes:
        start, end: samples of the source.
        fade: over how many samples the source after `end` is faded into the one after `start`.
        likeness: correlation of the two, 0 to 1.
    """

    start: int
    end: int
    fade: int
    likeness: float = 0.0

    @property
    def period(self) -> int:
        """Samples from one pass to the next."""
        return self.end - self.start


def find_loop(path: Path, first: int, sample_rate_hz: int) -> Loop:
    """Find where a sound can be repeated.

    Args:
        path: the sound's file.
        first: the sample, at `sample_rate_hz`, at which its first pass begins.
        sample_rate_hz: of all counts.

    Returns:
        `first <= start < end`, `end + fade` at most the sound's length, and `fade` at most the loop's own.

    Raises:
        CorruptFile: the file cannot be read.
        RenderError: the sound is over before `first`.
    """
    bands, length = _spectra(path, first, sample_rate_hz)
    if length < 2:
        raise RenderError(f"{path} cannot be looped from {first / sample_rate_hz:.2f} s on: its sound is over by then")
    hop = round(_HOP_S * sample_rate_hz)
    low, high = _audible(bands)
    if high - low < _LEAST_HOPS:
        fade = length // 4
        return Loop(first, first + length - fade, fade)
    fade = min(_FADE_HOPS, (high - low) // 4)
    context = min(_CONTEXT_HOPS, (high - low) // 8)
    search = min(_SEARCH_HOPS, (high - low) // 4 - context + 1)
    begin, late = low + context, high - fade - search + 1
    start, end = _most_alike(bands, range(begin, begin + search), range(late, late + search), context, fade)
    return _aligned(path, first, Loop(start * hop, end * hop, fade * hop), length, sample_rate_hz)


def loop_gains(loop: Loop, at: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(coming, going) factors `at` samples after a repeat begins, of equal power however alike the two sounds are."""
    share = pi / 2 * np.clip((at + 0.5) / max(loop.fade, 1), 0.0, 1.0)
    # Two sounds of correlation r add up to a power of 1 + r sin 2x in the middle of an equal-power fade.
    together = np.sqrt(1.0 + loop.likeness * np.sin(2.0 * share))
    return np.sin(share) / together, np.cos(share) / together


def read_looped(path: Path, loop: Loop, first: int, count: int, sample_rate_hz: int, channels: int) -> FloatArray:
    """A stretch of the endless sound that a loop makes of a file, shape (count, channels).

    Args:
        path: the sound's file.
        loop: as found for it.
        first: where the stretch begins, in samples of the source played on and on: up to `loop.end` it is the source.
        count: how long it is.
        sample_rate_hz, channels: what is wanted, and what `loop` counts in.

    Raises:
        CorruptFile: the file cannot be read.
    """

    def source(begin: int, length: int) -> FloatArray:
        begin_s, length_s = begin / sample_rate_hz, length / sample_rate_hz
        part = read_sound(path, sample_rate_hz=sample_rate_hz, channels=channels, start_s=begin_s, duration_s=length_s)
        return np.concatenate([part, np.zeros((length - len(part), channels), np.float32)])

    pieces, at, after = [np.zeros((0, channels), np.float32)], first, first + count
    if at < min(loop.end, after):
        pieces.append(source(at, min(loop.end, after) - at))
        at = min(loop.end, after)
    # A loop that comes round within the stretch is read once, of a longer one only what is heard.
    body = source(loop.start, loop.period + loop.fade) if after - at >= loop.period + loop.fade else None
    while at < after:
        into = (at - loop.end) % loop.period
        length = min(after - at, loop.period - into)
        now = source(loop.start + into, length) if body is None else body[into : into + length].copy()
        if into < loop.fade:
            seam = np.arange(into, min(loop.fade, into + length))
            coming, going = loop_gains(loop, seam)
            before = loop.period + into
            leaving = source(loop.end + into, len(seam)) if body is None else body[before : before + len(seam)]
            now[: len(seam)] = now[: len(seam)] * coming[:, None] + leaving * going[:, None]
        pieces.append(now)
        at += length
    return np.concatenate(pieces)


def _spectra(path: Path, first: int, sample_rate_hz: int) -> tuple[FloatArray, int]:
    """(level of each band and hop in dB, shape (hops, bands); how many samples there are) from sample `first` on."""
    hop = round(_HOP_S * sample_rate_hz)
    size = 2 * hop
    window = np.hanning(size)
    hz = np.fft.rfftfreq(size, 1.0 / sample_rate_hz)
    edges = np.searchsorted(hz, np.geomspace(40.0, min(16_000.0, sample_rate_hz / 2), _BANDS + 1))
    edges = np.maximum.accumulate(np.maximum(edges, np.arange(_BANDS + 1) + 1))
    rows: list[FloatArray] = []
    length, rest = 0, np.zeros(0, np.float32)
    with SoundFile(path, sample_rate_hz=sample_rate_hz, channels=2, start_s=first / sample_rate_hz) as file:
        while len(piece := file.read(500 * hop)):
            length += len(piece)
            rest = np.concatenate([rest, piece.mean(axis=1)])
            if len(rest) < size:
                continue
            frames = np.lib.stride_tricks.sliding_window_view(rest, size)[::hop]
            power = np.square(np.abs(np.fft.rfft(frames * window, axis=1)))[:, : edges[-1]]
            rows.append((10.0 * np.log10(np.add.reduceat(power, edges[:-1], axis=1) + 1e-6)).astype(np.float32))
            rest = rest[len(frames) * hop :]
    return np.concatenate([np.zeros((0, _BANDS), np.float32), *rows]), length


def _audible(bands: FloatArray) -> tuple[int, int]:
    """(first, after) of the hops between a fade in and a fade out, or between silences."""
    if not len(bands):
        return 0, 0
    level = 10.0 * np.log10(np.power(10.0, bands / 10.0).sum(axis=1))
    smooth = np.convolve(np.pad(level, 12, mode="edge"), np.full(25, 1.0 / 25.0), "valid")
    loud = np.flatnonzero(smooth >= np.median(level) - _AUDIBLE_DB)
    return int(loud[0]), int(loud[-1]) + 1


def _most_alike(bands: FloatArray, starts: range, ends: range, context: int, fade: int) -> tuple[int, int]:
    """The hops of a beginning and an end around which the bands differ least, from `context` before to `fade` after."""
    span = context + fade
    early = bands[starts[0] - context : starts[-1] + fade].astype(np.float64)
    late = bands[ends[0] - context : ends[-1] + fade].astype(np.float64)
    apart = (
        np.square(early).sum(axis=1)[:, None] + np.square(late).sum(axis=1)[None, :] - 2.0 * early @ late.T
    )  # of every early hop to every late one
    summed = np.zeros((len(starts), len(ends)))
    for step in range(span):
        summed += apart[step : step + len(starts), step : step + len(ends)]
    # Of pairs that are hardly worse than the best one, the longest loop comes round the fewest times.
    near = summed <= summed.min() * 1.25 + span * _BANDS * _UNHEARD_DB**2
    length = np.array(ends)[None, :] - np.array(starts)[:, None]
    start, end = np.unravel_index(int(np.where(near, length, -1).argmax()), summed.shape)
    return starts[int(start)], ends[int(end)]


def _aligned(path: Path, first: int, loop: Loop, length: int, sample_rate_hz: int) -> Loop:
    """The loop with its end moved to where the waves agree best, counted from the file's first sample."""

    def mono(begin: int, count: int) -> NDArray[np.float64]:
        begin_s, count_s = (first + begin) / sample_rate_hz, count / sample_rate_hz
        wave = read_sound(path, sample_rate_hz=sample_rate_hz, channels=2, start_s=begin_s, duration_s=count_s)
        return np.asarray(wave.mean(axis=1, dtype=np.float64))

    reach = round(_HOP_S * sample_rate_hz)
    reach_before = min(reach, loop.end - loop.start - loop.fade)
    reach_after = max(0, min(reach, length - loop.end - loop.fade))
    coming = mono(loop.start, loop.fade)
    going = mono(loop.end - reach_before, reach_before + loop.fade + reach_after)
    size = 1 << (len(going) + len(coming) - 1).bit_length()
    crossed = np.fft.irfft(np.fft.rfft(going, size) * np.conj(np.fft.rfft(coming, size)), size)
    products = crossed[: len(going) - len(coming) + 1]
    sums = np.concatenate([[0.0], np.cumsum(np.square(going))])
    energy = sums[len(coming) :] - sums[: -len(coming)]
    alike = products / np.sqrt(np.maximum(energy * np.square(coming).sum(), 1e-12))
    best = int(alike.argmax())
    end = loop.end - reach_before + best
    return Loop(first + loop.start, first + end, loop.fade, round(float(np.clip(alike[best], 0.0, 1.0)), 4))
