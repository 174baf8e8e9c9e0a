"""Whether a film is being made just now, by any process, and how far it is: read from its events and its lock."""

from __future__ import annotations

import re
from contextlib import suppress

from pydantic import ValidationError

from storyreel.progress import Event, Overview
from storyreel.project import EVENTS_NAME, Project

_NO_PICTURE = re.compile(r"(?:scene|segment|shot) (\S+(?:, \S+)*) has no picture \((.*)\)")
_MOST_READ_BYTES = 4 << 20


class RunTail:
    """Follows a project's events.jsonl.

    Attributes:
        overview: the run's steps, added up.
        refused: scene number as text, or a shot's id -> why it has no picture.
        failed: why the last run stopped, "" if it did not.
    """

    def __init__(self, project: Project) -> None:
        self._project, self._path = project, project.folder / EVENTS_NAME
        self._offset_bytes = max(0, (self._path.stat().st_size if self._path.exists() else 0) - _MOST_READ_BYTES)
        self.overview = Overview()
        self.refused: dict[str, str] = {}
        self.failed = ""
        self._open = False
        self.look()

    def look(self) -> bool:
        """Read what has been written since; whether there was anything."""
        if not self._path.exists() or self._path.stat().st_size <= self._offset_bytes:
            return False
        with self._path.open("rb") as file:
            file.seek(self._offset_bytes)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._offset_bytes += len(line)
                with suppress(ValidationError):
                    self._take(Event.model_validate_json(line))
        return True

    @property
    def running(self) -> bool:
        """Whether a run is going on; one whose process died is not."""
        if not self._open:
            return False
        return self._project.holder is not None

    def _take(self, event: Event) -> None:
        self.overview(event)
        if event.kind == "run":
            self._open, self.failed = True, ""
            self.refused.clear()
        elif event.kind in ("finished", "stopped"):
            self._open = False
            self.failed = event.message if event.kind == "stopped" else ""
        elif event.kind == "warned" and (found := _NO_PICTURE.match(event.message)):
            self.refused.update(dict.fromkeys(found.group(1).split(", "), found.group(2)))  # one picture for several
