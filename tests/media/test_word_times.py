"""Every voice gets word times: its own, those a listener hears, or a guess that says that it is one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from storyreel.errors import ProviderError
from storyreel.media.steps import Passage, speak, with_word_times
from storyreel.project import Project
from storyreel.providers.contracts import Speech, SpeechRequest, SpokenWord, Voice
from storyreel.providers.offline.listener import OfflineListener
from storyreel.providers.offline.voice import OfflineVoice

TEXT = "The keeper climbed a hundred and twelve steps — slowly. Nobody waited for him."


@dataclass
class Telling:
    """The offline voice, or one that says no times, or wrong ones."""

    words: str
    identity: str = "telling"
    calls: list[str] = field(default_factory=list)

    def speak(self, request: SpeechRequest) -> Speech:
        self.calls.append(request.text)
        speech = OfflineVoice().speak(request)
        told = {"own": speech.words, "none": (), "wrong": (SpokenWord(text="x", start_s=0, end_s=1),)}
        return Speech(speech.samples, speech.sample_rate_hz, told[self.words])


@pytest.fixture(scope="module")
def passages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Passage, Passage]:
    """A passage whose voice told its times, and the same without them."""
    project = Project("voice", tmp_path_factory.mktemp("voice"))
    own: Voice = Telling("own", "own")
    none: Voice = Telling("none", "none")
    return project, speak(project, TEXT, own, language="en"), speak(project, TEXT, none, language="en")


def test_a_voice_that_tells_its_times_is_believed(passages: tuple[Project, Passage, Passage]) -> None:
    project, own, _ = passages
    assert with_word_times(project, own, TEXT, OfflineListener(), language="en") == own


def test_a_listener_times_the_text_of_a_voice_that_does_not(passages: tuple[Project, Passage, Passage]) -> None:
    project, own, none = passages
    assert none.words == ()
    timed = with_word_times(project, none, TEXT, OfflineListener(), language="en")
    assert [word.text for word in timed.words] == TEXT.split()
    assert not timed.guessed
    errors_s = np.abs([a.start_s - b.start_s for a, b in zip(timed.words, own.words, strict=True)])
    assert np.median(errors_s) < 0.09
    assert errors_s.max() < 0.4


def test_without_a_listener_times_are_a_guess_and_say_so(passages: tuple[Project, Passage, Passage]) -> None:
    project, _, none = passages
    guessed = with_word_times(project, none, TEXT, None, language="en")
    assert guessed.guessed
    assert [word.text for word in guessed.words] == TEXT.split()


def test_times_that_do_not_fit_the_text_are_refused(tmp_path: Path) -> None:
    voice: Voice = Telling("wrong")
    with pytest.raises(ProviderError, match="do not fit"):
        speak(Project("voice", tmp_path), TEXT, voice, language="en")
