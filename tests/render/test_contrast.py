from functools import cache

import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.render.caption_styles import CAPTION_STYLES
from storyreel.render.contrast import WordContrast, contrast_findings, relative_luminance
from storyreel.render.overlay import Planes, blend
from storyreel.render.text import overlay_spans
from storyreel.timeline.caption_style import CaptionStyle, Outline, Shadow
from storyreel.timeline.captions import cues, pace
from storyreel.timeline.model import Timeline

SIZE = (960, 540)


def grey(code: int) -> Planes:
    """One tone of sRGB, as BT.709 planes."""
    height, width = SIZE[1], SIZE[0]
    y = np.full((height, width), round(16 + 219 * code / 255), np.uint8)
    u, v = (np.full((height // 2, width // 2), 128, np.uint8) for _ in range(2))
    return y, u, v


def film(preset: str, style: CaptionStyle | None = None) -> Timeline:
    text = "The lighthouse at Merrow Point had not been lit for eleven years."
    return Timeline(
        title="t", rate=Rate(), width_px=SIZE[0], height_px=SIZE[1], length_frames=900, clips=(), captions=preset,
        caption_style=style, cues=cues(pace(text), Rate(), preset, "en", SIZE)[:2],
    )  # fmt: skip


def frames_over(timeline: Timeline, code: int):
    spans = overlay_spans(timeline)

    @cache
    def frame_at(frame: int) -> Planes:
        planes = grey(code)
        for span in spans:
            opacity = span.opacity(frame)
            patch = span.draw() if opacity else None
            if patch is not None:
                blend(planes, patch, opacity)
        return planes

    return frame_at


def test_luminance_and_ratio_are_wcags() -> None:
    """Black on white is 21 to 1; #767676 is the darkest grey said to pass 4.5 on white."""
    white, black, mid = (float(relative_luminance(grey(code))[0, 0]) for code in (255, 0, 0x76))
    assert WordContrast(0, black, white).ratio == pytest.approx(21.0, rel=1e-3)
    assert WordContrast(0, mid, white).ratio == pytest.approx(4.54, abs=0.06)
    assert WordContrast(0, white, mid).ratio == WordContrast(0, mid, white).ratio


@pytest.mark.parametrize("code", [250, 128, 5])
@pytest.mark.parametrize("preset", sorted(CAPTION_STYLES))
def test_every_preset_can_be_read_over_white_grey_and_black(preset, code) -> None:
    timeline = film(preset)
    assert contrast_findings(timeline, frames_over(timeline, code)) == ()


def test_white_letters_with_nothing_around_them_are_found_over_white_and_not_over_black() -> None:
    bare = CaptionStyle(size=0.06, current="#FFFFFF", outline=Outline(width=0.0), shadow=Shadow(opacity=0.0))
    timeline = film("documentary", bare)
    found = contrast_findings(timeline, frames_over(timeline, 240))
    assert [finding.cue for finding in found] == list(range(len(timeline.cues)))
    assert all(finding.kind == "contrast" and finding.measured < 1.5 for finding in found)
    assert "WCAG" in str(found[0])
    assert contrast_findings(timeline, frames_over(timeline, 20)) == ()
