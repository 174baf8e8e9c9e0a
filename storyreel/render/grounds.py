"""What fills a frame round a picture of another shape: one colour, or the picture itself, blurred and darkened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyreel.render.colour import BLACK, dithered
from storyreel.render.motion import Box, Size, Window, place
from storyreel.render.overlay import Planes
from storyreel.timeline.model import Rect

if TYPE_CHECKING:
    from storyreel.render.stills import Master

DARKENED = 0.55
"""How much of a blurred ground's light is left."""

_SMALL_ROWS = 72
_SIGMA_ROWS = 2.6  # of the small copy: 39 px of a frame 1080 px high


@dataclass(frozen=True, slots=True)
class Ground:
    """A frame's planes, to be copied under a picture."""

    planes: Planes

    @property
    def size_bytes(self) -> int:
        """The memory its planes take."""
        return sum(plane.nbytes for plane in self.planes)


def blurred_ground(master: Master, size: Size) -> Ground:
    """A picture cut to the frame's shape, blurred and darkened.

    It is blurred on a small copy, which cannot be told from blurring the large one, and rounded with noise once it has
    its size, so that it shows no steps.

    Args:
        master: the picture.
        size: (width, height) of the frame, pixels.
    """
    import cv2
    import numpy as np

    from storyreel.render.frames import empty_planes, sample

    width, height = size
    rows = min(_SMALL_ROWS, height)
    small = (2 * max(1, round(width * rows / height / 2)), 2 * max(1, rows // 2))
    # Sampled four times as fine as needed and then averaged, so that detail does not turn into spots.
    fine = (4 * small[0], 4 * small[1])
    whole, cut = empty_planes(*fine), place(Rect(), master.size, size)
    sample(master, Window(cut.left_px, cut.top_px, cut.scale * height / fine[1]), whole)
    planes = []
    for seed, (plane, black) in enumerate(zip(whole, BLACK, strict=True)):
        half = 2 if seed else 1
        copy = cv2.resize(plane, (small[0] // half, small[1] // half), interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(copy.astype(np.float32), (0, 0), _SIGMA_ROWS / half, borderType=cv2.BORDER_REFLECT)
        soft = (soft - black) * DARKENED + black
        # So soft a copy has no corners between its samples that linear interpolation could show.
        large = cv2.resize(soft, (width // half, height // half), interpolation=cv2.INTER_LINEAR)
        planes.append(dithered(np.asarray(large, np.float32), seed))
    y, u, v = planes
    return Ground((y, u, v))


def inside(planes: Planes, box: Box) -> Planes:
    """The box's part of a frame's planes, which share their memory."""
    y, u, v = (
        plane[
            box.y_px // half : (box.y_px + box.height_px) // half, box.x_px // half : (box.x_px + box.width_px) // half
        ]
        for plane, half in zip(planes, (1, 2, 2), strict=True)
    )
    return y, u, v
