"""Music and effects as services send them, brought to the length asked for: no click, no dead stop, no gap."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from storyreel.providers.contracts import FloatArray, Music
from storyreel.providers.music import stereo
from storyreel.providers.transport import Lost, Reply, kind_of

OVERLAP_S = 2.0
FADE_OUT_S = 1.5
SHORTFALL_S = 0.5


def piece_lengths(duration_s: float, *, shortest_s: float, longest_s: float) -> list[float]:
    """How long each piece must be that a service is asked for, so that together, overlapping, they last so long."""
    count = max(1, math.ceil((duration_s - OVERLAP_S) / (longest_s - OVERLAP_S)))
    each_s = (duration_s + (count - 1) * OVERLAP_S) / count
    return [min(longest_s, max(shortest_s, each_s))] * count


def fitted(pieces: Sequence[FloatArray], sample_rate_hz: int, duration_s: float) -> FloatArray:
    """Pieces put together to exactly `duration_s`: each fades into the next, and the last is repeated if they run out.

    What lacks less than half a second is left to end, and silence follows.

    Args:
        pieces: samples of shape (n, 2), at least one of them with sound.
    """
    count = round(duration_s * sample_rate_hz)
    pieces = [piece for piece in pieces if len(piece)]
    overlap = min(round(OVERLAP_S * sample_rate_hz), *(len(piece) // 2 for piece in pieces))
    row, length = list(pieces), sum(len(piece) - overlap for piece in pieces) + overlap
    while length < count - round(SHORTFALL_S * sample_rate_hz):
        row.append(pieces[-1])
        length += len(pieces[-1]) - overlap
    sound = np.zeros((length, 2), np.float32)
    at = 0
    for number, piece in enumerate(row):
        shaped = piece.copy()
        if number:
            shaped[:overlap] *= _rising(overlap)
        if number < len(row) - 1:
            shaped[len(piece) - overlap :] *= _rising(overlap)[::-1]
        sound[at : at + len(piece)] += shaped
        at += len(piece) - overlap
    if length != count:
        sound = _ended(sound[:count], sample_rate_hz)
    return np.clip(np.pad(sound, ((0, count - len(sound)), (0, 0))), -1.0, 1.0)


def _rising(count: int) -> FloatArray:
    """A fade of equal power: two unlike sounds stay as loud as one while they cross."""
    return np.sqrt(np.linspace(0.0, 1.0, count, dtype=np.float32))[:, None]


def _ended(sound: FloatArray, sample_rate_hz: int) -> FloatArray:
    count = min(round(FADE_OUT_S * sample_rate_hz), len(sound) // 4)
    ended = sound.copy()
    if count:
        ended[-count:] *= np.linspace(1.0, 0.0, count, dtype=np.float32)[:, None] ** 2
    return ended


def checked_sound(reply: Reply) -> bytes:
    """An answer that is a sound.

    Raises:
        Lost: it is something else, damaged or silent.
    """
    if kind_of(reply.data) != "audio":
        raise Lost(reply.vendor, "what came is no sound")
    try:
        stereo(reply.data)
    except ValueError as error:
        raise Lost(reply.vendor, f"the sound that came is damaged: {error}") from None
    return reply.data


def whole(sounds: Sequence[bytes], duration_s: float) -> Music:
    """Encoded pieces, checked before, as one of exactly `duration_s`."""
    parts = [stereo(sound) for sound in sounds]
    rate_hz = parts[0][1]
    return Music(fitted([samples for samples, _ in parts], rate_hz, duration_s), rate_hz)
