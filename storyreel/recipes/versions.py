"""The versions of a film: states that were given a name, earlier scripts, and the timeline after each edit.

    NAME          a state that was named (or kept before going back): versions/NAME.json
    script-2      the second text that the project was given; see `storyreel.recipes.script_versions`
    edits-3       the timeline after the first three edits
    now           as it is

A named version is a copy of every small file that says what the film is. What these files point at, pictures, voices,
music, lies in the store under its content's name and is never thrown away, so no version can lose any of it. Going
back keeps the present state first, so going back can be taken back: by going back to that.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from storyreel.errors import CorruptFile, InputError
from storyreel.progress import Progress
from storyreel.project import RECORD_NAME, Project, Record, slug, write_text_atomically
from storyreel.recipes import script_film
from storyreel.recipes._finish import TIMELINE_NAME, Film, check_out, current, finish_edited, keep_timeline
from storyreel.recipes._kept import keep_value
from storyreel.recipes._run import run
from storyreel.recipes.card_files import CARDS_NAME
from storyreel.recipes.edits import ASSEMBLED_NAME, read_timeline_file, saved_edits, timeline_text
from storyreel.recipes.history import EDITS_NAME, History
from storyreel.recipes.resume import RENDER_SHARES, existing
from storyreel.recipes.script_versions import read_version, script_versions
from storyreel.shots.card_edits import CARD_EDITS
from storyreel.timeline.anchors import Anchor, replayed
from storyreel.timeline.edit import EDITS
from storyreel.timeline.model import Timeline

FOLDER = "versions"
NOW = "now"
BEFORE = "before-going-back"
SCRIPT, _EDITS = "script-", "edits-"
_KEPT = (RECORD_NAME, TIMELINE_NAME, ASSEMBLED_NAME, EDITS_NAME, CARDS_NAME)
# What each edit was made of, kept as one more text: after an undo in the middle, an edit's numbers alone mean another.
_ANCHORS_NAME = "anchors.json"
_ANCHORS: TypeAdapter[tuple[Anchor | None, ...]] = TypeAdapter(tuple[Anchor | None, ...])
_FORMS: Mapping[str, TypeAdapter[Any]] = {
    RECORD_NAME: TypeAdapter(Record), TIMELINE_NAME: TypeAdapter(Timeline), ASSEMBLED_NAME: TypeAdapter(Timeline),
    EDITS_NAME: EDITS, CARDS_NAME: CARD_EDITS, _ANCHORS_NAME: _ANCHORS,
}  # fmt: skip


class Saved(BaseModel, frozen=True, extra="forbid"):
    """A named version, as its file holds it.

    Attributes:
        at_s: when it was kept, Unix time, seconds.
        files: the project's files by name, and what its edits were made of; one that is not there then is not there
            again after going back.
    """

    name: str = Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")
    at_s: float
    note: str = ""
    files: Mapping[str, str]


class Version(BaseModel, frozen=True, extra="forbid"):
    """A line of the list.

    Attributes:
        name: to compare it and to go back to it.
        kind: "named", "script", "edits" or "now".
        at_s: when it was kept, 0 where nobody noted that.
        what: what it is, for people.
    """

    name: str
    kind: str
    at_s: float = 0.0
    what: str


def versions(project_id: str, *, cache: Path | str | None = None) -> tuple[Version, ...]:
    """All versions of a film that can be compared and gone back to: scripts, edits, named ones, and the present.

    Raises:
        InputError: the id is no slug, or no film was begun under it.
        CorruptFile: a version's file is damaged.
    """
    project = existing(project_id, cache)
    found = [
        Version(name=f"{SCRIPT}{script.number}", kind="script", what=f"{script.words} words from {script.name}")
        for script in script_versions(project)
    ]
    edits = saved_edits(project) if project.path(ASSEMBLED_NAME).exists() else ()
    for number in range(len(edits)):
        after = "as it was assembled" if number == 0 else f"after {_edit_text(edits[number - 1].kind)}"
        found.append(Version(name=f"{_EDITS}{number}", kind="edits", what=after))
    named = sorted((_read(path) for path in project.folder.glob(f"{FOLDER}/*.json")), key=lambda saved: saved.at_s)
    found += [
        Version(name=each.name, kind="named", at_s=each.at_s, what=each.note or _what(each.files)) for each in named
    ]
    last = f", after {_edit_text(edits[-1].kind)}" if edits else ""
    return (*found, Version(name=NOW, kind="now", what=f"{_what(_files(project))}{last}"))


def name_version(project_id: str, name: str, *, note: str = "", cache: Path | str | None = None) -> Version:
    """Give the film as it is a name.

    Raises:
        InputError: the name is taken, reserved, or no slug.
    """
    project = existing(project_id, cache)
    if not name or slug(name) != name or name == NOW or name.startswith((SCRIPT, _EDITS)):
        raise InputError(
            f"a version cannot be called {name[:60]!r}: take a-z, 0-9 and '-', such as first-cut; {NOW}, "
            f"{SCRIPT}N and {_EDITS}N have a meaning of their own"
        )
    if _path(project, name).exists():
        raise InputError(
            f"{project_id!r} has a version {name!r} already: versions are never replaced, take another name"
        )
    with project.locked():
        saved = _keep(project, name, note)
    return Version(name=name, kind="named", at_s=saved.at_s, what=note or _what(saved.files))


def go_back(
    project_id: str,
    name: str,
    *,
    agreed: bool = False,
    cache: Path | str | None = None,
    out: Path | str | None = None,
    progress: Progress | None = None,
) -> Film:
    """Make a version the film again. The present state is kept as "before-going-back-N" first: nothing is lost.

    What is remembered is not made again, so going back takes moments.

    Args:
        agreed: what an earlier script was never drawn of may cost more than a dollar.

    Raises:
        InputError: there is no such version.
        NotAgreed: going back to an earlier script may cost that, and nobody agreed to it.
        CorruptFile: its file is damaged.
    """
    project, place = existing(project_id, cache, progress), check_out(out)
    if name.startswith(SCRIPT):
        number = _number(project, name, SCRIPT)
        read_version(project, number)
        before = script_film.from_record(project)
        earlier = replace(before, brief=before.brief.model_copy(update={"version": number}))
        asked = script_film.agree(earlier, agreed)
        with project.locked():
            keep_present(project)
            project.save_record(project.record().model_copy(update={"inputs": asked.brief.model_dump()}))
        return script_film.make(asked, place)
    with run(project, "edit", RENDER_SHARES):
        files = files_of(project, name)
        keep_present(project)
        _put_back(project, name, files)
        film = current(project)
        keep_timeline(project, film.timeline)
        return finish_edited(project, film, place, quality=project.record().settings.quality)


def files_of(project: Project, name: str) -> Mapping[str, str]:
    """The files of a version that has a timeline: a named one, one of the edits, or the present."""
    if name == NOW:
        return _files(project)
    if name.startswith(_EDITS):
        return _after_edits(project, _number(project, name, _EDITS))
    path = _path(project, name) if name and slug(name) == name else None
    if path is None or not path.exists():
        raise InputError(f"{project.id!r} has no version {name[:60]!r}: see  storyreel versions {project.id}")
    files = _read(path).files
    try:
        for kept, form in _FORMS.items():
            if kept in files:
                form.validate_json(files[kept])
    except ValidationError as error:
        raise CorruptFile(f"the version {name!r} of {project.id!r} is damaged: take another") from error
    return files


def timeline_of(project: Project, name: str) -> Timeline:
    """A version's timeline.

    Raises:
        InputError: there is no such version, or it has no timeline.
    """
    text = files_of(project, name).get(TIMELINE_NAME)
    if text is None:
        raise InputError(f"the version {name!r} of {project.id!r} has no timeline: it was kept before there was one")
    try:
        return Timeline.model_validate_json(text)
    except ValidationError as error:
        raise CorruptFile(f"the version {name!r} of {project.id!r} is damaged: take another") from error


def keep_present(project: Project) -> str:
    """Keep the state as it is under a name of its own, unless a version holds it already; its name."""
    present = _files(project)
    for path in project.folder.glob(f"{FOLDER}/*.json"):
        if (saved := _read(path)).files == present:
            return saved.name
    number = 1
    while _path(project, f"{BEFORE}-{number}").exists():
        number += 1
    return _keep(project, f"{BEFORE}-{number}", "").name


def _after_edits(project: Project, number: int) -> Mapping[str, str]:
    edits, assembled = saved_edits(project), project.path(ASSEMBLED_NAME)
    if not assembled.exists() or number > len(edits):
        raise InputError(f"{project.id!r} has no {_EDITS}{number}: see  storyreel versions {project.id}")
    start = read_timeline_file(assembled)
    present = {key: text for key, text in _files(project).items() if key != EDITS_NAME}
    anchors = _ANCHORS.validate_json(present.pop(_ANCHORS_NAME, "[]"))[:number]
    changed = {TIMELINE_NAME: timeline_text(replayed(start, edits[:number], anchors))}
    if number:
        changed[EDITS_NAME] = EDITS.dump_json(edits[:number], indent=1).decode() + "\n"
        changed[_ANCHORS_NAME] = _ANCHORS.dump_json(anchors).decode()
    else:
        present.pop(ASSEMBLED_NAME)
    return {**present, **changed}


def _put_back(project: Project, name: str, files: Mapping[str, str]) -> None:
    """Write a version's files; the timeline last, so that after a crash the edits decide."""
    for kept in (RECORD_NAME, ASSEMBLED_NAME, CARDS_NAME):
        _write(project, kept, files)
    edits = EDITS.validate_json(files.get(EDITS_NAME, "[]"))
    anchors = _ANCHORS.validate_json(files.get(_ANCHORS_NAME, "[]"))
    history = History(project)
    with history.locked():
        if (history.edits, history.anchors) != (edits, anchors):
            history.go_to(f"Went back to {name}", edits, anchors)
    _write(project, TIMELINE_NAME, files)


def _write(project: Project, name: str, files: Mapping[str, str]) -> None:
    if name in files:
        write_text_atomically(project.path(name), files[name])
    else:
        project.path(name).unlink(missing_ok=True)


def _keep(project: Project, name: str, note: str) -> Saved:
    saved = Saved(name=name, at_s=time.time(), note=note, files=_files(project))
    keep_value(project, f"{FOLDER}/{name}.json", saved)
    return saved


def _files(project: Project) -> dict[str, str]:
    paths = {name: project.path(name) for name in _KEPT}
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items() if path.exists()}
    if texts.get(EDITS_NAME, "").strip() == "[]":
        del texts[EDITS_NAME]  # no edits, as where nobody ever made one
    if EDITS_NAME in texts:
        texts[_ANCHORS_NAME] = _ANCHORS.dump_json(History(project).anchors).decode()
    return texts


def _path(project: Project, name: str) -> Path:
    return project.path(f"{FOLDER}/{name}.json")


def _read(path: Path) -> Saved:
    try:
        return Saved.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise CorruptFile(f"the version {path} is damaged: move it away") from error


def _number(project: Project, name: str, prefix: str) -> int:
    digits = name[len(prefix) :]
    if not (digits.isascii() and digits.isdecimal()):
        raise InputError(f"{project.id!r} has no version {name[:60]!r}: see  storyreel versions {project.id}")
    return int(digits)


def _what(files: Mapping[str, str]) -> str:
    """A version in a few words."""
    if TIMELINE_NAME not in files:
        return "no timeline yet"
    timeline = Timeline.model_validate_json(files[TIMELINE_NAME])
    edits = len(EDITS.validate_json(files[EDITS_NAME])) if EDITS_NAME in files else 0
    script = Record.model_validate_json(files[RECORD_NAME]).inputs.get("version", 0) if RECORD_NAME in files else 0
    minutes, seconds = divmod(round(timeline.rate.seconds(timeline.length_frames)), 60)
    told = f"{minutes}:{seconds:02d}, {len(timeline.clips)} pictures, {edits} edit{'' if edits == 1 else 's'}"
    return f"{told}, script {script}" if script else told


def _edit_text(kind: str) -> str:
    return kind.replace("_", " ")
