"""How loud a voice is from moment to moment: where it dips, where it sets in. Pure on arrays."""

from __future__ import annotations

import numpy as np

from storyreel.providers.contracts import FloatArray

HOP_S = 0.01
WINDOW_S = 0.025
FLOOR_DB = -100.0
"""What digital silence is called."""

_RANGE_DB = 45.0  # what lies further below the loudest speech counts as silence
_SHORTEST_APART_S = 0.12  # syllables do not follow one another faster


def energy_db(samples: FloatArray, sample_rate_hz: int, hop_s: float = HOP_S) -> FloatArray:
    """Short-time RMS in dB below full scale.

    Args:
        samples: float32 of shape (n,), or (n, channels) whose channels' powers are averaged.
        sample_rate_hz: samples a second.
        hop_s: the time between values; value i belongs to the 25 ms around i x hop_s.

    Returns:
        float32 of shape (ceil(n / (hop_s x sample_rate_hz)),), at least `FLOOR_DB`.
    """
    power = np.square(samples, dtype=np.float64)
    if power.ndim == 2:
        power = power.mean(axis=1)
    hop = hop_s * sample_rate_hz
    centres = np.rint(np.arange(int(np.ceil(len(power) / hop))) * hop).astype(np.int64)
    half = max(1, round(WINDOW_S * sample_rate_hz / 2))
    total = np.concatenate([[0.0], np.cumsum(power)])
    first, after = np.maximum(centres - half, 0), np.minimum(centres + half, len(power))
    mean = (total[after] - total[first]) / np.maximum(after - first, 1)
    decibels: FloatArray = (10.0 * np.log10(np.maximum(mean, 10.0 ** (FLOOR_DB / 10)))).astype(np.float32)
    return decibels


def dips(energy: FloatArray, hop_s: float = HOP_S, *, depth_db: float = 8.0) -> FloatArray:
    """The moments at which a voice's energy dips, where a picture may change unnoticed.

    Args:
        energy: what `energy_db` gave.
        hop_s: the time between its values.
        depth_db: how far the energy must fall below the lower of the two peaks around.

    Returns:
        Seconds, ascending: the middle of each dip's lowest stretch; float32 of shape (k,).
    """
    from scipy.signal import find_peaks

    if not len(energy):
        return np.zeros(0, np.float32)
    # Below the floor all is alike, so a pause is one flat stretch and its middle is found; so are the two ends.
    floor = _floor_db(energy)
    depth = -np.maximum(energy, floor)
    found, _ = find_peaks(depth, prominence=depth_db, distance=max(1, round(_SHORTEST_APART_S / hop_s)), plateau_size=1)
    return (found * hop_s).astype(np.float32)


def onsets(energy: FloatArray, hop_s: float = HOP_S, *, rise_db: float = 10.0) -> FloatArray:
    """The moments at which a voice sets in: after a pause, or with a clear new stress.

    Args:
        energy: what `energy_db` gave.
        hop_s: the time between its values.
        rise_db: how much the energy must rise within 120 ms.

    Returns:
        Seconds, ascending; float32 of shape (k,). A sudden onset is found 10 ms early at most, a soft one where
        the energy has come up to 12 dB below the peak it rises to.
    """
    if not len(energy):
        return np.zeros(0, np.float32)
    reach = max(1, round(_SHORTEST_APART_S / hop_s))
    floor = _floor_db(energy)
    level = np.concatenate([np.full(reach, floor), np.maximum(energy, floor), np.full(reach, floor)])
    windows = np.lib.stride_tricks.sliding_window_view(level, reach + 1)
    lowest, highest = windows.min(axis=1)[:-reach], windows.max(axis=1)[reach:]  # of the 120 ms before, and after
    here = level[reach:-reach]
    above = (here >= highest - 12.0) & (highest - lowest >= rise_db) & (here > floor)
    before = np.concatenate([[False], above[:-1]])
    found: list[int] = []
    for index in np.flatnonzero(above & ~before):
        if not found or index - found[-1] >= reach:
            found.append(int(index))
    return (np.array(found, np.float64) * hop_s).astype(np.float32)


def _floor_db(energy: FloatArray) -> float:
    """What counts as silence in this recording: its noise, or what is far below its speech."""
    loud = float(np.percentile(energy, 95))
    noise = float(np.percentile(energy, 5))
    # Rounded as the energies are, so that comparing with it is exact.
    return float(np.float32(max(loud - _RANGE_DB, min(noise + 3.0, loud - 20.0), FLOOR_DB)))
