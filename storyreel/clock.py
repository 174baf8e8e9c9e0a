"""Exact conversion between frames, seconds and samples.

Time inside a timeline is whole frames at a rational rate; seconds appear only at the edges, and a sample position is
always derived from a frame, never added up from floats.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from pydantic import BaseModel, Field


class Rate(BaseModel, frozen=True, extra="forbid"):
    """Frames a second as an exact fraction: 30/1, 24/1, 30000/1001."""

    num: int = Field(default=30, ge=1, le=240_000)
    den: int = Field(default=1, ge=1, le=1001)

    @property
    def fps(self) -> Fraction:
        """Frames a second."""
        return Fraction(self.num, self.den)

    def frames(self, seconds: float | Fraction) -> int:
        """The frame count nearest to `seconds`; halves go up."""
        return floor(Fraction(seconds) * self.fps + Fraction(1, 2))

    def frames_ceil(self, seconds: float | Fraction) -> int:
        """The fewest whole frames that last at least `seconds`."""
        return ceil(Fraction(seconds) * self.fps)

    def seconds(self, frames: int) -> float:
        """How long `frames` frames last, in seconds."""
        return float(Fraction(frames) / self.fps)

    def samples(self, frames: int, sample_rate_hz: int) -> int:
        """The sample at which frame number `frames` starts, counted from sample 0; halves go up."""
        return floor(Fraction(frames) / self.fps * sample_rate_hz + Fraction(1, 2))
