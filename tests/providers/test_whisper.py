"""Whisper on PyTorch as a listener. Runs where the extra is installed; its reply is read everywhere."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storyreel.errors import CorruptFile, InputError, MissingExtra
from storyreel.providers.contracts import ListeningRequest
from storyreel.providers.whisper import WhisperListener, in_order, phrases_of

INSTALLED = importlib.util.find_spec("whisper_timestamped") is not None
needs_whisper = pytest.mark.skipif(not INSTALLED, reason="whisper-timestamped is not installed")
# PyTorch's and numba's own deprecations are not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")


def reply(*words: tuple[str, float, float], log_probability: float = -0.1, no_speech: float = 0.0) -> dict[str, Any]:
    listed = [{"text": text, "start": start, "end": end, "confidence": 0.9} for text, start, end in words]
    return {
        "language": "en",
        "segments": [{"words": listed, "avg_logprob": log_probability, "no_speech_prob": no_speech}],
    }


def test_a_reply_is_read_as_words_in_order_within_the_piece() -> None:
    told = reply((" The", -0.1, 0.4), ("sea.", 0.3, 0.9), ("...", 0.9, 1.0), ("On", 0.9, 5.0))
    assert [(word.text, word.start_s, word.end_s) for word in in_order(phrases_of(told), 2.0)] == [
        ("The", 0.0, 0.4), ("sea.", 0.4, 0.9), ("On", 0.9, 2.0),
    ]  # fmt: skip


def test_what_was_imagined_in_silence_is_dropped() -> None:
    told = reply(("Thank", 0, 1), ("you.", 1, 2), log_probability=-0.7, no_speech=0.9)
    assert in_order(phrases_of(told), 2.0) == ()


def test_what_a_look_passes_over_is_heard_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's place is taken by one that hears only the last two seconds of whatever is longer than eight."""

    def transcribe(network: object, samples: np.ndarray, **options: Any) -> dict[str, Any]:
        length_s = len(samples) / 16_000
        first_s = 0.0 if length_s <= 8 else length_s - 2.0
        return reply(*((f"w{at:.1f}", at, at + 0.8) for at in np.arange(first_s, length_s - 0.7).tolist()))

    package = types.ModuleType("whisper_timestamped")
    package.__spec__ = importlib.machinery.ModuleSpec("whisper_timestamped", None)
    vars(package).update(
        transcribe=transcribe, load_model=lambda path, device: types.SimpleNamespace(is_multilingual=True)
    )
    monkeypatch.setitem(sys.modules, "whisper_timestamped", package)
    (tmp_path / "hasty.pt").write_bytes(b"weights")
    sound = np.random.default_rng(0).standard_normal(16 * 16_000).astype(np.float32) * 0.1
    heard = WhisperListener(str(tmp_path / "hasty.pt")).hear(ListeningRequest(sound, 16_000, language="en"))
    edges = [0.0, *(edge for word in heard.words for edge in (word.start_s, word.end_s)), 16.0]
    assert edges == sorted(edges)
    assert max(np.diff(edges)) <= 2.5


@pytest.mark.skipif(INSTALLED, reason="whisper-timestamped is installed")
def test_without_the_extra_the_command_that_adds_it_is_told() -> None:
    with pytest.raises(MissingExtra, match=r"storyreel\[whisper\]"):
        WhisperListener()


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sys.path.insert(0, str(Path(__file__).parent))
    from whisper_checkpoint import of_bundled_weights

    return of_bundled_weights(tmp_path_factory.mktemp("whisper") / "tiny.en.pt")


@needs_whisper
def test_the_bundled_weights_hear_the_same_through_pytorch(bundled: Path, known: Callable[[str], Any]) -> None:
    recording = known("trees")
    listener = WhisperListener(str(bundled))
    samples = recording.samples[: 12 * 16_000]
    heard = listener.hear(ListeningRequest(samples, 16_000, language="en"))
    assert heard == listener.hear(ListeningRequest(samples, 16_000, language="en"))
    said = [word.text.strip(".,").lower() for word in heard.words]
    truth = [(text.strip(".,").lower(), start_s) for text, start_s, end_s, _ in recording.truth if end_s < 11.5]
    errors_s = [
        abs(word.start_s - start_s)
        for text, start_s in truth
        for word in heard.words
        if word.text.strip(".,").lower() == text and said.count(text) == 1
    ]
    assert len(errors_s) > 15
    assert np.median(errors_s) < 0.15
    assert listener.identity.startswith("whisper/sha256:")


@needs_whisper
def test_a_random_checkpoint_goes_the_whole_way_and_what_it_writes_has_its_place(
    tmp_path: Path, known: Callable[[str], Any]
) -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    from whisper_checkpoint import random_one

    listener = WhisperListener(str(random_one(tmp_path / "random.pt")))
    heard = listener.hear(ListeningRequest(known("trees").samples[: 4 * 16_000], 16_000))
    edges = [moment for word in heard.words for moment in (word.start_s, word.end_s)]
    assert edges == sorted(edges)
    assert all(0 <= moment <= 4.0 for moment in edges)


@needs_whisper
def test_silence_has_no_words(bundled: Path) -> None:
    request = ListeningRequest(np.zeros(32_000, np.float32), 16_000, language="en")
    assert WhisperListener(str(bundled)).hear(request).words == ()


@needs_whisper
def test_models_that_are_not_there_are_refused_and_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for model, sentence in (("huge", "has no model"), ("base", "not on this machine"), ("gone.pt", "not there")):
        with pytest.raises(InputError, match=sentence):
            WhisperListener(model)
    (tmp_path / "notes.pt").write_bytes(b"no checkpoint")
    with pytest.raises(CorruptFile, match="no Whisper checkpoint"):
        WhisperListener(str(tmp_path / "notes.pt")).hear(ListeningRequest(np.ones(16_000, np.float32), 16_000))
    assert not (tmp_path / ".cache").exists()
