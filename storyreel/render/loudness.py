"""The master: one linear gain to the wanted loudness, and a limiter that keeps true peaks under the ceiling.

The first pass over a mix fills `Levels`; `plan_master` finds the gain at which the mix, limited, has the loudness that
is wanted; `Limiter` then works on the second pass. No gain follows the programme, so ducking stays as it was mixed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyreel.media.loudness import LoudnessMeter, between_samples, gated_lufs, interpolator
from storyreel.providers.contracts import FloatArray

LARGEST_GAIN_DB = 40.0
LARGEST_DRIVE_DB = 6.0
"""How far the limiter may be driven on all but the rarest peaks: beyond, more level costs too much clarity."""
_RARE_PERCENT = 0.3

CODEC_HEADROOM_DB = 0.5
"""What a lossy codec may add to a peak."""

_SEGMENT_S = 0.0025
_SEGMENTS_A_STEP = 40
_REACH_S = 0.012  # the limiter moves over this time before a peak and after it
_CHUNK = 256


class Levels:
    """What planning a master needs to know of a mix that comes in blocks: loudness and peaks over time."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._meter = LoudnessMeter(sample_rate_hz)
        self._segment = round(_SEGMENT_S * sample_rate_hz)
        self._open = np.zeros(0, np.float32)
        self._peaks: list[FloatArray] = []

    def add(self, samples: FloatArray) -> None:
        """Take in the next block, shape (n, channels)."""
        self._meter.add(samples)
        magnitude = np.concatenate([self._open, np.abs(samples).max(axis=1)])
        whole = len(magnitude) // self._segment * self._segment
        self._peaks.append(magnitude[:whole].reshape(-1, self._segment).max(axis=1))
        self._open = magnitude[whole:]

    @property
    def step_powers(self) -> NDArray[np.float64]:
        """K-weighted power of every 100 ms, shape (k,)."""
        return self._meter.step_powers()

    @property
    def segment_peaks(self) -> NDArray[np.float64]:
        """Highest sample magnitude of every 2.5 ms, shape (40 k or more,); the last may be shorter."""
        rest = self._open.max(initial=0.0)
        return np.concatenate([np.zeros(0), *self._peaks, [rest]]).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Master:
    """How a mix is brought to its level.

    Attributes:
        gain_db: applied to everything.
        ceiling_dbtp: where the limiter holds true peaks.
        loudness_lufs: what is expected to come out; -inf for silence.
        reduction_db: how far the limiter is expected to go down at most; 0 when it has nothing to do.
        limited_share: the share of time in which it is at work.
        held_back: whether the gain stays below what the loudness asks for, because the limiter would have to work
            too hard or the mix is nearly silent.
    """

    gain_db: float
    ceiling_dbtp: float
    loudness_lufs: float
    reduction_db: float
    limited_share: float
    held_back: bool

    @property
    def warning(self) -> str | None:
        """One sentence for the user, if the film cannot have the loudness that was asked for."""
        if not self.held_back:
            return None
        return (
            f"the sound stays at {self.loudness_lufs:.1f} LUFS: its peaks stand so far above its average that more "
            f"level would squash them by more than {LARGEST_DRIVE_DB:.0f} dB; choose a lower loudness, or lower the "
            "gain of the loudest effect"
        )


def plan_master(levels: Levels, loudness_lufs: float, true_peak_dbtp: float) -> Master:
    """Find the gain at which the limited mix has the loudness wanted, within about 0.1 LU.

    Args:
        levels: of the whole mix.
        loudness_lufs: integrated loudness to reach.
        true_peak_dbtp: what the delivered file may reach; the limiter is set `CODEC_HEADROOM_DB` lower.
    """
    ceiling_db = true_peak_dbtp - CODEC_HEADROOM_DB
    powers, peaks = levels.step_powers, levels.segment_peaks
    own_lufs = gated_lufs(powers)
    if not np.isfinite(own_lufs):
        return Master(0.0, ceiling_db, own_lufs, 0.0, 0.0, held_back=False)
    peak_db = 20.0 * np.log10(max(float(np.percentile(peaks, 100.0 - _RARE_PERCENT)), 1e-9))
    highest_db = min(LARGEST_GAIN_DB, ceiling_db + LARGEST_DRIVE_DB - peak_db)
    low_db, high_db = min(loudness_lufs - own_lufs, highest_db), highest_db
    if _limited_lufs(powers, peaks, low_db, ceiling_db) < loudness_lufs:
        while high_db - low_db > 0.005:
            middle_db = (low_db + high_db) / 2
            if _limited_lufs(powers, peaks, middle_db, ceiling_db) < loudness_lufs:
                low_db = middle_db
            else:
                high_db = middle_db
    gain_db = low_db
    reached = _limited_lufs(powers, peaks, gain_db, ceiling_db)
    needed = _needed(peaks, gain_db, ceiling_db)
    return Master(
        gain_db=gain_db,
        ceiling_dbtp=ceiling_db,
        loudness_lufs=reached,
        reduction_db=float(-20.0 * np.log10(needed.min())),
        limited_share=float(np.mean(needed < 1.0)),
        held_back=bool(reached < loudness_lufs - 0.3),
    )


def _needed(peaks: NDArray[np.float64], gain_db: float, ceiling_db: float) -> NDArray[np.float64]:
    limit = 10.0 ** ((ceiling_db - gain_db) / 20.0)
    needed: NDArray[np.float64] = np.minimum(1.0, limit / np.maximum(peaks, 1e-12))
    return needed


def _limited_lufs(powers: NDArray[np.float64], peaks: NDArray[np.float64], gain_db: float, ceiling_db: float) -> float:
    """The loudness after gain and limiter, foretold from the peaks of short segments."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    factor = _needed(peaks, gain_db, ceiling_db)
    if factor.min() < 1.0:
        reach = round(_REACH_S / _SEGMENT_S)
        factor = uniform_filter1d(minimum_filter1d(factor, 2 * reach + 1, mode="nearest"), reach, mode="nearest")
        # Within a step the limiter bears on its loudest moments, so those count most.
        shape = len(powers), _SEGMENTS_A_STEP
        weight = np.square(peaks[: len(powers) * _SEGMENTS_A_STEP]).reshape(shape) + 1e-12
        kept = np.square(factor[: len(powers) * _SEGMENTS_A_STEP]).reshape(shape)
        powers = powers * (kept * weight).sum(axis=1) / weight.sum(axis=1)
    return gated_lufs(powers * 10.0 ** (gain_db / 10.0))


class Limiter:
    """A look-ahead true-peak limiter for a sound that comes in blocks; how it is cut does not change the result.

    The factor each moment needs is found on the four times oversampled signal, held for 12 ms on both sides, and
    smoothed over as long: it never exceeds what a peak needs, and it has no corner to distort a wave with.

    Args:
        ceiling_dbtp: no true peak is left above it, to within 0.05 dB.
        sample_rate_hz: samples a second.
        channels: how many; all get the same factor.
    """

    def __init__(self, ceiling_dbtp: float, sample_rate_hz: int, channels: int) -> None:
        self._ceiling = 10.0 ** (ceiling_dbtp / 20.0)
        # Three boxes of this width in a row reach as far as the hold does.
        self._box = round(_REACH_S * sample_rate_hz) * 2 // 3 | 1
        self._hold = 3 * (self._box // 2)
        self._phases = interpolator()
        self._bound = float(np.abs(self._phases).sum(axis=1).max())
        self._margin = 2 * self._hold + self._phases.shape[1]
        self._waiting = np.zeros((self._margin, channels), np.float32)

    def add(self, samples: FloatArray) -> FloatArray:
        """Take in a block of shape (n, channels) and give out what is finished: all but the last 28 ms."""
        self._waiting = np.concatenate([self._waiting, samples])
        return self._finished()

    def flush(self) -> FloatArray:
        """Give out the rest; nothing may be added afterwards."""
        self._waiting = np.concatenate([self._waiting, np.zeros((self._margin, self._waiting.shape[1]), np.float32)])
        return self._finished()

    def _finished(self) -> FloatArray:
        count = len(self._waiting) - 2 * self._margin
        if count <= 0:
            return self._waiting[:0]
        factor = self._factor(self._waiting)
        done = self._waiting[self._margin : self._margin + count]
        if factor is not None:
            done = (done * factor[self._margin : self._margin + count, None]).astype(np.float32)
        self._waiting = self._waiting[count:]
        return done

    def _factor(self, samples: FloatArray) -> NDArray[np.float64] | None:
        from scipy.ndimage import minimum_filter1d, uniform_filter1d

        needed = self._needed_by(samples)
        if needed is None:
            return None
        factor: NDArray[np.float64] = minimum_filter1d(needed, 2 * self._hold + 1, mode="nearest")
        for _ in range(3):
            factor = uniform_filter1d(factor, self._box, mode="nearest")
        return factor

    def _needed_by(self, samples: FloatArray) -> NDArray[np.float64] | None:
        """The factor each sample and the gaps beside it need, shape (n,); None where none is needed at all."""
        magnitude = np.abs(samples).max(axis=1)
        tops = np.maximum.reduceat(magnitude, np.arange(0, len(magnitude), _CHUNK))
        suspects = np.flatnonzero(tops * self._bound > self._ceiling)
        if not len(suspects):
            return None
        peak = magnitude.astype(np.float64)
        taps = self._phases.shape[1]
        before = taps // 2
        for index in _runs(suspects):
            first = max(0, index[0] * _CHUNK - before)
            part = samples[first : (index[1] + 1) * _CHUNK + before]
            if len(part) < taps:
                continue
            gaps = np.max([between_samples(channel, self._phases) for channel in part.T], axis=0)
            left = first + before - 1
            np.maximum(peak[left : left + len(gaps)], gaps, out=peak[left : left + len(gaps)])
            np.maximum(peak[left + 1 : left + 1 + len(gaps)], gaps, out=peak[left + 1 : left + 1 + len(gaps)])
        return np.minimum(1.0, self._ceiling / np.maximum(peak, 1e-12)) if peak.max() > self._ceiling else None


def _runs(indices: NDArray[np.intp]) -> list[tuple[int, int]]:
    """(first, last) of the runs of consecutive integers, at most 64 long so that a run's windows stay small."""
    runs: list[tuple[int, int]] = []
    for index in indices.tolist():
        if runs and index == runs[-1][1] + 1 and index - runs[-1][0] < 64:
            runs[-1] = runs[-1][0], index
        else:
            runs.append((index, index))
    return runs
