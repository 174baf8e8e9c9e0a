"""Replicate, another door to Flux as an `ImageModel`.

Everything runs as a prediction, asked for at the address that the service gives. What comes of it is removed after an
hour, so it is fetched as soon as it is there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from storyreel.errors import InputError, ProviderError, ProviderRefused
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.pictures import cut_to_shape, stepped_size
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.references import data_url, given, megapixels, told
from storyreel.providers.transport import Call, Done, Gone, Job, Lost, Reply, Vendor, Waiting, buy_job
from storyreel.providers.transport.lists import nothing_listed

PAINTER_MODEL = "black-forest-labs/flux-2-pro"
MOST_REFERENCES = 4
EVERY_S = 1.0
PATIENCE_S = 600.0
_MODEL = re.compile(r"[\w.-]+/[\w.-]+")
_HELD_BACK = re.compile(r"(?i)nsfw|safety|moderat|flagged|sensitive|content polic|E005")
_RESETS_IN = re.compile(r"resets in ~?(\d+(?:\.\d+)?)\s*s")


def wait_told(body: object) -> float | None:
    """How long to wait, in seconds, which the service tells in a sentence."""
    detail = body.get("detail") if isinstance(body, Mapping) else None
    found = _RESETS_IN.search(detail) if isinstance(detail, str) else None
    return float(found.group(1)) if found else None


VENDOR = Vendor(
    name="replicate",
    base_url="https://api.replicate.com",
    base_variables=("REPLICATE_BASE_URL",),
    key_variables=("REPLICATE_API_TOKEN",),
    domains=("replicate.com",),
    models_path="/v1/account",
    models_told=nothing_listed,
    at_once=10,
    per_minute=300,
    wait_told=wait_told,
    models_in_paths=True,
)


@dataclass(frozen=True, slots=True)
class ReplicatePainter:
    """Flux at Replicate as an `ImageModel`.

    Args:
        model: OWNER/NAME.
    """

    model: str = PAINTER_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        if not _MODEL.fullmatch(self.model):
            raise InputError(f"replicate names its models OWNER/NAME, such as {PAINTER_MODEL}: {self.model!r} is none")

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"replicate/{self.model}"

    @property
    def most_references(self) -> int:
        """How many pictures to go by it takes."""
        return MOST_REFERENCES

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("replicate", self.model, usage)

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as PNG, in the shape asked for."""
        pictures = given(request, MOST_REFERENCES)
        body = picture_to_wire(request, pictures)
        drawn_and_read = body["input"]["width"] * body["input"]["height"] / 1e6 + megapixels(pictures)
        picture = buy_job(
            VENDOR,
            Call(f"/v1/models/{self.model}/predictions", body=body, timeout_s=60.0),
            submitted,
            poll,
            look,
            model=self.model,
            expected_usd=self.price(Usage(pictures=1, megapixels=drawn_and_read)).usd,
            kinds=("image",),
            suffix=".png",
            every_s=EVERY_S,
            patience_s=PATIENCE_S,
            notice=self.notice,
        )
        return cut_to_shape(picture, request.width_px, request.height_px)


def picture_to_wire(request: ImageRequest, pictures: Sequence[bytes] = ()) -> dict[str, Any]:
    """The body of POST /v1/models/OWNER/NAME/predictions, for the Flux 2 models: sides of 256 to 2048 pixels."""
    width_px, height_px = stepped_size(
        request.width_px, request.height_px, step_px=32, longest_px=2048, shortest_px=256, most_pixels=4_000_000
    )
    body: dict[str, Any] = {
        "prompt": told(request.prompt, pictures),
        "aspect_ratio": "custom",
        "width": width_px,
        "height": height_px,
        "seed": request.seed,
        "output_format": "png",
    }
    if pictures:
        body["input_images"] = [data_url(picture) for picture in pictures]
    return {"input": body}


class _Urls(BaseModel):
    get: str


class _Prediction(BaseModel):
    id: str
    status: str
    urls: _Urls | None = None
    output: str | list[str] | None = None
    error: Any = None


def submitted(reply: Reply) -> Job:
    """The handle of a prediction.

    Raises:
        Lost: there is none.
    """
    state = reply.read_as(_Prediction)
    if state.urls is None or not VENDOR.may_know_key(state.urls.get):
        raise Lost("replicate", "the address to ask for the prediction is not one of the service's own")
    return Job(id=state.id, url=state.urls.get)


def poll(job: Job) -> Call:
    """The call that asks for a prediction."""
    return Call(job.url, method="GET", timeout_s=30.0)


def look(reply: Reply, job: Job) -> Waiting | Done | Gone:
    """How a prediction is.

    Raises:
        ProviderRefused: it was held back.
        ProviderError: it failed.
        Lost: the answer says nothing of it.
    """
    state = reply.read_as(_Prediction)
    if state.status in ("starting", "processing"):
        return Waiting()
    outputs = [state.output] if isinstance(state.output, str) else state.output or []
    if state.status == "succeeded" and outputs:
        return Done((outputs[0],))
    if state.status in ("failed", "canceled", "aborted"):
        why = " ".join(str(state.error or state.status).split())[:200]
        if _HELD_BACK.search(why):
            raise ProviderRefused("replicate", f"the service will not draw this ({why}): change the words")
        raise ProviderError("replicate", f"the prediction failed ({why}): run again to have it made anew")
    raise Lost("replicate", f"the prediction is in a state that means nothing here ({state.status[:40]!r})")
