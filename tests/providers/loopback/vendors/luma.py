"""Luma's Agents API: generations.

source: luma-agents 0.5.0, docs.agents.lumalabs.ai (error handling: the status tells, `detail` explains, and what is
moderated shows when the job is asked for)
checked: 2026-11-22
"""

from __future__ import annotations

import base64
import io
from collections import Counter
from decimal import Decimal
from typing import Any

from PIL import Image

from loopback.framed import FIRST, LAST, PROMPT, ask_animator, check_clip
from loopback.makings import clip, picture
from loopback.server import Answer, Loopback, Request
from loopback.wire import KEY, Wire
from storyreel.providers.contracts import ImageModel, ImageRequest
from storyreel.providers.services import luma

CREATE, POLL, RESULT = "/v1/generations", "/v1/generations/.+", "/delivery/.*"


ERRORS = {
    "rate_limited": Answer({"detail": "Rate limit exceeded"}, 429),
    "server_error": Answer({"detail": "Upstream service unavailable"}, 502),
    "payment": Answer({"detail": "Insufficient balance"}, 402),
    "bad_key": Answer({"detail": "Invalid or missing API key"}, 401),
    # What is said of a model that is not there is not documented.
    "dead_model": Answer({"detail": "model: unknown model"}, 400),
}


def generation(job: str, state: str, model: str, **more: Any) -> dict[str, Any]:
    kind = "video" if model.startswith("ray") else "image"
    return {"id": job, "created_at": "2026-11-21T10:00:00Z", "model": model, "state": state, "type": kind, **more}


def jobs(model: str, result: bytes, content_type: str) -> Any:
    def serve(server: Loopback) -> None:
        looks: Counter[str] = Counter()

        def create(request: Request) -> Answer:
            return Answer(generation(f"job-{server.count('POST', CREATE)}", "queued", model), 201)

        def look(request: Request) -> Answer:
            assert request.headers["authorization"] == f"Bearer {KEY}"
            job = request.path.rpartition("/")[2]
            looks[job] += 1
            if looks[job] == 1:
                return Answer(generation(job, "processing", model))
            output = [
                {"type": content_type.partition("/")[0], "url": f"{server.url}/delivery/{job}?X-Amz-Signature=abc"}
            ]
            return Answer(generation(job, "completed", model, output=output))

        def deliver(request: Request) -> Answer:
            assert "authorization" not in request.headers
            return Answer(result, content_type=content_type)

        server.on("POST", CREATE, create)
        server.on("GET", POLL, look)
        server.on("GET", RESULT, deliver)

    return serve


def ask_painter(painter: ImageModel) -> bytes:
    return painter.draw(ImageRequest(prompt="a lantern on a cliff", width_px=1000, height_px=562, seed=3))


def check_drawing(request: Request) -> None:
    assert request.json == {
        "model": "uni-1", "type": "image", "prompt": "a lantern on a cliff", "aspect_ratio": "16:9",
        "output_format": "png", "web_search": False,
    }  # fmt: skip


def check_picture(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as drawn:
        drawn.load()
        assert abs(drawn.width / drawn.height / (1000 / 562) - 1) < 0.01


def check_animating(request: Request) -> None:
    body = request.json
    frames = [body["video"].pop(name) for name in ("start_frame", "end_frame")]
    assert [frame["media_type"] for frame in frames] == ["image/png", "image/png"]
    assert [base64.b64decode(frame["data"], validate=True) for frame in frames] == [FIRST, LAST]
    assert body == {
        "model": "ray-3.2", "type": "video", "prompt": PROMPT, "aspect_ratio": "16:9",
        "video": {"resolution": "1080p", "duration": "5s"},
    }  # fmt: skip


def hurry(patch: Any, patience_s: float) -> None:
    for name in ("PICTURE_EVERY_S", "VIDEO_EVERY_S"):
        patch.setattr(luma, name, 0.01)
    for name in ("PICTURE_PATIENCE_S", "VIDEO_PATIENCE_S"):
        patch.setattr(luma, name, patience_s)


def wire(model: str, **more: Any) -> Wire:
    failed = generation("job-1", "failed", model, failure_code="content_moderated", failure_reason="Moderated.")
    return Wire(name="luma", vendor="luma", key_variable="LUMA_AGENTS_API_KEY", base_path="/v1", answers=ERRORS,
                create=("POST", CREATE), polled=True, poll=POLL, result=RESULT, failed=Answer(failed), hurry=hurry,
                **more)  # fmt: skip


WIRES = [
    wire(
        "uni-1",
        id="luma-picture",
        role="painter",
        ask=ask_painter,
        serve=jobs("uni-1", picture(336, 192), "image/png"),
        check_request=check_drawing,
        check_result=check_picture,
        price_usd=Decimal("0.040400"),
    ),
    wire(
        "ray-3.2",
        id="luma-clip",
        role="animator",
        ask=ask_animator,
        serve=jobs("ray-3.2", clip(), "video/mp4"),
        check_request=check_animating,
        check_result=check_clip,
        price_usd=Decimal("1.200000"),
    ),
]
