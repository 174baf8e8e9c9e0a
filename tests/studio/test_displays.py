"""Cards, tables and sheets show what is there, and nothing of a story is taken as markup."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import SceneDescription
from storyreel.shots.model import Scene
from storyreel.story.model import Chapter, Character, Place, Story
from storyreel.studio import chapter_table, contact_sheet, scene_table, story_card

STORY = Story(
    title="<b>A & B</b>", hook="A hook.", genres=("Drama", "Mystery", "Sea"), premise="It begins.", tone="Cold.",
    pacing="Slow.", mood="cold", cast=(Character(name="Mara", role="keeper", look="red coat"),),
    places=(Place(name="Rock", look="a tower"),), palette=("#101010", "#202020"),
)  # fmt: skip


def scene(index: int) -> Scene:
    return Scene(index=index, chapter=1, first_word=0, last_word=9, prompt="x",
                 description=SceneDescription(subject=f"subject {index}", camera="wide"))  # fmt: skip


def test_the_story_card_escapes_what_a_writer_wrote() -> None:
    html = story_card(STORY).data
    assert "<b>A & B</b>" not in html
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in html
    for part in ("A hook.", "Drama", "Mara", "Rock", "#202020"):
        assert part in html


def test_chapters_and_scenes_as_tables() -> None:
    chapters = chapter_table([Chapter(number=3, title="T", text="word " * 160, summary="S")])
    assert chapters.loc[3].to_dict() == {"title": "T", "words": 160, "minutes": 1.0, "summary": "S"}
    scenes = scene_table([scene(1), scene(2)])
    assert list(scenes["subject"]) == ["subject 1", "subject 2"]
    assert scenes.loc[2, "words"] == "0 to 9"


def test_the_contact_sheet_holds_every_picture_in_order(tmp_path: Path) -> None:
    project, pictures = Project("a", tmp_path), {}
    colours = [(200, 0, 0), (0, 200, 0), (0, 0, 200), (200, 200, 0)]
    for index, colour in enumerate(colours, 1):
        data = io.BytesIO()
        Image.new("RGB", (640, 360), colour).save(data, "PNG")
        blob = store_of(project).put_bytes(data.getvalue(), ".png")
        pictures[index] = Asset(
            kind="image", blob=blob, width_px=640, height_px=360, provenance=Provenance(provider="t")
        )
    sheet = contact_sheet(project, [scene(index) for index in pictures], pictures, columns=2)
    cells = [sheet.getpixel((12 + 180 + column * 372, 12 + 100 + row * 214)) for row in (0, 1) for column in (0, 1)]
    assert cells == colours
