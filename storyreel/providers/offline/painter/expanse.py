"""Open country under a large sky: snowfields, farmyards and battlefields."""

from __future__ import annotations

import cv2
import numpy as np

from storyreel.providers.offline.painter.buildings import box, downwards, poly, smoke
from storyreel.providers.offline.painter.colour import hexed, mix, parse
from storyreel.providers.offline.painter.land import dunes, far_hills, lit_colour, mountains, plain
from storyreel.providers.offline.painter.nature import backdrop, fields, lone
from storyreel.providers.offline.painter.shapes import lay, put
from storyreel.providers.offline.painter.sky import paint_sky
from storyreel.providers.offline.painter.stage import Footing, Lamp, Stage
from storyreel.providers.offline.painter.trees import Brush, stand
from storyreel.providers.offline.painter.weather import fog
from storyreel.providers.offline.silhouettes import draw


def snowfield(stage: Stage) -> Footing:
    """Drifts of snow to the horizon, a far range of ice, and the tracks of whoever crosses it."""
    paint_sky(stage)
    u, w, h = stage.unit, stage.width, stage.height
    if stage.spec.weather != "snow":
        mountains(stage, 2, 0.34)
    else:
        far_hills(stage, 2, 0.07, "snow")
        fog(stage, stage.horizon, 0.55, 0.1, "whiteout")
    plain(stage, "snow", rough=0.06)
    dunes(stage, 4)
    span = h - stage.horizon
    foot = Footing(stage.hero_x, stage.horizon + span * 0.36, u * 15, shadow=0.3)
    brush = Brush(h, w)
    away = 1 if foot.x < w / 2 else -1
    # Tracks come up from the lower corner to where somebody stands.
    for k in range(26):
        t = (k / 26) ** 0.62
        x = w * (0.5 + away * 0.5) + (foot.x - w * (0.5 + away * 0.5)) * t + np.sin(t * 5) * u * 5 * (1 - t)
        y = h * 1.02 + (foot.row - h * 1.02) * t
        size = u * (1.9 * (1 - t) + 0.34)
        side = 1 if k % 2 else -1
        brush.fill(
            [(x + side * size * 1.1 + np.cos(a) * size, y + np.sin(a) * size * 0.36) for a in np.linspace(0, 6.28, 12)]
        )
    if stage.spec.figures:
        stage.paint(brush.alpha, mix(stage.scheme.shade, stage.scheme.near, 0.25), 0.5)
    if stage.spec.has("ice"):
        _ice(stage)
    return foot


def _ice(stage: Stage) -> None:
    """Blocks of ice pushed up out of the snow."""
    rng, u = stage.rng("ice"), stage.unit
    body = []
    for _ in range(16):
        t = float(rng.uniform(0.02, 0.4))
        x = float(rng.uniform(0, stage.width))
        if abs(x - stage.hero_x) < stage.width * 0.12:
            continue
        y, s = stage.horizon + (stage.height - stage.horizon) * t, u * (3 + 26 * t) * float(rng.uniform(0.5, 1.2))
        tone = mix(mix(parse("#9fd0e0"), stage.scheme.lit, 0.4), stage.scheme.haze, 0.5 * (1 - t) ** 4)
        tip = (x + s * float(rng.uniform(-0.3, 0.3)), y - s * float(rng.uniform(0.7, 1.3)))
        body.append(poly([(x - s * 0.5, y), tip, (x, y)], hexed(mix(tone, (1, 1, 1), 0.3))))
        body.append(poly([(x, y), tip, (x + s * 0.5, y)], hexed(mix(tone, stage.scheme.shade, 0.5))))
    lay(stage, "".join(body), rim=0.5)


def farm(stage: Stage) -> Footing:
    """A farmyard: a red barn with its silo, a house, a fence, hay, fields behind."""
    u, w, h = stage.unit, stage.width, stage.height
    foot = fields(stage)
    scheme = stage.scheme
    span = h - stage.horizon
    away = -1 if stage.hero_x > w / 2 else 1
    x, base = w * (0.5 + away * 0.23), stage.horizon + span * 0.2
    size = u * 34
    own = parse("#8c2f26")
    red = mix(mix(lit_colour(stage, own, 0.0), scheme.near, 0.18), scheme.haze, 0.06)
    roof = mix(lit_colour(stage, "snow" if stage.spec.snow_lies else parse("#5a5450"), 0.0), scheme.near, 0.1)
    trim = mix(lit_colour(stage, parse("#e6ddcb"), 0.0), scheme.near, 0.12)
    dark = mix(red, scheme.near, 0.6)
    silo = mix(lit_colour(stage, parse("#b0aca4"), 0.0), scheme.near, 0.15)
    sx = x + away * size * 0.78
    body = [
        f"<defs>{downwards('barn', red, mix(red, scheme.near, 0.35))}</defs>",
        box(sx - size * 0.16, base - size * 1.1, size * 0.32, size * 1.1, hexed(silo)),
        f'<path d="M{sx - size * 0.16:.1f},{base - size * 1.1:.1f}A{size * 0.16:.1f},{size * 0.2:.1f} 0 0 1 {sx + size * 0.16:.1f},{base - size * 1.1:.1f}Z" fill="{hexed(mix(silo, roof, 0.6))}"/>',
        *(box(sx - size * 0.16, base - size * (0.2 + 0.22 * k), size * 0.32, size * 0.012, hexed(dark), 'opacity="0.5"') for k in range(4)),
        # The long side runs away from the gable, lower and darker.
        poly([(x + away * size * 0.42, base), (x + away * size * 0.42, base - size * 0.52), (x + away * size * 0.95, base - size * 0.44),
              (x + away * size * 0.95, base - size * 0.03)], hexed(mix(red, scheme.near, 0.4))),
        poly([(x, base - size * 0.98), (x + away * size * 0.3, base - size * 0.8), (x + away * size * 0.46, base - size * 0.5),
              (x + away * size * 1.0, base - size * 0.42), (x + away * size * 0.84, base - size * 0.66), (x + away * size * 0.56, base - size * 0.84)], hexed(roof)),
        poly([(x - size * 0.42, base), (x - size * 0.42, base - size * 0.52), (x - size * 0.27, base - size * 0.8), (x, base - size * 0.96),
              (x + size * 0.27, base - size * 0.8), (x + size * 0.42, base - size * 0.52), (x + size * 0.42, base)], "url(#barn)"),
    ]  # fmt: skip
    for k in range(-8, 9):
        body.append(box(x + k * size * 0.05, base - size * 0.5, size * 0.006, size * 0.5, hexed(dark), 'opacity="0.4"'))
    door = size * 0.19
    body.append(
        box(
            x - door,
            base - size * 0.42,
            2 * door,
            size * 0.42,
            hexed(mix(red, scheme.near, 0.25)),
            f'stroke="{hexed(trim)}" stroke-width="{size * 0.02:.1f}"',
        )
    )
    body.append(
        f'<path d="M{x - door:.1f},{base:.1f}L{x:.1f},{base - size * 0.42:.1f}L{x + door:.1f},{base:.1f}M{x:.1f},{base:.1f}V{base - size * 0.42:.1f}" stroke="{hexed(trim)}" stroke-width="{size * 0.016:.1f}" fill="none"/>'
    )
    pane = scheme.lamp if scheme.lamps_lit else mix(dark, scheme.upper, 0.2)
    body.append(
        box(
            x - size * 0.07,
            base - size * 0.72,
            size * 0.14,
            size * 0.14,
            hexed(pane),
            f'stroke="{hexed(trim)}" stroke-width="{size * 0.018:.1f}"',
        )
    )
    outline = [
        (x - size * 0.46, base - size * 0.5),
        (x - size * 0.29, base - size * 0.82),
        (x, base - size * 0.98),
        (x + size * 0.29, base - size * 0.82),
        (x + size * 0.46, base - size * 0.5),
    ]
    body.append(
        f'<path d="M{"L".join(f"{px:.1f},{py:.1f}" for px, py in outline)}" fill="none" stroke="{hexed(roof)}" stroke-width="{size * 0.045:.1f}" stroke-linejoin="round"/>'
    )
    lay(stage, "".join(body), top=base - size * 1.4, bottom=base + u * 2, rim=0.5)
    if scheme.lamps_lit:
        stage.lamps.append(Lamp(x, base - size * 0.65, size * 0.5, scheme.lamp, 0.5))
    lone(stage, x - away * size * 0.9, base - u * 0.5, size * 0.9, "farmtree", depth=0.12)
    hay = mix(lit_colour(stage, "snow" if stage.spec.snow_lies else parse("#c29a48"), 0.05), scheme.near, 0.15)
    for k, (hx, ht) in enumerate(((0.16, 0.24), (0.3, 0.3), (0.8, 0.36))):
        shape = draw("prop", "haystack")
        spot = w * (hx if away > 0 else 1 - hx)
        if abs(spot - foot.x) > u * 10:
            put(
                stage,
                shape,
                spot,
                stage.horizon + span * ht,
                u * (0.05 + 0.22 * ht),
                colour=hay,
                rim=0.8,
                shadow=0.3,
                volume=0.5,
                flip=bool(k % 2),
            )
    _fence(stage, stage.horizon + span * 0.52)
    return foot


def _fence(stage: Stage, row: float) -> None:
    """A rail fence across the near ground, open where the path goes."""
    w, u = stage.width, stage.unit
    brush = Brush(stage.height, w)
    gap = (stage.hero_x - u * 14, stage.hero_x + u * 14)
    for x in np.arange(-u * 4, w + u * 8, u * 13):
        if gap[0] < x < gap[1]:
            continue
        brush.stroke([(float(x), row + u * 0.8), (float(x), row - u * 6.4)], u * 0.85, u * 0.7)
        if not (gap[0] < x + u * 13 < gap[1]):
            for lift in (2.2, 4.8):
                brush.stroke([(float(x), row - u * lift), (float(x + u * 13), row - u * lift)], u * 0.5, u * 0.5)
    stage.paint(brush.alpha, mix(lit_colour(stage, parse("#8a7458"), 0.0), stage.scheme.near, 0.45))


def battlefield(stage: Stage) -> Footing:
    """Torn ground under smoke: stakes, wire, broken trees, banners, fires along the horizon."""
    paint_sky(stage)
    backdrop(stage)
    u, w, h = stage.unit, stage.width, stage.height
    scheme, rng = stage.scheme, stage.rng("battle")
    stand(stage, stage.horizon + u, tall=u * 11, depth=0.6, name="shattered", density=0.35, kind="bare", mist=0.5)
    span = h - stage.horizon
    fires = [float(w * rng.uniform(0.05, 0.95)) for _ in range(3)]
    for x in fires:
        stage.lamps.append(Lamp(x, stage.horizon - u, u * 26, (1.0, 0.5, 0.2), 0.55))
        stage.lamps.append(Lamp(x, stage.horizon - u * 0.5, u * 5, (1.0, 0.75, 0.4), 0.8))
        for k in range(2):
            smoke(stage, x + u * k * 2, stage.horizon - u * (3 + 13 * k), u * (13 + 5 * k))
    fog(stage, stage.horizon - u * 3, 0.5, 0.1, "smoke")
    plain(stage, "snow" if stage.spec.snow_lies else "earth", rough=0.3)
    _craters(stage)
    tone = mix(lit_colour(stage, parse("#3a322c"), 0.0), scheme.near, 0.55)
    for k, t in enumerate((0.1, 0.16, 0.24, 0.34)):
        x = w * (0.12 + 0.78 * float(rng.random()))
        if abs(x - stage.hero_x) < w * 0.12:
            x = w - x
        shape = draw("prop", "banner")
        put(
            stage, shape, x, stage.horizon + span * t, u * (0.1 + 0.36 * t), colour=mix(tone, scheme.haze, 0.4 * (1 - t) ** 3), flip=bool(k % 2),
            accent=mix(mix(lit_colour(stage, parse(("#8a2a26", "#2f4a74")[k % 2]), 0.0), scheme.near, 0.3), scheme.haze, 0.3 * (1 - t) ** 3),
            turn_deg=float(rng.normal(0, 7)), rim=0.8,
        )  # fmt: skip
    fog(stage, stage.horizon + span * 0.2, 0.4, 0.07, "drift")
    for t, count in ((0.3, 5), (0.86, 3)):
        wire = draw("prop", "barbed wire")
        for k in range(count):
            x = w * (k + 0.5) / count + float(rng.normal(0, u * 4))
            if t < 0.5 and abs(x - stage.hero_x) < u * 16:
                continue
            put(
                stage,
                wire,
                x,
                stage.horizon + span * t,
                u * (0.07 + 0.26 * t) * (w / count / u / 52 + 0.6),
                colour=mix(tone, scheme.haze, 0.2 * (1 - t)),
                rim=0.9,
            )
    lone(stage, w * (0.9 if stage.hero_x < w / 2 else 0.1), h * 0.84, h * 0.62, "split", depth=0.05, kind="bare")
    brush = Brush(h, w)
    for _ in range(90):
        x, y = float(rng.uniform(0, w)), float(stage.horizon * rng.uniform(0.3, 1.1))
        brush.spot(x, y, u * float(rng.uniform(0.08, 0.24)))
    ember = np.asarray(cv2.GaussianBlur(brush.alpha, (0, 0), u * 0.06 + 0.3), np.float32)
    stage.shine(ember, (1.0, 0.6, 0.25), 0.8)
    return Footing(stage.hero_x, stage.horizon + span * 0.4, u * 19, shadow=0.3)


def _craters(stage: Stage) -> None:
    """Holes in the ground, water in some of them."""
    rng, u = stage.rng("craters"), stage.unit
    body = []
    for _ in range(15):
        t = float(rng.uniform(0.03, 0.9)) ** 1.3
        x, y = float(rng.uniform(0, stage.width)), stage.horizon + (stage.height - stage.horizon) * t
        rx, ry = u * (2 + 20 * t) * float(rng.uniform(0.5, 1.1)), u * (0.3 + 4.6 * t)
        earth = mix(lit_colour(stage, "earth", 0.3 * (1 - t)), stage.scheme.near, 0.55)
        body.append(
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{hexed(mix(earth, stage.scheme.lit, 0.16))}" opacity="0.5"/>'
        )
        body.append(
            f'<ellipse cx="{x:.1f}" cy="{y + ry * 0.14:.1f}" rx="{rx * 0.9:.1f}" ry="{ry * 0.82:.1f}" fill="{hexed(earth)}" opacity="0.85"/>'
        )
        if rng.random() < 0.4:
            body.append(
                f'<ellipse cx="{x:.1f}" cy="{y + ry * 0.3:.1f}" rx="{rx * 0.6:.1f}" ry="{ry * 0.4:.1f}" fill="{hexed(mix(stage.scheme.lower, earth, 0.35))}" opacity="0.8"/>'
            )
    lay(stage, "".join(body), top=stage.horizon)
