"""The film's colours: 4:2:0 planes in BT.709 limited range, made from sRGB or from other Y'CbCr.

ITU-R BT.709-6: Y = 0.2126 R + 0.7152 G + 0.0722 B on gamma-coded values, scaled to 16..235, chroma to 16..240. Rounding
to 8 bits is dithered with noise wherever a picture stands still, so that smooth gradients do not turn into steps.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from storyreel.render.overlay import Planes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Plane = NDArray[np.uint8]

Colour = tuple[int, int, int]
BLACK: Colour = (16, 128, 128)
WHITE: Colour = (235, 128, 128)

BT709 = (0.2126, 0.0722)
BT601 = (0.299, 0.114)
FCC = (0.30, 0.11)
SMPTE_240M = (0.212, 0.087)
BT2020 = (0.2627, 0.0593)

_STRIP_ROWS = 256


def planes_of(rgb: NDArray[np.uint8]) -> Planes:
    """Turn (h, w, 3) sRGB with even h and w into BT.709 limited planes: (h, w) luma and two (h / 2, w / 2) chromas.

    A chroma sample is the mean of its four pixels, and lies in their middle.
    """
    import cv2
    import numpy as np

    height, width = rgb.shape[:2]
    luma = np.empty((height, width), np.uint8)
    blue, red = (np.empty((height // 2, width // 2), np.uint8) for _ in range(2))
    luma_of, blue_of, red_of = _from_rgb()
    for top in range(0, height, _STRIP_ROWS):
        strip = rgb[top : top + _STRIP_ROWS]
        rows = strip.shape[0]
        y = cv2.transform(strip.astype(np.float32), luma_of)
        luma[top : top + rows] = y + _noise(rows, width, 0)
        small = cv2.resize(strip, (width // 2, rows // 2), interpolation=cv2.INTER_AREA).astype(np.float32)
        for plane, row, seed in ((blue, blue_of, 1), (red, red_of, 2)):
            plane[top // 2 : (top + rows) // 2] = cv2.transform(small, row) + _noise(rows // 2, width // 2, seed)
    return luma, blue, red


def colour_of(code: str) -> Colour:
    """An sRGB colour like "#ff8000" as Y, Cb, Cr."""
    red, green, blue = rgb_of(code)
    y, u, v = (round(float(row[0] @ (red, green, blue, 1))) for row in _from_rgb())
    return y, u, v


def rgb_of(code: str) -> Colour:
    """An sRGB colour like "#ff8000" as 8-bit R, G, B."""
    red, green, blue = bytes.fromhex(code[1:])
    return red, green, blue


def to_bt709(planes: Planes, weights: tuple[float, float], full_range: bool) -> Planes:
    """Bring 4:2:0 planes of another Y'CbCr to BT.709 limited range, the place of their chroma samples unchanged.

    Grey stays grey from one matrix to another, so the new chroma needs the old chroma alone, and only luma asks for
    chroma between its samples. The primaries are taken as they are.

    Args:
        planes: (h, w) luma and two chromas of half its sides, rounded up.
        weights: the share of red and of blue in the source's luma, such as `BT601`.
        full_range: whether the source uses 0..255 instead of 16..235 and 16..240.
    """
    import cv2
    import numpy as np

    if weights == BT709 and not full_range:
        return planes
    base, luma_span, chroma_span = (0, 255, 255) if full_range else (16, 219, 224)
    luma_table = np.clip(np.rint(16 + (np.arange(256) - base) * 219 / luma_span), 0, 255).astype(np.uint8)
    if weights == BT709:
        chroma_table = np.clip(np.rint(128 + (np.arange(256) - 128) * 224 / 255), 0, 255).astype(np.uint8)
        y, u, v = (
            np.asarray(cv2.LUT(plane, table), np.uint8)
            for plane, table in zip(planes, (luma_table, chroma_table, chroma_table), strict=True)
        )
        return y, u, v
    across = _rows(BT709) @ np.linalg.inv(_rows(weights))
    # From the source's chroma samples: what luma gains, and both new chromas, all in levels.
    scale = np.array([[219.0], [224.0], [224.0]]) / chroma_span
    mixed = across[:, 1:] * scale
    offset = np.array([[0.0], [128.0], [128.0]]) - mixed.sum(axis=1, keepdims=True) * 128
    made = cv2.transform(cv2.merge(planes[1:]).astype(np.float32), np.hstack([mixed, offset]).astype(np.float32))
    height, width = planes[0].shape
    rows, columns = planes[1].shape
    gain = cv2.resize(np.ascontiguousarray(made[..., 0]), (2 * columns, 2 * rows), interpolation=cv2.INTER_LINEAR)
    gain = gain[:height, :width]
    luma = planes[0].astype(np.float32)
    luma = (luma - base) * np.float32(219 / luma_span) + 16 + gain
    y, u, v = (np.clip(np.rint(plane), 0, 255).astype(np.uint8) for plane in (luma, made[..., 1], made[..., 2]))
    return y, u, v


def dithered(plane: NDArray[np.float32], seed: int) -> Plane:
    """A plane of levels from 0 to 255 rounded to whole ones at random, so that their mean is kept."""
    import numpy as np

    rows, columns = plane.shape
    rounded = np.empty((rows, columns), np.uint8)
    for top in range(0, rows, _STRIP_ROWS):
        strip = plane[top : top + _STRIP_ROWS]
        rounded[top : top + _STRIP_ROWS] = strip + _noise(strip.shape[0], columns, seed)
    return rounded


def _rows(weights: tuple[float, float]) -> NDArray[np.float64]:
    """The 3 x 3 matrix from R, G, B (0 to 1) to Y (0 to 1), Cb and Cr (-1/2 to 1/2)."""
    import numpy as np

    kr, kb = weights
    luma = np.array([kr, 1 - kr - kb, kb])
    blue = (np.array([0.0, 0.0, 1.0]) - luma) / (2 * (1 - kb))
    red = (np.array([1.0, 0.0, 0.0]) - luma) / (2 * (1 - kr))
    return np.stack([luma, blue, red])


@cache
def _from_rgb() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The rows that turn 8-bit R, G, B and 1 into limited-range Y, Cb and Cr (BT.709-6, items 3.2 to 3.4)."""
    import numpy as np

    rows = [
        np.append(row * span / 255, base)
        for row, span, base in zip(_rows(BT709), (219, 224, 224), (16, 128, 128), strict=True)
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
