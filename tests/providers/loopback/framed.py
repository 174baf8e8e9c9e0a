"""A clip asked for between two frames, and frames read out of requests: for every animator's stand-in."""

from __future__ import annotations

import base64
import io

import av

from loopback.makings import picture
from storyreel.providers.contracts import AnimationRequest, Animator

FIRST, LAST = picture(640, 360, 10), picture(640, 360, 200)
PROMPT = "the lamp swings"


def ask_animator(animator: Animator) -> bytes:
    return animator.animate(
        AnimationRequest(PROMPT, FIRST, LAST, duration_s=4.8, width_px=1920, height_px=1080, seed=7)
    )


def from_data_url(url: str) -> bytes:
    head, _, data = url.partition(",")
    assert head == "data:image/png;base64"
    return base64.b64decode(data, validate=True)


def check_clip(data: bytes) -> None:
    with av.open(io.BytesIO(data)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 12
