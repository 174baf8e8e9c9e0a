"""Where people live: villages, city streets, rooftops, castles, ruins and stations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from storyreel.providers.offline.painter.buildings import (
    across,
    box,
    castle,
    church_far,
    cottage,
    downwards,
    poly,
    skyline,
    street_lamp,
    window_colour,
)
from storyreel.providers.offline.painter.colour import Colour, hexed, mix, parse, shift
from storyreel.providers.offline.painter.land import (
    far_hills,
    ground_material,
    lit_colour,
    mountains,
    plain,
    road,
    rolling,
)
from storyreel.providers.offline.painter.nature import backdrop, lone, row_at, wooded
from storyreel.providers.offline.painter.shapes import lay, raster
from storyreel.providers.offline.painter.sky import paint_sky
from storyreel.providers.offline.painter.stage import Footing, Lamp, Point, Stage
from storyreel.providers.offline.painter.trees import grass, stand
from storyreel.providers.offline.painter.water import paint_water
from storyreel.providers.offline.painter.waterside import passer
from storyreel.providers.offline.painter.weather import fog

NEON: tuple[Colour, ...] = tuple(parse(c) for c in ("#ff3f8e", "#38d6ff", "#ffb13d", "#8f5bff", "#3dffb0"))


def village(stage: Stage) -> Footing:
    """Houses on both sides of a road, a church behind them, hills beyond."""
    paint_sky(stage)
    backdrop(stage)
    rng = stage.rng("village")
    u = stage.unit
    stand(stage, stage.horizon + u, tall=u * 4.5, depth=0.66, name="far", density=1.2, mist=0.5)
    church_far(stage, stage.width - stage.hero_x, stage.horizon + u * 1.5, u * 32, 0.45)
    plain(stage, ground_material(stage), rough=0.12)
    span = stage.height - stage.horizon
    spots = sorted(
        (float(t), float(rng.uniform(0.08, 0.92)))
        for t in (0.02, 0.035, 0.05, 0.065, 0.085, 0.105, 0.13, 0.16, 0.2, 0.25, 0.31)
    )
    vanish = stage.hero_x
    road(
        stage,
        vanish_x=vanish,
        width_share=0.4,
        material="earth" if not stage.spec.snow_lies else "snow",
        winding=0.05,
        end_x=stage.width * 0.5,
    )
    for k, (t, _) in enumerate(spots):
        side = -1 if k % 2 else 1
        half = stage.width * (0.02 + 0.22 * t)
        size = u * (8 + 74 * t)
        middle = vanish + (stage.width * 0.5 - vanish) * t
        x = middle + side * (half + size * rng.uniform(0.75, 1.2) + u * 3)
        cottage(stage, x, stage.horizon + span * t, size, f"v{k}", depth=0.6 * (1 - t) ** 4)
    if stage.scheme.lamps_lit:
        for t in (0.1, 0.26):
            street_lamp(stage, vanish - stage.width * (0.03 + 0.2 * t), stage.horizon + span * t, u * (6 + 44 * t))
    grass(stage, row=stage.height * 1.0, tall=u * 6, name="front")
    return Footing(vanish + (stage.width * 0.5 - vanish) * 0.2, stage.horizon + span * 0.3, u * 13, shadow=0.3)


def city(stage: Stage) -> Footing:
    """A street between tall fronts that run to a vanishing point, wet when it rains."""
    paint_sky(stage)
    u, w, h = stage.unit, stage.width, stage.height
    skyline(stage, stage.horizon + u, depth=0.85, tall=u * 34, wide=u * 9, name="far", lit_share=0.14)
    skyline(stage, stage.horizon + u, depth=0.6, tall=u * 26, wide=u * 8, name="mid", lit_share=0.22)
    fog(stage, stage.horizon - u * 4, 0.35, 0.1, "street")
    neon = stage.spec.light == "neon" or stage.spec.has("neon")
    vanish = w * 0.5 + (stage.hero_x - w * 0.5) * 0.4
    night = stage.scheme.lamps_lit
    wet = stage.spec.weather in ("rain", "storm") or neon
    fronts = raster(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}">'
        f"{_front(stage, -1, vanish, neon)}{_front(stage, 1, vanish, neon)}</svg>"
    )
    walls, paints = np.ascontiguousarray(fronts[..., 3]), fronts[..., :3]
    if wet:
        # Once for the wet ground to mirror, and again over it, for the walls stand on the ground.
        stage.paint(walls, paints)
    dry = "asphalt" if not stage.spec.snow_lies else "snow"
    kept = stage.image[: int(stage.horizon) + 1].copy()
    plain(stage, dry, rough=0.12)
    if not wet:
        road(stage, vanish_x=vanish, width_share=0.95, material="asphalt", marked=True, opacity=0.5)
    else:
        ground = stage.image[int(stage.horizon) :].copy()
        paint_water(stage, calm=0.8)
        top = int(stage.horizon)
        stage.image[top:] = stage.image[top:] * 0.74 + ground * 0.26
    stage.image[: int(stage.horizon)] = kept[: int(stage.horizon)]
    stage.paint(walls, paints)
    for t in (0.05, 0.1, 0.2, 0.42):
        for side in (-1, 1):
            x = vanish + side * w * (0.03 + 0.62 * t)
            if -u < x < w + u:
                street_lamp(stage, x, stage.horizon + (h - stage.horizon) * t, u * (5 + 92 * t))
                if night:
                    _pool(stage, x, stage.horizon + (h - stage.horizon) * t, u * (2 + 46 * t))
    if stage.spec.has("crowded"):
        for k, t in enumerate((0.05, 0.06, 0.075, 0.09, 0.11, 0.13, 0.16, 0.2, 0.25, 0.3)):
            side = -1 if k % 2 else 1
            passer(stage, 0.5 + side * (0.27 + 0.07 * ((k * 7) % 5) / 5), t, k + int(stage.seed % 97))
    row = stage.horizon + (h - stage.horizon) * 0.36
    return Footing(vanish + (w * 0.5 - vanish) * 0.3, row, u * 23, shadow=0.25, mirror=0.5 if wet else 0.0)


def _pool(stage: Stage, x: float, y: float, size: float) -> None:
    """A pool of light on the ground."""
    reach_x, reach_y = int(size * 2) + 2, int(size * 0.5) + 2
    yy, xx = np.mgrid[-reach_y : reach_y + 1, -reach_x : reach_x + 1].astype(np.float32)
    mask = np.clip(1 - np.sqrt((xx / reach_x) ** 2 + (yy / reach_y) ** 2), 0, 1) ** 1.6
    stage.shine(np.asarray(mask, np.float32), stage.scheme.lamp, 0.5, int(y) - reach_y, int(x) - reach_x)


def _front(stage: Stage, side: int, vanish: float, neon: bool) -> str:
    """The house fronts of one side as SVG, each a box in perspective, far ones first; their lamps go on the stage."""
    rng = stage.rng(f"front{side}")
    u, h = stage.unit, stage.height
    edges = [0.035, 0.055, 0.085, 0.13, 0.2, 0.31, 0.5, 0.85, 1.6]
    body: list[str] = []
    signs: list[tuple[float, float, float, float, Colour]] = []
    # At a distance share s the ground lies at horizon + s * fall and a front stands at vanish +- s * reach.
    reach, fall = stage.width * 0.62, (h - stage.horizon) * 0.98
    eye = 1.0
    for k in range(len(edges) - 1):
        s0, s1 = edges[k], edges[k + 1] * 0.985
        floors = int(rng.integers(5, 13))
        tall = (2.1 + floors * 0.42) * eye
        depth = 0.72 * (1 - k / (len(edges) - 1)) ** 1.4
        own = parse(str(rng.choice(["#8a5a4a", "#6f7482", "#a08a70", "#5f6f74", "#94837a", "#7a4f48"])))
        base_tone = mix(lit_colour(stage, own, 0.0), lit_colour(stage, parse("#4a4f62"), 0.0), 0.35)
        tone = mix(mix(base_tone, stage.scheme.near, 0.36), stage.scheme.haze, depth)
        tone = shift(tone, lightness=float(rng.uniform(-0.03, 0.03)))
        x0, x1 = vanish + side * s0 * reach, vanish + side * s1 * reach
        y0b, y1b = stage.horizon + s0 * fall, stage.horizon + s1 * fall
        y0t, y1t = stage.horizon - s0 * fall * tall, stage.horizon - s1 * fall * tall
        name = f"g{side + 1}{k}"
        body.append(
            f"<defs>{downwards(name, mix(tone, stage.scheme.near, 0.18), mix(tone, stage.scheme.haze, 0.22))}</defs>"
        )
        body.append(poly([(x0, y0b), (x0, y0t), (x1, y1t), (x1, y1b)], f"url(#{name})"))
        # The end wall that looks at the viewer.
        body.append(
            poly(
                [(x0, y0t), (x0, y0b), (x0 - side * u * 0.25, y0b), (x0 - side * u * 0.25, y0t)],
                hexed(mix(tone, stage.scheme.lit, 0.12)),
            )
        )
        columns = 3 if k < 2 else 5
        lit_share = (0.34 if stage.scheme.lamps_lit else 0.0) * (0.75 if neon else 1.0)
        for r in range(floors):
            v0, v1 = (r + 1.35) / (floors + 1.2), (r + 1.85) / (floors + 1.2)
            for c in range(columns):
                t0, t1 = (c + 0.22) / columns, (c + 0.74) / columns
                # Perspective along the wall: distances are even in 1/s.
                sa, sb = 1 / (1 / s0 + (1 / s1 - 1 / s0) * t0), 1 / (1 / s0 + (1 / s1 - 1 / s0) * t1)
                on = rng.random() < lit_share
                if on:
                    colour = shift(
                        stage.scheme.lamp if not neon else mix(parse("#ffd9a0"), NEON[int(rng.integers(5))], 0.35),
                        lightness=float(rng.uniform(-0.18, 0.02)),
                    )
                elif stage.scheme.lamps_lit:
                    colour = mix(tone, stage.scheme.near, 0.4)
                else:
                    colour = mix(tone, stage.scheme.upper, 0.5)
                pts = []
                for s, v in ((sa, v0), (sb, v0), (sb, v1), (sa, v1)):
                    bottom, top = stage.horizon + s * fall, stage.horizon - s * fall * tall
                    pts.append((vanish + side * s * reach, bottom + (top - bottom) * v))
                body.append(
                    poly(
                        pts,
                        hexed(mix(colour, stage.scheme.haze, depth * 0.6)),
                        f'opacity="{rng.uniform(0.65, 1.0):.2f}"',
                    )
                )

        def on_wall(s: float, v: float, tall: float = tall) -> tuple[float, float]:
            bottom, top = stage.horizon + s * fall, stage.horizon - s * fall * tall
            return vanish + side * s * reach, bottom + (top - bottom) * v

        for r in range(1, floors + 1):
            v = (r + 1.12) / (floors + 1.2)
            body.append(
                poly([on_wall(s0, v), on_wall(s1, v), on_wall(s1, v + 0.008), on_wall(s0, v + 0.008)],
                     hexed(mix(tone, stage.scheme.lit, 0.16)))
            )  # fmt: skip
        body.append(_shop(stage, on_wall, s0, s1, 1.2 / (floors + 1.2), tone, depth, neon, rng))
        if neon and k >= 2:
            for _ in range(2):
                s = float(rng.uniform(s0, s1))
                high = float(rng.uniform(0.9, 2.4))
                signs.append(
                    (
                        vanish + side * (s * reach - s * u * 9),
                        stage.horizon - s * fall * high,
                        s * u * 17,
                        s * u * float(rng.uniform(30, 62)),
                        NEON[int(rng.integers(5))],
                    )
                )
    for x, y, sw, sh, colour in signs:
        t = max(0.8, sw * 0.06)
        body.append(
            box(
                x - sw / 2,
                y - sh / 2,
                sw,
                sh,
                hexed(mix(stage.scheme.near, colour, 0.18)),
                f'stroke="{hexed(colour)}" stroke-width="{t:.1f}" rx="{sw * 0.12:.1f}"',
            )
        )
        rows = max(2, int(sh / (sw * 0.8)))
        for r in range(rows):
            gy, gh = y - sh / 2 + (r + 0.2) * sh / rows, sh / rows * 0.6
            body.append(
                _glyph(x - sw * 0.28, gy, sw * 0.56, gh, mix(colour, (1, 1, 1), 0.55), max(0.8, sw * 0.08), rng)
            )
        stage.lamps.append(Lamp(x, y, max(sw, sh) * 1.5, colour, 0.5))
    return "".join(body)


def _shop(
    stage: Stage, on_wall: Callable[[float, float], Point], s0: float, s1: float, high: float, tone: Colour, depth: float,
    neon: bool, rng: np.random.Generator,
) -> str:  # fmt: skip
    """The ground floor of a front: shop windows in their frames with a door, lit or not, under an awning."""
    scheme = stage.scheme
    lit = scheme.lamps_lit and rng.random() < 0.7
    light = NEON[int(rng.integers(5))] if neon else scheme.lamp
    inside = mix(mix(light, (1, 0.95, 0.85), 0.3), scheme.haze, depth * 0.5) if lit else mix(tone, scheme.upper, 0.3)
    frame = hexed(mix(tone, scheme.near, 0.72))

    def along(t: float) -> float:
        return 1 / (1 / s0 + (1 / s1 - 1 / s0) * t)

    def panel(t0: float, t1: float, v0: float, v1: float, fill: str, extra: str = "") -> str:
        a, b = along(t0), along(t1)
        return poly([on_wall(a, v0), on_wall(b, v0), on_wall(b, v1), on_wall(a, v1)], fill, extra)

    parts = [panel(0.06, 0.94, 0.0, high * 0.92, frame)]
    door = int(rng.integers(4))
    for k in range(4):
        t0, t1 = 0.09 + k * 0.21, 0.09 + k * 0.21 + 0.185
        low = high * (0.02 if k == door else 0.2)
        parts.append(panel(t0, t1, low, high * 0.62, hexed(mix(inside, tone, 0.45 if k == door else 0.0))))
        parts.append(panel(t0, t1, high * 0.66, high * 0.8, hexed(mix(inside, tone, 0.25))))
        if k != door:
            # Goods in the window.
            for g in range(3):
                t = t0 + 0.02 + g * 0.055
                parts.append(
                    panel(
                        t,
                        t + 0.04,
                        low,
                        low + high * float(rng.uniform(0.06, 0.2)),
                        hexed(mix(inside, scheme.near, 0.55)),
                    )
                )
    cloth = mix(parse(str(rng.choice(["#8c3a34", "#3f5f5a", "#8a6a34", "#4a4f74"]))), scheme.near, 0.35)
    parts.append(panel(0.05, 0.95, high * 0.8, high * 0.99, hexed(mix(mix(cloth, tone, 0.25), scheme.haze, depth))))
    if lit:
        (xa, ya), (xb, _) = on_wall(along(0.5), high * 0.4), on_wall(s1, 0.0)
        stage.lamps.append(Lamp(xa, ya, abs(xb - on_wall(s0, 0.0)[0]) * 1.0 + stage.unit * 3, light, 0.26))
    return "".join(parts)


def _glyph(x: float, y: float, w: float, h: float, colour: Colour, thick: float, rng: np.random.Generator) -> str:
    """A sign of a script nobody reads: a few strokes in a square."""
    strokes = []
    for _ in range(3):
        if rng.random() < 0.5:
            yy = y + h * float(rng.choice([0.1, 0.5, 0.9]))
            strokes.append(f"M{x:.1f},{yy:.1f}h{w:.1f}")
        else:
            xx = x + w * float(rng.choice([0.1, 0.5, 0.9]))
            strokes.append(f"M{xx:.1f},{y:.1f}v{h:.1f}")
    return f'<path d="{"".join(strokes)}" stroke="{hexed(colour)}" stroke-width="{thick:.1f}" fill="none" stroke-linecap="round"/>'


def rooftops(stage: Stage) -> Footing:
    """Roofs behind roofs with their chimneys, and a near ridge to stand on."""
    paint_sky(stage)
    u, h, w = stage.unit, stage.height, stage.width
    skyline(stage, stage.horizon + u * 2, depth=0.85, tall=u * 15, wide=u * 7, name="far", lit_share=0.15)
    span = h - stage.horizon
    for k, depth in enumerate((0.7, 0.5, 0.3)):
        roofs(stage, stage.horizon + span * (0.1 + 0.17 * k), u * (9 + 5 * k), depth, f"roofs{k}")
        fog(stage, stage.horizon + span * (0.12 + 0.17 * k), 0.16, 0.06, f"roof{k}")
    tone = mix(lit_colour(stage, parse("#5a4740") if not stage.spec.snow_lies else "snow", 0.0), stage.scheme.near, 0.5)
    row = stage.horizon + span * 0.5
    side = 1 if stage.hero_x > w / 2 else -1
    x0, x1 = (stage.hero_x - w * 0.25, w * 1.2) if side > 0 else (-w * 0.2, stage.hero_x + w * 0.25)
    body = [f"<defs>{downwards('n', mix(tone, stage.scheme.lit, 0.12), mix(tone, stage.scheme.near, 0.7))}</defs>"]
    lower = w * 0.24
    body.append(poly([(x0, row), (x1, row), (x1 + lower, h + 5), (x0 - lower, h + 5)], "url(#n)"))
    for k in range(1, 11):
        y = row + (h - row) * (k / 10) ** 1.3
        out = lower * (y - row) / (h + 5 - row)
        body.append(
            f'<path d="M{x0 - out:.1f},{y:.1f}H{x1 + out:.1f}" stroke="{hexed(mix(tone, stage.scheme.near, 0.6))}" stroke-width="{u * 0.3:.1f}" opacity="0.6"/>'
        )
    cx = stage.hero_x + side * u * 24
    body.append(
        box(cx - u * 4, row - u * 15, u * 8, u * 17, hexed(mix(tone, stage.scheme.near, 0.3)))
        + box(cx - u * 4.8, row - u * 16.4, u * 9.6, u * 2, hexed(tone))
    )
    body.append(
        box(cx - u * 2.6, row - u * 19.5, u * 2, u * 3.4, hexed(tone))
        + box(cx + u * 0.6, row - u * 19.5, u * 2, u * 3.4, hexed(tone))
    )
    body.append(box(x0, row - u * 0.7, x1 - x0, u * 1.5, hexed(mix(tone, stage.scheme.lit, 0.1))))
    lay(stage, "".join(body), top=row - u * 22, rim=0.9)
    return Footing(stage.hero_x, row - u * 0.5, u * 19, shadow=0.0)


def roofs(stage: Stage, row: float, size: float, depth: float, name: str) -> None:
    """A row of gabled roofs of about `size` pixels, with lit garret windows."""
    rng = stage.rng(name)
    body, x = [], -size
    while x < stage.width + size:
        wide, pitch = size * rng.uniform(0.9, 1.7), size * rng.uniform(0.5, 0.95)
        roof = mix(lit_colour(stage, parse("#6a4f46"), depth), stage.scheme.near, 0.25)
        if stage.spec.snow_lies:
            roof = lit_colour(stage, "snow", depth)
        roof = shift(roof, lightness=float(rng.uniform(-0.03, 0.03)))
        wall = mix(mix(lit_colour(stage, parse("#8c8078"), depth), stage.scheme.near, 0.35), roof, 0.2)
        y = row + rng.uniform(-0.25, 0.2) * size
        body.append(box(x + wide * 0.06, y - 1, wide * 0.88, stage.height - y, hexed(wall)))
        body.append(poly([(x - wide * 0.05, y), (x + wide * 0.5, y - pitch), (x + wide * 1.05, y)], hexed(roof)))
        body.append(
            poly(
                [(x + wide * 0.5, y - pitch), (x + wide * 1.05, y), (x + wide * 0.8, y)],
                hexed(mix(roof, stage.scheme.near, 0.22)),
                'opacity="0.6"',
            )
        )
        cx = x + wide * rng.uniform(0.62, 0.8)
        body.append(box(cx, y - pitch * 1.1, size * 0.16, pitch * 0.85, hexed(mix(wall, stage.scheme.near, 0.3))))
        for c in range(2):
            body.append(
                box(
                    x + wide * (0.26 + 0.32 * c),
                    y + size * 0.18,
                    size * 0.17,
                    size * 0.26,
                    hexed(window_colour(stage, wall, rng, 0.55)),
                )
            )
        body.append(
            box(
                x + wide * 0.5 - size * 0.08,
                y - pitch * 0.42,
                size * 0.16,
                size * 0.22,
                hexed(window_colour(stage, wall, rng, 0.5)),
            )
        )
        x += wide * rng.uniform(0.85, 1.05)
    lay(stage, "".join(body), top=row - size * 1.6, rim=0.6, depth=depth * 0.3)


def stronghold(stage: Stage) -> Footing:
    """A castle on its hill."""
    paint_sky(stage)
    mountains(stage, 2, 0.45)
    u = stage.unit
    stand(stage, stage.horizon + u * 1.0, tall=u * 5, depth=0.66, name="far", density=1.3, mist=0.5, kind="conifer")
    fog(stage, stage.horizon, 0.4, 0.06, "castle")
    x = stage.width - stage.hero_x
    _mound(stage, x, stage.horizon - u * 11, u * 60)
    castle(
        stage, x, stage.horizon - u * 10, u * (40 if stage.spec.angle != "low" else 52), 0.26, stage.spec.has("ruined")
    )
    crests = rolling(stage, 3, ground_material(stage), start=0.45)
    road(stage, vanish_x=x, width_share=0.18, start=row_at(crests[0], x), end_x=stage.hero_x, winding=0.35, opacity=0.5)
    stand(stage, crests[0] + u, tall=u * 7, depth=0.4, name="mid", density=0.7, mist=0.3, kind="conifer",
          gap=(min(x, stage.hero_x) - u * 14, max(x, stage.hero_x) + u * 14))  # fmt: skip
    grass(stage, row=stage.height * 0.99, tall=u * 8, name="front")
    return Footing(stage.hero_x, row_at(crests[-2], stage.hero_x) + u, u * 13)


def _mound(stage: Stage, x: float, top: float, half: float) -> None:
    from storyreel.providers.offline.painter.land import ridge
    from storyreel.providers.offline.painter.noise import line

    xs = np.arange(stage.width, dtype=np.float32)
    away = np.abs(xs - x) / half
    flat = np.clip((away - 0.36) / 0.64, 0, 4)
    profile = (
        top
        + flat**1.2 * stage.unit * 17
        + line(stage.width, 12, stage.rng("mound"), 4) * stage.unit * np.clip(flat * 2, 0.1, 1)
    )
    ridge(
        stage,
        profile.astype(np.float32),
        mix(lit_colour(stage, "rock", 0.3), stage.scheme.near, 0.15),
        depth=0.3,
        mist=0.6,
        rim=0.7,
        facets=0.5,
    )


def ruins(stage: Stage) -> Footing:
    """Broken columns and an arch with the light behind it."""
    paint_sky(stage)
    backdrop(stage)
    rng = stage.rng("ruins")
    u, h, w = stage.unit, stage.height, stage.width
    plain(stage, ground_material(stage) if ground_material(stage) != "grass" else "meadow", rough=0.16)
    span = h - stage.horizon
    if stage.spec.has("wood"):
        far = (stage.hero_x - w * 0.1, stage.hero_x + w * 0.1)
        wooded(stage, [(stage.horizon + u * 2, u * 30, 0.55), (stage.horizon + u * 4, u * 42, 0.32)], lambda _: far)
    for t, depth in ((0.06, 0.5), (0.2, 0.24)):
        row = stage.horizon + span * t
        size = u * (16 + 90 * t)
        tone = mix(lit_colour(stage, "stone", depth), stage.scheme.near, 0.2)
        body = ["<defs>", across(stage, "c", tone, 0.34), "</defs>"]
        for k in range(7):
            x = w * (k + 0.5) / 7 + rng.normal(0, u * 2)
            if abs(x - stage.hero_x) < size * 0.24:
                continue
            tall = size * (1.0 if rng.random() < 0.45 else rng.uniform(0.3, 0.85))
            c = size * 0.09
            top = [
                (x - c, row - tall),
                (x - c * 0.3, row - tall - c * rng.uniform(0, 0.7)),
                (x + c * 0.4, row - tall + c * 0.3),
                (x + c, row - tall - c * rng.uniform(0, 0.5)),
            ]
            body.append(poly([(x - c * 1.1, row + 2), *top, (x + c * 1.1, row + 2)], "url(#c)"))
            body.append(box(x - c * 1.5, row - c * 0.5, c * 3, c * 0.7, "url(#c)"))
            if tall > size * 0.95:
                body.append(box(x - c * 1.6, row - tall - c * 0.5, c * 3.2, c * 0.6, "url(#c)"))
        if t > 0.1:
            ax, aw = stage.hero_x, size * 0.62
            body.append(
                f'<path d="M{ax - aw},{row + 2} V{row - size * 0.8} A{aw},{aw} 0 0 1 {ax + aw * 0.55},{row - size * 0.8 - aw * 0.8} l{aw * 0.2},{aw * 0.22} '
                f'l{-aw * 0.18},{aw * 0.18} A{aw * 0.72},{aw * 0.72} 0 0 0 {ax - aw * 0.72},{row - size * 0.78} V{row + 2}Z '
                f'M{ax + aw * 0.72},{row + 2} V{row - size * 0.62} l{aw * 0.1},{-aw * 0.14} l{aw * 0.18},{aw * 0.1} V{row + 2}Z" fill="url(#c)"/>'
            )  # fmt: skip
        for _ in range(9):
            bx, s = rng.uniform(0, w), size * rng.uniform(0.04, 0.1)
            by = row + size * rng.uniform(0.02, 0.25)
            body.append(
                poly(
                    [(bx - s, by), (bx - s * 0.8, by - s * 0.8), (bx + s * 0.5, by - s), (bx + s, by)],
                    hexed(mix(tone, stage.scheme.near, 0.3)),
                )
            )
        lay(stage, "".join(body), top=row - size * 1.7, rim=0.8, depth=depth * 0.3)
        fog(stage, row + u * 3, 0.2, 0.05, f"ruin{t}")
    if not stage.spec.has("desert"):
        lone(stage, w * (0.1 if stage.hero_x > w / 2 else 0.9), h * 0.86, h * 0.62, "old", depth=0.02, kind="bare")
    grass(stage, row=h * 0.99, tall=u * 8, name="front")
    return Footing(stage.hero_x, stage.horizon + span * 0.3, u * 16)


def station(stage: Stage) -> Footing:
    """A platform under its roof, lamps and rails running away, a train where one is asked for."""
    paint_sky(stage)
    u, h, w = stage.unit, stage.height, stage.width
    far_hills(stage, 2, 0.12, "forest")
    skyline(stage, stage.horizon + u, depth=0.75, tall=u * 9, wide=u * 8, name="far", lit_share=0.2)
    plain(stage, "asphalt", rough=0.12)
    side = 1 if stage.hero_x > w / 2 else -1
    vx, vy = w * 0.5 - side * w * 0.06, stage.horizon
    tone = mix(lit_colour(stage, "stone", 0.0), mix(stage.scheme.shade, stage.scheme.lit, 0.25), 0.4)
    dark = mix(tone, stage.scheme.near, 0.55)
    edge = vx + side * w * 0.0
    foot = h + u * 4
    body = [
        f"<defs>{downwards('p', mix(tone, stage.scheme.haze, 0.5), dark)}{downwards('r', mix(dark, stage.scheme.haze, 0.4), mix(dark, stage.scheme.near, 0.6))}</defs>"
    ]
    inner = w * 0.5 - side * w * 0.12
    outer = w * 0.5 + side * w * 1.2
    body.append(poly([(edge, vy), (vx + side * w * 0.02, vy), (outer, foot), (inner, foot)], "url(#p)"))
    body.append(
        poly(
            [(edge, vy), (edge - side * 2, vy), (inner - side * u * 3, foot), (inner, foot)],
            hexed(mix(tone, stage.scheme.lit, 0.35)),
            'opacity="0.6"',
        )
    )
    steel = mix(stage.scheme.lower, stage.scheme.lit, 0.4)
    for k in (0.16, 0.36):
        rx = inner - side * w * k
        body.append(
            poly(
                [
                    (vx - side * w * 0.004 * k * 5, vy),
                    (vx - side * (w * 0.004 * k * 5 + 1.5), vy),
                    (rx - side * u * 1.3, foot),
                    (rx, foot),
                ],
                hexed(steel),
                'opacity="0.85"',
            )
        )
    roof_y = stage.horizon - u * 46
    body.append(
        poly(
            [
                (vx, vy - u * 3.2),
                (vx + side * w * 0.05, vy - u * 2.4),
                (outer, roof_y),
                (outer, roof_y - u * 40),
                (inner - side * w * 0.02, roof_y - u * 26),
            ],
            "url(#r)",
        )
    )
    for t in (0.06, 0.11, 0.2, 0.38, 0.7):
        px = vx + side * (w * 0.01 + w * 0.47 * t)
        yb, yt = vy + (foot - vy) * t, vy - u * 3 - (vy - roof_y + u * 14) * t * 0.93
        thick = u * 2.6 * t + 0.8
        body.append(box(px - thick / 2, yt, thick, yb - yt, hexed(mix(dark, stage.scheme.haze, 0.4 * (1 - t) ** 3))))
        if stage.scheme.lamps_lit:
            lx, ly = px - side * w * 0.1 * t, yt + u * 8 * t
            body.append(
                f'<ellipse cx="{lx:.1f}" cy="{ly:.1f}" rx="{u * 3.4 * t + 1:.1f}" ry="{u * 1.3 * t + 0.6:.1f}" fill="{hexed(mix(stage.scheme.lamp, (1, 1, 1), 0.4))}"/>'
            )
            stage.lamps.append(Lamp(lx, ly, u * (5 + 42 * t), stage.scheme.lamp, 0.55))
    lay(stage, "".join(body), rim=0.3)
    if stage.spec.has("train"):
        _coaches(stage, vx, vy, inner, foot, side)
    fog(stage, stage.horizon, 0.2, 0.05, "station")
    if stage.scheme.lamps_lit:
        for t in (0.2, 0.38, 0.7):
            _pool(stage, vx + side * (w * 0.01 + w * 0.36 * t), vy + (foot - vy) * t, u * (4 + 40 * t))
    row = vy + (foot - vy) * 0.33
    return Footing(w * 0.5 + side * w * 0.14, row, u * 24, shadow=0.3, mirror=0.2)


def _coaches(stage: Stage, vx: float, vy: float, inner: float, foot: float, side: int) -> None:
    """A train standing along the platform, seen in perspective, its windows lit."""
    u, w = stage.unit, stage.width
    paint = mix(lit_colour(stage, parse("#5a2f34"), 0.0), stage.scheme.near, 0.35)
    body = [f"<defs>{downwards('t', mix(paint, stage.scheme.lit, 0.1), mix(paint, stage.scheme.near, 0.6))}</defs>"]
    high = 0.62 * (vy + u * 16)

    def at(s: float, v: float) -> tuple[float, float]:
        x = vx + (inner - side * w * 0.09 - vx) * s
        return x, vy + (foot - vy) * s * (0.92 - v * (0.92 + high / (foot - vy)))

    body.append(poly([at(0.03, 0), at(1.25, 0), at(1.25, 1), at(0.03, 1)], "url(#t)"))
    body.append(
        poly(
            [at(0.03, 0.97), at(1.25, 0.97), at(1.25, 1.05), at(0.03, 1.05)], hexed(mix(paint, stage.scheme.near, 0.5))
        )
    )
    lamp = mix(stage.scheme.lamp, (1, 1, 1), 0.2) if stage.scheme.lamps_lit else mix(stage.scheme.lower, paint, 0.3)
    s = 0.05
    while s < 1.1:
        e = s * 1.22
        body.append(poly([at(s * 1.03, 0.5), at(e * 0.97, 0.5), at(e * 0.97, 0.84), at(s * 1.03, 0.84)], hexed(lamp)))
        s = e * 1.03
    body.append(
        poly([at(0.03, 0.4), at(1.25, 0.4), at(1.25, 0.43), at(0.03, 0.43)], hexed(mix(paint, stage.scheme.lamp, 0.4)))
    )
    lay(stage, "".join(body), rim=0.4)
    if stage.scheme.lamps_lit:
        for s in (0.15, 0.35, 0.7):
            x, y = at(s, 0.66)
            stage.lamps.append(Lamp(x, y, u * (6 + 40 * s), stage.scheme.lamp, 0.35))
