"""`storyreel shorts`, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def test_shorts_of_a_film_are_made_and_told(finished_film: tuple[Any, Path]) -> None:
    line, _ = finished_film
    done = line("shorts", "the-last-lighthouse", "--count", "1", "--platform", "tiktok")
    assert done.returncode == 0, done.stderr
    path = Path(done.stdout.strip().splitlines()[-1].strip())
    assert path.is_file()
    record = json.loads((path.parent / "project.json").read_text())
    assert (record["recipe"], record["inputs"]["film"]) == ("short", "the-last-lighthouse")
    again = line("shorts", "the-last-lighthouse", "--count", "1", "--platform", "tiktok", "--json")
    events = [json.loads(each) for each in again.stdout.splitlines()]
    rendered = [event for event in events if event["step"] == "render"][-1]
    assert rendered["remembered"] == rendered["done"] > 0
    price = line("shorts", "the-last-lighthouse", "--estimate")
    assert "nothing" in price.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--count", "none"), "count"), (("--platform", "teletext"), "safe area"), (("--quality", "best"), "quality")],
)
def test_what_cannot_be_done_is_wrong_use(finished_film: tuple[Any, Path], options: tuple[str, ...], said: str) -> None:
    line, _ = finished_film
    refused = line("shorts", "the-last-lighthouse", *options)
    assert refused.returncode == 2
    assert said in refused.stderr
