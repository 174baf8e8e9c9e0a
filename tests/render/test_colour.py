"""Colours: sRGB and every other Y'CbCr come to BT.709 limited range, greys stay grey, shades keep their mean."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.render.colour import (
    BLACK,
    BT601,
    BT709,
    BT2020,
    FCC,
    SMPTE_240M,
    WHITE,
    colour_of,
    dithered,
    planes_of,
    rgb_of,
    to_bt709,
)

# R, G, B -> Y, Cb, Cr of the 75 % colour bars and the extremes, worked out from the norm's coefficients by hand.
KNOWN = [
    ((0, 0, 0), (16, 128, 128)),
    ((255, 255, 255), (235, 128, 128)),
    ((255, 0, 0), (63, 102, 240)),
    ((0, 255, 0), (173, 42, 26)),
    ((0, 0, 255), (32, 240, 118)),
]


@pytest.mark.parametrize(("rgb", "expected"), KNOWN)
def test_colours_follow_bt709_in_limited_range(rgb, expected):
    flat = np.full((32, 48, 3), rgb, np.uint8)
    assert [plane.mean() for plane in planes_of(flat)] == pytest.approx(expected, abs=0.5)


def test_black_and_white_stay_flat():
    for level, luma in ((0, 16), (255, 235)):
        assert {int(value) for value in np.unique(planes_of(np.full((64, 64, 3), level, np.uint8))[0])} == {luma}


def test_rounding_keeps_the_mean_of_a_shade_between_two_levels():
    grey = np.full((256, 256, 3), 101, np.uint8)
    luma = planes_of(grey)[0]
    assert luma.mean() == pytest.approx(16 + 101 * 219 / 255, abs=0.01)
    assert len(np.unique(luma)) == 2


def test_chroma_is_the_average_of_its_four_pixels():
    rgb = np.zeros((4, 4, 3), np.uint8)
    rgb[::2, ::2] = (255, 0, 0)
    assert planes_of(rgb)[2].mean() == pytest.approx(128 + (240 - 128) / 4, abs=1.0)


def test_a_colours_code_is_followed():
    assert rgb_of("#ff8000") == (255, 128, 0)
    assert colour_of("#000000") == BLACK
    assert colour_of("#FFFFFF") == WHITE
    assert [colour_of(f"#{r:02x}{g:02x}{b:02x}") for (r, g, b), _ in KNOWN] == [expected for _, expected in KNOWN]


def encoded(rgb, weights, full_range):
    """A colour in some Y'CbCr, by the norms' own equations."""
    red, green, blue = (level / 255 for level in rgb)
    kr, kb = weights
    luma = kr * red + (1 - kr - kb) * green + kb * blue
    cb, cr = (blue - luma) / (2 * (1 - kb)), (red - luma) / (2 * (1 - kr))
    if full_range:
        return luma * 255, 128 + 255 * cb, 128 + 255 * cr
    return 16 + luma * 219, 128 + 224 * cb, 128 + 224 * cr


@pytest.mark.parametrize("weights", [BT709, BT601, FCC, SMPTE_240M, BT2020])
@given(rgb=st.tuples(*[st.integers(0, 255)] * 3), full_range=st.booleans())
def test_every_matrix_and_range_gives_the_colour_that_was_meant(weights, rgb, full_range):
    source = encoded(rgb, weights, full_range)
    levels = [min(max(round(level), 0), 255) for level in source]
    planes = tuple(
        np.full(shape, level, np.uint8) for shape, level in zip([(4, 6), (2, 3), (2, 3)], levels, strict=True)
    )
    brought = to_bt709(planes, weights, full_range)
    # Each source level was rounded by up to a half, and 255 stands for a chroma of 255.5.
    assert [plane.mean() for plane in brought] == pytest.approx(encoded(rgb, BT709, False), abs=1.7)
    assert all(plane.min() == plane.max() for plane in brought)


@pytest.mark.parametrize("size", [(8, 12), (9, 13)])
def test_planes_keep_their_sizes(size):
    half = [-(-side // 2) for side in size]
    planes = np.full(size, 100, np.uint8), np.full(half, 120, np.uint8), np.full(half, 140, np.uint8)
    for full_range in (False, True):
        for weights in (BT601, BT709):
            assert [plane.shape for plane in to_bt709(planes, weights, full_range)] == [size, tuple(half), tuple(half)]


def test_what_already_is_the_films_own_is_not_touched():
    planes = tuple(np.zeros((2, 2), np.uint8) for _ in range(3))
    assert to_bt709(planes, BT709, False) is planes


@given(st.floats(0.0, 255.0))
def test_dithering_keeps_the_mean(level):
    plane = dithered(np.full((256, 256), level, np.float32), 0)
    assert plane.mean() == pytest.approx(level, abs=0.02)
    assert plane.max() - plane.min() <= 1
