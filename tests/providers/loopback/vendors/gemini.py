"""Google Gemini: generateContent, and the Interactions API.

source: google-genai 3.3.0 (types.py, _gaos/types/interactions), requests recorded on 127.0.0.1; ai.google.dev pages
on video, speech, transcription and music generation; google-gemini/gemini-skills
checked: 2026-11-21
"""

from __future__ import annotations

import base64
import io
import json
from collections import Counter
from decimal import Decimal
from typing import Any

import av
import numpy as np
from PIL import Image

from loopback.makings import clip, flac, picture, tones
from loopback.server import Answer, Loopback, Request
from loopback.stories import STORY
from loopback.vendors.openai import TEXT, ask_listener, ask_painter, ask_writer, check_picture, check_story
from loopback.wire import KEY, Wire
from storyreel.providers.contracts import (
    AnimationRequest,
    Animator,
    Composer,
    Heard,
    Music,
    MusicRequest,
    Prediction,
    PredictionRequest,
    Predictor,
    SceneDescription,
    Speech,
    SpeechRequest,
)
from storyreel.providers.services import gemini_interactions
from storyreel.story.model import Story

WRITER, PAINTER, ANIMATOR = "gemini-3.8-flash", "gemini-nano-banana-2.1", "gemini-omni-1.2-flash"
WRITE = f"/v1/models/{WRITER}:streamGenerateContent"
DRAW = f"/v1/models/{PAINTER}:generateContent"
INTERACT = "/v1/interactions"
FIRST, LAST = picture(64, 36, 10), picture(64, 36, 200, "JPEG")


def error(status: int, name: str, message: str, *details: dict[str, Any]) -> Answer:
    return Answer({"error": {"code": status, "message": message, "status": name, "details": list(details)}}, status)


RETRY_INFO = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.2s"}
ERRORS = {
    "rate_limited": error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota", RETRY_INFO),
    "server_error": error(500, "INTERNAL", "An internal error has occurred"),
    "payment": error(402, "RESOURCE_EXHAUSTED", "Your prepaid credits are used up"),
    "bad_key": error(
        400,
        "INVALID_ARGUMENT",
        "API key not valid. Please pass a valid API key.",
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"},
    ),
    "dead_model": error(404, "NOT_FOUND", "This model models/x is no longer available. Please use a newer model."),
}


def keyed(request: Request) -> None:
    assert request.headers["x-goog-api-key"] == KEY
    assert "authorization" not in request.headers
    assert "key" not in request.query


# ---- text


def events(*bodies: dict[str, Any]) -> Answer:
    return Answer("".join(f"data: {json.dumps(body)}\r\n\r\n" for body in bodies), content_type="text/event-stream")


def written(text: str) -> Answer:
    pieces = [text[at : at + 200] for at in range(0, len(text), 200)]
    known = {"modelVersion": WRITER, "responseId": "resp-1"}
    thought = {"candidates": [{"content": {"parts": [{"text": "{Hm", "thought": True}], "role": "model"}, "index": 0}]}
    parts = [
        {"candidates": [{"content": {"parts": [{"text": piece}], "role": "model"}, "index": 0}], **known,
         "usageMetadata": {"promptTokenCount": 1400}}
        for piece in pieces
    ]  # fmt: skip
    usage = {
        "promptTokenCount": 1400, "cachedContentTokenCount": 0, "candidatesTokenCount": 700, "thoughtsTokenCount": 200,
        "totalTokenCount": 2300, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1400}],
    }  # fmt: skip
    last = {
        "candidates": [{"content": {"parts": [{"text": ""}], "role": "model"}, "finishReason": "STOP", "index": 0}],
        **known,
        "usageMetadata": usage,
    }
    return events(thought, *parts, last)


def check_writing(request: Request) -> None:
    body = request.json
    assert request.query == {"alt": "sse"}
    assert set(body) == {"contents", "generationConfig"}
    (turn,) = body["contents"]
    assert (turn["role"], set(turn["parts"][0])) == ("user", {"text"})
    config = body["generationConfig"]
    assert set(config) == {"maxOutputTokens", "responseMimeType", "responseJsonSchema"}  # no temperature in particular
    assert config["responseMimeType"] == "application/json"
    assert set(config["responseJsonSchema"]["required"]) == set(Story.model_fields)


# ---- pictures


def painted(width_px: int, height_px: int) -> Answer:
    data = base64.urlsafe_b64encode(picture(width_px, height_px)).decode()
    parts = [{"text": "Here it is."}, {"inlineData": {"mimeType": "image/png", "data": data}}]
    return Answer(
        {
            "candidates": [{"content": {"parts": parts, "role": "model"}, "finishReason": "STOP", "index": 0}],
            "modelVersion": PAINTER,
            "responseId": "resp-2",
            "usageMetadata": {
                "promptTokenCount": 40,
                "candidatesTokenCount": 1120,
                "thoughtsTokenCount": 100,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 40}],
                "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120}],
            },
        }
    )


def check_drawing(request: Request) -> None:
    assert request.json == {
        "contents": [{"role": "user", "parts": [{"text": "a lantern on a cliff"}]}],
        "generationConfig": {
            "responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "16:9", "imageSize": "1K"},
        },
    }  # fmt: skip


NO_IMAGE = {
    "candidates": [{"content": {"parts": [{"text": "I can't draw that."}]}, "finishReason": "NO_IMAGE", "index": 0}],
    "usageMetadata": {"promptTokenCount": 4000},
}
BLOCKED = {"candidates": [], "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
           "usageMetadata": {"promptTokenCount": 4000}}  # fmt: skip


def ask_predictor(predictor: Predictor) -> Prediction:
    scene = SceneDescription(subject="a lantern", cast=("Mara, in a blue coat",), palette=("#0b1026",))
    return predictor.predict(PredictionRequest("she lifts the lantern", FIRST, 2.5, 960, 960, "anime", scene, 7))


def check_predicting(request: Request) -> None:
    (turn,) = request.json["contents"]
    seen, told = turn["parts"]
    assert seen["inlineData"]["mimeType"] == "image/png"
    assert base64.b64decode(seen["inlineData"]["data"], validate=True) == FIRST
    for words in ("2.5 seconds later", "she lifts the lantern", "anime", "Mara, in a blue coat", "#0b1026"):
        assert words in told["text"]
    assert request.json["generationConfig"]["imageConfig"] == {"aspectRatio": "1:1", "imageSize": "1K"}


def check_prediction(prediction: Prediction) -> None:
    with Image.open(io.BytesIO(prediction.frame)) as painted_frame:
        painted_frame.load()
        assert painted_frame.width == painted_frame.height


# ---- interactions


def interaction(*content: dict[str, Any], status: str = "completed", **more: Any) -> Answer:
    steps = [
        {"type": "user_input", "content": [{"type": "text", "text": "..."}]},
        {"type": "thought", "content": [{"type": "thought", "text": "..."}]},
    ]
    steps += [{"type": "model_output", "content": list(content), "error": None}] if content else []
    return Answer({"id": "v1_abc", "object": "interaction", "status": status, "steps": steps, **more})


def sound(data: bytes, mime_type: str) -> dict[str, Any]:
    return {"type": "audio", "mime_type": mime_type, "data": base64.b64encode(data).decode()}


SPOKEN = tones((0.1, 1.1), (1.4, 3.2), length_s=3.3)


def serve_voice(server: Loopback) -> None:
    bare = (SPOKEN * 32767).astype("<i2").tobytes()
    usage = {"total_input_tokens": 20, "total_output_tokens": 83, "total_tokens": 103}
    said = interaction(sound(bare, "audio/l16;rate=24000"), usage=usage, model="gemini-3.8-flash-tts")
    server.on("POST", INTERACT, lambda request: said)


def check_speaking(request: Request) -> None:
    assert request.json == {
        "model": "gemini-3.8-flash-tts",
        "input": [{"type": "user_input", "content": [{"type": "text", "text": TEXT}]}],
        "response_format": {"type": "audio"},
        "generation_config": {"speech_config": [{"voice": "Charon"}]},
        "store": False,
    }


def check_speech(speech: Speech) -> None:
    assert speech.sample_rate_hz == 24_000
    assert len(speech.samples) == len(SPOKEN)
    assert np.abs(speech.samples - SPOKEN).max() < 0.001


def serve_listener(server: Loopback) -> None:
    text = "The lamp went out."
    words = [("The", "0.1s", "0.300s"), ("lamp", "0.3s", "0.8s"), ("went", "0.8s", "1s"), ("out", "1s", "1.4s")]
    annotations = [
        {"type": "word_info", "text": word, "start_offset": start, "end_offset": end} for word, start, end in words
    ]
    heard = interaction(
        {"type": "text", "text": text, "annotations": annotations},
        usage={"total_input_tokens": 64, "total_output_tokens": 30},
        model="gemini-3.5-transcribe",
    )
    server.on("POST", INTERACT, lambda request: heard)


def check_listening(request: Request) -> None:
    body = request.json
    assert set(body) == {"model", "input", "generation_config", "store"}
    assert body["generation_config"] == {
        "transcription_config": {
            "mode": {"type": "verbatim", "timestamp_granularities": ["word"]},
            "language_codes": ["en-US"],
        }
    }
    ((part,),) = [step["content"] for step in body["input"]]
    assert (part["type"], part["mime_type"]) == ("audio", "audio/flac")
    with av.open(io.BytesIO(base64.b64decode(part["data"], validate=True))) as container:
        assert container.streams.audio[0].rate == 16_000


def check_heard(heard: Heard) -> None:
    assert [word.text for word in heard.words] == ["The", "lamp", "went", "out."]
    assert (heard.words[-1].start_s, heard.words[-1].end_s, heard.language) == (1.0, 1.4, "en")


# ---- clips

POLL, RESULT = f"{INTERACT}/.*", "/delivery/v1beta/files/.*"


def serve_animator(server: Loopback) -> None:
    looks: Counter[str] = Counter()

    def look(request: Request) -> Answer:
        keyed(request)
        assert request.query == {"stream": "false"}
        looks["interaction"] += 1
        if looks["interaction"] == 1:
            return interaction(status="in_progress")
        uri = f"{server.url}/delivery/v1beta/files/clip-1:download?alt=media"
        return interaction({"type": "video", "mime_type": "video/mp4", "uri": uri}, model=ANIMATOR)

    def file(request: Request) -> Answer:
        keyed(request)
        looks["file"] += 1
        return Answer({"name": "files/clip-1", "state": "PROCESSING" if looks["file"] == 1 else "ACTIVE"})

    def deliver(request: Request) -> Answer:
        keyed(request)
        assert request.query == {"alt": "media"}
        return Answer(clip(), content_type="video/mp4")

    server.on("POST", INTERACT, lambda request: interaction(status="in_progress"))
    server.on("GET", POLL, look)
    server.on("GET", "/v1beta/files/clip-1", file)
    server.on("GET", RESULT, deliver)


def ask_animator(animator: Animator) -> bytes:
    return animator.animate(AnimationRequest("the lamp swings", FIRST, LAST, 5.2, 1920, 1080))


def check_animating(request: Request) -> None:
    body = request.json
    first, last, words = body.pop("input")[0]["content"]
    assert (first["mime_type"], last["mime_type"]) == ("image/png", "image/jpeg")
    assert [base64.b64decode(frame["data"], validate=True) for frame in (first, last)] == [FIRST, LAST]
    assert "the lamp swings" in words["text"]
    assert body == {
        "model": ANIMATOR,
        "response_format": {
            "type": "video", "aspect_ratio": "16:9", "duration": "6s", "resolution": "1080p", "delivery": "uri",
        },
        "generation_config": {"video_config": {"task": "image_to_video"}},
        "background": True,
    }  # fmt: skip


def check_clip(data: bytes) -> None:
    with av.open(io.BytesIO(data)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 12


def hurry(patch: Any, patience_s: float) -> None:
    patch.setattr(gemini_interactions, "EVERY_S", 0.01)
    patch.setattr(gemini_interactions, "PATIENCE_S", patience_s)


# ---- music

SONG = flac(tones((0.0, 2.0), length_s=2.0))


def serve_composer(server: Loopback) -> None:
    song = interaction({"type": "text", "text": "[Intro]"}, sound(SONG, "audio/flac"), model="lyria-3.5")
    server.on("POST", INTERACT, lambda request: song)


def ask_composer(composer: Composer) -> Music:
    return composer.compose(MusicRequest("tense, cold, slow", 3.21))


def check_composing(request: Request) -> None:
    body = request.json
    words = body.pop("input")[0]["content"][0]["text"]
    assert "tense, cold, slow" in words
    assert "no vocals" in words
    assert "0:03" in words
    assert body == {"model": "lyria-3.5", "response_format": {"type": "audio"}, "store": False}


def check_music(music: Music) -> None:
    assert music.samples.shape == (round(3.21 * music.sample_rate_hz), 2)
    assert np.abs(music.samples).max() <= 1.0


FAILED = interaction(status="failed", errors=[{"code": "x", "message": "The output was blocked by safety filters."}])


def wire(**more: Any) -> Wire:
    return Wire(name="gemini", vendor="gemini", key_variable="GOOGLE_API_KEY", keyed=keyed, **more)


WIRES = [
    wire(
        id="gemini-story",
        role="writer",
        ask=ask_writer,
        create=("POST", WRITE),
        serve=lambda server: server.on("POST", WRITE, lambda request: written(json.dumps(STORY))),
        check_request=check_writing,
        check_result=check_story,
        answers={**ERRORS, "refused": events(BLOCKED)},
        price_usd=Decimal("0.004425"),  # 1400 at 0.75, 900 at 3.75 a million
        refusals_cost=True,
    ),
    wire(
        id="gemini-picture",
        role="painter",
        ask=ask_painter,
        create=("POST", DRAW),
        serve=lambda server: server.on("POST", DRAW, lambda request: painted(1376, 768)),
        check_request=check_drawing,
        check_result=check_picture,
        answers={**ERRORS, "refused": Answer(NO_IMAGE)},
        price_usd=Decimal("0.034410"),  # 40 at 1.50, 100 at 7.50, 1120 at 30 a million
        dead=("gemini-2.5-flash-image", PAINTER),
        refusals_cost=True,
    ),
    wire(
        id="gemini-prediction",
        role="predictor",
        ask=ask_predictor,
        create=("POST", DRAW),
        serve=lambda server: server.on("POST", DRAW, lambda request: painted(1024, 1024)),
        check_request=check_predicting,
        check_result=check_prediction,
        answers={**ERRORS, "refused": Answer(BLOCKED)},
        price_usd=Decimal("0.034410"),
        dead=("gemini-2.5-flash-image", PAINTER),
        refusals_cost=True,
    ),
    wire(
        id="gemini-voice",
        role="voice",
        ask=lambda voice: voice.speak(SpeechRequest(TEXT)),
        create=("POST", INTERACT),
        serve=serve_voice,
        check_request=check_speaking,
        check_result=check_speech,
        answers={**ERRORS, "refused": FAILED},
        price_usd=Decimal("0.000757"),  # 20 at 0.50, 83 at 9 a million
    ),
    wire(
        id="gemini-listener",
        role="listener",
        ask=ask_listener,
        create=("POST", INTERACT),
        serve=serve_listener,
        check_request=check_listening,
        check_result=check_heard,
        answers={**ERRORS, "refused": FAILED},
        price_usd=Decimal("0.000488"),  # 64 at 2, 30 at 12 a million
    ),
    wire(
        id="gemini-clip",
        role="animator",
        ask=ask_animator,
        create=("POST", INTERACT),
        serve=serve_animator,
        check_request=check_animating,
        check_result=check_clip,
        answers=ERRORS,
        price_usd=Decimal("0.6258"),  # six seconds in full HD
        dead=("veo-3.1-generate-preview", ANIMATOR),
        polled=True,
        poll=POLL,
        result=RESULT,
        failed=FAILED,
        hurry=hurry,
    ),
    wire(
        id="gemini-music",
        role="composer",
        ask=ask_composer,
        create=("POST", INTERACT),
        serve=serve_composer,
        check_request=check_composing,
        check_result=check_music,
        answers={**ERRORS, "refused": interaction({"type": "text", "text": "I cannot."})},
        price_usd=Decimal("0.08"),
    ),
]
