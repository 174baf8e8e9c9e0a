"""Still pictures made ready for sampling: decoded once, as planes of the film's own colour format.

A `Master` is 4:2:0 in BT.709 limited range. A still's chroma samples lie in the middle of their four luma samples; the
sampler moves them to where H.264 expects them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol, TypeVar

from storyreel.render.colour import planes_of
from storyreel.render.overlay import Planes
from storyreel.render.picture_files import decode_still

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Plane = NDArray[np.uint8]

MARGIN_PX = 128
"""Plane pixels repeated round a master's edges, so that sampling may start outside the picture."""

LARGEST_SAMPLES = 40_000_000
"""How many luma samples a picture is made larger to at most: a panorama would take all memory otherwise."""

_GROWTH = 1.58
_ONE_AT_A_TIME = Lock()
"""A picture takes several times its master's memory while it is made, so two are never made at once."""
_UNEVEN = (1.381966, 1.618034, 2.381966, 2.618034)  # whole numbers next to the golden section


@dataclass(frozen=True, slots=True, eq=False)
class Master:
    """A picture as planes.

    Attributes:
        planes: luma, then both chromas, uint8, each with `MARGIN_PX` more on every side.
        width_px, height_px: of the picture it was made from, as shown.
        luma_scale, chroma_scale: (across, down) samples for one picture pixel.
        chroma_shift_px: how far right and down of the middle of their luma samples the chroma samples lie, in picture
            pixels; most video has them level with the left column.
    """

    planes: Planes
    width_px: int
    height_px: int
    luma_scale: tuple[float, float]
    chroma_scale: tuple[float, float]
    chroma_shift_px: tuple[float, float] = (0.0, 0.0)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the picture, pixels."""
        return self.width_px, self.height_px

    @property
    def size_bytes(self) -> int:
        """The memory its planes take."""
        return sum(plane.nbytes for plane in self.planes)


class Kept(Protocol):
    """What `Masters` can keep."""

    @property
    def size_bytes(self) -> int:
        """The memory it takes."""
        ...


K = TypeVar("K", bound=Kept)


class Masters:
    """The pictures in use, shared between threads; the least recently used go when they outgrow `limit_bytes`."""

    def __init__(self, limit_bytes: int = 64 * 2**20) -> None:
        self._limit_bytes = limit_bytes
        self._lock = Lock()
        self._made: OrderedDict[object, Kept] = OrderedDict()
        self._making: dict[object, Lock] = {}

    def get(self, kind: type[K], key: object, make: Callable[[], K]) -> K:
        """What is called `key` among its kind; made by the first thread that asks, while the others wait for it."""
        name = (kind, key)
        with self._lock:
            turn = self._making.setdefault(name, Lock())
        with turn:
            with self._lock:
                kept = self._made.get(name)
                if isinstance(kept, kind):
                    self._made.move_to_end(name)
                    return kept
            made = make()
            with self._lock:
                self._made[name] = made
                held = sum(kept.size_bytes for kept in self._made.values())
                while held > self._limit_bytes and len(self._made) > 1:
                    held -= self._made.popitem(last=False)[1].size_bytes
                self._making.pop(name, None)
            return made

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._made.clear()


def master_scales(smallest: float, largest: float) -> tuple[float, float]:
    """How to resize a picture before sampling it linearly: (shrink by Lanczos, then grow by cubic).

    A shrink to 1.5 picture pixels a frame pixel keeps detail from shimmering; growing makes linear sampling as sharp
    between pixels as on them (at scale 1 it would pulse by 8 % in sharpness). Of the factors from 1.5 to 2, `_GROWTH`
    pulses least, and leaves the fewest frames of common zooms to the affine warp. A camera that moves without zooming
    gets a scale far from every simple fraction, so that the grid resize finds a whole pixel to start from.

    Args:
        smallest, largest: picture pixels one frame pixel spans, at the move's tightest and widest.
    """
    if smallest > 0.999 * largest:
        if largest >= 1.37:
            return min(1.0, _UNEVEN[0] / largest), 1.0
        return 1.0, next(scale for scale in _UNEVEN if scale >= max(1.9 * smallest, 1.0)) / smallest
    shrink = 1.5 / largest if largest >= 1.5 else 1.0
    tightest = smallest * shrink
    grow = max(_GROWTH, 1.0 / tightest) if tightest <= 1.25 else 1.0
    return shrink, grow


def load_master(path: Path, shrink: float, grow: float, behind: tuple[int, int, int] = (0, 0, 0)) -> Master:
    """Decode a picture into a master.

    Args:
        path: a picture of any format, size and mode that `picture_files` reads.
        shrink, grow: see `master_scales`; a picture is never grown beyond `LARGEST_SAMPLES`.
        behind: R, G, B that show through where it is transparent.

    Raises:
        RenderError: it cannot be read, is damaged, or has more than 64 million pixels.
    """
    with _ONE_AT_A_TIME:
        return _made(path, shrink, grow, behind)


def _made(path: Path, shrink: float, grow: float, behind: tuple[int, int, int]) -> Master:
    import numpy as np

    rgb, (width, height) = decode_still(path, shrink, behind)
    pad = ((0, rgb.shape[0] % 2), (0, rgb.shape[1] % 2), (0, 0))
    if pad[0][1] or pad[1][1]:
        rgb = np.pad(rgb, pad, mode="edge")
    shown_width, shown_height = rgb.shape[1] - pad[1][1], rgb.shape[0] - pad[0][1]
    grow = min(grow, max(1.0, sqrt(LARGEST_SAMPLES / (rgb.shape[0] * rgb.shape[1]))))
    planes = planes_of(rgb)
    del rgb
    shown = shown_width / width, shown_height / height
    luma, luma_growth = _grown(planes[0], grow)
    # The eye sees no shimmer in colour, so chroma is not made larger: it would cost memory and time for nothing.
    blue, chroma_growth = _grown(planes[1], grow / 2)
    red, _ = _grown(planes[2], grow / 2)
    return Master(
        with_margin((luma, blue, red)),
        width,
        height,
        (shown[0] * luma_growth[0], shown[1] * luma_growth[1]),
        (shown[0] * chroma_growth[0] / 2, shown[1] * chroma_growth[1] / 2),
    )


def with_margin(planes: Planes) -> Planes:
    """Planes with their edge pixels repeated outwards by `MARGIN_PX`."""
    import cv2
    import numpy as np

    m = MARGIN_PX
    y, u, v = (np.asarray(cv2.copyMakeBorder(p, m, m, m, m, cv2.BORDER_REPLICATE), np.uint8) for p in planes)
    return y, u, v


def _grown(plane: Plane, factor: float) -> tuple[Plane, tuple[float, float]]:
    """A plane made larger by cubic interpolation, and by how much exactly; never smaller."""
    import cv2
    import numpy as np

    height, width = plane.shape
    if factor <= 1.0:
        return plane, (1.0, 1.0)
    size = round(width * factor), round(height * factor)
    large = np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    return large, (size[0] / width, size[1] / height)
