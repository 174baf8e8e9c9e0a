"""Pictures that a painter is given to go by: a person's face, a place, a manner. How they are told apart and sent."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from hashlib import sha256

from storyreel.errors import InputError


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


def told_apart(references: Sequence[bytes]) -> str:
    """What a painter's identity gains by its references: "" without any, else "/by-" and a digest."""
    if not references:
        return ""
    digest = sha256(b"".join(sha256(reference).digest() for reference in references))
    return f"/by-{digest.hexdigest()[:16]}"


def check_count(vendor: str, model: str, references: Sequence[bytes], most: int) -> None:
    """Raise InputError if a model takes fewer pictures to go by, or one of them is no picture."""
    if len(references) > most:
        takes = (
            f"takes {most} pictures to go by" if most > 1 else "takes one picture to go by" if most else "takes none"
        )
        raise InputError(f"{vendor}'s {model} {takes}, and {len(references)} are given: leave some out")
    for reference in references:
        image_type(reference)
