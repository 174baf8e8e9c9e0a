"""Paid calls that answer at once with the address of what they made: the address is kept first, then fetched from.

A run that is killed between the two finds the address in the ledger, and fetches without paying again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal

from pydantic import BaseModel, ValidationError

from storyreel.errors import BadAnswer
from storyreel.memo.ledger import Charged
from storyreel.memo.paying import paying
from storyreel.providers.transport import pace
from storyreel.providers.transport.buying import (
    held_back_is_paid,
    in_doubt,
    patiently,
    say_once,
    warn_without_project,
)
from storyreel.providers.transport.faults import Lost
from storyreel.providers.transport.http import Call, Reply, exchange
from storyreel.providers.transport.jobs import MOST_FETCHES, Done, fetched
from storyreel.providers.transport.vendor import Vendor

FETCH_AGAIN_AFTER_S = 1.0


class _Made(BaseModel, frozen=True):
    url: str
    price_usd: Decimal | None = None
    model: str = ""
    request: str = ""


def buy_linked(
    vendor: Vendor,
    call: Call,
    read: Callable[[Reply], Done],
    *,
    model: str,
    expected_usd: Decimal | None,
    kinds: tuple[str, ...],
    suffix: str,
    take: int = 0,
    notice: str = "",
) -> bytes:
    """Make a call whose answer says where its result lies, once in the life of the project, and return the result.

    Args:
        read: finds the (first) address in the reply, and its price. It may raise what the reply means, or `Lost`.
        kinds, suffix: what the result must be; see `storyreel.providers.transport.downloads`.
        model, expected_usd, take, notice: as in `buy`.

    Raises:
        AnswerUnknown: it was sent and no whole answer came, or the result can no longer be had.
        BudgetExceeded, ProviderError: as in `buy`.
    """

    def submit() -> str:
        try:
            reply = exchange(vendor, call, model=model)
            with held_back_is_paid(expected_usd):
                done = read(reply)
        except Lost as lost:
            raise in_doubt(vendor, lost) from None
        made = _Made(url=done.urls[0], price_usd=done.price_usd, model=done.model, request=reply.request)
        return made.model_dump_json(exclude_defaults=True)

    def collect(handle: str) -> Charged:
        try:
            made = _Made.model_validate_json(handle)
        except ValidationError:
            raise BadAnswer(vendor.name, "the ledger holds a handle of no result") from None
        for tries in itertools.count(1):
            data = fetched(vendor, Done((made.url,)), kinds, last=tries == MOST_FETCHES)
            if data is not None:
                return Charged(data, made.price_usd, made.model, made.request)
            pace.wait(FETCH_AGAIN_AFTER_S)
        raise AssertionError("the count does not end")

    def once(turn: pace.Turn) -> bytes:
        def collect_and_leave(handle: str) -> Charged:
            charged = collect(handle)
            turn.leave()
            return charged

        place = paying()
        if place is None:
            warn_without_project(vendor)
            turn.take()
            return collect(submit()).data
        return place.ledger.run_job(
            vendor.name, call.path, call.known_by, submit, collect_and_leave, files=call.file_digests, take=take,
            expected_usd=expected_usd, suffix=suffix, model=model, in_turn=turn.take,
        )  # fmt: skip

    say_once(notice)
    return patiently(vendor, once, model)
