"""The pace of a move. The studio's preview repeats it in TypeScript."""

from __future__ import annotations

from storyreel.timeline.model import Ease


def eased(progress: float, ease: Ease) -> float:
    """How far a move has come at `progress` p of its time, both 0 to 1.

    "in" is p^2, "out" is 2p - p^2, "in_out" is 3p^2 - 2p^3, "linear" is p.
    """
    p = min(max(progress, 0.0), 1.0)
    if ease == "in":
        return p * p
    if ease == "out":
        return p * (2.0 - p)
    return p * p * (3.0 - 2.0 * p) if ease == "in_out" else p
