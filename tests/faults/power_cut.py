"""A disk whose power can be cut: what was written is recorded, and what a cut may leave is laid out as a folder.

Only what the code has brought to the disk is sure to be there. Of a file, that is its content at its last fsync; of a
name in a folder, what the folder's last fsync saw. Whatever was done since is kept or dropped, piece by piece and in
any order, as a seed says: contents may be old, new, cut short or zeros; a database's writes are dropped or reordered
one by one. That is harsher than a journaling file system, and what POSIX allows.

Python's own fsync is watched by replacing it. SQLite writes and syncs by itself, so for the time of a recording its
file system layer (https://www.sqlite.org/vfs.html) is wrapped in one that tells of every write, truncation and sync.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import random
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_OPEN = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_METHODS_WORDS = 19  # sqlite3_io_methods, version 3: a version and 18 functions


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int), ("file_bytes", ctypes.c_int), ("longest_path", ctypes.c_int),
        ("next", ctypes.c_void_p), ("name", ctypes.c_char_p), ("own", ctypes.c_void_p), ("open", _OPEN),
        *((f"function_{number}", ctypes.c_void_p) for number in range(15)),
    )  # fmt: skip


@dataclass
class _Database:
    """A file that SQLite writes: what is on the disk, and the writes since, as (offset, data) or (length, None)."""

    durable: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes | None]] = field(default_factory=list)


def _applied(content: bytearray, change: tuple[int, bytes | None]) -> None:
    at, data = change
    if data is None:
        del content[at:]
        return
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at : at + len(data)] = data


class Disk:
    """Watches one folder.

    Args:
        root: it is taken to be on the disk already, empty.
        on_event: called before whatever brings something to the disk, with how many such events there were before; the
            power may be cut there by laying out `left`.
    """

    def __init__(self, root: Path, on_event: Callable[[int], None] = lambda number: None) -> None:
        self.root, self._on_event = root, on_event
        self.lock = threading.RLock()
        self.events = 0
        self._contents: dict[int, bytes] = {}  # of a file by its inode, at its last fsync
        self._names: dict[int, dict[str, int]] = {root.stat().st_ino: {}}  # of a folder by its inode
        self._databases: dict[str, _Database] = {}

    def fsync(self, descriptor: int) -> None:
        """What `os.fsync` does, remembered."""
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if not path.is_relative_to(self.root):
            return
        if str(path) in self._databases:  # whose descriptor it is makes no difference
            self.synced(str(path))
            return
        with self.lock:
            self._event()
            number = os.fstat(descriptor).st_ino
            if path.is_dir():
                self._names[number] = _listed(path)
            else:
                self._contents[number] = path.read_bytes()

    def written(self, path: str, at: int, data: bytes | None) -> None:
        """SQLite wrote or, without data, cut a file."""
        with self.lock:
            self._databases.setdefault(path, _Database()).since.append((at, data))

    def synced(self, path: str) -> None:
        """SQLite brought a file to the disk; of its logs the name, too."""
        with self.lock:
            self._event()
            database = self._databases.setdefault(path, _Database())
            for change in database.since:
                _applied(database.durable, change)
            database.since.clear()
            if path.endswith(("-wal", "-journal")):
                place = Path(path)
                names = self._names.setdefault(place.parent.stat().st_ino, {})
                if place.exists():
                    names[place.name] = place.stat().st_ino

    def left(self, seed: int, target: Path) -> None:
        """Lay out what a power cut just now may leave."""
        with self.lock:
            self._lay_out(self.root, target, random.Random(seed))

    def _event(self) -> None:
        self._on_event(self.events)
        self.events += 1

    def _lay_out(self, folder: Path, target: Path, chance: random.Random) -> None:
        target.mkdir(mode=0o700, exist_ok=True)
        now, before = _listed(folder), self._names.get(folder.stat().st_ino, {})
        # One cut drops much or little.
        dropped = chance.choice((0.1, 0.5, 0.9))
        for name in sorted(now.keys() | before.keys()):
            number = now.get(name)
            if number != before.get(name) and chance.random() < dropped:
                number = before.get(name)
            if number is None or name.endswith("-shm"):
                continue
            source = folder / name
            if number == now.get(name) and source.is_dir():
                self._lay_out(source, target / name, chance)
                continue
            current = source.read_bytes() if number == now.get(name) and source.is_file() else None
            content = self._content(str(source), number, current, chance)
            if content is not None:
                (target / name).write_bytes(content)
                (target / name).chmod(stat.S_IMODE(source.lstat().st_mode) if current is not None else 0o600)

    def _content(self, path: str, number: int, current: bytes | None, chance: random.Random) -> bytes | None:
        if path in self._databases:
            database = self._databases[path]
            content = bytearray(database.durable)
            keeps = chance.choice((0.0, 0.5, 0.9, 1.0))
            kept = [change for change in database.since if chance.random() < keeps]
            if chance.random() < 0.5:
                chance.shuffle(kept)
            for change in kept:
                _applied(content, change)
            return bytes(content)
        durable = self._contents.get(number)
        if current is None or current == durable:
            return durable
        sure = durable if durable is not None and current.startswith(durable) else b""
        end = chance.randint(len(sure), len(current))
        torn = current[:end], current[:end] + bytes(len(current) - end), current
        return chance.choice((*torn, durable or b""))


def _listed(folder: Path) -> dict[str, int]:
    return {entry.name: entry.inode() for entry in os.scandir(folder)}


@contextmanager
def recorded(disk: Disk) -> Iterator[Disk]:
    """Inside, whatever this process brings to the disk is told to `disk`.

    Databases must be opened inside. One recording at a time.
    """
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        disk.fsync(descriptor)

    with _sqlite_recorded(disk):
        os.fsync = fsync  # type: ignore[assignment]
        try:
            yield disk
        finally:
            os.fsync = real


@contextmanager
def _sqlite_recorded(disk: Disk) -> Iterator[None]:
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
    library.sqlite3_vfs_register.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.sqlite3_vfs_unregister.argtypes = [ctypes.c_void_p]
    original = library.sqlite3_vfs_find(None)
    paths: dict[int, str] = {}
    tables: dict[int, ctypes.Array[ctypes.c_void_p]] = {}
    kept_alive: list[object] = []

    def table_of(address: int) -> ctypes.Array[ctypes.c_void_p]:
        """The file functions at `address`, with ours in place of those that change a file."""
        if address in tables:
            return tables[address]
        copied = (ctypes.c_void_p * _METHODS_WORDS)()
        version = ctypes.c_int.from_address(address).value
        words = {1: 13, 2: 17}.get(version, _METHODS_WORDS)
        ctypes.memmove(copied, address, words * ctypes.sizeof(ctypes.c_void_p))
        # In their order: version, close, read, write, truncate, sync, ...
        write, truncate, sync = _WRITE(copied[3]), _TRUNCATE(copied[4]), _SYNC(copied[5])

        def written(file: int, data: int, length: int, at: int) -> int:
            done = write(file, data, length, at)
            if not done and file in paths:
                disk.written(paths[file], at, ctypes.string_at(data, length))
            return int(done)

        def cut(file: int, length: int) -> int:
            done = truncate(file, length)
            if not done and file in paths:
                disk.written(paths[file], length, None)
            return int(done)

        def synced(file: int, flags: int) -> int:
            done = sync(file, flags)
            if not done and file in paths:
                disk.synced(paths[file])
            return int(done)

        ours = _WRITE(written), _TRUNCATE(cut), _SYNC(synced)
        kept_alive.extend((*ours, write, truncate, sync))
        for place, function in zip((3, 4, 5), ours, strict=True):
            copied[place] = ctypes.cast(function, ctypes.c_void_p).value
        tables[address] = copied
        return copied

    def opened(vfs: int, name: int | None, file: int, flags: int, told: ctypes._Pointer[ctypes.c_int]) -> int:
        # The name goes on as the very pointer: SQLite keeps it.
        paths.pop(file, None)
        done = original.contents.open(ctypes.addressof(original.contents), name, file, flags, told)
        methods = ctypes.c_void_p.from_address(file)
        path = os.fsdecode(ctypes.string_at(name)) if name else ""
        if not done and path and methods.value and Path(path).is_relative_to(disk.root):
            paths[file] = path
            methods.value = ctypes.addressof(table_of(methods.value))
        return int(done)

    ours = _Vfs.from_buffer_copy(original.contents)
    ours.name, ours.next, ours.open = b"recorded", None, _OPEN(opened)
    library.sqlite3_vfs_register(ctypes.addressof(ours), 1)
    _REGISTERED.append((ours, tables, kept_alive))
    try:
        yield
    finally:
        library.sqlite3_vfs_register(ctypes.addressof(original.contents), 1)
        library.sqlite3_vfs_unregister(ctypes.addressof(ours))


_REGISTERED: list[object] = []
"""What an open database may still call after a recording has ended."""
