"""Sampling: the right part of the picture, evenly moving, with either sampler, chroma in its place."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from storyreel.render import frames
from storyreel.render.frames import empty_planes, sample
from storyreel.render.motion import Window, window_at
from storyreel.render.stills import Master, load_master, master_scales, planes_of, with_margin
from storyreel.timeline.model import Motion, Rect

FRAME = (320, 180)
PICTURE = (640, 360)


def ramp_master(along_x, along_y):
    """Planes in which every sample tells its place: value = 20 + x * along_x + y * along_y in picture pixels."""
    width, height = PICTURE
    y, x = np.mgrid[0:height, 0:width] + 0.5
    luma = 20 + x * along_x + y * along_y
    chroma = luma.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    planes = tuple(np.rint(plane).astype(np.uint8) for plane in (luma, chroma, chroma))
    return Master(with_margin(planes), width, height, (1.0, 1.0), (0.5, 0.5))


windows = st.builds(
    lambda scale, x, y: Window((640 - scale * 320) * x, (360 - scale * 180) * y, scale),
    st.floats(0.4, 2.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)


@settings(max_examples=60, deadline=None)
@given(windows, st.sampled_from([(0.3, 0.0), (0.0, 0.5)]))
def test_every_sample_comes_from_its_place(window, slope):
    out = empty_planes(*FRAME)
    sample(ramp_master(*slope), window, out)
    j, i = np.mgrid[0:180, 0:320] + 0.5
    luma = 20 + (window.left_px + i * window.scale) * slope[0] + (window.top_px + j * window.scale) * slope[1]
    # H.264's chroma sample k stands on luma column 2 k, and between the rows 2 k and 2 k + 1.
    j, i = np.mgrid[0:90, 0:160]
    x, y = window.left_px + (2 * i + 0.5) * window.scale, window.top_px + (2 * j + 1) * window.scale
    chroma = 20 + x * slope[0] + y * slope[1]
    inside = np.s_[4:-4, 4:-4]  # the ramp ends at the picture's edge
    assert np.abs(out[0][inside] - luma[inside]).max() <= 1.1
    for plane in out[1:]:
        assert np.abs(plane[inside] - chroma[inside]).max() <= 1.1


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
    monkeypatch.setattr(frames, "_surplus", lambda start, step: None)
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
    ],
    ids=["zoom", "pan"],
)
def test_motion_does_not_jitter(tmp_path, motion):
    """Each frame lies where the formula says, to hundredths of a pixel, against a cubic resampling of its own."""
    textured(tmp_path / "t.png")
    scales = [window_at(motion, p, PICTURE, FRAME).scale for p in (0.0, 1.0)]
    master = load_master(tmp_path / "t.png", *master_scales(min(scales), max(scales)))
    grey = np.asarray(Image.open(tmp_path / "t.png").convert("RGB"))
    reference = planes_of(grey)[0].astype(np.float32)
    taper, out, errors = cv2.createHanningWindow(FRAME, cv2.CV_32F), empty_planes(*FRAME), []
    for k in range(40):
        window = window_at(motion, k / 39, PICTURE, FRAME)
        sample(master, window, out)
        s = window.scale
        # Smoothed first, so the comparison is about place alone and not about how each sampler treats fine detail.
        smooth = cv2.GaussianBlur(reference, (0, 0), 1.2 * max(s, 1.0))
        x = (window.left_px + (np.arange(320) + 0.5) * s - 0.5).astype(np.float32)
        y = (window.top_px + (np.arange(180) + 0.5) * s - 0.5).astype(np.float32)
        expected = cv2.remap(smooth, *np.meshgrid(x, y), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
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
