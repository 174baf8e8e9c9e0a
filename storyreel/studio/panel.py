"""A run's progress as ipywidgets: a bar a step, the whole film's, the time left, and a way to stop."""

from __future__ import annotations

import threading
import time
from html import escape

import ipywidgets as widgets

from storyreel.progress import Event, Overview, Progress, StepState

REDRAW_EVERY_S = 0.15
STATE_COLOURS = {"running": "#0B766B", "done": "#0B766B", "failed": "#B3261E"}
STATE_WORDS = {"running": "", "done": "done", "failed": "stopped"}


def watch(progress: Progress | None = None) -> Progress:
    """Show a panel below the cell and return the progress that feeds it; hand that to `begin` or `title_film`."""
    from IPython.display import display

    progress = progress or Progress()
    display(ProgressPanel(progress).widget)
    return progress


class ProgressPanel:
    """The panel; `widget` is what a notebook shows. It follows one `Progress` through any number of runs."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._overview = progress, Overview()
        self._rows: dict[str, tuple[widgets.FloatProgress, widgets.HTML]] = {}
        self._lock, self._drawn_at_s = threading.Lock(), 0.0
        self.whole = widgets.FloatProgress(
            max=1.0, bar_style="", style={"bar_color": "#0B766B"}, layout=widgets.Layout(width="240px", height="14px")
        )
        self.left = widgets.HTML(_small("waiting for the first step"))
        self.stop = widgets.Button(
            description="Stop", tooltip="Stop after the work under way; what is finished is kept", disabled=True
        )
        self.stop.on_click(self._on_stop)
        self.warnings = widgets.HTML("")
        self.steps = widgets.VBox([])
        head = widgets.HBox(
            [self.whole, self.left, self.stop], layout=widgets.Layout(align_items="center", flex_flow="row wrap")
        )
        self.widget = widgets.VBox([head, self.steps, self.warnings], layout=widgets.Layout(max_width="760px"))
        progress.listen(self)

    def __call__(self, event: Event) -> None:
        """Take in one event; bars are redrawn at most every 0.15 s, states at once."""
        with self._lock:
            self._overview(event)
            if event.kind == "advanced" and event.at_s - self._drawn_at_s < REDRAW_EVERY_S:
                return
            self._drawn_at_s = event.at_s
            self._draw(event)

    def _draw(self, event: Event) -> None:
        overview = self._overview
        if event.kind == "run":
            self._rows.clear()
        for step in overview.steps.values():
            bar, text = self._row(step.step)
            bar.value = step.fraction
            bar.style.bar_color = STATE_COLOURS[step.state]
            text.value = _small(_describe(step))
        self.steps.children = [
            widgets.HBox([widgets.HTML(_name(name)), bar, text], layout=widgets.Layout(align_items="center"))
            for name, (bar, text) in self._rows.items()
        ] if len(self.steps.children) != len(self._rows) else self.steps.children  # fmt: skip
        self.whole.value = overview.fraction
        self.stop.disabled = event.kind in ("finished", "stopped")
        self.left.value = _small(self._headline(event))
        self.warnings.value = "".join(
            f"<div style='color:#855300'>{escape(warning)}</div>" for warning in overview.warnings
        )

    def _row(self, step: str) -> tuple[widgets.FloatProgress, widgets.HTML]:
        if step not in self._rows:
            bar = widgets.FloatProgress(max=1.0, layout=widgets.Layout(width="240px", height="8px"))
            self._rows[step] = bar, widgets.HTML()
        return self._rows[step]

    def _headline(self, event: Event) -> str:
        overview = self._overview
        if event.kind == "finished":
            return f"finished in {_duration(event.at_s - overview.started_at_s)}{_spent(overview)}"
        if event.kind == "stopped":
            return f"stopped{_spent(overview)}: {event.message}. What is finished is kept; run the cell again to go on."
        left_s = overview.time_left_s(time.time())
        return (
            f"{overview.fraction:.0%}"
            + (f", about {_duration(left_s)} left" if left_s is not None else "")
            + _spent(overview)
        )

    def _on_stop(self, button: widgets.Button) -> None:
        button.disabled = True
        self.left.value = _small("stopping after the work under way ...")
        self._progress.cancel()


def _describe(step: StepState) -> str:
    count = f"{step.done:,} of {step.total:,} {step.unit}" if step.total else f"{step.done:,} {step.unit}"
    kept = f", {step.remembered:,} kept from before" if step.remembered else ""
    word = f" · {STATE_WORDS[step.state]}" if STATE_WORDS[step.state] else ""
    return count + kept + word


def _spent(overview: Overview) -> str:
    return f", ${overview.cost_usd:.2f} spent" if overview.cost_usd else ""


def _duration(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _name(step: str) -> str:
    text = escape(step.replace("_", " ").capitalize())
    return f"<div style='width:120px;font-size:13px;line-height:20px'>{text}</div>"


def _small(text: str) -> str:
    return (
        "<div style='font-size:12px;line-height:16px;margin-left:8px;font-variant-numeric:tabular-nums'>"
        f"{escape(text)}</div>"
    )
