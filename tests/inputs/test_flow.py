from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import InputError
from storyreel.inputs.flow import FlowBrief, flow_brief, segment_lengths, segment_number, title_of


@given(st.floats(1.0, 3600.0))
def test_segments_are_five_seconds_long_and_the_last_makes_up_the_rest(seconds: float) -> None:
    lengths = segment_lengths(seconds)
    assert sum(lengths) == pytest.approx(seconds, abs=0.001)
    assert all(length == 5.0 for length in lengths[:-1])
    assert 0.5 <= lengths[-1] < 5.5


@pytest.mark.parametrize("seconds", [5, 10, 15, 30, 60, 600])
def test_the_usual_lengths_are_whole_segments(seconds: int) -> None:
    assert segment_lengths(seconds) == (5.0,) * (seconds // 5)


@pytest.mark.parametrize("seconds", [0, -5, 0.4, 3601, "long", "", None, float("nan"), float("inf"), True])
def test_impossible_lengths_are_refused_in_a_sentence(seconds: Any) -> None:
    with pytest.raises(InputError, match="seconds cannot be"):
        flow_brief("sea", seconds)


@pytest.mark.parametrize("prompt", ["", "   \n\t", "\x00\x07", "x" * 2001])
def test_prompts_that_say_nothing_or_too_much_are_refused(prompt: str) -> None:
    with pytest.raises(InputError, match="prompt"):
        flow_brief(prompt)


def test_a_prompt_is_tidied_and_gives_the_film_its_title() -> None:
    brief = flow_brief("  a lighthouse \n on a cliff, rain; night ", 12)
    assert brief.prompt == "a lighthouse on a cliff, rain; night"
    assert brief.title == "A lighthouse on a cliff"
    assert len(title_of("word " * 200)) <= 80


def test_a_brief_reads_back_what_it_wrote_and_knows_its_segments() -> None:
    brief = flow_brief("sea", 12)
    assert FlowBrief.model_validate(brief.model_dump(mode="json")) == brief
    assert segment_number("3", brief) == 3
    for wrong in ("0", "4", "last"):
        with pytest.raises(InputError, match="from 1 to 3"):
            segment_number(wrong, brief)
