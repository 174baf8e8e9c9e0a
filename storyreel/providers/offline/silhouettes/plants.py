"""Trees, bushes, grasses and flowers. Every plant grows differently from every seed."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from storyreel.errors import InputError
from storyreel.providers.offline.silhouettes.drawing import Contour, Drawing, curve, ellipse, sliver, smooth, tube
from storyreel.providers.offline.silhouettes.model import Point, Silhouette

Grower = Callable[[Drawing, random.Random], float]
"""Draws a plant and returns how tall it is to stand, in world units."""


def plant(name: str, seed: int = 0) -> Silhouette:
    """A plant by name (one of `PLANTS`), grown from a seed.

    Raises:
        InputError: the name is not known.
    """
    if name not in PLANTS:
        raise InputError(f"no plant is called {name!r}: choose from {', '.join(PLANTS)}")
    drawing = Drawing(name)
    height = PLANTS[name](drawing, random.Random(f"{name}/{seed}"))
    return drawing.finish(height=height)


def _conifer(d: Drawing, chance: random.Random, tiers: int, wide: float, snow: bool) -> None:
    """A spire of drooping, ragged boughs on a short trunk, 100 units tall before scaling."""
    d.add(tube([(0, 0), (0.3, -12), (0, -40), (0, -97)], [2.4, 1.9, 1.5, 0.3]))
    right: list[Point] = []
    left: list[Point] = []
    sharp_right: set[int] = set()
    sharp_left: set[int] = set()
    for points, sharp, side in ((right, sharp_right, 1), (left, sharp_left, -1)):
        for tier in range(tiers):
            t = (tier + 1) / tiers
            y = -98 + 88 * t**0.93 + chance.uniform(-0.8, 0.8)
            reach = wide * t**0.85 * chance.uniform(0.82, 1.12)
            lift = chance.uniform(0.5, 2.0)
            points.append((side * reach * 0.62, y - 3.4 * t - 1.0))
            sharp.add(len(points))
            points.append((side * reach, y + lift))
            points.append((side * reach * 0.72, y + 0.4 + chance.uniform(-0.3, 1.0)))
            sharp.add(len(points))
            points.append((side * reach * chance.uniform(0.36, 0.5), y - 0.8))
            if snow and tier > 0:
                d.mark(
                    smooth(
                        f"{side * reach * 0.2},{y - 8 * t - 2} {side * reach * 0.62},{y - 3.4 * t - 1.0} "
                        f"{side * reach * 0.97},{y + lift}! {side * reach * 0.6},{y - 2.2 * t + 0.6} "
                        f"{side * reach * 0.22},{y - 5 * t}"
                    )
                )
    outline = [(0.0, -100.0), *right, (wide * 0.12, -11.0), (-wide * 0.1, -11.0), *reversed(left)]
    n = len(left)
    corners = {0} | {i + 1 for i in sharp_right} | {len(outline) - 1 - i for i in sharp_left} | {n + 1, n + 2}
    d.add(curve(outline, corners))


def _pine(d: Drawing, chance: random.Random) -> float:
    _conifer(d, chance, chance.randint(10, 13), chance.uniform(17, 21), snow=False)
    return 400 * chance.uniform(0.85, 1.15)


def _fir_snowy(d: Drawing, chance: random.Random) -> float:
    _conifer(d, chance, chance.randint(8, 10), chance.uniform(20, 24), snow=True)
    return 360 * chance.uniform(0.85, 1.15)


def _old_pine(d: Drawing, chance: random.Random) -> float:
    """A wind-worn pine: a leaning trunk with flat clouds of needles."""
    lean = chance.uniform(-10, 10)
    trunk = [(0.0, 0.0), (lean * 0.15, -22.0), (lean * 0.6, -50.0), (lean * 0.8, -75.0), (lean, -95.0)]
    d.add(tube(trunk, [3.4, 2.4, 1.9, 1.4, 0.7]))
    for i, (y, r) in enumerate(((-52, 15), (-63, 20), (-74, 19), (-84, 16), (-94, 12))):
        side = 1 if i % 2 else -1
        x = lean * 0.8 + side * r * chance.uniform(0.45, 0.75)
        d.add(tube([(lean * 0.7, y + 7.0), (x * 0.6, y + 3), (x, y)], [1.1, 0.9, 0.5]))
        d.add(_cloud(chance, x, y, r, r * 0.26, 11, 0.16))
    d.add(_cloud(chance, lean, -98, 13, 5, 10, 0.15))
    return 330 * chance.uniform(0.85, 1.15)


def _cloud(chance: random.Random, x: float, y: float, rx: float, ry: float, lobes: int, rough: float) -> Contour:
    """A lobed clump of leaves: scallops around an ellipse."""
    points: list[Point] = []
    corners: set[int] = set()
    start = chance.uniform(0, math.tau)
    for i in range(lobes):
        angle = start + math.tau * (i + chance.uniform(-0.25, 0.25)) / lobes
        swell = 1 + chance.uniform(-rough, rough)
        half = math.pi / lobes * 0.55
        corners.add(len(points))
        points.append(
            (x + rx * math.cos(angle - half * 1.7) * swell * 0.93, y + ry * math.sin(angle - half * 1.7) * swell * 0.93)
        )
        points.append(
            (x + rx * math.cos(angle - half * 0.6) * swell * 1.04, y + ry * math.sin(angle - half * 0.6) * swell * 1.04)
        )
        points.append(
            (x + rx * math.cos(angle + half * 0.6) * swell * 1.05, y + ry * math.sin(angle + half * 0.6) * swell * 1.05)
        )
    return curve(points, corners)


def _branch(
    d: Drawing,
    chance: random.Random,
    start: Point,
    angle: float,
    length: float,
    thick: float,
    depth: int,
    tips: list[Point] | None = None,
    up: float = 8.0,
) -> None:
    """A limb that bends, thins and forks `depth` times; `angle` is in degrees from straight up."""
    bend = chance.uniform(-14, 14)
    points, here, way = [start], start, angle
    for _ in range(3):
        way += bend / 3 - math.copysign(min(abs(way), up) / 3, way) * (0.6 if depth > 1 else 0.2)
        here = (here[0] + math.sin(math.radians(way)) * length / 3, here[1] - math.cos(math.radians(way)) * length / 3)
        points.append(here)
    end = thick * 0.62
    d.add(tube(points, [thick, thick * 0.86, thick * 0.73, end if depth else 0.12]))
    if depth == 0:
        if tips is not None:
            tips.append(here)
        return
    spread = chance.uniform(20, 34)
    for side in (-1, 1):
        _branch(
            d, chance, here, way + side * spread * chance.uniform(0.7, 1.25), length * chance.uniform(0.66, 0.86), end * 0.86,
            depth - 1, tips, up,
        )  # fmt: skip
    if chance.random() < 0.55:
        side = chance.choice((-1, 1))
        _branch(
            d, chance, points[2], way + side * chance.uniform(34, 55), length * chance.uniform(0.5, 0.66), end * 0.6,
            max(depth - 2, 0), tips, up,
        )  # fmt: skip


def _roots(d: Drawing, chance: random.Random, thick: float) -> None:
    for side in (-1, 1):
        reach = thick * chance.uniform(2.0, 2.7) * side
        d.add(
            smooth(
                f"{side * thick * 0.4},{-thick * 5}! {side * thick * 1.02},{-thick * 2.4} {side * thick * 1.4},{-thick * 0.8} {reach},0! 0,0!"
            )
        )


def _bare_tree(d: Drawing, chance: random.Random) -> float:
    _branch(d, chance, (0, 0), chance.uniform(-4, 4), 30, 3.4, 6)
    _roots(d, chance, 3.4)
    return 330 * chance.uniform(0.85, 1.15)


def _dead_tree(d: Drawing, chance: random.Random) -> float:
    _branch(d, chance, (0, 0), chance.uniform(-7, 7), 34, 4.4, 4, up=1.0)
    _roots(d, chance, 4.6)
    return 250 * chance.uniform(0.85, 1.15)


def _oak(d: Drawing, chance: random.Random) -> float:
    """A broad crown of overlapping leaf clouds with sky in the gaps, on a stout forked trunk."""
    tips: list[Point] = []
    _branch(d, chance, (0, 0), chance.uniform(-4, 4), 26, 4.6, 3, tips)
    _roots(d, chance, 4.6)
    wide = max(abs(x) for x, _ in tips) + 8
    top = min(y for _, y in tips)
    middle = (top - 26) / 2 - 8
    for x, y in tips:
        d.add(_cloud(chance, x * 1.02, y, chance.uniform(11, 16), chance.uniform(9, 12), 9, 0.14))
    for i in range(7):
        angle = math.pi * (1 + i / 6)
        d.add(
            _cloud(
                chance,
                math.cos(angle) * wide * 0.72,
                middle + math.sin(angle) * 26,
                chance.uniform(13, 17),
                chance.uniform(10, 13),
                9,
                0.14,
            )
        )
    d.add(_cloud(chance, 0, middle - 6, wide * 0.72, 22, 12, 0.08))
    for _ in range(7):
        x, y = chance.uniform(-0.6, 0.6) * wide, middle - chance.uniform(-8, 18)
        d.mark(sliver([(x - 6, y), (x - 2, y + 2.4), (x + 3, y + 2.3), (x + 7, y - 0.6)], 1.4))
    return 330 * chance.uniform(0.88, 1.12)


def _birch(d: Drawing, chance: random.Random) -> float:
    """A slender pale trunk, light leaves on fine rising branches, dark bands on the bark."""
    lean = chance.uniform(-5, 5)
    trunk = [(0.0, 0.0), (lean * 0.2, -30.0), (lean * 0.6, -62.0), (lean, -98.0)]
    d.add(tube(trunk, [1.9, 1.6, 1.1, 0.3]))
    for i in range(15):
        y = -26 - i * 4.8
        x = lean * (-y / 98) ** 1.3
        side = 1 if i % 2 else -1
        reach = chance.uniform(11, 17) * math.sin(math.pi * (0.28 + 0.62 * i / 15))
        tip = (x + side * reach, y - reach * 0.62)
        d.add(tube([(x, y + 6), (x + side * reach * 0.5, y - reach * 0.3), tip], [0.8, 0.5, 0.2]))
        for _ in range(15):
            t = chance.uniform(0.3, 1.12)
            leaf = (
                x + side * reach * t + chance.uniform(-2.6, 2.6),
                y + 2 - reach * 0.6 * t + chance.uniform(-3.2, 5.2),
            )
            d.add(
                ellipse(0, 0, chance.uniform(1.0, 1.9), chance.uniform(1.5, 2.7))
                .turned(chance.uniform(-40, 40))
                .moved(*leaf)
            )
    for _ in range(12):
        d.add(ellipse(lean + chance.uniform(-3.4, 3.4), -95 + chance.uniform(-7, 9), 1.5, 2.3))
    for i in range(7):
        y = -3 - i * 4.2
        d.mark(sliver([(-1.4, y), (-0.2, y + chance.uniform(-0.3, 0.3)), (1.0, y)], chance.uniform(0.5, 1.0)))
    return 340 * chance.uniform(0.88, 1.12)


def _cypress(d: Drawing, chance: random.Random) -> float:
    d.add(tube([(0, 0), (0, -12)], [1.6, 1.5]))
    points: list[Point] = []
    wide = chance.uniform(8.5, 11)
    for side in (1, -1):
        rows = [(t, wide * math.sin(math.pi * min(t * 0.86 + 0.1, 1)) ** 0.8) for t in [i / 8 for i in range(9)]]
        ordered = rows if side == 1 else rows[::-1]
        points += [(side * (w + chance.uniform(-0.7, 0.7)), -99 + 92 * t) for t, w in ordered]
    points.insert(0, (0.2, -103))
    d.add(curve(points, {0}))
    return 380 * chance.uniform(0.88, 1.12)


def _willow(d: Drawing, chance: random.Random) -> float:
    """A short trunk under a dome from which long withies hang."""
    d.add(tube([(0, 0), (1, -16), (-1, -34), (0, -55)], [5, 3.6, 3.2, 2.6]))
    _roots(d, chance, 4.2)
    d.add(_cloud(chance, 0, -62, 33, 21, 13, 0.08))
    for i in range(27):
        x = -37 + 74 * i / 26 + chance.uniform(-1, 1)
        top = -62 - 16 * math.sqrt(max(0.0, 1 - (x / 39) ** 2))
        low = -6 - chance.uniform(0, 26) - (12 if abs(x) < 14 else 0)
        sway = chance.uniform(-1.5, 1.5)
        d.add(
            tube(
                [(x * 0.9, top), (x * 1.02, -50), (x * 1.06 + sway * 0.5, (low - 50) / 2), (x * 1.05 + sway, low)],
                [2.4, 2.5, 1.7, 0.25],
            )
        )
    return 280 * chance.uniform(0.88, 1.12)


def _palm(d: Drawing, chance: random.Random) -> float:
    """A leaning trunk under a fountain of feathered fronds."""
    lean = chance.uniform(8, 20) * chance.choice((-1, 1))
    top = (lean, -74.0)
    d.add(tube([(0, 0), (lean * 0.2, -18), (lean * 0.62, -48), top], [2.6, 1.8, 1.45, 1.3]))
    for out in (-96, -72, -48, -20, 14, 42, 66, 92, 112):
        _frond(d, chance, top, out + chance.uniform(-7, 7), chance.uniform(28, 35))
    for dx in (-1.8, 1.4):
        d.add(ellipse(top[0] + dx, top[1] + 2.4, 1.6, 1.8))
    for i in range(8):
        t = 0.12 + i * 0.1
        x = lean * t**1.5
        d.mark(sliver([(x - 1.4, -74 * t), (x, -74 * t + 0.7), (x + 1.4, -74 * t)], 0.5))
    return 300 * chance.uniform(0.88, 1.12)


def _frond(d: Drawing, chance: random.Random, root: Point, out: float, reach: float) -> None:
    """A palm leaf that leaves `root` at `out` degrees from upright and bows over; its lower edge is a comb."""
    side = 1 if out > 0 else -1
    spine, way = [root], out * 0.62
    for n in range(10):
        way += side * (3.5 + n * 1.1)
        x, y = spine[-1]
        step = math.radians(way)
        spine.append((x + math.sin(step) * reach / 10, y - math.cos(step) * reach / 10))
    comb: list[Point] = []
    for n in range(10, 0, -1):
        x, y = spine[n]
        x0, y0 = spine[n - 1]
        fall = 6.5 * math.sin(math.pi * (0.12 + 0.8 * n / 11)) * chance.uniform(0.85, 1.15)
        comb.append((x + (x - x0) * 0.9, y + fall))
        comb.append(((x + x0) / 2, (y + y0) / 2 + fall * 0.32))
    edge = [(x, y - 0.7) for x, y in spine]
    d.add(curve([*edge, *comb], {0, *range(len(edge) - 1, len(edge) + len(comb))}))


def _cactus(d: Drawing, chance: random.Random) -> float:
    d.add(tube([(0, 0), (0, -30), (0, -70), (0, -94)], [6.4, 7, 7, 6]))
    for side in (-1, 1):
        y = -chance.uniform(34, 52)
        up = chance.uniform(20, 34)
        x = side * chance.uniform(17, 21)
        d.add(
            tube(
                [(0, y), (x * 0.6, y + 1.5), (x * 0.94, y - 1.5), (x, y - 8), (x * 1.0, y - up)],
                [4.2, 4.2, 4.6, 4.6, 4.0],
            )
        )
    for x in (-3.2, 0, 3.2):
        d.mark(sliver([(x, -4), (x * 1.05, -34), (x * 1.05, -66), (x, -94)], 0.8))
    return 190 * chance.uniform(0.85, 1.15)


def _bush(d: Drawing, chance: random.Random) -> float:
    for i in range(6):
        x = -36 + 72 * i / 5 + chance.uniform(-5, 5)
        r = 22 * (1 - abs(x) / 75) + 8
        d.add(_cloud(chance, x, -r * 0.85, r * 1.05, r, 10, 0.16))
    d.add(smooth("-46,0! -40,-12 0,-18 40,-12 46,0!"))
    for _ in range(5):
        x, y = chance.uniform(-28, 28), -chance.uniform(10, 28)
        d.mark(sliver([(x - 5, y), (x - 1, y + 1.8), (x + 5, y)], 1.2))
    return 70 * chance.uniform(0.8, 1.25)


def _blade(d: Drawing, chance: random.Random, x: float, height: float, lean: float, width: float) -> Point:
    tip = (x + lean, -height)
    d.add(
        curve(
            [
                (x - width, 0),
                (x - width * 0.7 + lean * 0.22, -height * 0.5),
                tip,
                (x + width * 0.7 + lean * 0.3, -height * 0.5),
                (x + width, 0),
            ],
            {0, 2, 4},
        )
    )
    return tip


def _grass(d: Drawing, chance: random.Random) -> float:
    for i in range(17):
        x = -26 + 52 * i / 16 + chance.uniform(-1.5, 1.5)
        _blade(d, chance, x, chance.uniform(16, 40) * (1.1 - abs(x) / 45), x * 0.4 + chance.uniform(-8, 10), 1.1)
    return 26 * chance.uniform(0.8, 1.3)


def _reeds(d: Drawing, chance: random.Random) -> float:
    for _ in range(9):
        x = chance.uniform(-20, 20)
        _blade(d, chance, x, chance.uniform(46, 88), chance.uniform(-14, 16), 1.2)
    for i in range(5):
        x = -17 + 34 * i / 4 + chance.uniform(-2, 2)
        high, lean = chance.uniform(72, 100), chance.uniform(-6, 8)
        d.add(tube([(x, 0), (x + lean * 0.4, -high * 0.6), (x + lean, -high)], [0.7, 0.55, 0.3]))
        d.add(tube([(x + lean * 0.82, -high * 0.79), (x + lean * 0.93, -high * 0.93)], [1.7, 1.6]))
    return 105 * chance.uniform(0.85, 1.2)


def _wheat(d: Drawing, chance: random.Random) -> float:
    for i in range(11):
        x = -22 + 44 * i / 10 + chance.uniform(-1.5, 1.5)
        high, lean = chance.uniform(62, 84), chance.uniform(4, 13)
        d.add(tube([(x, 0), (x + lean * 0.3, -high * 0.55), (x + lean, -high)], [0.6, 0.5, 0.4]))
        for n in range(6):
            t = n / 6
            ex, ey = x + lean * (0.86 + t * 0.5), -high * (0.9 + t * 0.2)
            for side in (-1, 1):
                d.add(ellipse(ex + side * 1.2, ey, 0.95, 2.1))
    return 62 * chance.uniform(0.9, 1.15)


def _fern(d: Drawing, chance: random.Random) -> float:
    for i in range(7):
        out = -66 + 132 * i / 6 + chance.uniform(-6, 6)
        length = chance.uniform(34, 46)
        spine: list[Point] = []
        for n in range(11):
            t = n / 10
            way = math.radians(out * (0.35 + 0.95 * t))
            last = spine[-1] if spine else (0.0, 0.0)
            spine.append((last[0] + math.sin(way) * length / 10, last[1] - math.cos(way) * length / 10))
        d.add(tube(spine, [0.7 - 0.05 * n for n in range(11)]))
        for n in range(2, 11):
            (x0, y0), (x, y) = spine[n - 1], spine[n]
            size = math.hypot(x - x0, y - y0)
            ux, uy = (x - x0) / size, (y - y0) / size
            leaf = 7.5 * math.sin(math.pi * (0.16 + 0.8 * n / 11))
            for side in (-1, 1):
                tip = (x + (-uy * side * 0.86 + ux * 0.6) * leaf, y + (ux * side * 0.86 + uy * 0.6) * leaf)
                d.add(tube([(x0, y0), ((x0 + tip[0]) / 2 + ux, (y0 + tip[1]) / 2 + uy), tip], [0.7, 1.2, 0.15]))
    return 44 * chance.uniform(0.85, 1.25)


def _mushrooms(d: Drawing, chance: random.Random) -> float:
    for x, size in ((-20, chance.uniform(0.55, 0.75)), (0, 1.0), (19, chance.uniform(0.4, 0.6))):
        tall = 42 * size
        lean = chance.uniform(-3, 3)
        d.add(
            tube(
                [(x, 0), (x + lean * 0.4, -tall * 0.5), (x + lean, -tall)], [5.4 * size, 3.8 * size, 3.4 * size], "flat"
            )
        )
        cap = (
            smooth("-22,0! -20,-9 -10,-19 0,-21.5 10,-19 20,-9 22,0! 10,2.4 0,3 -10,2.4")
            .scaled(size)
            .moved(x + lean, -tall)
        )
        d.add(cap)
        for sx, sy, r in ((-10, -7, 2.2), (1, -13, 2.6), (11, -6, 1.8)):
            d.mark(ellipse(x + lean + sx * size, -tall + sy * size, r * size, r * size * 0.8))
    return 18 * chance.uniform(0.85, 1.3)


def _bloom(d: Drawing, chance: random.Random, x: float, y: float, r: float, petals: int) -> None:
    for i in range(petals):
        way = math.tau * i / petals + chance.uniform(-0.1, 0.1)
        cx, cy = x + math.cos(way) * r * 0.62, y + math.sin(way) * r * 0.55
        d.colour(ellipse(0, 0, r * 0.5, r * 0.33).turned(math.degrees(way)).moved(cx, cy))
    d.add(ellipse(x, y, r * 0.3))


def _flowers(d: Drawing, chance: random.Random) -> float:
    for i in range(6):
        x = -24 + 48 * i / 5 + chance.uniform(-2, 2)
        high, lean = chance.uniform(34, 64), chance.uniform(-7, 7)
        d.add(tube([(x, 0), (x + lean * 0.3, -high * 0.5), (x + lean, -high)], [0.9, 0.75, 0.6]))
        _blade(d, chance, x + 0.5, high * 0.55, chance.uniform(-14, 14), 1.5)
        _bloom(d, chance, x + lean, -high, chance.uniform(6, 8.5), chance.randint(5, 7))
    return 34 * chance.uniform(0.85, 1.2)


def _tulip(d: Drawing, chance: random.Random) -> float:
    lean = chance.uniform(-5, 5)
    d.add(tube([(0, 0), (lean * 0.2, -30), (lean, -70)], [1.5, 1.3, 1.1]))
    d.add(smooth("0,-4! -8,-22 -19,-44 -21,-58! -10,-44 -3,-26"), smooth("1,-3! 7,-20 15,-36 24,-46! 17,-26 9,-12"))
    d.colour(smooth("0,0! -11,-4 -13,-16 -9,-30! -4,-20 0,-32! 4,-20 9,-30! 13,-16 11,-4").moved(lean, -67))
    d.mark(sliver([(lean - 4, -71), (lean - 5.5, -80), (lean - 4, -88)], 0.9))
    return 36 * chance.uniform(0.9, 1.15)


def _sunflower(d: Drawing, chance: random.Random) -> float:
    lean = chance.uniform(-6, 6)
    d.add(tube([(0, 0), (lean * 0.3, -40), (lean, -82)], [1.7, 1.4, 1.2]))
    for y, side in ((-28, -1), (-42, 1), (-56, -1)):
        d.add(
            smooth(
                f"0,{y}! {side * 8},{y - 8} {side * 20},{y - 7} {side * 26},{y}! {side * 16},{y + 3} {side * 6},{y + 3}"
            )
        )
    for i in range(18):
        way = math.tau * i / 18
        d.colour(
            ellipse(0, 0, 5.6, 2.0)
            .turned(math.degrees(way))
            .moved(lean + math.cos(way) * 11.5, -86 + math.sin(way) * 11.5)
        )
    d.add(ellipse(lean, -86, 8.6))
    d.mark(ellipse(lean, -86, 5.4))
    return 150 * chance.uniform(0.85, 1.15)


def _ivy(d: Drawing, chance: random.Random) -> float:
    for start in (-7.0, 2.0, 9.0):
        spine: list[Point] = [(start, 0.0)]
        for _n in range(12):
            spine.append((spine[-1][0] + chance.uniform(-4.0, 4.0), spine[-1][1] - 7.5))
        d.add(tube(spine, [0.9 - 0.055 * n for n in range(13)]))
        for x, y in spine[1:]:
            for side in (-1, 1):
                leaf = smooth("0,0! 3,-4 2,-6! 6,-6.5 11,-2! 8,1 9,4! 4,5 0,0!").scaled(
                    side * chance.uniform(0.5, 0.8), 0.7
                )
                d.add(leaf.turned(chance.uniform(-25, 25)).moved(x, y))
    return 170 * chance.uniform(0.85, 1.15)


def _seaweed(d: Drawing, chance: random.Random) -> float:
    for i in range(6):
        x = -20 + 8 * i
        high, phase = chance.uniform(50, 100), chance.uniform(0, 6)
        points = [(x + math.sin(phase + n * 0.9) * (2 + n * 0.8), -high * n / 8) for n in range(9)]
        d.add(tube(points, [1.2, 2.2, 2.6, 2.7, 2.6, 2.4, 2.0, 1.3, 0.2]))
    return 90 * chance.uniform(0.85, 1.15)


def _sprout(d: Drawing, chance: random.Random) -> float:
    lean = chance.uniform(-4, 4)
    d.add(tube([(0, 0), (lean * 0.2, -25), (lean, -56)], [1.9, 1.6, 1.3]))
    for side in (-1, 1):
        d.add(
            smooth("0,0! 8,-14 22,-21 38,-18! 34,-4 20,5 6,4")
            .scaled(side * chance.uniform(0.85, 1.1), 1)
            .moved(lean, -54)
        )
        d.mark(sliver([(lean + side * 4, -55), (lean + side * 16, -61), (lean + side * 30, -68)], 1.0))
    d.add(smooth("-26,0! -14,-6 0,-8 15,-6 26,0!"))
    return 12 * chance.uniform(0.9, 1.2)


PLANTS: dict[str, Grower] = {
    "pine": _pine, "old pine": _old_pine, "fir snowy": _fir_snowy, "bare tree": _bare_tree, "dead tree": _dead_tree,
    "oak": _oak, "birch": _birch, "cypress": _cypress, "willow": _willow, "palm": _palm, "cactus": _cactus, "bush": _bush,
    "grass": _grass, "reeds": _reeds, "wheat": _wheat, "fern": _fern, "mushrooms": _mushrooms, "flowers": _flowers,
    "tulip": _tulip, "sunflower": _sunflower, "ivy": _ivy, "seaweed": _seaweed, "sprout": _sprout,
}  # fmt: skip
