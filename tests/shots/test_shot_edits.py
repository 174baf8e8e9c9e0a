"""Shots are added, taken away and moved as values, and a rewritten shots.json is read as such changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from storyreel.errors import InputError
from storyreel.shots.card_edits import apply_cards, changed_shots
from storyreel.shots.cast import Cast
from storyreel.shots.script_model import Breakdown, Line, Shot, ShotScene
from storyreel.shots.shot_edits import AddShot, MoveShot, RemoveShot, rearranged

CAST = Cast(style="plain", narrator="none", characters=(), places=())


def breakdown(*shots_a_scene: int) -> Breakdown:
    """Scenes of shots in each of which one line is spoken."""
    scenes = []
    for number, count in enumerate(shots_a_scene, 1):
        shots = tuple(
            Shot(
                id=f"{number}-{k:02d}", scene=number, size="medium", people=("Ada",), subject=f"Ada {k}", rough_s=2.0,
                lines=(Line(id=f"{number}.{k}", character="Ada", text=f"Line {k}.", goes_on=k > 1),),
            )
            for k in range(1, count + 1)
        )  # fmt: skip
        scenes.append(ShotScene(number=number, shots=shots, people=("Ada",)))
    return Breakdown(title="Test", scenes=tuple(scenes))


def order(of: Breakdown) -> list[list[str]]:
    return [[shot.id for shot in scene.shots] for scene in of.scenes]


def lines(of: Breakdown) -> list[str]:
    return [line.id for line in of.lines]


def test_an_added_shot_stands_where_it_was_put_under_a_name_of_its_own() -> None:
    once = rearranged(breakdown(2, 2), AddShot(after="1-01", subject="A dog", people=("Ben",)))
    assert order(once) == [["1-01", "1-01a", "1-02"], ["2-01", "2-02"]]
    assert (once.shots[1].scene, once.shots[1].rough_s, once.scenes[0].people) == (1, 3.0, ("Ada", "Ben"))
    twice = rearranged(once, AddShot(after="1-01", subject="A cat", shot="cat", fixed_s=2.0))
    assert order(twice)[0] == ["1-01", "cat", "1-01a", "1-02"]
    assert order(rearranged(twice, AddShot(after="1-01", subject="A cow")))[0][1] == "1-01b"
    assert order(rearranged(twice, AddShot(before="2-01", subject="A cow")))[1][0] == "2-01a"


def test_the_lines_of_a_shot_that_goes_are_heard_over_its_neighbour_unless_they_go_too() -> None:
    kept = rearranged(breakdown(3), RemoveShot(shot="1-02"))
    assert (order(kept), lines(kept)) == ([["1-01", "1-03"]], ["1.1", "1.2", "1.3"])
    assert kept.shots[0].rough_s > 2.0
    first = rearranged(breakdown(3), RemoveShot(shot="1-01"))
    assert [line.id for line in first.shots[0].lines] == ["1.1", "1.2"]
    assert lines(rearranged(breakdown(3), RemoveShot(shot="1-02", with_lines=True))) == ["1.1", "1.3"]


def test_a_moved_shot_takes_its_lines_along_and_they_no_longer_go_on() -> None:
    moved = rearranged(breakdown(3, 2), MoveShot(shot="1-02", after="2-01"))
    assert order(moved) == [["1-01", "1-03"], ["2-01", "1-02", "2-02"]]
    assert moved.shots[3].scene == 2
    assert lines(moved) == ["1.1", "1.3", "2.1", "1.2", "2.2"]
    assert [line.goes_on for line in moved.lines] == [False] * 5
    assert order(rearranged(breakdown(3), MoveShot(shot="1-03", before="1-01"))) == [["1-03", "1-01", "1-02"]]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (AddShot(after="9-99", subject="x"), "no shot is called '9-99'"),
        (AddShot(after="1-01", subject="x", shot="1-02"), "there is a shot 1-02 already"),
        (
            AddShot(after="1-01", subject="x", lines=(Line(id="1.1", character="", text="Hm."),)),
            "there is a line 1.1 already",
        ),
        (RemoveShot(shot="2-01"), "shot 2-01 is the only one of scene 2"),
        (MoveShot(shot="2-01", after="1-01"), "shot 2-01 is the only one of scene 2"),
        (MoveShot(shot="1-01", after="1-01"), "cannot go next to itself"),
        (MoveShot(shot="1-01", after="nowhere"), "no shot is called 'nowhere'"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(edit: AddShot | RemoveShot | MoveShot, told: str) -> None:
    with pytest.raises(InputError, match=rf"change 1 \({edit.kind}\) cannot be made: .*{told}"):
        apply_cards(breakdown(2, 1), CAST, [edit])


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", ""])
def test_names_that_could_not_be_those_of_files_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        AddShot(after="1-01", subject="x", lines=(Line(id=name, character="", text="Hm."),))
    if name:
        with pytest.raises(ValidationError):
            AddShot(after="1-01", subject="x", shot=name)
    with pytest.raises(ValidationError):
        MoveShot(shot="1-01")


@given(st.data())
def test_a_rewritten_file_is_read_as_changes_that_give_it(data: st.DataObject) -> None:
    before = breakdown(4, 3)
    shots = {shot.id: shot for shot in before.shots}
    kept = [name for name in shots if data.draw(st.booleans()) or name in ("1-01", "2-01")]
    firsts = data.draw(st.permutations([name for name in kept if name[0] == "1"]))
    seconds = data.draw(st.permutations([name for name in kept if name[0] == "2"]))
    rows = [list(firsts), list(seconds)]
    if data.draw(st.booleans()) and len(rows[0]) > 1:  # one goes to the other scene
        rows[1].insert(data.draw(st.integers(0, len(rows[1]))), rows[0].pop())
    new = Shot(id="new", scene=1, size="wide", subject="A dog", rough_s=4.0)
    rows[0].insert(data.draw(st.integers(0, len(rows[0]))), new.id)
    after = before.model_copy(
        update={
            "scenes": tuple(
                scene.model_copy(update={"shots": tuple({**shots, "new": new}[name] for name in row)})
                for scene, row in zip(before.scenes, rows, strict=True)
            )
        }
    )
    edits = changed_shots(before, after)
    again, _ = apply_cards(before, CAST, edits)
    assert order(again) == rows
    assert set(lines(again)) == {line.id for name in kept for line in shots[name].lines}
    moved = [edit for edit in edits if isinstance(edit, MoveShot)]
    assert len(moved) <= len(kept) - 2 + 1


def test_one_shot_taken_from_the_front_to_the_end_is_one_change() -> None:
    before = breakdown(5)
    shots = before.shots
    scene = before.scenes[0].model_copy(update={"shots": (*shots[1:], shots[0])})
    assert changed_shots(before, before.model_copy(update={"scenes": (scene,)})) == (
        MoveShot(shot="1-01", after="1-05"),
    )


def test_lines_are_not_moved_by_rewriting() -> None:
    before = breakdown(2)
    first, second = before.shots
    swapped = (first.model_copy(update={"lines": ()}), second)
    scene = before.scenes[0].model_copy(update={"shots": swapped})
    with pytest.raises(InputError, match="lines cannot be added to shot 1-01 or taken away"):
        changed_shots(before, before.model_copy(update={"scenes": (scene,)}))
