"""When shots are seen and lines are heard: cuts on speech, L and J cuts, decided lengths."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.providers.contracts import SpokenWord
from storyreel.shots.script_model import Breakdown, Line, Shot, ShotScene
from storyreel.timeline.script_layout import (
    END_S,
    SCENE_TAIL_S,
    TITLE_S,
    ScriptLayout,
    SpokenLine,
    lay_out_script,
    unspoken,
)

RATE = Rate(num=30)


def line(number: int, who: str, text: str, **fields: object) -> Line:
    return Line.model_validate({"id": f"1.{number}", "character": who, "text": text, **fields})


def shot(number: int, *lines: Line, action: str = "", rough_s: float = 3.0, **fields: object) -> Shot:
    return Shot.model_validate(
        {"id": f"1-{number:02d}", "scene": 1, "size": "medium", "subject": "x", "action": action, "lines": lines,
         "rough_s": rough_s, **fields}
    )  # fmt: skip


def heard(duration_s: float, words: int) -> SpokenLine:
    step = duration_s / words
    return SpokenLine(
        None, duration_s, tuple(SpokenWord(text=f"w{k}", start_s=k * step, end_s=(k + 1) * step) for k in range(words))
    )


def lay(*shots: Shot, lines: dict[str, SpokenLine]) -> ScriptLayout:
    return lay_out_script(Breakdown(title="T", scenes=(ShotScene(number=1, shots=shots),)), lines, RATE)


ESTABLISH = shot(1)


def exchange(first: str, second: str) -> ScriptLayout:
    return lay(
        ESTABLISH, shot(2, line(1, "Ada", first)), shot(3, line(2, "Ben", second)),
        lines={"1.1": heard(2.0, 5), "1.2": heard(1.5, 4)},
    )  # fmt: skip


def test_shots_tile_the_film_and_the_title_comes_before_anything_is_done() -> None:
    layout = exchange("I was here.", "So was I.")
    assert layout.shots[0].start == 0
    assert layout.shots[0].end == RATE.frames(TITLE_S + 3.0)
    for before, after in zip(layout.shots, layout.shots[1:], strict=False):
        assert before.end == after.start
    assert layout.length_frames == layout.shots[-1].end
    assert layout.shots[-1].end == layout.lines["1.2"] + RATE.frames(1.5 + END_S)


def test_a_cut_between_speakers_lies_in_the_rest_between_them() -> None:
    layout = exchange("I was here.", "So was I.")
    cut = layout.shots[2].start
    assert layout.lines["1.1"] + RATE.frames(2.0) < cut < layout.lines["1.2"]


def test_whoever_is_asked_is_seen_before_the_question_is_over() -> None:
    layout = exchange("Were you here?", "I was.")
    cut, ends = layout.shots[2].start, layout.lines["1.1"] + RATE.frames(2.0)
    assert cut < ends <= layout.lines["1.2"]
    # On the beginning of a word: 5 words in 2 s, so the last one begins 0.4 s before the end.
    assert ends - cut == RATE.frames(0.4)


def test_whoever_is_interrupted_is_still_seen_while_the_other_begins() -> None:
    layout = exchange("But I never—", "Enough of that.")
    assert layout.lines["1.2"] - (layout.lines["1.1"] + RATE.frames(2.0)) <= 3
    assert layout.lines["1.2"] < layout.shots[2].start < layout.lines["1.2"] + RATE.frames(0.6)


def test_lines_spoken_at_once_begin_at_once() -> None:
    both = shot(2, line(1, "Ada", "Yes."), line(2, "Ben", "No.", together=True))
    layout = lay(ESTABLISH, both, lines={"1.1": heard(1, 1), "1.2": heard(2, 1)})
    assert layout.lines["1.1"] == layout.lines["1.2"]
    assert layout.shots[-1].end >= layout.lines["1.2"] + RATE.frames(2)


def test_a_beat_rests_longer() -> None:
    def gap(manner: str) -> int:
        talk = shot(2, line(1, "Ada", "Yes."), line(2, "Ben", "No.", manner=manner))
        layout = lay(ESTABLISH, talk, lines={"1.1": heard(1, 1), "1.2": heard(1, 1)})
        return layout.lines["1.2"] - layout.lines["1.1"]

    assert gap("after a pause") - gap("") > RATE.frames(0.5)


def test_a_decided_length_is_kept_but_no_line_is_cut_off() -> None:
    lines = {"1.1": heard(2.0, 4), "1.2": heard(2.0, 4)}
    talk, rest = line(1, "Ada", "One two."), shot(3, line(2, "Ada", "Three."))
    long = lay(ESTABLISH, shot(2, talk, fixed_s=6.0), rest, lines=lines)
    assert long.shots[1].end - long.shots[1].start == RATE.frames(6.0)
    assert long.lines["1.2"] >= long.shots[2].start
    short = lay(ESTABLISH, shot(2, talk, fixed_s=0.5), rest, lines=lines)
    assert short.shots[1].end >= short.lines["1.1"] + RATE.frames(2.0)
    held = lay(shot(1, fixed_s=9.0), shot(2, talk), rest, lines=lines)
    assert held.shots[0].end == RATE.frames(9.0)


def test_a_scene_ends_on_a_rest() -> None:
    scenes = (
        ShotScene(number=1, shots=(ESTABLISH, shot(2, line(1, "Ada", "Yes.")))),
        ShotScene(number=2, shots=(shot(3).model_copy(update={"scene": 2}),)),
    )
    layout = lay_out_script(Breakdown(title="T", scenes=scenes), {"1.1": heard(1, 1)}, RATE)
    assert layout.shots[1].end == layout.lines["1.1"] + RATE.frames(1 + SCENE_TAIL_S)


def test_an_unspoken_line_is_timed_by_its_letters() -> None:
    short, long = unspoken(line(1, "Ada", "Yes.")), unspoken(line(2, "Ada", "Yes, and a good deal more than that."))
    assert short.audio is None
    assert short.duration_s < long.duration_s
    assert [word.text for word in long.words] == ["Yes,", "and", "a", "good", "deal", "more", "than", "that."]
    assert long.words[-1].end_s <= long.duration_s + 0.5


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["Ada", "Ben"]), st.sampled_from(["Yes.", "Why?", "But—"]),
                  st.floats(0.25, 6.0, width=16), st.integers(1, 9),
                  st.one_of(st.none(), st.floats(0.5, 9.0, width=16))),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_no_two_lines_overlap_and_every_line_is_heard_out(
    talk: list[tuple[str, str, float, int, float | None]],
) -> None:
    shots = [shot(n + 2, line(n, who, text), fixed_s=fixed) for n, (who, text, _, _, fixed) in enumerate(talk)]
    lines = {f"1.{n}": heard(duration_s, words) for n, (_, _, duration_s, words, _) in enumerate(talk)}
    layout = lay(ESTABLISH, *shots, lines=lines)
    ends_s = 0.0
    for n, (_, _, duration_s, _, _) in enumerate(talk):
        start_s = RATE.seconds(layout.lines[f"1.{n}"])
        assert start_s >= ends_s - 1 / 30
        ends_s = start_s + duration_s
    assert RATE.seconds(layout.length_frames) >= ends_s
    assert [span.end for span in layout.shots[:-1]] == [span.start for span in layout.shots[1:]]
    assert all(span.end > span.start for span in layout.shots)


@pytest.mark.parametrize("rate", [Rate(num=24), Rate(num=30000, den=1001), Rate(num=60)])
def test_every_rate_is_whole_frames(rate: Rate) -> None:
    breakdown = Breakdown(title="T", scenes=(ShotScene(number=1, shots=(ESTABLISH, shot(2))),))
    layout = lay_out_script(breakdown, {}, rate)
    assert layout.shots[0].end == layout.shots[1].start
