"""Single frames of a finished film, read back from its file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.clock import Rate
from storyreel.errors import RenderError
from storyreel.media.container import open_media

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyreel.render.overlay import Planes


@contextmanager
def film_frames(path: Path, rate: Rate) -> Iterator[Callable[[int], Planes]]:
    """Open a film that storyreel rendered and give out its frames by number.

    Args:
        rate: the film's.

    Raises:
        CorruptFile: the file is missing or damaged.
        RenderError: it has no such frame.
    """
    with open_media(path) as container:
        stream = container.streams.video[0]
        tick = stream.time_base or 1 / rate.fps

        def frame_at(number: int) -> Planes:
            at = number / rate.fps
            container.seek(int(at / tick), stream=stream)
            for frame in container.decode(stream):
                if frame.pts is not None and frame.pts * tick >= at:
                    return _planes(frame)
            raise RenderError(f"{path} has no frame {number}: render the film again")

        yield frame_at


def _planes(frame: Any) -> Planes:
    import numpy as np

    y, u, v = (
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width].copy()
        for plane in frame.planes
    )
    return y, u, v
