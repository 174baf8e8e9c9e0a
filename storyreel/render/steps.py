"""Rendering as remembered steps: pieces and sound side by side on every core, then one file.

A piece is remembered under its `ChunkSpec` alone, the sound under the parts of the timeline that can be heard, and the
film under the whole timeline. After an edit only what it touches is drawn again; what it takes otherwise is a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from storyreel.errors import CorruptFile, RenderError
from storyreel.media.model import Provenance
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.progress import Task
from storyreel.project import Project
from storyreel.render.chunks import ENGINE_VERSION, Chunk, ChunkSpec, check_tiling, cut_into_chunks
from storyreel.render.encode import encoder_name
from storyreel.render.packets import SUFFIX, PacketRun
from storyreel.render.stills import Masters
from storyreel.render.text import overlay_spans, text_warning
from storyreel.settings import Quality
from storyreel.timeline.model import Timeline
from storyreel.workers import fan_out

if TYPE_CHECKING:
    from storyreel.render.overlay import Planes, Span


@dataclass(frozen=True, slots=True)
class ChunkJob:
    """A piece to draw. Its spec is the whole key; the rest only helps to draw it.

    Attributes:
        spec: what is drawn.
        spans: one for each of the spec's overlays.
        masters: decoded stills, shared by the pieces of one film.
        clips: the ids of the clips it shows, for messages.
    """

    spec: ChunkSpec
    spans: tuple[Span, ...] = field(default=(), compare=False)
    masters: Masters = field(default_factory=Masters, compare=False)
    clips: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class FilmJob:
    """A film to render.

    Attributes:
        made_by: the versions that change the file.
        text_keys: a digest of the keys of `spans`, which know of fonts and styles that the timeline only names.
        spans: every text over the film.
        task: what is told of the progress.
    """

    timeline: Timeline
    quality: Quality
    made_by: str
    text_keys: str
    spans: tuple[Span, ...] = field(compare=False)
    task: Task = field(compare=False)


def render_film(
    project: Project, timeline: Timeline, *, quality: Quality = "standard", placeholders: bool = False
) -> Blob:
    """Render a timeline to an MP4: H.264 and AAC, exactly as long as the timeline.

    Args:
        quality: the encoder preset.
        placeholders: draw a clip without an asset as a plain tone; by default it stops the render.

    Returns:
        The file (".mp4") in the project's store.

    Raises:
        RenderError: a clip has no asset, its file cannot be read, or the clips do not tile the film.
        DiskFull, StorageError: the disk took no more; finished pieces are kept.
        Cancelled: the user stopped it; finished pieces are kept.
    """
    check_tiling(timeline)
    if not placeholders:
        _check_assets(timeline)
    if warning := text_warning(timeline):
        project.progress.warn(warning, "render")
    with project.progress.task("render", timeline.length_frames, "frames") as task:
        spans = overlay_spans(timeline)
        text_keys = sha256(" ".join(span.key for span in spans).encode()).hexdigest()
        job = FilmJob(timeline, quality, f"{ENGINE_VERSION} {encoder_name()}", text_keys, spans, task)
        blob, remembered = film.recall(project, job)
        if remembered:
            task.advance(timeline.length_frames, remembered=True)
    return blob


@step(version=1)
def film(project: Project, job: FilmJob) -> Blob:
    """Render and join everything; see `render_film`."""
    from storyreel.render.join import join

    timeline, spans, task, store = job.timeline, job.spans, job.task, store_of(project)
    chunks = cut_into_chunks(timeline, spans, quality=job.quality, encoder=encoder_name())
    masters = Masters()

    def work(chunk: Chunk | None) -> Blob:
        project.progress.raise_if_cancelled()
        if chunk is None:
            return master_sound(project, audible(timeline))
        spec = chunk.spec
        drawn = ChunkJob(spec, tuple(spans[index] for index in chunk.spans), masters, chunk.clips)
        blob, remembered = render_chunk.recall(project, drawn)
        task.advance(spec.length_frames, remembered=remembered)
        return blob

    # The sound goes first: it takes one core from the start, while the pieces fill the others.
    sound, *pictures = fan_out(work, [None, *chunks])
    masters.clear()
    with store.new_file(".mp4") as path:
        frames = join(
            path,
            (PacketRun.from_bytes(store.read(blob)) for blob in pictures),
            PacketRun.from_bytes(store.read(sound)),
            width_px=timeline.width_px,
            height_px=timeline.height_px,
            rate=timeline.rate,
            quality=job.quality,
            title=timeline.title,
        )
        if frames != timeline.length_frames:
            raise RenderError(
                f"the film came out {frames} frames long instead of {timeline.length_frames}: report this"
            )
        return store.put_file(path, ".mp4")


@step(version=1)
def render_chunk(project: Project, job: ChunkJob) -> Blob:
    """Draw and encode one piece.

    Returns:
        A `PacketRun` as a file.

    Raises:
        RenderError: a source is missing or cannot be read; the message names the clip.
        Cancelled: the user stopped the run.
    """
    from storyreel.render.compose import draw_chunk
    from storyreel.render.encode import encode

    spec, store = job.spec, store_of(project)

    def draw(planes: Planes) -> Iterator[None]:
        for _ in draw_chunk(spec, store.path, job.spans, job.masters, planes):
            project.progress.raise_if_cancelled()
            yield

    try:
        run = encode(draw, spec.width_px, spec.height_px, spec.rate, spec.quality)
    except (RenderError, CorruptFile) as error:
        raise RenderError(f"clip {' or '.join(job.clips)}: {error}" if job.clips else str(error)) from error
    return store.put_bytes(run.to_bytes(), SUFFIX)


@step(version=1)
def master_sound(project: Project, timeline: Timeline) -> Blob:
    """Mix, master and encode a film's sound.

    Args:
        timeline: as `audible` gives it.

    Returns:
        A `PacketRun` as a file.
    """
    from storyreel.render.sound import encode_sound

    store, progress = store_of(project), project.progress
    run = encode_sound(
        timeline,
        store.path,
        on_block=lambda count: progress.raise_if_cancelled(),
        on_warning=lambda message: progress.warn(message, "render"),
    )
    return store.put_bytes(run.to_bytes(), SUFFIX)


def audible(timeline: Timeline) -> Timeline:
    """The timeline without all that cannot be heard, so that no edit of a picture makes the sound anew."""
    return Timeline(
        title="",
        rate=timeline.rate,
        width_px=0,
        height_px=0,
        length_frames=timeline.length_frames,
        clips=(),
        sounds=tuple(
            sound.model_copy(update={"asset": sound.asset.model_copy(update={"provenance": Provenance(provider="")})})
            for sound in timeline.sounds
        ),
        voice_windows=timeline.voice_windows,
        captions="none",
        loudness_lufs=timeline.loudness_lufs,
        true_peak_dbtp=timeline.true_peak_dbtp,
    )


def _check_assets(timeline: Timeline) -> None:
    missing = [clip.id for clip in timeline.clips if clip.asset is None]
    if missing:
        named = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        raise RenderError(f"no picture has been made for clip {named}: make or choose one, then render again")
