"""An audio film's input: checked once, here, with a sentence for each way it can be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from storyreel.errors import InputError
from storyreel.inputs.brief import TITLE_CHARACTERS, film_settings, one_of
from storyreel.settings import Settings

DEFAULT_STYLE = "photorealistic"
LANGUAGE_UNKNOWN = ""


class Format(BaseModel, frozen=True, extra="forbid"):
    """Where an audio film is shown, and what follows from that."""

    size: str
    captions: str
    platform: str


FORMATS: Mapping[str, Format] = {
    "youtube": Format(size="1920x1080", captions="documentary", platform="youtube"),
    "tiktok": Format(size="1080x1920", captions="short-form", platform="tiktok"),
    "square": Format(size="1080x1080", captions="documentary", platform=""),
}
DEFAULT_FORMAT = "youtube"


class AudioBrief(BaseModel, frozen=True, extra="forbid"):
    """An audio film's input; make one with `audio_brief`, which checks it.

    Attributes:
        title: the film's title; by default the file's name.
        format: a key of `FORMATS`.
        cut_fillers: whether "um" and its kin are cut from sound and picture.
        language: ISO 639-1 code of what is spoken; "" to find out.
        seed: another seed gives other pictures.
    """

    title: str
    format: str = DEFAULT_FORMAT
    cut_fillers: bool = False
    language: str = Field(default=LANGUAGE_UNKNOWN, pattern=r"^([a-z]{2}(-[A-Z]{2})?)?$")
    seed: int = 0


def audio_brief(
    path: Path | str,
    *,
    title: str = "",
    format: str = DEFAULT_FORMAT,
    cut_fillers: bool = False,
    language: str = LANGUAGE_UNKNOWN,
    seed: int = 0,
) -> AudioBrief:
    """Check an audio film's input, but for the recording itself; see `storyreel.media.probe` for that.

    Raises:
        InputError: the format or the language is unknown, or the title too long.
    """
    from_name = Path(path).stem.replace("_", " ").replace("-", " ")
    named = " ".join((title or from_name[:1].upper() + from_name[1:]).split()) or "A recording"
    if len(named) > TITLE_CHARACTERS:
        raise InputError(f"the title is {len(named):,} characters long: give at most {TITLE_CHARACTERS}")
    one_of("format", format, FORMATS)
    if language and not (len(language) in (2, 5) and language[:2].isalpha() and language[:2].islower()):
        raise InputError(f'the language {language[:20]!r} cannot be used: give a code such as "en" or "es"')
    return AudioBrief(
        title=named,
        format=format,
        cut_fillers=cut_fillers,
        language=language,
        seed=seed,
    )


def format_settings(
    format: str,
    *,
    size: str = "",
    fps: Any = "30",
    style: str = DEFAULT_STYLE,
    captions: str = "",
    quality: str = "standard",
    language: str = "en",
) -> Settings:
    """The look and sound of a film in one of the formats; what is given takes the place of the format's own.

    Raises:
        InputError: a value cannot be used; one sentence names it.
    """
    chosen: Format = FORMATS[one_of("format", format, FORMATS)]
    return film_settings(
        size=size or chosen.size,
        fps=fps,
        style=style,
        language=language or "en",
        captions=captions or chosen.captions,
        quality=quality,
        platform=chosen.platform,
    )
