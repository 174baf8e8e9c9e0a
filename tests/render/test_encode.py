"""Encoding: repeatable to the byte, one closed group a piece, set-ups that join, colours that are told."""

import os
import subprocess
import sys
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.errors import InputError, RenderError
from storyreel.render import encode as encoding
from storyreel.render.encode import REORDER, choose_encoder, encode, encoder_name, why_not
from storyreel.settings import Quality

W, H = 320, 180


def moving(count, seed=0):
    texture = np.random.default_rng(seed).integers(40, 200, (H, W + count), np.uint8)
    half = np.full((H // 2, W // 2), 110, np.uint8)
    for k in range(count):
        yield np.ascontiguousarray(texture[:, k : k + W] // 2 + 40), half, half + np.uint8(k % 40)


def drawing(frames):
    """Frames as `encode` wants them: drawn one after the other into the planes it gives."""

    def draw(planes):
        for frame in frames:
            for target, plane in zip(planes, frame, strict=True):
                target[...] = plane
            yield

    return draw


def decoded(run):
    context = av.CodecContext.create("h264", "r")
    context.extradata = run.extradata
    frames = []
    for packet in run.packets:
        frames += context.decode(av.Packet(packet.data))
    return frames + context.decode(None), context


def piece(count, quality: Quality = "standard", seed=0):
    return encode(drawing(moving(count, seed)), W, H, Rate(), quality)


@pytest.mark.parametrize("quality", ["draft", "standard", "high"])
def test_a_piece_is_one_group_that_starts_with_its_only_keyframe(quality):
    run = piece(50, quality)
    assert [packet.keyframe for packet in run.packets] == [True] + [False] * 49
    assert run.packets[0].pts == 0
    assert sorted(packet.pts for packet in run.packets) == list(range(50))
    assert [packet.dts for packet in run.packets] == list(range(-REORDER, 50 - REORDER))
    assert run.time_base == Fraction(1, 30)


@pytest.mark.parametrize("quality", ["draft", "standard", "high"])
def test_every_piece_of_a_film_has_one_set_up(quality):
    assert len({piece(count, quality, seed=count).extradata for count in (1, 2, 3, 30)}) == 1


def test_a_group_is_closed():
    """Decoded alone, after the pieces before it were never seen, every frame is there and none is damaged."""
    frames, _ = decoded(piece(40))
    assert len(frames) == 40
    assert not any(frame.is_corrupt for frame in frames)


def test_what_is_decoded_is_what_was_drawn():
    frames, _ = decoded(piece(30, "high"))
    for frame, planes in zip(frames, moving(30), strict=True):
        got = np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(-1, frame.planes[0].line_size)[:H, :W]
        assert np.abs(got.astype(int) - planes[0]).mean() < 6
        chroma = np.frombuffer(memoryview(frame.planes[2]), np.uint8).reshape(-1, frame.planes[2].line_size)
        assert int(chroma[:90, :160].mean()) == pytest.approx(int(planes[2][0, 0]), abs=2)


def test_colours_are_tagged_as_bt709_limited():
    _, context = decoded(piece(3))
    assert (context.color_range, context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1, 1)


@pytest.mark.parametrize("quality", ["draft", "standard", "high"])
def test_the_same_frames_give_the_same_bytes_whatever_lay_in_memory(quality):
    """glibc fills fresh memory with another byte in each process, so nothing may depend on what was never written."""
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]); import test_encode as t;"
        f"print(hashlib.sha256(t.piece(60, {quality!r}).to_bytes()).hexdigest())"
    )
    digests = {sha256(piece(60, quality).to_bytes()).hexdigest()}
    for byte in ("1", "170"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env={**os.environ, "MALLOC_PERTURB_": byte},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout.strip())
    assert len(digests) == 1


def test_smooth_darkness_keeps_its_shades():
    """A dark gradient, where steps show first: the decoded shades follow the drawn ones closely."""
    y, x = np.mgrid[0:H, 0:W]
    noise = np.random.default_rng(1).uniform(0, 1, (H, W))
    luma = np.floor(22 + 14 * x / W + 8 * y / H + noise).astype(np.uint8)
    half = np.full((H // 2, W // 2), 128, np.uint8)
    frames, _ = decoded(encode(drawing([(luma, half, half)] * 40), W, H, Rate(), "standard"))
    smooth = 22 + 14 * x / W + 8 * y / H + 0.0
    for frame in (frames[0], frames[20], frames[39]):
        got = np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(-1, frame.planes[0].line_size)[:H, :W]
        blocks = (got - smooth)[:176, :].reshape(22, 8, 40, 8).mean(axis=(1, 3))
        assert np.abs(blocks).max() < 1.0
        assert np.abs(blocks).mean() < 0.35


def test_a_size_the_encoder_refuses_is_told():
    odd = (np.zeros((181, 321), np.uint8), np.zeros((91, 161), np.uint8), np.zeros((91, 161), np.uint8))
    with pytest.raises(RenderError, match="321 x 181"):
        encode(drawing([odd]), 321, 181, Rate(), "standard")


def test_the_encoders_version_is_known_without_loading_it():
    assert encoder_name() == f"libx264/av-{av.__version__}"


@pytest.fixture
def pretended(monkeypatch):
    """x264 under the name of Intel's encoder, whose pictures come in another layout: a machine that has one."""
    monkeypatch.setitem(encoding._CODECS, "qsv", "libx264")
    why_not.cache_clear()
    yield
    why_not.cache_clear()


def test_hardware_that_is_not_there_is_told_with_what_to_use():
    """PyAV is built without Apple's encoder everywhere but on a Mac."""
    absent = "videotoolbox" if sys.platform != "darwin" else "nvenc"
    with pytest.raises(InputError, match=rf"{absent} does not work on this machine \(.+\): use --encoder x264"):
        choose_encoder(absent)
    with pytest.raises(InputError, match="choose one of auto, x264, nvenc"):
        choose_encoder("h265")
    assert choose_encoder("x264") == "x264"


def test_an_encoder_is_tried_before_it_is_chosen(pretended):
    assert choose_encoder("qsv") == "qsv"
    assert choose_encoder("auto") in ("nvenc", "qsv")
    absent = "videotoolbox" if sys.platform != "darwin" else "nvenc"
    with pytest.raises(InputError, match=r"use --encoder x264 or --encoder .*qsv"):
        choose_encoder(absent)


def test_auto_takes_x264_where_there_is_no_other(monkeypatch):
    monkeypatch.setattr(encoding, "why_not", lambda encoder: "absent")
    assert choose_encoder("auto") == "x264"


def test_an_encoder_with_another_layout_of_pictures_shows_the_same(pretended):
    run = encode(drawing(moving(30)), W, H, Rate(), "high", "qsv")
    frames, _ = decoded(run)
    assert len(frames) == 30
    assert [packet.keyframe for packet in run.packets] == [True] + [False] * 29
    for frame, planes in zip(frames, moving(30), strict=True):
        for plane, drawn, limit in zip(frame.planes, planes, (6, 1, 1), strict=True):
            got = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
            assert np.abs(got.astype(int) - drawn).mean() < limit


def test_every_encoder_has_a_name_of_its_own_in_the_keys():
    names = [encoder_name(encoder) for encoder in ("x264", "nvenc", "qsv", "videotoolbox")]
    assert len(set(names)) == 4
