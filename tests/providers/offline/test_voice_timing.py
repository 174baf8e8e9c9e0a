"""Word times from the network's lengths and the sound, on made-up runs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.providers.offline.voice.timing import (
    CLOSURE_SHARE,
    HOP_S,
    LATE_S,
    loud_parts,
    place_words,
    speech_bounds,
)

FRAME_S = 0.025
RATE_HZ = 24_000


def burst(*parts: tuple[float, float]) -> np.ndarray:
    """Noise of (seconds, amplitude), part after part."""
    rng = np.random.default_rng(1)
    return np.concatenate([amplitude * rng.normal(0, 0.2, round(s * RATE_HZ)) for s, amplitude in parts]).astype("f4")


def test_speech_is_found_between_silences() -> None:
    first_s, last_s = speech_bounds(loud_parts(burst((0.3, 0), (0.5, 1), (0.2, 0)), RATE_HZ))
    assert first_s == pytest.approx(0.3, abs=0.01)
    assert last_s == pytest.approx(0.8, abs=0.01)


def test_silence_holds_no_speech() -> None:
    assert speech_bounds(loud_parts(np.zeros(RATE_HZ, np.float32), RATE_HZ)) == (0.0, 0.0)
    assert speech_bounds(loud_parts(np.zeros(0, np.float32), RATE_HZ)) == (0.0, 0.0)


def test_words_that_run_on_meet_where_the_lengths_say() -> None:
    """Two words of four frames each with a space of two between: they meet 40 ms before the space."""
    lengths = np.array([4, *[1] * 4, 2, *[1] * 4, 4])
    loud = loud_parts(burst((0.1, 0), (0.25, 1), (0.1, 0)), RATE_HZ)
    first, second = place_words([(0, 4), (5, 9)], [False, True], [False, False], lengths, FRAME_S, loud)
    assert first.end_s == second.start_s == pytest.approx(8 * FRAME_S - LATE_S)


def test_a_word_that_begins_with_a_stop_starts_later_by_a_share_of_the_space() -> None:
    lengths = np.array([4, *[1] * 4, 2, *[1] * 4, 4])
    loud = loud_parts(burst((0.1, 0), (0.25, 1), (0.1, 0)), RATE_HZ)
    plain = place_words([(0, 4), (5, 9)], [False, True], [False, False], lengths, FRAME_S, loud)
    stopped = place_words([(0, 4), (5, 9)], [False, True], [False, True], lengths, FRAME_S, loud)
    assert stopped[1].start_s - plain[1].start_s == pytest.approx(CLOSURE_SHARE * 2 * FRAME_S)
    assert stopped[0].end_s == stopped[1].start_s


def test_after_a_pause_a_word_starts_where_the_energy_rises() -> None:
    sound = burst((0.1, 0), (0.2, 1), (0.3, 0), (0.2, 1), (0.1, 0))
    lengths = np.array([4, *[2] * 4, 4, 7, *[2] * 4, 4])  # a comma and a space between the words
    first, second = place_words(
        [(0, 4), (6, 10)], [True, True], [False, True], lengths, FRAME_S, loud_parts(sound, RATE_HZ)
    )
    assert first.end_s == pytest.approx(0.3, abs=2 * HOP_S)
    assert second.start_s == pytest.approx(0.6, abs=2 * HOP_S)


def test_a_run_without_words_has_no_places() -> None:
    assert place_words([], [], [], np.array([2, 2]), FRAME_S, loud_parts(burst((0.1, 1)), RATE_HZ)) == []


@given(st.data())
def test_times_never_go_back(data: st.DataObject) -> None:
    """Whatever the lengths and wherever the sound is."""
    count = data.draw(st.integers(1, 8))
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=count, max_size=count))
    starts = np.cumsum([0, *[size + 1 for size in sizes]])
    spans = [(int(start), int(start) + size) for start, size in zip(starts, sizes, strict=False)]
    sounds = spans[-1][1] + 2
    lengths = np.array(data.draw(st.lists(st.integers(0, 8), min_size=sounds, max_size=sounds)))
    flags = st.lists(st.booleans(), min_size=count, max_size=count)
    hops = int(lengths.sum() * FRAME_S / HOP_S)
    loud = np.array(data.draw(st.lists(st.booleans(), min_size=hops, max_size=hops)), bool)
    places = place_words(spans, data.draw(flags), data.draw(flags), lengths, FRAME_S, loud)
    times = [time for place in places for time in (place.start_s, place.end_s)]
    assert len(places) == count
    assert times == sorted(times)
    assert times[0] >= 0
