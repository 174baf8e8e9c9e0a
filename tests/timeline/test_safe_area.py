import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import InputError
from storyreel.timeline.safe_area import PLATFORMS, TALL, TELEVISION, margins, safe_area

SIDES = st.integers(32, 2048).map(lambda half: 2 * half)


@given(st.sampled_from(["", *PLATFORMS]), SIDES, SIDES)
def test_every_safe_area_is_a_part_of_the_frame_with_room_for_text(platform, width, height) -> None:
    safe = safe_area(platform, width, height)
    assert 0 <= safe.left < safe.right <= width
    assert 0 <= safe.top < safe.bottom <= height
    assert safe.right - safe.left >= 0.6 * width
    assert safe.bottom - safe.top >= 0.5 * height


@given(SIDES, SIDES)
def test_a_film_for_anywhere_is_safe_on_every_platform(width, height) -> None:
    anywhere = safe_area("", width, height)
    for platform in PLATFORMS:
        safe = safe_area(platform, width, height)
        assert safe.left <= anywhere.left
        assert safe.top <= anywhere.top
        assert safe.right >= anywhere.right
        assert safe.bottom >= anywhere.bottom


def test_wide_frames_keep_televisions_margins() -> None:
    assert safe_area("tiktok", 1920, 1080) == pytest.approx((96, 54, 1824, 1026))
    assert margins("youtube", 1080, 1080) == TELEVISION


def test_every_margin_has_a_source_and_a_date() -> None:
    for each in (*TALL.values(), TELEVISION, margins("", 1080, 1920)):
        assert each.source
        assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", each.dated)


def test_an_unknown_platform_is_named_with_the_choices() -> None:
    with pytest.raises(InputError, match=r"'vine'.*tiktok"):
        safe_area("vine", 1080, 1920)
