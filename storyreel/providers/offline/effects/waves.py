"""What every effect is built of: shaped noise, struck and swept tones, slow wandering, and places in the stereo image.

Sounds are float32 at 48 kHz: (n,) for one that is still to be placed, (n, 2) for one that has its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from storyreel.providers.contracts import FloatArray

RATE_HZ = 48_000
Random = np.random.Generator
Shape = Callable[[NDArray[np.float64]], NDArray[np.float64]]

_BLOCK = 1 << 20  # 21.8 s of noise are shaped at once
_SEAM = RATE_HZ // 2


def band(low_hz: float, high_hz: float, steepness: float = 2.0) -> Shape:
    """The magnitudes of a band-pass: 1 inside, falling by about 6 `steepness` dB an octave outside."""

    def shape(hz: NDArray[np.float64]) -> NDArray[np.float64]:
        safe = np.maximum(hz, 1e-3)
        return 1.0 / np.sqrt((1 + (low_hz / safe) ** (2 * steepness)) * (1 + (safe / high_hz) ** (2 * steepness)))

    return shape


def peaks(*resonances: tuple[float, float, float]) -> Shape:
    """The magnitudes of resonances, each (centre in Hz, width in Hz, weight)."""

    def shape(hz: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.zeros_like(hz)
        for centre_hz, width_hz, weight in resonances:
            total += weight / (1 + ((hz - centre_hz) / (width_hz / 2)) ** 2)
        return total

    return shape


def noise(random: Random, count: int, shape: Shape) -> FloatArray:
    """Noise of a spectrum, shape (count,), unit RMS; long ones are made in blocks that blend into one another."""
    out = np.zeros(count, np.float32)
    at = 0
    while at < count:
        length = min(_BLOCK, count - at)
        block = shaped(random.standard_normal(length).astype(np.float32), shape, wraps=True)
        block /= np.float32(np.sqrt(np.mean(np.square(block, dtype=np.float64))) + 1e-12)
        seam = min(_SEAM, length) if at else 0
        if seam:
            angle = np.linspace(0, np.pi / 2, seam, dtype=np.float32)
            out[at : at + seam] *= np.cos(angle)
            block[:seam] *= np.sin(angle)
        out[at : at + length] += block
        if at + length >= count:
            break
        at += length - _SEAM
    return out


def wide_noise(random: Random, count: int, shape: Shape, width: float = 0.7) -> FloatArray:
    """Stereo noise, shape (count, 2): `width` 0 is mono, 1 two channels that know nothing of one another."""
    middle, side = noise(random, count, shape), noise(random, count, shape)
    angle = width * np.pi / 4
    middle *= np.float32(np.cos(angle))
    side *= np.float32(np.sin(angle))
    return np.stack([middle + side, middle - side], axis=1)


def shaped(sound: FloatArray, shape: Shape, *, wraps: bool = False) -> FloatArray:
    """A sound through a filter without phase; `wraps` for noise, whose ends may run into one another."""
    size = len(sound) if wraps else 2 * len(sound)
    spectrum = np.fft.rfft(sound, size) * shape(np.fft.rfftfreq(size, 1 / RATE_HZ).astype(np.float64))
    return np.fft.irfft(spectrum, size)[: len(sound)].astype(np.float32)


def seconds(count: int) -> NDArray[np.float64]:
    """The times of so many samples."""
    return np.arange(count, dtype=np.float64) / RATE_HZ


def samples(length_s: float) -> int:
    """How many samples a time has, at least one."""
    return max(1, round(length_s * RATE_HZ))


def wander(random: Random, count: int, per_s: float, low: float = 0.0, high: float = 1.0) -> FloatArray:
    """A value that drifts between two bounds, with about `per_s` turns a second, shape (count,)."""
    turns = max(2, int(count / RATE_HZ * per_s) + 3)
    knots = random.uniform(low, high, turns + 1)
    at = np.arange(count, dtype=np.float64) * (per_s / RATE_HZ) + random.random()
    whole = np.minimum(at.astype(np.int64), turns - 1)
    part = np.clip(at - whole, 0, 1)
    ease = part * part * (3 - 2 * part)
    return np.asarray(knots[whole] + (knots[whole + 1] - knots[whole]) * ease, np.float32)


def swept(hz: NDArray[np.float64] | FloatArray, phase: float = 0.0) -> FloatArray:
    """A sine whose frequency is given for every sample."""
    return np.sin(2 * np.pi * np.cumsum(np.asarray(hz, np.float64)) / RATE_HZ + phase).astype(np.float32)


def struck(random: Random, partials: Sequence[tuple[float, float, float]], length_s: float) -> FloatArray:
    """Something hit: partials (Hz, weight, seconds until it has fallen by 60 dB), each a hair off."""
    time = seconds(samples(length_s))
    total = np.zeros(len(time))
    for hz, weight, ring_s in partials:
        off = 1.0 + random.normal(0, 0.002)
        total += weight * np.exp(-6.9 * time / ring_s) * np.sin(2 * np.pi * hz * off * time)
    rise = min(len(time), 24)
    total[:rise] *= np.linspace(0, 1, rise)
    return total.astype(np.float32)


def burst(random: Random, length_s: float, shape: Shape, rise_s: float = 0.002, fall: float = 5.0) -> FloatArray:
    """A puff of noise that rises at once and falls by e^-`fall` over its length."""
    count = samples(length_s)
    time = np.linspace(0, 1, count, dtype=np.float32)
    puff = noise(random, count, shape) * np.exp(-fall * time) * (1 - time) ** 0.5
    rise = min(count, samples(rise_s))
    puff[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    return np.asarray(puff, np.float32)


def pulse(count: int, rise: float = 0.3) -> FloatArray:
    """A hump from 0 to 1 and back; `rise` is where its top lies, as a share."""
    x = np.linspace(0, 1, count, dtype=np.float32)
    warped = np.where(x < rise, x / rise / 2, 0.5 + (x - rise) / (1 - rise) / 2)
    return np.asarray(np.sin(np.pi * warped) ** 2, np.float32)


def put(out: FloatArray, sound: FloatArray, at_s: float, gain: float = 1.0, pan: float = 0.0) -> None:
    """Add a sound at a time, placed from -1, left, to 1, right; what does not fit is cut off under a short fade."""
    first = round(at_s * RATE_HZ)
    room = len(out) - first
    if first < 0 or room <= 0:
        return
    cut = sound[:room]
    if len(cut) < len(sound):
        fade = min(len(cut), samples(0.02))
        cut = cut.copy()
        cut[len(cut) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    angle = (min(max(pan, -1.0), 1.0) + 1) * np.pi / 4
    left, right = np.float32(gain * np.cos(angle) * 1.414), np.float32(gain * np.sin(angle) * 1.414)
    where = slice(first, first + len(cut))
    out[where, 0] += cut * left
    out[where, 1] += cut * right


def sprinkle(random: Random, count: int, per_s: float, grains: Sequence[FloatArray], spread: float = 0.9) -> FloatArray:
    """Very many small sounds at chance moments and places, shape (count, 2)."""
    from scipy.signal import oaconvolve

    out = np.zeros((count, 2), np.float32)
    for grain in grains:
        many = int(random.poisson(per_s / len(grains) * count / RATE_HZ))
        at = random.integers(0, count, many)
        level = random.exponential(1.0, many).clip(0.05, 4.0)
        pan = (random.uniform(-spread, spread, many) + 1) * np.pi / 4
        for channel, share in enumerate((np.cos(pan), np.sin(pan))):
            hits = np.zeros(count, np.float32)
            np.add.at(hits, at, (level * share).astype(np.float32))
            out[:, channel] += oaconvolve(hits, grain)[:count].astype(np.float32)
    return out


def in_room(random: Random, sound: FloatArray, ring_s: float, share: float) -> FloatArray:
    """A placed sound with the answer of a room that rings for `ring_s`, `share` of it."""
    from scipy.signal import oaconvolve

    count = samples(ring_s)
    time = seconds(count)
    out = sound.copy()
    for channel in range(2):
        answer = noise(random, count, band(180, 4500, 1.0)) * np.exp(-6.9 * time / ring_s) * np.clip(time / 0.012, 0, 1)
        answer /= np.sqrt(np.square(answer).sum())
        wet = oaconvolve(sound[:, channel], answer.astype(np.float32))[: len(sound)]
        out[:, channel] += np.float32(share) * wet.astype(np.float32)
    return out


def moments(random: Random, length_s: float, first_s: float, every_s: float, loose: float = 0.0) -> Iterator[float]:
    """Times from `first_s` on, `every_s` apart give or take a share `loose`; at least one."""
    at_s = first_s
    yield at_s
    while (at_s := at_s + every_s * (1 + random.uniform(-loose, loose))) < length_s:
        yield at_s
