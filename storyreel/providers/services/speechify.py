"""Speechify as a `Voice`, with the times of its words.

Its models and voices belong together: simba-3.2 speaks English with voices such as harper_32, simba-3.0 also German,
Spanish, French, Italian and Portuguese, simba-multilingual most other languages with the older voices (george, henry).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from pydantic import BaseModel, Field

from storyreel.errors import InputError
from storyreel.memo.ledger import Charged
from storyreel.providers.contracts import Speech, SpeechRequest
from storyreel.providers.marks import Span, Times, spoken_whole, words_of_marks
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.sounds import unpacked
from storyreel.providers.speaking import pieces
from storyreel.providers.transport import MEGABYTE, Call, Lost, Reply, Vendor, buy, kind_of

VOICE_MODEL = "simba-3.2"
VOICE_NAME = "harper_32"
OLDER_VOICE_NAME = "george"
MOST_CHARACTERS = 2_000
# Room in a request for the marks of SSML and for letters that it writes longer.
SSML_CHARACTERS = 300
SPEEDS = (0.5, 2.0)
_LOCALES = {"en": "en-US", "de": "de-DE", "es": "es-ES", "fr": "fr-FR", "it": "it-IT", "pt": "pt-BR"}
_SPEAKS = {"simba-3.2": ("en",), "simba-english": ("en",), "simba-3.0": tuple(_LOCALES)}


def models_of_voices(answer: object) -> frozenset[str]:
    """The models that the listed voices speak with, and the voices: {"voices": [{"id", "models": [{"name"}]}]}."""
    voices = answer.get("voices") if isinstance(answer, dict) else None
    if not isinstance(voices, list):
        raise ValueError("voices")
    found = [voice for voice in voices if isinstance(voice, dict)]
    models = [model for voice in found for model in voice.get("models") or () if isinstance(model, dict)]
    return frozenset([*(str(voice.get("id")) for voice in found), *(str(model.get("name")) for model in models)])


VENDOR = Vendor(
    name="speechify",
    base_url="https://api.speechify.ai",
    key_variables=("SPEECHIFY_API_KEY",),
    # The list has pages, and the first one may hold voices of other models alone.
    models_path=f"/v1/voices?model={VOICE_MODEL}",
    models_told=models_of_voices,
    headers={"speechify-version": "2026-09-13"},
    # The free plan answers one request at a time; larger plans fifteen.
    at_once=1,
    refusals=frozenset({"content_policy_violation"}),
    payments=frozenset({"payment_required", "spend_cap_exceeded", "spend_budget_exceeded"}),
)


@dataclass(frozen=True, slots=True)
class SpeechifyVoice:
    """Speechify's speech models as a `Voice`.

    Args:
        model: a model ("simba-3.0"), a voice ("imogen_32"), or both ("simba-multilingual/henry").
    """

    model: str = f"{VOICE_MODEL}/{VOICE_NAME}"

    def __post_init__(self) -> None:
        model, _, voice = self.model.partition("/")
        if not model.startswith("simba"):
            model, voice = VOICE_MODEL, model
        usual = VOICE_NAME if model.startswith("simba-3") else OLDER_VOICE_NAME
        object.__setattr__(self, "model", f"{model}/{voice or usual}")

    @property
    def identity(self) -> str:
        """Vendor, model and voice."""
        return f"speechify/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("speechify", self.model.partition("/")[0], usage)

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one passage; its words have times wherever the service tells them.

        Raises:
            InputError: the model does not speak the language.
        """
        model = self.model.partition("/")[0]
        if request.language not in _SPEAKS.get(model, (request.language,)):
            other = "simba-3.0" if request.language in _LOCALES else "simba-multilingual"
            raise InputError(f"{model} does not speak {request.language!r}: choose the voice speechify:{other}")
        most = MOST_CHARACTERS if request.speed == 1.0 else MOST_CHARACTERS - SSML_CHARACTERS
        return spoken_whole([self._said(request, text) for text in pieces(request.text, most)])

    def _said(self, request: SpeechRequest, text: str) -> Speech:
        model, _, voice = self.model.partition("/")
        sent, spans = said_as(text, request.speed)
        body = speech_to_wire(model, request.voice or voice, request.language, sent)

        def charged(reply: Reply) -> Charged:
            spoken = reply.read_as(_Spoken)
            speech_from_wire(spoken, text, spans)
            price_usd = self.price(Usage(characters=spoken.billable_characters_count or len(sent))).usd
            request_id = reply.headers.get("speechify-request-id") or reply.request
            return Charged(reply.data, price_usd, model, request_id)

        kept = buy(
            VENDOR,
            Call("/v1/audio/speech", body=body, timeout_s=120.0, largest_bytes=64 * MEGABYTE),
            charged,
            model=model,
            expected_usd=self.price(Usage(characters=len(sent))).usd,
            take=request.take,
        )
        return speech_from_wire(_Spoken.model_validate_json(kept), text, spans)


def said_as(text: str, speed: float) -> tuple[str, list[Span]]:
    """What to send for a text, plain or, at another speed than its own, as SSML; and where its words stand in that."""
    if speed == 1.0:
        return text, [(token.start(), token.end()) for token in re.finditer(r"\S+", text)]
    percent = round((min(SPEEDS[1], max(SPEEDS[0], speed)) - 1.0) * 100)
    sent, spans = f'<speak><prosody rate="{percent:+d}%">', []
    for number, token in enumerate(text.split()):
        sent += " " if number else ""
        start = len(sent)
        sent += escape(token)
        spans.append((start, len(sent)))
    return f"{sent}</prosody></speak>", spans


def speech_to_wire(model: str, voice: str, language: str, sent: str) -> dict[str, Any]:
    """The body of POST /v1/audio/speech. The model is always named: which one is the service's own changes."""
    return {
        "input": sent,
        "voice_id": voice,
        "model": model,
        "language": _LOCALES.get(language, language),
        "audio_format": "wav",
    }


class _Chunk(BaseModel):
    start: int | None = None
    end: int | None = None
    start_time: float | None = None
    end_time: float | None = None

    @property
    def mark(self) -> tuple[Span, Times] | None:
        if self.start is None or self.end is None or self.start_time is None or self.end_time is None:
            return None
        if self.end <= self.start:
            return None
        return (self.start, self.end), (self.start_time / 1000, self.end_time / 1000)


class _Marks(BaseModel):
    chunks: list[_Chunk] | None = None


class _Spoken(BaseModel):
    audio_data: str = Field(min_length=1)
    billable_characters_count: int = 0
    speech_marks: _Marks | None = None


def speech_from_wire(spoken: _Spoken, text: str, spans: Sequence[Span]) -> Speech:
    """The speech in an answer.

    Raises:
        Lost: its sound is damaged.
    """
    try:
        sound = base64.b64decode(spoken.audio_data, validate=True)
        if kind_of(sound) != "audio":
            raise ValueError("it is something else")
        samples, sample_rate_hz = unpacked(sound)
    except (binascii.Error, ValueError) as error:
        raise Lost("speechify", f"the sound that came is damaged: {error}") from None
    chunks = (spoken.speech_marks.chunks if spoken.speech_marks else None) or []
    marks = [chunk.mark for chunk in chunks if chunk.mark is not None]
    return Speech(samples, sample_rate_hz, words_of_marks(text.split(), spans, marks))
