"""OpenAI: Responses (streamed), images, speech, transcription.

source: openai 3.51.0 (types/responses, types/images_response.py, types/audio), requests recorded on 127.0.0.1
checked: 2026-11-21
"""

from __future__ import annotations

import base64
import io
import json
from decimal import Decimal
from typing import Any

import numpy as np
from PIL import Image

from loopback.makings import flac, picture, tones
from loopback.server import Answer, Loopback, Request
from loopback.stories import STORY, written_for
from loopback.wire import Wire
from storyreel.providers.contracts import (
    Heard,
    ImageModel,
    ImageRequest,
    Listener,
    ListeningRequest,
    Speech,
    SpeechRequest,
    Writer,
)
from storyreel.story.model import Story
from storyreel.story.prompts import story_request

WRITER = "gpt-6.1-sol"
PAINTER = "gpt-image-2.5-flare"
KEY_VARIABLE = "OPENAI_API_KEY"


def error(status: int, code: str, message: str, kind: str = "invalid_request_error") -> Answer:
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return Answer(body, status, headers={"x-request-id": "req_oa1"})


ERRORS = {
    "rate_limited": error(429, "rate_limit_exceeded", "Rate limit reached for requests", "requests"),
    "server_error": error(500, "server_error", "The server had an error while processing your request", "server_error"),
    "payment": error(429, "insufficient_quota", "You exceeded your current quota", "insufficient_quota"),
    "bad_key": error(401, "invalid_api_key", "Incorrect API key provided: sk-loop****cdef."),
    "dead_model": error(404, "model_not_found", "The model does not exist or you do not have access to it."),
}

# ---- Responses


def response(text: str, status: str = "completed", refusal: str = "", **more: Any) -> dict[str, Any]:
    content = {"type": "refusal", "refusal": refusal} if refusal else {"type": "output_text", "text": text}
    return {
        "id": "resp_01", "object": "response", "created_at": 1, "model": f"{WRITER}-2026-10-01", "status": status,
        "output": [
            {"id": "rs_1", "type": "reasoning", "summary": []},
            {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed",
             "content": [{**content, **({} if refusal else {"annotations": []})}]},
        ],
        "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
        "usage": {
            "input_tokens": 1400, "input_tokens_details": {"cached_tokens": 400, "cache_write_tokens": 0},
            "output_tokens": 900, "output_tokens_details": {"reasoning_tokens": 200}, "total_tokens": 2300,
        },
        **more,
    }  # fmt: skip


def stream(whole: dict[str, Any], kind: str = "response.completed", text: str = "") -> Answer:
    pieces = [text[at : at + 50] for at in range(0, len(text), 50)]
    events: list[dict[str, Any]] = [{"type": "response.created", "response": {**whole, "status": "in_progress"}}]
    events += [
        {"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 1, "content_index": 0, "delta": each}
        for each in pieces
    ]
    events.append({"type": kind, "response": whole})
    body = "".join(
        f"event: {event['type']}\ndata: {json.dumps({**event, 'sequence_number': number})}\n\n"
        for number, event in enumerate(events)
    )
    return Answer(body, headers={"x-request-id": "req_oa1"}, content_type="text/event-stream")


def written(text: str) -> Answer:
    return stream(response(text), text=text)


def serve_writer(server: Loopback) -> None:
    def answer(request: Request) -> Answer:
        body = request.json
        return written(json.dumps(written_for(body["text"]["format"]["schema"], body["input"][0]["content"])))

    server.on("POST", "/v1/responses", answer)


def ask_writer(writer: Writer) -> Story:
    return writer.write(story_request(title="The Last Lighthouse", chapters=2, words_per_chapter=80))


def check_writing(request: Request) -> None:
    body = request.json
    assert set(body) == {"model", "input", "max_output_tokens", "text", "store", "stream"}
    assert (body["model"], body["store"], body["stream"]) == (WRITER, False, True)
    assert [turn["role"] for turn in body["input"]] == ["user"]
    form = body["text"]["format"]
    assert (form["type"], form["name"], form["strict"]) == ("json_schema", "story", True)
    assert form["schema"]["additionalProperties"] is False
    assert set(form["schema"]["required"]) == set(Story.model_fields)
    assert form["schema"]["properties"]["genres"] == {"type": "array", "items": {"type": "string"}, "minItems": 3,
                                                      "maxItems": 3}  # fmt: skip


def check_story(story: Story) -> None:
    assert story == Story.model_validate(STORY)


# ---- images


def serve_painter(server: Loopback) -> None:
    def drawn(request: Request) -> Answer:
        width, height = (int(side) for side in request.json["size"].split("x"))
        body = {
            "created": 1, "size": request.json["size"], "quality": "medium", "output_format": "png",
            "data": [{"b64_json": base64.b64encode(picture(width, height)).decode()}],
            "usage": {
                "input_tokens": 60, "input_tokens_details": {"text_tokens": 60, "image_tokens": 0},
                "output_tokens": 1500, "total_tokens": 1560,
            },
        }  # fmt: skip
        return Answer(body, headers={"x-request-id": "req_img1"})

    server.on("POST", "/v1/images/generations", drawn)


def ask_painter(painter: ImageModel) -> bytes:
    return painter.draw(ImageRequest(prompt="a lantern on a cliff", width_px=1000, height_px=562, seed=3))


def check_drawing(request: Request) -> None:
    assert request.json == {
        "model": PAINTER, "prompt": "a lantern on a cliff", "n": 1, "size": "1008x576", "quality": "medium",
        "output_format": "png",
    }  # fmt: skip


def check_picture(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as drawn:
        drawn.load()
        assert abs(drawn.width / drawn.height / (1000 / 562) - 1) < 0.005
        assert drawn.width >= 1000


# ---- speech

TEXT = "The lamp went out. Nobody moved, not even Mara."
SPOKEN = flac(tones((0.1, 1.1), (1.4, 3.2), length_s=3.3))


def serve_voice(server: Loopback) -> None:
    said = Answer(SPOKEN, headers={"x-request-id": "req_tts1"}, content_type="audio/flac")
    server.on("POST", "/v1/audio/speech", lambda request: said)


def check_speaking(request: Request) -> None:
    assert request.json == {"model": "gpt-4o-mini-tts", "input": TEXT, "voice": "marin", "response_format": "flac"}


def check_speech(speech: Speech) -> None:
    assert speech.sample_rate_hz == 24_000
    assert len(speech.samples) == round(3.3 * 24_000)
    assert speech.samples.dtype == np.float32
    assert speech.words == ()


# ---- transcription


def transcript(words: bool = True, **more: Any) -> dict[str, Any]:
    listed = [("The", 0.1, 0.3), ("lamp", 0.3, 0.8), ("went", 0.8, 1.0), ("out", 1.0, 1.4)]
    return {
        "task": "transcribe", "language": "english", "duration": 2.0, "text": "The lamp went out.",
        "words": [{"word": word, "start": start, "end": end} for word, start, end in listed] if words else None,
        "segments": [{"id": 0, "start": 0.0, "end": 2.0, "text": " The lamp went out.", "avg_logprob": -0.1}],
        **more,
    }  # fmt: skip


SOUND = tones((0.1, 1.4), length_s=2.0, rate_hz=44_100)


def ask_listener(listener: Listener) -> Heard:
    return listener.hear(ListeningRequest(SOUND, 44_100, language="en"))


def check_listening(model: str, request: Request) -> None:
    assert request.fields("model") == [model]
    assert request.fields("response_format") == ["verbose_json"]
    assert sorted(request.fields("timestamp_granularities[]")) == ["segment", "word"]
    assert request.fields("language") == ["en"]
    (sound,) = [part for part in request.parts if part.filename is not None]
    assert (sound.name, sound.content_type) == ("file", "audio/flac")
    import av

    with av.open(io.BytesIO(sound.data)) as container:
        stream = container.streams.audio[0]
        assert (stream.rate, stream.layout.name) == (16_000, "mono")
        assert sum(frame.samples for frame in container.decode(stream)) == 32_000


def check_heard(heard: Heard) -> None:
    assert [word.text for word in heard.words] == ["The", "lamp", "went", "out."]
    assert (heard.words[-1].start_s, heard.words[-1].end_s, heard.language) == (1.0, 1.4, "en")
    assert 0.9 < heard.words[0].confidence < 0.91


def serve_listener(server: Loopback) -> None:
    body = {**transcript(), "usage": {"type": "duration", "seconds": 2}}
    server.on("POST", "/v1/audio/transcriptions", lambda request: Answer(body, headers={"x-request-id": "req_stt1"}))


def wire(**more: Any) -> Wire:
    return Wire(name="openai", vendor="openai", key_variable=KEY_VARIABLE, base_path="/v1", **more)


WIRES = [
    wire(
        id="openai-story",
        role="writer",
        ask=ask_writer,
        create=("POST", "/v1/responses"),
        serve=serve_writer,
        check_request=check_writing,
        check_result=check_story,
        answers={**ERRORS, "refused": stream(response("", refusal="I can't help with that."))},
        price_usd=Decimal("0.011040"),  # 1000 at 2, 400 cached at 0.10, 900 at 10 a million
        dead=("gpt-5", WRITER),
        refusals_cost=True,
    ),
    wire(
        id="openai-picture",
        role="painter",
        ask=ask_painter,
        create=("POST", "/v1/images/generations"),
        serve=serve_painter,
        check_request=check_drawing,
        check_result=check_picture,
        answers={
            **ERRORS,
            "refused": error(400, "moderation_blocked", "Your request was rejected", "image_generation_user_error"),
        },
        price_usd=Decimal("0.045300"),  # 60 at 5, 1500 at 30 a million
        dead=("gpt-image-1", PAINTER),
    ),
    wire(
        id="openai-voice",
        role="voice",
        ask=lambda voice: voice.speak(SpeechRequest(TEXT)),
        create=("POST", "/v1/audio/speech"),
        serve=serve_voice,
        check_request=check_speaking,
        check_result=check_speech,
        answers={**ERRORS, "refused": error(400, "content_policy_violation", "Your request was rejected")},
        price_usd=Decimal("0.000825"),
    ),
    wire(
        id="openai-listener",
        role="listener",
        ask=ask_listener,
        create=("POST", "/v1/audio/transcriptions"),
        serve=serve_listener,
        check_request=lambda request: check_listening("whisper-1", request),
        check_result=check_heard,
        answers=ERRORS,
        without={"refused": "what was said is written down, whatever it is"},
        price_usd=Decimal("0.000200"),
    ),
]
