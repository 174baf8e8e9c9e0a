"""A project's id is a slug, its files stay inside its folder, and one run at a time holds its lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import CorruptFile, InputError, ProjectNotFound
from storyreel.project import Project, Record, check_project_id, list_projects, slug, write_text_atomically
from storyreel.settings import Settings

RECORD = Record(recipe="title", inputs={"title": "A"}, crew={}, settings=Settings())


@pytest.mark.parametrize(
    "bad", ["", "../../etc", "/etc", "a/b", "a.b", "-a", "a-", "A", "a b", "é", "a" * 65, "a\n", "a\0"]
)
def test_ids_that_are_no_slug_are_refused(bad: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="project id"):
        Project(bad, tmp_path)
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=200))
def test_a_slug_is_empty_or_a_project_id(text: str) -> None:
    made = slug(text)
    assert made == "" or check_project_id(made) == made


def test_accents_are_dropped_and_words_joined() -> None:
    assert slug("  L'Été à Zürich -- 2!") == "l-ete-a-zurich-2"


@pytest.mark.parametrize("name", ["../other/film.mp4", "/etc/passwd", "images/../../x"])
def test_file_names_cannot_leave_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="leaves"):
        Project("a", tmp_path).path(name)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    project = Project("a", tmp_path)
    (project.folder / "images").symlink_to("/etc")
    with pytest.raises(InputError, match="leaves"):
        project.path("images/passwd")


def test_the_record_survives_and_damage_is_told(tmp_path: Path) -> None:
    project = Project("a", tmp_path)
    with pytest.raises(ProjectNotFound):
        project.record()
    project.save_record(RECORD)
    assert Project("a", tmp_path).record() == RECORD
    (project.folder / "project.json").write_text("{")
    with pytest.raises(CorruptFile, match="damaged"):
        project.record()


def test_folders_belong_to_their_owner_alone(tmp_path: Path) -> None:
    assert Project("a", tmp_path / "cache").folder.stat().st_mode & 0o077 == 0


def test_only_folders_with_a_record_are_listed(tmp_path: Path) -> None:
    Project("b", tmp_path).save_record(RECORD)
    Project("a", tmp_path).save_record(RECORD)
    Project("empty", tmp_path)
    assert list_projects(tmp_path) == ["a", "b"]


def test_another_process_finds_the_lock_taken_until_it_is_let_go(tmp_path: Path) -> None:
    program = (
        "import sys; from storyreel.project import Project\n"
        "with Project('a', sys.argv[1]).locked(wait=False) as mine: print(mine)"
    )

    def other() -> str:
        return subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
        ).stdout.strip()

    with Project("a", tmp_path).locked(wait=False) as mine:
        assert mine
        assert other() == "False"
    assert other() == "True"


def test_writing_an_equal_text_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_text_atomically(path, "one")
    os.utime(path, ns=(1, 1))
    write_text_atomically(path, "one")
    assert path.stat().st_mtime_ns == 1
    write_text_atomically(path, "two")
    assert path.read_text() == "two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_cache_that_is_a_file_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(InputError, match="--cache DIR"):
        Project("a", tmp_path / "cache")
