"""Moving pictures as a source of frames: a video clip played at the film's rate, its last frame held at the end."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.clock import Rate
from storyreel.errors import RenderError
from storyreel.render.stills import Master, with_margin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def footage(path: Path, rate: Rate, first: int) -> Iterator[Master]:
    """The pictures of a video, one for each of the film's frames, without end.

    Film frame k shows the latest picture that starts no later than k / rate seconds into the video. Sound is not read.

    Args:
        path: the video.
        rate: the film's frames a second.
        first: the film frame to begin with, counted from the video's start.

    Raises:
        RenderError: the file is missing, damaged, or holds no picture.
    """
    import av

    try:
        with av.open(path) as container:
            if container.streams.video:
                stream = container.streams.video[0]
                stream.codec_context.thread_count = 1
                yield from _played(container, stream, rate, first)
    except (OSError, av.FFmpegError) as error:
        raise RenderError(f"the video {path.name} cannot be read ({error}): replace it with another file") from error
    raise RenderError(f"the video {path.name} holds no pictures: replace it with another file")


def _played(container: Any, stream: Any, rate: Rate, first: int) -> Iterator[Master]:
    start = stream.start_time or 0
    wanted = Fraction(first) / rate.fps
    container.seek(start + int(wanted / stream.time_base), stream=stream, backward=True)
    frames = container.decode(stream)
    shown, coming = None, next(frames, None)
    if coming is None:
        return
    master: Master | None = None
    index = first
    while True:
        at = Fraction(index) / rate.fps
        while coming is not None and (shown is None or (coming.pts - start) * stream.time_base <= at):
            shown, coming, master = coming, next(frames, None), None
        master = master or _master(shown)
        yield master
        index += 1


def _master(frame: Any) -> Master:
    """A decoded picture as a master: BT.709 limited planes, even sides."""
    width, height = frame.width + frame.width % 2, frame.height + frame.height % 2
    turned = frame.reformat(
        width=width, height=height, format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
    )
    planes = tuple(_plane(plane) for plane in turned.planes)
    return Master(with_margin((planes[0], planes[1], planes[2])), width, height, (1.0, 1.0), (0.5, 0.5))


def _plane(plane: Any) -> NDArray[np.uint8]:
    import numpy as np

    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
