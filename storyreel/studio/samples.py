"""A few seconds of a voice, to choose it by; made once for a cache and kept."""

from __future__ import annotations

from pathlib import Path

from storyreel.media.steps import Passage, speak
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers import registry

SAMPLE_TEXT = "The lamp had burned for a hundred years, and tonight, for the first time, nobody came to light it."
SAMPLES_ID = "voice-samples"


def voice_sample(name: str, cache: Path) -> bytes:
    """A sentence in a voice of this computer, as FLAC.

    Raises:
        InputError: no voice is called that.
        MissingExtra: the voice's packages are not installed.
    """
    project = Project(SAMPLES_ID, cache)
    passage: Passage = speak(project, SAMPLE_TEXT, registry.provider("voice", name), language="en")
    return store_of(project).read(passage.audio.blob)
