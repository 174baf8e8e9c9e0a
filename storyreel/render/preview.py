"""A preview: the same timeline in a small size, with a marked placeholder wherever a picture is still missing.

It is rendered from pieces as the film is, so after an edit only what changed is drawn again.
"""

from __future__ import annotations

from io import BytesIO

from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import Store
from storyreel.timeline.model import Clip, Fit, Motion, Timeline

PREVIEW_SIDE_PX = 540
_STRIPES, _PAPER, _INK = (58, 62, 70), (76, 81, 91), (255, 196, 64)


def preview_of(timeline: Timeline, store: Store) -> Timeline:
    """The timeline with its shorter side at most `PREVIEW_SIDE_PX`, and placeholders kept in the store.

    Raises:
        DiskFull, StorageError: a placeholder could not be kept.
    """
    width_px, height_px = preview_size(timeline.width_px, timeline.height_px)
    clips = tuple(
        clip if clip.asset is not None else _marked(clip, width_px, height_px, store) for clip in timeline.clips
    )
    return timeline.model_copy(update={"width_px": width_px, "height_px": height_px, "clips": clips})


def preview_size(width_px: int, height_px: int) -> tuple[int, int]:
    """A frame's size made smaller until its shorter side is `PREVIEW_SIDE_PX`; both even. Small ones stay."""
    scale = min(1.0, PREVIEW_SIDE_PX / min(width_px, height_px))
    return round(width_px * scale / 2) * 2, round(height_px * scale / 2) * 2


def placeholder_picture(name: str, width_px: int, height_px: int) -> bytes:
    """A PNG that nobody takes for a film's picture: hatched, framed, with the clip's name and what is missing."""
    from PIL import Image, ImageDraw, ImageFont

    from storyreel.render.text_fonts import FOLDER, SANS

    unit = min(width_px, height_px)
    picture = Image.new("RGB", (width_px, height_px), _PAPER)
    draw = ImageDraw.Draw(picture)
    step = max(8, unit // 9)
    for x in range(-height_px, width_px + height_px, step):
        corners = [(x, height_px), (x + height_px, 0), (x + height_px + step // 2, 0), (x + step // 2, height_px)]
        draw.polygon(corners, _STRIPES)
    edge = max(2, unit // 90)
    draw.rectangle((0, 0, width_px - 1, height_px - 1), outline=_INK, width=edge)
    lines = [(name, unit * 0.16), ("no picture yet", unit * 0.06)]
    middle_x, y = width_px / 2, height_px / 2 - unit * 0.07
    for text, size_px in lines:
        font = ImageFont.truetype(FOLDER / SANS, size_px, layout_engine=ImageFont.Layout.BASIC)
        wide = font.getlength(text)
        if wide > width_px * 0.9:
            font = font.font_variant(size=size_px * width_px * 0.9 / wide)
        draw.text((middle_x, y), text, fill=_INK, font=font, anchor="mm", stroke_width=edge * 2, stroke_fill=_STRIPES)
        y += unit * 0.15
    data = BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def _marked(clip: Clip, width_px: int, height_px: int, store: Store) -> Clip:
    asset = Asset(
        kind="image",
        blob=store.put_bytes(placeholder_picture(clip.id, width_px, height_px), ".png"),
        width_px=width_px,
        height_px=height_px,
        provenance=Provenance(provider="storyreel"),
    )
    return clip.model_copy(update={"asset": asset, "motion": Motion(), "fit": Fit()})
