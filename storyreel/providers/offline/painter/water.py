"""Water: seas, lakes and rivers that mirror what stands over them, with the path of light and the foam of waves."""

from __future__ import annotations

import cv2
import numpy as np

from storyreel.providers.offline.painter.colour import Array, mix
from storyreel.providers.offline.painter.noise import sample, smooth
from storyreel.providers.offline.painter.stage import Stage


def paint_water(stage: Stage, *, start: float | None = None, calm: float = 0.5, mask: Array | None = None) -> None:
    """Fill everything below a row with water that mirrors the picture above it.

    Args:
        stage: the picture; paint what should be mirrored first.
        start: row of the water's far edge; the horizon when None.
        calm: 1 a mirror, 0.5 a lake in a breeze, 0 a heavy sea.
        mask: where there is water, shape (height, width); everywhere below `start` when None.
    """
    start = stage.horizon if start is None else start
    top = round(start)
    height, width = stage.height - top, stage.width
    if height < 4:
        return
    scheme = stage.scheme
    y = np.arange(height, dtype=np.float32)[:, None]
    x = np.arange(width, dtype=np.float32)[None]
    t = y / height
    distance = 1 / (t * 0.95 + 0.05)
    k = 1080 / min(stage.width, stage.height)
    off = float(stage.rng("water").uniform(0, 900))
    u = (x - width / 2) * distance * 0.32 * k + off
    v = distance * 300 + off + np.zeros_like(x)
    long_waves = sample("soft", u * 0.7, v * 1.5) - 0.5
    ripples = sample("fine", u * 1.6, v * 2.4) - 0.5
    rough = 1 - calm
    bump = long_waves * (0.5 + rough) + ripples * 0.5
    # What is mirrored at a row stands as far above the edge as the row lies below it; waves throw it up and down.
    swing = bump * height * (0.06 + 0.22 * rough) * (0.25 + t)
    source_y = np.clip(
        top - 1 - y * (0.92 if start > stage.height * 0.35 else start / height * 0.95) + swing, 0, top - 1
    )
    source_x = np.clip(x + bump * width * 0.012 * (0.3 + t) * (0.4 + rough * 2), 0, width - 1)
    if top > 2:
        mirrored = cv2.remap(
            stage.image, source_x.astype(np.float32), source_y.astype(np.float32), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        streak = max(1.0, stage.unit * (0.15 + rough * 0.6))
        mirrored = np.asarray(cv2.GaussianBlur(mirrored, (0, 0), streak * 0.5, sigmaY=streak * 1.6), np.float32)
    else:
        mirrored = np.broadcast_to(np.array(scheme.lower, np.float32), (height, width, 3)).copy()
    deep = np.array(scheme.deep, np.float32)
    far = np.array(mix(scheme.horizon, scheme.deep, 0.35), np.float32)
    body = far + (deep - far) * smooth(0, 0.75, t)[..., None]
    # Flat angles mirror, steep ones let one look in (after Fresnel).
    share = np.clip(0.2 + 0.62 * np.exp(-t * (1.1 + 1.3 * rough)) - rough * 0.12 + bump * 0.5, 0.08, 0.9)
    ink = body + (mirrored - body) * share[..., None]
    slope = long_waves * 0.6 + ripples * 0.45
    ink *= 1 + (slope * (0.16 + 0.5 * rough))[..., None]
    crest = smooth(0.12, 0.34, slope) * (0.14 + 0.3 * rough) * (0.3 + 0.7 * t)
    ink += (np.array(mix(scheme.lower, scheme.lit, 0.4), np.float32) - ink) * crest[..., None]
    if rough > 0.6:
        foam = smooth(0.3, 0.42, sample("soft", u * 1.1 + 50, v * 2.1 + 20) - 0.32 + ripples * 0.35) * (0.15 + t) * 0.8
        ink += (np.array(mix(scheme.lit, (1, 1, 1), 0.25), np.float32) * 0.85 - ink) * np.clip(foam, 0, 0.75)[..., None]
    if stage.sun is not None:
        glitter(stage, ink, x, t, ripples + long_waves * 0.5, rough)
    far_mist = np.exp(-y / (stage.unit * 2.2)) * 0.55
    ink += (stage.haze_row() - ink) * far_mist[..., None]
    if mask is None:
        stage.image[top:] = np.clip(ink, 0, 1)
    else:
        stage.paint(mask[top:], np.clip(ink, 0, 1), 1.0, top)
    stage.note_water(top, mask)


def glitter(stage: Stage, ink: Array, x: Array, t: Array, bump: Array, rough: float) -> None:
    """The broken path of light under the sun or moon, laid into `ink`."""
    assert stage.sun is not None
    scheme = stage.scheme
    if scheme.disc_height > 0.8:
        dots = smooth(0.3, 0.42, bump) * 0.5
        ink += (1 - ink) * dots[..., None] * np.array(scheme.disc, np.float32)
        return
    spread = stage.width * (0.018 + 0.085 * t + 0.04 * rough)
    near = np.exp(-(((x - stage.sun[0]) / spread) ** 2))
    dashes = smooth(0.02, 0.16, bump + near * 0.26 - 0.13 + 0.1 * np.exp(-t * 7))
    path = np.clip(near * (dashes * 0.95 + 0.16) * (1 - 0.45 * t), 0, 1)
    wide = np.exp(-(((x - stage.sun[0]) / (spread * 4)) ** 2)) * smooth(0.1, 0.26, bump) * 0.3
    power = 0.8 if scheme.moon else 0.95
    if stage.spec.weather in ("rain", "storm", "fog"):
        power *= 0.4
    colour = np.array(mix(scheme.disc, scheme.glow, 0.35), np.float32)
    ink += (1 - ink) * (np.clip(path + wide, 0, 1) * power)[..., None] * colour


def surf(stage: Stage, shore: Array, name: str = "surf", reach: float | None = None) -> None:
    """Lines of foam along a shore; `shore` is its row for each column and `reach` how far out they lie, in pixels."""
    rng = stage.rng(name)
    reach = stage.unit * 7 if reach is None else reach
    top = int(max(0, float(shore.min()) - reach * 2))
    bottom = int(min(stage.height, float(shore.max()) + reach))
    if bottom - top < 3:
        return
    y = np.arange(top, bottom, dtype=np.float32)[:, None]
    x = np.arange(stage.width, dtype=np.float32)[None]
    k = 1080 / min(stage.width, stage.height)
    off = float(rng.uniform(0, 900))
    n = sample("soft", x * 0.8 * k + off, y * 3.0 * k + off)
    lace = sample("fine", x * 0.7 * k, y * 1.6 * k + off)
    away = (shore[None] - y) + (n - 0.5) * reach * 1.1
    total = np.zeros_like(away)
    for k2, (place, thick, power) in enumerate(((0.0, 0.16, 0.9), (0.75, 0.12, 0.55), (1.6, 0.1, 0.35))):
        d = np.abs(away / reach - place) / thick
        total = np.maximum(total, np.exp(-(d**2)) * power * smooth(0.25, 0.62, lace + 0.12 * (2 - k2)))
    white = np.array(mix(stage.scheme.lit, (1, 1, 1), 0.3), np.float32)
    stage.paint(
        np.asarray(np.clip(total, 0, 1), np.float32), white * np.float32(0.55 + 0.45 * stage.scheme.local), 0.9, top
    )


def spray(stage: Stage, x: float, y: float, size: float, name: str) -> None:
    """A wave breaking upwards against rock at (x, y), `size` pixels high."""
    rng = stage.rng(name)
    w, h = int(size * 2.4), int(size * 1.5)
    if w < 6 or h < 6:
        return
    layer = np.zeros((h, w), np.uint8)
    for _ in range(420):
        a = rng.normal(-np.pi / 2, 0.5)
        r = abs(rng.normal(0, 0.42)) * size
        px, py = w / 2 + np.cos(a) * r * 1.1, h * 0.92 + np.sin(a) * r + (r / size) ** 2 * size * 0.12
        radius = size * rng.uniform(0.004, 0.04) * (1.25 - min(1.0, r / size))
        cv2.circle(
            layer, (int(px * 8), int(py * 8)), max(4, int(radius * 8)), int(rng.uniform(70, 255)), -1, cv2.LINE_AA, 3
        )
    mask = layer.astype(np.float32) / 255
    cloud = np.asarray(cv2.GaussianBlur(mask, (0, 0), size * 0.06), np.float32)
    white = mix(stage.scheme.lit, (1.0, 1.0, 1.0), 0.25)
    stage.paint(
        np.clip(mask * 0.6 + cloud * 0.75, 0, 1),
        white,
        0.75 * (0.5 + 0.5 * stage.scheme.local),
        int(y - h * 0.92),
        int(x - w / 2),
    )


def waves_front(stage: Stage, row: float, size: float, name: str) -> None:
    """One swell before everything else, as dark as the deep, its crest edged with light."""
    from storyreel.providers.offline.painter.noise import line

    rng = stage.rng(name)
    profile = (row + line(stage.width, 2.2, rng, 3, 0.4) * size).astype(np.float32)
    top = int(max(0, profile.min() - 3))
    if top >= stage.height:
        return
    y = np.arange(top, stage.height, dtype=np.float32)[:, None]
    x = np.arange(stage.width, dtype=np.float32)[None]
    below = y - profile[None]
    n = sample("soft", x * 1.1 + below * 0.6 + 200, below * 3.2 + 200)
    deep = np.array(mix(stage.scheme.deep, stage.scheme.near, 0.35), np.float32)
    lit = np.array(mix(stage.scheme.deep, stage.scheme.lower, 0.5), np.float32)
    ink = deep + (lit - deep) * (smooth(0.5, 0.8, n) * 0.5 * np.exp(-np.maximum(below, 0) / (size * 2.5)))[..., None]
    crest = np.exp(-np.maximum(below, 0) / (size * 0.16)) * smooth(0.35, 0.62, n)
    ink += (np.array(mix(stage.scheme.lit, stage.scheme.horizon, 0.3), np.float32) - ink) * (crest * 0.75)[..., None]
    stage.paint(np.clip(below + 0.5, 0, 1), ink, 1.0, top)
