"""Fan-out keeps order, bounds what runs at once, and stops at the first failure."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from storyreel.workers import fan_out


def test_results_come_in_the_order_of_the_items() -> None:
    def late_first(item: int) -> int:
        time.sleep(0.02 * (3 - item))
        return item * item

    assert fan_out(late_first, range(4), at_once=4) == [0, 1, 4, 9]


def test_no_more_than_asked_run_at_once() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(item: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.005)
        with lock:
            running -= 1

    fan_out(work, range(20), at_once=3)
    assert most <= 3


def test_the_first_failure_keeps_later_items_from_starting() -> None:
    started = []

    def work(item: int) -> None:
        started.append(item)
        if item == 2:
            raise ValueError("two")

    with pytest.raises(ValueError, match="two"):
        fan_out(work, range(1000), at_once=2)
    assert len(started) < 10


def test_items_are_taken_only_as_they_are_needed() -> None:
    taken = []

    def items():
        for item in range(100):
            taken.append(item)
            yield item

    def work(item: int) -> int:
        assert len(taken) <= item + 3
        return item

    assert fan_out(work, items(), at_once=2) == list(range(100))


def test_any_executor_will_do() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert fan_out(abs, [-1, -2], executor=pool) == [1, 2]
