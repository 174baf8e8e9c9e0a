"""A film as a MoviePy clip, to go on with in MoviePy: every frame as the renderer draws it, and the master's sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from storyreel.errors import MissingExtra
from storyreel.project import Project
from storyreel.publish.drawn import SAMPLE_RATE_HZ, as_rgb, drawn_frames, sound_samples
from storyreel.render.steps import film_job
from storyreel.timeline.model import Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray


def moviepy_clip(project: Project, timeline: Timeline) -> Any:
    """A timeline as a `moviepy.VideoClip`, with `fps`, `duration` and `audio` set.

    Frames are drawn when they are asked for: in order that costs what rendering does, elsewhere up to two seconds of
    drawing. The sound is mixed and mastered now, and held in memory (0.4 MB a second).

    Args:
        project: whose store has the timeline's pictures and sounds.

    Raises:
        MissingExtra: MoviePy is not installed.
        RenderError: a source cannot be read.
    """
    import numpy as np

    try:
        from moviepy.audio.AudioClip import AudioArrayClip
        from moviepy.video.VideoClip import VideoClip
    except ImportError:
        raise MissingExtra("MoviePy", "interchange") from None
    reader = _Reader(project, timeline)
    clip = VideoClip(reader.frame_at, duration=timeline.rate.seconds(timeline.length_frames))
    clip.fps, clip.size = float(timeline.rate.fps), (timeline.width_px, timeline.height_px)
    sound = np.concatenate(list(sound_samples(project, timeline)))
    clip.audio = AudioArrayClip(sound, fps=SAMPLE_RATE_HZ)
    return clip


class _Reader:
    """Gives out frames by time; the next ones cost least."""

    def __init__(self, project: Project, timeline: Timeline) -> None:
        self._project, self._timeline = project, timeline
        self._job = film_job(timeline, "standard", "x264")
        self._next = -1
        self._frames: Iterator[tuple[int, Any]] = iter(())
        self._shown: NDArray[Any] | None = None

    def frame_at(self, at_s: float) -> NDArray[Any]:
        """The frame shown at a moment: uint8 of shape (height, width, 3), RGB."""
        last = self._timeline.length_frames - 1
        number = min(max(int(at_s * float(self._timeline.rate.fps) + 1e-6), 0), last)
        if self._shown is not None and number == self._next - 1:
            return self._shown
        if number != self._next:
            wanted = range(number, last + 1)
            self._frames = drawn_frames(self._project, self._job, wanted)
        _, planes = next(self._frames)
        self._next, self._shown = number + 1, as_rgb(planes)
        return self._shown
