"""History: whatever windows do, in whatever order, what they come to is the same for everybody and for ever."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.errors import CorruptFile
from storyreel.project import Project
from storyreel.recipes.edits import keep_assembled
from storyreel.recipes.history import BY_HAND, History
from storyreel.timeline.anchors import Anchor, anchored, carried_over, replayed
from storyreel.timeline.edit import EDITS, ChangeCaption, ChangeGain, InsertClip, MergeCaptions, SplitCaption, apply
from storyreel.timeline.model import Clip, Cue, CueWord, Timeline


def film(texts: tuple[str, ...] = ("a b", "c d", "e f", "g h")) -> Timeline:
    def cue(start: int, text: str) -> Cue:
        words = [
            CueWord(text=w, start_frame=start + 5 * k, end_frame=start + 5 * k + 5) for k, w in enumerate(text.split())
        ]
        return Cue(start_frame=start, length_frames=5 * len(words), lines=(tuple(words),))

    clips = tuple(Clip(id=f"s{n}", asset=None, start_frame=20 * n, length_frames=20) for n in range(4))
    cues = tuple(cue(20 * n, text) for n, text in enumerate(texts))
    return Timeline(title="t", rate=Rate(num=10), width_px=64, height_px=36, length_frames=80, clips=clips, cues=cues)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project("lamp", tmp_path / "cache")


def change(number: int, text: str) -> ChangeCaption:
    return ChangeCaption(cue=number, text=text)


TURNS = st.lists(
    st.tuples(
        st.sampled_from(["w1", "w2"]),
        st.one_of(
            st.sampled_from(["undo", "redo"]),
            st.tuples(st.integers(0, 3), st.text("xyz", min_size=1, max_size=3)),
        ),
    ),
    max_size=10,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=TURNS)
def test_two_processes_that_take_turns_come_to_the_same_and_so_does_whoever_reads_it_later(
    tmp_path_factory: pytest.TempPathFactory, turns: list
) -> None:
    project = Project("lamp", tmp_path_factory.mktemp("h") / "cache")
    of = {"w1": History(project), "w2": History(project)}
    lines = 0
    for window, turn in turns:
        history = of[window]
        with history.locked():
            if turn == "undo":
                lines += history.undo(window) is not None
            elif turn == "redo":
                lines += history.redo(window) is not None
            else:
                history.add(window, "x", [change(*turn)])
                lines += 1
    for history in of.values():
        history.refresh()
    later = History(project)
    assert of["w1"].entries == of["w2"].entries == later.entries
    assert EDITS.validate_json(project.path("edits.json").read_bytes()) == later.edits if lines else True
    path = project.path("history.jsonl")
    assert (len(path.read_text().splitlines()) if path.exists() else 0) == lines
    assert sum(not entry.undone for entry in later.entries) == len(later.live)


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 9), st.integers(0, 9))
def test_undone_to_the_beginning_and_redone_nothing_is_missing(tmp_path_factory, count, back):
    history = History(Project("lamp", tmp_path_factory.mktemp("h") / "cache"))
    with history.locked():
        for number in range(count):
            history.add("w", "x", [change(0, f"t{number}")])
        whole = history.edits
        undone = [history.undo("w") for _ in range(back)]
        assert sum(entry is not None for entry in undone) == min(back, count)
        assert history.edits == whole[: max(0, count - back)]
        for _ in range(back):
            history.redo("w")
        assert history.edits == whole
        assert history.redo("w") is None


def test_a_new_edit_ends_what_can_be_brought_back_and_loses_nothing(project):
    history = History(project)
    with history.locked():
        history.add("w", "first", [change(0, "x")])
        history.undo("w")
        history.add("w", "second", [change(0, "y")])
        assert history.redo("w") is None
    assert [(entry.label, entry.undone) for entry in History(project).entries] == [("first", True), ("second", False)]


def test_a_line_half_written_by_a_process_that_was_killed_is_written_over(project):
    history = History(project)
    with history.locked():
        history.add("w", "first", [change(0, "x")])
    with project.path("history.jsonl").open("ab") as file:
        file.write(b'{"kind":"edit","id":"ab')
    later = History(project)
    with later.locked():
        later.add("w", "second", [change(1, "y")])
    assert [entry.label for entry in History(project).entries] == ["first", "second"]
    assert later.edits == (change(0, "x"), change(1, "y"))


def test_edits_json_that_a_crash_left_behind_is_brought_up_to_date(project):
    history = History(project)
    with history.locked():
        history.add("w", "first", [change(0, "x")])
    path = project.path("edits.json")
    kept = path.read_bytes()
    with history.locked():
        history.add("w", "second", [change(1, "y")])
    path.write_bytes(kept)
    log_ns = project.path("history.jsonl").stat().st_mtime_ns
    os.utime(path, ns=(log_ns - 1_000_000, log_ns - 1_000_000))
    assert History(project).edits == (change(0, "x"), change(1, "y"))
    assert len(json.loads(path.read_text())) == 2


def test_edits_json_changed_by_hand_counts_and_the_history_says_so(project):
    history = History(project)
    with history.locked():
        history.add("w", "first", [change(0, "x")])
    path = project.path("edits.json")
    path.write_bytes(EDITS.dump_json((change(0, "x"), change(1, "added"))))
    assert [entry.label for entry in History(project).live] == ["first", BY_HAND]
    path.write_bytes(EDITS.dump_json((change(2, "only"),)))
    later = History(project)
    assert later.edits == (change(2, "only"),)
    assert [entry.undone for entry in later.entries] == [True, True, False]
    path.unlink()
    assert History(project).edits == ()


def test_a_films_edits_from_before_there_was_a_history_are_its_first_entry(project):
    project.path("edits.json").write_bytes(EDITS.dump_json((change(0, "x"),)))
    assert [(entry.label, entry.edits) for entry in History(project).live] == [("Edits from before", (change(0, "x"),))]


def test_a_damaged_history_is_told_with_its_line(project):
    history = History(project)
    with history.locked():
        history.add("w", "first", [change(0, "x")])
    with project.path("history.jsonl").open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(CorruptFile, match=r"history\.jsonl is damaged in line 2: move it away"):
        History(project)


# ------------------------------------------------------------------------------------------------------------- anchors


def test_an_edit_finds_its_caption_after_one_before_it_was_split_or_merged():
    before = film()
    anchors, _ = anchored(before, [change(2, "new")])
    for first in (SplitCaption(cue=0, word=1), MergeCaptions(cue=0)):
        now = apply(before, [first])
        _, _, after = carried_over(now, [change(2, "new")], anchors)
        assert [cue.text for cue in after.cues][-2:] == ["new", "g h"]
        assert len(after.cues) == len(now.cues)


def test_an_edit_whose_caption_is_gone_is_left_out_and_never_made_of_its_neighbour():
    before = film()
    anchors, _ = anchored(before, [change(1, "new")])
    now = apply(before, [change(1, "")])
    told: list[tuple[int, str]] = []
    after = replayed(now, [change(1, "new")], anchors, lambda number, why: told.append((number, why)))
    assert after == now
    assert told == [(0, "the caption that it was made of is no longer there: 'c d'")]


def test_two_who_write_the_same_caption_anew_meet_there_and_the_later_one_counts():
    before = film()
    anchors, _ = anchored(before, [change(1, "mine")])
    now = apply(before, [change(1, "yours")])
    assert carried_over(now, [change(1, "mine")], anchors)[2].cues[1].text == "mine"


def test_a_clip_is_put_in_after_the_clip_that_it_followed():
    before = film()
    put_in = InsertClip(at=2, id="new", asset=None, length_frames=3)
    anchors, _ = anchored(before, [put_in])
    assert anchors == (Anchor(text="s1"),)
    now = apply(before, [InsertClip(at=0, id="other", asset=None, length_frames=3)])
    after = carried_over(now, [put_in], anchors)[2]
    assert [clip.id for clip in after.clips] == ["other", "s0", "s1", "new", "s2", "s3"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.text("pqr ", max_size=4)), max_size=6))
def test_replayed_on_the_film_they_were_made_of_edits_do_what_they_did(pairs):
    edits = [change(number, text) for number, text in pairs]
    made, timeline = [], film()
    for edit in edits:
        if edit.cue < len(timeline.cues):
            made.append(edit)
            timeline = apply(timeline, [edit])
    anchors, after = anchored(film(), made)
    assert after == timeline == replayed(film(), made, anchors)


def test_a_run_that_lays_the_film_anew_finds_the_edits_captions_where_they_are_now(project):
    keep_assembled(project, film())
    history = History(project)
    anchors, _ = anchored(film(), [change(2, "new")])
    with history.locked():
        history.add("w", "x", [change(2, "new")], anchors)
    longer = film(("a b", "put in", "c d", "e f"))
    assert [cue.text for cue in keep_assembled(project, longer).timeline.cues] == ["a b", "put in", "c d", "new"]


def test_a_message_is_known_again_after_a_restart(project):
    history = History(project)
    with history.locked():
        history.add("w", "x", [ChangeGain(sound=0, gain_db=1.0)], message=7)
    later = History(project)
    assert later.has_message("w", 7)
    assert not later.has_message("w", 8)
    assert not later.has_message("other", 7)
    assert not later.has_message("w", 0)
