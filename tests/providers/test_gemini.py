"""What is Gemini's alone; what it shares with every vendor is in the contract suite."""

from __future__ import annotations

import base64
import json

import pytest

from loopback.makings import clip, flac, picture, tones
from loopback.server import Answer, Loopback
from loopback.stories import STORY
from loopback.vendors.gemini import (
    ANIMATOR,
    INTERACT,
    POLL,
    WRITE,
    ask_animator,
    check_clip,
    events,
    interaction,
    painted,
    written,
)
from loopback.wire import KEY
from storyreel.errors import BadAnswer
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers.contracts import AnimationRequest, ImageRequest
from storyreel.providers.services.gemini import GeminiPainter, GeminiWriter, picture_to_wire, wait_told
from storyreel.providers.services.gemini_interactions import (
    GeminiAnimator,
    GeminiVoice,
    Interaction,
    clip_to_wire,
    sound_in,
    transcript_in,
)
from storyreel.providers.transport import Lost
from storyreel.story.model import Story
from storyreel.story.prompts import chapter_request, story_request


@pytest.fixture(autouse=True)
def _at_the_loopback(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    monkeypatch.setenv("STORYREEL_GEMINI_BASE_URL", server.url)


def test_a_clip_that_comes_inside_the_answer_is_taken_from_there(server: Loopback, project: Project) -> None:
    data = base64.b64encode(clip()).decode()
    server.on("POST", INTERACT, lambda request: interaction(status="in_progress"))
    server.on("GET", POLL, lambda request: interaction({"type": "video", "data": data}, model=ANIMATOR))
    with paying_from(ledger_of(project)):
        check_clip(ask_animator(GeminiAnimator()))
    assert len(server.requests) == 2


@pytest.mark.parametrize("told", ["/v1beta/files/clip-1", "/v1beta/files/clip-1:download?alt=media"])
def test_a_file_is_fetched_where_its_content_lies(server: Loopback, project: Project, told: str) -> None:
    """Its own address tells its state alone."""
    made = {"type": "video", "mime_type": "video/mp4", "uri": server.url + told}
    server.on("POST", INTERACT, lambda request: interaction(status="in_progress"))
    server.on("GET", POLL, lambda request: interaction(made, model=ANIMATOR))
    server.on("GET", "/v1beta/files/clip-1", lambda request: Answer({"name": "files/clip-1", "state": "ACTIVE"}))
    server.on("GET", "/v1beta/files/clip-1:download", lambda request: Answer(clip(), content_type="video/mp4"))
    with paying_from(ledger_of(project)):
        check_clip(ask_animator(GeminiAnimator()))
    assert [request.query for request in server.asked("GET", ".*:download")] == [{"alt": "media"}]


def test_how_long_to_wait_is_read_from_the_details_of_an_error() -> None:
    details = [{"@type": "x"}, {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.07s"}]
    assert wait_told({"error": {"details": details}}) == 34.07
    assert wait_told({"error": {"details": [{"retryDelay": "soon"}]}}) is None
    assert wait_told([]) is None


@pytest.mark.parametrize(
    ("width_px", "height_px", "shape", "size"),
    [(1920, 1080, "16:9", "2K"), (1280, 720, "16:9", "1K"), (720, 1280, "9:16", "1K"), (3840, 1640, "21:9", "4K")],
)
def test_a_picture_is_asked_for_in_the_nearest_shape_with_enough_pixels(
    width_px: int, height_px: int, shape: str, size: str
) -> None:
    config = picture_to_wire("x", (), width_px, height_px)["generationConfig"]["imageConfig"]
    assert config == {"aspectRatio": shape, "imageSize": size}


def test_the_bible_goes_first_as_the_system_instruction(server: Loopback) -> None:
    chapter = {"title": "The Lamp", "text": "She climbed the stair. " * 20, "summary": "She climbs."}
    server.on("POST", WRITE, lambda request: written(json.dumps(chapter)))
    with pytest.warns(UserWarning, match="outside of a project"):
        GeminiWriter().write(chapter_request(Story.model_validate(STORY), 1, 2, 80))
    (part,) = server.requests[0].json["systemInstruction"]["parts"]
    assert all(person["look"] in part["text"] for person in STORY["cast"])


def test_an_answer_cut_at_the_most_tokens_is_no_answer(server: Loopback) -> None:
    cut = {"candidates": [{"content": {"parts": [{"text": "{"}]}, "finishReason": "MAX_TOKENS"}]}
    server.on("POST", WRITE, lambda request: events(cut))
    with pytest.warns(UserWarning, match="outside"), pytest.raises(BadAnswer, match="ask for less"):
        GeminiWriter().write(story_request(title="x", chapters=1, words_per_chapter=80))


@pytest.mark.parametrize(
    ("asked", "used"),
    [("Kore", "gemini-3.8-flash-tts/Kore"), ("gemini-3.8-flash-lite-tts", "gemini-3.8-flash-lite-tts/Charon"),
     ("gemini-3.8-flash-lite-tts/Puck", "gemini-3.8-flash-lite-tts/Puck")],
)  # fmt: skip
def test_a_voice_is_named_by_itself_or_behind_its_model(asked: str, used: str) -> None:
    assert GeminiVoice(asked).model == used


def test_a_file_with_its_own_header_is_kept_as_it_is() -> None:
    sound = flac(tones((0.0, 0.5), length_s=0.5))
    content = {"type": "audio", "mime_type": "audio/l16", "data": base64.b64encode(sound).decode()}
    body = {"status": "completed", "steps": [{"type": "model_output", "content": [content]}]}
    assert sound_in(Interaction.model_validate(body), "m") == sound


def test_speech_without_the_times_of_its_words_is_no_transcript_and_silence_is_one() -> None:
    text = {"type": "text", "text": "The lamp went out.", "annotations": None}
    body = {"status": "completed", "steps": [{"type": "model_output", "content": [text]}]}
    with pytest.raises(Lost, match="no times"):
        transcript_in(Interaction.model_validate(body))
    assert transcript_in(Interaction.model_validate({"status": "completed"})).words == []


def test_a_clip_without_a_last_frame_may_be_longer_and_opens_on_the_first() -> None:
    request = AnimationRequest("x", picture(), None, 40.0, 720, 1280)
    body = clip_to_wire(ANIMATOR, request)
    assert body["response_format"]["duration"] == "15s"
    assert (body["response_format"]["aspect_ratio"], body["response_format"]["resolution"]) == ("9:16", "720p")
    image, words = body["input"][0]["content"]
    assert image["type"] == "image"
    assert words["text"].startswith("<FIRST_FRAME>")


def test_a_picture_without_token_counts_is_priced_by_its_size(server: Loopback, project: Project) -> None:
    answer = painted(2752, 1536)
    del answer.body["usageMetadata"]
    server.on("POST", "/v1/models/gemini-3-pro-image:generateContent", lambda request: answer)
    with paying_from(ledger_of(project)) as place:
        GeminiPainter("gemini-3-pro-image").draw(ImageRequest(prompt="x"))
    assert str(place.receipts[0].price_usd) == "0.134000"
