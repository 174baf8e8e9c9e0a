"""The camera move over a still, as a formula: which part of a picture a frame shows.

The formula is small on purpose: the studio's preview repeats it in TypeScript, and `tests/golden/motion.json` holds the
two together. A move goes in a straight line, at its ease's pace, from one window of the picture to another. Both ends
are kept inside the picture first; since the windows inside a picture are a convex set, every window between is inside.
"""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.timeline.model import Ease, Motion, Rect

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a picture in its pixels: the left and top edges, and how many of its pixels one frame pixel spans.

    The frame's pixel column i has its centre at `left_px + (i + 0.5) * scale` in the picture, where the picture's own
    column j has its centre at j + 0.5.
    """

    left_px: float
    top_px: float
    scale: float


def eased(progress: float, ease: Ease) -> float:
    """How far a move has come at `progress` of its time, both 0 to 1; "in_out" is the cubic 3p^2 - 2p^3."""
    p = min(max(progress, 0.0), 1.0)
    return p * p * (3.0 - 2.0 * p) if ease == "in_out" else p


def place(rect: Rect, picture: Size, frame: Size) -> Window:
    """Where a part lies in a picture, moved inside if it sticks out; both sizes are (width, height) in pixels."""
    (width, height), (frame_width, frame_height) = picture, frame
    scale = min(width / frame_width, height / frame_height) * rect.height
    room_x, room_y = width - scale * frame_width, height - scale * frame_height
    left = min(max(rect.x * width - scale * frame_width / 2, 0.0), room_x)
    top = min(max(rect.y * height - scale * frame_height / 2, 0.0), room_y)
    return Window(max(left, 0.0), max(top, 0.0), scale)


def window_at(motion: Motion, progress: float, picture: Size, frame: Size) -> Window:
    """The part of a picture that a frame shows.

    Args:
        motion: the move.
        progress: how much of the clip's visible time has passed, 0 on its first frame and 1 on its last.
        picture: (width, height) of the picture, pixels.
        frame: (width, height) of the film, pixels.
    """
    start, end = place(motion.start, picture, frame), place(motion.end, picture, frame)
    e = eased(progress, motion.ease)
    return Window(
        start.left_px + (end.left_px - start.left_px) * e,
        start.top_px + (end.top_px - start.top_px) * e,
        start.scale + (end.scale - start.scale) * e,
    )


def is_static(motion: Motion) -> bool:
    """Whether the camera stands still."""
    return motion.start == motion.end
