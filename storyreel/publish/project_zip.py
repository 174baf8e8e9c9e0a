"""A whole project as one ZIP: everything that belongs to a film, for another machine or another cache.

    storyreel.json            what is in it: a `Contents`
    results.jsonl             what its steps returned, as {"key": ..., "text": ...} a line
    project/...               the project's own files: story, prompts, timeline, edits, ledger, events
    files/ab/abcdef...png     its pictures, voices, music, clips, paid answers and its film, each once, named by content

Names that people read, which are links to files named by content, are listed and made again. Left out is what the
renderer makes again by itself: its pieces of two seconds. No key is ever in a project, so none is in its ZIP.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, Field

from storyreel.errors import CorruptFile
from storyreel.memo.blob import Blob
from storyreel.memo.store import Store, store_of
from storyreel.progress import Task
from storyreel.project import RECORD_NAME, Project, storage_error
from storyreel.publish.video import exported_film, exported_sound
from storyreel.render.sound_steps import sound_block, sound_levels, untouched_sound
from storyreel.render.steps import master_sound, render_chunk

FORMAT: Literal[1] = 1
CONTENTS_NAME, RESULTS_NAME = "storyreel.json", "results.jsonl"
PROJECT_FOLDER, FILES_FOLDER = "project", "files"

_MADE_AGAIN = (render_chunk, sound_block, sound_levels, untouched_sound, master_sound, exported_film, exported_sound)
# Locks, what a killed run left half-written, and how far uploads from this machine have come.
_NOT_TAKEN = re.compile(
    r"\.lock|\.calls(/.*)?|(.*/)?\.[^/]*\.[0-9a-f]{12}|(.*/)?\.[^/]+\.\d+|uploads/[0-9a-f]{24}\.json|preview\.mp4"
)
_BLOB = re.compile(
    r'\{\s*"sha256":\s*"([0-9a-f]{64})",\s*"suffix":\s*"(\.[a-z0-9]{1,8})",\s*"size_bytes":\s*([0-9]+)\s*\}'
)
_PIECE_BYTES = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Sum(BaseModel, frozen=True, extra="forbid"):
    """A file's content by its digest and size."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size_bytes: int = Field(ge=0)


class Contents(BaseModel, frozen=True, extra="forbid"):
    """What a project's ZIP holds.

    Attributes:
        format: of the ZIP; another one is refused.
        storyreel: the version that wrote it.
        project: the id it had.
        files: its own files by their names in the project's folder.
        links: names in the project's folder that are files named by content.
        blobs: the files named by content.
        results: the file of results.
    """

    format: Literal[1]
    storyreel: str
    project: str
    files: dict[str, Sum]
    links: dict[str, Blob]
    blobs: tuple[Blob, ...]
    results: Sum


def blob_name(blob: Blob) -> str:
    """A file's name in the ZIP."""
    return f"{FILES_FOLDER}/{blob.sha256[:2]}/{blob.sha256}{blob.suffix}"


def pack(project: Project, path: Path) -> Contents:
    """Write a project as a ZIP.

    Args:
        project: with its lock held, so that it does not change meanwhile.
        path: a new file; what is there after an error is no ZIP.

    Raises:
        CorruptFile: a file of the project is missing or damaged.
        DiskFull, StorageError: it could not be written.
        Cancelled: the user stopped it.
    """
    project.record()  # a folder without a record is no project
    store = store_of(project)
    own, links = _files(project, store)
    results, named = _results(project, store)
    named |= set(links.values())
    for name, file in own.items():
        if name.endswith((".json", ".jsonl")):
            named |= _blobs_in(file.read_text(encoding="utf-8", errors="replace"))
    blobs = sorted((blob for blob in named if store.has(blob)), key=blob_name)
    if lost := len(named) - len(blobs):
        project.progress.warn(f"{lost} files that the film once had are gone, so they are not in the ZIP", "export")
    contents = Contents(
        format=FORMAT,
        storyreel=version("storyreel"),
        project=project.id,
        files={name: _sum(file) for name, file in own.items()},
        links={name: blob for name, blob in links.items() if blob in set(blobs)},
        blobs=tuple(blobs),
        results=Sum(sha256=hashlib.sha256(results).hexdigest(), size_bytes=len(results)),
    )
    size_bytes = sum(blob.size_bytes for blob in blobs) + sum(each.size_bytes for each in contents.files.values())
    try:
        with (
            project.progress.task("export", size_bytes, "bytes") as task,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            archive.writestr(_entry(CONTENTS_NAME), contents.model_dump_json(indent=1))
            archive.writestr(_entry(RESULTS_NAME), results)
            for name, file in own.items():
                _add(archive, _entry(f"{PROJECT_FOLDER}/{name}"), file, contents.files[name].size_bytes, task)
            for blob in blobs:
                # Pictures, sounds and films are compressed already.
                entry = _entry(blob_name(blob), zipfile.ZIP_STORED)
                _add(archive, entry, store.path(blob), blob.size_bytes, task)
    except OSError as error:
        raise storage_error(error, path) from error
    return contents


def _files(project: Project, store: Store) -> tuple[dict[str, Path], dict[str, Blob]]:
    """The project's own files, and those that are names of files in the store."""
    own: dict[str, Path] = {}
    links: dict[str, Blob] = {}
    kept = store.names()
    for path in sorted(project.folder.rglob("*")):
        name = path.relative_to(project.folder).as_posix()
        if path.is_symlink() or not path.is_file() or _NOT_TAKEN.fullmatch(name):
            continue
        blob = None
        if path.suffix not in (".json", ".jsonl"):
            blob = kept.get(_sum(path).sha256)
        if blob is None:
            own[name] = path
        else:
            links[name] = blob
    if RECORD_NAME not in own:
        raise CorruptFile(f"{project.folder} has no {RECORD_NAME}: run the film's first command again")
    return own, links


def _results(project: Project, store: Store) -> tuple[bytes, set[Blob]]:
    """What the project's steps returned, without what can be made again, and the files that it names."""
    lines, named = [], set()
    again = tuple(f"{step.name}@" for step in _MADE_AGAIN)
    for key in sorted(store.results.keys(f"{project.id}/*")):
        inner = key.removeprefix(f"{project.id}/")
        if inner.startswith(again):
            continue
        try:
            text = store.results.get(key)
        except CorruptFile:
            continue  # the step would make it again, and so it will there
        if text is None:
            continue
        blobs = _blobs_in(text)
        if all(store.has(blob) for blob in blobs):
            lines.append(json.dumps({"key": inner, "text": text}, ensure_ascii=False) + "\n")
            named |= blobs
    return "".join(lines).encode(), named


def _blobs_in(text: str) -> set[Blob]:
    return {
        Blob(sha256=sha256, suffix=suffix, size_bytes=int(size_bytes))
        for sha256, suffix, size_bytes in _BLOB.findall(text)
    }


def _sum(path: Path) -> Sum:
    try:
        with path.open("rb") as file:
            size_bytes, digest = os.fstat(file.fileno()).st_size, hashlib.sha256()
            for piece in _pieces(file, size_bytes):
                digest.update(piece)
        return Sum(sha256=digest.hexdigest(), size_bytes=size_bytes)
    except OSError as error:
        raise CorruptFile(f"{path} cannot be read: {error.strerror}") from error


def _pieces(file: BinaryIO, size_bytes: int) -> Iterator[bytes]:
    """A file's first bytes: logs grow while they are packed, not least by the progress of packing."""
    left = size_bytes
    while left and (piece := file.read(min(left, _PIECE_BYTES))):
        left -= len(piece)
        yield piece


def _entry(name: str, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type, entry.external_attr = method, 0o100600 << 16
    return entry


def _add(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, size_bytes: int, task: Task) -> None:
    entry.file_size = size_bytes  # so that what needs ZIP's 64-bit form gets it
    with path.open("rb") as source, archive.open(entry, "w") as target:
        for piece in _pieces(source, size_bytes):
            target.write(piece)
            task.advance(len(piece))
