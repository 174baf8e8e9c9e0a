"""Google Gemini as a `Writer`, an `ImageModel` and a `Predictor`, by generateContent.

What speaks, listens, animates and composes there is in `gemini_interactions`. The wire is spoken
directly: the official client has two families of errors and two policies of repeating, and takes seconds to import.

A refusal is an answer of status 200 without what was asked for.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from storyreel.errors import BadAnswer, ProviderRefused
from storyreel.memo.ledger import Charged
from storyreel.providers.contracts import ImageRequest, Prediction, PredictionRequest, Reply, WritingRequest
from storyreel.providers.counting import WordCount
from storyreel.providers.pictures import cut_to_shape, is_whole_picture, nearest_shape
from storyreel.providers.predicting import prediction_prompt
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.references import given, image_type, told
from storyreel.providers.transport import MEGABYTE, Call, Lost, ServerFault, Vendor, buy, kind_of, read_as
from storyreel.providers.transport import Reply as WireReply
from storyreel.providers.transport.events import EventFeed
from storyreel.providers.transport.lists import listed
from storyreel.providers.writing import Turn, bible_of, expected_usage, schema_of, write

WRITER_MODEL = "gemini-3.8-flash"
PAINTER_MODEL = "gemini-nano-banana-2.1"
ANIMATOR_MODEL = "gemini-omni-1.2-flash"
MOST_TOKENS = 60_000
MOST_REFERENCES = 5
"""People; beside them it would take things and a style."""
SHAPES = ((21, 9), (16, 9), (3, 2), (4, 3), (5, 4), (1, 1), (4, 5), (3, 4), (2, 3), (9, 16))
# How many pixels a picture of each size has, whatever its shape, in megapixels.
SIZES = {"1K": 1.1, "2K": 4.4, "4K": float("inf")}
_CUT_SHORT = "MAX_TOKENS"
_DONE = "STOP"


def wait_told(body: object) -> float | None:
    """How long to wait, in seconds, by the RetryInfo in an error's details (google.rpc.RetryInfo)."""
    error = body.get("error") if isinstance(body, Mapping) else None
    details = error.get("details") if isinstance(error, Mapping) else None
    for detail in details if isinstance(details, list) else ():
        delay = detail.get("retryDelay") if isinstance(detail, Mapping) else None
        if isinstance(delay, str):
            try:
                return max(0.0, float(delay.removesuffix("s")))
            except ValueError:
                return None
    return None


VENDOR = Vendor(
    name="gemini",
    base_url="https://generativelanguage.googleapis.com",
    key_variables=("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    key_header="x-goog-api-key",
    key_prefix="",
    models_path="/v1beta/models?pageSize=1000",
    models_told=listed("models", "name", cut="models/"),
    at_once=8,
    # A wrong key is answered as a bad request.
    bad_keys=frozenset({"API_KEY_INVALID", "UNAUTHENTICATED", "PERMISSION_DENIED"}),
    wait_told=wait_told,
    retired={
        "gemini-2.5-flash-image": PAINTER_MODEL,
        "gemini-2.5-flash-image-preview": PAINTER_MODEL,
        "gemini-3-pro-image-preview": "gemini-3-pro-image",
        "gemini-3.1-flash-image": PAINTER_MODEL,
        "gemini-omni-flash-preview": ANIMATOR_MODEL,
        "imagen-4.0-fast-generate-001": PAINTER_MODEL,
        "imagen-4.0-generate-001": PAINTER_MODEL,
        "imagen-4.0-ultra-generate-001": "gemini-3-pro-image",
        "veo-2.0-generate-001": ANIMATOR_MODEL,
        "veo-3.0-fast-generate-001": ANIMATOR_MODEL,
        "veo-3.0-generate-001": ANIMATOR_MODEL,
        "veo-3.1-fast-generate-preview": ANIMATOR_MODEL,
        "veo-3.1-generate-preview": ANIMATOR_MODEL,
        "veo-3.1-lite-generate-preview": ANIMATOR_MODEL,
    },
)


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class _Count(_Wire):
    modality: str = ""
    token_count: int = 0


class _Spent(_Wire):
    prompt_token_count: int = 0
    cached_content_token_count: int = 0
    candidates_token_count: int = 0
    thoughts_token_count: int = 0
    prompt_tokens_details: list[_Count] = Field(default_factory=list)
    candidates_tokens_details: list[_Count] = Field(default_factory=list)

    def spent(self) -> Usage:
        """As what it is priced by; thoughts are paid as text that is answered."""
        read, drawn = _of_images(self.prompt_tokens_details), _of_images(self.candidates_tokens_details)
        fresh = self.prompt_token_count - self.cached_content_token_count - read
        return Usage(
            input_tokens=max(0, fresh),
            cached_tokens=self.cached_content_token_count,
            output_tokens=max(0, self.candidates_token_count - drawn) + self.thoughts_token_count,
            image_input_tokens=read,
            image_output_tokens=drawn,
        )


def _of_images(counts: Sequence[_Count]) -> int:
    return sum(count.token_count for count in counts if count.modality == "IMAGE")


class _Inline(_Wire):
    mime_type: str = ""
    data: str = ""


class _Part(_Wire):
    text: str = ""
    thought: bool = False
    inline_data: _Inline | None = None


class _Content(_Wire):
    parts: list[_Part] = Field(default_factory=list)


class _Candidate(_Wire):
    content: _Content = Field(default_factory=_Content)
    finish_reason: str = ""


class _Feedback(_Wire):
    block_reason: str = ""


class _Generated(_Wire):
    candidates: list[_Candidate] = Field(default_factory=list)
    prompt_feedback: _Feedback = Field(default_factory=_Feedback)
    usage_metadata: _Spent | None = None
    model_version: str = ""
    response_id: str = ""

    @property
    def parts(self) -> list[_Part]:
        """What was answered, without the thoughts."""
        return [part for candidate in self.candidates for part in candidate.content.parts if not part.thought]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def ended(self) -> str:
        """Why it ended; "" while it has not."""
        return self.prompt_feedback.block_reason or next(
            (candidate.finish_reason for candidate in self.candidates if candidate.finish_reason), ""
        )


@dataclass(frozen=True, slots=True)
class GeminiWriter:
    """Gemini as a `Writer`."""

    model: str = WRITER_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        settle(self)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"gemini/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("gemini", self.model, usage)

    def write(self, request: WritingRequest[Reply], on_words: Callable[[int], None] = lambda count: None) -> Reply:
        """Answer a request; `on_words` is told how many words have come."""
        bible = bible_of(request)

        def ask(turns: Sequence[Turn]) -> str:
            kept = buy(
                VENDOR,
                Call(
                    f"/v1/models/{self.model}:streamGenerateContent",
                    body=writing_to_wire(request, turns, bible),
                    query={"alt": "sse"},
                    timeout_s=900.0,
                    silence_s=300.0,
                ),
                self._charged,
                model=self.model,
                expected_usd=self.price(expected_usage(request, turns, bible)).usd,
                take=request.seed,
                on_data=WordCount("gemini", _text_of, on_words),
                notice=self.notice,
            )
            written = Written.model_validate_json(kept)
            if written.ended == _CUT_SHORT:
                raise BadAnswer("gemini", f"the {request.task} is longer than {self.model} may answer: ask for less")
            return written.text

        return write(request, ask, "gemini")

    def _charged(self, reply: WireReply) -> Charged:
        """Keep the whole text, with its price; raise what is no answer."""
        written = written_from_wire(reply.data)
        price_usd = self.price(written.usage).usd
        if written.ended not in (_DONE, _CUT_SHORT):
            raise refused(f"{self.model} will not write this ({written.ended}): change the request", price_usd)
        return Charged(written.model_dump_json().encode(), price_usd, written.model or self.model, written.id)


def writing_to_wire(request: WritingRequest[Reply], turns: Sequence[Turn], bible: str) -> dict[str, Any]:
    """The body of POST /v1/models/MODEL:streamGenerateContent.

    Bounds go into the descriptions: some are ignored there, and a schema that is too hard to enforce is refused.
    """
    roles = {"user": "user", "assistant": "model"}
    body: dict[str, Any] = {
        "contents": [{"role": roles[turn.role], "parts": [{"text": turn.text}]} for turn in turns],
        "generationConfig": {
            "maxOutputTokens": MOST_TOKENS,
            "responseMimeType": "application/json",
            "responseJsonSchema": schema_of(request.reply, bounds=False),
        },
    }
    if bible:
        body["systemInstruction"] = {"parts": [{"text": bible}]}
    return body


class Written(BaseModel):
    """A streamed answer put together; this is what the ledger keeps."""

    id: str = ""
    model: str = ""
    text: str = ""
    ended: str = ""
    usage: Usage = Usage()


def _text_of(event: Mapping[str, Any]) -> str:
    return "" if "error" in event else read_as("gemini", event, _Generated).text


def written_from_wire(stream: bytes) -> Written:
    """Put the stream of server-sent events together.

    Raises:
        ServerFault: the service broke off before it wrote anything.
        Lost: it is no such stream, or it broke off after that.
    """
    written = Written()
    for event in EventFeed("gemini").take(stream):
        error = event.get("error")
        if isinstance(error, Mapping):
            status = str(error.get("status") or "an error")
            if written.text:
                raise Lost("gemini", f"the service broke off while it was writing ({status})")
            fault = ServerFault("gemini", f"the service has a problem ({status}); run again later")
            fault.nothing_begun = True
            raise fault
        part = read_as("gemini", event, _Generated)
        written.text += part.text
        written.ended = part.ended or written.ended
        written.id, written.model = part.response_id or written.id, part.model_version or written.model
        # Each event tells the sums so far.
        written.usage = part.usage_metadata.spent() if part.usage_metadata else written.usage
    if not written.ended:
        raise Lost("gemini", "the answer ended before it was complete")
    return written


@dataclass(frozen=True, slots=True)
class GeminiPainter:
    """Gemini's image models as an `ImageModel`. They take no seed: another seed simply asks once more."""

    model: str = PAINTER_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        settle(self)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"gemini/{self.model}"

    @property
    def most_references(self) -> int:
        """How many people's pictures to go by it takes."""
        return MOST_REFERENCES

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs: by its tokens where they are known, else by its size."""
        return picture_price(self.model, usage)

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as the service sends it, in the shape asked for."""
        pictures = given(request, MOST_REFERENCES)
        picture = drawn(self.model, told(request.prompt, pictures), pictures, request.width_px, request.height_px,
                        request.seed, self.notice)  # fmt: skip
        return cut_to_shape(picture, request.width_px, request.height_px)


@dataclass(frozen=True, slots=True)
class GeminiPredictor:
    """Gemini's image models as a `Predictor`: they look at the frame, and paint the one ahead."""

    model: str = PAINTER_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        settle(self)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"gemini/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs: by its tokens where they are known, else by its size."""
        return picture_price(self.model, usage)

    def predict(self, request: PredictionRequest) -> Prediction:
        """The picture ahead, in the shape asked for; what it shows is not told."""
        picture = drawn(self.model, prediction_prompt(request), (request.frame,), request.width_px, request.height_px,
                        request.seed, self.notice)  # fmt: skip
        return Prediction(cut_to_shape(picture, request.width_px, request.height_px))


def drawn(
    model: str, words: str, pictures: Sequence[bytes], width_px: int, height_px: int, take: int, notice: str
) -> bytes:
    """Buy a picture from words and pictures; it has the offered shape and size nearest to the one wanted."""
    megapixels = width_px * height_px / 1e6

    def charged(reply: WireReply) -> Charged:
        generated = reply.read_as(_Generated)
        usage = generated.usage_metadata.spent() if generated.usage_metadata else Usage()
        price_usd = quote("gemini", model, usage).usd
        found = next((part.inline_data for part in generated.parts if part.inline_data), None)
        if found is None and not generated.ended:
            raise Lost("gemini", "the answer is not what the service promises (candidates)")
        if found is None:
            # A model that will not paint often says so in words.
            said = " ".join(generated.text.split())[:200]
            why = f"{generated.ended}; it says: {said}" if said else generated.ended
            raise refused(f"{model} will not paint this ({why}): change the words", price_usd)
        picture = from_base64(found.data)
        if kind_of(picture) != "image" or not is_whole_picture(picture):
            raise Lost("gemini", "what came is not a whole picture")
        if price_usd is None or not usage.image_output_tokens:
            price_usd = picture_price(model, Usage(pictures=1, megapixels=megapixels)).usd
        return Charged(picture, price_usd, generated.model_version or model, generated.response_id)

    return buy(
        VENDOR,
        Call(
            f"/v1/models/{model}:generateContent",
            body=picture_to_wire(words, pictures, width_px, height_px),
            timeout_s=180.0,
            largest_bytes=96 * MEGABYTE,
        ),
        charged,
        model=model,
        expected_usd=picture_price(model, Usage(pictures=1, megapixels=megapixels)).usd,
        take=take,
        suffix=".png",
        notice=notice,
    )


def picture_to_wire(words: str, pictures: Sequence[bytes], width_px: int, height_px: int) -> dict[str, Any]:
    """The body of POST /v1/models/MODEL:generateContent for a picture."""
    shape = nearest_shape(width_px, height_px, SHAPES)
    given = [
        {"inlineData": {"mimeType": image_type(picture), "data": base64.b64encode(picture).decode()}}
        for picture in pictures
    ]
    return {
        "contents": [{"role": "user", "parts": [*given, {"text": words}]}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {
                "aspectRatio": f"{shape[0]}:{shape[1]}",
                "imageSize": size_for(width_px * height_px / 1e6),
            },
        },
    }


def size_for(megapixels: float) -> str:
    """The smallest size offered that has as many pixels."""
    return next(name for name, holds in SIZES.items() if megapixels <= holds)


def picture_price(model: str, usage: Usage) -> Quote:
    """What pictures cost: by their tokens where these are known, else by their size."""
    if usage.image_output_tokens or not usage.pictures:
        return quote("gemini", model, usage)
    return quote("gemini", model, Usage(pictures=usage.pictures), size_for(usage.megapixels or 2.0))


def refused(reason: str, price_usd: Decimal | None) -> ProviderRefused:
    """A refusal and what it cost."""
    error = ProviderRefused("gemini", reason)
    error.price_usd = price_usd
    return error


def from_base64(text: str) -> bytes:
    """Bytes in base64 of either alphabet.

    Raises:
        Lost: it is no base64.
    """
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise Lost("gemini", "what came is no base64") from None


def settle(adapter: Any) -> None:
    """Put what is used now in the place of a retired model."""
    model, notice = VENDOR.living(adapter.model)
    object.__setattr__(adapter, "model", model)
    object.__setattr__(adapter, "notice", notice)
