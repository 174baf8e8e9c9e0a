"""Single frames of a film, as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from storyreel.errors import InputError
from storyreel.project import Project, storage_error
from storyreel.publish.drawn import as_rgb, drawn_frames
from storyreel.render.chunks import visible_range
from storyreel.render.steps import film_job
from storyreel.timeline.model import Timeline
from storyreel.timeline.transitions import reach


def shot_frames(timeline: Timeline) -> dict[int, str]:
    """A frame for every clip, by its number, with the clip's id: the middle of the time in which it is seen alone."""
    found = {}
    for index, clip in enumerate(timeline.clips):
        lead = reach(clip.into)[1] if index else timeline.fade_in_frames
        last = index + 1 == len(timeline.clips)
        tail = timeline.fade_out_frames if last else reach(timeline.clips[index + 1].into)[0]
        start, end = clip.start_frame + lead, clip.end_frame - tail
        if end <= start:
            start, end = visible_range(timeline, index)
        found[min((start + end) // 2, timeline.length_frames - 1)] = clip.id
    return found


def frame_numbers(timeline: Timeline, at_s: Sequence[float]) -> tuple[int, ...]:
    """The frames that are shown at these moments, ascending.

    Raises:
        InputError: a moment lies outside the film.
    """
    end_s = timeline.rate.seconds(timeline.length_frames)
    for moment in at_s:
        if not 0 <= moment < end_s:
            raise InputError(f"the film lasts {end_s:.2f} s and has no frame at {moment:g} s: choose a moment in it")
    return tuple(sorted({min(int(moment * timeline.rate.fps + 1e-6), timeline.length_frames - 1) for moment in at_s}))


def write_stills(project: Project, timeline: Timeline, frames: Sequence[int], names: Sequence[Path]) -> None:
    """Draw frames and write each as a PNG in RGB.

    Args:
        frames: their numbers, ascending.
        names: a file for each.

    Raises:
        RenderError: a source cannot be read.
        DiskFull, StorageError: a file could not be written.
        Cancelled: the user stopped it.
    """
    from PIL import Image

    places = dict(zip(frames, names, strict=True))
    with project.progress.task("export", len(frames), "pictures") as task:
        for number, planes in drawn_frames(project, film_job(timeline, "standard", "x264"), frames):
            data = BytesIO()
            Image.fromarray(as_rgb(planes)).save(data, "PNG")
            try:
                places[number].write_bytes(data.getvalue())
            except OSError as error:
                raise storage_error(error, places[number]) from error
            task.advance()
