"""Sound on its way to and from services: packed small for listening, unpacked whole from what a voice sends."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np

from storyreel.airlock import FORMATS, Unsafe, look_at_media
from storyreel.providers.contracts import FloatArray

LISTENING_RATE_HZ = 16_000
LONGEST_S = 3600


def for_listening(samples: FloatArray, sample_rate_hz: int) -> bytes:
    """Mono sound as FLAC of 16 bits at 16 kHz, which is what speech recognisers work at."""
    import av

    packed = io.BytesIO()
    with av.open(packed, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=LISTENING_RATE_HZ, layout="mono")
        stream.codec_context.format = av.AudioFormat("s16")
        resampler = av.AudioResampler(format="s16", layout="mono", rate=LISTENING_RATE_HZ)
        for start in range(0, len(samples), sample_rate_hz):
            block = np.clip(samples[start : start + sample_rate_hz], -1.0, 1.0)
            whole = np.rint(block * 32767).astype(np.int16)[None, :]
            frame = av.AudioFrame.from_ndarray(whole, format="s16", layout="mono")
            frame.sample_rate, frame.pts = sample_rate_hz, start
            for part in resampler.resample(frame):
                container.mux(stream.encode(part))
        for part in resampler.resample(None):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return packed.getvalue()


def unpacked(data: bytes) -> tuple[FloatArray, int]:
    """An encoded sound as mono float32 samples and their rate.

    Raises:
        ValueError: it cannot be decoded to its end, is silent, or is longer than an hour.
    """
    import av

    try:
        look_at_media(data)
        with av.open(io.BytesIO(data), options={"format_whitelist": FORMATS}) as container:
            if not container.streams.audio:
                raise ValueError("it holds no sound")
            stream = container.streams.audio[0]
            rate_hz = int(stream.rate)
            samples = np.concatenate([*_mono(container, stream, rate_hz), np.zeros(0, np.float32)])
    except Unsafe as error:
        raise ValueError(error.reason) from None
    except av.FFmpegError as error:
        raise ValueError(f"it cannot be decoded ({error.strerror})") from None
    if not samples.any():
        raise ValueError("it is silent")
    return samples, rate_hz


def _mono(container: object, stream: object, rate_hz: int) -> Iterator[FloatArray]:
    import av

    resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate_hz)
    count = 0
    for frame in container.decode(stream):  # type: ignore[attr-defined]
        for part in resampler.resample(frame):
            count += part.samples
            if count > LONGEST_S * rate_hz:
                raise ValueError("it is longer than an hour")
            yield part.to_ndarray()[0].astype(np.float32)
    for part in resampler.resample(None):
        yield part.to_ndarray()[0].astype(np.float32)
