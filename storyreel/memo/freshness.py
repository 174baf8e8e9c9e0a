"""Whether what was made still fits what it was made from: computed on read, never stored. Pure.

Each artefact is kept with a digest of every direct input it was made from. Comparing them with the inputs as they are
now gives its state; nothing has to be marked when an input changes. Which inputs count is the caller's choice: a
picture depends on its prompt, not on the model's name, so trying another model for one picture makes no other stale.

A stale artefact is still usable: it plays, it exports, and nobody remakes it unasked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel

State = Literal["fresh", "stale", "missing", "blocked"]


class Artefact(BaseModel, frozen=True, extra="forbid"):
    """Something that was made.

    Attributes:
        name: what it is called in the project ("images/scene_0001.png").
        digest: of its content.
        inputs: name of a direct input -> the digest it had when this was made.
    """

    name: str
    digest: str
    inputs: Mapping[str, str]


def state_of(made: Artefact | None, inputs: Mapping[str, str | None]) -> State:
    """The state of one artefact.

    Args:
        made: the artefact, or None if there is none yet.
        inputs: name of each direct input -> its digest now, None for an input that does not exist.

    Returns:
        "fresh": made from just these inputs. "stale": made, but from others. "missing": not made, and could be.
        "blocked": not made, and an input has to come first.
    """
    if made is None:
        return "blocked" if None in inputs.values() else "missing"
    return "stale" if changed_inputs(made, inputs) else "fresh"


def changed_inputs(made: Artefact, inputs: Mapping[str, str | None]) -> tuple[str, ...]:
    """The names of the inputs that were changed, added or taken away since `made` was made, in alphabetical order."""
    return tuple(
        sorted(name for name in made.inputs.keys() | inputs.keys() if made.inputs.get(name) != inputs.get(name))
    )


def states(
    plan: Mapping[str, Sequence[str]], made: Mapping[str, Artefact], given: Mapping[str, str]
) -> dict[str, State]:
    """The state of everything in a plan.

    Args:
        plan: artefact name -> the names of its direct inputs, each an artefact or something given.
        made: artefact name -> the artefact, for those that exist.
        given: name -> digest of what the user gave.

    Returns:
        Artefact name -> state, in the plan's order. Only direct inputs count: what was made from a stale but unchanged
        artefact is fresh.
    """
    now = {**given, **{name: artefact.digest for name, artefact in made.items()}}
    return {name: state_of(made.get(name), {each: now.get(each) for each in inputs}) for name, inputs in plan.items()}
