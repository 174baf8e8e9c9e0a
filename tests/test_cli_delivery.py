"""Templates, notices and versions on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

SMALL = ("--size", "192x108", "--fps", "8", "--quality", "draft", "--voice", "none")


@pytest.mark.parametrize("command", ["upload", "versions", "version", "compare", "go-back", "templates"])
def test_every_command_explains_itself(cli, command: str) -> None:
    done = cli(command, "--help")
    assert done.returncode == 0
    assert "--json" in done.stdout


def test_a_film_follows_its_template_is_told_of_named_and_compared(cli, tmp_path: Path) -> None:
    (tmp_path / "notify-send").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {tmp_path}/shown\n')
    (tmp_path / "notify-send").chmod(0o755)
    path = f"{tmp_path}:{Path(shutil.which('sh') or '/bin/sh').parent}"
    options = ("--template", "fairy-tale", "--words", "30", "--notify", "desktop", *SMALL)
    done = cli("title", "The Blue Door", *options, env={"PATH": path})
    assert done.returncode == 0, done.stderr
    assert "The Blue Door is ready" in (tmp_path / "shown").read_text()
    folder = cli.cache / "projects" / "the-blue-door"
    asked = json.loads((folder / "project.json").read_text())
    assert (asked["inputs"]["words"], asked["inputs"]["chapters"]) == (30, 2), "what is typed holds over the template"
    assert asked["settings"]["style"] == "storybook watercolour"
    assert json.loads((folder / "chapters" / "chapter_1.json").read_text())["title"] == "Once Upon a Time"

    assert cli("version", "the-blue-door", "first-cut").returncode == 0
    (tmp_path / "edits.json").write_text('[{"kind": "change_caption", "cue": 0, "text": "A new line"}]')
    assert cli("edit", "the-blue-door", str(tmp_path / "edits.json")).returncode == 0
    compared = cli("compare", "the-blue-door", "first-cut", "--pictures", str(tmp_path / "two.png"))
    assert "A new line" in compared.stdout, compared.stderr
    assert (tmp_path / "two.png").read_bytes().startswith(b"\x89PNG")
    assert cli("go-back", "the-blue-door", "first-cut").returncode == 0
    assert "are the same" in cli("compare", "the-blue-door", "first-cut").stdout
    assert "before-going-back-1" in cli("versions", "the-blue-door").stdout


def test_a_notice_to_nowhere_is_refused_before_anything_is_made(cli) -> None:
    done = cli("title", "The Blue Door", "--notify", "pigeon", *SMALL)
    assert done.returncode == 2
    assert "a notice can go to" in done.stderr
    assert not (cli.cache / "projects" / "the-blue-door" / "film.mp4").exists()
