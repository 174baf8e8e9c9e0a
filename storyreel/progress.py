"""One stream of events a project: what started, how far it is, what it cost, what failed.

Steps report through a `Task`; listeners (the terminal, a notebook, a log) subscribe. Every event is also a line of the
project's `events.jsonl`, so another process can watch a run it did not start. The stream carries the wish to stop, too:
`Progress.cancel()` makes the next report of every running task raise `Cancelled`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from storyreel.durable import storage_error
from storyreel.errors import Cancelled

EventKind = Literal["run", "started", "advanced", "done", "failed", "warned", "noted", "cost", "finished", "stopped"]
Listener = Callable[["Event"], None]


class Event(BaseModel, frozen=True, extra="forbid"):
    """One line of a run's story.

    Attributes:
        at_s: Unix time, seconds.
        kind: "run" opens a run, "finished" or "stopped" closes it; the others belong to the step they name. A "noted"
            message is of the moment: how far a text is, what is waited for.
        step: the step's name ("illustrate"), or the recipe's for run and finished.
        done, total: units of work finished and expected; a total of None is not known yet.
        unit: what is counted ("pictures", "words", "frames").
        remembered: the units among `done` that had been finished before and cost nothing now.
        message: one sentence for a person.
        cost_usd: money that this event stands for.
        shares: of a run: step name -> about which part of the whole run's time it takes.
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
    shares: Mapping[str, float] = {}


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
    """The stream. A project keeps its events in a file, one JSON object a line; see `keep_in`."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._cancelled = threading.Event()

    def keep_in(self, path: Path | None) -> None:
        """Append every event from now on to this file; None keeps none."""
        self._path = path

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every event from now on; returns the way to stop that."""
        self._listeners.append(listener)

        def forget() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return forget

    def emit(self, event: Event) -> None:
        """Keep an event and hand it to every listener.

        Raises:
            DiskFull, StorageError: it cannot be kept.
        """
        with self._lock:
            if self._path is not None:
                try:
                    with self._path.open("a", encoding="utf-8") as file:
                        file.write(event.model_dump_json(exclude_defaults=True) + "\n")
                except OSError as error:
                    raise storage_error(error, self._path) from error
        self.show(event)

    def show(self, event: Event) -> None:
        """Hand an event to every listener without keeping it: for what another process has kept already."""
        for listener in list(self._listeners):
            listener(event)

    def warn(self, message: str, step: str = "") -> None:
        """Tell the user something that did not stop the run."""
        self.emit(Event(at_s=time.time(), kind="warned", step=step, message=message))

    def note(self, message: str, step: str = "") -> None:
        """Tell the user what goes on just now."""
        self.emit(Event(at_s=time.time(), kind="noted", step=step, message=message))

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


class EventTail:
    """Reads what is appended to an events.jsonl; used to follow a run of another process.

    Args:
        path: the file; it need not exist yet.
        from_start: whether to begin with what it holds already, instead of with what comes from now on.
    """

    def __init__(self, path: Path, *, from_start: bool = False) -> None:
        self._path = path
        self._offset_bytes = path.stat().st_size if path.exists() and not from_start else 0

    def new_events(self) -> Iterator[Event]:
        """The whole lines that have come since the last call; a half-written one waits for its end."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._offset_bytes)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._offset_bytes += len(line)
                with suppress(ValidationError):
                    yield Event.model_validate_json(line)


@dataclass(slots=True)
class StepState:
    """How far one step is."""

    step: str
    state: Literal["running", "done", "failed"] = "running"
    done: int = 0
    total: int | None = None
    unit: str = ""
    remembered: int = 0
    message: str = ""
    started_at_s: float = 0.0
    ended_at_s: float = 0.0

    @property
    def fraction(self) -> float:
        """0 to 1."""
        if self.state == "done":
            return 1.0
        return min(1.0, self.done / self.total) if self.total else 0.0


class Overview:
    """A run's events added up: every step's state, the whole's fraction and the time left. It is a listener.

    Attributes:
        note: what goes on just now, "" when there is nothing to say.
        cost_usd: what the run's paid calls cost so far.
    """

    def __init__(self) -> None:
        self.steps: dict[str, StepState] = {}
        self.warnings: list[str] = []
        self.note = ""
        self.cost_usd = 0.0
        self.started_at_s = 0.0
        self.finished = False
        self._shares: Mapping[str, float] = {}

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        if event.kind == "run":
            self.steps, self.warnings, self.finished = {}, [], False
            self.note, self.cost_usd = "", 0.0
            self.started_at_s, self._shares = event.at_s, event.shares
        elif event.kind == "finished":
            self.finished = True
        elif event.kind == "warned":
            self.warnings.append(event.message)
        elif event.kind == "noted":
            self.note = event.message
        elif event.kind == "cost":
            self.cost_usd += event.cost_usd
        elif event.kind in ("started", "advanced", "done", "failed"):
            self.note = ""
            step = self.steps.setdefault(event.step, StepState(event.step, started_at_s=event.at_s))
            step.done, step.total, step.unit, step.remembered = event.done, event.total, event.unit, event.remembered
            step.message = event.message or step.message
            step.state = "done" if event.kind == "done" else "failed" if event.kind == "failed" else "running"
            step.ended_at_s = event.at_s

    @property
    def fraction(self) -> float:
        """How much of the whole run is done, 0 to 1, by the steps' shares of its time."""
        if self.finished:
            return 1.0
        whole = sum(self._shares.values()) or 1.0
        return (
            sum(share * self.steps[name].fraction for name, share in self._shares.items() if name in self.steps) / whole
        )

    def time_left_s(self, now_s: float) -> float | None:
        """About how long the run still takes, from the pace of the work that was not remembered; None when unknown."""
        if self.finished:
            return 0.0
        whole = sum(self._shares.values()) or 1.0
        made = remembered = 0.0
        for name, share in self._shares.items():
            if step := self.steps.get(name):
                old = step.fraction * (step.remembered / step.done if step.done else 0.0)
                made += share / whole * (step.fraction - old)
                remembered += share / whole * old
        if made < 0.005:
            return None
        return (now_s - self.started_at_s) * (1.0 - made - remembered) / made
