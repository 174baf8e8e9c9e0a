"""getimg.ai, version 2, as an `ImageModel` and an `Animator` between two frames.

One address serves many models, each with its own shapes, sizes and lengths; what is asked for here is what all of them
know. There is no seed and no published table of prices: what an answer cost stands in it. Results are deleted after a
while, so they are fetched as soon as they are ready.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from storyreel.errors import ProviderError, ProviderRefused
from storyreel.providers.contracts import AnimationRequest, ImageRequest
from storyreel.providers.frames import FramedCall, data_url, digest, enough_s
from storyreel.providers.pictures import cut_to_shape, nearest_shape
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.references import KEEP, given
from storyreel.providers.transport import (
    Call,
    Done,
    Gone,
    Job,
    Lost,
    Reply,
    Vendor,
    Waiting,
    buy_job,
    buy_linked,
    scrub,
)
from storyreel.providers.transport.lists import listed

PAINTER_MODEL = "seedream-5-lite"
ANIMATOR_MODEL = "seedance-v1-pro"
EVERY_S = 5.0
PATIENCE_S = 1800.0
MOST_FRAME_BYTES = 8 * 2**20
# A request has 25 MiB at the most, and a third is added to what is packed as text.
MOST_REFERENCES = 4
MOST_REFERENCE_BYTES = 4 * 2**20
_SHAPES = ((16, 9), (3, 2), (4, 3), (1, 1), (3, 4), (2, 3), (9, 16))
_VIDEO_SHAPES = ((21, 9), (16, 9), (4, 3), (1, 1), (3, 4), (9, 16))
_VIDEO_SECONDS = (5, 10)
_RESOLUTIONS = {480: "480p", 720: "720p", 1080: "1080p"}
_REFUSING = ("moderat", "nsfw", "policy", "safety", "sensitive", "content_filter")

VENDOR = Vendor(
    name="getimg",
    base_url="https://api.getimg.ai",
    base_variables=("GETIMG_AI_BASE_URL",),
    key_variables=("GETIMG_API_KEY",),
    models_path="/v2/models",
    models_told=listed("", "id"),
    at_once=4,
    refusals=frozenset({"content_moderated", "content_policy_violation", "moderation_blocked", "nsfw_content"}),
    payments=frozenset({"insufficient_balance", "insufficient_credits", "payment_required"}),
    missing_models=frozenset({"model_not_found"}),
)


@dataclass(frozen=True, slots=True)
class GetimgPainter:
    """getimg's image models as an `ImageModel`.

    Args:
        model: a model, in its own default size, or with a size that it offers ("seedream-5-lite/2K").
    """

    model: str = PAINTER_MODEL

    @property
    def identity(self) -> str:
        """Vendor, model and, where it was chosen, size."""
        return f"getimg/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    @property
    def most_references(self) -> int:
        """How many pictures to go by it takes."""
        return MOST_REFERENCES

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        model, _, resolution = self.model.partition("/")
        return quote("getimg", model, usage, resolution)

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as PNG, in the shape asked for."""
        pictures = given(request, MOST_REFERENCES)
        body = picture_to_wire(self.model, request, [data_url(picture, MOST_REFERENCE_BYTES) for picture in pictures])
        known = picture_to_wire(self.model, request, [digest(picture) for picture in pictures])
        picture = buy_linked(
            VENDOR,
            FramedCall("/v2/images/generations", body=body, known=known, timeout_s=300.0),
            made,
            model=body["model"],
            expected_usd=self.price(Usage(pictures=1)).usd,
            kinds=("image",),
            suffix=".png",
            take=request.seed,
        )
        return cut_to_shape(picture, request.width_px, request.height_px)


def picture_to_wire(model_and_size: str, request: ImageRequest, references: Sequence[str] = ()) -> dict[str, Any]:
    """The body of POST /v2/images/generations.

    Args:
        references: pictures to go by, as URLs.
    """
    model, _, resolution = model_and_size.partition("/")
    shape = nearest_shape(request.width_px, request.height_px, _SHAPES)
    body: dict[str, Any] = {
        "model": model,
        "prompt": f"{request.prompt}\n\n{KEEP}" if references else request.prompt,
        "aspect_ratio": f"{shape[0]}:{shape[1]}",
        "output_format": "png",
    }
    if references:
        body["images"] = [{"url": reference} for reference in references]
    return body | ({"resolution": resolution} if resolution else {})


@dataclass(frozen=True, slots=True)
class GetimgAnimator:
    """getimg's video models as an `Animator`: five or ten seconds from a first frame, to a last one where there is one.

    Args:
        model: a model, in the size that fits best, or with a size that it offers ("seedance-v1-pro/720p").
    """

    model: str = ANIMATOR_MODEL

    @property
    def identity(self) -> str:
        """Vendor, model and, where it was chosen, size."""
        return f"getimg/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        model, _, resolution = self.model.partition("/")
        return quote("getimg", model, usage, resolution or "1080p")

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = lambda fraction: None) -> bytes:
        """The clip as an MP4, in the service's own nearest size and length, at its own rate."""
        frames = [request.first_frame] + ([request.last_frame] if request.last_frame is not None else [])
        body = clip_to_wire(self.model, request, [data_url(frame, MOST_FRAME_BYTES) for frame in frames])
        call = FramedCall(
            "/v2/videos/generations",
            body=body,
            known=clip_to_wire(self.model, request, [digest(frame) for frame in frames]),
            timeout_s=120.0,
        )
        return buy_job(
            VENDOR,
            call,
            submitted,
            poll,
            look,
            model=body["model"],
            expected_usd=quote("getimg", body["model"], Usage(video_s=body["duration"]), body["resolution"]).usd,
            kinds=("video",),
            suffix=".mp4",
            every_s=EVERY_S,
            patience_s=PATIENCE_S,
            take=request.seed,
            on_progress=on_progress,
        )


def clip_to_wire(model_and_size: str, request: AnimationRequest, frames: list[str]) -> dict[str, Any]:
    """The body of POST /v2/videos/generations.

    Args:
        frames: the first and, where there is one, the last, as URLs.
    """
    model, _, resolution = model_and_size.partition("/")
    shape = nearest_shape(request.width_px, request.height_px, _VIDEO_SHAPES)
    lines = min(request.width_px, request.height_px)
    fitting = next((name for most, name in _RESOLUTIONS.items() if most >= lines), "1080p")
    return {
        "model": model,
        "prompt": request.prompt,
        "aspect_ratio": f"{shape[0]}:{shape[1]}",
        "duration": next((each for each in _VIDEO_SECONDS if each >= enough_s(request.duration_s)), _VIDEO_SECONDS[-1]),
        "resolution": resolution or fitting,
        "images": [
            {"role": role, "url": url} for role, url in zip(("first_frame", "last_frame"), frames, strict=False)
        ],
    }


class _Item(BaseModel):
    url: str


class _Usage(BaseModel):
    total_cost: Decimal


class _Made(BaseModel):
    model: str = ""
    data: list[_Item] = Field(min_length=1)
    usage: _Usage | None = None


class _Submitted(BaseModel):
    id: str
    status: str


class _Failure(BaseModel):
    code: str = ""
    message: str = ""


class _State(BaseModel):
    status: str
    error: _Failure | None = None


def made(reply: Reply) -> Done:
    """Where the results of an answer lie, and what they cost.

    Raises:
        Lost: it has none.
    """
    told = reply.read_as(_Made)
    return Done(tuple(item.url for item in told.data), told.usage.total_cost if told.usage else None, told.model)


def submitted(reply: Reply) -> Job:
    """The handle of a job.

    Raises:
        Lost: there is none.
    """
    return Job(id=reply.read_as(_Submitted).id)


def poll(job: Job) -> Call:
    """The call that asks for a job."""
    return Call(f"/v2/videos/generations/{job.id}", method="GET", timeout_s=30.0)


def look(reply: Reply, job: Job) -> Waiting | Done | Gone:
    """How a job is.

    Raises:
        ProviderRefused: the prompt, a frame, or what was made of them was held back.
        ProviderError: it failed.
        Lost: the answer says nothing of the job.
    """
    state = reply.read_as(_State)
    if state.status == "pending":
        return Waiting()
    if state.status == "completed":
        return made(reply)
    if state.status == "failed":
        raise _failure(state.error or _Failure())
    raise Lost("getimg", f"the job is in a state that means nothing here ({state.status[:40]!r})")


def _failure(error: _Failure) -> ProviderError:
    reason = scrub(error.message or error.code or "no reason given").rstrip(".")[:200]
    if any(part in error.code.lower() for part in _REFUSING):
        return ProviderRefused("getimg", f"the service will not make this ({reason}): change what is asked for")
    return ProviderError("getimg", f"the job failed at the service ({reason}): run again to have it made anew")
