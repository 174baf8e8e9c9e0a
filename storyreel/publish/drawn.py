"""A film's frames and sound as they are before any encoder: what is exported in another codec is made from these.

Frames are drawn by the renderer, not decoded from the finished film, so nothing is lost twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from storyreel.errors import CorruptFile, RenderError
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.steps import FilmJob, audible
from storyreel.render.stills import Masters
from storyreel.timeline.model import Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyreel.providers.contracts import FloatArray
    from storyreel.render.overlay import Planes

SAMPLE_RATE_HZ = 48_000


def drawn_frames(project: Project, job: FilmJob, wanted: Sequence[int] | None = None) -> Iterator[tuple[int, Planes]]:
    """Draw frames of a film in order.

    Args:
        job: the film, as `storyreel.render.steps.film_job` gives it.
        wanted: the frames' numbers, ascending; all of them by default.

    Yields:
        The frame's number, and its planes (yuv420p, BT.709 limited range), which the next one is drawn into.

    Raises:
        RenderError: a source is missing or cannot be read; the message names the clip.
        Cancelled: the user stopped it.
    """
    from storyreel.render.compose import draw_chunk
    from storyreel.render.frames import empty_planes

    store, masters = store_of(project), Masters()
    planes = empty_planes(job.timeline.width_px, job.timeline.height_px)
    left = iter(range(job.timeline.length_frames) if wanted is None else wanted)
    number = next(left, None)
    for chunk in job.chunks:
        if number is None:
            return
        if number >= chunk.end_frame:
            continue
        piece = job.piece(chunk, masters)
        try:
            for at, _ in enumerate(
                draw_chunk(piece.spec, store.path, piece.spans, masters, planes), start=chunk.start_frame
            ):
                project.progress.raise_if_cancelled()
                if at == number:
                    yield at, planes
                    number = next(left, None)
                if number is None or number >= chunk.end_frame:
                    break
        except (RenderError, CorruptFile) as error:
            raise RenderError(f"clip {' or '.join(chunk.clips)}: {error}") from error


def as_rgb(planes: Planes) -> NDArray[Any]:
    """A frame as 8-bit RGB of shape (height, width, 3)."""
    frame = as_frame(planes)
    return frame.reformat(format="rgb24", src_colorspace="ITU709", dst_colorspace="ITU709").to_ndarray()  # type: ignore[no-any-return]


def as_frame(planes: Planes) -> Any:
    """A copy of a frame as PyAV's, tagged as what it is."""
    import av
    import numpy as np
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

    height, width = planes[0].shape
    frame: Any = av.VideoFrame(width, height, "yuv420p")
    for plane, source in zip(frame.planes, planes, strict=True):
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        rows[: plane.height, : plane.width] = source
    frame.color_range, frame.colorspace = ColorRange.MPEG, Colorspace.ITU709
    frame.color_primaries, frame.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    return frame


def sound_samples(project: Project, timeline: Timeline) -> Iterator[FloatArray]:
    """The film's master before it is encoded, in blocks of some twenty seconds.

    A recording that goes into the film untouched comes as it is, at the film's sample rate.

    Yields:
        float32 of shape (count, 2) at 48 kHz; together they are as long as the film, to the sample.

    Raises:
        CorruptFile: a sound's file is missing or damaged.
        RenderError: a sound cannot be placed as the timeline asks.
        Cancelled: the user stopped it.
    """
    from storyreel.render.loudness import Levels
    from storyreel.render.sound import mastered, plan
    from storyreel.render.sound_blocks import loops_from, sound_blocks
    from storyreel.render.sound_steps import sound_levels, survey_sound
    from storyreel.render.untouched import untouched_recording

    heard, store = audible(timeline), store_of(project)
    if untouched_recording(heard) is not None:
        yield from _untouched_samples(project, heard)
        return
    blocks = sound_blocks(heard, lambda sound: survey_sound(project, sound.asset.blob, loops_from(sound)))
    levels = []
    for block in blocks:
        project.progress.raise_if_cancelled()
        levels.append(Levels.from_bytes(store.read(sound_levels(project, block))))
    master = plan(levels, heard, lambda message: project.progress.warn(message, "export"))
    for block in blocks:
        project.progress.raise_if_cancelled()
        yield mastered(block, master.gain_db, master.ceiling_dbtp, store.path)[block.lead : block.lead + block.count]


def _untouched_samples(project: Project, timeline: Timeline) -> Iterator[FloatArray]:
    import numpy as np

    from storyreel.media.sound import read_sound

    (sound,), store, rate = timeline.sounds, store_of(project), timeline.rate
    whole = rate.samples(timeline.length_frames, SAMPLE_RATE_HZ)
    first = rate.samples(sound.start_frame, SAMPLE_RATE_HZ)
    after = min(whole, rate.samples(sound.start_frame + sound.length_frames, SAMPLE_RATE_HZ))
    for begin in range(0, whole, 20 * SAMPLE_RATE_HZ):
        project.progress.raise_if_cancelled()
        end = min(begin + 20 * SAMPLE_RATE_HZ, whole)
        block = np.zeros((end - begin, 2), np.float32)
        low, high = max(begin, first), min(end, after)
        if high > low:
            read = read_sound(
                store.path(sound.asset.blob),
                sample_rate_hz=SAMPLE_RATE_HZ,
                channels=2,
                start_s=sound.source_start_s + (low - first) / SAMPLE_RATE_HZ,
                duration_s=(high - low) / SAMPLE_RATE_HZ,
            )
            block[low - begin : low - begin + len(read)] = read[: high - low]
        yield block
