"""The versions of a project's script: every text that was given or written, each with a summary.

script/v1.fountain, script/v2.txt ...   the texts; a screenplay ends in .fountain, prose in .txt
script/versions.json                    what they are
"""

from __future__ import annotations

import hashlib

from pydantic import BaseModel, Field, ValidationError

from storyreel.errors import CorruptFile, InputError
from storyreel.inputs.screenplay.files import ScriptText
from storyreel.inputs.screenplay.recognise import ScriptKind
from storyreel.project import Project
from storyreel.recipes._kept import keep_text, keep_value

VERSIONS_NAME = "script/versions.json"


class ScriptVersion(BaseModel, frozen=True, extra="forbid"):
    """One version of the script.

    Attributes:
        number: from 1.
        name: the file it was read from, or who wrote it.
        sha256: of the text.
        summary: what happens in it, "" until it has been broken down.
    """

    number: int = Field(ge=1)
    name: str
    kind: ScriptKind
    sha256: str
    words: int
    summary: str = ""

    @property
    def file(self) -> str:
        """The text's place in the project."""
        return f"script/v{self.number}{'.fountain' if self.kind == 'fountain' else '.txt'}"


class ScriptVersions(BaseModel, frozen=True, extra="forbid"):
    """All versions of a project's script, in order."""

    versions: tuple[ScriptVersion, ...] = ()


def script_versions(project: Project) -> tuple[ScriptVersion, ...]:
    """The versions that a project has.

    Raises:
        CorruptFile: their list is damaged.
    """
    path = project.path(VERSIONS_NAME)
    if not path.exists():
        return ()
    try:
        return ScriptVersions.model_validate_json(path.read_bytes()).versions
    except ValidationError as error:
        raise CorruptFile(f"{path} is damaged: delete it and give the script again") from error


def keep_version(project: Project, script: ScriptText, summary: str = "") -> ScriptVersion:
    """Keep a text as the project's next version; the text of the version kept last is not kept twice."""
    known = script_versions(project)
    digest = hashlib.sha256(script.text.encode()).hexdigest()
    if known and known[-1].sha256 == digest and known[-1].kind == script.kind:
        return known[-1]
    version = ScriptVersion(
        number=len(known) + 1,
        name=script.name,
        kind=script.kind,
        sha256=digest,
        words=len(script.text.split()),
        summary=summary,
    )
    keep_text(project, version.file, script.text)
    keep_value(project, VERSIONS_NAME, ScriptVersions(versions=(*known, version)))
    return version


def keep_summary(project: Project, number: int, summary: str) -> None:
    """Add what happens in a version to the list."""
    versions = tuple(
        version.model_copy(update={"summary": summary}) if version.number == number else version
        for version in script_versions(project)
    )
    keep_value(project, VERSIONS_NAME, ScriptVersions(versions=versions))


def read_version(project: Project, number: int) -> ScriptText:
    """A version's text.

    Raises:
        InputError: there is none of that number, or its file is gone.
    """
    version = next((each for each in script_versions(project) if each.number == number), None)
    if version is None:
        raise InputError(f"{project.id!r} has no version {number} of its script: give the script again")
    try:
        text = project.path(version.file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{project.path(version.file)} cannot be read: give the script again") from error
    return ScriptText(name=version.name, text=text, kind=version.kind)
