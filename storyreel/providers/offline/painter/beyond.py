"""Places under the ground, under water and away from the Earth."""

from __future__ import annotations

import cv2
import numpy as np

from storyreel.providers.offline.painter.buildings import box, downwards, poly
from storyreel.providers.offline.painter.colour import Array, hexed, mix, parse, ramp
from storyreel.providers.offline.painter.land import dunes, lit_colour, mountains, ridge
from storyreel.providers.offline.painter.nature import row_at
from storyreel.providers.offline.painter.noise import line, sample, smooth
from storyreel.providers.offline.painter.shapes import lay
from storyreel.providers.offline.painter.sky import paint_sky, planet, stars
from storyreel.providers.offline.painter.stage import Footing, Lamp, Stage
from storyreel.providers.offline.painter.trees import Brush
from storyreel.providers.offline.painter.water import paint_water


def cave(stage: Stage) -> Footing:
    """Inside a cave, looking out: black rock around a bright mouth, or round a glow when it is night."""
    w, h, u = stage.width, stage.height, stage.unit
    paint_sky(stage)
    mountains(stage, 3, 0.5)
    paint_water(stage, calm=0.85)
    rng = stage.rng("cave")
    cx, cy = w * 0.5 + (stage.hero_x - w * 0.5) * 0.3, h * 0.46
    y, x = np.mgrid[0:h:2, 0:w:2].astype(np.float32)
    angle = np.arctan2((y - cy) / h, (x - cx) / w)
    k = 1080 / min(w, h)
    for depth, size in ((0.62, 0.31), (0.4, 0.37), (0.16, 0.45), (0.0, 0.56)):
        rough = sample("soft", np.cos(angle) * 110 + 300 + depth * 400, np.sin(angle) * 110 + 300 * depth + 340) - 0.5
        fine = sample("soft", x * 1.6 * k + depth * 500, y * 1.6 * k + 90) - 0.5
        far = np.sqrt(((x - cx) / (w * size)) ** 2 + ((y - cy) / (h * size * 1.08)) ** 2)
        edge = far + rough * 0.7 + fine * 0.12
        mask = smooth(0.985, 1.0 + 0.015, edge)
        mask = np.maximum(mask, smooth(h * (0.6 + size * 0.42), h * (0.6 + size * 0.42) + u, y + fine * u * 8) * 1.0)
        crack = sample("soft", x * 0.9 * k + y * 0.5 * k + depth * 200, y * 0.8 * k - x * 0.2 * k)
        relief = smooth(0.3, 0.75, crack - (edge - 1) * 0.3)
        tone = lit_colour(stage, "rock", depth)
        bright = np.array(
            mix(mix(tone, stage.scheme.near, 0.62 - 0.4 * depth), stage.scheme.lit, 0.04 + 0.14 * depth), np.float32
        )
        dark = np.array(mix(stage.scheme.near, tone, 0.22 + 0.4 * depth), np.float32)
        ink = dark + (bright - dark) * (relief * np.exp(-np.maximum(edge - 1, 0) * 2.2))[..., None]
        rim = np.exp(-np.maximum(edge - 1, 0) * 30) * 0.42 * depth * stage.scheme.rim
        ink = ink + (np.array(stage.scheme.glow, np.float32) - ink) * rim[..., None]
        big = np.asarray(cv2.resize(np.asarray(mask, np.float32), (w, h), interpolation=cv2.INTER_LINEAR), np.float32)
        ink_big = np.asarray(
            cv2.resize(np.asarray(ink, np.float32), (w, h), interpolation=cv2.INTER_LINEAR), np.float32
        )
        stage.paint(big, ink_big)
    for _ in range(12):
        sx, long = rng.uniform(0, w), u * rng.uniform(8, 30)
        brush = Brush(h, w)
        brush.stroke(
            [(float(sx), -5.0), (float(sx + rng.normal(0, 1) * u), long * 0.6), (float(sx), long)],
            u * rng.uniform(2, 5),
            0.6,
        )
        stage.paint(brush.alpha, mix(stage.scheme.near, lit_colour(stage, "rock", 0.1), 0.2))
    if stage.spec.has("crystal"):
        crystals(stage, rng)
    stage.lamps.append(Lamp(cx, cy, u * 70, stage.scheme.glow, 0.35))
    stage.sun = stage.sun or None
    return Footing(cx, h * 0.79, u * 24, shadow=0.2)


def crystals(stage: Stage, rng: np.random.Generator) -> None:
    """Clusters of shining crystals."""
    u = stage.unit
    colour = mix(parse("#5fe0ff"), stage.scheme.lamp, 0.25)
    body = []
    for x0, y0 in ((0.08, 0.9), (0.9, 0.86), (0.97, 0.5), (0.03, 0.42)):
        for _ in range(7):
            x, y = stage.width * x0 + rng.normal(0, 5) * u, stage.height * y0 + rng.uniform(0, 3) * u
            a, t, c = rng.normal(0, 0.5), u * rng.uniform(6, 18), u * rng.uniform(1, 2.2)
            dx, dy = np.sin(a) * t, -np.cos(a) * t
            body.append(
                poly(
                    [
                        (x - c, y),
                        (x - c + dx * 0.8, y + dy * 0.8),
                        (x + dx, y + dy),
                        (x + c + dx * 0.75, y + dy * 0.75),
                        (x + c, y),
                    ],
                    hexed(mix(colour, (1, 1, 1), rng.uniform(0, 0.4))),
                    'opacity="0.85"',
                )
            )
        stage.lamps.append(Lamp(stage.width * x0, stage.height * y0 - u * 6, u * 34, colour, 0.55))
    lay(stage, "".join(body))


def underwater(stage: Stage) -> Footing:
    """Below the surface: rays from above, weed, rock, fish and bubbles."""
    w, h, u = stage.width, stage.height, stage.unit
    scheme, rng = stage.scheme, stage.rng("under")
    dark = scheme.lamps_lit
    sea = mix(scheme.deep, parse("#0f6f8c"), 0.5)
    top = mix(mix(parse("#7fd6d8"), scheme.glow, 0.25), scheme.zenith, 0.5 if dark else 0.0)
    stage.image[:] = ramp(
        ((0.0, top), (0.35, mix(top, sea, 0.6)), (1.0, mix(sea, scheme.near, 0.6))),
        np.linspace(0, 1, h, dtype=np.float32),
    )[:, None]
    stage.horizon = h * 0.7
    x0 = w * 0.5 + (stage.hero_x - w * 0.5) * 0.6
    y, x = np.mgrid[0:h:2, 0:w:2].astype(np.float32)
    angle = np.arctan2(x - x0, y + h * 0.5)
    rays = smooth(0.45, 0.75, sample("soft", angle * 620 + 400, np.full_like(angle, float(rng.uniform(0, 800)))))
    near = np.exp(-((angle / 0.5) ** 2)) * smooth(1.05, 0.0, y / h)
    light = np.asarray(
        cv2.resize(np.asarray(rays * near, np.float32), (w, h), interpolation=cv2.INTER_LINEAR), np.float32
    )
    stage.shine(light, mix(top, (1, 1, 1), 0.3), 0.5)
    caustic = 1 - np.abs(sample("fine", x * 0.5 + 90, y * 1.4) - 0.5) * 6
    shine = np.clip(caustic, 0, 1) * np.exp(-y / (h * 0.09))
    stage.shine(np.asarray(cv2.resize(np.asarray(shine, np.float32), (w, h)), np.float32), (0.9, 1.0, 1.0), 0.5)
    for k, depth in enumerate((0.82, 0.55, 0.2)):
        profile = h * (0.72 + 0.08 * k) + line(w, 2 + k, rng, 5) * u * (7 + 2 * k)
        tone = mix(mix(sea, scheme.near, 0.3 + 0.6 * (1 - depth)), mix(top, sea, 0.5), depth * 0.6)
        ridge(stage, profile.astype(np.float32), tone, depth=depth, mist=0.0, rim=0.25, grain=0.2)
        brush = Brush(h, w)
        for _ in range(13 - 2 * k):
            kx = float(rng.uniform(0, w))
            if abs(kx - stage.hero_x) < w * 0.1 and k == 2:
                continue
            tall = u * rng.uniform(12, 32) * (0.6 + 0.4 * k)
            t = np.linspace(0, 1, 16)
            phase = rng.uniform(0, 6)
            base = row_at(profile.astype(np.float32), kx)
            spine = [(float(kx + np.sin(q * 5 + phase) * u * 1.6 * q), float(base + u - tall * q)) for q in t]
            brush.stroke(spine, u * 0.9, u * 0.15)
            for q in range(2, 15):
                lx, ly = spine[q]
                side = 1 if q % 2 else -1
                brush.fill([(lx, ly), (lx + side * u * 2.2, ly - u * 1.6), (lx + side * u * 0.4, ly - u * 1.0)])
        stage.paint(brush.alpha, mix(tone, scheme.near, 0.25))
    fish = Brush(h, w)
    for _ in range(3):
        sx, sy = rng.uniform(0.1, 0.9) * w, rng.uniform(0.2, 0.6) * h
        way = float(rng.choice([-1, 1]))
        for _ in range(14):
            fx, fy, s = sx + rng.normal(0, 7) * u, sy + rng.normal(0, 3.4) * u, u * rng.uniform(0.7, 1.4)
            fish.fill([(fx - way * s * 1.2, fy), (fx, fy - s * 0.5), (fx + way * s, fy), (fx, fy + s * 0.5)])
            fish.fill(
                [
                    (fx - way * s, fy),
                    (fx - way * s * 1.8, fy - s * 0.5),
                    (fx - way * s * 1.6, fy),
                    (fx - way * s * 1.8, fy + s * 0.5),
                ]
            )
    stage.paint(fish.alpha, mix(sea, scheme.near, 0.55), 0.8)
    bubbles = Brush(h, w)
    for _ in range(60):
        bubbles.spot(stage.hero_x + rng.normal(0, 4) * u, rng.uniform(0.1, 0.75) * h, u * rng.uniform(0.12, 0.5))
    stage.shine(bubbles.alpha, (0.8, 0.95, 1.0), 0.35)
    stage.sun, stage.light_from = None, (0.0, -1.0)
    if stage.spec.has("coral"):
        _coral(stage, profile.astype(np.float32))
    return Footing(stage.hero_x, h * 0.62, u * 24, shadow=0.0)


def _coral(stage: Stage, floor: Array) -> None:
    """Fans and fingers of coral along the floor."""
    rng, u = stage.rng("coral"), stage.unit
    for code in ("#d9644a", "#c84a7a", "#e0a04a", "#8a5ab0", "#d98a8a"):
        brush = Brush(stage.height, stage.width)
        for _ in range(5):
            x = float(rng.uniform(0, stage.width))
            base, tall = row_at(floor, x) + u * 2, u * float(rng.uniform(5, 13))
            for k in range(7):
                a = (k - 3) * 0.26 + float(rng.normal(0, 0.08))
                tip = (x + np.sin(a) * tall, base - np.cos(a) * tall)
                brush.stroke(
                    [(x, base), (x + np.sin(a) * tall * 0.4, base - np.cos(a) * tall * 0.55), tip], u * 1.2, u * 0.7
                )
                brush.spot(tip[0], tip[1], u * 0.75)
        stage.paint(brush.alpha, mix(mix(parse(code), stage.scheme.deep, 0.4), stage.scheme.near, 0.15))


def space(stage: Stage) -> Footing:
    """Stars, a nebula and a planet."""
    w, h, u = stage.width, stage.height, stage.unit
    rng = stage.rng("space")
    stage.horizon = float(h)
    dark = mix(stage.scheme.zenith, (0.01, 0.012, 0.03), 0.75)
    stage.image[:] = np.array(dark, np.float32)
    nebula(stage)
    stars(stage, 1.0)
    stage.light_from = (-0.75, -0.5) if stage.hero_x > w / 2 else (0.75, -0.5)
    side = w - stage.hero_x
    if stage.spec.framing != "wide" or rng.random() < 0.5:
        planet(stage, side, h * 1.15, u * 82)
        _limb(stage, side, h * 1.15, u * 82)
    else:
        planet(stage, side, h * 0.42, u * 26)
        planet_small(stage)
    sx, sy = (w * 0.08, h * 0.1) if stage.light_from[0] < 0 else (w * 0.92, h * 0.1)
    stage.lamps += [Lamp(sx, sy, u * 60, (1.0, 0.95, 0.86), 0.5), Lamp(sx, sy, u * 9, (1.0, 1.0, 0.97), 0.95)]
    return Footing(stage.hero_x, h * 0.56, u * 12, shadow=0.0)


def nebula(stage: Stage) -> None:
    """Clouds of glowing gas in the palette's colours."""
    h, w = stage.height, stage.width
    rng = stage.rng("nebula")
    y, x = np.mgrid[0:h:4, 0:w:4].astype(np.float32)
    k = 1080 / min(w, h)
    tones = [
        mix(stage.scheme.glow, parse("#d0508c"), 0.5),
        mix(stage.scheme.lower, parse("#3f6fd0"), 0.6),
        mix(stage.scheme.horizon, parse("#2fa0a8"), 0.6),
    ]
    for tone in tones:
        ox, oy = rng.uniform(0, 900, 2)
        warp = sample("soft", x * 0.3 * k + ox, y * 0.3 * k + oy)
        n = sample("soft", x * 0.42 * k + warp * 190 + ox, y * 0.42 * k + warp * 150 + oy)
        band = np.exp(-((((x - w * rng.uniform(0.3, 0.7)) + (y - h / 2) * rng.uniform(-1, 1)) / (w * 0.3)) ** 2))
        mask = smooth(0.45, 0.95, n) * band
        stage.shine(
            np.asarray(
                cv2.resize(np.asarray(mask, np.float32), (w, h), interpolation=cv2.INTER_CUBIC), np.float32
            ).clip(0, 1),
            tone,
            0.62,
        )


def _limb(stage: Stage, x: float, y: float, radius: float) -> None:
    """The bright line of air round a large planet."""
    yy, xx = np.mgrid[0 : stage.height : 2, 0 : stage.width : 2].astype(np.float32)
    far = np.sqrt((xx - x) ** 2 + (yy - y) ** 2) - radius
    side = np.clip(((xx - x) * stage.light_from[0] + (yy - y) * stage.light_from[1]) / radius, 0, 1)
    air = np.where(far > 0, np.exp(-far / (radius * 0.035)), np.exp(far / (radius * 0.08))) * side
    big = cv2.resize(np.asarray(air, np.float32), (stage.width, stage.height), interpolation=cv2.INTER_LINEAR)
    stage.shine(np.clip(np.asarray(big, np.float32), 0, 1), mix(stage.scheme.lit, parse("#7fc4ff"), 0.6), 0.75)


def planet_small(stage: Stage) -> None:
    """A moon beside the planet."""
    rng = stage.rng("small")
    x = stage.width - stage.hero_x + stage.unit * rng.uniform(34, 44) * (1 if stage.hero_x < stage.width / 2 else -1)
    r = stage.unit * rng.uniform(3, 5)
    from storyreel.providers.offline.painter.stage import disc

    mask, reach = disc(r, 1.2)
    yy, xx = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32) / np.float32(r)
    lit = smooth(-0.1, 0.8, xx * stage.light_from[0] + yy * stage.light_from[1] + 0.2)
    tone = np.array(parse("#b8b2aa"), np.float32)
    stage.paint(
        mask,
        tone * lit[..., None] * np.float32(0.95) + np.float32(0.02),
        1.0,
        int(stage.height * 0.26) - reach,
        int(x) - reach,
    )


def planet_ground(stage: Stage) -> Footing:
    """The surface of another world, another world in its sky."""
    paint_sky(stage, clouds=False)
    if stage.scheme.stars < 0.3:
        stars(stage, 0.4)
    if stage.spec.has("moons"):
        side = 1 if stage.hero_x < stage.width / 2 else -1
        for away, high, radius in ((0.2, 0.3, 9.0), (0.33, 0.56, 4.6)):
            planet(stage, stage.width * (0.5 + side * away), stage.horizon * high, stage.unit * radius, ringed=False)
    else:
        planet(stage)
    mountains(stage, 3, 0.36)
    crests = dunes(stage, 4)
    return Footing(stage.hero_x, row_at(crests[1], stage.hero_x) + stage.unit, stage.unit * 15, shadow=0.45)


def spaceship(stage: Stage) -> Footing:
    """On the bridge of a ship: a wide window on the stars over consoles."""
    w, h, u = stage.width, stage.height, stage.unit
    space(stage)
    stage.lamps = [lamp for lamp in stage.lamps if w * 0.16 < lamp.x < w * 0.84 and h * 0.14 < lamp.y < h * 0.56]
    stage.horizon = h * 0.66
    hull = mix(parse("#39424f"), stage.scheme.near, 0.35)
    dark = mix(hull, (0, 0, 0), 0.55)
    floor = h * 0.74
    x0, x1, t, b = w * 0.09, w * 0.91, h * 0.1, h * 0.62
    glow = mix(stage.scheme.lit, parse("#6fd0ff"), 0.5)
    window = f"M{x0 + u * 9},{t} H{x1 - u * 9} L{x1},{(t + b) / 2} L{x1 - u * 6},{b} H{x0 + u * 6} L{x0},{(t + b) / 2}Z"
    body = [
        f"<defs>{downwards('hu', dark, hull)}{downwards('fl', mix(hull, (0, 0, 0), 0.25), mix(dark, (0, 0, 0), 0.5))}</defs>",
        f'<path fill-rule="evenodd" d="M0,0H{w}V{floor}H0Z {window}" fill="url(#hu)"/><path d="{window}" fill="none" stroke="{hexed(mix(hull, stage.scheme.lit, 0.3))}" stroke-width="{u * 0.7}"/>',
        box(0, floor, w, h - floor, "url(#fl)"),
    ]
    for k in (1, 2):
        xx = x0 + (x1 - x0) * k / 3
        body.append(
            poly(
                [
                    (xx - u * 0.9, t),
                    (xx + u * 0.9, t),
                    (xx + u * 0.9 + (xx - w / 2) * 0.04, b),
                    (xx - u * 0.9 + (xx - w / 2) * 0.04, b),
                ],
                hexed(dark),
            )
        )
    body.append(
        poly(
            [(w * 0.06, floor + u * 2), (w * 0.14, b + u * 4), (w * 0.86, b + u * 4), (w * 0.94, floor + u * 2)],
            hexed(mix(hull, (0, 0, 0), 0.3)),
        )
    )
    rng = stage.rng("console")
    for _ in range(70):
        xx, yy = rng.uniform(0.13, 0.87) * w, rng.uniform(b + u * 5, floor - u * 0.5)
        c = [glow, mix(stage.scheme.lamp, (1, 1, 1), 0.1), parse("#ff6a5a"), parse("#7dffb0")][int(rng.integers(4))]
        body.append(
            box(xx, yy, u * rng.uniform(0.5, 2.6), u * 0.5, hexed(c), f'opacity="{rng.uniform(0.4, 0.95):.2f}"')
        )
    for k in range(-6, 7):
        body.append(
            f'<path d="M{w / 2 + k * w * 0.07},{floor}L{w / 2 + k * w * 0.17},{h}" stroke="{hexed(mix(dark, (0, 0, 0), 0.3))}" stroke-width="{u * 0.3}"/>'
        )
    for x in (w * 0.2, w * 0.8):
        body.append(box(x - u * 12, h * 0.03, u * 24, u * 0.9, hexed(mix(glow, (1, 1, 1), 0.4))))
        stage.lamps.append(Lamp(x, h * 0.035, u * 26, glow, 0.4))
    lay(stage, "".join(body))
    stage.lamps.append(Lamp(w / 2, b + u * 5, u * 50, glow, 0.22))
    y = np.linspace(0, 1, h - int(floor), dtype=np.float32)[:, None] * np.ones((1, w), np.float32)
    stage.shine(np.asarray((1 - y) * 0.8, np.float32), glow, 0.16, int(floor))
    stage.sun, stage.light_from = None, (0.0, -1.0)
    return Footing(w / 2 + (stage.hero_x - w / 2) * 0.5, floor + u * 9, u * 44, shadow=0.2, mirror=0.3)
