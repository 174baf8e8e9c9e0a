"""The instruments, synthesised: sustained ones from spread spectra, struck and plucked ones from decaying partials.

Sounds are float32 at 48 kHz; a note's level is applied by whoever places it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from storyreel.providers.contracts import FloatArray

RATE_HZ = 48_000
_TABLE = 1 << 18  # 5.5 s: the slow beating of a table is over before it comes round
Spectrum = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def frequency_hz(pitch: float) -> float:
    """Equal temperament, A4 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


class Band:
    """A set of instruments; notes and tables that come again are made once.

    Args:
        random: where phases and noise come from.
        brightness: 0 to 1, opens or closes every instrument's upper partials.
    """

    def __init__(self, random: np.random.Generator, brightness: float) -> None:
        self._random, self._brightness = random, brightness
        self._tables: dict[tuple[str, int], FloatArray] = {}
        self._struck: dict[tuple[str, int, int], FloatArray] = {}

    def play(self, instrument: str, pitch: int, length_s: float, loudness: float) -> FloatArray:
        """A note, shape (n, 2) for sustained instruments and (n,) for the others, with its own release.

        Args:
            instrument: pad, air, strings, drone, spiccato, bass, wind; piano, harp, celesta, glass; heart, drum.
            pitch: MIDI note number.
            length_s: how long it is held.
            loudness: 0 to 1; louder strokes are brighter.
        """
        if instrument in _SUSTAINED:
            return self._sustained(instrument, pitch, length_s)
        if instrument == "bass":
            return _bass(pitch, length_s)
        if instrument == "wind":
            return self._wind(length_s)
        force = min(2, int(loudness * 3))
        key = instrument, pitch, force
        if key not in self._struck:
            make = {"heart": self._heart, "drum": self._drum}.get(instrument)
            self._struck[key] = make() if make else self._partials(instrument, pitch, force)
        return _damped(self._struck[key], length_s)

    def _sustained(self, instrument: str, pitch: int, length_s: float) -> FloatArray:
        attack_s, release_s, width, swell = _SUSTAINED[instrument]
        table = self._table(instrument, pitch)
        count = round((length_s + release_s) * RATE_HZ)
        envelope = _envelope(count, min(attack_s, length_s * 0.6), release_s)
        if swell:
            envelope *= 1.0 - swell * np.cos(np.linspace(0.0, 2 * np.pi, count, dtype=np.float32)) * 0.5
        start = int(self._random.integers(_TABLE))
        middle = _wrapped(table, start, count)
        side = _wrapped(table, start + _TABLE // 3, count) * np.float32(width)
        return np.stack([(middle + side) * envelope, (middle - side) * envelope], axis=1)

    def _table(self, instrument: str, pitch: int) -> FloatArray:
        """A loop with the instrument's spectrum, each partial spread into a band as a section of players spreads it.

        The PADsynth method (Nasca 2005): magnitudes of Gaussian bands, random phases, one inverse transform.
        """
        kind = "strings" if instrument == "spiccato" else instrument
        key = kind, pitch
        if key not in self._tables:
            cents, spectrum = _SPECTRA[kind]
            f0 = frequency_hz(pitch)
            bin_hz = RATE_HZ / _TABLE
            magnitude = np.zeros(_TABLE // 2 + 1)
            partials = np.arange(1, max(2, int(min(9000.0, 60 * f0) / f0)) + 1, dtype=np.float64)
            hz: NDArray[np.float64] = partials * f0
            weights = spectrum(partials) * _closed(hz, kind, self._brightness)
            for partial_hz, weight in zip(hz, weights, strict=True):
                if weight < 1e-4:
                    continue
                spread_hz = max(0.35, (2 ** (cents / 1200) - 1) * partial_hz)
                low = max(1, int((partial_hz - 3 * spread_hz) / bin_hz))
                high = min(len(magnitude), int((partial_hz + 3 * spread_hz) / bin_hz) + 2)
                away = (np.arange(low, high) * bin_hz - partial_hz) / spread_hz
                magnitude[low:high] += weight / np.sqrt(spread_hz) * np.exp(-0.5 * away * away)
            phase = self._random.uniform(0.0, 2 * np.pi, len(magnitude))
            wave = np.fft.irfft(magnitude * np.exp(1j * phase), _TABLE)
            self._tables[key] = (wave / np.sqrt(np.mean(wave * wave)) * 0.25).astype(np.float32)
        return self._tables[key]

    def _partials(self, instrument: str, pitch: int, force: int) -> FloatArray:
        f0 = frequency_hz(pitch)
        ratios, weights, ring_s = _STRUCK[instrument](f0, (force + 1) / 3, self._brightness)
        attack_s = {"piano": 0.007, "harp": 0.003, "celesta": 0.003, "glass": 0.012}[instrument]
        count = round(min(7.0, 1.1 * float(ring_s.max())) * RATE_HZ)
        note = np.zeros(count, np.float32)
        for hz, weight, ring in zip(f0 * ratios, weights, ring_s, strict=True):
            if hz > 9000.0 or weight < 2e-3:
                continue
            length = min(count, round(1.1 * ring * RATE_HZ))
            # Two strings a hair apart: a quick first decay, a slow beat, a long end.
            detune = 1.0 + self._random.normal(0.0, 0.0003)
            time = np.arange(length, dtype=np.float64) / RATE_HZ
            phase = self._random.uniform(0, 2 * np.pi)
            wave = np.sin(2 * np.pi * hz * detune * time + phase)
            slow = np.exp(time.astype(np.float32) * np.float32(-6.9 / ring))
            note[:length] += (np.float32(weight) * slow * (0.35 + 0.65 * slow)) * wave.astype(np.float32)
        if instrument == "piano":
            note[: RATE_HZ // 8] += self._felt(RATE_HZ // 8)[: len(note)]
        rise = round(attack_s * RATE_HZ)
        note[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise, dtype=np.float32)) ** 2
        fall = min(len(note), RATE_HZ // 5)
        note[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)
        return note

    def _felt(self, count: int) -> FloatArray:
        """The soft knock of a felt hammer and its key."""
        noise = _smooth(self._random.standard_normal(count + 200), 90)[:count]
        thud: FloatArray = (0.16 * noise * np.exp(-np.arange(count) / (0.018 * RATE_HZ))).astype(np.float32)
        return thud

    def _heart(self) -> FloatArray:
        time = np.arange(round(0.5 * RATE_HZ)) / RATE_HZ
        sweep = 2 * np.pi * (46 * time + 22 * 0.03 * (1 - np.exp(-time / 0.03)))
        body = np.sin(sweep) * np.exp(-time / 0.11) * np.minimum(time / 0.012, 1)
        return (0.9 * body).astype(np.float32)

    def _drum(self) -> FloatArray:
        time = np.arange(round(1.2 * RATE_HZ)) / RATE_HZ
        sweep = 2 * np.pi * (58 * time + 40 * 0.045 * (1 - np.exp(-time / 0.045)))
        skin = np.sin(sweep) * np.exp(-time / 0.26) + 0.35 * np.sin(sweep * 1.59) * np.exp(-time / 0.12)
        stroke = _smooth(self._random.standard_normal(len(time) + 200), 60)[: len(time)] * np.exp(-time / 0.03)
        return ((0.8 * skin + 0.9 * stroke) * np.minimum(time / 0.004, 1)).astype(np.float32)

    def _wind(self, length_s: float) -> FloatArray:
        """Air moving: two bands of noise that come and go."""
        count = round((length_s + 1.5) * RATE_HZ)
        grid = np.linspace(0.0, length_s, count, dtype=np.float32)
        envelope = _envelope(count, min(2.5, length_s * 0.5), 1.5)
        sides = []
        for side in range(2):
            noise = _wrapped(self._noise(side), int(self._random.integers(_TABLE)), count)
            gust = 0.65 + 0.35 * np.sin(grid * np.float32(0.5 + 0.13 * side) + np.float32(self._random.uniform(0, 6)))
            sides.append(noise * gust * envelope)
        return np.stack(sides, axis=1)

    def _noise(self, side: int) -> FloatArray:
        key = "wind", side
        if key not in self._tables:
            hz = np.fft.rfftfreq(_TABLE, 1 / RATE_HZ)
            magnitude = np.exp(-0.5 * (np.log(np.maximum(hz, 1) / 420) / 0.55) ** 2) / np.sqrt(np.maximum(hz, 1))
            wave = np.fft.irfft(magnitude * np.exp(2j * np.pi * self._random.random(len(hz))), _TABLE)
            self._tables[key] = (wave / np.sqrt(np.mean(wave * wave)) * 0.25).astype(np.float32)
        return self._tables[key]


# attack, release, stereo width, and how far the note swells in its middle
_SUSTAINED = {
    "pad": (1.1, 1.6, 0.5, 0.0),
    "air": (1.5, 2.0, 0.6, 0.25),
    "strings": (1.2, 1.4, 0.4, 0.45),
    "drone": (2.5, 3.0, 0.45, 0.35),
    "spiccato": (0.03, 0.16, 0.4, 0.0),
}
# how wide a partial is, in cents, and the partials' weights before the brightness closes them
_SPECTRA: dict[str, tuple[float, Spectrum]] = {
    "pad": (22.0, lambda n: n**-1.25),
    "air": (30.0, lambda n: np.where(n == 1, 1.0, 0.45 * n**-1.6)),
    "strings": (16.0, lambda n: n**-0.9),
    "drone": (9.0, lambda n: np.where(n % 2 == 1, 1.0, 0.6) * n**-1.1),
}


def _closed(hz: NDArray[np.float64], kind: str, brightness: float) -> NDArray[np.float64]:
    """How much of each partial the instrument lets through: a soft low-pass, and a singing voice's formants for air."""
    corner_hz = {"pad": 650.0, "air": 1200.0, "strings": 1800.0, "drone": 300.0}[kind] * (0.5 + 1.1 * brightness)
    kept = 1.0 / (1.0 + (hz / corner_hz) ** 1.7)
    if kind == "air":
        kept = kept * 0.35 + np.exp(-((hz - 380) ** 2) / (2 * 120**2)) + 0.3 * np.exp(-((hz - 830) ** 2) / (2 * 140**2))
    if kind == "strings":
        kept = kept * (1.0 + 0.5 * np.exp(-((hz - 480) ** 2) / (2 * 130**2)))
    return kept


Partials = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _piano(f0: float, force: float, brightness: float) -> Partials:
    number = np.arange(1, 17, dtype=np.float64)
    stiff = 0.0003 * (f0 / 220.0) ** 1.2
    ratios = number * np.sqrt(1.0 + stiff * number**2)
    hz = f0 * ratios
    weights = (
        number**-0.8
        * np.abs(np.sin(np.pi * number / 7.4))
        * np.exp(-hz / (1200.0 + 2200.0 * force * (0.3 + brightness)))
    )
    ring = np.clip(5.5 * (220.0 / f0) ** 0.5, 1.4, 7.5) / (1.0 + 0.18 * (number - 1) + hz / 3500.0)
    return ratios, 0.42 * weights / np.sqrt(np.sum(weights**2)), ring


def _harp(f0: float, force: float, brightness: float) -> Partials:
    number = np.arange(1, 13, dtype=np.float64)
    hz = f0 * number
    weights = number**-1.2 * np.abs(np.sin(np.pi * number / 3.3)) * np.exp(-hz / (2000.0 + 3000.0 * brightness))
    ring = np.clip(2.8 * (220.0 / f0) ** 0.45, 0.8, 3.6) / (1.0 + 0.35 * (number - 1))
    return number, 0.4 * weights / np.sqrt(np.sum(weights**2)), ring


def _celesta(f0: float, force: float, brightness: float) -> Partials:
    ratios = np.array([1.0, 2.0, 3.0, 4.05, 6.7])
    weights = np.array([1.0, 0.28, 0.06, 0.2, 0.04 * brightness])
    ring = np.clip(2.6 * (440.0 / f0) ** 0.4, 0.8, 3.5) * np.array([1.0, 0.6, 0.4, 0.3, 0.15])
    return ratios, 0.4 * weights, ring


def _glass(f0: float, force: float, brightness: float) -> Partials:
    ratios = np.array([1.0, 1.0028, 2.0, 2.76, 5.4])
    weights = np.array([0.7, 0.5, 0.12, 0.14 * brightness, 0.04 * brightness])
    return ratios, 0.4 * weights, np.array([3.2, 3.0, 1.6, 1.2, 0.5])


_STRUCK: dict[str, Callable[[float, float, float], Partials]] = {
    "piano": _piano,
    "harp": _harp,
    "celesta": _celesta,
    "glass": _glass,
}


def _bass(pitch: int, length_s: float) -> FloatArray:
    count = round((length_s + 0.5) * RATE_HZ)
    phase = np.arange(count) * (2 * np.pi * frequency_hz(pitch) / RATE_HZ)
    first = np.sin(phase)
    # sin 2x and sin 3x from sin x and cos x, cheaper than two more sines
    second = 2 * first * np.cos(phase)
    third = first * (3 - 4 * first * first)
    wave = 0.34 * first + 0.13 * second + 0.05 * third
    note: FloatArray = (wave * _envelope(count, 0.18, 0.5)).astype(np.float32)
    return note


def _envelope(count: int, attack_s: float, release_s: float) -> FloatArray:
    """Up and down along half cosines, from zero to zero."""
    envelope = np.ones(count, np.float32)
    rise, fall = min(round(attack_s * RATE_HZ), count), min(round(release_s * RATE_HZ), count)
    envelope[:rise] = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, rise, dtype=np.float32))
    envelope[count - fall :] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, fall, dtype=np.float32))
    return envelope


def _damped(note: FloatArray, length_s: float) -> FloatArray:
    """The note with its damper falling after `length_s`."""
    held, release = round(length_s * RATE_HZ), round(0.35 * RATE_HZ)
    if held + release >= len(note):
        return note
    cut = note[: held + release].copy()
    cut[held:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, release, dtype=np.float32))
    return cut


def _wrapped(table: FloatArray, start: int, count: int) -> FloatArray:
    start %= len(table)
    times = -(-(start + count) // len(table))
    return np.tile(table, times)[start : start + count] if times > 1 else table[start : start + count]


def _smooth(noise: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """A running mean, twice: a gentle low-pass; the result has unit power."""
    box = np.ones(width) / width
    soft = np.convolve(np.convolve(noise, box, "same"), box, "same")
    power = float(np.mean(soft * soft))
    return np.asarray(soft / power**0.5, np.float64)
