"""What a screenplay is made of, in the words of the Fountain syntax."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from storyreel.inputs.screenplay.emphasis import plain

ElementKind = Literal[
    "scene_heading",
    "action",
    "character",
    "dialogue",
    "parenthetical",
    "lyrics",
    "transition",
    "centered",
    "page_break",
    "section",
    "synopsis",
    "note",
]


class Element(BaseModel, frozen=True, extra="forbid"):
    """One element of a screenplay.

    Attributes:
        kind: what it is.
        text: without the marks that made it what it is, but with those of emphasis; lines parted by newlines. A
            character's is the name alone, a parenthetical's has its brackets.
        scene_number: of a scene heading, "" for none ("12A").
        extension: what stands in brackets after a character's name ("V.O.", "on the radio").
        dual: of a character: speaks at the same time as the one before.
        depth: of a section, from 1.
    """

    kind: ElementKind
    text: str = ""
    scene_number: str = ""
    extension: str = ""
    dual: bool = False
    depth: int = Field(default=0, ge=0)

    @property
    def plain(self) -> str:
        """The text without emphasis."""
        return plain(self.text)


class Screenplay(BaseModel, frozen=True, extra="forbid"):
    """A whole screenplay.

    Attributes:
        title_page: (key, value) as written, in order; the lines of a value are parted by newlines.
        elements: in order.
    """

    title_page: tuple[tuple[str, str], ...] = ()
    elements: tuple[Element, ...] = ()

    def field(self, key: str) -> str:
        """A value of the title page without emphasis, "" where there is none; the key's case does not matter."""
        found = (value for name, value in self.title_page if name.lower() == key.lower())
        return plain(next(found, ""))

    @property
    def title(self) -> str:
        """The title page's title on one line, or ""."""
        return " ".join(self.field("title").split())
