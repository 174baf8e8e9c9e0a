"""A user's edits of a film: kept as inputs beside it, and made again on whatever timeline the film comes to.

edits.json        every edit so far, in order
assembled.json    the timeline before any of them, kept once there are some
timeline.json     the timeline with them, which is rendered
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from storyreel.errors import CorruptFile, InputError
from storyreel.project import Project, write_text_atomically
from storyreel.publish.interchange.recut import read_cuts, recut_edits
from storyreel.recipes.given_files import given_picture, given_sound
from storyreel.timeline.edit import EDITS, Edit, apply
from storyreel.timeline.model import Timeline

EDITS_NAME = "edits.json"
ASSEMBLED_NAME = "assembled.json"
RECUTS = (".otio", ".edl")
_FILE_FOR: dict[str, Literal["picture", "sound"]] = {
    "replace_picture": "picture",
    "insert_clip": "picture",
    "replace_music": "sound",
}


def read_edits(path: Path, project: Project) -> tuple[Edit, ...]:
    """Read a user's file of edits: a JSON list.

    Where an edit takes an asset, "file" may name a picture, video or sound instead, relative to the edits' folder; it
    is copied into the project's store.

    Raises:
        InputError: the file, or one that it names, cannot be read, or holds something else.
    """
    try:
        written = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"the edits {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"the edits {path} are not JSON: {error}") from error
    if not isinstance(written, list):
        raise InputError(f"the edits {path} are not a list: put them in [ ... ]")
    with_assets = [_with_asset(edit, path.parent, project) for edit in written]
    try:
        return EDITS.validate_python(with_assets)
    except ValidationError as error:
        raise InputError(f"the edits {path} cannot be used: {_first_fault(error)}") from error


def read_recut(path: Path, current: Timeline, project: Project) -> tuple[Edit, ...]:
    """Read the film's timeline as it was re-cut in another program, as edits.

    Pictures that the film does not have are copied into the project's store.

    Raises:
        InputError: the file, or a picture that it names, cannot be read.
        MissingExtra: OpenTimelineIO is not installed.
    """
    return recut_edits(current, read_cuts(path, current), lambda file: given_picture(file, project))


def saved_edits(project: Project) -> tuple[Edit, ...]:
    """Every edit that was made of a film so far, in order.

    Raises:
        CorruptFile: they are not what storyreel writes.
    """
    path = project.path(EDITS_NAME)
    if not path.exists():
        return ()
    try:
        return EDITS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise CorruptFile(
            f"{path} is damaged ({_first_fault(error)}): mend it, or delete it to lose the edits"
        ) from error


def with_saved_edits(project: Project, assembled: Timeline) -> Timeline:
    """A timeline as it was assembled, with the film's saved edits made.

    An edit that no longer fits, because the film has come out differently, is left out and told of.
    """
    path, timeline = project.path(ASSEMBLED_NAME), assembled
    edits = saved_edits(project)
    if edits:
        write_timeline(path, assembled)
    else:
        path.unlink(missing_ok=True)
    for number, edit in enumerate(edits, 1):
        try:
            timeline = apply(timeline, [edit])
        except InputError as error:
            project.progress.warn(f"edit {number} of {EDITS_NAME} is left out: {error.__cause__ or error}", "render")
    return timeline


def add_edits(project: Project, current: Timeline, edits: Sequence[Edit]) -> Timeline:
    """Keep more edits of a film, and return its timeline with them.

    The edits that were kept last are not kept twice: the same command, run again after it was stopped, goes on.

    Args:
        current: the film's timeline as it is, with the edits kept before.

    Raises:
        InputError: an edit does not fit; none is kept.
    """
    saved = saved_edits(project)
    assembled = project.path(ASSEMBLED_NAME)
    if edits and saved[-len(edits) :] == tuple(edits) and assembled.exists():
        return with_saved_edits(project, read_timeline_file(assembled))
    edited = apply(current, edits)
    if not assembled.exists():
        write_timeline(assembled, current)
    write_text_atomically(project.path(EDITS_NAME), EDITS.dump_json((*saved, *edits), indent=1).decode() + "\n")
    return edited


def write_timeline(path: Path, timeline: Timeline) -> None:
    """Write a timeline so that a crash leaves the old one or the new."""
    write_text_atomically(path, timeline.model_dump_json(indent=1) + "\n")


def read_timeline_file(path: Path) -> Timeline:
    """Read what `write_timeline` wrote.

    Raises:
        CorruptFile: the file is damaged.
    """
    try:
        return Timeline.model_validate_json(path.read_bytes())
    except ValueError as error:
        raise CorruptFile(f"{path} is damaged: run  storyreel resume {path.parent.name}  to write it anew") from error


def _with_asset(edit: Any, folder: Path, project: Project) -> Any:
    if not isinstance(edit, dict) or "file" not in edit or edit.get("kind") not in _FILE_FOR:
        return edit
    if "asset" in edit:
        raise InputError(f"an edit of the kind {edit['kind']} gives both a file and an asset: give one of them")
    path = folder / str(edit["file"])
    kind = _FILE_FOR[edit["kind"]]
    asset = given_picture(path, project) if kind == "picture" else given_sound(path, project)
    return {**{name: value for name, value in edit.items() if name != "file"}, "asset": asset}


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    where, *fields = (*fault["loc"], "")
    place = f"edit {where + 1}" if isinstance(where, int) else "the list"
    inner = ".".join(str(field) for field in fields[1:] if field != "")
    return f"{place}{', ' + inner if inner else ''}: {fault['msg'].lower()}"
