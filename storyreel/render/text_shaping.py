"""Letters shaped and drawn by HarfBuzz: a text in one font and direction becomes glyphs, and glyphs become masks.

HarfBuzz comes whole inside its Python package, so letters are shaped the same on every machine, with no system library.
Outlines are not hinted: captions stand at fractions of a pixel, as the rest of the picture does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from storyreel.errors import StorageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

Extents = tuple[float, float, float, float]
_SHAPING = Lock()  # a font's caches serve one thread at a time


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of a font and where its origin stands from the text's start, in pixels; y counts downwards."""

    number: int
    x_px: float
    y_px: float


@dataclass(frozen=True, slots=True)
class Shaped:
    """A shaped text.

    Attributes:
        glyphs: in drawing order, from left to right.
        advance_px: how far the text moves the pen.
        extents_px: left, top, right and bottom of the letters from the text's start on its baseline; None when
            nothing shows.
    """

    glyphs: tuple[Glyph, ...]
    advance_px: float
    extents_px: Extents | None


class Face:
    """A font at a size.

    Args:
        path: a TrueType or OpenType font, or a collection of them.
        size_px: height of the em.
        index: which font of a collection.
        weight: of a variable font, 1 to 1000.

    Raises:
        StorageError: the file cannot be read, or is no font.
    """

    def __init__(self, path: Path, size_px: float, *, index: int = 0, weight: int | None = None) -> None:
        self._font = _opened(path, index, weight)
        self.scale = size_px / self._font.face.upem

    def shape(self, text: str, *, right_to_left: bool, language: str, ligatures: bool = True) -> Shaped:
        """Shape a text that has one direction.

        Args:
            language: BCP 47; some letters differ by it.
            ligatures: whether letters may join into others where the script does not demand it.
        """
        import uharfbuzz as hb

        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction, buffer.language = "rtl" if right_to_left else "ltr", language
        with _SHAPING:
            hb.shape(self._font, buffer, {} if ligatures else {"liga": False, "clig": False, "dlig": False})
            return self._measured(buffer)

    def _measured(self, buffer: Any) -> Shaped:
        glyphs, edges = [], []
        pen_x, pen_y, scale = 0, 0, self.scale
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            x_px, y_px = (pen_x + position.x_offset) * scale, -(pen_y + position.y_offset) * scale
            glyphs.append(Glyph(info.codepoint, x_px, y_px))
            box = self._font.get_glyph_extents(info.codepoint)
            if box is not None and box.width and box.height:  # heights are negative: they count from the top
                left, top = x_px + box.x_bearing * scale, y_px - box.y_bearing * scale
                edges.append((left, top, left + box.width * scale, top - box.height * scale))
            pen_x, pen_y = pen_x + position.x_advance, pen_y + position.y_advance
        if not edges:
            return Shaped(tuple(glyphs), pen_x * scale, None)
        lefts, tops, rights, bottoms = zip(*edges, strict=True)
        return Shaped(tuple(glyphs), pen_x * scale, (min(lefts), min(tops), max(rights), max(bottoms)))

    def add_to(self, drawing: Any, shaped: Shaped, x_px: float, baseline_px: float, fine: int) -> None:
        """Add a text's outlines to a drawing of HarfBuzz's, in which y counts upwards from 0."""
        scale = self.scale * fine
        with _SHAPING:
            for glyph in shaped.glyphs:
                at = (x_px + glyph.x_px) * fine, -(baseline_px + glyph.y_px) * fine
                drawing.transform = (scale, 0.0, 0.0, scale, *at)
                drawing.draw_glyph(self._font, glyph.number)


Placed = tuple[Face, Shaped, float, float]
"""A text with its face, and where its start stands: x and baseline in pixels from a mask's upper left corner."""


def draw(texts: list[Placed], width_px: int, height_px: int, stroke_px: float = 0.0, fine: int = 3) -> Mask:
    """How much of each pixel the letters cover, 0 to 255, shape (height, width).

    Args:
        stroke_px: by how much the letters are made thicker all round, with round corners; to half a step of the grid.
        fine: a stroke is found on a grid so many times finer than the mask's.
    """
    import cv2
    import numpy as np

    mask = np.zeros((height_px, width_px), np.uint8)
    edges = _edges(texts, stroke_px, width_px, height_px)
    if edges is None:
        return mask
    left, top, right, bottom = edges
    moved: list[Placed] = [(face, shaped, x - left, y - top) for face, shaped, x, y in texts]
    size = right - left, bottom - top
    if stroke_px <= 0.0:
        mask[top:bottom, left:right] = _filled(moved, *size, 1)
        return mask
    large = _filled(moved, *size, fine)
    # Distances are from pixel centre to pixel centre; an edge lies half a pixel past the last centre inside.
    away = cv2.distanceTransform(cv2.threshold(large, 127, 255, cv2.THRESH_BINARY_INV)[1], cv2.DIST_L2, cv2.DIST_MASK_5)
    near = cv2.convertScaleAbs(
        np.minimum(away, stroke_px * fine + 1.0), alpha=-255.0, beta=255.0 * (stroke_px * fine + 1.0)
    )
    mask[top:bottom, left:right] = cv2.resize(near, size, interpolation=cv2.INTER_AREA)
    return mask


def _edges(texts: list[Placed], stroke_px: float, width_px: int, height_px: int) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of what letters and stroke reach of a mask, in whole pixels; None for nothing."""
    reach_px = stroke_px + 1.0
    lefts, tops, rights, bottoms = [width_px], [height_px], [0], [0]
    for _, shaped, x_px, baseline_px in texts:
        if shaped.extents_px is not None:
            left, top, right, bottom = shaped.extents_px
            lefts.append(max(floor(x_px + left - reach_px), 0))
            tops.append(max(floor(baseline_px + top - reach_px), 0))
            rights.append(min(ceil(x_px + right + reach_px), width_px))
            bottoms.append(min(ceil(baseline_px + bottom + reach_px), height_px))
    edges = min(lefts), min(tops), max(rights), max(bottoms)
    return edges if edges[0] < edges[2] and edges[1] < edges[3] else None


def _filled(texts: list[Placed], width_px: int, height_px: int, fine: int) -> Mask:
    import numpy as np
    import uharfbuzz as hb

    drawing = hb.RasterDraw()
    width, height = width_px * fine, height_px * fine
    drawing.extents = hb.RasterExtents(0, -height, width, height, 0)
    for face, shaped, x_px, baseline_px in texts:
        face.add_to(drawing, shaped, x_px, baseline_px, fine)
    image = drawing.render()
    if image is None:
        return np.zeros((height, width), np.uint8)
    extents = image.extents
    rows = np.frombuffer(image.buffer, np.uint8).reshape(extents.height, extents.stride)
    return np.ascontiguousarray(rows[::-1, :width])  # HarfBuzz keeps the lowest row first


@lru_cache(maxsize=64)
def _opened(path: Path, index: int, weight: int | None) -> Any:
    import uharfbuzz as hb

    try:
        face = hb.Face(hb.Blob.from_file_path(path), index)
    except (OSError, hb.HarfBuzzError) as error:
        raise StorageError(f"the font {path} cannot be read ({error}): install it again") from error
    if face.glyph_count == 0:
        raise StorageError(f"{path} is not a font: choose a TrueType or OpenType file")
    font = hb.Font(face)
    if weight is not None:
        font.set_variations({"wght": weight})
    return font
