"""Stretches taken out of a recording so that nobody hears it. Remembered.

Each join lies on a zero crossing of both sides and is blended with equal power over 10 ms (the sides are unrelated, so
their powers add up; see Zölzer, DAFX, 2nd ed., 4.2). Everything else stays as it was, sample for sample, at the
recording's own rate, with its own channels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def _spliced(file: SoundFile, cuts: Sequence[Cut], made: list[Cut], on_cut: Any) -> Iterator[FloatArray]:
    """The recording's samples without the cuts, in blocks; `made` is told where each cut came to lie."""
    rate = file.sample_rate_hz
    half, reach = max(1, round(FADE_S * rate / 2)), max(1, round(SEARCH_S * rate))
    at = 0

    def until(position: int) -> Iterator[FloatArray]:
        nonlocal at
        while at < position and len(block := file.read(min(position - at, 10 * rate))):
            at += len(block)
            yield block

    held = np.zeros((0, file.channels), np.float32)  # read for the last join, not yet given
    for cut in cuts:
        start, end = round(cut.start_s * rate), round(cut.end_s * rate)
        if start - half - reach < at or end - start < 2 * (half + reach):
            continue
        if len(held):
            yield held
        yield from until(start - half - reach)
        left = _read(file, 2 * (half + reach))
        for _ in until_skipped(file, at + len(left), end - half - reach):
            pass
        right = _read(file, 2 * (half + reach))
        at = end + half + reach
        if len(left) < 2 * (half + reach) or len(right) < 2 * (half + reach):
            # The cut reaches the recording's end: what is before it fades out.
            faded = left[: half + reach] * np.cos(np.linspace(0, np.pi / 2, min(len(left), half + reach)))[:, None]
            yield faded.astype(np.float32)
            made.append(Cut(start_s=start / rate, end_s=end / rate))
            held = right[:0]
            break
        one, other = _crossing(left, half, reach), _crossing(right, half, reach)
        made.append(Cut(start_s=(start + one) / rate, end_s=(end + other) / rate))
        yield left[: reach + one]
        yield _blended(left[reach + one :][: 2 * half], right[reach + other :][: 2 * half])
        held = right[reach + other + 2 * half :]
        on_cut()
    if len(held):
        yield held
    while len(block := file.read(10 * rate)):
        yield block


def _read(file: SoundFile, count: int) -> FloatArray:
    return file.read(count)


def until_skipped(file: SoundFile, at: int, position: int) -> Iterator[None]:
    """Read on to a position without keeping anything."""
    while at < position and (count := len(file.read(min(position - at, 10 * file.sample_rate_hz)))):
        at += count
        yield None


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


def _write_flac(blocks: Iterator[FloatArray], path: Any, file: SoundFile) -> None:
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
