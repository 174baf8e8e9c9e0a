"""Letters become patches: masks of letters laid over their outline and shadow, then taken to the film's planes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from storyreel.render.caption_styles import CardStyle, LabelStyle
from storyreel.render.overlay import Patch, cropped, hollowed, swept
from storyreel.render.text_labels import LabelLayout
from storyreel.render.text_layout import PLATE_WIDENING, CardLayout, Rule, TextRun, reach, tracked_characters
from storyreel.render.text_shaping import Placed, draw
from storyreel.timeline.caption_style import Box, CaptionStyle, Shadow
from storyreel.timeline.safe_area import Edges

_POP_ROOM = 0.11  # ems that a growing word may take of the space at each side
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
        right_to_left: the direction it is read in.
    """

    top: int
    left: int
    share: Mask
    share_uv: Mask
    right_to_left: bool


@dataclass(frozen=True, eq=False)
class Around:
    """What shows around a caption's letters, and the whole's alpha: no colour of a word changes either."""

    under: Premultiplied
    alpha: Mask
    alpha_uv: Mask


@dataclass(frozen=True, eq=False)
class CaptionArt:
    """A caption's shapes; only the colours of its words, and which of them moves, are still open.

    Attributes:
        runs, style, size_px: what it was painted from.
        frame: width and height of the frame in pixels.
        area: the part of the frame it takes, plates apart.
        shade, shade_alpha: the shadow alone, premultiplied RGB and alpha.
        around: of the whole caption.
        words: the letters of each word.
        drawn: letters and outline of the words that have popped, kept for their other frames.
    """

    runs: tuple[TextRun, ...]
    style: CaptionStyle
    size_px: float
    frame: tuple[int, int]
    area: Area
    shade: NDArray[np.float32]
    shade_alpha: Mask
    around: Around
    words: Mapping[int, WordShape]
    drawn: dict[int, tuple[NDArray[np.uint8], NDArray[np.uint8] | None]] = field(default_factory=dict)

    def coloured(self, colours: Sequence[str]) -> Patch:
        """The caption with each word in its colour."""
        around = self.around
        luma, u, v = around.under.luma.copy(), around.under.u.copy(), around.under.v.copy()
        for number, word in self.words.items():
            word_luma, word_u, word_v = _components(colours[number])
            height, width = word.share.shape
            full = np.s_[word.top : word.top + height, word.left : word.left + width]
            half = np.s_[word.top // 2 : (word.top + height) // 2, word.left // 2 : (word.left + width) // 2]
            luma[full] += word.share * word_luma
            u[half] += word.share_uv * word_u
            v[half] += word.share_uv * word_v
        return _patch(Premultiplied(luma, u, v), around.alpha, around.alpha_uv, self.area)

    def without(self, patch: Patch, colours: Sequence[str], number: int) -> Patch:
        """The patch of a state without a word's letters and outline; its shadow stays.

        Only the rectangle around the word is painted anew, with what its neighbours reach into it.
        """
        outline_px = self.style.outline.width * self.size_px
        tight = _extents([run for run in self.runs if run.word == number], outline_px)
        if tight is None:
            return patch
        hole = _area(tight, 0.0, *self.frame)
        top, left = max(hole.top - self.area.top, 0), max(hole.left - self.area.left, 0)
        bottom, right = (
            min(hole.bottom, self.area.bottom) - self.area.top,
            min(hole.right, self.area.right) - self.area.left,
        )
        part = np.s_[top:bottom, left:right]
        half = np.s_[top // 2 : bottom // 2, left // 2 : right // 2]
        hole = Area(left + self.area.left, top + self.area.top, right + self.area.left, bottom + self.area.top)
        near = [run for run in self.runs if run.word != number and _meets(run, hole)]
        under, alpha = self.shade[part].copy(), self.shade_alpha[part].copy()
        if outline_px > 0 and near:
            _over(
                under, alpha, _coverage(near, hole, outline_px), self.style.outline.colour, self.style.outline.opacity
            )
        for run in near:
            _over(under, alpha, _coverage([run], hole), colours[run.word])
        new = to_patch(under, alpha, hole)
        planes = [plane.copy() for plane in (patch.luma, patch.u, patch.v, patch.alpha, patch.alpha_uv)]
        for plane, filled, where in zip(
            planes, (new.luma, new.u, new.v, new.alpha, new.alpha_uv), (part, half, half, part, half), strict=True
        ):
            plane[where] = filled
        return Patch(patch.x_px, patch.y_px, *planes)

    def hollow(self, patch: Patch, number: int) -> Patch:
        """The patch of a state without the rectangle that a word's letters take."""
        word = self.words.get(number)
        return patch if word is None else hollowed(patch, word.left, word.top, *word.share.shape[::-1])

    def sweep(self, before: Patch, after: Patch, number: int, progress: float) -> Patch | None:
        """The rectangle of a word whose colour is changing from one state's to another's, as far as it is spoken."""
        word = self.words.get(number)
        if word is None:
            return None
        size = word.share.shape[::-1]
        old, new = (cropped(patch, word.left, word.top, *size) for patch in (before, after))
        soft_px = 0.1 * self.size_px
        edge_px = progress * (size[0] + soft_px) - soft_px / 2
        return swept(old, new, edge_px, soft_px, word.right_to_left)

    def popped(self, number: int, colour: str, scale: float) -> Patch | None:
        """A word's letters and outline alone, grown about their middle, but not over its neighbours' letters."""
        runs = [run for run in self.runs if run.word == number]
        outline_px = self.style.outline.width * self.size_px
        tight = _extents(runs, outline_px)
        if tight is None:
            return None
        left, top, right, bottom = tight
        x, y = (left + right) / 2, runs[0].baseline_px - 0.36 * self.size_px
        scale = min(scale, 1.0 + 2 * _POP_ROOM * self.size_px / (right - left))
        source = _area(tight, 0.0, *self.frame)
        if number not in self.drawn:
            self.drawn[number] = (_drawn(runs, source), _drawn(runs, source, outline_px) if outline_px > 0 else None)
        letters, outline = self.drawn[number]
        grown = (x + (left - x) * scale, y + (top - y) * scale, x + (right - x) * scale, y + (bottom - y) * scale)
        area = _area(grown, 0.0, *self.frame)
        # From the word's mask to its place, both counted from their own corner; a pixel's centre lies at its half.
        shift_x = (source.left + 0.5 - x) * scale + x - area.left - 0.5
        shift_y = (source.top + 0.5 - y) * scale + y - area.top - 0.5
        affine = np.array([[scale, 0.0, shift_x], [0.0, scale, shift_y]])

        def enlarged(mask: NDArray[np.uint8]) -> Mask:
            warped = cv2.warpAffine(mask, affine, (area.width, area.height), flags=cv2.INTER_LINEAR)
            return np.asarray(warped, dtype=np.float32) / np.float32(255)

        under, alpha = _blank(area)
        if outline is not None:
            _over(under, alpha, enlarged(outline), self.style.outline.colour, self.style.outline.opacity)
        _over(under, alpha, enlarged(letters), colour)
        return to_patch(under, alpha, area)

    def plate(self) -> Patch | None:
        """The plate behind the page."""
        box = self.style.box
        if box is None:
            return None
        lines = [self._behind([run for run in self.runs if run.baseline_px == at], box) for at in self._baselines()]
        found = [edges for edges in lines if edges is not None]
        if box.hug == "page" and found:
            lefts, tops, rights, bottoms = zip(*found, strict=True)
            found = [Edges(min(lefts), min(tops), max(rights), max(bottoms))]
        return self._plates(found, box)

    def word_plate(self, number: int) -> Patch | None:
        """The plate behind a word."""
        box = self.style.word_box
        if box is None:
            return None
        own = [run for run in self.runs if run.word == number]
        parts = [self._behind([run for run in own if run.baseline_px == at], box) for at in self._baselines()]
        return self._plates([edges for edges in parts if edges is not None], box)

    def edges(self) -> Edges:
        """The rectangle it takes on screen, plates and outline included, its shadow not."""
        tight = _extents(self.runs, self.style.outline.width * self.size_px)
        found = [Edges(*tight)] if tight is not None else []
        for box in (self.style.box, self.style.word_box):
            if box is not None:
                lines = [
                    self._behind([run for run in self.runs if run.baseline_px == at], box) for at in self._baselines()
                ]
                found += [edges for edges in lines if edges is not None]
        lefts, tops, rights, bottoms = zip(*found, strict=True)
        return Edges(min(lefts), min(tops), max(rights), max(bottoms))

    def _baselines(self) -> list[float]:
        return sorted({run.baseline_px for run in self.runs})

    def _behind(self, runs: Sequence[TextRun], box: Box) -> Edges | None:
        """The plate of runs on one line: as high as its script's letters go, so that it keeps its height."""
        tight = _extents(runs, 0.0)
        if tight is None:
            return None
        left, top, right, bottom = tight
        baseline_px = runs[0].baseline_px
        above, below = reach("".join(run.text for run in self.runs))
        padding_px = box.padding * self.size_px
        return Edges(
            left - padding_px * PLATE_WIDENING,
            min(baseline_px - above * self.size_px, top) - padding_px,
            right + padding_px * PLATE_WIDENING,
            max(baseline_px + (below - 0.06) * self.size_px, bottom) + padding_px,
        )

    def _plates(self, edges: Sequence[Edges], box: Box) -> Patch | None:
        if not edges:
            return None
        lefts, tops, rights, bottoms = zip(*edges, strict=True)
        area = _area((min(lefts), min(tops), max(rights), max(bottoms)), 0.0, *self.frame)
        under, alpha = _blank(area)
        _over(under, alpha, _plate(edges, box.corner * self.size_px, area), box.colour, box.opacity)
        return to_patch(under, alpha, area)


def paint_caption(runs: Sequence[TextRun], style: CaptionStyle, width_px: int, height_px: int) -> CaptionArt | None:
    """The shapes of a caption that was laid out, or None when it has no visible letter."""
    size_px = max((run.size_px for run in runs), default=0.0)
    outline_px = style.outline.width * size_px
    tight = _extents(runs, outline_px)
    if tight is None:
        return None
    area = _area(tight, _shadow_reach_px(style.shadow, size_px), width_px, height_px)
    shade, shade_alpha = _blank(area)
    _shade(shade, shade_alpha, runs, style.shadow, size_px, outline_px, area)
    words: dict[int, WordShape] = {}
    taken = np.zeros_like(shade_alpha)
    for number in sorted({run.word for run in runs}, reverse=True):  # where two words touch, the later lies on top
        own = [run for run in runs if run.word == number]
        share = _coverage(own, area) * (1.0 - taken)
        taken += share
        shape = _word_shape(share, own[0].level % 2 == 1)
        if shape is not None:
            words[number] = shape
    under, under_alpha = shade.copy(), shade_alpha.copy()
    if outline_px > 0:
        _over(under, under_alpha, _coverage(runs, area, outline_px), style.outline.colour, style.outline.opacity)
    under *= (1.0 - taken)[..., None]
    alpha = taken + under_alpha * (1.0 - taken)
    around = Around(_components_of(under), alpha, _halved(alpha))
    return CaptionArt(tuple(runs), style, size_px, (width_px, height_px), area, shade, shade_alpha, around, words)


def _meets(run: TextRun, area: Area) -> bool:
    """Whether a run may reach into an area."""
    reach_px = run.size_px
    return (
        run.x_px - reach_px < area.right
        and run.x_px + run.width_px + reach_px > area.left
        and run.baseline_px - 1.5 * reach_px < area.bottom
        and run.baseline_px + reach_px > area.top
    )


def paint_label(layout: LabelLayout, style: LabelStyle, width_px: int, height_px: int) -> Patch | None:
    """A label that was laid out; None when it has no visible letter."""
    size_px = max((run.size_px for run in layout.runs), default=0.0)
    tight = _extents(layout.runs, style.outline.width * size_px)
    if tight is None:
        return None
    plate = layout.plate
    edges = (
        min(tight[0], plate.left),
        min(tight[1], plate.top),
        max(tight[2], plate.right),
        max(tight[3], plate.bottom),
    )
    area = _area(edges, _shadow_reach_px(style.shadow, size_px), width_px, height_px)
    under, alpha = _blank(area)
    if style.box is not None:
        _over(under, alpha, _plate([plate], style.box.corner * size_px, area), style.box.colour, style.box.opacity)
    if layout.bar is not None:
        _over(under, alpha, _plate([layout.bar], 0.0, area), style.bar_colour)
    outline_px = style.outline.width * size_px
    _shade(under, alpha, layout.runs, style.shadow, size_px, outline_px, area)
    if outline_px > 0:
        _over(under, alpha, _coverage(layout.runs, area, outline_px), style.outline.colour, style.outline.opacity)
    for number, colour in enumerate((style.colour, style.small_colour)):
        some = [run for run in layout.runs if run.word == number]
        if some:
            _over(under, alpha, _coverage(some, area), colour)
    return to_patch(under, alpha, area)


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
        if run.tracking_px:
            right = max(right, run.width_px)  # tracking makes a run wider than its letters
        edges.append(
            (
                run.x_px + left - stroke_px,
                run.baseline_px + top - stroke_px,
                run.x_px + right + stroke_px,
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


def _plate(edges: Sequence[Edges], corner_px: float, area: Area) -> Mask:
    """Rounded plates, drawn four times too large for smooth corners."""
    fine = 4
    image = Image.new("L", (area.width * fine, area.height * fine))
    pen = ImageDraw.Draw(image)
    for left, top, right, bottom in edges:
        box = [(left - area.left) * fine, (top - area.top) * fine]
        box += [(right - area.left) * fine - 1, (bottom - area.top) * fine - 1]
        pen.rounded_rectangle(box, radius=corner_px * fine, fill=255)
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


def _word_shape(share: Mask, right_to_left: bool) -> WordShape | None:
    rows, columns = np.flatnonzero(share.any(axis=1)), np.flatnonzero(share.any(axis=0))
    if not rows.size:
        return None
    top, left = int(rows[0]) & ~1, int(columns[0]) & ~1
    bottom, right = (int(rows[-1]) | 1) + 1, (int(columns[-1]) | 1) + 1
    part = share[top:bottom, left:right].copy()
    return WordShape(top, left, part, _halved(part), right_to_left)


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
