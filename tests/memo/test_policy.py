"""A policy gives away, adds and forbids what it says, and nothing without a file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import BudgetExceeded, InputError
from storyreel.memo.policy import Policy, read_policy


def test_without_a_file_everything_is_allowed_at_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STORYREEL_POLICY", raising=False)
    policy = read_policy()
    policy.check_length(10**6)
    assert policy.limit(None) is None
    assert policy.charge_usd(Decimal("1.234"), 60) == Decimal("1.23")


def test_sixty_seconds_are_free_and_the_rest_costs_a_third_more(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("free_s = 60\nmarkup = 0.30\nlimit_usd = 2.00\n")
    policy = read_policy(file)
    assert policy.charge_usd(Decimal(3), 60) == 0
    assert policy.charge_usd(Decimal(3), 180) == Decimal("2.60")
    assert (policy.limit(None), policy.limit(Decimal(1)), policy.limit(Decimal(9))) == (2, 1, 2)


@given(st.decimals(0, 1000, places=4), st.floats(0, 10_000), st.floats(0, 10_000))
def test_longer_films_are_never_charged_less(cost_usd: Decimal, one_s: float, other_s: float) -> None:
    policy = Policy(free_s=60, markup=Decimal("0.2"))
    shorter, longer = sorted((one_s, other_s))
    assert policy.charge_usd(cost_usd, shorter) <= policy.charge_usd(cost_usd, longer) <= cost_usd * Decimal("1.2") + 1


def test_films_that_would_be_too_long_are_not_begun() -> None:
    with pytest.raises(BudgetExceeded, match="no more than 60 s"):
        Policy(longest_s=60).check_length(61)


@pytest.mark.parametrize("text", ["limit_usd = -1", "unheard_of = 3", "markup = 'much'", "not toml", "free_s = -2"])
def test_a_policy_that_cannot_be_meant_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(text)
    with pytest.raises(InputError):
        read_policy(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_policy(tmp_path / "none.toml")
