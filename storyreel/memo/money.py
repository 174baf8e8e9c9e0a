"""Amounts of US dollars, exact, and the limit that no paid call may pass. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from storyreel.errors import BudgetExceeded, InputError

NO_LIMIT = "none"


def usd(amount: Decimal | str | int | float) -> Decimal:
    """An amount of US dollars as an exact decimal; a float counts as the shortest number that prints like it.

    Raises:
        InputError: it is no number, not finite, or below zero.
    """
    try:
        exact = Decimal(repr(amount) if isinstance(amount, float) else amount)
    except InvalidOperation:
        raise InputError(f"{amount!r} is no amount of dollars: give a number such as 2.50") from None
    if not exact.is_finite() or exact < 0:
        raise InputError(f"{amount!r} is no amount of dollars: give a number such as 2.50")
    return exact


def limit_after(said: Decimal | str | int | float | None, before: Decimal | None) -> Decimal | None:
    """The limit that holds once somebody has said one: an amount, "none" for no limit, or None to leave it as it was.

    Raises:
        InputError: it is no amount.
    """
    if said is None:
        return before
    return None if isinstance(said, str) and said.strip().lower() == NO_LIMIT else usd(said)


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit in US dollars for one project, over all its runs; None sets none."""

    limit_usd: Decimal | None = None

    def check(self, spent_usd: Decimal, reserved_usd: Decimal, expected_usd: Decimal | None, what: str) -> None:
        """Stop before a call that would pass the limit; reaching it exactly is allowed.

        Args:
            spent_usd: what was charged so far.
            reserved_usd: what calls that are under way or unsettled may cost.
            expected_usd: the price of the next call, None if nobody knows it.
            what: the call, for the message.

        Raises:
            BudgetExceeded: it would be passed, or an unknown price makes that impossible to tell.
        """
        if self.limit_usd is None:
            return
        if expected_usd is None:
            raise BudgetExceeded(
                f"the price of {what} is not known, so the limit of ${self.limit_usd} cannot be kept: "
                "choose a provider with a known price, or run without a limit"
            )
        if spent_usd + reserved_usd + expected_usd > self.limit_usd:
            raise BudgetExceeded(
                f"{what} costs about ${expected_usd} and would pass the limit of ${self.limit_usd} "
                f"(${spent_usd} spent, ${reserved_usd} under way): raise the limit and run the same command again"
            )
