from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.errors import RenderError
from storyreel.media.looping import Loop, find_loop, loop_gains, read_looped
from storyreel.media.sound import write_flac

RATE = 48_000


def keep(path: Path, samples: np.ndarray) -> Path:
    path.write_bytes(write_flac(samples.astype(np.float32), RATE, 24))
    return path


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2)) * 0.1


def band(seconds: float, beats_a_minute: float = 96.0) -> np.ndarray:
    """A chord, a drum on the beat, heavier on the first of four, a rattle between; it fades in and out."""
    count = round(seconds * RATE)
    time = np.arange(count) / RATE
    sound = sum(level * np.sin(2 * np.pi * hz * time) for hz, level in ((110, 0.06), (164.8, 0.04), (220.5, 0.02)))
    generator, step = np.random.default_rng(1), 60 / beats_a_minute * RATE
    for beat in range(int(count / step)):
        first = int(beat * step)
        drum = np.exp(-np.arange(6000) / 1500) * np.sin(2 * np.pi * 60 * np.arange(6000) / RATE)
        sound[first : first + 6000] += (0.5 if beat % 4 == 0 else 0.25) * drum[: count - first]
        first += int(step / 2)
        rattle = 0.08 * np.exp(-np.arange(3000) / 400) * generator.standard_normal(3000)
        sound[first : first + 3000] += rattle[: max(0, count - first)]
    sound[:RATE] *= np.linspace(0, 1, RATE)
    sound[-3 * RATE :] *= np.linspace(1, 0, 3 * RATE)
    return np.repeat(sound[:, None], 2, axis=1)


def level_db(samples: np.ndarray, window_s: float) -> np.ndarray:
    """Power over a sliding window."""
    window = round(window_s * RATE)
    sums = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64).mean(axis=1))])
    return 10 * np.log10(np.maximum((sums[window:] - sums[:-window]) / window, 1e-12))


def test_a_loop_keeps_the_beat_and_the_bar_and_leaves_fades_out(tmp_path: Path) -> None:
    path = keep(tmp_path / "a.flac", band(47))
    loop = find_loop(path, 0, RATE)
    beats = loop.period / RATE / (60 / 96)
    assert beats == pytest.approx(4 * round(beats / 4), abs=0.01)
    assert loop.start > 0.5 * RATE
    assert loop.end + loop.fade <= 45 * RATE
    assert loop.period > 20 * RATE


@pytest.mark.parametrize("make", [lambda: noise(12), lambda: band(40)])
def test_loudness_neither_dips_nor_swells_where_a_loop_comes_round(tmp_path: Path, make: object) -> None:
    path = keep(tmp_path / "a.flac", make())  # type: ignore[operator]
    loop = find_loop(path, 0, RATE)
    heard = read_looped(path, loop, 0, loop.end + loop.period + loop.fade, RATE, 2)
    # Over a bar of the band: its beats are louder than what lies between, with or without a loop.
    level = level_db(heard, 2.5)
    seam = level[loop.end - 3 * RATE : loop.end + 2 * RATE]
    steady = level[loop.start + RATE : loop.end - 4 * RATE]
    assert seam.min() > steady.min() - 0.5
    assert seam.max() < steady.max() + 0.5


def test_there_is_no_click_where_a_tone_comes_round(tmp_path: Path) -> None:
    tone = 0.3 * np.sin(2 * np.pi * 440.3 * np.arange(7 * RATE) / RATE)[:, None] * np.ones(2)
    path = keep(tmp_path / "a.flac", tone)
    loop = find_loop(path, 0, RATE)
    heard = read_looped(path, loop, 0, 3 * loop.end, RATE, 2)
    assert np.abs(np.diff(heard, 2, axis=0)).max() < 1.05 * np.abs(np.diff(tone, 2, axis=0)).max()
    assert level_db(heard, 0.1).min() == pytest.approx(level_db(tone, 0.1).min(), abs=0.1)


@pytest.mark.parametrize("count", [2, 100, 5000, 20_000, 60_000])
def test_however_short_a_sound_is_it_loops(tmp_path: Path, count: int) -> None:
    path = keep(tmp_path / "a.flac", noise(2)[:count])
    loop = find_loop(path, 0, RATE)
    assert 0 <= loop.start < loop.end <= loop.end + loop.fade <= count
    assert loop.fade <= loop.period
    heard = read_looped(path, loop, 0, 2 * RATE, RATE, 2)
    assert heard.shape == (2 * RATE, 2)
    if count > 1000:
        assert level_db(heard, 0.1).min() > level_db(noise(2), 0.1).min() - 2.5


def test_silence_loops_as_silence(tmp_path: Path) -> None:
    path = keep(tmp_path / "a.flac", np.zeros((3 * RATE, 2)))
    assert not read_looped(path, find_loop(path, 0, RATE), 0, 10 * RATE, RATE, 2).any()


def test_a_loop_may_begin_in_the_middle_and_not_behind_the_end(tmp_path: Path) -> None:
    path = keep(tmp_path / "a.flac", noise(6))
    assert find_loop(path, 2 * RATE, RATE).start >= 2 * RATE
    with pytest.raises(RenderError, match="cannot be looped"):
        find_loop(path, 6 * RATE, RATE)


@pytest.fixture(scope="module")
def looped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray, np.ndarray]:
    samples = noise(1).astype(np.float32)
    path = keep(tmp_path_factory.mktemp("loop") / "a.flac", samples)
    return path, samples, read_looped(path, Loop(8000, 40_000, 6000), 0, 4 * RATE, RATE, 2)


@given(first=st.integers(0, 150_000), count=st.integers(1, 90_000))
@settings(max_examples=30, deadline=None)
def test_a_stretch_of_a_loop_is_that_stretch_of_the_whole(
    looped: tuple[Path, np.ndarray, np.ndarray], first: int, count: int
) -> None:
    path, _, whole = looped
    count = min(count, len(whole) - first)
    np.testing.assert_array_equal(
        read_looped(path, Loop(8000, 40_000, 6000), first, count, RATE, 2), whole[first : first + count]
    )


def test_between_its_seams_a_loop_is_the_sound_itself(looped: tuple[Path, np.ndarray, np.ndarray]) -> None:
    _, samples, whole = looped
    np.testing.assert_allclose(whole[:40_000], samples[:40_000], atol=1e-6)
    np.testing.assert_allclose(whole[46_000:72_000], samples[14_000:40_000], atol=1e-6)


@given(likeness=st.floats(0, 1), at=st.integers(0, 999))
def test_a_loops_fade_keeps_the_power_of_sounds_however_alike(likeness: float, at: int) -> None:
    coming, going = loop_gains(Loop(0, 5000, 1000, likeness), np.array([at]))
    assert coming**2 + going**2 + 2 * likeness * coming * going == pytest.approx(1.0)
