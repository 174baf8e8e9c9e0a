"""fal.ai's queue.

source: fal_client 1.0.3, fal.ai/docs (queue), fal.ai/models/*/llms.txt
checked: 2026-11-21
"""

from __future__ import annotations

import base64
import io
from decimal import Decimal
from typing import Any

import av

from loopback.deliveries import PROMPT, RESULT, address, ask_painter, busy_once, check_shape, deliver, painting
from loopback.makings import clip, picture
from loopback.server import Answer, Loopback, Request
from loopback.wire import KEY, Wire
from storyreel.providers.contracts import AnimationRequest, Animator
from storyreel.providers.services import fal

DRAW = "/fal-ai/flux-2-pro"
ANIMATE = "/fal-ai/veo3.1/fast/first-last-frame-to-video"
STATUS, RESPONSE = "/fal-ai/app/requests/req-1/status", "/fal-ai/app/requests/req-1"
FIRST, LAST = picture(64, 36, 10), picture(64, 36, 200)

ERRORS = {
    "rate_limited": Answer({"detail": "Too many requests"}, 429),
    "server_error": Answer({"detail": "Internal Server Error"}, 500),
    "bad_key": Answer({"detail": "Cannot access application. Authentication is required."}, 401),
    "payment": Answer(
        {"detail": "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."}, 403
    ),
    "dead_model": Answer({"detail": "Model not found"}, 404),
    "refused": Answer({"detail": [{"loc": ["body", "prompt"], "msg": "flagged by a content checker",
                                   "type": "content_policy_violation"}]}, 422),
}  # fmt: skip


def queue(path: str, result: bytes, content_type: str, output: Any) -> Any:
    def serve(server: Loopback) -> None:
        known = {
            "request_id": "req-1", "status_url": server.url + STATUS, "response_url": server.url + RESPONSE,
            "cancel_url": f"{server.url}{RESPONSE}/cancel",
        }  # fmt: skip

        def look(request: Request) -> Answer:
            keyed(request)
            return Answer({**known, "status": "COMPLETED", "logs": None, "metrics": {"inference_time": 2.1}})

        def response(request: Request) -> Answer:
            keyed(request)
            return Answer(output(address(server)))

        server.on("POST", path, lambda request: Answer({**known, "status": "IN_QUEUE", "queue_position": 0}))
        server.on("GET", STATUS, busy_once(Answer({**known, "status": "IN_PROGRESS"}, 202), look))
        server.on("GET", RESPONSE, response)
        deliver(server, result, content_type)

    return serve


def keyed(request: Request) -> None:
    assert request.headers["authorization"] == f"Key {KEY}"


def check_drawing(request: Request) -> None:
    assert request.json == {
        "prompt": PROMPT, "image_size": {"width": 1008, "height": 576}, "seed": 3, "output_format": "png",
    }  # fmt: skip


def ask_animator(animator: Animator) -> bytes:
    return animator.animate(AnimationRequest("the lamp swings", FIRST, LAST, 5.2, 1920, 1080))


def check_animating(request: Request) -> None:
    def url(data: bytes) -> str:
        return f"data:image/png;base64,{base64.b64encode(data).decode()}"

    assert request.json == {
        "prompt": "the lamp swings", "first_frame_url": url(FIRST), "last_frame_url": url(LAST), "duration": "6s",
        "generate_audio": False, "aspect_ratio": "16:9", "resolution": "1080p",
    }  # fmt: skip


def check_clip(data: bytes) -> None:
    with av.open(io.BytesIO(data)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 12


def hurry(patch: Any, patience_s: float) -> None:
    for name in ("PICTURE", "VIDEO"):
        patch.setattr(fal, f"{name}_EVERY_S", 0.01)
        patch.setattr(fal, f"{name}_PATIENCE_S", patience_s)


def images(url: str) -> dict[str, Any]:
    return {"images": [{"url": url, "width": 1008, "height": 576, "content_type": "image/png"}], "seed": 3}


FAILED = Answer({"status": "COMPLETED", "error": "Unprocessable", "error_type": "content_policy_violation"})


def wire(**more: Any) -> Wire:
    return Wire(name="fal", vendor="fal", key_variable="FAL_KEY", keyed=keyed, answers=ERRORS, polled=True, poll=STATUS,
                told_at=RESPONSE, result=RESULT, failed=FAILED, failures_cost=True, hurry=hurry, **more)  # fmt: skip


WIRES = [
    wire(
        id="fal-picture",
        role="painter",
        ask=ask_painter,
        create=("POST", DRAW),
        serve=queue(DRAW, painting(1008, 576), "image/png", images),
        check_request=check_drawing,
        check_result=check_shape,
        price_usd=Decimal("0.03"),
    ),
    wire(
        id="fal-clip",
        role="animator",
        ask=ask_animator,
        create=("POST", ANIMATE),
        serve=queue(ANIMATE, clip(), "video/mp4", lambda url: {"video": {"url": url}}),
        check_request=check_animating,
        check_result=check_clip,
        price_usd=Decimal("0.60"),
    ),
]
