"""Doors, clocks, bells, engines: what people have made."""

from __future__ import annotations

import numpy as np

from storyreel.providers.contracts import FloatArray
from storyreel.providers.offline.effects.waves import (
    RATE_HZ,
    Random,
    band,
    burst,
    in_room,
    moments,
    noise,
    peaks,
    pulse,
    put,
    samples,
    seconds,
    shaped,
    sprinkle,
    struck,
    swept,
    wander,
    wide_noise,
)

_WOOD = ((128.0, 1.0, 0.2), (213.0, 0.7, 0.16), (347.0, 0.45, 0.11), (560.0, 0.22, 0.07), (1010.0, 0.1, 0.04))
_PANEL = ((74.0, 1.0, 0.32), (121.0, 0.7, 0.26), (196.0, 0.4, 0.18), (402.0, 0.2, 0.1))
# Hum, prime, tierce, quint, nominal and above, as a founder tunes them, with how long each rings.
_BELL = ((0.5, 0.5, 9.0), (1.0, 0.8, 6.5), (1.2, 0.7, 4.5), (1.5, 0.35, 3.6), (2.0, 1.0, 3.2), (2.52, 0.4, 2.0),
         (3.0, 0.3, 1.5), (4.16, 0.22, 0.9), (5.43, 0.14, 0.6))  # fmt: skip


def door(random: Random, count: int, words: str) -> FloatArray:
    """A latch, hinges and the door falling shut; only the last where it slams."""
    length_s = count / RATE_HZ
    out = np.zeros((count, 2), np.float32)
    slams = "slam" in words or length_s < 0.7
    shut_s = 0.05 if slams else min(0.62 * length_s, 1.7)
    if not slams:
        latch = struck(random, ((1850, 0.6, 0.05), (3100, 0.4, 0.03), (760, 0.5, 0.06)), 0.12)
        put(out, latch, 0.04, 0.4, 0.1)
        put(out, latch, 0.13, 0.25, 0.1)
        put(out, _creaking(random, shut_s - 0.35), 0.22, 0.28, 0.1)
    put(out, struck(random, _PANEL, 0.7), shut_s, 1.2 if slams else 0.8, 0.0)
    put(out, burst(random, 0.09, band(90, 1400, 1.0), 0.002, 6), shut_s, 0.9 if slams else 0.5)
    put(out, struck(random, ((2300, 0.4, 0.05), (1400, 0.4, 0.06)), 0.1), shut_s + 0.03, 0.3, 0.1)
    return in_room(random, out, 0.6, 0.2)


def creak(random: Random, count: int, words: str) -> FloatArray:
    """Old wood under a weight."""
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ - 0.3, 0.1, 2.6, 0.3):
        put(out, _creaking(random, random.uniform(0.7, 1.3)), at_s, 0.8, random.uniform(-0.3, 0.3))
    return in_room(random, out, 0.6, 0.2)


def _creaking(random: Random, length_s: float) -> FloatArray:
    """Stick and slip: a train of small snaps, slower and faster, through the wood's resonances."""
    count = samples(max(0.15, length_s))
    rate_hz = wander(random, count, 3.0, 26, 95).astype(np.float64)
    slips = np.diff(np.floor(np.cumsum(rate_hz) / RATE_HZ), prepend=0.0)
    hits = slips * random.uniform(0.4, 1.0, count)
    snap = struck(random, ((430, 1.0, 0.03), (890, 0.8, 0.025), (1620, 0.6, 0.018), (2750, 0.3, 0.012)), 0.04)
    from scipy.signal import oaconvolve

    creaks = oaconvolve(hits.astype(np.float32), snap)[:count]
    return np.asarray(creaks * pulse(count, 0.45) ** 0.6, np.float32)


def knock(random: Random, count: int, words: str) -> FloatArray:
    """Knuckles on a door, three times."""
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ - 0.7, 0.06, 2.8, 0.15):
        for number in range(3):
            rap = struck(random, _WOOD, 0.3)
            rap[: samples(0.015)] += np.float32(0.5) * burst(random, 0.015, band(600, 4000, 1.0), 0.0005, 6)
            put(out, rap, at_s + number * random.uniform(0.2, 0.24), random.uniform(0.8, 1.0), 0.05)
    return in_room(random, out, 0.5, 0.18)


def clock(random: Random, count: int, words: str) -> FloatArray:
    """A clock on a shelf: tick, tock."""
    out = np.zeros((count, 2), np.float32)
    for number, at_s in enumerate(moments(random, count / RATE_HZ, 0.06, 0.5)):
        low = 1.0 if number % 2 == 0 else 0.84
        tick = struck(random, ((2650 * low, 0.8, 0.03), (4300 * low, 0.5, 0.02), (1150 * low, 0.5, 0.045)), 0.09)
        tick[: samples(0.004)] += np.float32(0.3) * burst(random, 0.004, band(3000, 9000), 0.0003, 5)
        put(out, tick, at_s, 1.0, 0.08 * (-1) ** number)
    return in_room(random, out, 0.4, 0.12)


def bell(random: Random, count: int, words: str) -> FloatArray:
    """A church bell, or a small one where the description says so."""
    small = any(word in words for word in ("small", "hand", "shop", "little", "door"))
    strike_hz, ring = (1250.0, 0.25) if small else (random.uniform(260, 310), 1.0)
    length_s = count / RATE_HZ
    out = np.zeros((count, 2), np.float32)
    partials = [(strike_hz * ratio, weight, long_s * ring) for ratio, weight, long_s in _BELL]
    for at_s in moments(random, length_s - 0.8, 0.06, 0.9 if small else 2.7, 0.03):
        rung = struck(random, partials, min(9.0 * ring, max(0.3, length_s - at_s)))
        clang = min(len(rung), samples(0.05))
        rung[:clang] += np.float32(0.4) * burst(random, clang / RATE_HZ, band(1500, 7000, 1.0), 0.0008, 6)[:clang]
        put(out, rung, at_s, random.uniform(0.85, 1.0), -0.1)
    return in_room(random, out, 1.8 if not small else 0.5, 0.2)


def phone(random: Random, count: int, words: str) -> FloatArray:
    """A telephone with two small bells: ring ring, and a rest."""
    length_s = count / RATE_HZ
    out = np.zeros((count, 2), np.float32)
    bells = [
        struck(random, ((hz, 1.0, 0.5), (hz * 2.7, 0.5, 0.25), (hz * 5.1, 0.2, 0.1)), 0.4) for hz in (1080.0, 1290.0)
    ]
    for at_s in moments(random, length_s - 0.2, 0.06, 3.0):
        for ring_s in (0.0, 0.6):
            for number in range(10):
                put(out, bells[number % 2], at_s + ring_s + number * 0.042, 0.8, 0.06 * (-1) ** number)
    return in_room(random, out, 0.4, 0.1)


def engine(random: Random, count: int, words: str) -> FloatArray:
    """A motor running."""
    fires_hz = 27 * (1 + 0.03 * wander(random, count, 1.2, -1, 1).astype(np.float64))
    out = wide_noise(random, count, band(60, 900, 0.9), 0.6) * np.float32(0.12)
    mono = _motor(random, fires_hz)
    out += mono[:, None]
    return out


def _motor(random: Random, fires_hz: np.ndarray) -> FloatArray:
    """Firing strokes, no two alike, through an exhaust."""
    count = len(fires_hz)
    total = np.zeros(count, np.float32)
    for k, weight in (
        (0.5, 0.5),
        (1, 1.0),
        (1.5, 0.35),
        (2, 0.8),
        (3, 0.5),
        (4, 0.4),
        (6, 0.24),
        (8, 0.16),
        (11, 0.08),
    ):
        total += np.float32(weight) * swept(k * fires_hz, random.uniform(0, 6.28)) * wander(random, count, 9, 0.7, 1.0)
    strokes = np.clip(swept(fires_hz), 0, 1) ** 3
    total += np.float32(0.8) * noise(random, count, band(120, 1600, 0.8)) * strokes
    return np.asarray(np.tanh(total * 0.6), np.float32)


def car(random: Random, count: int, words: str) -> FloatArray:
    """A car going by, its pitch falling as it passes."""
    length_s = count / RATE_HZ
    out = np.zeros((count, 2), np.float32)
    passes = max(1, round(length_s / 9.0))
    for number in range(passes):
        middle_s = length_s * (number + 0.5) / passes
        time = seconds(count) - middle_s
        side = 1 if random.random() < 0.5 else -1
        away_m = np.sqrt((14.0 * time) ** 2 + 4.0**2)
        # Doppler's shift by the speed towards the listener, sound being 343 m/s fast.
        towards = -(14.0**2 * time) / away_m
        bend = 343.0 / (343.0 - towards)
        level = np.float32(4.0) / away_m.astype(np.float32)
        tyres = noise(random, count, band(300, 2600, 0.9)) * level**1.5
        motor = _motor(random, 44.0 * bend) * level
        far = shaped(motor, band(30, 350, 1.2), wraps=True) * np.float32(1.4)
        body = motor * level + far * (1 - level) + np.float32(0.5) * tyres
        pan = np.clip(side * 14.0 * time / away_m, -1, 1).astype(np.float32) * np.float32(0.85)
        angle = (pan + 1) * np.float32(np.pi / 4)
        out += np.stack([body * np.cos(angle), body * np.sin(angle)], axis=1)
    return out


def train(random: Random, count: int, words: str) -> FloatArray:
    """A train over rail joints, with a whistle at first."""
    length_s = count / RATE_HZ
    out = (
        wide_noise(random, count, band(50, 700, 0.8), 0.7)
        * (np.float32(0.35) * wander(random, count, 0.5, 0.7, 1))[:, None]
    )
    for at_s in moments(random, length_s, 0.1, 1.05, 0.01):
        for late_s in (0.0, 0.14, 0.42, 0.56):
            clack = struck(random, ((88, 1.0, 0.14), (310, 0.5, 0.07), (940, 0.25, 0.04)), 0.2)
            put(out, clack, at_s + late_s, random.uniform(0.6, 0.8), random.uniform(-0.1, 0.1))
    if length_s > 3:
        blow = samples(1.6)
        hz = np.linspace(0.985, 1.0, blow)
        horn = sum((swept(hz * f) for f in (311.0, 370.0, 466.0)), np.zeros(blow, np.float32))
        put(out, horn * pulse(blow, 0.3) ** 0.5, 0.5, 0.35, -0.2)
    return in_room(random, out, 0.8, 0.15)


def siren(random: Random, count: int, words: str) -> FloatArray:
    """A siren going up and down, some streets away."""
    time = seconds(count)
    hz = 640 + 330 * (0.5 - 0.5 * np.cos(2 * np.pi * time / 3.6)) ** 0.8
    tone = sum((np.float32(0.55**k) * swept(k * hz) for k in (1, 2, 3, 4)), np.zeros(count, np.float32))
    pan = wander(random, count, 0.15, -0.5, 0.5)
    mono = shaped(tone, band(300, 2400, 1.2), wraps=True) * wander(random, count, 0.3, 0.7, 1.0)
    return in_room(random, np.stack([mono * (1 - pan), mono * (1 + pan)], axis=1), 1.2, 0.35)


def typing(random: Random, count: int, words: str) -> FloatArray:
    """Keys struck in runs; a typewriter where the description says so."""
    old = "typewriter" in words
    length_s = count / RATE_HZ
    out = np.zeros((count, 2), np.float32)
    at_s = 0.06
    while at_s < length_s:
        for _ in range(int(random.integers(4, 14))):
            modes = (
                ((1700, 0.7, 0.03), (2900, 0.4, 0.02), (420, 0.5, 0.05))
                if old
                else ((520, 0.5, 0.03), (2100, 0.3, 0.014))
            )
            key = struck(random, modes, 0.07)
            click = burst(random, 0.01, band(1800, 8000, 1.0), 0.0004, 6)
            key[: len(click)] += np.float32(0.5 if old else 0.3) * click
            put(out, key, at_s, random.uniform(0.6, 1.0), random.uniform(-0.15, 0.15))
            at_s += random.uniform(0.08, 0.2)
        at_s += random.uniform(0.25, 0.9)
    return in_room(random, out, 0.3, 0.1)


def glass(random: Random, count: int, words: str) -> FloatArray:
    """Glass breaking and its pieces falling."""
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ - 1, 0.05, 4.0, 0.3):
        put(out, burst(random, 0.2, band(2000, 12000, 0.8), 0.0005, 7), at_s, 0.9)
        for _ in range(46):
            hz = random.uniform(1900, 8500)
            shard = struck(random, ((hz, 1.0, random.uniform(0.04, 0.22)), (hz * 1.63, 0.4, 0.06)), 0.2)
            put(out, shard, at_s + random.exponential(0.28), random.uniform(0.04, 0.3), random.uniform(-0.6, 0.6))
    return in_room(random, out, 0.5, 0.12)


def explosion(random: Random, count: int, words: str) -> FloatArray:
    """A blast and its long fall."""
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ - 2, 0.05, 6.0, 0.3):
        length = samples(4.0)
        time = seconds(length)
        boom = swept(34 + 60 * np.exp(-time / 0.12)) * np.exp(-time / 0.6).astype(np.float32)
        blast = noise(random, length, band(30, 1800, 0.7)) * (np.exp(-time / 0.5) * np.clip(time / 0.004, 0, 1)).astype(
            np.float32
        )
        tail = noise(random, length, band(25, 220, 1.2)) * (np.exp(-time / 1.3) * np.clip(time / 0.1, 0, 1)).astype(
            np.float32
        )
        whole = np.tanh(boom * np.float32(1.4) + blast + np.float32(0.6) * tail) * np.clip((4.0 - time) / 2.0, 0, 1)
        put(out, whole.astype(np.float32), at_s)
    debris = [burst(random, random.uniform(0.01, 0.04), band(500, 5000, 1.0), 0.001, 6) for _ in range(6)]
    late = np.clip((seconds(count) - 0.5) / 0.4, 0, 1) * np.exp(-np.maximum(seconds(count) - 0.9, 0) / 1.2)
    return out + sprinkle(random, count, 30, debris) * (0.06 * late).astype(np.float32)[:, None]


def whoosh(random: Random, count: int, words: str) -> FloatArray:
    """Something passing quickly, from one side to the other; it fills the time up to two seconds."""
    length = min(count, samples(2.0))
    x = np.linspace(0, 1, length, dtype=np.float32)
    out = np.zeros((count, 2), np.float32)
    total = np.zeros(length, np.float32)
    for number, centre_hz in enumerate((220, 420, 800, 1500, 2800, 5000)):
        layer = noise(random, length, peaks((centre_hz, centre_hz * 0.6, 1.0)))
        # The higher a band, the nearer to the moment it goes by.
        total += layer * pulse(length, 0.5) ** np.float32(1.5 + number * 1.1) * np.float32(0.8**number)
    side = 1 if random.random() < 0.5 else -1
    angle = (np.tanh((x - 0.5) * 6) * side * 0.8 + 1) * np.float32(np.pi / 4)
    first = (count - length) // 2
    out[first : first + length] = np.stack([total * np.cos(angle), total * np.sin(angle)], axis=1)
    return out


def sword(random: Random, count: int, words: str) -> FloatArray:
    """Blade on blade: a hard edge, and steel that rings with partials of no common root."""
    length_s = count / RATE_HZ
    out = np.zeros((count, 2), np.float32)
    at_s = 0.05
    while at_s < max(0.06, length_s - 0.3):
        root_hz = random.uniform(1150, 1500)
        ring = [(root_hz * r, w, t * random.uniform(0.8, 1.2)) for r, w, t in
                ((1.0, 0.7, 0.7), (1.58, 1.0, 0.55), (2.24, 0.8, 0.5), (3.3, 0.6, 0.35), (4.7, 0.4, 0.22))]  # fmt: skip
        clash = struck(random, ring, 0.7)
        edge = burst(random, 0.03, band(2200, 11_000, 1.0), 0.0004, 6)
        clash[: len(edge)] += np.float32(0.9) * edge
        put(out, clash, at_s, random.uniform(0.7, 1.0), random.uniform(-0.4, 0.4))
        at_s += random.choice((0.34, 0.5, 0.95)) * random.uniform(0.9, 1.1)
    return in_room(random, out, 0.6, 0.15)
