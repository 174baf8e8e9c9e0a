from __future__ import annotations

import json
import pickle
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from storyreel.errors import Cancelled, CorruptFile
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.memo.step import step
from storyreel.memo.store import Store, store_of
from storyreel.project import Project

if TYPE_CHECKING:
    from decimal import Decimal  # a name that only type checkers know

MADE: list[tuple[Any, ...]] = []


@pytest.fixture(autouse=True)
def _nothing_made() -> None:
    MADE.clear()


@dataclass(frozen=True)
class Painter:
    model: str = "paint-2"

    @property
    def identity(self) -> str:
        return f"acme/{self.model}"


class Album(BaseModel):
    title: str
    covers: Mapping[str, tuple[Blob, ...]]
    extra: Asset | None = None


@step(version=1)
def add(project: Project, a: int, b: int = 2) -> int:
    """Add two numbers."""
    MADE.append((a, b))
    return a + b


@step(version=1)
def fail_once(project: Project) -> str:
    MADE.append(())
    if len(MADE) == 1:
        raise ValueError("no")
    return "done"


@step(version=1)
def paint(project: Project, painter: Painter, text: str = "picture") -> Album:
    MADE.append((text,))
    store = store_of(project)
    front, back = store.put_bytes(text.encode(), ".png"), store.put_bytes(text.upper().encode(), ".png")
    inner = Asset(kind="image", blob=store.put_bytes(b"inner", ".png"), provenance=Provenance(provider="acme"))
    return Album(title=text, covers={"front": (front,), "back": (front, back)}, extra=inner)


@step(version=1)
def long_text(project: Project, words: int) -> tuple[str, ...]:
    MADE.append((words,))
    return ("lighthouse",) * words


@step(version=1)
def wait_for(project: Project, price: Decimal | None = None) -> str:
    MADE.append(())
    time.sleep(0.3)
    return "waited"


@step(version=1)
def needs_itself(project: Project) -> int:
    return needs_itself(project)


@step(version=1)
def nested(project: Project, depth: int) -> int:
    MADE.append((depth,))
    return 0 if depth == 0 else 1 + nested(project, depth - 1)


@step(version=1)
def quoting(project: Project) -> dict[str, str]:
    MADE.append(())
    return {"text": json.dumps({"sha256": "00" * 32, "suffix": ".png", "size_bytes": 3}, separators=(",", ":"))}


@step(version=1)
def wrong_type(project: Project) -> int:
    return "seven"  # type: ignore[return-value]


@step(version=1)
def unwritable(project: Project) -> bytes:
    return b"\xff\xfe"


@step(version=1)
def foreign_blob(project: Project) -> Blob:
    return Blob(sha256="00" * 32, suffix=".png", size_bytes=3)


@step(version=1)
def length_s(project: Project) -> float:
    return 3


@step(version=1)
def unannotated(project: Project):  # type: ignore[no-untyped-def]
    return 1


def test_a_step_runs_once(project: Project) -> None:
    assert add(project, 1) == add(project, 1, b=2) == add(project=project, b=2, a=1) == 3
    assert MADE == [(1, 2)]
    assert add(project, 1, 3) == 4


def test_a_step_is_remembered_by_another_process(project: Project) -> None:
    add(project, 1)
    again = Project(project.id, project.cache)
    results = Store(again.cache / "store").results
    assert results.get(add.key(again, 1)) == "3"


def test_another_project_remembers_for_itself(project: Project) -> None:
    add(project, 1)
    add(Project("film-8", project.cache), 1)
    assert len(MADE) == 2


def test_a_raised_version_computes_again(project: Project) -> None:
    def double(project: Project, a: int) -> int:
        MADE.append((a,))
        return 2 * a

    one, two = step(version=1)(double), step(version=2)(double)
    assert one(project, 1) == two(project, 1) == one(project, 1) == two(project, 1) == 2
    assert len(MADE) == 2


def test_key_and_is_remembered_compute_nothing(project: Project) -> None:
    assert not add.is_remembered(project, 1)
    assert add.key(project, 1) == add.key(project, 1, 2) != add.key(project, 2)
    assert add.key(project, 1).startswith("film-7/tests.memo.test_step.add@1/")
    assert MADE == []
    add(project, 1)
    assert add.is_remembered(project, a=1)


def test_forget_makes_the_next_call_compute(project: Project) -> None:
    add(project, 1)
    add.forget(project, 1)
    add(project, 1)
    assert len(MADE) == 2


def test_a_failure_is_not_remembered(project: Project) -> None:
    with pytest.raises(ValueError, match="no"):
        fail_once(project)
    assert fail_once(project) == "done" == fail_once(project)
    assert len(MADE) == 2


def test_the_first_result_and_the_remembered_one_are_equal(project: Project) -> None:
    first, second = paint(project, Painter()), paint(project, Painter())
    assert first == second
    assert len(MADE) == 1
    assert [type(length_s(project)) for _ in range(2)] == [float, float]


def test_a_provider_counts_by_its_identity(project: Project) -> None:
    paint(project, Painter())
    paint(project, Painter("paint-2"))
    paint(project, Painter("paint-3"))
    assert len(MADE) == 2


def test_a_step_keeps_its_name_and_docstring() -> None:
    assert (add.__name__, add.__doc__, add.__module__) == ("add", "Add two numbers.", __name__)
    assert repr(add) == "<step tests.memo.test_step.add@1>"


def test_a_step_is_pickled_by_name() -> None:
    """A Dask worker gets the step it imports itself."""
    assert add.__reduce__() == "add"
    from storyreel.media.steps import illustrate

    assert pickle.loads(pickle.dumps(illustrate)) is illustrate


def test_two_steps_of_one_stage_cannot_have_one_name() -> None:
    def first() -> None: ...

    def second() -> None: ...

    first.__module__, second.__module__ = "storyreel.trial.steps", "storyreel.trial.more"
    second.__name__ = "first"
    step(version=1)(first)
    step(version=2)(first)
    with pytest.raises(TypeError, match=r"both have a step trial\.first"):
        step(version=1)(second)


@pytest.mark.parametrize("first", [None, "film-7", 7])
def test_the_first_argument_must_be_a_project(first: Any) -> None:
    with pytest.raises(TypeError, match="must be a Project"):
        add(first, 1)


def test_an_argument_without_a_key_is_named(project: Project) -> None:
    with pytest.raises(TypeError, match="the argument a is a PosixPath"):
        add(project, Path("a"))  # type: ignore[arg-type]


def test_a_result_of_another_type_is_refused(project: Project) -> None:
    for broken in (wrong_type, unwritable):
        with pytest.raises(TypeError, match="cannot be kept as its return type"):
            broken(project)
        assert not broken.is_remembered(project)


def test_a_return_annotation_is_needed(project: Project) -> None:
    with pytest.raises(TypeError, match="needs a return annotation"):
        unannotated(project)


def test_a_result_that_names_a_file_the_store_lacks_is_refused(project: Project) -> None:
    with pytest.raises(CorruptFile, match="is gone"):
        foreign_blob(project)
    assert not foreign_blob.is_remembered(project)


def test_text_that_looks_like_a_file_is_not_taken_for_one(project: Project) -> None:
    assert json.loads(quoting(project)["text"])["sha256"] == "00" * 32
    quoting(project)
    assert len(MADE) == 1


def test_a_step_that_needs_its_own_result_says_so(project: Project) -> None:
    with pytest.raises(RuntimeError, match="needs its own result"):
        needs_itself(project)


def test_steps_may_call_steps(project: Project) -> None:
    assert nested(project, 30) == 30
    assert len(MADE) == 31


# ---- damage


@pytest.mark.parametrize("data", [None, b"pictur3", b"pic"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_result_whose_file_is_lost_or_changed_is_made_again(
    project: Project, store: Store, warnings_heard: list[str], data: bytes | None, number: int
) -> None:
    """Wherever in the result the file is named."""
    album = paint(project, Painter())
    assert album.extra is not None
    path = store.path((album.covers["front"][0], album.covers["back"][1], album.extra.blob)[number])
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    assert not paint.is_remembered(project, Painter())
    assert warnings_heard == []
    assert paint(project, Painter()) == album
    assert len(MADE) == 2
    assert len(warnings_heard) == 1
    assert "paint is made again" in warnings_heard[0]
    assert str(path) in warnings_heard[0]
    paint(project, Painter())
    assert len(MADE) == 2


def result_files(store: Store) -> list[Path]:
    return [path for path in (store.root / "results").rglob("*.json") if path.is_file()]


def sql(store: Store, statement: str, *values: Any) -> None:
    connection = sqlite3.connect(store.root / "results" / "cache.db", isolation_level=None)
    connection.execute(statement, values)
    connection.close()


def test_a_truncated_result_is_made_again(project: Project, store: Store, warnings_heard: list[str]) -> None:
    expected = long_text(project, 5000)
    (path,) = result_files(store)
    path.write_bytes(path.read_bytes()[:10_000])
    assert long_text(project, 5000) == expected == long_text(project, 5000)
    assert len(MADE) == 2
    assert len(warnings_heard) == 1


def test_a_planted_pickle_is_never_run_and_the_result_is_made_again(
    project: Project, store: Store, warnings_heard: list[str], tmp_path: Path
) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "ran",))

    add(project, 1)
    sql(store, "UPDATE Cache SET mode = 4, value = ?", pickle.dumps(Bomb()))
    assert add(project, 1) == 3 == add(project, 1)
    assert len(MADE) == 2
    assert "not JSON text" in warnings_heard[0]
    assert not (tmp_path / "ran").exists()


def test_a_result_that_no_longer_fits_its_type_is_made_again(
    project: Project, store: Store, warnings_heard: list[str]
) -> None:
    add(project, 1)
    store.results.set(add.key(project, 1), '"three"')
    assert add(project, 1) == 3
    assert "no longer fits" in warnings_heard[0]
    store.results.set(add.key(project, 1), "{not JSON")
    assert add(project, 1) == 3
    assert (len(MADE), len(warnings_heard)) == (3, 2)


# ---- at once


def test_threads_that_want_one_result_compute_it_once(project: Project) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: wait_for(project), range(8))) == ["waited"] * 8
    assert len(MADE) == 1


def test_a_stopped_run_stops_waiting_for_another_thread(project: Project) -> None:
    computing = threading.Thread(target=wait_for, args=(project,))
    computing.start()
    while not MADE:
        time.sleep(0.01)
    stopped = Project(project.id, project.cache)
    stopped.progress.cancel()
    with pytest.raises(Cancelled):
        wait_for(stopped)
    computing.join()
    assert len(MADE) == 1


SLOW_STEP = """
import os, sys, time
from pathlib import Path
from storyreel.memo.step import step
from storyreel.project import Project

@step(version=1)
def slow(project: Project, number: int) -> str:
    with open(sys.argv[2], "a") as log:
        log.write(f"{os.getpid()}\\n")
    time.sleep(0.5)
    return f"made {number}"

print(slow(Project("film-7", sys.argv[1]), 1))
"""


def test_four_processes_that_want_one_result_compute_it_once(tmp_path: Path) -> None:
    log = tmp_path / "made.txt"
    command = [sys.executable, "-c", SLOW_STEP, str(tmp_path / "cache"), str(log)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=120)[0] for process in running] == ["made 1\n"] * 4
    assert len(log.read_text().splitlines()) == 1
    assert list((tmp_path / "cache" / "store" / "locks").iterdir()) == []


def test_a_killed_process_gives_its_lock_back(tmp_path: Path) -> None:
    log = tmp_path / "made.txt"
    command = [sys.executable, "-c", SLOW_STEP, str(tmp_path / "cache"), str(log)]
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not log.exists():
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert subprocess.run(command, capture_output=True, text=True, timeout=60).stdout == "made 1\n"
    assert len(log.read_text().splitlines()) == 2


WRITER = """
import itertools, sys
from pathlib import Path
from storyreel.memo.store import Store

store = Store(Path(sys.argv[1]))
print("ready", flush=True)
for number in itertools.count():
    letter = "ab"[number % 2]
    store.results.set("big", letter * 50_000)
    store.results.set("small", letter * 50)
    blob = store.put_bytes(letter.encode() * 100_000, ".bin")
    store.place(blob, Path(sys.argv[1]) / "placed" / "film.bin")
    store.path(blob).unlink()
"""


def test_killed_at_any_moment_of_a_write_leaves_the_old_value_or_the_new(tmp_path: Path) -> None:
    """Twenty kills, at moments spread by a fixed seed; what is found must be whole, and the next run must work."""
    root, moments = tmp_path / "store", random.Random(7)
    placed = root / "placed" / "film.bin"
    for number in range(20):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(root)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            while number == 19 and not placed.exists():
                time.sleep(0.01)  # however slow the machine, the last one comes as far as that
            time.sleep(moments.uniform(0.02, 0.12))
            process.kill()
        store = Store(root)
        assert store.results.get("big") in (None, "a" * 50_000, "b" * 50_000)
        assert store.results.get("small") in (None, "a" * 50, "b" * 50)
        for path in (root / "files").rglob("*.bin"):
            assert path.read_bytes() in (b"a" * 100_000, b"b" * 100_000)
        assert not placed.exists() or placed.read_bytes() in (b"a" * 100_000, b"b" * 100_000)
        store.results.close()
    assert store.results.get("big") is not None
