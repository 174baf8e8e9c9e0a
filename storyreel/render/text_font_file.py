"""A font file of the user's: whether it is one, which characters it has, and what tells it from any other."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG

from storyreel.airlock import Unsafe, look_at_font
from storyreel.errors import InputError

LARGEST_BYTES = 100_000_000
"""A font with every Chinese, Japanese and Korean letter in nine weights has a third of that."""


def font_digest(path: str) -> str:
    """The SHA-256 of a font file.

    Raises:
        InputError: it cannot be read, or is no font.
    """
    return _read(path, *_state(path))[0]


def font_ranges(path: str) -> tuple[list[int], list[int]]:
    """First and last code points of the stretches that a font file covers, ascending.

    Raises:
        InputError: it cannot be read, or is no font.
    """
    return _read(path, *_state(path))[1]


def _state(path: str) -> tuple[int, int]:
    """What changes when the file does: its time of change in nanoseconds and its size in bytes."""
    try:
        state = Path(path).stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not S_ISREG(state.st_mode):
        raise _no_font(path)  # a device or a pipe may have no end
    if state.st_size > LARGEST_BYTES:
        raise InputError(f"the font {path} has {state.st_size / 1e6:.0f} MB: give one of at most 100 MB")
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=16)
def _read(path: str, mtime_ns: int, size_bytes: int) -> tuple[str, tuple[list[int], list[int]]]:
    import uharfbuzz as hb

    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        look_at_font(data)
    except Unsafe as error:
        raise InputError(f"the font {path} cannot be used, since {error.reason}: give another") from error
    face = hb.Face(data)
    codes = sorted(face.unicodes) if face.glyph_count else []
    if not codes:
        raise _no_font(path)
    starts: list[int] = []
    ends: list[int] = []
    for code in codes:
        if ends and code == ends[-1] + 1:
            ends[-1] = code
        else:
            starts.append(code)
            ends.append(code)
    return hashlib.sha256(data).hexdigest(), (starts, ends)


def _no_font(path: str) -> InputError:
    return InputError(f"{path} is not a font that can be used: give a TrueType or OpenType file (.ttf, .otf, .ttc)")


def _unreadable(path: str, error: OSError | ValueError) -> InputError:
    reason = error.strerror if isinstance(error, OSError) else error
    return InputError(f"the font {path} cannot be read ({reason}): give the path of a font file")
