"""How one picture gives way to the next: weights (pure numbers) and the blends on planes that use them.

A transition of n frames is at (k + 1) / (n + 1) on its frame k, so neither of its ends repeats a frame that shows one
picture alone. Black is limited range: 16 in luma, 128 in chroma.
"""

from __future__ import annotations

from storyreel.render.overlay import Planes
from storyreel.timeline.model import TransitionKind

BLACK = (16, 128, 128)


def progress_of(index: int, length_frames: int) -> float:
    """How far a transition is on its frame `index`, strictly between 0 and 1."""
    return (index + 1) / (length_frames + 1)


def weights(kind: TransitionKind, progress: float) -> tuple[float, float]:
    """How much of the picture that goes and of the one that comes is seen; what is left to 1 is black."""
    if kind == "dissolve":
        return 1.0 - progress, progress
    if kind == "fade_black":
        return max(0.0, 1.0 - 2.0 * progress), max(0.0, 2.0 * progress - 1.0)
    return (1.0, 0.0) if progress < 0.5 else (0.0, 1.0)


def dissolve(going: Planes, coming: Planes, coming_weight: float, out: Planes) -> None:
    """Mix two frames into `out`, which may be one of them."""
    import cv2

    for a, b, target in zip(going, coming, out, strict=True):
        cv2.addWeighted(a, 1.0 - coming_weight, b, coming_weight, 0.0, dst=target)


def dim(planes: Planes, opacity: float) -> None:
    """Bring a frame towards black in place: `opacity` 1 leaves it, 0 is black."""
    import cv2

    if opacity >= 1.0:
        return
    for plane, black in zip(planes, BLACK, strict=True):
        if opacity <= 0.0:
            plane.fill(black)
        else:
            cv2.convertScaleAbs(plane, dst=plane, alpha=opacity, beta=black * (1.0 - opacity))
