"""The official clients ask as we do and read the same answers, so the stand-ins speak as the services do."""

from __future__ import annotations

import base64
import json
import os
from typing import Any

import pytest

from loopback.makings import picture
from loopback.server import Loopback, Request
from loopback.stories import STORY
from loopback.vendors import anthropic as anthropic_stand_in
from loopback.vendors import groq as groq_stand_in
from loopback.vendors import openai as openai_stand_in
from loopback.wire import KEY
from storyreel.providers.services.openai import picture_to_wire
from storyreel.story.model import Story

MESSAGES = [{"role": "user", "content": "Write the story."}]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("ANTHROPIC", "OPENAI", "GROQ")):
            monkeypatch.delenv(name)


def test_anthropics_client_reads_the_stream_and_sends_the_same_headers(server: Loopback) -> None:
    anthropic = pytest.importorskip("anthropic")
    server.on("POST", "/v1/messages", lambda request: anthropic_stand_in.stream(json.dumps(STORY)))
    with (
        anthropic.Anthropic(api_key=KEY, base_url=server.url, max_retries=0) as client,
        client.messages.stream(
            model=anthropic_stand_in.MODEL, max_tokens=8000, messages=MESSAGES, output_format=Story
        ) as stream,
    ):
        message = stream.get_final_message()
    assert Story.model_validate_json(message.content[0].text) == Story.model_validate(STORY)
    assert (message.stop_reason, message.usage.output_tokens) == ("end_turn", 800)
    (request,) = server.requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["anthropic-version"] == "2026-10-21"
    form = request.json["output_config"]["format"]
    assert form["type"] == "json_schema"
    assert form["schema"]["additionalProperties"] is False


def test_anthropics_client_sees_a_refusal_in_what_we_take_for_one(server: Loopback) -> None:
    anthropic = pytest.importorskip("anthropic")
    server.script("POST", "/v1/messages", anthropic_stand_in.ANSWERS["refused"])
    with (
        anthropic.Anthropic(api_key=KEY, base_url=server.url, max_retries=0) as client,
        client.messages.stream(model=anthropic_stand_in.MODEL, max_tokens=8000, messages=MESSAGES) as stream,
    ):
        assert stream.get_final_message().stop_reason == "refusal"


@pytest.mark.parametrize(
    ("said", "kind"),
    [("payment", "PaymentRequiredError"), ("rate_limited", "RateLimitError"), ("bad_key", "AuthenticationError"),
     ("dead_model", "NotFoundError"), ("server_error", "InternalServerError")],
)  # fmt: skip
def test_anthropics_client_takes_the_errors_for_what_they_are(server: Loopback, said: str, kind: str) -> None:
    anthropic = pytest.importorskip("anthropic")
    server.script("POST", "/v1/messages", anthropic_stand_in.ANSWERS[said])
    client = anthropic.Anthropic(api_key=KEY, base_url=server.url, max_retries=0)
    with client, pytest.raises(anthropic.APIStatusError) as caught:
        client.messages.create(model="x", max_tokens=10, messages=MESSAGES)
    assert type(caught.value).__name__ == kind


def test_openais_client_reads_the_response_and_sends_the_same_fields(server: Loopback) -> None:
    openai = pytest.importorskip("openai")
    openai_stand_in.serve_writer(server)
    server.on("POST", "/v1/responses", lambda request: openai_stand_in.written(json.dumps(STORY)))
    with (
        openai.OpenAI(api_key=KEY, base_url=f"{server.url}/v1", max_retries=0) as client,
        client.responses.stream(
            model=openai_stand_in.WRITER, input=MESSAGES, text_format=Story, store=False, max_output_tokens=32_000
        ) as stream,
    ):
        response = stream.get_final_response()
    assert response.output_parsed == Story.model_validate(STORY)
    (request,) = server.requests
    body = request.json
    assert set(body) == {"model", "input", "max_output_tokens", "text", "store", "stream"}
    assert body["text"]["format"].keys() == {"type", "name", "strict", "schema"}


def test_openais_client_reads_the_picture_and_takes_our_fields(server: Loopback) -> None:
    openai = pytest.importorskip("openai")
    openai_stand_in.serve_painter(server)
    body = picture_to_wire("gpt-image-2.5-flare", "medium", "a lamp", 512, 512)
    with openai.OpenAI(api_key=KEY, base_url=f"{server.url}/v1", max_retries=0) as client:
        drawn = client.images.generate(**body)
    assert base64.b64decode(drawn.data[0].b64_json) == picture(512, 512)
    assert drawn.usage.output_tokens == 1500
    assert server.requests[0].json == body


def _multipart(request: Request) -> dict[str, Any]:
    return {part.name: part.data for part in request.parts if part.filename is None}


@pytest.mark.parametrize("vendor", ["openai", "groq"])
def test_the_clients_send_a_recording_as_we_do(server: Loopback, vendor: str) -> None:
    package = pytest.importorskip(vendor)
    stand_in = {"openai": openai_stand_in, "groq": groq_stand_in}[vendor]
    stand_in.serve_listener(server)
    base = {"openai": f"{server.url}/v1", "groq": server.url}[vendor]
    make = {"openai": "OpenAI", "groq": "Groq"}[vendor]
    with getattr(package, make)(api_key=KEY, base_url=base, max_retries=0) as client:
        heard = client.audio.transcriptions.create(
            file=("sound.flac", b"fLaC", "audio/flac"),
            model="whisper-1",
            language="en",
            temperature=0,
            response_format="verbose_json",
            timestamp_granularities=["word", "segment"],
        )
    assert heard.text == "The lamp went out."
    sent = _multipart(server.requests[0])
    assert {"model", "response_format", "timestamp_granularities[]", "language", "temperature"} == set(sent)
    (file,) = [part for part in server.requests[0].parts if part.filename is not None]
    assert (file.name, file.filename, file.content_type) == ("file", "sound.flac", "audio/flac")
