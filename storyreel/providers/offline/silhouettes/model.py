"""What a silhouette is: outlines in SVG path data, standing on y = 0, with the parts a painter may shade apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Unit = Literal["world", "own"]
ROLES = ("skin", "hair", "legs", "hat", "seat", "shade", "cloth")
"""What of a figure can have a colour of its own; what is of no role is of the large garment's."""

_COMMAND = re.compile(r"([MLCZ])([^MLCZ]*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Silhouette:
    """One drawn thing, to be filled with the non-zero rule: `path`, then `openings`, `details`, `accent` and `glow`.

    All coordinates are absolute; y grows downwards, so what stands on the ground has its base at y = 0 and its top at
    y = -height. x = 0 is where it stands (for a figure: under its weight; otherwise the middle of its bounds). Things
    that fly or swim rest on y = 0 with their lowest point too. Every path uses only the commands M, L, C and Z.

    Attributes:
        name: what was asked for, such as "pine".
        path: the outline: closed subpaths that overlap freely.
        width: of the bounds of `path`, in `unit`.
        height: of the bounds of `path`, in `unit`.
        left: x of the left edge of the bounds of `path`.
        parts: what `path` is made of, back to front, as (role, path data), where it has parts of several colours.
        bottom: y of the lower edge of the bounds of `path`: 0 for all but the parts of a larger whole.
        unit: "world": 100 units are a standing adult's height, so things fit together; "own": 100 units are the larger
            side of the thing itself, which the painter scales as the shot asks.
        openings: windows, lamp glass, fire: what can be lit; drawn over `path`.
        details: inner structure (seams, stripes, a clock's hands), drawn over those a little lighter or darker.
        accent: what wears the character's colour: a scarf, a sash, a flag.
        glow: (x, y, radius) of shining points, such as a lantern's flame.
    """

    name: str
    path: str
    width: float
    height: float
    left: float
    unit: Unit = "world"
    openings: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    accent: tuple[str, ...] = ()
    glow: tuple[tuple[float, float, float], ...] = ()
    bottom: float = 0.0
    parts: tuple[tuple[str, str], ...] = ()


def path_bounds(path: str) -> tuple[float, float, float, float]:
    """The exact bounds (left, top, right, bottom) of path data made of absolute M, L, C and Z commands.

    Raises:
        ValueError: the path is empty or has another command.
    """
    if re.sub(r"[MLCZ\d\s.,-]", "", path):
        raise ValueError(f"only absolute M, L, C and Z commands are understood, not {path[:60]!r}")
    xs: list[float] = []
    ys: list[float] = []
    here: Point = (0.0, 0.0)
    for command, text in _COMMAND.findall(path):
        numbers = [float(number) for number in _NUMBER.findall(text)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        step = 3 if command == "C" else 1
        for i in range(0, len(points), step):
            if command == "C":
                first, second, end = points[i : i + 3]
                xs += _extremes(here[0], first[0], second[0], end[0])
                ys += _extremes(here[1], first[1], second[1], end[1])
            here = points[i + step - 1]
            xs.append(here[0])
            ys.append(here[1])
    if not xs:
        raise ValueError("the path has no points")
    return min(xs), min(ys), max(xs), max(ys)


def _extremes(p0: float, p1: float, p2: float, p3: float) -> list[float]:
    """The values of a cubic Bezier where its derivative is zero inside (0, 1)."""
    a, b, c = p3 - 3 * p2 + 3 * p1 - p0, 2 * (p2 - 2 * p1 + p0), p1 - p0
    if abs(a) < 1e-12:
        roots = [-c / b] if abs(b) > 1e-12 else []
    else:
        square = b * b - 4 * a * c
        roots = [(-b + sign * square**0.5) / (2 * a) for sign in (-1, 1)] if square >= 0 else []
    return [
        (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t * t * p2 + t**3 * p3 for t in roots if 0 < t < 1
    ]
