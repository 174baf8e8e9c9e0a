"""Rendering as remembered steps: pieces and sound side by side on every core, then one file.

A piece is remembered under its `ChunkSpec` alone, the sound under the parts of the timeline that can be heard, and the
film under the whole timeline. After an edit only what it touches is drawn again; what it takes otherwise is a copy.

Pieces may be cleared away at any time to keep the store small (see `storyreel.recipes.prune`): one that is gone between
being found and being used is simply made again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from storyreel.cluster.place import place_now, watcher
from storyreel.errors import Cancelled, CorruptFile, RenderError
from storyreel.media.model import Provenance
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.progress import Task
from storyreel.project import Project
from storyreel.render.chunks import ENGINE_VERSION, Chunk, ChunkSpec, check_tiling, cut_into_chunks
from storyreel.render.encode import Encoder, encoder_name
from storyreel.render.pace import note_pace
from storyreel.render.packets import SUFFIX, PacketRun
from storyreel.render.stills import Masters
from storyreel.render.text import overlay_spans, text_warning
from storyreel.settings import Quality
from storyreel.timeline.model import Timeline
from storyreel.timeline.transitions import fitted
from storyreel.workers import fan_out

if TYPE_CHECKING:
    from storyreel.render.overlay import Span

Result = TypeVar("Result")
_TRIES = 3  # of a piece that another process clears away as soon as it is made


@dataclass(frozen=True, slots=True)
class Rendering:
    """A rendered film, and what it took.

    Attributes:
        blob: the file (".mp4").
        pieces: how many the film is made of.
        made: how many of them were drawn now; the others were remembered.
    """

    blob: Blob
    pieces: int
    made: int

    @property
    def summary(self) -> str:
        """How much was drawn, in a few words."""
        if not self.made:
            return f"all {self.pieces} pieces kept"
        if self.made == self.pieces:
            return f"{self.pieces} pieces made"
        return f"{self.made} of {self.pieces} pieces made, {self.pieces - self.made} kept"


class Tally:
    """Counts the pieces of a film as they are finished, and how long those took that had to be drawn."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.kept = self.made = self.frames_drawn = 0
        self.drawing_s = 0.0

    def add(self, frames: int, took_s: float, *, remembered: bool) -> None:
        """Count a piece."""
        with self._lock:
            if remembered:
                self.kept += 1
            else:
                self.made += 1
                self.frames_drawn += frames
                self.drawing_s += took_s


@dataclass(frozen=True, slots=True)
class ChunkJob:
    """A piece to draw. Its spec is the whole key; the rest only helps to draw it.

    Attributes:
        spec: what is drawn.
        spans: one for each of the spec's overlays.
        masters: decoded stills, shared by the pieces of one film.
        clips: the ids of the clips it shows, for messages.
        encoder: the one that the spec names.
    """

    spec: ChunkSpec
    spans: tuple[Span, ...] = field(default=(), compare=False)
    masters: Masters = field(default_factory=Masters, compare=False)
    clips: tuple[str, ...] = field(default=(), compare=False)
    encoder: Encoder = field(default="x264", compare=False)


@dataclass(frozen=True, slots=True)
class FilmJob:
    """A film to render; `film_job` makes one.

    Attributes:
        made_by: the versions that change the file.
        text_keys: a digest of the keys of `spans`, which know of fonts and styles that the timeline only names.
        spans: every text over the film.
        chunks: its pieces.
        encoder: the one that `made_by` names.
        tally: counts the pieces.
        task: what is told of the progress.
    """

    timeline: Timeline
    quality: Quality
    made_by: str
    text_keys: str
    spans: tuple[Span, ...] = field(compare=False)
    chunks: Sequence[Chunk] = field(compare=False)
    encoder: Encoder = field(compare=False)
    tally: Tally = field(default_factory=Tally, compare=False)
    task: Task | None = field(default=None, compare=False)

    def piece(self, chunk: Chunk, masters: Masters) -> ChunkJob:
        """What it takes to draw one of the pieces."""
        spans = tuple(self.spans[index] for index in chunk.spans)
        return ChunkJob(chunk.spec, spans, masters, chunk.clips, self.encoder)


def film_job(timeline: Timeline, quality: Quality, encoder: Encoder, task: Task | None = None) -> FilmJob:
    """A film cut into its pieces, its transitions shortened where a clip is too short for them.

    Raises:
        RenderError: the clips do not tile the film.
    """
    timeline, _ = fitted(timeline)
    spans, name = overlay_spans(timeline), encoder_name(encoder)
    chunks = cut_into_chunks(timeline, spans, quality=quality, encoder=name)
    text_keys = sha256(" ".join(span.key for span in spans).encode()).hexdigest()
    return FilmJob(timeline, quality, f"{ENGINE_VERSION} {name}", text_keys, spans, chunks, encoder, task=task)


def render_film(
    project: Project, timeline: Timeline, *, quality: Quality = "standard", encoder: Encoder = "x264"
) -> Blob:
    """Render a timeline to an MP4: H.264 and AAC, exactly as long as the timeline. See `render_pieces`."""
    return render_pieces(project, timeline, quality=quality, encoder=encoder).blob


def render_pieces(
    project: Project, timeline: Timeline, *, quality: Quality = "standard", encoder: Encoder = "x264"
) -> Rendering:
    """Render a timeline to an MP4 in the project's store, and tell how many pieces that took.

    Args:
        timeline: every clip has an asset; `storyreel.render.preview` gives those that have none a placeholder.
        quality: the encoder preset.
        encoder: one that works here; see `choose_encoder`.

    Raises:
        RenderError: a clip has no asset, its file cannot be read, or the clips do not tile the film.
        DiskFull, StorageError: the disk took no more; finished pieces are kept.
        Cancelled: the user stopped it; finished pieces are kept, and the message says how many they are.
    """
    fitting, shortened = fitted(timeline)
    check_tiling(fitting)
    _check_assets(timeline)
    for warning in (*shortened, text_warning(timeline)):
        if warning:
            project.progress.warn(warning, "render")
    with project.progress.task("render", timeline.length_frames, "frames") as task:
        job = film_job(timeline, quality, encoder, task)
        tally = job.tally
        try:
            blob, remembered = film.recall(project, job)
        except Cancelled:
            finished = tally.kept + tally.made
            raise Cancelled(f"stopped; {finished} of {len(job.chunks)} pieces are finished and kept") from None
        rendering = Rendering(blob, len(job.chunks), tally.made)
        task.advance(timeline.length_frames if remembered else 0, rendering.summary, remembered=remembered)
    return rendering


@step(version=1)
def film(project: Project, job: FilmJob) -> Blob:
    """Render and join everything; see `render_pieces`."""
    from storyreel.render.join import join

    timeline, store, masters = job.timeline, store_of(project), Masters()

    def work(chunk: Chunk | None) -> Blob:
        project.progress.raise_if_cancelled()
        if chunk is None:
            return master_sound(project, audible(timeline))
        started_s = time.perf_counter()
        blob, remembered = render_chunk.recall(project, job.piece(chunk, masters))
        frames = chunk.spec.length_frames
        job.tally.add(frames, time.perf_counter() - started_s, remembered=remembered)
        if job.task is not None:
            job.task.advance(frames, remembered=remembered)
        return blob

    def make(chunk: Chunk | None) -> Blob:
        return _unless_cleared_away(lambda: work(chunk))

    def run_of(chunk: Chunk | None, blob: Blob) -> PacketRun:
        try:
            return _read(project, blob)
        except CorruptFile:
            return _unless_cleared_away(lambda: _read(project, _made_again(project, job, chunk, masters)))

    # The sound goes first: it takes one core from the start, while the pieces fill the others.
    sound, *pictures = fan_out(make, [None, *job.chunks])
    masters.clear()
    note_pace(store, timeline, job.quality, job.encoder, job.tally.frames_drawn, job.tally.drawing_s)
    with store.new_file(".mp4") as path:
        frames = join(
            path,
            (run_of(chunk, blob) for chunk, blob in zip(job.chunks, pictures, strict=True)),
            run_of(None, sound),
            width_px=timeline.width_px,
            height_px=timeline.height_px,
            rate=timeline.rate,
            quality=job.quality,
            encoder=job.encoder,
            title=timeline.title,
        )
        if frames != timeline.length_frames:
            raise RenderError(
                f"the film came out {frames} frames long instead of {timeline.length_frames}: report this"
            )
        return store.put_file(path, ".mp4")


def _made_again(project: Project, job: FilmJob, chunk: Chunk | None, masters: Masters) -> Blob:
    """A piece, or the sound, that was there a moment ago; it is no progress to tell of."""
    project.progress.raise_if_cancelled()
    if chunk is None:
        return master_sound(project, audible(job.timeline))
    return render_chunk(project, job.piece(chunk, masters))


def _read(project: Project, blob: Blob) -> PacketRun:
    store = store_of(project)
    run = PacketRun.from_bytes(store.read(blob))
    store.mark_used(blob)
    return run


def _unless_cleared_away(make: Callable[[], Result]) -> Result:
    """What `make` returns, tried again if another process cleared the file away before it was used."""
    for _ in range(_TRIES - 1):
        try:
            return make()
        except CorruptFile:
            continue
    return make()


@step(version=1)
def render_chunk(project: Project, job: ChunkJob) -> Blob:
    """Draw and encode one piece, or copy it out of a video that is encoded as the film is; see `copied`.

    Returns:
        A `PacketRun` as a file.

    Raises:
        RenderError: a source is missing or cannot be read; the message names the clip.
        Cancelled: the user stopped the run.
    """
    from storyreel.render.piece import drawn, sent_away

    spec, store, place = job.spec, store_of(project), place_now()
    try:
        # Encoders in hardware are this machine's own.
        if place is None or job.encoder != "x264":
            watch = project.progress.raise_if_cancelled
            data = drawn(spec, store.path, job.spans, job.masters, job.encoder, watch)
        else:
            data = sent_away(place, spec, store.path, job.spans, watcher(project.progress))
    except (RenderError, CorruptFile) as error:
        raise RenderError(f"clip {' or '.join(job.clips)}: {error}" if job.clips else str(error)) from error
    return store.put_bytes(data, SUFFIX)


@step(version=2)
def master_sound(project: Project, timeline: Timeline) -> Blob:
    """Mix, master and encode a film's sound, of blocks that are remembered one by one.

    Args:
        timeline: as `audible` gives it.

    Returns:
        A `PacketRun` as a file.

    Raises:
        RenderError: a sound is missing or cannot be read.
        Cancelled: the user stopped the run.
    """
    from storyreel.render.sound_steps import film_sound

    try:
        run = film_sound(project, timeline)
    except CorruptFile as error:
        raise RenderError(f"a sound of the film cannot be used: {error}") from error
    return store_of(project).put_bytes(run.to_bytes(), SUFFIX)


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
