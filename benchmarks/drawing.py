"""A film's frames before they are encoded, and its sound alone: where benchmarks reach into the renderer's parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.chunks import Chunk, cut_into_chunks
from storyreel.render.compose import draw_chunk
from storyreel.render.encode import encode, encoder_name
from storyreel.render.frames import empty_planes
from storyreel.render.overlay import Planes, Span
from storyreel.render.steps import audible, master_sound
from storyreel.render.stills import Masters
from storyreel.render.text import overlay_spans
from storyreel.settings import Quality
from storyreel.timeline.model import Timeline


class Drawer:
    """Draws a film's pieces, each into planes of its own."""

    def __init__(self, project: Project, timeline: Timeline, quality: Quality = "standard") -> None:
        self.project, self.timeline, self.quality = project, timeline, quality
        self.spans: Sequence[Span] = overlay_spans(timeline)
        self.chunks: list[Chunk] = cut_into_chunks(timeline, self.spans, quality=quality, encoder=encoder_name())
        self._store, self._masters = store_of(project), Masters()

    def again(self) -> Drawer:
        """The same film with no picture decoded yet."""
        return Drawer(self.project, self.timeline, self.quality)

    def draw(self, chunk: Chunk) -> Iterator[Planes]:
        """A piece's frames in order; all are the same planes, drawn anew."""
        planes = empty_planes(self.timeline.width_px, self.timeline.height_px)
        texts = [self.spans[index] for index in chunk.spans]
        for _ in draw_chunk(chunk.spec, self._store.path, texts, self._masters, planes):
            yield planes

    def prepare(self, chunk: Chunk) -> list[Planes]:
        """A piece's frames, each kept."""
        frames: list[Planes] = []
        for y, u, v in self.draw(chunk):
            frames.append((y.copy(), u.copy(), v.copy()))
        return frames

    def encode(self, frames: Sequence[Planes]) -> int:
        """Encode frames as the render does and return how many bytes they took."""

        def copy_into(planes: Planes) -> Iterator[None]:
            for frame in frames:
                for target, plane in zip(planes, frame, strict=True):
                    target[...] = plane
                yield

        timeline = self.timeline
        run = encode(copy_into, timeline.width_px, timeline.height_px, timeline.rate, self.quality)
        return sum(len(packet.data) for packet in run.packets)


def make_sound(project: Project, timeline: Timeline) -> None:
    """Mix, master and encode a film's sound."""
    master_sound(project, audible(timeline))
