from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.render.text_bidi import is_right_to_left, levels, visual_order


@dataclass(frozen=True)
class Character:
    text: str
    level: int


def shown(text: str, right_to_left: bool) -> str:
    return "".join(c.text for c in visual_order([*map(Character, text, levels(text, right_to_left))]))


@pytest.mark.parametrize(
    ("text", "right_to_left", "visual"),
    [
        ("one two", False, "one two"),
        ("אבג דהו", True, "והד גבא"),
        ("he said אבג דהו now", False, "he said והד גבא now"),
        ("אבג one two דהו", True, "והד one two גבא"),
        ("אבג 12 דהו", True, "והד 12 גבא"),
        ("עמ 3.5%", True, "3.5% מע"),
        ("ابج 12:30", True, "12:30 جبا"),
        ("אבג!", True, "!גבא"),
        ("אבג!", False, "גבא!"),
        ("", True, ""),
    ],
)
def test_mixed_writing_is_ordered_as_unicode_says(text, right_to_left, visual) -> None:
    assert shown(text, right_to_left) == visual


@given(st.text(alphabet="abאبج 12.,-+%!٣", max_size=20), st.booleans())
def test_ordering_loses_no_character(text, right_to_left) -> None:
    assert sorted(shown(text, right_to_left)) == sorted(text)


@given(st.text(alphabet="ab 12.,!", max_size=20))
def test_left_to_right_writing_stays_as_it_is(text) -> None:
    assert shown(text, False) == text


def test_a_paragraph_follows_its_language_then_its_first_letter() -> None:
    assert is_right_to_left("Ada אמרה", "he")
    assert not is_right_to_left("Ada אמרה", "en")
    assert is_right_to_left("«אמרה» Ada", "en")
    assert not is_right_to_left("Ada only", "he")
    assert not is_right_to_left("123", "")
