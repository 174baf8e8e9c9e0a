"""Every step's result as something to look at in a notebook: cards, tables, a storyboard, the film itself."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from html import escape
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.media.model import Asset
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.picture_files import opened_still
from storyreel.shots.model import Scene
from storyreel.shots.segments import Segment
from storyreel.story.model import Chapter, Story

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import HTML
    from PIL.Image import Image

    from storyreel.recipes._finish import Film

THUMBNAIL_WIDTH_PX = 360
SPOKEN_WORDS_PER_MINUTE = 160
EMBEDDED_FILM_BYTES = 64 << 20


def story_card(story: Story) -> HTML:
    """The story at a glance: hook, genres, tone, cast, places and palette."""
    from IPython.display import HTML

    chips = "".join(
        "<span style='border:1px solid #858D96;border-radius:12px;padding:2px 10px;margin-right:6px;font-size:12px'>"
        f"{escape(genre)}</span>"
        for genre in story.genres
    )
    swatches = "".join(
        f"<span title='{escape(colour)}' "
        f"style='display:inline-block;width:36px;height:20px;background:{escape(colour)}'>"
        "</span>"
        for colour in story.palette
    )
    people = "".join(
        f"<li><b>{escape(person.name)}</b>, {escape(person.role)}: {escape(person.look)}</li>" for person in story.cast
    )
    places = "".join(f"<li><b>{escape(place.name)}</b>: {escape(place.look)}</li>" for place in story.places)
    return HTML(
        "<div style='max-width:720px;border:1px solid #DCE0E4;border-radius:8px;padding:20px 24px;line-height:1.5'>"
        f"<div style='font-size:24px;font-weight:600;margin-bottom:8px'>{escape(story.title)}</div>"
        f"<div style='margin-bottom:12px'>{chips}</div>"
        f"<p style='font-size:15px'>{escape(story.hook)}</p>"
        f"<p style='font-size:13px'>{escape(story.tone)} {escape(story.pacing)}</p>"
        f"<div style='margin:12px 0'>{swatches}</div>"
        f"<details><summary>Premise</summary><p>{escape(story.premise)}</p></details>"
        f"<details open><summary>Cast</summary><ul>{people}</ul></details>"
        f"<details><summary>Places</summary><ul>{places}</ul></details></div>"
    )


def chapter_table(chapters: Sequence[Chapter]) -> pd.DataFrame:
    """The chapters as a table: title, words, about how many minutes they take to tell, summary."""
    import pandas as pd

    counts = [len(chapter.text.split()) for chapter in chapters]
    return pd.DataFrame(
        {
            "title": [chapter.title for chapter in chapters],
            "words": counts,
            "minutes": [round(count / SPOKEN_WORDS_PER_MINUTE, 1) for count in counts],
            "summary": [chapter.summary for chapter in chapters],
        },
        index=pd.Index([chapter.number for chapter in chapters], name="chapter"),
    )


def scene_table(scenes: Sequence[Scene]) -> pd.DataFrame:
    """The scenes as a table: what is seen, from where, in what light."""
    import pandas as pd

    columns = ("subject", "camera", "lighting", "emotion", "environment")
    rows = {name: [getattr(scene.description, name) for scene in scenes] for name in columns}
    words = [f"{scene.first_word} to {scene.last_word}" for scene in scenes]
    return pd.DataFrame(
        {"chapter": [scene.chapter for scene in scenes], "words": words, **rows},
        index=pd.Index([scene.index for scene in scenes], name="scene"),
    )


def contact_sheet(
    project: Project, scenes: Sequence[Scene | Segment], pictures: Mapping[int, Asset], *, columns: int = 3
) -> Image:
    """The storyboard: every scene's or segment's picture with its number, as one image of `columns` pictures a row."""
    return storyboard(project, {str(scene.index): pictures[scene.index] for scene in scenes}, columns=columns)


def storyboard(project: Project, pictures: Mapping[str, Asset], *, columns: int = 4) -> Image:
    """Pictures with their names, such as a script film's by shot, as one image of `columns` pictures a row."""
    from PIL import Image, ImageDraw, ImageFont

    store, gap = store_of(project), 12
    first = next(iter(pictures.values()))
    height_px = round(THUMBNAIL_WIDTH_PX * first.height_px / first.width_px)
    columns = min(columns, len(pictures))
    rows = ceil(len(pictures) / columns)
    sheet = Image.new(
        "RGB", (columns * (THUMBNAIL_WIDTH_PX + gap) + gap, rows * (height_px + gap) + gap), (243, 244, 245)
    )
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(16)
    for position, (label, asset) in enumerate(pictures.items()):
        x = gap + position % columns * (THUMBNAIL_WIDTH_PX + gap)
        y = gap + position // columns * (height_px + gap)
        with opened_still(store.path(asset.blob)) as picture:
            sheet.paste(
                picture.convert("RGB").resize((THUMBNAIL_WIDTH_PX, height_px), Image.Resampling.LANCZOS), (x, y)
            )
        draw.rounded_rectangle((x + 8, y + 8, x + 20 + draw.textlength(label, font), y + 32), 6, fill=(9, 10, 12))
        draw.text((x + 14, y + 10), label, font=font, fill=(255, 255, 255))
    return sheet


def film_player(film: Film, *, width_px: int = 720) -> HTML:
    """The film inline, embedded in the notebook up to 64 MB; a larger one is shown as its place on disk."""
    from IPython.display import HTML

    path = film.path
    if path.stat().st_size > EMBEDDED_FILM_BYTES:
        return HTML(
            f"<p>The film is too large to embed in a notebook. It is here: <code>{escape(str(path))}</code></p>"
        )
    data, poster = base64.b64encode(path.read_bytes()).decode(), base64.b64encode(_poster(path)).decode()
    return HTML(
        f"<video controls preload='metadata' style='max-width:100%;width:{width_px}px;border-radius:4px' "
        f"poster='data:image/jpeg;base64,{poster}' "
        f"aria-label='{escape(film.timeline.title, quote=True)}' src='data:video/mp4;base64,{data}'></video>"
    )


def _poster(path: Path) -> bytes:
    """A frame from the film's first third as JPEG: its very first one is black."""
    import av
    from PIL import Image

    picture = io.BytesIO()
    with av.open(path) as film:
        film.seek((film.duration or 0) // 4)
        Image.fromarray(next(film.decode(video=0)).to_ndarray(format="rgb24")).save(picture, "JPEG", quality=82)
    return picture.getvalue()
