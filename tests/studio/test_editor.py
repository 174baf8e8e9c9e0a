"""The widget: nothing of the film is a synced trait, messages go both ways, and closing ends what it started."""

from __future__ import annotations

import gc
import threading
import weakref
from importlib import import_module

import pytest

from storyreel.errors import InputError
from storyreel.studio.editor import Editor, editor
from storyreel.studio.session import session_of

editor_module = import_module("storyreel.studio.editor")


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """A page of one line, and what widgets send."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "studio.js").write_text("export default { render() {} }")
    monkeypatch.setattr(editor_module, "STATIC", tmp_path / "static")
    sent: list[tuple[dict, list]] = []
    monkeypatch.setattr(Editor, "send", lambda self, content, buffers=None: sent.append((content, buffers)))
    return sent


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("storyreel-")}


def test_the_editor_answers_its_page_and_syncs_nothing_of_the_film(shown, project):
    widget = editor(project.id, cache=project.cache)
    try:
        widget._heard(widget, {"type": "hello", "window": "w"}, [])
        assert shown[-1][0]["type"] == "state"
        synced = widget.get_state()
        assert not {"timeline", "shots", "project"} & set(synced)
        assert "Lamp" not in str(synced)
        widget._heard(
            widget,
            {"type": "edit", "id": 1, "base": 0, "label": "x", "edits": [{"kind": "remove_clip", "clip": "s0005"}]},
            [],
        )
        assert shown[-1][0]["type"] == "patch"
    finally:
        widget.close()


def test_a_project_shows_its_own_editor_and_two_cells_share_a_session(shown, project):
    one, other = project.edit(), editor(project)
    assert one._session is other._session
    assert threads()
    one.close()
    assert not other._session.closed
    other.close()
    assert other._session.closed
    assert threads() == set()


def test_an_editor_that_is_let_go_leaves_its_session(shown, project):
    widget = editor(project)
    session = widget._session
    gone = weakref.ref(widget)
    type(widget).close_all()  # as a restarted kernel's widgets: nothing holds them any more
    del widget
    gc.collect()
    assert gone() is None
    assert session.windows == []
    session.close()


def test_after_its_session_was_closed_a_new_editor_opens_another(shown, project):
    first = session_of(project.id, project.cache)
    first.close()
    widget = editor(project)
    assert widget._session is not first
    widget.close()


def test_captions_are_shown_another_way_or_hidden_as_an_edit_that_can_be_undone(shown, project):
    widget = editor(project)
    before = widget.captions
    widget.show_captions("none")
    assert widget.captions == "none"
    assert widget.unrendered == 1
    widget.show_captions("none")
    assert widget.unrendered == 1
    widget.show_captions(before)
    assert widget.captions == before
    with pytest.raises(InputError):
        widget.show_captions("sparkling")


def test_an_installation_without_the_page_says_how_to_mend_it(monkeypatch, tmp_path, project):
    monkeypatch.setattr(editor_module, "STATIC", tmp_path / "nothing")
    with pytest.raises(InputError, match=r"studio\.js is missing from this installation"):
        editor(project)


def test_a_project_that_is_not_there_or_a_path_is_refused(shown, project):
    for name in ("nobody", "../lamp", "/etc"):
        with pytest.raises(InputError):
            editor(name, cache=project.cache)
