"""Progress in a terminal: a line a step with bar, count and time, one for the whole film, and the time left.

Where the output is no terminal (a log, a pipe), each finished step is one plain line instead.
"""

from __future__ import annotations

import time
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from storyreel.progress import Event, Overview, StepState

if TYPE_CHECKING:
    from storyreel.recipes.costs import AllCosts, Costs

BAR_WIDTH = 28
REFRESH_HZ = 8
MARKS = {"running": ("…", "cyan"), "done": ("✓", "green"), "failed": ("✗", "red")}


def label(step: str) -> str:
    """A step's name for people: "write_story" -> "Write story"."""
    return step.replace("_", " ").capitalize()


def clock_text(seconds: float) -> str:
    """A duration as "0:07" or "1:02:33"."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


class TerminalDisplay:
    """A progress listener that draws itself; use it as a context manager around a run."""

    def __init__(self, console: Console) -> None:
        self._console, self._overview = console, Overview()
        self._live = Live(get_renderable=self._draw, console=console, refresh_per_second=REFRESH_HZ, transient=False)
        self._drawn = console.is_terminal

    def __enter__(self) -> TerminalDisplay:
        if self._drawn:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self._live.refresh()
            self._live.stop()

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        self._overview(event)
        if event.kind == "warned":
            self._console.print(Text(f"! {event.message}", style="yellow"))
        elif not self._drawn and event.kind == "done":
            self._console.print(_plain(self._overview.steps[event.step]), highlight=False)

    def _draw(self) -> Group:
        overview, now_s = self._overview, time.time()
        table = Table.grid(padding=(0, 1))
        for step in list(overview.steps.values()):
            mark, colour = MARKS[step.state]
            end_s = now_s if step.state == "running" else step.ended_at_s
            table.add_row(
                Text(mark, style=colour),
                label(step.step),
                ProgressBar(total=1.0, completed=step.fraction, width=BAR_WIDTH, complete_style=colour),
                Text(_count(step), style="dim"),
                Text(clock_text(end_s - step.started_at_s), style="dim"),
            )
        left_s = overview.time_left_s(now_s)
        whole = Text(f"  {overview.fraction:4.0%} of the film", style="bold")
        if left_s is not None and not overview.finished:
            whole.append(f", about {clock_text(left_s)} left", style="not bold")
        if overview.cost_usd:
            whole.append(f", ${overview.cost_usd:.2f} spent", style="not bold")
        note = [Text(f"  {overview.note}", style="dim", overflow="ellipsis", no_wrap=True)] if overview.note else []
        return Group(table, *note, whole) if overview.steps else Group()


def _count(step: StepState) -> str:
    count = f"{step.done:,}/{step.total:,} {step.unit}" if step.total else f"{step.done:,} {step.unit}"
    return f"{count}, {step.remembered:,} kept" if step.remembered else count


def _plain(step: StepState) -> str:
    return f"{label(step.step)}: {_count(step)} in {clock_text(step.ended_at_s - step.started_at_s)}"


def costs_text(found: Costs) -> str:
    """What a film cost, as lines for people."""
    lines = [
        f"{row.step or 'by itself':16} {row.provider} {row.model}: "
        f"{_plural(row.answers, 'answer')}, ${row.price_usd:.3f}"
        + (f", {row.median_s:.1f} s each" if row.median_s is not None else "")
        for row in found.by_step()
    ]
    lines.append(
        f"${found.spent_usd:.2f} spent" + (f" of ${found.limit_usd:.2f}" if found.limit_usd is not None else "")
    )
    if found.open_usd:
        lines.append(f"${found.open_usd:.2f} more where calls are under way or undecided")
    if found.stale_usd:
        lines.append(f"${found.stale_usd:.2f} of it by prices more than 60 days old: stale, so look at the bill")
    if found.unpriced:
        lines.append(f"{found.unpriced} answers came whose price nobody knows")
    if abs(found.charge_usd - found.spent_usd) >= Decimal("0.01"):
        lines.append(f"${found.charge_usd:.2f} to be charged for {clock_text(found.film_s)} of film")
    if found.success_rate is not None:
        lines.append(f"{found.success_rate:.0%} of what was sent was answered")
    if found.regeneration_rate:
        lines.append(f"{found.regeneration_rate:.0%} of what was made is not in the film")
    for pace in found.paces:
        if pace.each_s is not None:
            lines.append(f"{label(pace.step)}: {pace.made:,} {pace.unit} made, {pace.each_s:.2g} s each")
    for call in found.calls:
        if call.call in found.undecided:
            price = f"${call.price_usd:.3f}" if call.price_usd is not None else "an unknown price"
            lines.append(
                f"undecided: {call.call} ({call.step}, {call.provider} {call.model}, "
                f"{call.asked_at:%Y-%m-%d %H:%M} UTC) may have cost {price}: look at the bill, then  "
                f"storyreel resume {found.project_id} --ask-again"
            )
    if not found.calls:
        lines = ["nothing: this film made no paid calls", *lines[1:]]
    return "\n".join(lines)


def all_costs_text(found: AllCosts) -> str:
    """What all films cost, as lines for people."""
    rows = [
        f"{film.project_id:32} {clock_text(film.film_s):>8} ${film.spent_usd:>8.2f}"
        + (f", ${float(film.spent_usd) / film.film_s * 60:.2f} a minute" if film.film_s and film.spent_usd else "")
        + (f", {film.success_rate:.0%} answered" if film.success_rate is not None else "")
        + (f", {film.regeneration_rate:.0%} not in the film" if film.regeneration_rate else "")
        + (f", {_plural(len(film.undecided), 'undecided call')}" if film.undecided else "")
        for film in found.films
    ]
    films = _plural(len(found.films), "film")
    mean = f", ${found.spent_usd / len(found.films):.2f} a film" if found.films else ""
    rate = f", {found.success_rate:.0%} of what was sent was answered" if found.success_rate is not None else ""
    return "\n".join([*rows, f"{films}: ${found.spent_usd:.2f} spent{mean}{rate}"])


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
