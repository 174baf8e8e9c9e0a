"""The Make column: how far a film is, step by step, what it costs, and the ways to stop it and to go on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from html import escape

from storyreel.progress import StepState
from storyreel.recipes import audio_film, continuous_flow, script_film, title_film
from storyreel.studio.look import alert, button, column, dollars, html, icon, show
from storyreel.studio.runs import RunWatch

SHARES: Mapping[str, Mapping[str, float]] = {
    title_film.RECIPE: title_film.SHARES,
    script_film.RECIPE: script_film.SHARES,
    continuous_flow.RECIPE: continuous_flow.SHARES,
    audio_film.RECIPE: audio_film.SHARES,
}
NAMES = {
    "write_story": "Story", "write_chapters": "Chapters", "plan_scenes": "Shot list", "illustrate": "Pictures",
    "narrate": "Voice", "score": "Music", "render": "Put the film together", "write_script": "Script",
    "break_down": "Break-down", "plan_shots": "Shot list", "keyframes": "Pictures", "animate": "Clips",
    "effects": "Effects", "transcribe": "Transcript", "segment": "Segments", "prompts": "Picture prompts",
    "segments": "Segments", "start": "First frame", "dialogue": "Voices", "listen": "Transcript", "speak": "Voices",
    "plan_pictures": "Picture prompts",
}  # fmt: skip
MOST_CELLS = 60
COUNTED = ("pictures", "segments", "clips", "shots")
HEADLINES = {
    "idle": "Not begun yet", "starting": "Starting", "running": "Making your film", "stopping": "Stopping",
    "stopped": "Stopped", "failed": "Stopped by a fault", "finished": "Your film is ready",
}  # fmt: skip
OTHER_WORK = {
    "shorts": ("Making your shorts", "Your shorts are ready"),
    "export": ("Writing your file", "Your file is ready"),
    "upload": ("Sending your film", "Your film has arrived"),
}
"""While it goes on and when it is done, of runs that do not make the film itself."""


class MakePanel:
    """The column; `draw` shows a run as it is now.

    Args:
        stop: asks the run to stop.
        go_on: begins it again from its last finished step.
        ask_again: the same, and sends once more what may have been charged and brought nothing.
    """

    def __init__(self, stop: Callable[[], None], go_on: Callable[[], None], ask_again: Callable[[], None]) -> None:
        self._drawn = ""
        self.head, self.steps, self.note = html(""), html(""), html("")
        self.stop = button("Stop", stop, tooltip="Stops after the work under way; what is finished stays")
        self.go_on = button("Go on", go_on, "rl-primary", "rl-wide")
        self.undecided = html("")
        self.ask_again = button("Send it once more", ask_again, "rl-wide", tooltip="It may be charged a second time")
        foot = html("<p class='rl-muted rl-small'>What is finished stays. Resume at any time.</p>")
        self.widget = column(
            [self.head, self.steps, self.note, self.undecided, self.ask_again, self.go_on, self.stop, foot], "rl-tight"
        )

    def draw(self, watch: RunWatch, budget_usd: float | None, undecided: int = 0) -> None:
        """Show a run.

        Args:
            undecided: how many requests may have been charged and brought nothing.
        """
        going = watch.state in ("starting", "running", "stopping")
        show(self.ask_again, undecided > 0 and not going)
        told = _undecided(undecided) if undecided and not going else ""
        if self.undecided.value != told:
            self.undecided.value = told
        head, steps, note = _head(watch, budget_usd), _steps(watch), _note(watch, budget_usd)
        if head + steps + note == self._drawn:
            return
        self._drawn = head + steps + note
        self.head.value, self.steps.value, self.note.value = head, steps, note
        show(self.stop, going)
        self.stop.disabled = watch.state == "stopping"
        show(self.go_on, not going and watch.state != "finished")


def headline(watch: RunWatch) -> str:
    """What a run does, or has come to, in a few words."""
    going, done = OTHER_WORK.get(watch.kind, (HEADLINES["running"], HEADLINES["finished"]))
    return {**HEADLINES, "running": going, "finished": done}[watch.state]


def _head(watch: RunWatch, budget_usd: float | None) -> str:
    overview = watch.overview
    fraction = 1.0 if watch.state == "finished" else min(overview.fraction, 0.99)
    left = overview.time_left_s(time.time()) if watch.state == "running" else None
    left_text = "" if left is None else f"About {_duration(left)} left"
    cost = f"<b>{dollars(overview.cost_usd)}</b>"
    limit = f" of {dollars(budget_usd)}" if budget_usd is not None else ""
    return (
        f"<div style='display:flex;justify-content:space-between'><h2>{headline(watch)}</h2>"
        f"<h2>{fraction:.0%}</h2></div>"
        f"<div class='rl-bar rl-thick' role='progressbar' aria-label='The whole film' aria-valuemin='0' "
        f"aria-valuemax='100' aria-valuenow='{fraction * 100:.0f}'><i style='width:{fraction:.1%}'></i></div>"
        f"<div class='rl-small' style='display:flex;justify-content:space-between'><span>{left_text}</span>"
        f"<span>{cost}{limit}</span></div>"
    )


def _steps(watch: RunWatch) -> str:
    overview = watch.overview
    planned = SHARES.get(watch.kind, {})
    names = [*planned, *(name for name in overview.steps if name not in planned)]
    if watch.state == "finished":  # what such a film did not need is no step that waits
        names = [name for name in names if name in overview.steps]
    return "<ul class='rl-steps'>" + "".join(_step(name, overview.steps.get(name), watch) for name in names) + "</ul>"


def _step(name: str, step: StepState | None, watch: RunWatch) -> str:
    title = NAMES.get(name, name.replace("_", " ").capitalize())
    going = watch.state in ("starting", "running", "stopping")
    if step is None:
        return f"<li class='rl-waiting'>{icon('waiting')}<span>{escape(title)}</span><span></span></li>"
    state = step.state if going or step.state != "running" else "failed"
    count = f", {step.done:,} of {step.total:,}" if step.total and step.total > 1 else ""
    detail = ""
    if state == "running" or (state == "failed" and step.message):
        if step.total and step.unit in COUNTED and step.total <= MOST_CELLS:
            cells = "".join(
                f"<i class='{'rl-on' if number <= step.done else ''}'>{number}</i>"
                for number in range(1, step.total + 1)
            )
            detail = f"<div class='rl-cells' aria-hidden='true'>{cells}</div>"
        if step.message:
            detail += f"<div class='rl-detail'>{escape(step.message[:140])}</div>"
    elif step.remembered:
        detail = f"<div class='rl-detail'>{step.remembered:,} kept from before</div>"
    mark = icon(state, spinning=state == "running")
    return f"<li class='rl-{state}'>{mark}<span>{escape(title)}{count}</span><span></span>{detail}</li>"


def _note(watch: RunWatch, budget_usd: float | None) -> str:
    warnings = "".join(
        f"<p style='color:var(--rl-changed)'>{escape(warning)}</p>" for warning in watch.overview.warnings[-4:]
    )
    if watch.state == "failed":
        return alert(watch.message or "The run ended without a word.") + warnings
    if watch.state in ("starting", "running"):
        limit = f" Spending stops at {dollars(budget_usd)}." if budget_usd is not None else ""
        return (
            "<div class='rl-note rl-small'>You can close this page. The film goes on, and we tell you when it is "
            f"ready.{limit}</div>{warnings}"
        )
    return warnings


def _undecided(count: int) -> str:
    what = f"{count} requests were" if count > 1 else "A request was"
    return (
        f"<div class='rl-note rl-small'>{what} sent and may have been charged, and brought nothing. Look at "
        "the service's bill, then decide.</div>"
    )


def _duration(seconds: float) -> str:
    if seconds < 55:
        return f"{max(5, round(seconds / 5) * 5)} s"
    return f"{max(1, round(seconds / 60))} min"
