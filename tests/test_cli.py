"""The command line: what it prints, where it puts things, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def storyreel(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "storyreel", *arguments], capture_output=True, text=True, timeout=300, **options
    )


def test_help_names_every_command() -> None:
    text = storyreel("--help").stdout
    for command in ("title", "resume", "render", "projects", "doctor"):
        assert command in text


@pytest.mark.parametrize("command", ["title", "resume", "render", "projects", "doctor"])
def test_every_command_explains_itself(command: str) -> None:
    done = storyreel(command, "--help")
    assert done.returncode == 0
    assert "--cache" in done.stdout
    assert "--json" in done.stdout


def test_a_finished_film_is_named_in_the_last_line(finished_film) -> None:
    line, folder = finished_film
    done = line("resume", "the-last-lighthouse")
    last = done.stdout.splitlines()[-1]
    assert last.startswith("The Last Lighthouse, 0:")
    assert last.endswith(str(folder / "film.mp4"))


def test_json_is_one_event_a_line_from_run_to_finished(finished_film) -> None:
    line, _ = finished_film
    events = [json.loads(text) for text in line("resume", "the-last-lighthouse", "--json").stdout.splitlines()]
    assert events[0]["kind"] == "run"
    assert events[-1]["kind"] == "finished"
    assert {"illustrate", "narrate", "render"} <= {event["step"] for event in events}


def test_projects_lists_films_for_people_and_programs(finished_film, tmp_path: Path) -> None:
    line, folder = finished_film
    assert "The Last Lighthouse" in line("projects").stdout
    film = json.loads(line("projects", "--json").stdout.splitlines()[0])
    assert (film["project_id"], film["state"], film["folder"]) == ("the-last-lighthouse", "finished", str(folder))
    assert "no films yet" in storyreel("projects", "--cache", str(tmp_path)).stdout


def test_out_puts_the_film_where_it_is_wanted(finished_film, tmp_path: Path) -> None:
    line, folder = finished_film
    done = line("render", "the-last-lighthouse", "--out", str(tmp_path / "film.mp4"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "film.mp4").read_bytes() == (folder / "film.mp4").read_bytes()


def test_doctor_finds_this_installation_sound(tmp_path: Path) -> None:
    secret = "sk-very-secret"
    done = storyreel("doctor", "--cache", str(tmp_path), "--json", env={**os.environ, "OPENAI_API_KEY": secret})
    assert done.returncode == 0, done.stdout
    states = {finding["what"]: finding["state"] for finding in map(json.loads, done.stdout.splitlines())}
    assert states["video encoder"] == states["offline voice"] == states["OpenAI"] == "ok"
    assert secret not in done.stdout


def test_importing_the_library_loads_nothing_heavy() -> None:
    program = (
        "import sys, storyreel\n"
        "print([n for n in ('numpy', 'cv2', 'av', 'scipy', 'PIL', 'onnxruntime', 'openai', 'anthropic', 'pandas') "
        "if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_second_run_loads_no_renderer_and_no_model(finished_film) -> None:
    line, _ = finished_film
    program = (
        "import sys\n"
        "from storyreel.recipes.resume import resume\n"
        f"resume('the-last-lighthouse', cache={str(line.cache)!r})\n"
        "print([n for n in ('cv2', 'av', 'onnxruntime', 'scipy.signal', 'resvg_py') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    import storyreel

    assert set(storyreel.__all__) == set(storyreel._HOMES)
    for name in storyreel.__all__:
        assert getattr(storyreel, name) is not None
    with pytest.raises(AttributeError, match="nothing_like_this"):
        _ = storyreel.nothing_like_this
