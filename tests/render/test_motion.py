"""The camera's formula, and the test vectors a copy of it in another language is held to."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.render.motion import eased, is_static, place, window_at
from storyreel.timeline.model import Motion, Rect

GOLDEN = Path(__file__).parents[1] / "golden" / "motion.json"
VECTORS = json.loads(GOLDEN.read_text())["vectors"]

fractions = st.floats(0.0, 1.0)
rects = st.builds(Rect, x=fractions, y=fractions, height=st.floats(0.05, 1.0))
motions = st.builds(Motion, start=rects, end=rects, ease=st.sampled_from(["linear", "in_out"]))
sizes = st.tuples(st.integers(64, 5000), st.integers(64, 5000))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_shared_vectors_hold(vector):
    window = window_at(
        Motion.model_validate(vector["motion"]),
        vector["progress"],
        (vector["picture"]["width_px"], vector["picture"]["height_px"]),
        (vector["frame"]["width_px"], vector["frame"]["height_px"]),
    )
    expected = vector["window"]
    assert (window.left_px, window.top_px, window.scale) == pytest.approx(
        (expected["left_px"], expected["top_px"], expected["scale"]), abs=1e-9
    )


@given(motions, fractions, sizes, sizes)
def test_a_frame_never_shows_what_lies_past_the_pictures_edge(motion, progress, picture, frame):
    window = window_at(motion, progress, picture, frame)
    assert window.left_px >= 0
    assert window.top_px >= 0
    assert window.left_px + window.scale * frame[0] <= picture[0] + 1e-6
    assert window.top_px + window.scale * frame[1] <= picture[1] + 1e-6


def test_the_whole_rectangle_is_the_largest_part_with_the_frames_shape():
    wide = place(Rect(), (3000, 1000), (1600, 900))
    assert (wide.top_px, wide.scale * 900) == (0.0, pytest.approx(1000))
    tall = place(Rect(), (1000, 3000), (1600, 900))
    assert (tall.left_px, tall.scale * 1600) == (0.0, pytest.approx(1000))
    assert tall.top_px == pytest.approx((3000 - 1000 * 900 / 1600) / 2)


@given(fractions, fractions, st.sampled_from(["linear", "in_out"]))
def test_an_ease_goes_from_nothing_to_all_and_never_back(one, other, ease):
    assert eased(0.0, ease) == 0.0
    assert eased(1.0, ease) == 1.0
    low, high = sorted((one, other))
    assert eased(low, ease) <= eased(high, ease) + 1e-12


def test_in_out_starts_and_stops_softly():
    assert eased(0.01, "in_out") < 0.001
    assert eased(0.99, "in_out") > 0.999
    assert eased(0.5, "in_out") == 0.5


def test_the_camera_stands_still_when_both_ends_are_one():
    assert is_static(Motion(start=Rect(height=0.8), end=Rect(height=0.8)))
    assert not is_static(Motion(start=Rect(height=0.8), end=Rect(height=0.9)))
