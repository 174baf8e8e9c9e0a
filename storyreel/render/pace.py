"""How fast pieces are drawn on this machine, as earlier renders measured it."""

from __future__ import annotations

from contextlib import suppress

from storyreel.errors import CorruptFile
from storyreel.memo.store import Store
from storyreel.render.encode import Encoder, encoder_name
from storyreel.settings import Quality
from storyreel.timeline.model import Timeline

# Seconds of one core for a million pixels of picture, where nothing was measured yet: x264 on a common desktop core.
_UNMEASURED_S: dict[Quality, float] = {"draft": 0.009, "standard": 0.016, "high": 0.045}
_LEAST_FRAMES = 30  # a shorter measurement says little
_NEW_SHARE = 0.5  # of the newest measurement in what is kept


def seconds_a_frame(store: Store, timeline: Timeline, quality: Quality, encoder: Encoder) -> float:
    """How long one core takes to draw and encode a frame, as measured here last, else a guess from its size."""
    measured_s = _kept(store, _key(timeline, quality, encoder))
    return measured_s or _UNMEASURED_S[quality] * timeline.width_px * timeline.height_px / 1e6


def note_pace(
    store: Store, timeline: Timeline, quality: Quality, encoder: Encoder, frames: int, drawing_s: float
) -> None:
    """Remember how fast pieces were drawn, for the next estimate.

    Args:
        frames: how many were drawn.
        drawing_s: how long that took, added up over the cores.
    """
    if frames < _LEAST_FRAMES:
        return
    key, measured_s = _key(timeline, quality, encoder), drawing_s / frames
    if before_s := _kept(store, key):
        measured_s = before_s * (1 - _NEW_SHARE) + measured_s * _NEW_SHARE
    store.results.set(key, f"{measured_s:.6f}", lasting=False)


def _kept(store: Store, key: str) -> float | None:
    with suppress(CorruptFile, ValueError):
        if text := store.results.get(key):
            return float(text)
    return None


def _key(timeline: Timeline, quality: Quality, encoder: Encoder) -> str:
    return f"pace/{encoder_name(encoder)}/{quality}/{timeline.width_px}x{timeline.height_px}"
