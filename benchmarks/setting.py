"""What the benchmarks of a run share: how thorough it is, where it works, and films rendered once for several."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from material import Size, film, scenes_in, shelve
from measure import Cost, command_cost

from storyreel.progress import Event
from storyreel.project import EVENTS_NAME, Project
from storyreel.timeline.model import Timeline


@dataclass
class Rendered:
    """A film that the command line has rendered, its pieces in the store.

    Attributes:
        cost: of `storyreel render`, with an empty cache.
    """

    project: Project
    timeline: Timeline
    size: Size
    cost: Cost


@dataclass
class Setting:
    """A run of benchmarks.

    Attributes:
        quick: smaller and fewer; the figures are rougher.
        hour: render the film of an hour in full size, which takes long.
        folder: for everything that is thrown away afterwards.
    """

    quick: bool
    hour: bool
    folder: Path
    _rendered: dict[tuple[float, Size], Rendered] = field(default_factory=dict)

    def rendered(self, minutes: float, size: Size) -> Rendered:
        """A film of so many minutes, rendered from nothing the first time it is asked for."""
        if (minutes, size) not in self._rendered:
            self._rendered[minutes, size] = self._render(minutes, size)
        return self._rendered[minutes, size]

    def _render(self, minutes: float, size: Size) -> Rendered:
        project = Project("film", self.folder / f"film-{minutes:g}-{size[0]}x{size[1]}")
        timeline = film(project, scenes=scenes_in(minutes), size=size)
        shelve(project, timeline, size)
        made = Rendered(project, timeline, size, command_cost(render_command(project)))
        if frames := remembered_frames(project):
            raise RuntimeError(f"{frames} frames of a film with an empty cache were remembered: two pieces are alike")
        return made


def render_command(project: Project) -> list[str]:
    """The command that renders a project's timeline as it is."""
    return [sys.executable, "-m", "storyreel", "render", project.id, "--cache", str(project.cache), "--json"]


def remembered_frames(project: Project) -> int:
    """How many frames the last render of a project had from its pieces in the store."""
    lines = (project.folder / EVENTS_NAME).read_text(encoding="utf-8").splitlines()
    events = [Event.model_validate_json(line) for line in lines[-50_000:]]
    return next(event.remembered for event in reversed(events) if event.step == "render" and event.kind == "done")
