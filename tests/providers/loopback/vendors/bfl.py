"""Black Forest Labs: jobs at an address that the service gives.

source: the vendor's OpenAPI file (Aug 2026), docs.bfl.ai, its skills repository; states as of FLUX 3 (2026-10-08)
checked: 2026-11-21
"""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal
from typing import Any

import av
from PIL import Image

from loopback.makings import clip, picture
from loopback.server import Answer, Loopback, Request
from loopback.wire import KEY, Wire
from storyreel.providers.contracts import AnimationRequest, Animator, ImageModel, ImageRequest
from storyreel.providers.services import bfl

POLL, RESULT = "/v1/get_result", "/delivery/.*"
FIRST, LAST = picture(64, 36, 10), picture(64, 36, 200)

ERRORS = {
    "rate_limited": Answer({"detail": "Too many active tasks"}, 429),
    "server_error": Answer({"detail": "Internal server error"}, 500),
    "payment": Answer({"detail": "Insufficient credits"}, 402),
    "bad_key": Answer({"detail": "Not authenticated - Invalid Authentication"}, 403),
    "dead_model": Answer({"detail": "Model not found"}, 404),
}


def state(status: str, **more: Any) -> Answer:
    return Answer({"id": "job-1", "status": status, "result": None, "progress": None, "details": None, **more})


def jobs(path: str, result: bytes, content_type: str, cost: float) -> Any:
    """Teach a server to take jobs at a path, be busy at the first look, and hand out a result without a key."""

    def serve(server: Loopback) -> None:
        looks: Counter[str] = Counter()

        def create(request: Request) -> Answer:
            number = server.count("POST", path)
            address = f"{server.url}{POLL}?id=job-{number}"
            return Answer({"id": f"job-{number}", "polling_url": address, "cost": cost, "input_mp": 0, "output_mp": 1})

        def look(request: Request) -> Answer:
            assert request.headers["x-key"] == KEY
            looks[request.query["id"]] += 1
            if looks[request.query["id"]] == 1:
                return state("Generating", progress=0.5)
            return state("Ready", result={"sample": f"{server.url}/delivery/{request.query['id']}?sig=abc", "seed": 3})

        def deliver(request: Request) -> Answer:
            assert "x-key" not in request.headers
            return Answer(result, content_type=content_type)

        server.on("POST", path, create)
        server.on("GET", POLL, look)
        server.on("GET", RESULT, deliver)

    return serve


def serve(server: Loopback) -> None:
    """Every model, each picture another."""
    jobs("/v1/flux-2-pro", picture(1008, 576), "image/png", 3.0)(server)
    jobs("/v1/flux-pro-1.1", picture(320, 192), "image/png", 4.0)(server)


def keyed(request: Request) -> None:
    assert request.headers["x-key"] == KEY
    assert "authorization" not in request.headers


def ask_painter(painter: ImageModel) -> bytes:
    return painter.draw(ImageRequest(prompt="a lantern on a cliff", width_px=1000, height_px=562, seed=3))


def check_drawing(request: Request) -> None:
    assert request.json == {
        "prompt": "a lantern on a cliff", "width": 1008, "height": 576, "seed": 3, "output_format": "png",
    }  # fmt: skip


def check_picture(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as drawn:
        drawn.load()
        assert abs(drawn.width / drawn.height / (1000 / 562) - 1) < 0.01


def ask_animator(animator: Animator) -> bytes:
    request = AnimationRequest("the lamp swings", FIRST, LAST, duration_s=5.2, width_px=1920, height_px=1080)
    return animator.animate(request)


def check_animating(request: Request) -> None:
    import base64

    body = request.json
    frames = [base64.b64decode(frame, validate=True) for frame in body.pop("keyframes")]
    assert frames == [FIRST, LAST]
    assert body == {
        "mode": "i2v", "prompt": "the lamp swings", "aspect_ratio": "16:9", "duration": 6, "resolution": "fhd",
        "generate_audio": False,
    }  # fmt: skip


def check_clip(data: bytes) -> None:
    with av.open(io.BytesIO(data)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 12


def hurry(patch: Any, patience_s: float) -> None:
    for name in ("PICTURE_EVERY_S", "VIDEO_EVERY_S"):
        patch.setattr(bfl, name, 0.01)
    for name in ("PICTURE_PATIENCE_S", "VIDEO_PATIENCE_S"):
        patch.setattr(bfl, name, patience_s)


def wire(**more: Any) -> Wire:
    return Wire(name="bfl", vendor="bfl", key_variable="BFL_API_KEY", keyed=keyed, answers=ERRORS, polled=True,
                poll=POLL, result=RESULT, failed=state("Request Moderated"), hurry=hurry, **more)  # fmt: skip


WIRES = [
    wire(
        id="bfl-picture",
        role="painter",
        ask=ask_painter,
        create=("POST", "/v1/flux-2-pro"),
        serve=jobs("/v1/flux-2-pro", picture(1008, 576), "image/png", 3.0),
        check_request=check_drawing,
        check_result=check_picture,
        price_usd=Decimal("0.03"),
    ),
    wire(
        id="bfl-clip",
        role="animator",
        ask=ask_animator,
        create=("POST", "/v1/flux-3-video"),
        serve=jobs("/v1/flux-3-video", clip(), "video/mp4", 174.0),
        check_request=check_animating,
        check_result=check_clip,
        price_usd=Decimal("1.74"),
    ),
]
