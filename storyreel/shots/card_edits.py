"""What a user changes in a film's cards, as values; applying them is pure, so that they can be made again.

A change names a shot or line by its id, a character or place by its name. What a change leaves out (None) stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from storyreel.errors import InputError
from storyreel.shots.cast import Cast, CharacterCard, PlaceCard
from storyreel.shots.script_model import Breakdown, Shot, ShotScene, ShotSize
from storyreel.shots.shot_edits import AddShot, Change, MoveShot, RemoveShot, rearranged, rearrangement


class ChangeShot(Change, frozen=True):
    """Show a shot another way.

    Attributes:
        fixed_s: how long it has to last; 0 lets it find its own length again.
    """

    kind: Literal["change_shot"] = "change_shot"
    shot: str
    size: ShotSize | None = None
    people: tuple[str, ...] | None = None
    subject: str | None = Field(default=None, min_length=1, max_length=600)
    action: str | None = Field(default=None, max_length=2000)
    manner: str | None = Field(default=None, max_length=200)
    card: str | None = Field(default=None, max_length=200)
    camera: str | None = Field(default=None, max_length=300)
    lighting: str | None = Field(default=None, max_length=300)
    fixed_s: float | None = Field(default=None, ge=0.0, le=120.0)


class ChangeLine(Change, frozen=True):
    """Say a line another way, or let somebody else say it."""

    kind: Literal["change_line"] = "change_line"
    line: str
    text: str | None = Field(default=None, min_length=1, max_length=2000)
    character: str | None = None
    manner: str | None = Field(default=None, max_length=200)


class ChangeCharacter(Change, frozen=True):
    """Change a character's card: every picture they are in, and every line they speak, if it is their voice."""

    kind: Literal["change_character"] = "change_character"
    name: str
    look: str | None = Field(default=None, min_length=1, max_length=600)
    voice: str | None = Field(default=None, min_length=1)
    speed: float | None = Field(default=None, ge=0.5, le=2.0)


class ChangePlace(Change, frozen=True):
    """Change a place's card: every picture of it."""

    kind: Literal["change_place"] = "change_place"
    name: str
    look: str = Field(min_length=1, max_length=600)


class ChangeWorld(Change, frozen=True):
    """Change what all pictures have in common, or the narrator."""

    kind: Literal["change_world"] = "change_world"
    style: str | None = Field(default=None, min_length=1, max_length=400)
    palette: tuple[str, ...] | None = Field(default=None, max_length=12)
    narrator: str | None = Field(default=None, min_length=1)
    narrator_speed: float | None = Field(default=None, ge=0.5, le=2.0)


class ChangeMood(Change, frozen=True):
    """Change a scene's music, and the feeling of its pictures."""

    kind: Literal["change_mood"] = "change_mood"
    scene: int = Field(ge=1)
    mood: str = Field(min_length=1, max_length=200)


CardEdit = Annotated[
    ChangeShot
    | ChangeLine
    | ChangeCharacter
    | ChangePlace
    | ChangeWorld
    | ChangeMood
    | AddShot
    | RemoveShot
    | MoveShot,
    Field(discriminator="kind"),
]
CARD_EDITS: TypeAdapter[tuple[CardEdit, ...]] = TypeAdapter(tuple[CardEdit, ...])


def apply_cards(breakdown: Breakdown, cast: Cast, edits: Iterable[CardEdit]) -> tuple[Breakdown, Cast]:
    """The cards with the changes made, one after the other.

    Raises:
        InputError: a change does not fit; the message names it.
    """
    for number, edit in enumerate(edits, 1):
        try:
            breakdown, cast = _applied(breakdown, cast, edit)
        except InputError as error:
            raise InputError(f"change {number} ({edit.kind}) cannot be made: {error}") from error
    return breakdown, cast


def _applied(breakdown: Breakdown, cast: Cast, edit: CardEdit) -> tuple[Breakdown, Cast]:
    match edit:
        case ChangeShot():
            return _change_shot(breakdown, edit), cast
        case ChangeLine():
            return _change_line(breakdown, edit), cast
        case ChangeMood():
            return _change_mood(breakdown, edit), cast
        case AddShot() | RemoveShot() | MoveShot():
            return rearranged(breakdown, edit), cast
        case ChangeCharacter():
            card = cast.character(edit.name)
            if card is None:
                raise InputError(f"no character is called {edit.name!r}: {_known(c.name for c in cast.characters)}")
            new = card.model_copy(update=_given(edit, "name"))
            return breakdown, cast.model_copy(update={"characters": _replaced(cast.characters, card, new)})
        case ChangePlace():
            place = cast.place(edit.name)
            if place is None:
                raise InputError(f"no place is called {edit.name!r}: {_known(c.name for c in cast.places)}")
            there = place.model_copy(update={"look": edit.look})
            return breakdown, cast.model_copy(update={"places": _replaced(cast.places, place, there)})
        case ChangeWorld():
            return breakdown, cast.model_copy(update=_given(edit))


def _change_shot(breakdown: Breakdown, edit: ChangeShot) -> Breakdown:
    shot = next((each for each in breakdown.shots if each.id == edit.shot), None)
    if shot is None:
        raise InputError(f"no shot is called {edit.shot!r}: shots.json lists them")
    update = _given(edit, "shot")
    if "fixed_s" in update:
        update["fixed_s"] = max(update["fixed_s"], 0.5) if update["fixed_s"] else None
    return _with_shot(breakdown, shot.model_copy(update=update))


def _change_line(breakdown: Breakdown, edit: ChangeLine) -> Breakdown:
    for shot in breakdown.shots:
        for line in shot.lines:
            if line.id == edit.line:
                new = line.model_copy(update=_given(edit, "line"))
                lines = tuple(new if each is line else each for each in shot.lines)
                return _with_shot(breakdown, shot.model_copy(update={"lines": lines}))
    raise InputError(f"no line is called {edit.line!r}: shots.json lists them")


def _change_mood(breakdown: Breakdown, edit: ChangeMood) -> Breakdown:
    if edit.scene > len(breakdown.scenes):
        raise InputError(f"there is no scene {edit.scene}: the film has {len(breakdown.scenes)}")
    scenes = list(breakdown.scenes)
    scenes[edit.scene - 1] = scenes[edit.scene - 1].model_copy(update={"mood": edit.mood})
    return breakdown.model_copy(update={"scenes": tuple(scenes)})


def _with_shot(breakdown: Breakdown, new: Shot) -> Breakdown:
    def scene_with(scene: ShotScene) -> ShotScene:
        shots = tuple(new if shot.id == new.id else shot for shot in scene.shots)
        return scene.model_copy(update={"shots": shots})

    scenes = tuple(scene_with(scene) if scene.number == new.scene else scene for scene in breakdown.scenes)
    return breakdown.model_copy(update={"scenes": scenes})


def _replaced(cards: tuple[Any, ...], old: Any, new: Any) -> tuple[Any, ...]:
    return tuple(new if card is old else card for card in cards)


def _given(edit: Change, *names: str) -> dict[str, Any]:
    """What a change sets: every field that is not None, the ones that say of what left out."""
    values = {name: getattr(edit, name) for name in type(edit).model_fields if name not in ("kind", *names)}
    return {name: value for name, value in values.items() if value is not None}


def _known(names: Iterable[str]) -> str:
    return f"there are {', '.join(names) or 'none'}"


# ------------------------------------------------------------------------------------------ cards that somebody rewrote

_SHOT_FIELDS = ("size", "people", "subject", "action", "manner", "card", "camera", "lighting")


def changed_shots(before: Breakdown, after: Breakdown) -> tuple[CardEdit, ...]:
    """The changes that turn one breakdown's cards into another's, as they were rewritten in shots.json.

    Raises:
        InputError: lines were added to a shot of the script or taken away from it, or scenes were, which is for the
            script to do.
    """
    moves, before = rearrangement(before, after)
    edits: list[CardEdit] = [*moves]
    for old, new in zip(before.shots, after.shots, strict=True):
        update = {name: getattr(new, name) for name in _SHOT_FIELDS if getattr(new, name) != getattr(old, name)}
        if new.fixed_s != old.fixed_s:
            update["fixed_s"] = new.fixed_s or 0.0
        if update:
            edits.append(ChangeShot.model_validate({"shot": new.id, **update}))
        edits += _changed_lines(old, new)
    for scene, other in zip(before.scenes, after.scenes, strict=True):
        if scene.mood != other.mood:
            edits.append(ChangeMood(scene=scene.number, mood=other.mood))
    return tuple(edits)


def _changed_lines(old: Shot, new: Shot) -> list[CardEdit]:
    if [line.id for line in old.lines] != [line.id for line in new.lines]:
        raise InputError(f"lines cannot be added to shot {old.id} or taken away: change the script and give it again")
    names = ("text", "character", "manner")
    edits: list[CardEdit] = []
    for line, other in zip(old.lines, new.lines, strict=True):
        update = {name: getattr(other, name) for name in names if getattr(other, name) != getattr(line, name)}
        if update:
            edits.append(ChangeLine.model_validate({"line": line.id, **update}))
    return edits


def changed_cast(before: Cast, after: Cast) -> tuple[CardEdit, ...]:
    """The changes that turn one cast into another, as it was rewritten in cast.json.

    Raises:
        InputError: a character or place was added, taken away or given another name.
    """
    edits: list[CardEdit] = []
    world = ("style", "palette", "narrator", "narrator_speed")
    update = {name: getattr(after, name) for name in world if getattr(after, name) != getattr(before, name)}
    if update:
        edits.append(ChangeWorld.model_validate(update))
    if _names(before) != _names(after):
        raise InputError("characters and places cannot be added or renamed in the cards: change the script")
    for old, new in zip(before.characters, after.characters, strict=True):
        edits += _changed_card(old, new)
    for place, other in zip(before.places, after.places, strict=True):
        edits += _changed_place(place, other)
    return tuple(edits)


def _names(cast: Cast) -> list[str]:
    return [card.name for card in cast.characters] + [card.name for card in cast.places]


def _changed_card(old: CharacterCard, new: CharacterCard) -> list[CardEdit]:
    update = {
        name: getattr(new, name) for name in ("look", "voice", "speed") if getattr(new, name) != getattr(old, name)
    }
    return [ChangeCharacter.model_validate({"name": old.name, **update})] if update else []


def _changed_place(old: PlaceCard, new: PlaceCard) -> list[CardEdit]:
    return [ChangePlace(name=old.name, look=new.look)] if old.look != new.look else []
