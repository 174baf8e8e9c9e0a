"""Encoded picture or sound as values: packets that can be kept, compared and joined without opening a container."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from storyreel.errors import CorruptFile

_MAGIC = b"SRPK\x01"
_HEAD = struct.Struct("<8sIIII")  # codec, time base numerator and denominator, extradata size, packet count
_ENTRY = struct.Struct("<qqiIB")  # pts, dts, duration, size, keyframe
SUFFIX = ".packets"


@dataclass(frozen=True, slots=True)
class Packet:
    """One encoded packet; its times count in the run's time base."""

    pts: int
    dts: int
    duration: int
    keyframe: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class PacketRun:
    """A stretch of one encoded stream.

    Attributes:
        codec: "h264", "aac", ... as FFmpeg names it.
        time_base: seconds in one unit of time.
        extradata: the decoder's set-up; equal in runs that may be joined.
        packets: in decoding order, times from the run's own start.
    """

    codec: str
    time_base: Fraction
    extradata: bytes
    packets: tuple[Packet, ...]

    def to_bytes(self) -> bytes:
        """The run as bytes: a head, a table of packets, then their data."""
        base = self.time_base
        head = _HEAD.pack(
            self.codec.encode().ljust(8, b"\0"),
            base.numerator,
            base.denominator,
            len(self.extradata),
            len(self.packets),
        )
        table = (_ENTRY.pack(p.pts, p.dts, p.duration, len(p.data), p.keyframe) for p in self.packets)
        return b"".join((_MAGIC, head, self.extradata, *table, *(p.data for p in self.packets)))

    @classmethod
    def from_bytes(cls, data: bytes) -> PacketRun:
        """Read what `to_bytes` wrote.

        Raises:
            CorruptFile: the bytes are anything else, or cut short.
        """
        try:
            if data[: len(_MAGIC)] != _MAGIC:
                raise ValueError("no packet run")
            at = len(_MAGIC)
            codec, num, den, extra_size, count = _HEAD.unpack_from(data, at)
            at += _HEAD.size
            extradata = data[at : at + extra_size]
            at += extra_size
            entries = [_ENTRY.unpack_from(data, at + i * _ENTRY.size) for i in range(count)]
            at += count * _ENTRY.size
            packets = []
            for pts, dts, duration, size, keyframe in entries:
                packets.append(Packet(pts, dts, duration, bool(keyframe), data[at : at + size]))
                at += size
            if at != len(data):
                raise ValueError("cut short or too long")
            return cls(codec.rstrip(b"\0").decode("ascii"), Fraction(num, den), extradata, tuple(packets))
        except (struct.error, ValueError, ZeroDivisionError) as error:
            raise CorruptFile(f"a remembered piece of film is damaged: {error}") from error


def total_duration(packets: Iterable[Packet]) -> int:
    """The packets' durations added up, in the run's time base."""
    return sum(packet.duration for packet in packets)
