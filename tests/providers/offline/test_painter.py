from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from storyreel.errors import InputError
from storyreel.providers.contracts import ImageModel, ImageRequest, SceneDescription
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.providers.offline.painter.casting import look_of
from storyreel.providers.offline.painter.colour import from_oklab, hexed, mix, parse, to_oklab
from storyreel.providers.offline.painter.compose import PLACES, paint, set_stage
from storyreel.providers.offline.painter.people import stand_person
from storyreel.providers.offline.painter.reading import read
from storyreel.providers.offline.painter.sky import gradient
from storyreel.providers.offline.painter.spec import Look, SceneSpec

KEEPER = "an old lighthouse keeper in a yellow oilskin coat with a red scarf and a flat cap"


def asked(subject: str, width: int = 320, height: int = 180, seed: int = 0, **fields: object) -> ImageRequest:
    scene = SceneDescription.model_validate({"subject": subject, **fields})
    return ImageRequest(prompt=subject, width_px=width, height_px=height, seed=seed, scene=scene)


def pixels(request: ImageRequest) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(OfflinePainter().draw(request), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture[..., ::-1], np.uint8)


def brightness(picture: NDArray[np.uint8]) -> float:
    return float(picture.astype(np.float32).mean())


def saturation(picture: NDArray[np.uint8]) -> float:
    lab = to_oklab(picture.astype(np.float32) / 255)
    return float(np.linalg.norm(lab[..., 1:], axis=-1).mean())


READINGS: list[tuple[dict[str, str], dict[str, object]]] = [
    ({"environment": "storm-beaten rocky coast, heavy rain", "lighting": "cold moonlight"}, {"place": "coast", "light": "moon"}),
    ({"environment": "snowy pine forest, falling snow", "camera": "wide shot"}, {"place": "forest", "weather": "snow", "snow_lies": True}),
    ({"camera": "extreme wide, aerial", "environment": "desert dunes"}, {"framing": "wide", "angle": "aerial", "place": "desert"}),
    ({"camera": "close-up, eye level", "lighting": "golden hour, backlit"}, {"framing": "close", "light": "golden", "silhouette": True}),
    ({"camera": "over-the-shoulder", "environment": "harbour at dusk"}, {"framing": "shoulder", "place": "harbour", "light": "dusk"}),
    ({"camera": "low angle medium shot", "environment": "neon city street in the rain"}, {"framing": "medium", "angle": "low", "place": "city", "light": "neon", "weather": "rain"}),
    ({"camera": "POV", "environment": "long corridor"}, {"framing": "pov", "place": "corridor"}),
    ({"environment": "old library", "lighting": "candlelight"}, {"place": "room", "room": "library", "light": "fire"}),
    ({"environment": "a clockmaker's workshop"}, {"place": "room", "room": "workshop"}),
    ({"environment": "lamp room of the lighthouse", "lighting": "night"}, {"place": "room", "room": "lamproom", "light": "night"}),
    ({"environment": "graveyard in the fog"}, {"place": "cemetery", "weather": "fog"}),
    ({"environment": "inside a cathedral"}, {"place": "church"}),
    ({"environment": "mountain pass", "lighting": "dawn"}, {"place": "mountains", "light": "dawn"}),
    ({"environment": "open sea, storm", "emotion": "dread"}, {"place": "sea", "weather": "storm", "emotion": "fear"}),
    ({"environment": "river with an old bridge", "emotion": "hopeful"}, {"place": "river", "emotion": "hopeful"}),
    ({"environment": "the surface of Mars"}, {"place": "planet"}),
    ({"environment": "bridge of a starship"}, {"place": "spaceship"}),
    ({"environment": "underwater, among the kelp"}, {"place": "underwater"}),
    ({"environment": "city rooftops", "lighting": "twilight"}, {"place": "rooftops", "light": "dusk"}),
    ({"environment": "railway station"}, {"place": "station"}),
    ({"environment": "somewhere without a name"}, {"place": "hills"}),
    ({"environment": "a lighthouse standing on a rocky cliff above the sea, storm clouds behind"}, {"place": "coast", "weather": "clouds"}),
    ({"environment": "a harbour, wet cobbles", "lighting": "a storm lantern"}, {"place": "harbour", "weather": "clear"}),
    ({"environment": "the sea, storm, driving rain and heavy clouds"}, {"place": "sea", "weather": "storm"}),
    ({"environment": "a village in the heavy rain, wet cobbles"}, {"place": "village", "weather": "rain"}),
    ({"environment": "an orchard standing by the river among old trees, mist on the fields"}, {"place": "garden", "weather": "clear"}),
    ({"environment": "a workshop rising above the city rooftops, one lit window"}, {"place": "rooftops", "landmark": "factory", "landmark_far": False}),
    ({"environment": "a planet standing on a cratered plain under the stars"}, {"place": "planet"}),
    ({"environment": "a street built high on a mountain cliff, old stone walls"}, {"place": "village"}),
    ({"environment": "a house with an open door, a lighthouse standing on a rocky cliff above the sea"}, {"place": "coast"}),
    ({"environment": "a small harbour of stone houses, a lighthouse in the distance"}, {"place": "harbour", "landmark": "lighthouse", "landmark_far": True}),
    ({"environment": "a museum interior with tall windows", "camera": "close-up in profile"}, {"place": "room", "view": "side", "framing": "close"}),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "wanted"), READINGS, ids=lambda v: " ".join(str(x) for x in v.values())[:50])
def test_words_become_the_spec_they_mean(fields: dict[str, str], wanted: dict[str, object]) -> None:
    spec = read(asked("A quiet moment", **fields))
    assert {name: getattr(spec, name) for name in wanted} == wanted


def test_what_is_denied_is_not_painted() -> None:
    spec = read(asked("The beach", environment="beach without snow, no rain"))
    assert not spec.snow_lies
    assert spec.weather == "clear"


def test_a_close_shot_of_a_thing_is_an_insert_of_it() -> None:
    spec = read(asked("A brass key on the table", camera="close-up", environment="study"))
    assert spec.framing == "insert"
    assert "key" in spec.objects


def test_an_insert_shows_what_its_subject_begins_with_and_whose_hand_holds_it() -> None:
    spec = read(
        asked("A mirror held in the hand of a man in a yellow oilskin, a cliff", camera="close-up detail insert", lighting="a single lamp")
    )  # fmt: skip
    assert spec.framing == "insert"
    assert spec.shown[0] == "mirror"
    assert spec.in_hand
    assert spec.figures[0].coat == look_of("a man in a yellow oilskin").coat
    assert not read(asked("A mirror lying in the light", camera="close-up detail insert")).in_hand


def test_a_prompt_alone_is_read_as_well() -> None:
    spec = read(ImageRequest(prompt="A woman in a red coat walks along a beach at sunset, wide shot"))
    assert (spec.place, spec.light, spec.framing) == ("beach", "sunset", "wide")
    assert [look.kind for look in spec.figures] == ["woman"]


def test_the_same_cast_text_gives_the_same_look_in_every_picture() -> None:
    first = read(asked("The keeper waits", environment="harbour", cast=(KEEPER,))).figures[0]
    second = read(asked("He climbs", environment="tower", camera="medium", cast=(KEEPER,))).figures[0]
    assert first == second == look_of(KEEPER)
    assert first.kind == "old_man"
    assert "scarf" in first.wears
    red, coat = parse(first.accent), parse(first.coat)
    assert red[0] > 2 * red[2]
    assert coat[0] > coat[2]
    assert coat[1] > coat[2]


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_can_be_read(subject: str, camera: str, environment: str) -> None:
    assert isinstance(read(asked(subject, camera=camera, environment=environment)), SceneSpec)


def test_it_is_an_image_model() -> None:
    assert isinstance(OfflinePainter(), ImageModel)


def test_the_same_request_gives_the_same_bytes_and_another_seed_another_picture() -> None:
    request = asked("The keeper", environment="coast with a lighthouse", cast=(KEEPER,))
    painter = OfflinePainter()
    assert painter.draw(request) == painter.draw(request)
    assert painter.draw(request) != painter.draw(request.model_copy(update={"seed": 5}))


def test_threads_give_what_one_thread_gives() -> None:
    requests = [
        asked("A walker", environment=e, lighting=light) for e in ("lake", "library") for light in ("dawn", "night")
    ]
    painter = OfflinePainter()
    alone = [painter.draw(request) for request in requests]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(painter.draw, requests * 2)) == alone * 2


@pytest.mark.parametrize(("width", "height"), [(320, 180), (180, 320), (240, 240), (322, 138), (200, 300)])
def test_the_picture_has_the_size_asked_for(width: int, height: int) -> None:
    for environment in ("sea coast with a lighthouse", "attic", "city street"):
        assert pixels(asked("A girl", width, height, environment=environment)).shape == (height, width, 3)


def test_a_size_too_small_to_compose_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="at least 128 x 128"):
        OfflinePainter().draw(ImageRequest(prompt="hills", width_px=64, height_px=64))


@pytest.mark.parametrize("place", sorted(PLACES))
def test_every_place_can_be_painted_and_is_no_flat_field(place: str) -> None:
    for framing in ("wide", "close"):
        picture = paint(SceneSpec(place=place, framing=framing, figures=(Look(),)), 256, 144, 3)  # type: ignore[arg-type]
        assert picture.dtype == np.uint8
        assert picture.astype(np.float32).std() > 6


def test_nights_are_darker_than_noons() -> None:
    for environment in ("lake", "village"):
        noon = brightness(pixels(asked("Land", environment=environment, lighting="noon")))
        night = brightness(pixels(asked("Land", environment=environment, lighting="night")))
        assert night < 0.55 * noon


def test_snow_is_brighter_and_less_colourful_than_grass() -> None:
    green = pixels(asked("Fields", environment="meadow in summer", lighting="noon"))
    white = pixels(asked("Fields", environment="meadow under deep snow", lighting="noon"))
    lower = slice(120, 160)
    assert brightness(white[lower]) > brightness(green[lower])
    assert saturation(white[lower]) < saturation(green[lower])


def test_a_close_up_shows_a_larger_figure_than_a_wide_shot() -> None:
    def share(framing: str) -> float:
        spec = SceneSpec(place="hills", light="noon", framing=framing, figures=(Look(),))  # type: ignore[arg-type]
        empty = paint(SceneSpec(place="hills", light="noon", framing=framing), 320, 180, 1).astype(np.float32)  # type: ignore[arg-type]
        return float((np.abs(paint(spec, 320, 180, 1).astype(np.float32) - empty).max(axis=-1) > 24).mean())

    wide, medium, close = share("wide"), share("medium"), share("close")
    assert 0 < wide < 0.5 * medium
    assert medium < close


def difference(one: SceneSpec, other: SceneSpec, seed: int = 1) -> NDArray[np.bool_]:
    """Where two pictures differ plainly, shape (180, 320)."""
    first, second = (paint(spec, 320, 180, seed).astype(np.float32) for spec in (one, other))
    return np.asarray(np.abs(first - second).max(axis=-1) > 28)


@pytest.mark.parametrize("light", ["golden", "night", "overcast"])
@pytest.mark.parametrize("in_hand", [True, False])
def test_an_insert_is_filled_by_its_thing(in_hand: bool, light: str) -> None:
    bare = SceneSpec(place="harbour", light=light, framing="insert", in_hand=in_hand)  # type: ignore[arg-type]
    thing = difference(replace(bare, shown=("letter",)), bare)
    assert 0.1 < thing.mean() < 0.75
    assert thing[30:110].mean() > 0.12
    assert thing[:6].mean() < 0.05


def test_rain_does_not_fall_on_a_thing_seen_close_by_lamplight() -> None:
    dry = SceneSpec(place="harbour", light="night", framing="insert", shown=("letter",), in_hand=True)
    thing = difference(dry, replace(dry, shown=()))
    wet = replace(dry, weather="rain")
    first, second = (cv2.Laplacian(paint(spec, 320, 180, 1)[..., 1], cv2.CV_32F) for spec in (dry, wet))
    inner = cv2.erode(thing.astype(np.uint8), np.ones((9, 9))) > 0
    assert np.abs(second[inner]).mean() < 1.25 * np.abs(first[inner]).mean()


@pytest.mark.parametrize("light", ["golden", "sunset", "dawn", "noon"])
@pytest.mark.parametrize("weather", ["rain", "storm"])
def test_no_sun_stands_in_a_rainy_sky(light: str, weather: str) -> None:
    spec = SceneSpec(
        place="hills", light=light, weather=weather, palette=(parse("#11333d"), parse("#f0b35a"), parse("#fbe8c3"))
    )  # type: ignore[arg-type]
    assert set_stage(replace(spec, weather="clear"), 320, 180, 0).sun is not None
    assert set_stage(spec, 320, 180, 0).sun is None
    dry = paint(replace(spec, weather="clear"), 320, 180, 0)
    assert saturation(paint(spec, 320, 180, 0)[:80]) < 0.7 * saturation(dry[:80])


def test_storm_clouds_darken_the_zenith_and_leave_light_on_the_horizon() -> None:
    clear, heavy = (
        paint(SceneSpec(place="sea", light="golden", weather=weather), 320, 180, 0).astype(np.float32)  # type: ignore[arg-type]
        for weather in ("clear", "clouds")
    )
    assert heavy[:30].mean() < 0.75 * clear[:30].mean()
    assert heavy[90:104].mean() > 1.4 * heavy[:30].mean()


@pytest.mark.parametrize("framing", ["medium", "close", "shoulder"])
def test_nobody_stands_before_the_lighthouse(framing: str) -> None:
    for seed in (1, 2):
        spec = SceneSpec(place="coast", light="noon", framing=framing, objects=("lighthouse",), figures=(Look(),))  # type: ignore[arg-type]
        alone = replace(spec, figures=())
        tower = difference(alone, replace(alone, objects=()), seed)[:60]
        person = difference(spec, alone, seed)[:60]
        assert tower.mean() > 0.004
        assert (tower & person).sum() < 0.35 * tower.sum()


def test_a_landmark_stands_over_places_that_do_not_have_it_of_their_own() -> None:
    for landmark, far, place in (
        ("lighthouse", True, "harbour"),
        ("temple", False, "rooftops"),
        ("tower", True, "fields"),
    ):
        spec = SceneSpec(place=place, light="noon", landmark=landmark, landmark_far=far)  # type: ignore[arg-type]
        seen = difference(spec, replace(spec, landmark=""))
        assert 0.001 < seen.mean() < 0.2
        if landmark != "lighthouse":  # whose beam goes all across
            columns = np.flatnonzero(seen.any(axis=0))
            assert columns.max() < 150 or columns.min() > 170


def test_between_house_fronts_no_landmark_is_pasted() -> None:
    spec = SceneSpec(place="city", light="noon", landmark="temple", landmark_far=True)
    assert not difference(spec, replace(spec, landmark="")).any()


def test_a_figure_in_the_dark_stands_out_from_what_is_behind() -> None:
    stage = set_stage(SceneSpec(light="night", weather="storm"), 400, 400, 0)
    stage.image[:] = np.array(stage.scheme.near, np.float32)
    stand_person(stage, Look(coat="#101216"), 200, 390, 360, rim=0.0)
    body, beside = stage.image[150, 200].mean(), stage.image[150, [135, 265]].mean()
    assert beside > body + 0.04


def test_grey_weather_stays_grey_under_a_golden_palette() -> None:
    gold = ("#2a1a06", "#7a4a10", "#c8862b", "#f0c35a", "#fbe8c3")
    grey = pixels(asked("Land", environment="hills", lighting="overcast", palette=gold))
    bright = pixels(asked("Land", environment="hills", lighting="golden hour", palette=gold))
    assert saturation(grey) < 0.6 * saturation(bright)


def test_a_pale_picture_is_drawn_out_to_full_tones() -> None:
    picture = paint(SceneSpec(place="fields", light="dawn", weather="fog"), 320, 180, 2).mean(axis=-1)
    low, high = np.percentile(picture, (2, 98))
    assert high - low > 90


def test_rain_adds_streaks() -> None:
    def streaks(environment: str) -> float:
        # Fine edges across the rain's fall: strong sideways, in the sky where nothing else is.
        sky = (
            pixels(asked("Land", 640, 360, environment=environment, lighting="overcast"))[:120]
            .astype(np.float32)
            .mean(axis=-1)
        )
        return float(np.percentile(np.abs(np.diff(cv2.GaussianBlur(sky, (1, 9), 0), axis=1)), 98))

    assert streaks("hills, heavy rain") > 1.3 * streaks("hills, no rain")


def test_a_palette_draws_the_picture_to_its_colours() -> None:
    teal, rose = (
        ("#06181c", "#0f3a40", "#2a7a80", "#7fc0c0", "#d8f0ea"),
        ("#1c0610", "#4a1030", "#9a3060", "#e08aa8", "#fbe0e8"),
    )

    def apart(picture: NDArray[np.uint8], palette: tuple[str, ...]) -> float:
        labs = to_oklab(np.array([parse(c) for c in palette], np.float32))[:, 1:]
        seen = to_oklab(picture.astype(np.float32).reshape(-1, 3)[::37] / 255)[:, 1:]
        return float(np.linalg.norm(seen[:, None] - labs[None], axis=-1).min(axis=1).mean())

    in_teal = pixels(asked("Land", environment="hills", lighting="overcast", palette=teal))
    in_rose = pixels(asked("Land", environment="hills", lighting="overcast", palette=rose))
    assert apart(in_teal, teal) < apart(in_rose, teal)
    assert apart(in_rose, rose) < apart(in_teal, rose)


def test_grief_is_less_colourful_than_joy() -> None:
    grief = pixels(asked("Land", environment="meadow", lighting="noon", emotion="grief"))
    joy = pixels(asked("Land", environment="meadow", lighting="noon", emotion="joy"))
    assert saturation(grief) < 0.8 * saturation(joy)


def test_a_lonely_figure_is_smaller() -> None:
    from storyreel.providers.offline.painter.scheme import FEELINGS

    assert FEELINGS["lonely"].figure < 0.75 * FEELINGS["calm"].figure


def test_the_camera_angle_moves_the_horizon() -> None:
    rows = [set_stage(SceneSpec(angle=angle), 640, 360, 0).horizon for angle in ("low", "level", "high", "aerial")]  # type: ignore[arg-type]
    assert rows == sorted(rows, reverse=True)
    assert len(set(rows)) == 4


def test_a_sky_has_no_flat_bands() -> None:
    """Where a gradient is quantised without noise, whole rows share one value; here every row mixes at least three."""
    picture = paint(SceneSpec(place="sea", light="dusk"), 640, 360, 2)
    for row in picture[10:120:10]:
        assert all(len(np.unique(row[:, channel])) >= 3 for channel in range(3))


def test_a_gradient_rises_without_steps() -> None:
    stage = set_stage(SceneSpec(light="noon"), 64, 360, 0)
    gradient(stage)
    column = stage.image[: int(stage.horizon), 10]
    assert float(np.abs(np.diff(column, axis=0)).max()) < 0.02


def test_figures_face_the_light_with_a_bright_edge() -> None:
    stage = set_stage(SceneSpec(light="sunset"), 400, 400, 0)
    stage.image[:] = 0.4
    stage.sun, stage.light_from = None, (1.0, 0.0)
    stand_person(stage, Look(), 200, 390, 360)
    row = stage.image[200].mean(axis=-1)
    inside = np.flatnonzero(np.abs(row - 0.4) > 0.05)
    left, right = inside[0], inside[-1]
    assert row[right - 4 : right].max() > row[left + 1 : left + 5].max() + 0.1


def test_captions_have_a_calm_ground() -> None:
    """The lowest fifth carries less detail than the middle of the picture."""
    for environment in ("hills", "city street", "coast with a lighthouse"):
        grey = (
            pixels(asked("Land", 640, 360, environment=environment, lighting="golden")).astype(np.float32).mean(axis=-1)
        )
        edges = np.abs(np.diff(cv2.GaussianBlur(grey, (5, 5), 0), axis=1)).mean(axis=1)
        assert edges[288:].mean() < 1.6 * edges[100:260].mean()


@given(st.tuples(*[st.floats(0, 1)] * 3), st.tuples(*[st.floats(0, 1)] * 3))
def test_mixing_begins_and_ends_at_its_colours(a: tuple[float, float, float], b: tuple[float, float, float]) -> None:
    assert mix(a, b, 0) == pytest.approx(a, abs=2e-3)
    assert mix(a, b, 1) == pytest.approx(b, abs=2e-3)


@given(st.tuples(*[st.floats(0, 1)] * 3))
def test_oklab_comes_back(colour: tuple[float, float, float]) -> None:
    rgb = np.array(colour, np.float32)
    assert from_oklab(to_oklab(rgb)) == pytest.approx(rgb, abs=2e-3)


@given(st.integers(0, 0xFFFFFF))
def test_colour_codes_come_back(code: int) -> None:
    assert hexed(parse(f"#{code:06x}")) == f"#{code:06x}"
