"""Stretches taken out of a recording so that nobody hears it. Remembered.

Each join lies on a zero crossing of both sides and is blended with equal power over 10 ms (the sides are unrelated, so
their powers add up; see Zölzer, DAFX, 2nd ed., 4.2). Everything else stays as it was, sample for sample, at the
recording's own rate, with its own channels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from storyreel.errors import RenderError
from storyreel.media.fillers import Cut
from storyreel.media.probe import Recording
from storyreel.media.sound import SoundFile
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import FloatArray

FADE_S = 0.01
SEARCH_S = 0.004
_MOST_CHANNELS = 8


class CutRecording(BaseModel, frozen=True, extra="forbid"):
    """A recording without some of its stretches, as FLAC, and where the cuts came to lie, to the sample."""

    recording: Recording
    cuts: tuple[Cut, ...]


@step(version=1)
def cut_recording(project: Project, recording: Recording, cuts: tuple[Cut, ...]) -> CutRecording:
    """Take stretches out of a recording.

    Args:
        cuts: in order, each longer than a join and apart from the next.

    Raises:
        CorruptFile: the recording is damaged.
        RenderError: it has more channels than FLAC holds.
    """
    store = store_of(project)
    made: list[Cut] = []
    with SoundFile(store.path(recording.blob)) as file, store.new_file(".flac") as path:
        if file.channels > _MOST_CHANNELS:
            raise RenderError(f"{recording.probed.name} has {file.channels} channels: 8 are the most that can be cut")
        with project.progress.task("cut", len(cuts), "cuts") as task:
            _write_flac(_spliced(file, cuts, made, task.advance), path, file)
        blob = store.put_file(path, ".flac")
    probed = recording.probed.model_copy(
        update={"suffix": ".flac", "codec": "flac", "stated_s": None, "has_pictures": False}
    )
    return CutRecording(recording=Recording(blob=blob, probed=probed), cuts=tuple(made))


def _spliced(file: SoundFile, cuts: Sequence[Cut], made: list[Cut], on_cut: Callable[[], None]) -> Iterator[FloatArray]:
    """The recording's samples without the cuts, in blocks; `made` is told where each cut came to lie."""
    rate = file.sample_rate_hz
    half, reach = max(1, round(FADE_S * rate / 2)), max(1, round(SEARCH_S * rate))
    around = half + reach
    at = 0
    rest = np.zeros((0, file.channels), np.float32)  # read for the last join, not yet given
    for cut in cuts:
        start, end = round(cut.start_s * rate), round(cut.end_s * rate)
        if (start < at + around and at) or end - start < 2 * around:
            continue
        yield rest
        left = np.zeros((0, file.channels), np.float32)
        if start >= around:
            yield from _read(file, start - around - at)
            left = file.read(2 * around)
            at = start + around
        for _ in _read(file, end - around - at):
            pass
        right = file.read(2 * around)
        at = end + around
        one = _crossing(left, half, reach) if len(left) == 2 * around else 0
        other = _crossing(right, half, reach) if len(right) == 2 * around else 0
        if len(right) < 2 * around:  # the cut reaches the recording's end
            leaving, coming = left[reach : reach + 2 * half], np.zeros((2 * half, file.channels), np.float32)
            yield left[:reach]
            yield _blended(leaving, coming[: len(leaving)])
            rest = right[:0]
        elif not len(left):  # it begins where the recording does
            start, one = 0, 0
            silence = np.zeros((half, file.channels), np.float32)
            yield _blended(silence, right[around + other : around + other + half])
            rest = right[around + other + half :]
        else:
            yield left[: reach + one]
            yield _blended(left[reach + one :][: 2 * half], right[reach + other :][: 2 * half])
            rest = right[reach + other + 2 * half :]
        made.append(Cut(start_s=(start + one) / rate, end_s=(end + other) / rate))
        on_cut()
    yield rest
    while len(block := file.read(10 * rate)):
        yield block


def _read(file: SoundFile, count: int) -> Iterator[FloatArray]:
    """The next `count` samples, ten seconds at a time."""
    while count > 0 and len(block := file.read(min(count, 10 * file.sample_rate_hz))):
        count -= len(block)
        yield block


def _crossing(samples: FloatArray, half: int, reach: int) -> int:
    """How far from the middle of a stretch its nearest rising zero crossing lies, in samples, within the reach."""
    mono = samples.mean(axis=1)
    middle = half + reach
    near = mono[middle - reach : middle + reach]
    rising = np.flatnonzero((near[:-1] < 0) & (near[1:] >= 0)) + 1
    if not len(rising):
        return int(np.argmin(np.abs(near))) - reach
    return int(rising[np.argmin(np.abs(rising - reach))]) - reach


def _blended(leaving: FloatArray, coming: FloatArray) -> FloatArray:
    angle = np.linspace(0.0, np.pi / 2, len(leaving), dtype=np.float32)[:, None]
    mixed: FloatArray = np.clip(leaving * np.cos(angle) + coming * np.sin(angle), -1.0, 1.0).astype(np.float32)
    return mixed


def _write_flac(blocks: Iterator[FloatArray], path: Path, file: SoundFile) -> None:
    """Write samples as FLAC as fine as the recording's own, so that what was not blended stays as it was."""
    import av

    bits = file.bits
    form, steps = ("s16", 1 << 15) if bits <= 16 else ("s32", 1 << 23)
    with av.open(str(path), "w", format="flac") as container:
        stream: Any = container.add_stream("flac", rate=file.sample_rate_hz, layout=file.layout_name)
        stream.codec_context.format = av.AudioFormat(form)
        at = 0
        for block in blocks:
            for first in range(0, len(block), file.sample_rate_hz):
                part = block[first : first + file.sample_rate_hz].astype(np.float64) * steps
                whole = np.clip(np.rint(part), -steps, steps - 1)
                data = whole.astype(np.int16) if bits <= 16 else whole.astype(np.int32) << 8
                frame = av.AudioFrame.from_ndarray(data.reshape(1, -1), format=form, layout=file.layout_name)
                frame.sample_rate, frame.pts = file.sample_rate_hz, at
                at += len(part)
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
