"""Frames cut out of master pictures at sub-pixel positions, plane by plane.

Two samplers give the same linear interpolation. `cv2.resize` is the faster by far, but places its result on a grid of
its own: output pixel d reads the source at `(d + 0.5) * scale - 0.5`, counted from the first source pixel it is given.
Some whole number of output pixels further left, the position wanted almost always comes to lie on a whole source pixel;
there the resize is started, and the surplus cut off ("grid resize"). Where no such number is near (at scale 2, for
example) an affine warp takes the frame instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

import cv2
import numpy as np

from storyreel.render.motion import Window
from storyreel.render.overlay import Planes
from storyreel.render.stills import MARGIN_PX, Master

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Plane = NDArray[np.uint8]

# Each thread draws a chunk of its own; OpenCV's threads would only take turns with them.
cv2.setNumThreads(1)

POSITION_TOLERANCE = 0.015
"""How far, in output pixels, a grid resize may lie from where it should."""

_LARGEST_SURPLUS = 160


def empty_planes(width_px: int, height_px: int) -> Planes:
    """Planes for one frame, with nothing in them yet."""
    half = (height_px // 2, width_px // 2)
    return np.empty((height_px, width_px), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8)


def sample(master: Master, window: Window, out: Planes) -> None:
    """Draw the part of a picture that `window` names into a frame's planes.

    Chroma comes out sited as H.264 has it by default: level with the even luma columns, between two rows.
    """
    luma, *chromas = master.planes
    across, down = master.luma_scale
    _sample_planes(
        [luma], window.left_px * across, window.top_px * down, window.scale * across, window.scale * down, out[:1]
    )
    across, down = master.chroma_scale
    step_x, step_y = 2 * window.scale * across, 2 * window.scale * down
    _sample_planes(chromas, window.left_px * across - step_x / 4, window.top_px * down, step_x, step_y, out[1:])


def _sample_planes(
    sources: Sequence[Plane], left: float, top: float, step_x: float, step_y: float, targets: Sequence[Plane]
) -> None:
    """Fill targets from planes with margins: output pixel i reads `left + (i + 0.5) * step_x`, edge to edge."""
    left, top = left + MARGIN_PX, top + MARGIN_PX
    surplus_x, surplus_y = _surplus(left, step_x), _surplus(top, step_y)
    height, width = targets[0].shape
    if surplus_x is None or surplus_y is None:
        # Counted from a whole pixel, with room for the neighbours that the first and last output pixels read.
        x0, y0 = int(left) - 2, int(top) - 2
        x1, y1 = ceil(left + width * step_x) + 2, ceil(top + height * step_y) + 2
        matrix = np.array(
            [[step_x, 0.0, left - x0 + step_x / 2 - 0.5], [0.0, step_y, top - y0 + step_y / 2 - 0.5]], np.float64
        )
        for source, target in zip(sources, targets, strict=True):
            cv2.warpAffine(
                source[y0:y1, x0:x1], matrix, (width, height), dst=target,
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
            )  # fmt: skip
        return
    x0, y0 = round(left - surplus_x * step_x), round(top - surplus_y * step_y)
    x1 = x0 + ceil((surplus_x + width + 0.5) * step_x) + 1
    y1 = y0 + ceil((surplus_y + height + 0.5) * step_y) + 1
    for source, target in zip(sources, targets, strict=True):
        grid = cv2.resize(source[y0:y1, x0:x1], None, fx=1 / step_x, fy=1 / step_y, interpolation=cv2.INTER_LINEAR)
        target[...] = grid[surplus_y : surplus_y + height, surplus_x : surplus_x + width]


def _surplus(start: float, step: float) -> int | None:
    """The fewest output pixels to the left of `start` at which the grid meets a whole source pixel; None if none do."""
    tolerance = POSITION_TOLERANCE * step
    for count in range(min(_LARGEST_SURPLUS, int(start / step)) + 1):
        position = start - count * step
        if abs(position - round(position)) <= tolerance:
            return count
    return None
