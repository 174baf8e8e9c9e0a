"""A recording is parted where its speaker is: 5 to 8 s, at breaths and sentence ends, never inside a word."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.providers.contracts import HeardWord
from storyreel.shots.segments import LONGEST_S, SHORTEST_S, Segment, segments


def spoken(lengths_s: list[float], gaps_s: list[float], texts: list[str]) -> list[HeardWord]:
    words, at_s = [], gaps_s[0]
    for length_s, gap_s, text in zip(lengths_s, gaps_s[1:], texts, strict=False):
        words.append(HeardWord(text=text, start_s=round(at_s, 3), end_s=round(at_s + length_s, 3)))
        at_s += length_s + gap_s
    return words


def any_speech(count: int, random: Random) -> list[HeardWord]:
    """Words of many lengths, with no gap between them, a breath, or up to 25 s."""
    gaps_s = [random.choice((0.0, random.uniform(0.0, 0.6), random.uniform(0.0, 25.0))) for _ in range(count + 1)]
    texts = [random.choice(("the", "sea,", "boat.", "and", "We", "harbour", "Dr.")) for _ in range(count)]
    return spoken([random.uniform(0.08, 1.4) for _ in range(count)], gaps_s, texts)


speech = st.builds(any_speech, st.integers(0, 120), st.randoms(use_true_random=False))


@given(speech, st.floats(0.0, 40.0))
def test_segments_are_the_whole_recording_and_no_cut_is_inside_a_word(words: list[HeardWord], tail_s: float) -> None:
    duration_s = round((words[-1].end_s if words else 0.5) + tail_s, 3)
    parts = segments(words, duration_s)
    assert parts[0].start_s == 0.0
    assert parts[-1].end_s == duration_s
    assert [part.index for part in parts] == list(range(1, len(parts) + 1))
    for one, other in pairwise(parts):
        assert one.end_s == other.start_s
        assert one.last_word + 1 == other.first_word
    for cut in (part.end_s for part in parts[:-1]):
        assert not any(word.start_s + 1e-3 < cut < word.end_s - 1e-3 for word in words)
    assert parts[-1].last_word == len(words) - 1
    for part in parts:
        fits = SHORTEST_S - 2e-3 <= part.length_s <= LONGEST_S + 2e-3
        assert fits == (part.exception == ""), part


@given(speech.filter(lambda words: len(words) > 40), st.floats(0.0, 3.0))
def test_ordinary_speech_has_no_exception(words: list[HeardWord], tail_s: float) -> None:
    close = spoken([w.end_s - w.start_s for w in words], [0.1] * (len(words) + 1), [w.text for w in words])
    duration_s = close[-1].end_s + tail_s
    if duration_s > 25:  # from there on lengths of 5 to 8 s always add up, words of up to 1.4 s allowed for
        assert [part.exception for part in segments(close, duration_s)] == [""] * len(segments(close, duration_s))


def talk(text: str, word_s: float = 0.3, sentence_s: float = 0.3) -> tuple[list[HeardWord], float]:
    words, at_s = [], 0.1
    for token in text.split():
        words.append(HeardWord(text=token, start_s=round(at_s, 3), end_s=round(at_s + word_s, 3)))
        at_s += word_s + (sentence_s if token.endswith(".") else 0.02)
    return words, at_s


def test_cuts_fall_on_the_ends_of_sentences_where_those_fit() -> None:
    words, duration_s = talk("We all went down to the old harbour and looked at the little boats that lay there. " * 6)
    parts = segments(words, duration_s)
    assert all(part.text.endswith(".") for part in parts)
    assert {part.ends_at for part in parts[:-1]} == {"a sentence's end"}


def test_cuts_settle_on_a_dip_of_energy() -> None:
    words, duration_s = talk("we went down to the old harbour and looked at the boats that lay there. " * 2)
    (cut,) = [part.end_s for part in segments(words, duration_s)[:-1]]
    dip_s = round(cut - 0.1, 3)
    assert segments(words, duration_s, [1.0, dip_s, duration_s - 0.5])[0].end_s == dip_s


def test_no_cut_follows_a_word_that_leans_on_the_next() -> None:
    words, duration_s = talk("stone under water over sand after rain " * 3 + "in the old house by the sea " * 4)
    assert not any(part.text.endswith((" the", " in", " by")) for part in segments(words, duration_s))


@pytest.mark.parametrize(
    ("duration_s", "lengths", "why"),
    [(3.0, 1, "whole recording lasts 3.0 s"), (6.0, 1, ""), (9.0, 2, "cannot be parted"), (60.0, None, "")],
)
def test_recordings_without_words_are_parted_evenly(duration_s: float, lengths: int | None, why: str) -> None:
    parts = segments((), duration_s)
    if lengths is not None:
        assert len(parts) <= lengths
    assert all(why in part.exception for part in parts)
    assert all(part.text == "" and part.last_word == part.first_word - 1 for part in parts)


def test_a_word_held_for_nine_seconds_is_an_exception_that_is_explained() -> None:
    words = [HeardWord(text=text, start_s=a, end_s=b) for text, a, b in (("la", 0.0, 4.0), ("la", 4.0, 15.0))]
    parts: tuple[Segment, ...] = segments(words, 15.0)
    assert any(part.exception for part in parts)
    assert all(part.end_s in (4.0, 15.0) for part in parts)


def test_two_hours_are_parted_in_a_moment() -> None:
    import time

    words: list[Any]
    words, duration_s = talk("we went down to the old harbour and looked at the boats that lay there. " * 1400)
    assert duration_s > 7000
    begun_s = time.process_time()
    parts = segments(words, duration_s)
    assert time.process_time() - begun_s < 10.0
    assert not any(part.exception for part in parts)
