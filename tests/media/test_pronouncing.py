"""Which pronunciations a passage calls for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storyreel.media.pronouncing import called_for

WORDS = st.text("abcdefé", min_size=1, max_size=6)


def test_a_word_is_found_in_any_case_with_its_endings_and_marks() -> None:
    listed = {"Maren": "x", "O’Brien": "y"}
    assert called_for("“MAREN!” he said.", listed) == {"Maren": "x"}
    assert called_for("Maren's lamp", listed) == {"Maren": "x"}
    assert called_for("the Maren-lamp of O'Brien", listed) == {"Maren": "x", "O'Brien": "y"}
    assert called_for("Marengo, O'Briens", listed) == {}


@given(st.lists(WORDS), st.dictionaries(WORDS, WORDS))
def test_just_the_words_listed_that_stand_in_the_text_are_called_for(words: list[str], listed: dict[str, str]) -> None:
    assert set(called_for(" ".join(words), listed)) == set(words) & set(listed)
