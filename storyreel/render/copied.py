"""Pieces taken out of a video as they are: nothing is decoded or encoded again where nothing is to be changed.

A video that was encoded as this film is, in closed groups of pictures, gives its packets to every piece that shows it
whole, at its own speed, with no text, fade or transition over it, and that begins and ends where its groups do.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from storyreel.airlock import FORMATS
from storyreel.clock import Rate
from storyreel.codec import X264
from storyreel.memo.blob import Blob
from storyreel.render.chunks import ChunkSpec
from storyreel.render.encode import REORDER, open_encoder
from storyreel.render.motion import is_static
from storyreel.render.packets import Packet, PacketRun
from storyreel.settings import Quality
from storyreel.timeline.model import Rect

_START = b"\0\0\0\1"
_SEQUENCE, _PICTURE = 7, 8  # kinds of NAL units (ITU-T H.264, table 7-1)


def copied(spec: ChunkSpec, path_of: Callable[[Blob], Path]) -> PacketRun | None:
    """A piece as packets of its video; None where it has to be drawn.

    Args:
        spec: the piece, to be encoded by x264.
        path_of: where a source's file is.
    """
    first = _first_frame(spec)
    if first is None or spec.view.source is None:
        return None
    import av

    headers = _headers(spec.width_px, spec.height_px, spec.rate, spec.quality)
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        with av.open(f"file:{path_of(spec.view.source)}", container_options=options) as container:
            stream: Any = container.streams.best("video")
            if stream is None or not _encoded_alike(stream, spec, headers):
                return None
            packets = _packets(container, stream, spec.rate, first, first + spec.length_frames)
    except (av.FFmpegError, OSError, ValueError):
        return None  # whatever is wrong with it is told by who draws it
    if packets is None:
        return None
    return PacketRun("h264", Fraction(1) / spec.rate.fps, headers, packets)


def _first_frame(spec: ChunkSpec) -> int | None:
    """The video's frame that the piece begins on, where the piece shows nothing but the video, frame by frame."""
    view = spec.view
    if (
        not view.video or spec.coming is not None or spec.overlays or spec.fade_in or spec.fade_out
        or view.speed != 1.0 or view.fit.kind != "crop" or not is_static(view.motion) or view.motion.start != Rect()
    ):  # fmt: skip
        return None
    start = Fraction(str(view.source_start_s)) * spec.rate.fps
    first = round(start) + view.source_first
    return first if abs(start - round(start)) < Fraction(1, 100) and first >= 0 else None


def _encoded_alike(stream: Any, spec: ChunkSpec, headers: bytes) -> bool:
    context = stream.codec_context
    return (
        context.name == "h264"
        and (context.width, context.height) == (spec.width_px, spec.height_px)
        and Fraction(stream.average_rate or 0) == spec.rate.fps
        and _units_of_avcc(bytes(context.extradata or b"")) == _units(headers)
    )


def _packets(container: Any, stream: Any, rate: Rate, first: int, end: int) -> tuple[Packet, ...] | None:
    """The packets of frames `first` to `end`, excluded, in decoding order; None unless whole groups hold just these."""
    taken: list[Any] = []
    origin: int | None = None
    for packet in container.demux(stream):
        if packet.pts is None or packet.dts is None:
            continue
        if origin is None:
            origin = packet.pts  # a film's first packet is its first frame
        frame = round((packet.pts - origin) * packet.time_base * rate.fps)
        if packet.is_keyframe and frame >= end:
            break
        if taken or (packet.is_keyframe and frame == first):
            taken.append((frame, packet.is_keyframe, bytes(packet)))
    if sorted(frame for frame, _, _ in taken) != list(range(first, end)):
        return None
    return tuple(
        Packet(pts=frame - first, dts=index - REORDER, duration=1, keyframe=keyframe, data=_in_start_codes(data))
        for index, (frame, keyframe, data) in enumerate(taken)
    )


@lru_cache(maxsize=8)
def _headers(width_px: int, height_px: int, rate: Rate, quality: Quality) -> bytes:
    """What x264 sets a film's decoder up with."""
    import av

    context: Any = av.CodecContext.create(X264, "w")
    open_encoder(context, width_px, height_px, rate, quality)
    context.open()
    return bytes(context.extradata or b"")


def _units(annex_b: bytes) -> list[bytes]:
    """The sequence and picture parameter sets among NAL units parted by start codes (H.264, annex B), in order."""
    units = [part.rstrip(b"\0") for part in annex_b.split(b"\0\0\1")]
    return [unit for unit in units if unit and unit[0] & 31 in (_SEQUENCE, _PICTURE)]


def _units_of_avcc(record: bytes) -> list[bytes]:
    """The same from an MP4's decoder configuration (ISO/IEC 14496-15, 5.3.3.1); empty where it is something else."""
    if len(record) < 7 or record[0] != 1:
        return []
    units, at = [], 5
    for mask in (31, 255):
        if at >= len(record):
            return []
        count, at = record[at] & mask, at + 1
        for _ in range(count):
            size = int.from_bytes(record[at : at + 2])
            units.append(record[at + 2 : at + 2 + size])
            at += 2 + size
    return units


def _in_start_codes(data: bytes) -> bytes:
    """A packet of NAL units that are told by their length, as one where start codes part them."""
    units, at = [], 0
    while at + 4 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        if at + 4 + size > len(data):
            raise ValueError("a packet is cut short")
        units.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return b"".join(_START + unit for unit in units)
