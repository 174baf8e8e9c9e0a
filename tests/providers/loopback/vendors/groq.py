"""Groq: chat completions and Whisper.

source: groq 1.7.0, console.groq.com/docs (speech-text, structured-outputs); the dead model's reply as in sqlmap-ai #3
and Vane #771, that to a schema with bounds as in beeai-framework #1215, an answer that does not fit as in
amurex-backend #38 and evalite #384
checked: 2026-11-22
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from loopback.server import Answer, Loopback, Request
from loopback.stories import written_for
from loopback.vendors.openai import (
    ask_listener,
    ask_writer,
    check_heard,
    check_listening,
    check_story,
    error,
    transcript,
)
from loopback.wire import Wire
from storyreel.story.model import Story

WRITER, LISTENER = "openai/gpt-oss-120b", "whisper-large-v3-turbo"
CHAT, LISTEN = "/openai/v1/chat/completions", "/openai/v1/audio/transcriptions"

BOUNDS = ("minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum")
ERRORS = {
    "rate_limited": error(429, "rate_limit_exceeded", "Rate limit reached for model", "tokens"),
    "server_error": error(500, "", "Internal Server Error", "internal_server_error"),
    "payment": error(400, "blocked_api_access", "API access is blocked: a spend alert's threshold has been reached"),
    "bad_key": error(401, "invalid_api_key", "Invalid API Key"),
    "dead_model": error(400, "model_decommissioned", "The model has been decommissioned and is no longer supported."),
}


def completion(content: str | None, finish_reason: str = "stop", **message: Any) -> Answer:
    body = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": WRITER,
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": content, **message},
             "logprobs": None, "finish_reason": finish_reason},
        ],
        "usage": {"prompt_tokens": 1200, "completion_tokens": 800, "total_tokens": 2000, "total_time": 1.5},
        "x_groq": {"id": "req_01groq"},
    }  # fmt: skip
    return Answer(body, headers={"x-request-id": "req_01groq"})


def names_in(schema: Any) -> set[str]:
    """The names of every key in a schema."""
    if isinstance(schema, dict):
        return set(schema).union(*map(names_in, schema.values()))
    return set().union(*map(names_in, schema)) if isinstance(schema, list) else set()


def check_writing(request: Request) -> None:
    body = request.json
    assert set(body) == {"model", "messages", "response_format", "max_completion_tokens"}
    assert body["model"] == WRITER
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    form = body["response_format"]
    assert (form["type"], form["json_schema"]["name"], form["json_schema"]["strict"]) == ("json_schema", "story", True)
    schema = form["json_schema"]["schema"]
    assert set(schema["required"]) == set(Story.model_fields)
    # "minItems is not supported", and so is any other bound: they are told in words.
    assert not set(BOUNDS) & names_in(schema)
    assert "minItems" in json.dumps(schema)


def serve_writer(server: Loopback) -> None:
    def answer(request: Request) -> Answer:
        body = request.json
        schema = body["response_format"]["json_schema"]["schema"]
        return completion(json.dumps(written_for(schema, body["messages"][1]["content"])))

    server.on("POST", CHAT, answer)


def serve_listener(server: Loopback) -> None:
    server.on("POST", LISTEN, lambda request: Answer(transcript(language="en", x_groq={"id": "req_02groq"})))


def wire(**more: Any) -> Wire:
    return Wire(name="groq", vendor="groq", key_variable="GROQ_API_KEY", **more)


WIRES = [
    wire(
        id="groq-story",
        role="writer",
        ask=ask_writer,
        create=("POST", CHAT),
        serve=serve_writer,
        check_request=check_writing,
        check_result=check_story,
        answers={**ERRORS, "refused": completion(None, refusal="I cannot write this.")},
        price_usd=Decimal("0.000660"),
        dead=("llama-3.3-70b-versatile", WRITER),
        refusals_cost=True,
    ),
    wire(
        id="groq-listener",
        role="listener",
        ask=ask_listener,
        create=("POST", LISTEN),
        serve=serve_listener,
        check_request=lambda request: check_listening(LISTENER, request),
        check_result=check_heard,
        answers=ERRORS,
        without={"refused": "what was said is written down, whatever it is"},
        price_usd=Decimal("0.000112"),  # ten seconds are the least
        dead=("distil-whisper-large-v3-en", LISTENER),
    ),
]
