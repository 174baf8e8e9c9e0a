"""The air of places: a city behind the window, a machine room, a wireless set, steam."""

from __future__ import annotations

import numpy as np

from storyreel.providers.contracts import FloatArray
from storyreel.providers.offline.effects.waves import (
    RATE_HZ,
    Random,
    band,
    in_room,
    moments,
    noise,
    peaks,
    pulse,
    put,
    samples,
    seconds,
    sprinkle,
    struck,
    swept,
    wander,
    wide_noise,
)


def city(random: Random, count: int, words: str) -> FloatArray:
    """Streets far below: a bed of wheels, now and then a car that passes, and a horn blocks away."""
    length_s = count / RATE_HZ
    swell = wander(random, count, 0.25, 0.7, 1.0)[:, None]
    out = wide_noise(random, count, band(45, 260, 1.0), 0.8) * (np.float32(0.6) * swell)
    out += wide_noise(random, count, band(250, 1500, 0.8), 0.95) * (np.float32(0.16) * swell)
    for at_s in moments(random, length_s - 1.0, random.uniform(0.2, 1.5), 3.2, 0.5):
        length = samples(random.uniform(2.2, 3.6))
        passing = noise(random, length, band(180, 1300, 0.9)) * pulse(length, random.uniform(0.4, 0.6)) ** 2
        put(out, passing, at_s, random.uniform(0.2, 0.45), random.uniform(-0.9, 0.9))
    for at_s in moments(random, length_s - 0.5, random.uniform(0.6, 1.6), 7.0, 0.5):
        hz, length = random.uniform(340, 430), samples(random.uniform(0.18, 0.5))
        horn = sum((np.float32(0.6**k) * swept(np.full(length, k * hz * f)) for k in (1, 2, 3) for f in (1.0, 1.26)),
                   np.zeros(length, np.float32))  # fmt: skip
        put(out, horn * pulse(length, 0.2) ** 0.3, at_s, random.uniform(0.12, 0.2), random.uniform(-0.8, 0.8))
    return in_room(random, out, 1.6, 0.35)


def hum(random: Random, count: int, words: str) -> FloatArray:
    """A machine room or the inside of a ship in space: a steady low chord that beats with itself, and moving air."""
    low_hz = 36.0 if any(word in words for word in ("space", "ship", "reactor", "deep")) else 50.0
    out = wide_noise(random, count, band(90, 520, 0.9), 0.9) * np.float32(0.07)
    for k, weight in ((1, 0.7), (2, 1.0), (3, 0.4), (4, 0.5), (6, 0.22), (8, 0.1)):
        for side, off in ((0, 1.0), (1, 1.004)):
            tone = swept(np.full(count, k * low_hz * off), random.uniform(0, 6.28))
            out[:, side] += np.float32(0.4 * weight) * tone * wander(random, count, 0.5, 0.75, 1)
    return out


def static(random: Random, count: int, words: str) -> FloatArray:
    """A wireless between two stations: hiss, crackle, and a whistle that slides."""
    hiss = noise(random, count, band(500, 4200, 1.4)) * wander(random, count, 2.5, 0.35, 1.0)
    whistle_hz = 700 + 1500 * wander(random, count, 0.5).astype(np.float64)
    whistle = swept(whistle_hz) * wander(random, count, 0.7, 0.0, 1.0) ** 2
    mono = np.float32(0.5) * hiss + np.float32(0.3) * whistle
    clicks = [struck(random, ((random.uniform(1400, 3600), 1.0, 0.006),), 0.01) for _ in range(6)]
    out = sprinkle(random, count, 24, clicks, 0.05) * np.float32(0.7)
    return out + mono[:, None]


def steam(random: Random, count: int, words: str) -> FloatArray:
    """A valve that opens and shuts: hissing puffs, each falling away."""
    length_s = count / RATE_HZ
    out = wide_noise(random, count, band(1800, 9000, 0.9), 0.6) * np.float32(0.05)
    for at_s in moments(random, length_s - 0.3, 0.08, 1.7, 0.2):
        length = samples(min(random.uniform(0.9, 1.4), max(0.1, length_s - at_s)))
        time = seconds(length)
        puff = noise(random, length, peaks((3400, 3600, 1.0), (7200, 4000, 0.7)))
        shape = (np.clip(time / 0.03, 0, 1) * np.exp(-time / 0.4)).astype(np.float32)
        put(out, puff * shape, at_s, random.uniform(0.8, 1.0), random.uniform(-0.3, 0.3))
    return in_room(random, out, 0.7, 0.15)
