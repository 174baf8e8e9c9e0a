"""Stills become planes: any mode, upright, over black, in BT.709, and a bad file is named."""

import threading

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from storyreel.errors import RenderError
from storyreel.render.stills import MARGIN_PX, Master, Masters, load_master, master_scales, planes_of, still_size

# R, G, B -> Y, Cb, Cr of the 75 % colour bars and the extremes, worked out from the norm's coefficients by hand.
KNOWN = [
    ((0, 0, 0), (16, 128, 128)),
    ((255, 255, 255), (235, 128, 128)),
    ((255, 0, 0), (63, 102, 240)),
    ((0, 255, 0), (173, 42, 26)),
    ((0, 0, 255), (32, 240, 118)),
]


def inner(master: Master):
    return tuple(plane[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX] for plane in master.planes)


def colour_of(path, shrink=1.0, grow=1.0):
    return tuple(float(plane.mean()) for plane in inner(load_master(path, shrink, grow)))


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


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "YCbCr", "LAB"])
def test_every_mode_is_read(tmp_path, mode):
    if mode == "I;16":
        image = Image.fromarray(np.full((40, 60), 65535, np.uint16))
    elif mode == "LAB":
        image = Image.new("LAB", (60, 40), (255, 128, 128))
    else:
        image = Image.new("RGB", (60, 40), "white").convert(mode)
    path = tmp_path / "picture.tiff"
    image.save(path)
    luma, *chroma = colour_of(path)
    assert luma == pytest.approx(235, abs=2)
    assert chroma == pytest.approx([128, 128], abs=2)


def test_transparency_is_put_over_black(tmp_path):
    image = Image.new("RGBA", (64, 64), (255, 255, 255, 128))
    image.save(tmp_path / "half.png")
    assert colour_of(tmp_path / "half.png")[0] == pytest.approx(16 + 219 * 128 / 255, abs=1)
    palette = Image.new("P", (64, 64), 0)
    palette.putpalette([255, 255, 255, 0, 0, 0])
    palette.save(tmp_path / "clear.png", transparency=0)
    assert colour_of(tmp_path / "clear.png")[0] == pytest.approx(16, abs=0.5)


def test_a_colour_profile_is_followed(tmp_path):
    """A profile whose red and blue are exchanged makes a red file a blue picture."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"____").replace(b"bXYZ", b"rXYZ").replace(b"____", b"bXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "bgr!".encode("utf-16-be"))
    Image.new("RGB", (64, 64), (255, 0, 0)).save(tmp_path / "swapped.png", icc_profile=swapped)
    Image.new("RGB", (64, 64), (0, 0, 255)).save(tmp_path / "blue.png", icc_profile=srgb)
    assert colour_of(tmp_path / "swapped.png") == pytest.approx(colour_of(tmp_path / "blue.png"), abs=3)


def test_a_broken_colour_profile_is_left_out(tmp_path):
    Image.new("RGB", (64, 64), "white").save(tmp_path / "odd.png", icc_profile=b"no profile")
    assert colour_of(tmp_path / "odd.png")[0] == pytest.approx(235, abs=0.5)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_sideways_stands_upright(tmp_path, orientation):
    upright = np.zeros((40, 80, 3), np.uint8)
    upright[:, :40] = 255
    # How a camera held that way would store it: the inverse of what the tag asks a viewer to do.
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright),
        7: upright[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "photo.png"
    Image.fromarray(np.ascontiguousarray(stored)).save(path, exif=exif)
    assert still_size(path) == (80, 40)
    master = load_master(path, 1.0, 1.0)
    luma = inner(master)[0]
    assert (master.width_px, master.height_px) == (80, 40)
    assert luma[:, :38].min() > 230
    assert luma[:, 42:].max() < 20


def test_an_odd_size_keeps_its_edge(tmp_path):
    Image.new("RGB", (61, 41), "white").save(tmp_path / "odd.png")
    master = load_master(tmp_path / "odd.png", 1.0, 2.0)
    assert (master.width_px, master.height_px) == (61, 41)
    assert inner(master)[0].min() >= 234


@given(st.floats(0.05, 8.0), st.just(1.0) | st.floats(1.0, 3.0))
@example(1.38, 1.0)
def test_a_master_is_never_sampled_coarsely_or_between_single_pixels(smallest, ratio):
    shrink, grow = master_scales(smallest, smallest * ratio)
    widest, tightest = smallest * ratio * shrink, smallest * shrink
    assert shrink <= 1.0
    assert widest <= 1.5 + 1e-9
    assert grow >= 1.9 or tightest > 1.25
    assert tightest * grow >= 1.0 - 1e-9


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_big_picture_is_shrunk_to_its_master(tmp_path, suffix):
    ramp = np.linspace(0, 255, 1600).astype(np.uint8)
    Image.fromarray(np.repeat(np.tile(ramp, (900, 1))[..., None], 3, axis=2)).save(tmp_path / f"big{suffix}")
    master = load_master(tmp_path / f"big{suffix}", 0.2, 1.0)
    luma = inner(master)[0]
    assert luma.shape == (180, 320)
    assert (master.width_px, master.height_px) == (1600, 900)
    assert luma[90] == pytest.approx(16 + np.linspace(0, 219, 320), abs=3)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_a_damaged_picture_is_named(tmp_path, content):
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    with pytest.raises(RenderError, match=r"broken\.png cannot be read"):
        load_master(path, 1.0, 1.0)


def test_a_picture_cut_short_is_named(tmp_path):
    path = tmp_path / "short.png"
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(RenderError, match=r"short\.png cannot be read"):
        load_master(path, 1.0, 1.0)


def test_a_missing_picture_is_named(tmp_path):
    with pytest.raises(RenderError, match=r"gone\.png is missing"):
        load_master(tmp_path / "gone.png", 1.0, 1.0)


def test_a_picture_too_large_to_hold_is_refused_before_it_is_decoded(tmp_path):
    path = tmp_path / "huge.png"
    Image.new("1", (9000, 9000)).save(path)
    with pytest.raises(RenderError, match="9000 x 9000 pixels, more than 64 million"):
        load_master(path, 0.1, 1.0)


def small_master(side=16):
    plane = np.zeros((side, side), np.uint8)
    return Master((plane, plane, plane), side, side, (1.0, 1.0), (0.5, 0.5))


def test_a_master_is_made_once_however_many_threads_ask():
    masters, made, together = Masters(), [], threading.Barrier(8)

    def make():
        made.append(1)
        return small_master()

    got = []

    def ask():
        together.wait()
        got.append(masters.get("a", make))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert all(master is got[0] for master in got)


def test_masters_stay_within_their_memory_and_the_latest_used_are_kept():
    one = small_master().size_bytes
    masters, made = Masters(limit_bytes=3 * one), []

    def get(key):
        return masters.get(key, lambda: made.append(key) or small_master())

    for key in "abcadeab":
        get(key)
    # a, b, c, (a), d pushes b out, e pushes c out, (a), b again
    assert made == ["a", "b", "c", "d", "e", "b"]


def test_a_master_that_could_not_be_made_is_tried_again():
    masters = Masters()

    def fail():
        raise RenderError("no")

    with pytest.raises(RenderError):
        masters.get("a", fail)
    assert masters.get("a", small_master) is not None
