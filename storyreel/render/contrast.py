"""How well captions stand out from the pictures behind them, measured on finished frames.

Contrast is WCAG 2.2's: (lighter + 0.05) / (darker + 0.05) of relative luminances (success criterion 1.4.3 asks for
4.5; its glossary defines both). What lies behind letters is what shows within their outline and shadow, or their plate:
the ring around them that the eye parts them from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyreel.render.overlay import Planes
from storyreel.render.text import caption_shapes
from storyreel.timeline.model import Timeline
from storyreel.timeline.quality import Finding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from storyreel.render.text_paint import CaptionArt

LEAST_CONTRAST = 4.5
_SOURCE = "WCAG 2.2, 1.4.3"
_NEAR, _FAR = 0.02, 0.075  # the ring around letters, in ems from them


@dataclass(frozen=True, slots=True)
class WordContrast:
    """What was measured of a caption's word: relative luminances of its letters and of what is around them, 0 to 1."""

    word: int
    letters: float
    behind: float

    @property
    def ratio(self) -> float:
        """From 1 (nothing to see) to 21."""
        lighter, darker = max(self.letters, self.behind), min(self.letters, self.behind)
        return (lighter + 0.05) / (darker + 0.05)


def contrast_findings(timeline: Timeline, frame_at: Callable[[int], Planes]) -> tuple[Finding, ...]:
    """Captions whose least readable word falls short of a contrast of 4.5 to 1, on each one's middle frame.

    Args:
        frame_at: gives the planes of a finished frame, its captions on it.

    Raises:
        InputError, StorageError: as `storyreel.render.text.overlay_spans`.
    """
    found: list[Finding] = []
    for number, art in caption_shapes(timeline):
        cue = timeline.cues[number]
        frame = (cue.start_frame + min(cue.end_frame, timeline.length_frames)) // 2
        measured = word_contrasts(frame_at(frame), art)
        worst = min((word.ratio for word in measured), default=21.0)
        if worst < LEAST_CONTRAST:
            found.append(
                Finding(
                    kind="contrast",
                    cue=number,
                    start_s=timeline.rate.seconds(cue.start_frame),
                    measured=worst,
                    norm=LEAST_CONTRAST,
                    unit="to 1",
                    source=_SOURCE,
                    text=cue.text.replace("\n", " / "),
                )
            )
    return tuple(found)


def word_contrasts(planes: Planes, art: CaptionArt) -> tuple[WordContrast, ...]:
    """Measure every word of a caption on a finished frame.

    Args:
        planes: y (H, W), u, v (H/2, W/2) of the frame, BT.709 limited range.
        art: the caption's shapes; words without a letter as wide as two pixels are left out.
    """
    import cv2
    import numpy as np

    area = art.area
    luminance = relative_luminance(
        (
            planes[0][area.top : area.bottom, area.left : area.right],
            planes[1][area.top // 2 : area.bottom // 2, area.left // 2 : area.right // 2],
            planes[2][area.top // 2 : area.bottom // 2, area.left // 2 : area.right // 2],
        )
    )
    shares = _shares(art)
    free = (sum(shares.values(), np.zeros_like(luminance)) < 0.02).astype(np.uint8)
    distance = cv2.distanceTransform(free, cv2.DIST_L2, 5)
    near_px, far_px = max(_NEAR * art.size_px, 1.0), max(_FAR * art.size_px, 2.0)
    measured: list[WordContrast] = []
    for number, share in shares.items():
        inside = share > 0.98
        around = cv2.distanceTransform((share < 0.02).astype(np.uint8), cv2.DIST_L2, 5)
        ring = (around > near_px) & (around <= far_px) & (distance > near_px)
        if inside.any() and ring.any():
            measured.append(WordContrast(number, float(luminance[inside].mean()), float(luminance[ring].mean())))
    return tuple(measured)


def _shares(art: CaptionArt) -> dict[int, NDArray[np.float32]]:
    """How much of each pixel of the caption's area each word's letters take."""
    import numpy as np

    shares: dict[int, NDArray[np.float32]] = {}
    for number, word in art.words.items():
        whole = np.zeros((art.area.height, art.area.width), dtype=np.float32)
        height, width = word.share.shape
        whole[word.top : word.top + height, word.left : word.left + width] = word.share
        shares[number] = whole
    return shares


def relative_luminance(planes: Planes) -> NDArray[np.float32]:
    """WCAG's relative luminance, 0 to 1, of every pixel: R'G'B' by BT.709's matrix, linear by sRGB's curve.

    Args:
        planes: y (h, w), u, v (h/2, w/2), limited range.

    Returns:
        float32 (h, w).
    """
    import numpy as np

    y = (planes[0].astype(np.float32) - 16.0) / 219.0
    u, v = (np.repeat(np.repeat((p.astype(np.float32) - 128.0) / 224.0, 2, axis=0), 2, axis=1) for p in planes[1:])
    red, blue = y + 1.5748 * v, y + 1.8556 * u
    green = (y - 0.2126 * red - 0.0722 * blue) / 0.7152
    rgb = np.clip(np.stack((red, green, blue)), 0.0, 1.0)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance: NDArray[np.float32] = (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]).astype(np.float32)
    return luminance
