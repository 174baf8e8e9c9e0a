"""Black Forest Labs: Flux as an `ImageModel`, and Flux 3 video between two frames as an `Animator`.

Everything runs as a job at an address that the service gives. There is no official client. Results lie at their
address for ten minutes (Flux 1 and 2) to two hours (Flux 3 video), so they are fetched as soon as they are ready.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from storyreel.errors import InputError, ProviderError, ProviderRefused
from storyreel.providers.contracts import AnimationRequest, ImageRequest
from storyreel.providers.frames import enough_s
from storyreel.providers.pictures import cut_to_shape, nearest_shape, stepped_size
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.references import given, megapixels, told
from storyreel.providers.transport import Call, Done, Gone, Job, Lost, Reply, Vendor, Waiting, buy_job, held_back
from storyreel.providers.transport.lists import nothing_listed

PAINTER_MODEL = "flux-2-pro"
ANIMATOR_MODEL = "flux-3-video"
CREDIT_USD = Decimal("0.01")
PICTURE_EVERY_S = 1.0
PICTURE_PATIENCE_S = 600.0
VIDEO_EVERY_S = 3.0
VIDEO_PATIENCE_S = 1800.0
_SIZED = ("flux-pro-1.1", "flux-2-pro", "flux-2-max", "flux-2-flex", "flux-2-klein-4b", "flux-2-klein-9b")
_SHAPED = ("flux-pro-1.1-ultra", "flux-kontext-pro", "flux-kontext-max")
_REFERENCES = {
    "flux-2-pro": 8, "flux-2-max": 8, "flux-2-flex": 8, "flux-2-klein-4b": 4, "flux-2-klein-9b": 4,
    "flux-kontext-pro": 1, "flux-kontext-max": 1, "flux-3-image": 8,
}  # fmt: skip
_SHAPES = ((21, 9), (16, 9), (3, 2), (4, 3), (1, 1), (3, 4), (2, 3), (9, 16), (9, 21))
_VIDEO_SHAPES = ((21, 9), (2, 1), (16, 9), (4, 3), (1, 1), (3, 4), (9, 16), (9, 21))
_VIDEO_SECONDS = range(5, 21)
_RESOLUTIONS = {720: "hd", 1088: "fhd", 1440: "qhd", 2176: "uhd"}


def wait_told(body: object) -> float | None:
    """How long to wait, in seconds, which an error's body may tell."""
    told = body.get("retry_after") if isinstance(body, Mapping) else None
    return max(0.0, float(told)) if isinstance(told, int | float) else None


VENDOR = Vendor(
    name="bfl",
    base_url="https://api.bfl.ai",
    key_variables=("BFL_API_KEY",),
    key_header="x-key",
    key_prefix="",
    models_path="/v1/credits",
    models_told=nothing_listed,
    domains=("bfl.ai",),
    at_once=24,
    fewer_at_once={"flux-3": 5, "flux-kontext-max": 6},
    models_in_paths=True,
    wait_told=wait_told,
)


@dataclass(frozen=True, slots=True)
class BFLPainter:
    """Flux as an `ImageModel`."""

    model: str = PAINTER_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        model, notice = VENDOR.living(self.model)
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "notice", notice)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"bfl/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("bfl", self.model, usage)

    @property
    def most_references(self) -> int:
        """How many pictures to go by the model takes."""
        return _REFERENCES.get(self.model, 0)

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as PNG, in the shape asked for; what is read of pictures to go by is charged, too."""
        pictures = given(request, self.most_references)
        body = picture_to_wire(self.model, request, pictures)
        read = megapixels(pictures) if self.model.startswith("flux-2") else 0.0
        size = body.get("width", 1024) * body.get("height", 1024) / 1e6 + read
        picture = buy_job(
            VENDOR,
            Call(f"/v1/{self.model}", body=body, timeout_s=60.0),
            submitted,
            poll,
            look,
            model=self.model,
            expected_usd=self.price(Usage(pictures=1, megapixels=size)).usd,
            kinds=("image",),
            suffix=".png",
            every_s=PICTURE_EVERY_S,
            patience_s=PICTURE_PATIENCE_S,
            # Flux 3 takes no seed, and equal requests would be one to the ledger.
            take=0 if "seed" in body else request.seed,
            notice=self.notice,
        )
        return cut_to_shape(picture, request.width_px, request.height_px)


def picture_to_wire(model: str, request: ImageRequest, pictures: Sequence[bytes] = ()) -> dict[str, Any]:
    """The body of POST /v1/<model>; Flux 3 refuses every field it does not know."""
    body: dict[str, Any] = {"prompt": told(request.prompt, pictures)}
    packed = [base64.b64encode(picture).decode() for picture in pictures]
    if packed and model not in (*_SIZED, *_SHAPED):
        body["images"] = packed
    else:
        body |= {
            f"input_image_{number}" if number > 1 else "input_image": each for number, each in enumerate(packed, 1)
        }
    if model in _SIZED:
        most = 1440 * 1440 if model == "flux-pro-1.1" else 4_000_000
        step_px, longest_px = (32, 1440) if model == "flux-pro-1.1" else (16, 2560)
        body["width"], body["height"] = stepped_size(
            request.width_px,
            request.height_px,
            step_px=step_px,
            longest_px=longest_px,
            shortest_px=256,
            most_pixels=most,
        )
        return body | {"seed": request.seed, "output_format": "png"}
    shape = nearest_shape(request.width_px, request.height_px, _SHAPES)
    body["aspect_ratio"] = f"{shape[0]}:{shape[1]}"
    if model in _SHAPED:
        return body | {"seed": request.seed, "output_format": "png"}
    longest_px = max(request.width_px, request.height_px)
    # Grounding is a search in the web, on by default: a story's picture needs none, and could not be made again.
    return body | {"resolution": "1k" if longest_px <= 1400 else "2k", "grounding": False}


@dataclass(frozen=True, slots=True)
class BFLAnimator:
    """Flux 3 video as an `Animator`: five to twenty seconds from a first frame, to a last one where there is one."""

    model: str = ANIMATOR_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        if self.model != ANIMATOR_MODEL:
            raise InputError(f"bfl has no video model {self.model!r}: it has {ANIMATOR_MODEL}")

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"bfl/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs, in full HD."""
        return quote("bfl", self.model, usage, "fhd")

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = lambda fraction: None) -> bytes:
        """The clip as an MP4: 24 frames a second, the next whole second long, in the service's own nearest size."""
        body = clip_to_wire(request)
        expected = quote("bfl", self.model, Usage(video_s=body["duration"]), body["resolution"])
        return buy_job(
            VENDOR,
            Call(f"/v1/{self.model}", body=body, timeout_s=120.0),
            submitted,
            poll,
            look,
            model=self.model,
            expected_usd=expected.usd,
            kinds=("video",),
            suffix=".mp4",
            every_s=VIDEO_EVERY_S,
            patience_s=VIDEO_PATIENCE_S,
            take=request.seed,
            on_progress=on_progress,
            notice=self.notice,
        )


def clip_to_wire(request: AnimationRequest) -> dict[str, Any]:
    """The body of POST /v1/flux-3-video: image to video, without the sound that is on by default."""
    frames = [request.first_frame] + ([request.last_frame] if request.last_frame is not None else [])
    shape = nearest_shape(request.width_px, request.height_px, _VIDEO_SHAPES)
    shorter_px = min(request.width_px, request.height_px)
    resolution = next((name for lines, name in _RESOLUTIONS.items() if lines >= shorter_px), "uhd")
    seconds = min(max(math.ceil(enough_s(request.duration_s)), _VIDEO_SECONDS[0]), _VIDEO_SECONDS[-1])
    return {
        "mode": "i2v",
        "prompt": request.prompt,
        "keyframes": [base64.b64encode(frame).decode() for frame in frames],
        "aspect_ratio": f"{shape[0]}:{shape[1]}",
        "duration": seconds,
        "resolution": resolution,
        "generate_audio": False,
    }


class _Submitted(BaseModel):
    id: str
    polling_url: str
    cost: Decimal | None = None


class _Result(BaseModel):
    sample: str


class _State(BaseModel):
    status: str
    result: _Result | dict[str, Any] | None = None
    progress: float | None = None
    details: dict[str, Any] | None = None
    cost: Decimal | None = None


_UNDER_WAY = ("Pending", "Reasoning", "Generating", "Queued", "Processing")


def submitted(reply: Reply) -> Job:
    """The handle of a job: where to ask for it is the service's to say, since it may be another region's host.

    Raises:
        Lost: there is none.
    """
    taken = reply.read_as(_Submitted)
    if not VENDOR.may_know_key(taken.polling_url):
        raise Lost("bfl", "the address to ask for the job is not one of the service's own")
    return Job(id=taken.id, url=taken.polling_url, price_usd=None if taken.cost is None else taken.cost * CREDIT_USD)


def poll(job: Job) -> Call:
    """The call that asks for a job. A failed one may come with status 503, and says so in its body."""
    return Call(job.url, method="GET", timeout_s=30.0, also_read=frozenset({503}))


def look(reply: Reply, job: Job) -> Waiting | Done | Gone:
    """How a job is.

    Raises:
        ProviderRefused: the prompt, or what was made of it, was held back; the latter is charged.
        ProviderError: it failed.
        Lost: the answer says nothing of the job.
    """
    state = reply.read_as(_State)
    if state.status in _UNDER_WAY:
        return Waiting(state.progress)
    if state.status == "Ready" and isinstance(state.result, _Result):
        return Done((state.result.sample,), None if state.cost is None else state.cost * CREDIT_USD)
    if state.status == "Request Moderated":
        raise ProviderRefused("bfl", "the service will not draw this prompt: change the words")
    if state.status == "Content Moderated":
        raise held_back("bfl", "the service drew this, held it back and charges for it: change the words")
    if state.status in ("Error", "Failed"):
        raise ProviderError("bfl", "the job failed at the service: run again to have it made anew")
    if state.status == "Task not found":
        return Gone()
    raise Lost("bfl", f"the job is in a state that means nothing here ({state.status[:40]!r})")
