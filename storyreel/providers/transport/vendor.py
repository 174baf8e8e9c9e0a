"""What is to be known of a vendor before anything is sent to it: a value, written once at the top of its module."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from storyreel.errors import InputError
from storyreel.providers.transport.key import Key, find_key
from storyreel.providers.transport.lists import BY_ID, Told

# "-20250514", "-2025-08-07", "-0613", "-latest" at the end of a model's name.
_DATE = re.compile(r"-(?:\d{8}|\d{4}-\d\d-\d\d|\d{4}|latest)$")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Vendor:
    """A service.

    Attributes:
        name: as in `storyreel title --writer NAME`.
        base_url: of every path; STORYREEL_<NAME>_BASE_URL replaces it, or the first of `base_variables` that is set.
        key_variables: where its key is looked for, in this order; with none, no key is sent.
        key_header, key_prefix: the header that carries the key, and what stands before it there.
        key_query: the query parameter that carries it instead, where a vendor wants that.
        headers: sent with every request.
        domains: hosts beside the base's own (and those under them) that may get the key, for addresses to poll.
        at_once: how many requests, or jobs, it takes at the same time; STORYREEL_<NAME>_AT_ONCE replaces it.
        fewer_at_once: the beginning of models' names -> how many requests for those together it takes; they have places
            of their own.
        per_minute: how many may begin in a minute; None for any number.
        refusals, payments, missing_models, bad_keys: codes or types in an error's body that mean just that.
        refusal_statuses: HTTP codes that mean a refusal by moderation.
        models_in_paths: a model is a part of the address, so one that is gone is an address that is not there.
        retired: models that are gone -> what to use instead.
        models_path: where its models are listed, or where else it shows for free that it takes the key; "" for nowhere.
        models_told: reads the models' names from that; see `storyreel.providers.transport.lists`.
        key_taken: HTTP codes beside 2xx by which that, too, shows that the key is taken.
        models_of: the roles whose models are listed there; empty for all of them.
        wait_told: reads how long to wait, in seconds, from an error's JSON body, where no header says it.
    """

    name: str
    base_url: str
    key_variables: tuple[str, ...] = ()
    base_variables: tuple[str, ...] = ()
    key_header: str = "authorization"
    key_prefix: str = "Bearer "
    key_query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    at_once: int = 4
    fewer_at_once: Mapping[str, int] = field(default_factory=dict)
    per_minute: int | None = None
    refusals: frozenset[str] = frozenset()
    refusal_statuses: frozenset[int] = frozenset()
    models_in_paths: bool = False
    payments: frozenset[str] = frozenset()
    missing_models: frozenset[str] = frozenset()
    bad_keys: frozenset[str] = frozenset()
    retired: Mapping[str, str] = field(default_factory=dict)
    models_path: str = ""
    models_told: Told = BY_ID
    key_taken: frozenset[int] = frozenset()
    models_of: frozenset[str] = frozenset()
    wait_told: Callable[[object], float | None] | None = None

    def base(self) -> str:
        """The address that every path is put behind, without a slash at its end.

        Raises:
            InputError: it is no address, or would send a key in the clear to another machine.
        """
        own = f"STORYREEL_{self._env_name}_BASE_URL"
        for variable in (own, *self.base_variables):
            if os.environ.get(variable, "").strip():
                return self._checked(variable, os.environ[variable].strip())
        return self.base_url

    def url(self, path: str) -> str:
        """The whole address of a path; an address stays as it is, if it may get the key.

        Raises:
            InputError: see `base`.
            ValueError: it is an address that must not get the key.
        """
        if "://" not in path:
            return f"{self.base()}/{path.removeprefix('/')}"
        if not self.may_know_key(path):
            raise ValueError(path)
        return path

    def models_address(self) -> str:
        """Where its models are listed. That may be another of its hosts, for which a replaced base stands, too."""
        if "://" not in self.models_path or self.base() == self.base_url:
            return self.models_path
        parts = urlsplit(self.models_path)
        return f"{parts.path}?{parts.query}"

    def may_know_key(self, url: str) -> bool:
        """Whether an address is the vendor's own: the base's origin, or https on one of its domains."""
        base, asked = urlsplit(self.base()), urlsplit(url)
        if _origin(base) == _origin(asked):
            return True
        host = asked.hostname or ""
        return (
            asked.scheme == "https"
            and base.hostname not in LOOPBACK
            and any(host == domain or host.endswith(f".{domain}") for domain in self.domains)
        )

    def key(self) -> Key | None:
        """Its key; None for a vendor that needs none.

        Raises:
            InputError: none is set.
        """
        if not self.key_variables:
            return None
        key = find_key(self.key_variables)
        if key is None:
            raise InputError(f"{self.name} needs a key: set {self.key_variables[0]} in the environment, then run again")
        return key

    def concurrency(self, model: str = "") -> int:
        """How many requests may be under way at once, for a model.

        Raises:
            InputError: STORYREEL_<NAME>_AT_ONCE is no number above 0.
        """
        variable = f"STORYREEL_{self._env_name}_AT_ONCE"
        chosen = os.environ.get(variable, "").strip()
        if not chosen:
            return self.fewer_at_once.get(self.kin(model), self.at_once)
        if not chosen.isdecimal() or int(chosen) < 1:
            raise InputError(f"{variable} is {chosen!r}: give a whole number above 0")
        return int(chosen)

    def kin(self, model: str) -> str:
        """The beginning of a model's name by which it has places of its own; "" where it shares the vendor's."""
        return next((beginning for beginning in self.fewer_at_once if model.startswith(beginning)), "")

    def living(self, model: str) -> tuple[str, str]:
        """The model to use for a name, and a sentence for the user where that is another one, else ""."""
        instead = self.successor(model)
        if instead is None:
            return model, ""
        return instead, f"{self.name} no longer has {model}: {instead} is used instead"

    def successor(self, model: str) -> str | None:
        """What to use instead of a retired model, or of a dated version of one; None for one that is not retired."""
        return self.retired.get(model) or self.retired.get(_DATE.sub("", model))

    @property
    def _env_name(self) -> str:
        return self.name.upper().replace("-", "_")

    def _checked(self, variable: str, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise InputError(f"{variable} is no address: give one such as {self.base_url}")
        if parts.scheme == "http" and self.key_variables and parts.hostname not in LOOPBACK:
            raise InputError(f"{variable} would send the key unencrypted to {parts.hostname}: give an https address")
        return url.rstrip("/")


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
