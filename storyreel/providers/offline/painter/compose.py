"""From a spec to a picture: set the camera and the light, paint the place, stand the subject in it, and finish it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from storyreel.providers.offline.painter import beyond, expanse, halls, nature, rooms, shore, town, waterside
from storyreel.providers.offline.painter.colour import mix
from storyreel.providers.offline.painter.glass import windscreen
from storyreel.providers.offline.painter.ideas import idea
from storyreel.providers.offline.painter.insert import between, held_out, insert
from storyreel.providers.offline.painter.light import (
    bloom,
    develop,
    light_lamps,
    magnify,
    tilt,
)
from storyreel.providers.offline.painter.people import group, near_head, stand_person
from storyreel.providers.offline.painter.scheme import scheme_of
from storyreel.providers.offline.painter.shelves import library
from storyreel.providers.offline.painter.spec import CLOSED, PlaceName, SceneSpec
from storyreel.providers.offline.painter.stage import Footing, Stage
from storyreel.providers.offline.painter.things import adrift, furnish, helm, rise
from storyreel.providers.offline.painter.weather import fog, paint_weather
from storyreel.providers.offline.silhouettes import HOLDABLE


def _room(stage: Stage) -> Footing:
    return library(stage) if stage.spec.room == "library" else rooms.room(stage)


PLACES: dict[PlaceName, Callable[[Stage], Footing]] = {
    "sea": shore.sea, "deck": shore.deck, "coast": shore.coast, "harbour": shore.harbour, "beach": shore.beach,
    "lake": nature.lake, "river": nature.river, "swamp": nature.swamp, "forest": nature.forest, "mountains": nature.highlands,
    "desert": nature.desert, "fields": nature.fields, "road": nature.highway, "garden": nature.garden,
    "cemetery": nature.cemetery, "hills": nature.hills, "village": town.village, "city": town.city,
    "rooftops": town.rooftops, "castle": town.stronghold, "ruins": town.ruins, "station": town.station,
    "room": _room, "church": rooms.church, "corridor": rooms.corridor, "cave": beyond.cave, "space": beyond.space,
    "planet": beyond.planet_ground, "spaceship": beyond.spaceship, "underwater": beyond.underwater, "canal": waterside.canal, "market": waterside.market,
    "battlefield": expanse.battlefield, "snowfield": expanse.snowfield, "farm": expanse.farm, "classroom": halls.classroom,
    "laboratory": halls.laboratory, "theatre": halls.theatre, "ward": halls.ward, "office": halls.office, "carriage": halls.carriage,
    "idea": idea,
}  # fmt: skip

_HORIZON = {"level": 0.6, "low": 0.76, "high": 0.38, "aerial": 0.22}
# Places whose ground must show lie higher; places of the sky lower.
_HORIZON_SHIFT: dict[PlaceName, float] = {
    "city": -0.03, "forest": 0.02, "mountains": 0.04, "lake": -0.02, "harbour": -0.04, "rooftops": -0.08, "castle": 0.04,
    "garden": -0.04, "village": -0.03, "sea": 0.0, "beach": -0.05, "planet": 0.05, "desert": 0.0,
}  # fmt: skip


def set_stage(spec: SceneSpec, width: int, height: int, seed: int) -> Stage:
    """An empty picture with its camera and light set."""
    scheme = scheme_of(spec)
    share = _HORIZON[spec.angle] + _HORIZON_SHIFT.get(spec.place, 0.0)
    if height > width * 1.1:
        share = 0.5 + (share - 0.5) * 0.8 + 0.06
    stage = Stage(
        width=width, height=height, spec=spec, scheme=scheme, image=np.zeros((height, width, 3), np.float32),
        horizon=round(height * share), seed=seed,
    )  # fmt: skip
    rng = stage.rng("camera")
    side = float(rng.choice([-1, 1]))
    stage.hero_x = width * (0.5 + side * rng.uniform(0.1, 0.18) * (0.6 if stage.portrait else 1.0))
    if scheme.disc_height > -0.15:
        against = spec.silhouette or spec.framing in ("close", "shoulder") or rng.random() < 0.3
        if against:
            x = stage.hero_x + width * rng.uniform(-0.05, 0.05)
        else:
            x = width * (0.5 - side * rng.uniform(0.12, 0.26))
        y = stage.horizon * (1 - scheme.disc_height * rng.uniform(0.85, 1.15)) - stage.unit * 1.5
        if scheme.disc_height < 0:
            y = stage.horizon * 1.06
        stage.sun = (float(x), float(max(y, height * 0.1)))
        dx, dy = stage.sun[0] - stage.hero_x, stage.sun[1] - stage.horizon - stage.unit * 2
        length = float(np.hypot(dx, dy)) or 1.0
        stage.light_from = (dx / length, dy / length)
        if abs(stage.light_from[0]) < 0.25:
            stage.light_from = (0.3 * side, -0.95)
    else:
        stage.light_from = (-side * 0.6, -0.8)
    if scheme.disc_height < 0:
        stage.sun = None
    return stage


def paint(spec: SceneSpec, width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """The whole picture, RGB, shape (height, width, 3)."""
    stage = set_stage(spec, width, height, seed)
    build(stage)
    finish(stage)
    return develop(stage)


def build(stage: Stage) -> None:
    """Paint everything that is in the picture; what is done to the whole of it comes after, in `finish`."""
    spec = stage.spec
    foot = paint_place(stage)
    if spec.place == "idea":
        light_lamps(stage)
        return
    foot = replace(foot, tall_px=foot.tall_px * stage.feeling.figure)
    if spec.framing != "insert":
        furnish(stage, foot)
    if spec.has("mist") and spec.place not in CLOSED and spec.weather != "fog":
        fog(stage, stage.horizon + stage.unit * 3, 0.42, 0.05, "mist")
    if spec.place not in CLOSED and spec.light != "noon":
        nature.sun_rays(stage)
    outside = spec.place not in CLOSED
    near = spec.framing in ("medium", "close", "shoulder", "insert")
    if outside and near:
        paint_weather(stage)
    frame_subject(stage, foot)
    if outside and spec.framing != "insert":
        paint_weather(stage, veil=not near)
    light_lamps(stage)


def paint_place(stage: Stage) -> Footing:
    """The place and what rises over it; pictures of one location share what is left to chance in it."""
    own = stage.seed
    stage.seed = own if stage.spec.place_seed is None else stage.spec.place_seed
    foot = rise(stage, PLACES[stage.spec.place](stage))
    stage.seed = own
    return foot


def frame_subject(stage: Stage, foot: Footing) -> None:
    """Put the subject where the framing asks: small in the world, near, very near, or seen past a shoulder."""
    spec, w, h, u = stage.spec, stage.width, stage.height, stage.unit
    if spec.framing == "wide":
        grow = 1.25 if spec.angle == "low" else (0.72 if spec.angle == "aerial" else 1.0)
        grow *= 2.3 if spec.place == "space" else 1.0
        rows = spec.place == "lake" and spec.pose == "rowing" and spec.has("boat")
        if spec.figures and (rows or (spec.place == "sea" and not spec.has("ship"))):
            if rows:
                foot = replace(foot, x=w - stage.hero_x, row=stage.horizon + (h - stage.horizon) * 0.4, tall_px=u * 17)
            x, row = adrift(stage, foot)
            stand_person(stage, spec.figures[0], x, row, foot.tall_px, pose="sitting_back")
            return
        if spec.place == "deck" and spec.has("wheel") and spec.figures:
            helm(stage, foot, grow)
        if spec.place != "sea":
            group(stage, foot.x, foot.row, foot.tall_px * grow, shadow=foot.shadow, mirror=foot.mirror)
    elif spec.framing == "pov":
        if spec.behind_glass:
            light_lamps(stage)
            stage.lamps.clear()
            windscreen(stage)
        else:
            magnify(stage, 1.12, foot.x, foot.row - foot.tall_px, 0.0)
            if spec.in_hand and spec.shown and spec.shown[0] in HOLDABLE:
                held_out(stage, spec.shown[0], 1 if foot.x < w / 2 else -1)
    elif spec.framing == "medium":
        x = w * (0.36 if foot.x < w / 2 else 0.64)
        moved = _near(stage, foot, 1.3, u * 0.16)
        if moved is not None and abs(moved - x) < w * 0.2:
            # Nobody stands before what the place is about.
            x = moved + w * (0.27 if moved < w / 2 else -0.27)
        base = h * (1.06 if spec.angle != "low" else 1.0)
        group(stage, x, base, min(h * 0.74, w * 0.95), rim=1.1)
    elif spec.framing == "close":
        side = 1 if foot.x < w / 2 else -1
        moved = _near(stage, foot, 1.5, u * 0.7)
        if moved is not None:
            side = -1 if moved < w / 2 else 1
        tall = min(h * 0.86, w * 0.8)
        for k in range(len(spec.figures[:2]) - 1, -1, -1):
            # Somebody looks into the picture: from the third where they are towards the open side.
            near_head(
                stage, spec.figures[k], w * (0.5 - side * 0.17) + side * k * w * 0.34, h * (1.02 + 0.05 * k), tall * (1 - 0.16 * k),
                spec.view if k == 0 else "quarter", flip=(side < 0) != (k > 0), blur=u * 0.5 * k,
            )  # fmt: skip
    elif spec.framing == "shoulder":
        side = -1 if foot.x > w / 2 else 1
        moved = _near(stage, foot, 1.12, u * 0.1)
        if moved is not None:
            side = 1 if moved > w / 2 else -1
        looks = spec.figures
        if len(looks) > 1:
            x = w * (0.5 + side * 0.13)
            seated = spec.place in CLOSED and bool(spec.shown)
            stand_person(stage, looks[1], x, h * (1.22 if seated else 1.12), h * 0.86, pose="standing_front", rim=1.0)
            if seated:
                between(stage, x - side * w * 0.06, spec.shown[0])
        if looks:
            near_head(
                stage, looks[0], w * (0.5 - side * 0.27), h * 1.04, min(h * 0.88, w * 0.8), "quarter",
                flip=side < 0, blur=u * 0.24,
            )  # fmt: skip
    elif spec.framing == "insert":
        insert(stage, foot, spec.shown)


def _near(stage: Stage, foot: Footing, scale: float, blur: float) -> float | None:
    """Bring the background nearer, lamps with it; the column where the place's sight then stands comes back."""
    light_lamps(stage)
    stage.lamps.clear()
    if stage.spec.place in CLOSED:
        scale = 1 + (scale - 1) * 0.6
    x = foot.x * 0.4 + stage.width * 0.3
    if foot.sight is not None:
        # Kept in view, on the third it is nearest to.
        third = stage.width * (0.3 if foot.sight < stage.width / 2 else 0.7)
        x = foot.sight + (stage.width / 2 - third) / scale
    magnify(stage, scale, x, stage.height * 0.46, blur)
    if foot.sight is None:
        return None
    x = float(np.clip(x, stage.width / scale / 2, stage.width * (1 - 0.5 / scale)))
    return stage.width / 2 + (foot.sight - x) * scale


def finish(stage: Stage) -> None:
    """Tilt, calm the foot, and bloom."""
    feeling = stage.feeling
    if feeling.tilt_deg and stage.spec.framing not in ("insert",):
        rng = stage.rng("tilt")
        tilt(stage, float(rng.choice([-1, 1])) * feeling.tilt_deg * rng.uniform(0.6, 1.0))
    quiet_foot(stage)
    bloom(stage, 0.34)


def quiet_foot(stage: Stage) -> None:
    """Darken and calm the lowest part, where captions lie."""
    h = stage.height
    y = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    top = int(h * 0.74)
    foot = np.clip((y[top:] - 0.74) / 0.26, 0, 1) ** 1.4 * 0.34
    dark = np.array(mix(stage.scheme.near, (0, 0, 0), 0.2), np.float32)
    stage.image[top:] += (dark - stage.image[top:]) * foot[..., None]
