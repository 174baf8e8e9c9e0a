"""What the user gives for a script film: checked once, here, with a sentence for each way it can be wrong."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from storyreel.errors import InputError
from storyreel.inputs.brief import TITLE_CHARACTERS, whole_number
from storyreel.inputs.limits import GENRES as GENRES
from storyreel.inputs.screenplay.files import ScriptText
from storyreel.inputs.screenplay.fountain import parse_fountain
from storyreel.inputs.templates import Template

LENGTH_S = range(20, 601)
DEFAULT_LENGTH_S = 90
LONGEST_FILM_S = 3 * 3600
IDEA_CHARACTERS = 2000
UNTITLED = "Untitled Script"


class ScriptBrief(BaseModel, frozen=True, extra="forbid"):
    """A script film's input; make one with `script_brief`, which checks it.

    Attributes:
        title: what the film is called.
        version: which version of the project's script is filmed; 0 for one that is yet to be written.
        genre: in lower case, "" for none.
        length_s: about how long a film that is yet to be written runs.
        idea: what such a film is about; "" leaves it to the writer.
        narrate: whether a narrator tells the actions.
        labels: whether scenes name their place in a corner.
        seed: another seed writes, paints and plays anew.
        template: the arc that a film that is yet to be written follows.
    """

    title: str
    version: int = 0
    genre: str = ""
    length_s: int = DEFAULT_LENGTH_S
    idea: str = ""
    narrate: bool = False
    labels: bool = False
    seed: int = 0
    template: Template | None = None


def script_brief(
    script: ScriptText | None,
    *,
    title: str = "",
    genre: str = "",
    length_s: Any = DEFAULT_LENGTH_S,
    idea: str = "",
    narrate: bool | None = None,
    labels: bool = False,
    seed: int = 0,
    template: Template | None = None,
) -> ScriptBrief:
    """Check a script film's input.

    Args:
        script: what is filmed; None to have a short one written.
        narrate: None lets a narrator tell what was written to be told: prose, and stories that are yet to be written.

    Raises:
        InputError: a title or an idea is too long, the genre is unknown, or the length is out of range.
    """
    if script is not None and template is not None:
        raise InputError("a template shapes a script that is written for you: leave it out, or give no script")
    tidy = " ".join(title.split())
    idea = " ".join(idea.split())
    if len(tidy) > TITLE_CHARACTERS:
        raise InputError(f"the title is {len(tidy):,} characters long: give at most {TITLE_CHARACTERS}")
    if len(idea) > IDEA_CHARACTERS:
        raise InputError(
            f"the idea is {len(idea):,} characters long: give at most {IDEA_CHARACTERS:,}, or a whole script"
        )
    genre = " ".join(genre.lower().split())
    genre = {"sci-fi": "science fiction", "scifi": "science fiction"}.get(genre, genre)
    if genre and genre not in GENRES:
        raise InputError(f"the genre cannot be {genre[:40]!r}: choose one of {', '.join(GENRES)}")
    named = tidy or (title_of(script) if script is not None else _from_idea(idea))
    return ScriptBrief(
        title=named[:TITLE_CHARACTERS],
        genre=genre,
        length_s=whole_number("length", length_s, LENGTH_S, "seconds, as a script is written for it"),
        idea=idea,
        narrate=(script is None or script.kind == "prose") if narrate is None else narrate,
        labels=labels,
        seed=seed,
        template=template,
    )


def title_of(script: ScriptText) -> str:
    """What a script calls itself: its title page, its first heading of Markdown or section, else its file's name."""
    screenplay = parse_fountain(script.text)
    if screenplay.title:
        return screenplay.title
    section = next((element for element in screenplay.elements if element.kind == "section"), None)
    if section is not None and section.plain and screenplay.elements.index(section) < 2:
        return " ".join(section.plain.split())
    if script.kind == "prose" and (heading := heading_of(script.text)):
        return heading
    readable = " ".join(re.sub(r"[_\W]+", " ", script.name).split())
    return readable.title() if readable == readable.lower() else readable or UNTITLED


def heading_of(prose: str) -> str:
    """The title that stands over a text as a line of its own, or ""."""
    first, _, rest = prose.strip().partition("\n\n")
    line = " ".join(first.strip("#*_ \n").split())
    short = len(line.split()) <= 10 and "\n" not in first.strip()
    return line if short and rest.strip() and line[-1:].isalnum() and line[:1].isupper() else ""


def _from_idea(idea: str) -> str:
    words = re.sub(r"[^\w\s'’-]", " ", idea).split()
    named = " ".join(words[:6])
    return named[:1].upper() + named[1:] if words else UNTITLED
