"""Heard words are set on the voice."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storyreel.media.energy import energy_db
from storyreel.media.snap import silences, snapped
from storyreel.providers.contracts import FloatArray, HeardWord

RATE_HZ = 16_000


def voice(*sounding: tuple[float, float], length_s: float = 4.0, noise_db: float = -70.0) -> FloatArray:
    at = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    on = np.zeros(len(at))
    for start, end in sounding:
        on[(at >= start) & (at < end)] = 0.3
    noise = np.random.default_rng(0).standard_normal(len(at))
    return (on * np.sin(2 * np.pi * 140 * at) + noise * 10 ** (noise_db / 20)).astype(np.float32)


def test_edges_move_to_where_the_voice_sets_in_and_falls_silent() -> None:
    energy = energy_db(voice((0.5, 1.0), (1.5, 2.2)), RATE_HZ)
    words = (HeardWord(text="one", start_s=0.4, end_s=1.15), HeardWord(text="two", start_s=1.65, end_s=2.1))
    one, two = snapped(words, energy)
    assert abs(one.start_s - 0.5) < 0.04
    assert abs(one.end_s - 1.0) < 0.04
    assert abs(two.start_s - 1.5) < 0.04
    assert abs(two.end_s - 2.2) < 0.04


def test_an_edge_far_from_any_silence_stays() -> None:
    energy = energy_db(voice((0.5, 3.5)), RATE_HZ)
    words = (HeardWord(text="one", start_s=1.0, end_s=2.0), HeardWord(text="two", start_s=2.0, end_s=3.0))
    assert snapped(words, energy) == words


def test_in_noise_nothing_is_moved() -> None:
    energy = energy_db(voice((0.5, 1.0), (1.5, 2.2), noise_db=-22.0), RATE_HZ)
    assert silences(energy) == ()
    words = (HeardWord(text="one", start_s=0.4, end_s=1.15),)
    assert snapped(words, energy) == words


@given(st.lists(st.floats(0.0, 4.0), min_size=2, max_size=40).map(sorted))
def test_words_stay_in_order_whatever_was_heard(moments: list[float]) -> None:
    energy = energy_db(voice((0.5, 1.0), (1.2, 1.3), (1.5, 2.2), (3.0, 3.2)), RATE_HZ)
    words = [
        HeardWord(text=str(k), start_s=a, end_s=b)
        for k, (a, b) in enumerate(zip(moments[::2], moments[1::2], strict=False))
    ]
    moved = snapped(words, energy)
    assert [word.text for word in moved] == [word.text for word in words]
    edges = [moment for word in moved for moment in (word.start_s, word.end_s)]
    assert all(b >= a - 2e-3 for a, b in itertools.pairwise(edges))
