"""What the editor's page shows and plays, made small: remembered steps like all that is derived.

Everything here can be made again at any time, so it is cleared away with the pieces of films; see
`storyreel.recipes.prune`.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from storyreel.errors import RenderError
from storyreel.media.container import open_media
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import ImageModel, ImageRequest
from storyreel.render.footage import stand_of, upright_planes
from storyreel.render.opus import encode_opus
from storyreel.render.sound import mastered
from storyreel.render.sound_blocks import Block

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAGE_SUFFIX = ".page"
THUMB_HEIGHT_PX = 160
PICTURE_WIDTH_PX = 1280
SKETCH_SIDE_PX = 960
CLIP_WIDTH_PX = 960
_THUMB_QUALITY, _PICTURE_QUALITY = 80, 90
_CLIP_CRF = "27"
_LARGEST_PICTURE_PX = 64_000_000
_BT709, _LIMITED = 1, 1  # ITU-T H.273; FFmpeg's AVCOL_RANGE_MPEG


@step(version=1)
def page_thumb(project: Project, kind: str, blob: Blob) -> Blob:
    """A JPEG at most `THUMB_HEIGHT_PX` high.

    Args:
        kind: "image", or "video" for its first picture.

    Raises:
        RenderError, CorruptFile: the file cannot be read.
    """
    store = store_of(project)
    rgb = _small(store.path(blob), kind, 10_000, THUMB_HEIGHT_PX)
    return store.put_bytes(_jpeg(rgb, _THUMB_QUALITY, subsampling=2), PAGE_SUFFIX)


@step(version=1)
def page_picture(project: Project, kind: str, blob: Blob) -> Blob:
    """A JPEG of the whole picture, at most `PICTURE_WIDTH_PX` wide; its colours are not halved. See `page_thumb`."""
    store = store_of(project)
    rgb = _small(store.path(blob), kind, PICTURE_WIDTH_PX, 10_000)
    return store.put_bytes(_jpeg(rgb, _PICTURE_QUALITY, subsampling=0), PAGE_SUFFIX)


@step(version=1)
def page_sketch(project: Project, request: ImageRequest, painter: ImageModel) -> Blob:
    """What a picture that is still to be painted will show, painted small, as a JPEG at most `SKETCH_SIDE_PX` long.

    Args:
        request: what the picture itself is asked for with.
        painter: one that `sketches`.

    Raises:
        ProviderError: what came back is not a picture.
    """
    from PIL import Image

    scale = min(1.0, SKETCH_SIDE_PX / max(request.width_px, request.height_px))
    size = {"width_px": _even(request.width_px * scale), "height_px": _even(request.height_px * scale)}
    with Image.open(io.BytesIO(painter.draw(request.model_copy(update=size)))) as picture:
        rgb = np.asarray(picture.convert("RGB"))
    return store_of(project).put_bytes(_jpeg(rgb, _PICTURE_QUALITY, subsampling=0), PAGE_SUFFIX)


@step(version=2)
def page_clip(project: Project, blob: Blob) -> Blob:
    """An MP4 of a video without its sound, at most `CLIP_WIDTH_PX` wide, in which any moment is found fast.

    Raises:
        RenderError, CorruptFile: the video cannot be read.
        Cancelled: the user stopped it.
    """
    store = store_of(project)
    with store.new_file(".mp4") as path:
        _shrink_video(project, store.path(blob), path)
        return store.put_file(path, PAGE_SUFFIX)


@step(version=1)
def page_sound(project: Project, block: Block, gain_db: float, ceiling_dbtp: float) -> Blob:
    """A block of the film's sound as it is mixed and mastered, in Ogg Opus, as long as the block to the sample.

    Args:
        gain_db, ceiling_dbtp: the film's master.

    Raises:
        CorruptFile: a sound's file is missing or damaged.
    """
    store = store_of(project)
    sound = mastered(block, gain_db, ceiling_dbtp, store.path)
    return store.put_bytes(encode_opus(sound, block.lead, block.count), PAGE_SUFFIX)


def _small(path: Path, kind: str, width_px: int, height_px: int) -> NDArray[np.uint8]:
    """A picture, or a video's first one, as sRGB (h, w, 3) within a size."""
    from storyreel.render.picture_files import decode_still, still_size

    if kind == "image":
        width, height = still_size(path)
        return decode_still(path, min(1.0, width_px / width, height_px / height))[0]
    return _first_picture(path, width_px, height_px)


def _first_picture(path: Path, width_px: int, height_px: int) -> NDArray[np.uint8]:
    import av

    try:
        with open_media(path) as container:
            check_video_size(container, path.name)
            frame = next(container.decode(video=0), None)
            if frame is None:
                raise RenderError(f"the video {path.name} has no picture: replace it with another file")
            stand = stand_of(frame)
            shown = (frame.height, frame.width) if stand.on_its_side else (frame.width, frame.height)
            shrink = min(1.0, width_px / shown[0], height_px / shown[1])
            size = max(1, round(frame.width * shrink)), max(1, round(frame.height * shrink))
            rgb = frame.reformat(*size, format="rgb24", interpolation="AREA").to_ndarray()
            return stand.raise_up(np.asarray(rgb, np.uint8))
    except av.FFmpegError as error:
        raise RenderError(f"the video {path.name} cannot be read ({error}): replace it with another file") from error


def check_video_size(container: Any, name: str) -> None:
    """Refuse a video whose head announces pictures too large to be decoded, before one is.

    Raises:
        RenderError: they have more than 64 million pixels, or there are none.
    """
    if not container.streams.video:
        raise RenderError(f"{name} holds no pictures: replace it with another file")
    context = container.streams.video[0].codec_context
    if context.width * context.height > _LARGEST_PICTURE_PX:
        raise RenderError(
            f"the video {name} has pictures of {context.width} x {context.height} pixels, more than 64 million: "
            "make it smaller"
        )


def _jpeg(rgb: NDArray[np.uint8], quality: int, subsampling: int) -> bytes:
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(data, "JPEG", quality=quality, subsampling=subsampling)
    return data.getvalue()


def _shrink_video(project: Project, source: Path, target: Path) -> None:
    import av
    import cv2

    try:
        with open_media(source) as container, av.open(str(target), "w", options={"movflags": "faststart"}) as output:
            check_video_size(container, source.name)
            stream = container.streams.video[0]
            stream.thread_count = 1
            rate, start = stream.average_rate or 30, stream.start_time or 0
            encoded: Any = None
            for frame in container.decode(stream):
                project.progress.raise_if_cancelled()
                # The renderer's own colours, and said to be that: what a file does not say, browsers guess otherwise.
                planes = upright_planes(frame, stand_of(frame))
                height_px, width_px = planes[0].shape
                scale = min(1.0, CLIP_WIDTH_PX / width_px)
                if encoded is None:
                    size = _even(width_px * scale), _even(height_px * scale)
                    encoded = output.add_stream("libx264", rate=rate, options={
                        "preset": "veryfast", "crf": _CLIP_CRF, "profile": "main",
                    })  # fmt: skip
                    encoded.width, encoded.height = size
                    encoded.pix_fmt, encoded.gop_size = "yuv420p", 12
                    context = encoded.codec_context
                    context.time_base, encoded.thread_count = stream.time_base, 1
                    context.colorspace = context.color_primaries = context.color_trc = _BT709
                    context.color_range = _LIMITED
                half = size[0] // 2, size[1] // 2
                samples = [
                    cv2.resize(np.ascontiguousarray(plane), side, interpolation=cv2.INTER_AREA).ravel()
                    for plane, side in zip(planes, (size, half, half), strict=True)
                ]
                joined: Any = np.concatenate(samples).reshape(-1, size[0])
                shrunk = av.VideoFrame.from_ndarray(joined, format="yuv420p")
                shrunk.pts, shrunk.time_base = None if frame.pts is None else frame.pts - start, frame.time_base
                output.mux(encoded.encode(shrunk))
            if encoded is None:
                raise RenderError(f"the video {source.name} has no picture: replace it with another file")
            output.mux(encoded.encode(None))
    except av.FFmpegError as error:
        raise RenderError(f"the video {source.name} cannot be read ({error}): replace it with another file") from error


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)
