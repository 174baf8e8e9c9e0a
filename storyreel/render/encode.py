"""Frames in, packets out: one closed group of pictures a piece, the same bytes whenever it is made again.

How x264 is set up stands in `storyreel.codec`. Times count in frames; decoding times run from `-REORDER` up by one a
packet in every piece, so they keep rising across joins.

Encoders in hardware are used where they are asked for by name. They are faster, need more bits for the same likeness,
and are not promised to give the same bytes twice; their pieces have keys of their own and are never joined with x264's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib.metadata import version
from types import MappingProxyType
from typing import Any, Literal, get_args

from storyreel.clock import Rate
from storyreel.codec import X264, set_up_picture, x264_options
from storyreel.errors import InputError, RenderError
from storyreel.render.overlay import Planes
from storyreel.render.packets import Packet, PacketRun
from storyreel.settings import Quality

Draw = Callable[[Planes], Iterator[None]]
Encoder = Literal["x264", "nvenc", "qsv", "videotoolbox"]

REORDER = 2
"""How many pictures B-frames may move a picture in decoding order: two, with B-frames used as references."""

_CODECS: dict[Encoder, str] = {
    "x264": X264,
    "nvenc": "h264_nvenc",
    "qsv": "h264_qsv",
    "videotoolbox": "h264_videotoolbox",
}
_MAKERS = {"nvenc": "NVIDIA", "qsv": "Intel", "videotoolbox": "Apple"}
# One keyframe a piece and no pictures out of order; the rest is each maker's own scale of speed and likeness.
_NO_REORDER = {"g": "100000", "bf": "0"}
_HARDWARE: dict[Encoder, dict[Quality, dict[str, str]]] = {
    "nvenc": {
        "draft": {"preset": "p1", "rc": "vbr", "cq": "30", "b": "0", "forced-idr": "1"},
        "standard": {"preset": "p4", "rc": "vbr", "cq": "24", "b": "0", "forced-idr": "1"},
        "high": {"preset": "p6", "rc": "vbr", "cq": "20", "b": "0", "forced-idr": "1"},
    },
    "qsv": {
        "draft": {"preset": "veryfast", "global_quality": "30", "forced_idr": "1"},
        "standard": {"preset": "medium", "global_quality": "24", "forced_idr": "1"},
        "high": {"preset": "slow", "global_quality": "20", "forced_idr": "1"},
    },
    # FF_QP2LAMBDA (118) times the 1 to 100 of VideoToolbox's own scale of quality.
    "videotoolbox": {
        "draft": {"global_quality": str(45 * 118), "flags": "+qscale"},
        "standard": {"global_quality": str(60 * 118), "flags": "+qscale"},
        "high": {"global_quality": str(75 * 118), "flags": "+qscale"},
    },
}
_PICTURE_FORMATS: Mapping[Encoder, str] = MappingProxyType({"qsv": "nv12"})


def encoder_name(encoder: Encoder = "x264") -> str:
    """What encodes, with its version: part of every piece's key. Loads nothing."""
    return f"{_CODECS[encoder]}/av-{version('av')}"


def choose_encoder(asked: str) -> Encoder:
    """The encoder for what a user asked for.

    Args:
        asked: an encoder's name, or "auto" for the first one in hardware that works here, else x264.

    Raises:
        InputError: there is no such encoder, or it does not work here; the message says why, and what does.
    """
    if asked == "x264":
        return "x264"
    hardware = [name for name in get_args(Encoder) if name != "x264"]
    if asked == "auto":
        return next((name for name in hardware if not why_not(name)), "x264")
    if asked not in hardware:
        raise InputError(f"encoder cannot be {asked[:40]!r}: choose one of auto, {', '.join(get_args(Encoder))}")
    name: Encoder = next(each for each in hardware if each == asked)
    if reason := why_not(name):
        working = [each for each in hardware if each != name and not why_not(each)]
        others = " or ".join(f"--encoder {each}" for each in ("x264", *working))
        raise InputError(
            f"{_MAKERS[name]}'s encoder {_CODECS[name]} does not work on this machine ({reason}): use {others}"
        )
    return name


@cache
def why_not(encoder: Encoder) -> str:
    """Why an encoder does not work here, found out by encoding two pictures with it; "" if it does."""
    import av

    def draw(planes: Planes) -> Iterator[None]:
        for shade in (60, 180):
            for plane in planes:
                plane.fill(shade)
            yield

    try:
        encode(draw, 640, 360, Rate(), "standard", encoder)
    except RenderError as error:
        cause = error.__cause__
        if isinstance(cause, av.codec.codec.UnknownCodecError):
            return "the installed PyAV was built without it"
        return f"FFmpeg could not open it: {getattr(cause, 'strerror', None) or error}"
    return ""


def open_encoder(
    context: Any, width_px: int, height_px: int, rate: Rate, quality: Quality, encoder: Encoder = "x264"
) -> None:
    """Set an unopened context of the encoder's codec to what every piece of a film is encoded with."""
    set_up_picture(context, width_px, height_px, rate, _PICTURE_FORMATS.get(encoder, "yuv420p"))
    if encoder == "x264":
        context.options = x264_options(quality)
    else:
        context.options = {**_NO_REORDER, **_HARDWARE[encoder][quality]}


def codec_of(encoder: Encoder) -> str:
    """FFmpeg's name of an encoder."""
    return _CODECS[encoder]


def encode(
    draw: Draw, width_px: int, height_px: int, rate: Rate, quality: Quality, encoder: Encoder = "x264"
) -> PacketRun:
    """Encode a piece of film as H.264.

    Args:
        draw: is given the planes of one frame (yuv420p, BT.709 limited range) and draws the piece's frames into them,
            one after the other, yielding after each.
        width_px, height_px: both even.
        rate: frames a second.
        quality: which preset.
        encoder: what encodes.

    Returns:
        Its packets; the time base is one frame.

    Raises:
        RenderError: the encoder refused, or moved a picture further than `REORDER`.
    """
    import av
    import numpy as np

    try:
        context: Any = av.CodecContext.create(_CODECS[encoder], "w")
        open_encoder(context, width_px, height_px, rate, quality, encoder)
        picture = av.VideoFrame(width_px, height_px, "yuv420p")
        y, u, v = (
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
            for plane in picture.planes
        )
        encoded: list[Any] = []
        native = context.pix_fmt == "yuv420p"
        # x264 copies what it is given, so one picture serves for all.
        for index, _ in enumerate(draw((y, u, v))):
            picture.pts, picture.time_base = index, context.time_base
            encoded += context.encode(picture if native else picture.reformat(format=context.pix_fmt))
        encoded += context.encode(None)
        extradata = bytes(context.extradata or b"")
    except (av.FFmpegError, av.codec.codec.UnknownCodecError) as error:
        raise RenderError(
            f"the encoder {_CODECS[encoder]} refused {width_px} x {height_px} at {rate.fps} frames a second: {error}"
        ) from error
    packets = tuple(
        Packet(pts=packet.pts, dts=index - REORDER, duration=1, keyframe=packet.is_keyframe, data=bytes(packet))
        for index, packet in enumerate(encoded)
    )
    if sorted(packet.pts for packet in packets) != list(range(len(packets))) or any(p.pts < p.dts for p in packets):
        raise RenderError("the encoder lost a picture or moved one too far: report this, with the film's size and rate")
    return PacketRun("h264", Fraction(1) / rate.fps, extradata, packets)
