"""A continuous flow's material: the picture ahead, and the clip between two pictures. Every step is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import BaseModel, Field

from storyreel.cluster import done_by
from storyreel.errors import ProviderRefused
from storyreel.media.clips import check_clip
from storyreel.media.model import Asset
from storyreel.media.steps import probe_picture, provenance
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import AnimationRequest, Animator, PredictionRequest, Predictor, SceneDescription
from storyreel.shots.softening import gentler

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

    One that is refused is asked for more gently, once.

    Raises:
        ProviderRefused: that was refused, too.
        ProviderError: what came back is not a picture.
    """
    store = store_of(project)
    request = PredictionRequest(
        prompt=prompt, frame=store.read(frame), ahead_s=ahead_s, width_px=width_px, height_px=height_px, style=style,
        scene=scene, seed=seed,
    )  # fmt: skip
    try:
        prediction = done_by(project.progress, predictor.predict, request)
    except ProviderRefused as refused:
        project.progress.warn(f"{refused}; the picture ahead is asked for once more in gentler words", "segments")
        prediction = done_by(project.progress, predictor.predict, replace(request, prompt=gentler(prompt)))
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
    """The clip between two pictures, as the animator made it; one that is refused is asked for more gently, once.

    Raises:
        ProviderRefused: that was refused, too.
        ProviderError: what came back is not the clip that was asked for; see `storyreel.media.clips`.
        Cancelled: the user stopped the run.
    """
    store = store_of(project)

    def told(done: float) -> None:
        project.progress.raise_if_cancelled()
        job.on_progress(done)

    request = AnimationRequest(
        prompt=job.prompt, first_frame=store.read(job.first), last_frame=store.read(job.last),
        duration_s=job.duration_s, width_px=job.width_px, height_px=job.height_px, frames_per_s=job.frames_per_s,
        scene=job.scene, seed=job.seed,
    )  # fmt: skip
    try:
        data = done_by(project.progress, animator.animate, request, told)
    except ProviderRefused as refused:
        project.progress.warn(f"{refused}; the clip is asked for once more in gentler words", "segments")
        softer = replace(request, prompt=gentler(job.prompt))
        data = done_by(project.progress, animator.animate, softer, told)
    facts = check_clip(data, animator.identity, job.duration_s)
    return Asset(
        kind="video",
        blob=store.put_bytes(data, facts.suffix),
        width_px=facts.width_px,
        height_px=facts.height_px,
        duration_s=facts.duration_s,
        provenance=provenance(animator.identity, job.prompt, job.seed),
    )
