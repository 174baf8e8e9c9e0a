"""`storyreel export` and `storyreel import` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.mark.parametrize("command", ["export", "import"])
def test_the_command_explains_itself(command, cli) -> None:
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-m", "storyreel", command, "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    assert "--cache" in done.stdout
    assert "--json" in done.stdout


def test_a_film_goes_out_and_its_project_comes_in_again(finished_film, tmp_path: Path) -> None:
    line, folder = finished_film
    captions = line("export", "the-last-lighthouse", str(tmp_path / "film.srt"))
    assert captions.returncode == 0, captions.stderr
    assert captions.stdout.splitlines()[-1].startswith(f"{tmp_path / 'film.srt'}: ")
    assert (tmp_path / "film.srt").read_text() == (folder / "film.srt").read_text()
    cut = line("export", "the-last-lighthouse", str(tmp_path / "film.edl"))
    assert "camera moves" in cut.stdout
    assert "the whole picture stands still" in cut.stdout
    assert line("export", "the-last-lighthouse", str(tmp_path / "film.zip")).returncode == 0
    opened = type(line)(tmp_path / "other")
    done = opened("import", str(tmp_path / "film.zip"), "--project", "second")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("go on with  storyreel resume second")
    again = opened("resume", "second", "--json")
    assert again.returncode == 0, again.stderr
    events = [json.loads(text) for text in again.stdout.splitlines()]
    assert not [
        event for event in events if event["kind"] == "done" and event.get("remembered", 0) < event.get("done", 0)
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody", "a.mp4"), "no film has been begun under 'nobody'"),
        (("the-last-lighthouse", "/nowhere/a.mp4"), "the folder /nowhere does not exist"),
        (("the-last-lighthouse", "a.gif", "--from", "soon"), "the time 'soon' cannot be used: give seconds"),
        (("the-last-lighthouse", "a.otio", "--media", "steal"), "media cannot be 'steal'"),
    ],
)
def test_wrong_use_is_one_sentence_and_code_2(arguments, said, finished_film) -> None:
    line, _ = finished_film
    done = line("export", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
