"""The camera's formula, and the test vectors a copy of it in another language is held to."""

import json
from math import cos, hypot, radians, sin
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storyreel.render.motion import eased, fitted_box, is_static, place, scale_range, window_at
from storyreel.timeline.model import Fit, Motion, Rect

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "motion.json").read_text())

fractions = st.floats(0.0, 1.0)
angles = st.just(0.0) | st.floats(-45.0, 45.0)
rects = st.builds(Rect, x=fractions, y=fractions, height=st.floats(0.05, 1.0), turn_deg=angles)
eases = st.sampled_from(["linear", "in", "out", "in_out"])
motions = st.builds(Motion, start=rects, end=rects, ease=eases)
pictures = st.tuples(st.integers(1, 5000), st.integers(1, 5000))
frames = st.sampled_from([(1920, 1080), (1080, 1920), (1080, 1080)]) | st.tuples(
    st.integers(8, 1000).map(lambda half: 2 * half), st.integers(8, 1000).map(lambda half: 2 * half)
)


def size(named):
    return named["width_px"], named["height_px"]


def seen(window, frame):
    """The picture places of the frame's four corners."""
    a, b = window.steps
    return [
        (window.left_px + i * a + j * b, window.top_px - i * b + j * a) for i in (0, frame[0]) for j in (0, frame[1])
    ]


@pytest.mark.parametrize("vector", GOLDEN["vectors"], ids=lambda vector: vector["name"])
def test_the_shared_vectors_hold(vector):
    window = window_at(
        Motion.model_validate(vector["motion"]), vector["progress"], size(vector["picture"]), size(vector["frame"])
    )
    expected = vector["window"]
    assert (window.left_px, window.top_px, window.scale, window.turn_deg) == pytest.approx(
        (expected["left_px"], expected["top_px"], expected["scale"], expected["turn_deg"]), abs=1e-9
    )


@pytest.mark.parametrize("vector", GOLDEN["boxes"], ids=lambda vector: vector["name"])
def test_the_shared_boxes_hold(vector):
    box = fitted_box(Fit(kind=vector["fit"]), size(vector["picture"]), size(vector["frame"]))
    assert {name: getattr(box, name) for name in vector["box"]} == vector["box"]


@given(motions, fractions, pictures, frames)
@example(Motion(start=Rect(turn_deg=-45), end=Rect(turn_deg=45)), 0.5, (1600, 900), (1920, 1080))
@example(Motion(start=Rect(), end=Rect(x=1.0, y=0.0, turn_deg=9)), 0.5, (1600, 900), (1920, 1080))
def test_a_frame_never_shows_what_lies_past_the_pictures_edge(motion, progress, picture, frame):
    for x, y in seen(window_at(motion, progress, picture, frame), frame):
        assert -1e-6 <= x <= picture[0] + 1e-6
        assert -1e-6 <= y <= picture[1] + 1e-6


@given(motions, pictures, frames)
def test_a_move_begins_and_ends_where_its_parts_lie(motion, picture, frame):
    for progress, rect in ((0.0, motion.start), (1.0, motion.end)):
        window, placed = window_at(motion, progress, picture, frame), place(rect, picture, frame)
        assert seen(window, frame) == [pytest.approx(corner, abs=1e-6) for corner in seen(placed, frame)]
        assert placed.turn_deg == pytest.approx(rect.turn_deg, abs=1e-9)


@given(motions, pictures, frames)
def test_every_pixel_of_a_frame_travels_in_a_straight_line(motion, picture, frame):
    straight = motion.model_copy(update={"ease": "linear"})
    start, middle, end = (seen(window_at(straight, p, picture, frame), frame) for p in (0.0, 0.3, 1.0))
    for one, between, other in zip(start, middle, end, strict=True):
        way = [a + (b - a) * 0.3 for a, b in zip(one, other, strict=True)]
        assert hypot(between[0] - way[0], between[1] - way[1]) < 1e-6


@given(motions, fractions, pictures, frames)
def test_the_scale_stays_in_its_range(motion, progress, picture, frame):
    smallest, largest = scale_range(motion, picture, frame)
    assert smallest - 1e-9 <= window_at(motion, progress, picture, frame).scale <= largest + 1e-9


def test_the_picture_appears_turned_clockwise():
    window = place(Rect(height=0.4, turn_deg=30), (1000, 1000), (200, 200))
    a, b = window.steps
    # What lies to the right of the middle in the picture: how far right and down of the middle the frame shows it.
    right, down = a / window.scale, b / window.scale
    assert (right, down) == pytest.approx((cos(radians(30)), sin(radians(30))))


def test_a_turned_part_is_made_smaller_only_when_it_would_stick_out():
    small, large = Rect(height=0.5, turn_deg=20), Rect(height=1.0, turn_deg=20)
    assert place(small, (1600, 900), (1600, 900)).scale == pytest.approx(0.5)
    window = place(large, (1600, 900), (1600, 900))
    assert window.scale < 0.75
    assert min(y for _, y in seen(window, (1600, 900))) == pytest.approx(0.0, abs=1e-9)


def test_the_whole_rectangle_is_the_largest_part_with_the_frames_shape():
    wide = place(Rect(), (3000, 1000), (1600, 900))
    assert (wide.top_px, wide.scale * 900) == (0.0, pytest.approx(1000))
    tall = place(Rect(), (1000, 3000), (1600, 900))
    assert (tall.left_px, tall.scale * 1600) == (0.0, pytest.approx(1000))
    assert tall.top_px == pytest.approx((3000 - 1000 * 900 / 1600) / 2)


@given(fractions, fractions, eases)
def test_an_ease_goes_from_nothing_to_all_and_never_back(one, other, ease):
    assert eased(0.0, ease) == 0.0
    assert eased(1.0, ease) == 1.0
    low, high = sorted((one, other))
    assert eased(low, ease) <= eased(high, ease) + 1e-12


@pytest.mark.parametrize(
    ("ease", "soft_start", "soft_end"), [("linear", 0, 0), ("in", 1, 0), ("out", 0, 1), ("in_out", 1, 1)]
)
def test_an_ease_is_soft_at_the_ends_it_names(ease, soft_start, soft_end):
    assert (eased(0.001, ease) < 0.00001) == bool(soft_start)
    assert (eased(0.999, ease) > 0.99999) == bool(soft_end)


def test_in_is_out_played_backwards():
    assert [eased(1 - k / 10, "out") for k in range(11)] == pytest.approx([1 - eased(k / 10, "in") for k in range(11)])


def test_the_camera_stands_still_when_both_ends_are_one():
    assert is_static(Motion(start=Rect(height=0.8), end=Rect(height=0.8)))
    assert not is_static(Motion(start=Rect(height=0.8), end=Rect(height=0.8, turn_deg=1)))


@given(st.sampled_from(["crop", "blur", "colour"]), pictures, frames)
def test_a_box_is_even_lies_inside_the_frame_and_has_the_pictures_shape(kind, picture, frame):
    box = fitted_box(Fit(kind=kind), picture, frame)
    assert not any(side % 2 for side in (box.x_px, box.y_px, box.width_px, box.height_px))
    assert 0 <= box.x_px <= box.x_px + box.width_px <= frame[0]
    assert 0 <= box.y_px <= box.y_px + box.height_px <= frame[1]
    assert abs(2 * box.x_px + box.width_px - frame[0]) <= 2
    assert abs(2 * box.y_px + box.height_px - frame[1]) <= 2
    if kind == "crop":
        assert box.size == frame
    else:
        scale = min(frame[0] / picture[0], frame[1] / picture[1])
        assert abs(box.width_px - max(picture[0] * scale, 2)) <= 1 + 1e-9
        assert abs(box.height_px - max(picture[1] * scale, 2)) <= 1 + 1e-9
