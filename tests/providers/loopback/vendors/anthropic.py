"""Anthropic's Messages API, version 2026-10-21, streamed.

source: anthropic 2.10.0 (types/message.py, types/raw_message_stream_event.py), platform.claude.com migration-2026-10-21
checked: 2026-11-21
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from loopback.server import Answer, Loopback, Request
from loopback.stories import CHAPTER, STORY, written_for
from loopback.wire import Wire
from storyreel.providers.contracts import Writer
from storyreel.story.model import ChapterDraft, Story
from storyreel.story.prompts import chapter_request, story_request

MODEL = "claude-sonnet-5-5"
USAGE = {"input_tokens": 900, "cache_creation_input_tokens": 1100, "cache_read_input_tokens": 0, "output_tokens": 0}
PRICE_USD = Decimal("0.012550")  # 900 at 2, 1100 at 2.50, 800 at 10 a million


def events(*parts: tuple[str, dict[str, Any]]) -> bytes:
    return b"".join(f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n".encode() for name, data in parts)


def stream(text: str, stop_reason: str = "end_turn", output_tokens: int = 800, category: str | None = None) -> Answer:
    start = {
        "id": "msg_01", "type": "message", "role": "assistant", "model": f"{MODEL}-20261001", "content": [],
        "stop_reason": None, "usage": USAGE,
    }  # fmt: skip
    pieces = [text[at : at + 40] for at in range(0, len(text), 40)]
    details = {"type": "refusal", "category": category, "explanation": None} if category else None
    delta = {"stop_reason": stop_reason, "stop_sequence": None, "stop_details": details}
    return Answer(
        events(
            ("message_start", {"message": start}),
            ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
            ("ping", {}),
            *(("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": p}}) for p in pieces),
            ("content_block_stop", {"index": 0}),
            ("message_delta", {"delta": delta, "usage": {"output_tokens": output_tokens}}),
            ("message_stop", {}),
        ),
        headers={"request-id": "req_011"},
        content_type="text/event-stream",
    )


def error(kind: str, message: str, status: int, **headers: str) -> Answer:
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_011"}
    return Answer(
        body, status, headers={"request-id": "req_011", **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


def serve(server: Loopback) -> None:
    server.on("POST", "/v1/messages", written)


def written(request: Request) -> Answer:
    body = request.json
    asked = body["messages"][0]["content"]
    return stream(json.dumps(written_for(body["output_config"]["format"]["schema"], asked)))


def ask(writer: Writer) -> Story:
    return writer.write(story_request(title="The Last Lighthouse", chapters=2, words_per_chapter=80))


def ask_chapter(writer: Writer) -> ChapterDraft:
    return writer.write(chapter_request(Story.model_validate(STORY), 1, 2, 80))


def check_request(request: Request) -> None:
    body = request.json
    assert request.headers["anthropic-version"] == "2026-10-21"
    assert set(body) == {"model", "max_tokens", "messages", "output_config", "stream"}  # no temperature in particular
    assert (body["model"], body["stream"]) == (MODEL, True)
    assert body["max_tokens"] >= 8000
    (message,) = body["messages"]
    assert message["role"] == "user"
    assert "The Last Lighthouse" in message["content"]
    form = body["output_config"]["format"]
    assert form["type"] == "json_schema"
    assert form["schema"]["additionalProperties"] is False
    assert set(form["schema"]["required"]) == set(Story.model_fields)
    assert all(kind["additionalProperties"] is False for kind in form["schema"]["$defs"].values())
    text = json.dumps(form["schema"])
    assert "prefixItems" not in text
    assert '"minItems"' not in text


def check_result(story: Story) -> None:
    assert story == Story.model_validate(STORY)


def check_chapter_request(request: Request) -> None:
    (bible,) = request.json["system"]
    assert bible["cache_control"] == {"type": "ephemeral"}
    assert all(person["look"] in bible["text"] for person in STORY["cast"])
    assert all(place["look"] in bible["text"] for place in STORY["places"])


def check_chapter(draft: ChapterDraft) -> None:
    assert draft == ChapterDraft.model_validate({**CHAPTER, "title": "1"})


ANSWERS = {
    "refused": stream("", "refusal", 3, "general_harms"),
    "rate_limited": error("rate_limit_error", "Number of requests has exceeded your rate limit", 429, retry_after="0"),
    "server_error": error("api_error", "Internal server error", 500),
    "payment": error("billing_error", "Your credit balance is too low to access the API", 402),
    "bad_key": error("authentication_error", "invalid x-api-key", 401),
    "dead_model": error("not_found_error", f"model: {MODEL} not found", 404),
}

WIRES = [
    Wire(
        id="anthropic-story",
        role="writer",
        name="anthropic",
        vendor="anthropic",
        key_variable="ANTHROPIC_API_KEY",
        ask=ask,
        create=("POST", "/v1/messages"),
        serve=serve,
        check_request=check_request,
        check_result=check_result,
        answers=ANSWERS,
        price_usd=PRICE_USD,
        dead=("claude-3-7-sonnet", "claude-sonnet-5-5"),
        refusals_cost=True,
    ),
    Wire(
        id="anthropic-chapter",
        role="writer",
        name="anthropic",
        vendor="anthropic",
        key_variable="ANTHROPIC_API_KEY",
        ask=ask_chapter,
        create=("POST", "/v1/messages"),
        serve=serve,
        check_request=check_chapter_request,
        check_result=check_chapter,
        answers=ANSWERS,
        price_usd=PRICE_USD,
        dead=("claude-3-7-sonnet", "claude-sonnet-5-5"),
        refusals_cost=True,
    ),
]
