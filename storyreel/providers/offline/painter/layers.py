"""A picture in layers, so that a camera can move through it: the place with how near all of it is, the people as
cut-outs through a whole stride or breath, and what falls or drifts in the air.

The place is painted by the same hands as the whole picture; only people and falling things are left out of it. Laid
over one another unmoved, the layers are the picture, but for its grain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFilter

from storyreel.providers.offline.painter.colour import Array, Colour
from storyreel.providers.offline.painter.compose import build, finish, set_stage
from storyreel.providers.offline.painter.finish import Finish
from storyreel.providers.offline.painter.light import develop, develop_part, grade_table, light_lamps
from storyreel.providers.offline.painter.spec import CLOSED, PlaceName, SceneSpec
from storyreel.providers.offline.painter.stage import NEARNESS_STEP, Stage
from storyreel.providers.offline.painter.weather import paint_weather
from storyreel.providers.offline.silhouettes.poses import STRIDES

Pixels = NDArray[np.uint8]

LIGHT_UNIT = 64
"""What a cut-out's `light` says where the place behind it stays as it is."""

# Walls run away from us on both sides there, so that nearness is a matter of where, not of what.
_LANES: frozenset[PlaceName] = frozenset(
    {
        "city",
        "corridor",
        "station",
        "church",
        "cave",
        "spaceship",
        "canal",
        "ward",
        "classroom",
        "laboratory",
        "office",
        "theatre",
        "carriage",
    }
)
_NEAR = ("medium", "close", "shoulder")
_STRIDE_PHASES, _BREATH_PHASES = 16, 6
_STRIDE_S, _RUN_S, _BREATH_S = 1.15, 0.72, 5.2


@dataclass(frozen=True, slots=True, eq=False)
class CutOut:
    """People at one moment, cut out of the picture.

    Attributes:
        top, left: where its corner lies in the picture, pixels.
        colour: uint8 RGB, shape (h, w, 3).
        cover: uint8, shape (h, w): where they hide what is behind them.
        light: uint8, shape (h, w, 3): what the place around them is multiplied by, in 1 / `LIGHT_UNIT`: their shadow,
            their lantern's light.
    """

    top: int
    left: int
    colour: Pixels
    cover: Pixels
    light: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """The people of a picture.

    Attributes:
        x, row: where the first of them stands, pixels.
        head: the middle of what is seen of them at the top, (column, row).
        nearness: how near that is, 0 to 1.
        phases: all of them at equal steps of a stride or breath, all of one size and place.
        period_s: how long that takes.
        strides: whether they walk or run.
    """

    x: float
    row: float
    head: tuple[float, float]
    nearness: float
    phases: tuple[CutOut, ...]
    period_s: float
    strides: bool


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """One distance of what falls or drifts: a sheet that is moved on and comes round again.

    Attributes:
        light: uint8 RGB, shape (height, width, 3), added to the picture, or taken away where `dark`.
        across, down: how fast it moves, in its own widths and heights a second.
    """

    light: Pixels
    dark: bool
    across: float
    down: float


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """A picture that can be moved through.

    Attributes:
        place: uint8 RGB, shape (height, width, 3).
        nearness: float32 in 0..1, one value for every `NEARNESS_STEP` pixels each way: 0 the sky, 1 at our feet.
        horizon: its row, pixels.
        water: how much of each such place is water, likewise.
    """

    place: Pixels
    nearness: Array
    horizon: float
    water: Array
    cast: Cast | None
    air: tuple[Drift, ...]


def paint_layers(spec: SceneSpec, width: int, height: int, seed: int, look: Finish | None = None) -> Layers:
    """Paint a picture in layers.

    Args:
        spec: what is to be seen.
        width, height: pixels.
        seed: as for `compose.paint`.
        look: a finishing look, laid over every layer.
    """
    stage = set_stage(spec, width, height, seed)
    stage.apart, stage.air = [], False
    ground = _ground(stage)
    stage.nearness, stage.water = ground, np.zeros_like(ground)
    build(stage)
    people, stage.apart = stage.apart, None
    stage.lamps.clear()
    bare = replace(stage, image=stage.image.copy())
    finish(bare)
    table = grade_table(bare)
    cast = _cut_outs(stage, bare, people, table, look) if people else None
    near = _ground(stage) if spec.place in _LANES else stage.nearness
    # Some of the sky goes along with what stands before it, and what shows between branches: where sky is drawn out
    # nobody sees it. It has to be more than the softening takes, so that no tree's tip bends.
    reach = 2 * max(1, round(stage.unit * 2.8 / NEARNESS_STEP)) + 1
    near = np.asarray(cv2.dilate(near, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))), np.float32)
    softness = max(1.0, stage.unit / NEARNESS_STEP * 1.1)
    nearness, water = (np.asarray(cv2.GaussianBlur(each, (0, 0), softness), np.float32) for each in (near, stage.water))
    place = develop(bare, grain=0.7)
    air = _air(spec, width, height, seed, float(np.mean(place)) / 255)
    if look is not None:
        place = look(place)
    return Layers(place, nearness, stage.horizon, water, cast, air)


def _ground(stage: Stage) -> Array:
    """How near a bare place is: outdoors a plane up to the horizon, indoors a box."""
    high, wide = -(-stage.height // NEARNESS_STEP), -(-stage.width // NEARNESS_STEP)
    y = np.linspace(0, stage.height, high, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, wide, dtype=np.float32)[None]
    below = np.clip((y - stage.horizon) / max(1.0, stage.height - stage.horizon), 0, 1)
    if stage.spec.place not in CLOSED | _LANES:
        return np.asarray(np.broadcast_to(below, (high, wide)), np.float32).copy()
    above = np.clip((stage.horizon - y) / max(1.0, stage.horizon), 0, 1)
    return np.asarray(np.maximum(np.maximum(below, above * 0.8), np.abs(x)) ** 1.5, np.float32)


def _cut_outs(
    stage: Stage,
    bare: Stage,
    people: Sequence[Callable[[Stage], None]],
    table: ImageFilter.Color3DLUT,
    look: Finish | None,
) -> Cast:
    strides = stage.spec.pose in STRIDES and stage.spec.framing not in ("close", "shoulder", "insert")
    count = _STRIDE_PHASES if strides else _BREATH_PHASES
    # One whole picture at a time: of each only the part is kept that people change.
    cuts = [_cut_out(_with_people(stage, people, number / count), bare, table, look) for number in range(count)]
    phases = _of_one_size(cuts)
    x, row = stage.standing or (stage.width / 2, float(stage.height))
    running = stage.spec.pose == "running"
    period_s = (_RUN_S if running else _STRIDE_S) if strides else _BREATH_S
    # Somebody seen very near would fill the frame at the camera's first step.
    nearness = min(max(stage.near_at(row), 0.12), 0.35 if stage.spec.framing in _NEAR else 1.0)
    return Cast(x, row, _head(phases[0]) or (x, row), nearness, phases, period_s, strides)


def _head(cut: CutOut) -> tuple[float, float] | None:
    seen = cut.cover > 128
    rows = np.flatnonzero(seen.any(axis=1))
    if not len(rows):
        return None
    upper = slice(int(rows[0]), int(rows[0]) + max(1, len(rows) // 3))
    columns = np.flatnonzero(seen[upper].any(axis=0))
    return cut.left + float(columns.mean()), cut.top + (upper.start + upper.stop) / 2


def _with_people(stage: Stage, people: Sequence[Callable[[Stage], None]], phase: float) -> Stage:
    whole = replace(
        stage, image=stage.image.copy(), lamps=[], phase=phase, apart=None, nearness=None, water=None,
        matte=np.zeros((stage.height, stage.width), np.float32),
    )  # fmt: skip
    for paint in people:
        paint(whole)
    light_lamps(whole)
    finish(whole)
    return whole


def _bounds(bare: Stage, whole: Stage) -> tuple[int, int, int, int]:
    """The part of the picture that people change, as (top, left, height, width), with a margin."""
    assert whole.matte is not None
    changed = (np.abs(whole.image - bare.image).max(axis=2) > 0.02) | (whole.matte > 0.01)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not len(rows):
        return 0, 0, 2, 2
    margin = round(bare.unit * 2)
    top, left = max(0, int(rows[0]) - margin), max(0, int(columns[0]) - margin)
    bottom, right = min(bare.height, int(rows[-1]) + margin), min(bare.width, int(columns[-1]) + margin)
    return top, left, bottom - top, right - left


def _cut_out(stage: Stage, bare: Stage, table: ImageFilter.Color3DLUT, look: Finish | None) -> CutOut:
    top, left, height, width = box = _bounds(bare, stage)
    assert stage.matte is not None
    colour, behind = develop_part(stage, table, *box), develop_part(bare, table, *box)
    cover = stage.matte[top : top + height, left : left + width]
    ratio = (colour.astype(np.float32) + 4) / (behind.astype(np.float32) + 4)
    # Behind the people nothing is known of the light; at the part's edges it is that of the place.
    edge = np.minimum(1.0, np.minimum.outer(_from_ends(height), _from_ends(width)) / max(2.0, stage.unit))
    ratio = 1 + (ratio - 1) * ((1 - cover) * edge)[..., None]
    if look is not None:
        colour = look(colour)
    light = np.clip(np.rint(ratio * LIGHT_UNIT), 0, 255).astype(np.uint8)
    return CutOut(top, left, colour, np.rint(np.clip(cover, 0, 1) * 255).astype(np.uint8), light)


def _of_one_size(cuts: Sequence[CutOut]) -> tuple[CutOut, ...]:
    """The cut-outs, each with as much of the unchanged place around it as makes them all of one size and place."""
    top, left = min(cut.top for cut in cuts), min(cut.left for cut in cuts)
    bottom = max(cut.top + cut.cover.shape[0] for cut in cuts)
    right = max(cut.left + cut.cover.shape[1] for cut in cuts)

    def grown(cut: CutOut) -> CutOut:
        height, width = cut.cover.shape
        room = ((cut.top - top, bottom - cut.top - height), (cut.left - left, right - cut.left - width))
        return CutOut(
            top, left, np.pad(cut.colour, (*room, (0, 0)), mode="edge"), np.pad(cut.cover, room),
            np.pad(cut.light, (*room, (0, 0)), constant_values=LIGHT_UNIT),
        )  # fmt: skip

    return tuple(grown(cut) for cut in cuts)


def _from_ends(count: int) -> Array:
    at = np.arange(count, dtype=np.float32)
    return np.asarray(np.minimum(at, count - 1 - at), np.float32)


@dataclass(slots=True, eq=False)
class _Catcher(Stage):
    """A stage that keeps every layer of paint apart, as what it would add to a grey of `ground`."""

    caught: list[tuple[Array, bool]] = field(default_factory=list)
    ground: float = 0.4

    def paint(self, mask: Array, colour: Colour | Array, opacity: float = 1.0, top: int = 0, left: int = 0) -> None:
        change = (np.asarray(colour, np.float32).reshape(-1, 3).mean(axis=0) - self.ground) * opacity
        dark = float(change.mean()) < 0
        self.caught.append((mask[..., None] * np.clip(-change if dark else change, 0, 1), dark))

    def shine(self, mask: Array, colour: Colour, strength: float = 1.0, top: int = 0, left: int = 0) -> None:
        light = np.asarray(colour, np.float32) * strength * (1 - self.ground)
        self.caught.append((mask[..., None] * light, False))


def _air(spec: SceneSpec, width: int, height: int, seed: int, ground: float) -> tuple[Drift, ...]:
    """What falls or drifts, one sheet for each distance it is painted at, each faster than the one behind it."""
    if spec.place in CLOSED:
        return ()
    plain = set_stage(spec, width, height, seed)
    stage = _Catcher(**{each.name: getattr(plain, each.name) for each in fields(plain)}, ground=ground)
    paint_weather(stage, veil=False)
    slant = _slant(stage)
    drifts = []
    for number, (light, dark) in enumerate(stage.caught):
        across, down = _speed(spec, number, slant)
        pixels = np.clip(np.rint(np.broadcast_to(light, (height, width, 3)) * 255), 0, 255).astype(np.uint8)
        drifts.append(Drift(pixels, dark, across * height / width, down))
    return tuple(drifts)


def _slant(stage: Stage) -> float:
    return float(stage.rng("rain").choice([-1, 1])) * (0.34 if stage.spec.weather == "storm" else 0.16)


def _speed(spec: SceneSpec, number: int, slant: float) -> tuple[float, float]:
    """How fast a sheet moves, in heights of the picture a second, (across, down)."""
    if spec.weather in ("rain", "storm") and number < 3:
        down = (0.9, 1.5, 2.3)[number]
        return slant * down, down
    if spec.weather == "snow" and number < 4:
        down = (0.05, 0.085, 0.16, 0.3)[number]
        return 0.35 * down * (1 if slant > 0 else -1), down
    if spec.weather == "wind" and number == 0:
        return 0.45 * (1 if slant > 0 else -1), 0.1
    if spec.has("embers"):
        return 0.015, -0.08
    return 0.02, -0.008
