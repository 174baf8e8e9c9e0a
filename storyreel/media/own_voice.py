"""A line that a person has recorded: the times of its words, and the silence around them cut off."""

from __future__ import annotations

from storyreel.errors import InputError
from storyreel.media.model import Asset
from storyreel.media.sound import read_sound, write_flac
from storyreel.media.steps import Passage, loudness_of, with_word_times
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import Listener, SpokenWord

RATE_HZ = 48_000
KEPT_S = 0.12
"""How much of the silence before the first word and after the last one stays."""


def recorded_line(
    project: Project, recording: Asset, text: str, listener: Listener | None, *, language: str
) -> Passage:
    """A recording of a line with its words' times, from a breath before the first to a breath after the last.

    Args:
        listener: who hears when each word is said; without one that is told from the pauses, which is less sure.

    Raises:
        InputError: nothing is heard in it.
    """
    if loudness_of(project, recording) is None:
        raise InputError("nothing is heard in the recording: record the line again, nearer to the microphone")
    heard = Passage(audio=recording, sample_rate_hz=RATE_HZ, words=())
    timed = with_word_times(project, heard, text, listener, language=language)
    start_s = max(0.0, timed.words[0].start_s - KEPT_S)
    end_s = min(recording.duration_s, timed.words[-1].end_s + KEPT_S)
    cut = cut_sound(project, recording, start_s=start_s, end_s=end_s)
    words = tuple(
        SpokenWord(text=word.text, start_s=word.start_s - start_s, end_s=min(word.end_s - start_s, cut.duration_s))
        for word in timed.words
    )
    return timed.model_copy(update={"audio": cut, "words": words})


@step(version=1)
def cut_sound(project: Project, sound: Asset, *, start_s: float, end_s: float) -> Asset:
    """A stretch of a sound as a sound of its own, mono at 48 kHz.

    Raises:
        CorruptFile: it cannot be read.
    """
    store = store_of(project)
    samples = read_sound(
        store.path(sound.blob), sample_rate_hz=RATE_HZ, channels=1, start_s=start_s, duration_s=end_s - start_s
    )
    return Asset(
        kind="audio",
        blob=store.put_bytes(write_flac(samples, RATE_HZ), ".flac"),
        duration_s=len(samples) / RATE_HZ,
        provenance=sound.provenance,
    )
