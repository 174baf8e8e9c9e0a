"""Speechify: speech with marks on its words.

source: speechify-api 4.0.0 (types/error_code.py, audio/types), docs.sws.speechify.com
checked: 2026-11-21
"""

from __future__ import annotations

import base64
import re
from decimal import Decimal
from typing import Any

import numpy as np

from loopback.makings import tones
from loopback.recordings import wav
from loopback.server import Answer, Loopback, Request
from loopback.wire import Wire
from storyreel.providers.contracts import Speech, SpeechRequest, Voice

SPEAK = "/v1/audio/speech"
TEXT = "The lamp went out. Nobody moved, not even Mara."
SPOKEN = wav(tones((0.1, 2.3), length_s=2.5))


def error(status: int, code: str, message: str) -> Answer:
    return Answer({"error": {"code": code, "message": message, "docs_url": ""}, "request_id": "req_1"}, status)


ERRORS = {
    "refused": error(400, "content_policy_violation", "The input violates the content policy"),
    "rate_limited": error(429, "concurrency_limit_reached", "Too many concurrent requests"),
    "server_error": error(502, "upstream_failure", "The upstream failed"),
    "payment": error(402, "payment_required", "Your balance is used up"),
    "bad_key": error(401, "unauthorized", "Invalid API key"),
    # Of the form of its other errors: this one was not seen.
    "dead_model": error(400, "validation_failed", "unknown model"),
}


def spoken(text: str, **more: Any) -> dict[str, Any]:
    """Speech with a mark for each word but "not", a tenth of a second a letter, 120 ms after the beginning."""
    chunks = [
        {
            "type": "word", "value": token.group(), "start": token.start(), "end": token.end(),
            "start_time": 120.0 + 50 * token.start(), "end_time": 120.0 + 50 * token.end(),
        }
        for token in re.finditer(r"[\w']+", text)
        if token.group() != "not"
    ]  # fmt: skip
    marks = {
        "type": "sentence", "value": text, "start": 0, "end": len(text), "start_time": 0, "end_time": 2500.0,
        "chunks": chunks,
    }  # fmt: skip
    return {
        "audio_data": base64.b64encode(SPOKEN).decode(), "audio_format": "wav", "output_format": "wav_24000",
        "billable_characters_count": len(text), "speech_marks": marks, **more,
    }  # fmt: skip


def serve(server: Loopback) -> None:
    server.on(
        "POST", SPEAK, lambda request: Answer(spoken(request.json["input"]), headers={"speechify-request-id": "req_2"})
    )


def ask(voice: Voice) -> Speech:
    return voice.speak(SpeechRequest(TEXT))


def check_request(request: Request) -> None:
    assert request.headers["speechify-version"] == "2026-09-13"
    assert request.json == {
        "input": TEXT, "voice_id": "harper_32", "model": "simba-3.2", "language": "en-US", "audio_format": "wav",
    }  # fmt: skip


def check_result(speech: Speech) -> None:
    assert speech.sample_rate_hz == 24_000
    assert len(speech.samples) == 60_000
    assert speech.samples.dtype == np.float32
    assert [word.text for word in speech.words] == TEXT.split()
    times = {word.text: (word.start_s, word.end_s) for word in speech.words}
    assert times["The"] == (0.12, 0.27)
    assert times["out."] == (0.82, 0.97)
    assert times["not"] == (times["moved,"][1], times["even"][0])  # the service left it out
    assert times["Mara."] == (2.22, 2.42)


WIRES = [
    Wire(
        id="speechify-voice",
        role="voice",
        name="speechify",
        vendor="speechify",
        key_variable="SPEECHIFY_API_KEY",
        ask=ask,
        create=("POST", SPEAK),
        serve=serve,
        check_request=check_request,
        check_result=check_result,
        answers=ERRORS,
        price_usd=Decimal("0.000705"),  # 47 characters at 0.015 a thousand
    ),
]
