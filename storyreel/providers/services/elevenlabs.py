"""ElevenLabs as a `Voice`, a `Composer` and `Effects`.

Speech comes with the time of every character, from which the words' times are put together. Music and effects take no
seed; another seed simply asks once more.
"""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from pydantic import BaseModel, Field

from storyreel.memo.ledger import Charged
from storyreel.providers.contracts import EffectRequest, Music, MusicRequest, Speech, SpeechRequest
from storyreel.providers.marks import spoken_whole, words_of_characters
from storyreel.providers.music import checked_sound, piece_lengths, whole
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.sounds import unpacked
from storyreel.providers.speaking import pieces
from storyreel.providers.transport import MEGABYTE, Call, Lost, Reply, Vendor, buy, kind_of
from storyreel.providers.transport.lists import listed

VOICE_MODEL = "eleven_multilingual_v2"
VOICE_ID = "JBFqnCBsd6RMkjVDRZzb"
COMPOSER_MODEL = "music_v2_5"
EFFECTS_MODEL = "eleven_text_to_sound_v2"
# Every plan may have this one; the finer ones need a larger plan.
OUTPUT_FORMAT = "mp3_44100_128"
MOST_CHARACTERS = {"eleven_v3": 5_000, "eleven_v4": 5_000, "eleven_v4_turbo": 5_000, "eleven_flash_v2_5": 20_000}
USUAL_CHARACTERS = 5_000
LONGEST_PROMPT = 4_000
AROUND_CHARACTERS = 300
SPEEDS = (0.7, 1.2)
SHORTEST_MUSIC_S, LONGEST_MUSIC_S = 3.0, 300.0
SHORTEST_EFFECT_S, LONGEST_EFFECT_S = 0.5, 30.0
TAKES_A_SEED = 1000

VENDOR = Vendor(
    name="elevenlabs",
    base_url="https://api.elevenlabs.io",
    key_variables=("ELEVENLABS_API_KEY",),
    key_header="xi-api-key",
    key_prefix="",
    models_path="/v1/models",
    models_told=listed("", "model_id"),
    models_of=frozenset({"voice"}),
    at_once=2,
    refusals=frozenset({"bad_prompt", "bad_composition_plan", "content_against_policy", "moderation_blocked"}),
    payments=frozenset({"quota_exceeded", "payment_required", "paid_plan_required"}),
    missing_models=frozenset({"model_not_found", "invalid_model_id"}),
)


@dataclass(frozen=True, slots=True)
class ElevenLabsVoice:
    """ElevenLabs' speech models as a `Voice`.

    Args:
        model: a model ("eleven_v4"), the id of a voice, or both ("eleven_v4/JBFqnCBsd6RMkjVDRZzb").
    """

    model: str = f"{VOICE_MODEL}/{VOICE_ID}"

    def __post_init__(self) -> None:
        model, _, voice = self.model.partition("/")
        if not model.startswith("eleven_"):
            model, voice = VOICE_MODEL, model
        object.__setattr__(self, "model", f"{model}/{voice or VOICE_ID}")

    @property
    def identity(self) -> str:
        """Vendor, model and voice."""
        return f"elevenlabs/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("elevenlabs", self.model.partition("/")[0], usage)

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one passage; its words have times wherever the service tells them."""
        model = self.model.partition("/")[0]
        texts = pieces(request.text, MOST_CHARACTERS.get(model, USUAL_CHARACTERS))
        before = ("", *texts)
        return spoken_whole(
            [self._said(request, *around) for around in zip_longest(texts, before[:-1], texts[1:], fillvalue="")]
        )

    def _said(self, request: SpeechRequest, text: str, before: str, after: str) -> Speech:
        model, _, voice = self.model.partition("/")
        call = Call(
            f"/v1/text-to-speech/{request.voice or voice}/with-timestamps",
            body=speech_to_wire(model, request, text, before, after),
            query={"output_format": OUTPUT_FORMAT},
            timeout_s=240.0,
            largest_bytes=128 * MEGABYTE,
        )
        expected_usd = self.price(Usage(characters=len(text))).usd

        def charged(reply: Reply) -> Charged:
            speech_from_wire(reply.read_as(_Spoken), text)
            return Charged(reply.data, expected_usd, model, reply.request)

        kept = buy(VENDOR, call, charged, model=model, expected_usd=expected_usd, take=request.take)
        return speech_from_wire(_Spoken.model_validate_json(kept), text)


def speech_to_wire(model: str, request: SpeechRequest, text: str, before: str = "", after: str = "") -> dict[str, Any]:
    """The body of POST /v1/text-to-speech/<voice>/with-timestamps.

    Args:
        before, after: what is spoken in other requests, so that the voice goes on as it began; models from eleven_v3 on
            take none.
    """
    body: dict[str, Any] = {"text": text, "model_id": model}
    older = "_v2" in model
    # The multilingual v2 model hears the language from the text and takes no code.
    if model != VOICE_MODEL:
        body["language_code"] = request.language
    if request.speed != 1.0:
        body["voice_settings"] = {"speed": min(SPEEDS[1], max(SPEEDS[0], request.speed))}
    if older and before:
        body["previous_text"] = before[-AROUND_CHARACTERS:]
    if older and after:
        body["next_text"] = after[:AROUND_CHARACTERS]
    return body


class _Alignment(BaseModel):
    characters: list[str]
    character_start_times_seconds: list[float]
    character_end_times_seconds: list[float]


class _Spoken(BaseModel):
    audio_base64: str = Field(min_length=1)
    alignment: _Alignment | None = None


def speech_from_wire(spoken: _Spoken, text: str) -> Speech:
    """The speech in an answer.

    Raises:
        Lost: its sound is damaged.
    """
    try:
        sound = base64.b64decode(spoken.audio_base64, validate=True)
        if kind_of(sound) != "audio":
            raise ValueError("it is something else")
        samples, sample_rate_hz = unpacked(sound)
    except (binascii.Error, ValueError) as error:
        raise Lost("elevenlabs", f"the sound that came is damaged: {error}") from None
    told = spoken.alignment
    if told is None:
        return Speech(samples, sample_rate_hz)
    words = words_of_characters(
        text, told.characters, told.character_start_times_seconds, told.character_end_times_seconds
    )
    return Speech(samples, sample_rate_hz, words)


@dataclass(frozen=True, slots=True)
class ElevenLabsComposer:
    """ElevenLabs' music models as a `Composer`: instrumental music."""

    model: str = COMPOSER_MODEL

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"elevenlabs/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("elevenlabs", self.model, usage)

    def compose(self, request: MusicRequest) -> Music:
        """A piece of exactly the length asked for; above five minutes, several that fade into one another."""
        lengths = piece_lengths(request.duration_s, shortest_s=SHORTEST_MUSIC_S, longest_s=LONGEST_MUSIC_S)
        parts = [
            self._composed(request.mood, length_s, request.seed * TAKES_A_SEED + number)
            for number, length_s in enumerate(lengths)
        ]
        return whole(parts, request.duration_s)

    def _composed(self, mood: str, length_s: float, take: int) -> bytes:
        return _made(
            "/v1/music",
            music_to_wire(self.model, mood, length_s),
            model=self.model,
            quoted=self.price(Usage(sound_s=length_s)),
            take=take,
        )


def music_to_wire(model: str, mood: str, length_s: float) -> dict[str, Any]:
    """The body of POST /v1/music."""
    return {
        "prompt": f"Underscore for a film: {mood}"[:LONGEST_PROMPT],
        "music_length_ms": round(length_s * 1000),
        "model_id": model,
        "force_instrumental": True,
    }


@dataclass(frozen=True, slots=True)
class ElevenLabsEffects:
    """ElevenLabs' sound effects as `Effects`."""

    model: str = EFFECTS_MODEL

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"elevenlabs/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("elevenlabs", self.model, usage)

    def make(self, request: EffectRequest) -> Music:
        """The effect, of exactly the length asked for; one above thirty seconds goes on as a loop of thirty."""
        wanted_s = math.ceil(request.duration_s * 10 - 1e-9) / 10
        length_s = min(LONGEST_EFFECT_S, max(SHORTEST_EFFECT_S, wanted_s))
        sound = _made(
            "/v1/sound-generation",
            effect_to_wire(self.model, request, length_s),
            model=self.model,
            quoted=self.price(Usage(sound_s=length_s)),
            take=request.seed,
        )
        return whole([sound], request.duration_s)


def effect_to_wire(model: str, request: EffectRequest, length_s: float) -> dict[str, Any]:
    """The body of POST /v1/sound-generation."""
    return {
        "text": request.description or request.kind,
        "duration_seconds": length_s,
        "loop": request.duration_s > LONGEST_EFFECT_S,
        "model_id": model,
    }


def _made(path: str, body: dict[str, Any], *, model: str, quoted: Quote, take: int) -> bytes:
    """Have a sound made; its bytes are the answer."""

    def charged(reply: Reply) -> Charged:
        return Charged(checked_sound(reply), quoted.usd, model, reply.request)

    return buy(
        VENDOR,
        Call(path, body=body, query={"output_format": OUTPUT_FORMAT}, timeout_s=600.0, largest_bytes=64 * MEGABYTE),
        charged,
        model=model,
        expected_usd=quoted.usd,
        take=take,
        suffix=".mp3",
    )
