"""stockimg.ai, as its users describe it.

source: the demonstration repository ygzsimsek/Stockimg-API-Demo, and four projects that call it
checked: 2026-11-21
"""

from __future__ import annotations

from typing import Any

from loopback.deliveries import PROMPT, RESULT, address, ask_painter, check_shape, deliver, painting
from loopback.server import Answer, Loopback, Request
from loopback.wire import Wire

OWN, FLUX = "/v1/text-to-image/stock-image/stockimg", "/v1/text-to-image/flux/pro"

# None of its errors is known; these are of the form that its results suggest.
ERRORS = {
    "rate_limited": Answer({"error": "Too many requests"}, 429),
    "server_error": Answer({"error": "Internal server error"}, 500),
    "bad_key": Answer({"error": "Invalid API key"}, 401),
    "payment": Answer({"error": "Not enough credits"}, 402),
    "dead_model": Answer({"error": "Not found"}, 404),
}


def drawn(url: str, unsafe: bool = False) -> Answer:
    image = {"url": url, "width": 1280, "height": 736, "content_type": "image/jpeg"}
    data = {"images": [image], "seed": 3, "timings": {"inference": 1.2}, "has_nsfw_concepts": [unsafe],
            "prompt": PROMPT}  # fmt: skip
    return Answer({"data": data})


def serve(path: str) -> Any:
    def at(server: Loopback) -> None:
        server.on("POST", path, lambda request: drawn(address(server)))
        deliver(server, painting(1280, 736))

    return at


def check_own(request: Request) -> None:
    assert request.json == {
        "prompt": PROMPT, "image_size": {"width": 1280, "height": 736}, "safety_checker": True,
    }  # fmt: skip


def check_flux(request: Request) -> None:
    assert request.json == {
        "prompt": PROMPT, "image_size": {"width": 1280, "height": 736}, "seed": 3, "enable_safety_checker": True,
    }  # fmt: skip


def wire(**more: Any) -> Wire:
    return Wire(
        role="painter", vendor="stockimg", key_variable="STOCKIMG_API_KEY", ask=ask_painter, check_result=check_shape,
        answers={**ERRORS, "refused": drawn("https://example.org/x.jpg", unsafe=True)}, price_usd=None, result=RESULT,
        refusals_cost=True,        **more,
    )  # fmt: skip


WIRES = [
    wire(id="stockimg-own", name="stockimg", create=("POST", OWN), serve=serve(OWN), check_request=check_own),
    wire(id="stockimg-flux", name="stockimg:flux", create=("POST", FLUX), serve=serve(FLUX), check_request=check_flux),
]
