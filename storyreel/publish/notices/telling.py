"""Who is to be told about the films that are made from here on, and telling them.

    with notifying("desktop", "mailto:me@example.org"):
        title_film("The Last Lighthouse")

STORYREEL_NOTIFY, a list parted by spaces, names further ones for every run of this machine. A notice that does not
arrive never fails a film; it is told as a warning.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from storyreel.errors import InputError
from storyreel.progress import Progress
from storyreel.publish.notices.desktop import show
from storyreel.publish.notices.mail import mail
from storyreel.publish.notices.notice import Notice, Receiver, receivers
from storyreel.publish.notices.webhook import NotTaken, post

NOTIFY_VARIABLE = "STORYREEL_NOTIFY"
SECRET_VARIABLE = "STORYREEL_NOTIFY_SECRET"
_asked: ContextVar[tuple[Receiver, ...]] = ContextVar("storyreel_receivers", default=())


@contextmanager
def notifying(*addresses: str) -> Iterator[None]:
    """Tell these, too, when a film that is made inside is ready or has failed.

    Args:
        addresses: "https://..." for a webhook, "mailto:ADDRESS", "desktop".

    Raises:
        InputError: one is none of them.
    """
    before = _asked.set(tuple(dict.fromkeys((*_asked.get(), *receivers(addresses)))))
    try:
        yield
    finally:
        _asked.reset(before)


def to_be_told(progress: Progress, environment: Mapping[str, str] | None = None) -> tuple[Receiver, ...]:
    """Everybody who was asked for; a fault in STORYREEL_NOTIFY is told as a warning."""
    listed = (os.environ if environment is None else environment).get(NOTIFY_VARIABLE, "").split()
    try:
        further = receivers(listed)
    except InputError as error:
        progress.warn(f"nobody in {NOTIFY_VARIABLE} is told: {error}", "notify")
        further = ()
    return tuple(dict.fromkeys((*_asked.get(), *further)))


def tell(
    notice: Notice, to: tuple[Receiver, ...], progress: Progress, environment: Mapping[str, str] | None = None
) -> None:
    """Tell everybody; what does not arrive is a warning."""
    settings = os.environ if environment is None else environment
    for receiver in to:
        try:
            if receiver.kind == "webhook":
                post(notice, receiver.address, settings.get(SECRET_VARIABLE, ""))
            elif receiver.kind == "mail":
                mail(notice, receiver.address, settings)
            else:
                show(notice)
        except NotTaken as why:
            progress.warn(f"{receiver} did not go out: {why}; the film is not touched by that", "notify")
