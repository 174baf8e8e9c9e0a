"""A painted place that a camera moves through: any moment of a shot as a picture."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from math import exp

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import words
from storyreel.providers.offline.painter.finish import finish_of
from storyreel.providers.offline.painter.layers import LIGHT_UNIT, CutOut, Layers, paint_layers
from storyreel.providers.offline.painter.matching import best, found
from storyreel.providers.offline.painter.reading import read
from storyreel.providers.offline.painter.seeds import seed_of
from storyreel.providers.offline.painter.spec import SceneSpec
from storyreel.providers.offline.travel.path import Standpoint
from storyreel.providers.offline.travel.sight import Sight

Pixels = NDArray[np.uint8]
FloatArray = NDArray[np.float32]

_GRID = 4
_SKY_DRIFT = 0.0008  # of the picture's width a second
_KEPT = 3
_SEARCHES = 4


# What happens, in the words that say how it then is.
_HAPPENS = (
    (r"\b(?:rain|snow|storm|fog|mist|wind)\w*\b[^.]{0,24}\b(?:stops?|ends?|passes|lifts?|dies|is over)\b", "clear sky"),
    (r"\b(?:clears up|sky clears)\b", "clear sky"),
    (r"(?<!falling )\bsnows?\b(?! falls)", "falling snow"),
    (r"\bsun (?:rises|comes up)\b|\bday breaks\b|\bmorning comes\b", "sunrise"),
    (r"\bsun (?:sets|goes down|sinks)\b", "sunset"),
    (r"\bmoon (?:rises|comes out)\b", "moonlight"),
)


def spec_of(sight: Sight) -> SceneSpec:
    """What is to be painted: the world as it was read at first, changed by what has happened since.

    The place, the cast and all that stands there stay; light, weather, season and what is done may change.
    """
    spec = read(sight.world)
    for note in sight.notes:
        plain = note.lower()
        for happens, then in _HAPPENS:
            plain = re.sub(happens, then, plain)
        told = read(ImageRequest(prompt=plain))
        changes: dict[str, object] = {}
        if best(((plain, 1.0),), words.LIGHTS):
            changes["light"] = told.light
        if best(((plain, 1.0),), words.WEATHERS):
            changes |= {"weather": told.weather, "snow_lies": spec.snow_lies or told.snow_lies}
        if told.season:
            changes["season"] = told.season
        if best(((plain, 1.0),), words.EMOTIONS):
            changes["emotion"] = told.emotion
        new = tuple(name for name in found(plain, words.OBJECTS) if name not in spec.objects)
        if new:
            changes["objects"] = (*spec.objects, *new)
        spec = replace(spec, **changes)  # type: ignore[arg-type]
    return spec


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A painted place, ready to be seen from any standpoint."""

    spec: SceneSpec
    layers: Layers
    _sheets: dict[tuple[int, int, int], Pixels] = field(default_factory=dict)

    def view(self, standpoint: Standpoint, width_px: int, height_px: int) -> Pixels:
        """What the camera sees, uint8 RGB, shape (height_px, width_px, 3)."""
        layers = self.layers
        picture = self._place(standpoint, width_px, height_px)
        if layers.cast is not None:
            self._stand_cast(picture, standpoint)
        for number, drift in enumerate(layers.air):
            sheet = self._sheet(number, width_px, height_px)
            _fall(picture, sheet, drift.dark, drift.across * standpoint.at_s, drift.down * standpoint.at_s)
        return self._lit(picture, standpoint)

    def foot(self, at: Standpoint) -> tuple[float, float] | None:
        """Where the first of the people stands in the frame, as fractions of its width and height; None for nobody."""
        cast = self.layers.cast
        return None if cast is None else self._seen(at, cast.x, cast.row, cast.nearness)

    def head(self, at: Standpoint) -> tuple[float, float] | None:
        """Where their heads are in the frame, likewise."""
        cast = self.layers.cast
        return None if cast is None else self._seen(at, *cast.head, cast.nearness)

    def _seen(self, at: Standpoint, x: float, row: float, nearness: float) -> tuple[float, float]:
        high, wide = self.layers.place.shape[:2]
        grown, focus_y = 1 + at.depth * nearness, self.layers.horizon / high
        across = 0.5 + (x / wide - at.aside * nearness - 0.5) * grown
        down = focus_y + (row / high - focus_y) * grown
        return 0.5 + (across - 0.5 - at.across) * exp(at.closer), 0.5 + (down - 0.5 - at.down) * exp(at.closer)

    def _sheet(self, number: int, width_px: int, height_px: int) -> Pixels:
        """A sheet of falling things in the frame's size."""
        key = number, width_px, height_px
        if key not in self._sheets:
            light, size = self.layers.air[number].light, (width_px, height_px)
            same = light.shape[1::-1] == size
            self._sheets[key] = light if same else np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_AREA))
        return self._sheets[key]

    def _place(self, at: Standpoint, width_px: int, height_px: int) -> Pixels:
        """The place, moved by how near each part of it is."""
        layers = self.layers
        high, wide = layers.place.shape[:2]
        # A coarse grid over the frame, one step beyond it on every side.
        columns = (np.arange(-1, -(-width_px // _GRID) + 1, dtype=np.float32) * _GRID + _GRID / 2) / width_px
        rows = (np.arange(-1, -(-height_px // _GRID) + 1, dtype=np.float32) * _GRID + _GRID / 2) / height_px
        scale = np.float32(exp(-at.closer))
        across = np.broadcast_to(0.5 + at.across + (columns - 0.5) * scale, (len(rows), len(columns))).astype(
            np.float32
        )
        down = np.broadcast_to((0.5 + at.down + (rows - 0.5) * scale)[:, None], across.shape).astype(np.float32)
        near, source_x, source_y = self._sources(at, across, down)
        wet = self._noted(layers.water, source_x, source_y)
        source_x -= _SKY_DRIFT * at.at_s * np.clip(1 - near / 0.05, 0, 1) * (1 - wet)
        if wet.max() > 0.05:
            # Waves of one length on the water look the shorter the farther off they are.
            phase = 2.2 / (near + 0.09) + 3.0 * source_x
            roll = near * wet * np.float32(0.0034)
            source_x += roll * np.sin(2 * np.pi * (phase * 1.3 - 0.32 * at.at_s))
            source_y += roll * 0.8 * np.sin(2 * np.pi * (phase - 0.42 * at.at_s))
        size = (len(columns) * _GRID, len(rows) * _GRID)
        maps = [
            cv2.resize(np.asarray(part, np.float32), size, interpolation=cv2.INTER_LINEAR)[
                _GRID : _GRID + height_px, _GRID : _GRID + width_px
            ]
            for part in (source_x * wide - 0.5, source_y * high - 0.5)
        ]
        picture = cv2.remap(layers.place, maps[0], maps[1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
        return np.asarray(picture, np.uint8)

    def _sources(
        self, at: Standpoint, across: FloatArray, down: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """How near what is seen lies, and where in the picture it is, for points that a flat picture would show.

        Where a thing is seen depends on how near it is, and that on where in the picture it is. The search begins with
        the nearest thing thereabouts, which hides what is behind it.
        """
        layers = self.layers
        focus_y = np.float32(layers.horizon / layers.place.shape[0])

        def moved(near: FloatArray) -> tuple[FloatArray, FloatArray]:
            come = 1 / (1 + np.float32(at.depth) * near)
            return (
                np.asarray(0.5 + (across - 0.5) * come + np.float32(at.aside) * near, np.float32),
                np.asarray(focus_y + (down - focus_y) * come, np.float32),
            )

        near = self._noted(layers.nearness, across, down)
        farthest = moved(np.ones_like(near))
        reach = max(float(np.abs(farthest[0] - across).max()), float(np.abs(farthest[1] - down).max()))
        step = float(across[0, 1] - across[0, 0])
        if reach < step * 0.2:
            return near, *moved(near)
        side = 2 * int(np.ceil(reach / step)) + 1
        near = np.asarray(cv2.dilate(near, np.ones((side, side), np.uint8)), np.float32)
        for _ in range(_SEARCHES):
            x, y = moved(near)
            found = self._noted(layers.nearness, x, y)
            near, before = found, near
        # Where it does not settle, something comes into sight that was never painted: its surroundings are drawn out.
        near = np.asarray((near + before) / 2, np.float32)
        return near, *moved(near)

    def _noted(self, note: FloatArray, across: FloatArray, down: FloatArray) -> FloatArray:
        high, wide = note.shape
        return np.asarray(
            cv2.remap(note, across * wide - 0.5, down * high - 0.5, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
            np.float32,
        )

    def _stand_cast(self, picture: Pixels, at: Standpoint) -> None:
        """Lay the people over the place, as far through their stride or breath as they are by now."""
        cast = self.layers.cast
        assert cast is not None
        high, wide = self.layers.place.shape[:2]
        height_px, width_px = picture.shape[:2]
        turn = at.at_s / cast.period_s * len(cast.phases)
        first, share = int(turn) % len(cast.phases), turn - int(turn)
        cut = _blended(cast.phases[first], cast.phases[(first + 1) % len(cast.phases)], share)
        scale = exp(at.closer) * (1 + at.depth * cast.nearness)
        foot_x, foot_y = self.foot(at) or (0.5, 0.5)
        foot_x, foot_y = foot_x * width_px, foot_y * height_px
        across, down = scale * width_px / wide, scale * height_px / high
        # The cut-out's corner in the frame.
        left, top = foot_x + (cut.left - cast.x) * across, foot_y + (cut.top - cast.row) * down
        rows, columns = cut.cover.shape
        x0, y0 = max(0, int(left)), max(0, int(top))
        x1, y1 = min(width_px, int(left + columns * across) + 2), min(height_px, int(top + rows * down) + 2)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        # Pixel centres lie half a pixel in.
        move = np.array(
            [[across, 0, left - x0 + (across - 1) / 2], [0, down, top - y0 + (down - 1) / 2]], np.float32
        )  # fmt: skip
        size = (x1 - x0, y1 - y0)
        colour = cv2.warpAffine(cut.colour, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        cover = cv2.warpAffine(cut.cover, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        light = cv2.warpAffine(
            cut.light, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(LIGHT_UNIT,) * 3
        )  # fmt: skip
        part = picture[y0:y1, x0:x1]
        lit = cv2.multiply(part, light, scale=1 / LIGHT_UNIT)
        weight = cover.astype(np.float32) / 255
        part[:] = cv2.blendLinear(colour, lit, weight, 1 - weight)

    def _lit(self, picture: Pixels, at: Standpoint) -> Pixels:
        """The light's slow drift, and the flicker of a fire."""
        level = 1 + 0.035 * at.level
        if self.spec.light == "fire":
            level += 0.012 * np.sin(at.at_s * 7.1) + 0.009 * np.sin(at.at_s * 11.7 + 1) + 0.006 * np.sin(at.at_s * 23.0)
        gains = np.array([level * (1 + 0.03 * at.warmth), level, level * (1 - 0.03 * at.warmth)], np.float32)
        if np.allclose(gains, 1, atol=5e-4):
            return picture
        steps = np.arange(256, dtype=np.float32)[:, None] * gains
        table = np.clip(np.rint(steps), 0, 255).astype(np.uint8)[None]
        return np.asarray(cv2.LUT(picture, table), np.uint8)


def _blended(one: CutOut, other: CutOut, share: float) -> CutOut:
    if share < 0.02:
        return one
    colour, cover, light = (
        np.asarray(cv2.addWeighted(a, 1 - share, b, share, 0), np.uint8)
        for a, b in ((one.colour, other.colour), (one.cover, other.cover), (one.light, other.light))
    )
    return CutOut(one.top, one.left, colour, cover, light)


def _fall(picture: Pixels, sheet: Pixels, dark: bool, across: float, down: float) -> None:
    """Add a sheet of falling things that has moved on by so much of its own size; what leaves comes in again."""
    height, width = picture.shape[:2]
    x, y = round(across * width) % width, round(down * height) % height
    lay = cv2.subtract if dark else cv2.add
    for rows, from_rows in ((slice(y, height), slice(0, height - y)), (slice(0, y), slice(height - y, height))):
        for columns, from_columns in ((slice(x, width), slice(0, width - x)), (slice(0, x), slice(width - x, width))):
            part = picture[rows, columns]
            if part.size:
                part[:] = lay(part, sheet[from_rows, from_columns])


class _Worlds:
    """The worlds painted last: a shot's next picture, its clip and the picture after it all need the same one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._painted: OrderedDict[str, World] = OrderedDict()

    def get(self, sight: Sight) -> World:
        key = sight.model_copy(update={"standpoint": Standpoint()}).model_dump_json()
        with self._lock:
            if key not in self._painted:
                spec = spec_of(sight)
                request = sight.world
                layers = paint_layers(
                    spec, request.width_px, request.height_px, seed_of(request), finish_of(request.prompt)
                )
                self._painted[key] = World(spec, layers)
            self._painted.move_to_end(key)
            while len(self._painted) > _KEPT:
                self._painted.popitem(last=False)
            return self._painted[key]


_WORLDS = _Worlds()


def world_of(sight: Sight) -> World:
    """The world that a picture shows, painted unless it has been just now."""
    return _WORLDS.get(sight)
