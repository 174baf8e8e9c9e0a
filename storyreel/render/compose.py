"""One piece of film drawn frame by frame: pictures, transition, fades, then the texts over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.errors import RenderError
from storyreel.memo.blob import Blob
from storyreel.render.chunks import ChunkSpec, View
from storyreel.render.footage import footage
from storyreel.render.frames import empty_planes, sample
from storyreel.render.motion import Size, window_at
from storyreel.render.overlay import Planes, blend
from storyreel.render.stills import Master, Masters, load_master, master_scales, still_size
from storyreel.render.transitions import dim, dissolve, progress_of, weights

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
        opacity = spec.picture_opacity(index)
        if coming is None:
            going.draw(index, out)
        else:
            progress = progress_of(spec.transition_first + index, spec.transition_length)
            gone, come = weights(spec.transition, progress)
            if gone > 0.0 and come > 0.0:
                dissolve(going.frame(index), coming.frame(index), come, out)
            else:
                (going if come == 0.0 else coming).draw(index, out)
                opacity *= gone + come
        dim(out, opacity)
        texts.draw(index, out)
        yield


class _Picture:
    """One view's frames; a picture that stands still is drawn once."""

    def __init__(self, view: View, spec: ChunkSpec, path_of: Callable[[Blob], Path], masters: Masters) -> None:
        self._view, self._size = view, (spec.width_px, spec.height_px)
        self._planes: Planes | None = None
        self._played = -1
        self._masters: Iterator[Master] | None = None
        self._master: Master | None = None
        if view.source is None:
            return
        if view.video:
            self._masters = footage(path_of(view.source), spec.rate, view.first)
        else:
            self._master = still_master(view, self._size, path_of(view.source), masters)

    def draw(self, index: int, out: Planes) -> None:
        """Draw the piece's frame `index` into `out`; frames are asked for in rising order."""
        if self._view.static:
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
        if self._masters is not None:
            for _ in range(index - self._played):
                self._master = next(self._masters)
            self._played = index
        master = self._master
        if master is None:
            raise RenderError("a picture was asked for before its source was opened")
        picture = master.width_px, master.height_px
        sample(master, window_at(self._view.motion, self._view.progress(index), picture, self._size), out)


def still_master(view: View, size: Size, path: Path, masters: Masters) -> Master:
    """The master that suits a view of a still, decoded if nobody has yet.

    Raises:
        RenderError: the picture cannot be read.
    """
    picture = still_size(path)
    scales = [window_at(view.motion, progress, picture, size).scale for progress in (0.0, 1.0)]
    shrink, grow = master_scales(min(scales), max(scales))
    return masters.get((str(path), shrink, grow), lambda: load_master(path, shrink, grow))


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
