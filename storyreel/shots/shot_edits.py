"""Shots added, taken away and moved, as values; applying them is pure, so that they can be made again.

A shot keeps its name wherever it goes, so that its picture and its lines are found again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator

from storyreel.errors import InputError
from storyreel.shots.pacing import speech_s
from storyreel.shots.script_model import Breakdown, Line, Shot, ShotScene, ShotSize

_NAME = r"^[0-9A-Za-z][0-9A-Za-z_.-]{0,31}$"  # files are named by it
_ROUGH_S = 3.0


class Change(BaseModel, frozen=True, extra="forbid"):
    """What all changes of cards have in common: they are values, and misspelt fields are refused."""


class _Place(Change, frozen=True):
    """Where a shot goes: right after one or right before one, in that one's scene."""

    after: str = ""
    before: str = ""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.after) == bool(self.before):
            raise ValueError('give "after" or "before", the shot that it goes next to')
        return self


class AddShot(_Place, frozen=True):
    """A shot that the script does not have.

    Attributes:
        shot: its name; "" has it named after its neighbour, "2-03a".
        lines: what is spoken in it, each under a name that no other line has.
        rough_s: about how long it lasts without them.
        fixed_s: how long it has to last; None lets it find its own length.
    """

    kind: Literal["add_shot"] = "add_shot"
    shot: str = Field(default="", pattern=rf"^$|{_NAME}")
    subject: str = Field(min_length=1, max_length=600)
    size: ShotSize = "medium"
    people: tuple[str, ...] = ()
    action: str = Field(default="", max_length=2000)
    manner: str = Field(default="", max_length=200)
    card: str = Field(default="", max_length=200)
    camera: str = Field(default="", max_length=300)
    lighting: str = Field(default="", max_length=300)
    lines: tuple[Line, ...] = ()
    rough_s: float = Field(default=_ROUGH_S, ge=0.5, le=120.0)
    fixed_s: float | None = Field(default=None, ge=0.5, le=120.0)

    @field_validator("lines")
    @classmethod
    def _named_lines(cls, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        names = [line.id for line in lines]
        if len(set(names)) < len(names) or not all(re.match(_NAME, name) for name in names):
            raise ValueError(f"each line needs a name of its own, of letters, digits, dots and dashes, not {names}")
        return lines


class RemoveShot(Change, frozen=True):
    """Take a shot away.

    Attributes:
        with_lines: what is spoken in it goes too; else it is heard over the shot before it (or after, if it is first).
    """

    kind: Literal["remove_shot"] = "remove_shot"
    shot: str
    with_lines: bool = False


class MoveShot(_Place, frozen=True):
    """Show a shot, and say its lines, at another place; in another scene it is seen in that scene's place."""

    kind: Literal["move_shot"] = "move_shot"
    shot: str


ShotEdit = AddShot | RemoveShot | MoveShot


def rearranged(breakdown: Breakdown, edit: ShotEdit) -> Breakdown:
    """A breakdown with one shot more, one less, or one elsewhere.

    Raises:
        InputError: the change does not fit.
    """
    scenes = {scene.number: list(scene.shots) for scene in breakdown.scenes}
    match edit:
        case AddShot():
            _insert(scenes, _new_shot(breakdown, edit), edit)
        case MoveShot():
            if edit.shot in (edit.after, edit.before):
                raise InputError(f"shot {edit.shot} cannot go next to itself")
            _neighbour(scenes, edit)  # before the shot is taken from its place
            _insert(scenes, _taken(scenes, edit.shot), edit)
        case RemoveShot():
            _remove(scenes, edit)
    return _in_sequence(breakdown, scenes)


_Scenes = dict[int, list[Shot]]


def _found(scenes: _Scenes, shot: str) -> tuple[int, int]:
    """The scene's number and the place in it."""
    for number, shots in scenes.items():
        for index, each in enumerate(shots):
            if each.id == shot:
                return number, index
    raise InputError(f"no shot is called {shot!r}: shots.json lists them")


def _taken(scenes: _Scenes, shot: str) -> Shot:
    number, index = _found(scenes, shot)
    if len(scenes[number]) == 1:
        raise InputError(f"shot {shot} is the only one of scene {number}, and a scene needs one: change the script")
    return scenes[number].pop(index)


def _neighbour(scenes: _Scenes, place: AddShot | MoveShot) -> tuple[int, int]:
    """The scene's number, and the place in it at which a shot comes to stand."""
    number, index = _found(scenes, place.after or place.before)
    return number, index + bool(place.after)


def _insert(scenes: _Scenes, shot: Shot, place: AddShot | MoveShot) -> None:
    number, index = _neighbour(scenes, place)
    scenes[number].insert(index, shot.model_copy(update={"scene": number}))


def _remove(scenes: _Scenes, edit: RemoveShot) -> None:
    number, index = _found(scenes, edit.shot)
    gone = _taken(scenes, edit.shot)
    if edit.with_lines or not gone.lines:
        return
    heir = scenes[number][max(0, index - 1)]
    lines = heir.lines + gone.lines if index else gone.lines + heir.lines
    rough_s = round(heir.rough_s + sum(speech_s(line.text) for line in gone.lines), 2)
    scenes[number][max(0, index - 1)] = heir.model_copy(update={"lines": lines, "rough_s": rough_s})


def _new_shot(breakdown: Breakdown, edit: AddShot) -> Shot:
    names = {shot.id for shot in breakdown.shots}
    neighbour = edit.after or edit.before
    free = (f"{neighbour}{letter}" for letter in ascii_lowercase)
    name = edit.shot or next((each for each in free if each not in names), "")
    if not name:
        raise InputError(f"there are {len(ascii_lowercase)} shots next to {neighbour} already: name the new one")
    if name in names:
        raise InputError(f"there is a shot {name} already")
    if taken := {line.id for line in breakdown.lines} & {line.id for line in edit.lines}:
        raise InputError(f"there is a line {min(taken)} already")
    card = edit.model_dump(exclude={"kind", "shot", "after", "before", "lines", "rough_s"})
    rough_s = round(edit.rough_s + sum(speech_s(line.text) for line in edit.lines), 2)
    return Shot.model_validate({**card, "id": name, "scene": 1, "lines": edit.lines, "rough_s": rough_s})


def _in_sequence(breakdown: Breakdown, scenes: Mapping[int, Sequence[Shot]]) -> Breakdown:
    """The breakdown with these shots; a line that no longer follows the same one neither goes on nor joins in."""
    before = _preceding(breakdown.lines)
    now = _preceding([line for shots in scenes.values() for shot in shots for line in shot.lines])

    def fitted(line: Line) -> Line:
        if now[line.id] == before.get(line.id, now[line.id]):
            return line
        return line.model_copy(update={"goes_on": False, "together": False})

    def scene_with(scene: ShotScene) -> ShotScene:
        shots = tuple(
            shot.model_copy(update={"lines": tuple(map(fitted, shot.lines))}) for shot in scenes[scene.number]
        )
        people = dict.fromkeys([*scene.people, *(name for shot in shots for name in shot.people)])
        return scene.model_copy(update={"shots": shots, "people": tuple(people)})

    return breakdown.model_copy(update={"scenes": tuple(map(scene_with, breakdown.scenes))})


def _preceding(lines: Sequence[Line]) -> dict[str, str]:
    names = ["", *(line.id for line in lines)]
    return dict(zip(names[1:], names[:-1], strict=True))


# ------------------------------------------------------------------------------------------ shots that somebody rewrote


def rearrangement(before: Breakdown, after: Breakdown) -> tuple[tuple[ShotEdit, ...], Breakdown]:
    """The changes that give one breakdown another's shots in its order, and the breakdown with them.

    Raises:
        InputError: scenes were added or taken away, two shots have one name, or a name cannot be one of a file.
    """
    if [scene.number for scene in before.scenes] != [scene.number for scene in after.scenes]:
        raise InputError("scenes cannot be added, taken away or moved in the cards: change the script")
    wanted = [shot.id for shot in after.shots]
    if len(set(wanted)) < len(wanted):
        raise InputError(f"two shots are called {next(name for name in wanted if wanted.count(name) > 1)}")
    edits: list[ShotEdit] = []
    known = {shot.id: (scene.number, index) for scene in before.scenes for index, shot in enumerate(scene.shots)}
    breakdown = before
    for scene in after.scenes:
        stays = _longest_rising([known[s.id] for s in scene.shots if known.get(s.id, (0, 0))[0] == scene.number])
        last = ""
        for shot in scene.shots:
            if known.get(shot.id) not in stays:
                first = next(each for each in breakdown.scenes if each.number == scene.number).shots[0].id
                place = {"after": last} if last else {"before": first}
                edit = MoveShot(shot=shot.id, **place) if shot.id in known else _added(shot, place)
                if place.get("before") != shot.id:
                    edits.append(edit)
                    breakdown = rearranged(breakdown, edit)
            last = shot.id
    kept_lines = {line.id for line in after.lines}
    for shot in before.shots:
        if shot.id not in wanted:
            edits.append(RemoveShot(shot=shot.id, with_lines=not any(line.id in kept_lines for line in shot.lines)))
            breakdown = rearranged(breakdown, edits[-1])
    return tuple(edits), breakdown


def _added(shot: Shot, place: Mapping[str, str]) -> AddShot:
    spoken_s = sum(speech_s(line.text) for line in shot.lines)
    card: dict[str, Any] = shot.model_dump(exclude={"id", "scene", "lines", "rough_s"})
    rough_s = min(max(shot.rough_s - spoken_s, 0.5), 120.0)
    return AddShot.model_validate({**card, **place, "shot": shot.id, "lines": shot.lines, "rough_s": rough_s})


def _longest_rising(places: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The most places that are in order already (patience sorting), so that as few shots as can be are moved."""
    tops: list[tuple[int, int]] = []
    below: dict[tuple[int, int], tuple[int, int] | None] = {}
    for place in places:
        pile = bisect_left(tops, place)
        below[place] = tops[pile - 1] if pile else None
        tops[pile:] = [place, *tops[pile + 1 :]]
    rising: set[tuple[int, int]] = set()
    at = tops[-1] if tops else None
    while at is not None:
        rising.add(at)
        at = below[at]
    return rising
