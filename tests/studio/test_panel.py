"""The panel shows each step, the whole, the time left and warnings, and its button stops the run."""

from __future__ import annotations

import time

import pytest

from storyreel.errors import Cancelled
from storyreel.progress import Event, Progress
from storyreel.studio.panel import ProgressPanel


def begin(progress: Progress) -> None:
    progress.emit(Event(at_s=time.time() - 10, kind="run", step="title", shares={"illustrate": 0.5, "render": 0.5}))


def test_bars_follow_the_steps() -> None:
    progress = Progress()
    panel = ProgressPanel(progress)
    begin(progress)
    with progress.task("illustrate", 4, "pictures") as task:
        task.advance(4, remembered=True)
    with progress.task("render", 100, "frames") as task:
        task.advance(50)
        time.sleep(0.2)
        task.advance(10)
        assert len(panel.steps.children) == 2
        _, bar, text = panel.steps.children[1].children
        assert bar.value == pytest.approx(0.6)
        assert "60 of 100 frames" in text.value
        assert panel.whole.value == pytest.approx(0.8)
        assert "left" in panel.left.value
        assert not panel.stop.disabled
    progress.emit(Event(at_s=time.time(), kind="finished", step="title"))
    assert "4 kept from before" in panel.steps.children[0].children[2].value
    assert "finished" in panel.left.value
    assert panel.stop.disabled


def test_the_button_stops_the_run() -> None:
    progress = Progress()
    panel = ProgressPanel(progress)
    begin(progress)
    panel.stop.click()
    with pytest.raises(Cancelled), progress.task("illustrate"):
        pass
    assert panel.stop.disabled


def test_warnings_are_shown_as_text_never_as_markup() -> None:
    progress = Progress()
    panel = ProgressPanel(progress)
    begin(progress)
    progress.warn("<script>alert(1)</script>")
    assert "&lt;script&gt;" in panel.warnings.value
    assert "<script>" not in panel.warnings.value


def test_a_stopped_run_says_how_to_go_on() -> None:
    progress = Progress()
    panel = ProgressPanel(progress)
    begin(progress)
    progress.emit(Event(at_s=time.time(), kind="stopped", step="title", message="the disk is full"))
    assert "the disk is full" in panel.left.value
    assert "go on" in panel.left.value


def test_what_was_paid_so_far_is_told_while_it_runs_and_at_the_end() -> None:
    progress = Progress()
    panel = ProgressPanel(progress)
    begin(progress)
    for _ in range(3):
        progress.emit(Event(at_s=time.time(), kind="cost", step="illustrate", cost_usd=0.04))
    assert "$0.12 spent" in panel.left.value
    progress.emit(Event(at_s=time.time(), kind="finished", step="title"))
    assert "$0.12 spent" in panel.left.value
