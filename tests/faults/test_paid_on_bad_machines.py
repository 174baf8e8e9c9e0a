"""Paid calls on a machine with full or read-only disks, or without memory: none is sent twice unasked."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from storyreel.errors import AnswerUnknown, DiskFull, StorageError
from storyreel.memo.ledger import Charged, ledger_of
from storyreel.memo.store import _stores
from storyreel.project import Project

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
ANSWER_BYTES = 3 * PAGE_BYTES
DISK_MB = 72
"""Room for an answer, as the ledger wants it before it sends anything, and a little more."""


class Shop:
    """A service that counts what it sold; `meanwhile` happens between its taking a request and its answer."""

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.sold: Counter[int] = Counter()
        self.meanwhile = meanwhile

    def buy(self, project: Project, number: int) -> bytes:
        def send() -> Charged:
            self.sold[number] += 1
            self.meanwhile()
            return Charged(bytes([number]) * ANSWER_BYTES, Decimal("0.04"))

        return ledger_of(project).ask("shop", "/v1/pictures", {"number": number}, send, suffix=".png")


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield place
    finally:
        close(place / "cache")
        subprocess.run(["umount", str(place)], check=True)


def fill(disk: Path, but_pages: int) -> Path:
    """Take all that is free but so many pages; what to remove to give it back."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        free = os.statvfs(disk).f_bavail - but_pages
        if free > 0:
            os.posix_fallocate(file.fileno(), 0, free * PAGE_BYTES)
    return filler


def close(cache: Path) -> None:
    if store := _stores.pop(cache / "store", None):
        store.results.close()


def bought_unless_in_doubt(shop: Shop, project: Project, number: int) -> bytes | None:
    try:
        return shop.buy(project, number)
    except AnswerUnknown:
        return None


def test_a_disk_that_fills_up_before_the_answer_is_kept_never_pays_twice_unasked(tmp_path: Path) -> None:
    """It fills up when the service has the request; room is left for ever more of what is to be written then."""
    with small_disk(tmp_path / "disk") as disk:
        ended: Counter[str] = Counter()
        for pages in range(9):
            shop, project = Shop(lambda pages=pages: fill(disk, pages)), Project(f"film-{pages}", disk / "cache")  # type: ignore[misc]
            try:
                assert len(shop.buy(project, pages)) == ANSWER_BYTES
                ended["kept"] += 1
            except DiskFull:
                ended["full"] += 1
            (disk / "filler").unlink()
            shop.meanwhile = lambda: None
            answer = bought_unless_in_doubt(shop, project, pages)
            assert shop.sold == {pages: 1}
            if answer is None:
                (open_call,) = ledger_of(project).undecided()
                ledger_of(project).forgive(open_call.id)
                answer = shop.buy(project, pages)
                assert shop.sold == {pages: 2}
            assert answer == bytes([pages]) * ANSWER_BYTES
            assert shop.buy(project, pages) == answer
    assert ended["kept"]
    assert ended["full"]


def test_nothing_is_sent_where_the_intent_cannot_be_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        shop, project = Shop(), Project("film", disk / "cache")
        kept = shop.buy(project, 1)
        filler = fill(disk, 0)
        with pytest.raises(DiskFull, match="it was not made"):
            shop.buy(project, 2)
        filler.unlink()
        close(disk / "cache")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(StorageError, match="cannot be written"):
            shop.buy(project, 2)
        assert shop.sold == {1: 1}
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert shop.buy(project, 1) == kept
        shop.buy(project, 2)
        assert shop.sold == {1: 1, 2: 1}


def test_a_lack_of_memory_while_the_answer_comes_leaves_it_to_the_user(tmp_path: Path) -> None:
    def no_memory() -> None:
        raise MemoryError

    shop, project = Shop(no_memory), Project("film", tmp_path)
    with pytest.raises(MemoryError):
        shop.buy(project, 1)
    shop.meanwhile = lambda: None
    with pytest.raises(AnswerUnknown, match="may have been charged"):
        shop.buy(project, 1)
    assert shop.sold == {1: 1}
    shop.buy(project, 2)
    close(tmp_path)


def test_a_clock_that_jumps_pays_for_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    years_s, real, asked = 366 * 24 * 3600.0, time.time, iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: real() + (-30, 0, 25, 3)[next(asked) % 4] * years_s)
    shop, project = Shop(), Project("film", tmp_path)
    for number in (*range(6), *range(6)):
        shop.buy(project, number)
    assert shop.sold == dict.fromkeys(range(6), 1)
    close(tmp_path)


def test_a_copy_taken_while_calls_are_paid_has_their_answers_or_their_doubts(tmp_path: Path) -> None:
    """What a copy's ledger knows to be sent, it never sends by itself; what it knows to be answered, it has or asks."""
    shop, copies, ended = Shop(lambda: time.sleep(0.005)), [], threading.Event()

    def work() -> None:
        for number in range(30):
            shop.buy(Project("film", tmp_path / "cache"), number)
        ended.set()

    worker = threading.Thread(target=work)
    worker.start()
    while not ended.wait(0.03):
        if (tmp_path / "cache/projects/film/ledger.jsonl").exists():
            copies.append(tmp_path / f"copy-{len(copies)}")
            # cp, as people copy: what vanishes meanwhile is left out.
            subprocess.run(["cp", "-r", str(tmp_path / "cache"), str(copies[-1])], capture_output=True, check=False)
    worker.join()
    close(tmp_path / "cache")
    assert len(copies) >= 3
    for copy in copies[:: max(1, len(copies) // 2)]:
        project, again = Project("film", copy), Shop()
        known = {entry.id: entry.state for entry in ledger_of(project).entries()}
        answers = [bought_unless_in_doubt(again, project, number) for number in range(30)]
        assert sum(answer is None for answer in answers) <= 3, "more was in doubt than was under way"
        assert again.sold.total() == 30 - len(known)
        close(copy)
