"""The number that decides everything random in a picture."""

from __future__ import annotations

import hashlib

from storyreel.providers.contracts import ImageRequest


def seed_of(request: ImageRequest) -> int:
    """A number from the request's words and seed, but not its size, so that a portrait cut resembles the wide one."""
    words = request.model_dump_json(exclude={"width_px": True, "height_px": True, "scene": {"location"}})
    return _number(words)


def place_seed_of(request: ImageRequest) -> int | None:
    """The number that decides how the place itself looks, for all pictures of a location; None where none is named."""
    if request.scene is None or not request.scene.location:
        return None
    return _number(f"{request.seed}|{request.scene.location}")


def _number(words: str) -> int:
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "little")
