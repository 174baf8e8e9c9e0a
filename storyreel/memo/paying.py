"""How a paid call finds the ledger it belongs to: a step that computes opens one, and what it calls finds it here.

An adapter is a plain class and knows no project. While a step runs, `paying` gives the ledger of that step's project
and collects a `Receipt` for each answer, bought now or before; the step puts them into its assets' provenance. The
context is the thread's own; `storyreel.workers.fan_out` hands it on to its threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyreel.memo.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one answer came from.

    Attributes:
        call: the id of its entry in the ledger.
        model: as the service names what answered, version included; "" if it does not say.
        request: the service's own id of the request.
        price_usd: what it cost, with all attempts; None if nobody knows.
        credit: whom to name for it, as its licence asks ("Photo by Ansel on Pexels, https://..."); "" for nobody.
    """

    call: str
    provider: str
    model: str
    request: str
    price_usd: Decimal | None
    credit: str = ""


@dataclass(slots=True)
class Paying:
    """Where paid calls are written down just now.

    Attributes:
        step: the step that asks, by its function's name.
        receipts: of the answers it got so far.
        asked: for words, who was asked, with what prompt and seed; see `storyreel.memo.origins`.
    """

    ledger: Ledger
    step: str
    receipts: list[Receipt] = field(default_factory=list)
    asked: tuple[str, str, int | None] | None = None


_paying: ContextVar[Paying | None] = ContextVar("paying", default=None)


@contextmanager
def paying_from(ledger: Ledger, step: str = "") -> Iterator[Paying]:
    """Write down the paid calls made inside in this ledger."""
    token = _paying.set(place := Paying(ledger, step))
    try:
        yield place
    finally:
        _paying.reset(token)


def paying() -> Paying | None:
    """Where paid calls are written down; None outside of every step."""
    return _paying.get()


def note_prompt(provider: str, prompt: str, seed: int | None = None) -> None:
    """Say what the step under way asks for words with, and whom: its origin is kept beside them."""
    place = _paying.get()
    if place is not None:
        place.asked = provider, prompt, seed


def receipts() -> tuple[Receipt, ...]:
    """Of the answers that the step under way has got so far."""
    place = _paying.get()
    return tuple(place.receipts) if place else ()


def credit_last(credit: str) -> None:
    """Say whom to name for the answer that came last, in its receipt."""
    place = paying()
    if place is not None and place.receipts:
        place.receipts[-1] = replace(place.receipts[-1], credit=credit)
