"""Music from services: unpacked as stereo, and made exactly as long as it must be."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np

from storyreel.providers.contracts import FloatArray

LONGEST_S = 3600
CROSSFADE_S = 3.0
FADE_OUT_S = 3.0


def stereo(data: bytes) -> tuple[FloatArray, int]:
    """An encoded sound as float32 samples of shape (n, 2) and their rate.

    Raises:
        ValueError: it cannot be decoded to its end, is silent, or is longer than an hour.
    """
    import av

    try:
        with av.open(io.BytesIO(data)) as container:
            if not container.streams.audio:
                raise ValueError("it holds no sound")
            stream = container.streams.audio[0]
            rate_hz = int(stream.rate)
            samples = np.concatenate([*_both(container, stream, rate_hz), np.zeros((0, 2), np.float32)])
    except av.FFmpegError as error:
        raise ValueError(f"it cannot be decoded ({error.strerror})") from None
    if not samples.any():
        raise ValueError("it is silent")
    return samples, rate_hz


def _both(container: object, stream: object, rate_hz: int) -> Iterator[FloatArray]:
    import av

    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=rate_hz)
    count = 0
    for frame in container.decode(stream):  # type: ignore[attr-defined]
        for part in resampler.resample(frame):
            count += part.samples
            if count > LONGEST_S * rate_hz:
                raise ValueError("it is longer than an hour")
            yield part.to_ndarray().T.astype(np.float32)
    for part in resampler.resample(None):
        yield part.to_ndarray().T.astype(np.float32)


def fitted(samples: FloatArray, rate_hz: int, duration_s: float) -> FloatArray:
    """Music of exactly a length: faded out where it is cut, and crossfaded into itself where it is too short.

    Args:
        samples: shape (n, 2), n above 0.
        duration_s: in seconds, above 0.

    Returns:
        Samples of shape (round(duration_s * rate_hz), 2), within -1 to 1.
    """
    wanted = round(duration_s * rate_hz)
    whole = np.clip(samples, -1.0, 1.0)
    overlap = min(round(CROSSFADE_S * rate_hz), len(whole) // 2)
    # Equal power: the two ends are different music.
    rising = np.sin(np.linspace(0.0, np.pi / 2, overlap, dtype=np.float32))[:, None]
    while len(whole) < wanted:
        last = len(whole) - overlap
        seam = np.clip(whole[last:] * rising[::-1] + whole[:overlap] * rising, -1.0, 1.0)
        whole = np.concatenate([whole[:last], seam, whole[overlap:]])
    whole = whole[:wanted].copy()
    fade = min(round(FADE_OUT_S * rate_hz), wanted // 2)
    whole[wanted - fade :] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)[:, None]
    return whole.astype(np.float32)
