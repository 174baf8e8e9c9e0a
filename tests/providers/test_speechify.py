"""What Speechify's contract suite does not ask."""

from __future__ import annotations

import pytest

from loopback.server import Answer, Loopback
from loopback.vendors.speechify import SPEAK, TEXT, serve, spoken
from loopback.wire import KEY
from storyreel.errors import InputError
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers.contracts import Speech, SpeechRequest
from storyreel.providers.services.speechify import SpeechifyVoice


@pytest.fixture(autouse=True)
def _vendor(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPEECHIFY_API_KEY", KEY)
    monkeypatch.setenv("STORYREEL_SPEECHIFY_BASE_URL", server.url)


def speak(project: Project, request: SpeechRequest, model: str = "") -> Speech:
    with paying_from(ledger_of(project), "speak"):
        return (SpeechifyVoice(model) if model else SpeechifyVoice()).speak(request)


def test_no_request_holds_more_than_two_thousand_characters(server: Loopback, project: Project) -> None:
    serve(server)
    text = " ".join(f"This is sentence number {number} of a long & winding passage." for number in range(60))
    for speed in (1.0, 1.1):
        server.requests.clear()
        speech = speak(project, SpeechRequest(text, speed=speed))
        sent = [request.json["input"] for request in server.asked("POST", SPEAK)]
        assert len(sent) == 2
        assert all(len(part) <= 2000 for part in sent)
        assert [word.text for word in speech.words] == text.split()


def test_another_speed_is_asked_for_in_ssml_and_words_are_found_behind_its_marks(
    server: Loopback, project: Project
) -> None:
    serve(server)
    speech = speak(project, SpeechRequest("Salt & <light>.", speed=0.9))
    (request,) = server.asked("POST", SPEAK)
    assert request.json["input"] == '<speak><prosody rate="-10%">Salt &amp; &lt;light&gt;.</prosody></speak>'
    assert [word.text for word in speech.words] == ["Salt", "&", "<light>."]


@pytest.mark.parametrize("marks", [None, {"chunks": None}, {"chunks": []}, {"chunks": [{"type": "word"}]}])
def test_speech_without_marks_has_no_words(server: Loopback, project: Project, marks: object) -> None:
    server.on("POST", SPEAK, lambda request: Answer(spoken(TEXT, speech_marks=marks)))
    assert speak(project, SpeechRequest(TEXT)).words == ()


@pytest.mark.parametrize(("language", "other"), [("de", "simba-3.0"), ("pl", "simba-multilingual")])
def test_a_language_that_the_model_lacks_is_told_before_anything_is_sent(
    server: Loopback, project: Project, language: str, other: str
) -> None:
    with pytest.raises(InputError, match=other):
        speak(project, SpeechRequest("Hallo.", language=language))
    assert server.requests == []


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("simba-3.0", "simba-3.0/harper_32"),
        ("imogen_32", "simba-3.2/imogen_32"),
        ("simba-multilingual", "simba-multilingual/george"),
    ],
)
def test_a_name_may_be_a_model_or_a_voice(name: str, model: str) -> None:
    assert SpeechifyVoice(name).model == model
