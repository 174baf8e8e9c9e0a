"""What ElevenLabs' contract suite does not ask."""

from __future__ import annotations

import numpy as np
import pytest

from loopback.server import Answer, Loopback
from loopback.vendors.elevenlabs import COMPOSE, TEXT, serve_sounds, serve_voice, spoken
from loopback.wire import KEY
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers.contracts import MusicRequest, SpeechRequest
from storyreel.providers.services import elevenlabs
from storyreel.providers.services.elevenlabs import ElevenLabsComposer, ElevenLabsVoice, speech_to_wire

SPEAK = "/v1/text-to-speech/.*/with-timestamps"


@pytest.fixture(autouse=True)
def _vendor(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELEVENLABS_API_KEY", KEY)
    monkeypatch.setenv("STORYREEL_ELEVENLABS_BASE_URL", server.url)


def test_a_long_text_is_asked_for_in_sentences_that_know_of_one_another(
    server: Loopback, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elevenlabs, "USUAL_CHARACTERS", 22)
    serve_voice(server)
    with paying_from(ledger_of(project), "speak"):
        speech = ElevenLabsVoice().speak(SpeechRequest("The lamp went out. Nobody moved at all. Mara did."))
    bodies = [request.json for request in server.asked("POST", SPEAK)]
    assert [body["text"] for body in bodies] == ["The lamp went out.", "Nobody moved at all.", "Mara did."]
    assert bodies[1]["previous_text"] == "The lamp went out."
    assert bodies[1]["next_text"] == "Mara did."
    assert "previous_text" not in bodies[0]
    assert "next_text" not in bodies[2]
    assert [word.text for word in speech.words][3:6] == ["out.", "Nobody", "moved"]
    starts = [word.start_s for word in speech.words]
    assert starts == sorted(starts)
    assert starts[4] > 2.6  # the second piece begins after the first one's sound


@pytest.mark.parametrize("alignment", [None, spoken("Another text altogether.")["alignment"]])
def test_speech_without_times_of_its_own_text_has_no_words(
    server: Loopback, project: Project, alignment: object
) -> None:
    server.on("POST", SPEAK, lambda request: Answer(spoken(TEXT, alignment=alignment)))
    with paying_from(ledger_of(project), "speak"):
        speech = ElevenLabsVoice().speak(SpeechRequest(TEXT))
    assert speech.words == ()
    assert len(speech.samples) > 44_100


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("eleven_v4", "eleven_v4/JBFqnCBsd6RMkjVDRZzb"),
        ("21m00Tcm4TlvDq8ikWAM", "eleven_multilingual_v2/21m00Tcm4TlvDq8ikWAM"),
        ("eleven_flash_v2_5/21m00Tcm4TlvDq8ikWAM", "eleven_flash_v2_5/21m00Tcm4TlvDq8ikWAM"),
    ],
)
def test_a_name_may_be_a_model_a_voice_or_both(name: str, model: str) -> None:
    assert ElevenLabsVoice(name).model == model


def test_newer_models_are_told_the_language_and_nothing_of_other_pieces() -> None:
    body = speech_to_wire("eleven_v4", SpeechRequest("", language="de", speed=3.0), "Ja.", "Vorher.", "Nachher.")
    assert body == {
        "text": "Ja.", "model_id": "eleven_v4", "language_code": "de", "voice_settings": {"speed": 1.2},
    }  # fmt: skip


def test_a_long_bed_is_several_pieces_each_paid_once(
    server: Loopback, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elevenlabs, "LONGEST_MUSIC_S", 5.0)
    serve_sounds(COMPOSE, 5.0)(server)
    for _ in range(2):
        with paying_from(ledger_of(project), "score"):
            music = ElevenLabsComposer().compose(MusicRequest("calm", 9.5))
    assert [request.json["music_length_ms"] for request in server.asked("POST", COMPOSE)] == [4500, 4500, 4500]
    assert music.samples.shape == (round(9.5 * 44_100), 2)
    assert np.abs(music.samples[:44_100]).max() > 0.1
