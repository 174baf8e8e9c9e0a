"""The command line's way to an unbroken shot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def storyreel(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "storyreel", *arguments], capture_output=True, text=True, timeout=300)


def test_it_explains_itself() -> None:
    done = storyreel("flow", "--help")
    assert done.returncode == 0
    for option in ("--seconds", "--style", "--add", "--regenerate", "--remake", "--transition", "--cache", "--json"):
        assert option in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "prompt is empty"),
        (["sea", "--seconds", "soon"], "seconds cannot be"),
        (["sea", "--style", "cubist"], "style"),
        (["sea", "--happens", "rain"], "--segment K"),
        (["sea", "--regenerate", "2", "--segment", "1"], "two segments"),
        (["--project", "nothing", "--add", "1"], "no film has been begun"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(arguments: list[str], told: str, tmp_path: Path) -> None:
    done = storyreel("flow", *arguments, "--cache", str(tmp_path))
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_flow_is_made_added_to_and_changed_by_its_id(tmp_path: Path) -> None:
    small = ("--size", "192x108", "--fps", "10", "--cache", str(tmp_path))
    made = storyreel("flow", "A quiet sea at dawn", "--seconds", "2", *small)
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[-1].startswith("A quiet sea at dawn, 0:02: ")
    added = storyreel("flow", "--project", "a-quiet-sea-at-dawn", "--add", "1", "--json", "--cache", str(tmp_path))
    events = [json.loads(line) for line in added.stdout.splitlines()]
    assert [event["step"] for event in events if event["kind"] in ("run", "finished")] == ["flow", "flow"]
    changed = storyreel(
        "flow", "--project", "a-quiet-sea-at-dawn", "--regenerate", "1", "--happens", "night falls", "--cache",
        str(tmp_path),
    )  # fmt: skip
    assert changed.returncode == 0, changed.stderr
    assert "segment 2 is stale" in changed.stderr.replace("\n", " ")
    segments = json.loads((tmp_path / "projects/a-quiet-sea-at-dawn/segments.json").read_text())
    assert [(segment["status"], segment["prompt"]) for segment in segments] == [("done", "night falls"), ("stale", "")]
    resumed = storyreel("resume", "a-quiet-sea-at-dawn", "--cache", str(tmp_path))
    assert resumed.returncode == 0, resumed.stderr
