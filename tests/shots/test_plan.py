from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.shots.plan import passages, scene_count
from storyreel.story.split import sentence_passages, words

SENTENCES = st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=60).map(
    lambda lengths: " ".join(" ".join(["word"] * (n - 1) + ["Stop."]).capitalize() for n in lengths)
)
ANY_TEXT = st.lists(
    st.sampled_from(["Rain", "fell,", "and", "stopped.", "Then;", "\n\n", "“No.”", "…"]), max_size=150
).map(" ".join)


@pytest.mark.parametrize(("count", "expected"), [(0, 1), (30, 1), (260, 5), (530, 10), (800, 15), (1600, 30)])
def test_there_are_fifteen_scenes_for_eight_hundred_words_and_at_least_one(count: int, expected: int) -> None:
    assert scene_count(count) == expected


@given(ANY_TEXT, st.integers(min_value=1, max_value=40))
def test_passages_cover_all_words_without_gap_or_overlap(text: str, count: int) -> None:
    found = passages(text, count)
    covered = [index for first, last in found for index in range(first, last + 1)]
    assert covered == list(range(len(words(text))))
    assert len(found) == min(count, len(words(text)))


@given(SENTENCES, st.integers(min_value=1, max_value=30))
def test_no_sentence_is_cut_while_there_are_enough_of_them(text: str, count: int) -> None:
    ends = {last for _, last in sentence_passages(text)}
    if len(ends) >= count:
        assert {last for _, last in passages(text, count)} <= ends


@given(st.integers(min_value=20, max_value=120), st.integers(min_value=2, max_value=10))
def test_passages_are_as_even_as_sentences_allow(sentence_count: int, count: int) -> None:
    text = " ".join(["Four words stand here."] * sentence_count)
    lengths = [last - first + 1 for first, last in passages(text, count)]
    assert max(lengths) - min(lengths) <= 4


def test_a_single_long_sentence_is_cut_at_its_clauses() -> None:
    text = "When the rain was over, they set out for the mountain; nobody spoke of it, and nobody looked back at all."
    tokens = words(text)
    found = passages(text, 3)
    assert [tokens[last][-1] for _, last in found] == [";", ",", "."] or [tokens[last][-1] for _, last in found][
        -1
    ] == "."
    assert all(tokens[last][-1] in ",;." for _, last in found)


def test_a_text_of_an_hour_is_planned_in_a_moment() -> None:
    text = " ".join(["The sea came in under a low grey sky and went."] * 1500)
    assert len(passages(text, scene_count(len(words(text))))) == scene_count(len(words(text)))
