"""Finishing looks: what is done to a painted picture so that it reads as a cartoon, an anime still or a render."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Finish = Callable[[Pixels], Pixels]

_ASKED = {
    "cartoon": r"\bcartoon|\bcomic(?:[ -]book)?\b|\bflat colou?rs\b|\bbold outlines\b",
    "anime": r"\banime\b|\bcel[ -]shad|\bmanga\b",
    "3d": r"\b3[ -]?d (?:render|animation|film)|\bcomputer animation\b|\bcgi\b",
}


def finish_of(prompt: str) -> Finish | None:
    """The look that a prompt's words ask for; None for the painter's own."""
    plain = prompt.lower()
    return next((FINISHES[name] for name, words in _ASKED.items() if re.search(words, plain)), None)


def cartoon(rgb: Pixels) -> Pixels:
    """Flat colours in a few tones, and dark lines where one meets another."""
    smooth = rgb
    for _ in range(2):
        smooth = np.asarray(cv2.bilateralFilter(smooth, 7, 34, 5), np.uint8)
    lab = cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB).astype(np.float32)
    level = lab[..., 0]
    steps = 9.0
    scaled = level / 255 * steps
    # Steps with short ramps between them, so that a slow gradient does not shimmer when it moves.
    part = np.clip((scaled - np.floor(scaled) - 0.5) * 3.5 + 0.5, 0, 1)
    lab[..., 0] = (np.floor(scaled) + part) / steps * 255
    lab[..., 1:] = 128 + (lab[..., 1:] - 128) * 1.45
    flat = cv2.cvtColor(np.clip(lab, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)
    return _outlined(np.asarray(flat, np.uint8), np.asarray(cv2.cvtColor(smooth, cv2.COLOR_RGB2GRAY), np.uint8), 0.85)


def anime(rgb: Pixels) -> Pixels:
    """Clean surfaces, clear saturated light, a bloom in the highlights and fine lines."""
    smooth = np.asarray(cv2.bilateralFilter(rgb, 7, 24, 5), np.uint8)
    lab = cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB).astype(np.float32)
    level = lab[..., 0] / 255
    lab[..., 0] = 255 * np.clip(level + 0.1 * np.sin(np.pi * level) + 0.02, 0, 1)
    lab[..., 1:] = 128 + (lab[..., 1:] - 128) * 1.5
    bright = cv2.cvtColor(np.clip(lab, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)
    glow = cv2.GaussianBlur(bright, (0, 0), max(1.0, min(rgb.shape[:2]) / 60)).astype(np.float32)
    glow *= np.clip(glow.mean(axis=2, keepdims=True) / 255 - 0.5, 0, 1) * 0.9
    lit = 255 - (255 - bright.astype(np.float32)) * (1 - glow / 255)
    grey = np.asarray(cv2.cvtColor(smooth, cv2.COLOR_RGB2GRAY), np.uint8)
    return _outlined(np.clip(lit, 0, 255).astype(np.uint8), grey, 0.35)


def render_3d(rgb: Pixels) -> Pixels:
    """Soft shading: small things rounded off, shadows in the corners, clean colour."""
    soft = np.asarray(cv2.bilateralFilter(rgb, 9, 40, 6), np.uint8)
    reach = max(1.5, min(rgb.shape[:2]) / 40)
    grey = cv2.cvtColor(soft, cv2.COLOR_RGB2GRAY).astype(np.float32)
    # Darker than what is around it: taken for a hollow that less light reaches.
    hollow = np.clip((cv2.GaussianBlur(grey, (0, 0), reach) - grey) / 255, 0, 0.4)
    rise = np.clip((grey - cv2.GaussianBlur(grey, (0, 0), reach)) / 255, 0, 0.4)
    lit = soft.astype(np.float32) * (1 - 0.55 * hollow + 0.5 * rise)[..., None]
    lab = cv2.cvtColor(np.clip(lit + 4, 0, 255).astype(np.uint8), cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 1:] = 128 + (lab[..., 1:] - 128) * 1.28
    return np.asarray(cv2.cvtColor(np.clip(lab, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB), np.uint8)


def _outlined(rgb: Pixels, grey: Pixels, strength: float) -> Pixels:
    """Dark lines where brightness changes most, as thick as the picture's size asks."""
    unit = min(rgb.shape[:2]) / 360
    blurred = cv2.GaussianBlur(grey, (0, 0), max(0.7, 0.9 * unit)).astype(np.float32)
    x, y = cv2.Sobel(blurred, cv2.CV_32F, 1, 0), cv2.Sobel(blurred, cv2.CV_32F, 0, 1)
    slope = np.sqrt(x * x + y * y) * max(1.0, unit)
    lines = np.clip((slope - 42) / 60, 0, 1) * strength
    return np.asarray(np.clip(np.rint(rgb * (1 - lines[..., None])), 0, 255), np.uint8)


FINISHES: Mapping[str, Finish] = {"cartoon": cartoon, "anime": anime, "3d": render_3d}
