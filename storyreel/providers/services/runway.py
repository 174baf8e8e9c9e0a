"""Runway as an `Animator`: one address for its own models and for those of others.

Runway's own models begin on a picture; only others end on one too, and the default is such a one. A job that moderation
ends is charged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from storyreel.errors import InputError, ProviderError
from storyreel.providers.contracts import AnimationRequest
from storyreel.providers.frames import FramedCall, data_url, digest, enough_s
from storyreel.providers.pictures import nearest_shape
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.transport import Call, Done, Gone, Job, Lost, Reply, Vendor, Waiting, buy_job, held_back, scrub
from storyreel.providers.transport.lists import nothing_listed

ANIMATOR_MODEL = "veo3.1_fast"
CREDIT_USD = Decimal("0.01")
EVERY_S = 5.0
PATIENCE_S = 1800.0
LONGEST_PROMPT_UNITS = 1000
# A data URL may have five megabytes; base64 makes four bytes of three.
MOST_FRAME_BYTES = 3_600_000
_SEEDS = 2**32

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a model makes.

    Attributes:
        sizes: as (width, height) in pixels; none where the clip takes the first picture's shape.
        seconds: how long a clip may be, ascending.
        ends: whether it can end on a picture.
        seeded: whether it takes a seed.
        sounds: whether it makes sound unless told not to.
    """

    sizes: tuple[Size, ...]
    seconds: tuple[int, ...]
    ends: bool = False
    seeded: bool = True
    sounds: bool = False


_OWN_SIZES = ((1280, 720), (720, 1280), (1104, 832), (832, 1104), (960, 960), (1584, 672))
_VEO_SIZES = ((1280, 720), (720, 1280), (1920, 1080), (1080, 1920))
OFFERS = {
    "gen4.5": Offer(_OWN_SIZES, tuple(range(2, 11))),
    "gen4_turbo": Offer(_OWN_SIZES, tuple(range(2, 11))),
    "kling2.5_turbo_pro": Offer((), (5, 10), ends=True, seeded=False),
    "veo3.1": Offer(_VEO_SIZES, (4, 6, 8), ends=True, sounds=True),
    "veo3.1_fast": Offer(_VEO_SIZES, (4, 6, 8), ends=True, sounds=True),
}

VENDOR = Vendor(
    name="runway",
    base_url="https://api.dev.runwayml.com",
    base_variables=("RUNWAYML_BASE_URL",),
    key_variables=("RUNWAYML_API_SECRET",),
    headers={"x-runway-version": "2024-11-06"},
    models_path="/v1/organization",
    models_told=nothing_listed,
    at_once=3,
    retired={"gen3a_turbo": "gen4_turbo", "veo3": "veo3.1"},
)


@dataclass(frozen=True, slots=True)
class RunwayAnimator:
    """Runway's video models as an `Animator`."""

    model: str = ANIMATOR_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        model, notice = VENDOR.living(self.model)
        if model not in OFFERS:
            raise InputError(f"runway has no video model {model!r}: choose one of {', '.join(OFFERS)}")
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "notice", notice)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"runway/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs, without sound."""
        return quote("runway", self.model, usage)

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = lambda fraction: None) -> bytes:
        """The clip as an MP4, in the service's own nearest size and length, at its own rate.

        Raises:
            InputError: the model cannot end on a picture, and one is given.
        """
        if request.last_frame is not None and not OFFERS[self.model].ends:
            raise InputError(f"runway's {self.model} cannot end on a picture: choose runway:{ANIMATOR_MODEL}")
        frames = [request.first_frame] + ([request.last_frame] if request.last_frame is not None else [])
        body = clip_to_wire(self.model, request, [data_url(frame, MOST_FRAME_BYTES) for frame in frames])
        call = FramedCall(
            "/v1/image_to_video",
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
            model=self.model,
            expected_usd=self.price(Usage(video_s=body["duration"])).usd,
            kinds=("video",),
            suffix=".mp4",
            every_s=EVERY_S,
            patience_s=PATIENCE_S,
            take=0 if "seed" in body else request.seed,
            on_progress=on_progress,
            notice=self.notice,
        )


def clip_to_wire(model: str, request: AnimationRequest, frames: list[str]) -> dict[str, Any]:
    """The body of POST /v1/image_to_video; a field that a model does not know is refused, so each gets its own.

    Args:
        frames: the first and, where there is one, the last, as URLs.
    """
    offer = OFFERS[model]
    body: dict[str, Any] = {
        "model": model,
        "promptText": _shortened(request.prompt),
        "promptImage": [
            {"uri": uri, "position": position} for uri, position in zip(frames, ("first", "last"), strict=False)
        ],
        "duration": next(
            (length for length in offer.seconds if length >= enough_s(request.duration_s)), offer.seconds[-1]
        ),
    }
    if offer.sizes:
        width_px, height_px = _size(offer.sizes, request.width_px, request.height_px)
        body["ratio"] = f"{width_px}:{height_px}"
    if offer.seeded:
        body["seed"] = request.seed % _SEEDS
    if offer.sounds:
        body["audio"] = False
    return body


def _size(sizes: tuple[Size, ...], width_px: int, height_px: int) -> Size:
    """Of the sizes with the best shape, the smallest that has all lines, else the largest."""
    best = nearest_shape(width_px, height_px, sizes)
    alike = sorted(size for size in sizes if abs(size[0] / size[1] - best[0] / best[1]) < 0.01)
    return next((size for size in alike if size[1] >= height_px), alike[-1])


def _shortened(prompt: str) -> str:
    """A prompt of at most 1000 UTF-16 units, none of them half a character."""
    return prompt.encode("utf-16-le")[: 2 * LONGEST_PROMPT_UNITS].decode("utf-16-le", errors="ignore")


class _Credits(BaseModel):
    credits: Decimal

    @property
    def usd(self) -> Decimal:
        return self.credits * CREDIT_USD


class _Submitted(BaseModel):
    id: str
    estimated_cost: _Credits | None = Field(default=None, alias="estimatedCost")


class _Task(BaseModel):
    status: str
    progress: float | None = None
    output: list[str] | None = None
    cost: _Credits | None = None
    failure: str = ""
    failure_code: str | None = Field(default=None, alias="failureCode")


def submitted(reply: Reply) -> Job:
    """The handle of a job.

    Raises:
        Lost: there is none.
    """
    told = reply.read_as(_Submitted)
    return Job(id=told.id, price_usd=told.estimated_cost.usd if told.estimated_cost else None)


def poll(job: Job) -> Call:
    """The call that asks for a job."""
    return Call(f"/v1/tasks/{job.id}", method="GET", timeout_s=30.0)


def look(reply: Reply, job: Job) -> Waiting | Done | Gone:
    """How a job is.

    Raises:
        ProviderRefused: moderation held it back; that is charged.
        ProviderError: it failed, or somebody called it off.
        Lost: the answer says nothing of the job.
    """
    task = reply.read_as(_Task)
    if task.status in ("PENDING", "THROTTLED", "RUNNING"):
        return Waiting(task.progress)
    if task.status == "SUCCEEDED" and task.output:
        return Done(tuple(task.output), task.cost.usd if task.cost else None)
    if task.status in ("FAILED", "CANCELLED"):
        error = _failure(task)
        error.price_usd = task.cost.usd if task.cost else None
        raise error
    raise Lost("runway", f"the job is in a state that means nothing here ({task.status[:40]!r})")


def _failure(task: _Task) -> ProviderError:
    reason = scrub(task.failure or task.failure_code or "no reason given").rstrip(".")[:200]
    if task.status == "CANCELLED":
        return ProviderError("runway", "somebody called the job off at the service: run again to have it made anew")
    if "SAFETY" in (task.failure_code or "").split("."):
        # docs.dev.runwayml.com/api-details/moderation: it costs as much as a clip that is given.
        return held_back("runway", f"the service will not make this and charges for it ({reason}): change the words")
    return ProviderError("runway", f"the job failed at the service ({reason}): run again to have it made anew")
