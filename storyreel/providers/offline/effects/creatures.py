"""People and animals."""

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

# Formants of open, mid and close vowels, in Hz (Peterson and Barney 1952, rounded).
_VOWELS = (
    (730, 1090, 2440),
    (530, 1840, 2480),
    (390, 1990, 2550),
    (570, 840, 2410),
    (440, 1020, 2240),
    (300, 870, 2240),
)


def footsteps(random: Random, count: int, words: str) -> FloatArray:
    """Somebody walking; the description may tell the ground ("gravel", "snow", "wood") and the pace ("running")."""
    fast = any(word in words for word in ("run", "hurr", "fast", "chase", "sprint"))
    slow = any(word in words for word in ("slow", "careful", "creep", "tiptoe"))
    every_s = 0.34 if fast else 0.78 if slow else 0.54
    out = np.zeros((count, 2), np.float32)
    for number, at_s in enumerate(moments(random, count / RATE_HZ - 0.1, 0.08, every_s, 0.05)):
        pan = (0.12 if number % 2 else -0.12) + random.normal(0, 0.03)
        put(out, _step(random, words), at_s, random.uniform(0.8, 1.0), pan)
    return in_room(random, out, 0.35, 0.1)


def _step(random: Random, words: str) -> FloatArray:
    """One step: the heel, and the sole that follows it."""
    step = np.zeros(samples(0.42), np.float32)

    def add(sound: FloatArray, at_s: float, gain: float) -> None:
        first = samples(at_s)
        part = sound[: len(step) - first]
        step[first : first + len(part)] += np.float32(gain) * part

    if any(word in words for word in ("gravel", "leaves", "sand", "path", "forest", "twig")):
        for _ in range(26):
            grain = burst(random, random.uniform(0.006, 0.025), band(900, 7000, 0.8), 0.0006, 6)
            add(grain, abs(random.normal(0.09, 0.05)), random.uniform(0.1, 0.4))
        add(burst(random, 0.09, band(70, 300, 1.2), 0.004, 6), 0.001, 0.5)
    elif "snow" in words:
        crunch = burst(random, 0.24, band(300, 3200, 0.8), 0.03, 2.5)
        add(crunch * wander(random, len(crunch), 70, 0.1, 1.0), 0.001, 0.8)
    elif any(word in words for word in ("puddle", "water", "mud", "wet")):
        add(burst(random, 0.2, band(500, 6000, 0.8), 0.01, 5), 0.001, 0.7)
        add(burst(random, 0.1, band(80, 400, 1.2), 0.004, 6), 0.001, 0.5)
    else:
        wood = any(word in words for word in ("wood", "floor", "stairs", "plank", "deck", "boards"))
        modes = ((92, 1.0, 0.16), (168, 0.7, 0.12), (310, 0.4, 0.08)) if wood else ((120, 0.7, 0.06), (240, 0.35, 0.05))
        add(struck(random, modes, 0.22), 0.001, 0.9)
        add(burst(random, 0.03, band(900, 5000 if not wood else 2600, 1.0), 0.0008, 6), 0.001, 0.35)
        add(burst(random, 0.05, band(600, 4200, 1.0), 0.004, 5), random.uniform(0.1, 0.13), 0.18)
    return step


def heartbeat(random: Random, count: int, words: str) -> FloatArray:
    """The two beats of a heart, heard from inside."""
    fast = any(word in words for word in ("fast", "rac", "pound"))
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ, 0.1, 0.62 if fast else 0.95, 0.03):
        for late_s, hz, gain in ((0.0, 52.0, 1.0), (0.27 if not fast else 0.2, 64.0, 0.65)):
            length = samples(0.24)
            time = seconds(length)
            beat = swept(hz * (1 + 0.7 * np.exp(-time / 0.02))) * np.exp(-time / 0.055).astype(np.float32)
            beat[: samples(0.006)] *= np.linspace(0, 1, samples(0.006), dtype=np.float32)
            put(out, beat + np.float32(0.12) * burst(random, 0.24, band(80, 260, 1.4), 0.008, 7), at_s + late_s, gain)
    return out


def crowd(random: Random, count: int, words: str) -> FloatArray:
    """Many people talking at once, none of whom can be understood."""
    length_s = count / RATE_HZ
    bank = [_syllable(random) for _ in range(70)]
    out = np.zeros((count, 2), np.float32)
    for _ in range(26):
        pan, level = random.uniform(-0.9, 0.9), random.uniform(0.3, 1.0)
        own = random.choice(len(bank), 14)
        at_s = -random.uniform(0.0, 1.5)
        while at_s < length_s:
            for _ in range(int(random.integers(4, 12))):
                if at_s >= 0:
                    put(out, bank[int(random.choice(own))], at_s, level * random.uniform(0.5, 1.0), pan)
                at_s += random.uniform(0.13, 0.24)
            at_s += random.exponential(0.6)
    out += wide_noise(random, count, band(200, 1400, 1.0), 0.8) * np.float32(0.12)
    return in_room(random, out, 1.1, 0.5)


def _syllable(random: Random) -> FloatArray:
    length = samples(random.uniform(0.11, 0.27))
    x = np.linspace(0, 1, length)
    f0 = random.choice((105.0, 125.0, 190.0, 220.0)) * random.uniform(0.85, 1.2) * (1 + 0.14 * np.sin(x * 2.5))
    first, second = (_VOWELS[int(random.integers(len(_VOWELS)))] for _ in range(2))
    total = np.zeros(length)
    phase = np.cumsum(f0) / RATE_HZ * 2 * np.pi
    formants = [(np.asarray(a + (b - a) * x), 90.0 + 0.05 * a) for a, b in zip(first, second, strict=True)]
    for harmonic in range(1, int(3400 / f0.max()) + 1):
        hz = harmonic * f0
        weight = sum(g / (1 + ((hz - f) / w) ** 2) for (f, w), g in zip(formants, (1.0, 0.55, 0.22), strict=True))
        total += weight / harmonic**0.4 * np.sin(harmonic * phase)
    voiced = (total * pulse(length, 0.35)).astype(np.float32)
    start = burst(random, min(0.05, length / RATE_HZ), band(1500, 6000, 1.0), 0.008, 4)
    voiced[: len(start)] += np.float32(0.08) * start
    return voiced


def applause(random: Random, count: int, words: str) -> FloatArray:
    """Hands clapping."""
    claps = []
    for _ in range(24):
        clap = burst(random, random.uniform(0.012, 0.03), band(600, 5200, 1.0), 0.0006, 6)
        claps.append(shaped(clap, peaks((random.uniform(700, 2100), 900, 1.0), (3200, 3000, 0.5))))
    loud = pulse(count, 0.25) ** 0.35 * np.float32(0.8) + np.float32(0.2)
    return in_room(random, sprinkle(random, count, 210, claps) * loud[:, None], 0.9, 0.3)


def birds(random: Random, count: int, words: str) -> FloatArray:
    """Songbirds, each with a motif of its own, in a quiet open place."""
    length_s = count / RATE_HZ
    out = wide_noise(random, count, band(300, 3000, 0.8), 0.9) * np.float32(0.012)
    for _ in range(5):
        motif = _motif(random)
        pan, level = random.uniform(-0.9, 0.9), random.uniform(0.25, 1.0)
        for at_s in moments(random, length_s, random.uniform(0.05, 2.2), random.uniform(1.6, 4.2), 0.4):
            put(out, motif, at_s, level * random.uniform(0.7, 1.0), pan)
    return in_room(random, out, 1.6, 0.22)


def _motif(random: Random) -> FloatArray:
    song: list[FloatArray] = []
    base_hz = random.uniform(2300, 4800)
    for _ in range(int(random.integers(2, 5))):
        note = samples(random.uniform(0.05, 0.16))
        x = np.linspace(0, 1, note)
        trill = random.choice((0.0, 0.0, random.uniform(25, 55)))
        hz = (
            base_hz
            * random.uniform(0.8, 1.35)
            * (1 + random.uniform(-0.3, 0.3) * x + 0.06 * np.sin(2 * np.pi * trill * x))
        )
        tone = (swept(hz) + np.float32(0.12) * swept(2 * hz)) * pulse(note, random.uniform(0.15, 0.5))
        for _ in range(int(random.choice((1, 1, 2, 5)))):
            song += [tone, np.zeros(samples(random.uniform(0.015, 0.07)), np.float32)]
    return np.concatenate(song)


def gulls(random: Random, count: int, words: str) -> FloatArray:
    """Seagulls crying."""
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ - 0.6, 0.15, 2.6, 0.5):
        pan, level = random.uniform(-0.8, 0.8), random.uniform(0.4, 1.0)
        for number in range(int(random.integers(2, 6))):
            note = samples(random.uniform(0.2, 0.34))
            x = np.linspace(0, 1, note)
            hz = (
                random.uniform(1000, 1250)
                * (1 + 0.55 * np.sin(np.pi * x**0.7))
                * (1 + 0.01 * wander(random, note, 60, -1, 1))
            )
            cry = sum((np.float32(0.7**k) * swept(k * hz) for k in (1, 2, 3, 4)), np.zeros(note, np.float32))
            put(out, cry * pulse(note, 0.3), at_s + number * 0.36, level * 0.86**number, pan)
    return in_room(random, out, 1.4, 0.3)


def owl(random: Random, count: int, words: str) -> FloatArray:
    """An owl at night."""
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ - 1.5, 0.25, 5.5, 0.3):
        for late_s, long_s in ((0.0, 0.34), (0.75, 0.14), (0.98, 0.14), (1.2, 0.55)):
            note = samples(long_s)
            x = np.linspace(0, 1, note)
            hz = 372 * (1 + 0.035 * np.sin(np.pi * x)) * (1 + 0.008 * wander(random, note, 18, -1, 1))
            hoot = (swept(hz) + np.float32(0.1) * swept(2 * hz)) * pulse(note, 0.4)
            put(
                out,
                hoot + np.float32(0.05) * noise(random, note, band(250, 800)) * pulse(note),
                at_s + late_s,
                0.9,
                -0.25,
            )
    return in_room(random, out, 2.2, 0.4)


def dog(random: Random, count: int, words: str) -> FloatArray:
    """A dog barking, twice or three times at once."""
    out = np.zeros((count, 2), np.float32)
    pan = random.uniform(-0.4, 0.4)
    for at_s in moments(random, count / RATE_HZ - 0.8, 0.08, 2.6, 0.3):
        for number in range(int(random.integers(2, 4))):
            put(out, _bark(random), at_s + number * random.uniform(0.32, 0.4), random.uniform(0.75, 1.0), pan)
    return in_room(random, out, 0.7, 0.18)


def _bark(random: Random) -> FloatArray:
    count = samples(random.uniform(0.15, 0.2))
    x = np.linspace(0, 1, count)
    hz = (
        random.uniform(330, 380)
        * (0.75 + 0.55 * np.sin(np.pi * x**0.6))
        * (1 + 0.03 * wander(random, count, 140, -1, 1))
    )
    total = sum((np.float32(1 / k**0.6) * swept(k * hz) for k in range(1, 13)), np.zeros(count, np.float32))
    total += np.float32(0.9) * noise(random, count, band(500, 3500, 0.8))
    voiced = shaped(
        np.asarray(total * pulse(count, 0.18), np.float32), peaks((680, 500, 1.0), (1450, 700, 0.7), (2900, 1500, 0.25))
    )
    return np.asarray(np.tanh(voiced * 0.8), np.float32)


def crickets(random: Random, count: int, words: str) -> FloatArray:
    """Crickets on a warm night, several of them, none quite in time with another."""
    length_s = count / RATE_HZ
    out = wide_noise(random, count, band(200, 1500, 0.8), 0.9) * np.float32(0.006)
    for _ in range(7):
        hz, pulses = random.uniform(4000, 5200), int(random.integers(3, 5))
        one = samples(0.017)
        chirp = np.concatenate([
            np.concatenate([swept(np.full(one, hz * 0.995**k)) * pulse(one, 0.4), np.zeros(samples(0.013), np.float32)])
            for k in range(pulses)
        ])  # fmt: skip
        pan, level = random.uniform(-0.95, 0.95), random.uniform(0.1, 1.0) ** 1.5
        for at_s in moments(random, length_s, random.uniform(0.02, 0.6), random.uniform(0.42, 0.75), 0.05):
            put(out, chirp, at_s, level * random.uniform(0.85, 1.0), pan)
    return out


def horse(random: Random, count: int, words: str) -> FloatArray:
    """Hooves, trotting on hard ground, or galloping where the description says so."""
    gallop = any(word in words for word in ("gallop", "fast", "run", "chase"))
    beats = (0.0, 0.11, 0.22) if gallop else (0.0, 0.31)
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ - 0.1, 0.06, 0.47 if gallop else 0.62, 0.03):
        for number, late_s in enumerate(beats):
            hoof = struck(random, ((random.uniform(560, 700), 0.8, 0.05), (1250, 0.5, 0.035), (150, 0.8, 0.09)), 0.14)
            hoof[: samples(0.02)] += np.float32(0.25) * burst(random, 0.02, band(1500, 6000, 1.0), 0.0005, 6)
            put(out, hoof, at_s + late_s + random.normal(0, 0.006), random.uniform(0.75, 1.0), 0.15 * (-1) ** number)
    return in_room(random, out, 0.4, 0.12)


def cat(random: Random, count: int, words: str) -> FloatArray:
    """A cat that wants in; or purrs, where the description says so."""
    if "purr" in words:
        return _purr(random, count)
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ - 0.7, 0.1, 2.4, 0.3):
        note = samples(random.uniform(0.6, 0.85))
        x = np.linspace(0, 1, note)
        hz = random.uniform(520, 640) * (0.85 + 0.4 * np.sin(np.pi * x**0.7)) * (1 + 0.008 * np.sin(38 * x))
        tone = sum((np.float32(1 / k**0.7) * swept(k * hz) for k in range(1, 9)), np.zeros(note, np.float32))
        closed = shaped(tone, peaks((500, 400, 1.0), (2400, 900, 0.4)))
        opened = shaped(tone, peaks((1050, 600, 1.0), (2100, 900, 0.8), (3600, 1400, 0.3)))
        mouth = pulse(note, 0.45)
        voice = closed * (1 - mouth) + opened * mouth + np.float32(0.02) * noise(random, note, band(900, 5000, 0.8))
        put(out, voice * pulse(note, 0.25) ** 0.6, at_s, 0.9, random.uniform(-0.3, 0.3))
    return in_room(random, out, 0.5, 0.12)


def _purr(random: Random, count: int) -> FloatArray:
    time = seconds(count)
    breath = 0.65 + 0.35 * np.sin(2 * np.pi * time / 1.5)
    beats = np.clip(swept(25.0 + 2.0 * wander(random, count, 1.5, -1, 1)), 0, 1) ** 3
    mono = shaped(noise(random, count, band(50, 420, 1.2)) * beats, band(30, 260, 1.2), wraps=True)
    mono *= breath.astype(np.float32)
    return np.stack([mono, mono], axis=1)


def wolf(random: Random, count: int, words: str) -> FloatArray:
    """Wolves far off: one begins, others join higher."""
    out = np.zeros((count, 2), np.float32)
    for at_s in moments(random, count / RATE_HZ - 2.0, 0.1, 5.0, 0.3):
        for voice in range(3):
            note = samples(random.uniform(2.2, 3.2))
            x = np.linspace(0, 1, note)
            top_hz = random.uniform(430, 480) * 1.19**voice
            climb = 0.62 + 0.38 * np.minimum(x / 0.16, 1.0) ** 1.5 - 0.2 * np.maximum(x - 0.72, 0) / 0.28
            hz = top_hz * climb * (1 + 0.008 * wander(random, note, 7, -1, 1))
            howl = swept(hz) + np.float32(0.28) * swept(2 * hz) + np.float32(0.1) * swept(3 * hz)
            howl += np.float32(0.02) * noise(random, note, band(300, 2400, 0.8))
            gain, late_s = 0.8**voice, 0.0 if voice == 0 else random.uniform(0.5, 1.1) * voice
            put(out, howl * pulse(note, 0.4) ** 0.7, at_s + late_s, gain, (-0.2, 0.5, -0.6)[voice])
    return in_room(random, out, 2.6, 0.5)


def bees(random: Random, count: int, words: str) -> FloatArray:
    """A hive: wings at a quarter of a kilohertz, and single bees that pass the ear."""
    length_s = count / RATE_HZ
    out = np.zeros((count, 2), np.float32)
    for _ in range(14):
        hz = random.uniform(195, 265) * (1 + 0.05 * wander(random, count, random.uniform(2, 7), -1, 1))
        pan, level = random.uniform(-0.9, 0.9), random.uniform(0.2, 1.0)
        wings = sum((np.float32(0.62**k) * swept(k * hz, random.uniform(0, 6.28)) for k in (1, 2, 3, 4, 5)),
                    np.zeros(count, np.float32)) * wander(random, count, 5, 0.4, 1.0)  # fmt: skip
        put(out, wings, 0.0, 0.12 * level, pan)
    for at_s in moments(random, length_s - 0.5, random.uniform(0.1, 0.8), 1.9, 0.4):
        length = samples(random.uniform(0.6, 1.1))
        x = np.linspace(0, 1, length)
        hz = random.uniform(235, 270) * (1.05 - 0.12 * x) * (1 + 0.02 * wander(random, length, 20, -1, 1))
        near = sum((np.float32(0.75**k) * swept(k * hz) for k in range(1, 8)), np.zeros(length, np.float32))
        near += np.float32(0.1) * noise(random, length, band(400, 5000, 0.7))
        put(out, near * pulse(length, 0.5), at_s, 0.35, random.uniform(-0.9, 0.9))
    return out
