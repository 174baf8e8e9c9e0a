"""Versions of a film: named, compared, gone back to, and nothing ever lost."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from storyreel import Settings, script_film
from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.recipes._finish import current, keep_timeline
from storyreel.recipes.edits import saved_edits, write_timeline
from storyreel.recipes.history import History
from storyreel.recipes.resume import edit
from storyreel.recipes.version_compare import compare, timeline_changes
from storyreel.recipes.versions import go_back, name_version, timeline_of, versions
from storyreel.timeline.anchors import anchored
from storyreel.timeline.edit import ChangeCaption, ChangeDuration, RemoveClip, SplitCaption


@pytest.fixture
def cut(project):
    """A film with two edits, whose state before them is called first."""
    name_version(project.id, "first", cache=project.cache)
    clip = timeline_of(project, "now").clips[1]
    edit(project.id, [ChangeCaption(cue=0, text="Another caption")], cache=project.cache)
    edit(project.id, [ChangeDuration(clip=clip.id, length_frames=clip.length_frames + 3)], cache=project.cache)
    return project


def _names(project) -> list[str]:
    return [version.name for version in versions(project.id, cache=project.cache)]


def test_versions_lists_edits_names_and_the_present(cut) -> None:
    assert _names(cut) == ["edits-0", "edits-1", "first", "now"]


def test_going_back_brings_the_timeline_and_the_film_back_and_keeps_what_was(cut) -> None:
    first, then = timeline_of(cut, "first"), timeline_of(cut, "now")
    film = go_back(cut.id, "first", cache=cut.cache)
    assert film.timeline == first == timeline_of(cut, "now")
    assert film.pieces_made == 0, "all of it is remembered"
    assert saved_edits(cut) == ()
    assert timeline_of(cut, "before-going-back-1") == then
    assert go_back(cut.id, "before-going-back-1", cache=cut.cache).timeline == then
    assert len(saved_edits(cut)) == 2
    assert "before-going-back-2" not in _names(cut), "first holds that state already"


def test_going_back_to_an_edit_leaves_out_those_after_it(cut) -> None:
    whole = timeline_of(cut, "now")
    film = go_back(cut.id, "edits-1", cache=cut.cache)
    assert [one.kind for one in saved_edits(cut)] == ["change_caption"]
    assert film.timeline.cues[0].text == "Another caption"
    assert film.timeline.clips == timeline_of(cut, "first").clips
    assert timeline_of(cut, "before-going-back-1") == whole


def test_after_going_back_edits_go_on_from_there(cut) -> None:
    go_back(cut.id, "first", cache=cut.cache)
    film = edit(cut.id, [ChangeCaption(cue=0, text="A third one")], cache=cut.cache)
    assert film.timeline.cues[0].text == "A third one"
    assert len(saved_edits(cut)) == 1


def _made_in_a_window(project, window: str, made) -> None:
    """As a page of the studio makes an edit: written into the history with what it was made of."""
    history, before = History(project), timeline_of(project, "now")
    with history.locked():
        anchors, now = anchored(before, [made])
        history.add(window, "an edit", [made], anchors)
    keep_timeline(project, now)


def test_a_version_is_gone_back_to_as_it_was_though_edits_before_its_last_were_taken_back(project) -> None:
    write_timeline(project.path("assembled.json"), timeline_of(project, "now"))
    _made_in_a_window(project, "w1", SplitCaption(cue=0, word=1))
    _made_in_a_window(project, "w2", ChangeCaption(cue=2, text="went dark"))  # the second caption, third just now
    history = History(project)
    with history.locked():
        history.undo("w1")
    keep_timeline(project, current(project).timeline)
    before = timeline_of(project, "now")
    assert [cue.text for cue in before.cues] == ["the lamp", "went dark"]
    assert timeline_of(project, "edits-1") == before
    name_version(project.id, "mine", cache=project.cache)
    edit(project.id, [RemoveClip(clip=before.clips[0].id)], cache=project.cache)
    assert go_back(project.id, "mine", cache=project.cache).timeline == before
    history = History(project)
    assert history.entries[-1].label == "Went back to mine"
    with history.locked():
        history.undo("w2")  # the studio goes on from there, and can take the way back back
    assert [cue.text for cue in current(project).timeline.cues] == ["the lamp", "went out"]


def test_compare_names_what_changed_and_nothing_else(cut) -> None:
    found = compare(cut.id, "first", "now", cache=cut.cache)
    assert {change.what for change in found.changes} == {"picture", "caption"}
    caption = next(change for change in found.changes if change.what == "caption")
    assert caption.after == "Another caption"
    assert all(change.where.split()[1] == "length" for change in found.changes if change.what == "picture")
    assert list(found.table().columns) == ["what", "where", "first", "now"]
    assert compare(cut.id, "now", "now", cache=cut.cache).changes == ()


def test_compare_tells_removed_pictures_and_moved_places(cut) -> None:
    one = timeline_of(cut, "first")
    edit(cut.id, [RemoveClip(clip=one.clips[2].id)], cache=cut.cache)
    changes = timeline_changes(one, timeline_of(cut, "now"))
    assert (one.clips[2].id, "removed") in [(change.where, change.before) for change in changes]


def test_the_pictures_stand_side_by_side(cut, tmp_path) -> None:
    compare(cut.id, "first", "now", pictures=tmp_path / "two.png", cache=cut.cache)
    sheet = np.asarray(Image.open(tmp_path / "two.png").convert("RGB"))
    middle = sheet.shape[1] // 2
    left, right = sheet[45:300, 14 : middle - 8], sheet[45:300, middle + 8 : -14]
    assert left.std() > 10
    assert right.std() > 10
    with pytest.raises(InputError, match="look the same"):
        compare(cut.id, "now", "now", pictures=tmp_path / "none.png", cache=cut.cache)


@pytest.mark.parametrize("name", ["now", "edits-1", "script-1", "../x", "", "Erste Fassung", "a/b"])
def test_a_name_that_means_something_else_is_refused(cut, name: str) -> None:
    with pytest.raises(InputError, match="cannot be called"):
        name_version(cut.id, name, cache=cut.cache)


def test_a_named_version_is_never_replaced(cut) -> None:
    with pytest.raises(InputError, match="already"):
        name_version(cut.id, "first", cache=cut.cache)


@pytest.mark.parametrize("name", ["nowhere", "edits-9", "edits-x", "../first", "script-1"])
def test_what_is_not_there_is_told_and_changes_nothing(cut, name: str) -> None:
    before = timeline_of(cut, "now")
    with pytest.raises(InputError):
        go_back(cut.id, name, cache=cut.cache)
    assert timeline_of(cut, "now") == before
    assert _names(cut) == ["edits-0", "edits-1", "first", "now"]


def test_an_earlier_script_is_compared_and_filmed_again_from_what_is_remembered(tmp_path) -> None:
    settings = Settings(width_px=192, height_px=108, rate=Rate(num=8), quality="draft")
    given = {"settings": settings, "voice": "none", "cache": tmp_path, "project_id": "duet", "effects": "none"}
    first = "INT. KITCHEN - DAY\n\nAda lights the stove.\n\nADA\nIt is cold.\n"
    film = script_film(text=first, **given)
    later = script_film(text=first.replace("It is cold.", "It is warm now."), **given)
    assert later.timeline != film.timeline
    [change] = compare("duet", "script-1", "script-2", cache=tmp_path).changes
    assert (change.where, change.before, change.after) == ("line 6", "It is cold.", "It is warm now.")
    assert {"script-1", "script-2"} <= {version.name for version in versions("duet", cache=tmp_path)}
    back = go_back("duet", "script-1", cache=tmp_path)
    assert (back.timeline, back.pieces_made) == (film.timeline, 0)
    assert go_back("duet", "before-going-back-1", cache=tmp_path).timeline == later.timeline
