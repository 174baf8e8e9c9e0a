"""Two versions of a film side by side: a row for each changed place, the one version left, the other right."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from storyreel.errors import InputError
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.preview import preview_of
from storyreel.render.steps import film_job
from storyreel.timeline.model import Timeline

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_ROWS = 8
CELL_PX = 480
_GAP, _HEAD, _FOOT = 12, 40, 30
_PAPER, _INK, _FAINT, _EMPTY = (246, 246, 244), (24, 26, 30), (106, 110, 118), (226, 226, 223)


def compared_pictures(
    project: Project, one: tuple[str, Timeline], other: tuple[str, Timeline], places: Sequence[tuple[str, int, int]]
) -> bytes:
    """A PNG with the frames at changed places, drawn as the film is, texts and all.

    Args:
        one, other: a version's name and timeline.
        places: what to write under a row, and the frame's number in either version; -1 where there is none.

    Raises:
        InputError: nothing that can be seen is different.
        RenderError: a picture cannot be read.
    """
    rows: dict[tuple[int, int], list[str]] = {}
    for told, before, after in places:
        if max(before, after) >= 0:
            rows.setdefault((before, after), []).append(told)
    if not rows:
        raise InputError(f"{one[0]!r} and {other[0]!r} look the same: there are no pictures to compare")
    chosen = list(rows.items())[:MOST_ROWS]
    with project.progress.task("compare", len(chosen) * 2, "pictures") as task:
        shown: list[dict[int, Image]] = []
        for side, (_, timeline) in enumerate((one, other)):
            wanted = sorted({place[side] for place, _ in chosen if place[side] >= 0})
            shown.append(_frames(project, timeline, wanted))
            task.advance(len(chosen))
    return _sheet(one[0], other[0], [(told, shown[0].get(a), shown[1].get(b)) for (a, b), told in chosen], len(rows))


def _frames(project: Project, timeline: Timeline, wanted: Sequence[int]) -> dict[int, Image]:
    """Some frames in a preview's size."""
    from storyreel.render.compose import draw_chunk
    from storyreel.render.frames import empty_planes
    from storyreel.render.stills import Masters

    store, masters, found = store_of(project), Masters(), {}
    small = preview_of(timeline, store)
    planes = empty_planes(small.width_px, small.height_px)
    film = film_job(small, "draft", "x264")
    for chunk in film.chunks:
        job = film.piece(chunk, masters)
        here = [number for number in wanted if chunk.start_frame <= number < chunk.end_frame]
        if not here:
            continue
        for at, _ in enumerate(draw_chunk(job.spec, store.path, job.spans, masters, planes), chunk.start_frame):
            project.progress.raise_if_cancelled()
            if at in here:
                found[at] = _picture(planes)
            if at >= here[-1]:
                break
    return found


def _picture(planes: Any) -> Image:
    import av
    import numpy as np
    from PIL import Image

    height, width = planes[0].shape
    frame: Any = av.VideoFrame(width, height, "yuv420p")
    for plane, source in zip(frame.planes, planes, strict=True):
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width] = source
    rgb = frame.reformat(format="rgb24", src_colorspace="ITU709", dst_colorspace="ITU709").to_ndarray()
    return Image.fromarray(rgb)


def _sheet(a: str, b: str, rows: Sequence[tuple[list[str], Image | None, Image | None]], changed: int) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    from storyreel.render.text_fonts import FOLDER, SANS

    some = next(picture for _, *pair in rows for picture in pair if picture is not None)
    width, height = CELL_PX, round(CELL_PX * some.height / some.width)
    if height > CELL_PX:
        width, height = round(CELL_PX * some.width / some.height), CELL_PX
    more = changed - len(rows)
    full = 3 * _GAP + 2 * width, _HEAD + len(rows) * (height + _FOOT) + (_FOOT if more else 0) + _GAP
    sheet = Image.new("RGB", full, _PAPER)
    draw = ImageDraw.Draw(sheet)

    def write(x: int, y: int, text: str, size_px: int, fill: tuple[int, int, int], room_px: int) -> None:
        font = ImageFont.truetype(FOLDER / SANS, size_px, layout_engine=ImageFont.Layout.BASIC)
        while font.getlength(text) > room_px and len(text) > 2:
            text = f"{text[:-2]}…"
        draw.text((x, y), text, fill=fill, font=font)

    for column, name in enumerate((a, b)):
        write(_GAP + column * (width + _GAP), 9, name, 20, _INK, width)
    for number, (told, *pair) in enumerate(rows):
        y = _HEAD + number * (height + _FOOT)
        for column, picture in enumerate(pair):
            x = _GAP + column * (width + _GAP)
            if picture is None:
                draw.rectangle((x, y, x + width - 1, y + height - 1), fill=_EMPTY)
                write(x + 16, y + height // 2 - 10, "not in this version", 15, _FAINT, width - 32)
            else:
                sheet.paste(picture.resize((width, height), Image.Resampling.LANCZOS), (x, y))
        write(_GAP, y + height + 5, ", ".join(told), 15, _FAINT, 2 * width)
    if more:
        write(_GAP, full[1] - _FOOT - 4, f"and {more} further places", 15, _FAINT, 2 * width)
    data = BytesIO()
    sheet.save(data, "PNG")
    return data.getvalue()
