"""How pictures give way: weights that start and end right, and blends that mean what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.render.transitions import BLACK, dim, dissolve, progress_of, weights


def planes(luma, blue, red, size=(64, 36)):
    width, height = size
    return (
        np.full((height, width), luma, np.uint8),
        np.full((height // 2, width // 2), blue, np.uint8),
        np.full((height // 2, width // 2), red, np.uint8),
    )


def values(frame):
    return tuple(int(plane[0, 0]) for plane in frame if plane.min() == plane.max())


@given(st.integers(1, 200))
def test_a_transition_never_repeats_a_frame_of_one_picture_alone(length):
    steps = [progress_of(k, length) for k in range(length)]
    assert 0.0 < steps[0] <= steps[-1] < 1.0
    assert steps[0] == pytest.approx(1.0 - steps[-1])


def test_a_dissolve_goes_evenly_from_one_to_the_other():
    assert weights("dissolve", 0.25) == (0.75, 0.25)


def test_a_fade_through_black_is_black_in_the_middle_and_never_shows_both():
    assert weights("fade_black", 0.25) == (0.5, 0.0)
    assert weights("fade_black", 0.5) == (0.0, 0.0)
    assert weights("fade_black", 0.75) == (0.0, 0.5)


@given(st.integers(16, 235), st.integers(16, 235), st.floats(0.0, 1.0))
def test_a_dissolve_mixes_every_plane(one, other, weight):
    out = planes(0, 0, 0)
    dissolve(planes(one, 100, 150), planes(other, 140, 90), weight, out)
    expected = (one + (other - one) * weight, 100 + 40 * weight, 150 - 60 * weight)
    assert values(out) == pytest.approx(expected, abs=0.51)


@given(st.integers(16, 235), st.integers(16, 240), st.floats(0.0, 1.0))
def test_dimming_goes_to_video_black_and_not_to_green(luma, chroma, opacity):
    frame = planes(luma, chroma, chroma)
    dim(frame, opacity)
    expected = (16 + (luma - 16) * opacity, *(128 + (chroma - 128) * opacity,) * 2)
    assert values(frame) == pytest.approx(expected, abs=0.51)


def test_nothing_seen_is_exactly_black():
    frame = planes(235, 16, 240)
    dim(frame, 0.0)
    assert values(frame) == BLACK
