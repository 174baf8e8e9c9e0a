"""What a film will cost, before anything runs: every step's requests, counted, at the price of whoever does them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from storyreel.memo.policy import read_policy
from storyreel.providers.prices import Usage, quote_of

CENT = Decimal("0.01")
UNCERTAIN_SPREAD = 1.0
STALE_SPREAD = 0.3


@dataclass(frozen=True, slots=True)
class Work:
    """Equal requests that one step makes.

    Attributes:
        step: its function's name, as the ledger has it.
        provider: who does it; None for nobody.
        count: how many there will be, over the whole film.
        each: what one of them uses, most likely.
        spread: by what fraction that may be off, up or down (0.5 for half as much to half as much again).
        kept: how many of them are answered already, where that is known; else the ledger's count is taken.
    """

    step: str
    provider: object | None
    count: int
    each: Usage
    spread: float = 0.0
    kept: int | None = None


class Line(BaseModel, frozen=True, extra="forbid"):
    """One step of an estimate; amounts are for what is left to do, None where the price is not known."""

    step: str
    provider: str
    count: int
    left: int
    low_usd: Decimal | None
    likely_usd: Decimal | None
    high_usd: Decimal | None
    note: str = ""


class Estimate(BaseModel, frozen=True, extra="forbid"):
    """What is left to pay for a film.

    Attributes:
        spent_usd: what its project has cost so far.
        charge_usd: what the film's maker is charged for all of it by the policy in force, with its free seconds and
            mark-up; None where the policy has neither.
    """

    lines: tuple[Line, ...]
    spent_usd: Decimal = Decimal(0)
    charge_usd: Decimal | None = None

    def charged_for(self, film_s: float) -> Estimate:
        """The same with what a film of about so many seconds is charged."""
        policy = read_policy()
        if not policy.markup and not policy.free_s:
            return self
        charge_usd = policy.charge_usd(self.spent_usd + self.likely_usd, film_s)
        return self.model_copy(update={"charge_usd": charge_usd})

    @property
    def low_usd(self) -> Decimal:
        """The least that the steps with known prices come to."""
        return sum((line.low_usd or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def likely_usd(self) -> Decimal:
        """What they come to most likely."""
        return sum((line.likely_usd or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def high_usd(self) -> Decimal:
        """The most that they come to."""
        return sum((line.high_usd or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The steps whose price nobody knows."""
        return tuple(line.step for line in self.lines if line.likely_usd is None)

    def __str__(self) -> str:
        paid = [line for line in self.lines if line.likely_usd is None or line.high_usd]
        rows = [
            f"{line.step:14} {line.left:5,} x  {line.provider:40} {_range(line)}"
            + (f"  ({line.note})" if line.note else "")
            for line in paid
        ]
        likely, low, high = (amount.quantize(CENT) for amount in (self.likely_usd, self.low_usd, self.high_usd))
        rows.append(
            f"about ${likely} (${low} to ${high})"
            + (f", and what {' and '.join(self.unknown)} cost" if self.unknown else "")
            + (f"; ${self.spent_usd.quantize(CENT)} spent so far" if self.spent_usd else "")
            if paid
            else "nothing: every step is free or done"
        )
        if self.charge_usd is not None:
            rows.append(f"${self.charge_usd} to be charged for the whole film, by the policy in force")
        return "\n".join(rows)


def estimate(works: Sequence[Work], done: Mapping[str, int], spent_usd: Decimal = Decimal(0)) -> Estimate:
    """Add up what is left to do.

    Args:
        done: step -> how many of its requests have been answered.
        spent_usd: what they cost.
    """
    seen: dict[str, int] = dict(done)
    lines = []
    for work in works:
        if work.provider is None or not work.count:
            continue
        if work.kept is not None:
            found = min(work.count, work.kept)
        else:
            found = min(work.count, seen.get(work.step, 0))
            seen[work.step] = seen.get(work.step, 0) - found
        lines.append(_line(work, work.count - found))
    return Estimate(lines=tuple(lines), spent_usd=spent_usd)


def _line(work: Work, left: int) -> Line:
    told = quote_of(work.provider, work.each)
    provider = str(getattr(work.provider, "identity", ""))
    if told.usd is None:
        return Line(
            step=work.step,
            provider=provider,
            count=work.count,
            left=left,
            low_usd=None,
            likely_usd=None,
            high_usd=None,
            note="the price is not known",
        )
    spread = work.spread + (UNCERTAIN_SPREAD if told.uncertain else 0.0) + (STALE_SPREAD if told.stale else 0.0)
    likely = told.usd * left
    notes = ["the price is stale"] * told.stale + ["sources disagree on the price"] * told.uncertain
    return Line(
        step=work.step,
        provider=provider,
        count=work.count,
        left=left,
        low_usd=likely / Decimal(repr(1 + spread)),
        likely_usd=likely,
        high_usd=likely * Decimal(repr(1 + spread)),
        note=", ".join(notes),
    )


def _range(line: Line) -> str:
    if line.likely_usd is None or line.low_usd is None or line.high_usd is None:
        return "?"
    return f"${line.likely_usd:.3f} (${line.low_usd:.3f} to ${line.high_usd:.3f})"
