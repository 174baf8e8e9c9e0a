"""Words as they are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.media.tokens import number_words, plain, spoken_forms, weight


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("112", "one hundred twelve"),
        ("1,000,000", "one million"),
        ("1982", "nineteen eighty two"),
        ("1905", "nineteen oh five"),
        ("1900", "nineteen hundred"),
        ("2004", "two thousand four"),
        ("21st", "twenty first"),
        ("20th", "twentieth"),
        ("3.14", "three point one four"),
        ("50%", "fifty percent"),
        ("$7", "seven dollars"),
        ("well-known,", "well known"),
        ("“Café!”", "cafe"),
        ("—", ""),
        ("o'clock", "oclock"),
    ],
)
def test_tokens_are_compared_as_they_are_said(token: str, said: str) -> None:
    assert " ".join(spoken_forms(token)) == said


@given(st.integers(0, 10**12 - 1))
def test_numbers_are_written_out_in_words_that_make_them_again(number: int) -> None:
    small = {number_words(n)[0]: n for n in range(20)} | {number_words(n)[0]: n for n in range(20, 100, 10)}
    total = part = 0
    for word in number_words(number):
        if word == "hundred":
            part *= 100
        elif word in ("thousand", "million", "billion"):
            total += part * {"thousand": 10**3, "million": 10**6, "billion": 10**9}[word]
            part = 0
        else:
            part += small[word]
    assert total + part == number


@given(st.text(max_size=12))
def test_any_token_has_a_weight_and_comparing_it_does_not_fail(token: str) -> None:
    assert weight(token) >= 0.0
    assert plain(plain(token)) == plain(token)


def test_longer_words_take_longer() -> None:
    assert weight("lighthouse") > weight("sea") > weight("—") == 0.0
    assert weight("112") > weight("twelve")
