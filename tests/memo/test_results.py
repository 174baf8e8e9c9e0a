from __future__ import annotations

import gc
import os
import pickle
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from storyreel.errors import CorruptFile, DiskFull, StorageError
from storyreel.memo.results import INLINE_LIMIT_BYTES, JsonDisk, Results

BIG = "é" * INLINE_LIMIT_BYTES


class Bomb:
    """Unpickling it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path / "store" / "results")


def database(tmp_path: Path) -> sqlite3.Connection:
    return sqlite3.connect(tmp_path / "store" / "results" / "cache.db", isolation_level=None)


def plant(tmp_path: Path, **columns: Any) -> None:
    """Change the one row by hand."""
    with_values = ", ".join(f"{name} = ?" for name in columns)
    connection = database(tmp_path)
    connection.execute(f"UPDATE Cache SET {with_values}", tuple(columns.values()))
    connection.close()


def value_files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "store" / "results").rglob("*.json") if path.is_file()]


@pytest.mark.parametrize("text", ["", "null", '{"a": "é\\u0000"}', BIG])
def test_a_text_is_kept_across_processes(results: Results, tmp_path: Path, text: str) -> None:
    results.set("film-7/a.b@1/c", text)
    assert results.get("film-7/a.b@1/c") == text
    assert Results(tmp_path / "store" / "results").get("film-7/a.b@1/c") == text


def test_an_unknown_key_is_none(results: Results) -> None:
    assert results.get("film-7/a.b@1/c") is None


def test_big_texts_are_files_and_go_with_their_row(results: Results, tmp_path: Path) -> None:
    results.set("a", BIG)
    results.set("a", BIG + "!")
    assert len(value_files(tmp_path)) == 1
    results.delete("a")
    assert value_files(tmp_path) == []
    assert results.get("a") is None


def test_nothing_is_ever_dropped_for_room(results: Results) -> None:
    """diskcache's default forgets results past 1 GiB; here the limit does not count."""
    results.set("a", "1")
    assert results._cache is not None
    assert results._cache.eviction_policy == "none"
    assert results._cache.cull_limit == 0


def test_a_planted_pickle_in_a_row_is_refused(results: Results, tmp_path: Path) -> None:
    results.set("a", "1")
    plant(tmp_path, mode=4, value=pickle.dumps(Bomb(tmp_path / "ran")))
    with pytest.raises(CorruptFile, match="not JSON text"):
        results.get("a")
    assert not (tmp_path / "ran").exists()
    assert pickle.loads(pickle.dumps(Bomb(tmp_path / "ran"))) is None
    assert (tmp_path / "ran").exists(), "the planted pickle would not have done anything"


def test_a_planted_pickle_file_is_refused(results: Results, tmp_path: Path) -> None:
    results.set("a", BIG)
    (planted,) = value_files(tmp_path)
    planted.write_bytes(pickle.dumps(Bomb(tmp_path / "ran")))
    plant(tmp_path, mode=4)
    with pytest.raises(CorruptFile, match="not JSON text"):
        results.get("a")
    plant(tmp_path, mode=3)
    with pytest.raises(CorruptFile):
        results.get("a")
    assert not (tmp_path / "ran").exists()


def test_a_planted_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorruptFile):
        JsonDisk(str(tmp_path)).get(pickle.dumps(Bomb(tmp_path / "ran")), False)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("value", [7, 1.5, b"x", None, ["a"]])
def test_only_text_can_be_kept(results: Results, value: Any) -> None:
    results.set("a", "1")
    assert results._cache is not None
    with pytest.raises(TypeError):
        results._cache.set("b", value)
    with pytest.raises(TypeError):
        results._cache.set(value, "b")


@pytest.mark.parametrize("columns", [{"mode": 1, "value": 7}, {"mode": 2, "value": b"x"}, {"mode": 3, "value": None}])
def test_a_row_of_another_kind_is_refused(results: Results, tmp_path: Path, columns: dict[str, Any]) -> None:
    results.set("a", "1")
    plant(tmp_path, **columns)
    with pytest.raises(CorruptFile, match="not JSON text"):
        results.get("a")


@pytest.mark.parametrize("name", ["../../secret.txt", "/etc/hostname", "00/../../../secret.txt"])
def test_a_row_cannot_make_us_read_or_remove_other_files(results: Results, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    results.set("a", "1")
    plant(tmp_path, mode=3, filename=name, value=None)
    with pytest.raises(CorruptFile, match="not JSON text"):
        results.get("a")
    results.set("a", "2")
    assert results.get("a") == "2"
    assert secret.exists()


def test_one_changed_letter_is_noticed(results: Results, tmp_path: Path) -> None:
    results.set("a", '"the lighthouse"')
    connection = database(tmp_path)
    connection.execute("UPDATE Cache SET value = replace(value, 'light', 'night')")
    connection.close()
    with pytest.raises(CorruptFile, match="has been changed"):
        results.get("a")


def test_a_value_under_another_key_is_noticed(results: Results, tmp_path: Path) -> None:
    results.set("a", "1")
    plant(tmp_path, key="b")
    with pytest.raises(CorruptFile, match="has been changed"):
        results.get("b")


@pytest.mark.parametrize("length", [0, 31, 5000])
def test_a_truncated_file_is_noticed(results: Results, tmp_path: Path, length: int) -> None:
    results.set("a", BIG)
    (path,) = value_files(tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(CorruptFile):
        results.get("a")


def test_a_lost_file_is_noticed(results: Results, tmp_path: Path) -> None:
    results.set("a", BIG)
    (path,) = value_files(tmp_path)
    path.unlink()
    with pytest.raises(CorruptFile, match="gone"):
        results.get("a")


def test_a_damaged_database_says_how_to_go_on(results: Results, tmp_path: Path) -> None:
    folder = tmp_path / "store" / "results"
    folder.mkdir(parents=True)
    (folder / "cache.db").write_bytes(b"this is no database, but it is long enough to look at" * 100)
    with pytest.raises(CorruptFile, match="move that folder away"):
        results.get("a")


def fill(results: Results) -> None:
    for number in range(200):
        results.set(str(number), "x" * 10_000)


def test_a_full_disk_is_told_as_such(results: Results) -> None:
    results.set("a", "1")
    assert results._cache is not None
    connection = results._cache._con
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull, match="free some room"):
        fill(results)
    assert results.get("a") == "1", "the store cannot be used after a full disk"
    results.set("b", "2")
    assert results.get("b") == "2"


def test_a_store_that_stays_locked_is_a_storage_error(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storyreel.memo.results._LOCK_TIMEOUT_S", 0.1)
    results.set("a", "1")
    connection = database(tmp_path)
    connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="stayed locked"):
        results.set("a", "2")
    assert results.get("a") == "1", "reading needs no lock"
    connection.execute("ROLLBACK")
    connection.close()
    results.set("a", "2")
    assert results.get("a") == "2"


def test_many_threads_may_write_at_once(results: Results) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 20):
            results.set(str(number), str(number))

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 20, 40, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [results.get(str(number)) for number in range(80)] == [str(number) for number in range(80)]


def test_processes_may_open_and_fill_a_new_store_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "store" / "results"
    code = (
        "import sys; from pathlib import Path; from storyreel.memo.results import Results\n"
        "results = Results(Path(sys.argv[1]))\n"
        "for number in range(20): results.set(f'{sys.argv[2]}-{number}', str(number) * 6000)\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(folder), name]) for name in "abcd"]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0, 0]
    results = Results(folder)
    assert all(results.get(f"{name}-{number}") == str(number) * 6000 for name in "abcd" for number in range(20))


def test_threads_share_one_connection(results: Results) -> None:
    """A connection a thread would be left open when the thread ends."""
    results.set("a", "1")
    assert results._cache is not None
    mine = results._cache._con
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.extend([results.get("a"), results._cache and results._cache._con]))
    thread.start()
    thread.join()
    assert seen == ["1", mine]


FORKING = """
import os, sys
from pathlib import Path
from storyreel.memo.results import Results

results = Results(Path(sys.argv[1]))
results.set("a", "1")
mine = results._cache._con
child = os.fork()
if child == 0:
    os._exit(0 if results.get("a") == "1" and results._cache._con is not mine else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert results.get("a") == "1" and results._cache._con is mine
"""


def test_a_forked_child_opens_its_own_connection(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", FORKING, str(tmp_path / "results")], check=True, timeout=60)


def test_a_lasting_value_waits_for_the_disk(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    results.set("a", "0", lasting=False)
    waited_for: list[str] = []
    to_disk = os.fsync

    def fsync(descriptor: int) -> None:
        waited_for.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        to_disk(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    results.set("a", "1", lasting=False)
    assert waited_for == []
    results.set("a", "2")
    assert waited_for == ["cache.db-wal"]


def test_where_there_is_no_log_the_database_itself_waits(results: Results) -> None:
    results.set("a", "0")
    assert results._cache is not None
    results._cache._con.execute("PRAGMA journal_mode = DELETE")
    for lasting, level in [(True, 2), (False, 1), (True, 2)]:
        results.set("a", "1", lasting=lasting)
        assert results._cache._con.execute("PRAGMA synchronous").fetchone() == (level,)


def test_a_store_that_is_let_go_closes_its_connection(tmp_path: Path) -> None:
    results = Results(tmp_path / "store" / "results")
    results.set("a", "1")
    assert results._cache is not None
    connection = results._cache._con
    del results
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_keys_are_found_by_pattern(results: Results) -> None:
    for key in ("film-1/render.film@1/a", "film-2/render.film@1/b", "film-1/media.speak@1/c"):
        results.set(key, "text")
    assert sorted(results.keys("*/render.film@*")) == ["film-1/render.film@1/a", "film-2/render.film@1/b"]
    assert len(results.keys()) == 3
    assert results.keys("nothing*") == []
