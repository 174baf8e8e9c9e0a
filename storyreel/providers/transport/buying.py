"""Paid calls: written into the project's ledger before they are sent, repeated only where that is free.

What is free to repeat: a request that never left (no connection), one that was turned away (too many requests, no
capacity), and for calls that answer at once a server's own error. A request that left and got no whole answer may have
been charged: it becomes an `AnswerUnknown`, and the user decides.
"""

from __future__ import annotations

import itertools
import random
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TypeVar

from storyreel.errors import AnswerUnknown, ProviderBusy, ProviderError, ProviderRefused
from storyreel.memo.ledger import Charged
from storyreel.memo.paying import paying
from storyreel.providers.transport import pace
from storyreel.providers.transport.faults import Lost
from storyreel.providers.transport.http import Call, Reply, exchange
from storyreel.providers.transport.vendor import Vendor

LONGEST_WAIT_S = 120.0
MOST_REPEATS = 2
MOST_REPEATS_WHEN_TOLD = 6
FIRST_WAIT_S = 1.0
WIDEST_WAIT_S = 60.0

Result = TypeVar("Result")


class StillWorking(ProviderBusy):
    """A job takes longer than a run waits for it; the next run goes on waiting."""


def buy(
    vendor: Vendor,
    call: Call,
    read: Callable[[Reply], Charged],
    *,
    model: str,
    expected_usd: Decimal | None,
    take: int = 0,
    suffix: str = ".json",
    on_data: Callable[[bytes], None] | None = None,
    notice: str = "",
) -> bytes:
    """Make a call that answers at once, once in the life of the project; its kept answer from then on.

    Args:
        read: turns the reply into what is kept, with its price. It may raise what the reply means (`ProviderRefused`
            with its `price_usd`, where a refusal costs), or `Lost` if it makes no sense.
        model: what is asked for.
        expected_usd: its price as far as it can be told beforehand. What costs nothing is repeated when it gets lost.
        take: the seed, where the vendor takes none: what is equal on the wire but shall give another answer.
        suffix: the kept answer's kind as a file.
        on_data: is given each piece of the body as it comes.
        notice: something the user should know about this vendor and model; said once a run.

    Raises:
        AnswerUnknown: it was sent, now or by an earlier run, and no whole answer came.
        BudgetExceeded: it would pass the project's limit.
        ProviderError: what the service answered, by meaning.
    """

    def once(turn: pace.Turn) -> bytes:
        def send() -> Charged:
            try:
                reply = exchange(vendor, call, model=model, on_data=on_data)
                turn.leave()
                return read(reply)
            except Lost as lost:
                if expected_usd == 0:
                    raise
                raise in_doubt(vendor, lost) from None

        place = paying()
        if place is None:
            warn_without_project(vendor)
            turn.take()
            return send().data
        return place.ledger.ask(
            vendor.name, call.path, call.known_by, send, files=call.file_digests, take=take,
            expected_usd=expected_usd, suffix=suffix, model=model, in_turn=turn.take,
        )  # fmt: skip

    say_once(notice)
    return patiently(vendor, once, model)


def ask_free(vendor: Vendor, call: Call, *, model: str = "") -> Reply:
    """Make a call that costs nothing, as often as it takes: a look at a job, a list of models."""

    def once(turn: pace.Turn) -> Reply:
        return exchange(vendor, call, model=model, reused=True)

    return patiently(vendor, once, model)


def models_of(vendor: Vendor) -> frozenset[str]:
    """The names of the models that a vendor offers now; none where it answers and lists none.

    Raises:
        ProviderError: it does not say.
    """
    call = Call(vendor.models_address(), method="GET", timeout_s=20.0, also_read=vendor.key_taken)
    reply = ask_free(vendor, call)
    if reply.status in vendor.key_taken:
        return frozenset()
    try:
        return vendor.models_told(reply.json())
    except ValueError:
        raise Lost(vendor.name, "the answer is not the list that the service promises") from None


def patiently(vendor: Vendor, once: Callable[[pace.Turn], Result], model: str = "") -> Result:
    """Do something that may be turned away, and do it again after a while.

    Args:
        model: what it asks for.
        once: does it. What takes one of the vendor's places takes its turn before it sends.

    Raises:
        ProviderBusy: it was turned away too often, or asked to wait longer than 120 s.
    """
    gate = pace.gate_of(vendor, model)
    for repeat in itertools.count(1):
        try:
            with gate.turn(pace.stop_before_sending) as turn:
                return once(turn)
        except StillWorking:
            raise
        except ProviderBusy as busy:
            told_s = busy.retry_after_s
            most = MOST_REPEATS if told_s is None else MOST_REPEATS_WHEN_TOLD
            if repeat > most or (told_s or 0.0) > LONGEST_WAIT_S:
                raise
            # Full jitter: many that were turned away together must not come back together.
            widest_s = min(WIDEST_WAIT_S, FIRST_WAIT_S * 2 ** (repeat - 1))
            wait_s = random.uniform(0, widest_s) if told_s is None else told_s + random.uniform(0, widest_s / 4)
            if told_s is not None:
                gate.close_for(told_s)
            if wait_s > 0.5:
                pace.tell(f"{busy}; asking again in {wait_s:.0f} s")
            pace.wait(wait_s)
    raise AssertionError("the count does not end")


def in_doubt(vendor: Vendor, why: ProviderBusy) -> AnswerUnknown:
    """The error for something paid that left and did not come back whole."""
    return AnswerUnknown(
        vendor.name,
        f"{why.reason}, so this request may have been charged without an answer: look at the bill, then let it be sent "
        f"once more{how_to_ask_again()}",
    )


def held_back(vendor: str, reason: str) -> ProviderRefused:
    """The error for something that was made, was not given, and is charged all the same."""
    refused = ProviderRefused(vendor, reason)
    refused.charged = True
    return refused


@contextmanager
def held_back_is_paid(price_usd: Decimal | None) -> Iterator[None]:
    """Put the price expected on what fails and is charged, where the service did not tell another one."""
    try:
        yield
    except ProviderError as error:
        if error.charged and error.price_usd is None:
            error.price_usd = price_usd
        raise


def how_to_ask_again() -> str:
    """The command that lets an undecided call be sent once more, where there is a project."""
    place = paying()
    return f" with  storyreel resume {place.ledger.project_id} --ask-again" if place else ""


def say_once(notice: str) -> None:
    """Warn the user of something, once for each project."""
    place = paying()
    if not notice:
        return
    if place is None:
        warnings.warn(notice, UserWarning, stacklevel=4)
    else:
        place.ledger.warn_once(notice)


def warn_without_project(vendor: Vendor) -> None:
    """Say that a paid call is made that nothing remembers."""
    warnings.warn(
        f"{vendor.name} is asked outside of a project: nothing keeps the answer or the price, "
        "and the same call is paid for again",
        UserWarning,
        stacklevel=5,
    )
