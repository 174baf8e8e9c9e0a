"""Loudness and true peak as ITU-R BS.1770-4 defines them, measured block by block."""

from __future__ import annotations

from functools import cache, lru_cache
from math import cos, log10, pi, tan

import numpy as np
from numpy.typing import NDArray

from storyreel.providers.contracts import FloatArray

ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
STEP_S = 0.1  # gating blocks of 400 ms overlap by three quarters
_STEPS_A_BLOCK = 4
_RUN_IN_S = 0.1  # the high-pass, the slowest part of the filter, has a double pole that decays by e every 4.2 ms
_SPECTRUM = 1 << 17  # samples that are filtered together
_OFFSET_LUFS = -0.691  # so that a 997 Hz sine at full scale in one channel reads -3.01

OVERSAMPLING = 4
TAPS = 24  # a phase; 20 kHz is kept within 0.1 dB at 48 kHz
_CHUNK = 256  # samples that are looked at, or passed over, together


def integrated_lufs(samples: FloatArray, sample_rate_hz: int) -> float:
    """The integrated loudness of a whole sound, in LUFS; -inf when all of it is below the gate.

    A mono sound is one loudspeaker; where it will come from two it is 3 LU louder, so measure it with two channels.

    Args:
        samples: float32 of shape (n,) or (n, channels), one or two channels.
        sample_rate_hz: samples a second.
    """
    meter = LoudnessMeter(sample_rate_hz)
    meter.add(samples)
    return meter.integrated_lufs()


def gain_to(samples: FloatArray, sample_rate_hz: int, target_lufs: float) -> float:
    """The gain in dB that brings a sound's integrated loudness to the target; 0 for a sound below the gate."""
    lufs = integrated_lufs(samples, sample_rate_hz)
    return target_lufs - lufs if np.isfinite(lufs) else 0.0


class LoudnessMeter:
    """Integrated loudness of a sound that comes in blocks; how it is cut does not change the result.

    The filter works on spectra: the stretch before each piece, in which its answer to what came earlier dies away
    (to 1e-9), is taken along and cut off again.

    Args:
        sample_rate_hz: 8000 or more.
        kept_hz: what is higher than this hardly counts: a fourth-order Butterworth low-pass at it; None counts all
            alike.
    """

    def __init__(self, sample_rate_hz: int, kept_hz: float | None = None) -> None:
        self._rate_hz, self._kept_hz = sample_rate_hz, kept_hz
        self._step = round(STEP_S * sample_rate_hz)
        self._run_in = round(_RUN_IN_S * sample_rate_hz)
        self._before: NDArray[np.float64] | None = None  # the last samples, shape (run-in, channels)
        self._open = np.zeros(0)  # weighted power of the step that is not full yet
        self._steps: list[NDArray[np.float64]] = []

    def add(self, samples: FloatArray) -> None:
        """Measure the next block, shape (n,) or (n, channels), one or two channels."""
        columns = samples[:, None] if samples.ndim == 1 else samples
        at_once = _SPECTRUM - self._run_in
        for start in range(0, len(columns), at_once):
            self._add_piece(np.asarray(columns[start : start + at_once], np.float64))

    def _add_piece(self, piece: NDArray[np.float64]) -> None:
        if self._before is None:
            self._before = np.zeros((self._run_in, piece.shape[1]))
        joined = np.concatenate([self._before, piece])
        self._before = joined[len(joined) - self._run_in :]
        size = 1 << (len(joined) - 1).bit_length()
        response = _response(self._rate_hz, self._kept_hz, size)
        power = np.zeros(len(piece))
        for channel in joined.T:
            weighted = np.fft.irfft(np.fft.rfft(channel, size) * response, size)
            power += np.square(weighted[self._run_in : len(joined)])
        power = np.concatenate([self._open, power])
        whole = len(power) // self._step * self._step
        self._steps.append(power[:whole].reshape(-1, self._step).mean(axis=1))
        self._open = power[whole:]

    def step_powers(self) -> NDArray[np.float64]:
        """The K-weighted power of every whole 100 ms so far, summed over the channels; shape (k,)."""
        return np.concatenate([np.zeros(0), *self._steps])

    def integrated_lufs(self) -> float:
        """Integrated loudness so far in LUFS; -inf when all of it is below the gate."""
        return gated_lufs(self.step_powers())


def gated_lufs(step_powers: NDArray[np.float64]) -> float:
    """The gated loudness of K-weighted powers of 100 ms each (BS.1770-4, equations 2 to 7); -inf below the gate."""
    if len(step_powers) < _STEPS_A_BLOCK:
        if not len(step_powers):
            return -np.inf
        step_powers = np.resize(step_powers, _STEPS_A_BLOCK)
    blocks = np.convolve(step_powers, np.full(_STEPS_A_BLOCK, 1.0 / _STEPS_A_BLOCK), "valid")
    blocks = blocks[blocks > _power(ABSOLUTE_GATE_LUFS)]
    if not len(blocks):
        return -np.inf
    gate = _power(_lufs(float(blocks.mean())) + RELATIVE_GATE_LU)
    return _lufs(float(blocks[blocks > gate].mean()))


def _power(lufs: float) -> float:
    return float(10.0 ** ((lufs - _OFFSET_LUFS) / 10.0))


def _lufs(power: float) -> float:
    return _OFFSET_LUFS + 10.0 * log10(power)


def k_weighting(sample_rate_hz: int) -> NDArray[np.float64]:
    """The K-weighting filter as two second-order sections, shape (2, 6).

    BS.1770-4 tabulates it for 48 kHz only; the analogue shelf and high-pass behind the table (De Man 2014, "Evaluation
    of implementations of the EBU R128 loudness measurement") give it for every rate, and the table's own values at 48.
    """
    shelf_hz, shelf_db, shelf_q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k = tan(pi * shelf_hz / sample_rate_hz)
    high = 10.0 ** (shelf_db / 20.0)
    band = high**0.4996667741545416
    a0 = 1.0 + k / shelf_q + k * k
    shelf = [
        (high + band * k / shelf_q + k * k) / a0, 2.0 * (k * k - high) / a0, (high - band * k / shelf_q + k * k) / a0,
        1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / shelf_q + k * k) / a0,
    ]  # fmt: skip
    low_hz, low_q = 38.13547087602444, 0.5003270373238773
    k = tan(pi * low_hz / sample_rate_hz)
    a0 = 1.0 + k / low_q + k * k
    high_pass = [1.0, -2.0, 1.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / low_q + k * k) / a0]
    return np.array([shelf, high_pass])


@lru_cache(maxsize=8)
def _response(sample_rate_hz: int, kept_hz: float | None, size: int) -> NDArray[np.complex128]:
    """K-weighting, and the low-pass if there is one, at the frequencies of a real spectrum of `size` samples."""
    turn = 2.0 * pi * np.arange(size // 2 + 1) / size
    back = np.exp(-1j * turn)  # a sample's delay
    response = np.ones(len(turn), np.complex128)
    for b0, b1, b2, a0, a1, a2 in k_weighting(sample_rate_hz):
        response *= (b0 + back * (b1 + back * b2)) / (a0 + back * (a1 + back * a2))
    if kept_hz is not None:
        # The analogue prototype, its frequencies warped as the bilinear transform does; the highest is let go.
        s = 1j * np.tan(np.minimum(turn / 2.0, pi / 2.0 - 1e-9)) / tan(pi * kept_hz / sample_rate_hz)
        for angle in (pi / 8.0, 3.0 * pi / 8.0):
            response /= s * s + 2.0 * cos(angle) * s + 1.0
    return response


def true_peak(samples: FloatArray) -> float:
    """The highest level of a whole sound, between samples too, as a factor of full scale; 20 log10 of it is dBTP.

    Args:
        samples: float32 of shape (n,) or (n, channels).
    """
    meter = TruePeakMeter()
    meter.add(samples)
    return meter.peak()


class TruePeakMeter:
    """True peak of a sound that comes in blocks: four times oversampled, BS.1770-4 annex 2."""

    def __init__(self) -> None:
        self._tail: FloatArray | None = None
        self._peak = 0.0

    def add(self, samples: FloatArray) -> None:
        """Look at the next block, shape (n,) or (n, channels)."""
        columns = samples[:, None] if samples.ndim == 1 else samples
        if self._tail is None:
            self._tail = np.zeros((TAPS - 1, columns.shape[1]), np.float32)
        joined = np.concatenate([self._tail, columns])
        self._look(joined)
        self._tail = joined[len(joined) - (TAPS - 1) :]

    def peak(self) -> float:
        """The highest magnitude so far, as a factor of full scale."""
        if self._tail is not None:
            self._look(np.concatenate([self._tail, np.zeros((TAPS - 1, self._tail.shape[1]), np.float32)]))
        return self._peak

    def _look(self, joined: FloatArray) -> None:
        self._peak = max(self._peak, float(np.abs(joined).max(initial=0.0)))
        self._peak = max(self._peak, float(peaks(joined, self._peak).max(initial=0.0)))


def peaks(samples: FloatArray, above: float) -> NDArray[np.float64]:
    """The highest magnitude of all channels at each sample and in the gaps beside it, shape (n,).

    Stretches that cannot reach `above` are passed over, and keep their samples' own magnitude: interpolation raises a
    sample peak by at most the sum of the filter's magnitudes.

    Args:
        samples: shape (n, channels).
        above: a factor of full scale; every peak above it is found.
    """
    phases = interpolator()
    magnitude = _loudest(samples)
    found: NDArray[np.float64] = magnitude.astype(np.float64)
    if len(samples) < TAPS:
        return found
    tops = np.maximum.reduceat(magnitude, np.arange(0, len(magnitude), _CHUNK))
    # A loud stretch rings into the ones beside it.
    widest = np.concatenate([[0.0], tops, [0.0]])
    tops = np.maximum(np.maximum(widest[:-2], widest[2:]), tops)
    suspects = np.flatnonzero(tops * float(np.abs(phases).sum(axis=1).max()) > above)
    before = TAPS // 2
    for low, high in _runs(suspects):
        first = max(0, low * _CHUNK - before)
        part = samples[first : (high + 1) * _CHUNK + before]
        if len(part) < TAPS:
            continue
        gaps = np.max([between_samples(channel, phases) for channel in part.T], axis=0)
        left = first + before - 1
        for side in (left, left + 1):
            np.maximum(found[side : side + len(gaps)], gaps, out=found[side : side + len(gaps)])
    return found


def halfway_peaks(samples: FloatArray) -> NDArray[np.float64]:
    """The highest magnitude of all channels at each sample and halfway to the next one, shape (n,).

    Cheaper than `peaks` where nothing can be passed over, and rarely more than 0.5 dB under it.

    Args:
        samples: shape (n, channels).
    """
    found: NDArray[np.float64] = _loudest(samples).astype(np.float64)
    if len(samples) >= TAPS:
        half = interpolator()[OVERSAMPLING // 2 - 1 : OVERSAMPLING // 2]
        inner = found[TAPS // 2 - 1 : len(samples) - TAPS // 2]
        for channel in samples.T:
            np.maximum(inner, between_samples(channel, half), out=inner)
    return found


def _loudest(samples: FloatArray) -> FloatArray:
    """The highest magnitude of all channels at each sample, shape (n,)."""
    # Channel by channel: numpy's reduction over a short axis takes five times as long.
    loudest = np.abs(samples[:, 0])
    for channel in samples.T[1:]:
        np.maximum(loudest, np.abs(channel), out=loudest)
    return loudest


def _runs(indices: NDArray[np.intp]) -> list[tuple[int, int]]:
    """(first, last) of the runs of consecutive integers, at most 64 long so that a run's windows stay small."""
    runs: list[tuple[int, int]] = []
    for index in indices.tolist():
        if runs and index == runs[-1][1] + 1 and index - runs[-1][0] < 64:
            runs[-1] = runs[-1][0], index
        else:
            runs.append((index, index))
    return runs


@cache
def interpolator() -> NDArray[np.float64]:
    """The phases of a windowed-sinc interpolator between samples, shape (3, 24): a quarter, a half, three quarters."""
    taps = np.arange(TAPS) - (TAPS / 2 - 1)
    fine = np.kaiser(TAPS * 64 + 1, 6.0)
    phases = []
    for quarter in range(1, OVERSAMPLING):
        offset = quarter / OVERSAMPLING
        window = fine[np.rint((np.arange(TAPS) + 1 - offset) * 64).astype(int)]
        phase = np.sinc(taps - offset) * window
        phases.append(phase / phase.sum())
    return np.array(phases, np.float64)


def between_samples(part: FloatArray, phases: NDArray[np.float64]) -> NDArray[np.float64]:
    """The highest magnitude in each gap between two samples, for the gaps that have all taps around them.

    Args:
        part: shape (n,), n at least the number of taps.
        phases: what `interpolator` gave.

    Returns:
        Shape (n - taps + 1,); value i belongs to the gap after sample i + taps / 2 - 1.
    """
    wave = np.asarray(part, np.float64)
    return np.asarray(np.max([np.abs(np.correlate(wave, phase, "valid")) for phase in phases], axis=0), np.float64)
