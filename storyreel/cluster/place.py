"""Where work is done just now: in this process, unless `on_cluster` says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from storyreel.errors import InputError
from storyreel.progress import Progress

Result = TypeVar("Result")
SCHEMES = ("tcp://", "tls://", "ws://", "wss://", "ucx://", "inproc://")


class Place(Protocol):
    """Somewhere else than in this process."""

    def slots(self) -> int:
        """How many pieces of work are worth sending at the same time, just now."""
        ...

    def run(
        self,
        function: Callable[..., Result],
        *args: object,
        files: Mapping[str, Path] | None = None,
        watch: Callable[[str], None] = ...,
    ) -> Result:
        """Do one piece of work there and wait for it. Safe to call from many threads.

        Args:
            function: of a module, so that it is found by name there; or whatever the executor can send.
            args: what it is called with, by value.
            files: name -> file. Where given, the function's first argument is a mapping of these names to paths at
                which the same files lie there, under their own endings.
            watch: called a few times a second with a sentence about what is waited for, or ""; what it raises takes the
                work back.

        Raises:
            WorkerLost: the workers that had it are gone, or nobody answers there any more.
            InputError: something of it cannot be sent, or a worker's installation is not like this one's.
        """
        ...


_place: ContextVar[Place | None] = ContextVar("place", default=None)


def place_now() -> Place | None:
    """Where work that only takes time is to be sent; None for doing it here."""
    return _place.get()


@contextmanager
def on_cluster(executor: object | None) -> Iterator[None]:
    """Send the work that only takes time elsewhere: pictures, voices, music, clips and pieces of film.

    What is paid for, what writes to the cache, and the film's last steps stay here. Threads of one's own do not inherit
    it; those of `storyreel.workers.fan_out` do.

    Args:
        executor: a `distributed.Client`, the address of a Dask scheduler ("tcp://host:port"), or any
            `concurrent.futures.Executor` whose workers have storyreel installed. None changes nothing.

    Raises:
        InputError: it is none of these, or no scheduler answers there.
        MissingExtra: the extra "dask" is not installed.
    """
    if executor is None:
        yield
        return
    with _place_of(executor) as place:
        token = _place.set(place)
        try:
            yield
        finally:
            _place.reset(token)


def done_by(progress: Progress, work: Callable[..., Result], request: object, *only_here: Any) -> Result:
    """Let one of the crew answer a request: elsewhere, where the work only takes time, else here.

    Only providers that say `travels = True` are sent: they compute, and know no key, no ledger and no file of this
    machine.

    Args:
        progress: the run's; its wish to stop takes the work back.
        work: the provider's method.
        only_here: further arguments that cannot travel, such as who is told how far the work is.
    """
    place = place_now()
    if place is None or not travels(getattr(work, "__self__", None)):
        return work(request, *only_here)
    return place.run(work, request, watch=watcher(progress))


def travels(provider: object) -> bool:
    """Whether a provider's work may be done elsewhere."""
    return getattr(provider, "travels", False) is True


def watcher(progress: Progress) -> Callable[[str], None]:
    """What to call while work is done elsewhere: it tells the run's listeners, and stops where they want to stop."""

    def watch(note: str) -> None:
        progress.raise_if_cancelled()
        if note:
            progress.note(note)

    return watch


@contextmanager
def _place_of(executor: object) -> Iterator[Place]:
    if isinstance(executor, Executor):
        from storyreel.cluster.pool import Pool

        yield Pool(executor)
        return
    if isinstance(executor, str):
        from storyreel.cluster.dask import connected

        if not executor.startswith(SCHEMES):
            raise InputError(f"{executor!r} is no address of a Dask scheduler: give one as in tcp://host:8786")
        with connected(executor) as place:
            yield place
        return
    if (
        type(executor).__module__.partition(".")[0] != "distributed"
    ):  # asked this way, nothing of Dask is needed to say no
        raise InputError(
            f"an executor cannot be a {type(executor).__name__}: give a Dask client, the address of its scheduler "
            "(tcp://host:8786), or a concurrent.futures executor"
        )
    from storyreel.cluster.dask import cluster_of

    yield cluster_of(cast("Any", executor))
