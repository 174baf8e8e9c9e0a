"""OpenAI's picture edits, as a predictor uses them.

source: openai 3.51.0 (types/image_edit_params.py, types/images_response.py), requests recorded on 127.0.0.1
checked: 2026-11-21
"""

from __future__ import annotations

import base64
from decimal import Decimal

from loopback.makings import picture
from loopback.server import Answer, Loopback, Request
from loopback.vendors.gemini import FIRST, ask_predictor, check_prediction
from loopback.vendors.openai import ERRORS, KEY_VARIABLE, error
from loopback.wire import Wire

EDIT = "/v1/images/edits"


def serve(server: Loopback) -> None:
    def edited(request: Request) -> Answer:
        width, height = (int(side) for side in request.fields("size")[0].split("x"))
        body = {
            "created": 1,
            "data": [{"b64_json": base64.b64encode(picture(width, height)).decode()}],
            "usage": {"input_tokens": 900, "input_tokens_details": {"text_tokens": 100, "image_tokens": 800},
                      "output_tokens": 1500, "total_tokens": 2400},
        }  # fmt: skip
        return Answer(body, headers={"x-request-id": "req_edit1"})

    server.on("POST", EDIT, edited)


def check_editing(request: Request) -> None:
    frame, *fields = sorted(request.parts, key=lambda part: part.filename is None)
    assert (frame.name, frame.content_type, frame.data) == ("image[]", "image/png", FIRST)
    told = {part.name: part.data.decode() for part in fields}
    assert "2.5 seconds later" in told.pop("prompt")
    assert told == {
        "model": "gpt-image-2.5-sunburst", "n": "1", "size": "960x960", "quality": "medium", "output_format": "png",
    }  # fmt: skip


WIRES = [
    Wire(
        id="openai-prediction",
        role="predictor",
        name="openai",
        vendor="openai",
        key_variable=KEY_VARIABLE,
        base_path="/v1",
        ask=ask_predictor,
        create=("POST", EDIT),
        serve=serve,
        check_request=check_editing,
        check_result=check_prediction,
        answers={
            **ERRORS,
            "refused": error(400, "moderation_blocked", "Your request was rejected", "image_generation_user_error"),
        },
        price_usd=Decimal("0.051900"),  # 100 at 5, 800 at 8, 1500 at 30 a million
    )
]
