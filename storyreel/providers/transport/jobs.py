"""Paid calls that run as jobs: submitted once, their handle kept as soon as it is known, asked for until done.

A run that is killed, stopped or loses patience leaves the job running; the next run goes on asking for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel, ValidationError

from storyreel.errors import AnswerUnknown, BadAnswer, ProviderBusy, ProviderError
from storyreel.memo.ledger import Charged
from storyreel.memo.paying import paying
from storyreel.providers.transport import pace
from storyreel.providers.transport.buying import (
    StillWorking,
    ask_free,
    held_back_is_paid,
    how_to_ask_again,
    in_doubt,
    patiently,
    say_once,
    warn_without_project,
)
from storyreel.providers.transport.downloads import download, kind_of
from storyreel.providers.transport.faults import Lost, ServerFault
from storyreel.providers.transport.http import MEGABYTE, Call, Reply, exchange
from storyreel.providers.transport.vendor import Vendor

UNKNOWN_AT_FIRST_S = 10.0
TELL_EVERY_S = 10.0
MOST_FETCHES = 3
LARGEST_CLIP_BYTES = 256 * MEGABYTE
LARGEST_RESULT_BYTES = 64 * MEGABYTE


class Job(BaseModel, frozen=True):
    """The handle of a submitted job; kept in the ledger, so it must hold no key.

    Attributes:
        id: as the vendor names it.
        url: where to ask for it, where the vendor gives an address.
        price_usd: where the vendor tells it at submission.
    """

    id: str
    url: str = ""
    price_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The job is not done; `fraction` is how much of it is, from 0 to 1, where the vendor tells."""

    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The vendor does not know the job: not yet, or no longer."""


@dataclass(frozen=True, slots=True)
class Done:
    """The job is done.

    Attributes:
        urls: where its results lie.
        price_usd: where the vendor tells it now.
        model: as the vendor names what answered.
        data: the result itself, from a vendor that puts it into the answer.
    """

    urls: tuple[str, ...] = ()
    price_usd: Decimal | None = None
    model: str = ""
    data: bytes = b""


Look = Callable[[Reply, Job], Waiting | Done | Gone]


def buy_job(
    vendor: Vendor,
    call: Call,
    submitted: Callable[[Reply], Job],
    poll: Callable[[Job], Call],
    look: Look,
    *,
    model: str,
    expected_usd: Decimal | None,
    kinds: tuple[str, ...],
    suffix: str,
    every_s: float,
    patience_s: float = 1200.0,
    take: int = 0,
    keyed_result: bool = False,
    on_progress: Callable[[float], None] = lambda fraction: None,
    notice: str = "",
) -> bytes:
    """Have a job done, once in the life of the project, and return its (first) result; the kept one from then on.

    Args:
        call: submits it.
        submitted: reads the handle from the reply to that.
        poll: the call that asks how a job is.
        look: reads the reply to that, given the job as well. A ProviderError that it raises ends the job: a refusal,
            by `held_back` where that costs.
        kinds, suffix: what the result must be; see `storyreel.providers.transport.downloads`.
        every_s: how long to wait between looks.
        patience_s: how long one run waits.
        keyed_result: the vendor wants its key for the result, too.
        on_progress: is told how much is done, where the vendor tells.
        model, expected_usd, take, notice: as in `buy`.

    Raises:
        AnswerUnknown: it was submitted and no handle came back, or its result can no longer be had.
        StillWorking: it takes longer than `patience_s`; nothing is lost.
        BudgetExceeded, ProviderError: as in `buy`.
    """

    def submit() -> str:
        try:
            return submitted(exchange(vendor, call, model=model)).model_dump_json(exclude_defaults=True)
        except Lost as lost:
            raise in_doubt(vendor, lost) from None
        except ServerFault as fault:
            # A repeat would buy a second job where the first one runs although its submission seemed to fail.
            if fault.nothing_begun:
                raise
            raise in_doubt(vendor, fault) from None

    def collect(handle: str) -> Charged:
        try:
            job = Job.model_validate_json(handle)
        except ValidationError:
            raise BadAnswer(vendor.name, "the ledger holds a handle of no job") from None
        with held_back_is_paid(expected_usd if job.price_usd is None else job.price_usd):
            return _collected(vendor, job, poll, look, kinds=kinds, every_s=every_s, patience_s=patience_s,
                              keyed_result=keyed_result, on_progress=on_progress)  # fmt: skip

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


def _collected(
    vendor: Vendor,
    job: Job,
    poll: Callable[[Job], Call],
    look: Look,
    *,
    kinds: tuple[str, ...],
    every_s: float,
    patience_s: float,
    keyed_result: bool,
    on_progress: Callable[[float], None],
) -> Charged:
    begun_s = told_s = time.monotonic()
    fetches = 0
    while True:
        state = _looked(vendor, job, poll, look, begun_s)
        if isinstance(state, Done):
            fetches += 1
            data = fetched(vendor, state, kinds, keyed=keyed_result, last=fetches == MOST_FETCHES)
            if data is not None:
                price_usd = job.price_usd if state.price_usd is None else state.price_usd
                return Charged(data, price_usd, state.model, job.id, told=price_usd is not None)
        elif state.fraction is not None:
            on_progress(state.fraction)
        waited_s = time.monotonic() - begun_s
        if waited_s > patience_s:
            raise StillWorking(
                vendor.name,
                f"the job {job.id} is not done after {waited_s / 60:.0f} minutes; it goes on, and the same command "
                "waits for it again without paying again",
            )
        if time.monotonic() - told_s > TELL_EVERY_S:
            told_s = time.monotonic()
            pace.tell(f"{vendor.name}: the job {job.id[:12]} is under way for {waited_s:.0f} s")
        pace.wait(every_s)


def _looked(vendor: Vendor, job: Job, poll: Callable[[Job], Call], look: Look, begun_s: float) -> Waiting | Done:
    """How the job is. What goes wrong with asking is no news of the job, so it never ends it."""
    try:
        reply = ask_free(vendor, poll(job))
    except ProviderBusy as busy:
        pace.tell(f"{busy}; the job goes on and is asked for again")
        return Waiting()
    except ProviderError as error:
        if error.status not in (404, 410):
            error.retryable = True
            raise
        state: Waiting | Done | Gone = Gone()
    else:
        try:
            state = look(reply, job)
        except Lost:
            return Waiting()
    if not isinstance(state, Gone):
        return state
    # Some vendors do not know a job in the moments after they took it.
    if time.monotonic() - begun_s < UNKNOWN_AT_FIRST_S:
        return Waiting()
    raise AnswerUnknown(
        vendor.name,
        f"the job {job.id} is no longer known there, and it may have been charged: look at the bill, "
        f"then let it be sent once more{how_to_ask_again()}",
    )


def fetched(vendor: Vendor, state: Done, kinds: tuple[str, ...], *, keyed: bool = False, last: bool) -> bytes | None:
    """The result; None to look again, since a new look often gives a new address.

    Raises:
        AnswerUnknown: it was the last try. Whatever the address says, the result was made and is charged.
        ProviderBusy: the same, but the address may give it to a later run.
    """
    try:
        if not state.data:
            largest = LARGEST_CLIP_BYTES if "video" in kinds else LARGEST_RESULT_BYTES
            return download(vendor, state.urls[0], kinds, keyed=keyed, largest_bytes=largest)
        if kind_of(state.data) in kinds:
            return state.data
        raise Lost(vendor.name, f"what came with the answer is no {' or '.join(kinds)}")
    except ProviderError as error:
        if not last:
            return None
        if isinstance(error, ProviderBusy) and not isinstance(error, Lost):
            raise
        raise AnswerUnknown(
            vendor.name,
            f"the job is done and paid for, but {error.reason}: let it be sent once more{how_to_ask_again()}",
        ) from None
