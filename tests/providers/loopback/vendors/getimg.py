"""getimg.ai, version 2: pictures at once, clips as jobs.

source: getimg 0.4.0, the official package; the bodies of errors are not documented anywhere
checked: 2026-11-21
"""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal
from typing import Any

from PIL import Image

from loopback.framed import FIRST, LAST, PROMPT, ask_animator, check_clip, from_data_url
from loopback.makings import clip, picture
from loopback.server import Answer, Loopback, Request
from loopback.wire import KEY, Wire
from storyreel.providers.contracts import ImageModel, ImageRequest
from storyreel.providers.services import getimg

DRAW, ANIMATE, POLL, RESULT = (
    "/v2/images/generations",
    "/v2/videos/generations",
    "/v2/videos/generations/.+",
    "/delivery/.*",
)


def error(status: int, code: str, message: str) -> Answer:
    return Answer({"error": {"code": code, "message": message}}, status)


ERRORS = {
    "refused": error(400, "content_moderated", "The prompt was flagged"),
    "rate_limited": error(429, "rate_limit_exceeded", "Too many requests"),
    "server_error": error(500, "internal_error", "Something went wrong"),
    "payment": error(402, "insufficient_balance", "Top up your balance"),
    "bad_key": error(401, "unauthorized", "Invalid API key"),
    "dead_model": error(404, "model_not_found", "There is no such model"),
}


def usage(unit: str, quantity: float, total: float) -> dict[str, Any]:
    return {"billable_unit": unit, "quantity": quantity, "unit_price": total / quantity, "total_cost": total}


def deliver(content: bytes, content_type: str) -> Any:
    def handler(request: Request) -> Answer:
        assert "authorization" not in request.headers
        return Answer(content, content_type=content_type)

    return handler


def serve_painter(server: Loopback) -> None:
    item = {
        "url": f"{server.url}/delivery/1.png?sig=abc", "mime_type": "image/png", "width": 1344, "height": 768,
        "deletes_at": "2026-11-22T00:00:00Z",
    }  # fmt: skip
    body = {"id": "gen-1", "status": "completed", "model": "seedream-5-lite", "data": [item],
            "usage": usage("image", 1, 0.035)}  # fmt: skip
    server.on("POST", DRAW, lambda request: Answer(body))
    server.on("GET", RESULT, deliver(picture(336, 192), "image/png"))


def ask_painter(painter: ImageModel) -> bytes:
    return painter.draw(ImageRequest(prompt="a lantern on a cliff", width_px=1000, height_px=562, seed=3))


def check_drawing(request: Request) -> None:
    assert request.json == {
        "model": "seedream-5-lite", "prompt": "a lantern on a cliff", "aspect_ratio": "16:9", "output_format": "png",
    }  # fmt: skip


def check_picture(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as drawn:
        drawn.load()
        assert abs(drawn.width / drawn.height / (1000 / 562) - 1) < 0.01


def serve_animator(server: Loopback) -> None:
    looks: Counter[str] = Counter()

    def create(request: Request) -> Answer:
        return Answer({"id": f"job-{server.count('POST', ANIMATE)}", "status": "pending"})

    def look(request: Request) -> Answer:
        assert request.headers["authorization"] == f"Bearer {KEY}"
        job = request.path.rpartition("/")[2]
        looks[job] += 1
        if looks[job] == 1:
            return Answer({"id": job, "status": "pending"})
        item = {
            "url": f"{server.url}/delivery/{job}?sig=abc", "mime_type": "video/mp4", "duration": 5.04, "fps": 24,
            "has_sound": False, "width": 1920, "height": 1088, "deletes_at": "2026-11-22T00:00:00Z",
        }  # fmt: skip
        return Answer({"id": job, "status": "completed", "model": "seedance-v1-pro", "data": [item],
                       "usage": usage("video_second", 5, 0.62)})  # fmt: skip

    server.on("POST", ANIMATE, create)
    server.on("GET", POLL, look)
    server.on("GET", RESULT, deliver(clip(), "video/mp4"))


def check_animating(request: Request) -> None:
    body = request.json
    images = body.pop("images")
    assert [image["role"] for image in images] == ["first_frame", "last_frame"]
    assert [from_data_url(image["url"]) for image in images] == [FIRST, LAST]
    assert body == {
        "model": "seedance-v1-pro", "prompt": PROMPT, "aspect_ratio": "16:9", "duration": 5, "resolution": "1080p",
    }  # fmt: skip


def hurry(patch: Any, patience_s: float) -> None:
    patch.setattr(getimg, "EVERY_S", 0.01)
    patch.setattr(getimg, "PATIENCE_S", patience_s)


def wire(**more: Any) -> Wire:
    return Wire(name="getimg", vendor="getimg", key_variable="GETIMG_API_KEY", answers=ERRORS, hurry=hurry, **more)


WIRES = [
    wire(
        id="getimg-picture",
        role="painter",
        ask=ask_painter,
        create=("POST", DRAW),
        serve=serve_painter,
        check_request=check_drawing,
        check_result=check_picture,
        price_usd=Decimal("0.035"),
        result=RESULT,
    ),
    wire(
        id="getimg-clip",
        role="animator",
        ask=ask_animator,
        create=("POST", ANIMATE),
        serve=serve_animator,
        check_request=check_animating,
        check_result=check_clip,
        price_usd=Decimal("0.62"),
        polled=True,
        poll=POLL,
        result=RESULT,
        failed=Answer(
            {"id": "job-1", "status": "failed", "error": {"code": "content_moderated", "message": "Flagged."}}
        ),
    ),
]
