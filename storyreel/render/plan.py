"""What a render will cost, before it begins: how many pieces are remembered, how many to draw, how long it takes."""

from __future__ import annotations

from pydantic import BaseModel

from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.chunks import check_tiling
from storyreel.render.encode import Encoder
from storyreel.render.pace import seconds_a_frame
from storyreel.render.steps import audible, film, film_job, master_sound, render_chunk
from storyreel.render.stills import Masters
from storyreel.settings import Quality
from storyreel.timeline.model import Timeline
from storyreel.workers import core_count

_SOUND_S_A_SECOND = 0.012  # of one core, for mixing, mastering and encoding
_JOIN_S_A_SECOND = 0.003


class RenderPlan(BaseModel, frozen=True, extra="forbid"):
    """What rendering a timeline takes.

    Attributes:
        pieces: how many the film is cut into.
        remembered: how many of them need no drawing: they are there already, or another one is just like them.
        frames, frames_to_draw: of the whole film, and of the pieces that are not there.
        sound_remembered, film_remembered: whether the sound, and the finished file, are there already.
        estimated_s: about how long it takes here, in seconds, from the pace of earlier renders.
    """

    pieces: int
    remembered: int
    frames: int
    frames_to_draw: int
    sound_remembered: bool
    film_remembered: bool
    estimated_s: float

    @property
    def to_draw(self) -> int:
        """How many pieces will be drawn."""
        return self.pieces - self.remembered


def render_plan(
    project: Project, timeline: Timeline, *, quality: Quality = "standard", encoder: Encoder = "x264"
) -> RenderPlan:
    """Look up what of a film is remembered; makes nothing.

    Args:
        timeline: as `render_pieces` takes it.

    Raises:
        RenderError: the clips do not tile the film.
    """
    check_tiling(timeline)
    job, masters = film_job(timeline, quality, encoder), Masters()
    missing: dict[str, int] = {}  # like pieces are drawn once
    for chunk in job.chunks:
        piece = job.piece(chunk, masters)
        if not render_chunk.is_remembered(project, piece):
            missing[render_chunk.key(project, piece)] = chunk.spec.length_frames
    frames_to_draw = sum(missing.values())
    film_there = film.is_remembered(project, job)
    sound_there = master_sound.is_remembered(project, audible(timeline))
    work_s = frames_to_draw * seconds_a_frame(store_of(project), timeline, quality, encoder)
    film_s = timeline.rate.seconds(timeline.length_frames)
    work_s += 0.0 if sound_there else film_s * _SOUND_S_A_SECOND
    return RenderPlan(
        pieces=len(job.chunks),
        remembered=len(job.chunks) - len(missing),
        frames=timeline.length_frames,
        frames_to_draw=frames_to_draw,
        sound_remembered=sound_there,
        film_remembered=film_there,
        estimated_s=0.0 if film_there else work_s / core_count() + film_s * _JOIN_S_A_SECOND,
    )
