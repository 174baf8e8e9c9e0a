"""Shorts in the Export column: how many, how far they are, and each as a film of its own to open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

import ipywidgets as widgets

from storyreel.errors import StoryreelError
from storyreel.project import Project
from storyreel.recipes.shorts import MOST_SHORTS, RECIPE, ChosenShort, chosen_shorts, estimate
from storyreel.studio.films import fraction_of
from storyreel.studio.look import alert, button, column, dollars, html, row, show
from storyreel.studio.runs import last_words
from storyreel.terminal import clock_text
from storyreel.timeline.safe_area import PLATFORMS

_PLATFORM_NAMES = {"tiktok": "TikTok", "reels": "Instagram Reels", "shorts": "YouTube Shorts"}


class ShortsPanel:
    """The part of the column; `draw` shows what there is. What it shows is read from the disk: a reload loses nothing.

    Args:
        make: begins to make so many shorts for a platform, "" for any.
        stop: asks whoever makes a project to stop.
        open_film: opens a short as the film that it is.
    """

    def __init__(
        self, make: Callable[[int, str], None], stop: Callable[[Project], None], open_film: Callable[[str], None]
    ) -> None:
        self._stop, self._open = stop, open_film
        self._priced: tuple[object, ...] = ()
        self._why_not = ""
        self._busy: Project | None = None
        self._shown: list[tuple[str, str, str]] = []
        head = html(
            "<h2>Shorts</h2><p class='rl-muted rl-small'>The best moments, upright, with captions and a title, 15 to "
            "60 s each. Every one is a film of its own.</p>"
        )
        self.count = widgets.Dropdown(
            description="How many", options=[(str(number), number) for number in range(1, MOST_SHORTS + 1)], value=3
        )
        platforms = [("Any platform", ""), *((_PLATFORM_NAMES.get(name, name), name) for name in PLATFORMS)]
        self.platform = widgets.Dropdown(description="Shown on", options=platforms)
        self.make = button("Make shorts", lambda: make(int(self.count.value), str(self.platform.value)), "rl-wide")
        self.stop = button("Stop", self._stop_busy, tooltip="Stops after the work under way; what is finished stays")
        self.progress = html("")
        self.list = column([])
        self.widget = column(
            [head, row([self.count, self.platform], "rl-pair"), self.make, self.progress, self.stop, self.list],
            "rl-part",
        )
        show(self.stop, False)

    def draw(self, project: Project, recipe: str, going: bool, stamp: object) -> None:
        """Show what can be made and what was made.

        Args:
            going: whether something of the film itself is being made.
            stamp: changes with the film, so that the price is reckoned anew.
        """
        show(self.widget, recipe != RECIPE)
        if recipe == RECIPE:
            return
        chosen = chosen_shorts(project)
        at_work = next((short for short in chosen if not short.ready and short.project.holder is not None), None)
        self._busy = at_work.project if at_work is not None else None
        self._price(project, stamp)
        self.make.disabled = going or self._busy is not None or bool(self._why_not)
        self.make.tooltip = "The film is being made" if going else self._why_not
        show(self.stop, self._busy is not None)
        _set(self.progress, _progress(project, chosen, at_work, going) or alert(self._why_not))
        lines = [_line(number, short) for number, short in enumerate(chosen, 1)]
        if lines != self._shown:
            self._shown = lines
            self.list.children = self._rows(chosen, lines)

    def _price(self, project: Project, stamp: object) -> None:
        if self._priced == (project.id, stamp):
            return
        self._priced, self._why_not, cost = (project.id, stamp), "", ""
        try:
            plan = estimate(project.id, cache=project.cache)
            cost = f", about {dollars(float(plan.likely_usd))}" if plan.likely_usd else ""
        except StoryreelError as error:
            self._why_not = str(error)
        self.make.description = f"Make shorts{cost}"

    def _rows(self, chosen: Sequence[ChosenShort], lines: Sequence[tuple[str, str, str]]) -> list[widgets.Widget]:
        rows: list[widgets.Widget] = []
        for short, (title, told, state) in zip(chosen, lines, strict=True):
            text = f"<b>{escape(title)}</b><div class='rl-muted rl-small'>{escape(told)}</div>"
            opened = button("Open", partial(self._open, short.project.id), tooltip=f"Open {title}")
            opened.disabled = not short.ready
            if not short.ready:
                opened.tooltip = state
            rows.append(row([html(text), opened], "rl-file-row"))
        return rows

    def _stop_busy(self) -> None:
        if self._busy is not None:
            self._stop(self._busy)


def _line(number: int, short: ChosenShort) -> tuple[str, str, str]:
    moment = short.moment
    state = "" if short.ready else "Not made yet"
    facts = [
        f"{clock_text(moment.start_s)} to {clock_text(moment.end_s)}",
        *moment.reasons,
        *([state] if state else []),
    ]
    return moment.title or f"Short {number}", ", ".join(facts), state


def _progress(project: Project, chosen: Sequence[ChosenShort], at_work: ChosenShort | None, going: bool) -> str:
    ready = sum(short.ready for short in chosen)
    if at_work is not None:
        number = chosen.index(at_work) + 1
        done = fraction_of(at_work.project)
        return f"<p class='rl-small' role='status'>Short {number} of {len(chosen)}, {done:.0%}</p>"
    if chosen and ready < len(chosen) and not going and (said := last_words(project)):
        return alert(said)
    return ""


def _set(widget: widgets.HTML, value: str) -> None:
    if widget.value != value:
        widget.value = value
