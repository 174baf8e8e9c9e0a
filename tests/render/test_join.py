"""Joining: every frame in its place, sound aligned to the sample, index first, and no half file taken for a film."""

import subprocess
import sys
import tracemalloc
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.errors import DiskFull, RenderError, StorageError
from storyreel.render import encode as encoding
from storyreel.render.encode import encode
from storyreel.render.join import join, ticks_per_second
from storyreel.render.packets import PacketRun
from storyreel.render.sound import encode_sound
from storyreel.timeline.model import Timeline

W, H = 320, 180
BITS = 10


def barcode(number):
    """A frame that says its number in `BITS` black and white bars."""
    luma = np.full((H, W), 60, np.uint8)
    for bit in range(BITS):
        luma[40:140, bit * 32 : bit * 32 + 32] = 220 if number >> bit & 1 else 20
    half = np.full((H // 2, W // 2), 128, np.uint8)
    return luma, half, half


def number_in(frame):
    luma = np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(-1, frame.planes[0].line_size)
    return sum(1 << bit for bit in range(BITS) if luma[90, bit * 32 + 16] > 120)


def drawing(frames):
    def draw(planes):
        for frame in frames:
            for target, plane in zip(planes, frame, strict=True):
                target[...] = plane
            yield

    return draw


def pieces(lengths, rate):
    start = 0
    for length in lengths:
        yield encode(drawing([barcode(start + k) for k in range(length)]), W, H, rate, "draft")
        start += length


def silence(frames, rate):
    return encode_sound(
        Timeline(title="", rate=rate, width_px=W, height_px=H, length_frames=frames, clips=()), lambda blob: Path()
    )


def made(path, lengths, rate=None, sound=True, title=""):
    rate = rate or Rate()
    track = silence(sum(lengths), rate) if sound else None
    return join(path, pieces(lengths, rate), track, width_px=W, height_px=H, rate=rate, quality="draft", title=title)


def boxes(path):
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        found.append(kind.decode())
        at += size
    return found


RATES = [Rate(), Rate(num=24), Rate(num=25), Rate(num=60), Rate(num=30000, den=1001), Rate(num=24000, den=1001)]


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{rate.num}-{rate.den}")
def test_every_frame_is_there_in_order_at_its_exact_time(tmp_path, rate):
    path = tmp_path / "film.mp4"
    assert made(path, [30, 1, 14, 2, 61, 3], rate) == 111
    with av.open(path) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        assert [number_in(frame) for frame in frames] == list(range(111))
        assert [frame.pts * stream.time_base for frame in frames] == [k / rate.fps for k in range(111)]
        assert (stream.frames, stream.start_time, stream.average_rate) == (111, 0, rate.fps)
        assert stream.duration * stream.time_base == 111 / rate.fps


@pytest.mark.parametrize("rate", [Rate(), Rate(num=24000, den=1001)], ids=["30", "23.976"])
def test_the_sound_starts_with_the_picture_and_lasts_to_the_sample(tmp_path, rate):
    made(tmp_path / "film.mp4", [40, 35], rate)
    samples = rate.samples(75, 48_000)
    with av.open(tmp_path / "film.mp4") as container:
        stream = container.streams.audio[0]
        frames = list(container.decode(stream))
        assert frames[0].pts == 0
        assert stream.duration * stream.time_base == Fraction(samples, 48_000)
        # A decoder gives the last packet whole; the file says how much of it counts.
        assert 0 <= sum(frame.samples for frame in frames) - samples < 1024


def test_a_seek_lands_on_a_pieces_first_frame(tmp_path):
    made(tmp_path / "film.mp4", [30, 30, 30])
    with av.open(tmp_path / "film.mp4") as container:
        stream = container.streams.video[0]
        container.seek(int(Fraction(75, 30) / stream.time_base), stream=stream)
        assert number_in(next(container.decode(stream))) == 60


def test_the_index_comes_before_the_pictures(tmp_path):
    made(tmp_path / "film.mp4", [30, 30])
    kinds = boxes(tmp_path / "film.mp4")
    assert kinds.index("moov") < kinds.index("mdat")


def test_colour_and_title_are_in_the_file(tmp_path):
    made(tmp_path / "film.mp4", [5], title="The Last Lighthouse")
    with av.open(tmp_path / "film.mp4") as container:
        assert container.metadata["title"] == "The Last Lighthouse"
        c = container.streams.video[0].codec_context
        assert (c.color_range, c.colorspace, c.color_primaries, c.color_trc, c.pix_fmt) == (1, 1, 1, 1, "yuv420p")
    assert b"colrnclx" in (tmp_path / "film.mp4").read_bytes()


def test_a_film_without_sound_has_pictures_only(tmp_path):
    made(tmp_path / "film.mp4", [10], sound=False)
    with av.open(tmp_path / "film.mp4") as container:
        assert [stream.type for stream in container.streams] == ["video"]


def test_the_same_pieces_give_the_same_file(tmp_path):
    made(tmp_path / "one.mp4", [20, 20])
    made(tmp_path / "two.mp4", [20, 20])
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{rate.num}-{rate.den}")
def test_every_frame_starts_on_a_whole_tick(rate):
    assert ticks_per_second(rate) >= 10_000
    assert (ticks_per_second(rate) / rate.fps).denominator == 1
    assert ticks_per_second(Rate()) == 15_360


def test_a_piece_of_another_size_is_refused(tmp_path):
    small = encode(drawing([tuple(plane[::2, ::2] for plane in barcode(0))]), W // 2, H // 2, Rate(), "draft")
    with pytest.raises(RenderError, match="another set-up"):
        join(tmp_path / "film.mp4", [small], None, width_px=W, height_px=H, rate=Rate(), quality="draft")


def test_a_piece_of_another_encoder_is_refused(tmp_path, monkeypatch):
    """x264 with other options stands for an encoder in hardware: its set-up differs from the film's."""
    monkeypatch.setitem(encoding._CODECS, "qsv", "libx264")
    frames = [barcode(k) for k in range(20)]
    ours, theirs = (encode(drawing(frames), W, H, Rate(), "draft", encoder) for encoder in ("x264", "qsv"))
    size = {"width_px": W, "height_px": H, "rate": Rate(), "quality": "draft"}
    for pieces_given, encoder in (([ours, theirs], "x264"), ([theirs, ours], "qsv")):
        with pytest.raises(RenderError, match=r"another set-up.*--encoder x264"):
            join(tmp_path / "film.mp4", pieces_given, None, **size, encoder=encoder)
    assert join(tmp_path / "film.mp4", [theirs, theirs], None, **size, encoder="qsv") == 40
    with av.open(tmp_path / "film.mp4") as container:
        assert [number_in(frame) for frame in container.decode(video=0)] == [*range(20)] * 2


def test_sound_that_is_not_aac_is_refused(tmp_path):
    flac = PacketRun("flac", Fraction(1, 48_000), b"", ())
    with pytest.raises(RenderError, match="flac"):
        join(tmp_path / "film.mp4", [], flac, width_px=W, height_px=H, rate=Rate(), quality="draft")


def test_a_full_disk_is_told():
    with pytest.raises(DiskFull, match="full"):
        made(Path("/dev/full"), [60])


def test_pieces_are_read_one_by_one_and_let_go(tmp_path):
    """40 MB of pieces, of which no more than a few are in memory at a time."""
    piece = next(pieces([20], Rate()))
    noise = b"\0\0\0\1" + bytes(range(1, 256)) * 200
    (tmp_path / "kept").write_bytes(
        replace(piece, packets=tuple(replace(p, data=noise) for p in piece.packets)).to_bytes()
    )
    read = (PacketRun.from_bytes((tmp_path / "kept").read_bytes()) for _ in range(40))
    tracemalloc.start()
    try:
        join(tmp_path / "film.mp4", read, None, width_px=W, height_px=H, rate=Rate(), quality="draft")
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / "film.mp4").stat().st_size > 40e6
    assert peak_bytes < 8e6


def test_a_file_that_may_not_grow_is_told_and_never_passes_for_a_film(tmp_path):
    """The system refuses every byte after the first 4 000, in a process of its own."""
    code = (
        "import resource, sys; sys.path.insert(0, sys.argv[1]); import test_join as t; from pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))\n"
        "try: t.made(Path(sys.argv[2]), [60])\n"
        "except t.StorageError as error: print('told', error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path / "film.mp4")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("told")
    assert issubclass(DiskFull, StorageError)
