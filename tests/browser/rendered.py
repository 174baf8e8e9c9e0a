"""Frames as the renderer draws them, and pictures measured against each other: a page's, a film's, the renderer's."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import av
import cv2
import numpy as np

from storyreel.memo.store import Store
from storyreel.render.chunks import cut_into_chunks
from storyreel.render.compose import draw_chunk
from storyreel.render.frames import empty_planes
from storyreel.render.overlay import Planes, blend
from storyreel.render.stills import Masters
from storyreel.render.text import overlay_spans
from storyreel.timeline.model import Timeline


def drawn_frames(store: Store, timeline: Timeline, wanted: Collection[int]) -> dict[int, Planes]:
    """The renderer's frames without texts, before they are encoded."""
    masters, found = Masters(), {}
    for chunk in cut_into_chunks(timeline):
        last = max((frame for frame in wanted if chunk.start_frame <= frame < chunk.end_frame), default=None)
        if last is None:
            continue
        out = empty_planes(timeline.width_px, timeline.height_px)
        for frame, _ in enumerate(draw_chunk(chunk.spec, store.path, (), masters, out), chunk.start_frame):
            if frame in wanted:
                found[frame] = (out[0].copy(), out[1].copy(), out[2].copy())
            if frame >= last:
                break
    return found


def with_texts(planes: Planes, timeline: Timeline, frame: int) -> np.ndarray:
    """A frame with the renderer's texts over it, RGB."""
    drawn = (planes[0].copy(), planes[1].copy(), planes[2].copy())
    for span in overlay_spans(timeline):
        if span.start_frame <= frame < span.end_frame and (patch := span.draw()) is not None:
            blend(drawn, patch, span.opacity(frame))
    return rgb_of(drawn)


def decoded(film: Path, wanted: Collection[int], length_frames: int) -> dict[int, np.ndarray]:
    """Frames of a film's file, RGB; it has to have as many as are said."""
    found, count = {}, 0
    with av.open(str(film)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            count += 1
            if number in wanted:
                planes = [
                    np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
                    for plane in frame.planes
                ]
                found[number] = rgb_of((planes[0], planes[1], planes[2]))
    assert count == length_frames
    return found


def rgb_of(planes: Planes) -> np.ndarray:
    """Planes as sRGB, by BT.709's equations; chroma samples stand level with the left one of their columns."""
    height, width = planes[0].shape
    across = np.array([[0.5, 0, 0], [0, 0.5, -0.25]], np.float32)
    u, v = (
        cv2.warpAffine(
            plane.astype(np.float32), across, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for plane in planes[1:]
    )  # fmt: skip
    luma, blue, red = (planes[0].astype(np.float32) - 16) / 219, (u - 128) / 224, (v - 128) / 224
    r, b = luma + 1.5748 * red, luma + 1.8556 * blue
    g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152
    return np.rint(np.clip(np.stack([r, g, b], axis=-1), 0, 1) * 255).astype(np.uint8)


def samples_of(rgb: np.ndarray) -> list[np.ndarray]:
    """A picture's samples as a film has them, 0 to 255: luma, and chromas at half size, level with even columns."""
    r, g, b = (rgb[..., part].astype(np.float32) for part in range(3))
    luma = 0.2126 * r + 0.7152 * g + 0.0722 * b
    chromas = []
    for full in ((b - luma) / 1.8556, (r - luma) / 1.5748):
        soft = cv2.sepFilter2D(full, -1, np.array([0.25, 0.5, 0.25]), np.array([1.0]), borderType=cv2.BORDER_REPLICATE)
        chromas.append((soft[0::2, 0::2] + soft[1::2, 0::2]) / 2)
    return [luma, *chromas]


def psnr_db(one: np.ndarray, other: np.ndarray) -> float:
    """Peak signal to noise over a film's samples, 4:2:0: a page has more colour than any film could show."""
    errors = [(a - b) ** 2 for a, b in zip(samples_of(one), samples_of(other), strict=True)]
    error = sum(float(each.sum()) for each in errors) / sum(each.size for each in errors)
    return 99.0 if error == 0 else round(float(10 * np.log10(255**2 / error)), 1)


def box_of(with_text: np.ndarray, without: np.ndarray) -> np.ndarray:
    """Left, top, right and bottom of what a text changes clearly: letters, outlines and plates, dark on dark too."""
    luma = np.array([0.2126, 0.7152, 0.0722])  # colour is half as sharp in a film's samples as on a page
    changed = np.abs((with_text.astype(float) - without) @ luma) > 16
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])
