"""Replicate's predictions.

source: replicate 1.0.7, replicate.com/docs/topics/predictions, the input schema of black-forest-labs/flux-2-pro
checked: 2026-11-21
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from loopback.deliveries import PROMPT, RESULT, address, ask_painter, busy_once, check_shape, deliver, painting
from loopback.server import Answer, Loopback, Request
from loopback.wire import Wire
from storyreel.providers.services import replicate

CREATE = "/v1/models/black-forest-labs/flux-2-pro/predictions"
POLL = "/v1/predictions/.*"

ERRORS = {
    "rate_limited": Answer({"detail": "Request was throttled. Your rate limit resets in ~30s.", "status": 429}, 429),
    "server_error": Answer({"detail": "Internal server error"}, 500),
    "bad_key": Answer({"title": "Unauthenticated", "detail": "You did not pass a valid token", "status": 401}, 401),
    "payment": Answer({"title": "Insufficient credit", "detail": "You have insufficient credit", "status": 402}, 402),
    "dead_model": Answer({"detail": "The requested model could not be found: not found", "status": 404}, 404),
}


def prediction(server: Loopback, status: str, **more: Any) -> Answer:
    urls = {"get": f"{server.url}/v1/predictions/p1", "cancel": f"{server.url}/v1/predictions/p1/cancel"}
    return Answer({"id": "p1", "model": "black-forest-labs/flux-2-pro", "status": status, "urls": urls, "logs": "",
                   "input": {"prompt": PROMPT}, "output": None, "error": None, **more})  # fmt: skip


def serve(server: Loopback) -> None:
    server.on("POST", CREATE, lambda request: prediction(server, "starting").but(status=201))
    server.on("GET", POLL, busy_once(
        prediction(server, "processing"),
        lambda request: prediction(server, "succeeded", output=address(server), metrics={"predict_time": 2.0}),
    ))  # fmt: skip
    deliver(server, painting(1024, 576))


def check_drawing(request: Request) -> None:
    assert request.json == {
        "input": {
            "prompt": PROMPT, "aspect_ratio": "custom", "width": 1024, "height": 576, "seed": 3,
            "output_format": "png",
        }
    }  # fmt: skip


def hurry(patch: Any, patience_s: float) -> None:
    patch.setattr(replicate, "EVERY_S", 0.01)
    patch.setattr(replicate, "PATIENCE_S", patience_s)


WIRES = [
    Wire(
        id="replicate-picture",
        role="painter",
        name="replicate",
        vendor="replicate",
        key_variable="REPLICATE_API_TOKEN",
        ask=ask_painter,
        create=("POST", CREATE),
        serve=serve,
        check_request=check_drawing,
        check_result=check_shape,
        answers=ERRORS,
        price_usd=Decimal("0.03"),
        polled=True,
        poll=POLL,
        result=RESULT,
        failed=Answer({"id": "p1", "status": "failed", "error": "The input was flagged as sensitive. (E005)"}),
        hurry=hurry,
    )
]
