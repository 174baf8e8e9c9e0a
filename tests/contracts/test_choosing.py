"""Who is chosen: by name, by the keys that are there, or as an object that somebody brought."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.providers import registry
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.providers.offline.writer import OfflineWriter
from storyreel.recipes import script_film, title_film
from storyreel.recipes.resume import resume
from storyreel.settings import Settings

SMALL = Settings(width_px=192, height_px=108, rate=Rate(num=10), quality="draft")
KEYS = {
    "anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY", "gemini": "GEMINI_API_KEY", "groq": "GROQ_API_KEY",
    "bfl": "BFL_API_KEY", "speechify": "SPEECHIFY_API_KEY",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.endswith(("_API_KEY", "_API_SECRET", "_API_TOKEN", "FAL_KEY"))]:
        monkeypatch.delenv(name)


ACME = """
from storyreel.providers.offline.painter import OfflinePainter

class AcmePainter:
    def __init__(self, model):
        self.identity = "acme/" + (model or "paint-2")

    def draw(self, request):
        return OfflinePainter().draw(request)
"""


def test_another_package_adds_a_provider_by_an_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pip leaves it: a module, and what the package says of itself beside it."""
    (tmp_path / "acme_paint.py").write_text(ACME)
    told = tmp_path / "acme_paint-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-paint\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[storyreel.providers]\npainter.acme = acme_paint:AcmePainter\n")
    assert "acme" not in registry.names("painter")
    monkeypatch.syspath_prepend(tmp_path)
    assert "acme" in registry.names("painter")
    assert "acme_paint" not in sys.modules  # before it is asked for
    assert registry.provider("painter", "acme").identity == "acme/paint-2"
    assert registry.crew({"painter": "acme:paint-1"}).painter.identity == "acme/paint-1"
    film = title_film.title_film(
        "The Lamp", words=30, voice="none", images="acme", settings=SMALL, cache=tmp_path / "cache"
    )
    assert {clip.asset.provenance.provider for clip in film.timeline.clips if clip.asset} == {"acme/paint-2"}


@pytest.mark.parametrize(
    ("keys", "given", "chosen"),
    [
        ("", {}, {}),
        ("openai", {"writer": "offline"}, {"writer": "offline"}),  # no key is used unasked
        ("openai anthropic", {"writer": "anthropic"}, {"writer": "anthropic", "prompter": "openai"}),
        ("anthropic", {"writer": "anthropic"}, {"writer": "anthropic"}),
        ("openai", {"writer": "openai:gpt-6-luna"}, {"writer": "openai:gpt-6-luna"}),
        ("openai", {"writer": "ollama:llama3.3"}, {"writer": "ollama:llama3.3"}),  # what is local stays local
        ("openai", {"writer": "groq", "prompter": "writer"}, {"writer": "groq"}),
        ("openai", {"writer": "groq", "prompter": "gemini"}, {"writer": "groq", "prompter": "gemini"}),
        ("", {"writer": "auto"}, {"writer": "offline"}),
        ("gemini groq", {"writer": "auto"}, {"writer": "gemini"}),
        ("openai anthropic", {"writer": "auto"}, {"writer": "anthropic", "prompter": "openai"}),
        ("openai", {"writer": "offline", "prompter": "auto"}, {"writer": "offline", "prompter": "openai"}),
        ("bfl openai", {"painter": "auto"}, {"painter": "bfl"}),
        ("speechify", {"voice": "auto"}, {"voice": "speechify"}),
    ],
)
def test_what_is_left_open_is_chosen_by_the_keys_that_are_there(
    monkeypatch: pytest.MonkeyPatch, keys: str, given: Mapping[str, str], chosen: Mapping[str, str]
) -> None:
    for name in keys.split():
        monkeypatch.setenv(KEYS[name], "sk-test-0123456789")
    assert registry.recorded(registry.settled(given)) == chosen


def test_a_film_keeps_whom_it_was_begun_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    before = {"writer": "anthropic", "painter": "ideogram"}
    assert registry.settled({"writer": "anthropic", "painter": "auto"}, before) == before
    both = {"writer": "groq", "prompter": "openai"}
    monkeypatch.delenv("OPENAI_API_KEY")
    assert registry.settled({"writer": "groq"}, both) == both


@pytest.mark.parametrize("role", registry.PREFERRED)
def test_everybody_preferred_is_known_and_has_a_key(role: str) -> None:
    assert set(registry.PREFERRED[role]) <= set(registry.names(role))
    assert not registry.has_key(role, registry.PREFERRED[role][0])
    assert registry.preferred(role) == "offline"


def test_without_a_prompter_the_writer_describes_the_pictures() -> None:
    crew = registry.crew({})
    assert crew.scene_writer is crew.writer
    assert replace(crew, prompter=OfflineWriter()).scene_writer is not crew.writer


@dataclass(frozen=True)
class Mine:
    """A painter of somebody's own."""

    shade: int = 1

    @property
    def identity(self) -> str:
        return f"mine/paint/{self.shade}"

    def draw(self, request: ImageRequest) -> bytes:
        return OfflinePainter().draw(request)


def test_an_object_makes_a_film_that_can_be_found_again_without_it(tmp_path: Path) -> None:
    film = title_film.title_film("The Lamp", words=30, voice="none", images=Mine(), settings=SMALL, cache=tmp_path)
    assert film.project.record().crew["painter"] == "own:mine/paint/1"
    assert {clip.asset.provenance.provider for clip in film.timeline.clips if clip.asset} == {"mine/paint/1"}
    again = resume(film.project.id, cache=tmp_path)
    assert (again.pieces_made, again.timeline) == (0, film.timeline)
    other = title_film.begin("Another Lamp", words=30, voice="none", images=Mine(), settings=SMALL, cache=tmp_path)
    with pytest.raises(InputError, match="'mine/paint/1' of this film is an object of yours"):
        resume(other.project.id, cache=tmp_path)


def test_another_option_of_an_object_is_another_picture(tmp_path: Path) -> None:
    how = {"words": 30, "voice": "none", "settings": SMALL, "cache": tmp_path}
    first = title_film.title_film("The Lamp", images=Mine(), **how)
    second = title_film.title_film("The Lamp", images=Mine(2), **how)
    assert first.timeline.clips[0].asset != second.timeline.clips[0].asset


def test_a_voice_that_was_brought_speaks_for_everybody(tmp_path: Path) -> None:
    from storyreel.providers.contracts import Speech, SpeechRequest

    class Hum:
        identity = "mine/hum"

        def speak(self, request: SpeechRequest) -> Speech:
            import numpy as np

            length = 2400 * len(request.text.split())
            return Speech((0.3 * np.sin(np.arange(length) / 20)).astype(np.float32), 24_000)

    text = "INT. BARN - NIGHT\n\nADA\nWho goes there?\n"
    film = script_film.script_film(text=text, voice=Hum(), settings=SMALL, cache=tmp_path)
    spoken = [sound for sound in film.timeline.sounds if sound.track == "dialogue"]
    assert [sound.asset.provenance.provider.partition("@")[0] for sound in spoken] == ["mine/hum"]


class NoIdentity:
    identity = ""

    def draw(self, request: ImageRequest) -> bytes:
        return b""


@pytest.mark.parametrize(
    ("member", "sentence"),
    [(object(), "cannot be used as painter"), (Mine, "give an object"), (NoIdentity(), "must be a text"),
     (OfflineWriter(), "cannot be used as painter")],
)  # fmt: skip
def test_what_cannot_do_the_work_is_refused(member: object, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        registry.crew({"painter": member})


def test_who_is_absent_knows_its_name_and_nothing_else() -> None:
    absent = registry.provider("painter", "own:mine/paint/1")
    assert absent.identity == "mine/paint/1"
    assert pickle.loads(pickle.dumps(absent)) == absent
    assert not hasattr(absent, "vendor")
    with pytest.raises(InputError, match="object of yours"):
        absent.draw(ImageRequest(prompt="x"))
