"""The nouns of a script film's pictures: shots with what is done and said in them, by scene. Pure."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from storyreel.story.script import Interior

ShotSize = Literal["wide", "medium", "close-up", "pov", "over-shoulder", "insert", "two-shot"]
NARRATOR = ""
"""Who speaks a line that no character does."""


class Line(BaseModel, frozen=True, extra="forbid"):
    """What is spoken in one breath: a speech, or a part of a long one.

    Attributes:
        id: "3.2" is the second line of the third scene.
        character: who speaks, `NARRATOR` for whoever tells the actions.
        manner: how.
        together: spoken at the same time as the line before.
        goes_on: the line before is the same speech.
    """

    id: str
    character: str
    text: str = Field(min_length=1)
    manner: str = ""
    together: bool = False
    goes_on: bool = False


class Shot(BaseModel, frozen=True, extra="forbid"):
    """One camera setting for a while.

    Attributes:
        id: "3-02" is the second shot of the third scene.
        size: how much is seen, and from where.
        people: who is in the picture, the one it is about first; of an over-shoulder, whose shoulder comes second.
        subject: what is seen, in a sentence that names people.
        action: what is done in it, as the script has it; "" for a shot of dialogue.
        manner: how whoever is seen feels, where the script says.
        lines: what is spoken in it, in order.
        card: a text to be read over it.
        rough_s: about how long it lasts, in seconds; spoken lines are timed by their voice later.
        fixed_s: how long somebody decided it has to last; a line is never cut for it.
        camera, lighting: instead of those that follow from size and time.
    """

    id: str
    scene: int = Field(ge=1)
    size: ShotSize
    people: tuple[str, ...] = ()
    subject: str
    action: str = ""
    manner: str = ""
    lines: tuple[Line, ...] = ()
    card: str = ""
    rough_s: float = Field(gt=0.0)
    fixed_s: float | None = Field(default=None, ge=0.5, le=120.0)
    camera: str = ""
    lighting: str = ""


class ShotScene(BaseModel, frozen=True, extra="forbid"):
    """A scene, broken down.

    Attributes:
        number: from 1.
        place: its location's name; "" where the script names none.
        weather: "rain", "snow", "storm", "fog", "wind", or "".
        mood: for the composer, and for pictures whose shot has no manner of its own.
        people: everybody who is seen in it.
        actions: what is done in it, sentence by sentence.
        ends: how the script asks to leave it, or "".
    """

    number: int = Field(ge=1)
    heading: str = ""
    place: str = ""
    interior: Interior = ""
    time: str = ""
    weather: str = ""
    mood: str = ""
    people: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    ends: str = ""
    shots: tuple[Shot, ...] = Field(min_length=1)


class Breakdown(BaseModel, frozen=True, extra="forbid"):
    """A script's scenes and shots; shots.json holds one."""

    title: str
    scenes: tuple[ShotScene, ...] = Field(min_length=1)

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Every shot in order."""
        return tuple(shot for scene in self.scenes for shot in scene.shots)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line in order."""
        return tuple(line for shot in self.shots for line in shot.lines)

    @property
    def rough_s(self) -> float:
        """About how long the film runs, in seconds."""
        return sum(shot.fixed_s or shot.rough_s for shot in self.shots)
