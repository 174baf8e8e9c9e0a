"""One stream of events a project: what started, how far it is, what it cost, what failed.

Steps report through a `Task`; listeners (the terminal, a notebook, a log) subscribe. Every event is also a line of the
project's `events.jsonl`, so another process can watch a run it did not start. The stream carries the wish to stop, too:
`Progress.cancel()` makes the next report of every running task raise `Cancelled`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from storyreel.errors import Cancelled

EventKind = Literal["run", "started", "advanced", "done", "failed", "warned", "cost", "finished"]
Listener = Callable[["Event"], None]


class Event(BaseModel, frozen=True, extra="forbid"):
    """One line of a run's story.

    Attributes:
        at_s: Unix time, seconds.
        kind: "run" opens a run and "finished" closes it; the others belong to the step they name.
        step: the step's name ("illustrate"), or the recipe's for run and finished.
        done, total: units of work finished and expected; a total of None is not known yet.
        unit: what is counted ("pictures", "words", "frames").
        remembered: the units among `done` that had been finished before and cost nothing now.
        message: one sentence for a person.
        cost_usd: money that this event stands for.
    """

    at_s: float
    kind: EventKind
    step: str
    done: int = 0
    total: int | None = None
    unit: str = ""
    remembered: int = 0
    message: str = ""
    cost_usd: float = 0.0


class Task:
    """A running step's way to report; made by `Progress.task`."""

    def __init__(self, progress: Progress, step: str, total: int | None, unit: str) -> None:
        self._progress, self._lock = progress, threading.Lock()
        self.step, self.total, self.unit = step, total, unit
        self.done = self.remembered = 0

    def advance(self, count: int = 1, message: str = "", *, remembered: bool = False) -> None:
        """Say that `count` more units are finished.

        Raises:
            Cancelled: the user asked the run to stop.
        """
        with self._lock:
            self.done += count
            self.remembered += count if remembered else 0
            self._progress.emit(self.event("advanced", message))
        self._progress.raise_if_cancelled()

    def event(self, kind: EventKind, message: str = "") -> Event:
        """This task's state as an event."""
        return Event(at_s=time.time(), kind=kind, step=self.step, done=self.done, total=self.total, unit=self.unit,
                     remembered=self.remembered, message=message)  # fmt: skip


class Progress:
    """The stream. Give it a path to keep the events there, one JSON object a line."""

    def __init__(self, path: Path | None = None) -> None:
        self._path, self._lock = path, threading.Lock()
        self._listeners: list[Listener] = []
        self._cancelled = threading.Event()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every event from now on; returns the way to stop that."""
        self._listeners.append(listener)

        def forget() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return forget

    def emit(self, event: Event) -> None:
        """Keep an event and hand it to every listener."""
        with self._lock:
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(event.model_dump_json(exclude_defaults=True) + "\n")
            listeners = list(self._listeners)
        for listener in listeners:
            listener(event)

    def warn(self, message: str, step: str = "") -> None:
        """Tell the user something that did not stop the run."""
        self.emit(Event(at_s=time.time(), kind="warned", step=step, message=message))

    @contextmanager
    def task(self, step: str, total: int | None = None, unit: str = "") -> Iterator[Task]:
        """Report a step from "started" to "done" or "failed"."""
        self.raise_if_cancelled()
        task = Task(self, step, total, unit)
        self.emit(task.event("started"))
        try:
            yield task
        except BaseException as error:
            self.emit(task.event("failed", str(error) or type(error).__name__))
            raise
        self.emit(task.event("done"))

    def cancel(self) -> None:
        """Ask the run to stop at its next report."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether the run has been asked to stop."""
        return self._cancelled.is_set()

    def raise_if_cancelled(self) -> None:
        """Stop here if the user asked for it."""
        if self._cancelled.is_set():
            raise Cancelled("stopped")
