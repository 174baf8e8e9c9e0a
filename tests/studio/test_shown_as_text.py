"""What people, writers and services say is shown as text: markup in it never becomes part of a page."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path

import ipywidgets as widgets
import pytest
from PIL import Image

from storyreel.errors import BadAnswer, InputError
from storyreel.inputs.templates import template
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.progress import Event, Progress
from storyreel.project import Project, Record
from storyreel.recipes._finish import Film, keep_timeline
from storyreel.recipes.edits import keep_assembled
from storyreel.settings import Settings
from storyreel.story.model import Character, Place, Story
from storyreel.studio.application import Studio
from storyreel.studio.displays import film_player, story_card
from storyreel.studio.look import alert
from storyreel.studio.origins import picture_board
from storyreel.studio.panel import ProgressPanel
from storyreel.timeline.model import Clip, Cue, CueWord, Timeline

MARK = "<img src=x onerror=alert(1)>"
QUOTED = f"'\"/>{MARK}"
LIVE = re.compile(r"<img src=x|<script", re.IGNORECASE)


def assert_text(*shown: str) -> None:
    """No markup of ours is in it: a page takes it for letters."""
    for each in shown:
        assert not LIVE.search(each), each[:400]


def every_markup() -> list[str]:
    """What every HTML widget of this process shows now."""
    alive = list(widgets.widget._instances.values())
    return [str(widget.value) for widget in alive if isinstance(widget, (widgets.HTML, widgets.HTMLMath))]


@pytest.fixture
def film(tmp_path: Path, picture: Asset) -> Project:
    """A film in which every text is markup."""
    project = Project("lamp", tmp_path / "cache")
    inputs = {"title": QUOTED, "chapters": 1, "words": 30}
    project.save_record(Record(recipe="title", inputs=inputs, crew={"painter": "offline"}, settings=Settings()))
    word = CueWord(text=QUOTED, start_frame=0, end_frame=9)
    timeline = Timeline(
        title=QUOTED, width_px=192, height_px=108, length_frames=24, rate=Settings().rate,
        clips=(Clip(id="s0001", start_frame=0, length_frames=24, asset=picture),),
        cues=(Cue(start_frame=0, length_frames=9, lines=((word,),)),),
    )  # fmt: skip
    keep_timeline(project, keep_assembled(project, timeline).timeline)
    failed = BadAnswer("acme", f"the service says {QUOTED}")
    for event in (
        Event(at_s=time.time(), kind="run", step="title", shares={QUOTED: 1.0, "illustrate": 1.0}),
        Event(at_s=time.time(), kind="started", step=QUOTED),
        Event(at_s=time.time(), kind="warned", step="illustrate", message=QUOTED),
        Event(at_s=time.time(), kind="failed", step="illustrate", message=str(failed)),
        Event(at_s=time.time(), kind="stopped", step="title", message=str(failed)),
    ):
        project.progress.emit(event)
    (project.folder / "run.log").write_text(f"storyreel: {failed}\n")
    return project


@pytest.fixture
def picture(tmp_path: Path) -> Asset:
    data = io.BytesIO()
    Image.new("RGB", (320, 180), (90, 100, 165)).save(data, "PNG")
    blob = store_of(Project("lamp", tmp_path / "cache")).put_bytes(data.getvalue(), ".png")
    origin = Provenance(provider=QUOTED, prompt=QUOTED, model=QUOTED, credit=QUOTED)
    return Asset(kind="image", blob=blob, width_px=320, height_px=180, provenance=origin)


def test_the_whole_studio_shows_a_hostile_film_as_text(film: Project) -> None:
    """Title, script, captions, prompts, steps, warnings and a service's error, on every place of the page."""
    studio = Studio(film.cache)
    try:
        studio.open(film.id)
        for place in ("films", "make", "edit", "export"):
            studio.go(place)  # type: ignore[arg-type]
        shown = every_markup()
        assert_text(*shown)
        assert any("&lt;img src=x" in each for each in shown), "nothing of the film was shown at all"
    finally:
        studio.close()


def test_a_notebooks_displays_show_a_hostile_story_as_text(film: Project, picture: Asset) -> None:
    story = Story(
        title=QUOTED, hook=QUOTED, genres=(QUOTED, QUOTED, QUOTED), premise=QUOTED, tone=QUOTED, pacing=QUOTED,
        mood="cold", cast=(Character(name=QUOTED, role=QUOTED, look=QUOTED),),
        places=(Place(name=QUOTED, look=QUOTED),),
        palette=("#101010", "#202020"),
    )  # fmt: skip
    assert_text(story_card(story).data)
    board = picture_board(film, {QUOTED: picture}).data
    assert_text(board)
    assert "&lt;img src=x" in board


def test_a_progress_panel_shows_a_services_error_as_text(film: Project) -> None:
    progress = Progress()
    panel = ProgressPanel(progress)
    for line in (film.folder / "events.jsonl").read_text().splitlines():
        progress.show(Event.model_validate_json(line))
    shown = every_markup()
    assert_text(*shown)
    assert "&lt;img src=x" in panel.warnings.value


def test_a_film_player_names_a_hostile_title_as_text(film: Project, tmp_path: Path) -> None:
    timeline = Timeline.model_validate_json((film.folder / "timeline.json").read_bytes())
    with (tmp_path / QUOTED.replace("/", "")).open("wb") as large:
        large.truncate(1 << 27)
    assert_text(film_player(Film(film, timeline, Path(large.name))).data)


def test_a_template_that_is_refused_is_quoted_as_text_where_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f"title = '''{MARK}'''\n")
    with pytest.raises(InputError) as refused:
        template(path)
    assert_text(alert(str(refused.value) + MARK))


def test_the_pages_own_program_never_writes_markup() -> None:
    """The front end builds its page from elements and text alone."""
    source = Path(__file__).parents[2] / "widgets" / "src"
    found = [
        f"{path.name}: {line.strip()}"
        for path in source.rglob("*.ts")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(", line)
    ]
    assert found == []
    assert len(list(source.rglob("*.ts"))) > 5
