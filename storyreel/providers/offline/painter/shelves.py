"""A library in perspective, and what hangs and stands in a kitchen."""

from __future__ import annotations

import itertools

import numpy as np

from storyreel.providers.offline.painter.buildings import box, poly
from storyreel.providers.offline.painter.chamber import Chamber, Light, chamber, illuminate
from storyreel.providers.offline.painter.colour import Colour, hexed, luminance, mix, parse, shift
from storyreel.providers.offline.painter.light import window_shafts
from storyreel.providers.offline.painter.noise import smooth
from storyreel.providers.offline.painter.shapes import lay
from storyreel.providers.offline.painter.stage import Footing, Lamp, Stage

_BLACK: Colour = (0.0, 0.0, 0.0)
_SPINES = tuple(
    parse(c)
    for c in ("#8c3f34", "#40566a", "#7a6238", "#3f5a48", "#8a6444", "#59405a", "#a8874f", "#2f3a48", "#9a7a5a")
)


def library(stage: Stage) -> Footing:
    """Two walls of books on two floors that run to a tall window, a gallery, ladders, lamps on the tables."""
    u = stage.unit
    rng = stage.rng("library")
    room = chamber(stage, wide=0.52, floor=0.42, high=0.74, far=0.25, eye=0.55)
    wood = parse("#6a452a")
    scheme = stage.scheme
    day = not scheme.lamps_lit
    room.shell(mix(wood, _BLACK, 0.3), parse("#7a5234"), parse("#54402e"))
    room.lines(0, parse("#2c1a10"), np.geomspace(0.26, 2.2, 14).tolist(), np.linspace(-1, 1, 17).tolist(), 0.4)
    for s in (0.28, 0.36, 0.48, 0.66, 0.95, 1.4):
        room.quad([(-1, 1, s), (1, 1, s), (1, 1, s * 1.05), (-1, 1, s * 1.05)], mix(wood, _BLACK, 0.45))
    bays = [0.25, 0.31, 0.39, 0.5, 0.65, 0.87, 1.2, 1.8]
    for side in (-1, 1):
        for a, b in itertools.pairwise(bays):
            for y0, y1 in ((0.03, 0.46), (0.55, 0.93)):
                room.panel(side, (a, b), (y0, y1), mix(wood, _BLACK, 0.74))
                rows = 5
                for r in range(rows):
                    low = y0 + (y1 - y0) * r / rows
                    high = (y1 - y0) / rows
                    _row(room, side, (a, b), low + 0.006, high, rng)
                    room.panel(side, (a, b), (low - 0.004, low + 0.006), mix(wood, (1.0, 0.8, 0.5), 0.1))
            room.panel(side, (a * 0.985, a * 1.02), (0, 0.96), mix(wood, (1.0, 0.75, 0.45), 0.08))
        # The gallery's floor and rail.
        room.quad(
            [(side, 0.5, 0.25), (side * 0.84, 0.5, 0.25), (side * 0.84, 0.5, 2.0), (side, 0.5, 2.0)],
            mix(wood, _BLACK, 0.55),
        )
        room.quad(
            [(side * 0.84, 0.48, 0.25), (side * 0.84, 0.51, 0.25), (side * 0.84, 0.51, 2.0), (side * 0.84, 0.48, 2.0)],
            mix(wood, (1, 0.8, 0.5), 0.15),
        )
        room.quad(
            [(side * 0.84, 0.6, 0.25), (side * 0.84, 0.612, 0.25), (side * 0.84, 0.612, 2.0), (side * 0.84, 0.6, 2.0)],
            mix(wood, (1, 0.8, 0.5), 0.25),
        )
        for s in np.geomspace(0.25, 1.8, 30):
            (ax, ay), (_, by) = room.at(side * 0.84, 0.51, float(s)), room.at(side * 0.84, 0.6, float(s))
            room.body.append(box(ax - u * 0.25 * s, by, u * 0.5 * s, ay - by, hexed(mix(wood, _BLACK, 0.25))))
        for s in (0.36, 0.75):
            foot, head = room.at(side * 0.78, 0, s), room.at(side * 0.97, 0.47, s)
            wide = u * 7 * s
            for d in (-0.5, 0.5):
                room.body.append(
                    f'<path d="M{foot[0] + d * wide:.1f},{foot[1]:.1f}L{head[0] + d * wide:.1f},{head[1]:.1f}" stroke="{hexed(mix(wood, (1.0, 0.8, 0.5), 0.22))}" stroke-width="{u * 1.1 * s:.2f}"/>'
                )
            for k in range(1, 10):
                t = k / 10
                x, y = foot[0] + (head[0] - foot[0]) * t, foot[1] + (head[1] - foot[1]) * t
                room.body.append(
                    f'<path d="M{x - wide / 2:.1f},{y:.1f}h{wide:.1f}" stroke="{hexed(mix(wood, (1.0, 0.8, 0.5), 0.15))}" stroke-width="{u * 0.7 * s:.2f}"/>'
                )
    sky = mix(scheme.lit, scheme.glow, 0.4) if day else mix(scheme.zenith, scheme.upper, 0.6)
    (x0, y1), (x1, y0) = room.at(-0.42, 0.2, room.far), room.at(0.42, 0.82, room.far)
    arch = (x1 - x0) / 2
    room.body.append(
        f'<path d="M{x0:.1f},{y1:.1f}V{y0:.1f}A{arch:.1f},{arch:.1f} 0 0 1 {x1:.1f},{y0:.1f}V{y1:.1f}Z" fill="{hexed(mix(sky, (1, 1, 1), 0.35 if day else 0.05))}" stroke="{hexed(mix(wood, _BLACK, 0.4))}" stroke-width="{u * 1.2:.1f}"/>'
    )
    for k in range(1, 4):
        x = x0 + (x1 - x0) * k / 4
        room.body.append(box(x - u * 0.25, y0 - arch, u * 0.5, y1 - y0 + arch, hexed(mix(wood, _BLACK, 0.5))))
    for k in range(1, 6):
        room.body.append(box(x0, y0 + (y1 - y0) * k / 6, x1 - x0, u * 0.4, hexed(mix(wood, _BLACK, 0.5))))
    lamps = []
    for a, b, x in ((0.36, 0.46, 0.34), (0.52, 0.7, -0.4), (0.9, 1.25, 0.36)):
        room.block((x - 0.26, x + 0.26), (a, b), (0.155, 0.18), mix(wood, (1.0, 0.7, 0.4), 0.12))
        for leg in (-0.24, 0.2):
            room.plate((x + leg, x + leg + 0.04), (0, 0.155), mix(wood, _BLACK, 0.4), b)
        room.plate((x - 0.2, x - 0.08), (0.18, 0.205), parse("#e6d9b8"), (a + b) / 2)
        room.block((x + 0.1, x + 0.2), (a * 1.05, b * 0.92), (0.18, 0.23), parse("#7a3a34"))
        lamps.append((*room.at(x, 0.27, (a + b) / 2), (a + b) / 2))
        lx, ly, s = lamps[-1]
        room.body.append(
            box(lx - u * 0.5 * s, ly, u * s, u * 7 * s, "#b08a3c")
            + poly(
                [
                    (lx - u * 4 * s, ly + u * s),
                    (lx - u * 2 * s, ly - u * 2.6 * s),
                    (lx + u * 2 * s, ly - u * 2.6 * s),
                    (lx + u * 4 * s, ly + u * s),
                ],
                "#3f7a54",
            )
        )
    lay(stage, "".join(room.body))
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    lights: list[Light] = [(cx, cy, u * 60, sky, 1.1 if day else 0.3)]
    if not day:
        lights += [(x, y, u * 42 * s, scheme.lamp, 0.9) for x, y, s in lamps]
        for x, y, s in lamps:
            stage.lamps.append(Lamp(x, y, u * 30 * s, scheme.lamp, 0.55))
            stage.lamps.append(Lamp(x, y, u * 6 * s, mix(scheme.lamp, (1, 1, 1), 0.4), 0.7))
    kept = smooth(0.8, 0.92, luminance(stage.image))
    illuminate(stage, mix(scheme.shade, scheme.lit, 0.3), 0.5 if day else 0.34, lights, kept)
    if day:
        window_shafts(
            stage, [(x0, y0 - arch), (x1, y0 - arch), (x1, y1), (x0, y1)], (-u * 22, stage.height * 0.42), sky, 0.5
        )
    stage.sun, stage.light_from = None, (0.6 if lamps[1][0] > stage.hero_x else -0.6, -0.6)
    return Footing(*room.at(-0.1, 0, 0.62), tall_px=(room.floor + room.high) * 0.36 * 0.62, shadow=0.35)


def _row(room: Chamber, side: int, s: tuple[float, float], low: float, high: float, rng: np.random.Generator) -> None:
    """One shelf's books on a side wall: spines of several widths and heights, with gaps."""
    near = s[1]
    count = int(8 + 9 * min(1.0, near))
    t = 0.02
    while t < 0.96:
        wide = float(rng.uniform(0.5, 1.6)) / count
        if rng.random() < 0.06:
            t += wide * 2
            continue
        a = 1 / (1 / s[0] + (1 / s[1] - 1 / s[0]) * t)
        b = 1 / (1 / s[0] + (1 / s[1] - 1 / s[0]) * min(0.98, t + wide * 0.92))
        tone = shift(_SPINES[int(rng.integers(len(_SPINES)))], lightness=float(rng.uniform(-0.06, 0.06)))
        room.panel(side, (a, b), (low, low + high * float(rng.uniform(0.6, 0.88))), tone)
        t += wide


def range_and_pans(stage: Stage, x: float, floor: float) -> str:
    """A kitchen's long wall: tiles, a range with its pot, a rail of copper pans, jars on a shelf, drawers."""
    u = stage.unit
    rng = stage.rng("range")
    wood, tile, copper = parse("#7a5a3a"), parse("#c9c2ae"), parse("#b8693a")
    parts = [box(x - u * 36, floor - u * 40, u * 72, u * 22, hexed(tile))]
    for r in range(4):
        for c in range(13):
            parts.append(
                box(
                    x - u * 36 + c * u * 5.55,
                    floor - u * 40 + r * u * 5.5,
                    u * 5.3,
                    u * 5.2,
                    hexed(shift(tile, lightness=float(rng.uniform(-0.03, 0.03)))),
                )
            )
    parts.append(box(x - u * 34, floor - u * 52, u * 68, u * 1.1, "#3a2c22"))
    for k in range(8):
        px, pan = x - u * 29 + k * u * 8.4, u * float(rng.uniform(2.2, 3.9))
        y = floor - u * 52 + u * 4.5
        tone = mix(copper, (1.0, 0.75, 0.5), float(rng.uniform(0, 0.3)))
        parts.append(
            f'<path d="M{px:.1f},{floor - u * 52:.1f}V{y + u:.1f}" stroke="{hexed(mix(tone, _BLACK, 0.35))}" stroke-width="{u * 0.7:.1f}"/>'
        )
        parts.append(
            f'<circle cx="{px:.1f}" cy="{y + pan:.1f}" r="{pan:.1f}" fill="{hexed(tone)}"/><circle cx="{px - pan * 0.2:.1f}" cy="{y + pan * 0.8:.1f}" r="{pan * 0.66:.1f}" fill="{hexed(mix(tone, (1.0, 0.9, 0.75), 0.22))}"/>'
        )
    parts.append(box(x - u * 38, floor - u * 20, u * 76, u * 2.4, hexed(mix(wood, (1, 0.9, 0.7), 0.2))))
    parts.append(box(x - u * 37, floor - u * 17.6, u * 74, u * 17.6, hexed(wood)))
    for k in range(5):
        bx = x - u * 36 + k * u * 14.6
        parts.append(
            box(
                bx,
                floor - u * 16,
                u * 13,
                u * 14,
                "none",
                f'stroke="{hexed(mix(wood, _BLACK, 0.4))}" stroke-width="{u * 0.5:.1f}"',
            )
            + box(bx + u * 5, floor - u * 10, u * 3, u * 0.8, "#3a2a1c")
        )
    iron = parse("#34363a")
    parts.append(box(x - u * 9, floor - u * 22, u * 20, u * 22, hexed(iron)))
    parts.append(
        box(x - u * 7, floor - u * 13, u * 16, u * 9, hexed(mix(iron, _BLACK, 0.4)), f'rx="{u:.1f}"')
        + box(x - u * 6, floor - u * 11.6, u * 14, u * 6, hexed(mix(parse("#ff8a3a"), iron, 0.3)))
    )
    parts.append(
        f'<path d="M{x - u * 4:.1f},{floor - u * 22:.1f}v{-u * 5:.1f}h{u * 9:.1f}v{u * 5:.1f}Z" fill="{hexed(mix(copper, _BLACK, 0.15))}"/>'
        + box(x - u * 4.6, floor - u * 27.6, u * 10.2, u, hexed(mix(copper, (1, 1, 1), 0.15)))
    )
    for k in range(9):
        jx, s = x + (-33 + k * 3.1) * u if k < 6 else x + (15 + (k - 6) * 6) * u, u * float(rng.uniform(1.3, 2.2))
        parts.append(
            box(
                jx,
                floor - u * 20 - s * 2.2,
                s * 1.5,
                s * 2.2,
                hexed(parse(str(rng.choice(["#d8cbb0", "#8fa8a0", "#c89a5a", "#a85a44", "#e0d8c4"])))),
                f'rx="{s * 0.3:.1f}"',
            )
        )
    return "".join(parts)
