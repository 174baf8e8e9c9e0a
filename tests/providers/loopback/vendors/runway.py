"""Runway: tasks.

source: runwayml 5.24.0, docs.dev.runwayml.com (task failures; moderation, which costs as much as a clip that is given),
the vendor's skills repository
checked: 2026-11-22
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from loopback.framed import FIRST, LAST, PROMPT, ask_animator, check_clip, from_data_url
from loopback.makings import clip
from loopback.server import Answer, Loopback, Request
from loopback.wire import KEY, Wire
from storyreel.providers.services import runway

CREATE, POLL, RESULT = "/v1/image_to_video", "/v1/tasks/.+", "/delivery/.*"
CREATED = "2026-11-21T10:00:00.000Z"


def error(status: int, message: str) -> Answer:
    return Answer({"error": message, "docUrl": "https://docs.dev.runwayml.com/api"}, status)


ERRORS = {
    "rate_limited": error(429, "You have reached your daily task limit."),
    "server_error": error(502, "Bad gateway"),
    "payment": error(400, "You do not have enough credits to run this task."),
    "bad_key": error(401, "The provided API key is invalid."),
    "dead_model": Answer(
        {
            "error": "Validation of body failed",
            "issues": [{"code": "invalid_value", "values": ["gen4_turbo", "gen4.5"], "path": ["model"]}],
            "docUrl": "https://docs.dev.runwayml.com/api",
        },
        400,
    ),
}


def task(job: str, status: str, **more: Any) -> Answer:
    return Answer({"id": job, "createdAt": CREATED, "status": status, **more})


def failed(code: str, **more: Any) -> Answer:
    return task("job-1", "FAILED", failure="An unexpected thing.", failureCode=code, **more)


def serve(server: Loopback) -> None:
    looks: Counter[str] = Counter()

    def create(request: Request) -> Answer:
        return Answer({"id": f"job-{server.count('POST', CREATE)}", "estimatedCost": {"credits": 60.0}})

    def look(request: Request) -> Answer:
        keyed(request)
        job = request.path.rpartition("/")[2]
        looks[job] += 1
        if looks[job] == 1:
            return task(job, "THROTTLED", estimatedCost={"credits": 60.0})
        if looks[job] == 2:
            return task(job, "RUNNING", progress=0.4, estimatedCost={"credits": 60.0})
        return task(job, "SUCCEEDED", output=[f"{server.url}/delivery/{job}.mp4?_jwt=abc"], cost={"credits": 55})

    def deliver(request: Request) -> Answer:
        assert "authorization" not in request.headers
        return Answer(clip(), content_type="video/mp4")

    server.on("POST", CREATE, create)
    server.on("GET", POLL, look)
    server.on("GET", RESULT, deliver)


def keyed(request: Request) -> None:
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["x-runway-version"] == "2024-11-06"


def check_request(request: Request) -> None:
    body = request.json
    images = body.pop("promptImage")
    assert [image["position"] for image in images] == ["first", "last"]
    assert [from_data_url(image["uri"]) for image in images] == [FIRST, LAST]
    assert body == {
        "model": "veo3.1_fast", "promptText": PROMPT, "ratio": "1920:1080", "duration": 6, "seed": 7, "audio": False,
    }  # fmt: skip


def hurry(patch: Any, patience_s: float) -> None:
    patch.setattr(runway, "EVERY_S", 0.01)
    patch.setattr(runway, "PATIENCE_S", patience_s)


WIRES = [
    Wire(
        id="runway-clip",
        role="animator",
        name="runway",
        vendor="runway",
        key_variable="RUNWAYML_API_SECRET",
        keyed=keyed,
        ask=ask_animator,
        create=("POST", CREATE),
        serve=serve,
        check_request=check_request,
        check_result=check_clip,
        answers=ERRORS,
        price_usd=Decimal("0.55"),
        dead=("veo3", "veo3.1"),
        polled=True,
        poll=POLL,
        result=RESULT,
        failed=failed("SAFETY.INPUT.IMAGE", cost={"credits": 55}),
        failures_cost=True,
        hurry=hurry,
    ),
]
