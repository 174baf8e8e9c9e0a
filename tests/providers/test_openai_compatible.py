"""What servers of one's own may do differently from OpenAI; what all vendors share is in the contract suite."""

from __future__ import annotations

import json

import pytest

from loopback.server import Answer, Loopback
from loopback.stories import STORY
from loopback.vendors.openai import ask_writer, check_story
from loopback.vendors.openai_compatible import CHAT, error, streamed
from storyreel.errors import InputError, ProviderError
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.services.openai_compatible import local_writer, ollama_writer

KEY = "sk-loopback-0123456789abcdef"


@pytest.fixture(autouse=True)
def _at_the_loopback(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_LOCAL_BASE_URL", f"{server.url}/v1")
    monkeypatch.setenv("STORYREEL_OLLAMA_BASE_URL", f"{server.url}/v1")


def test_a_server_without_schemas_is_asked_in_json_mode_and_then_in_words(server: Loopback, project: Project) -> None:
    server.script(
        "POST", CHAT,
        error(400, "Either \"json_schema\" or \"grammar\" can be specified, but not both"),
        error(400, "response_format.type must be one of 'text'"),
        streamed(json.dumps(STORY)), streamed(json.dumps(STORY)),
    )  # fmt: skip
    with paying_from(ledger_of(project)):
        check_story(ask_writer(local_writer("mistral")))
    forms = [request.json.get("response_format", {}).get("type") for request in server.requests]
    assert forms == ["json_schema", "json_object", None]
    # What it cannot do is not asked of it again in the same run.
    with pytest.warns(UserWarning, match="outside of a project"):
        ask_writer(local_writer("mistral"))
    assert "response_format" not in server.requests[-1].json


def test_another_bad_request_is_not_taken_for_a_missing_form(server: Loopback, project: Project) -> None:
    server.script("POST", CHAT, error(400, "this model's maximum context length is 4096 tokens"))
    with paying_from(ledger_of(project)), pytest.raises(ProviderError, match="maximum context length"):
        ask_writer(local_writer("mistral"))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "text",
    [f"Here is your story:\n```json\n{json.dumps(STORY)}\n```\nEnjoy!", f"<think>{{}}</think>\n{json.dumps(STORY)}"],
)
def test_prose_around_the_answer_is_left_aside(server: Loopback, project: Project, text: str) -> None:
    server.on("POST", CHAT, lambda request: streamed(text))
    with paying_from(ledger_of(project)):
        check_story(ask_writer(ollama_writer()))


def test_an_answer_that_ignores_the_schema_is_mended_once(server: Loopback, project: Project) -> None:
    server.script("POST", CHAT, streamed('{"title": "The Last Lighthouse"}'), streamed(json.dumps(STORY)))
    with paying_from(ledger_of(project)):
        check_story(ask_writer(ollama_writer()))
    roles = [message["role"] for message in server.requests[1].json["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert "hook" in server.requests[1].json["messages"][-1]["content"]


def test_a_server_that_does_not_stream_is_understood(server: Loopback, project: Project) -> None:
    message = {"role": "assistant", "content": json.dumps(STORY)}
    body = {"id": "1", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    server.on("POST", CHAT, lambda request: Answer(body))
    with paying_from(ledger_of(project)):
        check_story(ask_writer(ollama_writer()))


def test_a_key_is_sent_where_one_is_set_and_the_price_is_then_unknown(
    server: Loopback, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYREEL_LOCAL_API_KEY", KEY)
    server.on("POST", CHAT, lambda request: streamed(json.dumps(STORY)))
    with paying_from(ledger_of(project)) as place:
        ask_writer(local_writer("mistral"))
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert place.receipts[0].price_usd is None


def test_a_server_of_ones_own_has_no_model_unless_it_is_named() -> None:
    with pytest.raises(InputError, match="--writer local:MODEL"):
        registry.provider("writer", "local")
    assert registry.provider("writer", "local:mistral").identity == "local/mistral"
