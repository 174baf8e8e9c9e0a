"""What a picture by the offline crew tells of itself, in a text chunk of its PNG: what it was painted from and where
the camera stands in it. It goes where the picture goes, so whoever is handed the picture can go on from it."""

from __future__ import annotations

import struct
import zlib

from pydantic import BaseModel, ValidationError

from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.travel.path import Standpoint

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"storyreel:sight"
_LONGEST_BYTES = 200_000


class Sight(BaseModel, frozen=True, extra="forbid"):
    """What is seen in a picture.

    Attributes:
        world: what the shot's first picture was painted from; all its later pictures show the same place.
        notes: what has happened since, in words, in order.
        standpoint: where the camera has come to.
    """

    world: ImageRequest
    notes: tuple[str, ...] = ()
    standpoint: Standpoint = Standpoint()


def with_sight(png: bytes, sight: Sight) -> bytes:
    """The PNG with a text chunk that holds the sight (an iTXt chunk; W3C PNG, 11.3.3)."""
    body = _KEYWORD + b"\0\0\0\0\0" + sight.model_dump_json(exclude_defaults=True).encode()
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    header = len(_SIGNATURE) + 25  # the IHDR chunk, always first and always as long
    return png[:header] + chunk + png[header:]


def sight_of(picture: bytes) -> Sight | None:
    """What a picture tells of itself; None where it is not by the offline crew, or has been through other hands."""
    if picture[: len(_SIGNATURE)] != _SIGNATURE:
        return None
    at = len(_SIGNATURE)
    while at + 12 <= len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        kind, body = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        if kind == b"IDAT" or length > _LONGEST_BYTES:
            return None
        if kind == b"iTXt" and body.startswith(_KEYWORD + b"\0"):
            try:
                return Sight.model_validate_json(body[len(_KEYWORD) + 5 :])
            except ValidationError:
                return None
        at += 12 + length
    return None
