"""What a film should look and sound like, and where its files live. Values only: nothing here reads a file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, field_validator

from storyreel.clock import Rate
from storyreel.errors import InputError

SHAPES: Mapping[str, tuple[int, int]] = {"16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1080, 1080)}
LARGEST_SIDE_PX = 4096
SMALLEST_SIDE_PX = 64

Quality = Literal["draft", "standard", "high"]

_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")


class Settings(BaseModel, frozen=True, extra="forbid"):
    """Look, language, size and sound of one film.

    Attributes:
        width_px, height_px: frame size, both even, 64 to 4096.
        rate: frames a second.
        style: the art style that every picture prompt repeats.
        language: ISO 639-1 code of what is written and spoken.
        captions: a caption preset's name, or "none".
        platform: where a tall film is shown ("tiktok", ...), so that captions keep clear of its controls; "" for any.
        loudness_lufs: integrated loudness of the master (ITU-R BS.1770-4).
        true_peak_dbtp: highest true peak of the master.
        quality: which encoder preset the final render uses.
        pronunciations: how single words are said, by word, for a voice that can be told: IPA between slashes
            ("/ˈmɑɹɪn/"), or a respelling in ordinary words ("mah wren").
    """

    width_px: int = Field(default=1920, ge=SMALLEST_SIDE_PX, le=LARGEST_SIDE_PX)
    height_px: int = Field(default=1080, ge=SMALLEST_SIDE_PX, le=LARGEST_SIDE_PX)
    rate: Rate = Rate()
    style: str = Field(default="cinematic", min_length=1, max_length=400)
    language: str = Field(default="en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    captions: str = "documentary"
    platform: str = ""
    loudness_lufs: float = Field(default=-14.0, ge=-40.0, le=-5.0)
    true_peak_dbtp: float = Field(default=-1.0, ge=-12.0, le=0.0)
    quality: Quality = "standard"
    pronunciations: Mapping[str, str] = Field(default={}, max_length=1000)

    @field_validator("pronunciations")
    @classmethod
    def _single_words(cls, listed: Mapping[str, str]) -> Mapping[str, str]:
        for word, how in listed.items():
            if len(word) > 60 or not _WORD.fullmatch(word):
                raise ValueError(f"{word[:60]!r} is not one word of letters: list the words of a name one by one")
            if not how.strip(" /") or len(how) > 200 or any(sign in how for sign in "\n\r\t"):
                raise ValueError(f"{word!r} needs its sounds: IPA between slashes, or a respelling, on one line")
        return listed

    @field_validator("width_px", "height_px")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("must be even, because video colour is stored for pairs of pixels")
        return value


def parse_size(text: str) -> tuple[int, int]:
    """Read "1920x1080", "16:9", "9:16" or "1:1" as (width_px, height_px).

    Raises:
        InputError: neither a known shape nor two even numbers in range.
    """
    if text in SHAPES:
        return SHAPES[text]
    width, cross, height = text.lower().partition("x")
    if cross and width.isdecimal() and height.isdecimal():
        size = int(width), int(height)
        if all(SMALLEST_SIDE_PX <= side <= LARGEST_SIDE_PX and side % 2 == 0 for side in size):
            return size
    raise InputError(
        f"the size {text!r} cannot be used: give {', '.join(SHAPES)}, or WIDTHxHEIGHT with even numbers "
        f"from {SMALLEST_SIDE_PX} to {LARGEST_SIDE_PX}"
    )


def cache_root(chosen: Path | str | None = None) -> Path:
    """The cache folder: the one chosen, else STORYREEL_CACHE, else ./cache; made absolute, not created."""
    return Path(chosen or os.environ.get("STORYREEL_CACHE") or "cache").expanduser().absolute()
