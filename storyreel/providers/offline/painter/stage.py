"""The picture in the making: its pixels, its light, and the few ways in which everything else puts paint on it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from storyreel.providers.offline.painter.colour import Array, Colour
from storyreel.providers.offline.painter.noise import Rng
from storyreel.providers.offline.painter.scheme import FEELINGS, Feeling, Scheme
from storyreel.providers.offline.painter.spec import SceneSpec

Point = tuple[float, float]
NEARNESS_STEP = 4


_STRIP_ROWS = 32


def _strips(rows: int) -> Iterator[slice]:
    """A picture's rows in strips that a processor's cache holds, colours and all: twice as quick as the whole at once."""
    return (slice(top, top + _STRIP_ROWS) for top in range(0, rows, _STRIP_ROWS))


@dataclass(frozen=True, slots=True)
class Lamp:
    """Something that shines: a place in pixels, a radius in pixels, a colour and how strongly."""

    x: float
    y: float
    radius: float
    colour: Colour
    strength: float = 1.0


@dataclass(slots=True, eq=False)
class Stage:
    """A picture in the making.

    Attributes:
        width, height: pixels.
        spec, scheme: what to show and in what light.
        image: float32 sRGB in 0..1, shape (height, width, 3), painted in place.
        horizon: row of the horizon, in pixels; may lie outside the picture indoors.
        sun: centre of the sun or moon in pixels; None when neither is in the sky.
        light_from: unit vector on the page pointing from things to where the main light comes from.
        lamps: everything that will bloom when the picture is lit.
        hero_x: column where the picture's subject should stand, in pixels.
        apart: None to paint people where they stand; a list to leave them out and be told how to paint each later.
        standing: where the first of the people left out stands, (column, row).
        air: whether what falls or drifts in the air is painted.
        phase: how far through a stride or a breath people are, 0 to 1.
        matte: where people have been painted, shape (height, width), if that is to be noted.
        nearness: how near what is painted lies, from 0 for the sky to 1 at the viewer's feet, if that is to be noted;
            one value for every `NEARNESS_STEP` pixels each way.
        water: how much of each such place is water, likewise.
        seed: decides every random choice together with the name of what chooses.
    """

    width: int
    height: int
    spec: SceneSpec
    scheme: Scheme
    image: Array
    horizon: float
    seed: int
    sun: Point | None = None
    light_from: Point = (0.0, -1.0)
    lamps: list[Lamp] = field(default_factory=list)
    hero_x: float = 0.0
    apart: list[Callable[[Stage], None]] | None = None
    standing: Point | None = None
    air: bool = True
    phase: float = 0.0
    matte: Array | None = None
    nearness: Array | None = None
    water: Array | None = None

    @property
    def unit(self) -> float:
        """A hundredth of the shorter side, in pixels: sizes follow it so that portrait and square compose alike."""
        return min(self.width, self.height) / 100

    @property
    def area(self) -> float:
        """How much there is to fill, against a picture of 16 to 9: 1 for that shape at any size."""
        return self.width * self.height / self.unit**2 / (1920 * 1080 / 10.8**2)

    @property
    def feeling(self) -> Feeling:
        """What the picture's emotion asks for."""
        return FEELINGS[self.spec.emotion]

    @property
    def portrait(self) -> bool:
        """Whether the picture stands upright."""
        return self.height > self.width * 1.1

    def rng(self, name: str) -> Rng:
        """Randomness of its own for each part of the picture, so that a change in one part leaves the others alone."""
        digest = hashlib.sha256(f"{self.seed}/{name}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "little"))

    def haze_row(self) -> Array:
        """The haze's colour by column, shape (1, width, 3): warm under the sun, plain away from it."""
        base = np.array(self.scheme.haze, np.float32)
        row = np.broadcast_to(base, (self.width, 3)).copy()
        if self.sun is not None:
            x = np.arange(self.width, dtype=np.float32)
            near = np.exp(-(((x - self.sun[0]) / (self.width * self.scheme.glow_reach * 0.7)) ** 2))[:, None]
            glow = np.array(self.scheme.glow, np.float32)
            low = 1.0 if not self.scheme.moon else 0.45
            row += (glow - row) * near * 0.6 * low
        return np.asarray(row[None], dtype=np.float32)

    def paint(self, mask: Array, colour: Colour | Array, opacity: float = 1.0, top: int = 0, left: int = 0) -> None:
        """Lay a colour through a mask.

        Args:
            mask: float32 in 0..1, shape (h, w); its top left corner lies at (left, top), parts outside are cut off.
            colour: one colour, or an array that broadcasts to (h, w, 3).
            opacity: factor on the mask.
            top, left: pixels.
        """
        place = self._cut(mask.shape[0], mask.shape[1], top, left)
        if place is None:
            return
        rows, columns, inner_rows, inner_columns = place
        if self.nearness is not None and opacity > 0.75:
            self._note_nearness(mask[inner_rows, inner_columns], rows.start, columns.start)
        part = self.image[rows, columns]
        alpha = mask[inner_rows, inner_columns, None]
        if opacity != 1.0:
            alpha = alpha * np.float32(opacity)
        ink = np.asarray(colour, np.float32)
        if ink.ndim == 3:
            ink = ink[
                inner_rows if ink.shape[0] > 1 else slice(None),
                inner_columns if ink.shape[1] > 1 else slice(None),
            ]
        for strip in _strips(part.shape[0]):
            change = (ink[strip] if ink.ndim == 3 and ink.shape[0] > 1 else ink) - part[strip]
            change *= alpha[strip]
            part[strip] += change

    def shine(self, mask: Array, colour: Colour, strength: float = 1.0, top: int = 0, left: int = 0) -> None:
        """Add light through a mask by the screen rule, which never burns out; arguments as for `paint`."""
        place = self._cut(mask.shape[0], mask.shape[1], top, left)
        if place is None:
            return
        rows, columns, inner_rows, inner_columns = place
        part = self.image[rows, columns]
        cut, ink = mask[inner_rows, inner_columns, None], np.array(colour, np.float32) * np.float32(strength)
        for strip in _strips(part.shape[0]):
            light = cut[strip] * ink
            np.clip(light, 0, 1, out=light)
            light *= 1 - part[strip]
            part[strip] += light

    def darken(self, mask: Array, factor: float, top: int = 0, left: int = 0) -> None:
        """Multiply the picture by `factor` where the mask is 1."""
        place = self._cut(mask.shape[0], mask.shape[1], top, left)
        if place is None:
            return
        rows, columns, inner_rows, inner_columns = place
        self.image[rows, columns] *= 1 - mask[inner_rows, inner_columns, None] * np.float32(1 - factor)

    def cut_out(self, mask: Array, opacity: float, top: int, left: int) -> None:
        """Note where people are being painted, if that is wanted; arguments as for `paint`."""
        place = self._cut(mask.shape[0], mask.shape[1], top, left)
        if self.matte is None or place is None:
            return
        rows, columns, inner_rows, inner_columns = place
        part = self.matte[rows, columns]
        part += (1 - part) * mask[inner_rows, inner_columns] * np.float32(opacity)

    def near_at(self, row: float) -> float:
        """How near the ground is that is seen at a row: a plane's share of the way from the horizon to the feet."""
        return float(np.clip((row - self.horizon) / max(1.0, self.height - self.horizon), 0.0, 1.0))

    def _note_nearness(self, mask: Array, top: int, left: int) -> None:
        """What stands is as near as its foot, whole; ground is nearer the lower it lies."""
        assert self.nearness is not None
        step = NEARNESS_STEP
        skip_rows, skip_columns = -top % step, -left % step
        solid = mask[skip_rows::step, skip_columns::step] > 0.6
        rows = np.flatnonzero(solid.any(axis=1))
        if not len(rows):
            return
        first_row, first_column = (top + skip_rows) // step, (left + skip_columns) // step
        area = self.nearness[first_row : first_row + solid.shape[0], first_column : first_column + solid.shape[1]]
        solid = solid[: area.shape[0], : area.shape[1]]
        rows = rows[rows < area.shape[0]]
        if not len(rows):
            return
        base = (first_row + int(rows[-1])) * step
        broad = np.count_nonzero(solid[rows[-1]]) * step > self.width * 0.45
        if broad and base > self.height - 3 * step:
            at = (first_row + np.arange(solid.shape[0])) * step
            ramp = np.clip((at - self.horizon) / max(1.0, self.height - self.horizon), 0.06, 1.0).astype(np.float32)
            np.copyto(area, np.broadcast_to(ramp[:, None], area.shape), where=solid)
        else:
            area[solid] = max(0.06, self.near_at(base))
        if self.water is not None:
            wet = self.water[first_row : first_row + area.shape[0], first_column : first_column + area.shape[1]]
            wet[solid] = 0.0

    def note_water(self, start: int, mask: Array | None) -> None:
        """Note where water has been painted, from a row down, if that is wanted."""
        if self.water is None:
            return
        first = -(-start // NEARNESS_STEP)
        area = self.water[first:]
        area[:] = 1.0 if mask is None else mask[first * NEARNESS_STEP :: NEARNESS_STEP, ::NEARNESS_STEP]

    def _cut(self, height: int, width: int, top: int, left: int) -> tuple[slice, slice, slice, slice] | None:
        y0, x0 = max(0, top), max(0, left)
        y1, x1 = min(self.height, top + height), min(self.width, left + width)
        if y1 <= y0 or x1 <= x0:
            return None
        return slice(y0, y1), slice(x0, x1), slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)


@dataclass(frozen=True, slots=True)
class Footing:
    """Where somebody can stand in a painted place.

    Attributes:
        x, row: of the feet, in pixels.
        tall_px: a grown man's height there.
        shadow: strength of the shadow on that ground.
        mirror: strength of the mirror image on that ground.
        sight: column of what the place is about, such as its lighthouse, in pixels; None when nothing stands out.
    """

    x: float
    row: float
    tall_px: float
    shadow: float = 0.35
    mirror: float = 0.0
    sight: float | None = None


def polygons(height: int, width: int, shapes: Sequence[Sequence[Point] | Array]) -> Array:
    """A mask of filled polygons, each filled for itself, shape (height, width), edges smoothed."""
    mask = np.zeros((height, width), np.uint8)
    for shape in shapes:
        points = np.round(np.asarray(shape, np.float32) * 16).astype(np.int32)
        cv2.fillPoly(mask, [points], 255, cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255


def disc(radius: float, softness: float = 1.0) -> tuple[Array, int]:
    """A round mask with an edge `softness` pixels wide, and the distance from its corner to its centre."""
    reach = int(np.ceil(radius + softness)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    far = np.sqrt(x * x + y * y)
    return np.asarray(np.clip((radius - far) / softness + 0.5, 0, 1), dtype=np.float32), reach


def halo(radius: float, power: float = 2.0) -> tuple[Array, int]:
    """A round light that fades to nothing at `radius`, and the distance from its corner to its centre."""
    reach = max(2, int(np.ceil(radius)))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    near = np.clip(1 - np.sqrt(x * x + y * y) / radius, 0, 1)
    return np.asarray(near**power, dtype=np.float32), reach
