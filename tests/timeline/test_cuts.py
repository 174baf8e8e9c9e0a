"""Cuts settle on dips of the voice, and never leave their words."""

from hypothesis import given
from hypothesis import strategies as st

from storyreel.timeline.cuts import REACH_S, between, settle

times = st.floats(min_value=0, max_value=100)


def test_the_nearest_dip_within_reach_wins() -> None:
    assert settle(10.0, [9.2, 9.7, 10.2, 11.0], earliest_s=9, latest_s=11) == 10.2


def test_a_dip_outside_the_words_is_not_taken() -> None:
    assert settle(10.0, [9.7, 10.5], earliest_s=9.9, latest_s=10.1) == 10.0


def test_without_a_dip_the_cut_stays() -> None:
    assert settle(10.0, [], earliest_s=9, latest_s=11) == 10.0


@given(times, st.lists(times).map(sorted), times, times)
def test_a_cut_stays_within_its_bounds(wanted: float, dips: list[float], one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    settled = settle(wanted, dips, earliest_s=low, latest_s=high)
    assert low <= settled <= high
    if settled in dips:
        assert abs(settled - min(max(wanted, low), high)) <= REACH_S or settled == min(max(wanted, low), high)


def test_the_new_picture_leads_its_words() -> None:
    assert 1.0 < between(1.0, 1.6) < 1.6
