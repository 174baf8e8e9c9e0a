from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.story.split import paragraph_passages, sentence_passages, sentences, speakable_passages, words

TEXTS = st.lists(
    st.sampled_from(
        [
            "Mr.",
            "Hale",
            "said",
            "no.",
            "“Where?”",
            "she",
            "asked.",
            "He",
            "ran",
            "on,",
            "and",
            "on;",
            "St.",
            "Ives",
            "3.5",
            "miles",
            "away…",
            "Then",
            "nothing!",
            "\n\n",
            "a" * 40,
            "夜。",
            "...",
            "(so",
            "it",
            "was).",
        ]
    ),
    max_size=120,
).map(" ".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four…", ["One.", "Two!", "Three?", "Four…"]),
        ("Mr. Hale met Dr. Venn in St. Ives. They spoke.", ["Mr. Hale met Dr. Venn in St. Ives.", "They spoke."]),
        ("“Where?” she asked. He shrugged.", ["“Where?” she asked.", "He shrugged."]),
        ("“Go.” He went.", ["“Go.”", "He went."]),
        ('"Stop!" he cried. "Now."', ['"Stop!" he cried.', '"Now."']),
        ("It was 3.5 miles. See No. 5 there.", ["It was 3.5 miles.", "See No. 5 there."]),
        ("He said no. Then he left.", ["He said no.", "Then he left."]),
        ("She waited... and waited. Nothing.", ["She waited... and waited.", "Nothing."]),
        ("She waited... Nothing came.", ["She waited...", "Nothing came."]),
        ("At 5 p.m. the bell rang. At 6 p.m. He left.", ["At 5 p.m. the bell rang.", "At 6 p.m.", "He left."]),
        ("J. R. Quill wrote it. So did I. Ask her.", ["J. R. Quill wrote it.", "So did I.", "Ask her."]),
        ("It was 1912. The sea rose.", ["It was 1912.", "The sea rose."]),
        ("A title without a stop\n\nA second paragraph", ["A title without a stop", "A second paragraph"]),
        ("夜は静かだ。 海も静かだ。", ["夜は静かだ。", "海も静かだ。"]),
        ("هل أنت هناك؟ نعم.", ["هل أنت هناك؟", "نعم."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert list(sentences(text)) == expected


@given(TEXTS)
def test_every_split_covers_all_words_once_and_in_order(text: str) -> None:
    count = len(words(text))
    for found in (paragraph_passages(text), sentence_passages(text), speakable_passages(text, most_characters=60)):
        covered = [index for first, last in found for index in range(first, last + 1)]
        assert covered == list(range(count))


@given(TEXTS, st.integers(min_value=20, max_value=200))
def test_no_speakable_passage_is_too_long_unless_it_is_one_word(text: str, limit: int) -> None:
    tokens = words(text)
    for first, last in speakable_passages(text, most_characters=limit):
        assert first == last or len(" ".join(tokens[first : last + 1])) <= limit


def test_speakable_passages_keep_sentences_whole_and_stop_at_paragraphs() -> None:
    text = "One two three. Four five six.\n\nSeven eight."
    assert speakable_passages(text) == ((0, 5), (6, 7))


def test_a_sentence_above_the_limit_is_parted_at_its_clauses() -> None:
    text = "When the long rain was over, and the road had dried, they set out for the mountain in the west."
    tokens = words(text)
    spoken = [" ".join(tokens[a : b + 1]) for a, b in speakable_passages(text, most_characters=60)]
    assert spoken[0] == "When the long rain was over, and the road had dried,"
