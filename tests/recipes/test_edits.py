"""Edits of a film: kept with it, made again on every later run, and rendered piece by piece."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storyreel.errors import Cancelled, CorruptFile, InputError
from storyreel.media.sound import write_flac
from storyreel.progress import Event, Progress
from storyreel.project import Project
from storyreel.recipes._finish import Film, finish, read_timeline
from storyreel.recipes.edits import read_edits, saved_edits
from storyreel.recipes.resume import edit, estimate, render_film
from storyreel.timeline.edit import ChangeCaption, ChangeDuration, RemoveClip
from storyreel.timeline.model import Timeline

Assembled = Callable[[Project], Timeline]


def edited(project: Project, *edits: Any, **options: Any) -> Film:
    return edit(project.id, edits, cache=project.cache, **options)


def test_an_edit_makes_only_the_pieces_it_touches_and_changes_the_film(project: Project) -> None:
    before = project.path("film.mp4").read_bytes()
    film = edited(project, ChangeCaption(cue=0, text="one lamp"))
    assert (film.pieces, film.pieces_made) == (6, 1)
    assert film.timeline.cues[0].text == "one lamp"
    assert read_timeline(project) == film.timeline
    assert "one lamp" in project.path("film.srt").read_text()
    assert project.path("film.mp4").read_bytes() != before


def test_later_runs_of_the_film_make_the_edits_again(project: Project, assembled: Assembled) -> None:
    film = edited(project, ChangeCaption(cue=0, text="one lamp"), RemoveClip(clip="s5"))
    whole = film.path.read_bytes()
    again = finish(project, assembled(project), quality="draft")
    assert (again.timeline, again.pieces_made, again.path.read_bytes()) == (film.timeline, 0, whole)
    assert render_film(project.id, cache=project.cache).timeline == film.timeline


def test_edits_add_up(project: Project, assembled: Assembled) -> None:
    edited(project, ChangeDuration(clip="s0", length_frames=30, mode="ripple"))
    film = edited(project, ChangeCaption(cue=1, text="went dark"))
    assert len(saved_edits(project)) == 2
    assert (film.timeline.length_frames, film.timeline.cues[1].text) == (130, "went dark")
    assert finish(project, assembled(project), quality="draft").timeline == film.timeline


def test_the_same_edits_given_again_go_on_instead_of_being_made_twice(project: Project) -> None:
    progress = Progress()

    def stop(event: Event) -> None:
        if event.kind == "advanced":
            progress.cancel()

    progress.listen(stop)
    change = RemoveClip(clip="s0", mode="ripple")
    with pytest.raises(Cancelled, match="pieces are finished and kept"):
        edited(project, change, progress=progress)
    film = edited(project, change)
    assert [clip.id for clip in film.timeline.clips] == ["s1", "s2", "s3", "s4", "s5"]
    assert saved_edits(project) == (change,)


def test_an_edit_that_does_not_fit_changes_nothing(project: Project) -> None:
    files = {path: path.read_bytes() for path in project.folder.iterdir() if path.name != "events.jsonl"}
    with pytest.raises(InputError, match=r"edit 2 \(remove_clip\).*'s9'"):
        edited(project, ChangeCaption(cue=0, text="x"), RemoveClip(clip="s9"))
    assert {path: path.read_bytes() for path in project.folder.iterdir() if path.name != "events.jsonl"} == files


def test_an_edit_that_fits_no_longer_is_left_out_with_a_warning(project: Project, assembled: Assembled) -> None:
    edited(project, RemoveClip(clip="s5"), ChangeCaption(cue=0, text="one lamp"))
    shorter = assembled(project)
    shorter = shorter.model_copy(update={"clips": shorter.clips[:5], "length_frames": 100})
    heard: list[str] = []
    project.progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    film = finish(project, shorter, quality="draft")
    assert heard == ["edit 1 of edits.json is left out: no clip is called 's5'"]
    assert film.timeline.cues[0].text == "one lamp"


def test_damaged_edits_are_told(project: Project, assembled: Assembled) -> None:
    project.path("edits.json").write_text('[{"kind": "remove_clip"}]')
    with pytest.raises(CorruptFile, match=r"edits\.json is damaged \(edit 1, .*clip: field required\)"):
        finish(project, assembled(project), quality="draft")


def test_an_estimate_makes_nothing_and_keeps_no_edit(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "edits.json"
    path.write_text('[{"kind": "change_caption", "cue": 0, "text": "one lamp"}]')
    plan = estimate(project.id, path, cache=project.cache)
    assert (plan.pieces, plan.to_draw) == (6, 1)
    assert estimate(project.id, cache=project.cache).to_draw == 0
    assert saved_edits(project) == ()
    assert estimate(project.id, cache=project.cache, preview=True, quality="draft").pieces == 6


def test_edits_name_pictures_videos_and_sounds_by_their_files(
    project: Project, picture: Callable[[int], bytes], tmp_path: Path
) -> None:
    (tmp_path / "New.PNG").write_bytes(picture(7))
    (tmp_path / "tune.flac").write_bytes(write_flac(np.zeros((24_000, 1), np.float32), 48_000))
    film_file = project.path("film.mp4")
    listing = [
        {"kind": "replace_picture", "clip": "s1", "file": "New.PNG"},
        {"kind": "insert_clip", "at": 0, "id": "new", "length_frames": 5, "file": str(film_file)},
        {"kind": "replace_music", "file": "tune.flac"},
        {"kind": "replace_picture", "clip": "s2", "asset": None},
    ]
    path = tmp_path / "edits.json"
    path.write_text(json.dumps(listing))
    image, video, music, none = (change.asset for change in read_edits(path, project))  # type: ignore[union-attr]
    assert image is not None
    assert (image.kind, image.width_px, image.height_px, image.blob.suffix) == ("image", 160, 90, ".png")
    assert video is not None
    assert (video.kind, video.width_px, video.height_px, video.duration_s) == ("video", 128, 72, pytest.approx(12))
    assert music is not None
    assert (music.kind, music.duration_s) == ("audio", 0.5)
    assert none is None
    film = edit(project.id, path, preview=True, cache=project.cache)
    assert film.path.name == "preview.mp4"
    assert film.timeline.sounds[0].looped


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "are not JSON"),
        ('{"kind": "remove_clip", "clip": "s1"}', "are not a list"),
        ('[{"kind": "explode"}]', "edit 1: input tag 'explode'"),
        ('[{"kind": "move_clip", "clip": "s1", "to": -1}]', "edit 1, to: .*greater than or equal to 0"),
        ('[{"kind": "replace_picture", "clip": "s1", "file": "gone.png"}]', r"gone\.png is not there"),
        ('[{"kind": "replace_picture", "clip": "s1", "file": "edits.json"}]', r"edits\.json cannot be read"),
        ('[{"kind": "replace_music", "file": "edits.json"}]', "it is no sound or video file"),
        ('[{"kind": "replace_music", "file": "edits.json", "asset": null}]', "both a file and an asset"),
        ("[7]", "edit 1"),
    ],
)
def test_a_file_that_holds_no_edits_is_told(project: Project, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "edits.json"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        edit(project.id, path, cache=project.cache)
    assert saved_edits(project) == ()
    with pytest.raises(InputError, match="cannot be read"):
        edit(project.id, tmp_path / "none.json", cache=project.cache)
