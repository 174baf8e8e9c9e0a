"""The voices that ship with storyreel, and the tables of numbers that make the network speak with them."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from storyreel.errors import InputError
from storyreel.providers.contracts import FloatArray

STYLE_SHAPE = (510, 1, 256)


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice.

    Attributes:
        name: as Kokoro names it: accent, sex, name.
        friendly: a name to choose it by.
        description: for a list to choose from.
        british: which lexicon it reads.
        level: how loud the network makes it, root mean square of full scale over sentences, as measured.
        pace: the network's speed at which it tells a story, about 175 words a minute.
    """

    name: str
    friendly: str
    description: str
    level: float
    pace: float
    british: bool = False


_SPEAKERS = (
    Speaker("af_heart", "ava", "American woman, warm and close", level=0.0673, pace=0.86),
    Speaker("am_michael", "michael", "American man, calm and clear", level=0.0585, pace=0.92),
    Speaker("bf_emma", "emma", "British woman, composed", british=True, level=0.0875, pace=0.84),
    Speaker("bm_george", "george", "British man, deep and measured", british=True, level=0.0840, pace=0.96),
)

VOICES: Mapping[str, str] = {speaker.friendly: f"{speaker.description} ({speaker.name})" for speaker in _SPEAKERS}


def speaker(name: str) -> Speaker:
    """The voice of a name, "ava" or "af_heart", in any case.

    Raises:
        InputError: there is no such voice; lists the ones there are.
    """
    wanted = name.strip().lower()
    for candidate in _SPEAKERS:
        if wanted in {candidate.name, candidate.friendly}:
            return candidate
    known = ", ".join(f"{candidate.friendly} ({candidate.name})" for candidate in _SPEAKERS)
    raise InputError(f"there is no offline voice {name!r}: choose {known}")


@functools.cache
def styles(name: str) -> FloatArray:
    """A voice's styles, shape (510, 1, 256): one for each length of a run, row n for n + 1 sounds."""
    content = importlib.resources.files("storyreel.providers.offline").joinpath("voices", f"{name}.bin").read_bytes()
    table = np.frombuffer(content, "<f4").astype(np.float32).reshape(STYLE_SHAPE)
    table.setflags(write=False)
    return table
