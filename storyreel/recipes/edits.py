"""A user's edits of a film: kept as inputs beside it, and made again on whatever timeline the film comes to.

history.jsonl     every edit ever made, and what was taken back; see `storyreel.recipes.history`
edits.json        what counts of them, in order
assembled.json    the timeline before any of them
timeline.json     the timeline with them, which is rendered
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from storyreel.errors import CorruptFile, InputError
from storyreel.project import Project, write_text_atomically
from storyreel.publish.interchange.recut import read_cuts, recut_edits
from storyreel.recipes.given_files import given_picture, given_sound
from storyreel.recipes.history import EDITS_NAME, History, edits_in_file, first_fault
from storyreel.timeline.anchors import anchored
from storyreel.timeline.edit import EDITS, Edit
from storyreel.timeline.model import Timeline

ASSEMBLED_NAME = "assembled.json"
COMMAND_LINE = "command line"
RECUTS = (".otio", ".edl")
_FILE_FOR: dict[str, Literal["picture", "sound"]] = {
    "replace_picture": "picture",
    "insert_clip": "picture",
    "replace_music": "sound",
    "replace_voice": "sound",
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
    except (ValueError, RecursionError) as error:
        raise InputError(f"the edits {path} are not JSON: {error}") from error
    if not isinstance(written, list):
        raise InputError(f"the edits {path} are not a list: put them in [ ... ]")
    with_assets = [_with_asset(edit, path.parent, project) for edit in written]
    try:
        return EDITS.validate_python(with_assets)
    except ValidationError as error:
        raise InputError(f"the edits {path} cannot be used: {first_fault(error)}") from error


def read_recut(path: Path, current: Timeline, project: Project) -> tuple[Edit, ...]:
    """Read the film's timeline as it was re-cut in another program, as edits.

    Pictures that the film does not have are copied into the project's store.

    Raises:
        InputError: the file, or a picture that it names, cannot be read.
        MissingExtra: OpenTimelineIO is not installed.
    """
    return recut_edits(current, read_cuts(path, current), lambda file: given_picture(file, project))


def saved_edits(project: Project) -> tuple[Edit, ...]:
    """Every edit of a film that counts, in order.

    Raises:
        CorruptFile: they are not what storyreel writes.
    """
    return edits_in_file(project)


@dataclass(frozen=True, slots=True)
class Edited:
    """A timeline with a film's edits.

    Attributes:
        assembled: the timeline before them.
        entries: the ids of the history's entries that it holds.
    """

    timeline: Timeline
    assembled: Timeline
    entries: tuple[str, ...]


def with_saved_edits(project: Project, assembled: Timeline) -> Timeline:
    """A timeline as it was assembled, with the film's edits made; see `keep_assembled`."""
    return keep_assembled(project, assembled).timeline


def as_edited(project: Project, assembled: Timeline) -> Timeline:
    """What `with_saved_edits` would return; nothing is kept."""
    return History(project).applied_to(assembled)


def keep_assembled(project: Project, assembled: Timeline, *, provisional: bool = False) -> Edited:
    """Keep a timeline as it was assembled, and make the film's edits of it.

    An edit that no longer fits, because the film has come out differently, is left out and told of; not so while the
    film is `provisional` and may come to fit it yet.
    """
    history = History(project)
    with history.locked():
        write_timeline(project.path(ASSEMBLED_NAME), assembled)
        entries = tuple(entry.id for entry in history.live)
    left_out: list[tuple[int, str]] = []
    timeline = history.applied_to(assembled, lambda number, why: left_out.append((number, why)))
    for number, why in left_out if not provisional else ():
        project.progress.warn(f"edit {number + 1} of {EDITS_NAME} is left out: {why}", "render")
    return Edited(timeline, assembled, entries)


def edited(project: Project, timeline_path: Path, history: History | None = None) -> Edited:
    """A film as its history leaves it.

    Args:
        timeline_path: where its timeline is, if nothing was ever changed in it.
        history: of the film, as it is to be read.

    Raises:
        InputError: it has no timeline yet.
        CorruptFile: one of its files is damaged.
    """
    history = history or History(project)
    path = project.path(ASSEMBLED_NAME)
    if not history.entries or not path.exists():
        if not timeline_path.exists():
            raise InputError(f"{project.id!r} has no timeline yet: run  storyreel resume {project.id}")
        timeline = read_timeline_file(timeline_path)
        return Edited(timeline, timeline, tuple(entry.id for entry in history.live))
    assembled = read_timeline_file(path)
    return Edited(history.applied_to(assembled), assembled, tuple(entry.id for entry in history.live))


def add_edits(project: Project, current: Timeline, edits: Sequence[Edit]) -> Edited:
    """Keep more edits of a film, and return its timeline with them.

    The edits that were kept last are not kept twice: the same command, run again after it was stopped, goes on.

    Args:
        current: the film's timeline, if nothing was ever changed in it.

    Raises:
        InputError: an edit does not fit; none is kept.
    """
    history, path = History(project), project.path(ASSEMBLED_NAME)
    with history.locked():
        if not path.exists() or not history.entries:
            write_timeline(path, current)
        assembled = read_timeline_file(path)
        now = history.applied_to(assembled)
        last = history.live[-1:]
        if edits and not (last and last[0].edits == tuple(edits)):
            anchors, now = anchored(now, edits)
            history.add(COMMAND_LINE, _label(edits), edits, anchors)
        entries = tuple(entry.id for entry in history.live)
    return Edited(now, assembled, entries)


def _label(edits: Sequence[Edit]) -> str:
    kinds = list(dict.fromkeys(edit.kind.replace("_", " ") for edit in edits))
    return f"{', '.join(kinds[:3])}{' and more' if len(kinds) > 3 else ''}".capitalize()


def write_timeline(path: Path, timeline: Timeline) -> None:
    """Write a timeline so that a crash leaves the old one or the new."""
    write_text_atomically(path, timeline_text(timeline))


def timeline_text(timeline: Timeline) -> str:
    """A timeline as its file holds it."""
    return timeline.model_dump_json(indent=1) + "\n"


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
