"""What a user gives is checked once, with a sentence for each way it can be wrong."""

import pytest

from storyreel.errors import InputError
from storyreel.inputs.brief import CAPTION_PRESETS, PLATFORMS, film_settings, title_brief
from storyreel.timeline import safe_area
from storyreel.timeline.captions import NORMS

SETTINGS = {
    "size": "16:9",
    "fps": 30,
    "style": "cinematic",
    "language": "en",
    "captions": "documentary",
    "quality": "draft",
}


@pytest.mark.parametrize(
    "title", ["The Last Lighthouse", "🚀🌙", "المنارة الأخيرة", "最後の灯台", "x", "  tidy \n me  "]
)
def test_titles_in_any_script_are_taken(title: str) -> None:
    assert title_brief(title).title == " ".join(title.split())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"title": ""}, "empty"),
        ({"title": " \n\t "}, "empty"),
        ({"title": "\x00\x07"}, "empty"),
        ({"title": "x" * 5000}, "5,000 characters"),
        ({"title": None}, "must be text"),
        ({"title": "x", "chapters": 0}, "chapters cannot be 0"),
        ({"title": "x", "chapters": -1}, "chapters cannot be -1"),
        ({"title": "x", "chapters": 1.5}, "chapters cannot be 1.5"),
        ({"title": "x", "chapters": "two"}, "chapters cannot be two"),
        ({"title": "x", "chapters": True}, "chapters cannot be True"),
        ({"title": "x", "words": 10_000}, "words cannot be 10000"),
        ({"title": "x", "words": 29}, "from 30 to 2,000"),
        ({"title": "x", "chapters": 60, "words": 2000}, "minutes"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_sentence(given: dict, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        title_brief(**given)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"fps": 0}, "fps cannot be 0"),
        ({"fps": "29.97"}, "fps cannot be 29.97"),
        ({"size": "4:3"}, "size"),
        ({"captions": "loud"}, "documentary"),
        ({"quality": "best"}, "draft, standard, high"),
        ({"language": "english"}, "language"),
        ({"style": ""}, "style"),
    ],
)
def test_settings_that_cannot_be_used_are_named(wrong: dict, says: str) -> None:
    with pytest.raises(InputError, match=says):
        film_settings(**{**SETTINGS, **wrong})


def test_settings_as_typed() -> None:
    settings = film_settings(**SETTINGS)
    assert (settings.width_px, settings.height_px, settings.rate.num) == (1920, 1080, 30)


def test_every_preset_and_platform_that_can_be_typed_exists() -> None:
    assert set(CAPTION_PRESETS) == {*NORMS, "none"}
    assert set(PLATFORMS) == {"", *safe_area.PLATFORMS}
