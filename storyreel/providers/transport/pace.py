"""How fast a vendor is asked: so many at once, so many a minute, and not at all while it asks to be left alone."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from storyreel.memo.paying import paying
from storyreel.providers.transport.vendor import Vendor

_LOOK_AGAIN_S = 0.1
_MINUTE_S = 60.0


class Gate:
    """Lets requests through to one vendor. Safe for threads."""

    def __init__(self, at_once: int, per_minute: int | None = None) -> None:
        self.at_once, self.per_minute = at_once, per_minute
        self._changed = threading.Condition()
        self._inside = 0
        self._closed_until_s = 0.0
        self._entered_s: deque[float] = deque()

    @contextmanager
    def place(self, while_waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold one of the places.

        Args:
            while_waiting: called again and again until there is one; what it raises ends the wait.
        """
        with self._changed:
            while (wait_s := self._wait_s()) > 0:
                self._changed.wait(min(wait_s, _LOOK_AGAIN_S))
                while_waiting()
            self._inside += 1
            self._entered_s.append(time.monotonic())
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify()

    def close_for(self, seconds: float) -> None:
        """Let nobody in for so long: the vendor asked for it, and it means everybody."""
        with self._changed:
            self._closed_until_s = max(self._closed_until_s, time.monotonic() + seconds)

    def _wait_s(self) -> float:
        """How long to wait before looking again; 0 when the way is free."""
        now_s = time.monotonic()
        if self._inside >= self.at_once:
            return _LOOK_AGAIN_S
        if now_s < self._closed_until_s:
            return self._closed_until_s - now_s
        if self.per_minute is None:
            self._entered_s.clear()
            return 0.0
        while self._entered_s and self._entered_s[0] <= now_s - _MINUTE_S:
            self._entered_s.popleft()
        return self._entered_s[0] + _MINUTE_S - now_s if len(self._entered_s) >= self.per_minute else 0.0


_gates: dict[tuple[str, str, int], Gate] = {}
_gates_lock = threading.Lock()


def gate_of(vendor: Vendor) -> Gate:
    """The gate of a vendor at its present address; one a process."""
    at_once = vendor.concurrency()
    with _gates_lock:
        return _gates.setdefault((vendor.name, vendor.base(), at_once), Gate(at_once, vendor.per_minute))


def stop_if_asked() -> None:
    """Raise Cancelled if the user asked the run to stop."""
    place = paying()
    if place is not None:
        place.ledger.progress.raise_if_cancelled()


def tell(message: str) -> None:
    """Say something in the run's progress, where there is a run."""
    place = paying()
    if place is not None:
        place.ledger.progress.note(message, place.step)


def wait(seconds: float) -> None:
    """Wait so long, unless the user asks the run to stop."""
    until_s = time.monotonic() + seconds
    while (left_s := until_s - time.monotonic()) > 0:
        stop_if_asked()
        time.sleep(min(left_s, _LOOK_AGAIN_S))
    stop_if_asked()
