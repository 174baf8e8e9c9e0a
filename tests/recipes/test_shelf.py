"""The list of films is newest first, tells of damage, and opens no more of them than are asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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
    look = shelf._look
    monkeypatch.setattr(shelf, "_look", lambda project, at_s: looked_at.append(project.id) or look(project, at_s))
    assert [film.project_id for film in list_films(tmp_path, most=3)] == ["film-8", "film-7", "film-6"]
    assert looked_at == ["film-8", "film-7", "film-6"]
    assert [film.project_id for film in list_films(tmp_path)] == [f"film-{n}" for n in reversed(range(9))]


def test_a_films_length_is_told_without_reading_the_rest_of_its_timeline(tmp_path: Path) -> None:
    begun(tmp_path, 1, '{"rate": {"num": 25}, "length_frames": 50, "clips": "whatever"}')
    assert list_films(tmp_path)[0].duration_s == 2.0


@pytest.mark.parametrize("timeline", ["{", "[]", '{"rate": {"num": 25}}', "\0"])
def test_a_damaged_timeline_is_told_and_hides_no_other_film(tmp_path: Path, timeline: str) -> None:
    begun(tmp_path, 1, timeline)
    begun(tmp_path, 2)
    assert [(film.project_id, film.state) for film in list_films(tmp_path)] == [
        ("film-2", "begun"),
        ("film-1", "damaged"),
    ]
