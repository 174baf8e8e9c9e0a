import json

import pytest

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.project import Project, Record
from storyreel.publish.shorts.moments import Moment
from storyreel.recipes.edits import write_timeline
from storyreel.recipes.shorts import RECIPE, SHORTS_NAME, chosen_shorts
from storyreel.settings import Settings
from storyreel.studio.short_films import ShortsPanel
from storyreel.timeline.model import Clip, Timeline


@pytest.fixture
def film(tmp_path):
    """A film of 40 s with two moments chosen, of which one is a finished short."""
    project = Project("pier", tmp_path)
    project.save_record(Record(recipe="title", inputs={"title": "Pier"}, crew={}, settings=Settings()))
    blob = Blob(sha256="1" * 64, suffix=".png", size_bytes=1)
    asset = Asset(kind="image", blob=blob, width_px=16, height_px=9, provenance=Provenance(provider="test"))
    clip = Clip(id="s1", asset=asset, start_frame=0, length_frames=400)
    write_timeline(project.path("timeline.json"), Timeline(
        title="Pier", rate=Rate(num=10), width_px=192, height_px=108, length_frames=400, clips=(clip,)))  # fmt: skip
    moments = [
        Moment(first_frame=first, after_frame=first + 150, start_s=first / 10, end_s=first / 10 + 15, score=1.0,
               text="", title=title, reasons=("laughter",))
        for first, title in ((200, "He <b>laughed"), (0, "The pier"))
    ]  # fmt: skip
    project.path(SHORTS_NAME).write_text(json.dumps([each.model_dump(mode="json") for each in moments]))
    first, _ = chosen_shorts(project)
    first.project.save_record(Record(recipe=RECIPE, inputs={"film": "pier"}, crew={}, settings=Settings()))
    first.project.path("film.mp4").write_bytes(b"film")
    return project


@pytest.fixture
def asked():
    return []


@pytest.fixture
def panel(asked):
    return ShortsPanel(lambda *wanted: asked.append(wanted), asked.append, asked.append)


def rows(panel):
    return [(line.children[0].value, line.children[1]) for line in panel.list.children]


def test_so_many_are_asked_for_as_are_chosen(panel, film, asked):
    panel.draw(film, "title", False, 0)
    panel.count.value, panel.platform.value = 5, "tiktok"
    panel.make.click()
    assert asked == [(5, "tiktok")]


def test_each_short_is_listed_with_its_reasons_and_opens_as_a_film(panel, film, asked):
    panel.draw(film, "title", False, 0)
    (one, open_one), (other, open_other) = rows(panel)
    assert "<b>He &lt;b&gt;laughed</b>" in one
    assert "0:20 to 0:35, laughter" in one
    assert "Not made yet" in other
    assert (open_one.disabled, open_other.disabled) == (False, True)
    open_one.click()
    assert asked == ["pier-short-0m20s"]


def test_the_one_at_work_is_told_with_how_far_it_is_and_can_be_stopped(panel, film, asked):
    second = chosen_shorts(film)[1].project
    with second.locked():
        panel.draw(film, "title", False, 0)
        assert "Short 2 of 2, 0%" in panel.progress.value
        assert panel.make.disabled
        panel.stop.click()
    assert [project.id for project in asked] == [second.id]
    panel.draw(film, "title", False, 0)
    assert not panel.make.disabled


def test_why_none_can_be_made_is_said_and_a_short_has_none_of_its_own(panel, film, tmp_path):
    empty = Project("empty", tmp_path)
    empty.save_record(Record(recipe="title", inputs={}, crew={}, settings=Settings()))
    panel.draw(empty, "title", False, 0)
    assert panel.make.disabled
    assert "no timeline yet" in panel.progress.value
    panel.draw(film, RECIPE, False, 0)
    assert "rl-hidden" in panel.widget._dom_classes


def test_what_a_run_said_at_its_end_is_shown_until_all_are_there(panel, film):
    (film.folder / "run.log").write_text("storyreel: the disk is full\n")
    panel.draw(film, "title", False, 0)
    assert "the disk is full" in panel.progress.value
    second = chosen_shorts(film)[1].project
    second.path("film.mp4").write_bytes(b"film")
    panel.draw(film, "title", False, 0)
    assert "the disk is full" not in panel.progress.value
    assert not rows(panel)[1][1].disabled
