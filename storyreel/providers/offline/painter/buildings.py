"""Built things: houses, lighthouses, churches, castles, bridges, gravestones, warehouses and street fronts."""

from __future__ import annotations

import numpy as np

from storyreel.providers.offline.painter.colour import Colour, hexed, mix, parse, shift
from storyreel.providers.offline.painter.land import lit_colour
from storyreel.providers.offline.painter.light import beam
from storyreel.providers.offline.painter.noise import Rng
from storyreel.providers.offline.painter.shapes import lay
from storyreel.providers.offline.painter.stage import Lamp, Stage


def poly(points: list[tuple[float, float]], fill: str, extra: str = "") -> str:
    """A polygon element."""
    return f'<path d="M{"L".join(f"{x:.1f},{y:.1f}" for x, y in points)}Z" fill="{fill}" {extra}/>'


def box(x: float, y: float, w: float, h: float, fill: str, extra: str = "") -> str:
    """A rectangle element."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}" {extra}/>'


def across(stage: Stage, name: str, colour: Colour, share: float = 0.3) -> str:
    """A gradient definition from the lit to the shaded side of something upright and round."""
    lit, dark = mix(colour, stage.scheme.lit, share), mix(colour, stage.scheme.near, share * 1.6)
    a, b = (dark, lit) if stage.light_from[0] > 0 else (lit, dark)
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="{hexed(a)}"/>'
        f'<stop offset="0.55" stop-color="{hexed(colour)}"/><stop offset="1" stop-color="{hexed(b)}"/></linearGradient>'
    )


def downwards(name: str, top: Colour, bottom: Colour) -> str:
    """A gradient definition from top to bottom."""
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{hexed(top)}"/>'
        f'<stop offset="1" stop-color="{hexed(bottom)}"/></linearGradient>'
    )


def window_colour(stage: Stage, wall: Colour, rng: Rng, share_lit: float = 1.0) -> Colour:
    """A window: shining when lamps are lit, else holding a little of the sky."""
    if stage.scheme.lamps_lit and rng.random() < share_lit:
        return shift(stage.scheme.lamp, lightness=float(rng.uniform(-0.1, 0.05)))
    return mix(wall, stage.scheme.lower if not stage.scheme.lamps_lit else stage.scheme.near, 0.5)


def lighthouse(stage: Stage, x: float, base: float, tall: float, depth: float = 0.06) -> None:
    """A striped tower with its lamp; at dark hours and in thick air the lamp throws two beams."""
    scheme = stage.scheme
    lit = scheme.lamps_lit or stage.spec.weather in ("fog", "storm", "rain")
    # Its own lamp and the sky light the tower a little even at night.
    white = mix(lit_colour(stage, parse("#e8e4da"), depth), mix(scheme.shade, scheme.lit, 0.6), 0.4)
    red = mix(lit_colour(stage, parse("#b8402f"), depth), mix(parse("#a8402f"), scheme.shade, 0.45), 0.4)
    dark = mix(lit_colour(stage, parse("#34343c"), depth), scheme.near, 0.3)
    w0, w1 = tall * 0.1, tall * 0.06
    top = base - tall * 0.8

    def half(t: float) -> float:
        return float(w0 + (w1 - w0) * t**0.85)

    body = [
        "<defs>",
        across(stage, "w", white, 0.4),
        across(stage, "r", red, 0.35),
        across(stage, "k", dark, 0.3),
        "</defs>",
    ]
    bands = 6
    for k in range(bands):
        a, b = k / bands, (k + 1) / bands
        ya, yb = base + (top - base) * a, base + (top - base) * b
        body.append(
            poly(
                [(x - half(a), ya), (x + half(a), ya), (x + half(b), yb), (x - half(b), yb)],
                "url(#w)" if k % 2 == 0 else "url(#r)",
            )
        )
    body.append(box(x - w1 * 1.5, top - tall * 0.012, w1 * 3, tall * 0.022, "url(#k)"))
    for k in range(9):
        px = x - w1 * 1.45 + k * w1 * 2.9 / 8
        body.append(box(px - tall * 0.002, top - tall * 0.05, tall * 0.004, tall * 0.04, hexed(dark)))
    body.append(box(x - w1 * 1.47, top - tall * 0.053, w1 * 2.94, tall * 0.006, hexed(dark)))
    glass = scheme.lamp if lit else mix(scheme.lower, (1, 1, 1), 0.3)
    body.append(
        box(x - w1 * 0.78, top - tall * 0.1, w1 * 1.56, tall * 0.09, hexed(mix(glass, (1, 1, 1), 0.5 if lit else 0.1)))
    )
    for k in range(4):
        px = x - w1 * 0.78 + k * w1 * 1.56 / 3
        body.append(box(px - tall * 0.003, top - tall * 0.1, tall * 0.006, tall * 0.09, hexed(dark)))
    body.append(
        f'<path d="M{x - w1 * 0.95},{top - tall * 0.1} Q{x},{top - tall * 0.2} {x + w1 * 0.95},{top - tall * 0.1}Z" fill="url(#k)"/>'
    )
    body.append(box(x - tall * 0.003, top - tall * 0.2, tall * 0.006, tall * 0.055, hexed(dark)))
    rng = stage.rng("lighthouse")
    for t in (0.22, 0.5, 0.74):
        y = base + (top - base) * t
        wc = scheme.lamp if scheme.lamps_lit else dark
        body.append(
            box(x - tall * 0.011, y - tall * 0.018, tall * 0.022, tall * 0.036, hexed(wc), f'rx="{tall * 0.01}"')
        )
    body.append(
        f'<path d="M{x - tall * 0.026},{base} v{-tall * 0.05} q{tall * 0.026},{-tall * 0.03} {tall * 0.052},0 v{tall * 0.05}Z" fill="{hexed(dark)}"/>'
    )
    lay(stage, "".join(body), top=base - tall * 1.05, bottom=base + 3, rim=0.7)
    if lit:
        lx, ly = x, top - tall * 0.055
        bright = scheme.near != (0, 0, 0) and stage.spec.light in ("noon", "overcast", "golden", "dawn")
        angle = float(rng.uniform(-0.16, 0.06))
        power = 0.34 if bright else 0.8
        for turn, share in ((0.0, 1.0), (np.pi + 0.1, 0.75)):
            beam(
                stage,
                lx,
                ly,
                angle + turn,
                0.062,
                stage.width * 0.6,
                mix(scheme.lamp, (1, 1, 0.94), 0.55),
                power * share,
            )
        stage.lamps.append(Lamp(lx, ly, tall * 0.5, scheme.lamp, 0.7 if not bright else 0.3))
        stage.lamps.append(Lamp(lx, ly, tall * 0.13, (1.0, 0.97, 0.88), 0.95))


def cottage(stage: Stage, x: float, base: float, wide: float, name: str, depth: float = 0.08, wall: str = "") -> None:
    """A small house with a gable, a chimney and lit windows."""
    rng = stage.rng(f"house{name}")
    own = parse(wall or str(rng.choice(["#cfc4b0", "#b9a58c", "#9c8f86", "#c7a98a", "#a99f9a"])))
    face = mix(lit_colour(stage, own, depth), stage.scheme.near, 0.18)
    roof = (
        mix(lit_colour(stage, parse("#5b4640"), depth), stage.scheme.near, 0.12)
        if not stage.spec.snow_lies
        else lit_colour(stage, "snow", depth)
    )
    tall, pitch = wide * rng.uniform(0.5, 0.66), wide * rng.uniform(0.36, 0.5)
    left = x - wide / 2
    dark = mix(face, stage.scheme.near, 0.5)
    body = [
        "<defs>",
        downwards("f", face, mix(face, stage.scheme.near, 0.3)),
        across(stage, "o", roof, 0.25),
        "</defs>",
    ]
    chim = left + wide * (0.24 if rng.random() < 0.5 else 0.7)
    body.append(box(chim, base - tall - pitch * 0.95, wide * 0.11, pitch * 0.8, hexed(dark)))
    body.append(
        poly(
            [
                (left, base),
                (left, base - tall),
                (x, base - tall - pitch),
                (left + wide, base - tall),
                (left + wide, base),
            ],
            "url(#f)",
        )
    )
    over = wide * 0.09
    thick = wide * 0.085
    body.append(poly([(left - over, base - tall + over * 0.9), (x, base - tall - pitch - thick), (left + wide + over, base - tall + over * 0.9),
                      (left + wide + over, base - tall + over * 0.9 + thick * 0.6), (x, base - tall - pitch + thick * 0.5),
                      (left - over, base - tall + over * 0.9 + thick * 0.6)], "url(#o)"))  # fmt: skip
    size = wide * 0.16
    lit_any = False
    for wx, wy in ((0.28, 0.55), (0.72, 0.55), (0.5, 1.08)):
        colour = window_colour(stage, face, rng, 0.8)
        lit_any |= stage.scheme.lamps_lit
        px, py = left + wide * wx - size / 2, base - tall * wy - size * 0.6
        s = size if wy < 1 else size * 0.8
        body.append(box(px, py, s, s * 1.15, hexed(colour)))
        body.append(
            box(px + s * 0.45, py, s * 0.1, s * 1.15, hexed(dark)) + box(px, py + s * 0.52, s, s * 0.1, hexed(dark))
        )
    body.append(
        box(x - wide * 0.07, base - tall * 0.52, wide * 0.14, tall * 0.52, hexed(mix(dark, stage.scheme.near, 0.4)))
    )
    lay(stage, "".join(body), top=base - tall - pitch * 1.6, bottom=base + 3, rim=0.6)
    if stage.scheme.lamps_lit and lit_any:
        for wx in (0.28, 0.72):
            stage.lamps.append(Lamp(left + wide * wx, base - tall * 0.55, wide * 0.5, stage.scheme.lamp, 0.42))
    if stage.spec.snow_lies or stage.spec.light in ("dawn", "dusk", "night", "moon"):
        smoke(stage, chim + wide * 0.055, base - tall - pitch * 0.95, wide)


def smoke(stage: Stage, x: float, y: float, size: float) -> None:
    """Smoke rising from a chimney."""
    rng = stage.rng(f"smoke{x:.0f}")
    side = float(rng.choice([-1, 1]))
    body = []
    for k in range(9):
        t = k / 8
        body.append(
            f'<circle cx="{x + side * size * (0.12 * t + 0.6 * t**2):.1f}" cy="{y - size * 1.2 * t:.1f}" r="{size * (0.04 + 0.13 * t):.1f}" '
            f'fill="{hexed(mix(stage.scheme.haze, stage.scheme.lit, 0.35))}" opacity="{0.3 * (1 - t):.2f}"/>'
        )
    lay(stage, "".join(body), top=y - size * 1.6, bottom=y + size * 0.2)


def church_far(stage: Stage, x: float, base: float, tall: float, depth: float = 0.5) -> None:
    """A church with its steeple, at some distance."""
    tone = mix(lit_colour(stage, "stone", depth), stage.scheme.near, 0.25)
    roof = mix(tone, stage.scheme.near, 0.4)
    w = tall * 0.16
    body = [
        box(x - w / 2, base - tall * 0.62, w, tall * 0.62, hexed(tone)),
        poly([(x - w * 0.62, base - tall * 0.61), (x, base - tall), (x + w * 0.62, base - tall * 0.61)], hexed(roof)),
        box(x + w / 2, base - tall * 0.3, tall * 0.42, tall * 0.3, hexed(tone)),
        poly([(x + w * 0.4, base - tall * 0.29), (x + w * 0.8, base - tall * 0.48), (x + w / 2 + tall * 0.4, base - tall * 0.48), (x + w / 2 + tall * 0.46, base - tall * 0.29)], hexed(roof)),
        box(x - tall * 0.004, base - tall * 1.07, tall * 0.008, tall * 0.08, hexed(roof)), box(x - tall * 0.02, base - tall * 1.05, tall * 0.04, tall * 0.008, hexed(roof)),
    ]  # fmt: skip
    rng = stage.rng("church")
    lamp = window_colour(stage, tone, rng)
    for k in range(4):
        wx = x + w * 0.85 + k * tall * 0.095
        body.append(
            f'<path d="M{wx},{base - tall * 0.07} v{-tall * 0.1} q{tall * 0.014},{-tall * 0.03} {tall * 0.028},0 v{tall * 0.1}Z" fill="{hexed(lamp)}"/>'
        )
    body.append(box(x - tall * 0.014, base - tall * 0.53, tall * 0.028, tall * 0.06, hexed(mix(roof, lamp, 0.4))))
    lay(stage, "".join(body), top=base - tall * 1.1, bottom=base + 2, rim=0.5, depth=depth * 0.4)


def gravestones(stage: Stage) -> None:
    """Rows of leaning stones and crosses, larger towards the viewer."""
    rng = stage.rng("stones")
    body = []
    span = stage.height - stage.horizon
    for t in sorted(rng.uniform(0.05, 0.62, 30)):
        y, x = stage.horizon + span * t, rng.uniform(0, stage.width)
        if abs(x - stage.hero_x) < stage.unit * 10 and 0.3 < t < 0.6:
            continue
        size = stage.unit * (2.5 + 17 * t)
        tone = mix(lit_colour(stage, "stone", 0.7 * (1 - t) ** 2), stage.scheme.near, 0.3 + 0.35 * t)
        lean = rng.normal(0, 5)
        w = size * 0.34
        if rng.random() < 0.34:
            shape = box(-w * 0.16, -size * 1.1, w * 0.32, size * 1.12, hexed(tone)) + box(
                -w * 0.6, -size * 0.85, w * 1.2, w * 0.3, hexed(tone)
            )
        else:
            shape = f'<path d="M{-w},{size * 0.02} V{-size * 0.6} A{w},{w * 0.9} 0 0 1 {w},{-size * 0.6} V{size * 0.02}Z" fill="{hexed(tone)}"/>'
        body.append(f'<g transform="translate({x:.1f},{y:.1f}) rotate({lean:.1f})">{shape}</g>')
    lay(stage, "".join(body), top=stage.horizon - stage.unit * 4, rim=0.8)


def stone_bridge(stage: Stage, row: float) -> float:
    """An arched bridge across the picture; the row of its roadway comes back."""
    w, u = stage.width, stage.unit
    tone = mix(lit_colour(stage, "stone", 0.22), stage.scheme.near, 0.3)
    dark = mix(tone, stage.scheme.near, 0.5)
    top = row - u * 13
    arches = 3 if not stage.portrait else 2
    path = f"M{-u},{row + u * 5} V{top} Q{w / 2},{top - u * 4} {w + u},{top} V{row + u * 5}"
    step = (w + 2 * u) / arches
    for k in range(arches):
        x1, x0 = w + u - k * step - step * 0.08, w + u - (k + 1) * step + step * 0.08
        path += f" H{x1:.1f} V{row:.1f} A{(x1 - x0) / 2:.1f},{u * 9.5:.1f} 0 0 0 {x0:.1f},{row:.1f} V{row + u * 5:.1f}"
    body = f'<defs>{downwards("b", mix(tone, stage.scheme.lit, 0.14), dark)}</defs><path d="{path} Z" fill="url(#b)"/>'
    body += f'<path d="M{-u},{top - u * 1.6} Q{w / 2},{top - u * 5.6} {w + u},{top - u * 1.6} V{top + u * 0.8} Q{w / 2},{top - u * 3.2} {-u},{top + u * 0.8}Z" fill="{hexed(mix(tone, stage.scheme.lit, 0.1))}"/>'
    lay(stage, body, top=top - u * 8, bottom=row + u * 6, rim=0.7)
    return float(top - u * 3.0)


def warehouses(stage: Stage, base: float) -> None:
    """A row of tall narrow houses along a quay."""
    rng = stage.rng("warehouses")
    body, x = [], -stage.unit * 4
    while x < stage.width + stage.unit * 4:
        wide, tall = stage.unit * rng.uniform(6, 11), stage.unit * rng.uniform(9, 19)
        own = parse(str(rng.choice(["#a8604a", "#c9a06a", "#8c98a0", "#b8b0a0", "#6f7f86", "#c07a58"])))
        face = mix(lit_colour(stage, own, 0.4), stage.scheme.near, 0.16)
        roof = mix(face, stage.scheme.near, 0.45)
        if rng.random() < 0.7:
            body.append(
                poly(
                    [(x, base - tall), (x + wide / 2, base - tall - wide * 0.55), (x + wide, base - tall)], hexed(roof)
                )
            )
        body.append(box(x, base - tall, wide + 0.6, tall + 2, hexed(face)))
        size = stage.unit * 1.15
        for r in range(int(tall / (size * 2.1))):
            for c in range(3):
                colour = window_colour(stage, face, rng, 0.42)
                body.append(
                    box(
                        x + wide * (0.18 + 0.27 * c),
                        base - tall + size * (0.8 + 2.1 * r),
                        size * 0.8,
                        size * 1.2,
                        hexed(colour),
                    )
                )
        x += wide
    lay(stage, "".join(body), top=base - stage.unit * 28, bottom=base + 3, rim=0.4, depth=0.16)
    if stage.scheme.lamps_lit:
        for _ in range(10):
            stage.lamps.append(
                Lamp(
                    float(rng.uniform(0, stage.width)), base - stage.unit * 1.6, stage.unit * 7, stage.scheme.lamp, 0.5
                )
            )


def tower_block(
    stage: Stage, x: float, base: float, wide: float, tall: float, tone: Colour, rng: Rng, lit_share: float, pane: float
) -> str:
    """One tall building seen square on, its windows in rows."""
    parts = [box(x, base - tall, wide, tall + 2, hexed(tone))]
    if rng.random() < 0.5:
        cap = wide * rng.uniform(0.3, 0.6)
        parts.append(box(x + (wide - cap) / 2, base - tall - wide * 0.14, cap, wide * 0.15, hexed(tone)))
    if rng.random() < 0.25:
        parts.append(box(x + wide * 0.5, base - tall - wide * 0.6, max(1.0, wide * 0.02), wide * 0.6, hexed(tone)))
    columns, rows = max(2, int(wide / (pane * 1.9))), max(2, int(tall / (pane * 2.4)))
    for r in range(rows):
        for c in range(columns):
            if rng.random() < lit_share:
                colour = shift(
                    stage.scheme.lamp, lightness=float(rng.uniform(-0.16, 0.05)), chroma=float(rng.uniform(0.4, 1.0))
                )
                parts.append(
                    box(
                        x + (c + 0.3) * wide / columns,
                        base - tall + (r + 0.4) * tall / rows,
                        wide / columns * 0.5,
                        tall / rows * 0.5,
                        hexed(colour),
                        f'opacity="{rng.uniform(0.5, 1):.2f}"',
                    )
                )
    return "".join(parts)


def skyline(
    stage: Stage, base: float, *, depth: float, tall: float, wide: float, name: str, lit_share: float = 0.2
) -> None:
    """A row of tall buildings at a distance; `tall` and `wide` in pixels of an average one."""
    rng = stage.rng(name)
    tone = mix(lit_colour(stage, parse("#5c6478"), depth), stage.scheme.near, 0.35 * (1 - depth))
    share = lit_share if stage.scheme.lamps_lit else 0.0
    body, x = [], -wide
    while x < stage.width + wide:
        w, t = wide * rng.uniform(0.5, 1.4), tall * rng.uniform(0.4, 1.25)
        shade = shift(tone, lightness=float(rng.uniform(-0.025, 0.025)))
        body.append(
            tower_block(stage, x, base, w, t, shade, rng, share, max(2.5, stage.unit * (0.5 + 0.6 * (1 - depth))))
        )
        x += w * rng.uniform(0.8, 1.1)
    lay(stage, "".join(body), top=base - tall * 1.9, bottom=base + 3, rim=0.5 * (1 - depth), depth=depth * 0.35)


def castle(stage: Stage, x: float, base: float, tall: float, depth: float = 0.2, ruined: bool = False) -> None:
    """A castle: a keep, towers with pointed roofs, a wall with battlements; broken when ruined."""
    rng = stage.rng("castle")
    tone = mix(lit_colour(stage, "stone", depth + 0.1), stage.scheme.shade, 0.25)
    roof = mix(lit_colour(stage, parse("#4d5a72"), depth), stage.scheme.near, 0.2)
    body = ["<defs>", across(stage, "t", tone, 0.34), across(stage, "o", roof, 0.3), "</defs>"]

    def battlements(left: float, right: float, row: float, size: float) -> str:
        out, px = [], left
        while px < right - size * 0.4:
            if not (ruined and rng.random() < 0.4):
                out.append(box(px, row - size, size, size * 1.3, "url(#t)"))
            px += size * 1.9
        return "".join(out)

    def tower(px: float, w: float, h: float, pointed: bool) -> str:
        out = [
            box(px - w / 2, base - h, w, h + 3, "url(#t)"),
            box(px - w * 0.6, base - h - w * 0.1, w * 1.2, w * 0.26, "url(#t)"),
        ]
        if ruined:
            out.append(
                poly(
                    [
                        (px - w * 0.6, base - h),
                        (px - w * 0.4, base - h - w * 0.7),
                        (px - w * 0.1, base - h - w * 0.2),
                        (px + w * 0.25, base - h - w * 0.5),
                        (px + w * 0.6, base - h),
                    ],
                    "url(#t)",
                )
            )
        elif pointed:
            out.append(
                poly(
                    [
                        (px - w * 0.68, base - h - w * 0.08),
                        (px, base - h - w * 1.75),
                        (px + w * 0.68, base - h - w * 0.08),
                    ],
                    "url(#o)",
                )
            )
            out.append(box(px - w * 0.015, base - h - w * 2.1, w * 0.03, w * 0.4, hexed(roof)))
            out.append(
                poly(
                    [(px, base - h - w * 2.1), (px + w * 0.5, base - h - w * 1.98), (px, base - h - w * 1.86)],
                    hexed(mix(roof, stage.scheme.lamp, 0.4)),
                )
            )
        else:
            out.append(battlements(px - w * 0.6, px + w * 0.6, base - h - w * 0.06, w * 0.16))
        for k in range(2):
            colour = window_colour(stage, tone, rng, 0.0 if ruined else 0.75)
            wy = base - h * (0.8 - 0.34 * k)
            out.append(
                f'<path d="M{px - w * 0.07},{wy} v{-w * 0.24} q{w * 0.07},{-w * 0.1} {w * 0.14},0 v{w * 0.24}Z" fill="{hexed(colour)}"/>'
            )
            if stage.scheme.lamps_lit and not ruined:
                stage.lamps.append(Lamp(px, wy - w * 0.12, w * 0.8, stage.scheme.lamp, 0.35))
        return "".join(out)

    wall = tall * 0.28
    body.append(tower(x + tall * 0.05, tall * 0.26, tall * 0.7, False))
    body.append(tower(x - tall * 0.3, tall * 0.13, tall * 0.62, True))
    body.append(tower(x + tall * 0.26, tall * 0.12, tall * 0.72, True))
    body.append(tower(x - tall * 0.02, tall * 0.11, tall * 0.85, True))
    body.append(
        box(x - tall * 0.6, base - wall, tall * 1.2, wall + 3, "url(#t)")
        + battlements(x - tall * 0.6, x + tall * 0.6, base - wall, tall * 0.03)
    )
    body.append(tower(x - tall * 0.6, tall * 0.15, tall * 0.4, not ruined))
    body.append(tower(x + tall * 0.6, tall * 0.15, tall * 0.44, not ruined))
    gate = tall * 0.07
    body.append(
        f'<path d="M{x - gate},{base + 2} v{-gate * 1.6} a{gate},{gate} 0 0 1 {gate * 2},0 v{gate * 1.6}Z" fill="{hexed(mix(stage.scheme.near, stage.scheme.lamp, 0.25 if stage.scheme.lamps_lit and not ruined else 0.0))}"/>'
    )
    lay(stage, "".join(body), top=base - tall * 1.25, bottom=base + 4, rim=0.7, depth=depth * 0.4)


def street_lamp(stage: Stage, x: float, base: float, tall: float) -> None:
    """A lamp post; it shines when lamps are lit."""
    tone = hexed(mix(stage.scheme.near, stage.scheme.shade, 0.15))
    t = tall * 0.016
    lamp = stage.scheme.lamp if stage.scheme.lamps_lit else mix(stage.scheme.lower, (1, 1, 1), 0.2)
    body = (
        box(x - t, base - tall * 0.86, 2 * t, tall * 0.86, tone) + box(x - t * 2.4, base - tall * 0.08, t * 4.8, tall * 0.08, tone)
        + poly([(x - t * 2.2, base - tall * 0.86), (x - t * 3.4, base - tall * 0.97), (x + t * 3.4, base - tall * 0.97), (x + t * 2.2, base - tall * 0.86)], hexed(mix(lamp, (1, 1, 1), 0.35)))
        + poly([(x - t * 4, base - tall * 0.965), (x, base - tall * 1.03), (x + t * 4, base - tall * 0.965)], tone)
    )  # fmt: skip
    lay(stage, body, top=base - tall * 1.05, bottom=base + 2, rim=0.5)
    if stage.scheme.lamps_lit:
        stage.lamps.append(Lamp(x, base - tall * 0.91, tall * 0.75, stage.scheme.lamp, 0.62))
        stage.lamps.append(Lamp(x, base - tall * 0.91, tall * 0.16, (1.0, 0.96, 0.86), 0.9))
