"""A continuous flow's material: the picture ahead, and the clip between two pictures. Every step is remembered."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, Field

from storyreel.errors import ProviderError
from storyreel.media.container import FORMATS
from storyreel.media.model import Asset
from storyreel.media.steps import LARGEST_PICTURE_PX, probe_picture, provenance
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import AnimationRequest, Animator, PredictionRequest, Predictor, SceneDescription

Status = Literal["queued", "running", "done", "stale", "failed"]


class Segment(BaseModel, frozen=True, extra="forbid"):
    """One segment of a flow, as `segments.json` tells of it.

    Attributes:
        number: from 1.
        length_s: how long it is.
        prompt: what happens in it, beyond the flow's own prompt.
        seed: of its picture ahead and its clip.
        effect: what lies between the segment before and this one.
        status: "stale" is made and plays, but begins on another picture than the segment before ends on.
        fraction: how much of it is made, 0 to 1.
        start_frame, end_frame: the pictures it lies between, once they are there.
        clip: the clip between them.
        words: a digest of what was asked of the clip.
        message: why it failed.
    """

    number: int = Field(ge=1)
    length_s: float
    prompt: str = ""
    seed: int = 0
    effect: str = "cut"
    status: Status = "queued"
    fraction: float = Field(default=0.0, ge=0.0, le=1.0)
    start_frame: Asset | None = None
    end_frame: Asset | None = None
    clip: Asset | None = None
    words: str = ""
    message: str = ""


class Ahead(BaseModel, frozen=True, extra="forbid"):
    """The picture ahead, and what it shows where that is known."""

    frame: Asset
    scene: SceneDescription | None = None


def _ignore(done: float) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class ClipJob:
    """A clip to make; see `AnimationRequest` for what its parts mean.

    Attributes:
        first, last: the pictures it lies between.
        on_progress: is told how much is done, 0 to 1; no part of the key.
    """

    prompt: str
    first: Blob
    last: Blob
    duration_s: float
    width_px: int
    height_px: int
    frames_per_s: int
    scene: SceneDescription | None = None
    seed: int = 0
    on_progress: Callable[[float], None] = field(default=_ignore, compare=False)


@step(version=1)
def look_ahead(
    project: Project,
    prompt: str,
    frame: Blob,
    predictor: Predictor,
    *,
    ahead_s: float,
    width_px: int,
    height_px: int,
    style: str,
    scene: SceneDescription | None = None,
    seed: int = 0,
) -> Ahead:
    """The picture that a shot will have come to, `ahead_s` seconds after `frame`.

    Raises:
        ProviderError: what came back is not a picture.
    """
    store = store_of(project)
    prediction = predictor.predict(
        PredictionRequest(
            prompt=prompt, frame=store.read(frame), ahead_s=ahead_s, width_px=width_px, height_px=height_px,
            style=style, scene=scene, seed=seed,
        )
    )  # fmt: skip
    width, height, suffix = probe_picture(prediction.frame, predictor.identity)
    asset = Asset(
        kind="image",
        blob=store.put_bytes(prediction.frame, suffix),
        width_px=width,
        height_px=height,
        provenance=provenance(predictor.identity, prompt, seed),
    )
    return Ahead(frame=asset, scene=prediction.scene)


@step(version=1)
def animate_between(project: Project, job: ClipJob, animator: Animator) -> Asset:
    """The clip between two pictures.

    Raises:
        ProviderError: what came back is no clip, or shorter than half of what was asked for.
        Cancelled: the user stopped the run.
    """
    store = store_of(project)

    def told(done: float) -> None:
        project.progress.raise_if_cancelled()
        job.on_progress(done)

    data = animator.animate(
        AnimationRequest(
            prompt=job.prompt, first_frame=store.read(job.first), last_frame=store.read(job.last),
            duration_s=job.duration_s, width_px=job.width_px, height_px=job.height_px, frames_per_s=job.frames_per_s,
            scene=job.scene, seed=job.seed,
        ),
        told,
    )  # fmt: skip
    width_px, height_px, duration_s, suffix = probe_clip(data, animator.identity)
    if duration_s < job.duration_s / 2:
        raise ProviderError(
            animator.identity,
            f"the clip lasts {duration_s:.1f} s instead of {job.duration_s:.1f}; run again to ask anew",
        )
    return Asset(
        kind="video",
        blob=store.put_bytes(data, suffix),
        width_px=width_px,
        height_px=height_px,
        duration_s=duration_s,
        provenance=provenance(animator.identity, job.prompt, job.seed),
    )


def probe_clip(data: bytes, provider: str) -> tuple[int, int, float, str]:
    """Look a clip through and return (width_px, height_px, duration_s, file suffix), before anything trusts it.

    Raises:
        ProviderError: the bytes are no video that holds its own pictures, or its first picture cannot be decoded.
    """
    import av

    try:
        with av.open(io.BytesIO(data), "r", options={"format_whitelist": FORMATS}) as container:
            stream = container.streams.best("video")
            if stream is None:
                raise ProviderError(provider, "the clip holds no pictures; run again to ask anew")
            width, height = stream.codec_context.width, stream.codec_context.height  # type: ignore[attr-defined]
            if width * height > LARGEST_PICTURE_PX:
                raise ProviderError(provider, f"the clip is too large ({width} x {height} pixels)")
            suffix = ".webm" if "webm" in container.format.name else ".mp4"
            next(container.decode(stream))
            duration_s = container.duration / av.time_base if container.duration else 0.0
            return width, height, duration_s, suffix
    except (av.FFmpegError, OSError, StopIteration, ValueError) as error:
        raise ProviderError(provider, "the answer is not a whole clip; run again to ask anew") from error
