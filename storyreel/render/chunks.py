"""The film cut into pieces that are drawn, encoded and remembered one by one.

A `ChunkSpec` holds everything that can change a pixel of its piece, with times counted from the piece's own start: the
same value is the same video, wherever on the timeline it lies. Each scene's body and each transition is cut by itself
into pieces of about two seconds, so an edit re-makes the pieces it touches and no other. A video's body is cut where a
video that was made for this film begins its groups of pictures, so that it can be parted without being drawn again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from storyreel.clock import Rate
from storyreel.codec import GROUP_S
from storyreel.errors import RenderError
from storyreel.memo.blob import Blob
from storyreel.render.motion import is_static
from storyreel.settings import Quality
from storyreel.timeline.model import Fit, Motion, Side, Timeline, Transition, TransitionKind
from storyreel.timeline.transitions import reach

if TYPE_CHECKING:
    from storyreel.render.overlay import Span

ENGINE_VERSION = 3
"""Raised by hand whenever the same spec would be drawn or encoded differently."""

CHUNK_S = 2

_SIDED = ("wipe", "slide", "push")


class View(BaseModel, frozen=True, extra="forbid"):
    """A stretch of one clip's visible time.

    What a view does not use is left at its default, so that it changes no key.

    Attributes:
        source: the picture or video; None for a clip that has none yet, drawn as a placeholder.
        video: whether the source moves by itself.
        motion: the camera's move.
        fit: how the picture fills the frame.
        first: which of the clip's visible frames the piece starts on; 0 where the camera stands still.
        visible: how many frames the clip is seen, its shares of both transitions included; 1 where the camera stands
            still.
        source_start_s, speed: of a video: where in it the clip begins, and how fast it plays.
        source_first: of a video: how many frames after the clip's own start the piece starts; negative in the
            transition that leads in, so that the clip's own first frame shows `source_start_s` whatever leads there.
    """

    source: Blob | None
    video: bool = False
    motion: Motion
    fit: Fit = Fit()
    first: int = Field(ge=0)
    visible: int = Field(ge=1)
    source_start_s: float = 0.0
    speed: float = 1.0
    source_first: int = 0

    @property
    def static(self) -> bool:
        """Whether every frame of it is the same."""
        return not self.video and (self.visible == 1 or is_static(self.motion))

    def progress(self, index: int) -> float:
        """The motion's progress on the piece's frame `index`."""
        return 0.0 if self.visible == 1 else (self.first + index) / (self.visible - 1)


class Overlay(BaseModel, frozen=True, extra="forbid"):
    """A text over the piece: its pixels' key, and when it is there, in frames from the piece's start.

    The start may lie before the piece and the end after it only as far as a fade reaches in.
    """

    key: str
    start: int
    end: int
    fade_in: int = 0
    fade_out: int = 0


class Fade(BaseModel, frozen=True, extra="forbid"):
    """A fade at the film's end or start: the piece's first frame is number `first` of a fade of `length` frames."""

    first: int
    length: int


class ChunkSpec(BaseModel, frozen=True, extra="forbid"):
    """All that decides one piece of film.

    Attributes:
        view: the picture, or in a transition the one that goes.
        coming: in a transition, the one that comes.
        transition, transition_first, transition_length: its kind, which of its frames the piece starts on, its length.
        side: where a wipe, a slide or a push comes from.
        overlays: texts over the pictures, in drawing order.
        fade_in, fade_out: where the film's own fades reach into the piece.
        engine: `ENGINE_VERSION`; like `encoder`, without a default, because defaults are no part of a key.
        encoder: the encoder's name and version.
    """

    engine: int
    encoder: str
    quality: Quality
    width_px: int
    height_px: int
    rate: Rate
    length_frames: int = Field(ge=1)
    view: View
    coming: View | None = None
    transition: TransitionKind = "cut"
    transition_first: int = 0
    transition_length: int = 0
    side: Side = "left"
    overlays: tuple[Overlay, ...] = ()
    fade_in: Fade | None = None
    fade_out: Fade | None = None

    def picture_opacity(self, index: int) -> float:
        """How much of the picture is seen on the piece's frame `index`: 0 on the film's first and last if it fades."""
        opacity = 1.0
        if self.fade_in is not None:
            opacity = min(opacity, (self.fade_in.first + index) / self.fade_in.length)
        if self.fade_out is not None:
            left = self.fade_out.length - self.fade_out.first - index
            opacity = min(opacity, left / self.fade_out.length)
        return opacity


class Chunk(BaseModel, frozen=True, extra="forbid"):
    """A piece and its place in the film.

    Attributes:
        clips: the ids of the clips it shows.
        spans: for each of the spec's overlays, its index among the film's texts.
    """

    start_frame: int
    spec: ChunkSpec
    clips: tuple[str, ...]
    spans: tuple[int, ...] = ()

    @property
    def end_frame(self) -> int:
        """The first frame after it."""
        return self.start_frame + self.spec.length_frames


def cut_into_chunks(
    timeline: Timeline, spans: Sequence[Span] = (), *, quality: Quality = "standard", encoder: str = ""
) -> list[Chunk]:
    """Cut a film into its pieces, in order and without gaps.

    Args:
        timeline: the film.
        spans: every text over it, in drawing order.
        quality, encoder: go into every spec.

    Raises:
        RenderError: the clips do not tile the film, or one is too short for its transitions.
    """
    check_tiling(timeline)
    lookup = _SpansByTime(spans)
    chunks: list[Chunk] = []
    for start, end, shown, transition in _stretches(timeline):
        view, coming = _view(timeline, shown[0], start), _view(timeline, shown[1], start) if transition else None
        grid = None if transition else _group_grid(timeline, shown[0])
        for piece_start, piece_end in _pieces(start, end, timeline.rate, grid):
            offset = piece_start - start
            texts = lookup.touching(piece_start, piece_end)
            spec = ChunkSpec(
                engine=ENGINE_VERSION,
                encoder=encoder,
                quality=quality,
                width_px=timeline.width_px,
                height_px=timeline.height_px,
                rate=timeline.rate,
                length_frames=piece_end - piece_start,
                view=_later(view, offset),
                coming=_later(coming, offset) if coming is not None else None,
                transition=transition.kind if transition else "cut",
                transition_first=offset if transition else 0,
                transition_length=transition.length_frames if transition else 0,
                side=transition.side if transition and transition.kind in _SIDED else "left",
                overlays=tuple(_overlay(span, piece_start, piece_end) for _, span in texts),
                fade_in=_fade_in(timeline, piece_start),
                fade_out=_fade_out(timeline, piece_end, piece_end - piece_start),
            )
            clips = tuple(timeline.clips[index].id for index in shown)
            spans_seen = tuple(index for index, _ in texts)
            chunks.append(Chunk(start_frame=piece_start, spec=spec, clips=clips, spans=spans_seen))
    return chunks


def check_tiling(timeline: Timeline) -> None:
    """Make sure that pictures cover the whole film.

    Raises:
        RenderError: there is a gap, an overlap, no clip at all, or a clip shorter than its transitions.
    """
    at = 0
    for clip in timeline.clips:
        if clip.start_frame != at:
            raise RenderError(
                f"clip {clip.id} starts on frame {clip.start_frame} but the one before ends on {at}: "
                "assemble the timeline again"
            )
        at = clip.end_frame
    if at != timeline.length_frames:
        raise RenderError(
            f"the pictures last {at} frames and the film {timeline.length_frames}: assemble the timeline again"
        )
    for index, clip in enumerate(timeline.clips):
        if clip.length_frames < _reach(timeline, index)[1] + _reach(timeline, index + 1)[0]:
            raise RenderError(
                f"clip {clip.id} lasts {clip.length_frames} frames, too short for the transitions at its ends: "
                "make it longer or the transitions shorter"
            )


def visible_range(timeline: Timeline, index: int) -> tuple[int, int]:
    """The frames in which clip number `index` is seen, end excluded: its own and its shares of both transitions."""
    clip = timeline.clips[index]
    return clip.start_frame - _reach(timeline, index)[0], clip.end_frame + _reach(timeline, index + 1)[1]


def _reach(timeline: Timeline, index: int) -> tuple[int, int]:
    """How many frames the transition into clip `index` covers before and after the cut; the first clip's is a cut."""
    return reach(timeline.clips[index].into) if 0 < index < len(timeline.clips) else (0, 0)


def _stretches(timeline: Timeline) -> Iterator[tuple[int, int, tuple[int, ...], Transition | None]]:
    """Every transition and every body, as (start, end, the clips seen, the transition)."""
    for index, clip in enumerate(timeline.clips):
        before, after = _reach(timeline, index)
        body_start, body_end = clip.start_frame + after, clip.end_frame - _reach(timeline, index + 1)[0]
        if before + after:
            yield clip.start_frame - before, body_start, (index - 1, index), clip.into
        if body_end > body_start:
            yield body_start, body_end, (index,), None


def _view(timeline: Timeline, index: int, at_frame: int) -> View:
    clip = timeline.clips[index]
    asset = clip.asset
    if asset is None:
        return View(source=None, motion=Motion(), first=0, visible=1)
    start, end = visible_range(timeline, index)
    moving, video = not is_static(clip.motion), asset.kind == "video"
    colour = clip.fit.colour.lower() if clip.fit.kind == "colour" else Fit().colour
    return View(
        source=asset.blob,
        video=video,
        motion=clip.motion if moving else Motion(start=clip.motion.start, end=clip.motion.start, ease="linear"),
        fit=Fit(kind=clip.fit.kind, colour=colour),
        first=at_frame - start if moving else 0,
        visible=end - start if moving else 1,
        source_start_s=clip.source_start_s if video else 0.0,
        speed=clip.speed if video else 1.0,
        source_first=at_frame - clip.start_frame if video else 0,
    )


def _later(view: View, frames: int) -> View:
    update = {"first": view.first + frames} if view.visible > 1 else {}
    if view.video:
        update["source_first"] = view.source_first + frames
    return view.model_copy(update=update)


def _group_grid(timeline: Timeline, index: int) -> int | None:
    """The frame on which the clip's video begins, from which its groups of pictures count; None where none is whole."""
    clip, fps = timeline.clips[index], timeline.rate.fps
    if clip.asset is None or clip.asset.kind != "video" or clip.speed != 1.0 or fps.denominator != 1:
        return None
    start = Fraction(str(clip.source_start_s)) * fps
    return clip.start_frame - int(start) if start.denominator == 1 else None


def _pieces(start: int, end: int, rate: Rate, grid: int | None = None) -> Iterator[tuple[int, int]]:
    """Cut a stretch into equal pieces of about `CHUNK_S`; a stretch up to half as long again stays whole.

    Args:
        grid: a frame from which on groups of `GROUP_S` count, between which then all inner cuts lie.
    """
    if grid is not None:
        group = int(rate.fps * GROUP_S)
        cuts = [start, *range(start + ((grid - start) % group or group), end, group), end]
        yield from pairwise(cuts)
        return
    count = max(1, round((end - start) / (rate.fps * CHUNK_S)))
    for k in range(count):
        yield start + (end - start) * k // count, start + (end - start) * (k + 1) // count


class _SpansByTime:
    """The spans that touch a stretch, found without looking at all of them; drawing order is kept."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.ordered = sorted(enumerate(spans), key=lambda item: item[1].start_frame)
        self.starts = [span.start_frame for _, span in self.ordered]
        self.longest = max((span.end_frame - span.start_frame for span in spans), default=0)

    def touching(self, start: int, end: int) -> list[tuple[int, Span]]:
        first = bisect_right(self.starts, start - self.longest)
        last = bisect_right(self.starts, end - 1)
        return sorted(
            (item for item in self.ordered[first:last] if item[1].end_frame > start), key=lambda item: item[0]
        )


def _overlay(span: Span, start: int, end: int) -> Overlay:
    fading_in = span.start_frame + span.fade_in_frames > start
    fading_out = span.end_frame - span.fade_out_frames < end
    return Overlay(
        key=span.key,
        start=span.start_frame - start if fading_in else 0,
        end=(span.end_frame if fading_out else end) - start,
        fade_in=span.fade_in_frames if fading_in else 0,
        fade_out=span.fade_out_frames if fading_out else 0,
    )


def _fade_in(timeline: Timeline, start: int) -> Fade | None:
    return Fade(first=start, length=timeline.fade_in_frames) if start < timeline.fade_in_frames else None


def _fade_out(timeline: Timeline, end: int, length: int) -> Fade | None:
    """Frame 0 of the fade is the film's last one that is fully seen; frame `length` is the film's last."""
    first_faded = timeline.length_frames - timeline.fade_out_frames
    if not timeline.fade_out_frames or end <= first_faded:
        return None
    return Fade(first=end - length - first_faded + 1, length=timeline.fade_out_frames)
