"""What the contract suite must know of one paid request of one adapter: how it is made, and all that may come back."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import loopback.vendors
from loopback.server import Answer, Loopback, Request

KEY = "sk-loopback-0123456789abcdef"
REPLIES = ("refused", "rate_limited", "server_error", "payment", "bad_key", "dead_model")


@dataclass(frozen=True)
class Wire:
    """One paid request.

    Attributes:
        id: names it in test reports.
        role, name: under which the registry makes the adapter.
        vendor: whose environment variables apply ("openai" for STORYREEL_OPENAI_BASE_URL).
        key_variable: where the key is expected; "" where none is.
        ask: makes the request with an adapter and gives what that returns.
        create: method and path of the paid request, the path as a regular expression.
        serve: teaches a server to answer it well.
        check_request: asserts on every field of the paid request.
        check_result: asserts on what `ask` gave.
        answers: the vendor's own form of each of `REPLIES`.
        without: of those, which it has none of -> why. A job's refusal may be `failed`.
        price_usd: what one good answer costs by its own words or the table; None where nobody knows, 0 where it is
            free, and so may be repeated.
        base_path: what the vendor's base has behind the host.
        keyed: how the key stands in a request; asserts on it.
        dead: a retired model's name and what is used instead; None where none is known.
        polled: it runs as a job; `poll` is the path asked for its state, `failed` the state that says it was refused.
        result: the path its result lies at, under /delivery/; "" where the answer itself holds it.
        told_at: the path of the GET whose answer says where the result lies, if that is not `poll`.
        refusals_cost, failures_cost: whether `refused` is charged, and whether `failed` is.
        hurry: sets, in the adapter's module, a short time between looks at a job and the patience given, in seconds.
    """

    id: str
    role: str
    name: str
    vendor: str
    key_variable: str
    ask: Callable[[Any], Any]
    create: tuple[str, str]
    serve: Callable[[Loopback], None]
    check_request: Callable[[Request], None]
    check_result: Callable[[Any], None]
    answers: Mapping[str, Answer]
    price_usd: Decimal | None
    without: Mapping[str, str] = field(default_factory=dict)
    base_path: str = ""
    keyed: Callable[[Request], None] = field(default=lambda request: _bearer(request))
    dead: tuple[str, str] | None = None
    polled: bool = False
    poll: str = ""
    result: str = ""
    told_at: str = ""
    failed: Answer | None = None
    refusals_cost: bool = False
    failures_cost: bool = False
    hurry: Callable[[Any, float], None] = lambda patch, patience_s: None

    def __str__(self) -> str:
        return self.id


def _bearer(request: Request) -> None:
    assert request.headers["authorization"] == f"Bearer {KEY}"


def all_wires() -> list[Wire]:
    """Every vendor's, from the modules in `loopback.vendors`."""
    found: list[Wire] = []
    for module in pkgutil.iter_modules(loopback.vendors.__path__):
        found += importlib.import_module(f"loopback.vendors.{module.name}").WIRES
    return found
