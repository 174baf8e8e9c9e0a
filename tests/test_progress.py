"""One stream of events: kept, shown, added up, and able to stop the run."""

import json
from pathlib import Path

import pytest

from storyreel.errors import Cancelled
from storyreel.progress import Event, EventTail, Overview, Progress


def test_a_task_goes_from_started_to_done_and_every_event_is_a_line(tmp_path: Path) -> None:
    progress, path = Progress(), tmp_path / "events.jsonl"
    progress.keep_in(path)
    with progress.task("illustrate", 2, "pictures") as task:
        task.advance(message="a lighthouse")
        task.advance(remembered=True)
    events = [Event.model_validate_json(line) for line in path.read_text().splitlines()]
    assert [event.kind for event in events] == ["started", "advanced", "advanced", "done"]
    assert (events[-1].done, events[-1].total, events[-1].remembered) == (2, 2, 1)
    assert json.loads(path.read_text().splitlines()[1])["message"] == "a lighthouse"


def test_a_failure_is_told_and_raised() -> None:
    progress, seen = Progress(), []
    progress.listen(seen.append)
    with pytest.raises(ZeroDivisionError), progress.task("render"):
        _ = 1 / 0
    assert [event.kind for event in seen] == ["started", "failed"]
    assert "zero" in seen[-1].message


def test_cancelling_stops_the_next_report_and_the_next_task() -> None:
    progress = Progress()

    def work() -> None:
        with progress.task("narrate", 3) as task:
            task.advance()
            progress.cancel()
            task.advance()

    with pytest.raises(Cancelled):
        work()
    with pytest.raises(Cancelled), progress.task("render"):
        pass


def test_a_listener_can_leave() -> None:
    progress, seen = Progress(), []
    forget = progress.listen(seen.append)
    forget()
    forget()
    progress.warn("careful")
    assert seen == []


def test_a_tail_gives_only_new_and_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    line = Event(at_s=1.0, kind="warned", step="", message="old").model_dump_json() + "\n"
    path.write_text(line)
    tail = EventTail(path)
    assert list(tail.new_events()) == []
    with path.open("a") as file:
        file.write(line.replace("old", "new") + line[:10])
    assert [event.message for event in tail.new_events()] == ["new"]
    with path.open("a") as file:
        file.write(line[10:])
    assert [event.message for event in tail.new_events()] == ["old"]


def at(second: float, kind: str, step: str, **more: object) -> Event:
    return Event.model_validate({"at_s": second, "kind": kind, "step": step, **more})


def test_the_time_left_comes_from_the_pace_of_what_was_made_now() -> None:
    overview = Overview()
    overview(at(0, "run", "title", shares={"narrate": 0.5, "render": 0.5}))
    overview(at(0, "started", "narrate", total=10))
    overview(at(0, "advanced", "narrate", done=5, total=10, remembered=5))
    assert overview.time_left_s(0) is None
    overview(at(10, "advanced", "narrate", done=10, total=10, remembered=5))
    # A quarter of the film took 10 s; a quarter was kept from before; a half is left.
    assert overview.fraction == pytest.approx(0.5)
    assert overview.time_left_s(10) == pytest.approx(20)
    overview(at(30, "finished", "title"))
    assert (overview.fraction, overview.time_left_s(30)) == (1.0, 0.0)


def test_a_new_run_starts_from_nothing() -> None:
    overview = Overview()
    overview(at(0, "run", "title", shares={"render": 1.0}))
    overview(at(1, "warned", "", message="careful"))
    overview(at(1, "failed", "render", message="no room"))
    assert overview.steps["render"].state == "failed"
    overview(at(2, "run", "title", shares={"render": 1.0}))
    assert overview.steps == {}
    assert overview.warnings == []
