"""The camera move over a picture, as a formula: which part of the picture a frame shows.

The formula is small on purpose: the studio's preview repeats it in TypeScript, and `tests/golden/motion.json` holds the
two together. A frame shows a picture through a similarity: its pixel (i, j) has its centre at

    left + (i + 1/2) a + (j + 1/2) b,   top - (i + 1/2) b + (j + 1/2) a

in picture pixels (where the picture's own pixel (k, l) has its centre at (k + 1/2, l + 1/2)), with a = scale cos(turn)
and b = scale sin(turn). A move takes its centre, a and b in a straight line, at its ease's pace, from one window to
another, so every pixel of the frame travels in a straight line over the picture. Both ends are kept inside the picture
first. That a window lies inside is |x - width / 2| + (a frame width + |b| frame height) / 2 <= width / 2, and likewise
down: a convex condition in x, a and b, so every window on the way is inside too, at any turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin

from storyreel.timeline.ease import eased
from storyreel.timeline.model import Fit, Motion, Rect

__all__ = [
    "Box",
    "Size",
    "Window",
    "eased",
    "fitted_box",
    "is_static",
    "place",
    "scale_range",
    "window_at",
]

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a picture in the picture's pixels; see the module for where each frame pixel lies.

    Attributes:
        left_px, top_px: where the frame's top left corner lies.
        scale: how many picture pixels one frame pixel spans.
        turn_deg: how far the picture appears turned, clockwise.
    """

    left_px: float
    top_px: float
    scale: float
    turn_deg: float = 0.0

    @property
    def steps(self) -> tuple[float, float]:
        """(a, b): a frame pixel to the right is (a, -b) on in the picture, one down is (b, a)."""
        if not self.turn_deg:
            return self.scale, 0.0
        return self.scale * cos(radians(self.turn_deg)), self.scale * sin(radians(self.turn_deg))


@dataclass(frozen=True, slots=True)
class Box:
    """The part of a frame that a picture fills, in frame pixels, all even."""

    x_px: int
    y_px: int
    width_px: int
    height_px: int

    @property
    def size(self) -> Size:
        """(width, height), pixels."""
        return self.width_px, self.height_px


def place(rect: Rect, picture: Size, frame: Size) -> Window:
    """Where a part lies in a picture; both sizes are (width, height) in pixels.

    A part that sticks out is made smaller first, as far as its turn needs, and then moved inside.
    """
    x, y, a, b = _placed(rect, picture, frame)
    return _window(x, y, a, b, frame)


def window_at(motion: Motion, progress: float, picture: Size, frame: Size) -> Window:
    """The part of a picture that a frame shows.

    Args:
        motion: the move.
        progress: how much of the clip's visible time has passed, 0 on its first frame and 1 on its last.
        picture: (width, height) of the picture, pixels.
        frame: (width, height) of what it fills: the film's frame, or the box inside it that `fitted_box` gives.
    """
    start, end = _placed(motion.start, picture, frame), _placed(motion.end, picture, frame)
    e = eased(progress, motion.ease)
    x, y, a, b = (one + (other - one) * e for one, other in zip(start, end, strict=True))
    return _window(x, y, a, b, frame)


def scale_range(motion: Motion, picture: Size, frame: Size) -> tuple[float, float]:
    """The smallest and the largest scale on the way; a turning camera comes closest between its ends."""
    (_, _, a0, b0), (_, _, a1, b1) = (_placed(rect, picture, frame) for rect in (motion.start, motion.end))
    length = hypot(a1 - a0, b1 - b0)
    # Where the way from (a0, b0) to (a1, b1) passes nearest to nothing.
    nearest = min(max(-(a0 * (a1 - a0) + b0 * (b1 - b0)) / length**2, 0.0), 1.0) if length else 0.0
    smallest = hypot(a0 + (a1 - a0) * nearest, b0 + (b1 - b0) * nearest)
    return smallest, max(hypot(a0, b0), hypot(a1, b1))


def is_static(motion: Motion) -> bool:
    """Whether the camera stands still."""
    return motion.start == motion.end


def fitted_box(fit: Fit, picture: Size, frame: Size) -> Box:
    """The part of a frame that a picture fills: all of it, or for "blur" and "colour" the largest of its own shape.

    Sides are rounded to even pixels, and the box lies in the middle, or one pixel off it.
    """
    width, height = frame
    if fit.kind == "crop":
        return Box(0, 0, width, height)
    scale = min(width / picture[0], height / picture[1])
    shown_width, shown_height = (
        min(max(2 * round(side * scale / 2), 2), limit) for side, limit in zip(picture, frame, strict=True)
    )
    return Box(2 * ((width - shown_width) // 4), 2 * ((height - shown_height) // 4), shown_width, shown_height)


def _placed(rect: Rect, picture: Size, frame: Size) -> tuple[float, float, float, float]:
    """A part kept inside its picture, as its centre and its steps a and b."""
    (width, height), (frame_width, frame_height) = picture, frame
    scale = min(width / frame_width, height / frame_height) * rect.height
    if not rect.turn_deg:
        a, b = scale, 0.0
    else:
        along, across = cos(radians(rect.turn_deg)), sin(radians(rect.turn_deg))
        scale = min(
            scale,
            width / (frame_width * along + frame_height * abs(across)),
            height / (frame_width * abs(across) + frame_height * along),
        )
        a, b = scale * along, scale * across
    half_width = (a * frame_width + abs(b) * frame_height) / 2
    half_height = (abs(b) * frame_width + a * frame_height) / 2
    x = min(max(rect.x * width, half_width), max(width - half_width, half_width))
    y = min(max(rect.y * height, half_height), max(height - half_height, half_height))
    return x, y, a, b


def _window(x: float, y: float, a: float, b: float, frame: Size) -> Window:
    """The window with its centre at (x, y); its corner never lies a rounding error outside the picture."""
    width, height = frame
    left, top = x - (a * width + b * height) / 2, y - (a * height - b * width) / 2
    if not b:
        return Window(max(left, 0.0), max(top, 0.0), a)
    return Window(left, top, hypot(a, b), degrees(atan2(b, a)))
