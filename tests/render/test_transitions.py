"""How pictures give way: each kind starts and ends right, moves evenly, comes from its side, and mixes as it says."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.render.colour import BLACK, WHITE
from storyreel.render.frames import empty_planes
from storyreel.render.motion import eased
from storyreel.render.transitions import FADES, WIPE_EDGE, fade, fade_weights, mix, progress_of

W, H = 128, 72
MIXED = ["dissolve", "wipe", "slide", "push", "zoom"]
SIDES = ["left", "right", "up", "down"]


def planes(luma, blue, red, size=(W, H)):
    out = empty_planes(*size)
    for plane, level in zip(out, (luma, blue, red), strict=True):
        plane.fill(level)
    return out


def values(frame):
    return tuple(int(plane[0, 0]) for plane in frame if plane.min() == plane.max())


def texture(seed, size=(W, H)):
    rng = np.random.default_rng(seed)
    return tuple(
        cv2.GaussianBlur(rng.integers(16, 236, plane.shape).astype(np.uint8), (0, 0), 2.0)
        for plane in empty_planes(*size)
    )


def mixed(kind, progress, going, coming, side="left"):
    out = planes(1, 2, 3, going[0].shape[::-1])
    mix(kind, side, progress, going, coming, out)
    return out


def seen_from(side, frame):
    """Planes turned so that what comes from `side` comes from the left."""
    turned = {"left": lambda p: p, "right": lambda p: p[:, ::-1], "up": lambda p: p.T, "down": lambda p: p[::-1].T}
    return [turned[side](plane) for plane in frame]


@given(st.integers(1, 200))
def test_a_transition_never_repeats_a_frame_of_one_picture_alone(length):
    steps = [progress_of(k, length) for k in range(length)]
    assert 0.0 < steps[0] <= steps[-1] < 1.0
    assert steps[0] == pytest.approx(1.0 - steps[-1])


def test_a_fade_is_its_colour_in_the_middle_and_never_shows_both():
    assert fade_weights(0.25) == (0.5, 0.0)
    assert fade_weights(0.5) == (0.0, 0.0)
    assert fade_weights(0.75) == (0.0, 0.5)
    assert FADES == {"fade_black": BLACK, "fade_white": WHITE}


@given(st.integers(16, 235), st.integers(16, 240), st.floats(0.0, 1.0), st.sampled_from([BLACK, WHITE]))
def test_fading_goes_to_the_colour_and_not_to_green(luma, chroma, opacity, colour):
    frame = planes(luma, chroma, chroma)
    fade(frame, colour, opacity)
    expected = [to + (level - to) * opacity for level, to in zip((luma, chroma, chroma), colour, strict=True)]
    assert values(frame) == pytest.approx(expected, abs=0.51)


@pytest.mark.parametrize("colour", [BLACK, WHITE])
def test_nothing_seen_is_exactly_the_colour(colour):
    frame = planes(135, 16, 240)
    fade(frame, colour, 0.0)
    assert values(frame) == colour


@given(st.integers(16, 235), st.integers(16, 235), st.floats(0.001, 0.999))
def test_a_dissolve_mixes_every_plane(one, other, weight):
    out = mixed("dissolve", weight, planes(one, 100, 150), planes(other, 140, 90))
    expected = (one + (other - one) * weight, 100 + 40 * weight, 150 - 60 * weight)
    assert values(out) == pytest.approx(expected, abs=0.51)


@pytest.mark.parametrize("kind", MIXED)
@pytest.mark.parametrize("side", SIDES)
def test_every_kind_begins_with_one_picture_and_ends_with_the_other(kind, side):
    going, coming = texture(1), texture(2)
    for progress, whole in ((1e-6, going), (1 - 1e-6, coming)):
        for drawn, plane in zip(mixed(kind, progress, going, coming, side), whole, strict=True):
            assert np.abs(drawn.astype(int) - plane).max() <= 1


@pytest.mark.parametrize("kind", MIXED)
@settings(max_examples=20)
@given(
    progress=st.floats(1e-9, 1 - 1e-9), side=st.sampled_from(SIDES), size=st.sampled_from([(2, 2), (64, 36), (36, 66)])
)
def test_two_pictures_alike_stay_as_they_are_at_any_size(kind, progress, side, size):
    alike = planes(90, 100, 150, size)
    assert values(mixed(kind, progress, alike, alike, side)) == (90, 100, 150)


@pytest.mark.parametrize("kind", MIXED)
def test_what_is_mixed_is_left_as_it_was(kind):
    going, coming = texture(1), texture(2)
    mixed(kind, 0.4, going, coming, "down")
    assert all((a == b).all() for a, b in zip((*going, *coming), (*texture(1), *texture(2)), strict=True))


@pytest.mark.parametrize("kind", ["wipe", "slide", "push"])
@pytest.mark.parametrize("side", SIDES)
def test_the_coming_picture_comes_from_its_side(kind, side):
    going, coming = planes(40, 90, 90), planes(200, 160, 160)
    for plane, old, new in zip(
        seen_from(side, mixed(kind, 0.5, going, coming, side)), (40, 90, 90), (200, 160, 160), strict=True
    ):
        assert (plane[:, : plane.shape[1] // 4] == new).all()
        assert (plane[:, -(plane.shape[1] // 4) :] == old).all()


@pytest.mark.parametrize("side", SIDES)
def test_the_four_sides_are_one_wipe_turned(side):
    """Drawn with flat pictures in a square, so that turning a frame is exact for luma."""
    going, coming = planes(40, 90, 90, (96, 96)), planes(200, 160, 160, (96, 96))
    for kind in ("wipe", "slide", "push"):
        one = mixed(kind, 0.37, going, coming, "left")[0]
        np.testing.assert_array_equal(seen_from(side, mixed(kind, 0.37, going, coming, side))[0], one)


def edge_of(plane, old, new):
    """How far the coming picture reaches from the left, in samples, from how much of it is seen."""
    return float(((plane.astype(float) - old) / (new - old)).mean(axis=0).sum())


@pytest.mark.parametrize("kind", ["wipe", "slide", "push"])
@pytest.mark.parametrize("side", SIDES)
def test_the_edge_moves_between_pixels_in_luma_and_chroma_alike(kind, side):
    going, coming, length = planes(40, 90, 90), planes(200, 160, 160), W if side in ("left", "right") else H
    for k in range(1, 60):
        progress = k / 60
        y, u, _ = seen_from(side, mixed(kind, progress, going, coming, side))
        if kind == "wipe":
            way = progress * length * (1 + WIPE_EDGE) - length * WIPE_EDGE / 2
            if not length * WIPE_EDGE < way < length * (1 - WIPE_EDGE):
                continue
            # A chroma sample off the middle of its columns sees the edge that much earlier or later.
            shift = {"left": 0.5, "right": -0.5}.get(side, 0.0)
        else:
            way, shift = eased(progress, "in_out") * length, 0.0
        assert edge_of(y, 40, 200) == pytest.approx(way, abs=0.06)
        assert 2 * edge_of(u, 90, 160) == pytest.approx(way + shift, abs=0.1)


@pytest.mark.parametrize("kind", ["slide", "push"])
@pytest.mark.parametrize("side", SIDES)
def test_a_travelling_picture_lies_where_the_ease_says_to_a_tenth_of_a_pixel(kind, side):
    size = (256, 256)
    going, coming, errors = texture(1, size), texture(2, size), []
    for k in range(10, 30):
        way = eased(k / 40, "in_out") * 256
        luma = seen_from(side, mixed(kind, k / 40, going, coming, side))[0]
        whole = seen_from(side, coming)[0]
        n = int(way) - 1
        inside = np.ascontiguousarray(luma[:, :n]).astype(np.float32)
        # The same part of the picture, taken at its exact place by cubic interpolation.
        x = (np.arange(n) + 256 - way).astype(np.float32)
        expected = cv2.remap(
            np.ascontiguousarray(whole).astype(np.float32),
            *np.meshgrid(x, np.arange(256, dtype=np.float32)),
            cv2.INTER_CUBIC,
        )
        taper = cv2.createHanningWindow((n, 256), cv2.CV_32F)
        errors.append(cv2.phaseCorrelate(inside - inside.mean(), expected - expected.mean(), taper)[0])
    assert np.abs(errors).max() < 0.1


def test_a_slide_leaves_the_other_picture_where_it_is_and_a_push_moves_it():
    going, coming = texture(1), planes(200, 160, 160)
    slid, pushed = (mixed(kind, 0.5, going, coming)[0] for kind in ("slide", "push"))
    np.testing.assert_array_equal(slid[:, W // 2 :], going[0][:, W // 2 :])
    np.testing.assert_array_equal(pushed[:, W // 2 :], going[0][:, : W // 2])


def test_a_wipes_edge_is_soft():
    row = mixed("wipe", 0.5, planes(40, 128, 128), planes(200, 128, 128))[0][0].astype(int)
    between = np.flatnonzero((row > 40) & (row < 200))
    assert W * WIPE_EDGE - 3 <= len(between) <= W * WIPE_EDGE + 1
    assert (np.diff(row) <= 0).all()


def test_a_zoom_comes_nearer_in_both_pictures():
    """Rings round the middle grow from frame to frame, in the picture that goes and then in the one that comes."""
    y, x = np.mgrid[0:H, 0:W]
    disc = ((x - (W - 1) / 2) ** 2 + (y - (H - 1) / 2) ** 2 < 20**2) * 160 + 40
    ring = (disc.astype(np.uint8), *planes(0, 128, 128)[1:])
    flat = planes(40, 128, 128)
    leaving = [(mixed("zoom", k / 20, ring, flat)[0] > 60).sum() for k in range(1, 8)]
    coming = [(mixed("zoom", k / 20, flat, ring)[0] > 120).sum() for k in range(15, 20)]
    assert leaving == sorted(leaving)
    assert leaving[-1] > 1.1 * leaving[0]
    assert coming == sorted(coming)
    assert coming[-1] > 1.05 * coming[0]
    assert coming[-1] <= (disc > 120).sum()
