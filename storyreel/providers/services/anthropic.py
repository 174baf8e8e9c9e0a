"""Anthropic's Claude as a `Writer`: stories, chapters and scenes by the Messages API, version 2026-10-21.

The wire is spoken directly. The official client would repeat paid requests by itself, wait as long as a Retry-After
says without a limit, return a web page or an empty message as if they were answers, and take two seconds to import; of
what it adds, closing the schema and reading the stream are the few lines here and in `storyreel.providers.writing`.

Answers are streamed, so that progress shows the words and a long chapter cannot run into a silent time-out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from storyreel.errors import BadAnswer, ProviderRefused
from storyreel.memo.ledger import Charged
from storyreel.providers.contracts import Reply, WritingRequest
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.transport import MEGABYTE, Call, Lost, ServerFault, Vendor, buy
from storyreel.providers.transport import Reply as WireReply
from storyreel.providers.transport.events import EventFeed
from storyreel.providers.transport.pace import tell
from storyreel.providers.writing import Turn, bible_of, expected_usage, schema_of, words_so_far, write

DEFAULT_MODEL = "claude-sonnet-5-5"
API_VERSION = "2026-10-21"
MOST_TOKENS = 32_000
TELL_EVERY_WORDS = 25

VENDOR = Vendor(
    name="anthropic",
    base_url="https://api.anthropic.com",
    base_variables=("ANTHROPIC_BASE_URL",),
    key_variables=("ANTHROPIC_API_KEY",),
    headers={"anthropic-version": API_VERSION},
    at_once=4,
    models_path="/v1/models?limit=1000",
    payments=frozenset({"billing_error"}),
    retired={
        "claude-2.0": "claude-sonnet-5-5",
        "claude-2.1": "claude-sonnet-5-5",
        "claude-3-5-haiku": "claude-haiku-5-5",
        "claude-3-7-sonnet": "claude-sonnet-5-5",
        "claude-3-opus": "claude-opus-5-5",
        "claude-3-sonnet": "claude-sonnet-5-5",
        "claude-instant-1.2": "claude-haiku-5-5",
        "claude-mythos-preview": "claude-mythos-5-2",
        "claude-opus-4": "claude-opus-5-5",
        "claude-opus-4-0": "claude-opus-5-5",
        "claude-sonnet-4": "claude-sonnet-5-5",
        "claude-sonnet-4-0": "claude-sonnet-5-5",
        "claude-sonnet-4-5": "claude-sonnet-5-5",
    },
)
"""claude-sonnet-4-5 ends on 2026-11-30, the others have ended."""


@dataclass(frozen=True, slots=True)
class AnthropicWriter:
    """Claude as a `Writer`."""

    model: str = DEFAULT_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        model, notice = VENDOR.living(self.model)
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "notice", notice)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"anthropic/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("anthropic", self.model, usage)

    def write(self, request: WritingRequest[Reply], on_words: Callable[[int], None] = lambda count: None) -> Reply:
        """Answer a request; `on_words` is told how many words have come."""
        bible = bible_of(request)

        def ask(turns: Sequence[Turn]) -> str:
            feed = _Feed()
            said = 0

            def on_data(piece: bytes) -> None:
                nonlocal said
                feed.take(piece)
                count = words_so_far(feed.text)
                if count >= said + TELL_EVERY_WORDS:
                    said = count
                    tell(f"anthropic: {count} words")
                    on_words(count)

            kept = buy(
                VENDOR,
                Call(
                    "/v1/messages",
                    body=to_wire(self.model, request, turns, bible),
                    timeout_s=900.0,
                    silence_s=120.0,
                    largest_bytes=8 * MEGABYTE,
                ),
                self._charged,
                model=self.model,
                expected_usd=self.price(expected_usage(request, turns, bible)).usd,
                take=request.seed,
                on_data=on_data,
                notice=self.notice,
            )
            message = Message.model_validate_json(kept)
            if message.stop_reason in ("max_tokens", "model_context_window_exceeded"):
                raise BadAnswer("anthropic", f"the {request.task} is longer than {self.model} may answer: ask for less")
            return message.text

        return write(request, ask, "anthropic")

    def _charged(self, reply: WireReply) -> Charged:
        """Keep the message, with its price; raise what is no answer."""
        message = from_wire(reply.data)
        price_usd = quote("anthropic", message.model or self.model, message.usage).usd
        if message.stop_reason == "refusal":
            refused = ProviderRefused(
                "anthropic", f"{self.model} will not write this{_why(message)}: change the request"
            )
            refused.price_usd = price_usd
            raise refused
        return Charged(message.model_dump_json().encode(), price_usd, message.model, reply.request or message.id)


def to_wire(model: str, request: WritingRequest[Reply], turns: Sequence[Turn], bible: str) -> dict[str, Any]:
    """The body of POST /v1/messages. There is no temperature any more, and bounds in the schema are not enforced."""
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": MOST_TOKENS,
        "messages": [{"role": turn.role, "content": turn.text} for turn in turns],
        "output_config": {"format": {"type": "json_schema", "schema": schema_of(request.reply, bounds=False)}},
        "stream": True,
    }
    if bible:
        body["system"] = [{"type": "text", "text": bible, "cache_control": {"type": "ephemeral"}}]
    return body


class _Usage(BaseModel):
    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_input_tokens: int | None = 0
    cache_read_input_tokens: int | None = 0


class Message(BaseModel):
    """A streamed answer put together; this is what the ledger keeps."""

    id: str = ""
    model: str = ""
    text: str = ""
    stop_reason: str = ""
    category: str = ""
    usage: Usage = Usage()


def from_wire(stream: bytes) -> Message:
    """Put the stream of server-sent events together.

    Raises:
        ServerFault: the service broke off before it wrote anything.
        Lost: it is no such stream, or it broke off after that.
    """
    feed = _Feed()
    feed.take(stream)
    feed.check()
    return feed.message


class _Feed:
    """Reads the events as they come."""

    def __init__(self) -> None:
        self.message = Message()
        self.text = ""
        self._events = EventFeed("anthropic")
        self._counts: dict[str, int] = {}
        self._ended = False
        self._error: dict[str, Any] | None = None

    def take(self, piece: bytes) -> None:
        """Read what has come."""
        for event in self._events.take(piece):
            self._hear(event)

    def check(self) -> None:
        """Raise unless the whole answer is here."""
        if self._error is not None:
            kind, message = str(self._error.get("type", "error")), str(self._error.get("message", ""))
            if not self.text and kind in ("overloaded_error", "rate_limit_error"):
                fault = ServerFault("anthropic", f"the service has a problem: {message or kind}; run again later")
                fault.nothing_begun = True
                raise fault
            raise Lost("anthropic", f"the service broke off while it was writing ({kind})")
        if not self._ended:
            raise Lost("anthropic", "the answer ended before it was complete")

    def _hear(self, event: dict[str, Any]) -> None:
        kind = event.get("type")
        if kind == "message_start":
            start = event.get("message") or {}
            self.message.id, self.message.model = str(start.get("id", "")), str(start.get("model", ""))
            self._count(start.get("usage"))
        elif kind == "content_block_delta" and (event.get("delta") or {}).get("type") == "text_delta":
            self.text += str(event["delta"].get("text", ""))
        elif kind == "message_delta":
            delta = event.get("delta") or {}
            self.message.stop_reason = str(delta.get("stop_reason") or "")
            self.message.category = str((delta.get("stop_details") or {}).get("category") or "")
            self._count(event.get("usage"))
        elif kind == "message_stop":
            self.message.text, self._ended = self.text, True
        elif kind == "error":
            self._error = event.get("error") or {}

    def _count(self, told: object) -> None:
        """Take in the counts, which are sums so far: the last one told of each holds."""
        if isinstance(told, dict):
            self._counts |= {name: value for name, value in told.items() if isinstance(value, int)}
        counts = _Usage.model_validate(self._counts)
        self.message.usage = Usage(
            input_tokens=counts.input_tokens,
            output_tokens=counts.output_tokens,
            cached_tokens=counts.cache_read_input_tokens or 0,
            cache_write_tokens=counts.cache_creation_input_tokens or 0,
        )


def _why(message: Message) -> str:
    return f" ({message.category})" if message.category else ""
