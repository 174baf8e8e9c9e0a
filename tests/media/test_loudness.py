from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.media.loudness import (
    LoudnessMeter,
    TruePeakMeter,
    gain_to,
    halfway_peaks,
    integrated_lufs,
    k_weighting,
    true_peak,
)


def by_ffmpeg(samples: np.ndarray, rate: int) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak as a factor, as FFmpeg's ebur128 filter measures them."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=rate, format="flt", layout="stereo", time_base=Fraction(1, rate))
    meter, sink = graph.add("ebur128", "peak=true:metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    padded = np.concatenate([samples, np.zeros((rate // 10, 2), np.float32)])  # it reports at whole 100 ms
    frame = av.AudioFrame.from_ndarray(padded.reshape(1, -1), format="flt", layout="stereo")
    frame.sample_rate, frame.pts = rate, 0
    source.push(frame)
    source.push(None)
    last = None
    while True:
        try:
            last = sink.pull()
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    assert last is not None
    return float(last.metadata["lavfi.r128.I"]), float(last.metadata["lavfi.r128.true_peak"])


def programme(seconds: float, rate: int, seed: int) -> np.ndarray:
    """Noise that swells and stops, as speech and music do."""
    generator = np.random.default_rng(seed)
    noise = generator.standard_normal((round(seconds * rate), 2))
    noise = np.cumsum(noise, axis=0) * 0.02 + noise * 0.2
    noise -= np.linspace(noise[0], noise[-1], len(noise))
    time = np.arange(len(noise))[:, None] / rate
    swell = np.clip(np.sin(time * generator.uniform(1, 3)) + generator.uniform(-0.3, 0.8), 0, None)
    return (noise / np.abs(noise).max() * 0.7 * swell).astype(np.float32)


@given(hz=st.floats(100, 12_000), phase=st.floats(0, 6.28))
@settings(max_examples=20, deadline=None)
def test_peaks_halfway_between_samples_lie_just_under_the_true_peak(hz: float, phase: float) -> None:
    tone = 0.5 * np.sin(2 * np.pi * hz * np.arange(9600) / 48_000 + phase) * np.hanning(9600)
    samples = np.stack([tone, -0.3 * tone], axis=1).astype(np.float32)
    found = halfway_peaks(samples)
    assert found.shape == (9600,)
    assert (found >= np.abs(samples).max(axis=1)).all()
    assert -0.8 < 20 * np.log10(found.max() / true_peak(samples)) < 1e-6


def test_the_filter_is_the_standards_own_at_48_khz() -> None:
    """BS.1770-4, tables 1 and 2."""
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585]
    high_pass = [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621]
    np.testing.assert_allclose(k_weighting(48_000), [shelf, high_pass], atol=1e-12)


@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100, 48_000])
def test_a_full_scale_tone_in_one_channel_reads_minus_three(rate: int) -> None:
    """BS.1770-4: a 997 Hz sine at 0 dBFS in one front channel is -3.01 LKFS."""
    tone = np.zeros((3 * rate, 2), np.float32)
    tone[:, 0] = np.sin(2 * np.pi * 997 * np.arange(3 * rate) / rate)
    assert integrated_lufs(tone, rate) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize(
    ("levels_and_lengths", "expected"),
    [
        ([(-23, 20)], -23.0),
        ([(-33, 20)], -33.0),
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
)
def test_the_broadcast_unions_cases(levels_and_lengths: list[tuple[float, float]], expected: float) -> None:
    """EBU Tech 3341, cases 1 to 5: stereo sines of 1 kHz, to 0.1 LU."""
    rate = 16_000
    parts = []
    for level, seconds in levels_and_lengths:
        tone = 10 ** (level / 20) * np.sin(2 * np.pi * 1000 * np.arange(round(seconds * rate)) / rate)
        parts.append(np.stack([tone, tone], axis=1))
    assert integrated_lufs(np.concatenate(parts).astype(np.float32), rate) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_ffmpeg_measures_the_same(seed: int) -> None:
    samples = programme(12, 48_000, seed)
    lufs, peak = by_ffmpeg(samples, 48_000)
    assert integrated_lufs(samples, 48_000) == pytest.approx(lufs, abs=0.1)
    assert 20 * np.log10(true_peak(samples) / peak) == pytest.approx(0.0, abs=0.2)


@given(cuts=st.lists(st.integers(0, 9000), max_size=8))
@settings(max_examples=30, deadline=None)
def test_how_a_sound_is_cut_into_blocks_changes_no_measure(cuts: list[int]) -> None:
    samples = programme(1.5, 16_000, 7)
    loudness, peak, at = LoudnessMeter(16_000), TruePeakMeter(), 0
    for cut in [*cuts, len(samples)]:
        loudness.add(samples[at : at + cut])
        peak.add(samples[at : at + cut])
        at += cut
    assert loudness.integrated_lufs() == pytest.approx(integrated_lufs(samples, 16_000), abs=1e-9)
    assert peak.peak() == pytest.approx(true_peak(samples), rel=1e-9)


@pytest.mark.parametrize("phase", [0.0, 0.25, 0.5])
def test_the_true_peak_of_a_tone_is_found_between_its_samples(phase: float) -> None:
    """A quarter-rate tone at 45 degrees has samples 3 dB below its peak."""
    tone = 0.5 * np.sin(np.pi / 2 * np.arange(4800) + np.pi * phase)
    fade = np.minimum(1, np.minimum(np.arange(4800), np.arange(4800)[::-1]) / 400)
    assert 20 * np.log10(true_peak((tone * fade).astype(np.float32)) / 0.5) == pytest.approx(0.0, abs=0.1)


def test_silence_has_no_loudness_and_asks_for_no_gain() -> None:
    silence = np.zeros((48_000, 2), np.float32)
    assert integrated_lufs(silence, 48_000) == -np.inf
    assert integrated_lufs(silence[:0], 48_000) == -np.inf
    assert gain_to(silence, 48_000, -18.0) == 0.0
    assert true_peak(silence) == 0.0


@pytest.mark.parametrize("seconds", [0.25, 1.0, 5.0])
def test_the_gain_brings_a_voice_to_its_level(seconds: float) -> None:
    voice = programme(8, 24_000, 3)[:, 0] * np.float32(0.5)
    loudest = int(np.abs(voice[: 3 * 24_000]).argmax())
    voice = voice[loudest : loudest + round(seconds * 24_000)]
    gain_db = gain_to(voice, 24_000, -18.0)
    assert integrated_lufs(voice * np.float32(10 ** (gain_db / 20)), 24_000) == pytest.approx(-18.0, abs=0.05)
