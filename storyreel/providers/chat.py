"""The chat completions wire, which many services and local servers share: request, answer and what it used."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from storyreel.errors import BadAnswer, ProviderRefused
from storyreel.memo.ledger import Charged
from storyreel.providers.contracts import Reply, WritingRequest
from storyreel.providers.prices import Usage
from storyreel.providers.transport import Reply as WireReply
from storyreel.providers.writing import Turn, schema_of

MOST_TOKENS = 32_000


def chat_to_wire(
    model: str,
    request: WritingRequest[Reply],
    turns: Sequence[Turn],
    bible: str,
    *,
    most_tokens_field: str = "max_completion_tokens",
    bounds: bool = True,
    strict: bool = True,
) -> dict[str, Any]:
    """The body of POST /chat/completions. A server may ignore the schema, so the instructions ask for JSON, too.

    Args:
        most_tokens_field: "max_tokens" for local servers.
        bounds: see `storyreel.providers.writing.schema_of`.
        strict: have the server enforce the schema.
    """
    system = f"{bible}\n\n" if bible else ""
    schema = schema_of(request.reply, bounds=bounds)
    told = f"{system}Answer with one JSON object of the schema you are given, and nothing before or after it."
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": told},
            *({"role": turn.role, "content": turn.text} for turn in turns),
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": request.task, "strict": strict, "schema": schema},
        },
        most_tokens_field: MOST_TOKENS,
    }


class _CachedDetails(BaseModel):
    cached_tokens: int | None = None


class _Spent(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _CachedDetails | None = None

    def spent(self) -> Usage:
        """As what it is priced by."""
        cached = (self.prompt_tokens_details.cached_tokens if self.prompt_tokens_details else None) or 0
        return Usage(
            input_tokens=max(0, self.prompt_tokens - cached), cached_tokens=cached, output_tokens=self.completion_tokens
        )


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class Completion(BaseModel):
    """An answer."""

    id: str = ""
    model: str = ""
    choices: list[_Choice] = Field(min_length=1)
    usage: _Spent = Field(default_factory=_Spent)

    def charged(self, reply: WireReply, price_usd: Decimal | None) -> Charged:
        """What is kept of it.

        Raises:
            ProviderRefused: the model, or a filter behind it, will not answer.
        """
        choice = self.choices[0]
        if choice.message.refusal or choice.finish_reason == "content_filter":
            refused = ProviderRefused(reply.vendor, "the model will not write this: change the request")
            refused.price_usd = price_usd
            raise refused
        return Charged(reply.data, price_usd, self.model, self.id or reply.request)


def completion_from_wire(reply: WireReply) -> Completion:
    """The completion in an answer.

    Raises:
        Lost: it is none.
    """
    return reply.read_as(Completion)


def kept_text(vendor: str, kept: bytes, model: str, task: str) -> str:
    """The text of a completion that was kept.

    Raises:
        BadAnswer: it was cut at the most tokens.
    """
    completion = Completion.model_validate_json(kept)
    if completion.choices[0].finish_reason == "length":
        raise BadAnswer(vendor, f"the {task} is longer than {model} may answer: ask for less")
    return completion.choices[0].message.content or ""
