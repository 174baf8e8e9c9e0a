"""The nouns of a script as it is staged: scenes with what is done and said in them, and who does it. Pure."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

Interior = Literal["", "interior", "exterior", "both"]
Sex = Literal["", "f", "m"]
Age = Literal["", "child", "young", "adult", "old"]


class Beat(BaseModel, frozen=True, extra="forbid"):
    """One thing that happens in a scene.

    Attributes:
        kind: "action" is seen, "speech" is said, "card" is read on the screen.
        character: who speaks.
        manner: how ("quietly", "to Anna"); of a speech.
        unseen: whoever speaks is not in the picture (V.O., O.S.).
        together: spoken at the same time as the speech before.
    """

    kind: Literal["action", "speech", "card"]
    text: str = Field(min_length=1)
    character: str = ""
    manner: str = ""
    unseen: bool = False
    together: bool = False


class ScriptScene(BaseModel, frozen=True, extra="forbid"):
    """One scene: a place, a time, and what happens there.

    Attributes:
        heading: as written, or "" for a scene without one.
        place: where ("Algernon's flat"), as a reader would say it.
        time: of day, in lower case ("night"), or "".
        ends: how the script asks to leave it ("DISSOLVE TO:"), or "".
        summary: what the script says of it to its makers only (a synopsis).
    """

    heading: str = ""
    place: str = ""
    interior: Interior = ""
    time: str = ""
    beats: tuple[Beat, ...] = ()
    ends: str = ""
    summary: str = ""


class Person(BaseModel, frozen=True, extra="forbid"):
    """Somebody in a script, as far as it says; `look` is what the script says of their appearance."""

    name: str = Field(min_length=1)
    look: str = ""
    sex: Sex = ""
    age: Age = ""


class StagedScript(BaseModel, frozen=True, extra="forbid"):
    """A whole script, ready to be broken down into shots."""

    title: str
    scenes: tuple[ScriptScene, ...] = Field(min_length=1)
    people: tuple[Person, ...] = ()


class ScriptPart(BaseModel, frozen=True, extra="forbid"):
    """A part of a script as a writer hands it in, taken from prose."""

    scenes: tuple[ScriptScene, ...] = Field(min_length=1)
    people: tuple[Person, ...] = ()


class ScriptDraft(BaseModel, frozen=True, extra="forbid"):
    """A short script as a writer hands it in.

    Attributes:
        title: as the viewer reads it.
        summary: what happens, in one to four sentences.
        fountain: the whole screenplay in Fountain, without a title page.
    """

    title: str = Field(min_length=1)
    summary: str
    fountain: str = Field(min_length=1)
