"""Where remembered things are: media as files named by content, results as JSON text, and the locks.

    store/files/ab/abcdef….png     read-only, hard-linked to the names people read
    store/incoming/                files being written; left-overs of a killed run are cleared after two days
    store/results/                 see `storyreel.memo.results`
    store/locks/                   see `storyreel.memo.locks`

A file is written under a name of its own, brought to the disk, and only then renamed to its digest, so a name that is a
digest never holds half a file. Its size and time of change are noted; while they hold, the file counts as unchanged;
otherwise it is read through and compared with its name.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from storyreel.durable import copy_file, file_to_disk, folder_to_disk
from storyreel.errors import CorruptFile, StorageError
from storyreel.memo.blob import Blob
from storyreel.memo.locks import KeyLocks
from storyreel.project import Project, make_private_folder, storage_error

if TYPE_CHECKING:
    from storyreel.memo.results import Results

_LEFT_OVER_AFTER_S = 2 * 24 * 3600.0
_MARK_AGAIN_AFTER_S = 24 * 3600.0
_Seal = tuple[int, int]  # size in bytes, time of change in nanoseconds


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the store.

    Attributes:
        used_at_s: about when it was used last, Unix time, seconds.
        names: how many names it has, the store's own included.
    """

    blob: Blob
    used_at_s: float
    names: int


class Store:
    """The store of one cache. Making one touches no disk; safe for threads and processes.

    Args:
        root: its folder, usually `<cache>/store`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.locks = KeyLocks(root / "locks")
        self._files, self._incoming = root / "files", root / "incoming"
        self._seals: dict[Path, _Seal] = {}
        self._results: Results | None = None
        self._opening = threading.Lock()
        self._cleared = False

    @property
    def results(self) -> Results:
        """What steps returned."""
        if self._results is None:
            from storyreel.memo.results import Results  # diskcache takes 20 ms to import

            with self._opening:
                self._results = self._results or Results(self.root / "results")
        return self._results

    def put_bytes(self, data: bytes, suffix: str) -> Blob:
        """Keep bytes as a file.

        Args:
            suffix: the file's ending with its dot, lowercase (".png").

        Raises:
            DiskFull, StorageError: they could not be kept.
        """
        blob = Blob(sha256=hashlib.sha256(data).hexdigest(), suffix=suffix, size_bytes=len(data))
        if not self.has(blob):
            with self.new_file(suffix) as path:
                try:
                    path.write_bytes(data)
                except OSError as error:
                    raise storage_error(error, path) from error
                self._take_in(path, blob)
        return blob

    def put_file(self, path: Path, suffix: str, *, keep: bool = False) -> Blob:
        """Move a file into the store; with `keep`, copy it and leave the original where it is.

        Raises:
            DiskFull, StorageError: it could not be kept; the original is still there.
        """
        # Another name for the same file could change it behind the store's back.
        stat = _stat(path)
        shared = keep or path.is_symlink() or stat.st_nlink > 1
        self._clear_incoming()
        if not shared and stat.st_dev == self._incoming.stat().st_dev:
            blob = _blob_of(path, suffix)
            if self.has(blob):
                _remove(path)
            else:
                self._take_in(path, blob)
            return blob
        with self.new_file(suffix) as copy:
            try:
                shutil.copyfile(path, copy)
            except OSError as error:
                raise storage_error(error, copy) from error
            blob = _blob_of(copy, suffix)
            if not self.has(blob):
                self._take_in(copy, blob)
        if not keep:
            _remove(path)
        return blob

    @contextmanager
    def new_file(self, suffix: str) -> Iterator[Path]:
        """A fresh path on the store's own disk to write a file at; what is left there is removed at the end."""
        self._clear_incoming()
        path = self._incoming / f"{os.getpid()}-{secrets.token_hex(8)}{suffix}"
        try:
            yield path
        finally:
            with suppress(OSError):
                path.unlink()

    def path(self, blob: Blob) -> Path:
        """Where a blob's file is. It is read-only; do not write to it.

        Raises:
            CorruptFile: it is missing, or no longer is what was written.
        """
        path = self._path(blob)
        try:
            stat = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise CorruptFile(f"{path} is gone; run the step that made it again") from None
        except OSError as error:
            raise StorageError(f"{path} cannot be read: {error.strerror}") from error
        seal = stat.st_size, stat.st_mtime_ns
        if self._seals.get(path) == seal:
            return path
        if stat.st_size != blob.size_bytes or (self._noted_seal(blob) != seal and _sha256_of(path) != blob.sha256):
            raise CorruptFile(f"{path} has been changed since it was written; run the step that made it again")
        self._note_seal(blob, path, seal)
        return path

    def has(self, blob: Blob) -> bool:
        """Whether the blob's file is there and unchanged."""
        try:
            self.path(blob)
        except CorruptFile:
            return False
        return True

    def read(self, blob: Blob) -> bytes:
        """A blob's content.

        Raises:
            CorruptFile: it is missing, or no longer is what was written.
        """
        path = self.path(blob)
        try:
            return path.read_bytes()
        except OSError as error:
            raise StorageError(f"{path} cannot be read: {error.strerror}") from error

    def mark_used(self, blob: Blob) -> None:
        """Note that a file is in use, at most once a day: its time of access, since that of change is its seal."""
        path, now_s = self._path(blob), time.time()
        with suppress(OSError):
            stat = path.stat()
            if now_s - stat.st_atime > _MARK_AGAIN_AFTER_S:
                os.utime(path, ns=(int(now_s * 1e9), stat.st_mtime_ns))

    def kept(self, suffix: str) -> list[KeptFile]:
        """Every file with this ending, the one used longest ago first."""
        files = []
        for path in self._files.glob(f"??/*{suffix}"):
            with suppress(OSError, ValidationError):
                stat = path.stat()
                blob = Blob(sha256=path.name.removesuffix(suffix), suffix=suffix, size_bytes=stat.st_size)
                files.append(KeptFile(blob, stat.st_atime, stat.st_nlink))
        return sorted(files, key=lambda file: (file.used_at_s, file.blob.sha256))

    def names(self) -> dict[str, Blob]:
        """Every file by its digest."""
        found = {}
        for path in self._files.glob("??/*"):
            sha256, point, ending = path.name.partition(".")
            with suppress(OSError, ValidationError):
                found[sha256] = Blob(sha256=sha256, suffix=point + ending, size_bytes=path.stat().st_size)
        return found

    def discard(self, blob: Blob) -> bool:
        """Remove a file from the store, if it is there; other names that it has stay."""
        path = self._path(blob)
        self.results.delete(_seal_key(blob))
        self._seals.pop(path, None)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise storage_error(error, path) from error
        return True

    def place(self, blob: Blob, path: Path) -> None:
        """Make a blob's file appear under a name that people read: a hard link, or a copy where links do not work.

        Whatever file was there is replaced in one go; the same file is left alone.

        Raises:
            CorruptFile: the blob is missing or changed.
            DiskFull, StorageError: the name could not be made.
        """
        source = self.path(blob)
        make_private_folder(path.parent)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        try:
            if _is_same_file(source, path):
                return
            try:
                os.link(source, temporary)
            except OSError:
                if path.is_file() and not path.is_symlink() and _holds(path, blob):
                    return
                shutil.copyfile(source, temporary)
                file_to_disk(temporary, mode=0o600)
            temporary.replace(path)
        except OSError as error:
            raise storage_error(error, path) from error
        finally:
            with suppress(OSError):
                temporary.unlink()

    def give(self, blob: Blob, path: Path) -> None:
        """Give the user a file of their own: a copy that they may write to, which takes no room where disks share.

        Whatever file was there is replaced in one go.

        Raises:
            CorruptFile: the blob is missing or changed.
            DiskFull, StorageError: the file could not be written.
        """
        source, temporary = self.path(blob), path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        try:
            copy_file(source, temporary)
            file_to_disk(temporary, mode=0o644)
            temporary.replace(path)
        except OSError as error:
            raise storage_error(error, path) from error
        finally:
            with suppress(OSError):
                temporary.unlink()

    def _path(self, blob: Blob) -> Path:
        return self._files / blob.sha256[:2] / f"{blob.sha256}{blob.suffix}"

    def _take_in(self, path: Path, blob: Blob) -> None:
        target = self._path(blob)
        self._make_folder(target.parent)
        try:
            stat = file_to_disk(path, mode=0o400)
            path.replace(target)
            folder_to_disk(target.parent)
        except OSError as error:
            raise storage_error(error, target) from error
        self._note_seal(blob, target, (stat.st_size, stat.st_mtime_ns))

    def _noted_seal(self, blob: Blob) -> _Seal | None:
        try:
            text = self.results.get(_seal_key(blob))
        except CorruptFile:
            return None  # the file will be read through instead
        if text is None:
            return None
        size_bytes, _, changed_ns = text.partition(" ")
        return int(size_bytes), int(changed_ns)

    def _note_seal(self, blob: Blob, path: Path, seal: _Seal) -> None:
        if self._noted_seal(blob) != seal:
            self.results.set(_seal_key(blob), f"{seal[0]} {seal[1]}", lasting=False)
        self._seals[path] = seal

    def _clear_incoming(self) -> None:
        """Make the folder for files being written, without what a killed run left there."""
        if self._cleared and self._incoming.is_dir():
            return
        self._make_folder(self._incoming)
        long_ago_s = time.time() - _LEFT_OVER_AFTER_S
        for path in self._incoming.iterdir():
            with suppress(OSError):
                # A clock that was put forward makes everything look old, so the writer must be gone as well.
                if path.stat().st_mtime < long_ago_s and not _is_running(path.name.partition("-")[0]):
                    path.unlink()
        self._cleared = True

    def _make_folder(self, folder: Path) -> None:
        if folder != self.root:
            self._make_folder(folder.parent)
        make_private_folder(folder)


def _seal_key(blob: Blob) -> str:
    return f"file/{blob.sha256}{blob.suffix}"


def _sha256_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (OSError, ValueError, OverflowError):
        return False
    return True


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise StorageError(f"{path} cannot be moved away: {error.strerror}") from error


def _blob_of(path: Path, suffix: str) -> Blob:
    return Blob(sha256=_sha256_of(path), suffix=suffix, size_bytes=_stat(path).st_size)


def _holds(path: Path, blob: Blob) -> bool:
    return path.stat().st_size == blob.size_bytes and _sha256_of(path) == blob.sha256


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        return not other.is_symlink() and one.samefile(other)
    except FileNotFoundError:
        return False


_stores: dict[Path, Store] = {}
_stores_lock = threading.Lock()
_MOST_OPEN = 16


def store_of(project: Project) -> Store:
    """The store of the project's cache; one a cache and process."""
    return store_in(project.cache)


def store_in(cache: Path) -> Store:
    """The store of a cache, given by its absolute folder; one a cache and process.

    A process that goes through many caches keeps the database of a few open.
    """
    root = cache / "store"
    with _stores_lock:
        store = _stores.pop(root, None) or Store(root)
        _stores[root] = store
        idle = next(islice(reversed(_stores.values()), _MOST_OPEN, None), None)
    if idle is not None:
        idle.results.close()
    return store
