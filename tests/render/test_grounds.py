"""What lies round a picture: smooth, darker, of the picture's own colours, and the same every time."""

import numpy as np
import pytest

from storyreel.render.colour import planes_of
from storyreel.render.frames import empty_planes
from storyreel.render.grounds import DARKENED, blurred_ground, inside
from storyreel.render.motion import Box
from storyreel.render.stills import Master, with_margin


def master_of(rgb):
    height, width = rgb.shape[:2]
    return Master(with_margin(planes_of(rgb)), width, height, (1.0, 1.0), (0.5, 0.5))


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (200, 200), (64, 36), (1920, 1080)])
def test_a_ground_fills_the_frame_with_the_pictures_colour_darkened(size):
    flat = np.full((60, 40, 3), (200, 100, 50), np.uint8)
    y, u, v = blurred_ground(master_of(flat), size).planes
    assert (y.shape, u.shape, v.shape) == ((size[1], size[0]), *((size[1] // 2, size[0] // 2),) * 2)
    expected = [
        black + (plane.mean() - black) * DARKENED for plane, black in zip(planes_of(flat), (16, 128, 128), strict=True)
    ]
    assert [plane.mean() for plane in (y, u, v)] == pytest.approx(expected, abs=0.6)


def test_a_ground_has_no_detail_but_keeps_where_light_and_dark_are():
    rgb = np.random.default_rng(1).integers(0, 255, (400, 300, 3)).astype(np.uint8)
    rgb[:, 150:] //= 4
    luma = blurred_ground(master_of(rgb), (320, 180)).planes[0].astype(float)
    assert np.abs(np.diff(luma, axis=1)).max() <= 6
    assert luma[:, :80].mean() > luma[:, -80:].mean() + 30


def test_a_smooth_ground_shows_no_steps():
    """A slope of one level in ten pixels: every row's mean lies on it, which plain rounding would miss by a half."""
    ramp = np.repeat(np.linspace(60, 120, 360)[:, None, None], 640, axis=1) * np.ones(3)
    luma = blurred_ground(master_of(ramp.astype(np.uint8)), (640, 360)).planes[0].mean(axis=1)[40:-40]
    straight = np.polyval(np.polyfit(np.arange(len(luma)), luma, 1), np.arange(len(luma)))
    assert np.abs(luma - straight).max() < 0.3


def test_a_ground_is_the_same_every_time():
    rgb = np.random.default_rng(1).integers(0, 255, (90, 60, 3)).astype(np.uint8)
    one, other = (blurred_ground(master_of(rgb), (128, 72)).planes for _ in range(2))
    assert all((a == b).all() for a, b in zip(one, other, strict=True))


def test_a_boxs_part_of_a_frame_is_that_frames_own_memory():
    planes = empty_planes(64, 36)
    for plane in planes:
        plane.fill(0)
    for part in inside(planes, Box(8, 4, 20, 10)):
        part.fill(1)
    assert [int(plane.sum()) for plane in planes] == [200, 50, 50]
    assert planes[0][4:14, 8:28].min() == planes[1][2:7, 4:14].min() == 1
