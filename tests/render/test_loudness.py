from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.errors import CorruptFile
from storyreel.media.loudness import integrated_lufs, true_peak
from storyreel.render.loudness import (
    CODEC_HEADROOM_DB,
    GAIN_STEP_DB,
    LIMITER_REACH_S,
    Levels,
    Master,
    joined,
    levels_of,
    limit,
    plan_master,
)

RATE = 48_000


def voice_like(seconds: float, seed: int, crest: float = 4.0) -> np.ndarray:
    """Syllables of a buzzing tone; `crest` makes its pulses sharper."""
    generator = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    pulses = np.exp(crest * (np.cos(2 * np.pi * 120 * time + 3 * np.sin(time)) - 1)) * np.sin(2 * np.pi * 900 * time)
    syllables = np.clip(np.sin(2 * np.pi * 2.5 * time + generator.uniform(0, 6)) + 0.4, 0, None)
    loud = pulses * syllables * generator.uniform(0.3, 1, int(seconds) + 1)[time.astype(int)]
    return np.repeat((0.2 * loud)[:, None], 2, axis=1).astype(np.float32)


def plan(samples: np.ndarray, target: float = -14.0, peak: float = -1.0) -> Master:
    return plan_master(levels_of(samples, RATE), target, peak)


def decibels(factor: float) -> float:
    return float(20 * np.log10(factor))


@pytest.mark.parametrize("crest", [1.0, 4.0, 10.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_master_has_the_loudness_that_was_planned_and_keeps_its_ceiling(seed: int, crest: float) -> None:
    samples = voice_like(12, seed, crest)
    master = plan(samples)
    assert master.gain_db > 0
    done = limit(samples * np.float32(10 ** (master.gain_db / 20)), master.ceiling_dbtp, RATE)
    assert integrated_lufs(done, RATE) == pytest.approx(master.loudness_lufs, abs=0.15)
    if not master.held_back:
        assert integrated_lufs(done, RATE) == pytest.approx(-14.0, abs=0.5)
    assert decibels(true_peak(done)) <= -1.0 - CODEC_HEADROOM_DB + 0.05


def test_a_mix_whose_peaks_fit_is_only_made_louder() -> None:
    samples = np.repeat(0.05 * np.sin(2 * np.pi * 500 * np.arange(5 * RATE) / RATE)[:, None], 2, 1).astype(np.float32)
    master = plan(samples, target=-16.0)
    assert master.reduction_db == 0
    assert master.limited_share == 0
    assert master.warning is None
    assert master.gain_db == pytest.approx(-16.0 - integrated_lufs(samples, RATE), abs=GAIN_STEP_DB / 2 + 1e-6)


def test_a_loud_mix_is_brought_down() -> None:
    samples = np.clip(voice_like(6, 0, 1.0) * 8, -1, 1)
    assert plan(samples, target=-23.0).gain_db < 0


def test_peaks_that_would_have_to_be_squashed_hold_the_level_back_and_are_reported() -> None:
    """Clicks over near silence cannot be made -14 LUFS without ruin."""
    samples = np.zeros((6 * RATE, 2), np.float32)
    samples[::2400] = 0.9
    master = plan(samples)
    assert master.held_back
    assert master.loudness_lufs < -14.3
    assert "LUFS" in (master.warning or "")


def test_one_loud_click_does_not_hold_a_whole_film_back() -> None:
    samples = voice_like(20, 2, 2.0) * np.float32(0.2)
    quiet = plan(samples)
    samples[5 * RATE] = 1.0
    assert plan(samples).gain_db == pytest.approx(quiet.gain_db, abs=0.4)


def test_the_gain_keeps_to_its_steps_so_that_a_small_edit_changes_no_other_block() -> None:
    samples = voice_like(30, 3, 2.0)
    before = plan(samples)
    assert before.gain_db / GAIN_STEP_DB == pytest.approx(round(before.gain_db / GAIN_STEP_DB))
    gains = {plan(samples * np.float32(10 ** (k / 200))).gain_db for k in range(-10, 11)}
    assert len(gains) <= 7


@given(cuts=st.lists(st.integers(1, 12), max_size=3))
@settings(max_examples=10, deadline=None)
def test_levels_of_stretches_measured_one_by_one_are_those_of_the_whole(cuts: list[int]) -> None:
    """Cuts in units of 100 ms; the meter's filter needs 400 ms of what came before."""
    samples = voice_like(5.03, 1)
    edges = [0, *np.cumsum([4 + cut for cut in cuts]) * 4800, len(samples)]
    parts = []
    for first, after in pairwise(edges):
        run_in, run_out = min(first, 19_200), min(len(samples) - after, 24)
        part = levels_of(samples[first - run_in : after + run_out], RATE, run_in, run_out, kept_hz=17_000)
        parts.append(Levels.from_bytes(part.to_bytes()))
    whole = levels_of(samples, RATE, kept_hz=17_000)
    np.testing.assert_allclose(joined(parts).step_powers, whole.step_powers, rtol=1e-9)
    np.testing.assert_array_equal(joined(parts).segment_peaks, whole.segment_peaks)


def test_damaged_levels_are_told() -> None:
    data = levels_of(voice_like(1, 0), RATE).to_bytes()
    for bad in (b"", data[:-1], data + b"x"):
        with pytest.raises(CorruptFile):
            Levels.from_bytes(bad)


def test_silence_is_left_alone() -> None:
    master = plan(np.zeros((RATE, 2), np.float32))
    assert master.gain_db == 0
    assert not master.held_back


def test_the_limiter_passes_what_is_below_its_ceiling_untouched() -> None:
    samples = voice_like(2, 0) * np.float32(0.5)
    np.testing.assert_array_equal(limit(samples, -1.0, RATE), samples)


@given(first=st.integers(0, 60_000), count=st.integers(1, 20_000), seed=st.integers(0, 5))
@settings(max_examples=20, deadline=None)
def test_a_piece_limited_with_its_margins_is_that_piece_of_the_whole(first: int, count: int, seed: int) -> None:
    """To the last bit: a film's blocks are limited one by one."""
    samples = voice_like(1.8, seed) * np.float32(8)
    whole = limit(samples, -1.0, RATE)
    assert whole.shape == samples.shape
    assert whole.dtype == np.float32
    reach = round(LIMITER_REACH_S * RATE)
    low = max(0, first - reach)
    piece = limit(samples[low : first + count + reach], -1.0, RATE)
    np.testing.assert_array_equal(piece[first - low : first - low + count], whole[first : first + count])


@given(
    hz=st.floats(40, 15_000),
    drive_db=st.floats(0.1, 12),
    start=st.integers(3000, 9000),
    length=st.integers(1, 20_000),
    ceiling_db=st.sampled_from([-0.5, -1.5, -3.0]),
)
@settings(max_examples=60, deadline=None)
def test_no_true_peak_passes_the_ceiling(
    hz: float, drive_db: float, start: int, length: int, ceiling_db: float
) -> None:
    time = np.arange(RATE) / RATE
    tone = np.sin(2 * np.pi * hz * time) * 0.2
    burst = (np.arange(RATE) >= start) & (np.arange(RATE) < start + length)
    tone *= 1 + burst * (5 * 10 ** (drive_db / 20) - 1)
    done = limit(np.stack([tone, -0.3 * tone], 1).astype(np.float32), ceiling_db, RATE)
    assert decibels(true_peak(done)) <= ceiling_db + 0.05


def test_a_peak_is_met_without_a_click() -> None:
    """The factor moves smoothly: a steady tone under a burst of 10 dB keeps a narrow spectrum."""
    time = np.arange(RATE) / RATE
    tone = 0.5 * np.sin(2 * np.pi * 300 * time)
    tone[20_000:30_000] *= 10 ** (10 / 20)
    done = limit(np.stack([tone, tone], 1).astype(np.float32), -1.0, RATE)[:, 0]
    around = done[17_000:20_000] * np.hanning(3000)
    spectrum = np.abs(np.fft.rfft(around))
    hz = np.fft.rfftfreq(3000, 1 / RATE)
    assert decibels(spectrum[hz > 1500].max() / spectrum.max()) < -60
