"""fal.ai, another door to Flux as an `ImageModel`, and to Veo and Kling as an `Animator`.

Everything goes through its queue: a job is asked for at the addresses that the service gives, first for its state and
then, at another address, for what came of it. Which field carries which picture is each model's own. What the service's
own machines fail at is free; what a model finds wrong with a request may be charged (fal.ai/docs/model-apis/faq), and
counts as charged here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from storyreel.errors import InputError, ProviderBusy, ProviderError, ProviderRefused
from storyreel.providers.contracts import AnimationRequest, ImageRequest
from storyreel.providers.frames import enough_s
from storyreel.providers.pictures import cut_to_shape, nearest_shape, stepped_size
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.references import data_url, given, megapixels, told
from storyreel.providers.transport import (
    Call,
    Done,
    Gone,
    Job,
    Lost,
    Reply,
    Vendor,
    Waiting,
    ask_free,
    buy_job,
    held_back,
)
from storyreel.providers.transport.lists import listed

PAINTER_MODEL = "fal-ai/flux-2-pro"
ANIMATOR_MODEL = "fal-ai/veo3.1/fast/first-last-frame-to-video"
MOST_REFERENCES = 4
PICTURE_EVERY_S = 1.0
PICTURE_PATIENCE_S = 600.0
VIDEO_EVERY_S = 4.0
VIDEO_PATIENCE_S = 1800.0
_POLICY = "content_policy_violation"
_HELD_BACK = re.compile(r"(?i)content.polic|content checker|safety|nsfw|moderat|flagged|sensitive")


@dataclass(frozen=True, slots=True)
class _Clip:
    """How a video model is asked.

    Attributes:
        first, last: the fields that carry the frames; without `last`, it takes none.
        seconds: the lengths it offers.
        unit: what follows the number in `duration`.
        shaped: whether it takes an aspect ratio, 16:9 or 9:16, and a resolution.
        alone: the model to ask where there is no last frame and this one needs it.
    """

    first: str
    last: str = ""
    seconds: tuple[int, ...] = (4, 6, 8)
    unit: str = "s"
    shaped: bool = True
    alone: str = ""


_VEO = "fal-ai/veo3.1/fast/image-to-video"
CLIPS: Mapping[str, _Clip] = {
    ANIMATOR_MODEL: _Clip("first_frame_url", "last_frame_url", alone=_VEO),
    _VEO: _Clip("image_url"),
    "fal-ai/kling-video/v4/image-to-video": _Clip(
        "start_image_url", "end_image_url", tuple(range(3, 31)), unit="", shaped=False
    ),
}

VENDOR = Vendor(
    name="fal",
    base_url="https://queue.fal.run",
    key_variables=("FAL_KEY",),
    key_prefix="Key ",
    domains=("fal.run", "fal.ai"),
    # What it charges is told for each model that it has, and to those with a key alone.
    models_path=f"https://api.fal.ai/v1/models/pricing?endpoint_id={PAINTER_MODEL},{ANIMATOR_MODEL}",
    models_told=listed("prices", "endpoint_id"),
    at_once=10,
    refusals=frozenset({_POLICY}),
    payments=frozenset({"insufficient_balance", "exhausted_balance"}),
    models_in_paths=True,
)


@dataclass(frozen=True, slots=True)
class FalPainter:
    """Flux at fal.ai as an `ImageModel`."""

    model: str = PAINTER_MODEL
    notice: str = field(default="", init=False, compare=False)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"fal/{self.model}"

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
        return quote("fal", self.model, usage)

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as PNG, in the shape asked for."""
        pictures = given(request, MOST_REFERENCES)
        body = picture_to_wire(request, pictures)
        size = body["image_size"]
        drawn_and_read = size["width"] * size["height"] / 1e6 + megapixels(pictures)
        picture = buy_job(
            VENDOR,
            # With pictures to go by, a model is asked at a path of its own.
            Call(f"/{self.model}{'/edit' if pictures else ''}", body=body, timeout_s=60.0),
            submitted,
            poll,
            look,
            model=self.model,
            expected_usd=self.price(Usage(pictures=1, megapixels=drawn_and_read)).usd,
            kinds=("image",),
            suffix=".png",
            every_s=PICTURE_EVERY_S,
            patience_s=PICTURE_PATIENCE_S,
            notice=self.notice,
        )
        return cut_to_shape(picture, request.width_px, request.height_px)


def picture_to_wire(request: ImageRequest, pictures: Sequence[bytes] = ()) -> dict[str, Any]:
    """The body for a picture; sides are multiples of 16, four megapixels at the most."""
    width_px, height_px = stepped_size(
        request.width_px, request.height_px, step_px=16, longest_px=2560, shortest_px=256, most_pixels=4_000_000
    )
    body: dict[str, Any] = {
        "prompt": told(request.prompt, pictures),
        "image_size": {"width": width_px, "height": height_px},
        "seed": request.seed,
        "output_format": "png",
    }
    if pictures:
        body["image_urls"] = [data_url(picture) for picture in pictures]
    return body


@dataclass(frozen=True, slots=True)
class FalAnimator:
    """Video models at fal.ai as an `Animator`, from a first frame, to a last one where there is one."""

    model: str = ANIMATOR_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        if self.model not in CLIPS:
            raise InputError(f"fal has no video model {self.model!r} that is known here: choose one of "
                             f"{', '.join(sorted(CLIPS))}")  # fmt: skip

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"fal/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("fal", self.model, usage)

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = lambda fraction: None) -> bytes:
        """The clip as an MP4 without sound, in the service's own nearest length and size."""
        model, body, seconds = clip_to_wire(self.model, request)
        return buy_job(
            VENDOR,
            Call(f"/{model}", body=body, timeout_s=120.0),
            submitted,
            poll,
            look,
            model=model,
            expected_usd=self.price(Usage(video_s=seconds)).usd,
            kinds=("video",),
            suffix=".mp4",
            every_s=VIDEO_EVERY_S,
            patience_s=VIDEO_PATIENCE_S,
            take=request.seed,
            on_progress=on_progress,
            notice=self.notice,
        )


def clip_to_wire(model: str, request: AnimationRequest) -> tuple[str, dict[str, Any], int]:
    """The model to ask, the body for a clip, and how many seconds that buys.

    Raises:
        InputError: the model takes no last frame, and there is one.
    """
    if request.last_frame is None and CLIPS[model].alone:
        model = CLIPS[model].alone
    form = CLIPS[model]
    if request.last_frame is not None and not form.last:
        raise InputError(f"fal's {model} takes no last frame: choose {ANIMATOR_MODEL}")
    wanted_s = math.ceil(enough_s(request.duration_s))
    seconds = next((offered for offered in form.seconds if offered >= wanted_s), form.seconds[-1])
    body: dict[str, Any] = {"prompt": request.prompt, form.first: data_url(request.first_frame)}
    if request.last_frame is not None:
        body[form.last] = data_url(request.last_frame)
    body |= {"duration": f"{seconds}{form.unit}", "generate_audio": False}
    if form.shaped:
        shape = nearest_shape(request.width_px, request.height_px, ((16, 9), (9, 16)))
        body["aspect_ratio"] = f"{shape[0]}:{shape[1]}"
        body["resolution"] = "1080p" if min(request.width_px, request.height_px) > 720 else "720p"
    return model, body, seconds


class _Submitted(BaseModel):
    request_id: str
    status_url: str


class _State(BaseModel):
    status: str
    response_url: str | None = None
    error: Any = None
    error_type: str | None = None


class _File(BaseModel):
    url: str


class _Output(BaseModel):
    images: list[_File] | None = None
    video: _File | None = None
    has_nsfw_concepts: list[bool] | None = None


def submitted(reply: Reply) -> Job:
    """The handle of a job: where to ask for it is the service's to say, since it leaves parts of the model's name out.

    Raises:
        Lost: there is none.
    """
    taken = reply.read_as(_Submitted)
    if not VENDOR.may_know_key(taken.status_url):
        raise Lost("fal", "the address to ask for the job is not one of the service's own")
    return Job(id=taken.request_id, url=taken.status_url)


def poll(job: Job) -> Call:
    """The call that asks for a job's state."""
    return Call(job.url, method="GET", timeout_s=30.0)


def look(reply: Reply, job: Job) -> Waiting | Done | Gone:
    """How a job is, and if it is done, what came of it.

    Raises:
        ProviderRefused: it was held back.
        ProviderError: it failed.
        Lost: the answer says nothing of it.
    """
    state = reply.read_as(_State)
    if state.status in ("IN_QUEUE", "IN_PROGRESS"):
        return Waiting()
    if state.status != "COMPLETED":
        raise Lost("fal", f"the job is in a state that means nothing here ({state.status[:40]!r})")
    if state.error or state.error_type:
        _raise_failed(" ".join(str(part) for part in (state.error_type, state.error) if part))
    address = state.response_url or job.url.removesuffix("/status")
    if not VENDOR.may_know_key(address):
        raise Lost("fal", "the address of what came of the job is not one of the service's own")
    try:
        output = ask_free(VENDOR, Call(address, method="GET", timeout_s=60.0)).read_as(_Output)
    except ProviderBusy:
        return Waiting()
    except ProviderError as error:
        if error.status in (404, 410):
            return Gone()
        # What the service says of the job itself ends it; that it does not give the answer just now does not.
        error.charged = error.status in (400, 422) or isinstance(error, ProviderRefused)
        error.retryable = not error.charged
        raise
    if any(output.has_nsfw_concepts or ()):
        raise held_back("fal", "the service drew this and blacked it out as unsafe: change the words")
    files = [output.video] if output.video else output.images or []
    if not files:
        raise Lost("fal", "the job is done and has no result")
    return Done((files[0].url,))


def _raise_failed(why: str) -> None:
    if _HELD_BACK.search(why):
        raise held_back("fal", f"the service will not make this ({why[:200]}): change the words")
    raise ProviderError("fal", f"the job failed at the service ({why[:200]}): run again to have it made anew")
