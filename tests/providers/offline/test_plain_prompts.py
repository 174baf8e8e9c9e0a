"""Prompts as people type them: where things are, how many there are, and what stands on land."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import things
from storyreel.providers.offline.painter.compose import set_stage
from storyreel.providers.offline.painter.glasshouse import glasshouse
from storyreel.providers.offline.painter.reading import read
from storyreel.providers.offline.painter.spec import SceneSpec
from storyreel.providers.offline.painter.stage import Footing


def spec_of(prompt: str) -> SceneSpec:
    return read(ImageRequest(prompt=prompt, width_px=256, height_px=144))


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("A spaceship landing in a desert at night", "desert"),
        ("A row of cypress trees along a country lane at sunset", "road"),
        ("Wagons crossing a prairie under storm clouds", "fields"),
        ("Office workers leaving a glass tower in the evening rain", "city"),
        ("The bell tower of a village church at sunrise", "village"),
        ("A weather station on a mountain ridge in snow", "mountains"),
        ("A research station in the Arctic", "snowfield"),
        ("Passengers on the platform of a railway station", "station"),
        ("A police station at night", "office"),
    ],
)
def test_a_place_is_where_things_are(prompt: str, place: str) -> None:
    assert spec_of(prompt).place == place


@pytest.mark.parametrize(
    ("prompt", "people"),
    [
        ("Two boys fishing from a jetty", 2),
        ("Fishermen unloading crates at a harbour", 3),
        ("Passengers asleep in a train compartment", 3),
        ("Professor writing equations on a blackboard in an empty lecture hall", 1),
        ("A deserted street, a woman with an umbrella", 1),
        ("An empty chair where her father sat", 0),
        ("Empty hospital corridor at night", 0),
        ("A lone meteorologist on a hill", 1),
        ("A goldsmith in a workshop", 1),
        ("The children's bedroom at night", 0),
    ],
)
def test_as_many_people_are_seen_as_are_said_to_be_there(prompt: str, people: int) -> None:
    assert len(spec_of(prompt).figures) == people


def test_a_lantern_out_of_doors_leaves_the_hour_as_it_is() -> None:
    assert spec_of("A keeper with a lantern on a ridge at dusk").light == "dusk"
    assert spec_of("A camp by a campfire in the hills at night").light == "fire"
    assert spec_of("A keeper with a lantern in a cellar at night").light == "fire"


def test_two_things_named_are_both_shown_and_none_twice() -> None:
    assert spec_of("A pocket watch and an old photograph on a desk, insert").shown == ("pocket watch", "photograph")
    assert spec_of("An old map and a compass on a table, insert").shown == ("compass", "map")
    assert spec_of("An old brass lantern on a table, insert").shown == ("lantern",)


def test_nothing_is_built_on_a_lake(monkeypatch: pytest.MonkeyPatch) -> None:
    stood: list[tuple[float, float]] = []

    def put(stage: object, shape: object, x: float, base: float, *more: object, **other: object) -> None:
        stood.append((x, base))

    for thing in ("house", "church", "tent", "well", "windmill", "statue"):
        stage = set_stage(SceneSpec(place="lake", objects=(thing,)), 480, 270, 1)
        with monkeypatch.context() as patched:
            patched.setattr(things, "put", put)
            things.furnish(stage, Footing(stage.hero_x, stage.horizon + 40, 40))
        assert stood
        assert all(base <= stage.horizon + 1.2 * stage.unit for _, base in stood), thing
        stood.clear()


def test_a_bird_on_a_branch_sits_before_the_moon() -> None:
    spec = spec_of("An owl on a bare branch in front of the full moon")
    stage = set_stage(spec, 480, 270, 1)
    stage.image[:] = 1.0
    things.furnish(stage, Footing(stage.hero_x, stage.horizon + 40, 40))
    assert stage.sun is not None
    rows, columns = np.nonzero(stage.image.min(axis=-1) < 0.3)
    near = np.hypot(columns - np.clip(stage.sun[0], 120, 360), rows - stage.sun[1]) < 14 * stage.unit
    assert near.sum() > 150


def test_a_glasshouse_shines_at_night_only() -> None:
    def brightness(light: str) -> float:
        stage = set_stage(SceneSpec(place="garden", light=light), 320, 180, 1)  # type: ignore[arg-type]
        glasshouse(stage, 160, 150, 80)
        assert len(stage.lamps) == (light == "night")
        grey = cv2.cvtColor(stage.image, cv2.COLOR_RGB2GRAY)
        return float(grey[90:110, 130:190].mean() - grey[:20].mean())

    assert brightness("night") > 0.3
    assert brightness("noon") > 0.1
