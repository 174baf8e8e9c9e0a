"""A flow's segments as something to look at: their opening frames in a row, each with how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from storyreel.media.flow import Segment
from storyreel.media.model import Asset
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.picture_files import opened_still

if TYPE_CHECKING:
    from PIL.Image import Image

_WIDTH_PX, _GAP_PX, _BAR_PX = 260, 12, 30
_COLOURS = {"done": "#2f7d4f", "running": "#2b6cb0", "queued": "#858d96", "stale": "#b7791f", "failed": "#c53030"}


def segment_strip(project: Project, segments: Sequence[Segment], *, columns: int = 4) -> Image:
    """Every segment's opening frame with its number, length and status, as one image of `columns` frames a row."""
    from PIL import Image, ImageDraw, ImageFont

    first = next((segment.start_frame for segment in segments if segment.start_frame is not None), None)
    height_px = round(_WIDTH_PX * first.height_px / first.width_px) if first is not None else _WIDTH_PX * 9 // 16
    columns = max(1, min(columns, len(segments)))
    rows = -(-len(segments) // columns)
    cell_w, cell_h = _WIDTH_PX + _GAP_PX, height_px + _BAR_PX + _GAP_PX
    strip = Image.new("RGB", (columns * cell_w + _GAP_PX, rows * cell_h + _GAP_PX), (243, 244, 245))
    draw, font = ImageDraw.Draw(strip), ImageFont.load_default(15)
    for place, segment in enumerate(segments):
        x, y = place % columns * cell_w + _GAP_PX, place // columns * cell_h + _GAP_PX
        if segment.start_frame is None:
            draw.rectangle((x, y, x + _WIDTH_PX, y + height_px), fill=(220, 224, 228))
        else:
            with opened_still(store_of(project).path(segment.start_frame.blob)) as picture:
                small = picture.convert("RGB").resize((_WIDTH_PX, height_px), Image.Resampling.LANCZOS)
                strip.paste(small, (x, y))
        told = f"{segment.status} {segment.fraction:.0%}" if segment.status == "running" else segment.status
        draw.rectangle((x, y + height_px, x + _WIDTH_PX, y + height_px + _BAR_PX), fill=_COLOURS[segment.status])
        text = f"{segment.number}   {segment.length_s:g} s   {told}"
        draw.text((x + 8, y + height_px + 6), text, font=font, fill=(255, 255, 255))
    return strip


def picture(project: Project, asset: Asset) -> Image:
    """One picture of a project, as an image."""
    with opened_still(store_of(project).path(asset.blob)) as opened:
        rgb: Image = opened.convert("RGB")
        return rgb
