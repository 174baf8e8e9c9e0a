"""Encoders ask for nothing the machine's other work needs: no real-time priority.

SVT-AV1 makes its threads, and the thread that opens it, real-time (SCHED_FIFO, priority 99) wherever it may, which is
wherever it runs as root, as in most containers. Everything started from there inherits it, and no other process gets a
core while it works.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_THREADS = Path("/proc/self/task")


@contextmanager
def ordinary_scheduling() -> Iterator[None]:
    """Give every thread the scheduling the caller's had before, when the block ends.

    Threads begun in the block are meant, and those whose scheduling was changed in it. Only Linux lets a library do
    this; elsewhere nothing is done.
    """
    if sys.platform != "linux":
        yield
        return
    before, of_caller = dict(_threads()), _scheduling(0)
    try:
        yield
    finally:
        for thread, now in _threads():
            meant = before.get(thread, of_caller)
            if now != meant:
                with suppress(ProcessLookupError):
                    os.sched_setscheduler(thread, meant[0], os.sched_param(meant[1]))


def _threads() -> Iterator[tuple[int, tuple[int, int]]]:
    for entry in _THREADS.iterdir():
        # A thread may end at any moment.
        with suppress(ProcessLookupError):
            yield int(entry.name), _scheduling(int(entry.name))


def _scheduling(thread: int) -> tuple[int, int]:
    return os.sched_getscheduler(thread), os.sched_getparam(thread).sched_priority
