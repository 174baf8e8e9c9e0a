"""A project's ZIP opened in a cache: looked through whole before anything is written, and written whole or not at all.

The file may come from anywhere, so nothing in it is believed: every name must be one that `pack` gives, every size and
digest must be the one that its contents tell, no entry may be a link, lie over another one or unfold to more than it
says, and everything that is read as a value must be one.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, Field, ValidationError

from storyreel.airlock import Unsafe, look_at_media, look_at_picture
from storyreel.errors import CorruptFile, DiskFull, InputError
from storyreel.memo.blob import Blob
from storyreel.memo.journal import Line
from storyreel.memo.ledger import LEDGER_NAME
from storyreel.memo.store import Store, store_in
from storyreel.progress import Progress, Task
from storyreel.project import RECORD_NAME, Project, Record, check_project_id, make_private_folder, storage_error
from storyreel.publish.project_zip import (
    CONTENTS_NAME,
    FORMAT,
    PROJECT_FOLDER,
    RESULTS_NAME,
    Contents,
    Sum,
    blob_name,
)
from storyreel.settings import cache_root
from storyreel.timeline.model import Timeline

MOST_ENTRIES = 200_000
MOST_BYTES = 2 * 10**12
MOST_CONTENTS_BYTES = 128 * 2**20
MOST_UNFOLDING = 200
"""How many times its size in the ZIP an entry may have; what people write folds to a tenth, a bomb to a thousandth."""

_SMALL_BYTES = 1 << 20
_PIECE_BYTES = 1 << 20
_SEGMENT = re.compile(r"[^/\\:\x00-\x1f\x7f]{1,255}")
_MOST_DEPTH = 12
_KEY = r"^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)+@[0-9]+/[0-9a-f]{64}$"
_ENCRYPTED = 0x1
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff"})
_SOUNDS_AND_VIDEOS = frozenset(
    {".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus", ".aac"}
)


class _Result(BaseModel, frozen=True, extra="forbid"):
    key: str = Field(pattern=_KEY)
    text: str


def unpack(
    path: Path, cache: Path | str | None = None, *, project_id: str | None = None, progress: Progress | None = None
) -> Project:
    """Open a project's ZIP in a cache.

    Args:
        path: the ZIP.
        project_id: another id for it than the one it had.

    Raises:
        InputError: the file is no project's ZIP, is damaged or unsafe, or the cache has a project of that id; nothing
            is left of it.
        DiskFull, StorageError: the disk took no more; nothing is left of it.
        Cancelled: the user stopped it; nothing is left of it.
    """
    root, progress = cache_root(cache), progress or Progress()
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _checked_entries(archive, path)
            contents = _contents(archive, entries, path)
            chosen = _free_id(root, project_id or contents.project)
            total = sum(entry.file_size for entry in entries.values())
            _check_room(root, total)
            with progress.task("check", total, "bytes") as task:
                results = _checked_content(archive, entries, contents, path, task)
            with progress.task("import", total, "bytes") as task:
                _write(archive, entries, contents, results, root, chosen, task)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is no ZIP file, or damaged ({error}): export the project once more") from error
    except FileNotFoundError as error:
        raise InputError(f"{path} is not there: give the file that  storyreel export ID FILE.zip  wrote") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    return Project(chosen, root, progress)


def _refused(path: Path, reason: str) -> InputError:
    return InputError(f"{path} is refused and nothing of it was kept: {reason}")


def _checked_entries(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """Every entry by its name, when all of them are harmless by what the ZIP tells of them."""
    listed = archive.infolist()
    if len(listed) > MOST_ENTRIES:
        raise _refused(path, f"it lists {len(listed):,} files, and a project has at most {MOST_ENTRIES:,}")
    total, ends_at = 0, 0
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in sorted(listed, key=lambda each: each.header_offset):
        name = entry.orig_filename
        if not _is_plain_name(name):
            raise _refused(path, f"the name {name[:80]!r} in it leads outside the project")
        if name in entries:
            raise _refused(path, f"it holds {name!r} twice")
        mode = entry.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise _refused(path, f"{name!r} in it is a link or a device, and not a file")
        if entry.flag_bits & _ENCRYPTED:
            raise _refused(path, f"{name!r} in it is encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(path, f"{name!r} in it is compressed in a way that projects do not use")
        if entry.header_offset < ends_at:
            raise _refused(path, f"{name!r} in it lies over another file, as in a ZIP bomb")
        ends_at = entry.header_offset + entry.compress_size
        if entry.file_size > _SMALL_BYTES and entry.file_size > MOST_UNFOLDING * max(1, entry.compress_size):
            raise _refused(path, f"{name!r} in it would unfold to {entry.file_size:,} bytes, as in a ZIP bomb")
        total += entry.file_size
        entries[name] = entry
    if total > MOST_BYTES:
        raise _refused(path, f"it would unfold to {total:,} bytes")
    return entries


def _is_plain_name(name: str) -> bool:
    """Whether a name is relative, climbs nowhere and means the same on every system."""
    segments = name.split("/")
    return len(segments) <= _MOST_DEPTH and all(
        _SEGMENT.fullmatch(segment) and segment not in (".", "..") for segment in segments
    )


def _contents(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], path: Path) -> Contents:
    """What the ZIP says it holds, when that is just what it holds."""
    entry = entries.get(CONTENTS_NAME)
    if entry is None:
        raise InputError(f"{path} holds no storyreel project: give a file that  storyreel export ID FILE.zip  wrote")
    if entry.file_size > MOST_CONTENTS_BYTES:
        raise _refused(path, f"its {CONTENTS_NAME} is {entry.file_size:,} bytes long")
    data = b"".join(_pieces(archive, entry, path))
    try:
        told = json.loads(data)
        written = told.get("format") if isinstance(told, dict) else None
        if isinstance(written, int) and written != FORMAT:
            maker = str(told.get("storyreel", "another version"))[:20]
            raise InputError(
                f"{path} was written by storyreel {maker} in form {written}, and this one reads form {FORMAT}: "
                "use the same version on both machines"
            )
        contents = Contents.model_validate(told)
        check_project_id(contents.project)
    except (ValidationError, ValueError, RecursionError) as error:
        raise _refused(path, f"its {CONTENTS_NAME} is damaged") from error
    wanted = {CONTENTS_NAME: len(data), RESULTS_NAME: contents.results.size_bytes}
    wanted |= {f"{PROJECT_FOLDER}/{name}": each.size_bytes for name, each in contents.files.items()}
    wanted |= {blob_name(blob): blob.size_bytes for blob in contents.blobs}
    for name, size_bytes in wanted.items():
        if name not in entries or entries[name].file_size != size_bytes:
            raise _refused(path, f"{name!r} is missing from it, or has another size than it says")
    if extra := next((name for name in entries if name not in wanted), None):
        raise _refused(path, f"{extra[:80]!r} in it belongs to no project")
    for name, blob in contents.links.items():
        if not _is_plain_name(name) or blob not in contents.blobs or name in contents.files:
            raise _refused(path, f"the link {name[:80]!r} in it leads nowhere")
    if RECORD_NAME not in contents.files:
        raise _refused(path, f"it has no {RECORD_NAME}")
    return contents


def _free_id(root: Path, wanted: str) -> str:
    check_project_id(wanted)
    if not (root / "projects" / wanted).exists():
        return wanted
    number = 2
    while (root / "projects" / f"{wanted[:60]}-{number}").exists():
        number += 1
    raise InputError(
        f"there is a project {wanted!r} in {root} already: open this one under another id, "
        f"such as  --project {wanted[:60]}-{number}"
    )


def _check_room(root: Path, size_bytes: int) -> None:
    there = next(folder for folder in (root, *root.parents) if folder.is_dir())
    if shutil.disk_usage(there).free < size_bytes:
        raise DiskFull(f"the project takes {size_bytes / 1e9:.1f} GB, and the disk that holds {root} has less room")


def _checked_content(
    archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], contents: Contents, path: Path, task: Task
) -> list[_Result]:
    """Read everything through without keeping it; what are values must be values."""
    sums = {RESULTS_NAME: contents.results}
    sums |= {f"{PROJECT_FOLDER}/{name}": each for name, each in contents.files.items()}
    sums |= {blob_name(blob): Sum(sha256=blob.sha256, size_bytes=blob.size_bytes) for blob in contents.blobs}
    read_as_values = {RESULTS_NAME} | {
        f"{PROJECT_FOLDER}/{name}" for name in contents.files if name in (RECORD_NAME, "timeline.json", LEDGER_NAME)
    }
    values: dict[str, bytes] = {}
    for name, wanted in sums.items():
        digest, kept = hashlib.sha256(), []
        for piece in _pieces(archive, entries[name], path):
            digest.update(piece)
            if name in read_as_values:
                kept.append(piece)
            task.advance(len(piece))
        if digest.hexdigest() != wanted.sha256:
            raise _refused(path, f"{name!r} in it is not what was packed: its hash is another one")
        values[name] = b"".join(kept)
    try:
        Record.model_validate_json(values[f"{PROJECT_FOLDER}/{RECORD_NAME}"])
        if timeline := values.get(f"{PROJECT_FOLDER}/timeline.json"):
            Timeline.model_validate_json(timeline)
        for line in values.get(f"{PROJECT_FOLDER}/{LEDGER_NAME}", b"").splitlines():
            Line.model_validate_json(line)
        return [_Result.model_validate_json(line) for line in values[RESULTS_NAME].splitlines()]
    except ValidationError as error:
        raise _refused(path, f"a file in it is not what storyreel writes ({error.title})") from error


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    """An entry's content, no more of it than it says it has."""
    read = 0
    try:
        with archive.open(entry) as source:
            while piece := source.read(_PIECE_BYTES):
                read += len(piece)
                if read > entry.file_size:
                    raise _refused(path, f"{entry.filename!r} in it unfolds to more than it says, as in a ZIP bomb")
                yield piece
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise _refused(path, f"{entry.filename!r} in it is damaged") from error


def _write(
    archive: zipfile.ZipFile,
    entries: dict[str, zipfile.ZipInfo],
    contents: Contents,
    results: list[_Result],
    root: Path,
    project_id: str,
    task: Task,
) -> None:
    store, folder = store_in(root), root / "projects" / project_id
    half = folder.with_name(f".{project_id}.{secrets.token_hex(6)}")
    new_blobs: list[Blob] = []
    new_keys: list[str] = []
    try:
        for blob in contents.blobs:
            if not store.has(blob):
                new_blobs.append(blob)
                _take_in(archive, entries[blob_name(blob)], store, blob)
            task.advance(blob.size_bytes)
        make_private_folder(half)
        for name, each in contents.files.items():
            _write_file(archive, entries[f"{PROJECT_FOLDER}/{name}"], half / PurePosixPath(name))
            task.advance(each.size_bytes)
        for name, blob in contents.links.items():
            store.place(blob, half / PurePosixPath(name))
        for result in results:
            key = f"{project_id}/{result.key}"
            new_keys.append(key)
            store.results.set(key, result.text, lasting=result is results[-1])
        half.replace(folder)
    except BaseException as error:
        shutil.rmtree(half, ignore_errors=True)
        for key in new_keys:
            store.results.delete(key)
        for blob in new_blobs:
            store.discard(blob)
        if isinstance(error, OSError):
            raise storage_error(error, folder) from error
        raise


def _take_in(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, store: Store, blob: Blob) -> None:
    with store.new_file(blob.suffix) as place:
        with place.open("wb") as file:
            for piece in _pieces(archive, entry, place):
                file.write(piece)
        if blob.suffix in _PICTURES or blob.suffix in _SOUNDS_AND_VIDEOS:
            _look_over(entry, place, picture=blob.suffix in _PICTURES)
        if store.put_file(place, blob.suffix) != blob:
            raise CorruptFile(f"{entry.filename} changed while it was read: import the file once more")


def _look_over(entry: zipfile.ZipInfo, place: Path, *, picture: bool) -> None:
    try:
        (look_at_picture if picture else look_at_media)(place)
    except Unsafe as error:
        raise InputError(
            f"the project is refused and nothing of it was kept: of {entry.filename!r} in it, {error.reason}"
        ) from error


def _write_file(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path) -> None:
    make_private_folder(place.parent)
    with place.open("xb") as file:
        place.chmod(0o600)
        for piece in _pieces(archive, entry, place):
            file.write(piece)
