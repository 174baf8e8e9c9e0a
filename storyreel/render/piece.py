"""One piece of film drawn and encoded: here, or by a worker of a cluster, which gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.cluster.place import Place
from storyreel.memo.blob import Blob
from storyreel.render.chunks import ChunkSpec
from storyreel.render.compose import draw_chunk
from storyreel.render.copied import copied
from storyreel.render.encode import Encoder, encode
from storyreel.render.stills import Masters
from storyreel.render.text import font_file_of, with_font_file
from storyreel.workers import give_memory_back

if TYPE_CHECKING:
    from storyreel.render.overlay import Planes, Span

_FONT = "font"


def drawn(
    spec: ChunkSpec,
    path_of: Callable[[Blob], Path],
    spans: Sequence[Span],
    masters: Masters,
    encoder: Encoder = "x264",
    on_frame: Callable[[], None] = lambda: None,
) -> bytes:
    """A piece as the bytes of a `PacketRun`.

    Args:
        path_of: where a source's file is.
        spans: one for each of the spec's overlays.
        masters: where decoded stills are kept.
        encoder: the one that the spec names.
        on_frame: called after each frame; what it raises stops the piece.

    Raises:
        RenderError: a source cannot be read, or the encoder refused.
        CorruptFile: a source is missing or damaged.
    """

    def draw(planes: Planes) -> Iterator[None]:
        for _ in draw_chunk(spec, path_of, spans, masters, planes):
            on_frame()
            yield

    try:
        run = copied(spec, path_of) if encoder == "x264" else None
        run = run or encode(draw, spec.width_px, spec.height_px, spec.rate, spec.quality, encoder)
        return run.to_bytes()
    finally:
        # An encoder's buffers are by far the largest things a film needs, and every piece has an encoder of its own.
        give_memory_back()


def sent_away(
    place: Place,
    spec: ChunkSpec,
    path_of: Callable[[Blob], Path],
    spans: Sequence[Span],
    watch: Callable[[str], None],
) -> bytes:
    """A piece as `drawn` gives it, made elsewhere: its pictures, and a font of the user's own, go with it.

    Raises:
        RenderError, CorruptFile: as `drawn`.
        WorkerLost, InputError: see `Place.run`.
    """
    views = (spec.view,) if spec.coming is None else (spec.view, spec.coming)
    files = {view.source.sha256: path_of(view.source) for view in views if view.source is not None}
    if font := font_file_of(spans):
        files[_FONT] = Path(font)
    return place.run(_drawn_from, spec, tuple(spans), files=files, watch=watch)


def _drawn_from(files: Mapping[str, Path], spec: ChunkSpec, spans: Sequence[Span]) -> bytes:
    """What the worker does."""
    font = files.get(_FONT)
    own = spans if font is None else [with_font_file(span, str(font)) for span in spans]
    return drawn(spec, lambda blob: files[blob.sha256], own, _masters())


@cache
def _masters() -> Masters:
    return Masters()
