from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.media.energy import FLOOR_DB, dips, energy_db, onsets


def speech_like(bursts: list[tuple[float, float]], duration_s: float, rate: int, noise: float = 0.0) -> np.ndarray:
    """Bursts of a buzzing tone at the given (start, end) seconds over steady noise."""
    time = np.arange(round(duration_s * rate)) / rate
    voice = 0.3 * np.sin(2 * np.pi * 140 * time) + 0.15 * np.sin(2 * np.pi * 730 * time)
    gate = np.zeros_like(time)
    for start, end in bursts:
        gate[(time >= start) & (time < end)] = 1.0
    return (voice * gate + noise * np.random.default_rng(0).standard_normal(len(time))).astype(np.float32)


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_a_full_scale_sine_is_at_minus_three_decibels(rate: int) -> None:
    tone = np.sin(2 * np.pi * 400 * np.arange(rate) / rate).astype(np.float32)
    np.testing.assert_allclose(energy_db(tone, rate)[2:-2], -3.01, atol=0.05)


@given(count=st.integers(0, 5000), rate=st.sampled_from([8000, 22_050, 48_000]), hop_s=st.sampled_from([0.005, 0.01]))
def test_there_is_one_value_a_hop(count: int, rate: int, hop_s: float) -> None:
    energy = energy_db(np.zeros(count, np.float32), rate, hop_s)
    assert energy.shape == (int(np.ceil(count / (hop_s * rate))),)
    assert energy.dtype == np.float32
    assert (energy == FLOOR_DB).all()


def test_stereo_has_the_mean_power_of_its_channels() -> None:
    tone = speech_like([(0, 1)], 1, 16_000)
    one_sided = np.stack([tone, np.zeros_like(tone)], axis=1)
    np.testing.assert_allclose(energy_db(one_sided, 16_000), energy_db(tone, 16_000) - 3.01, atol=0.01)


def test_a_pause_is_one_dip_in_its_middle() -> None:
    energy = energy_db(speech_like([(0.2, 1.0), (1.6, 2.5)], 2.8, 16_000, noise=0.0005), 16_000)
    found = dips(energy)
    inside = found[(found > 1.0) & (found < 1.6)]
    assert len(inside) == 1
    assert inside[0] == pytest.approx(1.3, abs=0.05)


def test_a_pause_of_digital_silence_is_met_in_its_very_middle() -> None:
    found = dips(energy_db(speech_like([(0.0, 1.0), (1.6, 2.5)], 2.5, 16_000), 16_000))
    assert found == pytest.approx([1.3], abs=0.011)


def test_a_steady_voice_has_no_dip_and_one_onset() -> None:
    energy = energy_db(speech_like([(0.5, 3.0)], 3.0, 16_000), 16_000)
    assert len(dips(energy)) == 0
    assert onsets(energy) == pytest.approx([0.5], abs=0.015)


@given(
    gaps=st.lists(st.floats(0.15, 0.6), min_size=1, max_size=6),
    lengths=st.lists(st.floats(0.15, 0.7), min_size=6, max_size=6),
    noise=st.sampled_from([0.0, 0.0005]),
)
def test_every_onset_after_a_pause_is_found_where_it_is(gaps: list[float], lengths: list[float], noise: float) -> None:
    """Word times are judged to 50 ms by this, so it must itself be far better."""
    bursts, at = [], 0.0
    for gap, length in zip(gaps, lengths, strict=False):
        bursts.append((at + gap, at + gap + length))
        at += gap + length
    energy = energy_db(speech_like(bursts, at + 0.3, 16_000, noise), 16_000)
    found = onsets(energy)
    assert len(found) == len(bursts)
    np.testing.assert_allclose(found, [start for start, _ in bursts], atol=0.015)


def test_silence_and_nothing_have_neither_dips_nor_onsets() -> None:
    for samples in (np.zeros(16_000, np.float32), np.zeros(0, np.float32)):
        energy = energy_db(samples, 16_000)
        assert len(dips(energy)) == len(onsets(energy)) == 0
