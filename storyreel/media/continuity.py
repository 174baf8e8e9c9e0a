"""How unbroken a flow is: whether clips begin on the picture the one before ended on, and how far colours wander."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from storyreel.errors import CorruptFile
from storyreel.media.container import open_media

_BINS = 8
_LIKE_SIZE = (160, 90)

Pixels = NDArray[np.uint8]


class Joint(BaseModel, frozen=True, extra="forbid"):
    """Where one segment goes over into the next.

    Attributes:
        before: the number of the segment before it, from 1.
        psnr_db: between the last picture of the clip before and the first one of the clip after, as decoded; the more
            the likelier, from about 30 nobody sees a difference.
        palette_distance: between the film's first picture and this one, 0 for the same colours to 1 for none in common.
    """

    before: int
    psnr_db: float
    palette_distance: float


def joints(clips: Sequence[Path]) -> tuple[Joint, ...]:
    """Measure every place where one clip goes over into the next.

    Raises:
        CorruptFile: a clip cannot be read.
    """
    ends = [ends_of(clip) for clip in clips]
    return tuple(
        Joint(
            before=number,
            psnr_db=round(psnr_db(before[1], after[0]), 2),
            palette_distance=round(palette_distance(ends[0][0], after[0]), 4),
        )
        for number, (before, after) in enumerate(pairwise(ends), 1)
    )


def ends_of(clip: Path) -> tuple[Pixels, Pixels]:
    """A clip's first and last picture, uint8 RGB.

    Raises:
        CorruptFile: it cannot be read, or holds no pictures.
    """
    import av

    first = last = None
    try:
        with open_media(clip) as container:
            for picture in container.decode(video=0):
                first, last = first or picture, picture
            if first is None or last is None:
                raise CorruptFile(f"{clip} holds no pictures: make it again")
            one, other = (np.asarray(picture.to_ndarray(format="rgb24"), np.uint8) for picture in (first, last))
            return one, other
    except (av.FFmpegError, IndexError) as error:
        raise CorruptFile(f"{clip} cannot be read: make it again") from error


def psnr_db(one: Pixels, other: Pixels) -> float:
    """Peak signal to noise ratio of two pictures of one shape, dB; 100 for equal ones."""
    error = float(np.mean(np.square(one.astype(np.float64) - other.astype(np.float64))))
    return min(100.0, 10.0 * float(np.log10(255.0**2 / error))) if error else 100.0


def palette_distance(one: Pixels, other: Pixels) -> float:
    """Hellinger distance of two pictures' colours in L*a*b*, 8 steps each way: 0 the same, 1 none in common."""
    first, second = (_colours(picture) for picture in (one, other))
    return float(np.sqrt(max(0.0, 1.0 - float(np.sqrt(first * second).sum()))))


def _colours(picture: Pixels) -> NDArray[np.float64]:
    import cv2

    small = cv2.cvtColor(cv2.resize(picture, _LIKE_SIZE, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2LAB)
    counts = cv2.calcHist([small], [0, 1, 2], None, [_BINS] * 3, [0, 256] * 3).astype(np.float64)
    # Neighbouring steps count as nearly the same colour, as they do to the eye.
    for axis in range(3):
        counts = counts + 0.5 * (np.roll(counts, 1, axis) + np.roll(counts, -1, axis))
    return np.asarray(counts / counts.sum(), np.float64)
