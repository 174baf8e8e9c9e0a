"""Growing things: conifers, broadleaf trees, bare trees, trunks, grass, reeds, palms and framing branches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.providers.offline.painter.colour import Array, Colour, mix, parse
from storyreel.providers.offline.painter.land import lit_colour
from storyreel.providers.offline.painter.noise import Rng, line, smooth
from storyreel.providers.offline.painter.stage import Point, Stage


class Brush:
    """A mask that tree shapes are put on, and one of their parts that catch the light; 8 bit, so edges are smoothed."""

    def __init__(self, height: int, width: int) -> None:
        self.mask = np.zeros((height, width), np.uint8)
        self.bright = np.zeros((height, width), np.uint8)

    def fill(self, points: Sequence[Point], value: int = 255) -> None:
        """A filled polygon."""
        shape = np.round(np.asarray(points, np.float32) * 16).astype(np.int32)
        cv2.fillPoly(self.mask, [shape], value, cv2.LINE_AA, 4)

    def gleam(self, points: Sequence[Point], value: int) -> None:
        """A part that catches the light, 0 to 255."""
        shape = np.round(np.asarray(points, np.float32) * 16).astype(np.int32)
        cv2.fillPoly(self.bright, [shape], value, cv2.LINE_AA, 4)

    def spot(self, x: float, y: float, radius: float, value: int = 255) -> None:
        """A filled circle."""
        cv2.circle(self.mask, (round(x * 8), round(y * 8)), max(1, round(radius * 8)), value, -1, cv2.LINE_AA, 3)

    def stroke(self, points: Sequence[Point], start_px: float, end_px: float) -> None:
        """A line that tapers."""
        at = np.asarray(points, np.float32)
        along = np.gradient(at, axis=0)
        norm = np.stack([-along[:, 1], along[:, 0]], axis=1)
        norm /= np.maximum(np.linalg.norm(norm, axis=1, keepdims=True), 1e-6)
        half = np.linspace(start_px, end_px, len(at), dtype=np.float32)[:, None] / 2
        self.fill([(float(x), float(y)) for x, y in np.concatenate([at + norm * half, (at - norm * half)[::-1]])])

    @property
    def alpha(self) -> Array:
        """The mask in 0..1."""
        return self.mask.astype(np.float32) / 255


def conifer(brush: Brush, x: float, base: float, tall: float, rng: Rng, full: float = 1.0) -> None:
    """A fir: tiers of drooping boughs on a thin trunk."""
    tiers = int(np.clip(tall / 9, 5, 17))
    half = tall * rng.uniform(0.15, 0.21) * full
    lean = rng.normal(0, 0.012) * tall
    brush.fill([(x - tall * 0.014, base), (x + tall * 0.014, base), (x + lean, base - tall)])
    left: list[Point] = []
    right: list[Point] = []
    for i in range(tiers):
        t = i / tiers
        y = base - tall * (1.0 - 0.9 * t)
        reach = half * (0.06 + t**0.85) * rng.uniform(0.82, 1.12)
        drop = tall / tiers * 1.05
        cx = x + lean * (1 - t)
        left += [(cx - reach * 0.34, y), (cx - reach, y + drop)]
        right += [(cx + reach * 0.34, y), (cx + reach * rng.uniform(0.85, 1.1), y + drop * rng.uniform(0.85, 1.1))]
    brush.fill([(x + lean, base - tall * 1.02), *right, *left[::-1]])


def broadleaf(brush: Brush, x: float, base: float, tall: float, rng: Rng) -> None:
    """A round-crowned tree: trunk, boughs and heaps of leaf, the upper ones lighter."""
    trunk = tall * rng.uniform(0.26, 0.36)
    bend = rng.normal(0, 0.02) * tall
    brush.stroke([(x, base), (x + bend, base - trunk * 0.7), (x, base - trunk * 1.7)], tall * 0.075, tall * 0.03)
    wide = tall * rng.uniform(0.27, 0.36)
    high = (tall - trunk) * 0.5
    cy = base - trunk - high * 0.92
    if tall > 46:
        _crown(brush, x, cy, wide, high, tall, rng)
        return
    heaps = []
    for k in range(11):
        a = k * 2.4 + rng.uniform(-0.4, 0.4)
        r = 0.25 + 0.5 * (k / 10) ** 0.7
        size = tall * rng.uniform(0.14, 0.2) * (1.25 - 0.45 * r)
        heaps.append((float(x + np.cos(a) * r * wide), float(cy + np.sin(a) * r * high), size))
    for hx, hy, hr in heaps:
        brush.fill(leafy(hx, hy, hr, rng))
    for hx, hy, hr in heaps:
        if hy < cy + high * 0.3:
            brush.gleam(leafy(hx - hr * 0.16, hy - hr * 0.24, hr * 0.74, rng), 255)


def _crown(brush: Brush, x: float, cy: float, wide: float, high: float, tall: float, rng: Rng) -> None:
    """The crown of a tree seen near: boughs that carry tufts of leaf, open at its edge, each lit from above."""
    masses = []
    for k in range(9):
        # A dome: the masses lie on a half round, the middle ones higher.
        a = np.pi * (0.02 + 0.96 * (k % 7) / 6) + rng.uniform(-0.12, 0.12)
        r = 0.62 if k < 7 else 0.18
        mx = x + np.cos(a) * wide * r * rng.uniform(0.85, 1.2)
        my = cy + high * 0.34 - np.sin(a) * high * (0.86 if k < 7 else 0.3) * rng.uniform(0.75, 1.08)
        masses.append((float(mx), float(my), tall * rng.uniform(0.115, 0.17)))
    for mx, my, size in masses:
        brush.stroke(
            [(x, cy + high * 0.95), ((x + mx) / 2, (cy + high * 0.6 + my) / 2), (mx, my)], tall * 0.028, tall * 0.008
        )
        brush.fill(leafy(mx, my, size * 0.9, rng))
        for _ in range(15):
            a, r = rng.uniform(0, 2 * np.pi), size * rng.uniform(0.75, 1.32)
            brush.fill(
                leafy(mx + np.cos(a) * r * 1.1, my + np.sin(a) * r * 0.82, tall * rng.uniform(0.016, 0.042), rng)
            )
    for mx, my, size in sorted(masses, key=lambda mass: -mass[1]):
        for _ in range(16):
            a, r = rng.uniform(-np.pi, 0), size * rng.uniform(0.1, 1.0)
            py = my + np.sin(a) * r * 0.8
            shade = 255 if py < my - size * 0.4 else 150
            brush.gleam(leafy(mx + np.cos(a) * r, py, tall * rng.uniform(0.014, 0.04), rng), shade)


@lru_cache(maxsize=64)
def _ring(count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """So many angles around a circle, and how far in and out the teeth of an outline go there."""
    return np.linspace(0, 2 * np.pi, count, endpoint=False), np.where(np.arange(count) % 2 == 0, 1.05, 0.93)


def leafy(x: float, y: float, radius: float, rng: Rng) -> list[Point]:
    """The ragged outline of a heap of leaves."""
    count = int(min(max(radius * 0.9, 14), 44))
    around, teeth = _ring(count)
    angles = around + rng.uniform(0, 1)
    lobes = 1 + 0.1 * np.sin(angles * 3 + rng.uniform(0, 6)) + 0.07 * np.sin(angles * 5 + rng.uniform(0, 6))
    radii = radius * lobes * teeth * rng.uniform(0.95, 1.06, count)
    columns, rows = x + np.cos(angles) * radii * 1.08, y + np.sin(angles) * radii
    return list(zip(columns.tolist(), rows.tolist(), strict=True))


def bare(brush: Brush, x: float, base: float, tall: float, rng: Rng, lean: float = 0.0) -> None:
    """A leafless tree that forks and forks again."""

    def grow(px: float, py: float, angle: float, length: float, thick: float, depth: int) -> None:
        bend = rng.normal(0, 0.16)
        mx, my = px + np.cos(angle) * length * 0.5, py + np.sin(angle) * length * 0.5
        ex, ey = mx + np.cos(angle + bend) * length * 0.5, my + np.sin(angle + bend) * length * 0.5
        brush.stroke([(px, py), (float(mx), float(my)), (float(ex), float(ey))], thick, thick * 0.66)
        if depth == 0 or thick < 0.5:
            return
        for _ in range(2 if depth > 1 else 3):
            turn = rng.choice([-1, 1]) * rng.uniform(0.15, 0.7)
            grow(float(ex), float(ey), angle + turn, length * rng.uniform(0.66, 0.86), thick * 0.62, depth - 1)

    grow(x, base, -np.pi / 2 + lean, tall * 0.27, tall * 0.052, 7 if tall > 200 else 5)


def palm(brush: Brush, x: float, base: float, tall: float, rng: Rng) -> None:
    """A palm with a curved trunk."""
    lean = rng.choice([-1, 1]) * rng.uniform(0.1, 0.25) * tall
    t = np.linspace(0, 1, 12)
    trunk = [(float(x + lean * u**1.8), float(base - tall * u)) for u in t]
    brush.stroke(trunk, tall * 0.05, tall * 0.028)
    cx, cy = trunk[-1]
    for a in np.linspace(-0.15, np.pi + 0.15, 10):
        length = tall * rng.uniform(0.34, 0.46)
        u = np.linspace(0, 1, 10)
        px = cx + np.cos(a) * length * u
        py = cy - np.sin(a) * length * 0.55 * u + length * 0.62 * u**2.2
        brush.stroke([(float(p), float(q)) for p, q in zip(px, py, strict=True)], tall * 0.042, 0.6)


def grow(brush: Brush, kind: str, x: float, base: float, tall: float, rng: Rng) -> None:
    """A tree by its kind: "conifer", "broadleaf", "bare" or "palm"."""
    {"conifer": conifer, "broadleaf": broadleaf, "bare": bare, "palm": palm}[kind](brush, x, base, tall, rng)


def tree_kind(stage: Stage) -> str:
    """The trees that belong to the place."""
    spec = stage.spec
    if spec.has("palm"):
        return "palm"
    if spec.has("bare_tree") or spec.place in ("swamp", "cemetery", "ruins"):
        return "bare"
    if spec.has("pine") or spec.snow_lies or spec.place in ("mountains", "lake"):
        return "conifer"
    if spec.season == "winter":
        return "bare"
    if spec.has("oak") or spec.season in ("autumn", "spring", "summer"):
        return "broadleaf"
    return "conifer" if spec.place == "forest" else "broadleaf"


def leaf_colour(stage: Stage, kind: str, depth: float) -> Colour:
    """Leaves at a distance; in autumn they turn."""
    if kind == "bare":
        return lit_colour(stage, parse("#4a3c34"), depth)
    season = stage.spec.season
    if season == "autumn" and kind == "broadleaf":
        return lit_colour(stage, parse("#c2672f"), depth)
    if season == "spring" and kind == "broadleaf" and stage.spec.has("blossom"):
        return lit_colour(stage, parse("#e3a9b8"), depth)
    if stage.spec.snow_lies and kind == "conifer":
        return lit_colour(stage, parse("#5d7486"), depth)
    return lit_colour(stage, "forest", depth)


def stand(
    stage: Stage, base: Array | float, *, tall: float, depth: float, name: str, density: float = 1.0,
    kind: str | None = None, gap: tuple[float, float] | None = None, mist: float = 0.4, fill: float = 0.0,
) -> None:  # fmt: skip
    """A row of trees on a line.

    Args:
        stage: the picture.
        base: row of the ground, one or for each column.
        tall: pixels of an average tree.
        depth: 0 near to 1 far.
        name: of the row; decides its randomness.
        density: trees a tree's width.
        kind: of tree; what belongs to the place when None.
        gap: columns (from, to) that stay free.
        mist: share of haze at the foot.
        fill: pixels below the base that are filled too.
    """
    rng = stage.rng(name)
    kind = kind or tree_kind(stage)
    width = stage.width
    rows = (
        np.broadcast_to(np.asarray(base, np.float32), (width,)) if np.ndim(base) == 0 else np.asarray(base, np.float32)
    )
    top = int(max(0, float(rows.min()) - tall * 1.7))
    bottom = int(min(stage.height, float(rows.max()) + fill + tall * 0.12 + 3))
    if bottom - top < 3:
        return
    brush = Brush(bottom - top, width)
    spacing = max(2.5, tall * (0.3 if kind == "conifer" else 0.5) / density)
    wave = line(max(8, int(width / spacing) + 4), 3.0, rng, 3)
    x, i = -tall * 0.2, 0
    while x < width + tall * 0.2:
        size = tall * (0.82 + 0.3 * wave[min(i, len(wave) - 1)]) * rng.uniform(0.7, 1.25)
        if not (gap is not None and gap[0] < x < gap[1]):
            row = float(rows[int(np.clip(x, 0, width - 1))]) - top
            grow(brush, kind, x, row + tall * 0.05, max(4.0, size), rng)
        x += spacing * rng.uniform(0.5, 1.5)
        i += 1
    alpha = brush.alpha
    if fill > 0:
        y = np.arange(top, bottom, dtype=np.float32)[:, None]
        alpha = np.maximum(alpha, np.clip(y - rows[None], 0, 1))
    paint_leaves(stage, alpha, leaf_colour(stage, kind, depth), top, rows, tall, depth, mist, brush.bright)


def paint_leaves(
    stage: Stage,
    alpha: Array,
    colour: Colour,
    top: int,
    rows: Array,
    tall: float,
    depth: float,
    mist: float,
    bright: NDArray[np.uint8] | None = None,
) -> None:
    """Colour a mask of trees: light on the side of the sun, snow on boughs, haze at the foot."""
    height, width = alpha.shape
    scheme = stage.scheme
    lx, ly = stage.light_from
    d = float(np.clip(tall * 0.03, 1.0, stage.unit * 0.7))
    moved = cv2.warpAffine(alpha, np.array([[1, 0, -lx * d], [0, 1, -ly * d]], np.float32), (width, height))
    rim = np.clip(alpha - moved, 0, 1)
    if stage.sun is not None:
        x = np.arange(width, dtype=np.float32)
        rim = rim * (0.3 + 0.9 * np.exp(-(((x - stage.sun[0]) / (width * 0.33)) ** 2)))[None]
    else:
        rim = rim * 0.5
    ink = np.empty((height, width, 3), np.float32)
    ink[:] = np.array(colour, np.float32)
    if bright is not None and bright.any():
        leaf = np.array(mix(colour, scheme.lit, 0.24 * (0.4 + 0.6 * scheme.local)), np.float32)
        ink += (leaf - ink) * (bright.astype(np.float32) / 255)[..., None]
        ink *= np.linspace(1.06, 0.8, height, dtype=np.float32)[:, None, None] if tall > height * 0.5 else 1.0
    if stage.spec.snow_lies and depth < 0.95:
        above = cv2.warpAffine(alpha, np.array([[1, 0, 0], [0, 1, d * 1.6]], np.float32), (width, height))
        cap = np.clip(alpha - above, 0, 1)
        white = np.array(lit_colour(stage, "snow", depth * 0.8), np.float32)
        ink += (white - ink) * (cap * 0.8)[..., None]
    edge = np.array(mix(scheme.glow, scheme.lit, 0.4), np.float32)
    ink += (edge - ink) * np.clip(rim * 0.8 * scheme.rim * (1 - depth * 0.6), 0, 1)[..., None]
    y = np.arange(top, top + height, dtype=np.float32)[:, None]
    foot = smooth(-tall * 0.85, tall * 0.1, y - rows[None]) * mist
    ink += (stage.haze_row() - ink) * foot[..., None]
    stage.paint(alpha, ink, 1.0, top, 0)


def trunks(
    stage: Stage,
    *,
    depth: float,
    count: int,
    thick: float,
    name: str,
    base: float,
    gap: tuple[float, float] | None = None,
) -> None:
    """Tall trunks that leave the picture at its upper edge, as one sees inside a wood."""
    rng = stage.rng(name)
    brush = Brush(stage.height, stage.width)
    columns = (np.arange(count) + rng.uniform(0.1, 0.9, count)) / count * stage.width
    for x in columns:
        if gap is not None and gap[0] < x < gap[1]:
            continue
        w = thick * rng.uniform(0.6, 1.35)
        lean = rng.normal(0, 0.02) * stage.height
        foot = base + rng.uniform(-1, 1) * thick * 0.4
        t = np.linspace(0, 1, 9)
        wob = line(9, 2, rng, 2) * w * 0.3
        spine = [(float(x + lean * u + q), float(foot - (foot + 20) * u)) for u, q in zip(t, wob, strict=True)]
        brush.stroke(spine, w * 1.12, w * 0.66)
        brush.fill(
            [
                (x - w * 1.15, foot + w * 0.3),
                (x - w * 0.4, foot - w * 1.3),
                (x + w * 0.4, foot - w * 1.3),
                (x + w * 1.15, foot + w * 0.3),
            ]
        )
        for _ in range(rng.integers(1, 5)):
            u = rng.uniform(0.3, 0.9)
            side = rng.choice([-1, 1])
            bx, by = x + lean * u, foot - (foot + 20) * u
            length = w * rng.uniform(1.5, 5)
            brush.stroke(
                [(float(bx), float(by)), (float(bx + side * length * 0.6), float(by - length * 0.25)), (float(bx + side * length), float(by - length * 0.2))],
                w * 0.22, w * 0.04,
            )  # fmt: skip
    colour = mix(lit_colour(stage, parse("#4a3a32"), depth), stage.scheme.near, 0.7 * (1 - depth) ** 2)
    paint_leaves(
        stage, brush.alpha, colour, 0, np.full(stage.width, base, np.float32), thick * 9, depth, 0.5 * depth + 0.1
    )


def canopy(stage: Stage, *, depth: float, reach: float, name: str, sides: bool = True) -> None:
    """Leaves that hang into the picture from above and from its sides, framing it; `reach` in pixels."""
    rng = stage.rng(name)
    width, height = stage.width, stage.height
    edge = reach * (0.2 + 0.55 * (line(width, 3.0, rng, 4) * 0.5 + 0.5))
    if sides:
        away = np.minimum(np.arange(width), np.arange(width)[::-1]) / width
        edge = edge * (0.4 + 2.1 * np.exp(-away * 8))
    brush = Brush(height, width)
    boughs = int(150 * width / height)
    for bx in rng.uniform(0, width, boughs):
        limit = float(edge[int(min(bx, width - 1))])
        by = limit * rng.uniform(-0.1, 1.0)
        size = reach * rng.uniform(0.05, 0.12)
        brush.fill(leafy(float(bx), by, size, rng))
        if by > limit * 0.5:
            for _ in range(7):
                # Single leaves on the hanging tips: pointed, each turned its own way.
                lx, ly = bx + rng.normal(0, size * 1.1), by + abs(rng.normal(0, size * 1.1)) + size * 0.3
                a, long = rng.uniform(0.6, 2.5), size * rng.uniform(0.2, 0.42)
                dx, dy = float(np.cos(a) * long), float(np.sin(a) * long)
                brush.fill(
                    [
                        (lx, ly),
                        (lx + dx * 0.5 - dy * 0.28, ly + dy * 0.5 + dx * 0.28),
                        (lx + dx, ly + dy),
                        (lx + dx * 0.5 + dy * 0.28, ly + dy * 0.5 - dx * 0.28),
                    ]
                )
    colour = mix(leaf_colour(stage, "broadleaf", depth), stage.scheme.near, 0.72)
    paint_leaves(stage, brush.alpha, colour, 0, np.full(width, height * 2.0, np.float32), reach, depth, 0.0)


def grass(
    stage: Stage, *, row: float, tall: float, name: str, colour: Colour | None = None, density: float = 1.0
) -> None:
    """Blades in the foreground along the lower edge, bent by the wind."""
    rng = stage.rng(name)
    top = int(max(0, row - tall * 1.5))
    height = stage.height - top
    if height < 4:
        return
    brush = Brush(height, stage.width)
    edge = row - top + line(stage.width, 2.5, rng, 3) * tall * 0.28
    blades = int(stage.width / max(3.0, tall * 0.07) * density)
    wind = rng.choice([-1, 1]) * (0.75 if stage.spec.weather in ("wind", "storm") else 0.25)
    for x in rng.uniform(-tall, stage.width + tall, blades):
        y = float(edge[int(np.clip(x, 0, stage.width - 1))])
        length = tall * rng.uniform(0.3, 1.05)
        lean = (wind + rng.normal(0, 0.22)) * length
        brush.stroke(
            [(float(x), y + tall * 0.5), (float(x + lean * 0.3), y - length * 0.5), (float(x + lean), y - length)],
            max(1.2, tall * 0.04), 0.5,
        )  # fmt: skip
    alpha = np.maximum(brush.alpha, np.clip(np.arange(height, dtype=np.float32)[:, None] - edge[None], 0, 1))
    ink = colour or mix(
        lit_colour(stage, "grass" if not stage.spec.snow_lies else "snow", 0.0), stage.scheme.near, 0.72
    )
    rim_rows = np.full(stage.width, stage.height * 2.0, np.float32)
    paint_leaves(stage, np.asarray(alpha, np.float32), ink, top, rim_rows, tall * 0.6, 0.0, 0.0)


def reeds(stage: Stage, *, row: float, tall: float, name: str, columns: tuple[float, float]) -> None:
    """Reeds with heads, standing at the water's edge between two columns."""
    rng = stage.rng(name)
    brush = Brush(stage.height, stage.width)
    for x in rng.uniform(columns[0], columns[1], int(abs(columns[1] - columns[0]) / max(3.0, tall * 0.05))):
        length = tall * rng.uniform(0.5, 1.1)
        lean = rng.normal(0.06, 0.1) * length
        tip = (float(x + lean), row - length)
        brush.stroke(
            [(float(x), row + tall * 0.2), (float(x + lean * 0.4), row - length * 0.5), tip], tall * 0.016 + 1, 0.7
        )
        if rng.random() < 0.4:
            brush.stroke([tip, (tip[0] + lean * 0.05, tip[1] + length * 0.13)], tall * 0.035, tall * 0.03)
    colour = mix(lit_colour(stage, "grass", 0.0), stage.scheme.near, 0.7)
    paint_leaves(
        stage, brush.alpha, colour, 0, np.full(stage.width, stage.height * 2.0, np.float32), tall * 0.4, 0.0, 0.0
    )
