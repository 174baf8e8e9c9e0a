"""What every command that makes a film has in common: a display, an orderly way to stop it, and what is asked first."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import typer

from storyreel.errors import AnswerUnknown, Cancelled
from storyreel.memo.money import NO_LIMIT
from storyreel.progress import Event, Progress

if TYPE_CHECKING:
    from storyreel.providers.estimate import Estimate
    from storyreel.recipes._finish import Film


def agreed(
    price: Callable[[], Estimate], *, estimate: bool, yes: bool, json_lines: bool, budget: str | None = None
) -> bool:
    """Whether to go on and make a film; see `storyreel.recipes._agreeing` for the rule.

    Args:
        price: what it will cost.
        estimate: only that was asked for, so it is said and nothing is made.
        yes: nobody is to be asked, however much it is.
        budget: the limit that was set, which agrees to that much.
    """
    if estimate:
        plan = price()
        typer.echo(plan.model_dump_json() if json_lines else str(plan))
    elif not yes and budget in (None, NO_LIMIT) and somebody_sits():
        _ask(price())
    return not estimate


def somebody_sits() -> bool:
    """Whether there is somebody at the terminal who can be asked; a film begun by nobody says how to agree to it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _ask(plan: Estimate) -> None:
    from storyreel.recipes._agreeing import is_to_be_asked

    if is_to_be_asked(plan):
        typer.echo(str(plan), err=True)
        typer.confirm("Go on?", abort=True, err=True)


def default_voice() -> str:
    """The offline voice where its packages are installed, else none: the plain install makes a film all the same."""
    from storyreel.errors import MissingExtra
    from storyreel.providers.registry import NOBODY, provider

    try:
        provider("voice", "offline")
    except MissingExtra:
        return NOBODY
    return "offline"


def send_again(project: str, cache: Path | None, out: Path | None, progress: Progress) -> Film:
    """Go on with a film and let paid calls be sent once more that may have been charged."""
    from storyreel.recipes.resume import resume

    return resume(project, cache=cache, out=out, agreed=True, ask_again=True, progress=progress)


def make_film(
    make: Callable[[Progress], Film],
    json_lines: bool,
    pieces: str = "",
    again: Callable[[str, Progress], Film] | None = None,
    notify: Sequence[str] | None = None,
    dask: str | None = None,
) -> None:
    """Run a recipe with a display and an orderly way to stop it, and say where the film is.

    Args:
        pieces: how to say how many pieces the film took; empty to leave that out.
        again: goes on with the project of an id and lets paid calls be sent once more that may have been charged; the
            user is asked first, where there is one.
        notify: who is told when it is ready or has failed.
        dask: the address of a cluster's scheduler, to make it there.
    """
    try:
        film = _made(make, json_lines, notify, dask)
    except AnswerUnknown as unknown:
        if not (again and unknown.project and somebody_sits()):
            raise
        undecided = unknown.project
        complain(str(unknown))
        if not typer.confirm("Send it once more now? It may then be charged twice.", err=True):
            raise
        film = _made(lambda progress: again(undecided, progress), json_lines, notify, dask)
    if not json_lines:
        from storyreel.terminal import clock_text

        if pieces:
            kept = film.pieces - film.pieces_made
            typer.echo(pieces.format(made=film.pieces_made, pieces=film.pieces, kept=kept))
        typer.echo(f"{film.timeline.title}, {clock_text(film.duration_s)}: {film.path}")


def _made(make: Callable[[Progress], Film], json_lines: bool, notify: Sequence[str] | None, dask: str | None) -> Film:
    from storyreel.cluster import on_cluster
    from storyreel.publish.notices.telling import notifying

    progress = Progress()
    with on_cluster(dask), notifying(*(notify or ())), stoppable(progress), display(progress, json_lines):
        return make(progress)


@contextmanager
def display(progress: Progress, json_lines: bool) -> Iterator[None]:
    """Show how far the work is: on the terminal, or as a JSON line an event."""
    if json_lines:
        progress.listen(_print_event)
        yield
        return
    from rich.console import Console

    from storyreel.terminal import TerminalDisplay

    with TerminalDisplay(Console(stderr=True)) as display:
        progress.listen(display)
        yield


def _print_event(event: Event) -> None:
    sys.stdout.write(event.model_dump_json(exclude_defaults=True) + "\n")
    sys.stdout.flush()


@contextmanager
def stoppable(progress: Progress) -> Iterator[None]:
    """Ctrl-C once stops after the work under way; twice stops at once. Both keep all that is finished."""

    def stop(number: int, frame: FrameType | None) -> None:
        if progress.cancelled:
            os.write(2, b"\nstoryreel: stopped at once; what was finished is kept\n")
            os._exit(Cancelled.exit_code)
        progress.cancel()
        os.write(2, b"\nstoryreel: stopping after the work under way; Ctrl-C again stops at once\n")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def complain(sentence: str) -> None:
    """Tell the user, in the program's name, what was wrong."""
    sys.stderr.write(f"storyreel: {sentence}\n")
