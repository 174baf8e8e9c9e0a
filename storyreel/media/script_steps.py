"""Where a script film's own material is made: clips from keyframes, and sound effects. Every step is remembered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from storyreel.cluster import done_by, travels
from storyreel.errors import ProviderError, ProviderRefused
from storyreel.media.clips import check_clip
from storyreel.media.model import Asset
from storyreel.media.sound import write_flac
from storyreel.media.steps import credited, provenance
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import (
    AnimationRequest,
    Animator,
    EffectRequest,
    Effects,
    ImageRequest,
    Speech,
    SpeechRequest,
    Voice,
)
from storyreel.providers.prices import Quote, Usage, quote_of
from storyreel.shots.softening import gentler

SHORTEST_CLIP_S = 2


@dataclass(frozen=True, slots=True)
class PacedVoice:
    """A voice that speaks slower or faster than it does by itself; a `Voice`."""

    voice: Voice
    speed: float

    @property
    def identity(self) -> str:
        """The voice's own, with the speed."""
        return f"{self.voice.identity}@{self.speed:g}"

    @property
    def travels(self) -> bool:
        """Whether the voice's own work may be done elsewhere."""
        return travels(self.voice)

    def price(self, usage: Usage) -> Quote:
        """What the voice charges."""
        return quote_of(self.voice, usage)

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one passage at this voice's pace."""
        return self.voice.speak(replace(request, speed=request.speed * self.speed))


def clip_length_s(shot_s: float) -> float:
    """How long a clip to ask for, for a shot of that length: whole seconds, so that a small change needs no new one."""
    return float(max(SHORTEST_CLIP_S, ceil(shot_s)))


@step(version=1)
def animate_keyframe(
    project: Project,
    keyframe: Asset,
    request: ImageRequest,
    prompt: str,
    animator: Animator,
    *,
    duration_s: float,
    width_px: int,
    height_px: int,
    frames_per_s: int,
) -> Asset:
    """Make a shot's clip from its keyframe; one that is refused is asked for more gently, once.

    Args:
        request: what the keyframe was asked for with.
        prompt: what happens in the clip.

    Raises:
        ProviderRefused: that was refused, too.
        ProviderError: what came back is not the clip that was asked for; see `storyreel.media.clips`.
    """
    store = store_of(project)
    wanted = AnimationRequest(
        prompt=prompt,
        first_frame=store.read(keyframe.blob),
        last_frame=None,
        duration_s=duration_s,
        width_px=width_px,
        height_px=height_px,
        frames_per_s=frames_per_s,
        scene=request.scene,
        seed=request.seed,
    )
    try:
        data = done_by(project.progress, animator.animate, wanted)
    except ProviderRefused as refused:
        project.progress.warn(f"{refused}; the clip is asked for once more in gentler words", "animate")
        data = done_by(project.progress, animator.animate, replace(wanted, prompt=gentler(prompt)))
    facts = check_clip(data, animator.identity, duration_s)
    clip = Asset(
        kind="video",
        blob=store.put_bytes(data, facts.suffix),
        width_px=facts.width_px,
        height_px=facts.height_px,
        duration_s=facts.duration_s,
        provenance=provenance(animator.identity, prompt, request.seed),
    )
    return credited(clip, keyframe.provenance.credit)


@step(version=1)
def make_effect(
    project: Project, kind: str, description: str, duration_s: float, effects: Effects, *, seed: int
) -> Asset:
    """Make a sound effect of exactly `duration_s` seconds; one that is refused is asked for more gently, once.

    Raises:
        ProviderRefused: that was refused, too.
        ProviderError: it is silent or damaged.
    """
    try:
        request = EffectRequest(kind=kind, description=description, duration_s=duration_s, seed=seed)
        sound = done_by(project.progress, effects.make, request)
    except ProviderRefused as refused:
        project.progress.warn(f"{refused}; the sound of {kind} is asked for once more in gentler words", "effects")
        softer = gentler(description, "Soft and far away.")
        sound = done_by(project.progress, effects.make, replace(request, description=softer))
    if not sound.samples.any() or not np.isfinite(sound.samples).all():
        raise ProviderError(effects.identity, f"the sound of {kind} is silent or damaged; run again to ask anew")
    return Asset(
        kind="audio",
        blob=store_of(project).put_bytes(write_flac(sound.samples, sound.sample_rate_hz), ".flac"),
        duration_s=len(sound.samples) / sound.sample_rate_hz,
        provenance=provenance(effects.identity, description, seed),
    )
