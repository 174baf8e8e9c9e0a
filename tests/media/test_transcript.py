"""Pieces of a recording become one transcript: nothing lost, nothing twice."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.media.transcript import HeardPiece, doubtful_stretches, joined, piece_bounds
from storyreel.providers.contracts import HeardWord


@given(
    st.floats(0.5, 900.0),
    st.lists(st.floats(0.0, 900.0), max_size=200).map(sorted),
    st.floats(5.0, 60.0),
)
def test_pieces_cover_the_recording_overlap_and_are_short_enough(
    duration_s: float, dips_s: list[float], longest_s: float
) -> None:
    bounds = piece_bounds(duration_s, dips_s, longest_s)
    assert bounds[0][0] == 0.0
    assert bounds[-1][1] == round(duration_s, 3)
    assert all(0 < end - start <= longest_s + 2e-3 for start, end in bounds)
    for (start, end), (following, _) in itertools.pairwise(bounds):
        assert start < following < end
        assert end - following >= min(5.0, max(longest_s / 7, 5 / 3)) * 0.74


def spoken(count: int, pace_s: float) -> list[HeardWord]:
    # Few different words, so that the same one often stands in an overlap twice.
    texts = ("the", "sea", "and", "the", "boat", "Lay", "still,")
    return [
        HeardWord(text=texts[(k * k + k // 3) % 7], start_s=k * pace_s, end_s=(k + 0.8) * pace_s) for k in range(count)
    ]


@settings(deadline=None)  # three hundred words, on a machine that may be busy
@given(st.integers(1, 300), st.floats(0.15, 0.6), st.floats(6.0, 30.0), st.floats(0.0, 0.06), st.randoms())
def test_words_heard_in_overlapping_pieces_are_joined_without_loss_or_doubling(
    count: int, pace_s: float, longest_s: float, error_s: float, random: object
) -> None:
    words = spoken(count, pace_s)
    duration_s = words[-1].end_s + 0.3
    pieces = []
    for start_s, end_s in piece_bounds(duration_s, (), longest_s):
        shift_s = random.uniform(-error_s, error_s)  # type: ignore[attr-defined]
        # A piece has the words that lie in it; one that its edge cuts is heard as something else.
        inside = [
            word.model_copy(
                update={
                    "start_s": max(word.start_s + shift_s, 0.0),
                    "end_s": word.end_s + shift_s,
                    "text": word.text if word.start_s >= start_s and word.end_s <= end_s else "oh",
                }
            )
            for word in words
            if word.end_s > start_s + 0.03 and word.start_s < end_s - 0.03
        ]
        pieces.append(HeardPiece(start_s=start_s, end_s=end_s, words=tuple(inside)))
    transcript = joined(pieces, duration_s)
    assert [word.text for word in transcript.words] == [word.text for word in words]
    moments = [moment for word in transcript.words for moment in (word.start_s, word.end_s)]
    assert moments == sorted(moments)
    assert moments[-1] <= duration_s


def piece(start_s: float, end_s: float, texts: str, language: str = "en") -> HeardPiece:
    listed = texts.split()
    step = (end_s - start_s) / max(len(listed), 1)
    words = [
        HeardWord(text=text, start_s=start_s + k * step, end_s=start_s + (k + 1) * step)
        for k, text in enumerate(listed)
    ]
    return HeardPiece(start_s=start_s, end_s=end_s, words=tuple(words), language=language)


def at(*words: tuple[str, float, float]) -> tuple[HeardWord, ...]:
    return tuple(HeardWord(text=text, start_s=start, end_s=end, confidence=0.9) for text, start, end in words)


# What two pieces that overlap from 10 to 14 s heard there, and what was said.
PASSED_OVER = {
    "the second heard nothing of it": (
        at(("one", 9.5, 9.9), ("for", 10.5, 10.9), ("each", 11.0, 11.4), ("of", 11.5, 11.8), ("them.", 11.8, 12.3)),
        at(("Ah,", 14.5, 14.9), ("yes.", 15.0, 15.4)),
        "one for each of them. Ah, yes.",
    ),
    "the second began too early with what came after it": (
        at(("one", 9.5, 9.9), ("for", 10.5, 10.9), ("each", 11.0, 11.4), ("of", 11.5, 11.8), ("them.", 11.8, 12.3)),
        at(("Then", 12.2, 12.8), ("a", 12.8, 13.0), ("girl", 13.0, 13.5)),
        "one for each of them. a girl",
    ),
    "the first passed over two words of it": (
        at(("one", 9.5, 9.9), ("for", 10.5, 10.9), ("them.", 11.9, 12.3), ("Then", 12.6, 12.9)),
        at(("for", 10.5, 10.9), ("each", 11.0, 11.4), ("of", 11.5, 11.8), ("them.", 11.9, 12.3), ("Then", 12.6, 12.9)),
        "one for each of them. Then",
    ),
    "so did the second": (
        at(("one", 10.4, 10.7), ("for", 10.8, 11.1), ("each", 11.2, 11.4), ("of", 12.6, 12.8), ("them.", 12.8, 13.2)),
        at(("one", 10.4, 10.7), ("for", 10.8, 11.1), ("each", 11.2, 11.4), ("Then", 14.6, 14.9)),
        "one for each of them. Then",
    ),
    "they heard one word in two ways": (
        at(("one", 9.5, 9.9), ("mat", 11.5, 11.9)),
        at(("map", 11.5, 12.0), ("is", 14.2, 14.4)),
        "one mat is",
    ),
    "the edges of both cut a word": (
        at(("one", 9.5, 10.1), ("for", 11.0, 11.4), ("some", 13.6, 14.0)),
        at(("won", 10.0, 10.1), ("for", 11.0, 11.4), ("something", 13.6, 14.2), ("else", 14.2, 14.6)),
        "one for something else",
    ),
}


@pytest.mark.parametrize(("one", "other", "said"), PASSED_OVER.values(), ids=PASSED_OVER.keys())
def test_what_one_of_two_pieces_passed_over_is_taken_from_the_other(
    one: tuple[HeardWord, ...], other: tuple[HeardWord, ...], said: str
) -> None:
    pieces = [HeardPiece(start_s=0, end_s=14, words=one), HeardPiece(start_s=10, end_s=24, words=other)]
    assert joined(pieces, 24).text == said


def test_two_languages_are_told_with_their_stretches() -> None:
    transcript = joined(
        [piece(0, 10, "one two three four five six seven"), piece(10, 16, "uno dos tres cuatro", "es")], 16
    )
    assert transcript.language == "en"
    assert [(stretch.code, stretch.start_s) for stretch in transcript.languages] == [("en", 0.0), ("es", 10.0)]
    assert joined([piece(0, 10, "one two")], 10).languages == ()


def test_a_recording_without_words_has_an_empty_transcript() -> None:
    assert joined([piece(0, 10, ""), piece(8, 20, "")], 20).words == ()
    assert doubtful_stretches(joined([], 20)) == ()


def test_doubt_is_told_of_where_many_words_running_were_unsure() -> None:
    def heard(confidences: list[float]) -> tuple[tuple[float, float], ...]:
        words = tuple(
            HeardWord(text=f"x{k}", start_s=k, end_s=k + 0.5, confidence=c) for k, c in enumerate(confidences)
        )
        return doubtful_stretches(joined([HeardPiece(start_s=0, end_s=200, words=words)], 200))

    assert heard([0.9, 0.2, 0.95, 0.9] * 20) == ()
    assert heard([0.2] * 10) == (), "a few words tell nothing"
    ((start_s, end_s),) = heard([0.93] * 40 + [0.5] * 30 + [0.93] * 40)
    assert start_s == pytest.approx(40, abs=6)
    assert end_s == pytest.approx(70, abs=6)
    assert len(heard([0.5] * 20 + [0.95] * 40 + [0.5] * 20)) == 2
