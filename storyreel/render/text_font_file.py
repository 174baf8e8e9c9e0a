"""A font file of the user's: whether it is one, which characters it has, and what tells it from any other.

Only the tables that say so are read (OpenType 1.9.1: "OpenType font file", "cmap", "fvar"), so asking needs no font
library.
"""

from __future__ import annotations

import hashlib
import struct
from functools import lru_cache
from pathlib import Path

from storyreel.errors import InputError

_SFNT = {b"\x00\x01\x00\x00", b"OTTO", b"true"}
_COLLECTION = b"ttcf"
_UNICODE = {(3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0)}  # platform and encoding


def font_digest(path: str) -> str:
    """The SHA-256 of a font file.

    Raises:
        InputError: it cannot be read, or is no font.
    """
    try:
        state = Path(path).stat()
    except OSError as error:
        raise InputError(f"the font {path} cannot be read ({error.strerror}): give the path of a font file") from error
    return _read(path, state.st_mtime_ns, state.st_size)[0]


def font_ranges(path: str) -> tuple[list[int], list[int]]:
    """First and last code points of the stretches that a font file covers, ascending.

    Raises:
        InputError: it cannot be read, or is no font.
    """
    font_digest(path)
    state = Path(path).stat()
    return _read(path, state.st_mtime_ns, state.st_size)[1]


@lru_cache(maxsize=16)
def _read(path: str, mtime_ns: int, size_bytes: int) -> tuple[str, tuple[list[int], list[int]]]:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"the font {path} cannot be read ({error.strerror}): give the path of a font file") from error
    try:
        codes = _codes(data)
    except (struct.error, IndexError, ValueError):
        codes = set()
    if not codes:
        raise InputError(f"{path} is not a font that can be used: give a TrueType or OpenType file (.ttf, .otf, .ttc)")
    starts: list[int] = []
    ends: list[int] = []
    for code in sorted(codes):
        if ends and code == ends[-1] + 1:
            ends[-1] = code
        else:
            starts.append(code)
            ends.append(code)
    return hashlib.sha256(data).hexdigest(), (starts, ends)


def _codes(data: bytes) -> set[int]:
    """The characters of a font's best Unicode character map; empty where `data` is no font."""
    at = struct.unpack_from(">I", data, 12)[0] if data[:4] == _COLLECTION else 0
    if data[at : at + 4] not in _SFNT:
        return set()
    (count,) = struct.unpack_from(">H", data, at + 4)
    tables = {
        data[entry : entry + 4]: struct.unpack_from(">I", data, entry + 8)[0]
        for entry in range(at + 12, at + 12 + 16 * count, 16)
    }
    cmap = tables[b"cmap"] if b"cmap" in tables and (b"glyf" in tables or b"CFF " in tables or b"CFF2" in tables) else 0
    if not cmap:
        return set()
    (maps,) = struct.unpack_from(">H", data, cmap + 2)
    best: set[int] = set()
    for entry in range(cmap + 4, cmap + 4 + 8 * maps, 8):
        platform, encoding, offset = struct.unpack_from(">HHI", data, entry)
        if (platform, encoding) not in _UNICODE:
            continue
        (kind,) = struct.unpack_from(">H", data, cmap + offset)
        found = _segments(data, cmap + offset) if kind == 4 else _groups(data, cmap + offset) if kind == 12 else set()
        best = max(best, found, key=len)
    return best


def _segments(data: bytes, at: int) -> set[int]:
    """Format 4: segments of the basic plane; a character that maps to glyph 0 is not there."""
    (doubled,) = struct.unpack_from(">H", data, at + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 2 * doubled)
    offsets_at = at + 16 + 3 * doubled
    offsets = struct.unpack_from(f">{count}H", data, offsets_at)
    codes: set[int] = set()
    for index, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            if offset:
                (glyph,) = struct.unpack_from(">H", data, offsets_at + 2 * index + offset + 2 * (code - start))
                glyph = (glyph + delta) & 0xFFFF if glyph else 0
            else:
                glyph = (code + delta) & 0xFFFF
            if glyph:
                codes.add(code)
    return codes


def _groups(data: bytes, at: int) -> set[int]:
    """Format 12: groups of any plane."""
    (count,) = struct.unpack_from(">I", data, at + 12)
    codes: set[int] = set()
    for group in range(at + 16, at + 16 + 12 * count, 12):
        first, last, glyph = struct.unpack_from(">III", data, group)
        if last > 0x10FFFF or last < first:
            raise ValueError("a group of characters beyond Unicode")
        codes.update(range(first + (glyph == 0), last + 1))
    return codes
