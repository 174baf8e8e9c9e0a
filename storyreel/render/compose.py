"""One piece of film drawn frame by frame: pictures, transition, fades, then the texts over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storyreel.errors import RenderError
from storyreel.memo.blob import Blob
from storyreel.render.chunks import ChunkSpec, View
from storyreel.render.colour import BLACK, colour_of, rgb_of
from storyreel.render.footage import footage
from storyreel.render.frames import empty_planes, sample
from storyreel.render.grounds import Ground, blurred_ground, inside
from storyreel.render.motion import Size, fitted_box, is_static, scale_range, window_at
from storyreel.render.overlay import Planes, blend
from storyreel.render.picture_files import still_size
from storyreel.render.stills import Master, Masters, load_master, master_scales
from storyreel.render.transitions import FADES, fade, fade_weights, mix, progress_of

if TYPE_CHECKING:
    from storyreel.render.overlay import Patch, Span

_PLACEHOLDER = (60, 132, 124)


def draw_chunk(
    spec: ChunkSpec, path_of: Callable[[Blob], Path], spans: Sequence[Span], masters: Masters, out: Planes
) -> Iterator[None]:
    """Draw a piece's frames in order, all into the same planes.

    Args:
        spec: the piece.
        path_of: where a source's file is.
        spans: for each of the spec's overlays, a span with its key; only how it draws is asked.
        masters: where decoded stills are kept.
        out: the planes of one frame.

    Yields:
        Nothing, whenever `out` holds the next frame.

    Raises:
        RenderError: a source cannot be read.
    """
    going = _Picture(spec.view, spec, path_of, masters)
    coming = _Picture(spec.coming, spec, path_of, masters) if spec.coming is not None else None
    texts = _Texts(spec, spans)
    for index in range(spec.length_frames):
        if coming is None:
            going.draw(index, out)
        else:
            progress = progress_of(spec.transition_first + index, spec.transition_length)
            if colour := FADES.get(spec.transition):
                gone, come = fade_weights(progress)
                (coming if come > 0.0 else going).draw(index, out)
                fade(out, colour, gone + come)
            else:
                mix(spec.transition, spec.side, progress, going.frame(index), coming.frame(index), out)
        fade(out, BLACK, spec.picture_opacity(index))
        texts.draw(index, out)
        yield


class _Picture:
    """One view's frames; a picture that stands still is drawn once, and so is what lies behind a smaller one."""

    def __init__(self, view: View, spec: ChunkSpec, path_of: Callable[[Blob], Path], masters: Masters) -> None:
        self._view, self._size = view, (spec.width_px, spec.height_px)
        self._planes: Planes | None = None
        self._kept = masters
        self._played = -1
        self._film: Iterator[Master] | None = None
        self._master: Master | None = None
        self._key: StillKey | None = None
        self._laid_for: Size | Master | None = None
        if view.source is None:
            return
        path = path_of(view.source)
        if view.video:
            self._film = footage(
                path, spec.rate, view.source_first, source_start_s=view.source_start_s, speed=view.speed,
                shrink_of=self._shrink_of,
            )  # fmt: skip
        else:
            self._key = still_key(view, self._size, path)
            self._master = still_master(self._key, masters)

    def draw(self, index: int, out: Planes) -> None:
        """Draw the piece's frame `index` into `out`; frames are asked for in rising order."""
        if self._view.static or self._view.fit.kind != "crop":
            _copy(self.frame(index), out)
        else:
            self._sample(index, out)

    def frame(self, index: int) -> Planes:
        """The piece's frame `index` in planes of this view's own."""
        fresh = self._planes is None
        planes = self._planes = self._planes or empty_planes(*self._size)
        if fresh or not self._view.static:
            self._sample(index, planes)
        return planes

    def _sample(self, index: int, out: Planes) -> None:
        if self._view.source is None:
            for plane, value in zip(out, _PLACEHOLDER, strict=True):
                plane.fill(value)
            return
        if self._film is not None:
            for _ in range(index - self._played):
                self._master = next(self._film)
            self._played = index
        master, view = self._master, self._view
        if master is None:
            raise RenderError("a picture was asked for before its source was opened")
        box = fitted_box(view.fit, master.size, self._size)
        if box.size != self._size:
            self._lay_ground(master, out)
        sample(master, window_at(view.motion, view.progress(index), master.size, box.size), inside(out, box))

    def _lay_ground(self, master: Master, out: Planes) -> None:
        """Draw what lies behind a picture smaller than the frame, unless `out` holds it from the frame before."""
        fit = self._view.fit
        laid_for = master if fit.kind == "blur" else master.size
        if self._laid_for == laid_for:
            return
        self._laid_for = laid_for
        if fit.kind == "colour":
            for plane, level in zip(out, colour_of(fit.colour), strict=True):
                plane.fill(level)
        elif self._view.video:
            _copy(blurred_ground(master, self._size).planes, out)
        else:
            ground = self._kept.get(Ground, (self._key, self._size), lambda: blurred_ground(master, self._size))
            _copy(ground.planes, out)

    def _shrink_of(self, picture: Size) -> float:
        """How much to shrink a video's picture: to the frame's own pixels, or as `master_scales` has it if it moves."""
        motion = self._view.motion
        _, largest = scale_range(motion, picture, fitted_box(self._view.fit, picture, self._size).size)
        if largest < 1.5:
            return 1.0
        return (1.0 if is_static(motion) else 1.5) / largest


class StillKey(NamedTuple):
    """All that decides a still's master: the arguments of `load_master`."""

    path: Path
    shrink: float
    grow: float
    behind: tuple[int, int, int]


def still_key(view: View, size: Size, path: Path) -> StillKey:
    """Which master suits a view of a still.

    Raises:
        RenderError: the picture cannot be read.
    """
    picture = still_size(path)
    shrink, grow = master_scales(*scale_range(view.motion, picture, fitted_box(view.fit, picture, size).size))
    return StillKey(path, shrink, grow, rgb_of(view.fit.colour) if view.fit.kind == "colour" else (0, 0, 0))


def still_master(key: StillKey, masters: Masters) -> Master:
    """A still's master, decoded if nobody has yet.

    Raises:
        RenderError: the picture cannot be read.
    """
    return masters.get(Master, key, lambda: load_master(*key))


class _Texts:
    """The texts over a piece; each is drawn when it first shows, and blended on every frame it is there."""

    def __init__(self, spec: ChunkSpec, spans: Sequence[Span]) -> None:
        self._spans = [
            replace(span, start_frame=over.start, end_frame=over.end, fade_in_frames=over.fade_in,
                    fade_out_frames=over.fade_out)
            for over, span in zip(spec.overlays, spans, strict=True)
        ]  # fmt: skip
        self._patches: dict[str, Patch | None] = {}

    def draw(self, index: int, planes: Planes) -> None:
        for span in self._spans:
            if not span.start_frame <= index < span.end_frame:
                continue
            if span.key not in self._patches:
                self._patches[span.key] = span.draw()
            patch = self._patches[span.key]
            opacity = span.opacity(index)
            if patch is not None and opacity > 0.0:
                blend(planes, patch, opacity)


def _copy(source: Planes, target: Planes) -> None:
    for plane, into in zip(source, target, strict=True):
        into[...] = plane
