"""Stability AI: sounds at once (Stable Audio 2), sounds as jobs (Stable Audio 3), pictures.

source: the vendor's OpenAPI file as third parties describe it (platform.stability.ai, July and August 2026)
checked: 2026-11-21
"""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np
from PIL import Image

from loopback.makings import picture
from loopback.recordings import chord, mp3
from loopback.server import Answer, Loopback, Request
from loopback.wire import Wire
from storyreel.providers.contracts import (
    Composer,
    EffectRequest,
    Effects,
    ImageModel,
    ImageRequest,
    Music,
    MusicRequest,
)
from storyreel.providers.registry import provider
from storyreel.providers.services import stability

SOUND, JOB = "/v2beta/audio/stable-audio-2/text-to-audio", "/v2beta/audio/stable-audio/text-to-audio"
SENT = mp3(chord(2.0))
POLL, DRAW = "/v2beta/audio/results/.+", "/v2beta/stable-image/generate/core"


def error(status: int, name: str, message: str) -> Answer:
    return Answer({"id": "5f1c0a", "name": name, "errors": [message]}, status)


REFUSED = error(403, "content_moderation", "Your request was flagged by our content moderation system")
ERRORS = {
    "refused": REFUSED,
    "rate_limited": error(429, "rate_limit_exceeded", "You have exceeded the rate limit"),
    "server_error": error(500, "internal_error", "An unexpected error occurred"),
    "payment": error(402, "payment_required", "You lack sufficient credits"),
    "bad_key": error(401, "unauthorized", "authorization: missing or invalid"),
    "dead_model": error(400, "bad_request", "model: stable-audio-1 is no longer available"),
}


def fields(request: Request) -> dict[str, str]:
    assert all(part.filename is None for part in request.parts)
    return {part.name: part.data.decode() for part in request.parts}


# ---- sounds


def serve_sound(server: Loopback) -> None:
    sound = Answer(SENT, content_type="audio/mpeg", headers={"x-request-id": "req_s1"})
    server.on("POST", SOUND, lambda request: sound)


def serve_job(server: Loopback) -> None:
    looks: Counter[str] = Counter()

    def look(request: Request) -> Answer:
        assert request.headers["accept"] == "audio/*"
        looks[request.path] += 1
        if looks[request.path] == 1:
            return Answer({"id": request.path.rpartition("/")[2], "status": "in-progress"}, 202)
        return Answer(SENT, content_type="audio/mpeg")

    server.on("POST", JOB, lambda request: Answer({"id": f"job-{server.count('POST', JOB)}"}, 202))
    server.on("GET", POLL, look)


def ask_composer(composer: Composer) -> Music:
    return composer.compose(MusicRequest("tense, cold", 1.6, seed=2))


def ask_newer_composer(composer: Composer) -> Music:
    """The registry makes the default; the newer model is another adapter of the same class."""
    return ask_composer(provider("composer", f"{composer.identity.partition('/')[0]}:stable-audio-3"))


def check_composing(model: str, request: Request) -> None:
    assert request.headers["accept"] == "audio/*"
    assert fields(request) == {
        "prompt": "Instrumental underscore for a film, no vocals: tense, cold", "duration": "2", "model": model,
        "seed": "2001", "output_format": "mp3",
    }  # fmt: skip


def ask_effects(effects: Effects) -> Music:
    return effects.make(EffectRequest("door", "a heavy door falls shut", 0.4, seed=1))


def check_making(request: Request) -> None:
    assert fields(request) == {
        "prompt": "Sound effect, no music, no speech: a heavy door falls shut", "duration": "1",
        "model": "stable-audio-2.5", "seed": "2", "output_format": "mp3",
    }  # fmt: skip


def check_music(music: Music, length_s: float) -> None:
    assert music.samples.shape == (round(length_s * 44_100), 2)
    assert 0.2 < np.abs(music.samples[5000:10_000]).max() <= 1.0


# ---- pictures


def serve_painter(server: Loopback) -> None:
    drawn = Answer(picture(336, 192), content_type="image/png", headers={"finish-reason": "SUCCESS", "seed": "4"})
    server.on("POST", DRAW, lambda request: drawn)


def ask_painter(painter: ImageModel) -> bytes:
    return painter.draw(ImageRequest(prompt="a lantern on a cliff", width_px=1000, height_px=562, seed=3))


def check_drawing(request: Request) -> None:
    assert request.headers["accept"] == "image/*"
    assert fields(request) == {
        "prompt": "a lantern on a cliff", "aspect_ratio": "16:9", "seed": "4", "output_format": "png",
    }  # fmt: skip


def check_picture(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as drawn:
        drawn.load()
        assert abs(drawn.width / drawn.height / (1000 / 562) - 1) < 0.01


def hurry(patch: Any, patience_s: float) -> None:
    patch.setattr(stability, "EVERY_S", 0.01)
    patch.setattr(stability, "PATIENCE_S", patience_s)


def wire(**more: Any) -> Wire:
    answers = more.pop("answers", ERRORS)
    return Wire(name="stability", vendor="stability", key_variable="STABILITY_API_KEY", answers=answers, hurry=hurry,
                **more)  # fmt: skip


WIRES = [
    wire(
        id="stability-music",
        role="composer",
        ask=ask_composer,
        create=("POST", SOUND),
        serve=serve_sound,
        check_request=lambda request: check_composing("stable-audio-2.5", request),
        check_result=lambda music: check_music(music, 1.6),
        price_usd=Decimal("0.200000"),
    ),
    wire(
        id="stability-music-job",
        role="composer",
        ask=ask_newer_composer,
        create=("POST", JOB),
        serve=serve_job,
        check_request=lambda request: check_composing("stable-audio-3", request),
        check_result=lambda music: check_music(music, 1.6),
        price_usd=Decimal("0.260000"),
        polled=True,
        poll=POLL,
        failed=REFUSED,
    ),
    wire(
        id="stability-effect",
        role="effects",
        ask=ask_effects,
        create=("POST", SOUND),
        serve=serve_sound,
        check_request=check_making,
        check_result=lambda music: check_music(music, 0.4),
        price_usd=Decimal("0.200000"),
    ),
    wire(
        id="stability-picture",
        role="painter",
        ask=ask_painter,
        create=("POST", DRAW),
        serve=serve_painter,
        check_request=check_drawing,
        check_result=check_picture,
        answers={**ERRORS, "refused": Answer(picture(), headers={"finish-reason": "CONTENT_FILTERED"})},
        price_usd=Decimal("0.030000"),
    ),
]
