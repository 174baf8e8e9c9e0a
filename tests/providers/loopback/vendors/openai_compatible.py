"""Servers that speak OpenAI's wire: Ollama's chat, and pictures and speech as LocalAI serves them.

source: docs.ollama.com/openai, localai.io, docs.vllm.ai
checked: 2026-11-21
"""

from __future__ import annotations

import base64
import io
import json
import wave
from decimal import Decimal
from typing import Any

from loopback.makings import picture, tones
from loopback.server import Answer, Loopback, Request
from loopback.stories import STORY
from loopback.vendors.openai import TEXT, ask_painter, ask_writer, check_picture, check_speech, check_story
from loopback.wire import Wire
from storyreel.providers.contracts import SpeechRequest
from storyreel.story.model import Story

CHAT = "/v1/chat/completions"


def error(status: int, message: str, kind: str = "api_error") -> Answer:
    return Answer({"error": {"message": message, "type": kind, "param": None, "code": None}}, status)


ERRORS = {
    "rate_limited": error(429, "server busy, please try again"),
    "server_error": error(500, "llama runner process has terminated"),
    "bad_key": error(401, "unauthorized"),
    "dead_model": error(404, 'model "llama3.3" not found, try pulling it first', "not_found_error"),
}


def streamed(text: str, ended: str = "stop", **delta: str) -> Answer:
    known = {"id": "chatcmpl-7", "object": "chat.completion.chunk", "created": 1, "model": "llama3.3"}
    pieces = [text[at : at + 60] for at in range(0, len(text), 60)]
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": piece} for piece in pieces]
    chunks = [
        {**known, "choices": [{"index": 0, "delta": part, "finish_reason": None}]}
        for part in [*deltas, *([dict(delta)] if delta else [])]
    ]
    chunks.append({**known, "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""},
                                         "finish_reason": ended}]})  # fmt: skip
    lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
    return Answer("".join([*lines, "data: [DONE]\n\n"]), content_type="text/event-stream")


def check_writing(request: Request) -> None:
    body = request.json
    assert set(body) == {"model", "messages", "response_format", "max_tokens", "stream"}
    assert (body["model"], body["stream"]) == ("llama3.3", True)
    system, user = body["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    form = body["response_format"]
    assert (form["type"], form["json_schema"]["strict"]) == ("json_schema", True)
    assert set(form["json_schema"]["schema"]["required"]) == set(Story.model_fields)
    assert '"additionalProperties": false' in system["content"]


def painted(request: Request) -> Answer:
    width, height = (int(side) for side in request.json["size"].split("x"))
    data = base64.b64encode(picture(width, height)).decode()
    return Answer({"created": 1, "id": "img-1", "data": [{"b64_json": data, "embedding": None, "index": 0}]})


def check_drawing(request: Request) -> None:
    assert request.json == {
        "model": "flux.1-schnell", "prompt": "a lantern on a cliff", "n": 1, "size": "1024x576",
        "response_format": "b64_json",
    }  # fmt: skip


def wav() -> bytes:
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes((tones((0.1, 1.1), (1.4, 3.2), length_s=3.3) * 32767).astype("<i2").tobytes())
    return data.getvalue()


SPOKEN = Answer(wav(), content_type="audio/wav")


def check_speaking(request: Request) -> None:
    assert request.json == {"model": "kokoro", "input": TEXT, "response_format": "wav", "voice": "af_heart"}


def keyless(request: Request) -> None:
    assert "authorization" not in request.headers


FREE = {"payment": "it is one's own machine"}


def wire(**more: Any) -> Wire:
    return Wire(key_variable="", base_path="/v1", keyed=keyless, price_usd=Decimal(0), **more)


def serve(path: str, answer: Any) -> Any:
    return lambda server: server.on("POST", path, answer)


def _serve_story(server: Loopback) -> None:
    server.on("POST", CHAT, lambda request: streamed(f"<think>A {{lamp}}?</think>{json.dumps(STORY)}"))


WIRES = [
    wire(
        id="ollama-story",
        role="writer",
        name="ollama",
        vendor="ollama",
        ask=ask_writer,
        create=("POST", CHAT),
        serve=_serve_story,
        check_request=check_writing,
        check_result=check_story,
        answers={**ERRORS, "refused": streamed("", refusal="I cannot write this.")},
        without=FREE,
    ),
    wire(
        id="local-picture",
        role="painter",
        name="local:flux.1-schnell",
        vendor="local",
        ask=ask_painter,
        create=("POST", "/v1/images/generations"),
        serve=serve("/v1/images/generations", painted),
        check_request=check_drawing,
        check_result=check_picture,
        answers=ERRORS,
        without={**FREE, "refused": "nothing there looks at what is asked for"},
    ),
    wire(
        id="local-voice",
        role="voice",
        name="local:kokoro/af_heart",
        vendor="local",
        ask=lambda voice: voice.speak(SpeechRequest(TEXT)),
        create=("POST", "/v1/audio/speech"),
        serve=serve("/v1/audio/speech", lambda request: SPOKEN),
        check_request=check_speaking,
        check_result=check_speech,
        answers=ERRORS,
        without={**FREE, "refused": "nothing there looks at what is asked for"},
    ),
]
