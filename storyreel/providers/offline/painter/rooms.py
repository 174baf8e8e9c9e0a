"""Rooms: painted in their own colours with a window onto the weather, then lit by window, fire and lamps."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from storyreel.providers.offline.painter.buildings import across, box, downwards, poly, skyline
from storyreel.providers.offline.painter.colour import Array, Colour, hexed, luminance, mix, parse, shift
from storyreel.providers.offline.painter.land import far_hills
from storyreel.providers.offline.painter.light import window_shafts
from storyreel.providers.offline.painter.noise import smooth
from storyreel.providers.offline.painter.shapes import lay, put, raster
from storyreel.providers.offline.painter.shelves import range_and_pans
from storyreel.providers.offline.painter.sky import paint_sky
from storyreel.providers.offline.painter.stage import Footing, Lamp, Stage
from storyreel.providers.offline.painter.water import paint_water
from storyreel.providers.offline.painter.weather import paint_weather
from storyreel.providers.offline.silhouettes import draw
from storyreel.providers.offline.silhouettes.props import WORLD_SIZE

_WALLS = {
    "plain": "#8a7a6c", "study": "#5f4a3c", "library": "#55412f", "workshop": "#6b5a48", "attic": "#7a624a", "kitchen": "#9a8a6e",
    "hall": "#7c746c", "bedroom": "#6d7486", "tavern": "#6a4c34", "lamproom": "#6a6f74",
}  # fmt: skip
_FLAME: Colour = (1.0, 0.62, 0.28)


def room(stage: Stage) -> Footing:
    """A room by its kind, with its window, hearth and things."""
    w, h, u = stage.width, stage.height, stage.unit
    kind = stage.spec.room
    rng = stage.rng("room")
    side = -1 if stage.hero_x > w / 2 else 1
    view = 0.62 * h
    stage.horizon = view
    outdoors(stage)
    floor = h * (0.77 if stage.spec.angle != "high" else 0.66)
    wall = parse(_WALLS[kind])
    wall = shift(wall, lightness=float(rng.uniform(-0.03, 0.03)))
    wide = min(w * 0.3, u * 44) if kind != "lamproom" else w * 0.86
    tall = min(h * 0.46, u * 52)
    cx = w * (0.5 + side * 0.22) if kind != "lamproom" else w * 0.5
    if stage.portrait and kind != "lamproom":
        wide, cx = min(w * 0.5, u * 50), w * (0.5 + side * 0.12)
    top = h * 0.13 if not stage.portrait else h * 0.2
    hole = (cx - wide / 2, top, cx + wide / 2, top + tall)
    arched = kind in ("hall", "study", "library") and rng.random() < 0.6
    fire = stage.spec.has("fireplace", "forge")
    body: list[str] = [_shell(stage, wall, floor, hole, arched, kind)]
    body.append(_window_bars(stage, hole, arched, wall))
    if stage.spec.has("curtain") or kind in ("bedroom", "plain", "study"):
        body.append(_curtains(stage, hole, rng))
    other = w * (0.5 - side * 0.27)
    if kind in ("library", "study") or stage.spec.has("bookshelf"):
        if kind == "library":
            body.append(
                _shelves(
                    stage,
                    w * 0.5 - side * w * 0.05 if side > 0 else w * 0.55,
                    floor,
                    0 if side > 0 else w * 0.5 + wide * 0.5,
                    u * 72,
                    rng,
                    edge=(0.0, hole[0] - u * 5) if side > 0 else (hole[2] + u * 5, float(w)),
                )
            )
        else:
            body.append(_shelves(stage, other, floor, 0, u * 56, rng, edge=(other - w * 0.17, other + w * 0.17)))
    if fire or kind in ("tavern",):
        body.append(_hearth(stage, other, floor, u * 30))
    if kind == "kitchen":
        body.append(range_and_pans(stage, other, floor))
    if kind == "workshop" and not stage.spec.has("forge"):
        body.append(_tools(stage, other, floor, rng))
    if kind == "attic":
        body.append(_rafters(stage))
    if kind == "hall":
        body.append(_pillars(stage, floor))
    if kind == "tavern":
        body.append(_barrels(stage, floor, rng))
    if kind == "bedroom":
        body.append(_bed(stage, other, floor))
    lay(stage, "".join(body))
    _furnish(stage, kind, other, floor, side, fire=fire or kind == "tavern")
    lights: list[tuple[float, float, float, Colour, float]] = []
    foot = Footing(stage.hero_x, floor + u * 7, u * 50, shadow=0.4)
    if fire or kind == "tavern":
        flames(stage, other, floor - u * 0.5, u * 8.5)
        lights.append((other, floor - u * 9, u * 66, _FLAME, 1.3))
    if stage.scheme.lamps_lit or stage.spec.light == "fire":
        x = w * (0.5 - side * 0.02) if kind != "lamproom" else w * 0.5
        if not fire and kind not in ("lamproom", "tavern"):
            _hanging_lamp(stage, x, top + tall * 0.16)
            lights.append((x, top + tall * 0.35, u * 62, stage.scheme.lamp, 0.95))
    if kind == "lamproom":
        _lens(stage, w * 0.5 - side * w * 0.0, floor)
        lights.append((w * 0.5, floor - u * 32, u * 50, stage.scheme.lamp, 1.1 if stage.scheme.lamps_lit else 0.3))
    glass = raster(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}"><path d="{_opening(hole, arched, kind, u)}" fill="#fff"/></svg>'
    )[..., 3]
    _light_room(stage, hole, np.ascontiguousarray(glass), lights)
    day = not stage.scheme.lamps_lit
    bright_x = lights[0][0] if lights else (hole[0] + hole[2]) / 2
    stage.sun, stage.light_from = None, (0.85 if bright_x > stage.hero_x else -0.85, -0.5)
    if stage.spec.weather in ("clear", "wind", "dust") or day:
        strength = 0.5 if day and stage.spec.light not in ("overcast",) else 0.26
        if stage.spec.light in ("night", "storm", "neon", "fire"):
            strength = 0.16
        corners = [(hole[0], hole[1]), (hole[2], hole[1]), (hole[2], hole[3]), (hole[0], hole[3])]
        if arched or kind == "attic":
            cut = (hole[2] - hole[0]) * 0.2
            corners = [
                (hole[0] + cut, hole[1] + cut * 0.3),
                (hole[2] - cut, hole[1] + cut * 0.3),
                (hole[2] - cut * 0.1, hole[3] - cut * 0.3),
                (hole[0] + cut * 0.1, hole[3] - cut * 0.3),
            ]
        window_shafts(
            stage, corners, (-side * w * 0.3, h * 0.52), mix(stage.scheme.lit, stage.scheme.glow, 0.6), strength
        )
    return foot


# What stands in each kind of room: prop, how far from the middle of the blank wall towards the window, colour.
_FURNITURE: dict[str, tuple[tuple[str, float, str], ...]] = {
    "study": (("desk", 0.62, "#5a4030"), ("globe", 0.68, "#8c6a3c"), ("armchair", -0.3, "#6e3b34")),
    "plain": (("round table", 0.45, "#6a4c34"), ("chair", 0.2, "#5c4230"), ("painting", 0.0, "#a8824a")),
    "kitchen": (("table", 0.52, "#8a6440"), ("bread", 0.46, "#c08a4a"), ("fruit basket", 0.58, "#8a6a3c")),
    "bedroom": (("painting", 0.0, "#a8824a"),),
    "tavern": (("round table", 0.66, "#5c4230"), ("chair", 0.46, "#4c3626"), ("bottle", 0.66, "#4f7a5c")),
    "hall": (("armchair", 0.66, "#6e3b34"), ("painting", 0.0, "#b08c4c"), ("vase", 0.16, "#8a9aa0")),
    "library": (("desk", 0.6, "#5a4030"), ("books", 0.58, "#8c4a3c"), ("chair", 0.42, "#4c3626")),
    "attic": (("chest closed", 0.12, "#6a4a30"), ("suitcase", 0.34, "#7a5a40"), ("chair", 0.7, "#5c4230")),
}  # fmt: skip
_ON_TABLES = {"globe", "teapot", "bottle", "books", "bread", "fruit basket"}
_TABLES = {"desk", "round table", "table"}


def _furnish(stage: Stage, kind: str, middle: float, floor: float, side: int, *, fire: bool) -> None:
    """Put the room's furniture along the wall that has no window, clear of where people stand."""
    u = stage.unit
    top = 0.0
    for name, place, colour in _FURNITURE.get(kind, ()):
        hangs = name == "painting"
        x = middle + side * place * stage.width * 0.42
        if (fire and hangs) or (not hangs and abs(x - stage.hero_x) < u * 11):
            continue
        shape = draw("prop", name)
        unit = u * 0.5 * WORLD_SIZE[name] / 100
        base = floor - u * 33 if hangs else floor + u * 2.5 - (top if name in _ON_TABLES else 0.0)
        if name in _TABLES:
            top = shape.height * unit * 0.97
        put(
            stage, shape, x, base, unit, colour=parse(colour), accent=parse("#b0603c"), rim=0.5, lit=False, volume=0.6,
            shadow=0.0 if hangs else 0.3, flip=side < 0,
        )  # fmt: skip


def outdoors(stage: Stage) -> None:
    """What is seen through the window: the sky, some land or water, and the weather."""
    paint_sky(stage)
    if stage.spec.has("sea", "lighthouse", "ship", "boat"):
        paint_water(stage, calm=0.4)
    elif stage.spec.light == "neon" or stage.spec.has("city"):
        skyline(
            stage, stage.height * 0.8, depth=0.7, tall=stage.unit * 40, wide=stage.unit * 9, name="far", lit_share=0.3
        )
    else:
        far_hills(stage, 3, 0.16)
    if stage.spec.weather in ("rain", "storm", "snow", "fog"):
        paint_weather(stage)


def _shell(
    stage: Stage, wall: Colour, floor: float, hole: tuple[float, float, float, float], arched: bool, kind: str
) -> str:
    w, h, u = stage.width, stage.height, stage.unit
    boards = parse("#6b5240") if kind not in ("kitchen", "hall", "lamproom") else parse("#7c766e")
    x0, _, x1, _ = hole
    window = _opening(hole, arched, kind, u)
    parts = [
        f"<defs>{downwards('wall', mix(wall, (0, 0, 0), 0.25), wall)}{downwards('floor', mix(boards, (0, 0, 0), 0.1), mix(boards, (0, 0, 0), 0.45))}</defs>",
        f'<path fill-rule="evenodd" d="M0,0H{w}V{floor + 2}H0Z {window}" fill="url(#wall)"/>',
        box(0, floor, w, h - floor + 2, "url(#floor)"),
    ]
    line_tone = hexed(mix(boards, (0, 0, 0), 0.5))
    vx, vy = w / 2, floor - u * 30
    for board in range(-16, 17):
        xa = w / 2 + board * w * 0.075
        xb = vx + (xa - vx) * (h - vy) / (floor - vy)
        parts.append(
            f'<path d="M{xa:.1f},{floor:.1f}L{xb:.1f},{h}" stroke="{line_tone}" stroke-width="{u * 0.18:.1f}" opacity="0.5"/>'
        )
    panel = hexed(mix(wall, (0, 0, 0), 0.22))
    if kind in ("study", "library", "bedroom", "plain", "hall"):
        parts.append(box(0, floor - u * 16, w, u * 0.7, panel))
        step = u * 13
        across = 0.0
        while across < w:
            parts.append(
                f'<rect x="{across + u:.1f}" y="{floor - u * 13.5:.1f}" width="{step - u * 2:.1f}" height="{u * 11:.1f}" fill="none" stroke="{panel}" stroke-width="{u * 0.45:.1f}"/>'
            )
            across += step
    elif kind in ("workshop", "attic", "tavern"):
        across = 0.0
        while across < w:
            parts.append(
                f'<path fill="none" d="M{across:.1f},0V{floor:.1f}" stroke="{panel}" stroke-width="{u * 0.3:.1f}" opacity="0.6"/>'
            )
            across += u * 6.5
        # Boards must not run across the window.
        parts = [
            p
            for p in parts
            if not (p.startswith('<path fill="none" d="M') and x0 < float(p.split("M")[1].split(",")[0]) < x1)
        ]
    parts.append(box(0, floor - u * 2.2, w, u * 2.2, hexed(mix(wall, (0, 0, 0), 0.35))))
    rug = mix(parse("#7a3630"), boards, 0.25)
    if kind in ("study", "library", "bedroom", "plain", "hall"):
        parts.append(
            f'<ellipse cx="{w / 2}" cy="{floor + (h - floor) * 0.55:.1f}" rx="{w * 0.33:.1f}" ry="{(h - floor) * 0.3:.1f}" fill="{hexed(rug)}" opacity="0.75"/>'
        )
        parts.append(
            f'<ellipse cx="{w / 2}" cy="{floor + (h - floor) * 0.55:.1f}" rx="{w * 0.3:.1f}" ry="{(h - floor) * 0.25:.1f}" fill="none" stroke="{hexed(mix(rug, (0.85, 0.69, 0.44), 0.5))}" stroke-width="{u * 0.5:.1f}" opacity="0.6"/>'
        )
    return "".join(parts)


def _opening(hole: tuple[float, float, float, float], arched: bool, kind: str, unit: float) -> str:
    """The window's outline as path data."""
    x0, y0, x1, y1 = hole
    if kind == "attic":
        r = min(x1 - x0, y1 - y0) * 0.42
        cx, cy = (x0 + x1) / 2, (y0 + y1) / 2 + unit * 4
        return f"M{cx - r},{cy} a{r},{r} 0 1 0 {2 * r},0 a{r},{r} 0 1 0 {-2 * r},0Z"
    if arched:
        rx = (x1 - x0) / 2
        return f"M{x0},{y1} V{y0 + rx} A{rx},{rx} 0 0 1 {x1},{y0 + rx} V{y1}Z"
    return f"M{x0},{y0}H{x1}V{y1}H{x0}Z"


def _window_bars(stage: Stage, hole: tuple[float, float, float, float], arched: bool, wall: Colour) -> str:
    u = stage.unit
    x0, y0, x1, y1 = hole
    tone = hexed(mix(parse("#4a3828"), (0, 0, 0), 0.25))
    kind = stage.spec.room
    if kind == "attic":
        r = min(x1 - x0, y1 - y0) * 0.42
        cx, cy = (x0 + x1) / 2, (y0 + y1) / 2 + u * 4
        return (
            f'<circle cx="{cx}" cy="{cy}" r="{r}" fill="none" stroke="{tone}" stroke-width="{u * 2}"/>'
            f'<path d="M{cx - r},{cy}H{cx + r}M{cx},{cy - r}V{cy + r}" stroke="{tone}" stroke-width="{u * 0.9}"/>'
        )
    wide = x1 - x0
    columns, rows = (2, 3) if kind != "lamproom" else (7, 2)
    parts = []
    if arched:
        rx = wide / 2
        parts.append(
            f'<path d="M{x0},{y1} V{y0 + rx} A{rx},{rx} 0 0 1 {x1},{y0 + rx} V{y1}Z" fill="none" stroke="{tone}" stroke-width="{u * 2}"/>'
        )
    else:
        parts.append(
            f'<rect x="{x0}" y="{y0}" width="{wide}" height="{y1 - y0}" fill="none" stroke="{tone}" stroke-width="{u * 2}"/>'
        )
    for c in range(1, columns):
        parts.append(
            box(
                x0 + wide * c / columns - u * 0.45,
                y0 + (u if arched else 0),
                u * 0.9,
                y1 - y0 - (u if arched else 0),
                tone,
            )
        )
    for r in range(1, rows):
        parts.append(box(x0, y0 + (y1 - y0) * r / rows - u * 0.4, wide, u * 0.8, tone))
    parts.append(box(x0 - u * 3, y1, wide + u * 6, u * 1.8, hexed(mix(wall, (1, 1, 1), 0.12))))
    return "".join(parts)


def _curtains(stage: Stage, hole: tuple[float, float, float, float], rng: np.random.Generator) -> str:
    u = stage.unit
    x0, y0, x1, y1 = hole
    cloth = parse(str(rng.choice(["#7c3a3a", "#4a5f6e", "#6e6450", "#5a4668"])))
    parts = [f"<defs>{downwards('cloth', cloth, mix(cloth, (0, 0, 0), 0.45))}</defs>"]
    for side, x in ((-1, x0), (1, x1)):
        a, b = x + side * u * 7, x - side * u * 3.5
        parts.append(
            f'<path d="M{a},{y0 - u * 3} L{b},{y0 - u * 3} Q{b + side * u * 1.5},{(y0 + y1) / 2} {x + side * u * 1.5},{y1 - u * 8} Q{x + side * u * 0.5},{y1} {x},{y1 + u * 14} H{a}Z" fill="url(#cloth)"/>'
        )
        for k in range(3):
            fx = x + side * u * (1.5 + 1.8 * k)
            parts.append(
                f'<path d="M{fx},{y0 - u * 3} Q{fx + side * u},{(y0 + y1) / 2} {fx},{y1 + u * 13}" stroke="{hexed(mix(cloth, (0, 0, 0), 0.45))}" stroke-width="{u * 0.4}" fill="none" opacity="0.7"/>'
            )
    parts.append(box(x0 - u * 9, y0 - u * 4, x1 - x0 + u * 18, u * 1.2, hexed(mix(parse("#3a2c20"), (0, 0, 0), 0.2))))
    return "".join(parts)


def _shelves(
    stage: Stage,
    x: float,
    floor: float,
    _left: float,
    tall: float,
    rng: np.random.Generator,
    *,
    edge: tuple[float, float],
) -> str:
    """A wall of books between two columns."""
    u = stage.unit
    del x
    left, right = edge
    wood = parse("#4a3424")
    top = floor - min(tall, floor * 0.94)
    parts = [box(left, top, right - left, floor - top, hexed(mix(wood, (0, 0, 0), 0.45)))]
    tones = [parse(c) for c in ("#8c3f34", "#40566a", "#6b5a34", "#3f5a48", "#7a5a40", "#59405a", "#a08050", "#2f3a48")]
    rows = max(3, int((floor - top) / (u * 10)))
    step = (floor - top) / rows
    for r in range(rows):
        y = top + (r + 1) * step
        px = left + u
        while px < right - u * 1.6:
            bw, bh = u * rng.uniform(0.8, 2.0), step * rng.uniform(0.55, 0.84)
            if rng.random() < 0.07:
                px += u * rng.uniform(1, 4)
                continue
            tone = shift(tones[int(rng.integers(len(tones)))], lightness=float(rng.uniform(-0.06, 0.06)))
            lean = f'transform="rotate({rng.uniform(6, 12):.1f} {px:.1f} {y:.1f})"' if rng.random() < 0.04 else ""
            parts.append(box(px, y - bh - u * 0.5, min(bw, right - u - px), bh, hexed(tone), lean))
            if bw > u * 1.2:
                parts.append(
                    box(
                        px + bw * 0.15,
                        y - bh * 0.85 - u * 0.5,
                        min(bw * 0.7, max(0.0, right - u - px)),
                        u * 0.28,
                        hexed(parse("#c9a45c")),
                        'opacity="0.7"',
                    )
                )
            px += bw + 0.6
        parts.append(box(left, y - u * 0.6, right - left, u * 0.9, hexed(wood)))
    for px in np.arange(left, right + 1, max(u * 22, (right - left) / 3)):
        parts.append(box(float(px) - u * 0.7, top, u * 1.4, floor - top, hexed(mix(wood, (0, 0, 0), 0.12))))
    parts.append(box(left - u, top - u * 1.6, right - left + u * 2, u * 2, hexed(wood)))
    return "".join(parts)


def _hearth(stage: Stage, x: float, floor: float, wide: float) -> str:
    """A chimney piece with an open fireplace."""
    stone, u = parse("#857a70"), stage.unit
    tall = wide * 0.86
    parts = [
        box(x - wide * 0.4, 0, wide * 0.8, floor - tall, hexed(mix(stone, (0, 0, 0), 0.3))),
        box(x - wide / 2, floor - tall, wide, tall, hexed(stone)),
        box(
            x - wide * 0.57, floor - tall - u * 1.8, wide * 1.14, u * 2.8, hexed(mix(parse("#4a3424"), (0, 0, 0), 0.1))
        ),
    ]
    rng = stage.rng("hearth")
    for r in range(7):
        for c in range(5):
            parts.append(
                f'<rect x="{x - wide / 2 + (c + (r % 2) * 0.5) * wide / 5:.1f}" y="{floor - tall + r * tall / 7:.1f}" width="{wide / 5 * 0.95:.1f}" height="{tall / 7 * 0.9:.1f}" rx="{u * 0.5:.1f}" fill="{hexed(shift(stone, lightness=float(rng.uniform(-0.06, 0.04))))}" opacity="0.9"/>'
            )
    a = wide * 0.31
    parts.append(
        f'<path d="M{x - a},{floor} V{floor - tall * 0.5} A{a},{a * 0.7} 0 0 1 {x + a},{floor - tall * 0.5} V{floor}Z" fill="#140b08"/>'
    )
    parts.append(box(x - wide / 2, floor - u * 0.8, wide, u * 1.6, hexed(mix(stone, (0, 0, 0), 0.3))))
    return "".join(parts)


def flames(stage: Stage, x: float, base: float, size: float) -> None:
    """A fire burning in a hearth."""
    rng = stage.rng("flames")
    body = []
    for colour, scale in (("#e8541c", 1.0), ("#ff9a2e", 0.74), ("#ffe08a", 0.46)):
        for _ in range(6):
            fx = x + rng.normal(0, 0.34) * size * scale
            tall, w = size * rng.uniform(0.7, 1.35) * scale, size * 0.26 * scale
            sway = rng.normal(0, 0.15) * size
            body.append(
                f'<path d="M{fx - w:.1f},{base:.1f} C{fx - w * 1.3:.1f},{base - tall * 0.5:.1f} {fx + sway - w * 0.2:.1f},{base - tall * 0.6:.1f} {fx + sway:.1f},{base - tall:.1f} '
                f'C{fx + sway + w * 0.3:.1f},{base - tall * 0.6:.1f} {fx + w * 1.3:.1f},{base - tall * 0.45:.1f} {fx + w:.1f},{base:.1f}Z" fill="{colour}" opacity="0.9"/>'
            )
    body.append(
        f'<path d="M{x - size * 0.8},{base - size * 0.06} L{x + size * 0.75},{base - size * 0.2} M{x - size * 0.7},{base - size * 0.22} L{x + size * 0.8},{base - size * 0.04}" stroke="#2a140c" stroke-width="{size * 0.16}" stroke-linecap="round"/>'
    )
    lay(stage, "".join(body), top=base - size * 2, bottom=base + size * 0.4)
    stage.lamps.append(Lamp(x, base - size * 0.5, size * 7, (1.0, 0.5, 0.18), 0.5))
    stage.lamps.append(Lamp(x, base - size * 0.5, size * 2.0, (1.0, 0.8, 0.45), 0.5))


def _tools(stage: Stage, x: float, floor: float, rng: np.random.Generator) -> str:
    """Clocks and tools on a workshop's wall, over its bench."""
    u = stage.unit
    parts = []
    for k, (dx, dy, r) in enumerate(
        ((-16, 50, 5.5), (-3, 56, 4.0), (9, 50, 6.5), (-9, 39, 3.6), (2, 41, 3.2), (20, 40, 4.2))
    ):
        cx, cy, rr = x + dx * u, floor - dy * u, r * u
        a, b = rng.uniform(0, 2 * np.pi), rng.uniform(0, 2 * np.pi)
        parts.append(
            f'<circle cx="{cx}" cy="{cy}" r="{rr * 1.16}" fill="#4a3220"/><circle cx="{cx}" cy="{cy}" r="{rr}" fill="#e6d7b4"/>'
        )
        for m in range(12):
            mx, my = np.cos(m * np.pi / 6) * rr * 0.84, np.sin(m * np.pi / 6) * rr * 0.84
            parts.append(f'<circle cx="{cx + mx:.1f}" cy="{cy + my:.1f}" r="{rr * 0.05:.1f}" fill="#4a3220"/>')
        parts.append(
            f'<path d="M{cx},{cy}l{np.cos(a) * rr * 0.5:.1f},{np.sin(a) * rr * 0.5:.1f}M{cx},{cy}l{np.cos(b) * rr * 0.75:.1f},{np.sin(b) * rr * 0.75:.1f}" stroke="#2c1c12" stroke-width="{rr * 0.09:.1f}" stroke-linecap="round"/>'
        )
        del k
    wood = parse("#6e5238")
    for k in range(7):
        tx, ty = x - u * 18 + k * u * 6, floor - u * 30
        parts.append(
            box(tx, ty, u * 0.8, u * rng.uniform(5, 8), "#3a2a1c")
            + box(tx - u * 0.9, ty + u * 5, u * 2.6, u * 1.6, "#8c9296")
        )
    parts.append(
        box(x - u * 30, floor - u * 20, u * 60, u * 2.6, hexed(wood))
        + box(x - u * 28, floor - u * 17.4, u * 3, u * 17.4, hexed(mix(wood, (0, 0, 0), 0.4)))
        + box(x + u * 25, floor - u * 17.4, u * 3, u * 17.4, hexed(mix(wood, (0, 0, 0), 0.4)))
    )
    for _ in range(8):
        gx, gr = x + rng.uniform(-24, 24) * u, u * rng.uniform(0.6, 1.4)
        parts.append(
            f'<circle cx="{gx:.1f}" cy="{floor - u * 20 - gr:.1f}" r="{gr:.1f}" fill="none" stroke="#c09a54" stroke-width="{gr * 0.4:.1f}"/>'
        )
    return "".join(parts)


def _rafters(stage: Stage) -> str:
    w, h, u = stage.width, stage.height, stage.unit
    wood = parse("#4c3826")
    parts = [
        poly([(0, 0), (w * 0.42, 0), (0, h * 0.56)], hexed(mix(wood, (0, 0, 0), 0.2))),
        poly([(w, 0), (w * 0.58, 0), (w, h * 0.56)], hexed(mix(wood, (0, 0, 0), 0.2))),
    ]
    for k in range(5):
        x = w * (0.02 + 0.1 * k)
        parts.append(
            f'<path d="M{x},{h * 0.56 - x * h * 1.3 / w}L{x - w * 0.06},{h * 0.62 - x * h * 1.3 / w}" stroke="{hexed(wood)}" stroke-width="{u * 2}"/>'
        )
    parts.append(
        f'<path d="M0,{h * 0.57}L{w * 0.43},0M{w},{h * 0.57}L{w * 0.57},0" stroke="{hexed(mix(wood, (1, 1, 1), 0.06))}" stroke-width="{u * 3}"/>'
    )
    parts.append(box(0, h * 0.1, w, u * 3.4, hexed(mix(wood, (0, 0, 0), 0.1))))
    trunk = parse("#6a4a30")
    parts.append(
        box(w * 0.1, h * 0.69, u * 26, u * 15, hexed(trunk))
        + box(w * 0.1, h * 0.69, u * 26, u * 4, hexed(mix(trunk, (1, 1, 1), 0.1)))
        + box(w * 0.1 + u * 11.5, h * 0.69 + u * 2.4, u * 3, u * 4, "#b08a48")
    )
    parts.append(
        box(w * 0.8, h * 0.72, u * 18, u * 12, hexed(mix(trunk, (0, 0, 0), 0.2)))
        + box(w * 0.82, h * 0.64, u * 13, u * 9, hexed(mix(trunk, (0.6, 0.5, 0.4), 0.3)))
    )
    return "".join(parts)


def _pillars(stage: Stage, floor: float) -> str:
    w, u = stage.width, stage.unit
    stone = parse("#8a8278")
    parts = [
        f'<defs><linearGradient id="pil"><stop offset="0" stop-color="{hexed(mix(stone, (0, 0, 0), 0.5))}"/><stop offset="0.4" stop-color="{hexed(stone)}"/><stop offset="1" stop-color="{hexed(mix(stone, (0, 0, 0), 0.6))}"/></linearGradient></defs>'
    ]
    for x, s in ((0.04, 1.5), (0.96, 1.5), (0.5 - (0.16 if stage.hero_x > w / 2 else -0.16) * 1.6, 0.9)):
        parts.append(
            box(w * x - u * 4 * s, 0, u * 8 * s, floor + u * 6 * (s - 0.8), "url(#pil)")
            + box(w * x - u * 5.4 * s, floor + u * 6 * (s - 0.8) - u * 4, u * 10.8 * s, u * 4.5, "url(#pil)")
        )
    return "".join(parts)


def _barrels(stage: Stage, floor: float, rng: np.random.Generator) -> str:
    w, u = stage.width, stage.unit
    parts = []
    side = 1 if stage.hero_x < w / 2 else 0
    for k in range(3):
        x, s = (w * 0.86 if side else w * 0.04) + (k - 1) * u * 11, u * rng.uniform(9, 11)
        y = floor + u * 2
        parts.append(
            f'<path d="M{x - s * 0.42},{y} Q{x - s * 0.62},{y - s * 0.6} {x - s * 0.42},{y - s * 1.25} H{x + s * 0.42} Q{x + s * 0.62},{y - s * 0.6} {x + s * 0.42},{y}Z" fill="#6a4528"/>'
        )
        for t in (0.22, 0.98):
            parts.append(box(x - s * 0.5, y - s * t - u * 0.5, s, u * 1.0, "#2e2a28"))
    return "".join(parts)


def _bed(stage: Stage, x: float, floor: float) -> str:
    u = stage.unit
    return (
        box(x - u * 26, floor - u * 30, u * 3.4, u * 38, "#4a3424") + box(x + u * 22, floor - u * 16, u * 3, u * 24, "#4a3424")
        + f'<path d="M{x - u * 23},{floor - u * 12} q{u * 10},{-u * 4} {u * 45},{u * 1} v{u * 12} h{-u * 45}Z" fill="#8c95a6"/>'
        + f'<path d="M{x - u * 8},{floor - u * 13.6} q{u * 14},{-u * 3} {u * 30},{u * 3} v{u * 16} q{-u * 16},{u * 3} {-u * 30},0Z" fill="#6a3a44"/>'
        + f'<path d="M{x - u * 22},{floor - u * 13} q{u * 2},{-u * 6} {u * 13},{-u * 3} q{u * 2},{u * 3} 0,{u * 4}Z" fill="#d8d4cc"/>'
    )  # fmt: skip


def _hanging_lamp(stage: Stage, x: float, y: float) -> None:
    u = stage.unit
    lamp = hexed(mix(stage.scheme.lamp, (1, 1, 1), 0.5))
    lay(
        stage,
        f'<path d="M{x},0V{y - u * 3}" stroke="#1a1410" stroke-width="{u * 0.4}"/><path d="M{x - u * 4},{y} Q{x},{y - u * 6.5} {x + u * 4},{y}Z" fill="#2a201a"/>'
        f'<ellipse cx="{x}" cy="{y + u * 0.2}" rx="{u * 2.6}" ry="{u * 1.0}" fill="{lamp}"/>',
        top=0, bottom=y + u * 3,
    )  # fmt: skip
    stage.lamps.append(Lamp(x, y + u, u * 34, stage.scheme.lamp, 0.42))
    stage.lamps.append(Lamp(x, y + u * 0.3, u * 6, (1.0, 0.95, 0.82), 0.8))


def _lens(stage: Stage, x: float, floor: float) -> None:
    """A lighthouse's great lens on its stand."""
    u = stage.unit
    lamp = stage.scheme.lamp
    glass, brass = hexed(mix(lamp, (1, 1, 1), 0.35)), "#7c5f34"
    body = [
        box(x - u * 5, floor - u * 16, u * 10, u * 17, "#3a3630"),
        box(x - u * 8, floor - u * 17, u * 16, u * 2, brass),
    ]
    for k in range(9):
        t = (k - 4) / 4.4
        half = u * 9.5 * np.sqrt(max(0.05, 1 - t * t * 0.8))
        body.append(
            box(
                x - half,
                floor - u * 32 + t * u * 14 - u * 1.1,
                2 * half,
                u * 2.4,
                glass,
                f'opacity="{0.9 - 0.4 * abs(t):.2f}"',
            )
            + box(x - half, floor - u * 32 + t * u * 14 + u * 1.3, 2 * half, u * 0.4, brass)
        )
    body.append(
        f'<ellipse cx="{x}" cy="{floor - u * 32}" rx="{u * 3}" ry="{u * 4.4}" fill="#fffdf0"/>'
        + poly([(x - u * 7, floor - u * 47), (x, floor - u * 54), (x + u * 7, floor - u * 47)], brass)
    )
    lay(stage, "".join(body), rim=0.4)
    stage.lamps.append(Lamp(x, floor - u * 32, u * 60, lamp, 0.7))
    stage.lamps.append(Lamp(x, floor - u * 32, u * 14, (1.0, 0.97, 0.88), 0.9))


def _light_room(
    stage: Stage,
    hole: tuple[float, float, float, float],
    glass: Array,
    lights: list[tuple[float, float, float, Colour, float]],
) -> None:
    """Multiply the room by the light in it; the window itself is left alone."""
    h, w = stage.height, stage.width
    step = 4
    y, x = np.mgrid[0:h:step, 0:w:step].astype(np.float32)
    scheme = stage.scheme
    day = not scheme.lamps_lit
    ambient = np.array(mix(scheme.shade, scheme.lit, 0.35 if day else 0.12), np.float32) * np.float32(
        0.95 if day else 0.58
    )
    light: Array = np.broadcast_to(ambient, (*y.shape, 3)).copy()
    cx, cy = (hole[0] + hole[2]) / 2, (hole[1] + hole[3]) / 2
    reach = max(hole[2] - hole[0], hole[3] - hole[1])
    fall = 1 / (1 + ((x - cx) ** 2 + ((y - cy) * 0.85) ** 2) / (reach * 0.9) ** 2)
    strength = {
        "noon": 0.9,
        "golden": 0.95,
        "dawn": 0.8,
        "sunset": 0.85,
        "overcast": 0.7,
        "moon": 0.5,
        "dusk": 0.5,
    }.get(stage.spec.light, 0.3)
    light += fall[..., None] * np.array(mix(scheme.lit, scheme.glow, 0.35), np.float32) * np.float32(strength)
    for lx, ly, radius, colour, power in lights:
        near = 1 / (1 + (((x - lx) ** 2 + (y - ly) ** 2) / radius**2) * 1.4)
        light += (near**1.5)[..., None] * np.array(colour, np.float32) * np.float32(power * 1.55)
    corner = np.clip(1 - np.abs(x / w - 0.5) * 0.5, 0, 1) * np.clip(0.7 + y / h * 0.5, 0, 1.05)
    light *= corner[..., None]
    big = np.asarray(cv2.resize(light, (w, h), interpolation=cv2.INTER_LINEAR), np.float32)
    # What is bright behind the panes keeps its own light.
    panes = glass[..., None] * smooth(0.16, 0.3, luminance(stage.image))[..., None]
    big += (np.clip(0.7 + 0.3 * big, 0, 1.05) - big) * panes
    stage.image *= np.clip(big, 0, 1.4)


def corridor(stage: Stage) -> Footing:
    """A passage in one-point perspective with light at its end."""
    w, h, u = stage.width, stage.height, stage.unit
    rng = stage.rng("corridor")
    vx, vy = w * 0.5 + (stage.hero_x - w * 0.5) * 0.25, h * 0.47
    stage.horizon = vy
    wall = parse("#6e6a70")
    body = [
        f"<defs>{downwards('cw', mix(wall, (0, 0, 0), 0.35), wall)}</defs>",
        box(0, 0, w, h, hexed(mix(wall, (0, 0, 0), 0.4))),
    ]
    s0 = 0.14
    far = (vx - w * 0.5 * s0 * 1.1, vy - h * 0.5 * s0 * 1.5, vx + w * 0.5 * s0 * 1.1, vy + h * 0.5 * s0 * 1.7)

    def at(side: int, s: float, v: float) -> tuple[float, float]:
        return vx + side * w * 0.62 * s, vy + (h * 0.62 * s) * v

    body.append(poly([at(-1, s0, -1), at(1, s0, -1), at(1, 2, -1), at(-1, 2, -1)], hexed(mix(wall, (0, 0, 0), 0.55))))
    body.append(poly([at(-1, s0, 1), at(1, s0, 1), at(1, 2, 1), at(-1, 2, 1)], hexed(parse("#5a4a40"))))
    for side in (-1, 1):
        body.append(poly([at(side, s0, -1), at(side, s0, 1), at(side, 2, 1), at(side, 2, -1)], "url(#cw)"))
        for a, b in ((0.17, 0.21), (0.26, 0.33), (0.42, 0.54), (0.72, 0.94)):
            tone = shift(parse("#4a3a30"), lightness=float(rng.uniform(-0.03, 0.03)))
            body.append(poly([at(side, a, -0.42), at(side, b, -0.42), at(side, b, 1), at(side, a, 1)], hexed(tone)))
            body.append(
                poly(
                    [
                        at(side, a * 1.03, -0.36),
                        at(side, b * 0.97, -0.36),
                        at(side, b * 0.97, 0.9),
                        at(side, a * 1.03, 0.9),
                    ],
                    hexed(mix(tone, (0, 0, 0), 0.2)),
                )
            )
    for s in (0.2, 0.3, 0.45, 0.68, 1.0):
        body.append(
            f'<path d="M{at(-1, s, 1)[0]:.1f},{at(-1, s, 1)[1]:.1f}L{at(1, s, 1)[0]:.1f},{at(1, s, 1)[1]:.1f}" stroke="#000" opacity="0.25" stroke-width="{u * s:.1f}"/>'
        )
    body.append(poly([at(-1, s0, -1), at(1, s0, -1), at(1, s0, 1), at(-1, s0, 1)], hexed(mix(wall, (0, 0, 0), 0.2))))
    glow = (
        mix(stage.scheme.glow, (1, 1, 1), 0.45)
        if not stage.scheme.lamps_lit
        else mix(stage.scheme.lamp, (1, 1, 1), 0.35)
    )
    body.append(
        poly(
            [at(-1, s0 * 0.55, -0.9), at(1, s0 * 0.55, -0.9), at(1, s0 * 0.55, 1.75), at(-1, s0 * 0.55, 1.75)],
            hexed(glow),
        )
    )
    lay(stage, "".join(body))
    y, x = np.mgrid[0:h:4, 0:w:4].astype(np.float32)
    near = 1 / (1 + (((x - vx) / (w * 0.24)) ** 2 + ((y - vy) / (h * 0.34)) ** 2))
    stripe = (
        np.exp(-(((x - vx) / (w * 0.05 + (y - vy).clip(0) * 0.42)) ** 2))
        * (y > vy)
        * np.exp(-(y - vy).clip(0) / (h * 0.4))
    )
    light = np.array(mix(stage.scheme.shade, stage.scheme.lit, 0.2), np.float32) * 0.6 + (near * 1.1 + stripe * 0.6)[
        ..., None
    ] * np.array(glow, np.float32)
    stage.image *= np.clip(
        np.asarray(cv2.resize(np.asarray(light, np.float32), (w, h), interpolation=cv2.INTER_LINEAR), np.float32),
        0,
        1.3,
    )
    stage.lamps.append(Lamp(vx, (far[1] + far[3]) / 2, u * 46, glow, 0.6))
    stage.sun, stage.light_from = None, (0.0, -1.0)
    return Footing(vx, vy + h * 0.62 * 0.34, u * 25, shadow=0.0, mirror=0.35)


def church(stage: Stage) -> Footing:
    """A nave in one-point perspective: columns and arches to a great window, ribs overhead, pews, light from the side."""
    w, h, u = stage.width, stage.height, stage.unit
    vx, vy = w * 0.5 + (stage.hero_x - w * 0.5) * 0.2, h * 0.58
    stage.horizon = vy
    day = not stage.scheme.lamps_lit
    stone = parse("#a89c8c")
    sky = mix(stage.scheme.lit, stage.scheme.glow, 0.5)
    wide, eye, high = min(w * 0.6, u * 106), h * 0.46, h * 1.05

    def at(x: float, y: float, s: float) -> tuple[float, float]:
        """A point of the nave: x -1..1 from wall to wall, y -1 floor to 1 springing of the vault, s nearness."""
        return vx + x * wide * s, vy - (y * high if y > 0 else y * eye) * s

    depths = [0.2, 0.26, 0.34, 0.45, 0.6, 0.82, 1.15, 1.7]

    def shade(s: float) -> Colour:
        """The stone's tone, darker near by, away from the great window."""
        return mix(stone, (0.05, 0.05, 0.08), 0.34 + 0.2 * min(1.0, s))

    body = [
        f"<defs>{across(stage, 'col', mix(stone, (0, 0, 0), 0.12), 0.5)}</defs>",
        box(0, 0, w, h, hexed(shade(1.0))),
    ]
    far = depths[0]
    # Floor, the far wall and the aisles beyond the columns.
    body.append(
        poly(
            [at(-1, -1, far), at(1, -1, far), at(1, -1, 3), at(-1, -1, 3)],
            hexed(mix(parse("#8c8074"), (0, 0, 0), 0.25)),
        )
    )
    for x in np.linspace(-1, 1, 9):
        (xa, ya), (xb, yb) = at(float(x), -1, far), at(float(x), -1, 3)
        body.append(
            f'<path d="M{xa:.1f},{ya:.1f}L{xb:.1f},{yb:.1f}" stroke="#000" stroke-opacity="0.16" stroke-width="{u * 0.2:.2f}"/>'
        )
    for s in np.geomspace(far, 2.2, 15):
        (xa, ya), (xb, yb) = at(-1, -1, float(s)), at(1, -1, float(s))
        body.append(
            f'<path d="M{xa:.1f},{ya:.1f}L{xb:.1f},{yb:.1f}" stroke="#000" stroke-opacity="0.16" stroke-width="{u * 0.5 * s:.2f}"/>'
        )
    left, right = at(-1, -1, far), at(1, 1, far)
    body.append(
        box(
            left[0],
            right[1] - u * 22 * far * 3,
            right[0] - left[0],
            left[1] - right[1] + u * 66 * far,
            hexed(mix(stone, (0, 0, 0), 0.3)),
        )
    )
    body.append(_great_window(stage, vx, at(0, 0.0, far)[1] - u * 2, (right[0] - left[0]) * 0.3, u * 40, sky, day))
    for near, s in enumerate(depths[1:]):
        body.append(_bay(at, depths[near], s, shade, stone, sky, u, day))
    for s in (0.3, 0.38, 0.48, 0.62, 0.8, 1.05, 1.4):
        for x0, x1 in ((-0.82, -0.2), (0.2, 0.82)):
            (xa, ya), (xb, _) = at(x0, -1, s), at(x1, -1, s)
            tall = u * 13 * s
            wood = mix(parse("#5a3f2c"), (0, 0, 0), 0.1 + 0.25 * min(1.0, s))
            body.append(box(xa, ya - tall, xb - xa, tall * 0.86, hexed(wood)))
            body.append(box(xa, ya - tall, xb - xa, tall * 0.13, hexed(mix(wood, (1.0, 0.9, 0.7), 0.25))))
            inner = xb if x1 < 0 else xa
            body.append(
                box(inner - u * 0.8 * s, ya - tall * 1.16, u * 1.6 * s, tall * 1.12, hexed(mix(wood, (0, 0, 0), 0.3)))
            )
    lay(stage, "".join(body))
    y, x = np.mgrid[0:h:4, 0:w:4].astype(np.float32)
    near_light = 1 / (1 + (((x - vx) / (w * 0.26)) ** 2 + ((y - vy + u * 16) / (h * 0.42)) ** 2))
    ambient = np.array(mix(stage.scheme.shade, stage.scheme.lit, 0.5), np.float32) * np.float32(0.7 if day else 0.42)
    light = ambient + near_light[..., None] * np.array(
        sky if day else mix(sky, stage.scheme.lamp, 0.55), np.float32
    ) * (0.95 if day else 0.75)
    big = np.asarray(cv2.resize(np.asarray(light, np.float32), (w, h), interpolation=cv2.INTER_LINEAR), np.float32)
    glass = smooth(0.72, 0.9, luminance(stage.image))[..., None]
    stage.image *= np.clip(big + (1 - big) * glass, 0, 1.25)
    for k in range(3):
        s = 0.95 - 0.28 * k
        x0, y0 = at(-0.98, 0.78, s)
        pane = [(x0, y0), (x0 + u * 9 * s, y0 + u * 2), (x0 + u * 9 * s, y0 + u * 26 * s), (x0, y0 + u * 26 * s)]
        window_shafts(stage, pane, (w * 0.36, h * 0.5), sky, (0.4 if day else 0.2) * s)
    stage.lamps.append(Lamp(vx, vy - u * 22, u * 44, sky, 0.36))
    if not day:
        _candles(
            stage,
            [at(x0, -1, s) for s in (0.32, 0.42, 0.56, 0.76) for x0 in (-0.9, 0.9)],
            [0.32, 0.32, 0.42, 0.42, 0.56, 0.56, 0.76, 0.76],
        )
    stage.sun, stage.light_from = None, (0.0, -1.0)
    return Footing(vx, at(0, -1, 0.5)[1], u * 24, shadow=0.2, mirror=0.18)


def _bay(
    at: Callable[[float, float, float], tuple[float, float]],
    back: float,
    s: float,
    shade: Callable[[float], Colour],
    stone: Colour,
    sky: Colour,
    u: float,
    day: bool,
) -> str:
    """One bay of a nave: wall with its window, the arch over the aisle, the column before it and the rib overhead."""
    parts = []
    tone = shade(s)
    for x in (-1, 1):
        parts.append(
            poly([at(x, -1, back), at(x, 1.0, back), at(x, 1.0, s), at(x, -1, s)], hexed(mix(tone, (0, 0, 0), 0.3)))
        )
        middle = (back + s) / 2
        # The aisle's dark opening under a pointed arch, and a tall window over it.
        a, b = back + (s - back) * 0.14, back + (s - back) * 0.86
        foot, spring, tip = -1.0, 0.12, 0.42
        (ax, ay), (bx, by) = at(x, foot, a), at(x, foot, b)
        (cx, cy), (dx, dy), (tx, ty) = at(x, spring, a), at(x, spring, b), at(x, tip, middle)
        parts.append(
            f'<path d="M{ax:.1f},{ay:.1f}L{cx:.1f},{cy:.1f}Q{cx:.1f},{(cy + ty) / 2:.1f} {tx:.1f},{ty:.1f}Q{dx:.1f},{(dy + ty) / 2:.1f} {dx:.1f},{dy:.1f}L{bx:.1f},{by:.1f}Z" '
            f'fill="{hexed(mix(tone, (0.02, 0.02, 0.04), 0.7))}"/>'
        )
        a, b = back + (s - back) * 0.36, back + (s - back) * 0.64
        pane = mix(sky, (1, 1, 1), 0.25) if day else mix(sky, (0.1, 0.14, 0.3), 0.45)
        (ax, ay), (bx, by) = at(x, 0.56, a), at(x, 0.56, b)
        (cx, cy), (dx, dy), (tx, ty) = at(x, 0.84, a), at(x, 0.84, b), at(x, 0.96, middle)
        parts.append(
            f'<path d="M{ax:.1f},{ay:.1f}L{cx:.1f},{cy:.1f}Q{(cx + tx) / 2:.1f},{ty:.1f} {tx:.1f},{ty:.1f}Q{(dx + tx) / 2:.1f},{ty:.1f} {dx:.1f},{dy:.1f}L{bx:.1f},{by:.1f}Z" fill="{hexed(pane)}"/>'
        )
    (lx, ly), (rx, _), (_, top) = at(-1, 1.0, s), at(1, 1.0, s), at(0, 1.55, s)
    parts.append(
        f'<path d="M{lx:.1f},{ly:.1f}Q{lx:.1f},{top:.1f} {(lx + rx) / 2:.1f},{top:.1f}Q{rx:.1f},{top:.1f} {rx:.1f},{ly:.1f}" fill="none" '
        f'stroke="{hexed(mix(stone, tone, 0.35))}" stroke-width="{u * 3.6 * s:.1f}"/>'
    )
    for x in (-1, 1):
        (cx, foot_y), (_, head) = at(x, -1, s), at(x, 1.0, s)
        half = u * 4.2 * s
        parts.append(box(cx - half, head, 2 * half, foot_y - head, "url(#col)"))
        parts.append(box(cx - half * 1.5, foot_y - u * 4.5 * s, half * 3, u * 4.5 * s, hexed(mix(stone, tone, 0.55))))
        parts.append(box(cx - half * 1.4, head - u * 1.6 * s, half * 2.8, u * 3.2 * s, hexed(mix(stone, tone, 0.3))))
    return "".join(parts)


def _great_window(stage: Stage, x: float, base: float, half: float, tall: float, sky: Colour, day: bool) -> str:
    """The window at the end of a nave: three lights under a pointed head, in coloured glass."""
    rng = stage.rng("glass")
    glass = [parse(c) for c in ("#c8553d", "#e0b04a", "#3f6fa0", "#6a9a6a", "#8a5aa0", "#e9d8a0")]
    top = base - tall
    shape = f"M{x - half:.1f},{base:.1f}V{top + half:.1f}Q{x - half:.1f},{top - half * 0.3:.1f} {x:.1f},{top - half:.1f}Q{x + half:.1f},{top - half * 0.3:.1f} {x + half:.1f},{top + half:.1f}V{base:.1f}Z"
    parts = [
        f'<clipPath id="gw"><path d="{shape}"/></clipPath><path d="{shape}" fill="{hexed(mix(sky, (1, 1, 1), 0.4 if day else 0.0))}"/>',
        '<g clip-path="url(#gw)">',
    ]
    step = half / 4.5
    for r in range(int((tall + half * 2) / step) + 1):
        for c in range(9):
            pane = mix(glass[int(rng.integers(6))], mix(sky, (1, 1, 1), 0.3), 0.42 if day else 0.25)
            parts.append(
                box(x - half + c * step, base - (r + 1) * step, step * 0.9, step * 0.9, hexed(pane), 'opacity="0.85"')
            )
    for c in (-1, 1):
        parts.append(box(x + c * half / 3 - half * 0.05, top - half, half * 0.1, tall + half, "#241e1c"))
    parts.append(f'</g><path d="{shape}" fill="none" stroke="#3a3430" stroke-width="{half * 0.1:.1f}"/>')
    return "".join(parts)


def _candles(stage: Stage, feet: list[tuple[float, float]], sizes: list[float]) -> None:
    """Tall candlesticks along the aisles."""
    u = stage.unit
    body = []
    for (x, y), s in zip(feet, sizes, strict=True):
        tall = u * 30 * s
        body.append(
            box(x - u * 0.5 * s, y - tall * 0.8, u * s, tall * 0.8, "#2a2018")
            + box(x - u * 0.7 * s, y - tall, u * 1.4 * s, tall * 0.2, "#efe2c4")
        )
        stage.lamps.append(Lamp(x, y - tall * 1.05, u * 26 * s, _FLAME, 0.6))
        stage.lamps.append(Lamp(x, y - tall * 1.05, u * 4.5 * s, (1.0, 0.9, 0.65), 0.9))
    lay(stage, "".join(body))
