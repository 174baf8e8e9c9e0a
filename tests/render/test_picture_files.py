"""Picture files: any format, mode and depth, upright, in sRGB, the first frame; a bad file is told in one sentence."""

import tracemalloc

import numpy as np
import PIL
import pytest
from PIL import Image, ImageCms

from storyreel.errors import RenderError
from storyreel.render import picture_files
from storyreel.render.picture_files import LARGEST_PIXELS, decode_still, still_size


def mean_of(path, **more):
    """The picture's mean R, G, B."""
    return decode_still(path, 1.0, **more)[0].mean(axis=(0, 1))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F", "LAB"])
def test_every_mode_is_read(tmp_path, mode):
    if mode == "I;16":
        image = Image.fromarray(np.full((40, 60), 65535, np.uint16))
    elif mode == "LAB":
        image = Image.new("LAB", (60, 40), (255, 128, 128))
    else:
        image = Image.new("RGB", (60, 40), "white").convert("L" if mode in "IF" else "RGB").convert(mode)
    image.save(tmp_path / "picture.tiff")
    assert mean_of(tmp_path / "picture.tiff") == pytest.approx([255] * 3, abs=2)


def test_a_tiff_of_luma_and_chroma_is_read_where_pillow_can_and_else_refused(tmp_path):
    """Pillow before 12 takes an uncompressed one for four bytes a pixel, and finds it short."""
    Image.new("RGB", (60, 40), "white").convert("YCbCr").save(tmp_path / "picture.tiff")
    if int(PIL.__version__.split(".")[0]) >= 12:
        assert mean_of(tmp_path / "picture.tiff") == pytest.approx([255] * 3, abs=2)
    else:
        with pytest.raises(RenderError, match=r"picture\.tiff cannot be read"):
            mean_of(tmp_path / "picture.tiff")


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "bmp", "tiff", "tga", "ppm", "avif", "jp2", "ico"])
def test_every_format_of_pixels_is_read(tmp_path, suffix):
    path = tmp_path / f"picture.{suffix}"
    Image.new("RGB", (64, 64), (200, 100, 50)).save(path)
    assert mean_of(path) == pytest.approx([200, 100, 50], abs=4)


@pytest.mark.parametrize(("level", "shown"), [(65535, 255), (32896, 128), (257 * 3, 3), (100, 0)])
@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_sixteen_bits_of_grey_are_scaled_and_never_stretched(tmp_path, level, shown, suffix):
    path = tmp_path / f"deep.{suffix}"
    Image.fromarray(np.full((40, 60), level, np.uint16)).save(path)
    assert mean_of(path) == pytest.approx([shown] * 3, abs=0.6)


def test_sixteen_bits_of_colour_are_read(tmp_path):
    import cv2

    deep = np.full((40, 60, 3), (0x2000, 0x8000, 0xFFFF), np.uint16)  # OpenCV writes blue, green, red
    for suffix in ("png", "tiff"):
        cv2.imwrite(str(tmp_path / f"deep.{suffix}"), deep)
        assert mean_of(tmp_path / f"deep.{suffix}") == pytest.approx([255, 128, 32], abs=1.1)


def test_fractions_and_what_is_no_number_are_read(tmp_path):
    grey = np.full((40, 60), 0.5, np.float32)
    grey[:20] = np.nan
    Image.fromarray(grey).save(tmp_path / "f.tiff")
    rgb = decode_still(tmp_path / "f.tiff", 1.0)[0]
    assert {int(value) for value in rgb[:20].ravel()} == {0}
    assert rgb[20:].mean() == pytest.approx(128, abs=1)


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_an_animation_shows_its_first_frame(tmp_path, suffix):
    first, second = (Image.new("RGB", (64, 64), colour) for colour in ("red", "blue"))
    first.save(tmp_path / f"moving.{suffix}", save_all=True, append_images=[second], duration=100)
    assert mean_of(tmp_path / f"moving.{suffix}") == pytest.approx([255, 0, 0], abs=3)


@pytest.mark.parametrize("marked", [True, False])
def test_cmyk_of_a_jpeg_is_read_inverted_as_adobe_and_all_others_write_it(tmp_path, marked):
    path = tmp_path / "print.jpg"
    Image.new("CMYK", (64, 64), (0, 255, 255, 0)).save(path, quality=95)
    data = path.read_bytes()
    marker = data.index(b"\xff\xee")
    assert data[marker + 4 : marker + 9] == b"Adobe"
    if not marked:
        length = int.from_bytes(data[marker + 2 : marker + 4], "big")
        path.write_bytes(data[:marker] + data[marker + 2 + length :])
    assert mean_of(path) == pytest.approx([255, 0, 0], abs=6)


def test_transparency_shows_what_is_behind(tmp_path):
    Image.new("RGBA", (64, 64), (255, 255, 255, 128)).save(tmp_path / "half.png")
    assert mean_of(tmp_path / "half.png") == pytest.approx([128] * 3, abs=1)
    assert mean_of(tmp_path / "half.png", behind=(255, 0, 0)) == pytest.approx([255, 128, 128], abs=1)
    palette = Image.new("P", (64, 64), 0)
    palette.putpalette([255, 255, 255, 0, 0, 0])
    palette.save(tmp_path / "clear.png", transparency=0)
    assert mean_of(tmp_path / "clear.png", behind=(9, 8, 7)) == pytest.approx([9, 8, 7])
    keyed = Image.new("RGB", (64, 64), (10, 20, 30))
    keyed.save(tmp_path / "keyed.png", transparency=(10, 20, 30))
    assert mean_of(tmp_path / "keyed.png") == pytest.approx([0, 0, 0])


def test_the_edge_of_a_shape_takes_no_colour_from_what_is_clear(tmp_path):
    image = Image.new("RGBA", (400, 400), (0, 255, 0, 0))
    image.paste((255, 0, 0, 255), (100, 100, 300, 300))
    image.save(tmp_path / "shape.png")
    assert decode_still(tmp_path / "shape.png", 0.13)[0][..., 1].max() == 0


def profile(swapped=False):
    """sRGB, or an sRGB whose red and blue are exchanged, under another name."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if not swapped:
        return srgb
    srgb = srgb.replace(b"rXYZ", b"____").replace(b"bXYZ", b"rXYZ").replace(b"____", b"bXYZ")
    return srgb.replace("sRGB".encode("utf-16-be"), "bgr!".encode("utf-16-be"))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_colour_profile_is_followed(tmp_path, mode):
    """A profile whose red and blue are exchanged makes a red file a blue picture."""
    Image.new("RGB", (64, 64), (255, 0, 0)).convert(mode).save(tmp_path / "swapped.png", icc_profile=profile(True))
    assert mean_of(tmp_path / "swapped.png") == pytest.approx([0, 0, 255], abs=3)


def test_a_broken_colour_profile_is_left_out(tmp_path):
    Image.new("RGB", (64, 64), "white").save(tmp_path / "odd.png", icc_profile=b"no profile")
    assert mean_of(tmp_path / "odd.png") == pytest.approx([255] * 3)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_sideways_stands_upright(tmp_path, orientation, suffix):
    upright = np.zeros((40, 80, 3), np.uint8)
    upright[:20, :40] = 255
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
    path = tmp_path / f"photo.{suffix}"
    Image.fromarray(np.ascontiguousarray(stored)).save(path, exif=exif)
    assert still_size(path) == (80, 40)
    rgb, size = decode_still(path, 1.0)
    assert size == (80, 40)
    assert rgb[:18, :38].min() > 230
    assert rgb[22:].max() < 20
    assert rgb[:, 42:].max() < 20


def test_broken_camera_data_do_not_hide_a_good_picture(tmp_path):
    Image.new("RGB", (64, 40), "white").save(tmp_path / "photo.png", exif=b"Exif\0\0MM\0*nonsense")
    assert still_size(tmp_path / "photo.png") == (64, 40)
    assert mean_of(tmp_path / "photo.png") == pytest.approx([255] * 3)


NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.png", b"", r"the picture empty\.png cannot be read \(it is empty\): replace it"),
        ("notes.png", b"Dear diary,\n" * 50, r"notes\.png cannot be read \(it is no picture of a known format"),
        ("start.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, r"start\.png cannot be read \(it is no picture"),
        ("iphone.jpg", b"\0\0\0\x18ftypheic" + b"\0" * 50, r"iphone\.jpg cannot be read \(it is a HEIC photo"),
        ("drawing.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", r"drawing\.png cannot be read"),
    ],
)
def test_a_file_that_is_no_picture_is_told_in_one_sentence(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    for read in (still_size, lambda path: decode_still(path, 1.0)):
        with pytest.raises(RenderError, match=says) as caught:
            read(tmp_path / name)
        assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tiff", "gif"])
def test_a_picture_cut_short_is_named(tmp_path, suffix):
    path = tmp_path / f"short.{suffix}"
    NOISE.save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(RenderError, match=rf"short\.{suffix} cannot be read"):
        decode_still(path, 1.0)


def test_a_missing_picture_is_named(tmp_path):
    with pytest.raises(RenderError, match=r"gone\.png is missing"):
        decode_still(tmp_path / "gone.png", 1.0)


def test_a_picture_too_large_to_hold_is_refused_before_it_is_decoded(tmp_path):
    Image.new("1", (9000, 9000)).save(tmp_path / "huge.png")
    with pytest.raises(RenderError, match=r"huge\.png has 9000 x 9000 pixels, more than 64 million: make it smaller"):
        decode_still(tmp_path / "huge.png", 0.1)
    Image.new("1", (30_000, 20_000)).save(tmp_path / "huger.png")
    with pytest.raises(RenderError, match=r"huger\.png has more than 64 million pixels: make it smaller"):
        still_size(tmp_path / "huger.png")


def test_a_large_photo_is_shrunk_as_it_is_read(tmp_path, monkeypatch):
    """With the limit at a hundredth, so that the photo need not be large."""
    monkeypatch.setattr(picture_files, "LARGEST_PIXELS", LARGEST_PIXELS // 100)
    Image.new("RGB", (3000, 1000), "white").save(tmp_path / "wide.jpg")
    rgb, size = decode_still(tmp_path / "wide.jpg", 0.1)
    assert (size, rgb.shape) == ((3000, 1000), (100, 300, 3))
    assert still_size(tmp_path / "wide.jpg") == (3000, 1000)
    with pytest.raises(RenderError, match=r"wide\.jpg has 3000 x 1000 pixels"):
        decode_still(tmp_path / "wide.jpg", 1.0)
    Image.new("RGB", (3000, 1000), "white").save(tmp_path / "slow.jpg", progressive=True)
    with pytest.raises(RenderError, match=r"slow\.jpg has 3000 x 1000 pixels"):
        decode_still(tmp_path / "slow.jpg", 0.1)


@pytest.mark.parametrize(("mode", "suffix"), [("RGBA", "png"), ("P", "png"), ("I;16", "png")])
def test_memory_is_bounded_by_the_files_own_pixels(tmp_path, mode, suffix):
    """numpy's share of it, for a picture ten times wider than it is shown: Pillow's own is not counted here."""
    size = (4000, 1000)
    if mode == "I;16":
        Image.fromarray(np.zeros(size[::-1], np.uint16)).save(tmp_path / f"wide.{suffix}")
    else:
        Image.new(mode, size).save(tmp_path / f"wide.{suffix}")
    tracemalloc.start()
    try:
        decode_still(tmp_path / f"wide.{suffix}", 0.1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 7 * size[0] * size[1]
