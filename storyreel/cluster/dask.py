"""Work sent to a Dask cluster.

Every file a piece of work needs is a task of the cluster itself, which gives the file's bytes: it is sent once,
workers pass it on to each other, and should the one that had it be lost, the scheduler makes it anew. So nothing has
to be shared between machines, and a lost worker costs what it was doing and no more.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from storyreel.cluster import there
from storyreel.cluster.pool import lost, outcome, packed
from storyreel.cluster.work import Sent, file_name_of, head_of, installed, parts_of
from storyreel.errors import InputError, MissingExtra

try:
    import cloudpickle
    from distributed import Client, Future, KilledWorker
except ImportError as error:
    raise MissingExtra("working on a Dask cluster", "dask") from error

Result = TypeVar("Result")
CONNECT_WITHIN_S = 10
_HELD_BYTES = 256 * 2**20
_COUNT_AGAIN_AFTER_S = 2.0
_ALWAYS_SEND = 4  # where nobody works yet: a cluster that grows with its queue needs one
_AHEAD = 1 / 4


def cluster_of(client: Client) -> Cluster:
    """The `Cluster` of a client, one each: what it knows of files that were sent is worth keeping."""
    with _opening:
        for known in [known for known, cluster in _clusters.items() if cluster.closed]:
            del _clusters[known]
        return _clusters.setdefault(client.id, Cluster(client))


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster whose scheduler listens at an address; who asks for it while it is open shares the connection.

    Raises:
        InputError: none does, or its Dask cannot talk with this one.
    """
    with _opening:
        client, users = _connections.get(address, (None, 0))
        if client is None:
            client = _connection(address)
        _connections[address] = client, users + 1
    try:
        yield cluster_of(client)
    finally:
        with _opening:
            users = _connections[address][1] - 1
            _connections[address] = client, users
            if not users:
                del _connections[address]
                with suppress(OSError, TimeoutError):  # it may be gone
                    client.close(timeout=CONNECT_WITHIN_S)


def _connection(address: str) -> Client:
    try:
        return Client(address, timeout=CONNECT_WITHIN_S, set_as_default=False, name="storyreel")
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(
            f"no Dask scheduler answers at {address}: start one with  dask scheduler, workers with  dask worker ADDRESS"
        ) from error


class _Held:
    """A file's bytes as tasks of the cluster."""

    def __init__(self, file_name: str, size_bytes: int, parts: list[Future[bytes]]) -> None:
        self.file_name, self.size_bytes, self.parts = file_name, size_bytes, parts


class Cluster:
    """A `Place`: a Dask cluster. Threads share one."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, int, int], _Held] = OrderedDict()
        self._threads, self._counted_at_s = 0, float("-inf")

    @property
    def closed(self) -> bool:
        """Whether its client is."""
        return self._client.status in ("closing", "closed")

    def slots(self) -> int:
        """As many as the workers have threads, and a quarter more that are on their way to them."""
        threads = self._thread_count()
        return max(_ALWAYS_SEND, threads + max(1, round(threads * _AHEAD)))

    def run(
        self,
        function: Callable[..., Result],
        *args: object,
        files: Mapping[str, Path] | None = None,
        watch: Callable[[str], None] = lambda note: None,
    ) -> Result:
        """See `Place`."""
        payload = self._sent(packed(cloudpickle.dumps, function, args))
        held = {name: self._file(path) for name, path in (files or {}).items()}
        sent = [Sent(name, file.file_name, len(file.parts)) for name, file in held.items()]
        parts = [part for file in held.values() for part in file.parts]
        try:
            future = self._executor.submit(_THERE, installed(), head_of(len(payload), sent), *payload, *parts)
            result: Result = outcome(future, watch, self._note)
            return result
        except KilledWorker as error:
            with self._lock:
                self._held.clear()
            raise lost(f"several of them, one after the other: {error}") from error
        except ImportError as error:
            if not (error.name or "").startswith("storyreel"):
                raise
            raise InputError(
                "a worker of the cluster has no storyreel of this version: run  pip install 'storyreel[offline,dask]'  "
                "there, with the versions that are here"
            ) from error
        except (OSError, RuntimeError) as error:
            if self._client.status == "running":
                raise
            raise lost("the scheduler does not answer") from error

    def _thread_count(self) -> int:
        with self._lock:
            if time.monotonic() - self._counted_at_s > _COUNT_AGAIN_AFTER_S:
                with suppress(OSError, TimeoutError):
                    self._threads = sum(self._client.nthreads().values())
                self._counted_at_s = time.monotonic()
            return self._threads

    def _note(self) -> str:
        return "" if self._thread_count() else "the cluster has no worker just now: waiting for one"

    def _sent(self, payload: bytes) -> list[Any]:
        """The work itself: in its own task where it is small, in tasks of its own where it is not."""
        parts = parts_of(payload)
        return list(parts) if len(parts) == 1 else self._tasks(sha256(payload).hexdigest(), parts)

    def _file(self, path: Path) -> _Held:
        stat = path.stat()
        name = str(path), stat.st_mtime_ns, stat.st_size
        with self._lock:
            held = self._held.get(name)
            if held is None:
                data = path.read_bytes()
                file_name = file_name_of(data, path)
                held = self._held[name] = _Held(file_name, len(data), self._tasks(file_name, parts_of(data)))
            self._held.move_to_end(name)
            total = sum(each.size_bytes for each in self._held.values())
            while total > _HELD_BYTES and len(self._held) > 1:
                total -= self._held.popitem(last=False)[1].size_bytes
            return held

    def _tasks(self, name: str, parts: list[bytes]) -> list[Future[bytes]]:
        return [self._client.submit(bytes, part, key=f"storyreel-{name}-{at}") for at, part in enumerate(parts)]


class _ByValue:
    """A function that is sent as it is written here: what a worker looks up and does not find would end the worker."""

    def __init__(self, function: Callable[..., Any], module: ModuleType) -> None:
        cloudpickle.register_pickle_by_value(module)
        self._packed = cloudpickle.dumps(function)
        cloudpickle.unregister_pickle_by_value(module)

    def __reduce__(self) -> tuple[Any, ...]:
        return pickle.loads, (self._packed,)

    def __call__(self, *args: object) -> Any:
        raise NotImplementedError("this is called by workers only")


_THERE = _ByValue(there.there, there)
_opening = threading.RLock()
_connections: dict[str, tuple[Client, int]] = {}
_clusters: dict[str, Cluster] = {}
