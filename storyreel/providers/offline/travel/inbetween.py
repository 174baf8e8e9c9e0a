"""What lies between two pictures of which nothing is known: every part of the one is moved to where it is in the other.

Dense motion both ways (DIS: Kroeger et al., "Fast Optical Flow using Dense Inverse Search", 2016), brought to the
moment asked for as in Jiang et al., "Super SloMo" (2018), 3.2, and both pictures moved along it. Where only one of them
shows a place, that one is taken; a mixture stays only where neither motion can be trusted.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
FloatArray = NDArray[np.float32]

_LONGEST_SIDE_PX = 640  # of the pictures in which motion is looked for


class InBetween:
    """The way from one picture to another of the same shape (height, width, 3), uint8 RGB."""

    def __init__(self, first: Pixels, last: Pixels) -> None:
        self._first, self._last = first, last
        height, width = first.shape[:2]
        scale = min(1.0, _LONGEST_SIDE_PX / max(height, width))
        size = max(16, round(width * scale)), max(16, round(height * scale))
        one, other = (
            np.asarray(cv2.cvtColor(cv2.resize(each, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY), np.uint8)
            for each in (first, last)
        )
        there, back = _motion(one, other), _motion(other, one)
        self._there, self._back = there, back
        # Where going there and back does not lead home, what is seen in one picture is hidden in the other.
        self._seen_first, self._seen_last = _led_home(there, back), _led_home(back, there)
        self._grid = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))

    def at(self, share: float) -> Pixels:
        """The picture a share of the way, 0 the first and 1 the last, exactly."""
        if share <= 0.0:
            return self._first
        if share >= 1.0:
            return self._last
        t = np.float32(share)
        to_first = -(1 - t) * t * self._there + t * t * self._back
        to_last = (1 - t) * (1 - t) * self._there - t * (1 - t) * self._back
        height, width = self._first.shape[:2]
        from_first, seen_first = self._moved(self._first, self._seen_first, to_first)
        from_last, seen_last = self._moved(self._last, self._seen_last, to_last)
        one, other = (1 - t) * (seen_first + 1e-3), t * (seen_last + 1e-3)
        # A mixture of two sharp pictures is soft: the nearer one leads wherever they agree on nothing.
        weight = one / (one + other)
        trust = np.minimum(seen_first, seen_last)
        lead = np.clip((weight - 0.5) * 4 + 0.5, 0, 1)
        weight = np.ascontiguousarray(trust * weight + (1 - trust) * lead, np.float32)
        weight = np.asarray(cv2.resize(weight, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
        return np.asarray(cv2.blendLinear(from_first, from_last, weight, 1 - weight), np.uint8)

    def _moved(self, picture: Pixels, seen: FloatArray, motion: FloatArray) -> tuple[Pixels, FloatArray]:
        height, width = picture.shape[:2]
        high, wide = motion.shape[:2]
        full = cv2.resize(motion, (width, height), interpolation=cv2.INTER_LINEAR)
        x = self._grid[0] + full[..., 0] * np.float32(width / wide)
        y = self._grid[1] + full[..., 1] * np.float32(height / high)
        moved = cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        small_x, small_y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
        known = cv2.remap(
            seen, small_x + motion[..., 0], small_y + motion[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
        )  # fmt: skip
        return np.asarray(moved, np.uint8), np.asarray(known, np.float32)


def _motion(one: Pixels, other: Pixels) -> FloatArray:
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    finder.setFinestScale(1)
    motion = np.asarray(finder.calc(one, other, np.zeros((*one.shape, 2), np.float32)), np.float32)
    return np.asarray(
        np.stack([cv2.medianBlur(np.ascontiguousarray(motion[..., k]), 5) for k in (0, 1)], axis=2), np.float32
    )


def _led_home(there: FloatArray, back: FloatArray) -> FloatArray:
    """How far going there and then back ends where it began: 1 there, 0 three pixels off or more."""
    high, wide = there.shape[:2]
    x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    x2, y2 = x + there[..., 0], y + there[..., 1]
    returned = cv2.remap(back, x2, y2, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    off = np.linalg.norm(there + returned, axis=2)
    inside = (x2 >= 0) & (x2 <= wide - 1) & (y2 >= 0) & (y2 <= high - 1)
    home = np.clip(1.5 - off / 2.0, 0, 1) * inside
    return np.asarray(cv2.GaussianBlur(home.astype(np.float32), (0, 0), 1.5), np.float32)
