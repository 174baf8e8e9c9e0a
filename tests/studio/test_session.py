"""Sessions: every window shows the same film, whoever edits it; undo goes back to the start, also after a restart."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storyreel.project import Project
from storyreel.recipes._finish import finish, keep_timeline, read_timeline
from storyreel.recipes.edits import keep_assembled, saved_edits
from storyreel.recipes.resume import edit as edit_by_command
from storyreel.studio.session import Session
from storyreel.timeline.edit import ChangeCaption
from storyreel.timeline.model import Timeline

Opener = Callable[[Project], Session]


def caption(cue: int, text: str) -> dict[str, object]:
    return {"kind": "change_caption", "cue": cue, "text": text}


def film_of(page) -> Timeline:
    return Timeline.model_validate(page.timeline)


def test_a_page_that_says_hello_is_told_everything(page):
    state = page.last("state")
    assert film_of(page).cues[0].text == "the lamp"
    assert [shot["clip"] for shot in state["shots"]] == [f"s{n:04d}" for n in range(6)]
    assert state["shots"][1] | {"takes": 0} == {
        "clip": "s0001", "number": 2, "title": "a shade of 30", "camera": "", "prompt": "a shade of 30", "cast": [],
        "status": "done", "fraction": 1.0, "message": "", "sketch": "", "takes": 0, "price_usd": 0.0,
        "can_make_again": True, "why_not": "",
    }  # fmt: skip
    assert state["film"]["ready_frames"] == 120
    assert state["film"]["running"] is False
    assert state["sound_block_samples"] == 921_600
    assert state["captions"]["margins"] == [0.05] * 4
    assert state["fonts"]["sans"] == ["NotoSans-SemiBold.ttf"]


def test_a_film_without_captions_opens_too(project, open_session, new_page):
    bare = read_timeline(project).model_copy(update={"captions": "none", "cues": ()})
    keep_timeline(project, keep_assembled(project, bare).timeline)
    opened = new_page(open_session(project))
    assert opened.hello()["captions"]["style"] == {}
    assert opened.of("notice") == []


def test_an_edit_reaches_every_window_as_the_same_patch_and_is_kept(page, new_page, session, project):
    other = new_page(session, "w2")
    other.hello()
    number = page.edit(caption(0, "one lamp"))
    assert page.answer(number)["window"] == "w1"
    assert page.timeline == other.timeline
    assert film_of(other).cues[0].text == "one lamp"
    assert film_of(other) == session.timeline
    assert session.settle()
    assert read_timeline(project) == session.timeline
    assert saved_edits(project) == (ChangeCaption(cue=0, text="one lamp"),)
    assert "one lamp" in project.path("film.srt").read_text()


def test_an_edit_that_does_not_fit_is_refused_with_the_reason_and_changes_nothing(page, session):
    number = page.edit(caption(0, "x"), {"kind": "remove_clip", "clip": "gone"})
    assert page.answer(number) == {
        "type": "refused", "id": number, "message": "edit 2 (remove_clip) cannot be made: no clip is called 'gone'",
    }  # fmt: skip
    assert session.history.entries == ()
    assert film_of(page).cues[0].text == "the lamp"


def test_the_same_message_sent_again_after_a_lost_answer_is_not_made_twice(page, session):
    split = {"kind": "split_clip", "clip": "s0001", "at_frame": 30, "id": "new"}
    page.window.take({"type": "edit", "id": 7, "base": page.revision, "label": "Split", "edits": [split]})
    page.window.take({"type": "edit", "id": 7, "base": page.revision, "label": "Split", "edits": [split]})
    assert page.last("done")["id"] == 7
    assert [clip.id for clip in session.timeline.clips].count("new") == 1


def test_undo_goes_back_to_the_beginning_and_redo_to_the_end(page, session):
    states = [page.timeline]
    for number in range(12):
        page.edit(caption(number % 3, f"text {number}"))
        states.append(page.timeline)
    for before in reversed(states[:-1]):
        page.say({"type": "undo"})
        assert page.timeline == before
    nothing = page.say({"type": "undo"})
    assert page.answer(nothing)["message"] == "There is nothing more to be undone."
    for after in states[1:]:
        page.say({"type": "redo"})
        assert page.timeline == after
    assert [entry["undone"] for entry in page.last("patch")["history"]] == [False] * 12


def test_undo_survives_a_restart_and_the_next_window_goes_on_with_it(page, session, open_session, project, new_page):
    page.edit(caption(0, "one"))
    page.edit(caption(0, "two"))
    session.close()
    later = new_page(open_session(project), "after-the-restart")
    later.hello()
    later.say({"type": "undo"})
    assert film_of(later).cues[0].text == "one"
    later.say({"type": "undo"})
    later.say({"type": "redo"})
    assert film_of(later).cues[0].text == "one"
    assert [entry["label"] for entry in later.last("patch")["history"]] == ["an edit", "an edit"]


def test_a_window_undoes_its_own_edit_and_leaves_the_others(page, new_page, session):
    other = new_page(session, "w2")
    other.hello()
    page.edit(caption(0, "mine"), label="Mine")
    other.edit(caption(1, "yours"), label="Yours")
    page.say({"type": "undo"})
    assert [cue.text for cue in film_of(other).cues[:2]] == ["the lamp", "yours"]
    history = other.last("patch")["history"]
    assert [(entry["label"], entry["window"], entry["undone"]) for entry in history] == [
        ("Mine", "w1", True), ("Yours", "w2", False),
    ]  # fmt: skip
    assert page.timeline == other.timeline


def test_an_edit_made_before_another_windows_split_was_seen_still_means_its_caption(page, new_page, session):
    other = new_page(session, "w2")
    other.hello()
    base = page.revision
    other.edit({"kind": "split_caption", "cue": 0, "word": 1})
    page.edit(caption(2, "fin"), base=base)  # the third caption then, the fourth now
    assert [cue.text for cue in session.timeline.cues] == ["the", "lamp", "went out", "fin"]
    assert page.timeline == other.timeline


def test_two_edits_of_one_window_on_their_way_at_once_are_both_made_of_what_it_showed(page, new_page, session):
    other = new_page(session, "w2")
    other.hello()
    base = page.revision
    other.edit(caption(1, "went dark"))
    page.edit({"kind": "split_caption", "cue": 0, "word": 1}, base=base)
    page.edit(caption(3, "fin"), base=base)  # counted after its own split
    assert [cue.text for cue in session.timeline.cues] == ["the", "lamp", "went dark", "fin"]


def test_undoing_an_edit_that_others_build_on_leaves_them_out_tells_and_brings_them_back(page, new_page, session):
    other = new_page(session, "w2")
    other.hello()
    page.edit({"kind": "insert_clip", "at": 6, "id": "new", "asset": None, "length_frames": 5}, label="Insert")
    other.edit({"kind": "change_duration", "clip": "new", "length_frames": 9, "mode": "ripple"}, label="Longer")
    other.edit(caption(2, "fin"))
    page.say({"type": "undo"})
    assert [clip.id for clip in session.timeline.clips][-1] == "s0005"
    assert session.timeline.cues[2].text == "fin"
    assert other.last("notice")["message"] == "“Longer” is left out for now: no clip is called 'new'"
    page.hello()
    assert page.last("notice") == other.last("notice")
    page.say({"type": "redo"})
    assert session.timeline.clips[-1].length_frames == 9
    assert other.timeline == page.timeline


def test_edits_by_the_command_line_are_in_the_same_history_and_shown_at_once(page, session, project):
    edit_by_command(project.id, [ChangeCaption(cue=1, text="by command")], cache=project.cache)
    page.until(lambda m: m["type"] == "patch" and m["window"] == "command line")
    assert film_of(page).cues[1].text == "by command"
    page.until(lambda m: m["type"] == "progress" and m.get("film", {}).get("unrendered") == 0)
    page.edit(caption(0, "changed"))
    patch = page.last("patch")
    assert patch["film"]["unrendered"] == 1
    page.edit({"kind": "change_duration", "clip": "s0003", "length_frames": 15})
    assert [shot["status"] for shot in page.last("patch")["shots"]] == ["done"] * 3 + ["changed"] * 2 + ["done"]


def test_a_run_that_lays_the_film_anew_shows_in_the_page_with_the_edits_made(page, session, project):
    page.edit(caption(0, "kept"))
    base = session._assembled
    shorter = base.model_copy(update={"clips": base.clips[:5], "length_frames": 100, "cues": base.cues[:2]})
    with project.locked():
        finish(project, shorter.model_copy(update={"sounds": ()}), quality="draft")
    page.until(lambda m: m["type"] == "patch" and m["values"].get("length_frames") == 100)
    assert [cue.text for cue in film_of(page).cues] == ["kept", "went out"]


TWO_WINDOWS = """
import sys, time, json
from storyreel.project import Project
from storyreel.studio.session import Session
session = Session(Project("lamp", sys.argv[1]))
seen = []
def hear(message, buffers=()):
    for entry in message.get("history", []):
        if entry["label"] not in [label for label, _ in seen]:
            seen.append((entry["label"], time.time()))
window = session.join(hear)
window.take({"type": "hello", "window": "other"})
print("ready", flush=True)
for number in range(int(sys.argv[2])):
    edits = [{"kind": "change_caption", "cue": 1, "text": f"other {number}"}]
    edit = {"base": session.revision, "label": f"other {number}", "edits": edits}
    window.take({"type": "edit", "id": number + 1, **edit})
    time.sleep(0.05)
end = time.time() + 20
while len(seen) < 2 * int(sys.argv[2]) and time.time() < end:
    time.sleep(0.02)
print(json.dumps({"seen": seen, "cues": [cue.text for cue in session.timeline.cues]}), flush=True)
session.close()
"""


def test_two_processes_see_each_others_edits_within_a_second_and_none_is_lost(page, session, project, tmp_path):
    count, script = 10, tmp_path / "other.py"
    script.write_text(TWO_WINDOWS)
    command = [sys.executable, str(script), str(project.cache), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd(), env=_here()) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        made_at: dict[str, float] = {}
        for number in range(count):
            page.edit(caption(0, f"mine {number}"), label=f"mine {number}")
            made_at[f"mine {number}"] = time.time()
            time.sleep(0.05)
        told = json.loads(other.stdout.readline())
    seen = dict(told["seen"])
    labels = {f"{who} {number}" for who in ("mine", "other") for number in range(count)}
    assert set(seen) == labels
    page.until(lambda m: {entry["label"] for entry in m.get("history", [])} == labels)
    assert told["cues"][:2] == [f"mine {count - 1}", f"other {count - 1}"]
    assert film_of(page) == session.timeline
    assert [cue.text for cue in session.timeline.cues][:2] == told["cues"][:2]
    late = sorted(seen[label] - made_at[label] for label in made_at)
    assert late[len(late) // 2] < 1.0
    assert len(saved_edits(project)) == 2 * count


def _here() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def test_a_film_without_a_timeline_says_what_to_do(tmp_path, open_session):
    from storyreel.errors import InputError
    from storyreel.project import Record

    empty = Project("empty", tmp_path / "cache")
    empty.save_record(Record(recipe="title", inputs={}, crew={}, settings=page_settings()))
    with pytest.raises(InputError, match="has no timeline yet"):
        open_session(empty)


def page_settings():
    from storyreel.settings import Settings

    return Settings(width_px=128, height_px=72)
