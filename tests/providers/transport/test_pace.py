"""So many at once, so many a minute, and nobody while the vendor asks to be left alone."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storyreel.errors import Cancelled
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers.transport import pace
from storyreel.providers.transport.pace import Gate


def test_no_more_than_allowed_are_inside_at_once() -> None:
    gate, inside, most, lock = Gate(3), 0, 0, threading.Lock()

    def work(_: int) -> None:
        nonlocal inside, most
        with gate.place():
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(work, range(24)))
    assert most == 3


def test_a_closed_gate_lets_nobody_in_until_it_opens() -> None:
    gate = Gate(4)
    gate.close_for(0.3)
    begun_s = time.monotonic()
    with gate.place():
        assert time.monotonic() - begun_s >= 0.3


def test_only_so_many_begin_in_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_MINUTE_S", 0.4)
    gate, begun_s = Gate(10, per_minute=2), time.monotonic()
    for _ in range(5):
        with gate.place():
            pass
    assert 0.8 <= time.monotonic() - begun_s < 2.0


def test_a_place_is_given_back_when_the_work_fails() -> None:
    gate = Gate(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="no"), gate.place():
            raise ValueError("no")
    with gate.place():
        pass


def test_waiting_for_a_place_ends_when_the_run_is_stopped() -> None:
    gate = Gate(1)

    def stop() -> None:
        raise Cancelled("stopped")

    with gate.place(), pytest.raises(Cancelled), gate.place(stop):
        pass


def test_a_wait_ends_at_once_when_the_run_is_stopped(tmp_path: Path) -> None:
    project = Project("film", tmp_path)
    threading.Timer(0.1, project.progress.cancel).start()
    begun_s = time.monotonic()
    with paying_from(ledger_of(project)), pytest.raises(Cancelled):
        pace.wait(30)
    assert time.monotonic() - begun_s < 2
