"""How every picture of every film is encoded with x264: one set-up, so that what is encoded apart can be joined.

x264 runs on one thread, which makes it repeatable and lets every core encode a piece of its own. `stitchable` keeps the
stream's headers free of what a piece contains, so pieces can be joined without touching them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from storyreel.clock import Rate
from storyreel.settings import Quality

X264 = "libx264"

GROUP_S = 2
"""How long the groups of pictures are in a clip that is made to be cut and copied: one keyframe that often."""

_CPU_AVX_512F = 13  # OpenCV's number for it, which its Python module does not name

_COMMON = "stitchable=1:open-gop=0:keyint=infinite:scenecut=0:bframes=3:b-pyramid=normal"
_PRESETS: dict[Quality, dict[str, str]] = {
    "draft": {"preset": "ultrafast", "crf": "26", "x264-params": _COMMON + ":aq-mode=1"},
    # A third cheaper than "veryfast" at the same size and likeness: what that preset gains comes from mbtree and
    # the short lookahead. aq-mode 3 keeps more of what is dark and smooth, where steps would show.
    "standard": {"preset": "superfast", "crf": "21", "x264-params": _COMMON + ":mbtree=1:rc-lookahead=10:aq-mode=3"},
    "high": {"preset": "medium", "crf": "18", "x264-params": _COMMON + ":rc-lookahead=30:aq-mode=3"},
}


def set_up_picture(context: Any, width_px: int, height_px: int, rate: Rate, pixel_format: str = "yuv420p") -> None:
    """Set an unopened encoder to a film's size, rate and colour: BT.709 in limited range; one thread, closed groups."""
    from av.codec.context import Flags, ThreadType
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

    context.width, context.height = width_px, height_px
    context.pix_fmt = pixel_format
    context.time_base, context.framerate = 1 / rate.fps, rate.fps
    context.thread_count, context.thread_type = 1, ThreadType.NONE
    context.flags |= Flags.global_header | Flags.closed_gop
    context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
    context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709


def clip_options() -> dict[str, str]:
    """The options of x264 for a clip that films take packets from: as of "standard", with a little more care.

    The decoder's set-up is the same. Small slow motion is not skipped over, which would stall until the next keyframe.
    """
    options = x264_options("standard")
    careful = ":no-fast-pskip=1:no-dct-decimate=1"
    return {**options, "crf": "19", "forced-idr": "1", "x264-params": options["x264-params"] + careful}


def x264_options(quality: Quality) -> dict[str, str]:
    """The options of x264 for a quality."""
    preset = _PRESETS[quality]
    return {**preset, "x264-params": preset["x264-params"] + _instruction_sets()}


@cache
def _instruction_sets() -> str:
    """Keep x264 off AVX-512: there its mbtree reads memory nobody has written, and the same frames encode differently.

    (Seen with the x264 in PyAV 18.1; without AVX-512 the bytes are those of its plain C code, and no slower.)
    """
    import cv2

    return ":asm=avx2,fma3,bmi2,lzcnt" if cv2.checkHardwareSupport(_CPU_AVX_512F) else ""
