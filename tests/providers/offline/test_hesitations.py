"""Hesitations in the recogniser's encoder: where they sound, and which of the written words they stand for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.providers.contracts import FloatArray, HeardWord
from storyreel.providers.offline.listener.hesitations import (
    Hesitation,
    in_context,
    probabilities,
    probe,
    settled,
    stretches,
)
from storyreel.providers.offline.listener.phrases import Phrase, heard_whole
from storyreel.providers.offline.listener.recogniser import Recogniser, recogniser


def sounding(start_s: float, end_s: float, sure_s: float, peak: float) -> Hesitation:
    """A stretch that is a hesitation from its first moment to its last."""
    return Hesitation(start_s, end_s, sure_s, peak, (start_s, end_s))


def word(text: str, start_s: float, end_s: float, confidence: float = 0.9) -> HeardWord:
    return HeardWord(text=text, start_s=start_s, end_s=end_s, confidence=confidence)


def texts(words: Sequence[HeardWord]) -> list[str]:
    return [each.text for each in words]


@dataclass(frozen=True)
class Liking:
    """A sound that some texts fit; those of what is left when a part is cut out are `left`."""

    liked: tuple[str, ...]
    left: tuple[str, ...] = ()

    def likelihood(self, words: Sequence[str]) -> float:
        return 0.0 if " ".join(words) in self.liked else -10.0

    def without(self, start_s: float, end_s: float) -> Liking:
        assert end_s > start_s
        return Liking(self.left)


def liking(*liked: str) -> Liking:
    return Liking(liked)


SAID = (word("one", 0.0, 0.5), word("him", 1.0, 1.4, 0.4), word("two", 2.0, 2.4))
SOUND = sounding(1.0, 1.4, 0.35, 0.95)


def test_a_word_that_the_network_made_of_a_hesitation_gives_way_to_it() -> None:
    told = settled(SAID, [SOUND], liking("one um, two"))
    assert texts(told) == ["one", "um,", "two"]
    assert (told[1].start_s, told[1].end_s) == (1.0, 1.4)


@pytest.mark.parametrize(("way", "place"), [("one um, him two", 1), ("one him um, two", 2)])
def test_a_word_that_only_stands_in_its_place_is_kept_beside_it(way: str, place: int) -> None:
    told = settled(SAID, [SOUND], liking(way))
    assert " ".join(texts(told)) == way
    assert (told[place].start_s, told[place].end_s) == (1.0, 1.4)
    assert all(one.end_s <= other.start_s for one, other in pairwise(told))


def test_what_was_written_keeps_its_spelling_and_goes_to_where_it_sounds() -> None:
    told = settled([word("one", 0.0, 0.5), word("er,", 0.7, 0.8), word("two", 2.0, 2.4)], [SOUND], liking())
    assert texts(told) == ["one", "er,", "two"]
    assert told[1].start_s == 1.0


def test_a_hesitation_that_was_written_but_does_not_sound_is_left_out() -> None:
    assert texts(settled([word("one", 0.0, 0.5), word("um", 1.0, 1.4)], [], liking())) == ["one"]


def test_a_weak_sound_counts_only_where_one_was_written() -> None:
    weak = sounding(1.0, 1.4, 0.06, 0.5)
    apart = [word("one", 0.0, 0.5), word("two", 2.0, 2.4)]
    assert texts(settled(apart, [weak], liking())) == ["one", "two"]
    assert texts(settled([apart[0], word("um", 1.1, 1.3), apart[1]], [weak], liking())) == ["one", "um", "two"]


def test_what_is_written_once_is_given_to_the_surest_sound() -> None:
    said = [word("one", 0.0, 0.5), word("uh,", 1.2, 1.5), word("two", 2.0, 2.4)]
    told = settled(said, [sounding(0.8, 1.1, 0.05, 0.5), sounding(1.2, 1.6, 0.3, 0.9)], liking())
    assert texts(told) == ["one", "uh,", "two"]
    assert told[1].start_s == 1.2


def test_where_nobody_speaks_nobody_hesitates() -> None:
    assert texts(settled([word("one", 0.0, 0.5)], [sounding(9.0, 9.4, 0.4, 1.0)], liking())) == ["one"]


@given(
    st.lists(st.floats(0.0, 20.0), min_size=2, max_size=16, unique=True).map(sorted),
    st.lists(st.floats(0.0, 20.0), min_size=2, max_size=8, unique=True).map(sorted),
)
def test_no_two_words_overlap_whatever_was_heard(edges: list[float], sounds: list[float]) -> None:
    words = [word(f"w{at}", low, high) for at, (low, high) in enumerate(zip(edges[::2], edges[1::2], strict=False))]
    found = [sounding(low, high, high - low, 1.0) for low, high in zip(sounds[::2], sounds[1::2], strict=False)]
    told = settled(words, found, Liking(()))
    assert all(one.start_s <= one.end_s + 1e-3 for one in told)
    assert all(one.end_s <= other.start_s + 2e-3 for one, other in pairwise(told))


def test_a_sound_that_is_a_hesitation_nowhere_for_long_is_none_even_if_one_was_written() -> None:
    said = [word("others", 0.0, 0.5), word("er", 1.0, 1.2, 0.4), word("again.", 1.4, 1.8)]
    assert texts(settled(said, [sounding(0.9, 1.4, 0.2, 0.4)], liking())) == ["others", "again."]


def test_stretches_bridge_a_short_doubt_and_no_long_one() -> None:
    likely = np.zeros(100, np.float32)
    likely[10:20], likely[22:30], likely[60:70] = 0.9, 0.9, 0.9
    first, second = stretches(likely)
    assert (round(first.start_s, 2), round(first.end_s, 2)) == (0.2, 0.6)
    assert first.sure_s == pytest.approx(18 * 0.9 * 0.02, abs=1e-3)
    assert first.peak == pytest.approx(0.9)
    assert first.core == pytest.approx((0.2, 0.6))
    assert round(second.start_s, 2) == 1.2


def test_a_frame_is_judged_with_its_neighbours() -> None:
    encoded = np.arange(20, dtype=np.float32)[:, None]
    assert in_context(encoded)[10].tolist() == [2.0, 7.0, 10.0, 13.0, 18.0]
    assert in_context(encoded)[0].tolist() == [0.0, 0.0, 0.0, 3.0, 8.0]
    assert len(probabilities(encoded[:0], np.ones(6, np.float32))) == 0


def test_a_model_without_a_probe_has_none() -> None:
    assert probe("base") is None
    weights = probe("tiny.en")
    assert weights is not None
    assert weights.shape == (5 * 384 + 1,)


def test_the_probe_hears_known_hesitations_and_none_in_speech_without(known: Callable[[str], Any]) -> None:
    weights = probe("tiny.en")
    assert weights is not None

    def heard(name: str) -> tuple[Hesitation, ...]:
        encoded = recogniser("tiny.en", 1).encoded(known(name).samples[: 28 * 16_000])
        return tuple(one for one in stretches(probabilities(encoded.frames, weights)) if one.sure_s >= 0.1)

    found = heard("kitchen_fillers")
    truth = [(start_s, end_s) for _, start_s, end_s, filler in known("kitchen_fillers").truth if filler and end_s < 27]
    hit = [any(one.start_s < end_s and one.end_s > start_s for one in found) for start_s, end_s in truth]
    assert sum(hit) >= 0.95 * len(truth)
    assert heard("trees") == ()


class Hasty(Recogniser):
    """A network that hears only the last two seconds of whatever is longer than eight."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def _listen(self, samples: FloatArray, language: str, verbatim: bool) -> tuple[list[Phrase], str]:
        length_s = len(samples) / 16_000
        self.asked.append(length_s)
        first_s = 0.0 if length_s <= 8 else length_s - 2.0
        words = tuple(word(f"{at}", at, at + 0.8) for at in np.arange(first_s, length_s - 0.8).tolist())
        return [Phrase(words, 0.0, -0.1)], language


def test_what_is_passed_over_twice_is_heard_by_halves_without_doubled_words() -> None:
    network = Hasty()
    sound = np.random.default_rng(0).standard_normal(16 * 16_000).astype(np.float32) * 0.1
    phrases, _ = network.phrases(sound, language="en", verbatim=False)
    words = sorted((each for phrase in phrases for each in phrase.words), key=lambda each: each.start_s)
    edges = [0.0, *(edge for each in words for edge in (each.start_s, each.end_s)), 16.0]
    assert max(np.diff(edges)) <= 2.5
    assert min(np.diff(edges)) >= -1e-6
    assert network.asked[0] == 16.0


@pytest.mark.parametrize(
    ("hidden", "told"),
    [
        (("by", "what", "is", "left"), ["one", "by", "what", "is", "left", "He", "had", "two"]),
        (("had", "it"), ["one", "He", "had", "two"]),  # what was held is that word itself
        ((), ["one", "He", "had", "two"]),
    ],
)
def test_what_a_word_too_long_to_be_one_hides_is_heard(hidden: tuple[str, ...], told: list[str]) -> None:
    whole = Phrase(
        (
            word("And", 0.0, 1.2),
            word("then", 1.2, 2.4),
            word("one", 2.4, 3.4),
            word("He", 4.5, 4.5),
            word("had", 4.5, 6.5),
            word("two", 6.5, 7.0),
        ),
        0.0,
        -0.1,
    )

    def look(samples: FloatArray, language: str, verbatim: bool) -> tuple[list[Phrase], str]:
        if len(samples) == 7 * 16_000:
            return [whole], language
        words = tuple(word(text, 0.3 * at, 0.3 * at + 0.3) for at, text in enumerate(hidden))
        return [Phrase(words, 0.0, -0.1)] if words else [], language

    sound = np.random.default_rng(0).standard_normal(7 * 16_000).astype(np.float32) * 0.1
    phrases, _ = heard_whole(look, sound, language="en", verbatim=False)
    words = sorted((each for phrase in phrases for each in phrase.words), key=lambda each: each.start_s)
    assert texts(words) == ["And", "then", *told]
    assert words[-2].end_s == 6.5


def test_what_a_sentence_opening_with_such_a_word_hides_was_said_before_it() -> None:
    whole = Phrase(
        (word("kind.", 0.0, 1.0), word("He", 1.0, 1.5), word("had", 1.5, 3.9), word("two", 3.9, 4.3)), 0.0, -0.1
    )

    def look(samples: FloatArray, language: str, verbatim: bool) -> tuple[list[Phrase], str]:
        if len(samples) == round(4.3 * 16_000):
            return [whole], language
        left = (word("by", 0.0, 0.4), word("what", 0.4, 0.9), word("is", 0.9, 1.2), word("left.", 1.2, 2.0))
        return [Phrase(left, 0.0, -0.1)], language

    sound = np.random.default_rng(0).standard_normal(round(4.3 * 16_000)).astype(np.float32) * 0.1
    phrases, _ = heard_whole(look, sound, language="en", verbatim=False)
    words = sorted((each for phrase in phrases for each in phrase.words), key=lambda each: each.start_s)
    assert texts(words) == ["kind.", "by", "what", "is", "left.", "He", "had", "two"]


HOME = (word("one", 0.0, 0.5), word("Home", 1.0, 1.4, 0.98), word("two", 2.0, 2.4))


@pytest.mark.parametrize(
    ("peak", "left", "told"),
    [
        (0.95, (), "one um, two"),  # the probe is sure
        (0.75, ("one two",), "one um, two"),  # in doubt, but without that sound the sentence is likelier
        (0.75, ("one Home two",), "one um, two"),  # likewise: the word is heard still
        (0.75, (), "one Home two"),  # no likelier: the sound is the word
        (0.55, ("one two",), "one Home two"),  # the probe hardly says so
    ],
)
def test_a_word_that_was_heard_goes_only_for_what_is_surely_a_hesitation(
    peak: float, left: tuple[str, ...], told: str
) -> None:
    sound = Liking(("one um, two",), left)
    assert " ".join(texts(settled(HOME, [sounding(1.0, 1.4, 0.25, peak)], sound))) == told


@pytest.mark.parametrize(("confidence", "told"), [(0.6, "one um, two"), (0.9, "one Home two")])
def test_a_word_that_the_network_doubted_itself_goes_sooner(confidence: float, told: str) -> None:
    said = (HOME[0], HOME[1].model_copy(update={"confidence": confidence}), HOME[2])
    assert " ".join(texts(settled(said, [sounding(1.0, 1.4, 0.3, 0.85)], liking("one um, two")))) == told


def test_several_words_heard_for_one_sound_are_believed_like_one() -> None:
    said = (word("one", 0.0, 0.5), word("Oh", 1.0, 1.2), word("a", 1.2, 1.3), word("two", 2.0, 2.4))
    assert settled(said, [sounding(1.0, 1.4, 0.18, 0.55)], liking("one um, two")) == said


def test_a_word_that_a_hesitation_runs_into_has_what_may_be_either() -> None:
    said = (word("one", 0.0, 0.5), word("er,", 1.0, 1.2), word("us,", 1.45, 1.5, 0.3), word("two", 2.0, 2.4))
    told = settled(said, [Hesitation(0.9, 1.5, 0.4, 0.95, (1.0, 1.3))], liking())
    assert texts(told) == ["one", "er,", "us,", "two"]
    assert (told[1].start_s, told[1].end_s) == (0.9, 1.3)
    apart = (said[0], said[1], said[3])
    assert settled(apart, [Hesitation(0.9, 1.5, 0.4, 0.95, (1.0, 1.3))], liking())[1].end_s == 1.5


def test_what_was_heard_beside_a_written_hesitation_stays() -> None:
    said = (word("one", 0.0, 0.5), word("um,", 1.0, 1.1), word("are", 1.2, 1.35, 0.6), word("two", 2.0, 2.4))
    told = settled(said, [SOUND], liking("one um, two"))
    assert sorted(texts(told)) == ["are", "one", "two", "um,"]


def test_what_is_left_when_a_part_is_cut_out_is_what_was_around_it(known: Callable[[str], Any]) -> None:
    recording = known("trees")
    after = recording.truth[7][2]
    network = recogniser("tiny.en", 1)
    said = [text for text, *_ in recording.truth[:8]]
    sound = network.encoded(recording.samples[: round((after + 0.1) * 16_000)])
    (_, start_s, end_s, _) = recording.truth[3]
    rest = sound.without(start_s, end_s)
    assert len(rest.frames) == pytest.approx(len(sound.frames) - (end_s - start_s) * 50, abs=3)
    assert rest.likelihood(said) < sound.likelihood(said)
