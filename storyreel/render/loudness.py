"""The master: one linear gain to the wanted loudness, and a limiter that keeps true peaks under the ceiling.

The first pass over a mix measures its `Levels`, stretch by stretch; `plan_master` finds the gain at which the mix,
limited, has the loudness that is wanted; `limit` then works on the second pass. No gain follows the programme, so
ducking stays as it was mixed.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyreel.errors import CorruptFile
from storyreel.media.loudness import STEP_S, TAPS, LoudnessMeter, gated_lufs, halfway_peaks, peaks
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
LIMITER_REACH_S = 0.028
"""How far from a sample the limiter looks: twice its own reach, and the true peak's filter."""
_WHOLE = 1 << 20  # a factor of 1 in the limiter's whole numbers: in steps 120 dB below it
GAIN_STEP_DB = 0.4
"""The master's gain is a multiple of this. An edit in a corner of a film moves its loudness by some hundredths of a
decibel; a finer gain would follow, and every block of the film would have to be made again."""
_COUNTS = struct.Struct("<II")


@dataclass(frozen=True, slots=True)
class Levels:
    """What planning a master needs to know of a stretch of a mix.

    Attributes:
        step_powers: K-weighted power of every whole 100 ms, shape (k,).
        segment_peaks: highest magnitude of every 2.5 ms, at samples and halfway between, shape (m,); the last may be
            shorter.
    """

    step_powers: NDArray[np.float64]
    segment_peaks: FloatArray

    def to_bytes(self) -> bytes:
        """The levels as bytes: two counts, then the arrays."""
        head = _COUNTS.pack(len(self.step_powers), len(self.segment_peaks))
        return head + self.step_powers.astype("<f8").tobytes() + self.segment_peaks.astype("<f4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Levels:
        """Read what `to_bytes` wrote.

        Raises:
            CorruptFile: the bytes are anything else, or cut short.
        """
        steps, segments = _COUNTS.unpack_from(data) if len(data) >= _COUNTS.size else (0, 0)
        if len(data) != _COUNTS.size + 8 * steps + 4 * segments:
            raise CorruptFile("the remembered loudness of a stretch of sound is damaged: render the film again")
        powers = np.frombuffer(data, "<f8", steps, _COUNTS.size)
        return cls(powers, np.frombuffer(data, "<f4", segments, _COUNTS.size + 8 * steps))


def levels_of(
    samples: FloatArray, sample_rate_hz: int, run_in: int = 0, run_out: int = 0, kept_hz: float | None = None
) -> Levels:
    """Measure a stretch of a mix.

    Args:
        samples: shape (n, channels).
        sample_rate_hz: a multiple of 400.
        run_in: how many of the samples come before the stretch, for the meter's filter to settle on; whole 100 ms.
        run_out: how many come after it, for peaks between samples: `TAPS` are enough.
        kept_hz: see `LoudnessMeter`.
    """
    own = slice(run_in, len(samples) - run_out)
    meter = LoudnessMeter(sample_rate_hz, kept_hz)
    meter.add(samples[: own.stop])
    magnitude = halfway_peaks(samples)[own].astype(np.float32)
    starts = np.arange(0, len(magnitude), round(_SEGMENT_S * sample_rate_hz))
    return Levels(
        meter.step_powers()[run_in // round(STEP_S * sample_rate_hz) :],
        np.maximum.reduceat(magnitude, starts) if len(starts) else magnitude,
    )


def joined(levels: Sequence[Levels]) -> Levels:
    """The levels of stretches that follow one another; all but the last are whole steps long."""
    return Levels(
        np.concatenate([np.zeros(0), *(each.step_powers for each in levels)]),
        np.concatenate([np.zeros(0, np.float32), *(each.segment_peaks for each in levels)]),
    )


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
    """Find the gain at which the limited mix has the loudness wanted, within half of `GAIN_STEP_DB` and 0.1 LU.

    Args:
        levels: of the whole mix.
        loudness_lufs: integrated loudness to reach.
        true_peak_dbtp: what the delivered file may reach; the limiter is set `CODEC_HEADROOM_DB` lower.
    """
    ceiling_db = true_peak_dbtp - CODEC_HEADROOM_DB
    powers, tops = levels.step_powers, levels.segment_peaks.astype(np.float64)
    own_lufs = gated_lufs(powers)
    if not np.isfinite(own_lufs):
        return Master(0.0, ceiling_db, own_lufs, 0.0, 0.0, held_back=False)
    peak_db = 20.0 * np.log10(max(float(np.percentile(tops, 100.0 - _RARE_PERCENT)), 1e-9))
    highest_db = min(LARGEST_GAIN_DB, ceiling_db + LARGEST_DRIVE_DB - peak_db)
    low_db, high_db = min(loudness_lufs - own_lufs, highest_db), highest_db
    if _limited_lufs(powers, tops, low_db, ceiling_db) < loudness_lufs:
        while high_db - low_db > 0.005:
            middle_db = (low_db + high_db) / 2
            if _limited_lufs(powers, tops, middle_db, ceiling_db) < loudness_lufs:
                low_db = middle_db
            else:
                high_db = middle_db
    gain_db = round(round(low_db / GAIN_STEP_DB) * GAIN_STEP_DB, 1)
    reached = _limited_lufs(powers, tops, gain_db, ceiling_db)
    needed = _needed(tops, gain_db, ceiling_db)
    return Master(
        gain_db=gain_db,
        ceiling_dbtp=ceiling_db,
        loudness_lufs=reached,
        reduction_db=float(-20.0 * np.log10(needed.min())),
        limited_share=float(np.mean(needed < 1.0)),
        held_back=bool(reached < loudness_lufs - 0.1 - GAIN_STEP_DB / 2),
    )


def _needed(tops: NDArray[np.float64], gain_db: float, ceiling_db: float) -> NDArray[np.float64]:
    limit = 10.0 ** ((ceiling_db - gain_db) / 20.0)
    needed: NDArray[np.float64] = np.minimum(1.0, limit / np.maximum(tops, 1e-12))
    return needed


def _limited_lufs(powers: NDArray[np.float64], tops: NDArray[np.float64], gain_db: float, ceiling_db: float) -> float:
    """The loudness after gain and limiter, foretold from the tops of short segments."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    factor = _needed(tops, gain_db, ceiling_db)
    if factor.min() < 1.0:
        reach = round(_REACH_S / _SEGMENT_S)
        factor = uniform_filter1d(minimum_filter1d(factor, 2 * reach + 1, mode="nearest"), reach, mode="nearest")
        # Within a step the limiter bears on its loudest moments, so those count most.
        shape = len(powers), _SEGMENTS_A_STEP
        weight = np.square(tops[: len(powers) * _SEGMENTS_A_STEP]).reshape(shape) + 1e-12
        kept = np.square(factor[: len(powers) * _SEGMENTS_A_STEP]).reshape(shape)
        powers = powers * (kept * weight).sum(axis=1) / weight.sum(axis=1)
    return gated_lufs(powers * 10.0 ** (gain_db / 10.0))


def limit(
    samples: FloatArray, ceiling_dbtp: float, sample_rate_hz: int, excess: NDArray[np.float64] | None = None
) -> FloatArray:
    """Hold a sound's true peaks under a ceiling, looking ahead.

    The factor each moment needs is found on the four times oversampled signal, held for 12 ms on both sides, and
    smoothed over as long: it never exceeds what a peak needs, and it has no corner to distort a wave with. It is worked
    out in whole numbers, so what comes out at a sample depends on nothing but the `LIMITER_REACH_S` around it, to the
    last bit: a film can be limited in pieces that overlap by that much.

    Args:
        samples: shape (n, channels); all channels get the same factor. What lies beyond its ends counts as silence.
        ceiling_dbtp: no true peak is left above it, to within 0.05 dB.
        sample_rate_hz: samples a second.

    Returns:
        float32 of the same shape; the same array where nothing has to be done.
    """
    ceiling = 10.0 ** (ceiling_dbtp / 20.0)
    silence = np.zeros((TAPS, samples.shape[1]), np.float32)
    highest = peaks(np.concatenate([silence, samples, silence]), ceiling)[TAPS:-TAPS]
    if excess is not None:
        highest = highest * excess
    loud = np.flatnonzero(highest > ceiling)
    if not len(loud):
        return samples
    # Three boxes of this width in a row reach as far as the hold does.
    box = round(_REACH_S * sample_rate_hz) * 2 // 3 | 1
    hold = 3 * (box // 2)
    done = samples.astype(np.float32, copy=True)
    for part in np.split(loud, np.flatnonzero(np.diff(loud) > 4 * hold) + 1):
        low, after = max(0, int(part[0]) - 2 * hold), min(len(samples), int(part[-1]) + 2 * hold + 1)
        done[low:after] *= _factor(highest[low:after], ceiling, box, hold)[:, None]
    return done


def _factor(highest: NDArray[np.float64], ceiling: float, box: int, hold: int) -> FloatArray:
    """The limiter's factor, shape (n,), for peaks before and after which nothing has to be done."""
    from scipy.ndimage import minimum_filter1d

    needed = np.floor(np.minimum(1.0, ceiling / np.maximum(highest, 1e-12)) * _WHOLE).astype(np.int64)
    factor = minimum_filter1d(np.pad(needed, 2 * hold, constant_values=_WHOLE), 2 * hold + 1, mode="nearest")
    for _ in range(3):
        sums = np.concatenate([[0], np.cumsum(factor)])
        factor = sums[box:] - sums[:-box]
    return (factor[hold:-hold] / float(_WHOLE * box**3)).astype(np.float32)
