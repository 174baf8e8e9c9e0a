"""The keys panel: a service's key is taken into this process's memory, and into the system's keyring if asked to.

Nothing of a key stays in a widget, and so in a notebook: the field is emptied as soon as its text was taken. Runs that
the studio starts get the keys by their environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from html import escape
from importlib.util import find_spec
from typing import Any

import ipywidgets as widgets

from storyreel.errors import InputError, MissingExtra
from storyreel.providers import registry
from storyreel.providers.transport import Vendor
from storyreel.studio.choices import NAMES
from storyreel.studio.look import button, column, html, row, show

RING = "storyreel"
KEY_CHARACTERS = 500


def vendors() -> list[Vendor]:
    """Every service that wants a key, by its name."""
    found: dict[str, Vendor] = {}
    for role in registry.ROLES:
        for name in registry.names(role):
            if name == registry.NOBODY or f"{role}.{name}" not in registry.BUILT_IN:
                continue
            try:
                vendor = getattr(registry.provider(role, name), "vendor", None)
            except (InputError, MissingExtra):
                continue
            if isinstance(vendor, Vendor) and vendor.key_variables:
                found[vendor.name] = vendor
    return [found[name] for name in sorted(found)]


def keyring() -> Any | None:
    """The system's keyring; None where there is none, or the package `keyring` is not installed."""
    if find_spec("keyring") is None:
        return None
    import keyring as ring

    return ring if getattr(ring.get_keyring(), "priority", 0) >= 1 else None


def take_key(vendor: Vendor, key: str, *, remember: bool = False) -> None:
    """Use a key from now on in this process; an empty one forgets it.

    Raises:
        InputError: it cannot be a key.
    """
    key = key.strip()
    if len(key) > KEY_CHARACTERS or not key.isascii() or not key.isprintable() or " " in key:
        raise InputError(f"that is no key for {vendor.name}: copy it once more, without spaces or line breaks")
    variable, ring = vendor.key_variables[0], keyring() if remember or not key else None
    if key:
        os.environ[variable] = key
        if ring is not None:
            ring.set_password(RING, variable, key)
    else:
        os.environ.pop(variable, None)
        if ring is not None and ring.get_password(RING, variable):
            ring.delete_password(RING, variable)


def recall_keys(known: Iterable[Vendor]) -> None:
    """Take from the keyring what the environment does not have."""
    ring = keyring()
    if ring is None:
        return
    for vendor in known:
        variable = vendor.key_variables[0]
        if not os.environ.get(variable) and (key := ring.get_password(RING, variable)):
            os.environ[variable] = key


class KeysPanel:
    """The panel; `changed` is called when a key was taken or forgotten."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._vendors = {vendor.name: vendor for vendor in vendors()}
        recall_keys(self._vendors.values())
        self.service = widgets.Dropdown(description="Service", options=self._options())
        self.key = widgets.Password(description="Key", placeholder="Paste it here", continuous_update=False)
        self.remember = widgets.Checkbox(
            description="Remember it in this computer's keyring", value=False, indent=False
        )
        show(self.remember, keyring() is not None)
        self._said = html("", "rl-small")
        use = button("Use this key", self.use, tooltip="Kept in memory until the studio is closed")
        forget = button("Forget it", self.forget, "rl-plain")
        about = html(
            "<h2>Keys</h2><p class='rl-muted rl-small'>A key stays in memory until the studio is closed; it is never "
            "written to a notebook, a log or the cache.</p>"
        )
        self.widget = column(
            [about, self.service, self.key, self.remember, row([use, forget], "rl-pair"), self._said], "rl-gap"
        )

    def use(self) -> None:
        """Take what was typed, and empty the field."""
        typed, self.key.value = str(self.key.value), ""
        if not typed.strip():
            self._said.value = "<span style='color:var(--rl-failed)'>Paste a key first.</span>"
            return
        self._take(typed, "is set")

    def forget(self) -> None:
        """Forget the chosen service's key."""
        self.key.value = ""
        self._take("", "is forgotten")

    def _take(self, key: str, done: str) -> None:
        name = str(self.service.value)
        try:
            take_key(self._vendors[name], key, remember=bool(self.remember.value))
        except InputError as error:
            self._said.value = f"<span style='color:var(--rl-failed)'>{escape(str(error))}</span>"
            return
        self._said.value = f"The key of {escape(NAMES.get(name, name))} {done}."
        self.service.options = self._options()
        self.service.value = name
        self._changed()

    def _options(self) -> list[tuple[str, str]]:
        return [
            (NAMES.get(name, name) + (", set" if any(map(os.environ.get, vendor.key_variables)) else ""), name)
            for name, vendor in self._vendors.items()
        ]
