"""Runs of their own: a film is made by a process that outlives the page and the kernel which started it.

A run is `python -m storyreel resume ID` in a session of its own. Whoever wants to know how far it is reads the
project's events.jsonl; whether it still goes on is told by the project's lock, which dies with its holder.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from storyreel.errors import InputError
from storyreel.progress import Event, EventTail, Overview
from storyreel.project import EVENTS_NAME, Project

LOG_NAME = "run.log"
STARTING_S = 90.0
LOG_LINES = 20

RunState = Literal["idle", "starting", "running", "stopping", "stopped", "failed", "finished"]


def start_run(project: Project, arguments: Sequence[str] = ()) -> int:
    """Begin to make a film, or go on with it, in a process of its own; returns the process's id.

    Args:
        project: one with a record.
        arguments: what follows `storyreel`, by default `resume ID`. Keys reach the process by its environment alone.

    Raises:
        InputError: a process makes this film already.
    """
    if project.holder is not None:
        raise InputError(f"{project.id!r} is being made already: wait until it is done, or stop it")
    command = [
        sys.executable,
        "-m",
        "storyreel",
        *(arguments or ("resume", project.id, "--yes")),
        "--cache",
        str(project.cache),
    ]
    log = os.open(project.folder / LOG_NAME, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        process = subprocess.Popen(
            [*command, "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,  # an interrupted kernel takes the processes of its own group with it
        )
    finally:
        os.close(log)
    threading.Thread(target=process.wait, name=f"reap {process.pid}", daemon=True).start()
    return process.pid


def stop_run(project: Project) -> bool:
    """Ask whoever makes a film to stop after the work under way; False when nobody does.

    Raises:
        InputError: it is this very process, which has a way of its own to stop.
    """
    holder = project.holder
    if holder is None:
        return False
    if holder == os.getpid():
        raise InputError(f"{project.id!r} is being made by this notebook: stop it there")
    os.kill(holder, signal.SIGINT)
    return True


@dataclass(slots=True)
class RunWatch:
    """What is known of a project's last run; `look` brings it up to date.

    Attributes:
        overview: its events added up.
        state: where it stands.
        message: why it stopped or failed, in one sentence.
        kind: what runs: a recipe's name, "render" or "edit".
    """

    project: Project
    overview: Overview = field(default_factory=Overview)
    state: RunState = "idle"
    message: str = ""
    kind: str = ""
    _tail: EventTail | None = None
    _started_s: float = 0.0

    def begun(self) -> None:
        """A run was started just now: do not take the one before it for this one."""
        self.state, self.message, self._started_s = "starting", "", time.monotonic()

    def stopping(self) -> None:
        """It was asked to stop."""
        if self.state in ("starting", "running"):
            self.state = "stopping"

    def look(self) -> list[Event]:
        """Take in what happened since the last look, and return it."""
        if self._tail is None:
            self._tail = EventTail(self.project.folder / EVENTS_NAME, from_start=True)
        events = list(self._tail.new_events())
        for event in events:
            self._take(event)
        if self.state in ("idle", "running", "stopping") or self._should_have_begun():
            self._check_alive()
        return events

    def _take(self, event: Event) -> None:
        self.overview(event)
        if event.kind == "run":
            self.state, self.message, self.kind = "running", "", event.step
        elif event.kind == "finished":
            self.state = "finished"
        elif event.kind == "stopped":
            self.state = "stopped" if self.state == "stopping" or event.message == "stopped" else "failed"
            self.message = "" if self.state == "stopped" else event.message

    def _should_have_begun(self) -> bool:
        if self.state != "starting":
            return False
        return time.monotonic() - self._started_s > STARTING_S or bool(last_words(self.project))

    def _check_alive(self) -> None:
        alive = self.project.holder is not None
        if self.state == "idle":
            self.state = "running" if alive else "idle"
        elif not alive:
            for event in self._tail.new_events() if self._tail else ():  # its last words, said since
                self._take(event)
            if self.state in ("running", "stopping", "starting"):
                self.state = "failed"
                self.message = last_words(self.project) or "the run ended without a word; what is finished is kept"


def last_words(project: Project) -> str:
    """What a run said at its end, where it said anything: a sentence about what was wrong."""
    try:
        lines = (project.folder / LOG_NAME).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    said = [line.removeprefix("storyreel: ") for line in lines[-LOG_LINES:] if line.startswith("storyreel: ")]
    return said[-1] if said else ""
