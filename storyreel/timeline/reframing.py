"""Camera moves that keep people whole: the frame's edge cuts nobody's head while the camera passes.

A move is a wish. Each end of it is moved, and where that is not enough widened, by as little as brings the heads
inside; what lies inside both ends of a move lies inside all of it. The wider framings of a picture keep everybody, the
closer ones whoever is nearest, and all or nothing of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from pydantic import BaseModel

from storyreel.media.model import Asset
from storyreel.timeline.model import Motion, Rect

_CLOSER = 0.8  # of the picture's height: what shows less of it looks at somebody, not at the place
_MARGIN, _HEADROOM = 0.025, 0.05  # of the picture's width and height, kept free around a head
_WIDENED_BY = 0.04
_UNSEEN = 0.002  # of a head
_CUTS_SOMEBODY = 100.0  # costs more than any shift
_PUSH = 0.06  # of the height: how much a move that has come to a stand comes nearer instead
_STANDS = 0.015


class Head(BaseModel, frozen=True, extra="forbid"):
    """Somebody's head and shoulders in a picture, as fractions of its width and height."""

    left: float
    top: float
    right: float
    bottom: float


def keeping(motion: Motion, heads: Sequence[Head], picture: Asset | None, frame: tuple[int, int]) -> Motion:
    """A move that cuts no head.

    Args:
        motion: the move as it is wished, without turns.
        heads: of the people in the picture, the nearest first; without any the move stays as it is.
        picture: what is shown, None for a placeholder.
        frame: (width, height) of the film, pixels.
    """
    if not heads or picture is None:
        return motion
    shape = _part_of((picture.width_px, picture.height_px), frame)
    start, end = (_kept(wish, heads, shape) for wish in (motion.start, motion.end))
    if max(abs(start.x - end.x), abs(start.y - end.y), abs(start.height - end.height)) < _STANDS:
        nearer = _kept(end.model_copy(update={"height": end.height - _PUSH}), heads[:1], shape)
        start, end = (start, nearer) if motion.end.height <= motion.start.height else (nearer, end)
    return motion.model_copy(update={"start": start, "end": end})


def _part_of(picture: tuple[int, int], frame: tuple[int, int]) -> tuple[float, float]:
    """Width and height of the largest part of the frame's shape, as fractions of the picture's."""
    across, down = picture[0] / frame[0], picture[1] / frame[1]
    return min(across, down) / across, min(across, down) / down


def _kept(wish: Rect, heads: Sequence[Head], shape: tuple[float, float]) -> Rect:
    """The part nearest to the one that is wished that cuts nobody; where each one does, the one that cuts least."""
    height, best = wish.height, (float("inf"), 0.0, 0.0, 0.0)
    while True:
        half_x, half_y = height * shape[0] / 2, height * shape[1] / 2
        for x, y in _near(wish, heads, half_x, half_y):
            cut = _cut(x - half_x, y - half_y, x + half_x, y + half_y, heads, closer=wish.height < _CLOSER)
            cost = cut + abs(x - wish.x) + abs(y - wish.y) + (_CUTS_SOMEBODY if cut > _UNSEEN else 0.0)
            best = min(best, (cost, x, y, height))
        if best[0] < _CUTS_SOMEBODY or height >= 1:
            break
        height = min(1.0, height + _WIDENED_BY)
    return Rect(x=round(best[1], 4), y=round(best[2], 4), height=round(best[3], 4))


def _near(wish: Rect, heads: Sequence[Head], half_x: float, half_y: float) -> Iterator[tuple[float, float]]:
    """Middles worth a look: those that have one of the heads just inside, or just outside, one of the part's edges."""
    across, down = [wish.x], [wish.y]
    for head in heads:
        left, right = head.left - _MARGIN, head.right + _MARGIN
        across += (left + half_x, right - half_x, right + half_x, left - half_x)
        down += (head.top - _HEADROOM + half_y, head.bottom - half_y)
    return product(
        sorted({min(max(x, half_x), 1 - half_x) for x in across}),
        sorted({min(max(y, half_y), 1 - half_y) for y in down}),
    )


def _cut(left: float, top: float, right: float, bottom: float, heads: Sequence[Head], *, closer: bool) -> float:
    """How much of the heads a part leaves out, the nearest one counting double."""
    cut = 0.0
    for number, head in enumerate(heads):
        # Where the picture itself cuts somebody, no framing can help.
        west, east = max(head.left - _MARGIN, 0.0), min(head.right + _MARGIN, 1.0)
        north, south = max(head.top - _HEADROOM, 0.0), min(head.bottom, 1.0)
        wide = max(0.0, min(east, right) - max(west, left))
        tall = max(0.0, min(south, bottom) - max(north, top))
        lost = 1 - wide * tall / max((east - west) * (south - north), 1e-9)
        if number == 0 or not closer or lost < 1:
            cut += lost * (2 if number == 0 else 1)
    return cut
