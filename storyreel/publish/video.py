"""A film written in another codec: frames as the renderer draws them, the master before it was encoded, chapters.

H.264 needs none of this, since its pieces are remembered: see `storyreel.publish.tracks`.
"""

from __future__ import annotations

import errno
import heapq
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.codec import set_up_picture
from storyreel.errors import InputError, RenderError
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project, storage_error
from storyreel.publish.drawn import SAMPLE_RATE_HZ, as_frame, drawn_frames, sound_samples
from storyreel.publish.gif import GifForm, write_gif
from storyreel.publish.scheduling import ordinary_scheduling
from storyreel.publish.targets import TARGETS, Target
from storyreel.publish.tracks import add_chapters
from storyreel.render.join import ticks_per_second
from storyreel.render.packets import PacketRun
from storyreel.render.sound_track import add_sound_track, timed_packets
from storyreel.render.steps import FilmJob, audible, film_job, master_sound
from storyreel.settings import Quality
from storyreel.timeline.model import Timeline
from storyreel.workers import core_count

if TYPE_CHECKING:
    from storyreel.providers.contracts import FloatArray

_SAMPLE_FORMATS = {"pcm_s24le": "s32", "flac": "s32", "libmp3lame": "fltp", "libopus": "flt", "aac": "fltp"}
_SOUND_BLOCK = 4800
_24_BITS = 1 << 23
_MOST_THREADS = 8


@dataclass(frozen=True, slots=True)
class Form:
    """Which file is made of a film; with the film itself it is the whole key.

    Attributes:
        target: its name; see `storyreel.publish.targets`.
        made_by: its encoders.
        gif: how large a GIF is and which stretch of the film it shows.
    """

    target: str
    made_by: str
    gif: GifForm | None = None


def encode_film(
    project: Project, timeline: Timeline, target: Target, quality: Quality, gif: GifForm | None = None
) -> Blob:
    """Write a film, or its sound, as a file in the project's store; the same again is remembered.

    Args:
        timeline: every clip has an asset.
        target: one that FFmpeg writes.
        gif: of a GIF, how large it is and what it shows.

    Raises:
        InputError: the frames are too small for the encoder.
        RenderError: a source cannot be read, or the encoder refused.
        DiskFull, StorageError: the disk took no more.
        Cancelled: the user stopped it.
    """
    least_width, least_height = target.least_px
    if target.picture and (timeline.width_px < least_width or timeline.height_px < least_height):
        raise InputError(
            f"{target.name} needs frames of at least {least_width} x {least_height} pixels and this film has "
            f"{timeline.width_px} x {timeline.height_px}: choose another kind"
        )
    if not target.picture:
        timeline = audible(timeline).model_copy(update={"title": timeline.title})
    total = timeline.length_frames if gif is None else len(gif.frames)
    with project.progress.task("export", total, "frames") as task:
        if target.picture:
            job = film_job(timeline, quality, "x264", task)
            blob, remembered = exported_film.recall(project, job, Form(target.name, target.made_by, gif))
        else:
            blob, remembered = exported_sound.recall(project, timeline, Form(target.name, target.made_by))
        task.advance(total - task.done, remembered=remembered)
    return blob


@step(version=1)
def exported_film(project: Project, job: FilmJob, form: Form) -> Blob:
    """Draw and encode a film; see `encode_film`."""
    target, store = TARGETS[form.target], store_of(project)
    with store.new_file(target.suffix) as path, store.new_file(".npy") as scratch:
        if form.gif is not None:
            write_gif(project, job, form.gif, path, scratch)
        else:
            _write_film(project, job, target, path)
        return store.put_file(path, target.suffix)


@step(version=1)
def exported_sound(project: Project, timeline: Timeline, form: Form) -> Blob:
    """Encode a film's master; see `encode_film`."""
    target, store = TARGETS[form.target], store_of(project)
    with store.new_file(target.suffix) as path:
        with writing(path, target, timeline) as container:
            for _, packet in _add_sound(project, timeline, target, container):
                container.mux_one(packet)
        return store.put_file(path, target.suffix)


def _write_film(project: Project, job: FilmJob, target: Target, path: Path) -> None:
    timeline = job.timeline
    with writing(path, target, timeline) as container:
        add_chapters(container, timeline)
        stream: Any = container.add_stream(target.picture, rate=timeline.rate.fps)
        context = stream.codec_context
        set_up_picture(context, timeline.width_px, timeline.height_px, timeline.rate, target.pixels)
        # What these encoders write is joined with nothing, so they may use every core.
        context.thread_count = min(core_count(), _MOST_THREADS)
        context.options = dict(target.options[job.quality])
        # SVT-AV1 writes its set-up to the terminal unless told to write faults alone.
        os.environ.setdefault("SVT_LOG", "1")
        if target.tag:
            context.codec_tag = target.tag
        if target.container != "webm":
            stream.time_base = Fraction(1, ticks_per_second(timeline.rate))
        with ordinary_scheduling():
            context.open()
        sound = _add_sound(project, timeline, target, container)
        for _, packet in heapq.merge(_picture_packets(project, job, stream), sound, key=lambda timed: timed[0]):
            container.mux_one(packet)


def _picture_packets(project: Project, job: FilmJob, stream: Any) -> Iterator[tuple[float, Any]]:
    context, base = stream.codec_context, 1 / job.timeline.rate.fps
    native = context.pix_fmt == "yuv420p"
    for number, planes in drawn_frames(project, job):
        frame = as_frame(planes)
        frame.pts, frame.time_base = number, base
        yield from _timed(stream.encode(frame if native else frame.reformat(format=context.pix_fmt)))
        if job.task is not None:
            job.task.advance()
    yield from _timed(stream.encode(None))


def _timed(packets: Iterable[Any]) -> Iterator[tuple[float, Any]]:
    for packet in packets:
        yield float(packet.dts * packet.time_base), packet


def _add_sound(project: Project, timeline: Timeline, target: Target, container: Any) -> Iterator[tuple[float, Any]]:
    """Add the sound's track and return its packets: the film's own where it is AAC, else encoded from the master."""
    if target.sound == "aac":
        run = PacketRun.from_bytes(store_of(project).read(master_sound(project, audible(timeline))))
        if target.container != "ipod" or run.codec in ("aac", "alac"):
            return timed_packets(run, add_sound_track(container, run))
    stream = container.add_stream(
        target.sound, rate=SAMPLE_RATE_HZ, layout="stereo", options=dict(target.sound_options)
    )
    stream.codec_context.format = _SAMPLE_FORMATS[target.sound]
    return _encoded_sound(sound_samples(project, timeline), stream)


def _encoded_sound(blocks: Iterable[FloatArray], stream: Any) -> Iterator[tuple[float, Any]]:
    position = 0
    for block in blocks:
        for start in range(0, len(block), _SOUND_BLOCK):
            piece = block[start : start + _SOUND_BLOCK]
            frame = _sound_frame(piece, stream.codec_context.format.name)
            frame.pts, frame.time_base = position, Fraction(1, SAMPLE_RATE_HZ)
            position += len(piece)
            yield from _timed(stream.encode(frame))
    yield from _timed(stream.encode(None))


def _sound_frame(samples: FloatArray, form: str) -> Any:
    import numpy as np
    from av import AudioFrame

    if form == "s32":
        whole = np.rint(np.clip(samples, -1.0, 1.0) * float(_24_BITS)).clip(-_24_BITS, _24_BITS - 1)
        array = (whole.astype(np.int32) << 8).reshape(1, -1)
    elif form == "fltp":
        array = np.ascontiguousarray(samples.T)
    else:
        array = np.ascontiguousarray(samples).reshape(1, -1)
    frame = AudioFrame.from_ndarray(array, format=form, layout="stereo")
    frame.sample_rate = SAMPLE_RATE_HZ
    return frame


@contextmanager
def writing(path: Path, target: Target, timeline: Timeline) -> Iterator[Any]:
    """A new file that is being written, with the film's title; bring it to the disk by `Store.put_file`.

    Raises:
        RenderError: the encoder or the container refused.
        DiskFull, StorageError: the disk took no more.
    """
    import av

    # The file's own clock says where sound and picture end; it has to count both in whole ticks.
    clock_hz = lcm(ticks_per_second(timeline.rate), SAMPLE_RATE_HZ)
    of_mp4 = {"movflags": "+faststart", "movie_timescale": str(clock_hz)}
    options = of_mp4 if target.container in ("mp4", "mov", "ipod") else {}
    try:
        with av.open(path, "w", format=target.container, options=options) as container:
            if timeline.title:
                container.metadata["title"] = timeline.title
            yield container
    except av.FFmpegError as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG):
            raise storage_error(error, path) from error
        raise RenderError(
            f"{target.name} of {timeline.width_px} x {timeline.height_px} at {timeline.rate.fps} frames a second could "
            f"not be written: {error}"
        ) from error
    except OSError as error:
        raise storage_error(error, path) from error
