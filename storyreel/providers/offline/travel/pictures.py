"""Encoded pictures as pixels and back, and whether two show the same."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.errors import ProviderRefused

Pixels = NDArray[np.uint8]

_LIKE_SIZE = (96, 54)
_LIKE_STEPS = 9.0


def decoded(picture: bytes, by: str) -> Pixels:
    """An encoded picture as uint8 RGB, shape (height, width, 3).

    Raises:
        ProviderRefused: the bytes are no picture; `by` is who refuses.
    """
    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR) if picture else None
    if pixels is None:
        raise ProviderRefused(by, "the picture given to go on from cannot be read: make or choose it again")
    return np.asarray(pixels[..., ::-1], np.uint8)


def encoded(rgb: Pixels) -> bytes:
    """Pixels as PNG."""
    done, data = cv2.imencode(".png", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    assert done
    return data.tobytes()


def fitted(rgb: Pixels, width_px: int, height_px: int) -> Pixels:
    """A picture in another size; of another shape, its middle is taken."""
    height, width = rgb.shape[:2]
    if (width, height) == (width_px, height_px):
        return rgb
    scale = max(width_px / width, height_px / height)
    keep_w, keep_h = min(width, round(width_px / scale)), min(height, round(height_px / scale))
    left, top = (width - keep_w) // 2, (height - keep_h) // 2
    part = np.ascontiguousarray(rgb[top : top + keep_h, left : left + keep_w])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, (width_px, height_px), interpolation=how), np.uint8)


def alike(one: Pixels, other: Pixels) -> bool:
    """Whether two pictures show the same, but for their size, their grain and how they were encoded."""
    small = [cv2.resize(each, _LIKE_SIZE, interpolation=cv2.INTER_AREA).astype(np.float32) for each in (one, other)]
    return float(np.abs(small[0] - small[1]).mean()) < _LIKE_STEPS
