"""The bundled recogniser: what was said is written down when it was said; what was not said is not."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import CorruptFile, InputError, MissingExtra
from storyreel.providers import registry
from storyreel.providers.contracts import HeardWord, ListeningRequest, MusicRequest
from storyreel.providers.offline.listener import OfflineListener
from storyreel.providers.offline.listener.doubt import believed, without_loops
from storyreel.providers.offline.listener.models import MODELS, Model
from storyreel.providers.offline.listener.phrases import Phrase
from storyreel.providers.offline.score import OfflineComposer
from storyreel.providers.offline.voice.installed import PackageFile

RATE_HZ = 16_000


def plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def start_errors_s(truth: Sequence[tuple[str, float, float, bool]], heard: Sequence[HeardWord]) -> np.ndarray:
    """How far the starts of the words that both have lie apart."""
    ours, theirs = [plain(word.text) for word in heard], [plain(text) for text, *_ in truth]
    blocks = difflib.SequenceMatcher(None, theirs, ours, autojunk=False).get_matching_blocks()
    pairs = [(a + k, b + k) for a, b, size in blocks for k in range(size)]
    assert len(pairs) > 0.85 * len(truth)
    return np.array([heard[b].start_s - truth[a][1] for a, b in pairs])


def music(seconds: float) -> np.ndarray:
    from scipy.signal import resample_poly

    piece = OfflineComposer().compose(MusicRequest(mood="warm, hopeful", duration_s=seconds, seed=3))
    return resample_poly(piece.samples.mean(axis=1), RATE_HZ, piece.sample_rate_hz).astype(np.float32)


@pytest.mark.parametrize("below", ["nothing", "noise at 10 dB", "music"])
@pytest.mark.parametrize("name", ["harbour", "trees"])
def test_words_are_heard_when_they_are_said(name: str, below: str, known: Callable[[str], Any]) -> None:
    recording = known(name)
    samples = recording.noisy(10.0) if below.startswith("noise") else recording.samples
    if below == "music":
        samples = samples + 0.15 * np.resize(music(10.0), len(samples)).astype(np.float32)
    listener = OfflineListener()
    length = int(listener.longest_s * RATE_HZ)
    heard = listener.hear(ListeningRequest(samples[:length], RATE_HZ, language="en"))
    truth = [word for word in recording.truth if word[2] < listener.longest_s - 0.3]
    errors_s = np.abs(start_errors_s(truth, heard.words))
    assert np.median(errors_s) <= 0.09
    assert np.percentile(errors_s, 90) <= 0.2


@pytest.mark.parametrize("sound", ["silence", "hiss", "hum", "music"])
def test_nothing_is_heard_where_nobody_speaks(sound: str) -> None:
    count = 12 * RATE_HZ
    samples = {
        "silence": lambda: np.zeros(count),
        "hiss": lambda: np.random.default_rng(0).standard_normal(count) * 0.05,
        "hum": lambda: 0.05 * np.sin(2 * np.pi * 50 * np.arange(count) / RATE_HZ),
        "music": lambda: music(12.0),
    }[sound]()
    assert OfflineListener().hear(ListeningRequest(samples.astype(np.float32), RATE_HZ)).words == ()


def test_the_same_sound_gives_the_same_words_in_any_thread_and_at_any_rate(known: Callable[[str], Any]) -> None:
    samples = known("trees").samples[: 6 * RATE_HZ]
    request = ListeningRequest(samples, RATE_HZ, language="en")
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(OfflineListener().hear, (request, request))
    assert one == other
    doubled = ListeningRequest(np.repeat(samples, 2), 2 * RATE_HZ, language="en")
    assert [plain(w.text) for w in OfflineListener().hear(doubled).words][:5] == [plain(w.text) for w in one.words][:5]


def test_times_are_in_order_and_within_the_piece(known: Callable[[str], Any]) -> None:
    samples = known("kitchen_fillers").samples[: 10 * RATE_HZ]
    words = OfflineListener().hear(ListeningRequest(samples, RATE_HZ)).words
    moments = [moment for word in words for moment in (word.start_s, word.end_s)]
    assert moments == sorted(moments)
    assert moments[-1] <= 10.0


def test_threads_are_no_part_of_what_it_is() -> None:
    assert OfflineListener(cpu_threads=4).identity == OfflineListener().identity == "offline/whisper-tiny.en-int8@6"
    assert registry.provider("listener", "offline:tiny.en") == OfflineListener()


@pytest.mark.parametrize("wrong", [{"model": "huge"}, {"cpu_threads": 0}])
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        OfflineListener(**wrong)


def test_another_language_is_refused_with_the_model_that_knows_it() -> None:
    with pytest.raises(InputError, match="offline:base"):
        OfflineListener().hear(ListeningRequest(np.ones(RATE_HZ, np.float32), RATE_HZ, language="es"))


def test_a_changed_or_missing_file_is_told_before_anything_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    part = MODELS["tiny.en"].contents["config.json"][0]
    changed = PackageFile(part.package, part.requirement, part.inside, part.size_bytes, "0" * 64, part.feature)
    with pytest.raises(CorruptFile, match="offline listener"):
        Model({"config.json": (changed,)}, late_s=0.0).read()
    absent = PackageFile("no_such_package", "no-such-package==1", "x", 1, "0" * 64, part.feature)
    monkeypatch.setitem(MODELS, "tiny.en", Model({"model.bin": (absent,)}, late_s=0.0))  # type: ignore[arg-type]
    with pytest.raises(MissingExtra, match="the offline listener needs"):
        OfflineListener()


words = st.lists(st.sampled_from(["a", "boat", "the", "sea"]), max_size=30)


@given(words, st.lists(st.sampled_from(["x", "y", "z"]), min_size=1, max_size=4, unique=True), st.integers(4, 12))
def test_loops_are_cut_to_two_rounds(before: list[str], loop: list[str], times: int) -> None:
    spoken = [HeardWord(text=text, start_s=0.0, end_s=0.0) for text in [*before, *loop * times]]
    kept = [word.text for word in without_loops(spoken)]
    assert kept[-2 * len(loop) :] == loop * 2
    assert sum(text in loop for text in kept) == 2 * len(loop)


def test_what_is_said_three_times_stays() -> None:
    text = "no no no it is very very very cold"
    said = [HeardWord(text=word, start_s=0.0, end_s=0.0) for word in text.split()]
    assert without_loops(said) == tuple(said)


@pytest.mark.parametrize(
    ("no_speech", "log_probability", "confidence", "expected"),
    [(0.01, -0.06, 0.97, True), (0.04, -0.3, 0.8, True), (0.95, -0.67, 0.19, False), (0.4, -1.3, 0.3, False),
     (0.85, -0.4, 0.5, False), (0.2, -0.4, 0.05, False)],
)  # fmt: skip
def test_phrases_are_believed_by_how_sure_the_network_was(
    no_speech: float, log_probability: float, confidence: float, expected: bool
) -> None:
    word = HeardWord(text="you", start_s=0.0, end_s=0.2, confidence=confidence)
    assert believed(Phrase((word,), no_speech, log_probability)) is expected


def test_half_a_minute_of_speech_is_not_passed_over_for_the_prompt_that_keeps_hesitations() -> None:
    from storyreel.media.sound import read_sound

    path = Path(__file__).parents[2] / "recordings" / "skipped.ogg"
    samples = read_sound(path, sample_rate_hz=16_000, channels=1)[:, 0]
    heard = OfflineListener().hear(ListeningRequest(samples, 16_000, language="en", verbatim=True)).words
    assert len(heard) >= 80, "84 words are said"
    edges = [0.0, *(edge for word in heard for edge in (word.start_s, word.end_s)), len(samples) / 16_000]
    assert max(np.diff(edges)) < 2.5
