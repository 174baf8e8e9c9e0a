"""Letters become patches: masks of letters laid over their outline and shadow, then taken to the film's planes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from storyreel.render.caption_styles import Box, CaptionStyle, CardStyle, Shadow
from storyreel.render.overlay import Patch
from storyreel.render.text_layout import CardLayout, Rule, TextRun, tracked_characters
from storyreel.render.text_shaping import Placed, draw

_BLUR_REACH = 3.0  # a Gaussian is as good as nothing past three deviations

Mask = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the frame in whole pixels, its edges even; right and bottom are excluded."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top


@dataclass(frozen=True, eq=False)
class Premultiplied:
    """An overlay's planes before quantisation: luma (h, w), blue and red difference (h/2, w/2), weighted by alpha."""

    luma: Mask
    u: Mask
    v: Mask


@dataclass(frozen=True, eq=False)
class WordShape:
    """Where a word's letters show.

    Attributes:
        top, left: of `share` in the caption's area, both even.
        share: how much of each pixel the letters take, (h, w), even sides.
        share_uv: the same at half size.
    """

    top: int
    left: int
    share: Mask
    share_uv: Mask


@dataclass(frozen=True, eq=False)
class CaptionArt:
    """A caption's shapes; only the colours of its words are still open.

    Attributes:
        under: what shows around the letters: plate, shadow, outline.
        alpha, alpha_uv: of the whole, letters included: no colour changes them.
        words: the letters of each word.
    """

    area: Area
    under: Premultiplied
    alpha: Mask
    alpha_uv: Mask
    words: Mapping[int, WordShape]

    def coloured(self, colours: Sequence[str]) -> Patch:
        """The caption with each word in its colour."""
        luma, u, v = self.under.luma.copy(), self.under.u.copy(), self.under.v.copy()
        for number, word in self.words.items():
            word_luma, word_u, word_v = _components(colours[number])
            height, width = word.share.shape
            full = np.s_[word.top : word.top + height, word.left : word.left + width]
            half = np.s_[word.top // 2 : (word.top + height) // 2, word.left // 2 : (word.left + width) // 2]
            luma[full] += word.share * word_luma
            u[half] += word.share_uv * word_u
            v[half] += word.share_uv * word_v
        return _patch(Premultiplied(luma, u, v), self.alpha, self.alpha_uv, self.area)


def paint_caption(runs: Sequence[TextRun], style: CaptionStyle, width_px: int, height_px: int) -> CaptionArt | None:
    """The shapes of a caption that was laid out, or None when it has no visible letter."""
    size_px = max((run.size_px for run in runs), default=0.0)
    outline_px = style.outline.width * size_px
    tight = _extents(runs, outline_px)
    if tight is None:
        return None
    box = style.box
    reach_px = max(_shadow_reach_px(style.shadow, size_px), (box.padding * size_px) if box else 0.0)
    area = _area(tight, reach_px, width_px, height_px)
    under, under_alpha = _blank(area)
    if box is not None:
        _over(under, under_alpha, _plate(tight, box, size_px, area), box.colour, box.opacity)
    _shade(under, under_alpha, runs, style.shadow, size_px, outline_px, area)
    if outline_px > 0:
        _over(under, under_alpha, _coverage(runs, area, outline_px), style.outline.colour, style.outline.opacity)
    words: dict[int, WordShape] = {}
    taken = np.zeros_like(under_alpha)
    for number in sorted({run.word for run in runs}, reverse=True):  # where two words touch, the later lies on top
        share = _coverage([run for run in runs if run.word == number], area) * (1.0 - taken)
        taken += share
        shape = _word_shape(share)
        if shape is not None:
            words[number] = shape
    under *= (1.0 - taken)[..., None]
    alpha = taken + under_alpha * (1.0 - taken)
    return CaptionArt(area, _components_of(under), alpha, _halved(alpha), words)


def paint_card(layout: CardLayout, style: CardStyle, width_px: int, height_px: int) -> Patch | None:
    """A title card that was laid out, over a soft darkening of the picture; None when it has no visible letter."""
    runs = (*layout.title, *layout.subtitle)
    tight = _extents(runs, 0.0)
    if tight is None:
        return None
    area = Area(0, 0, width_px, height_px)
    premultiplied, alpha = _blank(area)
    _over(premultiplied, alpha, _dimming(area, tight), "#000000", style.dim)
    for some in (layout.title, layout.subtitle):
        if some:
            _shade(premultiplied, alpha, some, style.shadow, some[0].size_px, 0.0, area)
    if layout.rule is not None:
        _over(premultiplied, alpha, _bar(layout.rule, area), style.rule_colour)
    _over(premultiplied, alpha, _coverage(layout.subtitle, area), style.subtitle_colour)
    _over(premultiplied, alpha, _coverage(layout.title, area), style.colour)
    return to_patch(premultiplied, alpha, area)


def to_patch(premultiplied: NDArray[np.float32], alpha: Mask, area: Area) -> Patch:
    """Premultiplied RGB and alpha (0 to 1) as a patch.

    Chroma is averaged over 2 x 2 pixels while still premultiplied, so the transparent pixels at an edge lend it no
    colour.
    """
    return _patch(_components_of(premultiplied), alpha, _halved(alpha), area)


def _components_of(rgb: NDArray[np.float32]) -> Premultiplied:
    """Y'CbCr of R'G'B', both 0 to 1 (ITU-R BT.709-6, items 3.2 and 3.3); chroma at half size."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return Premultiplied(luma, _halved((blue - luma) / 1.8556), _halved((red - luma) / 1.5748))


def _components(colour: str) -> tuple[np.float32, np.float32, np.float32]:
    square = _components_of(np.broadcast_to(_rgb(colour), (2, 2, 3)))
    return square.luma[0, 0], square.u[0, 0], square.v[0, 0]


def _rgb(colour: str) -> NDArray[np.float32]:
    return np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)], dtype=np.float32)


def _patch(planes: Premultiplied, alpha: Mask, alpha_uv: Mask, area: Area) -> Patch:
    """Quantised to 8 bits, limited range (ITU-R BT.709-6, item 3.4)."""
    return Patch(
        x_px=area.left,
        y_px=area.top,
        luma=_quantised(planes.luma, alpha, 219.0, 16.0),
        u=_quantised(planes.u, alpha_uv, 224.0, 128.0),
        v=_quantised(planes.v, alpha_uv, 224.0, 128.0),
        alpha=_rounded(alpha * np.float32(255)),
        alpha_uv=_rounded(alpha_uv * np.float32(255)),
    )


def _over(under: NDArray[np.float32], under_alpha: Mask, mask: Mask, colour: str, opacity: float = 1.0) -> None:
    """Lay a colour through a mask over premultiplied colours, in place (Porter and Duff's "over")."""
    alpha = mask * np.float32(opacity)
    keep = 1.0 - alpha
    under *= keep[..., None]
    under += alpha[..., None] * _rgb(colour)
    under_alpha *= keep
    under_alpha += alpha


def _shade(
    under: NDArray[np.float32],
    under_alpha: Mask,
    runs: Sequence[TextRun],
    shadow: Shadow,
    size_px: float,
    outline_px: float,
    area: Area,
) -> None:
    if shadow.opacity <= 0:
        return
    letters = _drawn(runs, area, outline_px + shadow.spread * size_px, drop_px=shadow.drop * size_px, fine=1)
    blurred = Image.fromarray(letters).filter(ImageFilter.GaussianBlur(shadow.blur * size_px))
    _over(under, under_alpha, _as_mask(blurred), shadow.colour, shadow.opacity)


def _coverage(runs: Sequence[TextRun], area: Area, stroke_px: float = 0.0) -> Mask:
    return _as_mask(_drawn(runs, area, stroke_px))


def _drawn(
    runs: Sequence[TextRun], area: Area, stroke_px: float = 0.0, *, drop_px: float = 0.0, fine: int = 3
) -> NDArray[np.uint8]:
    texts: list[Placed] = []
    for run in runs:
        x_px, baseline_px = run.x_px - area.left, run.baseline_px - area.top + drop_px
        if run.tracking_px:
            texts += [(run.face, shaped, x_px + at_px, baseline_px) for shaped, at_px in tracked_characters(run)]
        else:
            texts.append((run.face, run.shaped, x_px, baseline_px))
    return draw(texts, area.width, area.height, stroke_px, fine)


def _extents(runs: Sequence[TextRun], stroke_px: float) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of all that is drawn, in the frame."""
    edges = []
    for run in runs:
        if run.shaped.extents_px is None:
            continue
        left, top, right, bottom = run.shaped.extents_px
        widest_px = max(right, run.width_px) + stroke_px  # tracking makes a run wider than its letters
        edges.append(
            (
                run.x_px + left - stroke_px,
                run.baseline_px + top - stroke_px,
                run.x_px + widest_px,
                run.baseline_px + bottom + stroke_px,
            )
        )
    if not edges:
        return None
    lefts, tops, rights, bottoms = zip(*edges, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _shadow_reach_px(shadow: Shadow, size_px: float) -> float:
    return (shadow.spread + shadow.drop + _BLUR_REACH * shadow.blur) * size_px if shadow.opacity > 0 else 0.0


def _area(tight: tuple[float, float, float, float], reach_px: float, width_px: int, height_px: int) -> Area:
    left, top, right, bottom = tight
    margin_px = reach_px + 2.0
    return Area(
        min(max(floor((left - margin_px) / 2) * 2, 0), width_px - 2),
        min(max(floor((top - margin_px) / 2) * 2, 0), height_px - 2),
        max(min(ceil((right + margin_px) / 2) * 2, width_px), 2),
        max(min(ceil((bottom + margin_px) / 2) * 2, height_px), 2),
    )


def _blank(area: Area) -> tuple[NDArray[np.float32], Mask]:
    return (
        np.zeros((area.height, area.width, 3), dtype=np.float32),
        np.zeros((area.height, area.width), dtype=np.float32),
    )


def _plate(tight: tuple[float, float, float, float], box: Box, size_px: float, area: Area) -> Mask:
    """A rounded plate around the words, drawn four times too large for smooth corners."""
    padding_px, fine = box.padding * size_px, 4
    left, top, right, bottom = tight
    edges = (
        (left - padding_px - area.left) * fine,
        (top - padding_px - area.top) * fine,
        (right + padding_px - area.left) * fine,
        (bottom + padding_px - area.top) * fine,
    )
    image = Image.new("L", (area.width * fine, area.height * fine))
    ImageDraw.Draw(image).rounded_rectangle(edges, radius=box.corner * size_px * fine, fill=255)
    return _as_mask(image.reduce(fine))


def _bar(rule: Rule, area: Area) -> Mask:
    """A thin line whose ends fade over a pixel."""
    mask = np.zeros((area.height, area.width), dtype=np.float32)
    x = np.arange(area.left, area.right, dtype=np.float32)
    across = np.clip(np.minimum(x + 1, rule.right_px) - np.maximum(x, rule.left_px), 0.0, 1.0)
    mask[int(rule.top_px) - area.top : int(rule.bottom_px) - area.top] = across
    return mask


def _dimming(area: Area, tight: tuple[float, float, float, float]) -> Mask:
    """1 behind the words, easing off to over a third at the far edges, so that the shade shows no shape of its own."""
    left, top, right, bottom = tight
    short_px = min(area.width, area.height)
    across_px, down_px = (right - left) / 2 + 0.35 * short_px, (bottom - top) / 2 + 0.3 * short_px
    x = (np.arange(area.left, area.right, dtype=np.float32) + 0.5 - (left + right) / 2) / across_px
    y = (np.arange(area.top, area.bottom, dtype=np.float32) + 0.5 - (top + bottom) / 2) / down_px
    shade: Mask = np.float32(0.38) + np.float32(0.62) * np.exp(-(x * x))[None, :] * np.exp(-(y * y))[:, None]
    return shade


def _word_shape(share: Mask) -> WordShape | None:
    rows, columns = np.flatnonzero(share.any(axis=1)), np.flatnonzero(share.any(axis=0))
    if not rows.size:
        return None
    top, left = int(rows[0]) & ~1, int(columns[0]) & ~1
    bottom, right = (int(rows[-1]) | 1) + 1, (int(columns[-1]) | 1) + 1
    part = share[top:bottom, left:right].copy()
    return WordShape(top, left, part, _halved(part))


def _as_mask(image: Image.Image | NDArray[np.uint8]) -> Mask:
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def _halved(plane: Mask) -> Mask:
    pairs = plane[0::2] + plane[1::2]
    mean: Mask = (pairs[:, 0::2] + pairs[:, 1::2]) * np.float32(0.25)
    return mean


def _quantised(premultiplied: Mask, alpha: Mask, scale: float, zero: float) -> NDArray[np.uint8]:
    share: Mask = np.divide(premultiplied, alpha, out=np.zeros_like(premultiplied), where=alpha > 0)
    share *= np.float32(scale)
    share += np.float32(zero)
    return _rounded(share)


def _rounded(values: Mask) -> NDArray[np.uint8]:
    rounded: NDArray[np.uint8] = np.clip(values + 0.5, 0.0, 255.0).astype(np.uint8)
    return rounded
