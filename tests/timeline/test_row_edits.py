from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.recipes.tables import clip_table, cue_table, sound_table
from storyreel.timeline.edit import apply
from storyreel.timeline.model import Clip, Cue, CueWord, Sound, Timeline, Transition
from storyreel.timeline.row_edits import EDITABLE, edits_of_rows

ASSET = Asset(
    kind="image", blob=Blob(sha256="0" * 64, suffix=".png", size_bytes=1), provenance=Provenance(provider="test")
)  # fmt: skip

SOUND = ASSET.model_copy(update={"kind": "audio"})


def cue(start: int, *words: str) -> Cue:
    timed = tuple(CueWord(text=w, start_frame=start + 2 * k, end_frame=start + 2 * k + 2) for k, w in enumerate(words))
    return Cue(start_frame=start, length_frames=2 * len(words), lines=(timed,))


def film(clips: int = 4) -> Timeline:
    return Timeline(
        title="", rate=Rate(num=10), width_px=64, height_px=36, length_frames=20 * clips,
        clips=tuple(
            Clip(id=f"s{n}", asset=ASSET, start_frame=20 * n, length_frames=20, scene=n + 1) for n in range(clips)
        ),
        cues=(cue(0, "one", "two"), cue(20, "three", "four"), cue(40, "five")),
        sounds=(Sound(asset=SOUND, track="music", start_frame=0, length_frames=80),),
    )  # fmt: skip


TABLES: dict[str, Any] = {"clips": clip_table, "cues": cue_table, "sounds": sound_table}


def rows(name: str, timeline: Timeline) -> dict[Any, dict[str, Any]]:
    table: dict[Any, dict[str, Any]] = TABLES[name](timeline).to_dict("index")
    return table


def changed(name: str, cells: dict[tuple[Any, str], Any], timeline: Timeline | None = None, mode: Any = "roll") -> Any:
    timeline = timeline or film()
    table, after = rows(name, timeline), rows(name, timeline)
    for (row, column), value in cells.items():
        after[row][column] = value
    return edits_of_rows(timeline, name, table, after, mode)


@pytest.mark.parametrize("name", TABLES)
def test_an_unchanged_table_is_no_edit(name: str) -> None:
    assert changed(name, {}) == ()


@given(st.dictionaries(st.integers(0, 2), st.text("abc def", min_size=1, max_size=20).filter(str.strip), max_size=3))
def test_any_captions_written_anew_come_out_as_written(texts: dict[int, str]) -> None:
    timeline = film()
    edited = apply(timeline, changed("cues", {(n, "text"): text for n, text in texts.items()}, timeline))
    for number, cue in enumerate(edited.cues):
        assert cue.text.split() == texts.get(number, timeline.cues[number].text).split()


def test_captions_left_out_or_emptied_go_whatever_their_order() -> None:
    timeline = film()
    table, after = rows("cues", timeline), rows("cues", timeline)
    del after[0]
    after[2]["text"] = "  "
    after[1]["text"] = "anew"
    edited = apply(timeline, edits_of_rows(timeline, "cues", table, after))
    assert [cue.text for cue in edited.cues] == ["anew"]


@pytest.mark.parametrize("mode", ["roll", "ripple"])
@pytest.mark.parametrize(("column", "value"), [("length_frames", 26), ("length_s", 2.6), ("length_frames", 26.0)])
def test_lengths_are_taken_in_frames_or_seconds(column: str, value: float, mode: str) -> None:
    timeline = film()
    edited = apply(timeline, changed("clips", {("s1", column): value}, timeline, mode))
    assert edited.clips[1].length_frames == 26
    assert edited.length_frames == (80 if mode == "roll" else 86)


def test_lengths_of_neighbours_that_make_up_for_one_another_are_all_kept() -> None:
    timeline = film()
    wanted = {"s0": 30, "s1": 10, "s2": 15, "s3": 25}
    edits = changed("clips", {(clip, "length_frames"): frames for clip, frames in wanted.items()}, timeline)
    assert {clip.id: clip.length_frames for clip in apply(timeline, edits).clips} == wanted


def test_lengths_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InputError, match="do not fit together"):
        changed("clips", {(f"s{n}", "length_frames"): 25 for n in range(4)})


@given(st.permutations(["s0", "s1", "s2", "s3"]))
def test_any_order_of_rows_becomes_the_order_of_pictures(order: list[str]) -> None:
    timeline = film()
    table = rows("clips", timeline)
    edits = edits_of_rows(timeline, "clips", table, {clip: table[clip] for clip in order})
    assert [clip.id for clip in apply(timeline, edits).clips] == order


def test_a_clip_left_out_is_taken_out() -> None:
    timeline = film()
    table = rows("clips", timeline)
    edits = edits_of_rows(timeline, "clips", table, {clip: table[clip] for clip in ("s0", "s2", "s3")}, "ripple")
    edited = apply(timeline, edits)
    assert [clip.id for clip in edited.clips] == ["s0", "s2", "s3"]
    assert edited.length_frames == 60


def test_transitions_moves_and_gains_are_taken_back() -> None:
    timeline = film()
    cells = {
        ("s2", "transition"): "wipe", ("s2", "transition_frames"): 6, ("s2", "side"): "up",
        ("s3", "end_height"): 0.5, ("s3", "ease"): "linear",
    }  # fmt: skip
    edited = apply(timeline, changed("clips", cells, timeline))
    assert edited.clips[2].into == Transition(kind="wipe", length_frames=6, side="up")
    assert (edited.clips[3].motion.end.height, edited.clips[3].motion.ease) == (0.5, "linear")
    assert edited.clips[3].motion.start == timeline.clips[3].motion.start
    assert apply(timeline, changed("sounds", {(0, "gain_db"): -6.5}, timeline)).sounds[0].gain_db == -6.5


@pytest.mark.parametrize("name", TABLES)
def test_every_column_that_cannot_be_edited_is_refused_by_its_name(name: str) -> None:
    timeline = film()
    table = rows(name, timeline)
    row = next(iter(table))
    refused = [column for column in table[row] if column not in EDITABLE[name]]
    assert refused
    for column in refused:
        with pytest.raises(InputError, match=column):
            changed(name, {(row, column): "other"})


@pytest.mark.parametrize(
    ("name", "cells", "told"),
    [
        ("clips", {("s1", "length_frames"): 0}, "at least one"),
        ("clips", {("s1", "length_frames"): math.nan}, "no number"),
        ("clips", {("s1", "length_s"): "long"}, "no number"),
        ("clips", {("s1", "length_frames"): 25, ("s1", "length_s"): 3.0}, "differ"),
        ("clips", {("s1", "transition"): "explode"}, "transition of clip s1"),
        ("clips", {("s1", "end_height"): 4.0}, "end_height of clip s1"),
        ("clips", {("s0", "transition"): "wipe", ("s0", "transition_frames"): 4}, "first clip"),
        ("sounds", {(0, "gain_db"): 99}, "from -60 to 24"),
        ("clips", {("s1", "words_a_minute"): 3}, "no column"),
    ],
)
def test_values_that_cannot_be_are_refused_with_their_place(name: str, cells: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        changed(name, cells)


def test_rows_cannot_be_added_nor_sounds_left_out() -> None:
    timeline = film()
    table = rows("cues", timeline)
    with pytest.raises(InputError, match="cannot be added"):
        edits_of_rows(timeline, "cues", table, {**table, 7: table[0]})
    with pytest.raises(InputError, match="cannot be taken out"):
        edits_of_rows(timeline, "sounds", rows("sounds", timeline), {})
