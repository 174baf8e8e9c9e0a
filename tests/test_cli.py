"""The command line: what it prints, where it puts things, how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
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
    for command in ("title", "resume", "render", "edit", "costs", "export", "import", "projects", "doctor"):
        assert command in text


@pytest.mark.parametrize("command", ["title", "resume", "render", "edit", "costs", "projects", "doctor"])
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


@pytest.fixture
def own_film(finished_film, tmp_path: Path):
    """A copy of the finished film that a test may change."""
    line, _ = finished_film
    shutil.copytree(line.cache, tmp_path / "own", copy_function=os.link)
    for name in ("edits.json", "timeline.json", "film.srt", "events.jsonl"):
        path = tmp_path / "own/projects/the-last-lighthouse" / name
        if path.exists():
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(data)
    for path in (tmp_path / "own/store/results").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(data)
    return type(line)(tmp_path / "own"), tmp_path / "own/projects/the-last-lighthouse"


def test_render_says_how_many_pieces_were_made_and_kept(finished_film) -> None:
    line, _ = finished_film
    done = line("render", "the-last-lighthouse")
    assert re.fullmatch(r"0 of (\d+) pieces made, \1 kept", done.stdout.splitlines()[0])
    estimate = line("render", "the-last-lighthouse", "--estimate")
    assert re.fullmatch(r"0 of \d+ pieces to make \(0 of [\d,]+ frames\), about 0:00", estimate.stdout.strip())


def test_edit_makes_a_few_pieces_again_and_the_film_keeps_the_edit(own_film, tmp_path: Path) -> None:
    line, folder = own_film
    edits = tmp_path / "edits.json"
    edits.write_text('[{"kind": "change_caption", "cue": 1, "text": "Something else was said"}]')
    plan = json.loads(line("edit", "the-last-lighthouse", str(edits), "--estimate", "--json").stdout)
    done = line("edit", "the-last-lighthouse", str(edits))
    assert done.returncode == 0, done.stderr
    made, pieces = map(int, re.fullmatch(r"(\d+) of (\d+) pieces made again", done.stdout.splitlines()[0]).groups())
    assert 0 < made < pieces / 2
    assert (pieces - plan["remembered"], pieces) == (made, plan["pieces"])
    again = line("resume", "the-last-lighthouse", "--json")
    events = [json.loads(text) for text in again.stdout.splitlines()]
    assert any(event.get("message") == f"all {pieces} pieces kept" for event in events)
    assert "Something else was said" in (folder / "film.srt").read_text().replace("\n", " ")


def test_preview_is_a_film_of_its_own(own_film) -> None:
    line, folder = own_film
    film = (folder / "film.mp4").read_bytes()
    events = [
        json.loads(text) for text in line("render", "the-last-lighthouse", "--preview", "--json").stdout.splitlines()
    ]
    assert (events[0]["kind"], events[-1]["kind"]) == ("run", "finished")
    assert (folder / "preview.mp4").exists()
    assert (folder / "film.mp4").read_bytes() == film


def test_prune_says_what_it_freed(own_film) -> None:
    line, folder = own_film
    film = (folder / "film.mp4").read_bytes()
    would = line("projects", "--prune", "--budget", "0", "--dry-run").stdout
    assert would.startswith("would free ")
    freed = json.loads(line("projects", "--prune", "--budget", "0", "--json").stdout)
    assert freed["kept_bytes"] == 0
    assert freed["freed_bytes"] > 0
    assert line("projects", "--prune").stdout.startswith("nothing to free: pieces take 0 bytes of 20.0 GB")
    assert (folder / "film.mp4").read_bytes() == film


def test_doctor_finds_this_installation_sound(tmp_path: Path) -> None:
    secret = "sk-very-secret"
    done = storyreel("doctor", "--cache", str(tmp_path), "--json", env={**os.environ, "OPENAI_API_KEY": secret})
    assert done.returncode == 0, done.stdout
    states = {finding["what"]: finding["state"] for finding in map(json.loads, done.stdout.splitlines())}
    assert states["video encoder"] == states["offline voice"] == states["openai"] == "ok"
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
