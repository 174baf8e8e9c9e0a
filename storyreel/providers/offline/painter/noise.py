"""Random textures: smooth noise in one and two dimensions, and one large field kept to be sampled in perspective."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from storyreel.providers.offline.painter.colour import Array

Rng = np.random.Generator


def smooth(edge0: float, edge1: float, x: Array) -> Array:
    """Hermite step from 0 at `edge0` to 1 at `edge1`."""
    t = np.clip((x - edge0) / (edge1 - edge0), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def line(length: int, cells: float, rng: Rng, octaves: int = 4, gain: float = 0.5, ridged: bool = False) -> Array:
    """Noise along a line, shape (length,), in -1..1; `cells` waves of the lowest octave fit into it."""
    out = np.zeros(length, np.float32)
    amplitude, total = 1.0, 0.0
    for octave in range(octaves):
        count = max(2, int(np.ceil(cells * 2**octave)) + 4)
        knots = rng.uniform(-1, 1, count).astype(np.float32)
        x = np.linspace(1.0, 1.0 + cells * 2**octave, length, dtype=np.float32)
        i = np.clip(x.astype(np.int32), 1, count - 3)
        f = x - i
        p0, p1, p2, p3 = knots[i - 1], knots[i], knots[i + 1], knots[np.minimum(i + 2, count - 1)]
        wave = p1 + 0.5 * f * (p2 - p0 + f * (2 * p0 - 5 * p1 + 4 * p2 - p3 + f * (3 * (p1 - p2) + p3 - p0)))
        if ridged:
            wave = 1 - 2 * np.abs(wave)
        out += amplitude * wave
        total += amplitude
        amplitude *= gain
    return np.asarray(np.clip(out / total * 1.4, -1, 1), dtype=np.float32)


def field(
    height: int, width: int, cell_px: float, rng: Rng, octaves: int = 4, gain: float = 0.5, stretch: float = 1.0
) -> Array:
    """Noise over a picture, shape (height, width), in about 0..1 with mean 0.5.

    Args:
        height, width: pixels.
        cell_px: size of the largest spots, downwards.
        rng: source of the randomness.
        octaves: how many finer layers; each is half the size of the one before.
        gain: strength of each octave against the one before.
        stretch: how much longer spots are sideways than downwards.
    """
    out = np.zeros((height, width), np.float32)
    amplitude, total = 1.0, 0.0
    for octave in range(octaves):
        cell = cell_px / 2**octave
        if cell < 1.5 and octave > 0:
            break
        rows = max(2, int(np.ceil(height / cell)) + 2)
        columns = max(2, int(np.ceil(width / (cell * stretch))) + 2)
        grid = rng.random((rows, columns), dtype=np.float32)
        big = cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        cv2.scaleAdd(big, amplitude, out, out)
        total += amplitude
        amplitude *= gain
    out /= total
    return np.asarray(np.clip(0.5 + (out - 0.5) * 1.5, 0, 1), dtype=np.float32)


@lru_cache(maxsize=2)
def texture(kind: str) -> Array:
    """A 2048 x 2048 field that tiles, for `sample`: "soft" (clouds, mist) or "fine" (ripples, sand). Read only."""
    rng = np.random.default_rng(20_240 if kind == "soft" else 20_241)
    if kind == "soft":
        out = field(1024, 1024, 128, rng, octaves=6, gain=0.52)
    else:
        out = field(1024, 1024, 24, rng, octaves=4, gain=0.6)
    # Mirrored both ways it has no seam where it repeats.
    out = np.block([[out, out[:, ::-1]], [out[::-1], out[::-1, ::-1]]])
    out.setflags(write=False)
    return out


def sample(kind: str, u: Array, v: Array) -> Array:
    """The kept texture at coordinates in its own pixels, which may be any finite numbers."""
    u, v = np.broadcast_arrays(u, v)
    return np.asarray(
        cv2.remap(
            texture(kind),
            np.ascontiguousarray(u, np.float32),
            np.ascontiguousarray(v, np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_WRAP,
        ),
        dtype=np.float32,
    )
