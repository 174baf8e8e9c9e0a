"""What vendors share who leave a picture at an address: the picture, and who may ask for it."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image

from loopback.makings import picture
from loopback.server import Answer, Loopback, Request
from loopback.wire import KEY
from storyreel.providers.contracts import ImageModel, ImageRequest

RESULT = "/delivery/.*"
PROMPT = "a lantern on a cliff"


def deliver(server: Loopback, data: bytes, content_type: str = "image/png") -> None:
    """Hand out a result to whoever comes without a key."""

    def handed(request: Request) -> Answer:
        assert KEY not in str(request.headers)
        return Answer(data, content_type=content_type)

    server.on("GET", RESULT, handed)


def address(server: Loopback, name: str = "picture-1.png") -> str:
    return f"{server.url}/delivery/{name}?sig=abc"


def ask_painter(painter: ImageModel) -> bytes:
    return painter.draw(ImageRequest(prompt=PROMPT, width_px=1000, height_px=562, seed=3))


def check_shape(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as drawn:
        drawn.load()
        assert abs(drawn.width / drawn.height / (1000 / 562) - 1) < 0.01


def painting(width_px: int, height_px: int) -> bytes:
    return picture(width_px, height_px)


def busy_once(busy: Answer, then: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
    """Say that it takes a while at the first look, and then the truth."""
    looks = iter([busy])
    return lambda request: next(looks, None) or then(request)
