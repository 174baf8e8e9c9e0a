"""Colours: sRGB triples in 0..1 outside, OKLab inside wherever two colours are mixed.

OKLab is Björn Ottosson's space (2020, "A perceptual color space for image processing"): mixes keep their hue and an even
step looks even, so skies made in it do not turn grey or muddy between two stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

# In practice float32; what NumPy's types say of mixed arithmetic is wider.
Array = NDArray[np.floating[Any]]
Colour = tuple[float, float, float]

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_FROM_LMS = np.linalg.inv(_TO_LMS).astype(np.float32)
_FROM_LAB = np.linalg.inv(_TO_LAB).astype(np.float32)


def parse(text: str) -> Colour:
    """An "#rrggbb" as a triple in 0..1; ValueError when it is not one."""
    digits = text.strip().lstrip("#")
    if len(digits) == 3:
        digits = "".join(d * 2 for d in digits)
    if len(digits) != 6:
        raise ValueError(f"{text!r} is not a colour of the form #rrggbb")
    return (int(digits[0:2], 16) / 255, int(digits[2:4], 16) / 255, int(digits[4:6], 16) / 255)


def hexed(colour: Sequence[float]) -> str:
    """A triple in 0..1 as "#rrggbb"."""
    return "#" + "".join(f"{round(min(1.0, max(0.0, float(c))) * 255):02x}" for c in colour)


def to_oklab(rgb: Array) -> Array:
    """sRGB in 0..1, shape (..., 3), to OKLab of the same shape."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((np.maximum(rgb, 0.0) + 0.055) / 1.055) ** 2.4).astype(np.float32)
    lms = np.cbrt(linear @ _TO_LMS.T)
    return np.asarray(lms @ _TO_LAB.T, dtype=np.float32)


def from_oklab(lab: Array) -> Array:
    """OKLab, shape (..., 3), to sRGB clipped to 0..1."""
    lms = (lab @ _FROM_LAB.T) ** 3
    linear = np.clip(lms @ _FROM_LMS.T, 0.0, 1.0)
    rgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(rgb, dtype=np.float32)


def lab(colour: Colour) -> Array:
    """One colour in OKLab, shape (3,)."""
    return to_oklab(np.array(colour, np.float32))


def triple(rgb: Array) -> Colour:
    """An array of three as a colour."""
    return (float(rgb[0]), float(rgb[1]), float(rgb[2]))


@lru_cache(maxsize=8192)
def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of b in a, mixed in OKLab."""
    share = min(1.0, max(0.0, share))
    return triple(from_oklab(lab(a) * (1 - share) + lab(b) * share))


def shift(colour: Colour, lightness: float = 0.0, chroma: float = 1.0, warmth: float = 0.0) -> Colour:
    """A colour made lighter by `lightness` (OKLab L), its chroma multiplied, and turned to orange by `warmth`."""
    value = lab(colour)
    value[0] = min(1.0, max(0.0, value[0] + lightness))
    value[1:] *= chroma
    value[1] += warmth * 0.35
    value[2] += warmth
    return triple(from_oklab(value))


def scale(colour: Colour, factor: float) -> Colour:
    """A colour with its light multiplied, hue kept."""
    value = lab(colour) * np.float32(factor)
    return triple(from_oklab(value))


def luminance(rgb: Array) -> Array:
    """Rec. 709 luma weights on encoded sRGB, shape (...): good enough to sort painted tones."""
    return np.asarray(rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32), dtype=np.float32)


def ramp(stops: Sequence[tuple[float, Colour]], at: Array) -> Array:
    """Colours along a gradient whose stops are (position, colour) in rising order; mixed smoothly in OKLab."""
    places = np.array([p for p, _ in stops], np.float32)
    labs = to_oklab(np.array([c for _, c in stops], np.float32))
    values = np.stack([np.interp(at, places, labs[:, i]) for i in range(3)], axis=-1).astype(np.float32)
    return from_oklab(values)
