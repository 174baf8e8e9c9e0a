"""ElevenLabs: speech with the times of its characters, music, sound effects.

source: elevenlabs 2.78.0, elevenlabs.io/docs (with-timestamps, music, sound-generation); error bodies are general
knowledge
checked: 2026-11-21
"""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

import numpy as np

from loopback.makings import tones
from loopback.recordings import chord, mp3
from loopback.server import Answer, Loopback, Request
from loopback.wire import KEY, Wire
from storyreel.providers.contracts import (
    Composer,
    EffectRequest,
    Effects,
    Music,
    MusicRequest,
    Speech,
    SpeechRequest,
    Voice,
)

SPEAK, COMPOSE, MAKE = "/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb/with-timestamps", "/v1/music", "/v1/sound-generation"
TEXT = "The lamp went  out. Nobody moved, not\neven Mara!"
SECONDS_A_CHARACTER = 0.05
SPOKEN = mp3(tones((0.0, 2.4), length_s=2.6, rate_hz=44_100))


def error(status: int, said: str, message: str) -> Answer:
    return Answer({"detail": {"status": said, "message": message}}, status)


ERRORS = {
    "rate_limited": error(429, "too_many_concurrent_requests", "Too many concurrent requests"),
    "server_error": error(500, "internal_server_error", "An internal error occurred"),
    "payment": error(401, "quota_exceeded", "This request exceeds your quota of 10000."),
    "bad_key": error(401, "invalid_api_key", "Invalid API key"),
    "dead_model": error(400, "model_not_found", "A model with this id was not found."),
}


def keyed(request: Request) -> None:
    assert request.headers["xi-api-key"] == KEY
    assert "authorization" not in request.headers
    assert dict(request.query) == {"output_format": "mp3_44100_128"}


# ---- speech


def spoken(text: str, **more: Any) -> dict[str, Any]:
    """Speech whose every character takes as long."""
    starts = [round(number * SECONDS_A_CHARACTER, 3) for number in range(len(text))]
    alignment = {
        "characters": list(text),
        "character_start_times_seconds": starts,
        "character_end_times_seconds": [round(start + SECONDS_A_CHARACTER, 3) for start in starts],
    }
    sound = base64.b64encode(SPOKEN).decode()
    return {"audio_base64": sound, "alignment": alignment, "normalized_alignment": alignment, **more}


def serve_voice(server: Loopback) -> None:
    server.on("POST", SPEAK, lambda request: Answer(spoken(request.json["text"]), headers={"request-id": "req_11a"}))


def ask_voice(voice: Voice) -> Speech:
    return voice.speak(SpeechRequest(TEXT))


def check_speaking(request: Request) -> None:
    assert request.json == {"text": TEXT, "model_id": "eleven_multilingual_v2"}


def check_speech(speech: Speech) -> None:
    assert speech.sample_rate_hz == 44_100
    assert abs(len(speech.samples) / 44_100 - 2.6) < 0.06
    assert speech.samples.dtype == np.float32
    assert [word.text for word in speech.words] == TEXT.split()
    times = {word.text: (word.start_s, word.end_s) for word in speech.words}
    assert times["The"] == (0.0, 0.15)
    assert times["out."] == (0.75, 0.9)  # the full stop is a pause
    assert times["Mara!"] == (2.15, 2.35)


# ---- music and effects


def serve_sounds(path: str, length_s: float) -> Any:
    sound = Answer(mp3(chord(length_s)), content_type="audio/mpeg", headers={"request-id": "req_11b"})
    return lambda server: server.on("POST", path, lambda request: sound)


def ask_composer(composer: Composer) -> Music:
    return composer.compose(MusicRequest("tense, cold", 3.2, seed=2))


def check_composing(request: Request) -> None:
    assert request.json == {
        "prompt": "Underscore for a film: tense, cold", "music_length_ms": 3200, "model_id": "music_v2_5",
        "force_instrumental": True,
    }  # fmt: skip


def ask_effects(effects: Effects) -> Music:
    return effects.make(EffectRequest("door", "a heavy door falls shut", 1.24, seed=1))


def check_making(request: Request) -> None:
    assert request.json == {
        "text": "a heavy door falls shut", "duration_seconds": 1.3, "loop": False,
        "model_id": "eleven_text_to_sound_v2",
    }  # fmt: skip


def check_music(music: Music, length_s: float) -> None:
    assert music.samples.shape == (round(length_s * 44_100), 2)
    assert music.samples.dtype == np.float32
    assert 0.2 < np.abs(music.samples[20_000:30_000]).max() <= 1.0
    assert np.abs(music.samples[:, 0] - music.samples[:, 1]).max() > 0.1


def wire(**more: Any) -> Wire:
    return Wire(name="elevenlabs", vendor="elevenlabs", key_variable="ELEVENLABS_API_KEY", keyed=keyed, **more)


WIRES = [
    wire(
        id="elevenlabs-voice",
        role="voice",
        ask=ask_voice,
        create=("POST", SPEAK),
        serve=serve_voice,
        check_request=check_speaking,
        check_result=check_speech,
        answers={**ERRORS, "refused": error(403, "content_against_policy", "This text is against our policies.")},
        price_usd=Decimal("0.004800"),  # 48 characters at 0.10 a thousand
    ),
    wire(
        id="elevenlabs-music",
        role="composer",
        ask=ask_composer,
        create=("POST", COMPOSE),
        serve=serve_sounds(COMPOSE, 3.2),
        check_request=check_composing,
        check_result=lambda music: check_music(music, 3.2),
        answers={**ERRORS, "refused": error(400, "bad_prompt", "Your prompt seems to name an artist.")},
        price_usd=Decimal("0.008000"),  # 3.2 s at 0.15 a minute
    ),
    wire(
        id="elevenlabs-effect",
        role="effects",
        ask=ask_effects,
        create=("POST", MAKE),
        serve=serve_sounds(MAKE, 1.3),
        check_request=check_making,
        check_result=lambda music: check_music(music, 1.24),
        answers={**ERRORS, "refused": error(403, "content_against_policy", "This text is against our policies.")},
        price_usd=Decimal("0.002600"),  # 1.3 s at 0.12 a minute
    ),
]
