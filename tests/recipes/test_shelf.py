"""The list of films is newest first, tells of damage, and opens no more of them than are asked for."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from storyreel.cli import app
from storyreel.project import Project, Record
from storyreel.recipes import shelf
from storyreel.recipes.shelf import list_films
from storyreel.settings import Settings

RECORD = Record(recipe="title", inputs={"title": "Lamp"}, crew={}, settings=Settings())


def begun(cache: Path, number: int, timeline: str = "") -> None:
    project = Project(f"film-{number}", cache)
    project.save_record(RECORD)
    if timeline:
        (project.folder / "timeline.json").write_text(timeline)
    for path in project.folder.glob("*.json"):
        os.utime(path, (1000.0 + number, 1000.0 + number))


def test_the_film_changed_last_comes_first_and_only_so_many_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        begun(tmp_path, number)
    looked_at = []
    read = shelf._read
    monkeypatch.setattr(shelf, "_read", lambda project, stamp: looked_at.append(project.id) or read(project, stamp))
    assert [film.project_id for film in list_films(tmp_path, most=3)] == ["film-8", "film-7", "film-6"]
    assert looked_at == ["film-8", "film-7", "film-6"]
    assert [film.project_id for film in list_films(tmp_path)] == [f"film-{n}" for n in reversed(range(9))]


def test_a_films_length_is_told_without_reading_the_rest_of_its_timeline(tmp_path: Path) -> None:
    begun(tmp_path, 1, '{"rate": {"num": 25}, "length_frames": 50, "clips": "whatever"}')
    assert list_films(tmp_path)[0].duration_s == 2.0


def test_a_film_is_read_again_only_once_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(tmp_path, 1, '{"rate": {"num": 25}, "length_frames": 50}')
    before = list_films(tmp_path)
    monkeypatch.setattr(shelf, "_read", lambda project, stamp: pytest.fail("nothing changed"))
    assert list_films(tmp_path) == before
    monkeypatch.undo()
    begun(tmp_path, 1, '{"rate": {"num": 25}, "length_frames": 75}')
    (tmp_path / "projects" / "film-1" / "film.mp4").write_bytes(b"film")
    (film,) = list_films(tmp_path)
    assert (film.duration_s, film.state) == (3.0, "finished")


def test_who_works_on_a_film_is_told_though_its_files_stay(tmp_path: Path) -> None:
    begun(tmp_path, 1)
    assert list_films(tmp_path)[0].state == "begun"
    with Project("film-1", tmp_path).locked():
        assert list_films(tmp_path)[0].state == "running"
    assert list_films(tmp_path)[0].state == "begun"


CUT_OFF = '{"rate": {"num": 25}, "length_frames": 50, "clips": [' + '{"id": "s"}, ' * 1000


@pytest.mark.parametrize("timeline", [CUT_OFF, "{", "[]", '{"rate": {"num": 25}}', "\0"])
def test_a_damaged_timeline_is_told_and_hides_no_other_film(tmp_path: Path, timeline: str) -> None:
    begun(tmp_path, 1, timeline)
    begun(tmp_path, 2)
    assert [(film.project_id, film.state) for film in list_films(tmp_path)] == [
        ("film-2", "begun"),
        ("film-1", "damaged"),
    ]


def test_the_command_lists_the_forty_changed_last_and_says_what_it_left_out(tmp_path: Path) -> None:
    for number in range(43):
        begun(tmp_path, number)
    call = partial(CliRunner().invoke, app)
    few = call(["projects", "--cache", str(tmp_path)]).stdout
    assert few.count("film-") == 40
    assert "film-2 " not in few
    assert "and 3 more, changed before these: storyreel projects --all" in few
    every = call(["projects", "--all", "--cache", str(tmp_path)]).stdout
    assert every.count("film-") == 43
    assert "more" not in every
