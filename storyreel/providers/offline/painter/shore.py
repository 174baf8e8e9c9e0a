"""The sea and its edges: open water, decks, cliffs and lighthouses, beaches and harbours."""

from __future__ import annotations

import cv2
import numpy as np

from storyreel.providers.offline.painter.buildings import cottage, lighthouse, warehouses
from storyreel.providers.offline.painter.colour import Array, hexed, mix, parse
from storyreel.providers.offline.painter.land import cliff_profile, far_hills, lit_colour, plain, ridge, surface
from storyreel.providers.offline.painter.nature import row_at
from storyreel.providers.offline.painter.noise import line, smooth
from storyreel.providers.offline.painter.shapes import lay
from storyreel.providers.offline.painter.sky import paint_sky
from storyreel.providers.offline.painter.stage import Footing, Lamp, Stage, polygons
from storyreel.providers.offline.painter.trees import Brush, grass
from storyreel.providers.offline.painter.water import paint_water, spray, surf, waves_front


def sea_state(stage: Stage) -> float:
    """How calm the sea is in this weather, 0 to 1."""
    return {"storm": 0.0, "wind": 0.25, "rain": 0.35, "fog": 0.75, "snow": 0.5}.get(stage.spec.weather, 0.55)


def sea(stage: Stage) -> Footing:
    """Open water to the horizon."""
    paint_sky(stage)
    if stage.rng("isles").random() < 0.4 and stage.spec.weather not in ("storm",):
        far_hills(stage, 2, 0.06, "rock")
    calm = sea_state(stage)
    paint_water(stage, calm=calm)
    span = stage.height - stage.horizon
    if calm < 0.3:
        for k in range(3):
            waves_front(stage, stage.horizon + span * (0.3 + 0.22 * k), stage.unit * (2.5 + 3 * k), f"swell{k}")
    return Footing(stage.hero_x, stage.horizon + span * 0.3, stage.unit * 6, shadow=0.0, mirror=0.35)


def coast(stage: Stage) -> Footing:
    """A cliff over the sea, with its lighthouse or house where the text has one."""
    paint_sky(stage)
    rng = stage.rng("coast")
    side = 1 if stage.hero_x > stage.width / 2 else -1
    if rng.random() < 0.6:
        _headland(stage, -side)
    calm = sea_state(stage)
    paint_water(stage, calm=calm)
    span = stage.height - stage.horizon
    top = (
        stage.horizon
        - stage.unit * (3 if stage.spec.angle != "low" else 10)
        + (span * 0.15 if stage.spec.angle in ("high", "aerial") else 0)
    )
    edge = stage.hero_x - side * stage.width * (0.11 if stage.portrait else 0.12)
    foot_row = stage.horizon + span * 0.8
    outline = np.array(cliff_profile(stage, side, top, edge, foot_row, rng), np.float32)
    material = "snow" if stage.spec.snow_lies else "rock"
    first = int(max(0, outline[:, 1].min() - stage.unit * 3))
    rows = stage.height - first
    mask = polygons(rows, stage.width, [outline - np.array([0, first], np.float32)])
    ink = surface(stage, mask, mix(lit_colour(stage, "rock", 0.08), stage.scheme.near, 0.25), 0, first, 0.9)
    grassy = "snow" if material == "snow" else "grass"
    turf = np.array(mix(lit_colour(stage, grassy, 0.05), stage.scheme.near, 0.25), np.float32)
    above = cv2.warpAffine(mask, np.array([[1, 0, 0], [0, 1, stage.unit * 2.6]], np.float32), (stage.width, rows))
    cap = np.clip(mask - cv2.GaussianBlur(above, (0, 0), stage.unit * 0.5), 0, 1)
    ink += (turf - ink) * np.asarray(cap, np.float32)[..., None] * 0.85
    y = np.linspace(first / stage.height, 1, rows, dtype=np.float32)[:, None]
    low = smooth(stage.horizon / stage.height, 1.0, y)
    ink += (np.array(stage.scheme.near, np.float32) - ink) * (low * 0.55)[..., None]
    stage.paint(mask, ink, 1.0, first)
    base = edge - side * stage.unit * 13
    for k in range(3):
        surf_x = base - side * stage.unit * 3 * k
        spray(
            stage,
            surf_x,
            foot_row + stage.unit * 2 * k,
            stage.unit * (15 - 9 * calm) * rng.uniform(0.7, 1.1),
            f"spray{k}",
        )
    tower_x = stage.hero_x + side * stage.width * 0.1
    ground = top + stage.unit * 0.4
    if stage.spec.has("lighthouse"):
        tall = (top - stage.height * 0.05) * (0.95 if stage.spec.angle == "low" else 0.82)
        tower_x = float(np.clip(tower_x, stage.width * 0.16, stage.width * 0.84))
        cottage(stage, tower_x + side * stage.unit * 14, ground, stage.unit * 12, "keeper")
        lighthouse(stage, tower_x, ground, min(tall, stage.unit * 62))
        return Footing(
            edge + side * stage.unit * 5, ground + stage.unit * 0.3, stage.unit * 7.5, shadow=0.15, sight=tower_x
        )
    if stage.spec.has("house", "cottage"):
        cottage(stage, tower_x, ground, stage.unit * 13, "house")
    grass(stage, row=stage.height * 1.03, tall=stage.unit * 7, name="front")
    return Footing(edge + side * stage.unit * 4.5, ground + stage.unit * 0.3, stage.unit * 9, shadow=0.15)


def _headland(stage: Stage, side: int) -> None:
    rng = stage.rng("headland")
    x = np.arange(stage.width, dtype=np.float32) / stage.width
    from_edge = 1 - x if side > 0 else x
    for k, depth in enumerate((0.9, 0.72)):
        reach = rng.uniform(0.2, 0.34) * (1 - 0.35 * k)
        tall = stage.horizon * rng.uniform(0.1, 0.18)
        shape = smooth(reach, reach * 0.55, from_edge) * (0.8 + 0.25 * line(stage.width, 4, rng, 4))
        profile = stage.horizon + stage.unit * 0.6 - tall * shape
        ridge(stage, profile.astype(np.float32), lit_colour(stage, "rock", depth), depth=depth, mist=0.5, rim=0.4, facets=0.3,
              bottom=stage.horizon + stage.unit)  # fmt: skip


def beach(stage: Stage) -> Footing:
    """Sand and surf."""
    paint_sky(stage)
    rng = stage.rng("beach")
    side = 1 if stage.hero_x > stage.width / 2 else -1
    _headland(stage, -side)
    paint_water(stage, calm=max(0.3, sea_state(stage)))
    span = stage.height - stage.horizon
    x = np.arange(stage.width, dtype=np.float32) / stage.width
    lean = (x if side < 0 else 1 - x) * span * 0.32
    shore = (stage.horizon + span * 0.34 + lean + line(stage.width, 1.6, rng, 3) * stage.unit * 2.2).astype(np.float32)
    sand = mix(lit_colour(stage, "beach" if not stage.spec.snow_lies else "snow", 0.0), stage.scheme.near, 0.12)
    y = np.arange(stage.height, dtype=np.float32)[:, None]
    wet = np.clip((shore[None] + stage.unit * 5 - y) / (stage.unit * 6), 0, 1)
    mask = np.clip((y - shore[None]) / 2 + 0.5, 0, 1).astype(np.float32)
    stage.paint(mask * (1 - 0.55 * wet).astype(np.float32), _sand(stage, sand))
    surf(stage, shore)
    row = row_at(shore, stage.hero_x) + stage.unit * 5.5
    if stage.spec.has("lighthouse"):
        far = stage.width * (0.12 if side > 0 else 0.88)
        lighthouse(stage, far, stage.horizon - stage.unit * 1, stage.unit * 16, depth=0.35)
    return Footing(stage.hero_x, row, stage.unit * 14, shadow=0.4, mirror=0.12)


def _sand(stage: Stage, sand: tuple[float, float, float]) -> Array:
    from storyreel.providers.offline.painter.noise import sample

    y = np.arange(stage.height, dtype=np.float32)[:, None]
    x = np.arange(stage.width, dtype=np.float32)[None]
    t = np.clip((y - stage.horizon) / max(1.0, stage.height - stage.horizon), 0.02, 1)
    n = sample("fine", x / t * 0.4, 240 / t + np.zeros_like(x))
    m = sample("soft", x / t * 0.3 + 70, 160 / t + np.zeros_like(x))
    near = np.array(mix(sand, stage.scheme.near, 0.5), np.float32)
    far = np.array(sand, np.float32)
    ink = far + (near - far) * smooth(0.45, 1.1, t)[..., None]
    return np.asarray(ink * (1 + (n - 0.5) * 0.1 + (m - 0.5) * 0.16)[..., None], np.float32)


def deck(stage: Stage) -> Footing:
    """On board: the deck, its rail and rigging before the open sea."""
    paint_sky(stage)
    calm = sea_state(stage)
    paint_water(stage, calm=calm)
    w, h, u = stage.width, stage.height, stage.unit
    if calm < 0.3:
        waves_front(stage, stage.horizon + (h - stage.horizon) * 0.25, u * 4, "swell")
    wood = mix(lit_colour(stage, parse("#7c5b3f"), 0.0), stage.scheme.near, 0.3)
    dark = mix(wood, stage.scheme.near, 0.6)
    lit = mix(wood, stage.scheme.lit, 0.2)
    row = stage.horizon + (h - stage.horizon) * 0.36
    body = [
        f'<defs><linearGradient id="d" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{hexed(lit)}"/>'
        f'<stop offset="1" stop-color="{hexed(dark)}"/></linearGradient></defs>'
    ]
    deck_row = row + u * 9
    body.append(
        f'<path d="M{-w * 0.1} {deck_row + u * 3} Q{w / 2} {deck_row - u * 3} {w * 1.1} {deck_row + u * 3} V{h} H{-w * 0.1}Z" fill="url(#d)"/>'
    )
    for k in range(-9, 10):
        x0, x1 = w / 2 + k * w * 0.055, w / 2 + k * w * 0.16
        body.append(
            f'<path d="M{x0} {deck_row - u} L{x1} {h}" stroke="{hexed(dark)}" stroke-width="{u * 0.22}" opacity="0.7"/>'
        )
    for k in range(15):
        x = w * (k + 0.5) / 15
        bow = ((x - w / 2) / (w / 2)) ** 2 * u * 3
        body.append(
            f'<rect x="{x - u * 0.5}" y="{row + bow}" width="{u}" height="{u * 10}" rx="{u * 0.4}" fill="{hexed(dark)}"/>'
        )
    body.append(
        f'<path d="M{-w * 0.1} {row + u * 3.6} Q{w / 2} {row - u * 3.6} {w * 1.1} {row + u * 3.6}" stroke="{hexed(wood)}" stroke-width="{u * 1.7}" fill="none"/>'
    )
    lay(stage, "".join(body), top=row - u * 6, rim=0.8)
    # Mast and shrouds frame the side away from the subject.
    brush = Brush(h, w)
    mast = w * (0.16 if stage.hero_x > w / 2 else 0.84)
    brush.stroke([(mast, h * 1.0), (mast, -10)], u * 5, u * 3.6)
    out = 1 if mast < w / 2 else -1
    for k in range(4):
        brush.stroke([(mast, h * (-0.1)), (mast + out * (u * 14 + k * u * 7), row + u * 3)], u * 0.34, u * 0.4)
    for j in range(12):
        t = 0.2 + j * 0.065
        y = -h * 0.1 + (row + u * 3 + h * 0.1) * t
        brush.stroke([(mast + out * u * 14 * t, y), (mast + out * u * 35 * t, y + u)], u * 0.2, u * 0.2)
    stage.paint(brush.alpha, mix(stage.scheme.near, stage.scheme.shade, 0.15))
    stage.lamps.append(
        Lamp(mast + out * u * 3.5, row - u * 12, u * 16, stage.scheme.lamp, 0.5 if stage.scheme.lamps_lit else 0.0)
    )
    return Footing(stage.hero_x, deck_row + u * 3.0, u * 27, shadow=0.35)


def harbour(stage: Stage) -> Footing:
    """A quay with houses and masts, their lights on the water."""
    paint_sky(stage)
    far_hills(stage, 2, 0.13, "forest")
    rng = stage.rng("harbour")
    warehouses(stage, stage.horizon + stage.unit * 0.6)
    paint_water(stage, calm=0.78 if stage.spec.weather not in ("storm", "wind") else 0.35)
    brush = Brush(stage.height, stage.width)
    span = stage.height - stage.horizon
    for _ in range(9):
        t = rng.uniform(0.05, 0.3)
        x = rng.uniform(0.04, 0.96) * stage.width
        if abs(x - stage.hero_x) < stage.width * 0.06:
            continue
        _boat(brush, x, stage.horizon + span * t, stage.unit * (5 + 26 * t), rng)
    paint_mirrored(stage, brush.alpha, mix(lit_colour(stage, parse("#4a4038"), 0.1), stage.scheme.near, 0.45))
    return quay(stage)


def paint_mirrored(stage: Stage, alpha: Array, colour: tuple[float, float, float]) -> None:
    """Lay a mask of things afloat, with the soft mirror image each throws straight down."""
    smear = np.asarray(
        cv2.blur(alpha, (3, max(3, int(stage.unit * 9) | 1)), anchor=(1, max(2, int(stage.unit * 9) | 1) - 1)),
        np.float32,
    )
    stage.paint(np.clip(smear * 1.2, 0, 1), colour, 0.3)
    stage.paint(alpha, colour)


def _boat(brush: Brush, x: float, y: float, size: float, rng: np.random.Generator) -> None:
    brush.fill(
        [
            (x - size * 0.55, y - size * 0.2),
            (x + size * 0.6, y - size * 0.24),
            (x + size * 0.45, y),
            (x - size * 0.45, y),
        ]
    )
    if rng.random() < 0.7:
        brush.fill(
            [
                (x - size * 0.3, y - size * 0.2),
                (x - size * 0.3, y - size * 0.46),
                (x, y - size * 0.46),
                (x + size * 0.03, y - size * 0.2),
            ]
        )
    tall = size * rng.uniform(1.0, 1.7)
    brush.stroke(
        [(x + size * 0.1, y - size * 0.2), (x + size * 0.12, y - tall)], max(1.4, size * 0.03), max(1, size * 0.02)
    )
    brush.stroke([(x + size * 0.11, y - tall), (x + size * 0.58, y - size * 0.24)], 1.2, 1.0)
    brush.stroke([(x + size * 0.11, y - tall), (x - size * 0.52, y - size * 0.22)], 1.2, 1.0)


def quay(stage: Stage) -> Footing:
    """The stone edge of a quay in the foreground, with bollards and a lamp."""
    w, h, u = stage.width, stage.height, stage.unit
    row = stage.horizon + (h - stage.horizon) * 0.48
    stone = mix(lit_colour(stage, "stone", 0.0), stage.scheme.near, 0.4)
    plain_mask = np.zeros((h, w), np.float32)
    plain_mask[int(row) :] = 1.0
    before = stage.image[: int(row)].copy()
    plain(stage, "stone", start=row, rough=0.2)
    stage.image[: int(row)] = before
    edge = Brush(h, w)
    edge.fill([(0, row), (w, row), (w, row + u * 1.6), (0, row + u * 1.6)])
    stage.paint(edge.alpha, mix(stone, stage.scheme.lit, 0.16))
    rng = stage.rng("quay")
    posts = Brush(h, w)
    for x in (0.08, 0.3, 0.52, 0.74, 0.95):
        px = w * x + rng.normal(0, u)
        if abs(px - stage.hero_x) < u * 9:
            continue
        posts.fill(
            [
                (px - u * 1.1, row + u * 2.4),
                (px - u * 0.8, row - u * 2),
                (px + u * 0.8, row - u * 2),
                (px + u * 1.1, row + u * 2.4),
            ]
        )
        posts.fill(
            [
                (px - u * 1.3, row - u * 1.7),
                (px - u * 1.1, row - u * 2.7),
                (px + u * 1.1, row - u * 2.7),
                (px + u * 1.3, row - u * 1.7),
            ]
        )
    stage.paint(posts.alpha, mix(stage.scheme.near, stone, 0.25))
    return Footing(
        stage.hero_x, row + u * 4.5, u * 17, shadow=0.4, mirror=0.2 if stage.spec.weather in ("rain", "storm") else 0.0
    )
