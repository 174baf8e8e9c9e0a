"""A call as a stable key: `project/stage.step@version/sha256 of its arguments`. Pure.

The arguments are bound to the function's parameters, filled up with its defaults and written as bytes in which every
value carries its type, so 1, 1.0, True and "1" stay apart and the order of keywords is nothing. The rules:

- `None`, `bool`, `int`, `float`, `str`, `bytes`: by value. -0.0 counts as 0.0, and one NaN as another.
- list and tuple: one kind, a sequence. set and frozenset: one kind, without order. dict: its keys must be `str`.
- Anything with an `identity` (a non-empty `str`): by that alone, whatever fields it has. A provider's identity names
  vendor, model and options.
- Enum members: class name and value.
- Pydantic models and dataclasses: class name and fields. A field that equals its default is left out, so a field added
  with a default changes no key; who changes the *meaning* of a default raises the versions of the steps that read it.
  A dataclass field with `compare=False` is no part of the value.
- Everything else is a TypeError: a guess could hand out a result that belongs to another call.
"""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_FORMAT = b"storyreel key 1\n"


class _Form(NamedTuple):
    """What all values of one class have in common."""

    name: bytes
    has_identity: bool
    # (name, name as written, default as written or None where there is none); None for a class without fields
    fields: tuple[tuple[str, bytes, bytes | None], ...] | None


class _NoKey(Exception):
    """A value without a key rule; collects the way to it while the call stack unwinds."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason, self.way = reason, ""


def step_name(function: Callable[..., Any]) -> str:
    """The step's part of a key: "media.illustrate" for `storyreel.media.steps.illustrate`.

    A function from outside storyreel is named with its whole module.
    """
    package, _, rest = function.__module__.partition(".")
    stage = rest.partition(".")[0] if package == "storyreel" and rest else function.__module__
    return f"{stage}.{function.__name__}"


def call_key(project_id: str, step: str, version: int, arguments: Mapping[str, Any]) -> str:
    """The key of one call.

    Args:
        project_id: the project's slug.
        step: as `step_name` gives it.
        version: the step's version.
        arguments: parameter name -> value, with the defaults filled in; see `bound_arguments`.

    Raises:
        TypeError: an argument, or something inside it, has no key rule; the message names both.
    """
    try:
        written = _write_mapping(arguments)
    except _NoKey as error:
        raise TypeError(f"{step}: the argument {error.way.lstrip('.')} {error.reason}") from None
    except RecursionError:
        raise TypeError(f"{step}: an argument contains itself or is nested too deeply to have a key") from None
    return f"{project_id}/{step}@{version}/{hashlib.sha256(_FORMAT + written).hexdigest()}"


def digest(value: Any) -> str:
    """The SHA-256 of one value by the rules of this module, lowercase hexadecimal.

    Raises:
        TypeError: the value, or something inside it, has no key rule.
    """
    try:
        return hashlib.sha256(_FORMAT + _write(value)).hexdigest()
    except _NoKey as error:
        raise TypeError(f"the value{error.way} {error.reason}") from None
    except RecursionError:
        raise TypeError("the value contains itself or is nested too deeply to have a key") from None


def bound_arguments(signature: inspect.Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Parameter name -> value for one call, defaults filled in, in the signature's order.

    Raises:
        TypeError: the arguments do not fit the signature.
    """
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    return dict(bound.arguments)


def _text(text: str) -> bytes:
    # surrogatepass: a lone surrogate is a legal str, and two different ones must stay apart.
    data = text.encode("utf-8", "surrogatepass")
    return b"%d:%b" % (len(data), data)


def _write(value: Any) -> bytes:
    """One value as self-delimiting bytes: no two different values share them."""
    kind = type(value)
    if kind is str:
        return b"s" + _text(value)
    if value is None:
        return b"N"
    if kind is bool:
        return b"T" if value else b"F"
    if kind is int:
        return b"i%x;" % value
    if kind is float:
        return _write_float(value)
    if kind is bytes:
        return b"b%d:%b" % (len(value), value)
    if kind is tuple or kind is list:
        return _write_sequence(value)
    if kind is dict or kind is MappingProxyType:
        return _write_mapping(value)
    if kind is set or kind is frozenset:
        return b"S%d:%b" % (len(value), b"".join(sorted(_write(item) for item in value)))
    if not isinstance(value, type):
        return _write_object(value)
    raise _NoKey(f"is the class {value.__name__}, which has no key rule: pass its name or an instance")


def _write_float(value: float) -> bytes:
    if math.isnan(value):
        return b"fnan;"
    return b"f%b;" % (value + 0.0).hex().encode()  # + 0.0 turns -0.0 into 0.0; infinities are "inf" and "-inf"


def _write_sequence(value: Sequence[Any]) -> bytes:
    items: list[bytes] = []
    try:
        for item in value:
            items.append(_write(item))
    except _NoKey as error:
        error.way = f"[{len(items)}]{error.way}"
        raise
    return b"l%d:%b" % (len(items), b"".join(items))


def _write_mapping(value: Mapping[Any, Any]) -> bytes:
    return b"d%d:%b" % (len(value), b"".join(sorted(_write_items(value))))


def _write_items(value: Mapping[Any, Any]) -> list[bytes]:
    items: list[bytes] = []
    for name, item in value.items():
        if type(name) is not str:
            raise _NoKey(f"has the key {name!r}, a {type(name).__name__}: only str keys can be used")
        try:
            items.append(_text(name) + _write(item))
        except _NoKey as error:
            error.way = f".{name}{error.way}"
            raise
    return items


def _write_object(value: Any) -> bytes:
    form = _form_of(type(value))
    if form.has_identity or form.fields is None or "identity" in getattr(value, "__dict__", ()):
        identity = getattr(value, "identity", None)
        if identity is not None:
            return b"n" + _text(_checked_identity(value, identity))
    if isinstance(value, Enum):
        return b"e" + form.name + _write(value.value)
    if form.fields is None:
        raise _NoKey(
            f"is a {type(value).__name__}, which has no key rule: pass plain values, a pydantic model, a dataclass, "
            "or something with an identity"
        )
    written = _write_items(getattr(value, "__pydantic_extra__", None) or {})
    name = ""
    try:
        for name, name_written, default in form.fields:
            item = _write(getattr(value, name))
            if item != default:
                written.append(name_written + item)
    except _NoKey as error:
        error.way = f".{name}{error.way}"
        raise
    return b"o%b%d:%b" % (form.name, len(written), b"".join(sorted(written)))


def _checked_identity(value: Any, identity: object) -> str:
    if not isinstance(identity, str) or not identity:
        raise _NoKey(f"is a {type(value).__name__} whose identity is {identity!r}: it must be a str that is not empty")
    return identity


_forms: dict[type, _Form] = {}


def _form_of(cls: type) -> _Form:
    form = _forms.get(cls)
    if form is None:
        defaults = _written_defaults(cls)
        fields = None if defaults is None else tuple((name, _text(name), each) for name, each in defaults.items())
        form = _forms[cls] = _Form(_text(cls.__name__), hasattr(cls, "identity"), fields)
    return form


def _written_defaults(cls: type) -> Mapping[str, bytes | None] | None:
    """Field name -> its default as written, or None where it has none; None for a class without fields."""
    models: Mapping[str, FieldInfo] | None
    models = cls.model_fields if issubclass(cls, BaseModel) else getattr(cls, "__pydantic_fields__", None)
    if models is not None:
        return {name: _model_default(field) for name, field in models.items()}
    if dataclasses.is_dataclass(cls):
        return {field.name: _dataclass_default(field) for field in dataclasses.fields(cls) if field.compare}
    return None


def _model_default(field: FieldInfo) -> bytes | None:
    # A factory that reads the other fields has no value of its own to compare with.
    if field.is_required() or (field.default_factory is not None and field.default_factory_takes_validated_data):
        return None
    return _write_default(field.get_default(call_default_factory=True))


def _dataclass_default(field: dataclasses.Field[Any]) -> bytes | None:
    if field.default_factory is not dataclasses.MISSING:
        return _write_default(field.default_factory())
    return None if field.default is dataclasses.MISSING else _write_default(field.default)


def _write_default(default: Any) -> bytes | None:
    try:
        return _write(default)
    except _NoKey:
        return None
