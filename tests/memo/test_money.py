from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import BudgetExceeded, InputError
from storyreel.memo.money import Budget, usd

amounts = st.decimals(min_value=0, max_value=100, places=6)


@pytest.mark.parametrize(
    ("given_as", "exact"),
    [(0.1, "0.1"), ("2.50", "2.50"), (3, "3"), (Decimal("0.0000001"), "1E-7"), (1e-7, "1E-7"), (0, "0")],
)
def test_an_amount_is_exact(given_as: Any, exact: str) -> None:
    assert usd(given_as) == Decimal(exact)


@pytest.mark.parametrize("wrong", ["", "two", "-1", -0.01, float("nan"), "inf", "1,50"])
def test_what_is_no_amount_is_refused(wrong: Any) -> None:
    with pytest.raises(InputError, match="no amount of dollars"):
        usd(wrong)


@given(amounts, amounts, amounts, amounts)
def test_a_budget_stops_just_what_would_pass_it(
    limit: Decimal, spent: Decimal, reserved: Decimal, next_: Decimal
) -> None:
    budget = Budget(limit)
    if spent + reserved + next_ <= limit:
        budget.check(spent, reserved, next_, "a picture")
    else:
        with pytest.raises(BudgetExceeded, match="a picture costs about"):
            budget.check(spent, reserved, next_, "a picture")


def test_an_unknown_price_is_refused_just_where_there_is_a_limit() -> None:
    Budget().check(Decimal(5), Decimal(5), None, "a picture")
    with pytest.raises(BudgetExceeded, match="is not known"):
        Budget(Decimal(5)).check(Decimal(0), Decimal(0), None, "a picture")
