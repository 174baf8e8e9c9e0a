"""A continuous flow becomes a timeline: segment after segment, music below, nothing over the pictures unasked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import cast

from storyreel.inputs.flow import FlowBrief
from storyreel.media.flow import Segment
from storyreel.media.model import Asset
from storyreel.settings import Settings
from storyreel.timeline.assemble import MUSIC_ALONE_LUFS, levelling_db
from storyreel.timeline.model import Clip, Label, Sound, Timeline, Transition, TransitionKind

MUSIC_FADE_IN_S, MUSIC_FADE_OUT_S = 1.0, 2.5
LABEL_AT_S, LABEL_S = 0.4, 3.6


def segment_frames(brief: FlowBrief, settings: Settings) -> tuple[int, ...]:
    """How many frames each segment has; their ends are rounded, so that no error adds up."""
    ends = [settings.rate.frames(end_s) for end_s in accumulate(segment.length_s for segment in brief.segments)]
    return tuple(max(1, end - start) for start, end in zip([0, *ends], ends, strict=False))


def assemble_flow(
    *,
    brief: FlowBrief,
    segments: Sequence[Segment],
    music: Asset | None,
    music_lufs: float | None,
    settings: Settings,
) -> Timeline:
    """Put a flow together.

    A segment's clip has one frame more than the segment: its last is the next one's first, and is shown only once.

    Args:
        brief: what was asked for.
        segments: one for each of the brief's, in order; one without a clip becomes a placeholder.
        music: as long as the film; None for silence.
        music_lufs: its integrated loudness; None leaves it as it is.
        settings: size, rate and loudness.
    """
    rate = settings.rate
    clips: list[Clip] = []
    labels: list[Label] = []
    at = 0
    for plan, segment, frames in zip(brief.segments, segments, segment_frames(brief, settings), strict=True):
        into = Transition()
        if clips and plan.effect != "cut":
            length = min(rate.frames(plan.effect_s), frames, clips[-1].length_frames)
            into = Transition(kind=cast(TransitionKind, plan.effect), length_frames=length)
        clips.append(
            Clip(
                id=f"f{segment.number:03d}",
                asset=segment.clip,
                start_frame=at,
                length_frames=frames,
                into=into,
                scene=segment.number,
            )
        )
        if plan.label:
            start = at + min(rate.frames(LABEL_AT_S), frames - 1)
            length = max(1, min(rate.frames(LABEL_S), at + frames - start))
            labels.append(Label(start_frame=start, length_frames=length, text=plan.label))
        at += frames
    sounds: tuple[Sound, ...] = ()
    if music is not None:
        sounds = (
            Sound(
                asset=music,
                track="music",
                start_frame=0,
                length_frames=at,
                gain_db=levelling_db(music_lufs, MUSIC_ALONE_LUFS),
                fade_in_s=min(MUSIC_FADE_IN_S, rate.seconds(at) / 4),
                fade_out_s=min(MUSIC_FADE_OUT_S, rate.seconds(at) / 2),
            ),
        )
    return Timeline(
        title=brief.title,
        language=settings.language,
        rate=rate,
        width_px=settings.width_px,
        height_px=settings.height_px,
        length_frames=at,
        clips=tuple(clips),
        labels=tuple(labels),
        sounds=sounds,
        captions="none",
        platform=settings.platform,
        loudness_lufs=settings.loudness_lufs,
        true_peak_dbtp=settings.true_peak_dbtp,
    )
