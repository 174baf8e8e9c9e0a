"""Sounds in the packings that services send."""

from __future__ import annotations

import io
import math
import wave

import av
import numpy as np


def chord(length_s: float, rate_hz: int = 44_100, base_hz: float = 220.0) -> np.ndarray:
    """A sound of shape (n, 2), different left and right."""
    times = np.arange(round(length_s * rate_hz)) / rate_hz
    left, right = (0.3 * np.sin(2 * math.pi * base_hz * factor * times) for factor in (1.0, 1.5))
    return np.stack([left, right], axis=1).astype(np.float32)


def mp3(samples: np.ndarray, rate_hz: int = 44_100) -> bytes:
    """Mono of shape (n,) or stereo of shape (n, 2) as MP3."""
    data = io.BytesIO()
    planes = np.ascontiguousarray(samples.reshape(len(samples), -1).T.astype(np.float32))
    with av.open(data, "w", format="mp3") as container:
        layout = "mono" if len(planes) == 1 else "stereo"
        stream = container.add_stream("libmp3lame", rate=rate_hz, layout=layout)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=layout)
        frame.sample_rate = rate_hz
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return data.getvalue()


def wav(samples: np.ndarray, rate_hz: int = 24_000) -> bytes:
    """Mono of shape (n,) as WAV of 16 bits."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return data.getvalue()
