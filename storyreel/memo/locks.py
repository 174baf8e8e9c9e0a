"""A lock for each key, across threads and processes; it dies with its holder.

A lock is a file held with flock, named by the key's digest and removed by whoever lets it go, so none pile up. Each key
has a file of its own: a step that calls other steps would wait for itself where two keys shared a lock.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

from storyreel.project import make_private_folder, storage_error

_POLL_S = (0.005, 0.01, 0.02, 0.05, 0.1)


class _Turn:
    """The threads of this process that want one lock."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.wanted_by = 0
        self.owner: int | None = None


_turns: dict[Path, _Turn] = {}
_turns_lock = threading.Lock()


class KeyLocks:
    """The locks of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self, key: str, while_waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold the key's lock.

        Args:
            key: any text.
            while_waiting: called again and again until the lock is there; what it raises ends the wait.

        Raises:
            RuntimeError: this thread holds the lock already, so it would wait for itself.
        """
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.lock"
        with _turn_of(path, key, while_waiting):
            descriptor = self._acquire(path, while_waiting)
            try:
                yield
            finally:
                # Removed while still held: whoever waits on this file sees that it is gone and takes the next one.
                with suppress(OSError):
                    path.unlink()
                os.close(descriptor)

    def _acquire(self, path: Path, while_waiting: Callable[[], None]) -> int:
        tries = 0
        while True:
            try:
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except FileNotFoundError:
                make_private_folder(self._folder.parent)
                make_private_folder(self._folder)
                continue
            except OSError as error:
                raise storage_error(error, path) from error
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(descriptor, path):
                    return descriptor
            except BlockingIOError:
                pass
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
            while_waiting()
            sleep(_POLL_S[min(tries, len(_POLL_S) - 1)])
            tries += 1


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def _turn_of(path: Path, key: str, while_waiting: Callable[[], None]) -> Iterator[None]:
    with _turns_lock:
        turn = _turns.setdefault(path, _Turn())
        if turn.owner == threading.get_ident():
            raise RuntimeError(f"{key} needs its own result to be made")
        turn.wanted_by += 1
    try:
        while not turn.lock.acquire(timeout=_POLL_S[-1]):
            while_waiting()
        turn.owner = threading.get_ident()
        try:
            yield
        finally:
            turn.owner = None
            turn.lock.release()
    finally:
        with _turns_lock:
            turn.wanted_by -= 1
            if not turn.wanted_by:
                del _turns[path]
