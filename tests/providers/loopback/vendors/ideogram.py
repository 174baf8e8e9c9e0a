"""Ideogram: version 2 of its API as a job, version 1 answering at once.

source: the vendor's OpenAPI file (Aug 2026); developer.ideogram.ai, a copy of 2026-10-02; its pages on errors and
billing, on rate limits and on polling
checked: 2026-11-22
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from loopback.deliveries import PROMPT, RESULT, address, ask_painter, busy_once, check_shape, deliver, painting
from loopback.server import Answer, Loopback, Request
from loopback.wire import KEY, Wire
from storyreel.providers.services import ideogram

NEW, OLD = "/v2/image/generate/ideogram-4-5", "/v1/ideogram-v3/generate"
POLL = "/v2/generations/.*"

ERRORS = {
    "refused": Answer(
        {"error": "Prompt provided failed safety check due to the inclusion of prohibited content."}, 422
    ),
    "rate_limited": Answer(
        {"error": "Too many requests", "reject_reason": "inflight_limit", "max_inflight_requests": 10}, 429
    ),
    "server_error": Answer({"error": "Internal server error"}, 500),
    "payment": Answer({"error": "Not enough credits", "reject_reason": "insufficient_funds"}, 402),
    "bad_key": Answer({"error": "Unauthorized"}, 401),
    # The model is a part of the path; what is said of a path that is not there is not known.
    "dead_model": Answer({"error": "Not found"}, 404),
}


def drawn(url: str | None, safe: bool = True) -> dict[str, Any]:
    return {"url": url, "prompt": PROMPT, "resolution": "1280x720", "is_image_safe": safe, "seed": 3}


def serve_new(server: Loopback) -> None:
    known = {"generation_id": "gen_1-A=", "seed": 3}
    done = {**known, "status": "completed", "data": [drawn(address(server))]}
    server.on("POST", NEW, lambda request: Answer(known))
    server.on("GET", POLL, busy_once(Answer({**known, "status": "pending"}), lambda request: Answer(done)))
    deliver(server, painting(1280, 720))


def serve_old(server: Loopback) -> None:
    body = {"created": "2026-11-21T00:00:00Z", "data": [{**drawn(address(server)), "style_type": "GENERAL"}]}
    server.on("POST", OLD, lambda request: Answer(body))
    deliver(server, painting(1344, 756))


def keyed(request: Request) -> None:
    assert request.headers["api-key"] == KEY
    assert "authorization" not in request.headers


def check_new(request: Request) -> None:
    assert {part.name: part.data.decode() for part in request.parts} == {
        "prompt": PROMPT, "magic_prompt": "off", "size": "1280x720", "quality": "medium", "seed": "3",
        "num_images": "1", "async": "true",
    }  # fmt: skip


def check_old(request: Request) -> None:
    assert {part.name: part.data.decode() for part in request.parts} == {
        "prompt": PROMPT, "seed": "3", "aspect_ratio": "16x9", "rendering_speed": "DEFAULT", "magic_prompt": "OFF",
        "num_images": "1",
    }  # fmt: skip


def hurry(patch: Any, patience_s: float) -> None:
    patch.setattr(ideogram, "EVERY_S", 0.01)
    patch.setattr(ideogram, "PATIENCE_S", patience_s)


def wire(**more: Any) -> Wire:
    return Wire(
        role="painter", vendor="ideogram", key_variable="IDEOGRAM_API_KEY", ask=ask_painter, keyed=keyed,
        check_result=check_shape, price_usd=Decimal("0.06"), result=RESULT, **more,
    )  # fmt: skip


WIRES = [
    wire(
        id="ideogram-4.5",
        name="ideogram",
        create=("POST", NEW),
        serve=serve_new,
        check_request=check_new,
        answers=ERRORS,
        polled=True,
        poll=POLL,
        failed=Answer({"generation_id": "gen_1-A=", "status": "completed", "data": [drawn(None, False)]}),
        failures_cost=True,
        hurry=hurry,
    ),
    wire(
        id="ideogram-3",
        name="ideogram:ideogram-v3",
        create=("POST", OLD),
        serve=serve_old,
        check_request=check_old,
        answers={**ERRORS, "refused": Answer({"created": "x", "data": [drawn(None, False)]})},
        refusals_cost=True,
    ),
]
