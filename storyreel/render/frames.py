"""Frames cut out of master pictures at sub-pixel positions, plane by plane.

Two samplers give the same linear interpolation. `cv2.resize` is the faster by far, but places its result on a grid of
its own: output pixel d reads the source at `(d + 0.5) * scale - 0.5`, counted from the first source pixel it is given.
Some whole number of output pixels further left, the position wanted almost always comes to lie on a whole source pixel;
there the resize is started, and the surplus cut off ("grid resize"). Where no such number is near (at scale 2, for
example), and for a turned picture, an affine warp takes the frame instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
"""How far, in output pixels, a grid resize of luma may lie from where it should; of chroma, which is seen less sharply,
twice as far."""

_LARGEST_SURPLUS = 160


def empty_planes(width_px: int, height_px: int) -> Planes:
    """Planes for one frame, with nothing in them yet."""
    half = (height_px // 2, width_px // 2)
    return np.empty((height_px, width_px), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8)


def sample(master: Master, window: Window, out: Planes) -> None:
    """Draw the part of a picture that `window` names into planes: a frame's, or a box's inside it.

    Chroma comes out sited as H.264 has it by default: level with the even luma columns, between two rows.
    """
    luma, *chromas = master.planes
    at, chroma_at = (
        _affine(window, master.luma_scale, (0.0, 0.0), 1),
        _affine(window, master.chroma_scale, master.chroma_shift_px, 2),
    )
    _sample_planes([luma], at, out[:1], POSITION_TOLERANCE)
    _sample_planes(chromas, chroma_at, out[1:], 2 * POSITION_TOLERANCE)


@dataclass(frozen=True, slots=True)
class _Affine:
    """Where output samples lie in a plane with its margin, in samples from its edge: sample (0, 0), and the steps on.

    One to the right is (right_x, right_y) further in the plane, one down (down_x, down_y).
    """

    first_x: float
    first_y: float
    right_x: float
    right_y: float
    down_x: float
    down_y: float


def _affine(window: Window, scale: tuple[float, float], shift: tuple[float, float], every: int) -> _Affine:
    """Where output samples lie in a plane that has `scale` samples for one picture pixel, moved by `shift` pixels.

    Args:
        every: how many frame pixels lie between two output samples: 1, or 2 for chroma, which stands in the middle of
            the first of its columns and between its rows.
    """
    (a, b), (across, down) = window.steps, scale
    x, y = 0.5, every / 2
    return _Affine(
        (window.left_px - shift[0] + x * a + y * b) * across + MARGIN_PX,
        (window.top_px - shift[1] - x * b + y * a) * down + MARGIN_PX,
        every * a * across,
        -every * b * down,
        every * b * across,
        every * a * down,
    )


def _sample_planes(sources: Sequence[Plane], at: _Affine, targets: Sequence[Plane], tolerance: float) -> None:
    if at.down_x or at.right_y:
        _warp(sources, at, targets)
        return
    step_x, step_y = at.right_x, at.down_y
    left, top = at.first_x - step_x / 2, at.first_y - step_y / 2
    surplus_x, surplus_y = _surplus(left, step_x, tolerance), _surplus(top, step_y, tolerance)
    if surplus_x is None or surplus_y is None:
        _warp(sources, at, targets)
        return
    height, width = targets[0].shape
    x0, y0 = round(left - surplus_x * step_x), round(top - surplus_y * step_y)
    x1 = x0 + ceil((surplus_x + width + 0.5) * step_x) + 1
    y1 = y0 + ceil((surplus_y + height + 0.5) * step_y) + 1
    for source, target in zip(sources, targets, strict=True):
        grid = cv2.resize(source[y0:y1, x0:x1], None, fx=1 / step_x, fy=1 / step_y, interpolation=cv2.INTER_LINEAR)
        target[...] = grid[surplus_y : surplus_y + height, surplus_x : surplus_x + width]


def _warp(sources: Sequence[Plane], at: _Affine, targets: Sequence[Plane]) -> None:
    height, width = targets[0].shape
    corners = [
        (at.first_x + i * at.right_x + j * at.down_x, at.first_y + i * at.right_y + j * at.down_y)
        for i in (0, width - 1)
        for j in (0, height - 1)
    ]
    # Counted from a whole pixel, with room for the neighbours that the outermost output pixels read.
    x0, y0 = (max(int(min(values)) - 2, 0) for values in zip(*corners, strict=True))
    x1, y1 = (ceil(max(values)) + 3 for values in zip(*corners, strict=True))
    matrix = np.array(
        [[at.right_x, at.down_x, at.first_x - x0 - 0.5], [at.right_y, at.down_y, at.first_y - y0 - 0.5]], np.float64
    )
    for source, target in zip(sources, targets, strict=True):
        cv2.warpAffine(
            source[y0:y1, x0:x1], matrix, (width, height), dst=target,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip


def _surplus(start: float, step: float, tolerance: float) -> int | None:
    """The fewest output pixels to the left of `start` at which the grid meets a whole source pixel; None if none do.

    Args:
        tolerance: how far off it may lie, in output pixels.
    """
    for count in range(min(_LARGEST_SURPLUS, int(start / step)) + 1):
        position = start - count * step
        if abs(position - round(position)) <= tolerance * step:
            return count
    return None
