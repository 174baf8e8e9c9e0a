"""Pictures, sounds and clips as services would send them."""

from __future__ import annotations

import io
import math

import av
import numpy as np
from PIL import Image, ImageDraw


def picture(width_px: int = 160, height_px: int = 96, shade: int = 40, kind: str = "PNG") -> bytes:
    """A picture with something in it."""
    image = Image.new("RGB", (width_px, height_px), (shade, 90, 160))
    ImageDraw.Draw(image).ellipse((width_px // 4, height_px // 4, width_px // 2, height_px // 2), fill=(240, 220, 90))
    data = io.BytesIO()
    image.save(data, kind)
    return data.getvalue()


def tones(*spans_s: tuple[float, float], length_s: float, rate_hz: int = 24_000) -> np.ndarray:
    """A buzz over each span, silence between: what a voice looks like to a meter."""
    times = np.arange(round(length_s * rate_hz)) / rate_hz
    sound = np.zeros(len(times), np.float32)
    for start_s, end_s in spans_s:
        on = (times >= start_s) & (times < end_s)
        sound[on] = 0.4 * np.sin(2 * math.pi * 180 * times[on])
    return sound


def flac(samples: np.ndarray, rate_hz: int = 24_000) -> bytes:
    data = io.BytesIO()
    with av.open(data, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=rate_hz, layout="mono")
        stream.codec_context.format = av.AudioFormat("s16")
        whole = (np.clip(samples, -1, 1) * 32767).astype(np.int16)[None, :]
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout="mono")
        frame.sample_rate = rate_hz
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return data.getvalue()


def clip(width_px: int = 64, height_px: int = 48, frames: int = 12) -> bytes:
    """An MP4."""
    data = io.BytesIO()
    with av.open(data, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        for number in range(frames):
            shade = np.full((height_px, width_px, 3), number * 10 % 256, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(shade, format="rgb24")))
        container.mux(stream.encode(None))
    return data.getvalue()
