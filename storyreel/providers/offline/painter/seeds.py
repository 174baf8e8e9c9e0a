"""The number that decides everything random in a picture."""

from __future__ import annotations

import hashlib

from storyreel.providers.contracts import ImageRequest


def seed_of(request: ImageRequest) -> int:
    """A number from the request's words and seed, but not its size, so that a portrait cut resembles the wide one."""
    words = request.model_dump_json(exclude={"width_px", "height_px"})
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "little")
