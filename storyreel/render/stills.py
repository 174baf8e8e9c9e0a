"""Still pictures made ready for sampling: decoded once, as planes of the film's own colour format.

A `Master` is 4:2:0 in BT.709 limited range (ITU-R BT.709-6: Y = 0.2126 R + 0.7152 G + 0.0722 B on gamma-coded values,
scaled to 16..235 and 16..240). Its chroma samples lie in the middle of their four luma samples; the sampler moves them
to where H.264 expects them. Rounding to 8 bits is dithered with noise, so smooth gradients do not turn into steps.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.errors import RenderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Plane = NDArray[np.uint8]

MARGIN_PX = 128
"""Plane pixels repeated round a master's edges, so that sampling may start outside the picture."""

LARGEST_PIXELS = 64_000_000
_LARGE_PIXELS = 16_000_000
_ONE_LARGE_AT_A_TIME = threading.Lock()
_UNEVEN = (1.381966, 1.618034, 2.381966, 2.618034)  # whole numbers next to the golden section
_STRIP_ROWS = 256
_KR, _KB = 0.2126, 0.0722


@dataclass(frozen=True, slots=True)
class Master:
    """A picture as planes.

    Attributes:
        planes: luma, then both chromas, uint8, each with `MARGIN_PX` more on every side.
        width_px, height_px: of the picture it was made from.
        luma_scale, chroma_scale: (across, down) samples for one picture pixel.
    """

    planes: tuple[Plane, Plane, Plane]
    width_px: int
    height_px: int
    luma_scale: tuple[float, float]
    chroma_scale: tuple[float, float]

    @property
    def size_bytes(self) -> int:
        """The memory its planes take."""
        return sum(plane.nbytes for plane in self.planes)


class Masters:
    """The masters in use, shared between threads; the least recently used go when they outgrow `limit_bytes`."""

    def __init__(self, limit_bytes: int = 80 * 2**20) -> None:
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._made: OrderedDict[object, Master] = OrderedDict()
        self._making: dict[object, threading.Lock] = {}

    def get(self, key: object, make: Callable[[], Master]) -> Master:
        """The master called `key`; made by the first thread that asks, while the others wait for it."""
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                master = self._made.get(key)
                if master is not None:
                    self._made.move_to_end(key)
                    return master
            master = make()
            with self._lock:
                self._made[key] = master
                held = sum(kept.size_bytes for kept in self._made.values())
                while held > self._limit_bytes and len(self._made) > 1:
                    held -= self._made.popitem(last=False)[1].size_bytes
                self._making.pop(key, None)
            return master

    def clear(self) -> None:
        """Let go of every master."""
        with self._lock:
            self._made.clear()


def master_scales(smallest: float, largest: float) -> tuple[float, float]:
    """How to resize a picture before sampling it linearly: (shrink by Lanczos, then grow by cubic).

    A shrink to 1.5 picture pixels a frame pixel keeps detail from shimmering; a doubling makes linear sampling as
    sharp between pixels as on them (at scale 1 it would pulse by 8 % in sharpness). A camera that moves without zooming
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
    grow = max(2.0, 1.0 / tightest) if tightest <= 1.25 else 1.0
    return shrink, grow


def still_size(path: Path) -> tuple[int, int]:
    """A picture's (width, height) as shown, pixels, without decoding it.

    Raises:
        RenderError: it cannot be read.
    """
    with _opened(path) as image:
        width, height = image.size
        # Asking a PNG for EXIF data would decode it whole, to look behind the pixels.
        turned = (image.format != "PNG" or "exif" in image.info) and image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (height, width) if turned else (width, height)


def load_master(path: Path, shrink: float, grow: float) -> Master:
    """Decode a picture into a master.

    Args:
        path: a picture in any format and mode Pillow reads; transparent parts are put over black.
        shrink, grow: see `master_scales`.

    Raises:
        RenderError: it cannot be read, is damaged, or has more than 64 million pixels.
    """
    import numpy as np

    with _opened(path) as image:
        large = image.size[0] * image.size[1] > _LARGE_PIXELS
        with _ONE_LARGE_AT_A_TIME if large else nullcontext():
            rgb, (width, height) = _decode(image, shrink)
    pad = ((0, rgb.shape[0] % 2), (0, rgb.shape[1] % 2), (0, 0))
    if pad[0][1] or pad[1][1]:
        rgb = np.pad(rgb, pad, mode="edge")
    shown_width, shown_height = rgb.shape[1] - pad[1][1], rgb.shape[0] - pad[0][1]
    planes = planes_of(rgb)
    shown = shown_width / width, shown_height / height
    luma, luma_growth = _grown(planes[0], grow)
    # The eye sees no shimmer in colour, so chroma is not doubled: it would cost memory and time for nothing.
    blue, chroma_growth = _grown(planes[1], grow / 2)
    red, _ = _grown(planes[2], grow / 2)
    return Master(
        with_margin((luma, blue, red)),
        width,
        height,
        (shown[0] * luma_growth[0], shown[1] * luma_growth[1]),
        (shown[0] * chroma_growth[0] / 2, shown[1] * chroma_growth[1] / 2),
    )


def planes_of(rgb: NDArray[np.uint8]) -> tuple[Plane, Plane, Plane]:
    """Turn (h, w, 3) sRGB with even h and w into BT.709 limited planes: (h, w) luma and two (h / 2, w / 2) chromas."""
    import cv2
    import numpy as np

    height, width = rgb.shape[:2]
    luma = np.empty((height, width), np.uint8)
    blue, red = (np.empty((height // 2, width // 2), np.uint8) for _ in range(2))
    luma_of, blue_of, red_of = _weights()
    for top in range(0, height, _STRIP_ROWS):
        strip = rgb[top : top + _STRIP_ROWS]
        rows = strip.shape[0]
        y = cv2.transform(strip.astype(np.float32), luma_of)
        luma[top : top + rows] = y + _noise(rows, width, 0)
        small = cv2.resize(strip, (width // 2, rows // 2), interpolation=cv2.INTER_AREA).astype(np.float32)
        for plane, row, seed in ((blue, blue_of, 1), (red, red_of, 2)):
            plane[top // 2 : (top + rows) // 2] = cv2.transform(small, row) + _noise(rows // 2, width // 2, seed)
    return luma, blue, red


def with_margin(planes: tuple[Plane, Plane, Plane]) -> tuple[Plane, Plane, Plane]:
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


@cache
def _weights() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The rows that turn 8-bit R, G, B and 1 into limited-range Y, Cb and Cr (BT.709-6, items 3.2 to 3.4)."""
    import numpy as np

    luma = np.array([_KR, 1 - _KR - _KB, _KB])
    blue = (np.array([0.0, 0.0, 1.0]) - luma) / (2 * (1 - _KB))
    red = (np.array([1.0, 0.0, 0.0]) - luma) / (2 * (1 - _KR))
    rows = [
        np.append(row * span / 255, base) for row, span, base in ((luma, 219, 16), (blue, 224, 128), (red, 224, 128))
    ]
    y, u, v = (np.asarray(row[np.newaxis], np.float32) for row in rows)
    return y, u, v


@cache
def _noise_tile(seed: int) -> NDArray[np.float32]:
    """Noise from 0 to 1 that turns cutting off fractions into dithered rounding; whole values stay what they are.

    It keeps clear of 0 and 1, since a whole value may have lost or gained a little in single precision.
    """
    import numpy as np

    return np.random.default_rng(seed).uniform(0.002, 0.998, (_STRIP_ROWS, 512)).astype(np.float32)


def _noise(rows: int, columns: int, seed: int) -> NDArray[np.float32]:
    import numpy as np

    tile = _noise_tile(seed)
    return np.tile(tile, (1, -(-columns // tile.shape[1])))[:rows, :columns]


class _opened:  # noqa: N801 (used like a function)
    """Open a picture with Pillow; whatever goes wrong inside is told as a RenderError that names the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._image: Any = None

    def __enter__(self) -> Any:
        import warnings

        from PIL import Image

        with warnings.catch_warnings():
            # Our own limit below is the tighter one, and it stops the run instead of warning.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            try:
                self._image = Image.open(self._path)
            except Exception as error:
                self._raise(error)
        width, height = self._image.size
        if width * height > LARGEST_PIXELS:
            self._image.close()
            raise RenderError(
                f"the picture {self._path.name} has {width} x {height} pixels, more than "
                f"{LARGEST_PIXELS // 1_000_000} million: make it smaller"
            )
        return self._image

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._image is not None:
            self._image.close()
        if isinstance(error, Exception) and not isinstance(error, RenderError):
            self._raise(error)

    def _raise(self, error: Exception) -> None:
        if isinstance(error, FileNotFoundError):
            raise RenderError(f"the picture {self._path.name} is missing: make or choose it again") from error
        raise RenderError(
            f"the picture {self._path.name} cannot be read ({error}): replace it with another file"
        ) from error


def _decode(image: Any, shrink: float) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """The picture's pixels (h, w, 3), shrunk, and its full (width, height) as shown."""
    import numpy as np
    from PIL import Image, ImageOps

    full = image.size
    if shrink < 1.0 and image.format == "JPEG":
        # Lets the JPEG decoder throw away what the shrink would; it stays at least twice as large as needed.
        image.draft(None, (int(full[0] * shrink * 2), int(full[1] * shrink * 2)))
    if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):
        full = (full[1], full[0])
    shown = ImageOps.exif_transpose(image)
    reduction = int(min(shown.size[0] / full[0], shown.size[1] / full[1]) / (2 * shrink))
    if reduction > 1 and shown.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        # A plain average down to twice the size wanted: far less memory for the steps after it.
        shown = shown.reduce(reduction)
    rgb = _to_rgb(shown)
    target = (max(1, round(full[0] * shrink)), max(1, round(full[1] * shrink)))
    if rgb.size != target:
        rgb = rgb.resize(target, Image.Resampling.LANCZOS)
    return np.asarray(rgb, np.uint8), full


def _to_rgb(image: Any) -> Any:
    import numpy as np
    from PIL import Image

    if image.mode == "LAB" or "icc_profile" in image.info:
        image = _in_srgb(image)
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        # Pillow's own conversion cuts deep greys off at 255 instead of scaling them.
        deep = np.asarray(image, np.float64)
        top = 65535.0 if deep.max(initial=0.0) > 255.0 else 255.0
        return Image.fromarray(np.clip(np.rint(deep * (255.0 / top)), 0, 255).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        coloured = image.convert("RGBA")
        black = Image.new("RGBA", coloured.size, (0, 0, 0, 255))
        return Image.alpha_composite(black, coloured).convert("RGB")
    return image.convert("RGB")


def _in_srgb(image: Any) -> Any:
    """The picture in sRGB, if it carries another colour profile or is kept as CIELAB."""
    from io import BytesIO

    from PIL import ImageCms

    embedded = image.info.get("icc_profile")
    if image.mode != "LAB" and not (embedded and image.mode in ("RGB", "RGBA", "CMYK")):
        return image
    try:
        if image.mode == "LAB":
            profile: Any = ImageCms.createProfile("LAB")
        else:
            profile = ImageCms.getOpenProfile(BytesIO(embedded))
            if "sRGB" in ImageCms.getProfileDescription(profile):
                return image
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return image  # a profile that cannot be read is left out, as every viewer does
