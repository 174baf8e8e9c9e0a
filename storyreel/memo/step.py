"""Steps: plain functions of a project whose results are remembered on disk.

    @step(version=1)                      # raised by hand when the meaning of the result changes
    def illustrate(project: Project, scene: Scene, painter: ImageModel) -> Asset: ...

    illustrate(project, scene, painter)                 # computed once, remembered from then on
    illustrate.key(project, scene, painter)             # "film-7/media.illustrate@1/…"
    illustrate.recall(project, scene, painter)          # the same, with whether it was remembered
    illustrate.is_remembered(project, scene, painter)

The first parameter is the `Project`; the others must have a key rule (see `storyreel.memo.key`). The result must be
something that pydantic can write as JSON and read back by the return annotation; files in it are `Blob`s. What a step
returns is always what was read back, so the first run and the later ones see the same value.

However many threads and processes ask for one result, it is computed once. What is damaged on disk is made again, and
a warning on the project's event stream says so. Paid calls made while a step computes are written down in the project's
ledger; see `storyreel.memo.paying`.
"""

from __future__ import annotations

import functools
import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, ParamSpec, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from storyreel.cluster import on_cluster
from storyreel.errors import CorruptFile, StoryreelError
from storyreel.memo.blob import Blob
from storyreel.memo.key import bound_arguments, call_key, step_name
from storyreel.memo.ledger import open_ledger
from storyreel.memo.origins import keep_origin
from storyreel.memo.paying import paying_from
from storyreel.memo.store import Store, store_of
from storyreel.project import Project

P = ParamSpec("P")
R = TypeVar("R")

# A quote inside a JSON string is escaped, so this can only be a Blob and never a text that looks like one.
_BLOB = re.compile(r'\{"sha256":"([0-9a-f]{64})","suffix":"(\.[a-z0-9]{1,8})","size_bytes":([0-9]+)\}')
_NOT_THERE = object()


_module_of_step: dict[str, str] = {}
_looking: ContextVar[bool] = ContextVar("looking", default=False)


class NotRemembered(StoryreelError):
    """A step would have to compute, inside `remembered_only`."""


@contextmanager
def remembered_only() -> Iterator[None]:
    """Inside, steps give what they remember, and raise `NotRemembered` where they would compute: nothing is paid."""
    token = _looking.set(True)
    try:
        yield
    finally:
        _looking.reset(token)


class Step(Generic[P, R]):
    """A remembered function; made by `step`."""

    __name__: str

    def __init__(self, function: Callable[P, R], version: int) -> None:
        functools.update_wrapper(self, function)
        self.name, self.version = step_name(function), version
        taken_by = _module_of_step.setdefault(self.name, function.__module__)
        if taken_by != function.__module__:
            raise TypeError(f"{taken_by} and {function.__module__} both have a step {self.name}: rename one of them")
        self._function = function

    def __repr__(self) -> str:
        return f"<step {self.name}@{self.version}>"

    def __reduce__(self) -> str:
        # By name, as a plain function is pickled: a Dask worker imports the step itself.
        return self._function.__qualname__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The remembered result, or the computed one, which is remembered from then on.

        Raises:
            NotRemembered: it is not, inside of `remembered_only`.
            TypeError: an argument has no key rule, or the result cannot be kept as JSON.
            Cancelled: the run was stopped while another thread or process was computing this result.
        """
        return self.recall(*args, **kwargs)[0]

    def recall(self, *args: P.args, **kwargs: P.kwargs) -> tuple[R, bool]:
        """As calling it, and whether the result was there without any computing by this call."""
        project, key = self._bind(args, kwargs)
        store = store_of(project)
        found = self._load(store, key)
        remembered = found is not _NOT_THERE
        if not remembered:
            if _looking.get():
                raise NotRemembered(f"{self.name} has not been made yet")
            with store.locks.hold(key, project.progress.raise_if_cancelled):
                found = self._load(store, key, project)
                remembered = found is not _NOT_THERE
                if not remembered:
                    found = self._make(project, key, args, kwargs)
        return typing.cast(R, found), remembered

    def key(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """The key under which this call's result is remembered."""
        return self._bind(args, kwargs)[1]

    def is_remembered(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Whether this call would return at once."""
        project, key = self._bind(args, kwargs)
        return self._load(store_of(project), key) is not _NOT_THERE

    def forget(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Make the next such call compute again."""
        project, key = self._bind(args, kwargs)
        store_of(project).results.delete(key)

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Project, str]:
        arguments = bound_arguments(self._signature, args, kwargs)
        project = arguments.pop(next(iter(arguments)), None)
        if not isinstance(project, Project):
            raise TypeError(f"{self.name}: the first argument must be a Project, not a {type(project).__name__}")
        return project, call_key(project.id, self.name, self.version, arguments)

    def _load(self, store: Store, key: str, project: Project | None = None) -> object:
        """The kept result; a damaged one counts as not there, and the project's listeners are told."""
        try:
            text = store.results.get(key)
            if text is None:
                return _NOT_THERE
            _check_blobs(store, text)
            return self._adapter.validate_json(text)
        except (CorruptFile, ValidationError) as error:
            if project is not None:
                reason = f"{error.title} no longer fits" if isinstance(error, ValidationError) else str(error)
                project.progress.warn(f"{self.name} is made again: {reason}", step=self._function.__name__)
            return _NOT_THERE

    def _make(self, project: Project, key: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
        with on_cluster(project.executor), paying_from(open_ledger(project), self._function.__name__) as place:
            value = self._function(*args, **kwargs)
        try:
            text = self._adapter.dump_json(value, warnings="error").decode()
            read_back = self._adapter.validate_json(text)
        except (PydanticSerializationError, ValidationError) as error:
            raise TypeError(f"{self.name}: the result cannot be kept as its return type: {error}") from error
        store = store_of(project)
        _check_blobs(store, text)
        keep_origin(project, key, place)
        store.results.set(key, text)
        return read_back

    @functools.cached_property
    def _signature(self) -> inspect.Signature:
        return inspect.signature(self._function)

    @functools.cached_property
    def _adapter(self) -> TypeAdapter[R]:
        written = self._function.__annotations__
        if "return" not in written:
            raise TypeError(f"{self.name}: a step needs a return annotation")
        # Only this one is resolved: the parameters may name types that are imported for type checkers alone.
        holder = types.SimpleNamespace(__annotations__={"return": written["return"]})
        hints = typing.get_type_hints(holder, globalns=self._function.__globals__, include_extras=True)
        return TypeAdapter(hints["return"])


def step(*, version: int) -> Callable[[Callable[P, R]], Step[P, R]]:
    """Remember a function's results on disk; see the module.

    Args:
        version: part of every key; raise it when the same arguments shall give another result.
    """
    return lambda function: Step(function, version)


def _check_blobs(store: Store, text: str) -> None:
    """Raise CorruptFile unless every file that a result names is there and unchanged."""
    for sha256, suffix, size_bytes in _BLOB.findall(text):
        store.path(Blob(sha256=sha256, suffix=suffix, size_bytes=int(size_bytes)))
