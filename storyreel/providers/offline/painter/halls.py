"""Rooms people share: classrooms, laboratories, theatres, hospital corridors, offices and railway carriages."""

from __future__ import annotations

import numpy as np

from storyreel.providers.offline.painter.buildings import box, poly, skyline
from storyreel.providers.offline.painter.chamber import Chamber, Light, chamber, illuminate
from storyreel.providers.offline.painter.colour import Array, Colour, hexed, luminance, mix, parse, shift
from storyreel.providers.offline.painter.light import beam, window_shafts
from storyreel.providers.offline.painter.noise import smooth
from storyreel.providers.offline.painter.rooms import outdoors
from storyreel.providers.offline.painter.shapes import lay, put, raster
from storyreel.providers.offline.painter.stage import Footing, Lamp, Stage
from storyreel.providers.offline.silhouettes import draw

_BLACK: Colour = (0.0, 0.0, 0.0)


def _daylight(stage: Stage) -> Colour:
    return mix(stage.scheme.lit, stage.scheme.glow, 0.4)


def _bright(stage: Stage) -> Array:
    """Where the picture is bright already: glass and lamps, which keep their light."""
    return smooth(0.72, 0.88, luminance(stage.image))


def _panes(room: Chamber, side: int, spans: list[tuple[float, float]], y: tuple[float, float], frame: Colour) -> None:
    """Tall windows in a side wall, sky in them."""
    scheme = room.stage.scheme
    glass = mix(scheme.lower, (1, 1, 1), 0.5) if not scheme.lamps_lit else mix(scheme.zenith, scheme.lower, 0.4)
    for a, b in spans:
        room.panel(side, (a * 0.985, b * 1.015), (y[0] - 0.02, y[1] + 0.02), frame)
        room.panel(side, (a, b), y, glass)
        middle = (y[0] + y[1]) / 2
        room.panel(side, (a, b), (middle - 0.008, middle + 0.008), frame)
        for k in (1, 2):
            s = 1 / (1 / a + (1 / b - 1 / a) * k / 3)
            room.panel(side, (s * 0.992, s * 1.008), y, frame)


def _sun_through(
    room: Chamber, side: int, spans: list[tuple[float, float]], y: tuple[float, float], power: float
) -> None:
    """Slanting light from a wall's windows across the floor."""
    stage = room.stage
    if stage.scheme.lamps_lit and stage.spec.light not in ("moon", "sunset"):
        return
    for a, b in spans:
        corners = [room.at(side, y[1], a), room.at(side, y[1], b), room.at(side, y[0], b), room.at(side, y[0], a)]
        window_shafts(stage, corners, (-side * stage.width * 0.34, stage.height * 0.5), _daylight(stage), power)


def classroom(stage: Stage) -> Footing:
    """Rows of desks before a blackboard, tall windows down one side."""
    u = stage.unit
    rng = stage.rng("classroom")
    room = chamber(stage, wide=0.62, floor=0.44, high=0.62, far=0.34, eye=0.47)
    side = -1 if stage.hero_x > stage.width / 2 else 1
    wall, wood = parse("#b9ad90"), parse("#8a6240")
    room.shell(wall, parse("#8f7556"), parse("#d8d2c4"))
    room.lines(0, parse("#4a3a2a"), np.geomspace(0.36, 2.0, 12).tolist(), np.linspace(-1, 1, 13).tolist(), 0.35)
    for wing in (-1, 1):
        room.panel(wing, (room.far, 2.4), (0, 0.26), mix(parse("#5f6f5a"), wall, 0.2))
        room.panel(wing, (room.far, 2.4), (0.255, 0.27), mix(wood, _BLACK, 0.2))
    room.plate((-1, 1), (0, 0.26), mix(parse("#5f6f5a"), wall, 0.2))
    spans = [(0.4, 0.52), (0.58, 0.78), (0.9, 1.3)]
    _panes(room, side, spans, (0.34, 0.88), parse("#e4ddcc"))
    # The board with what was last written on it, a map, a clock.
    room.plate((-0.64, 0.64), (0.36, 0.8), wood)
    room.plate((-0.62, 0.62), (0.375, 0.785), parse("#24382f"))
    x0, y0 = room.at(-0.56, 0.72, room.far)
    scale = room.at(0.62, 0, room.far)[0] - x0
    for row in range(4):
        x, y = x0, y0 + row * scale * 0.085
        strokes = [f"M{x:.1f},{y:.1f}"]
        for _ in range(int(rng.integers(4, 8))):
            long = scale * float(rng.uniform(0.03, 0.08))
            wave = scale * 0.014
            strokes.append(f"q{long / 4:.1f},{-wave:.1f} {long / 2:.1f},0 t{long / 2:.1f},0 m{scale * 0.025:.1f},0")
        room.body.append(
            f'<path d="{"".join(strokes)}" stroke="#dfe6dc" stroke-width="{u * 0.22:.2f}" fill="none" opacity="0.75"/>'
        )
    cx, cy = room.at(0.4, 0.52, room.far)
    r = scale * 0.1
    room.body.append(
        f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="{r:.1f}" fill="none" stroke="#dfe6dc" stroke-width="{u * 0.2:.2f}" opacity="0.7"/>'
        f'<path d="M{cx - r:.1f},{cy:.1f}L{cx + r * 0.7:.1f},{cy - r * 0.7:.1f}L{cx + r * 0.5:.1f},{cy + r * 0.86:.1f}Z" stroke="#dfe6dc" '
        f'stroke-width="{u * 0.2:.2f}" fill="none" opacity="0.7"/>'
    )
    room.plate((-0.62, 0.62), (0.35, 0.37), mix(wood, (1, 1, 1), 0.1))
    px, py = room.at(0.84, 0.86, room.far)
    room.body.append(
        f'<circle cx="{px:.1f}" cy="{py:.1f}" r="{u * 3:.1f}" fill="#efe8d8" stroke="#3a2c20" stroke-width="{u * 0.5:.1f}"/>'
        f'<path d="M{px:.1f},{py:.1f}v{-u * 2:.1f}M{px:.1f},{py:.1f}h{u * 1.4:.1f}" stroke="#222" stroke-width="{u * 0.3:.1f}"/>'
    )
    room.plate((-0.94, -0.7), (0.42, 0.78), parse("#c8b98a"))
    room.plate((-0.92, -0.8), (0.5, 0.7), parse("#7a9a8a"))
    room.block((0.14, 0.5), (0.4, 0.46), (0, 0.2), wood)
    lay(stage, "".join(room.body))
    foot = Footing(*room.at(-0.16, 0, 0.42), tall_px=(room.floor + room.high) * 0.52 * 0.42, shadow=0.3)
    late = Chamber(stage, room.wide, room.floor, room.high, room.far, room.vx, room.vy)
    for s in (0.6, 0.86, 1.25):
        for x in (-0.78, -0.26, 0.26, 0.78):
            late.block((x - 0.17, x + 0.17), (s, s * 1.1), (0.185, 0.215), shift(wood, lightness=0.03))
            for leg in (-0.16, 0.13):
                late.plate((x + leg, x + leg + 0.03), (0, 0.185), mix(wood, _BLACK, 0.5), s * 1.1)
            late.block((x - 0.11, x + 0.11), (s * 1.17, s * 1.24), (0.12, 0.135), mix(wood, _BLACK, 0.2))
            late.plate((x - 0.11, x + 0.11), (0.19, 0.28), mix(wood, _BLACK, 0.28), s * 1.24)
            for leg in (-0.11, 0.09):
                late.plate((x + leg, x + leg + 0.02), (0, 0.2), mix(wood, _BLACK, 0.5), s * 1.24)
    lay(stage, "".join(late.body))
    day = not stage.scheme.lamps_lit
    glow = room.at(side, 0.6, 0.7)
    lights: list[Light] = [(glow[0], glow[1], stage.width * 0.42, _daylight(stage), 1.1 if day else 0.35)]
    if not day:
        lights.append((*room.at(0, 0.95, 0.5), u * 60, stage.scheme.lamp, 1.0))
    illuminate(stage, mix(stage.scheme.shade, stage.scheme.lit, 0.4), 0.62 if day else 0.34, lights, _bright(stage))
    _sun_through(room, side, spans, (0.34, 0.88), 0.42)
    stage.sun, stage.light_from = None, (side * 0.85, -0.5)
    return foot


def laboratory(stage: Stage) -> Footing:
    """Benches with glass on them, shelves of bottles, and liquids that glow in the dark."""
    u, h = stage.unit, stage.height
    rng = stage.rng("laboratory")
    room = chamber(stage, wide=0.6, floor=0.4, high=0.5, far=0.36, eye=0.46)
    wall = parse("#7f8c90")
    room.shell(wall, parse("#5c6468"), parse("#8a9396"))
    room.lines(0, parse("#2a3034"), np.geomspace(0.38, 2.0, 14).tolist(), np.linspace(-1, 1, 15).tolist(), 0.35)
    tints = [parse(c) for c in ("#4fd6c0", "#7adf5a", "#e8a23a", "#d95a8a", "#5aa0f0", "#c8e04a")]
    for y in (0.42, 0.55, 0.68):
        room.plate((-0.86, 0.86), (y - 0.012, y), parse("#4a4038"))
        x = -0.84
        while x < 0.82:
            wide, tall = float(rng.uniform(0.02, 0.05)), float(rng.uniform(0.04, 0.095))
            tone = mix(tints[int(rng.integers(6))], parse("#5a6468"), float(rng.uniform(0.3, 0.85)))
            room.plate((x, x + wide), (y, y + tall * 0.72), tone)
            room.plate((x + wide * 0.3, x + wide * 0.7), (y + tall * 0.7, y + tall), mix(tone, (1, 1, 1), 0.2))
            x += wide + float(rng.uniform(0.005, 0.04))
    room.plate((-0.3, 0.3), (0.76, 0.93), parse("#d9d2bc"))
    for k in range(18):
        for r in range(4):
            if (k, r) not in ((1, 0), (2, 0), (3, 0), (14, 0), (15, 0), (16, 0), (8, 0), (9, 0)):
                x, y = -0.28 + k * 0.031, 0.89 - r * 0.035
                room.plate((x, x + 0.026), (y - 0.028, y), mix(tints[(k * 3 + r) % 6], parse("#d9d2bc"), 0.55))
    lay(stage, "".join(room.body))
    glasses: list[tuple[float, float, float, Colour]] = []
    late = Chamber(stage, room.wide, room.floor, room.high, room.far, room.vx, room.vy)
    for a, b in ((0.46, 0.62), (0.72, 1.02), (1.2, 1.7)):
        for side in (-1, 1):
            bench = (-1.0, -0.46) if side < 0 else (0.46, 1.0)
            late.block(bench, (a, b), (0, 0.27), parse("#8f8a80"), parse("#39414a"))
            late.plate((bench[0] + 0.03, bench[1] - 0.03), (0.03, 0.22), parse("#6f6c66"), b)
            for k in range(4):
                spot = bench[0] + 0.07 + k * 0.125
                s = a + (b - a) * float(rng.uniform(0.2, 0.75))
                gx, gy = late.at(spot, 0.27, s)
                tint = tints[int(rng.integers(6))]
                glasses.append((gx, gy, u * 11 * s * float(rng.uniform(0.75, 1.2)), tint))
                late.body.append(_flask(gx, gy, glasses[-1][2], tint, int(rng.integers(3))))
    lay(stage, "".join(late.body))
    # Only what is nearest throws light; forty halos would be one fog.
    night = stage.scheme.lamps_lit
    lights: list[Light] = [(x, y - size * 0.4, size * 2.6, tint, 0.34) for x, y, size, tint in glasses]
    lights.append((*room.at(0, 0.9, 0.5), u * 60, mix(stage.scheme.lamp, (0.8, 0.95, 1.0), 0.6), 0.5 if night else 0.9))
    if not night:
        lights.append((stage.width * 0.5, h * 0.2, u * 90, _daylight(stage), 0.8))
    illuminate(stage, mix(stage.scheme.shade, stage.scheme.lit, 0.3), 0.3 if night else 0.6, lights)
    for x, y, size, tint in glasses:
        stage.lamps.append(Lamp(x, y - size * 0.3, size * (1.7 if night else 0.9), tint, 0.4 if night else 0.14))
    stage.sun, stage.light_from = None, (0.7, -0.6)
    return Footing(*room.at(0, 0, 0.58), tall_px=(room.floor + room.high) * 0.62 * 0.58, shadow=0.25, mirror=0.1)


def _flask(x: float, base: float, size: float, tint: Colour, kind: int) -> str:
    """A flask, a round flask on its stand, or a rack's tall cylinder, half full."""
    glass, wet = hexed(mix(tint, (0.85, 0.95, 1.0), 0.55)), hexed(tint)
    if kind == 0:
        w = size * 0.32
        return (
            poly([(x - w, base), (x + w, base), (x + size * 0.09, base - size * 0.58), (x + size * 0.09, base - size * 0.85),
                  (x - size * 0.09, base - size * 0.85), (x - size * 0.09, base - size * 0.58)], glass, 'opacity="0.35"')
            + poly([(x - w, base), (x + w, base), (x + w * 0.58, base - size * 0.33), (x - w * 0.58, base - size * 0.33)], wet,
                   'opacity="0.92"')
            + box(x - size * 0.12, base - size * 0.88, size * 0.24, size * 0.04, glass, 'opacity="0.7"')
        )  # fmt: skip
    if kind == 1:
        r, cy = size * 0.27, base - size * 0.36
        return (
            f'<path d="M{x - size * 0.2:.1f},{base:.1f}L{x:.1f},{cy:.1f}L{x + size * 0.2:.1f},{base:.1f}" stroke="#3a3a3c" stroke-width="{size * 0.04:.1f}" fill="none"/>'
            f'<circle cx="{x:.1f}" cy="{cy:.1f}" r="{r:.1f}" fill="{glass}" opacity="0.4"/>'
            f'<path d="M{x - r:.1f},{cy:.1f}A{r:.1f},{r:.1f} 0 0 0 {x + r:.1f},{cy:.1f}Z" fill="{wet}" opacity="0.95"/>'
            + box(x - size * 0.06, cy - r - size * 0.34, size * 0.12, size * 0.36, glass, 'opacity="0.45"')
        )
    return (
        box(x - size * 0.11, base - size * 0.8, size * 0.22, size * 0.8, glass, f'opacity="0.35" rx="{size * 0.05:.1f}"')
        + box(x - size * 0.1, base - size * 0.46, size * 0.2, size * 0.45, wet, 'opacity="0.9"')
    )  # fmt: skip


def theatre(stage: Stage) -> Footing:
    """A stage between red curtains, seen from the dark stalls; a spotlight falls on whoever stands there."""
    w, h, u = stage.width, stage.height, stage.unit
    rng = stage.rng("theatre")
    boards, red, gold = h * 0.7, parse("#9a1f24"), parse("#c8983c")
    half = min(w * 0.4, u * 62)
    cx = w * 0.5
    top = h * (0.12 if not stage.portrait else 0.3)
    stage.horizon = boards - u * 8
    body = [
        "<defs>"
        f'<linearGradient id="drape" x1="0" x2="{u * 5:.1f}" y1="0" y2="0" gradientUnits="userSpaceOnUse" spreadMethod="reflect">'
        f'<stop offset="0" stop-color="{hexed(mix(red, _BLACK, 0.65))}"/><stop offset="0.55" stop-color="{hexed(red)}"/>'
        f'<stop offset="1" stop-color="{hexed(mix(red, (1.0, 0.5, 0.4), 0.18))}"/></linearGradient></defs>',
        box(0, 0, w, h, hexed(parse("#2a1a18"))),
        box(cx - half, top, 2 * half, boards - top, hexed(parse("#33242c"))),
        # The back cloth, its folds further off and darker.
        box(cx - half, top, 2 * half, boards - top - u * 8, "url(#drape)", 'opacity="0.45"'),
        poly([(cx - half * 0.86, boards - u * 8), (cx + half * 0.86, boards - u * 8), (cx + half * 1.06, boards + u * 4),
              (cx - half * 1.06, boards + u * 4)], hexed(parse("#7a5636"))),
    ]  # fmt: skip
    for k in range(-9, 10):
        body.append(
            f'<path d="M{cx + k * half * 0.095:.1f},{boards - u * 8:.1f}L{cx + k * half * 0.118:.1f},{boards + u * 4:.1f}" stroke="#3a2818" stroke-width="{u * 0.18:.2f}" opacity="0.6"/>'
        )
    for side in (-1, 1):
        a, b = cx + side * half * 1.06, cx + side * half * 0.6
        body.append(
            f'<path d="M{a:.1f},{top - u * 4:.1f}L{b - side * u * 4:.1f},{top - u * 4:.1f}Q{b + side * u * 8:.1f},{h * 0.42:.1f} {cx + side * half * 0.86:.1f},{h * 0.52:.1f}'
            f'Q{cx + side * half * 0.8:.1f},{h * 0.6:.1f} {cx + side * half * 0.82:.1f},{boards + u * 2:.1f}H{a:.1f}Z" fill="url(#drape)"/>'
        )
        body.append(
            f'<ellipse cx="{cx + side * half * 0.93:.1f}" cy="{h * 0.52:.1f}" rx="{half * 0.12:.1f}" ry="{u * 1.2:.1f}" fill="{hexed(gold)}"/>'
        )
        outer = 0.0 if side < 0 else cx + half * 1.06
        body.append(box(outer, 0, max(0.0, cx - half * 1.06), boards + u * 8, hexed(parse("#3c2620"))))
        post = cx + side * half * 1.1
        body.append(box(post - u * 3, top - u * 6, u * 6, boards - top + u * 12, hexed(mix(gold, _BLACK, 0.35))))
        body.append(box(post - u * 1.6, top - u * 4, u * 1.2, boards - top + u * 8, hexed(gold)))
        for level in (0.26, 0.5):
            bx = cx + side * half * 1.38
            body.append(
                f'<path d="M{bx - u * 11:.1f},{h * level:.1f}h{u * 22:.1f}v{u * 6:.1f}q{-u * 11:.1f},{u * 6:.1f} {-u * 22:.1f},0Z" fill="{hexed(mix(gold, _BLACK, 0.55))}"/>'
                + box(bx - u * 9, h * level - u * 9, u * 18, u * 9, hexed(parse("#160c0c")))
            )
    swags = 5
    for k in range(swags):
        a, b = cx - half * 1.1 + k * 2.2 * half / swags, cx - half * 1.1 + (k + 1) * 2.2 * half / swags
        body.append(
            f'<path d="M{a:.1f},{top - u * 12:.1f}H{b:.1f}V{top:.1f}Q{(a + b) / 2:.1f},{top + u * 13:.1f} {a:.1f},{top:.1f}Z" fill="url(#drape)"/>'
            f'<path d="M{a:.1f},{top:.1f}Q{(a + b) / 2:.1f},{top + u * 13:.1f} {b:.1f},{top:.1f}" stroke="{hexed(gold)}" stroke-width="{u * 0.8:.1f}" fill="none"/>'
        )
    body.append(box(0, 0, w, max(0.0, top - u * 6), hexed(mix(gold, _BLACK, 0.72))))
    body.append(box(cx - half * 1.2, top - u * 8, half * 2.4, u * 2.2, hexed(mix(gold, _BLACK, 0.2))))
    body.append(box(0, boards + u * 4, w, h, hexed(parse("#1a0f0f"))))
    body.append(box(cx - half * 1.1, boards + u * 3.4, half * 2.2, u * 2, hexed(mix(gold, _BLACK, 0.3))))
    lay(stage, "".join(body))
    hero = cx + (stage.hero_x - cx) * 0.5
    warm: Colour = (1.0, 0.93, 0.78)
    illuminate(
        stage, (0.5, 0.42, 0.46), 0.4,
        [(hero, boards - u * 6, u * 30, warm, 1.5), (cx, boards - u * 2, half, (1.0, 0.7, 0.45), 0.55)],
    )  # fmt: skip
    source = hero + (w * 0.2 if hero < cx else -w * 0.2)
    beam(stage, source, -u * 6, float(np.arctan2(boards, hero - source)), 0.1, h * 1.02, warm, 0.72)
    pool_w, pool_h = int(u * 20), int(u * 4.4)
    y, x = np.mgrid[-1 : 1 : complex(2 * pool_h), -1 : 1 : complex(2 * pool_w)].astype(np.float32)
    pool = smooth(1.0, 0.82, np.hypot(x, y))
    stage.shine(pool, warm, 0.6, int(boards - u * 1 - pool_h), int(hero - pool_w))
    for k in range(9):
        fx = cx + (k - 4) * half * 0.24
        stage.lamps.append(Lamp(fx, boards + u * 3, u * 7, (1.0, 0.72, 0.4), 0.4))
    _stalls(stage, boards + u * 7, rng)
    stage.sun, stage.light_from = None, ((0.5 if source > hero else -0.5), -0.86)
    return Footing(hero, boards - u * 0.6, u * 27, shadow=0.5)


def _stalls(stage: Stage, row: float, rng: np.random.Generator) -> None:
    """Rows of seat backs and the heads above them, black against the stage."""
    w, h, u = stage.width, stage.height, stage.unit
    body = []
    for k, base in enumerate((row + u * 3, row + u * 10, row + u * 20)):
        size = u * (6 + 3.5 * k)
        tone = hexed(mix(parse("#3a1416"), _BLACK, 0.35 + 0.2 * k))
        x = -size * float(rng.uniform(0, 1))
        while x < w + size:
            if rng.random() < 0.72:
                r = size * 0.24
                hx, hy = x + size * 0.5 + float(rng.normal(0, 0.04)) * size, base - size * float(rng.uniform(0.3, 0.42))
                body.append(
                    f'<ellipse cx="{hx:.1f}" cy="{hy:.1f}" rx="{r:.1f}" ry="{r * 1.2:.1f}" fill="#0c0708"/>'
                    f'<path d="M{hx - size * 0.42:.1f},{base + size * 0.3:.1f}Q{hx:.1f},{hy + r * 0.5:.1f} {hx + size * 0.42:.1f},{base + size * 0.3:.1f}Z" fill="#0c0708"/>'
                )
            body.append(box(x + size * 0.06, base, size * 0.88, h - base + u, tone, f'rx="{size * 0.2:.1f}"'))
            x += size
    lay(stage, "".join(body), top=row - u * 6, rim=0.5)


def ward(stage: Stage) -> Footing:
    """A hospital corridor: doors, a rail, panels of light overhead, a floor that mirrors them."""
    u = stage.unit
    rng = stage.rng("ward")
    room = chamber(stage, wide=0.46, floor=0.44, high=0.5, far=0.13, eye=0.47)
    night = stage.scheme.lamps_lit
    wall, mint = parse("#c9d0cb"), parse("#7fa096")
    room.shell(wall, parse("#9aa3a2"), parse("#cfd4d2"))
    for side in (-1, 1):
        room.panel(side, (room.far, 2.4), (0, 0.3), mix(mint, wall, 0.15))
        room.panel(side, (room.far, 2.4), (0.3, 0.33), parse("#5f7a72"))
        for a, b in ((0.16, 0.19), (0.23, 0.285), (0.36, 0.46), (0.62, 0.84), (1.2, 1.7)):
            door = mix(parse("#5c7f8a"), wall, 0.15)
            room.panel(side, (a * 0.985, b * 1.015), (0, 0.7), mix(door, _BLACK, 0.35))
            room.panel(side, (a, b), (0, 0.69), door)
            lit = night and rng.random() < 0.35
            pane = mix(stage.scheme.lamp, (1, 1, 1), 0.2) if lit else mix(wall, parse("#3c4c54"), 0.6)
            c = 1 / (1 / a + (1 / b - 1 / a) * 0.3)
            d = 1 / (1 / a + (1 / b - 1 / a) * 0.62)
            room.panel(side, (c, d), (0.42, 0.6), pane)
    room.lines(0, parse("#6a7474"), np.geomspace(0.14, 2.2, 22).tolist(), (-0.5, 0.0, 0.5), 0.35)
    # Double doors at the end, light in their panes.
    room.plate((-0.72, 0.72), (0, 0.78), mix(parse("#5c7f8a"), _BLACK, 0.2))
    for x in (-0.66, 0.04):
        room.plate((x, x + 0.62), (0, 0.74), parse("#6f929c"))
        room.plate((x + 0.2, x + 0.42), (0.4, 0.64), (1.0, 1.0, 0.94))
    lamps = []
    for k, (a, b) in enumerate(((0.15, 0.18), (0.23, 0.28), (0.37, 0.47), (0.64, 0.86), (1.2, 1.7))):
        # By night some tubes are out.
        on = not night or k in (0, 2, 3)
        tone: Colour = (0.93, 1.0, 0.97) if on else (0.42, 0.47, 0.47)
        room.quad([(-0.3, 1, a), (0.3, 1, a), (0.3, 1, b), (-0.3, 1, b)], tone)
        if on:
            lamps.append((a + b) / 2)
            room.quad([(-0.24, 0, a), (0.24, 0, a), (0.24, 0, b), (-0.24, 0, b)], (0.93, 1.0, 0.97), 'opacity="0.3"')
    lay(stage, "".join(room.body))
    cold: Colour = (0.82, 1.0, 0.94)
    lights: list[Light] = [(*room.at(0, 0.85, s), u * 95 * s, cold, 0.62 if night else 0.75) for s in lamps]
    kept = _bright(stage)
    kept[int(stage.horizon) :] *= 0.0
    illuminate(stage, mix(stage.scheme.shade, cold, 0.4), 0.3 if night else 0.62, lights, kept)
    for s in lamps:
        stage.lamps.append(Lamp(*room.at(0, 1, s), u * 34 * s, cold, 0.45))
    if stage.spec.has("wheelchair"):
        chair = draw("prop", "wheelchair")
        x, base = room.at(0.42, 0, 0.34)
        put(stage, chair, x, base, u * 0.115, colour=parse("#2f3a40"), rim=0.8, shadow=0.3, mirror=0.35, volume=0.3)
    stage.sun, stage.light_from = None, (0.15, -0.98)
    return Footing(*room.at(-0.1, 0, 0.44), tall_px=(room.floor + room.high) * 0.66 * 0.44, shadow=0.0, mirror=0.4)


def office(stage: Stage) -> Footing:
    """Desks with screens in rows before a wall of windows over the city."""
    w, h, u = stage.width, stage.height, stage.unit
    rng = stage.rng("office")
    room = chamber(stage, wide=0.66, floor=0.42, high=0.46, far=0.36, eye=0.45)
    horizon = stage.horizon
    outdoors(stage)
    skyline(stage, horizon + u * 14, depth=0.62, tall=u * 46, wide=u * 8, name="office", lit_share=0.3)
    night = stage.scheme.lamps_lit
    wall, grey = parse("#b4b4ae"), parse("#7c8084")
    room.quad([(-1, 1, room.far), (1, 1, room.far), (1, 1, 2.4), (-1, 1, 2.4)], parse("#c6c8c6"))
    room.quad([(-1, 0, room.far), (1, 0, room.far), (1, 0, 2.4), (-1, 0, 2.4)], parse("#6a6f74"))
    for side in (-1, 1):
        room.quad([(side, 0, room.far), (side, 1, room.far), (side, 1, 2.4), (side, 0, 2.4)], mix(wall, _BLACK, 0.15))
    room.plate((-1, 1), (0, 0.3), mix(wall, _BLACK, 0.1))
    room.plate((-1, 1), (0.94, 1), mix(wall, _BLACK, 0.2))
    for k in range(7):
        x = -1 + k / 3
        room.plate((x - 0.02, x + 0.02), (0.3, 0.94), parse("#4a4e52"))
    for k in range(9):
        y = 0.9 - k * 0.018
        room.plate((-1, 1), (y, y + 0.008), mix(wall, (1, 1, 1), 0.3), extra='opacity="0.8"')
    for a, b in ((0.4, 0.5), (0.6, 0.8), (1.0, 1.5)):
        for x in (-0.5, 0.5):
            room.quad([(x - 0.2, 1, a), (x + 0.2, 1, a), (x + 0.2, 1, b), (x - 0.2, 1, b)], (0.96, 0.98, 1.0))
    lay(stage, "".join(room.body))
    late = Chamber(stage, room.wide, room.floor, room.high, room.far, room.vx, room.vy)
    screens: list[tuple[float, float, float]] = []
    for a, b in ((0.44, 0.5), (0.58, 0.68), (0.82, 1.0), (1.25, 1.55)):
        for x in (-0.98, -0.58, 0.24, 0.64):
            late.block((x, x + 0.34), (a, b), (0.24, 0.26), parse("#a08a6c"))
            for leg in (0.01, 0.31):
                late.plate((x + leg, x + leg + 0.02), (0, 0.24), parse("#3a3c40"), b)
            late.plate((x + 0.07, x + 0.24), (0.29, 0.42), parse("#23272c"), (a + b) / 2)
            late.plate((x + 0.14, x + 0.17), (0.26, 0.3), parse("#23272c"), (a + b) / 2)
            if rng.random() < (0.45 if night else 0.8):
                late.plate((x + 0.08, x + 0.23), (0.3, 0.41), (0.62, 0.82, 1.0), (a + b) / 2, 'opacity="0.9"')
                screens.append((*late.at(x + 0.155, 0.355, (a + b) / 2), (a + b) / 2))
            late.plate((x + 0.26, x + 0.32), (0.26, 0.29), mix(grey, (1, 1, 1), 0.3), (a + b) / 2)
            late.block((x + 0.1, x + 0.26), (b * 1.06, b * 1.12), (0.13, 0.16), parse("#2c3036"))
            late.plate((x + 0.1, x + 0.26), (0.18, 0.34), parse("#33383e"), b * 1.13)
            late.plate((x + 0.17, x + 0.19), (0, 0.14), parse("#1c1e22"), b * 1.12)
    lay(stage, "".join(late.body))
    lights: list[Light] = [(w * 0.5, horizon - u * 14, u * 80, _daylight(stage), 0.25 if night else 0.9)]
    lights += [(x, y, u * 14 * s, (0.6, 0.8, 1.0), 0.55) for x, y, s in screens if night]
    kept = _bright(stage)
    kept[int(h * 0.62) :] *= 0.2
    if night:
        x0, y0 = room.at(-1, 0.94, room.far)
        x1, y1 = room.at(1, 0.3, room.far)
        kept[int(y0) : int(y1), max(0, int(x0)) : int(x1)] = 0.85
        kept[: int(y0)] *= 0.1
    illuminate(stage, mix(stage.scheme.shade, (0.9, 0.95, 1.0), 0.4), 0.34 if night else 0.66, lights, kept)
    for x, y, s in screens:
        if night:
            stage.lamps.append(Lamp(x, y, u * 12 * s, (0.55, 0.78, 1.0), 0.4))
    stage.sun, stage.light_from = None, (0.3, -0.9)
    return Footing(*room.at(-0.08, 0, 0.7), tall_px=(room.floor + room.high) * 0.58 * 0.7, shadow=0.3)


def carriage(stage: Stage) -> Footing:
    """A railway compartment: a wide window between two benches, the land outside, a small lamp."""
    w, h, u = stage.width, stage.height, stage.unit
    floor = h * 0.8
    stage.horizon = h * 0.46
    outdoors(stage)
    night = stage.scheme.lamps_lit
    side = -1 if stage.hero_x > w / 2 else 1
    wood, cloth = parse("#6e442a"), parse("#5f2a30") if stage.rng("carriage").random() < 0.5 else parse("#2f4a46")
    cx = w * 0.5
    half = min(w * 0.29, u * 50)
    top, sill = h * (0.14 if not stage.portrait else 0.24), h * 0.53
    dark, pale = mix(wood, _BLACK, 0.45), mix(wood, (1.0, 0.8, 0.55), 0.2)
    hole = f"M{cx - half:.1f},{top:.1f}H{cx + half:.1f}V{sill:.1f}H{cx - half:.1f}Z"
    body = [
        f'<path fill-rule="evenodd" d="M0,0H{w}V{h}H0Z {hole}" fill="{hexed(wood)}"/>',
        f'<path d="{hole}" fill="none" stroke="{hexed(dark)}" stroke-width="{u * 2.2:.1f}"/>',
        f'<path d="{hole}" fill="none" stroke="{hexed(parse("#b8924a"))}" stroke-width="{u * 0.5:.1f}"/>',
        box(cx - u * 0.7, top, u * 1.4, sill - top, hexed(dark)),
        box(cx - half - u * 2, sill, 2 * half + u * 4, u * 2.2, hexed(pale)),
    ]
    for x in np.linspace(cx - half - u * 14, cx + half + u * 14, 9):
        if abs(x - cx) > half + u * 2:
            body.append(box(float(x), 0, u * 0.4, floor, hexed(dark), 'opacity="0.6"'))
    for wing in (-1, 1):
        a = cx + wing * half
        body.append(
            f'<path d="M{a + wing * u * 7:.1f},{top - u * 3:.1f}L{a - wing * u * 3:.1f},{top - u * 3:.1f}Q{a - wing * u * 1:.1f},{(top + sill) / 2:.1f} {a + wing * u * 2:.1f},{sill + u * 4:.1f}H{a + wing * u * 7:.1f}Z" '
            f'fill="{hexed(mix(cloth, _BLACK, 0.2))}"/>'
        )
    body.append(box(cx - half - u * 9, top - u * 4, 2 * half + u * 18, u * 1.3, hexed(parse("#b8924a"))))
    body.append(
        poly(
            [(cx - half - u * 6, floor), (cx + half + u * 6, floor), (w * 1.1, h), (-w * 0.1, h)],
            hexed(mix(dark, parse("#4a3a30"), 0.5)),
        )
    )
    # A table under the window.
    body.append(box(cx - u * 11, sill + u * 6, u * 22, u * 2, hexed(pale)) + box(cx - u * 1, sill + u * 8, u * 2, floor - sill - u * 8, hexed(dark)))  # fmt: skip
    seats: list[str] = []
    for wing in (-1, 1):
        edge, near = cx + wing * half * 0.9, cx + wing * w * 0.62
        back = cx + wing * (half + u * 10)
        seat = floor - u * 14
        for target, points, tone in (
            (seats, [(back, h * 0.3), (near, h * 0.14), (near, h * 1.02), (back, seat + u * 2)], mix(cloth, _BLACK, 0.12)),
            (seats, [(edge, seat), (back, seat), (near, h * 0.94), (cx + wing * w * 0.4, h * 0.94)], mix(cloth, (1.0, 0.8, 0.7), 0.1)),
            (seats, [(edge, seat), (cx + wing * w * 0.4, h * 0.94), (cx + wing * w * 0.4, h * 1.1), (edge, floor)], mix(cloth, _BLACK, 0.45)),
        ):  # fmt: skip
            target.append(poly(points, hexed(tone)))
        for k in range(1, 4):
            t = k / 4
            bx = back + (near - back) * t
            seats.append(
                f'<path d="M{bx:.1f},{h * 0.3 - h * 0.16 * t:.1f}V{h * 1.02:.1f}" stroke="{hexed(mix(cloth, _BLACK, 0.5))}" stroke-width="{u * 0.4:.1f}" opacity="0.7"/>'
            )
        seats.append(
            poly(
                [(back, h * 0.3), (near, h * 0.14), (near, h * 0.2), (back, h * 0.335)],
                hexed(mix(wood, (1, 0.8, 0.5), 0.15)),
            )
        )
        # The luggage rack, with something on it.
        ry, ry2 = h * 0.1, -h * 0.04
        seats.append(
            poly([(back, ry), (near, ry2), (near, ry2 + u * 1.4), (back, ry + u * 1.0)], hexed(parse("#b8924a")))
        )
        bag = back + wing * u * 14
        seats.append(
            poly(
                [
                    (bag, ry - u * 9),
                    (bag + wing * u * 16, ry - u * 12),
                    (bag + wing * u * 16, ry - u * 3.6),
                    (bag, ry - u * 1.6),
                ],
                hexed(parse("#7a5a3c")),
            )
        )
    lay(stage, "".join(body))
    lay(stage, "".join(seats), rim=0.25)
    glass = raster(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}"><path d="{hole}" fill="#fff"/></svg>'
    )[..., 3]
    lamp_at = (cx - side * (half + u * 7), h * 0.4)
    lights: list[Light] = [(cx, (top + sill) / 2, u * 70, _daylight(stage), 0.3 if night else 1.0)]
    if night:
        lights.append((*lamp_at, u * 52, stage.scheme.lamp, 1.35))
    illuminate(
        stage,
        mix(stage.scheme.shade, stage.scheme.lit, 0.3),
        0.36 if night else 0.6,
        lights,
        np.ascontiguousarray(glass) * (smooth(0.1, 0.3, luminance(stage.image)) if night else np.float32(1)),
    )
    if night:
        lay(stage, f'<path d="M{lamp_at[0] - u * 3:.1f},{lamp_at[1]:.1f}l{u * 1.6:.1f},{-u * 4:.1f}h{u * 2.8:.1f}l{u * 1.6:.1f},{u * 4:.1f}Z" fill="{hexed(mix(stage.scheme.lamp, (1, 1, 1), 0.4))}"/>'
            + box(lamp_at[0] - u * 0.5, lamp_at[1], u, u * 4, "#8a6a34"), top=lamp_at[1] - u * 6, bottom=lamp_at[1] + u * 6)  # fmt: skip
        stage.lamps.append(Lamp(lamp_at[0], lamp_at[1] - u * 1.5, u * 30, stage.scheme.lamp, 0.5))
        stage.lamps.append(Lamp(lamp_at[0], lamp_at[1] - u * 1.5, u * 6, (1.0, 0.92, 0.75), 0.7))
    stage.sun, stage.light_from = None, ((lamp_at[0] - stage.hero_x) / w * 2, -0.7)
    wing = -side
    return Footing(cx + wing * half * 0.98, floor + u * 3, u * 62, shadow=0.2)
