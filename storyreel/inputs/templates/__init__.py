"""Ready-made story arcs: what happens in which order, in what tone, with which music and look. Data files, in TOML.

Those that come with storyreel lie beside this module. A user's own lie in the cache's folder `templates/` or in
~/.config/storyreel/templates (XDG_CONFIG_HOME), and one there of the same name is taken before one from here:

    description = "A day in a small workshop, from opening to closing"
    genres = ["Documentary"]
    tone = "Quiet and exact."
    music = "warm, slow, hopeful"

    [[arc]]
    name = "Opening"
    what = "Somebody unlocks a door and begins with a small, practised movement."

    [[arc]]
    name = "Closing"
    what = "The last thing is put away; what the day was for is seen, not said."
"""

from __future__ import annotations

import os
import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError, field_validator

from storyreel.errors import InputError
from storyreel.inputs.limits import CAPTION_PRESETS, CHAPTERS, DEFAULT_CHAPTERS, DEFAULT_WORDS, GENRES, WORDS
from storyreel.settings import cache_root

FOLDER = "templates"
_LARGEST_BYTES = 100_000


class ArcBeat(BaseModel, frozen=True, extra="forbid"):
    """A step of an arc.

    Attributes:
        name: two to five words; a chapter that tells it may be called so.
        what: what happens in it, for whoever writes it.
    """

    name: str = Field(min_length=1, max_length=60)
    what: str = Field(min_length=1, max_length=600)


class Template(BaseModel, frozen=True, extra="forbid"):
    """A story arc with its tone and look.

    Attributes:
        name: its file's name without ".toml".
        description: one line, for people.
        genres: one to three, for the writer.
        script_genre: of a script that is written by it; one that `storyreel script --genre` knows, or "".
        factual: whether it tells of what is so rather than of what might be.
        tone, pacing: one sentence each.
        narration: how the narrator speaks, "" to leave it open.
        music: a few words for the composer; "" leaves them to the writer.
        style: the art style; captions, words and chapters as `storyreel title` takes them. These hold where the user
            gives nothing else.
        length_s: about how long a script that is written by it runs.
        arc: two to sixteen beats, in order.
    """

    name: str = Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")
    description: str = Field(min_length=1, max_length=200)
    genres: tuple[str, ...] = Field(min_length=1, max_length=3)
    script_genre: str = ""
    factual: bool = False
    tone: str = Field(min_length=1, max_length=400)
    pacing: str = Field(default="", max_length=400)
    narration: str = Field(default="", max_length=600)
    music: str = Field(default="", max_length=200)
    style: str = Field(default="cinematic", min_length=1, max_length=400)
    captions: str = "documentary"
    words: int = Field(default=DEFAULT_WORDS, ge=WORDS.start, lt=WORDS.stop)
    chapters: int = Field(default=DEFAULT_CHAPTERS, ge=CHAPTERS.start, lt=CHAPTERS.stop)
    length_s: int = Field(default=90, ge=20, le=600)
    arc: tuple[ArcBeat, ...] = Field(min_length=2, max_length=16)

    @field_validator("captions")
    @classmethod
    def _known_captions(cls, value: str) -> str:
        if value not in CAPTION_PRESETS:
            raise ValueError(f"choose one of {', '.join(CAPTION_PRESETS)}")
        return value

    @field_validator("script_genre")
    @classmethod
    def _known_genre(cls, value: str) -> str:
        if value and value not in GENRES:
            raise ValueError(f"choose one of {', '.join(GENRES)}")
        return value

    @property
    def told(self) -> str:
        """The template in words, for a writer."""
        beats = "\n".join(f"{number}. {beat.name}: {beat.what}" for number, beat in enumerate(self.arc, 1))
        kind = ", ".join(self.genres)
        lines = [
            f"It has to follow this arc ({self.description}), in this order, told in full:",
            beats,
            f"Genres: {kind}.",
        ]
        lines += [f"Tone: {self.tone}"]
        lines += [f"Pacing: {self.pacing}"] if self.pacing else []
        lines += [f"Narration: {self.narration}"] if self.narration else []
        lines += [f"Music: {self.music}"] if self.music else []
        if self.factual:
            lines.append(
                "It tells of what is so: state nothing that you do not know to be true, invent no person, quotation, "
                "number or source, and say where something is not known. Where a cast is asked for, take the people it "
                "is about, or somebody unnamed who looks on."
            )
        return "\n".join(lines)

    def beats_of(self, number: int, chapters: int) -> tuple[ArcBeat, ...]:
        """The beats that chapter `number` of `chapters` tells: the arc shared out evenly; at least one each."""
        count = len(self.arc)
        first = (number - 1) * count // chapters
        return self.arc[first : max(first + 1, number * count // chapters)]


def templates(cache: Path | str | None = None) -> tuple[Template, ...]:
    """Every template by name, a user's own before those of the same name from here.

    Raises:
        InputError: a user's file cannot be used; the sentence says which, and why.
    """
    found = {path.stem: path for folder in reversed(_folders(cache)) for path in sorted(folder.glob("*.toml"))}
    return tuple(_read(found[name]) for name in sorted(found))


def template(name: str | Path, cache: Path | str | None = None) -> Template:
    """A template by its name, or from a file of its own.

    Raises:
        InputError: there is none, or its file cannot be used.
    """
    text = str(name)
    if text.endswith(".toml") or os.sep in text:
        return _read(Path(text).expanduser())
    for folder in _folders(cache):
        if (path := folder / f"{text}.toml").is_file():
            return _read(path)
    known = sorted({path.stem for folder in _folders(cache) for path in folder.glob("*.toml")})
    raise InputError(f"there is no template {text[:60]!r}: choose one of {', '.join(known)}, or give a file NAME.toml")


def _folders(cache: Path | str | None) -> tuple[Path, ...]:
    config = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    return cache_root(cache) / FOLDER, config / "storyreel" / FOLDER, Path(str(files(__name__)))


def _read(path: Path) -> Template:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise InputError(f"the template {path} is over {_LARGEST_BYTES // 1000} kB: it should be a page of text")
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"the template {path} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"the template {path} is not TOML: {error}") from error
    try:
        return Template.model_validate({"name": path.stem, **written})
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
        raise InputError(f"the template {path} cannot be used: {where}: {fault['msg'].lower()}") from error
