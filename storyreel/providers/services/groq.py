"""Groq as a `Writer` (chat completions) and a `Listener` (Whisper).

The wire is spoken directly: the official client gives up on long recordings after 60 seconds and types a transcript as
its text alone, so that the words would have to be taken from beside it.

distil-whisper-large-v3-en was retired on 2025-08-23; who asks for it gets whisper-large-v3-turbo and is told so.

Answers are not streamed: the service streams none that are to fit a schema (console.groq.com/docs/structured-outputs).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from storyreel.memo.ledger import Charged
from storyreel.providers.chat import Completion, chat_to_wire, completion_from_wire, kept_text
from storyreel.providers.contracts import Heard, ListeningRequest, Reply, WritingRequest
from storyreel.providers.hearing import Transcript, heard, listening_call, transcript
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.transport import Call, Lost, Vendor, buy, read_as
from storyreel.providers.transport import Reply as WireReply
from storyreel.providers.transport.faults import fault_of
from storyreel.providers.writing import Turn, bible_of, expected_usage, write

WRITER_MODEL = "openai/gpt-oss-120b"
LISTENER_MODEL = "whisper-large-v3-turbo"
STRICT_MODELS = ("openai/gpt-oss-20b", "openai/gpt-oss-120b", "qwen/qwen3.8-27b")
UNFIT = "json_validate_failed"

VENDOR = Vendor(
    name="groq",
    base_url="https://api.groq.com",
    base_variables=("GROQ_BASE_URL",),
    key_variables=("GROQ_API_KEY",),
    at_once=4,
    models_path="/openai/v1/models",
    per_minute=20,
    missing_models=frozenset({"model_decommissioned", "model_not_found"}),
    payments=frozenset({"insufficient_quota", "blocked_api_access"}),
    retired={
        "distil-whisper-large-v3-en": LISTENER_MODEL,
        "llama-3.1-70b-versatile": WRITER_MODEL,
        "llama-3.3-70b-versatile": WRITER_MODEL,
    },
)


@dataclass(frozen=True, slots=True)
class GroqWriter:
    """Groq's language models as a `Writer`."""

    model: str = WRITER_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        _settle(self)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"groq/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("groq", self.model, usage)

    def write(self, request: WritingRequest[Reply], on_words: Callable[[int], None] = lambda count: None) -> Reply:
        """Answer a request; nothing is streamed, so `on_words` hears nothing."""
        bible = bible_of(request)

        def ask(turns: Sequence[Turn]) -> str:
            expected_usd = self.price(expected_usage(request, turns, bible)).usd

            def charged(reply: WireReply) -> Charged:
                if reply.status == 400:
                    unfit = unfit_from_wire(reply, self.model)
                    return Charged(unfit.model_dump_json().encode(), expected_usd, self.model, reply.request)
                completion = completion_from_wire(reply)
                return completion.charged(reply, self.price(completion.usage.spent()).usd)

            kept = buy(
                VENDOR,
                Call(
                    "/openai/v1/chat/completions",
                    body=writing_to_wire(self.model, request, turns, bible),
                    timeout_s=300.0,
                    also_read=frozenset({400}),
                ),
                charged,
                model=self.model,
                expected_usd=expected_usd,
                take=request.seed,
                notice=self.notice,
            )
            return kept_text("groq", kept, self.model, request.task)

        return write(request, ask, "groq")


def writing_to_wire(model: str, request: WritingRequest[Reply], turns: Sequence[Turn], bible: str) -> dict[str, Any]:
    """The body of POST /openai/v1/chat/completions.

    Bounds go into the descriptions: "minItems is not supported" is what a schema with them is answered. Only some
    models have their answers held to a schema (console.groq.com/docs/structured-outputs), the others do their best.
    """
    return chat_to_wire(model, request, turns, bible, bounds=False, strict=model.startswith(STRICT_MODELS))


def unfit_from_wire(reply: WireReply, model: str) -> Completion:
    """The answer in an error that says that it does not fit the schema, to be mended as others are.

    Raises:
        ProviderError: the error says something else.
    """
    try:
        told = reply.json()["error"]
        if told["code"] == UNFIT:
            message = {"content": str(told.get("failed_generation") or "")}
            return Completion.model_validate({"choices": [{"message": message, "finish_reason": "stop"}]})
    except (Lost, LookupError, TypeError):
        pass
    raise fault_of(VENDOR, reply.status, reply.headers, reply.data, time.time(), model)


@dataclass(frozen=True, slots=True)
class GroqListener:
    """Whisper at Groq as a `Listener`."""

    model: str = LISTENER_MODEL
    longest_s: float = field(default=600.0, init=False, compare=False)
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        _settle(self)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"groq/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs; ten seconds are the least."""
        return quote("groq", self.model, usage)

    def hear(self, request: ListeningRequest) -> Heard:
        """Every word with its times."""
        sound_s = len(request.samples) / request.sample_rate_hz

        def charged(reply: WireReply) -> Charged:
            transcript(reply)
            request_id = str((reply.json().get("x_groq") or {}).get("id") or reply.request)
            return Charged(reply.data, self._cost_usd(sound_s), self.model, request_id)

        kept = buy(
            VENDOR,
            listening_call("/openai/v1/audio/transcriptions", self.model, request, timeout_s=300.0),
            charged,
            model=self.model,
            expected_usd=self._cost_usd(sound_s),
            notice=self.notice,
        )
        return heard(read_as("groq", json.loads(kept), Transcript), request.language)

    def _cost_usd(self, sound_s: float) -> Decimal | None:
        return self.price(Usage(sound_s=sound_s)).usd


def _settle(adapter: GroqWriter | GroqListener) -> None:
    """Put what is used now in the place of a retired model."""
    model, notice = VENDOR.living(adapter.model)
    object.__setattr__(adapter, "model", model)
    object.__setattr__(adapter, "notice", notice)
