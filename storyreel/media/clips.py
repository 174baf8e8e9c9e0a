"""Clips as they come from animators, looked through to their end before anything trusts them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from storyreel.airlock import FORMATS, Unsafe, look_at_media
from storyreel.errors import ProviderError
from storyreel.media.steps import LARGEST_PICTURE_PX
from storyreel.memo.paying import paying

SHORTEST_SHARE = 0.5
"""How much of the length asked for a clip must have at least."""
BLACK_LEVEL = 28
"""Luma, in limited range from 16 to 235, which nearly every sample of a black picture stays below."""
_BRIGHT_SHARE = 99.5
_SAMPLED = 8


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What a clip is: its size as stored, how long it lasts, and its file's ending."""

    width_px: int
    height_px: int
    duration_s: float
    suffix: str


def check_clip(data: bytes, provider: str, asked_s: float) -> ClipFacts:
    """Decode a clip to its end, and see whether it is what was asked for.

    What is no such clip is not kept by the ledger as an answer either, so running again asks anew.

    Raises:
        ProviderError: the bytes are no video that holds its own pictures, end before they are complete, last less than
            half of `asked_s`, or show nothing but black.
    """
    try:
        return _checked(data, provider, asked_s)
    except ProviderError:
        place = paying()
        if place is not None and place.receipts:
            place.ledger.disown(place.receipts[-1].call)
        raise


def _checked(data: bytes, provider: str, asked_s: float) -> ClipFacts:
    import av

    try:
        look_at_media(data)
    except Unsafe as error:
        raise ProviderError(provider, f"the clip is refused: {error.reason}; run again to ask anew") from error
    first_s = last_s = 0.0
    bright, count = False, 0
    try:
        with av.open(io.BytesIO(data), "r", options={"format_whitelist": FORMATS}) as container:
            stream: Any = container.streams.best("video")
            if stream is None:
                raise ProviderError(provider, "the clip holds no pictures; run again to ask anew")
            context = stream.codec_context
            width, height = context.width, context.height
            if width * height > LARGEST_PICTURE_PX:
                raise ProviderError(provider, f"the clip is too large ({width} x {height} pixels)")
            context.thread_count = 1
            suffix = ".webm" if "webm" in container.format.name else ".mp4"
            for frame in container.decode(stream):
                count += 1
                at_s = frame.time if frame.time is not None else last_s
                first_s, last_s = at_s if count == 1 else first_s, at_s
                bright = bright or _is_bright(frame)
            rate = float(stream.average_rate or 25)
            # Where the container tells no length, the last picture is taken to stand as long as the others.
            duration_s = container.duration / av.time_base if container.duration else last_s + 1 / rate
    except (av.FFmpegError, OSError, ValueError) as error:
        raise ProviderError(provider, "the answer is not a whole clip; run again to ask anew") from error
    if not count:
        raise ProviderError(provider, "the answer is not a whole clip; run again to ask anew")
    # A sound beside the pictures may last longer than they do.
    duration_s = min(duration_s, last_s - first_s + 2 / rate)
    if duration_s < asked_s * SHORTEST_SHARE:
        raise ProviderError(
            provider, f"the clip lasts {duration_s:.1f} s instead of {asked_s:.1f}; run again to ask anew"
        )
    if not bright:
        raise ProviderError(provider, "the clip is black from beginning to end; run again to ask anew")
    return ClipFacts(width, height, duration_s, suffix)


def _is_bright(frame: Any) -> bool:
    luma = frame.reformat(format="gray", threads=1).to_ndarray()[::_SAMPLED, ::_SAMPLED]
    return bool(np.percentile(luma, _BRIGHT_SHARE) >= BLACK_LEVEL)
