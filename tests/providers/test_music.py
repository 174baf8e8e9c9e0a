"""Music of any length becomes music of the length asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopback.makings import flac, tones
from storyreel.providers.music import fitted, stereo

RATE_HZ = 1000


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12_000), st.floats(0.001, 30.0))
def test_it_is_exactly_as_long_and_as_loud_as_it_may_be(count: int, duration_s: float) -> None:
    samples = np.sin(np.arange(2 * count, dtype=np.float32)).reshape(-1, 2)
    music = fitted(samples, RATE_HZ, duration_s)
    assert music.shape == (round(duration_s * RATE_HZ), 2)
    assert music.dtype == np.float32
    assert not len(music) or np.abs(music).max() <= 1.0


def test_it_begins_as_the_piece_does_and_fades_out() -> None:
    samples = np.full((20 * RATE_HZ, 2), 0.5, np.float32)
    music = fitted(samples, RATE_HZ, 12.0)
    assert np.allclose(music[: 8 * RATE_HZ], 0.5)
    assert np.abs(music[-1]).max() < 0.001
    assert np.abs(np.diff(music[:, 0])).max() < 0.001


def test_a_piece_too_short_goes_on_without_a_gap_or_a_jump() -> None:
    times = np.arange(8 * RATE_HZ) / RATE_HZ
    samples = np.repeat(np.sin(2 * np.pi * 2 * times)[:, None], 2, axis=1).astype(np.float32) * 0.4
    music = fitted(samples, RATE_HZ, 30.0)
    steps = np.abs(np.diff(music[:, 0]))
    assert steps.max() < 0.4 * 2 * np.pi * 2 / RATE_HZ * 1.6
    loud = np.abs(music[: 26 * RATE_HZ, 0]).reshape(-1, RATE_HZ).max(axis=1)
    assert loud.min() > 0.35


def test_mono_becomes_stereo_and_silence_is_said() -> None:
    samples, rate_hz = stereo(flac(tones((0.0, 0.5), length_s=0.5)))
    assert (samples.shape, rate_hz) == ((12_000, 2), 24_000)
    assert np.array_equal(samples[:, 0], samples[:, 1])
    with pytest.raises(ValueError, match="silent"):
        stereo(flac(tones(length_s=0.5)))
    with pytest.raises(ValueError, match="decoded"):
        stereo(b"ID3" + bytes(200))
