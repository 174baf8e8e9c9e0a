"""The Make column: what is offered once a run has ended."""

from __future__ import annotations

from storyreel.progress import Event
from storyreel.project import Project
from storyreel.studio.making import MakePanel
from storyreel.studio.runs import RunWatch


def hidden(widget) -> bool:
    return "rl-hidden" in widget._dom_classes


def test_a_request_without_an_answer_is_sent_once_more_only_by_its_own_button(tmp_path):
    project, pressed = Project("lamp", tmp_path), []
    panel = MakePanel(lambda: pressed.append("stop"), lambda: pressed.append("on"), lambda: pressed.append("again"))
    for kind, message in (("run", ""), ("stopped", "no answer was kept")):
        project.progress.emit(Event.model_validate({"at_s": 1.0, "kind": kind, "step": "title", "message": message}))
    watch = RunWatch(project)
    watch.look()
    panel.draw(watch, None, 0)
    assert hidden(panel.ask_again)
    assert panel.undecided.value == ""
    panel.draw(watch, None, 2)
    assert not hidden(panel.ask_again)
    assert "2 requests were sent and may have been charged" in panel.undecided.value
    panel.ask_again.click()
    assert pressed == ["again"]
