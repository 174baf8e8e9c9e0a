"""Work sent to the processes of a `concurrent.futures` executor, on this machine or wherever it reaches."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, wait
from pathlib import Path
from typing import Any, TypeVar

from storyreel.cluster.work import Sent, file_name_of, head_of, installed, parts_of, work
from storyreel.errors import InputError, WorkerLost
from storyreel.workers import core_count

Result = TypeVar("Result")
LOOK_EVERY_S = 0.2


class Pool:
    """A `Place`: any executor whose workers can import storyreel."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def slots(self) -> int:
        """As many as it has workers, and one more that is on its way."""
        return int(getattr(self._executor, "_max_workers", None) or core_count()) + 1

    def run(
        self,
        function: Callable[..., Result],
        *args: object,
        files: Mapping[str, Path] | None = None,
        watch: Callable[[str], None] = lambda note: None,
    ) -> Result:
        """See `Place`."""
        payload = parts_of(packed(pickle.dumps, function, args))
        sent, parts = [], list(payload)
        for name, path in (files or {}).items():
            data = path.read_bytes()
            cut = parts_of(data)
            sent.append(Sent(name, file_name_of(data, path), len(cut)))
            parts += cut
        try:
            future = self._executor.submit(work, installed(), head_of(len(payload), sent), *parts)
        except (BrokenExecutor, RuntimeError) as error:
            raise lost(str(error)) from error
        result: Result = outcome(future, watch, lambda: "")
        return result


def packed(dumps: Callable[[object], bytes], function: Callable[..., object], args: tuple[object, ...]) -> bytes:
    """A piece of work as bytes.

    Raises:
        InputError: something of it cannot be sent.
    """
    try:
        return dumps((function, args))
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        who = getattr(function, "__self__", function)
        raise InputError(
            f"{getattr(who, 'identity', None) or getattr(who, '__name__', who)} cannot be sent to another machine "
            f"({error}): take `travels` away from it, or leave out what cannot be pickled"
        ) from error


def outcome(future: Future[Any], watch: Callable[[str], None], note: Callable[[], str]) -> Any:
    """What a piece of work came to, once it has; see `Place.run`.

    Args:
        note: what is waited for, in a sentence, or "".
    """
    while not wait((future,), timeout=LOOK_EVERY_S).done:
        try:
            watch(note())
        except BaseException:
            future.cancel()
            raise
    try:
        return future.result()
    except CancelledError as error:
        raise lost("it was taken back") from error
    except BrokenExecutor as error:
        raise lost(str(error)) from error


def lost(reason: str) -> WorkerLost:
    """The error for work whose workers are gone."""
    return WorkerLost(f"the workers that made a piece of the film are gone ({reason}): run the same command again")
