"""A film that can be played before it is made: its timeline, laid anew as pictures and voices arrive."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from storyreel.project import Project
from storyreel.recipes._finish import FILM_NAME, keep_timeline
from storyreel.recipes.edits import keep_assembled
from storyreel.timeline.model import Timeline

EVERY_S = 2.0
_SHARE = 0.05


class Animatic:
    """Keeps timeline.json while a film is being made; threads may use it at once.

    A film that was finished before keeps its timeline until the new one is whole.

    Args:
        lay: lays the timeline of what is there; what is not is a placeholder, or silent.
    """

    def __init__(self, project: Project, lay: Callable[[], Timeline]) -> None:
        self._project, self._lay, self._lock = project, lay, threading.Lock()
        self._next_at_s = 0.0
        self._wanted = not project.path(FILM_NAME).exists()

    def show(self, *, at_once: bool = False) -> None:
        """Lay and keep it, unless that was done a moment ago; it takes a twentieth of a core at most."""
        if not self._wanted or (not at_once and time.monotonic() < self._next_at_s):
            return
        if not self._lock.acquire(blocking=at_once):
            return  # another thread is at it, and the next one to arrive shows this too
        try:
            begun_s = time.thread_time()
            edited = keep_assembled(self._project, self._lay(), provisional=True)
            keep_timeline(self._project, edited.timeline)
            if not at_once:
                self._next_at_s = time.monotonic() + max(EVERY_S, (time.thread_time() - begun_s) / _SHARE)
        finally:
            self._lock.release()
