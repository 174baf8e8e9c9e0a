"""Whenever the power is cut, the cache opens again, with all that was finished, and nothing is paid a second time."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import av
import pytest

from power_cut import Disk, recorded
from storyreel.memo.blob import Blob
from storyreel.memo.journal import Journal, Line, OpenJournal
from storyreel.memo.ledger import Charged, ledger_of
from storyreel.memo.results import Results
from storyreel.memo.step import step
from storyreel.memo.store import _stores, store_of
from storyreel.project import Project, Record
from storyreel.recipes.title_film import title_film
from storyreel.settings import Settings

CUTS = 25
FILM_CUTS = 1
PRICE = Decimal("0.04")
RECORD = Record(recipe="title", inputs={"title": "The Lamp"}, crew={}, settings=Settings())


class Shop:
    """A service that counts what it sold."""

    def __init__(self) -> None:
        self.sold: dict[int, int] = {}

    def picture(self, number: int) -> Charged:
        self.sold[number] = self.sold.get(number, 0) + 1
        return Charged(random.Random(number).randbytes(900 * (number % 4) + 1), PRICE)


SHOP = Shop()


@step(version=1)
def power_cut_picture(project: Project, number: int) -> Blob:
    data = ledger_of(project).ask("shop", "/v1/pictures", {"number": number}, lambda: SHOP.picture(number))
    return store_of(project).put_bytes(data + b"!", ".png")


@step(version=1)
def power_cut_words(project: Project, number: int) -> list[str]:
    """Every other result is too long for a row."""
    return [f"word {each} of {number}" for each in range(10 if number % 2 else 3000)]


class Promises:
    """What the store said is finished."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.results: dict[str, str] = {}
        self.lines: list[str] = []
        self.records: list[str] = []
        keep, append, hold, save = Results.set, Journal._append, Journal.locked, Project.save_record
        written: list[str] = []

        def kept(results: Results, key: str, text: str, *, lasting: bool = True) -> None:
            keep(results, key, text, lasting=lasting)
            if lasting:
                self.results[key] = text

        def appended(journal: Journal, file: object, line: Line) -> None:
            append(journal, file, line)  # type: ignore[arg-type]
            written.append(f"{line.kind} {line.id}")

        @contextmanager
        def locked(journal: Journal) -> Iterator[OpenJournal]:
            with hold(journal) as held:
                yield held
            self.lines += written
            written.clear()

        def saved(project: Project, record: Record) -> None:
            save(project, record)
            self.records.append(project.id)

        monkeypatch.setattr(Results, "set", kept)
        monkeypatch.setattr(Journal, "_append", appended)
        monkeypatch.setattr(Journal, "locked", locked)
        monkeypatch.setattr(Project, "save_record", saved)

    def now(self) -> Promises:
        copy = object.__new__(Promises)
        copy.results, copy.lines, copy.records = dict(self.results), list(self.lines), list(self.records)
        return copy

    def hold_in(self, cache: Path) -> None:
        """Every one of them is kept by a cache after a power cut."""
        for project_id in self.records:
            project = Project(project_id, cache)
            project.record()
            ledger = [json.loads(line) for line in _whole_lines(project.folder / "ledger.jsonl")]
            assert [f"{line['kind']} {line['id']}" for line in ledger][: len(self.lines)] == self.lines
            store = store_of(project)
            for key, text in self.results.items():
                assert store.results.get(key) == text, key
                for blob in _blobs(json.loads(text)):
                    assert hashlib.sha256(store.read(blob)).hexdigest() == blob.sha256


def _whole_lines(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().splitlines(True) if line.endswith(b"\n")] if path.exists() else []


def _blobs(value: object) -> list[Blob]:
    if isinstance(value, dict):
        if value.keys() == {"sha256", "suffix", "size_bytes"}:
            return [Blob.model_validate(value)]
        return [blob for each in value.values() for blob in _blobs(each)]
    return [blob for each in value for blob in _blobs(each)] if isinstance(value, list) else []


def close(cache: Path) -> None:
    """Let go of a cache's database, as the end of a process does."""
    store = _stores.pop(cache / "store", None)
    if store is not None:
        store.results.close()


def work(cache: Path, pictures: int = 8) -> None:
    project = Project("lamp", cache)
    project.save_record(RECORD)
    for number in range(pictures):
        power_cut_picture(project, number)
        power_cut_words(project, number)


def cut_while_working(cache: Path, moments: dict[int, tuple[int, Path]], promises: Promises) -> dict[int, Promises]:
    """Work on a disk, and lay out at some events what a power cut would leave; what had been promised at each."""
    promised: dict[int, Promises] = {}

    def at_event(number: int) -> None:
        if number in moments:
            seed, target = moments[number]
            promised[number] = promises.now()
            disk.left(seed, target)

    cache.mkdir()
    disk = Disk(cache, at_event)
    with recorded(disk):
        work(cache)
        close(cache)
    # SQLite tidies up a little more or less each time, so the very last moments may not come.
    assert len(promised) >= len(moments) - 2, "the power was to be cut after the work had ended"
    return promised


def check_cuts(folder: Path, cuts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut the power at this many moments spread over the work; work goes on from each."""
    (folder / "first").mkdir()
    count = Disk(folder / "first")
    with recorded(count):
        work(folder / "first")
        close(folder / "first")
    chance = random.Random(cuts)
    promises = Promises(monkeypatch)
    for first in range(0, cuts, 20):
        some = [chance.randrange(count.events) for _ in range(min(20, cuts - first))]
        moments = {event: (chance.randrange(10**6), folder / f"{first}-{event}") for event in some}
        SHOP.sold.clear()
        promises.results.clear(), promises.lines.clear(), promises.records.clear()
        promised = cut_while_working(folder / f"{first}-cache", moments, promises)
        for event, (seed, left) in moments.items():
            if event not in promised:
                continue
            promised[event].hold_in(left)
            undecided = ledger_of(Project("lamp", left)).undecided()
            for entry in undecided:
                ledger_of(Project("lamp", left)).forgive(entry.id)
            SHOP.sold.clear()
            work(left)
            # Asked again is what the disk had never been told of as answered.
            answered = sum(line.startswith("answered") for line in promised[event].lines)
            assert sum(SHOP.sold.values()) <= 8 - answered, (event, seed)
            close(left)
            shutil.rmtree(left)


def test_whatever_a_power_cut_drops_nothing_finished_is_lost_and_nothing_paid_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_cuts(tmp_path, CUTS, monkeypatch)


@pytest.mark.soak
def test_power_cuts_by_the_thousand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_cuts(tmp_path, 2000, monkeypatch)


def test_the_disk_that_is_cut_does_lose_what_was_not_synced(tmp_path: Path) -> None:
    """The recording is worth something: without fsync, files, names and rows do get lost."""
    cache = tmp_path / "cache"
    cache.mkdir()
    disk = Disk(cache)
    with recorded(disk):
        project = Project("lamp", cache)
        store_of(project).results.set("a", "kept", lasting=True)
        (cache / "unsynced").write_text("words")
        store_of(project).results.set("b", "perhaps", lasting=False)
        kept: list[tuple[bool, object]] = []
        for seed in range(12):
            left = tmp_path / str(seed)
            disk.left(seed, left)
            results = store_of(Project("lamp", left)).results
            assert results.get("a") == "kept"
            kept.append(((left / "unsynced").exists(), results.get("b")))
            close(left)
        close(cache)
    assert {there for there, _ in kept} == {True, False}
    assert {row for _, row in kept} == {"perhaps", None}


def film(cache: Path) -> tuple[str, str]:
    """Make a small film, or go on with it; digests of what is seen and heard."""
    settings = Settings(width_px=192, height_px=108, quality="draft")
    made = title_film("The Lamp", words=30, voice="none", settings=settings, project_id="lamp", cache=cache)
    return decoded(made.path)


def decoded(path: Path) -> tuple[str, str]:
    digests = []
    for kind in ("video", "audio"):
        digest = hashlib.sha256()
        with av.open(str(path)) as container:
            for frame in container.decode(**{kind: 0}):
                digest.update(f"{frame.pts}".encode() + frame.to_ndarray().tobytes())
        digests.append(digest.hexdigest())
    return digests[0], digests[1]


def check_films(folder: Path, cuts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, promises = random.Random(cuts), Promises(monkeypatch)
    promised: list[tuple[Path, Promises]] = []

    def at_event(number: int) -> None:
        # A film's events are about 150.
        if len(promised) < cuts and chance.random() < cuts / 75:
            promised.append((folder / str(number), promises.now()))
            disk.left(number, folder / str(number))

    cache = folder / "cache"
    cache.mkdir()
    disk = Disk(cache, at_event)
    with recorded(disk):
        whole = film(cache)
        close(cache)
    assert promised
    for left, before in promised:
        before.hold_in(left)
        assert film(left) == whole, left
        close(left)


def test_a_film_whose_making_lost_its_power_ends_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_films(tmp_path, FILM_CUTS, monkeypatch)


@pytest.mark.soak
def test_a_film_that_loses_its_power_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_films(tmp_path, 60, monkeypatch)
