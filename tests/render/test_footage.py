"""Video as a source: the right picture at the right time, from any kind of file, in the film's colours."""

import struct
from fractions import Fraction
from itertools import islice

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.errors import RenderError
from storyreel.render import footage as module
from storyreel.render.colour import planes_of
from storyreel.render.footage import footage
from storyreel.render.frames import empty_planes, sample
from storyreel.render.motion import Window
from storyreel.render.stills import MARGIN_PX

W, H = 64, 48


def grey(k, size=(W, H)):
    """A picture that tells its number by its brightness."""
    return np.full((size[1], size[0], 3), 20 + 3 * k, np.uint8)


def write(path, count=60, *, codec="libx264", pix="yuv420p", size=(W, H), rate=30, gop=12, paint=grey, times=None,
          colours=("ITU601", "MPEG"), tags=None, shape=None, **options):  # fmt: skip
    """Make a video.

    Args:
        paint: picture number -> (h, w, 3) sRGB.
        times: each picture's time in milliseconds, if they do not come at the rate.
        colours: the matrix and range of the samples; tags: what the file says of them (H.273 numbers).
        shape: a pixel's width for its height.
    """
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=rate, options={key: str(value) for key, value in options.items()})
        stream.width, stream.height, stream.pix_fmt = *size, pix
        context = stream.codec_context
        context.gop_size = gop
        if times:
            context.time_base = Fraction(1, 1000)
        if tags:
            context.colorspace, context.color_range = tags[:2]
            if len(tags) > 2:
                context.color_trc = tags[2]
        if shape:
            context.sample_aspect_ratio = Fraction(shape)
        for k in range(count):
            picture = paint(k) if paint is not grey else grey(k, size)
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame = frame.reformat(format=pix, dst_colorspace=colours[0], dst_color_range=colours[1])
            frame.pts = times[k] if times else k
            if times:
                frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def inner(master):
    return tuple(plane[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX] for plane in master.planes)


def number(master):
    """Which picture of `grey` a master shows."""
    return round(((inner(master)[0].mean() - 16) / 219 * 255 - 20) / 3)


def shown(path, count, first=0, rate=None, **more):
    return [number(master) for master in islice(footage(path, rate or Rate(), first, **more), count)]


CONTAINERS = [
    ("film.mp4", {}),
    ("film.mkv", {}),
    ("film.ts", {}),
    ("film.flv", {}),
    ("film.webm", {"codec": "libvpx-vp9", "cpu-used": 8, "deadline": "realtime"}),
    ("film.avi", {"codec": "mpeg4", "qmin": 1, "qmax": 2}),
    ("film.mov", {"codec": "png", "pix": "rgba"}),
    ("film.gif", {"codec": "gif", "pix": "rgb8", "rate": 25}),
    ("ten.mp4", {"pix": "yuv420p10le"}),
    ("full.mp4", {"pix": "yuv444p"}),
]


@pytest.mark.parametrize(("name", "options"), CONTAINERS, ids=[name for name, _ in CONTAINERS])
def test_every_piece_starts_on_its_own_frame_in_every_container(tmp_path, name, options):
    rate = Rate(num=options.get("rate", 30))
    path = write(tmp_path / name, 40, paint=grey if name != "film.gif" else lambda k: grey(k) // 8 * 8, **options)
    whole = shown(path, 44, rate=rate)
    if name != "film.gif":  # whose palette has fewer greys than there are pictures
        assert whole == [min(k, 39) for k in range(44)]
    for first in (1, 7, 12, 13, 29, 39, 43):
        assert shown(path, 3, first, rate)[: 44 - first] == whole[first : first + 3]


@pytest.mark.parametrize("b_frames", [0, 3])
def test_a_piece_far_in_is_entered_at_the_keyframe_before_it(tmp_path, b_frames, monkeypatch):
    path, decoded = write(tmp_path / "long.mp4", 300, paint=lambda k: grey(k % 70), gop=30, bf=b_frames), []
    seconds = module._seconds
    monkeypatch.setattr(module, "_seconds", lambda *given: decoded.append(given) or seconds(*given))
    assert shown(path, 2, 200) == [200 % 70, 201 % 70]
    assert len(decoded) <= 26


@pytest.mark.parametrize(
    ("film", "video"),
    [(Rate(), 15), (Rate(num=24), 60), (Rate(num=30000, den=1001), 25), (Rate(num=25), Fraction(24000, 1001))],
)
def test_a_video_of_any_rate_keeps_its_time(tmp_path, film, video):
    path = write(tmp_path / "film.mp4", 40, rate=video)
    expected = [min(int((k / film.fps + module.GRACE_S) * Fraction(video)), 39) for k in range(30)]
    assert shown(path, 30, rate=film) == expected
    assert shown(path, 10, 15, rate=film) == expected[15:25]


def test_pictures_at_uneven_times_are_shown_when_they_are_due(tmp_path):
    times = [0, 40, 55, 200, 210, 700, 1300, 1333]
    for name in ("uneven.mp4", "uneven.mkv"):
        path = write(tmp_path / name, len(times), times=times, gop=3)
        due = [max(i for i, time in enumerate(times) if time <= k * 1000 / 30 + 1) for k in range(45)]
        assert shown(path, 45) == due
        assert shown(path, 20, 22) == due[22:42]


def test_times_rounded_to_milliseconds_double_and_lose_no_picture(tmp_path):
    path = write(tmp_path / "film.mkv", 60, rate=Fraction(30000, 1001))
    assert shown(path, 60, rate=Rate(num=30000, den=1001)) == list(range(60))


@pytest.mark.parametrize(
    ("start_s", "speed", "expected"),
    [
        (0.5, 1.0, [15, 16, 17, 18]),
        (0.0, 2.0, [0, 2, 4, 6]),
        (1.0, 0.5, [30, 30, 31, 31]),
        (16 / 30, 1.0, [16, 17, 18, 19]),
        (0.533, 1.0, [16, 17, 18, 19]),  # a time people write for frame 16
        (0.2, 10.0, [6, 16, 26, 36]),
        (100.0, 1.0, [59] * 4),
    ],
)
def test_a_video_starts_where_it_should_and_plays_at_its_speed(tmp_path, start_s, speed, expected):
    path = write(tmp_path / "film.mp4")
    assert shown(path, 4, source_start_s=start_s, speed=speed) == expected
    assert shown(path, 2, 2, source_start_s=start_s, speed=speed) == expected[2:]


def test_before_its_start_a_video_shows_its_first_picture(tmp_path):
    assert shown(write(tmp_path / "film.mp4"), 5, -3) == [0, 0, 0, 0, 1]
    assert shown(tmp_path / "film.mp4", 5, -3, source_start_s=0.2) == [3, 4, 5, 6, 7]


BARS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30), (128, 128, 128), (240, 240, 240), (10, 10, 10)]


def bars(k):
    return np.repeat(np.array(BARS, np.uint8)[None], 16, axis=1).repeat(H, axis=0)


@pytest.mark.parametrize(
    "options",
    [
        {"colours": ("ITU709", "MPEG"), "tags": (1, 1)},
        {"colours": ("ITU601", "MPEG"), "tags": (5, 1)},
        {"colours": ("ITU601", "MPEG"), "tags": (6, 1)},
        {"colours": ("ITU601", "MPEG")},  # unnamed and small: BT.601
        {"colours": ("ITU601", "JPEG"), "tags": (5, 2)},
        {"colours": ("ITU709", "JPEG"), "tags": (1, 2)},
        {"colours": ("SMPTE240M", "MPEG"), "tags": (7, 1)},
        {"colours": ("BT2020", "MPEG"), "tags": (9, 1), "pix": "yuv420p10le"},
        {"colours": ("ITU601", "MPEG"), "tags": (5, 1), "pix": "yuv444p"},
        {"colours": ("ITU709", "MPEG"), "tags": (1, 1), "pix": "yuv422p10le"},
        {"codec": "qtrle", "pix": "argb"},
    ],
    ids=lambda options: "-".join(str(value) for value in options.values()),
)
def test_colours_come_out_as_they_were_meant(tmp_path, options):
    if "codec" not in options:
        options = {**options, "crf": 4}
    path = write(tmp_path / "bars.mov", 1, size=(16 * len(BARS), H), paint=bars, **options)
    drawn = inner(next(footage(path, Rate())))
    for plane, expected, half in zip(drawn, planes_of(bars(0)), (1, 2, 2), strict=True):
        for bar in range(len(BARS)):
            part = np.s_[10:14, (bar * 16 + 4) // half : (bar * 16 + 12) // half]
            assert plane[part].mean() == pytest.approx(expected[part].mean(), abs=1.6)


def test_an_unnamed_matrix_is_taken_for_the_one_of_its_size(tmp_path):
    path = write(tmp_path / "hd.mov", 1, size=(16 * len(BARS), 720), colours=("ITU709", "MPEG"), crf=4,
                 paint=lambda k: bars(k)[:1].repeat(720, axis=0))  # fmt: skip
    drawn = inner(next(footage(path, Rate())))
    assert drawn[0][300, 8] == pytest.approx(planes_of(bars(0))[0][10, 8], abs=1.6)


@pytest.mark.parametrize(("transfer", "name"), [(16, "PQ"), (18, "HLG")])
def test_hdr_is_refused(tmp_path, transfer, name):
    path = write(tmp_path / "hdr.mp4", 1, pix="yuv420p10le", tags=(9, 1, transfer))
    with pytest.raises(RenderError, match=rf"hdr\.mp4 is in HDR \({name}\).*convert it to SDR"):
        next(footage(path, Rate()))


def slopes(k, size):
    """A picture in which red tells the column and green the row."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    return np.stack([40 + 1.5 * x, 60 + 1.5 * y, np.full(x.shape, 120)], axis=-1).astype(np.uint8)


HELD = {
    "upright": (1, 0, 0, 1),
    "quarter turn": (0, 1, -1, 0),
    "upside down": (-1, 0, 0, -1),
    "three quarters": (0, -1, 1, 0),
    "mirrored": (-1, 0, 0, 1),
    "flipped": (1, 0, 0, -1),
    "mirrored and turned": (0, 1, 1, 0),
}


def held(path, matrix):
    """Write another display matrix into a video's track header."""
    data = bytearray(path.read_bytes())
    at = data.index(struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30), data.index(b"tkhd"))
    a, b, c, d = (value << 16 for value in matrix)
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


@pytest.mark.parametrize("size", [(100, 76), (101, 75)], ids=["even", "odd"])
@pytest.mark.parametrize("matrix", HELD.values(), ids=HELD.keys())
@pytest.mark.parametrize("pix", ["yuv420p", "yuv444p", "argb"])
def test_however_the_camera_was_held_every_sample_is_in_its_place(tmp_path, size, matrix, pix):
    if pix == "yuv420p" and size[0] % 2:
        size = (size[0] + 1, size[1] + 1)  # x264 has no odd sizes there; `yuv444p` becomes 4:2:0 of an odd size
    codec = {"codec": "qtrle"} if pix == "argb" else {"crf": 1, "tags": (1, 1), "colours": ("ITU709", "MPEG")}
    path = write(tmp_path / "held.mov", 1, size=size, pix=pix, paint=lambda k: slopes(k, size), **codec)
    held(path, matrix)
    a, b, c, d = matrix
    upright = slopes(0, size)
    if b:
        upright = upright.transpose(1, 0, 2)
    upright = upright[:: -1 if (b or d) < 0 else 1, :: -1 if (c or a) < 0 else 1].astype(float)
    master = next(footage(path, Rate()))
    assert master.size == (size[::-1] if b else size)
    out, scale, left, top = empty_planes(60, 40), 0.8, 8.25, 9.5
    sample(master, Window(left, top, scale), out)

    def at(x, y):
        """The upright picture at a place: its slopes are straight, so its corners tell the rest."""
        height, width = upright.shape[:2]
        step_x = (upright[0, -1] - upright[0, 0]) / (width - 1)
        step_y = (upright[-1, 0] - upright[0, 0]) / (height - 1)
        return upright[0, 0] + step_x * (x - 0.5) + step_y * (y - 0.5)

    for i, j in ((3, 3), (10, 15), (25, 12), (7, 18)):
        red, green, blue = at(left + (i + 0.5) * scale, top + (j + 0.5) * scale)
        assert out[0][j, i] == pytest.approx(16 + (0.2126 * red + 0.7152 * green + 0.0722 * blue) * 219 / 255, abs=1.5)
        red, green, blue = at(left + (2 * i + 0.5) * scale, top + (2 * j + 1) * scale)
        luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        assert out[1][j, i] == pytest.approx(128 + (blue - luma) / 1.8556 * 224 / 255, abs=1.5)
        assert out[2][j, i] == pytest.approx(128 + (red - luma) / 1.5748 * 224 / 255, abs=1.5)


def test_a_picture_of_the_films_own_size_and_colours_is_copied(tmp_path):
    """Its chroma is not moved, nor softened: it stands where the film's does."""
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 255, (H, W, 3)).astype(np.uint8)
    path = write(
        tmp_path / "noise.mov", 1, codec="libx264", paint=lambda k: noise, tags=(1, 1), colours=("ITU709", "MPEG")
    )
    with av.open(path) as container:
        frame = next(container.decode(video=0))
        planes = [
            np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width].copy()
            for plane in frame.planes
        ]
    out = empty_planes(W, H)
    sample(next(footage(path, Rate())), Window(0.0, 0.0, 1.0), out)
    for drawn, plane in zip(out, planes, strict=True):
        np.testing.assert_array_equal(drawn, plane)


@pytest.mark.parametrize(
    ("shape", "turned", "size"), [("2", False, (128, 48)), ("3/4", False, (48, 48)), ("2", True, (48, 128))]
)
def test_pixels_that_are_not_square_are_shown_as_wide_as_they_are_meant(tmp_path, shape, turned, size):
    path = write(tmp_path / "wide.mov", 1, paint=lambda k: slopes(k, (W, H)), shape=shape, crf=1)
    if turned:
        held(path, HELD["quarter turn"])
    master = next(footage(path, Rate()))
    assert master.size == size
    out = empty_planes(*size)
    sample(master, Window(0.0, 0.0, 1.0), out)
    # The whole picture is there, its slopes from end to end.
    ends = (out[0][24, 2], out[0][24, -3]) if not turned else (out[0][2, 24], out[0][-3, 24])
    assert abs(int(ends[1]) - int(ends[0])) > 10
    assert out[0][:, -1] == pytest.approx(out[0][:, -2], abs=3)


def test_a_large_video_is_shrunk_before_it_is_sampled(tmp_path):
    path = write(tmp_path / "large.mov", 1, size=(400, 300), paint=lambda k: slopes(k, (400, 300)) % 250)
    asked = []
    master = next(footage(path, Rate(), shrink_of=lambda size: asked.append(size) or 0.25))
    assert asked == [(400, 300)]
    assert master.size == (400, 300)
    assert [plane.shape for plane in inner(master)] == [(75, 100), (38, 50), (38, 50)]
    assert master.luma_scale == (0.25, 0.25)


NOT_VIDEOS = {
    "empty.mp4": (b"", r"empty\.mp4 cannot be read \(it is empty\): replace it"),
    "notes.mp4": (b"Dear diary,\n" * 50, r"notes\.mp4 cannot be read \(it is no video of a known kind"),
    "zeros.mp4": (b"\0" * 5000, r"zeros\.mp4 cannot be read"),
}


@pytest.mark.parametrize("name", NOT_VIDEOS)
def test_a_file_that_is_no_video_is_told_in_one_sentence(tmp_path, name):
    content, says = NOT_VIDEOS[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RenderError, match=says) as caught:
        next(footage(tmp_path / name, Rate()))
    assert str(tmp_path) not in str(caught.value)


def test_a_missing_video_is_named(tmp_path):
    with pytest.raises(RenderError, match=r"gone\.mp4 is missing"):
        next(footage(tmp_path / "gone.mp4", Rate()))


def test_a_video_cut_short_is_named_or_held(tmp_path):
    path = write(tmp_path / "short.mp4")
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(RenderError, match=r"short\.mp4 (cannot be read|holds no pictures)"):
        next(footage(path, Rate()))
    path = write(tmp_path / "short.mkv")  # without an index at its end, it can be read as far as it goes
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    numbers = shown(path, 60)
    assert 0 < numbers[-1] < 50
    assert numbers[:5] == [0, 1, 2, 3, 4]
    assert numbers == sorted(numbers)


def test_a_sound_without_pictures_is_told(tmp_path):
    with av.open(tmp_path / "song.mp4", "w") as container:
        stream = container.add_stream("aac", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), "fltp", "mono")
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(RenderError, match=r"song\.mp4 holds no pictures"):
        next(footage(tmp_path / "song.mp4", Rate()))


LISTS = {
    "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{0}\n#EXT-X-ENDLIST\n",
    "list.ffconcat": "ffconcat version 1.0\nfile {0}\n",
    "list.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
    "a=rtpmap:96 H264/90000\n",
    "list.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet>'
    '<Representation id="1" mimeType="video/mp4"><BaseURL>{0}</BaseURL></Representation></AdaptationSet></Period>'
    "</MPD>",
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("disguise", ["", ".mp4"])
def test_a_file_that_only_names_others_is_never_followed(tmp_path, name, disguise):
    """Opened without care, the first two play the video they name; called a video, they still must not."""
    secret = write(tmp_path / "secret.ts")
    path = tmp_path / (name + disguise)
    path.write_text(LISTS[name].format(secret.name))
    with pytest.raises(RenderError, match="cannot be read"):
        next(footage(path, Rate()))


@pytest.mark.parametrize("name", ["concat:one.mp4|two.mp4", "picture%03d.mp4", "http:elsewhere.mp4"])
def test_a_name_is_only_ever_a_file(tmp_path, name, monkeypatch):
    """FFmpeg reads protocols and patterns out of names."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "one.mp4", 3)
    (tmp_path / name).write_bytes((tmp_path / "one.mp4").read_bytes())
    relative = (tmp_path / name).relative_to(tmp_path)
    assert shown(relative, 3) == [0, 1, 2]


def test_a_video_too_large_to_hold_is_refused(tmp_path, monkeypatch):
    path = write(tmp_path / "huge.mp4", 1)
    monkeypatch.setattr(module, "LARGEST_PIXELS", 1000)
    with pytest.raises(RenderError, match=r"huge\.mp4 has 64 x 48 pixels"):
        next(footage(path, Rate()))
