"""Fan-out over threads, or any `concurrent.futures.Executor`.

On a cluster (see `storyreel.cluster`) the threads stay here and wait: each keeps the locks, the ledger and the progress
of what it makes, and only the work that takes time is elsewhere. There are as many as the cluster has room for.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import cache
from typing import TypeVar

from storyreel.cluster.place import place_now
from storyreel.errors import Cancelled

_failed: ContextVar[threading.Event | None] = ContextVar("failed", default=None)

Item = TypeVar("Item")
Result = TypeVar("Result")
_MOST_THREADS = 1024  # a pool starts one only when all it has are busy


def core_count() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def room() -> int:
    """How many pieces of work are worth having under way: as many as there are cores here, or places elsewhere."""
    place = place_now()
    return core_count() if place is None else place.slots()


def give_memory_back() -> None:
    """Return freed memory to the system, where the C library offers it: glibc keeps it for the thread that freed it."""
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return trim


@contextmanager
def _threads(count: int) -> Iterator[Executor]:
    pool = ThreadPoolExecutor(count, thread_name_prefix="storyreel")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def fan_out(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    executor: Executor | None = None,
    at_once: int | None = None,
) -> list[Result]:
    """Run `function` on every item, at most `at_once` together, and return the results in the items' order.

    Without `at_once` it is as many as there is `room` for, which may change on the way: clusters grow and shrink.
    Only so many items are submitted ahead, so a long film's work never piles up in memory. The first failure stops
    further items from starting, waits for the ones under way, and is raised. Without an executor the work is done in
    threads that see the caller's context variables, and `stop_if_failed` ends what is under way but only waits.
    """
    if executor is None:
        context, failed = copy_context(), threading.Event()
        context.run(_failed.set, failed)

        def work(item: Item) -> Result:
            # A context can be entered once at a time, so each item gets a copy.
            return context.copy().run(function, item)

        with _threads(at_once or _MOST_THREADS) as pool:
            return _fanned_out(work, items, pool, at_once, failed)
    return _fanned_out(function, items, executor, at_once, threading.Event())


def stop_if_failed() -> None:
    """Raise Cancelled in a thread of a `fan_out` that has failed: for work that waits before it does what counts."""
    failed = _failed.get()
    if failed is not None and failed.is_set():
        raise Cancelled("stopped, since other work of the same step failed")


def _fanned_out(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    executor: Executor,
    at_once: int | None,
    failed: threading.Event,
) -> list[Result]:
    results: dict[int, Result] = {}
    running: dict[Future[Result], int] = {}
    queue = enumerate(items)
    failure: BaseException | None = None
    exhausted = False
    while True:
        while not exhausted and failure is None and len(running) < (at_once or room()):
            try:
                index, item = next(queue)
            except StopIteration:
                exhausted = True
            else:
                running[executor.submit(function, item)] = index
        if not running:
            break
        try:
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
        except BaseException:
            for future in running:
                future.cancel()
            raise
        for future in finished:
            index = running.pop(future)
            error = future.exception()
            if error is None:
                results[index] = future.result()
            elif failure is None:
                failure = error
                failed.set()
    if failure is not None:
        raise failure
    return [results[index] for index in sorted(results)]
