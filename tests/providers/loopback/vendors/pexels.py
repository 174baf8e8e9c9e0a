"""Pexels: searches for photos and clips.

source: www.pexels.com/api/documentation, as clients in several languages quote it
checked: 2026-11-21
"""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from PIL import Image

from loopback.framed import ask_animator, check_clip
from loopback.makings import clip, picture
from loopback.server import Answer, Loopback, Request
from loopback.wire import KEY, Wire
from storyreel.providers.contracts import ImageModel, ImageRequest

PHOTOS, CLIPS, RESULT = "/v1/search", "/v1/videos/search", "/delivery/.*"
ERRORS = {
    "rate_limited": Answer({"code": "Rate limit exceeded"}, 429, {"x-ratelimit-remaining": "0"}),
    "server_error": Answer({"status": 500, "error": "Internal Server Error"}, 500),
    "bad_key": Answer({"status": 401, "code": "Unauthorized"}, 401),
}


def photo(server: Loopback, number: int, width_px: int = 6000, height_px: int = 4000) -> dict[str, Any]:
    file = f"{server.url}/delivery/photo-{number}"
    return {
        "id": number, "width": width_px, "height": height_px, "url": f"https://www.pexels.com/photo/{number}/",
        "photographer": "Ansel", "photographer_url": "https://www.pexels.com/@ansel", "photographer_id": 7,
        "avg_color": "#112233", "alt": "A lantern", "liked": False,
        "src": {"original": f"{file}-original", "large2x": f"{file}-large2x", "medium": f"{file}-medium"},
    }  # fmt: skip


def video(server: Loopback, number: int, duration_s: int = 12) -> dict[str, Any]:
    sizes = {"hd": (1920, 1080), "uhd": (3840, 2160), "sd": (640, 360)}
    files = [
        {"id": number * 10, "quality": quality, "file_type": "video/mp4", "width": width, "height": height, "fps": 25.0,
         "link": f"{server.url}/delivery/video-{number}-{quality}"}
        for quality, (width, height) in sizes.items()
    ]  # fmt: skip
    return {
        "id": number, "width": 3840, "height": 2160, "duration": duration_s,
        "url": f"https://www.pexels.com/video/{number}/", "user": {"id": 9, "name": "Greta", "url": ""},
        "video_files": [{"file_type": "application/x-mpegURL", "width": None, "height": None, "link": "x"}, *files],
        "video_pictures": [],
    }  # fmt: skip


def page(name: str, items: list[dict[str, Any]]) -> Answer:
    return Answer({"page": 1, "per_page": 40, "total_results": len(items), name: items})


def deliver(server: Loopback, content: bytes, content_type: str) -> None:
    def handler(request: Request) -> Answer:
        assert "authorization" not in request.headers
        return Answer(content, content_type=content_type)

    server.on("GET", RESULT, handler)


def serve_photos(server: Loopback) -> None:
    server.on("GET", PHOTOS, lambda request: page("photos", [photo(server, number) for number in (11, 12, 13)]))
    deliver(server, picture(360, 240, kind="JPEG"), "image/jpeg")


def serve_clips(server: Loopback) -> None:
    server.on(
        "GET", CLIPS, lambda request: page("videos", [video(server, 21, 3), video(server, 22), video(server, 23)])
    )
    deliver(server, clip(), "video/mp4")


def keyed(request: Request) -> None:
    assert request.headers["authorization"] == KEY


def ask_painter(painter: ImageModel) -> bytes:
    return painter.draw(
        ImageRequest(prompt="An old lantern on the cliff, wide shot", width_px=1000, height_px=562, seed=3)
    )


def check_photo_search(request: Request) -> None:
    assert dict(request.query) == {
        "query": "old lantern cliff", "orientation": "landscape", "per_page": "40", "page": "1",
    }  # fmt: skip


def check_picture(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as drawn:
        drawn.load()
        assert drawn.format == "JPEG"
        assert abs(drawn.width / drawn.height / (1000 / 562) - 1) < 0.01


def check_clip_search(request: Request) -> None:
    assert dict(request.query) == {
        "query": "lamp swings", "orientation": "landscape", "per_page": "40", "page": "1",
    }  # fmt: skip


WITHOUT = {"payment": "it is free", "dead_model": "it has no models", "refused": "it shows what it has"}


def wire(**more: Any) -> Wire:
    return Wire(name="pexels", vendor="pexels", key_variable="PEXELS_API_KEY", keyed=keyed, answers=ERRORS,
                price_usd=Decimal(0), without=WITHOUT,
                **more)  # fmt: skip


WIRES = [
    wire(
        id="pexels-photo",
        role="painter",
        ask=ask_painter,
        create=("GET", PHOTOS),
        serve=serve_photos,
        check_request=check_photo_search,
        check_result=check_picture,
    ),
    wire(
        id="pexels-clip",
        role="animator",
        ask=ask_animator,
        create=("GET", CLIPS),
        serve=serve_clips,
        check_request=check_clip_search,
        check_result=check_clip,
    ),
]
