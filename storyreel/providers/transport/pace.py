"""How fast a vendor is asked: so many at once, so many a minute, and not at all while it asks to be left alone.

All threads of a process go through one gate, and the gates of all processes that share a cache share its places.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from storyreel.memo.paying import paying
from storyreel.memo.places import Places
from storyreel.providers.transport.vendor import Vendor
from storyreel.workers import stop_if_failed

_LOOK_AGAIN_S = 0.1
_TRY_AGAIN_S = 0.01, 0.04
_MINUTE_S = 60.0


class Gate:
    """Lets requests through to one vendor. Safe for threads.

    Args:
        at_once: how many may be inside.
        per_minute: how many may enter in a minute; None for any number.
        shared: the places of all processes; None where this one is alone.
    """

    def __init__(self, at_once: int, per_minute: int | None = None, shared: Places | None = None) -> None:
        self.at_once, self.per_minute, self._shared = at_once, per_minute, shared
        self._changed = threading.Condition()
        self._inside = 0
        self._closed_until_s = 0.0
        self._entered_s: deque[float] = deque()

    @contextmanager
    def place(self, while_waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold one of the places; see `Turn`."""
        with self.turn(while_waiting) as turn:
            turn.take()
            yield

    @contextmanager
    def turn(self, while_waiting: Callable[[], None] = lambda: None) -> Iterator[Turn]:
        """A way to one of the places, taken when the moment has come, and given back at the end at the latest.

        Args:
            while_waiting: called again and again until there is one; what it raises ends the wait.
        """
        turn = Turn(self, while_waiting)
        try:
            yield turn
        finally:
            turn.leave()

    def _enter(self, while_waiting: Callable[[], None]) -> int | None:
        """Wait for a place here and among those that all processes share; which of those it is."""
        with self._changed:
            while (wait_s := self._wait_s()) > 0:
                self._changed.wait(min(wait_s, _LOOK_AGAIN_S))
                while_waiting()
            self._inside += 1
            self._entered_s.append(time.monotonic())
        try:
            return self._enter_shared(while_waiting)
        except BaseException:
            self._exit(None)
            raise

    def _enter_shared(self, while_waiting: Callable[[], None]) -> int | None:
        if self._shared is None:
            return None
        while (place := self._shared.take()) is None:
            while_waiting()
            time.sleep(random.uniform(*_TRY_AGAIN_S))
        try:
            while (wait_s := self._shared.begin(self.per_minute, _MINUTE_S)) > 0:
                while_waiting()
                time.sleep(min(wait_s, _LOOK_AGAIN_S))
        except BaseException:
            self._shared.leave(place)
            raise
        return place

    def _exit(self, place: int | None) -> None:
        if self._shared is not None and place is not None:
            self._shared.leave(place)
        with self._changed:
            self._inside -= 1
            self._changed.notify()

    def close_for(self, seconds: float) -> None:
        """Let nobody in for so long: the vendor asked for it, and it means everybody."""
        if self._shared is not None:
            self._shared.close_for(seconds)
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


class Turn:
    """One request's way through a gate.

    The place is for what the vendor sees. Reading an answer, checking and keeping it takes a while, too, and by then
    the next request should be under way: whoever has the answer's bytes leaves.
    """

    def __init__(self, gate: Gate, while_waiting: Callable[[], None]) -> None:
        self._gate, self._while_waiting = gate, while_waiting
        self._inside = False
        self._place: int | None = None

    def take(self) -> None:
        """Wait for a place; nothing where it is held already."""
        if not self._inside:
            self._place = self._gate._enter(self._while_waiting)
            self._inside = True

    def leave(self) -> None:
        """Give the place back; nothing where none is held."""
        if self._inside:
            self._inside = False
            self._gate._exit(self._place)


_gates: dict[tuple[str, str, int, Path | None], Gate] = {}
_gates_lock = threading.Lock()


def gate_of(vendor: Vendor, model: str = "") -> Gate:
    """The gate of a vendor at its present address; one a process, and places shared by all that use the same cache.

    Args:
        model: what is asked for; some go through a narrower gate of their own.
    """
    at_once, base, place = vendor.concurrency(model), vendor.base(), paying()
    name = f"{vendor.name}-{vendor.kin(model)}".rstrip("-")
    folder = None
    if place is not None:
        folder = place.ledger.cache / "places" / f"{name}-{sha256(base.encode()).hexdigest()[:8]}"
    with _gates_lock:
        key = (name, base, at_once, folder)
        if key not in _gates:
            _gates[key] = Gate(at_once, vendor.per_minute, Places(folder, at_once) if folder else None)
        return _gates[key]


def stop_if_asked() -> None:
    """Raise Cancelled if the user asked the run to stop."""
    place = paying()
    if place is not None:
        place.ledger.progress.raise_if_cancelled()


def stop_before_sending() -> None:
    """As `stop_if_asked`, and where the work that this is a part of has failed: nothing more is paid for then."""
    stop_if_failed()
    stop_if_asked()


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
