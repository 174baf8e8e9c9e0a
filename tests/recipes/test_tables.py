"""A film's tables, and changed ones taken back."""

from __future__ import annotations

import json

import pytest

import storyreel
from storyreel import tables
from storyreel.errors import CorruptFile, InputError
from storyreel.project import Project
from storyreel.recipes._finish import read_timeline
from storyreel.recipes.edits import saved_edits


def test_every_timeline_gives_its_clips_captions_and_sounds_with_seconds_beside_frames(project: Project) -> None:
    clips, cues, sounds = tables.clips(project), tables.cues(project), tables.sounds(project)
    assert list(clips.index) == [f"s{n}" for n in range(6)]
    assert list(clips["start_frame"]) == [0, 20, 40, 60, 80, 100]
    assert list(clips["start_s"]) == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    assert set(clips["kind"]) == {"image"}
    assert list(cues["text"]) == ["the lamp", "went out"]
    assert list(cues["start_s"]) == [2.0, 6.0]
    assert len(sounds) == 0
    assert "gain_db" in sounds
    assert list(tables.words(project)["text"]) == ["the", "lamp", "went", "out"]
    assert list(tables.words(project)["start_s"]) == [2.0, 2.5, 6.0, 6.5]


def test_a_film_is_named_by_its_id_its_project_or_itself(project: Project) -> None:
    by_id = tables.table("lamp", "clips", cache=project.cache)
    assert by_id.equals(tables.table(project, "clips"))
    assert tables.table(project, "provenance").equals(tables.provenance(project))
    with pytest.raises(InputError, match="choose one of assets, clips"):
        tables.table(project, "props")
    with pytest.raises(InputError, match="no film has been begun"):
        tables.clips("nothing", cache=project.cache)


def test_recipes_own_files_are_read_where_they_are(project: Project) -> None:
    def write(name: str, value: object) -> None:
        project.path(name).write_text(json.dumps(value))

    scene = {"index": 1, "chapter": 1, "prompt": "a lamp", "seed": 3, "description": {"subject": "A lamp", "cast": []}}
    write("prompts.json", [scene, {**scene, "index": 2}])
    write("shots.json", {"scenes": [{"number": 2, "place": "Tower", "shots": [{"id": "1a", "size": "wide"}]}]})
    write("transcript.json", {"words": [{"text": "um", "start_s": 0.1, "end_s": 0.3, "confidence": 0.4}]})
    write("segments.json", [{"number": 1, "status": "done", "length_s": 5.0}])
    scenes = tables.scenes(project)
    assert list(scenes.index) == [1, 2]
    assert scenes.loc[1, "subject"] == "A lamp"
    assert (scenes.loc[2, "place"], scenes.loc[2, "shots"]) == ("Tower", 1)
    assert tables.shots(project).loc["1a", "size"] == "wide"
    assert tables.words(project).loc[0, "confidence"] == 0.4
    assert tables.segments(project).loc[1, "status"] == "done"
    assert len(tables.costs(project)) == 0
    assert "price_usd" in tables.costs(project)

    write("shots.json", {"scenes": "many"})
    with pytest.raises(CorruptFile, match="holds no rows"):
        tables.shots(project)
    project.path("shots.json").write_text("{")
    with pytest.raises(CorruptFile, match="damaged"):
        tables.shots(project)


def test_without_its_own_file_a_film_has_shots_but_no_segments(project: Project) -> None:
    assert list(tables.shots(project).index) == list(tables.clips(project).index)
    with pytest.raises(InputError, match="has no segments"):
        tables.segments(project)
    with pytest.raises(InputError, match="has no scenes"):
        tables.scenes(project)


def test_a_changed_table_is_kept_as_edits_and_only_what_it_touches_is_made_again(project: Project) -> None:
    cues = tables.cues(project)
    cues.loc[1, "text"] = "burned on"
    film = tables.edit(project, cues)
    assert [edit.kind for edit in saved_edits(project)] == ["change_caption"]
    assert (film.pieces, film.pieces_made) == (6, 1)
    assert tables.cues(film).loc[1, "text"] == "burned on"

    clips = tables.clips(film)
    clips.loc["s2", "length_s"] = 3.0
    longer = tables.edit("lamp", clips, mode="ripple", cache=project.cache)
    assert longer.duration_s == 13.0


def test_a_table_whose_index_became_a_column_is_still_known(project: Project) -> None:
    timeline = read_timeline(project)
    for name in ("clips", "cues"):
        assert tables.edits(timeline, tables.table(project, name).reset_index()) == ()
    filtered = tables.cues(project).reset_index().drop(columns=["words", "start_s"])
    filtered.loc[0, "text"] = "a lamp"
    assert [edit.kind for edit in tables.edits(timeline, filtered)] == ["change_caption"]


def test_what_is_no_table_of_ours_is_refused(project: Project) -> None:
    import pandas as pd

    timeline = read_timeline(project)
    with pytest.raises(InputError, match="cannot be taken back"):
        tables.edits(timeline, pd.DataFrame({"a": [1]}))
    cues = tables.cues(project)
    with pytest.raises(InputError, match="there twice"):
        tables.edits(timeline, pd.concat([cues, cues]))
    cues["start_s"] = cues["start_s"] + 1
    with pytest.raises(InputError, match="start_s of the cues cannot be edited"):
        tables.edit(project, cues)
    assert saved_edits(project) == ()


def test_a_changed_table_is_an_edit_like_any_other(project: Project) -> None:
    cues = tables.cues(project)
    cues.loc[0, "text"] = "the flame"
    film = storyreel.edit(project.id, cues, cache=project.cache)
    assert film.timeline.cues[0].text == "the flame"
    assert [edit.kind for edit in saved_edits(project)] == ["change_caption"]


def test_a_project_takes_its_changed_table_back(project: Project) -> None:
    cues = tables.cues(project)
    cues.loc[1, "text"] = "burned low"
    film = project.edit(cues)
    assert film.timeline.cues[1].text == "burned low"
    assert [edit.kind for edit in saved_edits(project)] == ["change_caption"]
    clips = tables.clips(project)
    clips.loc["s1", "length_s"] = 2.5
    assert project.edit(clips, mode="ripple").duration_s == film.duration_s + 0.5
