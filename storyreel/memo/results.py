"""What steps returned, as JSON text in diskcache; nothing here can unpickle.

diskcache's own Disk pickles what it does not know, and a planted row or file would run code when it is read
(CVE-2025-69872). `JsonDisk` writes text only and refuses every other kind of row. Each text is kept with a digest of
itself and its key, so a changed letter, or a row moved under another key, is noticed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal, TypeVar

import diskcache

from storyreel.durable import folder_to_disk
from storyreel.errors import CorruptFile, DiskFull, StorageError
from storyreel.project import make_private_folder, storage_error

INLINE_LIMIT_BYTES = 16 * 1024
_RAW, _TEXT = 1, 3  # diskcache's modes for a value in the row and for a text file
_FILE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{30}\.json")
_DIGEST_LENGTH = 32
_LOCK_TIMEOUT_S = 60.0
_DATABASE = "cache.db"

Done = TypeVar("Done")


class JsonDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
    """diskcache's serialisation narrowed to text: str keys, str values, in the row or in a file."""

    def put(self, key: object) -> tuple[str, bool]:
        """The database form of a key."""
        if type(key) is not str:
            raise TypeError(f"a key of the store is a str, not a {type(key).__name__}")
        return key, True

    def get(self, key: object, raw: bool) -> str:
        """The key of a row."""
        if not raw or type(key) is not str:
            raise CorruptFile(f"{self._directory} holds a row that storyreel did not write")
        return key

    def store(self, value: object, read: bool, key: object = None) -> tuple[int, int, str | None, str | None]:
        """Keep a text; diskcache's (size, mode, file name, value)."""
        if read or type(value) is not str:
            raise TypeError(f"a value of the store is text, not a {type(value).__name__}")
        data = value.encode()
        if len(data) <= INLINE_LIMIT_BYTES:
            return 0, _RAW, None, value
        name, path = self.filename()
        _write_new_file(Path(path), data)
        return len(data), _TEXT, name, None

    def fetch(self, mode: int, filename: str | None, value: object, read: bool) -> str:
        """Read a text back.

        Raises:
            CorruptFile: the row holds anything else, or its file is gone.
        """
        if mode == _RAW and type(value) is str:
            return value
        if mode == _TEXT and type(filename) is str and _FILE.fullmatch(filename):
            path = Path(self._directory, filename)
            try:
                return path.read_text(encoding="utf-8")
            except (FileNotFoundError, UnicodeDecodeError) as error:
                raise CorruptFile(f"{path} is gone or damaged") from error
            except OSError as error:
                # Not an OSError any more: diskcache would call the result missing.
                raise StorageError(f"{path} cannot be read: {error.strerror}") from error
        raise CorruptFile(f"{self._directory} holds a row that is not JSON text, so it was not read")

    def filename(self, key: object = None, value: object = None) -> tuple[str, str]:
        """A fresh file name, relative to the folder and whole."""
        name = f"{secrets.token_hex(1)}/{secrets.token_hex(15)}.json"
        return name, str(Path(self._directory, name))

    def remove(self, file_path: str) -> None:
        """Remove a value's file; a name that storyreel would not give is left alone."""
        if _FILE.fullmatch(file_path):
            Path(self._directory, file_path).unlink(missing_ok=True)


class _SharedConnection(diskcache.Cache):  # type: ignore[misc]  # diskcache has no types
    """diskcache on one connection a process; whoever uses it takes turns.

    Its own way, a connection for each thread, opens one for every short-lived thread of a pool and closes none of them.
    """

    _shared: tuple[int, sqlite3.Connection] | None = None
    _inherited: tuple[int, sqlite3.Connection] | None = None

    @property
    def _con(self) -> sqlite3.Connection:
        if self._shared is None or self._shared[0] != os.getpid():
            # A forked child must neither use its parent's connection nor close it.
            self._inherited, self._shared = self._shared, (os.getpid(), self._connect())
            with suppress(sqlite3.OperationalError):  # a new database has no settings yet
                for name, value in self._shared[1].execute("SELECT key, value FROM Settings").fetchall():
                    if name.startswith("sqlite_"):
                        self.reset(name, value, update=False)
        return self._shared[1]

    def _connect(self) -> sqlite3.Connection:
        path = Path(self._directory, _DATABASE)
        return sqlite3.connect(path, timeout=self._timeout, isolation_level=None, check_same_thread=False)

    @property
    def has_log(self) -> bool:
        """Whether what is set goes to a log beside the database first, which some file systems do not let SQLite do."""
        return bool(self._con.execute("PRAGMA journal_mode").fetchone() == ("wal",))

    def keep(self, key: str, text: str, *, synchronous: Literal["FULL", "NORMAL"]) -> None:
        """Set a value; FULL waits for the disk."""
        self._con.execute(f"PRAGMA synchronous = {synchronous}")
        self.set(key, text)

    def keys_like(self, pattern: str) -> list[str]:
        """Every key that a pattern fits, where * stands for anything."""
        return [key for (key,) in self._con.execute("SELECT key FROM Cache WHERE key GLOB ?", (pattern,))]

    def close(self) -> None:
        """Close the connection; the next use opens one."""
        if self._shared is not None and self._shared[0] == os.getpid():
            self._shared[1].close()
            self._shared = None


class Results:
    """The texts of one store, by key. Safe for threads and processes.

    Opening takes a while, so it waits for the first use. Should the folder be deleted meanwhile, the next use makes it
    anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._cache: _SharedConnection | None = None
        self._database_id: tuple[int, int] | None = None

    def get(self, key: str) -> str | None:
        """The text kept under a key, or None.

        Raises:
            CorruptFile: what is kept is not what was written.
        """
        try:
            sealed = self._do(lambda cache: cache.get(key))
        except CorruptFile:
            # Another process may have replaced the value between our reading of its row and of its file.
            sealed = self._do(lambda cache: cache.get(key))
        if sealed is None:
            return None
        text: str = sealed[_DIGEST_LENGTH:]
        if sealed[:_DIGEST_LENGTH] != _seal(key, text):
            raise CorruptFile(f"what was kept for {key} has been changed since")
        return text

    def set(self, key: str, text: str, *, lasting: bool = True) -> None:
        """Keep a text under a key.

        Args:
            lasting: whether it must be on the disk when this returns; without, a power cut may lose it.
        """
        sealed = _seal(key, text) + text

        def keep(cache: _SharedConnection) -> bool:
            log = cache.has_log
            cache.keep(key, sealed, synchronous="FULL" if lasting and not log else "NORMAL")
            return log

        if self._do(keep) and lasting:
            self._log_to_disk()

    def keys(self, pattern: str = "*") -> list[str]:
        """Every key that a pattern fits, where * stands for anything."""
        return self._do(lambda cache: cache.keys_like(pattern))

    def delete(self, key: str) -> None:
        """Forget a key, if it is there."""
        self._do(lambda cache: cache.delete(key))

    def close(self) -> None:
        """Close the connection; the next use opens one."""
        with self._lock:
            if self._cache is not None:
                self._cache.close()

    def _log_to_disk(self) -> None:
        """Wait until the log is on the disk, as SQLite would itself, but while other threads use the database.

        SQLite holds no lock on this file, so opening and closing it here takes none away.
        """
        path = self._folder / f"{_DATABASE}-wal"
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return  # the last connection was closed meanwhile, which brings all of it to the database's own file
        except OSError as error:
            raise storage_error(error, path) from error
        try:
            os.fsync(descriptor)
        except OSError as error:
            raise storage_error(error, path) from error
        finally:
            os.close(descriptor)

    def _do(self, work: Callable[[_SharedConnection], Done]) -> Done:
        with self._lock:
            cache = self._open()
            try:
                return work(cache)
            except diskcache.Timeout as error:
                cache.close()
                raise StorageError(
                    f"the store {self._folder} stayed locked for {_LOCK_TIMEOUT_S:.0f} s or cannot be written: "
                    "end other programs that use it, check its permissions, then run the same command again"
                ) from error
            except sqlite3.Error as error:
                cache.close()  # a failed commit leaves the transaction open
                raise _database_error(error, self._folder) from error
            except OSError as error:
                raise storage_error(error, self._folder / _DATABASE) from error

    def _open(self) -> _SharedConnection:
        database = self._folder / _DATABASE
        if self._cache is not None and self._database_id == _file_id(database):
            return self._cache
        make_private_folder(self._folder.parent)
        make_private_folder(self._folder)
        try:
            with _alone_in(self._folder):
                is_new = not database.exists()
                database.touch(mode=0o600)  # SQLite gives its other files the mode of this one
                self._cache = _SharedConnection(
                    str(self._folder),
                    timeout=_LOCK_TIMEOUT_S,
                    disk=JsonDisk,
                    eviction_policy="none",
                    cull_limit=0,
                    size_limit=2**62,
                    statistics=0,
                )
                if is_new:
                    folder_to_disk(self._folder)
        except sqlite3.Error as error:
            raise _database_error(error, self._folder) from error
        except OSError as error:
            raise storage_error(error, database) from error
        weakref.finalize(self, self._cache.close)
        self._database_id = _file_id(database)
        return self._cache


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes from setting up the same database: diskcache's way of doing that at once can fail."""
    descriptor = os.open(folder / ".opening", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _seal(key: str, text: str) -> str:
    return hashlib.sha256(f"{key}\n{text}".encode()).hexdigest()[:_DIGEST_LENGTH]


def _file_id(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return stat.st_dev, stat.st_ino


def _write_new_file(path: Path, data: bytes) -> None:
    """Write a file that no row names yet, down to the disk: its row comes after."""
    try:
        make_private_folder(path.parent)
        with path.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        folder_to_disk(path.parent)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise storage_error(error, path) from error


def looked_through(folder: Path) -> int | None:
    """How many results a folder keeps, once SQLite has found its database sound; None where there is none.

    Raises:
        StorageError: it is damaged.
    """
    database = folder / _DATABASE
    if not database.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=_LOCK_TIMEOUT_S)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            (count,) = connection.execute("SELECT COUNT(*) FROM Cache").fetchone()
    except sqlite3.Error as error:
        raise _database_error(error, folder) from error
    if verdict != "ok":
        raise StorageError(
            f"{database} is damaged ({verdict}): move it away; what it knew is made again when asked for"
        )
    return int(count)


def _database_error(error: sqlite3.Error, folder: Path) -> StorageError:
    said = str(error)
    if "full" in said:
        return DiskFull(f"the disk that holds {folder} is full: free some room, then run the same command again")
    if "malformed" in said or "not a database" in said or "no such table" in said:
        return CorruptFile(
            f"{folder / _DATABASE}, which knows the finished steps, is damaged ({said}): "
            "move that folder away and run the same command again; paid answers stay in the projects' ledgers"
        )
    return StorageError(f"the store {folder} cannot be used: {said}")
