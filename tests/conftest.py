"""What every test may use: small films, and the command line as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from storyreel.providers.contracts import FloatArray

# A change is tried with the same examples each time, so that what fails is the change; `make soak` looks for new ones.
# How long an example takes on the clock is said by the machine's other work, not by us.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("searching", derandomize=False, deadline=None)
settings.load_profile("steady")

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


@dataclass(frozen=True)
class KnownRecording:
    """A recording whose words are known; recordings/NOTICE says where it comes from.

    `samples` are 16 kHz mono; `truth` has (text, start_s, end_s, whether it is a filler) of all that is said.
    """

    path: Path
    samples: FloatArray
    truth: tuple[tuple[str, float, float, bool], ...]

    def noisy(self, ratio_db: float) -> FloatArray:
        """It with white noise so far below its speech."""
        import numpy as np

        loud = self.samples[np.abs(self.samples) > 0.01]
        level = np.sqrt(np.mean(np.square(loud)) / 10 ** (ratio_db / 10))
        noisy: FloatArray = self.samples + np.random.default_rng(1).standard_normal(len(self.samples)) * level
        return noisy.astype(np.float32)


@pytest.fixture(scope="session")
def known() -> Callable[[str], KnownRecording]:
    """A recording by its name."""
    from storyreel.media.sound import read_sound

    def read(name: str) -> KnownRecording:
        folder = Path(__file__).parent / "recordings"
        words = json.loads((folder / f"{name}.json").read_text())
        samples = read_sound(folder / f"{name}.ogg", sample_rate_hz=16_000, channels=1)[:, 0]
        truth = tuple((word["text"], word["start_s"], word["end_s"], word.get("filler", False)) for word in words)
        return KnownRecording(folder / f"{name}.ogg", samples, truth)

    return read
