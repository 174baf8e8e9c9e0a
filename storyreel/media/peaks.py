"""A sound's outline for the eye: the lowest and highest sample of every hundredth of a second."""

from __future__ import annotations

import numpy as np

from storyreel.media.sound import SoundFile
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import FloatArray

PEAKS_A_SECOND = 100
_RATE_HZ = 16_000
_SUFFIX = ".page"


@step(version=1)
def sound_peaks(project: Project, sound: Blob) -> Blob:
    """A sound's outline; the file holds float32 pairs, see `read_peaks`.

    Raises:
        CorruptFile: the sound is missing or damaged.
    """
    store, each = store_of(project), _RATE_HZ // PEAKS_A_SECOND
    found: list[FloatArray] = []
    with SoundFile(store.path(sound), sample_rate_hz=_RATE_HZ, channels=1) as file:
        while len(samples := file.read(20 * _RATE_HZ)):
            project.progress.raise_if_cancelled()
            found.append(outline(samples[:, 0], each))
    whole = np.concatenate(found) if found else np.zeros((0, 2), np.float32)
    return store.put_bytes(whole.astype("<f4").tobytes(), _SUFFIX)


def read_peaks(data: bytes) -> FloatArray:
    """What `sound_peaks` kept: shape (n, 2), lowest and highest of each hundredth of a second."""
    return np.frombuffer(data, "<f4").reshape(-1, 2)


def outline(samples: FloatArray, each: int) -> FloatArray:
    """The lowest and highest of every `each` samples, the last group being shorter; shape (ceil(n / each), 2)."""
    starts = np.arange(0, len(samples), each)
    if not len(starts):
        return np.zeros((0, 2), np.float32)
    pairs = np.stack([np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)], axis=1)
    return pairs.astype(np.float32)
