"""Pictures that a painter is given to go by: how those who are seen look. What services have in common about them."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from hashlib import sha256

from storyreel.errors import InputError
from storyreel.providers.contracts import ImageRequest, Reference

MOST = 8
"""More pictures than this confuse a model more than they help it: one view a person, who matters most first."""
KEEP = (
    "The pictures given show who is seen in this one: their faces, hair and clothes stay just as they are there. The "
    "place, the pose, the light and the framing are those told above."
)


def reference(data: bytes, of: str = "") -> Reference:
    """An encoded picture as one to go by.

    Args:
        of: who is seen, in the words that prompts have for them.

    Raises:
        InputError: it is neither PNG, JPEG nor WebP.
    """
    image_type(data)
    return Reference(sha256(data).hexdigest(), of, data)


def most_of(painter: object) -> int:
    """How many pictures to go by a painter takes; 0 for one that goes by words alone."""
    most = getattr(painter, "most_references", 0)
    return min(most, MOST) if isinstance(most, int) else 0


def given(request: ImageRequest, most: int) -> tuple[bytes, ...]:
    """The pictures of a request that a service takes."""
    return tuple(each.data for each in request.references[:most])


def told(prompt: str, pictures: Sequence[bytes]) -> str:
    """A prompt that says what the pictures given with it are for."""
    return f"{prompt}\n\n{KEEP}" if pictures else prompt


def image_type(data: bytes) -> str:
    """The media type of an encoded picture: PNG, JPEG or WebP.

    Raises:
        InputError: it is none of these.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise InputError("a picture to go by is neither PNG, JPEG nor WebP: save it as one of these first")


def data_url(data: bytes) -> str:
    """A picture as an address that holds it (RFC 2397)."""
    return f"data:{image_type(data)};base64,{base64.b64encode(data).decode()}"


def megapixels(pictures: Sequence[bytes]) -> float:
    """How large pictures are together, for services that charge for what they read."""
    from PIL import Image

    total = 0.0
    for data in pictures:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            total += picture.width * picture.height / 1e6
    return total
