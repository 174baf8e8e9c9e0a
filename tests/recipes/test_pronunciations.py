"""A film's pronunciations reach its voice, and a new one has only the lines spoken again that it touches."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from storyreel.errors import InputError
from storyreel.media.script_steps import PacedVoice
from storyreel.progress import Event, Progress
from storyreel.providers.contracts import Speech, SpeechRequest, SpokenWord
from storyreel.providers.offline.voice import OfflineVoice
from storyreel.recipes import title_film as title
from storyreel.recipes._narrating import narrated, told_before
from storyreel.recipes.script_cards import plan, stage
from storyreel.recipes.script_film import begin as begin_script
from storyreel.recipes.script_sounds import voices
from storyreel.settings import Settings
from storyreel.story.model import Chapter

CHAPTER = Chapter(number=1, title="One", summary="", text="The lamp burns.\n\nMaren sleeps.\n\nThe sea is still.")
TAUGHT = Settings(pronunciations={"Maren": "mare en", "Vael": "vale"})


def tone(request: SpeechRequest) -> Speech:
    words = request.text.split()
    samples = np.full(1000 * len(words), 0.1, np.float32)
    return Speech(samples, 1000, tuple(SpokenWord(text=w, start_s=k, end_s=k + 1) for k, w in enumerate(words)))


@dataclass(frozen=True)
class Pupil:
    """A voice that can be taught; keeps what it was asked to say, and with which pronunciations."""

    listed: Mapping[str, str] = field(default_factory=dict)
    said: list[tuple[str, Mapping[str, str]]] = field(default_factory=list, compare=False)

    @property
    def identity(self) -> str:
        return f"pupil{sorted(self.listed.items())}"

    def speak(self, request: SpeechRequest) -> Speech:
        self.said.append((request.text, self.listed))
        return tone(request)

    def taught(self, pronunciations: Mapping[str, str], language: str) -> Pupil:
        assert language == "en"
        return replace(self, listed=pronunciations)


@dataclass(frozen=True)
class Deaf:
    """A voice that cannot be taught."""

    identity: str = "deaf"

    def speak(self, request: SpeechRequest) -> Speech:
        return tone(request)


def test_a_new_pronunciation_has_only_the_lines_spoken_again_that_it_touches(tmp_path: Path) -> None:
    pupil = Pupil()
    film = title.begin("Maren", words=30, voice=pupil, cache=tmp_path)
    narrated(film.project, [CHAPTER], pupil, None, Settings(), lambda _: None)
    assert [(text, dict(listed)) for text, listed in sorted(pupil.said)] == [
        ("Maren sleeps.", {}),
        ("The lamp burns.", {}),
        ("The sea is still.", {}),
    ]
    pupil.said.clear()
    assert told_before(film.project, CHAPTER, pupil, TAUGHT) is None
    narrated(film.project, [CHAPTER], pupil, None, TAUGHT, lambda _: None)
    assert pupil.said == [("Maren sleeps.", {"Maren": "mare en"})]
    assert told_before(film.project, CHAPTER, pupil, TAUGHT) is not None


def test_a_voice_that_takes_none_is_told_of_before_anything_is_made(tmp_path: Path) -> None:
    seen: list[Event] = []
    progress = Progress()
    progress.listen(seen.append)
    title.begin("Maren", words=30, voice=Deaf(), settings=TAUGHT, cache=tmp_path, progress=progress)
    assert [event.message for event in seen if event.kind == "warned"] == [
        "deaf takes no pronunciations, so it says Maren, Vael as it reads them"
    ]


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_sound_that_the_voice_does_not_know_is_named_before_a_film_is_begun(tmp_path: Path, language: str) -> None:
    wrong = Settings(pronunciations={"Maren": "/maⵣ/"}, language=language)
    with pytest.raises(InputError, match="knows no sound ⵣ"):
        title.begin("Maren", words=30, settings=wrong, cache=tmp_path)
    assert not list(tmp_path.rglob("project.json"))


def test_each_voice_of_a_script_says_words_as_it_was_taught(tmp_path: Path) -> None:
    script = "INT. ROOM - DAY\n\nANNA\nMaren sleeps.\n\nBEN\nLet her.\n"
    film = begin_script(text=script, settings=TAUGHT, cache=tmp_path)
    cards = plan(film, stage(film))
    voice_of = voices(film, cards)
    first, second = (voice_of(line) for line in cards.breakdown.lines)
    inner = first.voice if isinstance(first, PacedVoice) else first
    assert isinstance(inner, OfflineVoice)
    assert inner.pronunciations == {"Maren": "mare en"}
    assert "+" in first.identity
    assert "+" not in second.identity


@pytest.mark.parametrize("command", ["title", "script"])
def test_the_command_line_takes_a_list(tmp_path: Path, command: str) -> None:
    listed, given = tmp_path / "names.txt", tmp_path / "maren.txt"
    listed.write_text("Maren = /maⵣ/\n", encoding="utf-8")
    given.write_text("Maren sleeps.", encoding="utf-8")
    asked = [command, "Maren" if command == "title" else str(given), "--pronounce", str(listed)]
    done = subprocess.run(
        [sys.executable, "-m", "storyreel", *asked, "--voice", "offline", "--cache", str(tmp_path / "cache")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "knows no sound ⵣ in the pronunciation /maⵣ/" in " ".join(done.stderr.split())
