"""Pictures on their way into requests: small enough for the service, and known to the ledger by what they were."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from storyreel.errors import InputError
from storyreel.providers import references
from storyreel.providers.transport import Call

_QUALITIES = (95, 88, 80)
_SMALLER = 0.75
_SHORTEST_PX = 64
_SPARED_S = 0.15


@dataclass(frozen=True, slots=True)
class FramedCall(Call):
    """A request with pictures in its body.

    Attributes:
        known: the body with digests where the pictures are. A picture may be packed anew to fit, and another version
            of the packer would make other bytes of it, which must not look like another request.
    """

    known: Mapping[str, Any] = field(default_factory=dict)

    @property
    def known_by(self) -> Mapping[str, object]:
        """What it says, for the ledger."""
        return {"body": dict(self.known)}


def enough_s(duration_s: float) -> float:
    """How long an offered clip has to be at least, for one that is to last so long.

    A clip between two pictures has a frame more than its segment; a whole further second is not bought for that.
    """
    return duration_s - _SPARED_S


def digest(picture: bytes) -> str:
    """What stands for a picture in what the ledger knows."""
    return sha256(picture).hexdigest()


def base64_of(picture: bytes, most_bytes: int) -> tuple[str, str]:
    """A picture as (base64, MIME type), packed anew where it has more than `most_bytes`."""
    small = _packed(picture, most_bytes)
    return base64.b64encode(small).decode(), references.image_type(small)


def data_url(picture: bytes, most_bytes: int) -> str:
    """A picture as a data URL of a picture of at most so many bytes."""
    return references.data_url(_packed(picture, most_bytes))


def _packed(picture: bytes, most_bytes: int) -> bytes:
    """The picture itself if it is small enough, else a JPEG of it: first of less quality, then of fewer pixels."""
    if len(picture) <= most_bytes:
        return picture
    from PIL import Image

    with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG", "WEBP")) as opened:
        image = opened.convert("RGB")
    while min(image.size) >= _SHORTEST_PX:
        for quality in _QUALITIES:
            packed = io.BytesIO()
            image.save(packed, "JPEG", quality=quality)
            if packed.tell() <= most_bytes:
                return packed.getvalue()
        image = image.resize((round(image.width * _SMALLER), round(image.height * _SMALLER)), Image.Resampling.LANCZOS)
    raise InputError(f"a frame cannot be packed into {most_bytes:,} bytes: give another picture")
