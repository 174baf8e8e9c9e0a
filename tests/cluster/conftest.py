"""A cluster of two worker processes on this machine, and one small film made without it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from storyreel.inputs.brief import film_settings
from storyreel.memo.store import Store
from storyreel.progress import Event, Progress
from storyreel.recipes._finish import Film
from storyreel.recipes.title_film import title_film

SETTINGS = film_settings(
    size="192x108", fps="12", quality="draft", style="cinematic", language="en", captions="karaoke", platform=""
)


@dataclass(frozen=True)
class Made:
    """A film and the events of its run."""

    film: Film
    events: list[Event]

    @property
    def content(self) -> bytes:
        return self.film.path.read_bytes()

    @property
    def finished_steps(self) -> list[tuple[str, int, int | None]]:
        return [(event.step, event.done, event.total) for event in self.events if event.kind == "done"]


FilmMaker = Callable[..., Made]


def _small_film(cache: Path, progress: Progress | None = None, **others: Any) -> Made:
    progress, events = progress or Progress(), list[Event]()
    progress.listen(events.append)
    given = {"words": 30, "voice": "none", "settings": SETTINGS, **others}
    return Made(title_film("The Last Lighthouse", **given, cache=cache, progress=progress), events)


@pytest.fixture(scope="session")
def small_film() -> FilmMaker:
    return _small_film


@pytest.fixture(scope="session")
def made_here(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return _small_film(tmp_path_factory.mktemp("here") / "cache")


@pytest.fixture
def half_made(made_here: Made, tmp_path: Path) -> Path:
    """A copy of that film's cache, in which three of its pictures and all that was rendered are forgotten."""
    cache = tmp_path / "half made"
    shutil.copytree(made_here.film.project.cache, cache)
    results = Store(cache / "store").results
    for key in [*results.keys("*/media.illustrate@*")[:3], *results.keys("*/render.*")]:
        results.delete(key)
    results.close()
    return cache


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=":0"
    ) as cluster:
        yield cluster


@pytest.fixture
def client(cluster: Any) -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    with distributed.Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        yield client
