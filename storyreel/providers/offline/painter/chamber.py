"""A room in one-point perspective: its shell, blocks that stand on its floor, and the light in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from storyreel.providers.offline.painter.buildings import downwards, poly
from storyreel.providers.offline.painter.colour import Array, Colour, hexed, mix
from storyreel.providers.offline.painter.stage import Point, Stage

Light = tuple[float, float, float, Colour, float]
"""Where a light is, how far it reaches (pixels), its colour and its power."""


@dataclass(slots=True)
class Chamber:
    """A room seen along its length.

    Points are given as x from -1 (left wall) to 1, y from 0 (floor) to 1 (ceiling), and nearness s from `far` (the end
    wall) to 1.7 (behind the viewer): at nearness s everything is s times as large as at 1.

    Attributes:
        stage: the picture; its horizon becomes the eye's height.
        wide: half the room's width, floor: how far the floor lies under the eye, high: how far the ceiling over it, all
            in pixels at nearness 1.
        far: nearness of the end wall.
        body: the SVG elements drawn so far.
    """

    stage: Stage
    wide: float
    floor: float
    high: float
    far: float = 0.24
    vx: float = 0.0
    vy: float = 0.0
    body: list[str] = field(default_factory=list)

    def at(self, x: float, y: float, s: float) -> Point:
        """A point of the room on the picture."""
        return self.vx + x * self.wide * s, self.vy + (self.floor - y * (self.floor + self.high)) * s

    def quad(self, corners: Sequence[tuple[float, float, float]], fill: Colour | str, extra: str = "") -> None:
        """A flat face through points of the room."""
        paint = fill if isinstance(fill, str) else hexed(fill)
        self.body.append(poly([self.at(*corner) for corner in corners], paint, extra))

    def shell(self, wall: Colour, floor: Colour, ceiling: Colour, end: Colour | None = None) -> None:
        """Floor, ceiling, both walls and the end wall, darker towards the viewer."""
        black = (0.0, 0.0, 0.0)
        far = self.far
        self.body.append(
            f"<defs>{downwards('chw', mix(wall, black, 0.28), wall)}{downwards('chf', mix(floor, black, 0.05), mix(floor, black, 0.4))}"
            f"{downwards('chc', mix(ceiling, black, 0.5), mix(ceiling, black, 0.1))}</defs>"
        )
        self.quad([(-1, 1, far), (1, 1, far), (1, 1, 2.4), (-1, 1, 2.4)], "url(#chc)")
        self.quad([(-1, 0, far), (1, 0, far), (1, 0, 2.4), (-1, 0, 2.4)], "url(#chf)")
        for side in (-1, 1):
            self.quad([(side, 0, far), (side, 1, far), (side, 1, 2.4), (side, 0, 2.4)], "url(#chw)")
        self.quad([(-1, 0, far), (-1, 1, far), (1, 1, far), (1, 0, far)], end or mix(wall, black, 0.12))

    def lines(self, y: float, colour: Colour, across: Sequence[float], along: Sequence[float], opacity: float) -> None:
        """Seams on the floor or the ceiling: at depths `across`, and running away at the x of `along`."""
        u = self.stage.unit
        for s in across:
            (ax, ay), (bx, by) = self.at(-1, y, s), self.at(1, y, s)
            self._line(ax, ay, bx, by, colour, u * 0.3 * s, opacity)
        for x in along:
            (ax, ay), (bx, by) = self.at(x, y, self.far), self.at(x, y, 2.4)
            self._line(ax, ay, bx, by, colour, u * 0.2, opacity)

    def _line(self, ax: float, ay: float, bx: float, by: float, colour: Colour, thick: float, opacity: float) -> None:
        self.body.append(
            f'<path d="M{ax:.1f},{ay:.1f}L{bx:.1f},{by:.1f}" stroke="{hexed(colour)}" stroke-width="{thick:.2f}" opacity="{opacity}"/>'
        )

    def panel(
        self, side: int, s: tuple[float, float], y: tuple[float, float], fill: Colour | str, extra: str = ""
    ) -> None:
        """A rectangle on the left (-1) or right (1) wall."""
        self.quad([(side, y[0], s[0]), (side, y[1], s[0]), (side, y[1], s[1]), (side, y[0], s[1])], fill, extra)

    def plate(
        self,
        x: tuple[float, float],
        y: tuple[float, float],
        fill: Colour | str,
        s: float | None = None,
        extra: str = "",
    ) -> None:
        """An upright rectangle facing the viewer; on the end wall without `s`."""
        deep = self.far if s is None else s
        self.quad([(x[0], y[0], deep), (x[1], y[0], deep), (x[1], y[1], deep), (x[0], y[1], deep)], fill, extra)

    def block(
        self, x: tuple[float, float], s: tuple[float, float], y: tuple[float, float], colour: Colour, top: Colour | None = None
    ) -> None:  # fmt: skip
        """A box: what is seen of its side, its top and its front, far `s` first."""
        dark = mix(colour, (0, 0, 0), 0.38)
        side = x[1] if (x[0] + x[1]) / 2 < 0 else x[0]
        self.quad([(side, y[0], s[0]), (side, y[1], s[0]), (side, y[1], s[1]), (side, y[0], s[1])], dark)
        eye = self.floor / (self.floor + self.high)
        if y[1] < eye:
            self.quad(
                [(x[0], y[1], s[0]), (x[1], y[1], s[0]), (x[1], y[1], s[1]), (x[0], y[1], s[1])],
                top or mix(colour, (1, 1, 1), 0.12),
            )
        self.plate(x, y, mix(colour, (0, 0, 0), 0.16), s[1])


def chamber(stage: Stage, *, wide: float, floor: float, high: float, far: float = 0.24, eye: float = 0.5) -> Chamber:
    """An empty room; sizes are shares of the picture's width (`wide`, half the room) and height, `eye` of its height."""
    w, h = stage.width, stage.height
    across = max(w, h * 1.2) if w > h else w * 1.35
    lift = {"low": 0.1, "high": -0.1, "aerial": -0.14}.get(stage.spec.angle, 0.0)
    stage.horizon = h * (eye + lift)
    vx = w * 0.5 + (stage.hero_x - w * 0.5) * 0.25
    return Chamber(stage, across * wide, h * floor, h * high, far, vx, stage.horizon)


def illuminate(stage: Stage, ambient: Colour, power: float, lights: Sequence[Light], kept: Array | None = None) -> None:
    """Multiply the picture by the light in a room; `kept` is where something shines by itself, shape (h, w)."""
    h, w = stage.height, stage.width
    y, x = np.mgrid[0:h:8, 0:w:8].astype(np.float32)
    light = np.broadcast_to(np.array(ambient, np.float32) * np.float32(power), (*y.shape, 3)).copy()
    for lx, ly, radius, colour, strength in lights:
        near = 1 / (1 + ((x - lx) ** 2 + (y - ly) ** 2) / radius**2)
        light += (near**1.6)[..., None] * np.array(colour, np.float32) * np.float32(strength)
    big = np.asarray(cv2.resize(np.clip(light, 0, 1.35), (w, h), interpolation=cv2.INTER_LINEAR), np.float32)
    if kept is not None:
        big += (np.float32(1.0) - big) * kept[..., None]
    stage.image *= big
