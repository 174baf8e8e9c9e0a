"""Clothes, hair and hats, drawn over a stance's joints."""

from __future__ import annotations

import math
import random
from dataclasses import replace

from storyreel.providers.offline.silhouettes.body import HeadFrame, leg_chain, trunk_stations
from storyreel.providers.offline.silhouettes.drawing import (
    Contour,
    Drawing,
    between,
    curve,
    ellipse,
    read_points,
    sliver,
    smooth,
    tube,
)
from storyreel.providers.offline.silhouettes.model import Point
from storyreel.providers.offline.silhouettes.skeleton import Stance


def leg_reach(stance: Stance, y: float, step: float) -> tuple[float, float] | None:
    """The leftmost and rightmost x of the legs near a height on the page, or None below them."""
    spans: list[tuple[float, float]] = []
    for _, side in stance.sides():
        centres, radii = leg_chain(stance, side)
        for i in range(len(centres) - 1):
            for n in range(9):
                x, at = between(centres[i], centres[i + 1], n / 8)
                r = radii[i] + (radii[i + 1] - radii[i]) * n / 8
                if abs(at - y) <= step:
                    spans.append((x - r, x + r))
    return (min(a for a, _ in spans), max(b for _, b in spans)) if spans else None


def drape(
    stance: Stance,
    top: Point,
    half_top: float,
    hem_y: float,
    flare: float,
    wind: float,
    seed: int,
    slack: float = 1.0,
    ripple: float = 1.0,
) -> tuple[Contour, list[list[Point]]]:
    """Cloth hanging from `top` to `hem_y` around the legs.

    The edges fall outwards by `flare` for each unit down and are pushed out by the legs; the wind carries the lee side
    away and presses the other to the body.

    Returns:
        The outline, and lines down the cloth where its folds lie.
    """
    chance = random.Random(seed * 7919 + 11)
    rows = 8
    drop = hem_y - top[1]
    left, right = top[0] - half_top, top[0] + half_top
    lefts, rights = [(left, top[1])], [(right, top[1])]
    for row in range(1, rows + 1):
        t = row / rows
        y = top[1] + drop * t
        grow = flare * drop / rows
        left, right = left - grow, right + grow
        reach = leg_reach(stance, y, drop / rows * 0.7)
        if reach is not None:
            left, right = min(left, reach[0] - slack), max(right, reach[1] + slack)
        push = wind * abs(drop) * 0.3 * t**1.7
        lee_left, lee_right = (push * 1.6, push * 0.55) if wind < 0 else (push * 0.55, push * 1.6)
        rise = -abs(push) * 0.35
        lefts.append((left + lee_left, y + (rise if wind < 0 else 0)))
        rights.append((right + lee_right, y + (rise if wind > 0 else 0)))
    a, b = lefts[-1], rights[-1]
    waves = 5
    hem: list[Point] = []
    for i in range(1, waves * 2):
        x, y = between(b, a, i / (waves * 2))
        deep = (0.55 if i % 2 else -0.5) * ripple * (0.7 + 0.6 * chance.random())
        hem.append((x, y + deep * abs(drop) * 0.025 + abs(drop) * 0.012))
    points = [*rights, *hem, *reversed(lefts)]
    corners = {0, rows, rows + len(hem) + 1, len(points) - 1}
    folds = []
    for i in range(2, waves * 2 - 1, 2):
        share = i / (waves * 2)
        lower = hem[i - 1]
        start = chance.choice((2, 3, 4, 5))
        upper = between(rights[start], lefts[start], share * 0.8 + 0.1)
        folds.append([between(upper, lower, 0.05), between(upper, lower, 0.5), between(upper, lower, 0.97)])
    return curve(points, corners), folds


def waist_point(stance: Stance, share: float = 1.0) -> tuple[Point, float]:
    """The middle of the waist on the page (lower with a smaller share), and the trunk's half-width there."""
    stations = trunk_stations(stance)
    centre, across, deep, ahead = stations[3]
    x, y = stance.page(centre)
    hip_x, hip_y = stance.page(stations[1][0])
    point = between((hip_x, hip_y), (x + stance.ahead(ahead), y), share)
    return point, stance.half(across, deep)


def is_seated(stance: Stance) -> bool:
    """Whether both thighs are carried forwards, so that cloth lies in the lap."""
    return min(stance.pose.right_leg[0], stance.pose.left_leg[0]) > 55


def hides_legs(stance: Stance) -> bool:
    """Whether the figure sits on the ground with its back to the viewer, the legs drawn up before it."""
    return stance.pose.rest == "seat" and abs(math.cos(math.radians(stance.pose.yaw))) > 0.7


def draw_skirt(
    drawing: Drawing,
    stance: Stance,
    length: float,
    flare: float,
    wind: float,
    seed: int,
    pad: float = 0.8,
    folds_shown: int = 9,
) -> None:
    """Add a skirt or the lower part of a coat; `length` is the share of the leg it covers (1 reaches the ground)."""
    middle, half = waist_point(stance)
    hip_x, hip_y = stance.page(stance.pelvis)
    if is_seated(stance):
        if hides_legs(stance):
            return
        for _, side in stance.sides():
            hip, knee, ankle = (stance.page(p) for p in (side.hip, side.knee, side.ankle))
            g = stance.build.leg
            drawing.add(tube([hip, between(hip, knee, 0.5), knee], [g * 1.25 + pad, g * 1.15 + pad, g * 0.95 + pad]))
            if length > 0.45:
                end = between(knee, ankle, min(1.0, (length - 0.3) * 1.9))
                drawing.add(
                    tube(
                        [knee, between(knee, end, 0.5), end],
                        [g * 0.9 + pad, g * (1 + flare) + pad, g * (1 + 2 * flare) + pad],
                        "flat",
                    )
                )
        return
    ground = max(stance.page(side.heel)[1] for _, side in stance.sides())
    full = min(ground, 0.0) - hip_y
    hem_y = hip_y + full * length
    cloth, folds = drape(stance, middle, half + pad, hem_y, flare, wind, seed, slack=pad)
    drawing.add(cloth)
    hips = stance.half(stance.build.hip, stance.build.depth * 1.02) + pad
    back = stance.ahead(-0.9)
    drawing.add(
        tube([middle, (hip_x + back, hip_y - 2), (hip_x + back, hip_y + full * min(0.25, length * 0.5))],
             [half + pad, hips, hips])
    )  # fmt: skip
    for fold in folds[:folds_shown]:
        drawing.mark(sliver(fold, stance.build.height * 0.006))


def draw_cloak(drawing: Drawing, stance: Stance, wind: float, seed: int, length: float = 0.9) -> None:
    """Add a cloak from the shoulders to the calves, falling over the arms."""
    b = stance.build
    neck = stance.page(stance.neck)
    right, left = stance.page(stance.right.shoulder), stance.page(stance.left.shoulder)
    out = max(abs(right[0] - left[0]) / 2 + b.arm * 1.5, stance.half(b.chest, b.depth) + 2.2)
    hip_y = stance.page(stance.pelvis)[1]
    middle = ((right[0] + left[0]) / 2, (right[1] + left[1]) / 2)
    hem_y = hip_y * (1 - length)
    top = (middle[0] - stance.ahead(0.5), middle[1] + b.height * 0.05)
    half = out * 1.0
    cloth, folds = drape(stance, top, half, hem_y, 0.07, wind, seed, slack=1.4, ripple=1.3)
    drawing.add(cloth)
    drawing.add(
        curve(
            [
                (neck[0] + b.head * 0.27, neck[1] - b.head * 0.12),
                (between(neck, (top[0] + half, top[1]), 0.55)[0], neck[1] + b.head * 0.12),
                (top[0] + half * 0.87, top[1] - b.height * 0.034),
                (top[0] + half, top[1] + b.height * 0.012),
                (top[0] - half, top[1] + b.height * 0.012),
                (top[0] - half * 0.87, top[1] - b.height * 0.034),
                (between(neck, (top[0] - half, top[1]), 0.55)[0], neck[1] + b.head * 0.12),
                (neck[0] - b.head * 0.27, neck[1] - b.head * 0.12),
            ],
            {3, 4},
        )
    )
    for fold in folds:
        drawing.mark(sliver(fold, b.height * 0.007))


def spine_turn(stance: Stance) -> float:
    """How many degrees the upper back leans clockwise on the page."""
    (cx, cy), (nx, ny) = stance.page(stance.chest), stance.page(stance.neck)
    return math.degrees(math.atan2(nx - cx, cy - ny))


def draw_collar(drawing: Drawing, stance: Stance, frame: HeadFrame, high: float = 0.22) -> None:
    """Add a turned-up collar around the neck."""
    b = stance.build
    x, y = stance.page(stance.neck)
    w = stance.half(b.head * 0.44, b.head * 0.4)
    rise, broad = b.head * high, 1.02 if frame.in_profile else 1.3
    turn = spine_turn(stance) * 0.9
    collar = curve(
        [(x - w * broad, y + b.head * 0.3), (x - w * 0.96, y - rise), (x, y - rise * 0.8), (x + w * 0.96, y - rise),
         (x + w * broad, y + b.head * 0.3)],
        {0, 1, 3, 4},
    )  # fmt: skip
    drawing.add(collar.turned(turn, (x, y)))
    fold = sliver(
        [(x - w * 0.9, y + b.head * 0.04), (x, y + b.head * 0.13), (x + w * 0.9, y + b.head * 0.04)], b.head * 0.05
    )
    drawing.mark(fold.turned(turn, (x, y)))


def draw_coat(drawing: Drawing, stance: Stance, long: bool, wind: float, seed: int) -> None:
    """Add what a coat adds to the trunk: its skirt, its belt line and the seam down the back."""
    draw_skirt(
        drawing,
        stance,
        0.74 if long else 0.3,
        0.09 if long else 0.05,
        wind if long else wind * 0.4,
        seed,
        pad=1.5,
        folds_shown=2 if long else 0,
    )
    middle, half = waist_point(stance)
    neck = stance.page(stance.neck)
    if abs(stance.pose.yaw) < 45:
        low = stance.page(stance.pelvis)
        drawing.mark(sliver([between(neck, middle, 0.2), between(neck, middle, 0.6), middle, low], 0.7))
        drawing.mark(
            sliver(
                [
                    (middle[0] - half * 0.6, middle[1] + 0.4),
                    (middle[0], middle[1] + 1.0),
                    (middle[0] + half * 0.6, middle[1] + 0.4),
                ],
                1.3,
            )
        )


def draw_scarf(drawing: Drawing, stance: Stance, frame: HeadFrame, wind: float, seed: int) -> None:
    """Add a scarf in the accent colour: a wrap round the neck and an end that hangs or flies."""
    b = stance.build
    x, y = stance.page(stance.neck)
    lean = (frame.centre[0] - x) * 0.35
    w = stance.half(b.head * 0.46, b.head * 0.45)
    wrap = curve(
        [(x + lean - w * 0.8, y - b.head * 0.2), (x + lean, y - b.head * 0.13), (x + lean + w * 0.8, y - b.head * 0.2),
         (x + w * 1.22, y + b.head * 0.06), (x + w * 0.7, y + b.head * 0.2), (x, y + b.head * 0.25),
         (x - w * 0.7, y + b.head * 0.2), (x - w * 1.22, y + b.head * 0.06)]
    )  # fmt: skip
    drawing.colour(wrap.turned(spine_turn(stance) * 0.8, (x, y)))
    chance = random.Random(seed * 31 + 5)
    length = b.height * 0.3
    blow = wind if abs(wind) > 0.08 else 0.0
    start = (x - w * 0.55 * (1 if blow <= 0 else -1), y + b.head * 0.08)
    points, radii = [start], [b.head * 0.13]
    phase = chance.random() * 2
    for i in range(1, 7):
        t = i / 6
        angle = math.radians(90 - 80 * math.copysign(min(abs(blow), 1), blow)) if blow else math.radians(96)
        wave = math.sin(t * 5 + phase) * length * 0.05 * (abs(blow) * 1.6 + 0.2)
        points.append(
            (start[0] + math.cos(angle) * length * t - math.sin(angle) * wave,
             start[1] + math.sin(angle) * length * t + math.cos(angle) * wave)
        )  # fmt: skip
        radii.append(b.head * (0.13 + 0.05 * t))
    drawing.colour(tube(points, radii, "flat"))


HAIR: dict[str, dict[str, str]] = {
    "hair_short": {
        "profile": "0.0,-1.07 0.24,-1.03 0.4,-0.9 0.42,-0.76! 0.3,-0.78 0.16,-0.66 0.04,-0.56 0.0,-0.4! -0.08,-0.42 "
        "-0.2,-0.22 -0.34,-0.13! -0.44,-0.3 -0.5,-0.55 -0.49,-0.78 -0.36,-0.97 -0.18,-1.06",
        "round": "0,-1.06 0.2,-1.03 0.35,-0.9 0.4,-0.7 0.37,-0.5 0.31,-0.33 0.22,-0.19 0.08,-0.22 -0.06,-0.18 -0.22,-0.2 "
        "-0.31,-0.33 -0.37,-0.5 -0.395,-0.7 -0.36,-0.9 -0.22,-1.02",
    },
    "hair_tousled": {
        "profile": "0.0,-1.1 0.14,-1.08! 0.3,-1.1 0.42,-0.98 0.47,-0.82! 0.36,-0.82 0.2,-0.66 0.06,-0.58 0.0,-0.38! "
        "-0.1,-0.42 -0.2,-0.2 -0.36,-0.1! -0.42,-0.22 -0.52,-0.3! -0.5,-0.5 -0.56,-0.62! -0.52,-0.8 -0.42,-0.98 "
        "-0.26,-1.05! -0.16,-1.12",
        "round": "0.04,-1.1 0.16,-1.06! 0.26,-1.06 0.38,-0.92 0.44,-0.72 0.41,-0.54 0.43,-0.4! 0.31,-0.28 0.24,-0.14! "
        "0.1,-0.2 0,-0.12! -0.1,-0.2 -0.25,-0.15! -0.33,-0.32 -0.43,-0.44! -0.4,-0.58 -0.44,-0.74 -0.36,-0.94 "
        "-0.24,-1.06 -0.12,-1.05!",
    },
    "hair_long": {
        "profile": "0.02,-1.07 0.24,-1.03 0.39,-0.9 0.4,-0.75! 0.28,-0.74 0.16,-0.58 0.12,-0.36 0.06,-0.1 0.04,0.2 "
        "-0.06,0.62! -0.2,0.72 -0.36,0.78 -0.52,0.7! -0.58,0.4 -0.56,0.05 -0.54,-0.3 -0.53,-0.62 -0.45,-0.88 -0.24,-1.04",
        "round": "0,-1.06 0.22,-1.02 0.38,-0.87 0.44,-0.62 0.45,-0.3 0.49,0.0 0.5,0.3 0.44,0.6! 0.3,0.69 0.16,0.66! "
        "0.06,0.76 -0.1,0.74 -0.2,0.66! -0.34,0.7 -0.47,0.58! -0.51,0.3 -0.48,0 -0.44,-0.3 -0.43,-0.62 -0.37,-0.88 -0.22,-1.02",
    },
    "hair_bob": {
        "profile": "0.02,-1.07 0.24,-1.03 0.4,-0.9 0.42,-0.72! 0.28,-0.7 0.2,-0.5 0.2,-0.25 0.16,-0.08! -0.1,-0.02 "
        "-0.36,-0.02 -0.52,-0.1! -0.56,-0.35 -0.53,-0.65 -0.44,-0.9 -0.24,-1.04",
        "round": "0,-1.06 0.22,-1.02 0.38,-0.88 0.45,-0.62 0.47,-0.35 0.5,-0.08! 0.3,0.0 0,0.02 -0.3,0.0 -0.5,-0.06! "
        "-0.47,-0.35 -0.45,-0.62 -0.38,-0.88 -0.22,-1.02",
    },
    "hair_tail": {
        "profile": "0.0,-1.06 0.24,-1.02 0.39,-0.9 0.4,-0.76! 0.26,-0.76 0.12,-0.6 0.02,-0.42 -0.14,-0.3 -0.3,-0.3 "
        "-0.4,-0.42! -0.5,-0.36 -0.6,-0.1 -0.62,0.2 -0.54,0.52 -0.6,0.72! -0.74,0.52 -0.8,0.2 -0.76,-0.2 -0.66,-0.5 "
        "-0.52,-0.68! -0.47,-0.86 -0.22,-1.04",
        "round": "0,-1.06 0.22,-1.01 0.36,-0.86 0.39,-0.64 0.35,-0.42 0.24,-0.26 0.12,-0.3! 0.19,0.0 0.17,0.3 0.1,0.55 "
        "0.02,0.74! -0.09,0.5 -0.17,0.2 -0.17,-0.05 -0.1,-0.3! -0.24,-0.26 -0.35,-0.42 -0.39,-0.64 -0.36,-0.86 -0.22,-1.01",
    },
    "hair_bun": {
        "profile": "0.0,-1.05 0.24,-1.01 0.39,-0.9 0.4,-0.76! 0.26,-0.76 0.12,-0.6 0.02,-0.42 -0.14,-0.26 -0.32,-0.2 "
        "-0.42,-0.36 -0.48,-0.44 -0.66,-0.42 -0.75,-0.58 -0.7,-0.76 -0.56,-0.82 -0.47,-0.84 -0.36,-0.96 -0.2,-1.03",
        "round": "0.0,-1.28 0.12,-1.24 0.19,-1.13 0.17,-1.02! 0.3,-0.94 0.38,-0.74 0.37,-0.5 0.28,-0.3 0.16,-0.22 0,-0.2 "
        "-0.16,-0.22 -0.28,-0.3 -0.37,-0.5 -0.38,-0.74 -0.3,-0.94 -0.17,-1.02! -0.19,-1.13 -0.12,-1.24",
    },
}
BEARD = {
    "profile": "0.02,-0.5! 0.14,-0.4 0.3,-0.32 0.44,-0.3! 0.46,-0.2 0.46,-0.06 0.42,0.12 0.34,0.3! 0.2,0.22 0.08,0.04 "
    "-0.02,-0.14",
    "round": "0.34,-0.42 0.34,-0.2 0.26,0.02 0.12,0.22 0,0.3 -0.12,0.22 -0.26,0.02 -0.34,-0.2 -0.34,-0.42",
}
HATS: dict[str, dict[str, tuple[str, ...]]] = {
    "hat": {
        "profile": (
            "-0.74,-0.82! -0.6,-0.86 -0.44,-0.87 -0.42,-1.02 -0.36,-1.26 -0.22,-1.36 0.0,-1.31 0.2,-1.35 0.36,-1.22 "
            "0.42,-1.02 0.45,-0.86 0.62,-0.8 0.8,-0.7! 0.6,-0.71 0.3,-0.76 -0.1,-0.78 -0.5,-0.76",
        ),
        "round": (
            "-0.72,-0.76! -0.56,-0.83 -0.4,-0.86 -0.38,-1.05 -0.33,-1.26 -0.2,-1.36 0,-1.31 0.2,-1.37 0.33,-1.27 "
            "0.38,-1.05 0.4,-0.86 0.56,-0.84 0.73,-0.79! 0.5,-0.73 0.2,-0.69 -0.2,-0.69 -0.5,-0.71",
        ),
    },
    "brimmed_hat": {
        "profile": (
            "-1.0,-0.68! -0.7,-0.8 -0.44,-0.86 -0.42,-1.06 -0.3,-1.24 0.0,-1.28 0.28,-1.23 0.4,-1.06 0.43,-0.86 "
            "0.74,-0.78 1.04,-0.62! 0.7,-0.68 0.3,-0.72 -0.2,-0.73 -0.66,-0.69",
        ),
        "round": (
            "-1.02,-0.66! -0.7,-0.8 -0.41,-0.86 -0.4,-1.06 -0.3,-1.24 0,-1.28 0.3,-1.24 0.4,-1.06 0.42,-0.87 "
            "0.72,-0.83 1.02,-0.72! 0.66,-0.66 0.2,-0.62 -0.25,-0.61 -0.7,-0.62",
        ),
    },
    "cap": {
        "profile": (
            "-0.5,-0.7! -0.52,-0.92 -0.42,-1.08 -0.16,-1.14 0.14,-1.1 0.4,-0.98 0.66,-0.84 0.72,-0.74! 0.56,-0.73 "
            "0.36,-0.76 0.0,-0.72 -0.3,-0.68",
        ),
        "round": (
            "-0.44,-0.72 -0.5,-0.9 -0.4,-1.08 -0.14,-1.15 0.16,-1.14 0.42,-1.06 0.5,-0.9 0.43,-0.72 0.2,-0.67 -0.2,-0.67",
        ),
    },
    "crown": {
        "profile": (
            "-0.44,-0.78! -0.53,-1.3! -0.36,-1.08! -0.22,-1.36! -0.04,-1.08! 0.14,-1.36! 0.26,-1.06! 0.44,-1.28! "
            "0.42,-0.78! 0.0,-0.72",
        ),
        "round": (
            "-0.37,-0.78! -0.5,-1.28! -0.3,-1.06! -0.22,-1.34! -0.06,-1.06! 0.0,-1.4! 0.06,-1.06! 0.22,-1.34! "
            "0.3,-1.06! 0.5,-1.28! 0.37,-0.78! 0,-0.72",
        ),
    },
    "sailor_cap": {
        "profile": ("-0.46,-0.74! -0.5,-0.98 -0.56,-1.1 -0.3,-1.2 0.1,-1.2 0.5,-1.1 0.46,-0.98 0.41,-0.78! 0.0,-0.73",),
        "round": ("-0.37,-0.74! -0.4,-0.95 -0.52,-1.1 -0.25,-1.2 0.25,-1.2 0.52,-1.1 0.4,-0.95 0.37,-0.74! 0,-0.7",),
    },
    "officer_cap": {
        "profile": (
            "-0.44,-0.74! -0.46,-0.92 -0.54,-1.08 -0.2,-1.24 0.2,-1.26 0.58,-1.1 0.46,-0.96 0.44,-0.82 0.68,-0.68! "
            "0.5,-0.7 0.36,-0.74 0.0,-0.7",
        ),
        "round": ("-0.38,-0.74! -0.4,-0.92 -0.58,-1.1 -0.3,-1.24 0.3,-1.24 0.58,-1.1 0.4,-0.92 0.38,-0.74! 0,-0.69",),
    },
}
BANDS = {
    "hat": "-0.43,-0.87! -0.42,-1.0! 0,-0.96 0.42,-1.0! 0.44,-0.87! 0,-0.83",
    "brimmed_hat": "-0.43,-0.86! -0.42,-1.0! 0,-0.95 0.41,-1.0! 0.43,-0.86! 0,-0.82",
}
HOOD = {
    "profile": "-0.36,-1.2 -0.06,-1.21 0.3,-1.12 0.53,-0.93! 0.52,-0.62 0.43,-0.3 0.3,-0.02 0.34,0.3! -0.1,0.5 -0.6,0.42 "
    "-0.63,0.06 -0.6,-0.4 -0.62,-0.78 -0.53,-1.06",
    "round": "0.02,-1.22 0.24,-1.12 0.42,-0.9 0.5,-0.6 0.48,-0.3 0.54,0.02 0.8,0.34! 0.5,0.5 0,0.56 -0.5,0.5 -0.8,0.34! "
    "-0.54,0.02 -0.48,-0.3 -0.5,-0.6 -0.42,-0.9 -0.22,-1.12",
}
HELMETS = {
    "spacesuit": {
        "profile": "0.0,-1.18 0.35,-1.1 0.6,-0.86 0.66,-0.5 0.55,-0.16 0.34,0.06 -0.3,0.06 -0.52,-0.12 -0.62,-0.5 "
        "-0.56,-0.86 -0.34,-1.1",
        "round": "0,-1.18 0.36,-1.1 0.6,-0.84 0.64,-0.5 0.56,-0.16 0.34,0.06 -0.34,0.06 -0.56,-0.16 -0.64,-0.5 -0.6,-0.84 "
        "-0.36,-1.1",
    },
    "armour": {
        "profile": "0.0,-1.12 0.26,-1.04 0.42,-0.86 0.52,-0.6! 0.46,-0.3 0.4,0.02! 0.1,0.08 -0.3,0.1! -0.52,0.06! "
        "-0.46,-0.3 -0.5,-0.7 -0.38,-1.0",
        "round": "0,-1.13 0.24,-1.05 0.38,-0.84 0.41,-0.55 0.36,-0.2 0.42,0.08! 0,0.12 -0.42,0.08! -0.36,-0.2 -0.41,-0.55 "
        "-0.38,-0.84 -0.24,-1.05",
    },
}
PLUME = {
    "profile": "0.1,-1.1! -0.04,-1.3 -0.3,-1.42 -0.62,-1.3 -0.8,-1.0 -0.86,-0.6! -0.68,-0.86 -0.5,-1.02 -0.2,-1.08",
    "round": "-0.03,-1.1! -0.1,-1.3 -0.06,-1.48 0.06,-1.5 0.13,-1.34 0.07,-0.8 0.03,-0.4! 0,-0.8",
}


# Where a comb would go, in head units: lines from the crown down, for the views and the lengths of hair.
STRANDS: dict[str, tuple[str, ...]] = {
    "profile": ("-0.02,-1.0 -0.2,-0.86 -0.3,-0.62 -0.32,-0.4", "0.08,-0.98 -0.08,-0.78 -0.16,-0.56 -0.2,-0.34"),
    "round": (
        "0.06,-1.0 0.2,-0.82 0.25,-0.6 0.22,-0.4",
        "0.0,-1.0 0.02,-0.76 0.0,-0.52 0.02,-0.34",
        "-0.06,-1.0 -0.2,-0.8 -0.24,-0.58 -0.2,-0.38",
    ),
}


def draw_hair(drawing: Drawing, frame: HeadFrame, style: str, wind: float, strands: bool = True) -> None:
    """Add hair; long hair drifts with the wind. `strands` are left out where a hat would hide them."""
    view = "profile" if frame.in_profile else "round"
    loose = style in ("hair_long", "hair_tail")
    drift = wind * 0.5 * (frame.sign if frame.in_profile else 1) if loose else 0.0

    def blown(p: Point) -> Point:
        below = max(0.0, p[1] + 0.45)
        return p[0] + drift * below**1.4, p[1] - abs(drift) * 0.25 * below

    outline = smooth(HAIR[style][view]).mapped(blown)
    if not frame.in_profile and not frame.from_behind:
        # From the front the face lies before the hair, and only the hairline before the face.
        drawing.solids.insert(_head_index(drawing), replace(frame.place(outline).wound(1), role=drawing.role))
        drawing.add(frame.place(smooth(HAIRLINE)))
        return
    drawing.add(frame.place(outline))
    if strands:
        drawing.mark(*(frame.place(lock) for lock in _locks(outline, loose)))
    if strands and (frame.in_profile or frame.from_behind):
        stretch = 1.75 if style == "hair_long" else 1.2 if style == "hair_bob" else 1.0
        for text in STRANDS[view]:
            points = [(x, -1.0 + (y + 1.0) * stretch) for x, y in read_points(text)[0]]
            drawing.mark(frame.place(sliver([blown(p) for p in points], 0.035)))


HAIRLINE = "0,-1.06 0.2,-1.02 0.34,-0.9 0.38,-0.7 0.35,-0.56! 0.31,-0.7 0.2,-0.82! 0.02,-0.76 -0.16,-0.8 -0.3,-0.7 -0.35,-0.56! -0.38,-0.72 -0.34,-0.9 -0.2,-1.02"


def _head_index(drawing: Drawing) -> int:
    """Where in the drawing the head begins: at the first skin after the last cloth of the neck."""
    roles = [contour.role for contour in drawing.solids]
    return len(roles) - roles[::-1].index("cloth") if "cloth" in roles else len(roles)


def _locks(outline: Contour, loose: bool) -> list[Contour]:
    """Fine lines of combed hair that run from the crown towards the outline's lower edge."""
    ends = outline.points[::3]
    low = max(y for _, y in ends)
    crown = (0.0, -0.98)
    locks = []
    count = len(ends)
    for i in range(count):
        (ax, ay), (bx, by) = ends[i], ends[(i + 1) % count]
        for share in (0.0, 0.33, 0.66):
            x, y = ax + (bx - ax) * share, ay + (by - ay) * share
            if y < -0.62 and not loose:
                continue
            if y < low - 1.3:
                continue
            tip = (x * 0.86, y - 0.05)
            middle = (crown[0] * 0.35 + tip[0] * 0.8, crown[1] * 0.52 + tip[1] * 0.48)
            locks.append(sliver([(crown[0] + x * 0.2, crown[1] + 0.04), middle, tip], 0.013))
    return locks


def draw_beard(drawing: Drawing, frame: HeadFrame) -> None:
    """Add a full beard, where it can be seen."""
    if frame.in_profile:
        drawing.add(frame.place(smooth(BEARD["profile"])))
    elif not frame.from_behind:
        drawing.add(frame.place(smooth(BEARD["round"])))


def draw_hat(drawing: Drawing, frame: HeadFrame, style: str) -> None:
    """Add a hat, with its band or gold in the accent colour."""
    view = "profile" if frame.in_profile else "round"
    for outline in HATS[style][view]:
        contour = frame.place(smooth(outline))
        if style == "crown":
            drawing.colour(contour)
        else:
            drawing.add(contour)
    if style in BANDS:
        drawing.colour(frame.place(smooth(BANDS[style])))


def draw_hood(drawing: Drawing, frame: HeadFrame) -> None:
    """Add a hood drawn up over the head."""
    drawing.add(frame.place(smooth(HOOD["profile" if frame.in_profile else "round"])))
    if not frame.in_profile and frame.from_behind:
        drawing.mark(frame.place(sliver_on_head("0.0,-1.0 0.03,-0.6 0.01,-0.2 0.0,0.2", 0.05)))


def sliver_on_head(text: str, width: float) -> Contour:
    """A fold in head units."""
    return sliver([(float(x), float(y)) for x, y in (word.split(",") for word in text.split())], width)


def draw_helmet(drawing: Drawing, frame: HeadFrame, style: str) -> None:
    """Add a space helmet (its visor can be lit) or a knight's helmet with its plume."""
    view = "profile" if frame.in_profile else "round"
    drawing.add(frame.place(smooth(HELMETS[style][view])))
    if style == "armour":
        drawing.colour(frame.place(smooth(PLUME[view])))
        if frame.in_profile:
            drawing.mark(frame.place(smooth("0.2,-0.66! 0.5,-0.6! 0.49,-0.54! 0.2,-0.58!")))
    elif frame.in_profile:
        drawing.open(frame.place(smooth("0.25,-0.92 0.5,-0.78 0.56,-0.5 0.46,-0.24 0.2,-0.16 0.3,-0.5")))
    elif not frame.from_behind:
        drawing.open(frame.place(ellipse(0, -0.52, 0.42, 0.36)))


def draw_pack(drawing: Drawing, stance: Stance, hard: bool) -> None:
    """Add a backpack: a soft bag, or the hard case of a spacesuit."""
    b = stance.build
    chest, waist = stance.page(stance.chest), stance.page(stance.waist)
    behind = -stance.ahead(b.depth + (3.2 if hard else 2.6))
    half = stance.half(b.chest * (1.05 if hard else 0.86), 4.2 if not hard else 3.6)
    top = stance.page(stance.neck)[1] + b.head * (0.1 if hard else 0.32)
    low = waist[1] + b.height * 0.035
    x = chest[0] + behind
    drawing.add(
        curve(
            [(x - half * 0.7, top), (x, top - 1.4), (x + half * 0.7, top), (x + half, (top + low) / 2),
             (x + half * 1.02, low - 2), (x + half * 0.7, low), (x - half * 0.7, low), (x - half * 1.02, low - 2),
             (x - half, (top + low) / 2)]
        )
    )  # fmt: skip
    if not hard:
        drawing.add(tube([(x - half * 0.95, top - 1.6), (x, top - 2.0), (x + half * 0.95, top - 1.6)], [2.0, 2.3, 2.0]))
    level = top + (low - top) * 0.42
    drawing.mark(sliver([(x - half * 0.8, level), (x, level + 1.0), (x + half * 0.8, level)], 1.0))


def draw_pauldrons(drawing: Drawing, stance: Stance) -> None:
    """Add a knight's shoulder plates, knee plates and the skirt of his mail."""
    b = stance.build
    for sign, side in stance.sides():
        x, y = stance.page(side.shoulder)
        out = sign * stance.half(1, 0.2) * (1 if math.cos(math.radians(stance.pose.yaw)) > 0 else -1)
        drawing.add(ellipse(x + out * 0.6, y - 0.3, b.arm * 2.0, b.arm * 1.7))
        kx, ky = stance.page(side.knee)
        drawing.add(ellipse(kx + stance.ahead(0.6), ky, b.leg * 0.86, b.leg * 0.9))
        ex, ey = stance.page(side.elbow)
        drawing.add(ellipse(ex, ey, b.arm * 1.4))
