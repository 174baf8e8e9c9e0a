"""Clips from animators brought to the film's own measure before they enter its timeline, once and for all.

A service has lengths, sizes and rates of its own. A conformed clip has the film's: so many frames at its rate, its size
(cropped, never stretched), BT.709 in limited range, no sound; in closed groups of pictures, so that the film takes its
packets as they are. A clip that is all this already is left alone.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from storyreel.airlock import FORMATS
from storyreel.clock import Rate
from storyreel.codec import GROUP_S, X264, clip_options, set_up_picture
from storyreel.errors import RenderError
from storyreel.media.model import Asset
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.chunks import ENGINE_VERSION, ChunkSpec, View
from storyreel.timeline.model import Motion

SLOWEST = 0.8
"""How slow a clip may be played that is to fill more time than it has; after that its last picture stands."""


@dataclass(frozen=True, slots=True)
class _Own:
    """What a clip is by itself: its size as stored, its rate, how many pictures it has and when the last one starts."""

    size: tuple[int, int]
    rate: Fraction
    pictures: int
    last_s: Fraction
    plain: bool


@step(version=1)
def conform(
    project: Project, clip: Asset, *, rate: Rate, width_px: int, height_px: int, length_frames: int, whole: bool
) -> Asset:
    """A clip at the film's rate and size.

    Args:
        clip: a video.
        rate, width_px, height_px: the film's.
        length_frames: how many frames it has to have.
        whole: it begins and ends on given pictures: all of it is shown, faster or slower, and its last picture is the
            last frame. Else it plays at its own speed and is cut; one that is too short is slowed down, to `SLOWEST`
            at most.

    Raises:
        RenderError: it cannot be read.
    """
    store = store_of(project)
    own = _look_through(store.path(clip.blob))
    size = width_px, height_px
    if own.plain and own.size == size and own.rate == rate.fps and own.pictures == length_frames:
        return clip
    spec = ChunkSpec(
        engine=ENGINE_VERSION,
        encoder=X264,
        quality="standard",
        width_px=width_px,
        height_px=height_px,
        rate=rate,
        length_frames=length_frames,
        view=View(
            source=clip.blob, video=True, motion=Motion(), first=0, visible=1,
            speed=_speed(own, rate, length_frames, whole),
        ),
    )  # fmt: skip
    with project.progress.task("conform", length_frames, "frames") as task:
        data = _encoded(spec, store.path, task.advance)
    return clip.model_copy(
        update={
            "blob": store.put_bytes(data, ".mp4"),
            "width_px": width_px,
            "height_px": height_px,
            "duration_s": float(length_frames / rate.fps),
        }
    )


def _speed(own: _Own, rate: Rate, length_frames: int, whole: bool) -> float:
    """How fast the clip has to play."""
    if length_frames == 1 or not own.last_s:
        return 1.0
    filled = float(own.last_s / (Fraction(length_frames - 1) / rate.fps))
    return filled if whole else min(1.0, max(filled, SLOWEST))


def _look_through(path: Path) -> _Own:
    """Decode a clip to its end.

    Raises:
        RenderError: it cannot be read, or holds no pictures.
    """
    import av

    try:
        with av.open(f"file:{path}", container_options={"format_whitelist": FORMATS}) as container:
            stream: Any = container.streams.best("video")
            if stream is None:
                raise RenderError(f"the clip {path.name} holds no pictures: have it made again")
            stream.codec_context.thread_count = 1
            count, first, last, turned, colour = 0, None, Fraction(0), False, 0
            for frame in container.decode(stream):
                at = Fraction(frame.pts * frame.time_base) if frame.pts is not None else Fraction(count, 25)
                first, last, count = at if first is None else first, at, count + 1
                turned = turned or any(data.type.name == "DISPLAYMATRIX" for data in frame.side_data.keys())  # noqa: SIM118
                colour = frame.colorspace
            context = stream.codec_context
            plain = (
                context.name == "h264" and context.pix_fmt == "yuv420p" and colour == 1 and not turned
                and stream.sample_aspect_ratio in (None, 0, 1)
            )  # fmt: skip
            size, rate = (context.width, context.height), Fraction(stream.average_rate or 25)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise RenderError(f"the clip {path.name} cannot be read: have it made again") from error
    if first is None:
        raise RenderError(f"the clip {path.name} holds no pictures: have it made again")
    return _Own(size, rate, count, last - first, plain)


def _encoded(spec: ChunkSpec, path_of: Callable[[Blob], Path], drawn: Callable[[], None]) -> bytes:
    """The clip as MP4; its last frame is a group of its own, since the film may show all but that."""
    import av
    import numpy as np
    from av.video.frame import PictureType

    from storyreel.render.compose import draw_chunk
    from storyreel.render.frames import empty_planes
    from storyreel.render.stills import Masters

    file = io.BytesIO()
    planes = empty_planes(spec.width_px, spec.height_px)
    group_frames = int(spec.rate.fps * GROUP_S)
    try:
        with av.open(file, "w", format="mp4") as container:
            stream: Any = container.add_stream(X264, rate=spec.rate.fps)
            set_up_picture(stream.codec_context, spec.width_px, spec.height_px, spec.rate)
            stream.codec_context.options = clip_options()
            picture = av.VideoFrame(spec.width_px, spec.height_px, "yuv420p")
            into = [
                np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
                for plane in picture.planes
            ]
            for index, _ in enumerate(draw_chunk(spec, path_of, (), Masters(), planes)):
                for source, target in zip(planes, into, strict=True):
                    target[...] = source
                picture.pts, picture.time_base = index, 1 / spec.rate.fps
                opens_group = index % group_frames == 0 or index == spec.length_frames - 1
                picture.pict_type = PictureType.I if opens_group else PictureType.NONE
                container.mux(stream.encode(picture))
                drawn()
            container.mux(stream.encode(None))
    except av.FFmpegError as error:
        raise RenderError(f"a clip of {spec.width_px} x {spec.height_px} could not be encoded: {error}") from error
    return file.getvalue()
