"""So many at once, so many a minute, and nobody while the vendor asks to be left alone."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storyreel.errors import Cancelled
from storyreel.memo.ledger import ledger_of
from storyreel.memo.paying import paying_from
from storyreel.memo.places import Places
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


ELSEWHERE = """
import sys, time
from pathlib import Path
from storyreel.memo.places import Places
from storyreel.providers.transport.pace import Gate
gate = Gate(3, shared=Places(Path(sys.argv[1]), 3))
for _ in range(4):
    with gate.place():
        inside = Path(sys.argv[2]) / str(time.monotonic_ns())
        inside.touch()
        print(sum(1 for _ in inside.parent.iterdir()), flush=True)
        time.sleep(0.02)
        inside.unlink()
"""


def test_processes_share_the_places_of_a_cache(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    command = [sys.executable, "-c", ELSEWHERE, str(tmp_path / "places"), str(tmp_path / "inside")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(5)]
    seen = [int(line) for process in running for line in process.communicate(timeout=120)[0].split()]
    assert len(seen) == 20
    assert max(seen) <= 3


def test_a_place_goes_with_whoever_holds_it(tmp_path: Path) -> None:
    hold = "import sys, time; from pathlib import Path; from storyreel.memo.places import Places\n"
    hold += "print(Places(Path(sys.argv[1]), 1).take(), flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", hold, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() != "None"
    places = Places(tmp_path, 1)
    assert places.take() is None
    process.kill()
    process.communicate(timeout=30)
    assert places.take() is not None


def test_what_one_process_is_told_holds_for_all(tmp_path: Path) -> None:
    one, other = Gate(4, shared=Places(tmp_path, 4)), Gate(4, per_minute=2, shared=Places(tmp_path, 4))
    one.close_for(0.3)
    begun_s = time.monotonic()
    with other.place():
        assert time.monotonic() - begun_s >= 0.29


def test_so_many_a_minute_counts_over_all_and_a_damaged_file_only_forgets(tmp_path: Path) -> None:
    one, other = Places(tmp_path, 4), Places(tmp_path, 4)
    assert (one.begin(2, 60.0), other.begin(2, 60.0)) == (0.0, 0.0)
    assert 50.0 < one.begin(2, 60.0) <= 60.0
    assert one.begin(None, 60.0) == 0.0
    (tmp_path / "pace.json").write_text('{"closed_until_s": 1e300, "began_s": [9e99')
    assert one.begin(2, 60.0) == 0.0
    (tmp_path / "pace.json").write_text('{"closed_until_s": 1e300, "began_s": [9e99, 8e99]}')
    assert other.begin(2, 60.0) == 0.0
