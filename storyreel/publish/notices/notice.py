"""What is told, and to whom. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel

from storyreel.errors import InputError

Event = Literal["film.ready", "film.failed"]
_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")


class Notice(BaseModel, frozen=True, extra="forbid"):
    """One notice; a webhook's body is this as JSON.

    Attributes:
        event: "film.ready" or "film.failed".
        project: the film's id.
        recipe: what was run ("title", "script", "flow", "audio", "render", "edit", ...).
        path: of a film that is ready, its file on the machine that made it.
        duration_s: how long the film runs; 0 if it has failed.
        took_s: how long the run took.
        error: why it failed, one sentence.
        at_s: Unix time, seconds.
    """

    event: Event
    project: str
    title: str
    recipe: str
    path: str = ""
    duration_s: float = 0.0
    took_s: float = 0.0
    error: str = ""
    at_s: float

    @property
    def headline(self) -> str:
        """For people, one line."""
        return f"{self.title} is ready" if self.event == "film.ready" else f"{self.title} could not be made"

    @property
    def text(self) -> str:
        """For people, what lies behind the headline."""
        if self.event == "film.failed":
            return f"{self.error}\nGo on with:  storyreel resume {self.project}"
        minutes, seconds = divmod(round(self.duration_s), 60)
        return f"{minutes}:{seconds:02d} long: {self.path}"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told.

    Attributes:
        address: a webhook's URL, an e-mail address, "" for the desktop.
    """

    kind: Literal["webhook", "mail", "desktop"]
    address: str = ""

    def __str__(self) -> str:
        """For messages; a webhook's path is often its secret, so its host must do."""
        if self.kind == "webhook":
            return f"the webhook at {urlsplit(self.address).hostname}"
        return f"the mail to {self.address}" if self.kind == "mail" else "the desktop's notice"

    def __repr__(self) -> str:
        return f"Receiver({str(self)!r})"


def receivers(texts: Iterable[str]) -> tuple[Receiver, ...]:
    """Read "https://...", "mailto:somebody@example.org" or "desktop"; each once, in order.

    Raises:
        InputError: one is none of them.
    """
    return tuple(dict.fromkeys(_receiver(text.strip()) for text in texts if text.strip()))


def _receiver(text: str) -> Receiver:
    if text.lower() == "desktop":
        return Receiver("desktop")
    if text.lower().startswith("mailto:"):
        address = text[len("mailto:") :].partition("?")[0]
        if not _ADDRESS.fullmatch(address):
            raise InputError(f"{text[:80]!r} is no mail address: write mailto:somebody@example.org")
        return Receiver("mail", address)
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits:
        raise InputError(
            "a notice can go to an http(s):// address, to mailto:ADDRESS or to desktop: "
            f"{text.partition('?')[0][:40]!r} is none of them"
        )
    return Receiver("webhook", text)
