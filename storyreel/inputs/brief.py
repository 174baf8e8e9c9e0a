"""What the user gives: checked once, here, with a sentence for each way it can be wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.inputs.limits import CAPTION_PRESETS as CAPTION_PRESETS
from storyreel.inputs.limits import CHAPTERS as CHAPTERS
from storyreel.inputs.limits import DEFAULT_CHAPTERS as DEFAULT_CHAPTERS
from storyreel.inputs.limits import DEFAULT_WORDS as DEFAULT_WORDS
from storyreel.inputs.limits import WORDS as WORDS
from storyreel.inputs.templates import Template
from storyreel.settings import Quality, Settings, parse_size

TITLE_CHARACTERS = 200
FILM_WORDS = 20_000
FRAMES_A_SECOND = range(1, 121)
PLATFORMS = ("", "cinema", "reels", "shorts", "tiktok", "youtube")
SPOKEN_WORDS_PER_MINUTE = 160


class TitleBrief(BaseModel, frozen=True, extra="forbid"):
    """A title film's input; make one with `title_brief`, which checks it.

    Attributes:
        title: the film's title, white space tidied.
        chapters: how many chapters.
        words: about how many words a chapter has.
        seed: another seed tells another story under the same title.
        template: the arc that the story follows; None leaves it to the writer.
    """

    title: str
    chapters: int = DEFAULT_CHAPTERS
    words: int = DEFAULT_WORDS
    seed: int = 0
    template: Template | None = None


def title_brief(
    title: str,
    chapters: Any = DEFAULT_CHAPTERS,
    words: Any = DEFAULT_WORDS,
    seed: int = 0,
    template: Template | None = None,
) -> TitleBrief:
    """Check a title film's input.

    Raises:
        InputError: the title is empty, too long or not text; a number is not whole or out of its range.
    """
    if not isinstance(title, str):
        raise InputError(f"the title must be text, not {type(title).__name__}")
    tidy = " ".join("".join(c for c in title if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs")).split())
    if not tidy:
        raise InputError('the title is empty: give the film a few words, such as "The Last Lighthouse"')
    if len(tidy) > TITLE_CHARACTERS:
        raise InputError(
            f"the title is {len(tidy):,} characters long: give at most {TITLE_CHARACTERS}, "
            "and keep longer texts for the story itself"
        )
    chapters = whole_number("chapters", chapters, CHAPTERS)
    words = whole_number("words", words, WORDS, "a chapter")
    if chapters * words > FILM_WORDS:
        minutes = chapters * words / SPOKEN_WORDS_PER_MINUTE
        raise InputError(
            f"{chapters} chapters of {words} words would speak for about {minutes:.0f} minutes: "
            f"keep chapters x words at or under {FILM_WORDS:,}"
        )
    return TitleBrief(title=tidy, chapters=chapters, words=words, seed=seed, template=template)


def whole_number(name: str, value: Any, allowed: range, each: str = "") -> int:
    """Read a whole number within a range from a number or its text.

    Raises:
        InputError: it is not whole, or out of range.
    """
    per = f" {each}" if each else ""
    try:
        number = int(str(value))
    except ValueError:
        number = None
    if number is None or isinstance(value, bool) or number not in allowed:
        raise InputError(
            f"{name} cannot be {value!s:.40}: give a whole number from {allowed.start:,} to {allowed.stop - 1:,}{per}"
        )
    return number


def film_settings(
    *,
    size: str,
    fps: Any,
    style: str,
    language: str,
    captions: str,
    quality: str,
    platform: str = "",
    loudness_lufs: float = -14.0,
    pronunciations: Mapping[str, str] | None = None,
) -> Settings:
    """Check what a film should look and sound like, as typed by a person.

    Raises:
        InputError: a value cannot be used; one sentence names it.
    """
    width_px, height_px = parse_size(size)
    rate = Rate(num=whole_number("fps", fps, FRAMES_A_SECOND))
    try:
        return Settings(
            width_px=width_px,
            height_px=height_px,
            rate=rate,
            style=style,
            language=language,
            captions=one_of("captions", captions, CAPTION_PRESETS),
            platform=one_of("platform", platform, PLATFORMS),
            quality=one_of("quality", quality, get_args(Quality)),
            loudness_lufs=loudness_lufs,
            pronunciations=pronunciations or {},
        )
    except ValidationError as error:
        first = error.errors()[0]
        if first["loc"][0] == "pronunciations":
            raise InputError(
                f"the pronunciations cannot be used: {first['msg'].removeprefix('Value error, ')}"
            ) from error
        raise InputError(f"{first['loc'][0]} cannot be {str(first['input'])[:40]!r}: {first['msg'].lower()}") from error


def one_of(name: str, value: str, known: Collection[str]) -> Any:
    """Return the value if it is one of the known ones.

    Raises:
        InputError: it is not.
    """
    if value not in known:
        raise InputError(f"{name} cannot be {value[:40]!r}: choose one of {', '.join(known)}")
    return value
