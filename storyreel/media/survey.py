"""What mixing has to know of a sound before it can be mixed minute by minute: its steady offset, and its loop."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from storyreel.media.looping import Loop, find_loop
from storyreel.media.sound import read_sound

_WINDOW_S = 0.1
_LEAST_WINDOWS = 10
_LEAST_OFFSET = 0.003  # -50 dB: what lies below is heard and costs level nowhere
_LOOK_S = 60.0


@dataclass(frozen=True, slots=True)
class Source:
    """A sound as the mix uses it.

    Attributes:
        offset: what every sample of a channel is displaced by, as cheap converters do; it takes headroom and clicks
            where the sound begins. Taken away in the mix; 0 for most sounds.
        loop: where it is repeated, in samples of the mix; None where it is not.
    """

    offset: tuple[float, ...]
    loop: Loop | None = None


def survey(path: Path, sample_rate_hz: int, channels: int, looped_from: int | None = None) -> Source:
    """Look a sound over.

    Args:
        path: any file with sound in it.
        sample_rate_hz, channels: of the mix.
        looped_from: the sample at which the sound begins, if it is to be looped.

    Raises:
        CorruptFile: the file cannot be read.
        RenderError: it is to be looped from behind its end.
    """
    loop = None if looped_from is None else find_loop(path, looped_from, sample_rate_hz)
    return Source(_steady_offset(path, sample_rate_hz, channels), loop)


def _steady_offset(path: Path, sample_rate_hz: int, channels: int) -> tuple[float, ...]:
    """The middle one of the first minute's means of 100 ms: no loud moment moves it. 0 where it is small or unsure."""
    sound = read_sound(path, sample_rate_hz=sample_rate_hz, channels=channels, duration_s=_LOOK_S)
    window = round(_WINDOW_S * sample_rate_hz)
    whole = sound[: len(sound) // window * window]
    means = whole.reshape(-1, window, channels).mean(axis=1, dtype=np.float64)
    if len(means) < _LEAST_WINDOWS:
        return (0.0,) * channels
    return tuple(round(value, 5) if abs(value) > _LEAST_OFFSET else 0.0 for value in np.median(means, axis=0).tolist())
