"""How far the painter does as it is told: what a prompt asks for against what was composed, and against the pixels."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.providers.offline.painter.compose import paint
from storyreel.providers.offline.painter.reading import read
from storyreel.providers.offline.painter.spec import SceneSpec

GALLERY = Path(__file__).parent / "gallery"
# What people call a place, where the painter calls it otherwise.
PLACES = {"hospital": "ward", "train": "carriage"}
LIGHTS = {"candle": "fire"}


def asked(half: str) -> list[dict[str, object]]:
    wanted: list[dict[str, object]] = tomllib.loads((GALLERY / f"{half}.toml").read_text(encoding="utf-8"))["picture"]
    return wanted


def composed(prompt: str) -> SceneSpec:
    return read(ImageRequest(prompt=prompt, width_px=256, height_px=144))


def obeyed(half: str) -> dict[str, float]:
    """The share of a half's pictures in which each thing asked for was composed; 1 is all."""
    score: dict[str, list[bool]] = {name: [] for name in ("environment", "light", "camera", "cast", "shows")}
    for want in asked(half):
        spec = composed(str(want["prompt"]))
        place = spec.room if spec.place == "room" and spec.room != "plain" else spec.place
        environment = str(want["environment"])
        score["environment"].append(PLACES.get(environment, environment) in (place, spec.place))
        lights = want["light"]
        assert isinstance(lights, list)
        if lights:
            score["light"].append(spec.light in {LIGHTS.get(light, light) for light in lights})
        score["camera"].append(spec.framing == want["camera"])
        people = want["cast"]
        assert isinstance(people, int)
        score["cast"].append(spec.place == "idea" or min(3, len(spec.figures)) == min(3, people))
        shows = want.get("shows", [])
        assert isinstance(shows, list)
        seen = {*spec.objects, *spec.shown}
        if shows:
            score["shows"].append(all(thing in seen or thing.rstrip("s") in seen for thing in shows))
    return {name: float(np.mean(hits)) for name, hits in score.items()}


@pytest.mark.parametrize(("half", "least"), [("first_half", 0.93), ("second_look", 0.85), ("held_out", 0.75)])
def test_what_a_prompt_asks_for_is_what_is_composed(half: str, least: float) -> None:
    share = obeyed(half)
    assert all(value >= least for value in share.values()), share


def test_there_are_thirty_prompts_in_each_half_and_none_twice() -> None:
    prompts = [str(want["prompt"]) for half in ("first_half", "held_out") for want in asked(half)]
    assert len(prompts) == len(set(prompts)) == 60


def pixels(prompt: str, width: int = 256, height: int = 144) -> NDArray[np.float32]:
    data = OfflinePainter().draw(ImageRequest(prompt=prompt, width_px=width, height_px=height))
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture[..., ::-1], np.float32) / 255


def luma(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(picture @ np.array([0.2126, 0.7152, 0.0722], np.float32), np.float32)


@pytest.mark.parametrize(
    "place",
    ["a market square", "a farm with a red barn", "a canal in Venice", "an old classroom", "a hospital corridor",
     "an open-plan office"],
)  # fmt: skip
def test_night_is_darker_than_noon_wherever_it_falls(place: str) -> None:
    assert luma(pixels(f"{place} at night")).mean() < 0.7 * luma(pixels(f"{place} at noon")).mean()


def test_snow_is_whiter_than_the_same_land_without() -> None:
    green, white = pixels("green hills at noon")[80:120], pixels("a wide snowfield at noon")[80:120]
    assert luma(white).mean() > 1.15 * luma(green).mean()
    assert np.ptp(white, axis=-1).mean() < np.ptp(green, axis=-1).mean()


def test_fog_is_flatter_than_clear_air() -> None:
    for place in ("a fishing harbour", "a village street"):
        clear, fog = luma(pixels(f"{place} at noon, clear day")), luma(pixels(f"{place} at noon in dense fog"))
        assert fog[20:110].std() < 0.85 * clear[20:110].std()


@pytest.mark.parametrize("place", ["on a snowfield", "in a market square", "in a hospital corridor"])
def test_the_closer_the_camera_the_larger_the_subject(place: str) -> None:
    def share(camera: str) -> float:
        spec = composed(f"{camera} of a woman in a red coat {place} at noon")
        assert spec.figures
        there, empty = (paint(each, 320, 180, 1).astype(np.float32) for each in (spec, replace(spec, figures=())))
        return float((np.abs(there - empty).max(axis=-1) > 24).mean())

    wide, medium, close = share("Wide shot"), share("Medium shot"), share("Close-up")
    assert wide < 0.6 * medium
    assert medium < close


def test_firelight_is_warm_and_moonlight_cold() -> None:
    def warmth(prompt: str) -> float:
        picture = pixels(prompt)
        return float(picture[..., 0].mean() / picture[..., 2].mean())

    assert warmth("a tavern lit by firelight") > 1.3
    assert warmth("a ruined castle in moonlight") < 0.9


@pytest.mark.parametrize(
    ("prompt", "idea"),
    [("Inflation", "balloon"), ("Trust", "bridge"), ("Entropy", "scatter"), ("Justice for all", "scales"),
     ("Freedom", "flight"), ("The internet", "network"), ("Photosynthesis", "alone")],
)  # fmt: skip
def test_an_idea_is_given_a_picture_of_its_own_and_not_a_landscape(prompt: str, idea: str) -> None:
    spec = composed(prompt)
    assert (spec.place, spec.idea) == ("idea", idea)


def test_what_can_be_shown_as_it_is_is_no_idea() -> None:
    for prompt in ("A fox", "The sun rises", "An old man waits", "Freedom of the open sea", "heavy rain"):
        assert composed(prompt).place != "idea", prompt


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [("A boy facing an old man across a table", ["boy", "old_man"]), ("Two nuns in a garden", ["woman", "woman"]),
     ("A mother and her daughter by the sea", ["woman", "girl"]), ("A knight under two moons", ["man"]),
     ("An empty street", []), ("A woman writes a letter for her husband", ["woman"])],
)  # fmt: skip
def test_everybody_a_prompt_names_is_there_and_nobody_else(prompt: str, kinds: list[str]) -> None:
    assert [look.kind for look in composed(prompt).figures] == kinds


def test_people_are_dressed_for_what_they_are_unless_told_otherwise() -> None:
    assert "spacesuit" in composed("An astronaut on the moon").figures[0].wears
    assert "robe" in composed("A monk in a cathedral").figures[0].wears
    soldier = composed("A soldier in a long black coat").figures[0]
    assert "long_coat" in soldier.wears
    assert "uniform" not in soldier.wears


def test_people_are_not_of_one_colour() -> None:
    spec = replace(composed("Close-up of a man with red hair in a green coat, in profile, at noon"), weather="clear")
    there, empty = (paint(each, 320, 180, 1).astype(np.float32) for each in (spec, replace(spec, figures=())))
    body = np.abs(there - empty).max(axis=-1) > 24
    colours = {tuple(colour) for colour in (there[body] // 40).astype(int).tolist()}
    assert len(colours) > 12
