"""How a film's captions keep to the norms, the film itself looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.progress import Progress
from storyreel.recipes._finish import FILM_NAME, read_timeline
from storyreel.recipes.resume import existing
from storyreel.timeline.quality import Finding, report

if TYPE_CHECKING:
    from storyreel.project import Project
    from storyreel.render.overlay import Planes
    from storyreel.timeline.model import Timeline


def caption_report(
    project_id: str, *, cache: Path | str | None = None, progress: Progress | None = None
) -> tuple[Finding, ...]:
    """Measure a film's captions: reading speed, time on screen, lines, gaps, safe area, and contrast on its frames.

    Args:
        progress: told how many captions have been looked at.

    Returns:
        By caption; empty where all is well. Contrast is left out, with a warning, while the film is not rendered.

    Raises:
        InputError: the project has no timeline yet.
        ProjectNotFound: there is no such project.
        Cancelled: the user stopped it.
    """
    from storyreel.render.text import caption_boxes

    project = existing(project_id, cache, progress)
    timeline = read_timeline(project)
    found = list(report(timeline, caption_boxes(timeline)))
    if timeline.captions != "none" and timeline.cues:
        if project.path(FILM_NAME).exists():
            found += _contrast(project, timeline)
        else:
            project.progress.warn("contrast is measured on the finished film, which is not rendered yet", "captions")
    return tuple(sorted(found, key=lambda finding: finding.cue))


def _contrast(project: Project, timeline: Timeline) -> tuple[Finding, ...]:
    from storyreel.render.contrast import contrast_findings
    from storyreel.render.film_frames import film_frames

    with (
        project.progress.task("captions", len(timeline.cues), "captions") as task,
        film_frames(project.path(FILM_NAME), timeline.rate) as frame_at,
    ):

        def looked_at(frame: int) -> Planes:
            project.progress.raise_if_cancelled()
            task.advance()
            return frame_at(frame)

        return contrast_findings(timeline, looked_at)
