"""stockimg.ai as an `ImageModel`: its own model, and Flux.

No page of its own documentation could be read; what is known comes from its users, who name two hosts. So the host is a
setting, STORYREEL_STOCKIMG_BASE_URL, what it charges is unknown, and nothing uses it unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, Field

from storyreel.errors import InputError
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.pictures import cut_to_shape, nearest_shape
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.transport import Call, Done, Reply, Vendor, buy_linked, held_back

OWN_MODEL = "stockimg"
MODELS: Mapping[str, str] = {
    OWN_MODEL: "/v1/text-to-image/stock-image/stockimg",
    "cinematic": "/v1/text-to-image/stock-image/cinematic",
    "flux": "/v1/text-to-image/flux/pro",
    "flux/dev": "/v1/text-to-image/flux/dev",
    "flux/pro": "/v1/text-to-image/flux/pro",
    "flux/schnell": "/v1/text-to-image/flux/schnell",
}
SIZES = ((1280, 736), (736, 1280), (1024, 1024))
NOTICE = (
    "stockimg publishes no reference that could be read: what it is asked here is known from its users only, and its "
    "price is not known"
)

VENDOR = Vendor(
    name="stockimg",
    base_url="https://api.stockimg.app",
    key_variables=("STOCKIMG_API_KEY",),
    at_once=2,
    models_in_paths=True,
)


@dataclass(frozen=True, slots=True)
class StockimgPainter:
    """stockimg.ai as an `ImageModel`.

    Args:
        model: "stockimg", its own, or "flux", or one of the others in `MODELS`.
    """

    model: str = OWN_MODEL
    notice: str = field(default=NOTICE, init=False, compare=False)

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise InputError(f"stockimg has no model {self.model!r} that is known here: choose one of "
                             f"{', '.join(sorted(MODELS))}")  # fmt: skip

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"stockimg/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs, where your own price table says it."""
        return quote("stockimg", self.model, usage)

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as the service sends it, in the shape asked for."""
        is_flux = self.model.startswith("flux")
        picture = buy_linked(
            VENDOR,
            Call(MODELS[self.model], body=picture_to_wire(self.model, request), timeout_s=90.0),
            made,
            model=self.model,
            expected_usd=self.price(Usage(pictures=1)).usd,
            kinds=("image",),
            suffix=".png",
            # Its own models take no seed, and equal requests would be one to the ledger.
            take=0 if is_flux else request.seed,
            notice=self.notice,
        )
        return cut_to_shape(picture, request.width_px, request.height_px)


def picture_to_wire(model: str, request: ImageRequest) -> dict[str, Any]:
    """The body for a picture, in the nearest of three sizes. Only its own models know colours, only Flux a seed."""
    width_px, height_px = nearest_shape(request.width_px, request.height_px, SIZES)
    body: dict[str, Any] = {"prompt": request.prompt, "image_size": {"width": width_px, "height": height_px}}
    if model.startswith("flux"):
        return body | {"seed": request.seed, "enable_safety_checker": True}
    body["safety_checker"] = True
    if request.scene is not None and request.scene.palette:
        body["colors"] = list(request.scene.palette)
    return body


class _Picture(BaseModel):
    url: str


class _Drawn(BaseModel):
    images: list[_Picture] = Field(min_length=1)
    has_nsfw_concepts: list[bool] | None = None


class _Answer(BaseModel):
    data: _Drawn


def made(reply: Reply) -> Done:
    """Where the picture of an answer lies.

    Raises:
        ProviderRefused: it was drawn and found unsafe.
        Lost: the answer has none.
    """
    drawn = reply.read_as(_Answer).data
    if any(drawn.has_nsfw_concepts or ()):
        raise held_back("stockimg", "the service drew this and found it unsafe: change the words")
    return Done((drawn.images[0].url,))
