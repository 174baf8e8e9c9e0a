"""OpenAI as a `Writer` (Responses), an `ImageModel`, a `Voice` and a `Listener`.

The wire is spoken directly: the official client repeats paid requests by itself, hides an answer that was cut short
behind a validation error, and takes most of a second to import.

Endings: every speech model on 2027-01-06, whisper-1 (the only one with word times) on 2027-02-26. Both still work
here until then and say so; no role has them as its default.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, Field

from storyreel.errors import BadAnswer, ProviderRefused
from storyreel.memo.ledger import Charged
from storyreel.providers.contracts import (
    Heard,
    ImageRequest,
    ListeningRequest,
    Reply,
    Speech,
    SpeechRequest,
    WritingRequest,
)
from storyreel.providers.hearing import Transcript, heard, listening_call, transcript
from storyreel.providers.pictures import cut_to_shape, is_whole_picture, stepped_size
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.references import given, image_type, told
from storyreel.providers.sounds import unpacked
from storyreel.providers.speaking import joined, pieces
from storyreel.providers.transport import MEGABYTE, Call, FilePart, Lost, ServerFault, Vendor, buy, kind_of, read_as
from storyreel.providers.transport import Reply as WireReply
from storyreel.providers.transport.events import EventFeed
from storyreel.providers.transport.pace import tell
from storyreel.providers.writing import Turn, bible_of, expected_usage, schema_of, words_so_far, write

WRITER_MODEL = "gpt-6.1-sol"
PAINTER_MODEL = "gpt-image-2.5-flare"
VOICE_MODEL = "gpt-4o-mini-tts"
VOICE_NAME = "marin"
LISTENER_MODEL = "whisper-1"
VOICES = (
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse",
)  # fmt: skip
QUALITIES = ("low", "medium", "high", "xhigh", "max")
MOST_TOKENS = 32_000
MOST_REFERENCES = 8
MOST_CHARACTERS = 4096
# gpt-4o-mini-tts reads 2,000 tokens. Latin letters are four or so to a token, of other scripts one may take two.
MOST_CHARACTERS_ELSEWHERE = 900
CHARACTERS_A_SECOND = 14.0
TELL_EVERY_WORDS = 25
_POLICY_CODES = frozenset(
    {"moderation_blocked", "image_content_policy_violation", "content_policy_violation", "bio_policy", "cyber_policy",
     "invalid_prompt"}
)  # fmt: skip

VENDOR = Vendor(
    name="openai",
    base_url="https://api.openai.com/v1",
    base_variables=("OPENAI_BASE_URL",),
    key_variables=("OPENAI_API_KEY",),
    at_once=8,
    models_path="/models",
    refusals=_POLICY_CODES,
    payments=frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}),
    missing_models=frozenset({"model_not_found", "model_deprecated"}),
    retired={
        "chatgpt-image-latest": PAINTER_MODEL,
        "chatgpt-4o": WRITER_MODEL,
        "dall-e-2": PAINTER_MODEL,
        "dall-e-3": PAINTER_MODEL,
        "gpt-3.5-turbo": "gpt-6-luna",
        "gpt-3.5-turbo-16k": "gpt-6-luna",
        "gpt-4": WRITER_MODEL,
        "gpt-4-0125-preview": WRITER_MODEL,
        "gpt-4-1106-preview": WRITER_MODEL,
        "gpt-4-32k": WRITER_MODEL,
        "gpt-4-turbo": WRITER_MODEL,
        "gpt-4-turbo-preview": WRITER_MODEL,
        "gpt-4-vision-preview": WRITER_MODEL,
        "gpt-4.1-nano": "gpt-6-luna",
        "gpt-4o-2024-05-13": WRITER_MODEL,
        "gpt-5": WRITER_MODEL,
        "gpt-5-chat": WRITER_MODEL,
        "gpt-5-mini": "gpt-6-luna",
        "gpt-5-nano": "gpt-6-luna",
        "gpt-5.1-chat": WRITER_MODEL,
        "gpt-5.2-chat": WRITER_MODEL,
        "gpt-5.3-chat": WRITER_MODEL,
        "gpt-image-1": PAINTER_MODEL,
        "gpt-image-1-mini": PAINTER_MODEL,
        "gpt-image-1.5": PAINTER_MODEL,
        "o1": WRITER_MODEL,
        "o1-mini": "gpt-6-luna",
        "o1-preview": WRITER_MODEL,
        "o3": WRITER_MODEL,
        "o3-mini": "gpt-6-luna",
        "o4-mini": "gpt-6-luna",
    },
)
"""Gone, or gone within days of 2026-11-21 (gpt-image-1.5 and its kin on 12-01, gpt-5 and o3 on 12-11)."""


@dataclass(frozen=True, slots=True)
class OpenAIWriter:
    """OpenAI's language models as a `Writer`."""

    model: str = WRITER_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        _settle(self)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"openai/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("openai", self.model, usage)

    def write(self, request: WritingRequest[Reply], on_words: Callable[[int], None] = lambda count: None) -> Reply:
        """Answer a request; `on_words` is told how many words have come."""
        bible = bible_of(request)

        def ask(turns: Sequence[Turn]) -> str:
            feed, text, said = EventFeed("openai"), "", 0

            def on_data(piece: bytes) -> None:
                nonlocal text, said
                text += "".join(
                    str(event.get("delta", "")) for event in feed.take(piece) if event.get("type") == _DELTA
                )
                count = words_so_far(text)
                if count >= said + TELL_EVERY_WORDS:
                    said = count
                    tell(f"openai: {count} words")
                    on_words(count)

            kept = buy(
                VENDOR,
                Call(
                    "/responses",
                    body=writing_to_wire(self.model, request, turns, bible),
                    timeout_s=900.0,
                    silence_s=300.0,
                ),
                self._charged,
                model=self.model,
                expected_usd=self.price(expected_usage(request, turns, bible)).usd,
                take=request.seed,
                on_data=on_data,
                notice=self.notice,
            )
            response = _Response.model_validate_json(kept)
            if response.status == "incomplete":
                raise BadAnswer("openai", f"the {request.task} is longer than {self.model} may answer: ask for less")
            return response.text

        return write(request, ask, "openai")

    def _charged(self, reply: WireReply) -> Charged:
        """Keep the whole response, with its price; raise what is no answer."""
        response = response_from_wire(reply.data)
        price_usd = quote("openai", response.model or self.model, response.usage.spent()).usd
        blocked = (response.incomplete_details or {}).get("reason") == "content_filter"
        if response.refusal or blocked:
            refused = ProviderRefused("openai", f"{self.model} will not write this: change the request")
            refused.price_usd = price_usd
            raise refused
        return Charged(response.model_dump_json().encode(), price_usd, response.model, response.id)


_DELTA = "response.output_text.delta"


def writing_to_wire(model: str, request: WritingRequest[Reply], turns: Sequence[Turn], bible: str) -> dict[str, Any]:
    """The body of POST /responses; nothing of it is stored with the service."""
    body: dict[str, Any] = {
        "model": model,
        "input": [{"role": turn.role, "content": turn.text} for turn in turns],
        "max_output_tokens": MOST_TOKENS,
        "text": {
            "format": {
                "type": "json_schema",
                "name": request.task,
                "strict": True,
                "schema": schema_of(request.reply, bounds=True),
            }
        },
        "store": False,
        "stream": True,
    }
    if bible:
        body["instructions"] = bible
        # Requests of one film go where its beginning is in the cache already.
        body["prompt_cache_key"] = sha256(bible.encode()).hexdigest()[:32]
    return body


class _InputDetails(BaseModel):
    cached_tokens: int = 0
    cache_write_tokens: int = 0


class _Spent(BaseModel):
    input_tokens: int = 0
    output_tokens: int = 0
    input_tokens_details: _InputDetails = Field(default_factory=_InputDetails)

    def spent(self) -> Usage:
        cached, written = self.input_tokens_details.cached_tokens, self.input_tokens_details.cache_write_tokens
        fresh = max(0, self.input_tokens - cached - written)
        return Usage(
            input_tokens=fresh, cached_tokens=cached, cache_write_tokens=written, output_tokens=self.output_tokens
        )


class _Content(BaseModel):
    type: str
    text: str = ""
    refusal: str = ""


class _Output(BaseModel):
    type: str
    content: list[_Content] | None = None


class _Response(BaseModel):
    id: str
    model: str = ""
    status: str
    error: dict[str, Any] | None = None
    incomplete_details: dict[str, Any] | None = None
    output: list[_Output]
    usage: _Spent

    @property
    def parts(self) -> list[_Content]:
        return [part for output in self.output if output.type == "message" for part in output.content or []]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts if part.type == "output_text")

    @property
    def refusal(self) -> str:
        return "".join(part.refusal for part in self.parts if part.type == "refusal")


def response_from_wire(stream: bytes) -> _Response:
    """The finished response that a stream ends with.

    Raises:
        ProviderRefused: it failed by policy.
        ServerFault: it failed before anything was written.
        Lost: it broke off, or is no such stream.
    """
    last: Mapping[str, Any] = {}
    written = False
    for event in EventFeed("openai").take(stream):
        kind = event.get("type")
        written = written or kind == _DELTA
        if kind in ("response.completed", "response.incomplete", "response.failed", "error"):
            last = event
    if last.get("type") in ("response.completed", "response.incomplete"):
        return read_as("openai", last.get("response"), _Response)
    if not last:
        raise Lost("openai", "the answer ended before it was complete")
    error = last if last["type"] == "error" else (last.get("response") or {}).get("error") or {}
    code, message = str(error.get("code") or "error"), str(error.get("message") or "")
    if code in _POLICY_CODES:
        raise ProviderRefused("openai", f"the service will not do this ({message or code}): change what is asked for")
    if not written:
        fault = ServerFault("openai", f"the service has a problem ({code}); run again later")
        fault.nothing_begun = True
        raise fault
    raise Lost("openai", f"the service broke off while it was writing ({code})")


@dataclass(frozen=True, slots=True)
class OpenAIPainter:
    """OpenAI's image models as an `ImageModel`. They take no seed: another seed simply asks once more."""

    model: str = PAINTER_MODEL
    quality: str = "medium"
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        _settle(self)

    @property
    def identity(self) -> str:
        """Vendor, model and quality."""
        return f"openai/{self.model}/{self.quality}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs: by its tokens where they are known, else about, by its size."""
        if usage.image_output_tokens:
            return quote("openai", self.model, usage)
        return quote("openai", self.model, usage, self.quality)

    @property
    def most_references(self) -> int:
        """How many pictures to go by it takes."""
        return MOST_REFERENCES

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as PNG, in the shape asked for."""
        pictures = given(request, MOST_REFERENCES)
        words = told(request.prompt, pictures)
        return self.drawn(words, pictures, request.width_px, request.height_px, take=request.seed)

    def drawn(
        self, words: str, pictures: Sequence[bytes], width_px: int, height_px: int, *, take: int, notice: str = ""
    ) -> bytes:
        """Buy a picture from words, or from words and pictures, as PNG in the shape asked for."""
        body = picture_to_wire(self.model, self.quality, words, width_px, height_px)
        if pictures:
            form = tuple((name, str(value)) for name, value in body.items())
            call = Call("/images/edits", form=form, files=tuple(map(_file, pictures)), timeout_s=300.0,
                        largest_bytes=96 * MEGABYTE)  # fmt: skip
        else:
            call = Call("/images/generations", body=body, timeout_s=300.0, largest_bytes=96 * MEGABYTE)
        wide, _, high = body["size"].partition("x")
        usage = Usage(pictures=1, megapixels=int(wide) * int(high) / 1e6)
        picture = buy(
            VENDOR, call, self._charged, model=self.model, expected_usd=self.price(usage).usd, take=take,
            suffix=".png", notice=notice or self.notice,
        )  # fmt: skip
        return cut_to_shape(picture, width_px, height_px)

    def _charged(self, reply: WireReply) -> Charged:
        images = reply.read_as(_Images)
        try:
            picture = base64.b64decode(images.data[0].b64_json, validate=True)
        except binascii.Error:
            picture = b""
        if kind_of(picture) != "image" or not is_whole_picture(picture):
            raise Lost("openai", "what came is not a whole picture")
        price_usd = self.price(images.usage.spent()).usd if images.usage else None
        return Charged(picture, price_usd, self.model, reply.request)


def _file(picture: bytes) -> FilePart:
    kind = image_type(picture)
    return FilePart("image[]", f"picture.{kind.partition('/')[2]}", picture, kind)


def picture_to_wire(model: str, quality: str, words: str, width_px: int, height_px: int) -> dict[str, Any]:
    """What POST /images/generations has as JSON and POST /images/edits as its fields.

    `input_fidelity` is for older models. Sides are multiples of 16 within 2560x1440 turned either way.
    """
    width_px, height_px = stepped_size(
        width_px, height_px, step_px=16, longest_px=2560, shortest_px=512, most_pixels=2560 * 1440
    )
    return {
        "model": model,
        "prompt": words[:32_000],
        "n": 1,
        "size": f"{width_px}x{height_px}",
        "quality": quality,
        "output_format": "png",
    }


class _ImageDetails(BaseModel):
    text_tokens: int = 0
    image_tokens: int = 0


class _ImageSpent(BaseModel):
    output_tokens: int
    input_tokens_details: _ImageDetails = Field(default_factory=_ImageDetails)

    def spent(self) -> Usage:
        told = self.input_tokens_details
        return Usage(
            input_tokens=told.text_tokens, image_input_tokens=told.image_tokens, image_output_tokens=self.output_tokens
        )


class _Image(BaseModel):
    b64_json: str


class _Images(BaseModel):
    data: list[_Image] = Field(min_length=1)
    usage: _ImageSpent | None = None


@dataclass(frozen=True, slots=True)
class OpenAIVoice:
    """OpenAI's speech models as a `Voice`; they tell no word times, and end on 2027-01-06.

    Args:
        model: a voice ("cedar"), a model, or both ("gpt-4o-mini-tts/cedar").
    """

    model: str = f"{VOICE_MODEL}/{VOICE_NAME}"
    notice: str = field(
        default="openai's voices end on 2027-01-06: choose another voice for films that are to be continued",
        init=False,
        compare=False,
    )

    def __post_init__(self) -> None:
        model, _, voice = self.model.partition("/")
        if model in VOICES:
            model, voice = VOICE_MODEL, model
        object.__setattr__(self, "model", f"{model}/{voice or VOICE_NAME}")

    @property
    def identity(self) -> str:
        """Vendor, model and voice."""
        return f"openai/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs; characters count by about how long they take."""
        sound_s = usage.sound_s or usage.characters / CHARACTERS_A_SECOND
        return quote("openai", self.model.partition("/")[0], Usage(sound_s=sound_s))

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one passage."""
        return joined([self._said(request, piece) for piece in pieces(request.text, most_characters(request.text))])

    def _said(self, request: SpeechRequest, text: str) -> Speech:
        body = speech_to_wire(self.model, request, text)
        sound = buy(
            VENDOR,
            Call("/audio/speech", body=body, timeout_s=240.0, largest_bytes=64 * MEGABYTE),
            self._charged,
            model=body["model"],
            expected_usd=self.price(Usage(characters=len(text))).usd,
            take=request.take,
            suffix=".flac",
            notice=self.notice,
        )
        samples, sample_rate_hz = unpacked(sound)
        return Speech(samples, sample_rate_hz)

    def _charged(self, reply: WireReply) -> Charged:
        if kind_of(reply.data) != "audio":
            raise Lost("openai", "what came is no sound")
        try:
            samples, sample_rate_hz = unpacked(reply.data)
        except ValueError as error:
            raise Lost("openai", f"the sound that came is damaged: {error}") from None
        price_usd = self.price(Usage(sound_s=len(samples) / sample_rate_hz)).usd
        return Charged(reply.data, price_usd, self.model.partition("/")[0], reply.request)


def most_characters(text: str) -> int:
    """How many characters of a text one request may have, by its letters."""
    latin = sum(letter < "\u0250" or letter in "‘’“”–—…" for letter in text)
    return MOST_CHARACTERS if latin >= 0.9 * len(text) else MOST_CHARACTERS_ELSEWHERE


def speech_to_wire(model_and_voice: str, request: SpeechRequest, text: str) -> dict[str, Any]:
    """The body of POST /audio/speech."""
    model, _, voice = model_and_voice.partition("/")
    body: dict[str, Any] = {
        "model": model,
        "input": text,
        "voice": request.voice or voice,
        "response_format": "flac",
    }
    if request.speed != 1.0:
        body["speed"] = min(4.0, max(0.25, request.speed))
    return body


@dataclass(frozen=True, slots=True)
class OpenAIListener:
    """OpenAI's whisper-1 as a `Listener`: the only one of its models with word times; it ends on 2027-02-26."""

    model: str = LISTENER_MODEL
    longest_s: float = field(default=600.0, init=False, compare=False)
    notice: str = field(
        default="openai's whisper-1 ends on 2027-02-26 and has no successor with word times: groq listens, too",
        init=False,
        compare=False,
    )

    def __post_init__(self) -> None:
        if self.model != LISTENER_MODEL:
            raise BadAnswer("openai", f"{self.model} tells no word times: only {LISTENER_MODEL} does")

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"openai/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("openai", self.model, usage)

    def hear(self, request: ListeningRequest) -> Heard:
        """Every word with its times."""
        sound_s = len(request.samples) / request.sample_rate_hz

        def charged(reply: WireReply) -> Charged:
            transcript(reply)
            return Charged(reply.data, self._cost_usd(sound_s), self.model, reply.request)

        kept = buy(
            VENDOR,
            listening_call("/audio/transcriptions", self.model, request, timeout_s=300.0),
            charged,
            model=self.model,
            expected_usd=self._cost_usd(sound_s),
            notice=self.notice,
        )
        return heard(read_as("openai", json.loads(kept), Transcript), request.language)

    def _cost_usd(self, sound_s: float) -> Decimal | None:
        return self.price(Usage(sound_s=sound_s)).usd


def _settle(adapter: OpenAIWriter | OpenAIPainter) -> None:
    """Put what is used now in the place of a retired model."""
    model, notice = VENDOR.living(adapter.model)
    object.__setattr__(adapter, "model", model)
    object.__setattr__(adapter, "notice", notice)
