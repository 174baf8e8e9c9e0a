"""Telling whoever wants to know how a run has ended; nothing here can fail it."""

from __future__ import annotations

import time

from storyreel.errors import Cancelled, StoryreelError
from storyreel.project import Project
from storyreel.publish.notices.notice import Notice
from storyreel.publish.notices.telling import tell, to_be_told
from storyreel.timeline.model import Timeline

SILENT = ("upload", "captions")
NO_FILM_OF_THEIR_OWN = ("shorts", "export")
"""They come to their end with the film as it was; each short is a film, and tells of itself."""
_FILM_NAME, _TIMELINE_NAME = "film.mp4", "timeline.json"


class EndOfRun:
    """Knows from a run's start who is to be told of its end."""

    def __init__(self, project: Project, recipe: str) -> None:
        self._project, self._recipe, self._began_s = project, recipe, time.time()
        self._to = () if recipe in SILENT else to_be_told(project.progress)

    def ready(self) -> None:
        """The run came to its end."""
        film = self._project.path(_FILM_NAME)
        if self._to and film.is_file() and self._recipe not in NO_FILM_OF_THEIR_OWN:
            timeline = self._timeline()
            length_s = timeline.rate.seconds(timeline.length_frames) if timeline else 0.0
            self._tell(Notice(**self._common("film.ready"), path=str(film), duration_s=round(length_s, 3)))

    def failed(self, error: BaseException) -> None:
        """The run was stopped by an error; a user who stopped it knows."""
        if self._to and isinstance(error, Exception) and not isinstance(error, Cancelled):
            # What others' errors say may hold anything, so only their kind is sent on.
            reason = str(error) if isinstance(error, StoryreelError) else type(error).__name__
            self._tell(Notice(**self._common("film.failed"), error=reason))

    def _common(self, event: str) -> dict[str, object]:
        now_s = time.time()
        return {
            "event": event,
            "project": self._project.id,
            "title": self._title(),
            "recipe": self._recipe,
            "took_s": round(now_s - self._began_s, 3),
            "at_s": now_s,
        }

    def _title(self) -> str:
        try:
            return str(self._project.record().inputs.get("title") or self._project.id)
        except StoryreelError:
            return self._project.id

    def _timeline(self) -> Timeline | None:
        try:
            return Timeline.model_validate_json(self._project.path(_TIMELINE_NAME).read_bytes())
        except (OSError, ValueError):
            return None

    def _tell(self, notice: Notice) -> None:
        tell(notice, self._to, self._project.progress)
