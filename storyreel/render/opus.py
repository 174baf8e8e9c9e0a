"""A stretch of sound as Ogg Opus that begins and ends to the sample, so that stretches play on without a gap.

A decoder needs some 80 ms until it sounds right (RFC 7845, 4.2), and a codec hears ahead. So a little of the film
before the stretch is encoded too and marked as pre-skip, a little after it feeds the encoder, and the last page's
granule position says where the stretch ends (RFC 7845, 4.3 and 4.4). FFmpeg's muxer knows neither lead nor tail, hence
our own pages (RFC 3533).
"""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Any

import numpy as np

from storyreel.errors import RenderError
from storyreel.providers.contracts import FloatArray

SAMPLE_RATE_HZ = 48_000
BITS_A_SECOND = 96_000
LEAD = 3_840
"""Samples before the stretch that are of use: 80 ms."""
TAIL = 1_920
"""Samples after it: more than the encoder hears ahead."""
_FRAME = 960
_DELAY = 312  # libopus hears 6.5 ms ahead
_PACKETS_A_PAGE = 50
_SERIAL = 0x53524C31
_BEGINS, _ENDS = 2, 4


def encode_opus(samples: FloatArray, lead: int, count: int) -> bytes:
    """Encode a stretch.

    Args:
        samples: shape (n, 2), 48 kHz; at least lead + count of them, and `TAIL` more where the film goes on.
        lead: how many of them come before the stretch; at most `LEAD` are used.
        count: how long the stretch is.

    Raises:
        RenderError: the encoder gave another length than it was given.
    """
    used = min(lead, LEAD)
    skip = used + _DELAY
    heard = samples[lead - used : lead + count + TAIL]
    frames = -(-(skip + count) // _FRAME)
    padded = np.zeros((frames * _FRAME + _FRAME, 2), np.float32)
    padded[: min(len(heard), len(padded))] = heard[: len(padded)]
    packets = _packets(padded)[:frames]
    if len(packets) < frames:
        raise RenderError("the Opus encoder gave too little sound; please report it with the film's id")
    return _pages(packets, skip, count)


def _packets(samples: FloatArray) -> list[bytes]:
    from av import AudioFrame, CodecContext

    encoder: Any = CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = SAMPLE_RATE_HZ, "stereo", "flt"
    encoder.bit_rate, encoder.time_base = BITS_A_SECOND, Fraction(1, SAMPLE_RATE_HZ)
    encoder.thread_count = 1
    encoder.options = {"application": "audio", "frame_duration": "20", "vbr": "on", "compression_level": "6"}
    encoder.open()
    packets: list[bytes] = []
    for start in range(0, len(samples), _FRAME):
        part = np.clip(samples[start : start + _FRAME], -1.0, 1.0)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(part).reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE_HZ, Fraction(1, SAMPLE_RATE_HZ), start
        packets += (bytes(packet) for packet in encoder.encode(frame))
    packets += (bytes(packet) for packet in encoder.encode(None) if packet.size)
    return packets


def _pages(packets: list[bytes], skip: int, count: int) -> bytes:
    head = struct.pack("<8sBBHIhB", b"OpusHead", 1, 2, skip, SAMPLE_RATE_HZ, 0, 0)
    vendor = b"storyreel"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
    pages = [_page([head], 0, 0, _BEGINS), _page([tags], 0, 1, 0)]
    for first in range(0, len(packets), _PACKETS_A_PAGE):
        own = packets[first : first + _PACKETS_A_PAGE]
        last = first + len(own) == len(packets)
        granule = skip + count if last else (first + len(own)) * _FRAME
        pages.append(_page(own, granule, len(pages), _ENDS if last else 0))
    return b"".join(pages)


def _page(packets: list[bytes], granule: int, number: int, flags: int) -> bytes:
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, _SERIAL, number, 0) + bytes([len(lacing)]) + lacing
    page = bytearray(head + b"".join(packets))
    struct.pack_into("<I", page, 22, _crc(bytes(page)))
    return bytes(page)


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ 0x04C11DB7 if value & 0x80000000 else value << 1
        table.append(value & 0xFFFFFFFF)
    return tuple(table)


_CRC = _crc_table()


def _crc(data: bytes) -> int:
    """RFC 3533's checksum: CRC-32 with polynomial 0x04C11DB7, not reflected, from 0, not inverted."""
    value = 0
    for byte in data:
        value = ((value << 8) & 0xFFFFFFFF) ^ _CRC[(value >> 24) ^ byte]
    return value
