"""Everything that was ever changed in a film, by whom and when, and what of it was taken back: history.jsonl.

The file is only ever appended to, so undo and redo have no end and survive everything; edits.json, which stands beside
it, is what it comes to. Any number of windows, in any number of processes, write to it: a lock puts them in order.

    edit    some edits that belong together, with what each was made of (see `storyreel.timeline.anchors`)
    undo    an earlier entry is taken back; it keeps its place
    redo    it counts again
    file    edits.json was changed by hand, or an earlier version was gone back to: its edits count, and none before
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ValidationError

from storyreel.durable import folder_to_disk
from storyreel.errors import CorruptFile
from storyreel.project import Project, storage_error, write_text_atomically
from storyreel.timeline.anchors import Anchor, replayed
from storyreel.timeline.edit import EDITS, Edit
from storyreel.timeline.model import Timeline

HISTORY_NAME = "history.jsonl"
EDITS_NAME = "edits.json"
_LOCK_NAME = ".history.lock"
BY_HAND = "edits.json was changed by hand"


class Line(BaseModel, frozen=True, extra="forbid"):
    """One line; see the module.

    Attributes:
        id: of an edit, its own; of an undo or redo, that of the entry it means.
        at_s: Unix time, seconds.
        window: who did it: a window's name, or "command line".
        label: for people.
        message: the window's own number for it, 0 for none: the same message is taken once only.
    """

    kind: Literal["edit", "undo", "redo", "file"]
    id: str
    at_s: float
    window: str = ""
    label: str = ""
    edits: tuple[Edit, ...] = ()
    anchors: tuple[Anchor | None, ...] = ()
    message: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """Some edits that belong together.

    Attributes:
        undone: whether it was taken back.
        undone_by: the window that did, "" for none.
        undone_at: the number of the line that did, counted from 0.
    """

    id: str
    at_s: float
    window: str
    label: str
    edits: tuple[Edit, ...]
    anchors: tuple[Anchor | None, ...] = ()
    undone: bool = False
    undone_by: str = ""
    undone_at: int = -1


class History:
    """A project's history, as far as it has been read; safe for threads and processes.

    What it shows changes only by `refresh` and by the methods that write.

    Raises:
        CorruptFile: history.jsonl or edits.json is damaged.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._path, self._edits_path = project.path(HISTORY_NAME), project.path(EDITS_NAME)
        self._entries: dict[str, Entry] = {}
        self._lines = self._offset_bytes = 0
        self._last_edit_of: dict[str, int] = {}
        self._messages: set[tuple[str, int]] = set()
        with self.locked():
            self._settle_with_file()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, in order."""
        return tuple(self._entries.values())

    @property
    def live(self) -> tuple[Entry, ...]:
        """Those that were not taken back, in order."""
        return tuple(entry for entry in self._entries.values() if not entry.undone)

    @property
    def anchors(self) -> tuple[Anchor | None, ...]:
        """What each of `edits` was made of."""
        return tuple(
            entry.anchors[number] if number < len(entry.anchors) else None
            for entry in self.live
            for number in range(len(entry.edits))
        )

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of all that was not taken back; edits.json holds them."""
        return tuple(edit for entry in self.live for edit in entry.edits)

    def stamp(self) -> tuple[int, int]:
        """What changes when anybody writes: the file's size and time of change."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return 0, 0
        return stat.st_size, stat.st_mtime_ns

    def has_message(self, window: str, message: int) -> bool:
        """Whether a window's message has been written down already."""
        return bool(message) and (window, message) in self._messages

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other writer away and read what they have written; writing needs it."""
        path = self._project.folder / _LOCK_NAME
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise storage_error(error, path) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            self.refresh()
            yield
        finally:
            os.close(descriptor)

    def refresh(self) -> bool:
        """Read what others have written since; whether there was anything.

        Raises:
            CorruptFile: a line is damaged.
        """
        if self.stamp()[0] <= self._offset_bytes:
            return False
        before = self._lines
        with self._path.open("rb") as file:
            file.seek(self._offset_bytes)
            for data in file:
                if not data.endswith(b"\n"):
                    break  # being written, or left so by a process that was killed
                try:
                    line = Line.model_validate_json(data)
                except ValidationError as error:
                    raise CorruptFile(
                        f"{self._path} is damaged in line {self._lines + 1}: move it away; edits.json keeps the edits"
                    ) from error
                self._offset_bytes += len(data)
                self._take_in(line)
        return self._lines > before

    def add(
        self,
        window: str,
        label: str,
        edits: Sequence[Edit],
        anchors: Sequence[Anchor | None] = (),
        *,
        message: int = 0,
    ) -> Entry:
        """Write an entry down; the lock is held."""
        entry_id = secrets.token_hex(6)
        line = Line(
            kind="edit", id=entry_id, at_s=time.time(), window=window, label=label, edits=tuple(edits),
            anchors=tuple(anchors), message=message,
        )  # fmt: skip
        self._append(line)
        return self._entries[entry_id]

    def undo(self, window: str, *, message: int = 0) -> Entry | None:
        """Take back what this window did last, else what anybody did last; the lock is held.

        Returns:
            The entry, None if there is nothing to take back.
        """
        live = self.live
        own = [entry for entry in live if entry.window == window]
        if not live:
            return None
        return self._mark("undo", (own or live)[-1], window, message)

    def redo(self, window: str, *, message: int = 0) -> Entry | None:
        """Let count again what was taken back last, by this window rather than another; the lock is held.

        What was taken back before this window's last edit stays so, as everywhere.

        Returns:
            The entry, None if there is nothing to bring back.
        """
        since = self._last_edit_of.get(window, -1)
        undone = [entry for entry in self._entries.values() if entry.undone and entry.undone_at > since]
        own = [entry for entry in undone if entry.undone_by == window]
        if not undone:
            return None
        return self._mark("redo", max(own or undone, key=lambda entry: entry.undone_at), window, message)

    def applied_to(
        self, assembled: Timeline, left_out: Callable[[int, str], None] = lambda number, why: None
    ) -> Timeline:
        """A timeline with all that was not taken back.

        Args:
            left_out: told the number of an edit that no longer fits, from 0 through all of `edits`, and why.
        """
        timeline, before = assembled, 0
        for entry in self.live:
            first = before
            timeline = replayed(
                timeline, entry.edits, entry.anchors, lambda number, why, first=first: left_out(first + number, why)  # type: ignore[misc]
            )  # fmt: skip
            before += len(entry.edits)
        return timeline

    def go_to(self, label: str, edits: Sequence[Edit], anchors: Sequence[Anchor | None]) -> None:
        """Let these edits count, and none before them; the lock is held."""
        self._append(
            Line(kind="file", id=secrets.token_hex(6), at_s=time.time(), label=label, edits=tuple(edits),
                 anchors=tuple(anchors))
        )  # fmt: skip

    def _mark(self, kind: Literal["undo", "redo"], entry: Entry, window: str, message: int) -> Entry:
        self._append(Line(kind=kind, id=entry.id, at_s=time.time(), window=window, message=message))
        return self._entries[entry.id]

    def _append(self, line: Line) -> None:
        fields = {name for name in line.model_fields_set if getattr(line, name) not in ("", (), 0)}
        data = line.model_dump_json(include=fields).encode() + b"\n"
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.ftruncate(descriptor, self._offset_bytes)  # a half line of a process that was killed
                os.lseek(descriptor, self._offset_bytes, os.SEEK_SET)
                left = memoryview(data)
                while left:  # a disk that is nearly full takes a part
                    left = left[os.write(descriptor, left) :]
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if self._offset_bytes == 0:
                folder_to_disk(self._path.parent)
        except OSError as error:
            raise storage_error(error, self._path) from error
        self._offset_bytes += len(data)
        self._take_in(line)
        self._write_edits()

    def _write_edits(self) -> None:
        text = EDITS.dump_json(self.edits, indent=1).decode() + "\n"
        write_text_atomically(self._edits_path, text)

    def _take_in(self, line: Line) -> None:
        if line.kind == "file":
            for entry in self.live:
                self._entries[entry.id] = replace(entry, undone=True, undone_at=self._lines)
        if line.kind in ("edit", "file"):
            if line.edits:
                self._entries[line.id] = Entry(line.id, line.at_s, line.window, line.label, line.edits, line.anchors)
            self._last_edit_of[line.window] = self._lines
        elif line.id in self._entries:
            undone = line.kind == "undo"
            self._entries[line.id] = replace(
                self._entries[line.id], undone=undone, undone_by=line.window if undone else "", undone_at=self._lines
            )
        if line.message:
            self._messages.add((line.window, line.message))
        self._lines += 1

    def _settle_with_file(self) -> None:
        """Bring edits.json and the history together: after a crash, a hand's change, or a film from before."""
        kept = edits_in_file(self._project)
        if kept == self.edits:
            return
        if self._edits_path.exists() and self._edits_path.stat().st_mtime_ns < self.stamp()[1]:
            self._write_edits()  # whoever wrote the last line was stopped before the other file
            return
        if not self._edits_path.exists() and self._lines == 1:
            self._write_edits()
            return
        before = self.edits
        if kept[: len(before)] == before:
            self.add("", BY_HAND if before else "Edits from before", kept[len(before) :])
        else:
            self._append(Line(kind="file", id=secrets.token_hex(6), at_s=time.time(), label=BY_HAND, edits=kept))


def edits_in_file(project: Project) -> tuple[Edit, ...]:
    """What edits.json says.

    Raises:
        CorruptFile: it is not what storyreel writes.
    """
    path = project.path(EDITS_NAME)
    if not path.exists():
        return ()
    try:
        return EDITS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise CorruptFile(
            f"{path} is damaged ({first_fault(error)}): mend it, or delete it to lose the edits"
        ) from error


def first_fault(error: ValidationError) -> str:
    """The first thing that is wrong with a list of edits, for people."""
    fault = error.errors()[0]
    where, *fields = (*fault["loc"], "")
    place = f"edit {where + 1}" if isinstance(where, int) else "the list"
    inner = ".".join(str(field) for field in fields[1:] if field != "")
    return f"{place}{', ' + inner if inner else ''}: {fault['msg'].lower()}"
