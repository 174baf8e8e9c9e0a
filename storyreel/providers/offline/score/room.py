"""The hall the music sounds in, and the tone of the finished mix."""

from __future__ import annotations

import numpy as np

from storyreel.providers.contracts import FloatArray
from storyreel.providers.offline.score.instruments import RATE_HZ

# Band centres and how long each rings against the middle: walls and air swallow the highs first.
_BANDS = ((125.0, 1.1), (250.0, 1.08), (500.0, 1.0), (1000.0, 0.92), (2000.0, 0.75), (4000.0, 0.52), (8000.0, 0.32))
_PREDELAY_S = 0.022


def impulse_response(ring_s: float, random: np.random.Generator) -> FloatArray:
    """A hall's answer to a click: float32 of shape (n, 2), unit energy a channel.

    Noise in octave bands, each decaying by 60 dB in its own time, after a few early echoes; the channels are
    independent, which is what makes it wide.
    """
    count = round((ring_s * 1.15 + _PREDELAY_S) * RATE_HZ)
    size = 1 << (count - 1).bit_length()
    hz = np.fft.rfftfreq(size, 1 / RATE_HZ)
    time = np.arange(count) / RATE_HZ
    answer = np.zeros((count, 2))
    for channel in range(2):
        spectrum = np.fft.rfft(random.standard_normal(size))
        for centre_hz, share in _BANDS:
            band = np.exp(-0.5 * (np.log2(np.maximum(hz, 1.0) / centre_hz) / 0.45) ** 2) * (centre_hz / 125.0) ** -0.35
            noise = np.fft.irfft(spectrum * band, size)[:count]
            answer[:, channel] += noise * 10.0 ** (-3.0 * time / (ring_s * share))
        answer[:, channel] *= np.clip((time - _PREDELAY_S) / 0.03, 0.0, 1.0)
        for _ in range(7):
            at = round(random.uniform(0.009, 0.07) * RATE_HZ)
            answer[at, channel] += random.choice((-1.0, 1.0)) * random.uniform(1.5, 3.0) * np.abs(answer).max() * 0.3
    answer *= np.clip((count - np.arange(count)) / (0.1 * RATE_HZ), 0.0, 1.0)[:, None]
    unit: FloatArray = (answer / np.sqrt(np.square(answer).sum(axis=0))).astype(np.float32)
    return unit


def reverberate(sound: FloatArray, answer: FloatArray) -> FloatArray:
    """The sound in the hall, without the direct part; shape (n, 2), as long as the sound."""
    from scipy.signal import oaconvolve

    wet = [oaconvolve(sound[:, channel], answer[:, channel])[: len(sound)] for channel in range(2)]
    return np.stack(wet, axis=1).astype(np.float32, copy=False)


def tone(sound: FloatArray) -> FloatArray:
    """Take away rumble and DC, and make room for a voice at 2.1 kHz; give back some air above it."""
    from scipy.signal import sosfilt

    sections = np.array([_high_pass(28.0), _peak(2100.0, -4.0, 0.7), _high_shelf(3600.0, 6.0)])
    shaped = sosfilt(sections.astype(np.float32), sound, axis=0)
    return np.asarray(shaped, np.float32)


def loudness_lufs(sound: FloatArray) -> float:
    """How loud a stereo piece is by ITU-R BS.1770-4: K-weighted, gated at -70 LUFS and at 10 LU under the rest.

    The two filters are the standard's, by their analogue parameters; -inf for silence.
    """
    from scipy.signal import sosfilt

    sections = np.array([_high_shelf(1681.97, 4.0), _high_pass(38.14, 0.5)])
    weighted = sosfilt(sections, sound, axis=0)
    hop = RATE_HZ // 10
    steps = np.square(weighted[: len(weighted) // hop * hop]).reshape(-1, hop, 2).mean(axis=1).sum(axis=1)
    power = (
        np.convolve(steps, np.full(4, 0.25), "valid")
        if len(steps) >= 4
        else np.array([np.square(weighted).sum(1).mean()])
    )
    power = power[power > 10.0 ** ((-70.0 + 0.691) / 10.0)]
    power = power[power > 0.1 * power.mean()] if power.size else power
    return float(-0.691 + 10.0 * np.log10(power.mean())) if power.size else float("-inf")


# The three filters are those of R. Bristow-Johnson's "Audio EQ Cookbook".
def _high_pass(hz: float, q: float = 0.5**0.5) -> list[float]:
    angle = 2 * np.pi * hz / RATE_HZ
    cos, alpha = np.cos(angle), np.sin(angle) / (2 * q)
    return _section([(1 + cos) / 2, -(1 + cos), (1 + cos) / 2], [1 + alpha, -2 * cos, 1 - alpha])


def _peak(hz: float, gain_db: float, q: float) -> list[float]:
    angle, a = 2 * np.pi * hz / RATE_HZ, 10.0 ** (gain_db / 40)
    cos, alpha = np.cos(angle), np.sin(angle) / (2 * q)
    return _section([1 + alpha * a, -2 * cos, 1 - alpha * a], [1 + alpha / a, -2 * cos, 1 - alpha / a])


def _high_shelf(hz: float, gain_db: float) -> list[float]:
    angle, a = 2 * np.pi * hz / RATE_HZ, 10.0 ** (gain_db / 40)
    cos = np.cos(angle)
    beta = 2 * np.sqrt(a) * np.sin(angle) / np.sqrt(2)
    return _section(
        [a * (a + 1 + (a - 1) * cos + beta), -2 * a * (a - 1 + (a + 1) * cos), a * (a + 1 + (a - 1) * cos - beta)],
        [a + 1 - (a - 1) * cos + beta, 2 * (a - 1 - (a + 1) * cos), a + 1 - (a - 1) * cos - beta],
    )


def _section(b: list[float], a: list[float]) -> list[float]:
    return [value / a[0] for value in (*b, *a)]
