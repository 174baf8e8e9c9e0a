"""Servers of your own that speak OpenAI's wire, as a `Writer`, an `ImageModel` and a `Voice`, without a key.

`ollama:MODEL` asks http://localhost:11434/v1, `local:MODEL` (llama.cpp, LocalAI, vLLM and their like)
http://localhost:8080/v1; STORYREEL_OLLAMA_BASE_URL and STORYREEL_LOCAL_BASE_URL replace these. A server that wants a
key gets that in STORYREEL_OLLAMA_API_KEY or STORYREEL_LOCAL_API_KEY; what it then charges is not known.

What costs nothing may be asked again: a lost answer is simply fetched anew.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, Field

from storyreel.errors import InputError, ProviderBusy, ProviderError
from storyreel.memo.ledger import Charged
from storyreel.providers.chat import Completion, chat_to_wire, kept_text
from storyreel.providers.contracts import ImageRequest, Reply, Speech, SpeechRequest, WritingRequest
from storyreel.providers.counting import WordCount
from storyreel.providers.pictures import cut_to_shape, is_whole_picture, stepped_size
from storyreel.providers.prices import FREE, UNKNOWN, Quote, Usage
from storyreel.providers.sounds import unpacked
from storyreel.providers.speaking import joined, pieces
from storyreel.providers.transport import MEGABYTE, Call, Lost, ServerFault, Vendor, buy, kind_of, read_as
from storyreel.providers.transport import Reply as WireReply
from storyreel.providers.transport.events import EventFeed
from storyreel.providers.transport.pace import tell
from storyreel.providers.writing import (
    Turn,
    bible_of,
    expected_output_tokens,
    expected_usage,
    schema_of,
    write,
)

OLLAMA_MODEL = "llama3.3"
MOST_CHARACTERS = 4000
# A server on this machine may load its model first, and then write a few words a second.
WRITING_S = 3600.0
SILENCE_S = 900.0
DRAWING_S = 1800.0
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_FORM_NOT_KNOWN = re.compile(r"(?i)response_format|json_schema|json_object|grammar|schema|structured")

VENDORS = {
    "ollama": Vendor(name="ollama", base_url="http://localhost:11434/v1", at_once=2, models_path="/models"),
    "local": Vendor(name="local", base_url="http://localhost:8080/v1", at_once=2, models_path="/models"),
}
# How an answer's form is asked for, from the surest way down to words alone.
FORMS = ("json_schema", "json_object", "words")


def vendor_of(server: str) -> Vendor:
    """A server, with its key where one is set."""
    vendor, variable = VENDORS[server], f"STORYREEL_{server.upper()}_API_KEY"
    return replace(vendor, key_variables=(variable,)) if os.environ.get(variable, "").strip() else vendor


def price_of(vendor: Vendor) -> Quote:
    """What a server charges: nothing where it wants no key, else nobody knows."""
    return UNKNOWN if vendor.key_variables else FREE


# Which forms a server did not know for a model, so that it is asked for them once in a run.
_not_known: dict[tuple[str, str], str] = {}


@dataclass(frozen=True, slots=True)
class CompatibleWriter:
    """A model behind POST /chat/completions as a `Writer`."""

    server: str
    model: str

    @property
    def identity(self) -> str:
        """Server and model."""
        return f"{self.server}/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return vendor_of(self.server)

    def price(self, usage: Usage) -> Quote:
        """Nothing, unless the server wants a key."""
        return price_of(self.vendor)

    def write(self, request: WritingRequest[Reply], on_words: Callable[[int], None] = lambda count: None) -> Reply:
        """Answer a request; `on_words` is told how many words have come."""
        bible = bible_of(request)

        def ask(turns: Sequence[Turn]) -> str:
            place = (self.vendor.base(), self.model)
            first = FORMS.index(_not_known.get(place, FORMS[0]))
            for form in FORMS[first:]:
                try:
                    return self._asked(request, turns, bible, form, on_words)
                except ProviderError as error:
                    if form == FORMS[-1] or not _form_not_known(error):
                        raise
                    _not_known[place] = FORMS[FORMS.index(form) + 1]
                    tell(f"{self.server}: {self.model} takes no {form}, so the form is asked for in another way")
            raise AssertionError("the last form returns or raises")

        return write(request, ask, self.server)

    def _asked(
        self,
        request: WritingRequest[Reply],
        turns: Sequence[Turn],
        bible: str,
        form: str,
        on_words: Callable[[int], None],
    ) -> str:
        vendor = self.vendor

        def charged(reply: WireReply) -> Charged:
            completion = completion_from_stream(reply)
            whole = replace(reply, data=completion.model_dump_json().encode())
            return completion.charged(whole, price_of(vendor).usd)

        kept = buy(
            vendor,
            Call(
                "/chat/completions",
                body=writing_to_wire(self.model, request, turns, bible, form),
                timeout_s=WRITING_S,
                silence_s=SILENCE_S,
            ),
            charged,
            model=self.model,
            expected_usd=self.price(expected_usage(request, turns, bible)).usd,
            take=request.seed,
            on_data=WordCount(self.server, lambda event: str(_delta(event).get("content") or ""), on_words),
        )
        # Models that think aloud do so before the answer.
        return _THOUGHT.sub("", kept_text(self.server, kept, self.model, request.task))


def _form_not_known(error: ProviderError) -> bool:
    """Whether a server turned a request away for the form it asks for. Some fail over it instead of saying so."""
    if isinstance(error, ProviderBusy) and error.status not in (500, 501):
        return False
    return error.status in (400, 404, 422, 500, 501) and _FORM_NOT_KNOWN.search(error.reason) is not None


def writing_to_wire(
    model: str, request: WritingRequest[Reply], turns: Sequence[Turn], bible: str, form: str
) -> dict[str, Any]:
    """The body of POST /chat/completions. The schema is told in words, too: a server may silently ignore the field."""
    body = chat_to_wire(model, request, turns, bible, most_tokens_field="max_tokens")
    schema = json.dumps(schema_of(request.reply, bounds=True), ensure_ascii=False)
    body["messages"][0]["content"] += f"\n\nIts JSON schema:\n{schema}"
    # Some refuse to begin where the most an answer may have is more than fits.
    body["max_tokens"] = 2 * expected_output_tokens(request.facts)
    if form == "words":
        del body["response_format"]
    elif form == "json_object":
        body["response_format"] = {"type": "json_object"}
    return body | {"stream": True}


def _delta(event: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = event.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    delta = first.get("delta") if isinstance(first, Mapping) else None
    return delta if isinstance(delta, Mapping) else {}


def completion_from_stream(reply: WireReply) -> Completion:
    """The completion that a stream's chunks come to; or the one in a plain answer, where a server does not stream.

    Raises:
        ServerFault: the server broke off before it wrote anything.
        Lost: it is neither, or it broke off after that.
    """
    if reply.data.lstrip()[:1] == b"{":
        return reply.read_as(Completion)
    message: dict[str, str] = {"content": "", "refusal": ""}
    whole: dict[str, Any] = {}
    ended = None
    for event in EventFeed(reply.vendor).take(reply.data + b"\n"):
        if event.get("error"):
            if message["content"]:
                raise Lost(reply.vendor, "the server broke off while it was writing")
            fault = ServerFault(reply.vendor, "the server broke off before it wrote anything; run again later")
            fault.nothing_begun = True
            raise fault
        for name in message:
            message[name] += str(_delta(event).get(name) or "")
        whole |= {name: event[name] for name in ("id", "model", "usage") if event.get(name)}
        choices = event.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], Mapping):
            ended = choices[0].get("finish_reason") or ended
    if ended is None:
        raise Lost(reply.vendor, "the answer ended before it was complete")
    whole["choices"] = [{"message": message, "finish_reason": ended}]
    return read_as(reply.vendor, whole, Completion)


@dataclass(frozen=True, slots=True)
class CompatiblePainter:
    """A model behind POST /images/generations as an `ImageModel`; another seed simply asks once more."""

    server: str
    model: str

    @property
    def identity(self) -> str:
        """Server and model."""
        return f"{self.server}/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return vendor_of(self.server)

    def price(self, usage: Usage) -> Quote:
        """Nothing, unless the server wants a key."""
        return price_of(self.vendor)

    def draw(self, request: ImageRequest) -> bytes:
        """The picture, in the shape asked for."""
        vendor = self.vendor

        def charged(reply: WireReply) -> Charged:
            try:
                picture = base64.b64decode(reply.read_as(_Images).data[0].b64_json, validate=True)
            except binascii.Error:
                picture = b""
            if kind_of(picture) != "image" or not is_whole_picture(picture):
                raise Lost(self.server, "what came is not a whole picture")
            return Charged(picture, price_of(vendor).usd, self.model, reply.request)

        picture = buy(
            vendor,
            Call(
                "/images/generations",
                body=picture_to_wire(self.model, request),
                timeout_s=DRAWING_S,
                largest_bytes=64 * MEGABYTE,
            ),
            charged,
            model=self.model,
            expected_usd=price_of(vendor).usd,
            take=request.seed,
            suffix=".png",
        )
        return cut_to_shape(picture, request.width_px, request.height_px)


def picture_to_wire(model: str, request: ImageRequest) -> dict[str, Any]:
    """The body of POST /images/generations, of about the million and a half pixels that such models are made for."""
    width_px, height_px = stepped_size(
        request.width_px, request.height_px, step_px=64, longest_px=1536, shortest_px=512, most_pixels=1536 * 1024
    )
    return {
        "model": model,
        "prompt": request.prompt,
        "n": 1,
        "size": f"{width_px}x{height_px}",
        "response_format": "b64_json",
    }


class _Image(BaseModel):
    b64_json: str


class _Images(BaseModel):
    data: list[_Image] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class CompatibleVoice:
    """A model behind POST /audio/speech as a `Voice`; it tells no word times.

    Args:
        model: the model, or model and voice ("kokoro/af_heart").
    """

    server: str
    model: str

    @property
    def identity(self) -> str:
        """Server, model and voice."""
        return f"{self.server}/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return vendor_of(self.server)

    def price(self, usage: Usage) -> Quote:
        """Nothing, unless the server wants a key."""
        return price_of(self.vendor)

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one passage."""
        return joined([self._said(request, piece) for piece in pieces(request.text, MOST_CHARACTERS)])

    def _said(self, request: SpeechRequest, text: str) -> Speech:
        vendor = self.vendor

        def charged(reply: WireReply) -> Charged:
            if kind_of(reply.data) != "audio":
                raise Lost(self.server, "what came is no sound")
            try:
                unpacked(reply.data)
            except ValueError as error:
                raise Lost(self.server, f"the sound that came is damaged: {error}") from None
            return Charged(reply.data, price_of(vendor).usd, self.model, reply.request)

        sound = buy(
            vendor,
            Call(
                "/audio/speech",
                body=speech_to_wire(self.model, request, text),
                timeout_s=DRAWING_S,
                largest_bytes=64 * MEGABYTE,
            ),
            charged,
            model=self.model,
            expected_usd=price_of(vendor).usd,
            take=request.take,
            suffix=".wav",
        )
        samples, sample_rate_hz = unpacked(sound)
        return Speech(samples, sample_rate_hz)


def speech_to_wire(model_and_voice: str, request: SpeechRequest, text: str) -> dict[str, Any]:
    """The body of POST /audio/speech."""
    model, _, voice = model_and_voice.partition("/")
    body: dict[str, Any] = {"model": model, "input": text, "response_format": "wav"}
    if request.voice or voice:
        body["voice"] = request.voice or voice
    if request.speed != 1.0:
        body["speed"] = request.speed
    return body


def ollama_writer(model: str = OLLAMA_MODEL) -> CompatibleWriter:
    """A model of Ollama as a `Writer`."""
    return CompatibleWriter("ollama", model)


def ollama_painter(model: str = "") -> CompatiblePainter:
    """A model of Ollama as an `ImageModel`."""
    return CompatiblePainter("ollama", _named("painter", "ollama", model))


def local_writer(model: str = "") -> CompatibleWriter:
    """A model of a server of your own as a `Writer`."""
    return CompatibleWriter("local", _named("writer", "local", model))


def local_painter(model: str = "") -> CompatiblePainter:
    """A model of a server of your own as an `ImageModel`."""
    return CompatiblePainter("local", _named("painter", "local", model))


def local_voice(model: str = "") -> CompatibleVoice:
    """A model of a server of your own as a `Voice`."""
    return CompatibleVoice("local", _named("voice", "local", model))


def _named(role: str, server: str, model: str) -> str:
    if not model:
        raise InputError(f"which model of your server is meant? name it: --{role} {server}:MODEL")
    return model
