"""A user's changes to a film's cards: kept as inputs beside it, and made again whenever the script is broken down.

cards.json        every change so far, in order
shots.json        scenes and shots with them
cast.json         world and cast with them
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from storyreel.errors import CorruptFile, InputError
from storyreel.project import Project, write_text_atomically
from storyreel.shots.card_edits import CARD_EDITS, CardEdit, apply_cards, changed_cast, changed_shots
from storyreel.shots.cast import Cast
from storyreel.shots.script_model import Breakdown

CARDS_NAME = "cards.json"


def saved_card_edits(project: Project) -> tuple[CardEdit, ...]:
    """Every change of a film's cards so far, in order.

    Raises:
        CorruptFile: they are not what storyreel writes.
    """
    path = project.path(CARDS_NAME)
    if not path.exists():
        return ()
    try:
        return CARD_EDITS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise CorruptFile(f"{path} is damaged: mend it, or delete it to lose the changes") from error


def with_card_edits(
    project: Project, breakdown: Breakdown, cast: Cast, edits: Sequence[CardEdit]
) -> tuple[Breakdown, Cast]:
    """The cards with the film's saved changes; one that no longer fits, since the script changed, is told of."""
    for number, edit in enumerate(edits, 1):
        try:
            breakdown, cast = apply_cards(breakdown, cast, [edit])
        except InputError as error:
            project.progress.warn(
                f"change {number} of {CARDS_NAME} is left out: {error.__cause__ or error}", "break_down"
            )
    return breakdown, cast


def read_card_file(path: Path, breakdown: Breakdown, cast: Cast) -> tuple[CardEdit, ...]:
    """Read what a user changed: a JSON list of changes, or a copy of shots.json or cast.json that they rewrote.

    Args:
        breakdown, cast: the cards as they are.

    Raises:
        InputError: the file cannot be read, or holds something else.
    """
    try:
        written = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"the cards {path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"the cards {path} are not JSON: {error}") from error
    try:
        return _edits_in(written, breakdown, cast, path)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise InputError(f"the cards {path} cannot be used: {where}: {fault['msg'].lower()}") from error


def _edits_in(written: Any, breakdown: Breakdown, cast: Cast, path: Path) -> tuple[CardEdit, ...]:
    if isinstance(written, list):
        return CARD_EDITS.validate_python(written)
    if isinstance(written, dict) and "scenes" in written:
        return changed_shots(breakdown, Breakdown.model_validate(written))
    if isinstance(written, dict) and "characters" in written:
        return changed_cast(cast, Cast.model_validate(written))
    raise InputError(f"the cards {path} are neither a list of changes nor a shots.json or cast.json")


def keep_card_edits(project: Project, breakdown: Breakdown, cast: Cast, edits: Sequence[CardEdit]) -> None:
    """Keep more changes; those kept last are not kept twice.

    Args:
        breakdown, cast: the cards as they are, with the changes kept before.

    Raises:
        InputError: a change does not fit; none is kept.
    """
    saved = saved_card_edits(project)
    if edits and saved[-len(edits) :] == tuple(edits):
        return
    apply_cards(breakdown, cast, edits)
    text = CARD_EDITS.dump_json((*saved, *edits), indent=1, exclude_none=True).decode() + "\n"
    write_text_atomically(project.path(CARDS_NAME), text)
