"""What every test may use: small films, and the command line as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SMALL = ("--size", "320x180", "--fps", "12", "--quality", "draft", "--words", "40")


class CommandLine:
    """`storyreel ...` in a process of its own, with a cache of its own."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def __call__(self, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, timeout=300, env={**os.environ, **(env or {})}
        )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "storyreel", *arguments, "--cache", str(self.cache)]

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
        )

    def events(self, project_id: str) -> list[dict[str, Any]]:
        path = self.cache / "projects" / project_id / "events.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


@pytest.fixture(autouse=True)
def _no_cache_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads or fills the user's own cache."""
    monkeypatch.setenv("STORYREEL_CACHE", str(tmp_path / "default-cache"))


@pytest.fixture(scope="session")
def finished_film(tmp_path_factory: pytest.TempPathFactory) -> tuple[CommandLine, Path]:
    """One small film with a voice, made once for all tests that only look at it."""
    line = CommandLine(tmp_path_factory.mktemp("shared") / "cache")
    done = line("title", "The Last Lighthouse", *SMALL)
    assert done.returncode == 0, done.stderr
    return line, line.cache / "projects" / "the-last-lighthouse"


FilmMaker = Callable[..., subprocess.CompletedProcess[str]]
