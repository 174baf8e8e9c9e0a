"""Pixabay: searches for photos and clips, with the key in the query.

source: pixabay.com/api/docs, as clients in several languages quote it; errors are sentences
checked: 2026-11-21
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from loopback.framed import ask_animator, check_clip
from loopback.makings import clip, picture
from loopback.server import Answer, Loopback, Request
from loopback.vendors.pexels import ask_painter, check_picture
from loopback.wire import KEY, Wire

PHOTOS, CLIPS, RESULT = "/api/", "/api/videos/", "/delivery/.*"


def error(status: int, sentence: str) -> Answer:
    return Answer(f"[ERROR {status}] {sentence}", status, content_type="text/plain")


ERRORS = {
    "rate_limited": error(429, "API rate limit exceeded"),
    "server_error": error(500, "Internal server error"),
    "bad_key": error(400, "Invalid or missing API key (https://pixabay.com/api/docs/)."),
}


def photo(server: Loopback, number: int) -> dict[str, Any]:
    return {
        "id": number, "pageURL": f"https://pixabay.com/photos/lantern-{number}/", "type": "photo", "tags": "lamp",
        "previewURL": "", "webformatURL": f"{server.url}/delivery/small-{number}.jpg",
        "largeImageURL": f"{server.url}/delivery/large-{number}.jpg", "imageWidth": 4500, "imageHeight": 3000,
        "imageSize": 2_000_000, "user_id": 7, "user": "Ansel",
    }  # fmt: skip


def video(server: Loopback, number: int) -> dict[str, Any]:
    def file(name: str, width: int, height: int) -> dict[str, Any]:
        return {
            "url": name and f"{server.url}/delivery/{name}-{number}.mp4",
            "width": width,
            "height": height,
            "size": 9,
        }

    return {
        "id": number, "pageURL": f"https://pixabay.com/videos/id-{number}/", "type": "film", "tags": "lamp",
        "duration": 12, "user_id": 9, "user": "Greta",
        "videos": {"large": file("", 0, 0), "medium": file("medium", 1920, 1080), "small": file("small", 1280, 720),
                   "tiny": file("tiny", 960, 540)},
    }  # fmt: skip


def hits(items: list[dict[str, Any]]) -> Answer:
    return Answer({"total": len(items), "totalHits": len(items), "hits": items})


def deliver(server: Loopback, content: bytes, content_type: str) -> None:
    def handler(request: Request) -> Answer:
        assert "key" not in request.query
        return Answer(content, content_type=content_type)

    server.on("GET", RESULT, handler)


def serve_photos(server: Loopback) -> None:
    server.on("GET", PHOTOS, lambda request: hits([photo(server, number) for number in (11, 12, 13)]))
    deliver(server, picture(360, 240, kind="JPEG"), "image/jpeg")


def serve_clips(server: Loopback) -> None:
    server.on("GET", CLIPS, lambda request: hits([video(server, number) for number in (21, 22)]))
    deliver(server, clip(), "video/mp4")


def keyed(request: Request) -> None:
    assert request.query["key"] == KEY
    assert "authorization" not in request.headers


def check_photo_search(request: Request) -> None:
    assert dict(request.query) == {
        "key": KEY, "q": "old lantern cliff", "image_type": "photo", "orientation": "horizontal", "safesearch": "true",
        "per_page": "40", "page": "1",
    }  # fmt: skip


def check_clip_search(request: Request) -> None:
    assert dict(request.query) == {
        "key": KEY, "q": "lamp swings", "video_type": "film", "safesearch": "true", "per_page": "40", "page": "1",
    }  # fmt: skip


WITHOUT = {"payment": "it is free", "dead_model": "it has no models", "refused": "it shows what it has"}


def wire(**more: Any) -> Wire:
    return Wire(name="pixabay", vendor="pixabay", key_variable="PIXABAY_API_KEY", keyed=keyed, answers=ERRORS,
                price_usd=Decimal(0), without=WITHOUT,
                **more)  # fmt: skip


WIRES = [
    wire(
        id="pixabay-photo",
        role="painter",
        ask=ask_painter,
        create=("GET", PHOTOS),
        serve=serve_photos,
        check_request=check_photo_search,
        check_result=check_picture,
    ),
    wire(
        id="pixabay-clip",
        role="animator",
        ask=ask_animator,
        create=("GET", CLIPS),
        serve=serve_clips,
        check_request=check_clip_search,
        check_result=check_clip,
    ),
]
