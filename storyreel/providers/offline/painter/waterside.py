"""Streets of water and market squares: where a crowd, or nobody, stands between old fronts."""

from __future__ import annotations

import numpy as np

from storyreel.providers.offline.painter.buildings import box, downwards, poly, street_lamp
from storyreel.providers.offline.painter.colour import Colour, hexed, mix, parse, shift
from storyreel.providers.offline.painter.land import lit_colour, plain
from storyreel.providers.offline.painter.people import colours, tints
from storyreel.providers.offline.painter.shapes import lay, put, raster
from storyreel.providers.offline.painter.sky import paint_sky
from storyreel.providers.offline.painter.spec import Look
from storyreel.providers.offline.painter.stage import Footing, Lamp, Point, Stage
from storyreel.providers.offline.painter.water import paint_water
from storyreel.providers.offline.painter.weather import fog
from storyreel.providers.offline.silhouettes import draw, figure

_PLASTER = ("#c0805a", "#b8605a", "#c8a070", "#a8724e", "#b89a84", "#9a5a4e", "#c4b08a")


def _wall_point(stage: Stage, side: int, vanish: float, s: float, v: float, tall: float) -> Point:
    """A point on a front at nearness s, v of its height up: at s the water lies at horizon + s * fall."""
    fall = (stage.height - stage.horizon) * 1.02
    foot = stage.horizon + s * fall
    return vanish + side * (0.06 * stage.width + s * stage.width * 0.56), foot - v * s * fall * tall


def _palace(stage: Stage, side: int, vanish: float, s0: float, s1: float, depth: float, name: str) -> str:
    """One front over the water: plaster, rows of arched windows with balconies, a water door, a tiled eave."""
    rng = stage.rng(f"palace{name}")
    scheme = stage.scheme
    floors = int(rng.integers(3, 5))
    tall = float(rng.uniform(2.0, 2.9))
    own = parse(str(rng.choice(_PLASTER)))
    tone = mix(mix(lit_colour(stage, own, 0.0), scheme.near, 0.22), scheme.haze, depth)
    tone = shift(tone, lightness=float(rng.uniform(-0.03, 0.03)))
    dark, pale = mix(tone, scheme.near, 0.6), mix(tone, scheme.lit, 0.3)

    def at(t: float, v: float) -> Point:
        s = 1 / (1 / s0 + (1 / s1 - 1 / s0) * t)
        return _wall_point(stage, side, vanish, s, v, tall)

    def face(t0: float, t1: float, v0: float, v1: float, fill: Colour, extra: str = "") -> str:
        return poly([at(t0, v0), at(t1, v0), at(t1, v1), at(t0, v1)], hexed(fill), extra)

    grad = f"pal{name}"
    parts = [
        f"<defs>{downwards(grad, mix(tone, scheme.lower, 0.1), mix(tone, scheme.near, 0.3))}</defs>",
        poly([at(0, 0), at(0, 1), at(1, 1), at(1, 0)], f"url(#{grad})"),
        face(0, 1, 0, 0.07, mix(dark, parse("#3a4a3c"), 0.4)),
        face(-0.01, 1.01, 0.985, 1.03, mix(parse("#8a4a34"), scheme.near, 0.4)),
    ]
    columns = int(rng.integers(3, 5))
    door = int(rng.integers(columns))
    for r in range(floors):
        v0 = 0.1 + r * 0.88 / floors
        high = 0.88 / floors
        parts.append(face(0, 1, v0 + high * 0.97, v0 + high, pale, 'opacity="0.7"'))
        for c in range(columns):
            t0, t1 = (c + 0.26) / columns, (c + 0.74) / columns
            on = scheme.lamps_lit and rng.random() < 0.5
            glass = (
                shift(scheme.lamp, lightness=float(rng.uniform(-0.1, 0.03))) if on else mix(dark, scheme.zenith, 0.25)
            )
            if not scheme.lamps_lit:
                glass = mix(dark, scheme.upper, 0.2)
            glass = mix(glass, scheme.haze, depth * 0.5)
            low = v0 + high * (0.02 if r == 0 and c == door else 0.26)
            top, tip = v0 + high * 0.66, v0 + high * 0.86
            a, b, d, e = at(t0, low), at(t1, low), at(t1, top), at(t0, top)
            peak = at((t0 + t1) / 2, tip)
            arch = (
                f'<path d="M{a[0]:.1f},{a[1]:.1f}L{b[0]:.1f},{b[1]:.1f}L{d[0]:.1f},{d[1]:.1f}Q{d[0]:.1f},{(d[1] + peak[1]) / 2:.1f} {peak[0]:.1f},{peak[1]:.1f}'
                f'Q{e[0]:.1f},{(e[1] + peak[1]) / 2:.1f} {e[0]:.1f},{e[1]:.1f}Z" fill="{hexed(glass)}" stroke="{hexed(pale)}" stroke-width="{stage.unit * 0.5 * s1:.2f}"/>'
            )
            parts.append(arch)
            if r and rng.random() < 0.6:
                parts.append(face(t0 - 0.03, t1 + 0.03, low - high * 0.04, low + high * 0.1, dark))
                parts.append(face(t0 - 0.03, t1 + 0.03, low + high * 0.09, low + high * 0.12, pale))
            if on and s1 > 0.2 and c == 1:
                stage.lamps.append(Lamp(peak[0], (peak[1] + a[1]) / 2, stage.unit * 26 * s1, scheme.lamp, 0.3))
    return "".join(parts)


def canal(stage: Stage) -> Footing:
    """A street of water between old fronts, a bridge across it, mooring posts and a boat."""
    w, h, u = stage.width, stage.height, stage.unit
    scheme = stage.scheme
    stage.horizon = min(stage.horizon, h * 0.56)
    paint_sky(stage)
    vanish = w * 0.5 + (stage.hero_x - w * 0.5) * 0.25
    far = mix(lit_colour(stage, parse("#9a8074"), 0.5), scheme.haze, 0.45)
    dome_x = vanish + w * 0.015
    r = u * 5.5
    base = stage.horizon
    lay(
        stage,
        box(dome_x - u * 9, base - u * 8, u * 18, u * 9, hexed(far))
        + f'<path d="M{dome_x - r:.1f},{base - u * 7:.1f}A{r:.1f},{r * 1.25:.1f} 0 0 1 {dome_x + r:.1f},{base - u * 7:.1f}Z" fill="{hexed(far)}"/>'
        + box(dome_x - u * 0.9, base - u * 17, u * 1.8, u * 4, hexed(far))
        + box(dome_x - u * 8.4, base - u * 25, u * 2.6, u * 26, hexed(mix(far, scheme.haze, 0.2)))
        + poly([(dome_x - u * 8.7, base - u * 25), (dome_x - u * 7.1, base - u * 30), (dome_x - u * 5.5, base - u * 25)], hexed(far)),
        top=base - u * 32, bottom=base + u * 2, left=dome_x - u * 12, right=dome_x + u * 12,
    )  # fmt: skip
    fog(stage, stage.horizon - u * 2, 0.3, 0.08, "canal")
    edges = [0.05, 0.09, 0.15, 0.24, 0.38, 0.62, 1.05, 1.9]
    fronts = []
    for k in range(len(edges) - 1):
        depth = 0.6 * (1 - k / (len(edges) - 1)) ** 1.6
        for side in (-1, 1):
            fronts.append(_palace(stage, side, vanish, edges[k], edges[k + 1], depth, f"{side + 1}{k}"))
    fronts.insert(6, _hump_bridge(stage, vanish, 0.2))
    pixels = raster(f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}">{"".join(fronts)}</svg>')
    walls, paints = np.ascontiguousarray(pixels[..., 3]), np.ascontiguousarray(pixels[..., :3])
    # Once for the water to mirror, and again over it: the fronts stand in the water, not behind it.
    shown = stage.image.copy()
    stage.paint(walls, paints)
    paint_water(stage, calm=0.86 if stage.spec.weather not in ("storm", "wind") else 0.5)
    deep = np.array(mix(scheme.deep, parse("#2f6a62"), 0.4), np.float32)
    top = int(stage.horizon)
    y = np.linspace(0.12, 0.5, h - top, dtype=np.float32)[:, None, None]
    stage.image[top:] += (deep - stage.image[top:]) * y
    stage.image[:top] = shown[:top]
    stage.paint(walls, paints)
    for k, s in enumerate((0.34, 0.52, 0.78)):
        side = -1 if k % 2 else 1
        x, foot = _wall_point(stage, side, vanish, s, 0.0, 1.0)
        x -= side * u * 9 * s
        tall = u * 34 * s
        stripes = "".join(
            box(x - u * 0.9 * s, foot - tall + j * tall / 8, u * 1.8 * s, tall / 8 + 0.5,
                hexed(mix(lit_colour(stage, parse("#e8e0d0" if j % 2 else "#2f4a8a"), 0.1), scheme.near, 0.25)))
            for j in range(8)
        )  # fmt: skip
        lay(stage, stripes + f'<circle cx="{x:.1f}" cy="{foot - tall:.1f}" r="{u * 1.4 * s:.1f}" fill="{hexed(parse("#c89a3c"))}"/>',
            top=foot - tall - u * 3, bottom=foot + u, left=x - u * 3, right=x + u * 3, rim=0.4)  # fmt: skip
    if scheme.lamps_lit:
        for s in (0.16, 0.3, 0.5, 0.85):
            for side in (-1, 1):
                x, y0 = _wall_point(stage, side, vanish, s, 0.5, 1.0)
                lx = x - side * u * 3 * s
                stage.lamps.append(Lamp(lx, y0, u * 30 * s, scheme.lamp, 0.5))
                stage.lamps.append(Lamp(lx, y0, u * 5 * s, mix(scheme.lamp, (1, 1, 1), 0.5), 0.9))
                long = int(u * 40 * s) + 4
                yy, xx = np.mgrid[0 : 1 : complex(long), -1 : 1 : complex(int(u * 7 * s) + 3)].astype(np.float32)
                glint = np.clip(1 - np.abs(xx), 0, 1) * (1 - yy) * (0.55 + 0.45 * np.sin(yy * 34 + s * 40))
                foot = _wall_point(stage, side, vanish, s, 0.0, 1.0)[1]
                stage.shine(
                    np.asarray(glint, np.float32), scheme.lamp, 0.5, int(foot + u * 2 * s), int(lx - glint.shape[1] / 2)
                )
    if stage.spec.has("gondola") and not stage.spec.figures:
        side = 1 if stage.hero_x < w / 2 else -1
        x, row = w * (0.5 + side * 0.08), stage.horizon + (h - stage.horizon) * 0.42
        _gondola(stage, x, row, u * 0.15, side)
        return Footing(x, row, u * 15)
    return _landing(stage, vanish)


def _gondola(stage: Stage, x: float, row: float, unit: float, side: int) -> None:
    """A gondola with the gondolier at its stern."""
    hull = mix(lit_colour(stage, parse("#1c1a22"), 0.0), stage.scheme.near, 0.5)
    look = Look(
        coat="#2a3a6a", legs="#22222a", hat="#c8a860", wears=("brimmed_hat", "coat"), carries=("oar",), accent="#b03a34"
    )
    man = figure("man", "reaching", look.wears, ("oar",), 3)
    coat, accent = colours(stage, look)
    put(
        stage,
        man,
        x + side * 118 * unit,
        row - 40 * unit,
        unit,
        colour=coat,
        accent=accent,
        tints=tints(stage, look),
        flip=side > 0,
        rim=1.0,
        mirror=0.0,
    )
    put(
        stage, draw("vehicle", "gondola"), x, row, unit, colour=hull, accent=mix(lit_colour(stage, parse("#8a2a2c"), 0.0), hull, 0.3),
        flip=side < 0, rim=1.0, mirror=0.7,
    )  # fmt: skip


def _landing(stage: Stage, vanish: float) -> Footing:
    """A stone landing along one side, for whoever is in the picture."""
    w, h, u = stage.width, stage.height, stage.unit
    side = -1 if stage.hero_x < w / 2 else 1
    scheme = stage.scheme
    stone = mix(lit_colour(stage, parse("#a89a88"), 0.0), scheme.near, 0.3)
    dark = mix(stone, scheme.near, 0.55)
    span = h - stage.horizon
    far, near = stage.horizon + span * 0.3, h + u * 4
    wall_far = vanish + side * (0.06 * w + 0.3 * w * 0.56)
    edge_far, edge_near = wall_far - side * u * 5, vanish + side * w * 0.06
    outer = w * 1.2 if side > 0 else -w * 0.2
    body = [
        f"<defs>{downwards('landing', mix(stone, scheme.haze, 0.25), dark)}</defs>",
        poly(
            [(wall_far, far), (edge_far, far), (edge_near, near), (outer, near), (outer, stage.horizon + span * 0.75)],
            "url(#landing)",
        ),
        poly([(edge_far, far), (edge_near, near), (edge_near, near + u * 8), (edge_far, far + u * 2)], hexed(dark)),
    ]
    for k in range(1, 9):
        t = (k / 9) ** 1.6
        ax, ay = edge_far + (edge_near - edge_far) * t, far + (near - far) * t
        body.append(
            f'<path d="M{ax:.1f},{ay:.1f}H{outer:.1f}" stroke="{hexed(dark)}" stroke-width="{u * 0.3:.2f}" opacity="0.5"/>'
        )
    body.append(
        f'<path d="M{edge_far:.1f},{far:.1f}L{edge_near:.1f},{near:.1f}" stroke="{hexed(mix(stone, scheme.lit, 0.4))}" stroke-width="{u * 0.5:.1f}"/>'
    )
    lay(stage, "".join(body), top=far - u)
    street_lamp(stage, edge_far + side * u * 3, far + span * 0.12, u * 24)
    if stage.spec.has("gondola"):
        _gondola(stage, vanish - side * w * 0.02, stage.horizon + span * 0.34, u * 0.12, -side)
    t = 0.34
    x = edge_far + (edge_near - edge_far) * t + side * u * 9
    return Footing(x, far + (near - far) * t, u * 27, shadow=0.35)


def _hump_bridge(stage: Stage, vanish: float, s: float) -> str:
    """A small stone bridge across the water, its arch mirrored to a ring."""
    scheme, u = stage.scheme, stage.unit
    (ax, ay), (bx, _) = _wall_point(stage, -1, vanish, s, 0.0, 1.0), _wall_point(stage, 1, vanish, s, 0.0, 1.0)
    stone = mix(mix(lit_colour(stage, parse("#b8a890"), 0.0), scheme.near, 0.25), scheme.haze, 0.3)
    half, middle = (bx - ax) / 2, (ax + bx) / 2
    rise = half * 0.62
    deck = ay - rise - u * 2.4
    return (
        f'<path fill-rule="evenodd" d="M{ax - u * 3:.1f},{ay:.1f}V{ay - u * 6:.1f}Q{middle:.1f},{deck - u * 5:.1f} {bx + u * 3:.1f},{ay - u * 6:.1f}V{ay:.1f}Z '
        f'M{middle - half * 0.78:.1f},{ay:.1f}A{half * 0.78:.1f},{rise:.1f} 0 0 1 {middle + half * 0.78:.1f},{ay:.1f}Z" fill="{hexed(stone)}"/>'
        f'<path d="M{ax - u * 3:.1f},{ay - u * 7:.1f}Q{middle:.1f},{deck - u * 6:.1f} {bx + u * 3:.1f},{ay - u * 7:.1f}" fill="none" stroke="{hexed(mix(stone, scheme.lit, 0.3))}" stroke-width="{u * 0.8:.1f}"/>'
        f'<path d="M{middle - half * 0.78:.1f},{ay:.1f}A{half * 0.78:.1f},{rise:.1f} 0 0 1 {middle + half * 0.78:.1f},{ay:.1f}" fill="none" stroke="{hexed(mix(stone, scheme.near, 0.45))}" stroke-width="{u * 0.6:.1f}"/>'
    )


_AWNINGS = (
    ("#b8433a", "#e8dcc4"),
    ("#3f6f8a", "#e8e2d0"),
    ("#c8933a", "#efe4c8"),
    ("#4f7a4c", "#e6e0c8"),
    ("#7a4a74", "#e8dccc"),
)


def market(stage: Stage) -> Footing:
    """A square of stalls under striped awnings, goods on their tables, people between them, old houses round it."""
    w, h, u = stage.width, stage.height, stage.unit
    scheme = stage.scheme
    rng = stage.rng("market")
    stage.horizon = min(stage.horizon, h * 0.52)
    paint_sky(stage)
    span = h - stage.horizon
    houses = []
    x = -u * 6
    while x < w + u * 6:
        wide, tall = u * float(rng.uniform(13, 20)), u * float(rng.uniform(26, 40))
        own = parse(str(rng.choice(_PLASTER)))
        tone = mix(mix(lit_colour(stage, own, 0.0), scheme.near, 0.2), scheme.haze, 0.34)
        top = stage.horizon + u * 2 - tall
        roof = mix(mix(lit_colour(stage, parse("#8a4a38"), 0.0), scheme.near, 0.3), scheme.haze, 0.3)
        houses.append(box(x, top, wide, tall, hexed(tone)))
        houses.append(
            poly(
                [(x - u * 0.6, top), (x + wide / 2, top - u * float(rng.uniform(6, 12))), (x + wide + u * 0.6, top)],
                hexed(roof),
            )
        )
        for r in range(int(tall / (u * 8))):
            for c in range(3):
                on = scheme.lamps_lit and rng.random() < 0.45
                pane = scheme.lamp if on else mix(tone, scheme.near, 0.5)
                houses.append(
                    box(x + wide * (0.14 + 0.28 * c), top + u * 2.4 + r * u * 8, wide * 0.16, u * 4.2, hexed(pane))
                )
        for k in range(3):
            beam_x = x + wide * k / 2.02
            houses.append(box(beam_x, top, u * 0.5, tall, hexed(mix(tone, scheme.near, 0.4))))
        x += wide
    spire = w * (0.3 if stage.hero_x > w / 2 else 0.7)
    stone = mix(lit_colour(stage, parse("#a09484"), 0.3), scheme.haze, 0.4)
    houses.insert(0, box(spire - u * 5, stage.horizon - u * 40, u * 10, u * 42, hexed(stone)))
    houses.insert(
        1,
        poly(
            [
                (spire - u * 6, stage.horizon - u * 40),
                (spire, stage.horizon - u * 55),
                (spire + u * 6, stage.horizon - u * 40),
            ],
            hexed(stone),
        ),
    )
    lay(stage, "".join(houses), bottom=stage.horizon + u * 3)
    fog(stage, stage.horizon - u * 2, 0.22, 0.07, "market")
    plain(stage, "snow" if stage.spec.snow_lies else "asphalt", start=stage.horizon + u * 1.5, rough=0.12)
    _cobbles(stage)
    foot_row = stage.horizon + span * 0.42
    crowd = [
        (t, float(rng.uniform(0.2, 0.8)))
        for t in (0.035, 0.045, 0.055, 0.065, 0.08, 0.09, 0.1, 0.12, 0.14, 0.17, 0.2, 0.24, 0.3)
    ]
    empty = "empty" in stage.spec.objects
    for k, t in enumerate((0.05, 0.1, 0.18, 0.32, 0.58)):
        for side in (-1, 1):
            if not empty:
                for s, share in crowd:
                    if (0.0 if k == 0 else (0.05, 0.1, 0.18, 0.32)[k - 1]) < s <= t and (share < 0.5) == (side < 0):
                        passer(stage, share, s, int(s * 1000) + k)
            _stall(stage, side, t, f"{k}{side}", rng)
    for a, b in ((0.12, 0.2), (0.3, 0.16)):
        _bunting(stage, h * a, h * b)
    return Footing(stage.width * 0.5 + (stage.hero_x - w * 0.5) * 0.4, foot_row, u * 27, shadow=0.3)


def _cobbles(stage: Stage) -> None:
    u, w, h = stage.unit, stage.width, stage.height
    body = []
    tone = hexed(mix(stage.scheme.near, stage.scheme.shade, 0.3))
    for k in range(1, 14):
        t = (k / 14) ** 1.9
        y = stage.horizon + u * 2 + (h - stage.horizon) * t
        body.append(
            f'<path d="M0,{y:.1f}H{w}" stroke="{tone}" stroke-width="{u * (0.05 + 0.3 * t):.2f}" opacity="0.16"/>'
        )
    lay(stage, "".join(body), top=stage.horizon)


def _stall(stage: Stage, side: int, t: float, name: str, rng: np.random.Generator) -> None:
    """One stall: table, goods in crates, posts and a striped awning with a scalloped edge."""
    w, h, u = stage.width, stage.height, stage.unit
    scheme = stage.scheme
    depth = 0.45 * (1 - t) ** 5
    base = stage.horizon + (h - stage.horizon) * t + u * 2
    size = u * (5 + 62 * t)
    x = w * 0.5 + side * (w * (0.1 + 0.72 * t) + size * 0.35)
    if x < -size * 1.2 or x > w + size * 1.2:
        return

    def tone(code: str, dark: float = 0.15) -> str:
        return hexed(mix(mix(lit_colour(stage, parse(code), 0.0), scheme.near, dark), scheme.haze, depth))

    left, right = x - size * 0.62, x + size * 0.62
    table, eave = base - size * 0.42, base - size * 1.05
    one, two = _AWNINGS[int(rng.integers(len(_AWNINGS)))]
    parts = [
        box(left + size * 0.06, eave - size * 0.2, size * 0.045, base - eave + size * 0.2, tone("#5a4230", 0.3)),
        box(right - size * 0.1, eave - size * 0.2, size * 0.045, base - eave + size * 0.2, tone("#5a4230", 0.3)),
        box(left + size * 0.1, eave, right - left - size * 0.2, table - eave, tone("#3a2c24", 0.55), 'opacity="0.75"'),
        box(left, table, right - left, size * 0.07, tone("#8a6440")),
        box(left + size * 0.03, table + size * 0.07, right - left - size * 0.06, size * 0.35, tone(one, 0.35)),
    ]
    goods = ("#c8402c", "#d98a2c", "#5f8a3a", "#d9b83a", "#8a3a5a", "#c86a3a")
    for k in range(4):
        cx = left + (right - left) * (0.14 + 0.24 * k)
        code = goods[int(rng.integers(6))]
        parts.append(box(cx - size * 0.12, table - size * 0.1, size * 0.24, size * 0.11, tone("#7a5638", 0.25)))
        for j in range(7):
            gx, gy = (
                cx + (j % 4 - 1.5) * size * 0.055 + (j // 4) * size * 0.027,
                table - size * 0.11 - (j // 4) * size * 0.045,
            )
            parts.append(
                f'<circle cx="{gx:.1f}" cy="{gy:.1f}" r="{size * 0.033:.1f}" fill="{tone(code, float(rng.uniform(0, 0.2)))}"/>'
            )
    stripes = 9
    for k in range(stripes):
        a, b = k / stripes, (k + 1) / stripes
        xa, xb = (
            left - size * 0.1 + (right - left + size * 0.2) * a,
            left - size * 0.1 + (right - left + size * 0.2) * b,
        )
        ta, tb = (
            left + size * 0.08 + (right - left - size * 0.16) * a,
            left + size * 0.08 + (right - left - size * 0.16) * b,
        )
        fill = tone(one if k % 2 == 0 else two, 0.05)
        parts.append(poly([(ta, eave - size * 0.36), (tb, eave - size * 0.36), (xb, eave), (xa, eave)], fill))
        parts.append(
            f'<path d="M{xa:.1f},{eave - 0.5:.1f}H{xb:.1f}V{eave + size * 0.05:.1f}Q{(xa + xb) / 2:.1f},{eave + size * 0.13:.1f} {xa:.1f},{eave + size * 0.05:.1f}Z" fill="{fill}"/>'
        )
    del name
    lay(
        stage,
        "".join(parts),
        top=eave - size * 0.5,
        bottom=base + u * 2,
        left=left - size * 0.2,
        right=right + size * 0.2,
        rim=0.35,
    )
    if scheme.lamps_lit:
        stage.lamps.append(Lamp(x, eave + size * 0.12, size * 0.9, scheme.lamp, 0.5))
        stage.lamps.append(Lamp(x, eave + size * 0.1, size * 0.14, mix(scheme.lamp, (1, 1, 1), 0.4), 0.8))


_CROWD = (("woman", ("dress", "scarf")), ("man", ("coat", "cap")), ("old_woman", ("skirt", "cloak")), ("man", ("long_coat", "hat")), ("boy", ("coat",)),
          ("woman", ("skirt", "hood")), ("girl", ("dress",)), ("old_man", ("coat", "brimmed_hat")))  # fmt: skip
_COATS = ("#6a4438", "#3f5566", "#7a6a44", "#5a3f54", "#44604c", "#84503a", "#48454f")


def passer(stage: Stage, share: float, t: float, number: int) -> None:
    """Somebody of the crowd."""
    u = stage.unit
    kind, wears = _CROWD[number % len(_CROWD)]
    look = Look(kind=kind, coat=_COATS[number % len(_COATS)], accent="#c8933a", wears=wears)
    pose = ("standing_side", "walking_side", "standing_back", "walking_away")[number % 4]
    shape = figure(kind, pose, wears, ("basket",) if number % 3 == 0 else (), number)
    coat, accent = colours(stage, look, 0.4 * (1 - t) ** 6)
    x = stage.width * 0.5 + (share - 0.5) * stage.width * (0.3 + 1.6 * t)
    put(
        stage, shape, x, stage.horizon + (stage.height - stage.horizon) * t + u * 2, u * (0.05 + 0.52 * t), colour=coat, accent=accent,
        tints=tints(stage, look), depth=0.35 * (1 - t) ** 6, flip=number % 2 == 0, rim=0.8, shadow=0.25,
    )  # fmt: skip


def _bunting(stage: Stage, left: float, right: float) -> None:
    """A string of small flags across the square."""
    w, u = stage.width, stage.unit
    sag = u * 9
    body = [
        f'<path d="M0,{left:.1f}Q{w / 2:.1f},{(left + right) / 2 + sag * 2:.1f} {w},{right:.1f}" stroke="#3a3030" stroke-width="{u * 0.18:.2f}" fill="none"/>'
    ]
    for k in range(26):
        t = (k + 0.5) / 26
        y = left * (1 - t) ** 2 + 2 * t * (1 - t) * ((left + right) / 2 + sag * 2) + right * t * t
        code = _AWNINGS[k % 5][0]
        fill = hexed(mix(lit_colour(stage, parse(code), 0.1), stage.scheme.near, 0.1))
        body.append(poly([(w * t - u * 1.3, y), (w * t + u * 1.3, y), (w * t, y + u * 3)], fill))
    lay(stage, "".join(body), top=min(left, right) - u, bottom=max(left, right) + sag * 2 + u * 4)
