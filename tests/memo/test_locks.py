from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storyreel.memo.locks import KeyLocks


class Stopped(Exception):
    pass


def test_only_one_thread_holds_a_key(tmp_path: Path) -> None:
    inside, most = 0, 0

    def work(_: int) -> None:
        nonlocal inside, most
        with KeyLocks(tmp_path / "locks").hold("a"):
            inside += 1
            most = max(most, inside)
            time.sleep(0.005)
            inside -= 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(20)))
    assert most == 1


def test_other_keys_do_not_wait(tmp_path: Path) -> None:
    locks = KeyLocks(tmp_path / "locks")

    def hold_another() -> bool:
        with locks.hold("c"):
            return True

    with locks.hold("a"), locks.hold("b"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(hold_another).result(timeout=10)


def test_a_lock_leaves_no_file(tmp_path: Path) -> None:
    locks = KeyLocks(tmp_path / "locks")
    for key in ("a", "b", "c"):
        with locks.hold(key):
            assert len(list((tmp_path / "locks").iterdir())) == 1
    with pytest.raises(Stopped), locks.hold("a"):
        raise Stopped
    assert list((tmp_path / "locks").iterdir()) == []


def test_holding_twice_in_one_thread_is_refused(tmp_path: Path) -> None:
    locks = KeyLocks(tmp_path / "locks")
    with locks.hold("a"), pytest.raises(RuntimeError, match="needs its own result"), locks.hold("a"):
        pass
    with locks.hold("a"):
        pass


def test_what_is_raised_while_waiting_ends_the_wait(tmp_path: Path) -> None:
    locks, release, held = KeyLocks(tmp_path / "locks"), threading.Event(), threading.Event()

    def hold() -> None:
        with locks.hold("a"):
            held.set()
            release.wait(10)

    def stop() -> None:
        raise Stopped

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    with pytest.raises(Stopped), locks.hold("a", stop):
        pass
    release.set()
    holder.join()
    with locks.hold("a", stop):
        pass


COUNTING = """
import sys
from pathlib import Path
from storyreel.memo.locks import KeyLocks

locks, counter = KeyLocks(Path(sys.argv[1])), Path(sys.argv[2])
for _ in range(80):
    with locks.hold("a"):
        counter.write_text(str(int(counter.read_text()) + 1))
"""


def test_only_one_process_holds_a_key_although_lock_files_come_and_go(tmp_path: Path) -> None:
    counter = tmp_path / "counter.txt"
    counter.write_text("0")
    command = [sys.executable, "-c", COUNTING, str(tmp_path / "locks"), str(counter)]
    running = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait(timeout=120) for process in running] == [0] * 4
    assert counter.read_text() == "320"
