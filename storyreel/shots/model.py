"""The nouns of what is seen: a scene is one picture and the words it is shown with."""

from __future__ import annotations

from pydantic import BaseModel, Field

from storyreel.providers.contracts import SceneDescription


class Scene(BaseModel, frozen=True, extra="forbid"):
    """One picture of the film.

    Attributes:
        index: counts from 1 through the whole film; names the picture's file.
        chapter: the chapter's number.
        first_word, last_word: the whitespace-separated words of the chapter's text that it is shown with, counted from
            0, both included; the scenes of a chapter cover all its words in order, without gap or overlap.
        description: the picture taken apart.
        prompt: the picture in one text, for an image model.
        seed: for the image model.
    """

    index: int = Field(ge=1)
    chapter: int = Field(ge=1)
    first_word: int = Field(ge=0)
    last_word: int = Field(ge=0)
    description: SceneDescription
    prompt: str
    seed: int = 0


class SceneList(BaseModel, frozen=True, extra="forbid"):
    """The pictures of one chapter as a writer hands them in: one for each passage, in order."""

    scenes: tuple[SceneDescription, ...] = Field(min_length=1)
