"""Films as GIFs: a palette of the film's own colours, and dithering that neither crawls nor costs too much.

The palette is chosen over all frames, with what changes counted more than what stands still, and error diffusion is
kept to the rectangle that changed, so that what stands still stays still. Noise and fine texture, rain and snow, can
make that large; then a somewhat slower rate, an ordered pattern, which compresses better, fewer colours and fewer
frames are tried, in this order. Few colours come late: what is rare loses its own, a red stripe in a grey storm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.errors import InputError, RenderError
from storyreel.project import Project, storage_error
from storyreel.publish.drawn import as_rgb, drawn_frames
from storyreel.render.steps import FilmJob
from storyreel.timeline.model import Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH_PX = 480
LONGEST_S = 60.0
MOST_FPS = 15
MOST_BYTES_A_SECOND = 1_400_000
"""Keeps ten seconds under 15 MB, which is what sites take."""


_SAMPLE = 6
_HOPELESS = 1.3


@dataclass(frozen=True, slots=True)
class GifForm:
    """How a GIF is cut out of a film.

    Attributes:
        first, after: which of the film's frames it shows, end excluded.
        every: how many of the film's frames each of its own stands for.
    """

    first: int
    after: int
    every: int

    @property
    def frames(self) -> range:
        """The film's frames that it shows."""
        return range(self.first, self.after, self.every)

    def at(self, rate: str) -> GifForm:
        """The same at one of the rates of `_Try`."""
        every = {"full": self.every, "slower": self.every + 1, "half": 2 * self.every, "third": 3 * self.every}[rate]
        return replace(self, every=every)


@dataclass(frozen=True, slots=True)
class _Try:
    """A way to write it; `rate` is "full", "slower" by one of the film's frames, "half" or "third"."""

    dither: str
    colours: int
    rate: str


_TRIES = (
    _Try("sierra2_4a", 256, "full"),
    _Try("sierra2_4a", 256, "slower"),
    _Try("bayer:bayer_scale=4", 256, "slower"),
    _Try("bayer:bayer_scale=4", 128, "half"),
    _Try("bayer:bayer_scale=5", 64, "half"),
    _Try("none", 32, "third"),
)


def gif_form(timeline: Timeline, first: int, after: int) -> GifForm:
    """A GIF of the frames `first` to `after`, at most `MOST_FPS` a second.

    Raises:
        InputError: that is longer than `LONGEST_S`.
    """
    length_s = timeline.rate.seconds(after - first)
    if length_s > LONGEST_S:
        raise InputError(
            f"a GIF of {length_s:.0f} s would be huge: choose up to {LONGEST_S:.0f} s of the film with --from and "
            "--to, or export webm"
        )
    every = max(1, ceil(timeline.rate.fps / MOST_FPS))
    return GifForm(first, after, every)


def gif_size(timeline: Timeline, width_px: int | None) -> Timeline:
    """The timeline at a GIF's size: `WIDTH_PX` wide, or as asked for, never wider than it is; both sides even."""
    width = min(width_px or WIDTH_PX, timeline.width_px) // 2 * 2
    height = max(2, round(timeline.height_px * width / timeline.width_px / 2) * 2)
    return timeline.model_copy(update={"width_px": width, "height_px": height})


def write_gif(project: Project, job: FilmJob, form: GifForm, path: Path, scratch: Path) -> None:
    """Draw a film's frames and write them as a GIF that loops.

    Args:
        job: the film, at the GIF's size.
        path: the GIF.
        scratch: a file to keep the frames in meanwhile.

    Raises:
        RenderError: a source cannot be read, or a frame could not be written.
        DiskFull, StorageError: the disk took no more.
        Cancelled: the user stopped it.
    """
    import av

    film_fps = job.timeline.rate.fps
    most_bytes = max(1, int((form.after - form.first) / film_fps * MOST_BYTES_A_SECOND))
    drawn: GifForm | None = None
    try:
        for attempt in _TRIES:
            project.progress.raise_if_cancelled()
            tried = form.at(attempt.rate)
            fps = film_fps / tried.every
            if tried != drawn:
                frames, drawn = _drawn(project, job, tried, scratch), tried
            if attempt is not _TRIES[-1] and _sampled_bytes(frames, fps, attempt, path) > _HOPELESS * most_bytes:
                continue
            _write(frames, fps, attempt, path)
            if path.stat().st_size <= most_bytes:
                break
    except av.FFmpegError as error:
        raise RenderError(f"the GIF could not be written: {error}") from error
    except OSError as error:
        raise storage_error(error, path) from error
    if attempt is not _TRIES[0]:
        project.progress.warn(
            f"the film's textures would make a GIF of more than {most_bytes / 1e6:.1f} MB, so it has "
            f"{attempt.colours} colours and {float(fps):.3g} frames a second: a shorter or narrower one has more",
            "export",
        )


def _drawn(project: Project, job: FilmJob, form: GifForm, path: Path) -> NDArray[Any]:
    """The frames as RGB, shape (count, height, width, 3), kept in a file: a minute of them may be a gigabyte."""
    import numpy as np

    shape = (len(form.frames), job.timeline.height_px, job.timeline.width_px, 3)
    frames = np.lib.format.open_memmap(path, "w+", np.uint8, shape)
    for place, (_, planes) in enumerate(drawn_frames(project, job, form.frames)):
        frames[place] = as_rgb(planes)
        if job.task is not None and job.task.done < (job.task.total or 0):
            job.task.advance()
    return frames


def _sampled_bytes(frames: NDArray[Any], fps: Fraction, attempt: _Try, path: Path) -> float:
    """About how large the GIF would become, from some frames in the middle; writing a whole one takes its time."""
    middle = max(0, len(frames) // 2 - _SAMPLE // 2)
    sample = frames[middle : middle + _SAMPLE]
    if len(frames) < 2 * _SAMPLE:
        return 0.0
    _write(sample, fps, attempt, path)
    return path.stat().st_size / len(sample) * len(frames)


def _write(frames: NDArray[Any], fps: Fraction, attempt: _Try, path: Path) -> None:
    import av

    height, width, _ = frames[0].shape
    palette = _palette(frames, fps, attempt.colours)
    graph = av.filter.Graph()
    pictures = _source(graph, width, height, fps)
    colours = _source(graph, palette.width, palette.height, fps, palette.format.name)
    use = graph.add("paletteuse", f"dither={attempt.dither}:diff_mode=rectangle")
    end = graph.add("buffersink")
    pictures.link_to(use, 0, 0)
    colours.link_to(use, 0, 1)
    use.link_to(end)
    graph.configure()
    palette.pts, palette.time_base = 0, 1 / fps
    colours.push(palette)
    colours.push(None)
    with av.open(path, "w", format="gif", options={"loop": "0"}) as container:
        stream: Any = container.add_stream("gif", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "pal8"
        # A GIF counts hundredths of a second.
        stream.codec_context.time_base = Fraction(1, 100)
        for shown in _through(graph, pictures, end, frames, fps):
            shown.pts = round(shown.pts * shown.time_base * 100)
            shown.time_base = Fraction(1, 100)
            container.mux(stream.encode(shown))
        container.mux(stream.encode(None))


def _palette(frames: NDArray[Any], fps: Fraction, colours: int) -> Any:
    import av

    height, width, _ = frames[0].shape
    graph = av.filter.Graph()
    source = _source(graph, width, height, fps)
    choose = graph.add("palettegen", f"max_colors={colours}:reserve_transparent=1:stats_mode=diff")
    end = graph.add("buffersink")
    source.link_to(choose)
    choose.link_to(end)
    graph.configure()
    for found in _through(graph, source, end, frames, fps):
        return found
    raise RenderError("no colours could be chosen for the GIF: choose a longer stretch of the film")


def _source(graph: Any, width: int, height: int, fps: Fraction, form: str = "rgb24") -> Any:
    return graph.add_buffer(width=width, height=height, format=_format(form), time_base=1 / fps)


def _format(name: str) -> Any:
    from av.video.format import VideoFormat

    return VideoFormat(name)


def _through(graph: Any, source: Any, end: Any, frames: NDArray[Any], fps: Fraction) -> Iterator[Any]:
    """Push frames into a graph and give out what comes of them."""
    import av

    def ready() -> Iterator[Any]:
        while True:
            try:
                yield end.pull()
            except (av.BlockingIOError, av.EOFError):
                return

    for number, array in enumerate(frames):
        frame = av.VideoFrame.from_ndarray(array, format="rgb24")
        frame.pts, frame.time_base = number, 1 / fps
        source.push(frame)
        yield from ready()
    source.push(None)
    yield from ready()
