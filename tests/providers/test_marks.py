"""Words from the times that voices give."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storyreel.providers.contracts import Speech, SpokenWord
from storyreel.providers.marks import spoken_whole, words_of_characters, words_of_marks

SPACED = st.lists(st.text("abcé,.9—’", min_size=1, max_size=7), min_size=1, max_size=9).map(" ".join)


@given(SPACED)
def test_every_word_of_the_text_gets_times_that_never_go_back(text: str) -> None:
    starts = [0.1 * number for number in range(len(text))]
    words = words_of_characters(text, list(text), starts, [start + 0.1 for start in starts])
    assert [word.text for word in words] == text.split()
    assert all(word.start_s <= word.end_s for word in words)
    assert [word.start_s for word in words] == sorted(word.start_s for word in words)


def test_a_word_ends_before_the_pause_after_its_mark() -> None:
    (first, _) = words_of_characters(
        "No, no", list("No, no"), [0, 0.1, 0.2, 0.7, 0.8, 0.9], [0.1, 0.2, 0.7, 0.8, 0.9, 1]
    )
    assert (first.start_s, first.end_s) == (0.0, 0.2)


def test_times_of_another_text_are_no_times() -> None:
    assert words_of_characters("in 1999", list("in nineteen"), [0.0] * 11, [0.1] * 11) == ()
    assert words_of_characters("in", ["i", "n"], [0.0], [0.1]) == ()


def test_a_word_without_a_mark_gets_the_time_between_its_neighbours() -> None:
    tokens, spans = ["a", "bb", "cccc", "d"], [(0, 1), (2, 4), (5, 9), (10, 11)]
    words = words_of_marks(tokens, spans, [((0, 1), (0.5, 1.0)), ((10, 11), (2.2, 2.5))])
    assert [(word.start_s, word.end_s) for word in words] == [(0.5, 1.0), (1.0, 1.4), (1.4, 2.2), (2.2, 2.5)]


def test_a_mark_for_several_words_is_shared_among_them() -> None:
    words = words_of_marks(["New", "York"], [(0, 3), (4, 8)], [((0, 8), (1.0, 1.8))])
    assert [(word.start_s, word.end_s) for word in words] == [(1.0, 1.3), (1.4, 1.8)]


def test_marks_that_leave_most_words_open_are_no_times() -> None:
    assert words_of_marks(["a", "b", "c"], [(0, 1), (2, 3), (4, 5)], [((0, 1), (0.0, 0.3))]) == ()
    assert words_of_marks(["a"], [(0, 1)], []) == ()


def test_one_piece_without_words_leaves_the_whole_without() -> None:
    sound = np.full(2400, 0.1, np.float32)
    told = Speech(sound, 24_000, (SpokenWord(text="Yes.", start_s=0.0, end_s=0.1),))
    assert len(spoken_whole([told, told]).words) == 2
    whole = spoken_whole([told, Speech(sound, 24_000)])
    assert whole.words == ()
    assert len(whole.samples) == len(spoken_whole([told, told]).samples)
