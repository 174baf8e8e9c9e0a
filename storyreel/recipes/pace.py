"""How long a film's steps took: read from its events, for paid work and for what this machine made by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ValidationError

from storyreel.progress import Event
from storyreel.project import EVENTS_NAME, Project


class StepPace(BaseModel, frozen=True, extra="forbid"):
    """What one step of a film took, over all its runs.

    Attributes:
        unit: what is counted ("pictures", "frames").
        made: how many were made; what was remembered is left out.
        took_s: in which time, several at once counted once.
        failures: how often the step failed or was stopped.
    """

    step: str
    unit: str
    made: int
    took_s: float
    failures: int

    @property
    def each_s(self) -> float | None:
        """Seconds for one; None where none was made."""
        return self.took_s / self.made if self.made else None


def paces(project: Project) -> tuple[StepPace, ...]:
    """Each step's pace, in the order in which they first ran."""
    return paces_of(_events(project))


def paces_of(events: Iterable[Event]) -> tuple[StepPace, ...]:
    """As `paces`, of a stream of events. A step whose process was killed counts up to its last report."""
    begun: dict[str, Event] = {}
    last: dict[str, Event] = {}
    found: dict[str, StepPace] = {}

    def close(step: str, failed: bool) -> None:
        start, end = begun.pop(step), last.pop(step)
        before = found.get(step) or StepPace(step=step, unit=end.unit, made=0, took_s=0.0, failures=0)
        made = end.done - end.remembered
        found[step] = before.model_copy(
            update={
                "made": before.made + made,
                # A step that only remembered says nothing of how long making takes.
                "took_s": before.took_s + (max(0.0, end.at_s - start.at_s) if made else 0.0),
                "failures": before.failures + failed,
            }
        )

    for event in events:
        if event.kind == "run":
            for step in list(begun):
                close(step, failed=True)
        elif event.kind == "started":
            if event.step in begun:
                close(event.step, failed=True)
            begun[event.step] = last[event.step] = event
        elif event.step in begun and event.kind in ("advanced", "done", "failed"):
            last[event.step] = event
            if event.kind != "advanced":
                close(event.step, failed=event.kind == "failed")
    for step in list(begun):
        close(step, failed=False)
    return tuple(found.values())


def _events(project: Project) -> Iterator[Event]:
    path = project.folder / EVENTS_NAME
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            try:
                yield Event.model_validate_json(line)
            except ValidationError:
                continue
