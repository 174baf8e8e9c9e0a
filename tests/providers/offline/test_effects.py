from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.errors import InputError, ProviderRefused
from storyreel.providers.contracts import EffectRequest, Effects
from storyreel.providers.offline.effects import EFFECTS, KINDS, OfflineEffects, kind_of

RATE_HZ = 48_000


def make(kind: str, duration_s: float = 2.5, seed: int = 0, description: str = "") -> np.ndarray:
    return OfflineEffects().make(EffectRequest(kind, description, duration_s, seed)).samples


def loudest_db(samples: np.ndarray, window_s: float = 0.4) -> float:
    window = min(len(samples), round(window_s * RATE_HZ))
    power = np.concatenate([[0.0], np.cumsum(np.square(samples.astype(np.float64)).mean(axis=1))])
    return float(10 * np.log10(np.max(power[window:] - power[:-window]) / window))


def centroid_hz(samples: np.ndarray) -> float:
    power = np.square(np.abs(np.fft.rfft(samples.mean(axis=1))))
    hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    return float((power * hz).sum() / power.sum())


def test_it_makes_effects() -> None:
    assert isinstance(OfflineEffects(), Effects)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_as_long_as_asked_for_audible_whole_and_starts_and_ends_in_silence(kind: str) -> None:
    samples = make(kind)
    assert samples.shape == (round(2.5 * RATE_HZ), 2)
    assert samples.dtype == np.float32
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 10 ** (-2.9 / 20)
    assert not samples[0].any()
    assert not samples[-1].any()
    # Either at its own level, or held down by a peak that may go no higher.
    at_peak = np.abs(samples).max() > 10 ** (-3.1 / 20)
    level = loudest_db(samples)
    assert abs(level - EFFECTS[kind].level_db) < 0.6 or (at_peak and -40 < level < EFFECTS[kind].level_db)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("duration_s", [0.04, 0.51])
def test_the_shortest_sounds_still_sound(kind: str, duration_s: float) -> None:
    samples = make(kind, duration_s)
    assert len(samples) == round(duration_s * RATE_HZ)
    assert np.isfinite(samples).all()
    if duration_s > 0.5:
        assert samples.any()


@pytest.mark.parametrize("kind", ["rain", "footsteps", "bell", "dog"])
def test_the_same_seed_gives_the_same_sound_and_another_one_another(kind: str) -> None:
    assert np.array_equal(make(kind, seed=3), make(kind, seed=3))
    assert not np.array_equal(make(kind, seed=3), make(kind, seed=4))


@pytest.mark.parametrize("kind", ["rain", "wind", "fire", "waves", "water", "crowd", "engine", "crickets"])
def test_what_lasts_fills_its_time_without_a_hole_even_past_a_block(kind: str) -> None:
    samples = make(kind, 24.0)
    blocks = np.square(samples.mean(axis=1)[: 24 * RATE_HZ]).reshape(48, -1).mean(axis=1)
    assert blocks.min() > blocks.mean() / 60


def test_kinds_sound_different_from_one_another() -> None:
    assert centroid_hz(make("thunder")) < 250 < centroid_hz(make("rain"))
    assert centroid_hz(make("heartbeat")) < 150
    assert centroid_hz(make("crickets")) > 3500


def test_a_description_changes_how_something_sounds() -> None:
    def onsets(samples: np.ndarray) -> int:
        level = np.abs(samples.mean(axis=1))[: len(samples) // 2400 * 2400].reshape(-1, 2400).max(axis=1)
        loud = level > 0.35 * level.max()
        return int(np.count_nonzero(loud[1:] & ~loud[:-1]))

    assert onsets(make("footsteps", 6.0, description="running away")) > onsets(make("footsteps", 6.0))
    assert centroid_hz(make("footsteps", 4.0, description="on gravel")) > centroid_hz(make("footsteps", 4.0))


def test_a_car_goes_by_from_one_side_to_the_other() -> None:
    samples = make("car", 6.0)
    left, right = (np.square(samples[:, channel]).reshape(6, -1).mean(axis=1) for channel in (0, 1))
    assert (left[1] > 2 * right[1] and right[4] > 2 * left[4]) or (right[1] > 2 * left[1] and left[4] > 2 * right[4])


@pytest.mark.parametrize(
    ("words", "kind"),
    [("Rain", "rain"), ("heavy rain", "rain"), ("the sea", "waves"), ("door slam", "door"), ("church bell", "bell"),
     ("a dog barking", "dog"), ("seagulls", "gulls"), ("FOOTSTEPS", "footsteps")],
)  # fmt: skip
def test_kinds_are_found_in_plain_words(words: str, kind: str) -> None:
    assert kind_of(words) == kind


@pytest.mark.parametrize("words", ["", "bassoon", "🎉", "rainbowish"])
def test_unknown_kinds_are_refused_with_those_there_are(words: str) -> None:
    with pytest.raises(InputError, match=r"footsteps.*thunder"):
        make(words)


@pytest.mark.parametrize("duration_s", [0.0, -1.0, float("nan"), 1e6])
def test_impossible_lengths_are_refused(duration_s: float) -> None:
    with pytest.raises(ProviderRefused):
        make("rain", duration_s)


@settings(max_examples=12, deadline=None)
@given(kind=st.sampled_from(KINDS), duration_s=st.floats(0.02, 3.0), seed=st.integers(0, 10**6))
def test_any_length_and_seed_gives_a_sound_of_exactly_that_length(kind: str, duration_s: float, seed: int) -> None:
    samples = make(kind, duration_s, seed)
    assert len(samples) == max(1, round(duration_s * RATE_HZ))
    assert np.isfinite(samples).all()
