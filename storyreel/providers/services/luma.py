"""Luma's Agents API as an `Animator` (Ray) and an `ImageModel` (Uni). It takes no seed.

Its older API, Dream Machine, has other addresses, models and keys; it is not spoken here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from storyreel.errors import PaymentNeeded, ProviderError, ProviderRefused
from storyreel.providers.contracts import AnimationRequest, ImageRequest
from storyreel.providers.frames import FramedCall, base64_of, digest, enough_s
from storyreel.providers.pictures import cut_to_shape, nearest_shape
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.transport import Call, Done, Gone, Job, Lost, Reply, Vendor, Waiting, buy_job, scrub

ANIMATOR_MODEL = "ray-3.2"
PAINTER_MODEL = "uni-1"
PICTURE_EVERY_S = 2.0
PICTURE_PATIENCE_S = 600.0
VIDEO_EVERY_S = 5.0
VIDEO_PATIENCE_S = 1800.0
LONGEST_PROMPT = 6000
MOST_FRAME_BYTES = 8 * 2**20
GRID_FRAMES_A_S = 24
_SHAPES = ((3, 1), (2, 1), (21, 9), (16, 9), (3, 2), (4, 3), (1, 1), (3, 4), (2, 3), (9, 16), (1, 2), (1, 3))
_VIDEO_SHAPES = ((21, 9), (16, 9), (4, 3), (1, 1), (3, 4), (9, 16))
_RESOLUTIONS = {540: "540p", 720: "720p", 1080: "1080p"}

VENDOR = Vendor(
    name="luma",
    base_url="https://agents.lumalabs.ai/v1",
    base_variables=("LUMA_BASE_URL",),
    key_variables=("LUMA_AGENTS_API_KEY",),
    at_once=4,
    refusals=frozenset({"content_moderated"}),
    payments=frozenset({"budget_exhausted"}),
)


@dataclass(frozen=True, slots=True)
class LumaPainter:
    """Luma's image models as an `ImageModel`."""

    model: str = PAINTER_MODEL

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"luma/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("luma", self.model, usage)

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as PNG, in the shape asked for."""
        picture = buy_job(
            VENDOR,
            Call("/generations", body=picture_to_wire(self.model, request), timeout_s=60.0),
            submitted,
            poll,
            look,
            model=self.model,
            expected_usd=self.price(Usage(pictures=1)).usd,
            kinds=("image",),
            suffix=".png",
            every_s=PICTURE_EVERY_S,
            patience_s=PICTURE_PATIENCE_S,
            take=request.seed,
        )
        return cut_to_shape(picture, request.width_px, request.height_px)


def picture_to_wire(model: str, request: ImageRequest) -> dict[str, Any]:
    """The body of POST /generations for a picture of 2048 pixels."""
    shape = nearest_shape(request.width_px, request.height_px, _SHAPES)
    return {
        "model": model,
        "type": "image",
        "prompt": request.prompt[:LONGEST_PROMPT],
        "aspect_ratio": f"{shape[0]}:{shape[1]}",
        "output_format": "png",
        # A search in the web could not be made again.
        "web_search": False,
    }


@dataclass(frozen=True, slots=True)
class LumaAnimator:
    """Luma's Ray as an `Animator`: five or ten seconds from a first frame, to a last one where there is one."""

    model: str = ANIMATOR_MODEL

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"luma/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a clip of such a length costs, in full HD."""
        return quote("luma", self.model, Usage(video_s=_seconds(usage.video_s)), f"1080p-{_seconds(usage.video_s)}s")

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = lambda fraction: None) -> bytes:
        """The clip as an MP4: 24 frames a second, in the service's own nearest size and length."""
        frames = [request.first_frame] + ([request.last_frame] if request.last_frame is not None else [])
        call = FramedCall(
            "/generations",
            body=clip_to_wire(self.model, request, [_reference(frame) for frame in frames]),
            known=clip_to_wire(self.model, request, [{"data": digest(frame)} for frame in frames]),
            timeout_s=120.0,
        )
        seconds = _seconds(request.duration_s)
        return buy_job(
            VENDOR,
            call,
            submitted,
            poll,
            look,
            model=self.model,
            expected_usd=quote("luma", self.model, Usage(video_s=seconds), f"{_resolution(request)}-{seconds}s").usd,
            kinds=("video",),
            suffix=".mp4",
            every_s=VIDEO_EVERY_S,
            patience_s=VIDEO_PATIENCE_S,
            take=request.seed,
            on_progress=on_progress,
        )


def clip_to_wire(model: str, request: AnimationRequest, frames: list[dict[str, str]]) -> dict[str, Any]:
    """The body of POST /generations for a clip; ten seconds take their frames as keyframes alone.

    Args:
        frames: references to the first picture and, where there is one, the last.
    """
    shape = nearest_shape(request.width_px, request.height_px, _VIDEO_SHAPES)
    seconds = _seconds(request.duration_s)
    video: dict[str, Any] = {"resolution": _resolution(request), "duration": f"{seconds}s"}
    if seconds == 5:
        video |= dict(zip(("start_frame", "end_frame"), frames, strict=False))
    else:
        last = seconds * GRID_FRAMES_A_S
        video |= {"keyframes": frames, "keyframe_indexes": [0, last][: len(frames)]}
    return {
        "model": model,
        "type": "video",
        "prompt": request.prompt[:LONGEST_PROMPT],
        "aspect_ratio": f"{shape[0]}:{shape[1]}",
        "video": video,
    }


def _seconds(duration_s: float) -> int:
    return 5 if enough_s(duration_s) <= 5 else 10


def _resolution(request: AnimationRequest) -> str:
    lines = min(request.width_px, request.height_px)
    return next((name for most, name in _RESOLUTIONS.items() if most >= lines), "1080p")


def _reference(frame: bytes) -> dict[str, str]:
    data, media_type = base64_of(frame, MOST_FRAME_BYTES)
    return {"data": data, "media_type": media_type}


class _Output(BaseModel):
    url: str


class _Generation(BaseModel):
    id: str
    state: str
    model: str = ""
    failure_code: str | None = None
    failure_reason: str | None = None
    output: list[_Output] | None = None


def submitted(reply: Reply) -> Job:
    """The handle of a job.

    Raises:
        Lost: there is none.
    """
    return Job(id=reply.read_as(_Generation).id)


def poll(job: Job) -> Call:
    """The call that asks for a job."""
    return Call(f"/generations/{job.id}", method="GET", timeout_s=30.0)


def look(reply: Reply, job: Job) -> Waiting | Done | Gone:
    """How a job is.

    Raises:
        ProviderRefused: the prompt, a frame, or what was made of them was held back.
        PaymentNeeded: the account's budget is used up.
        ProviderError: it failed.
        Lost: the answer says nothing of the job.
    """
    generation = reply.read_as(_Generation)
    if generation.state in ("queued", "processing"):
        return Waiting()
    if generation.state == "completed" and generation.output:
        return Done(tuple(output.url for output in generation.output), model=generation.model)
    if generation.state == "failed":
        raise _failure(generation)
    raise Lost("luma", f"the job is in a state that means nothing here ({generation.state[:40]!r})")


def _failure(generation: _Generation) -> ProviderError:
    reason = scrub(generation.failure_reason or generation.failure_code or "no reason given").rstrip(".")[:200]
    if generation.failure_code == "content_moderated":
        return ProviderRefused("luma", f"the service will not make this ({reason}): change what is asked for")
    if generation.failure_code == "budget_exhausted":
        return PaymentNeeded("luma", f"the account has no credit left ({reason}): add some, then run again")
    return ProviderError("luma", f"the job failed at the service ({reason}): run again to have it made anew")
