"""Sizes that image services offer, and pictures cut to the shape that was asked for. A picture is never stretched."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable

from storyreel.airlock import Unsafe, look_at_picture

LARGEST_PICTURE_PX = 100_000_000
_SAME_SHAPE = 0.004
_JPEG_QUALITY = 95


def is_whole_picture(data: bytes) -> bool:
    """Whether bytes decode, to the end, as a PNG, JPEG or WebP of at most 100 million pixels."""
    from PIL import Image, UnidentifiedImageError

    try:
        look_at_picture(data)
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > LARGEST_PICTURE_PX:
                return False
            picture.load()
    except (Unsafe, UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def cut_to_shape(data: bytes, width_px: int, height_px: int) -> bytes:
    """The middle of an encoded picture that has the shape of `width_px` by `height_px`, in the picture's own pixels.

    A picture of that shape already (within 0.4 %) is returned as it is, byte for byte.
    """
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
        has, wants = picture.width / picture.height, width_px / height_px
        if abs(has / wants - 1) <= _SAME_SHAPE:
            return data
        width = picture.width if has < wants else round(picture.height * wants)
        height = picture.height if has > wants else round(picture.width / wants)
        left, top = (picture.width - width) // 2, (picture.height - height) // 2
        cut = picture.crop((left, top, left + width, top + height))
        kept = io.BytesIO()
        if picture.format == "JPEG":
            cut.save(kept, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        else:
            cut.save(kept, picture.format or "PNG", lossless=True)
        return kept.getvalue()


def stepped_size(
    width_px: int, height_px: int, *, step_px: int, longest_px: int, shortest_px: int, most_pixels: int
) -> tuple[int, int]:
    """The size to ask for where sides must be multiples of a step: nothing smaller than wanted, unless a limit is hit.

    Args:
        longest_px, shortest_px: the most and the least that a side may have.
        most_pixels: how many pixels the picture may have.
    """
    scale = min(1.0, longest_px / max(width_px, height_px), math.sqrt(most_pixels / (width_px * height_px)))
    scale = max(scale, shortest_px / min(width_px, height_px))
    width, height = (math.ceil(side * scale / step_px - 1e-9) * step_px for side in (width_px, height_px))
    if width * height > most_pixels:
        width, height = (math.floor(side * scale / step_px) * step_px for side in (width_px, height_px))
    largest = longest_px // step_px * step_px
    return min(width, largest), min(height, largest)


def nearest_shape(width_px: int, height_px: int, offered: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The offered shape, as (width, height) in any unit, that loses least when it is cut to the one wanted."""
    wants = math.log(width_px / height_px)
    return min(offered, key=lambda shape: abs(math.log(shape[0] / shape[1]) - wants))
