"""Air, water and fire."""

from __future__ import annotations

import numpy as np

from storyreel.providers.contracts import FloatArray
from storyreel.providers.offline.effects.waves import (
    RATE_HZ,
    Random,
    band,
    burst,
    moments,
    noise,
    pulse,
    put,
    samples,
    seconds,
    sprinkle,
    swept,
    wander,
    wide_noise,
)


def wind(random: Random, count: int, words: str) -> FloatArray:
    """Gusts: bands of noise that open and close together, and a thin howl that rises with them."""
    gust = wander(random, count, 0.28) * np.float32(0.75) + wander(random, count, 0.9) * np.float32(0.25)
    out = np.zeros((count, 2), np.float32)
    for low_hz, high_hz, power, gain in ((40, 220, 0.6, 1.0), (200, 600, 1.3, 0.55), (500, 1800, 2.2, 0.3)):
        layer = wide_noise(random, count, band(low_hz, high_hz, 1.4), 0.9)
        out += layer * (np.float32(gain) * (0.12 + gust**power))[:, None]
    howl_hz = 300 + 420 * gust.astype(np.float64) + 25 * wander(random, count, 4.0, -1, 1)
    howl = swept(howl_hz) * noise(random, count, band(2, 24, 1.5)) * gust**2
    strong = 0.22 if "howl" in words or "storm" in words else 0.09
    pan = wander(random, count, 0.2, -0.6, 0.6)
    out[:, 0] += np.float32(strong) * howl * (1 - pan)
    out[:, 1] += np.float32(strong) * howl * (1 + pan)
    return out


def rain(random: Random, count: int, words: str) -> FloatArray:
    """A wash of far drops, and near ones that can be told apart."""
    light = any(word in words for word in ("light", "drizzle", "soft", "gentle"))
    wash = wide_noise(random, count, band(700, 9000, 1.0), 0.95) * wander(random, count, 0.3, 0.75, 1.0)[:, None]
    drops = []
    for _ in range(5):
        length = samples(random.uniform(0.012, 0.03))
        tone = swept(random.uniform(900, 3800) * (1 + 0.5 * np.linspace(0, 1, length)))
        drops.append(tone * np.exp(-6 * np.linspace(0, 1, length, dtype=np.float32)))
    splats = [burst(random, random.uniform(0.006, 0.016), band(1500, 9000, 1.0)) for _ in range(4)]
    near = sprinkle(random, count, 26 if light else 90, drops) * np.float32(0.55)
    near += sprinkle(random, count, 60 if light else 260, splats) * np.float32(0.35)
    return wash * np.float32(0.3 if light else 0.75) + near


def thunder(random: Random, count: int, words: str) -> FloatArray:
    """Claps that break and roll away."""
    length_s = count / RATE_HZ
    out = np.zeros((count, 2), np.float32)
    far = "distant" in words or "far" in words
    for at_s in moments(random, length_s - 4, min(0.15, length_s / 20), 11.0, 0.3):
        roll = samples(min(random.uniform(5.5, 8.0), max(length_s - at_s, 0.4)))
        time = seconds(roll)
        rumble = noise(random, roll, band(22, 130, 1.6))
        swells = np.zeros(roll)
        for _ in range(9):
            start = random.exponential(0.9)
            swells += random.uniform(0.4, 1.0) * np.where(time > start, np.exp(-(time - start) / 0.7), 0) * np.exp(
                -time / 3.2
            )  # fmt: skip
        swells += np.exp(-time / 1.5)
        body = (rumble * swells).astype(np.float32)
        middle = (noise(random, roll, band(120, 900, 1.2)) * np.exp(-time / 0.6) * swells).astype(np.float32)
        edge = (np.clip(time / 0.03, 0, 1) * np.clip((time[-1] - time) / 1.5, 0, 1)).astype(np.float32)
        put(out, (body + np.float32(0.15 if far else 0.5) * middle) * edge, at_s, 1.0, random.uniform(-0.3, 0.3))
        if not far:
            for _ in range(5):
                crack = burst(random, random.uniform(0.05, 0.25), band(300, 6500, 1.0), 0.001, 6)
                put(out, crack, at_s + random.exponential(0.07), random.uniform(0.4, 1.0), random.uniform(-0.5, 0.5))
    return out


def fire(random: Random, count: int, words: str) -> FloatArray:
    """A low flutter and the crackle of wood."""
    flutter = wander(random, count, 7.0, 0.5, 1.0) * wander(random, count, 0.8, 0.6, 1.0)
    out = wide_noise(random, count, band(60, 420, 1.2), 0.5) * (np.float32(0.32) * flutter)[:, None]
    out += wide_noise(random, count, band(900, 5000, 0.8), 0.9) * (np.float32(0.045) * flutter)[:, None]
    snaps = [burst(random, random.uniform(0.002, 0.01), band(1200, 9000, 1.0), 0.0004, 7) for _ in range(8)]
    pops = [burst(random, random.uniform(0.012, 0.04), band(350, 3000, 1.0), 0.0006, 9) for _ in range(5)]
    out += sprinkle(random, count, 22, snaps, 0.6) * np.float32(0.5)
    out += sprinkle(random, count, 2.4, pops, 0.5) * np.float32(0.7)
    return out


def water(random: Random, count: int, words: str) -> FloatArray:
    """A brook: a soft wash, and bubbles whose pitch rises as they close."""
    out = wide_noise(random, count, band(350, 3500, 0.9), 0.8) * (wander(random, count, 1.5, 0.2, 0.34))[:, None]
    bubbles = []
    for _ in range(16):
        length = samples(random.uniform(0.02, 0.08))
        x = np.linspace(0, 1, length, dtype=np.float32)
        tone = swept(random.uniform(320, 1500) * (1 + 0.5 * x * x))
        bubbles.append(tone * np.exp(-4.5 * x) * np.clip(x * 30, 0, 1))
    return out + sprinkle(random, count, 42, bubbles, 0.7) * np.float32(0.5)


def drips(random: Random, count: int, words: str) -> FloatArray:
    """Single drops falling into still water."""
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ, 0.2, 1.3, 0.4):
        length = samples(0.16)
        x = np.linspace(0, 1, length, dtype=np.float32)
        drop = swept(random.uniform(700, 1100) * (1 + 1.1 * x)) * np.exp(-7 * x) * np.clip(x * 60, 0, 1)
        put(out, drop, at_s, random.uniform(0.6, 1.0), random.uniform(-0.3, 0.3))
    return out


def waves(random: Random, count: int, words: str) -> FloatArray:
    """Breakers: each gathers, falls with all its highs, and hisses back over the shore."""
    length_s = count / RATE_HZ
    low, high = wide_noise(random, count, band(50, 500, 1.0), 0.6), wide_noise(random, count, band(900, 8000, 0.7), 0.9)
    body, spray = np.full(count, 0.14, np.float32), np.full(count, 0.05, np.float32)
    for at_s in moments(random, length_s, -random.uniform(1.0, 2.5), 6.8, 0.2):
        whole = samples(random.uniform(6.5, 8.5))
        size = random.uniform(0.7, 1.0)
        for envelope, rise, gain, late_s in ((body, 0.35, 0.6, 0.0), (spray, 0.28, 0.42, 0.7)):
            first = round((at_s + late_s) * RATE_HZ)
            hump = pulse(whole, rise) ** 1.4 * np.float32(gain * size)
            start, end = max(0, first), min(count, first + whole)
            if end > start:
                envelope[start:end] += hump[start - first : end - first]
    return low * body[:, None] + high * spray[:, None]


def splash(random: Random, count: int, words: str) -> FloatArray:
    """Something falls into water."""
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ - 2, 0.08, 4.5, 0.3):
        put(out, burst(random, 0.5, band(60, 700, 1.2), 0.01, 6), at_s, 1.0)
        put(out, burst(random, 1.1, band(700, 7000, 0.8), 0.04, 4.5), at_s + 0.03, 0.6, random.uniform(-0.2, 0.2))
        for _ in range(14):
            length = samples(random.uniform(0.03, 0.1))
            x = np.linspace(0, 1, length, dtype=np.float32)
            bubble = swept(random.uniform(280, 1100) * (1 + 0.5 * x)) * np.exp(-5 * x) * np.clip(x * 30, 0, 1)
            put(out, bubble, at_s + random.uniform(0.1, 1.0), random.uniform(0.1, 0.3), random.uniform(-0.5, 0.5))
    return out
