"""What makes a moment: its words, its sound, where it may begin and end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.publish.shorts.hearing import SoundCurve, curve_of
from storyreel.publish.shorts.moments import Moment, rank, words_of
from storyreel.publish.shorts.wording import headline, hook, leans_on_before, telling
from storyreel.timeline.model import Clip, Cue, CueWord, Timeline

RATE = Rate(num=25)


def film(words: list[CueWord], length: int) -> Timeline:
    cues = tuple(
        Cue(start_frame=word.start_frame, length_frames=max(1, word.end_frame - word.start_frame), lines=((word,),))
        for word in words
    )
    clip = Clip(id="a", asset=None, start_frame=0, length_frames=length)
    return Timeline(title="F", rate=RATE, width_px=64, height_px=36, length_frames=length, clips=(clip,), cues=cues)


def quiet(length: int) -> SoundCurve:
    return SoundCurve(level_db=(-30.0,) * int(length / 25 / 0.05), laugh=(0.0,) * int(length / 25 / 0.1))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 40), st.booleans()), min_size=50, max_size=110))
def test_no_moment_begins_or_ends_within_a_word_or_is_too_short_or_too_long(
    spoken: list[tuple[int, int, bool]],
) -> None:
    words, at = [], 3
    for number, (length, pause, ends) in enumerate(spoken):
        words.append(CueWord(text=f"Word{number}{'.' if ends else ''}", start_frame=at, end_frame=at + length))
        at += length + pause
    timeline = film(words, at + 10)
    found = rank(timeline, quiet(at + 10), (), 5)
    for moment in found:
        assert 15.0 <= moment.end_s - moment.start_s <= 60.0
        for word in words_of(timeline):
            assert not word.start_frame < moment.first_frame < word.end_frame
            assert not word.start_frame < moment.after_frame < word.end_frame
    for index, moment in enumerate(found):
        assert not any(moment.shares_much(other) for other in found[:index])


def test_a_moment_never_starts_on_a_pronoun_where_another_can() -> None:
    sentences = ["He went out again", "The lamp had been cold for a year", "And nobody knew why it burned"] * 8
    words, at = [], 5
    for sentence in sentences:
        tokens = sentence.split()
        for number, token in enumerate(tokens):
            words.append(CueWord(text=token + "." * (number == len(tokens) - 1), start_frame=at, end_frame=at + 8))
            at += 9
        at += 20
    found = rank(film(words, at + 20), quiet(at + 20), (), 3)
    assert found
    assert {moment.text.split()[0] for moment in found} == {"The"}


def test_half_of_the_shorter_may_be_shared_and_no_more() -> None:
    def between(first: int, after: int) -> Moment:
        return Moment(first_frame=first, after_frame=after, start_s=first / 25, end_s=after / 25)

    assert not between(0, 400).shares_much(between(200, 600))
    assert between(0, 400).shares_much(between(199, 600))


def test_laughter_is_told_from_steady_sound_and_from_slow_beats() -> None:
    seconds = np.arange(3000) * 0.01

    def likeness(bursts_hz: float) -> float:
        power = np.full(3000, 1e-6)
        here = (seconds > 10) & (seconds < 13)
        power[here] = 1e-2 * (0.02 + 0.98 * (np.sin(np.pi * bursts_hz * seconds[here]) ** 4))
        return float(curve_of(power).laughs()[105:125].mean())

    assert likeness(4.8) > 0.6
    assert likeness(1.0) < 0.3
    assert float(curve_of(np.random.default_rng(2).uniform(0.5, 1.5, 3000) * 1e-3).laughs().max()) < 0.3


@pytest.mark.parametrize(
    ("text", "language", "leaning"),
    [("He left.", "en", True), ("“And then?”", "en", True), ("The keeper left.", "en", False), ("Er ging.", "de", True),
     ("Elle rit.", "fr", True), ("El faro ardía.", "es", False), ("灯台は暗い。", "ja", False)],
)  # fmt: skip
def test_words_that_lean_on_what_was_said_before_are_known(text: str, language: str, leaning: bool) -> None:
    assert leans_on_before(text, language) is leaning


def test_turns_and_questions_tell_more_than_plain_words() -> None:
    plain = "The boat lay at the pier and the men mended the nets."
    assert telling("But it was him who had lit the lamp all along!", "en") > 0.5 > telling(plain, "en")
    assert hook("Why would you burn a house down?", "en") > hook(plain, "en")


def test_a_headline_is_short_and_leaves_no_quotation_open() -> None:
    long = "The inspector, who had carried the paper from the capital, waited in the rain for a long while."
    assert headline(["“Who decided it?” he asked.", long], "en") == "Who decided it?"
    assert headline([long], "en") == "The inspector, who had carried the paper…"
    assert headline([], "en") == ""
