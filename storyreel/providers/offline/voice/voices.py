"""The voices that ship with storyreel, and the tables of numbers that make the network speak with them."""

from __future__ import annotations

import functools
import importlib.resources
import lzma
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from storyreel.errors import InputError
from storyreel.providers.contracts import FloatArray

STYLE_SHAPE = (510, 1, 256)
_DIFFERENCES = 2


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice.

    Attributes:
        name: as Kokoro names it: accent, sex, name.
        friendly: a name to choose it by.
        description: for a list to choose from.
        british: which lexicon it reads.
        language: ISO 639-1 code of its own language.
        level: how loud the network makes it, root mean square of full scale over sentences, as measured.
        pace: the network's speed at which it tells a story, about 175 words a minute.
    """

    name: str
    friendly: str
    description: str
    level: float
    pace: float
    british: bool = False
    language: str = "en"

    @property
    def woman(self) -> bool:
        """Whether it is a woman's voice."""
        return self.name[1] == "f"


_SPEAKERS = (
    Speaker("af_heart", "ava", "American woman, warm and close", level=0.0673, pace=0.86),
    Speaker("am_michael", "michael", "American man, calm and clear", level=0.0585, pace=0.92),
    Speaker("bf_emma", "emma", "British woman, composed", british=True, level=0.0875, pace=0.84),
    Speaker("bm_george", "george", "British man, deep and measured", british=True, level=0.0840, pace=0.96),
    Speaker("af_bella", "bella", "American woman, lively and full", level=0.0705, pace=0.82),
    Speaker("af_nicole", "nicole", "American woman, hushed, close to a whisper", level=0.0750, pace=1.08),
    Speaker("af_sarah", "sarah", "American woman, even and friendly", level=0.0870, pace=0.87),
    Speaker("am_fenrir", "fenrir", "American man, strong", level=0.0840, pace=0.80),
    Speaker("bf_isabella", "isabella", "British woman, bright", british=True, level=0.1080, pace=0.89),
    Speaker("bm_fable", "fable", "British man, light, a teller of tales", british=True, level=0.0624, pace=0.92),
    Speaker("bm_lewis", "lewis", "British man, low and slow", british=True, level=0.0635, pace=0.89),
    Speaker("ef_dora", "dora", "Spanish woman", level=0.065, pace=0.88, language="es"),
    Speaker("em_alex", "alex", "Spanish man", level=0.068, pace=0.86, language="es"),
    Speaker("ff_siwis", "siwis", "French woman", level=0.1065, pace=0.9, language="fr"),
    Speaker("if_sara", "sara", "Italian woman", level=0.17, pace=0.86, language="it"),
    Speaker("im_nicola", "nicola", "Italian man", level=0.108, pace=0.98, language="it"),
    Speaker("pf_dora", "dorinha", "Brazilian woman", level=0.065, pace=0.86, language="pt"),
    Speaker("pm_alex", "xande", "Brazilian man", level=0.07, pace=0.86, language="pt"),
)
_DEFAULTS = frozenset(("af_heart", "am_michael"))
_OWN_SHARE = 0.5

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


def in_language(own: Speaker, language: str) -> Speaker:
    """The voice that speaks a language for another one.

    A voice of that language is itself. "ava" and "michael", who speak where nobody was chosen, give way to its first
    woman or man; any other voice is blended with that one half and half, so that a cast keeps its several voices and
    all of them say the language's sounds. French has a woman's table only: its men are blends.
    """
    if own.language == language:
        return own
    natives = [each for each in _SPEAKERS if each.language == language]
    native = next((each for each in natives if each.woman == own.woman), natives[0])
    if own.name in _DEFAULTS and native.woman == own.woman:
        return native
    return replace(
        native,
        name=f"{own.name}+{native.name}",
        level=_OWN_SHARE * own.level + (1 - _OWN_SHARE) * native.level,
        pace=_OWN_SHARE * own.pace + (1 - _OWN_SHARE) * native.pace,
    )


@functools.cache
def styles(name: str) -> FloatArray:
    """A voice's styles, shape (510, 1, 256): one for each length of a run, row n for n + 1 sounds.

    Two names joined by "+" are blended.
    """
    if "+" in name:
        own, native = (styles(part) for part in name.split("+"))
        blended: FloatArray = (_OWN_SHARE * own + (1 - _OWN_SHARE) * native).astype(np.float32)
        blended.setflags(write=False)
        return blended
    folder = importlib.resources.files("storyreel.providers.offline").joinpath("voices")
    table = unpacked(folder.joinpath(f"{name}.xz").read_bytes())
    table.setflags(write=False)
    return table


def packed(table: FloatArray) -> bytes:
    """A table of styles, shape (510, 1, 256), in a quarter of its size without loss.

    A style changes almost linearly with the length of the run. So the bits of each number, read as an integer, are
    differenced twice down the rows; then come all lowest bytes, all second ones and so on, and these are compressed.
    """
    steps = table.astype("<f4").view("<u4").reshape(STYLE_SHAPE[0], STYLE_SHAPE[2]).copy()
    for _ in range(_DIFFERENCES):
        steps[1:] = steps[1:] - steps[:-1]
    return lzma.compress(np.ascontiguousarray(steps.T).view(np.uint8).reshape(-1, 4).T.tobytes(), preset=9)


def unpacked(content: bytes) -> FloatArray:
    """The table of which `packed` made `content`, bit for bit."""
    columns = np.frombuffer(lzma.decompress(content), np.uint8).reshape(4, -1).T.copy().view("<u4")
    bits = columns.reshape(STYLE_SHAPE[2], STYLE_SHAPE[0]).T
    for _ in range(_DIFFERENCES):
        bits = np.cumsum(bits, axis=0, dtype=np.uint32)
    return np.ascontiguousarray(bits).view("<f4").astype(np.float32).reshape(STYLE_SHAPE)
