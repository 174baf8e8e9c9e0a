"""Frames, seconds and samples agree exactly."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from storyreel.clock import Rate

rates = st.sampled_from([Rate(num=24), Rate(num=25), Rate(num=30), Rate(num=30000, den=1001), Rate(num=60)])
frames = st.integers(min_value=0, max_value=60 * 60 * 120)


@given(rates, frames)
def test_a_frame_survives_the_way_through_seconds(rate: Rate, frame: int) -> None:
    assert rate.frames(rate.seconds(frame)) == frame


@given(rates, frames)
def test_samples_never_drift_from_the_exact_position(rate: Rate, frame: int) -> None:
    exact = Fraction(frame) / rate.fps * 48_000
    assert abs(rate.samples(frame, 48_000) - exact) <= Fraction(1, 2)


@given(rates, st.fractions(min_value=0, max_value=7200))
def test_ceil_covers_the_duration_with_the_fewest_frames(rate: Rate, seconds: Fraction) -> None:
    count = rate.frames_ceil(seconds)
    assert Fraction(count) / rate.fps >= seconds
    assert count == 0 or Fraction(count - 1) / rate.fps < seconds


def test_ntsc_hour_has_the_known_number_of_frames() -> None:
    assert Rate(num=30000, den=1001).frames(3600) == 107_892
