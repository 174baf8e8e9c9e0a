"""So many at once over every process of one machine: places that are files, held with flock and let go with the holder.

Beside the places stands a file that says until when nobody may begin, and when others began. Its times are those of the
system's monotonic clock, which all processes share and nobody sets; after a restart of the machine what it says lies
too far ahead, and is forgotten.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storyreel.project import make_private_folder, storage_error

_LONGEST_S = 600.0
_LARGEST_BYTES = 1 << 20


class _State:
    """What the file says: until when nobody may begin, and when others began."""

    def __init__(self, text: bytes) -> None:
        try:
            told = json.loads(text)
            self.closed_until_s = float(told["closed_until_s"])
            self.began_s = [float(at_s) for at_s in told["began_s"]]
        except (ValueError, KeyError, TypeError, RecursionError):  # new, or cut short by a crash: it only paces
            self.closed_until_s, self.began_s = 0.0, []

    def text(self) -> bytes:
        return json.dumps({"closed_until_s": self.closed_until_s, "began_s": self.began_s}).encode()


class Places:
    """The places of one folder. Safe for threads and processes.

    Args:
        folder: one for everybody who shares the places.
        count: how many there are.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self._folder, self._count = folder, count

    def take(self) -> int | None:
        """One of the places, to be given back to `leave`; None while all are taken.

        Raises:
            StorageError: the folder cannot be written.
        """
        for number in range(self._count):
            descriptor = self._open(f"{number}.lock")
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except BlockingIOError:
                os.close(descriptor)
        return None

    def leave(self, place: int) -> None:
        """Let a place go."""
        os.close(place)

    def begin(self, most: int | None, span_s: float) -> float:
        """Begin now: 0 where one may, which is noted; else how long to wait before trying again, in seconds.

        Args:
            most: how many may begin in `span_s` seconds; None for any number.
        """
        with self._state() as state:
            now_s = time.monotonic()
            if now_s < state.closed_until_s < now_s + _LONGEST_S:
                return state.closed_until_s - now_s
            if most is None:
                return 0.0
            state.began_s = [at_s for at_s in state.began_s if now_s - span_s < at_s <= now_s]
            if len(state.began_s) >= most:
                return state.began_s[0] + span_s - now_s
            state.began_s.append(now_s)
            return 0.0

    def close_for(self, seconds: float) -> None:
        """Let nobody begin for so long."""
        with self._state() as state:
            now_s = time.monotonic()
            before_s = state.closed_until_s if state.closed_until_s < now_s + _LONGEST_S else 0.0
            state.closed_until_s = max(before_s, now_s + seconds)

    @contextmanager
    def _state(self) -> Iterator[_State]:
        descriptor = self._open("pace.json")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            before = os.pread(descriptor, _LARGEST_BYTES, 0)
            state = _State(before)
            yield state
            if (after := state.text()) != before:
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, after, 0)
        finally:
            os.close(descriptor)

    def _open(self, name: str) -> int:
        path = self._folder / name
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            return os.open(path, flags, 0o600)
        except FileNotFoundError:
            make_private_folder(self._folder.parent)
            make_private_folder(self._folder)
        except OSError as error:
            raise storage_error(error, path) from error
        try:
            return os.open(path, flags, 0o600)
        except OSError as error:
            raise storage_error(error, path) from error
