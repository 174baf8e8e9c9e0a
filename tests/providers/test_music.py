"""Music and effects brought to length."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopback.makings import flac, tones
from loopback.recordings import chord
from storyreel.providers.music import OVERLAP_S, fitted, piece_lengths, stereo

RATE_HZ = 8_000


@given(st.floats(0.2, 4000.0))
def test_pieces_together_last_as_long_as_was_asked(duration_s: float) -> None:
    lengths = piece_lengths(duration_s, shortest_s=3.0, longest_s=300.0)
    assert all(3.0 <= length <= 300.0 for length in lengths)
    assert sum(lengths) - (len(lengths) - 1) * OVERLAP_S >= duration_s - 1e-6


@settings(max_examples=25, deadline=None)
@given(st.floats(0.3, 30.0), st.lists(st.floats(0.2, 12.0), min_size=1, max_size=3))
def test_a_bed_is_exactly_as_long_as_asked_and_never_clips(duration_s: float, lengths_s: list[float]) -> None:
    pieces = [chord(length_s, RATE_HZ, 220.0 + number) for number, length_s in enumerate(lengths_s)]
    bed = fitted(pieces, RATE_HZ, duration_s)
    assert bed.shape == (round(duration_s * RATE_HZ), 2)
    assert np.abs(bed).max() <= 1.0


def test_neither_a_seam_nor_the_end_clicks() -> None:
    """A click is a step between neighbours that the sound itself does not have."""
    pieces = [chord(5.0, RATE_HZ, 220.0), chord(5.0, RATE_HZ, 233.0)]
    steepest = max(np.abs(np.diff(piece, axis=0)).max() for piece in pieces)
    bed = fitted(pieces, RATE_HZ, 20.5)
    assert np.abs(np.diff(bed, axis=0)).max() <= 1.5 * steepest
    assert np.abs(bed[-10:]).max() < 0.001


def test_a_bed_that_runs_out_goes_on_at_the_same_loudness() -> None:
    bed = fitted([chord(6.0, RATE_HZ)], RATE_HZ, 30.0)
    loudness = [np.sqrt(np.mean(bed[at : at + RATE_HZ] ** 2)) for at in range(0, 26 * RATE_HZ, RATE_HZ)]
    assert min(loudness) > 0.4 * max(loudness)


def test_a_sound_that_lacks_a_moment_ends_and_is_not_begun_anew() -> None:
    bed = fitted([chord(3.8, RATE_HZ)], RATE_HZ, 4.0)
    assert not bed[round(3.8 * RATE_HZ) :].any()


def test_mono_becomes_stereo_and_silence_is_said() -> None:
    samples, rate_hz = stereo(flac(tones((0.0, 0.5), length_s=0.5)))
    assert (samples.shape, rate_hz) == ((12_000, 2), 24_000)
    assert np.array_equal(samples[:, 0], samples[:, 1])
    with pytest.raises(ValueError, match="silent"):
        stereo(flac(tones(length_s=0.5)))
    with pytest.raises(ValueError, match="decoded"):
        stereo(b"ID3" + bytes(200))
