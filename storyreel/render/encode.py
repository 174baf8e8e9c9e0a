"""Frames in, packets out: one closed group of pictures a piece, the same bytes whenever it is made again.

x264 runs on one thread, which makes it repeatable and lets every core encode a piece of its own. `stitchable` keeps the
stream's headers free of what a piece contains, so pieces can be joined without touching them. Times count in frames;
decoding times run from `-REORDER` up by one a packet in every piece, so they keep rising across joins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from importlib.metadata import version
from typing import Any

from storyreel.clock import Rate
from storyreel.errors import RenderError
from storyreel.render.overlay import Planes
from storyreel.render.packets import Packet, PacketRun
from storyreel.settings import Quality

Draw = Callable[[Planes], Iterator[None]]

REORDER = 2
"""How many pictures B-frames may move a picture in decoding order: two, with B-frames used as references."""

_CPU_AVX_512F = 13  # OpenCV's number for it, which its Python module does not name

_COMMON = "stitchable=1:open-gop=0:keyint=infinite:scenecut=0:bframes=3:b-pyramid=normal"
_PRESETS: dict[Quality, dict[str, str]] = {
    "draft": {"preset": "ultrafast", "crf": "26", "x264-params": _COMMON + ":aq-mode=1"},
    # A third cheaper than "veryfast" at the same size and likeness: what that preset gains comes from mbtree and
    # the short lookahead. aq-mode 3 keeps more of what is dark and smooth, where steps would show.
    "standard": {"preset": "superfast", "crf": "21", "x264-params": _COMMON + ":mbtree=1:rc-lookahead=10:aq-mode=3"},
    "high": {"preset": "medium", "crf": "18", "x264-params": _COMMON + ":rc-lookahead=30:aq-mode=3"},
}


def encoder_name() -> str:
    """What encodes, with its version: part of every piece's key. Loads nothing."""
    return f"libx264/av-{version('av')}"


def open_encoder(context: Any, width_px: int, height_px: int, rate: Rate, quality: Quality) -> None:
    """Set an unopened libx264 context to what every piece of a film is encoded with."""
    from av.codec.context import Flags, ThreadType
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

    context.width, context.height, context.pix_fmt = width_px, height_px, "yuv420p"
    context.time_base, context.framerate = 1 / rate.fps, rate.fps
    context.thread_count, context.thread_type = 1, ThreadType.NONE
    context.flags |= Flags.global_header | Flags.closed_gop
    context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
    context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    preset = _PRESETS[quality]
    context.options = {**preset, "x264-params": preset["x264-params"] + _instruction_sets()}


@cache
def _instruction_sets() -> str:
    """Keep x264 off AVX-512: there its mbtree reads memory nobody has written, and the same frames encode differently.

    (Seen with the x264 in PyAV 18.1; without AVX-512 the bytes are those of its plain C code, and no slower.)
    """
    import cv2

    return ":asm=avx2,fma3,bmi2,lzcnt" if cv2.checkHardwareSupport(_CPU_AVX_512F) else ""


def encode(draw: Draw, width_px: int, height_px: int, rate: Rate, quality: Quality) -> PacketRun:
    """Encode a piece of film as H.264.

    Args:
        draw: is given the planes of one frame (yuv420p, BT.709 limited range) and draws the piece's frames into them,
            one after the other, yielding after each.
        width_px, height_px: both even.
        rate: frames a second.
        quality: which preset.

    Returns:
        Its packets; the time base is one frame.

    Raises:
        RenderError: the encoder refused, or moved a picture further than `REORDER`.
    """
    import av
    import numpy as np

    try:
        context = av.CodecContext.create("libx264", "w")
        open_encoder(context, width_px, height_px, rate, quality)
        picture = av.VideoFrame(width_px, height_px, "yuv420p")
        y, u, v = (
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
            for plane in picture.planes
        )
        encoded: list[Any] = []
        # x264 copies what it is given, so one picture serves for all.
        for index, _ in enumerate(draw((y, u, v))):
            picture.pts, picture.time_base = index, context.time_base
            encoded += context.encode(picture)
        encoded += context.encode(None)
        extradata = bytes(context.extradata or b"")
    except av.FFmpegError as error:
        raise RenderError(
            f"the encoder refused {width_px} x {height_px} at {rate.fps} frames a second: {error}"
        ) from error
    packets = tuple(
        Packet(pts=packet.pts, dts=index - REORDER, duration=1, keyframe=packet.is_keyframe, data=bytes(packet))
        for index, packet in enumerate(encoded)
    )
    if sorted(packet.pts for packet in packets) != list(range(len(packets))) or any(p.pts < p.dts for p in packets):
        raise RenderError("the encoder lost a picture or moved one too far: report this, with the film's size and rate")
    return PacketRun("h264", Fraction(1) / rate.fps, extradata, packets)
