"""Sampling: the right part of the picture, evenly moving, with either sampler, chroma in its place."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from storyreel.render import frames
from storyreel.render.colour import planes_of
from storyreel.render.frames import empty_planes, sample
from storyreel.render.grounds import inside
from storyreel.render.motion import Box, Window, scale_range, window_at
from storyreel.render.stills import Master, load_master, master_scales, with_margin
from storyreel.timeline.model import Motion, Rect

FRAME = (320, 180)
PICTURE = (640, 360)


def ramp_master(along_x, along_y, shift=(0.0, 0.0)):
    """Planes in which every sample tells its place: value = 20 + x * along_x + y * along_y in picture pixels."""
    width, height = PICTURE
    y, x = np.mgrid[0:height, 0:width] + 0.5
    luma = 20 + x * along_x + y * along_y
    y, x = np.mgrid[0 : height // 2, 0 : width // 2] * 2.0 + 1
    chroma = 20 + (x + shift[0]) * along_x + (y + shift[1]) * along_y
    planes = tuple(np.rint(plane).astype(np.uint8) for plane in (luma, chroma, chroma))
    return Master(with_margin(planes), width, height, (1.0, 1.0), (0.5, 0.5), shift)


fractions = st.floats(0.0, 1.0)
motions = st.builds(
    lambda x, y, height, turn: Motion(start=Rect(x=x, y=y, height=height, turn_deg=turn)),
    fractions,
    fractions,
    st.floats(0.2, 1.0),
    st.just(0.0) | st.floats(-45.0, 45.0),
)


@settings(max_examples=80, deadline=None)
@given(motions, st.sampled_from([(0.3, 0.0), (0.0, 0.5)]), st.sampled_from([(0.0, 0.0), (-0.5, 0.0), (0.5, -1.0)]))
def test_every_sample_comes_from_its_place(motion, slope, shift):
    window, out = window_at(motion, 0.0, PICTURE, FRAME), empty_planes(*FRAME)
    sample(ramp_master(*slope, shift), window, out)

    def expected(i, j):
        a, b = window.steps
        return 20 + (window.left_px + i * a + j * b) * slope[0] + (window.top_px - i * b + j * a) * slope[1]

    j, i = np.mgrid[0:180, 0:320] + 0.5
    # H.264's chroma sample k stands on luma column 2 k, and between the rows 2 k and 2 k + 1.
    rows, columns = np.mgrid[0:90, 0:160]
    chroma = expected(2 * columns + 0.5, 2 * rows + 1)
    middle = np.s_[6:-6, 6:-6]  # the ramp ends at the picture's edge
    assert np.abs(out[0][middle] - expected(i, j)[middle]).max() <= 1.1
    for plane in out[1:]:
        assert np.abs(plane[middle] - chroma[middle]).max() <= 1.1


def test_a_picture_can_be_drawn_into_a_box_and_nothing_beside_it_changes():
    out, alone = empty_planes(*FRAME), empty_planes(120, 80)
    for plane in out:
        plane.fill(7)
    box, window = Box(40, 20, 120, 80), Window(3.3, 4.4, 1.7, 4.0)
    sample(ramp_master(0.3, 0.0), window, inside(out, box))
    sample(ramp_master(0.3, 0.0), window, alone)
    for plane, drawn, half in zip(out, alone, (1, 2, 2), strict=True):
        part = np.s_[20 // half : 100 // half, 40 // half : 160 // half]
        np.testing.assert_array_equal(plane[part], drawn)
        plane[part] = 7
        assert (plane == 7).all()


def textured(path, size=PICTURE, seed=3):
    rng = np.random.default_rng(seed)
    coarse = cv2.resize(rng.uniform(40, 215, (size[1] // 12, size[0] // 12)), size, interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(rng.normal(0, 60, (size[1], size[0])), (0, 0), 0.8)
    grey = np.clip(coarse + fine, 0, 255).astype(np.uint8)
    Image.fromarray(np.repeat(grey[..., None], 3, axis=2)).save(path)


@pytest.mark.parametrize("scale", [1.0, 0.93, 1.31, 1.9])
@pytest.mark.parametrize("left", [0.0, 3.37, 25.5])
def test_both_samplers_draw_the_same(tmp_path, monkeypatch, scale, left):
    textured(tmp_path / "t.png")
    master, window = load_master(tmp_path / "t.png", 1.0, 2.0), Window(left, 1.21, scale)
    grid, warp = empty_planes(*FRAME), empty_planes(*FRAME)
    sample(master, window, grid)
    monkeypatch.setattr(frames, "_surplus", lambda start, step, tolerance: None)
    sample(master, window, warp)
    for one, other in zip(grid, warp, strict=True):
        difference = np.abs(one.astype(int) - other)
        assert difference.mean() < 0.3
        assert difference.max() <= 6


@pytest.mark.parametrize(
    "motion",
    [
        Motion(start=Rect(height=1.0), end=Rect(x=0.53, y=0.47, height=0.86), ease="linear"),
        Motion(start=Rect(x=0.3, y=0.4, height=0.9), end=Rect(x=0.6, y=0.5, height=0.9), ease="linear"),
        Motion(start=Rect(height=0.9), end=Rect(x=0.53, y=0.47, height=0.8, turn_deg=5), ease="linear"),
        Motion(start=Rect(height=0.7, turn_deg=-12), end=Rect(height=0.7, turn_deg=-9), ease="linear"),
    ],
    ids=["zoom", "pan", "turn", "turn on"],
)
def test_motion_does_not_jitter(tmp_path, motion):
    """Each frame lies where the formula says, to hundredths of a pixel, against a cubic resampling of its own."""
    textured(tmp_path / "t.png")
    master = load_master(tmp_path / "t.png", *master_scales(*scale_range(motion, PICTURE, FRAME)))
    grey = np.asarray(Image.open(tmp_path / "t.png").convert("RGB"))
    reference = planes_of(grey)[0].astype(np.float32)
    taper, out, errors = cv2.createHanningWindow(FRAME, cv2.CV_32F), empty_planes(*FRAME), []
    j, i = np.mgrid[0:180, 0:320] + 0.5
    for k in range(40):
        window = window_at(motion, k / 39, PICTURE, FRAME)
        sample(master, window, out)
        s, (a, b) = window.scale, window.steps
        # Smoothed first, so the comparison is about place alone and not about how each sampler treats fine detail.
        smooth = cv2.GaussianBlur(reference, (0, 0), 1.2 * max(s, 1.0))
        x = (window.left_px + i * a + j * b - 0.5).astype(np.float32)
        y = (window.top_px - i * b + j * a - 0.5).astype(np.float32)
        expected = cv2.remap(smooth, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        drawn = cv2.GaussianBlur(out[0].astype(np.float32), (0, 0), 1.2 * max(s, 1.0) / s)
        errors.append(cv2.phaseCorrelate(drawn - drawn.mean(), expected - expected.mean(), taper)[0])
    assert np.std(errors, axis=0).max() < 0.03
    assert np.abs(errors).max() < 0.1


def test_a_picture_smaller_than_the_frame_fills_it(tmp_path):
    textured(tmp_path / "t.png", (96, 54))
    scale = 96 / 320
    master = load_master(tmp_path / "t.png", *master_scales(scale, scale))
    out = empty_planes(*FRAME)
    sample(master, Window(0.0, 0.0, scale), out)
    small = planes_of(np.asarray(Image.open(tmp_path / "t.png").convert("RGB")))[0]
    back = cv2.resize(out[0], (96, 54), interpolation=cv2.INTER_AREA)
    assert np.abs(back.astype(int) - small).mean() < 4
