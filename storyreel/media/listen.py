"""Where recordings are taken in and listened to: kept by content, decoded once, heard piece by piece. Remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from storyreel.cluster import done_by
from storyreel.errors import CorruptFile, InputError
from storyreel.media.energy import HOP_S, dips, energy_db
from storyreel.media.filled_pauses import with_hesitations
from storyreel.media.model import Asset, Provenance
from storyreel.media.probe import SHORTEST_S, Recording, check_length, probe
from storyreel.media.snap import snapped
from storyreel.media.sound import SoundFile, read_sound
from storyreel.media.transcript import HeardPiece
from storyreel.memo.blob import Blob
from storyreel.memo.paying import note_prompt
from storyreel.memo.step import step
from storyreel.memo.store import Store, store_of
from storyreel.project import Project
from storyreel.providers.contracts import FloatArray, Listener, ListeningRequest

SPEECH_RATE_HZ = 16_000
_BLOCK_S = 60
_CUT_SHORT_S, _CUT_SHORT_SHARE = 1.0, 0.98


class PreparedSound(BaseModel, frozen=True, extra="forbid"):
    """A recording's sound as listeners take it.

    Attributes:
        sound: 16 kHz, mono, FLAC.
        duration_s: of the whole recording, to the sample.
        energy: its energy in dB every 10 ms (see `media.energy`), as a NumPy file of float32.
        warning: what the user should know about the file; empty if nothing.
    """

    sound: Asset
    duration_s: float
    energy: Blob
    warning: str = ""


def take_in(project: Project, path: Path) -> Recording:
    """Look a recording over and keep a copy of it; see `probe` for what it refuses."""
    probed = probe(path)
    path = path.expanduser()
    return Recording(blob=store_of(project).put_file(path, probed.suffix, keep=True), probed=probed)


@step(version=1)
def prepare_sound(project: Project, recording: Recording) -> PreparedSound:
    """Decode a recording once, from front to back, a minute at a time.

    Raises:
        InputError: it is damaged, too short or too long.
    """
    store = store_of(project)
    name = recording.probed.name + recording.probed.suffix
    minutes = None if recording.probed.stated_s is None else int(recording.probed.stated_s // 60) + 1
    energies: list[FloatArray] = []
    with project.progress.task("prepare", minutes, "minutes") as task, store.new_file(".flac") as path:
        samples = 0

        def watched() -> Iterator[FloatArray]:
            nonlocal samples
            for block in _blocks(store.path(recording.blob)):
                samples += len(block)
                check_length(name, samples / SPEECH_RATE_HZ)
                energies.append(energy_db(block, SPEECH_RATE_HZ))
                yield block
                task.advance()

        try:
            write_mono(watched(), path)
        except CorruptFile as error:
            raise InputError(str(error).replace(str(store.path(recording.blob)), name)) from error
        if samples < SHORTEST_S * SPEECH_RATE_HZ:
            raise InputError(f"{name} lasts {samples / SPEECH_RATE_HZ:.2f} s: give at least {SHORTEST_S:g} s")
        blob = store.put_file(path, ".flac")
    duration_s = samples / SPEECH_RATE_HZ
    sound = Asset(
        kind="audio", blob=blob, duration_s=duration_s, provenance=Provenance(provider="recording", prompt=name)
    )
    energy = store.put_bytes(_as_npy(np.concatenate(energies)), ".npy")
    return PreparedSound(
        sound=sound, duration_s=duration_s, energy=energy, warning=_cut_short(name, duration_s, recording)
    )


def _cut_short(name: str, duration_s: float, recording: Recording) -> str:
    stated_s = recording.probed.stated_s or 0.0
    if duration_s < stated_s * _CUT_SHORT_SHARE - _CUT_SHORT_S:
        return (
            f"{name} is cut short: its head says {stated_s:.0f} s, {duration_s:.0f} s are there, and the film is "
            "made of those"
        )
    return ""


def _blocks(path: Path) -> Iterator[FloatArray]:
    """16 kHz mono samples, shape (n,), a minute at a time."""
    with SoundFile(path, sample_rate_hz=SPEECH_RATE_HZ, channels=1) as file:
        while len(block := file.read(_BLOCK_S * SPEECH_RATE_HZ)):
            yield block[:, 0]


def write_mono(blocks: Iterator[FloatArray], path: Path) -> None:
    """Write 16 kHz blocks as a 16-bit FLAC file; what passes full scale is clipped, for it is only listened to."""
    import av

    with av.open(str(path), "w", format="flac") as container:
        stream: Any = container.add_stream("flac", rate=SPEECH_RATE_HZ, layout="mono")
        stream.codec_context.format = av.AudioFormat("s16")
        at = 0
        for block in blocks:
            for first in range(0, len(block), SPEECH_RATE_HZ):
                part = np.clip(np.rint(block[first : first + SPEECH_RATE_HZ] * 32768.0), -32768, 32767)
                frame = av.AudioFrame.from_ndarray(part.astype(np.int16)[None], format="s16", layout="mono")
                frame.sample_rate, frame.pts = SPEECH_RATE_HZ, at
                at += len(part)
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def energy_of(store: Store, prepared: PreparedSound) -> FloatArray:
    """A recording's energy in dB every 10 ms."""
    return _read_npy(store.path(prepared.energy))


@step(version=1)
def find_pauses(project: Project, prepared: PreparedSound) -> tuple[float, ...]:
    """The moments at which a recording's energy dips, in seconds, ascending: where it may be cut."""
    return tuple(round(float(moment), 3) for moment in dips(energy_of(store_of(project), prepared)))


@step(version=1)
def hear_piece(
    project: Project, prepared: PreparedSound, start_s: float, end_s: float, listener: Listener, *, language: str
) -> HeardPiece:
    """Write one piece of a recording down, with its words' times from the recording's start.

    Starts and ends that a listener put into silence are moved to where the voice is, and hesitations that it passed
    over are added from the sound.

    Args:
        start_s, end_s: of the piece.
        language: ISO 639-1 code, or "" to find out.
    """
    samples = read_sound(
        store_of(project).path(prepared.sound.blob),
        sample_rate_hz=SPEECH_RATE_HZ,
        channels=1,
        start_s=start_s,
        duration_s=end_s - start_s,
    )[:, 0]
    note_prompt(listener.identity, f"what is said from {start_s:.2f} to {end_s:.2f} s of {prepared.sound.blob.sha256}")
    request = ListeningRequest(samples, SPEECH_RATE_HZ, language=language)
    heard = done_by(project.progress, listener.hear, request)
    words = snapped(heard.words, energy_db(samples, SPEECH_RATE_HZ))
    if not heard.hesitations_sound:
        words = with_hesitations(words, samples, SPEECH_RATE_HZ, heard.language)
    return HeardPiece(
        start_s=start_s,
        end_s=end_s,
        language=heard.language,
        words=tuple(
            word.model_copy(update={"start_s": word.start_s + start_s, "end_s": word.end_s + start_s}) for word in words
        ),
    )


def _as_npy(array: FloatArray) -> bytes:
    import io

    buffer = io.BytesIO()
    np.save(buffer, array.astype(np.float32), allow_pickle=False)
    return buffer.getvalue()


@lru_cache(maxsize=2)
def _read_npy(path: Path) -> FloatArray:
    loaded: FloatArray = np.load(path, allow_pickle=False)
    loaded.setflags(write=False)
    return loaded


def pauses_in(energy: FloatArray, spans: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """For each (start_s, end_s), the quietest moment in it, in seconds."""
    quietest: list[float] = []
    for start_s, end_s in spans:
        first, after = round(start_s / HOP_S), round(end_s / HOP_S) + 1
        stretch = energy[first:after]
        if not len(stretch):
            quietest.append((start_s + end_s) / 2)
            continue
        level = np.flatnonzero(stretch <= stretch.min() + 3.0)
        middle = level[np.argmin(np.abs(level - len(stretch) / 2))]
        quietest.append(min(max((first + int(middle)) * HOP_S, start_s), end_s))
    return tuple(quietest)
