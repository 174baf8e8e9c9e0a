"""What is sent elsewhere, what stays here, and what comes back."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import storyreel
from storyreel.cluster.place import done_by, on_cluster, place_now
from storyreel.cluster.work import LARGEST_PART_BYTES, Scratch, Sent, check_alike, installed, parts_of
from storyreel.errors import Cancelled, InputError, ProviderRefused, WorkerLost
from storyreel.memo.paying import paying
from storyreel.memo.step import step
from storyreel.progress import Progress
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import MusicRequest
from storyreel.providers.offline.score import OfflineComposer
from storyreel.workers import core_count, fan_out, room


@dataclass(frozen=True)
class Whereabouts:
    """Says which process it works in."""

    identity: str = "whereabouts/1"
    travels: bool = True

    def draw(self, request: object) -> int:
        return os.getpid()

    def ledger(self, request: object) -> bool:
        return paying() is not None

    def stall(self, request: object) -> None:
        time.sleep(60)

    def die(self, request: object) -> None:
        os._exit(1)


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as pool:
        yield pool


@step(version=1)
def whereabouts(project: Project, worker: Whereabouts) -> int:
    """The process that did the work."""
    return done_by(project.progress, worker.draw, None)


@step(version=1)
def ledger_there(project: Project, worker: Whereabouts) -> bool:
    """Whether the work could have written into the ledger."""
    return done_by(project.progress, worker.ledger, None)


def test_without_a_cluster_all_is_done_here() -> None:
    assert place_now() is None
    assert done_by(Progress(), Whereabouts().draw, None) == os.getpid()
    assert room() == core_count()


def test_only_who_says_so_is_sent(pool: Executor) -> None:
    with on_cluster(pool):
        assert done_by(Progress(), Whereabouts().draw, None) != os.getpid()
        assert done_by(Progress(), Whereabouts(travels=False).draw, None) == os.getpid()


def test_a_project_takes_its_steps_work_to_its_executor(pool: Executor, tmp_path: Path) -> None:
    assert whereabouts(Project("there", tmp_path, executor=pool), Whereabouts()) != os.getpid()
    assert whereabouts(Project("here", tmp_path), Whereabouts()) == os.getpid()


def test_the_ledger_is_never_there(pool: Executor, tmp_path: Path) -> None:
    assert ledger_there(Project("there", tmp_path, executor=pool), Whereabouts()) is False
    assert ledger_there(Project("here", tmp_path), Whereabouts()) is True


@pytest.mark.parametrize("name", sorted(registry.BUILT_IN))
def test_nobody_who_takes_a_key_or_listens_on_this_machine_travels(name: str) -> None:
    module, _, attribute = registry.BUILT_IN[name].partition(":")
    made = getattr(import_module(module), attribute)
    offline = name.endswith(".offline")
    assert not getattr(made, "travels", False) or offline


def test_threads_of_a_fan_out_send_too_and_their_number_is_the_clusters(pool: Executor) -> None:
    with on_cluster(pool):
        places = fan_out(lambda item: done_by(Progress(), Whereabouts().draw, item), range(4))
        assert os.getpid() not in places
        assert room() == 2
        assert registry.at_once(Whereabouts()) is None
        assert registry.at_once(Whereabouts(travels=False)) == core_count()


def test_what_a_provider_raises_there_is_raised_here(pool: Executor) -> None:
    with on_cluster(pool), pytest.raises(ProviderRefused) as refused:
        done_by(Progress(), OfflineComposer().compose, MusicRequest(mood="calm", duration_s=-1.0))
    with pytest.raises(ProviderRefused) as here:
        OfflineComposer().compose(MusicRequest(mood="calm", duration_s=-1.0))
    assert (refused.value.provider, refused.value.reason) == (here.value.provider, here.value.reason)


def test_stopping_the_run_takes_work_back_at_once() -> None:
    progress = Progress()
    threading.Timer(0.3, progress.cancel).start()
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as stalled:
        processes = stalled._processes
        with on_cluster(stalled), pytest.raises(Cancelled):
            done_by(progress, Whereabouts().stall, None)
        for process in processes.values():
            process.kill()


def test_workers_that_are_gone_are_told_of_in_a_sentence() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as dying, on_cluster(dying):
        with pytest.raises(WorkerLost, match="run the same command again"):
            done_by(Progress(), Whereabouts().die, None)
        with pytest.raises(WorkerLost, match="run the same command again"):
            done_by(Progress(), Whereabouts().draw, None)


def test_what_cannot_be_sent_is_named(pool: Executor) -> None:
    @dataclass(frozen=True)
    class Local(Whereabouts):
        identity: str = "local/1"

    with on_cluster(pool), pytest.raises(InputError, match="local/1 cannot be sent to another machine"):
        done_by(Progress(), Local().draw, None)


@pytest.mark.parametrize("executor", [7, "host:8786", ["tcp://host:8786"]])
def test_what_is_no_executor_is_refused(executor: object) -> None:
    with pytest.raises(InputError, match="tcp://host:8786"), on_cluster(executor):
        pass


def test_a_worker_with_other_versions_is_refused_with_their_names() -> None:
    here = dict(installed())
    check_alike(here, here)
    with pytest.raises(InputError, match=r"av 1\.0, not .*uharfbuzz missing, not"):
        check_alike(here, here | {"av": "1.0", "uharfbuzz": ""})


def test_large_data_travels_in_parts_and_comes_together_again(tmp_path: Path) -> None:
    data = os.urandom(LARGEST_PART_BYTES + 17)
    parts = parts_of(data)
    assert [len(part) for part in parts] == [LARGEST_PART_BYTES, 17]
    assert parts_of(b"") == [b""]
    sent = Sent("picture", "abc.png", len(parts))
    with Scratch(tmp_path).holding([sent], parts) as paths:
        assert paths["picture"].read_bytes() == data
        assert paths["picture"].suffix == ".png"


def test_a_scratch_folder_keeps_to_its_limit_and_never_takes_what_is_in_use(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path, limit_bytes=10)
    with scratch.holding([Sent("a", "a.png", 1)], [b"a" * 8]) as first:
        with scratch.holding([Sent("b", "b.png", 1)], [b"b" * 8]):
            assert first["a"].is_file()
        assert first["a"].read_bytes() == b"a" * 8
        assert not (tmp_path / "b.png").exists()
    with scratch.holding([Sent("b", "b.png", 1)], [b"b" * 8]) as again:
        assert again["b"].read_bytes() == b"b" * 8
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 10


def test_a_clients_work_is_done_by_its_workers(client: Any, tmp_path: Path) -> None:
    import cloudpickle

    cloudpickle.register_pickle_by_value(import_module(__name__))
    try:
        there = whereabouts(Project("dask", tmp_path, executor=client), Whereabouts())
        assert there in client.run(os.getpid).values()
        large = b"x" * (LARGEST_PART_BYTES * 3)
        with storyreel.on_cluster(client):
            assert done_by(Progress(), Echo().size, large) == len(large)
    finally:
        cloudpickle.unregister_pickle_by_value(import_module(__name__))


@dataclass(frozen=True)
class Echo:
    travels: bool = True

    def size(self, data: bytes) -> int:
        return len(data)
