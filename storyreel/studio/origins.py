"""Pictures, clips and words with where they came from: shown on hover, and under each for who cannot hover."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from storyreel.media.container import open_media
from storyreel.media.flow import Segment
from storyreel.media.model import Asset, Provenance
from storyreel.memo.origins import Origin, origins_of
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.picture_files import opened_still

if TYPE_CHECKING:
    from IPython.display import HTML

_THUMBNAIL_PX = (360, 360)
_SHOWN_LETTERS = 120
_CELL = "margin:0;position:relative;background:#090A0C;border-radius:4px;overflow:hidden"
_BADGE = "position:absolute;left:6px;top:6px;background:#090A0C;color:#fff;border-radius:6px;padding:1px 8px"
_NOTE = "font-size:11px;line-height:15px;padding:4px 8px;color:#DCE0E4;white-space:nowrap;overflow:hidden"


def picture_board(project: Project, pictures: Mapping[str, Asset] | Mapping[int, Asset], *, columns: int = 4) -> HTML:
    """Pictures or clips by name or scene, `columns` a row; hovering over one tells all of where it came from."""
    return _board([_cell(project, str(label), asset) for label, asset in pictures.items()], columns)


def segment_board(project: Project, segments: Sequence[Segment], *, columns: int = 4) -> HTML:
    """A flow's segments by their opening pictures; hovering over one tells of its clip, or of the picture before."""
    return _board(
        [
            _cell(project, str(segment.number), segment.start_frame, segment.clip)
            for segment in segments
            if segment.start_frame is not None
        ],
        columns,
    )


def word_board(project: Project) -> HTML:
    """Every text that was written for a film, by what it is for; hovering over one tells who was asked what."""
    from IPython.display import HTML

    rows = "".join(map(_row, origins_of(project))) or "nothing has been written yet"
    return HTML(f"<div style='display:grid;gap:4px;max-width:1100px'>{rows}</div>")


def _row(origin: Origin) -> str:
    made = Provenance(
        provider=origin.provider, prompt=origin.prompt, seed=origin.seed, model=origin.model, request=origin.request,
        price_usd=None if origin.price_usd is None else float(origin.price_usd),
    )  # fmt: skip
    hover, asked = escape(made.told, quote=True), " ".join(origin.prompt.split())
    shown = f"{asked[:_SHOWN_LETTERS]}…" if len(asked) > _SHOWN_LETTERS else asked
    return (
        f"<div style='{_CELL};{_NOTE};text-overflow:ellipsis' title='{hover}'><b>{escape(origin.step)}</b> · "
        f"{escape(origin.model or origin.provider)} · {escape(shown)}</div>"
    )


def _board(cells: Sequence[str], columns: int) -> HTML:
    from IPython.display import HTML

    return HTML(
        f"<div style='display:grid;grid-template-columns:repeat({max(1, columns)},minmax(0,1fr));gap:8px;"
        f"max-width:1100px'>{''.join(cells)}</div>"
    )


def _cell(project: Project, label: str, asset: Asset, told: Asset | None = None) -> str:
    origin = (told or asset).provenance
    source = base64.b64encode(_thumbnail(project, asset)).decode()
    hover = escape(origin.told, quote=True)
    credit = f" · {escape(origin.credit.splitlines()[0])}" if origin.credit else ""
    return (
        f"<figure style='{_CELL}' title='{hover}'><img src='data:image/jpeg;base64,{source}' alt='{hover}' "
        f"style='width:100%;display:block'><span style='{_BADGE};font-size:12px'>{escape(label)}</span>"
        f"<figcaption style='{_NOTE}'>{escape(origin.model or origin.provider)}{credit}</figcaption></figure>"
    )


def _thumbnail(project: Project, asset: Asset) -> bytes:
    from PIL import Image

    path, data = store_of(project).path(asset.blob), io.BytesIO()
    if asset.kind == "video":
        with open_media(path) as container:
            picture = Image.fromarray(next(container.decode(video=0)).to_ndarray(format="rgb24"))
    else:
        with opened_still(path) as opened:
            picture = opened.convert("RGB")
    picture.thumbnail(_THUMBNAIL_PX, Image.Resampling.LANCZOS)
    picture.save(data, "JPEG", quality=82)
    return data.getvalue()
