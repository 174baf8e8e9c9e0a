"""How a film sounds from moment to moment: its level, and where somebody laughs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from storyreel.media.energy import FLOOR_DB
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import FloatArray
from storyreel.render.mix import SAMPLE_RATE_HZ
from storyreel.render.sound import mixed
from storyreel.render.sound_blocks import loops_from, sound_blocks
from storyreel.render.sound_steps import survey_sound
from storyreel.timeline.model import Timeline

LEVEL_HOP_S, LAUGH_HOP_S = 0.05, 0.1
_HOP_S = 0.01
_WINDOW = 128  # hops in which a rhythm is looked for: 1.28 s, four to eight bursts of laughter
# Bursts of laughter follow one another every 210 ms or so (Provine & Yong 1991, "Laughter: a stereotyped human
# vocalization": mean inter-note interval 210 ms).
_LAGS = range(14, 29)
_REGULAR, _SURELY_REGULAR = 0.35, 0.75
_DEPTH_DB = 4.0


class SoundCurve(BaseModel, frozen=True, extra="forbid"):
    """A film's sound as curves.

    Attributes:
        level_db: RMS of each 50 ms, dB below full scale.
        laugh: how much each 100 ms is like laughter, 0 to 1, by its rhythm alone.
    """

    level_db: tuple[float, ...]
    laugh: tuple[float, ...]

    def levels(self) -> FloatArray:
        """The levels as an array of shape (n,)."""
        return np.asarray(self.level_db, np.float32)

    def laughs(self) -> FloatArray:
        """Laughter as an array of shape (n,)."""
        return np.asarray(self.laugh, np.float32)


@step(version=1)
def hear_film(project: Project, timeline: Timeline) -> SoundCurve:
    """Mix a film's sound and measure it, block by block.

    Args:
        timeline: as `storyreel.render.steps.audible` gives it, nothing in it untouched.

    Raises:
        CorruptFile: a sound's file is missing or damaged.
    """
    store = store_of(project)
    blocks = sound_blocks(timeline, lambda sound: survey_sound(project, sound.asset.blob, loops_from(sound)))
    hop = round(_HOP_S * SAMPLE_RATE_HZ)
    powers = []
    with project.progress.task("listen", len(blocks), "blocks") as task:
        for block in blocks:
            mix = mixed(block, store.path)[block.lead : block.lead + block.count]
            power = np.square(mix, dtype=np.float64).mean(axis=1)
            short = -len(power) % hop
            powers.append(np.pad(power, (0, short), mode="edge").reshape(-1, hop).mean(axis=1))
            task.advance()
    return curve_of(np.concatenate([np.zeros(0), *powers]))


def curve_of(power: NDArray[np.float64]) -> SoundCurve:
    """The curves of a sound from its mean power in every 10 ms, shape (n,)."""
    floor = 10.0 ** (FLOOR_DB / 10)
    level = 10 * np.log10(np.maximum(_means(power, round(LEVEL_HOP_S / _HOP_S)), floor))
    return SoundCurve(
        level_db=tuple(np.round(level, 1).tolist()),
        laugh=tuple(np.round(_laughter(10 * np.log10(np.maximum(power, floor))), 2).tolist()),
    )


def _laughter(energy: NDArray[np.float64]) -> NDArray[np.float64]:
    """How regularly a sound bursts four to seven times a second around every 100 ms; shape (ceil(n / 10),)."""
    every = round(LAUGH_HOP_S / _HOP_S)
    count = -(-len(energy) // every)
    if not count:
        return np.zeros(0)
    top = float(np.percentile(energy, 99))
    padded = np.pad(np.maximum(energy, top - 40.0), (_WINDOW // 2, _WINDOW), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[: count * every : every]
    result = np.zeros(count)
    for first in range(0, count, 4096):
        part = windows[first : first + 4096]
        centred = part - part.mean(axis=1, keepdims=True)
        spread = centred.std(axis=1)
        alike = {lag: _likeness(centred, lag) for lag in range(_LAGS.start // 2, _LAGS.stop)}
        # Half a beat later a rhythm is in its gap; what only swells slowly is like itself there, too.
        likeness = np.max([alike[lag] - np.maximum(alike[lag // 2], 0) for lag in _LAGS], axis=0)
        regular = np.clip((likeness - _REGULAR) / (_SURELY_REGULAR - _REGULAR), 0, 1)
        deep = np.clip(spread / _DEPTH_DB, 0, 1)
        near = np.clip((part.max(axis=1) - (top - 24.0)) / 12.0, 0, 1)  # what is hardly heard is no laugh
        result[first : first + 4096] = regular * deep * near
    return result


def _likeness(centred: NDArray[np.float64], lag: int) -> NDArray[np.float64]:
    """How like itself each row is `lag` values later, -1 to 1; shape (rows,)."""
    later, now = centred[:, lag:], centred[:, :-lag]
    both = np.sqrt(np.square(later).sum(axis=1) * np.square(now).sum(axis=1))
    return np.asarray(np.einsum("ij,ij->i", later, now) / np.maximum(both, 1e-9), np.float64)


def _means(values: NDArray[np.float64], each: int) -> NDArray[np.float64]:
    padded = np.pad(values, (0, -len(values) % each), mode="edge") if len(values) else values
    return np.asarray(padded.reshape(-1, each).mean(axis=1), np.float64)
