from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.providers.contracts import SpokenWord
from storyreel.timeline.captions import NORMS, cues, leans, pace, shape_of
from storyreel.timeline.scripts import break_unspaced, columns, is_unspaced

WIDE, TALL = (1920, 1080), (1080, 1920)
RATES = [Rate(num=30), Rate(num=24), Rate(num=30000, den=1001)]

LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéßжאع", min_size=1, max_size=14)
TOKENS = st.builds(lambda word, mark: word + mark, LETTERS, st.sampled_from(["", "", "", ",", ".", "?", "—"]))


@st.composite
def spoken_words(draw: st.DrawFn, longest_word_s: float = 1.2) -> list[SpokenWord]:
    words, at_s = [], draw(st.floats(0, 5))
    for text in draw(st.lists(TOKENS, min_size=1, max_size=60)):
        end_s = at_s + draw(st.floats(0.0, longest_word_s))
        words.append(SpokenWord(text=text, start_s=at_s, end_s=end_s))
        at_s = end_s + draw(st.sampled_from([0.0, 0.0, 0.05, 0.4, 2.0]))
    return words


CASES = given(
    words=spoken_words(),
    rate=st.sampled_from(RATES),
    preset=st.sampled_from(sorted(NORMS)),
    size=st.sampled_from([WIDE, TALL, (1080, 1080)]),
)


@CASES
def test_every_word_is_shown_once_and_in_order(words, rate, preset, size) -> None:
    shown = [word.text for cue in cues(words, rate, preset, "en", size) for line in cue.lines for word in line]
    assert shown == [word.text for word in words]


@CASES
def test_captions_never_overlap(words, rate, preset, size) -> None:
    for before, after in pairwise(cues(words, rate, preset, "en", size)):
        assert before.end_frame <= after.start_frame


@CASES
def test_lines_keep_to_the_presets_width_unless_one_word_is_wider(words, rate, preset, size) -> None:
    norm = NORMS[preset]
    for cue in cues(words, rate, preset, "en", size):
        assert 1 <= len(cue.lines) <= norm.lines
        assert sum(len(line) for line in cue.lines) <= norm.words
        for line in cue.lines:
            assert len(line) == 1 or columns(" ".join(word.text for word in line)) <= norm.columns[shape_of(*size)]


@CASES
def test_word_frames_rise_inside_their_caption(words, rate, preset, size) -> None:
    for cue in cues(words, rate, preset, "en", size):
        shown = [word for line in cue.lines for word in line]
        assert all(cue.start_frame <= word.start_frame <= word.end_frame <= cue.end_frame for word in shown)
        assert all(before.end_frame <= after.start_frame for before, after in pairwise(shown))


@CASES
def test_a_page_of_several_words_stays_no_longer_than_its_norm(words, rate, preset, size) -> None:
    longest = rate.frames_ceil(NORMS[preset].longest_s) + 1
    for cue in cues(words, rate, preset, "en", size):
        assert cue.length_frames <= longest or sum(len(line) for line in cue.lines) == 1


@CASES
def test_words_start_on_the_frame_nearest_to_their_sound(words, rate, preset, size) -> None:
    """Only where the pages before were pushed apart by one frame may a word come later."""
    shown = [word for cue in cues(words, rate, preset, "en", size) for line in cue.lines for word in line]
    spans = [word.end_s - word.start_s for word in words]
    if min(spans) >= 2 / float(rate.fps):
        assert [word.start_frame for word in shown] == [rate.frames(word.start_s) for word in words]


@given(words=spoken_words(longest_word_s=0.0))
@settings(max_examples=50)
def test_words_without_length_still_make_legal_captions(words) -> None:
    for cue in cues(words, Rate(), "documentary", "en", WIDE):
        assert cue.length_frames >= 1


def test_captions_stay_until_shortly_after_their_last_word() -> None:
    words = [SpokenWord(text="Alone.", start_s=1.0, end_s=2.0), SpokenWord(text="Later.", start_s=20.0, end_s=21.0)]
    first, second = cues(words, Rate(num=30), "documentary", "en", WIDE)
    assert (first.start_frame, first.end_frame) == (30, 60 + 12)
    assert (second.start_frame, second.end_frame) == (600, 630 + 12)


def test_captions_that_follow_closely_leave_two_frames_between() -> None:
    """Netflix: a gap of two frames, and no longer one that would only flicker."""
    made = cues(pace("The first sentence is here. " * 4), Rate(num=30), "documentary", "en", WIDE)
    assert len(made) > 1
    assert {after.start_frame - before.end_frame for before, after in pairwise(made)} == {2}


def test_a_brief_caption_is_held_for_five_sixths_of_a_second() -> None:
    words = [SpokenWord(text="No.", start_s=0.0, end_s=0.1), SpokenWord(text="Why?", start_s=9.0, end_s=9.5)]
    assert cues(words, Rate(num=30), "documentary", "en", WIDE)[0].length_frames == 25


def test_pages_break_at_sentences_and_clauses() -> None:
    text = "Nobody in the village believed that the old lens still turned. She came too far for that, and it rained."
    made = cues(pace(text), Rate(), "documentary", "en", WIDE)
    assert [cue.text.replace("\n", " ") for cue in made] == [
        "Nobody in the village believed that the old lens still turned.",
        "She came too far for that, and it rained.",
    ]


@pytest.mark.parametrize("size", [WIDE, TALL])
def test_no_line_of_plain_prose_ends_on_an_article_or_inside_a_name(size) -> None:
    text = (
        "The lighthouse at Merrow Point had not been lit for eleven years when Ada Quill walked up the cliff path "
        "with a lantern in one hand and a key to the tower in the other, and Mr. Harrow saw her from the ferry."
    )
    made = cues(pace(text), Rate(), "documentary", "en", size)
    lines = [" ".join(word.text for word in line) for cue in made for line in cue.lines]
    assert not [line for line in lines if leans(line.split()[-1], "en")]
    assert not [line for line in lines if line.endswith(("Merrow", "Ada", "Mr."))]


def test_two_lines_are_balanced_with_the_longer_one_below() -> None:
    (cue,) = cues(pace("We walked until the lamps went out and morning came"), Rate(), "documentary", "en", WIDE)
    upper, lower = (columns(" ".join(word.text for word in line)) for line in cue.lines)
    assert upper <= lower <= upper + 12


def test_initials_and_titles_end_no_sentence() -> None:
    (cue,) = cues(pace("He met Dr. J. Moss again."), Rate(), "documentary", "en", WIDE)
    assert cue.text == "He met Dr. J. Moss again."


def test_short_form_pages_are_one_short_line() -> None:
    made = cues(pace("when Ada Quill walked up the cliff path with a lantern"), Rate(), "short-form", "en", TALL)
    assert len(made) >= 3
    assert all(len(cue.lines) == 1 and len(cue.lines[0]) <= 4 for cue in made)


def test_a_long_pause_ends_a_page_even_inside_a_sentence() -> None:
    words = [SpokenWord(text="wait", start_s=0, end_s=0.5), SpokenWord(text="here", start_s=2.5, end_s=3)]
    assert [cue.text for cue in cues(words, Rate(), "documentary", "en", WIDE)] == ["wait", "here"]


def test_scripts_without_spaces_are_broken_and_keep_their_punctuation() -> None:
    assert break_unspaced("「行く。」ロケット") == ("「行", "く。」", "ロ", "ケッ", "ト")
    made = cues(pace("灯台の明かりが消えた。" * 8), Rate(), "documentary", "ja", WIDE)
    assert len(made) > 1
    for line in (line for cue in made for line in cue.lines):
        assert sum(columns(word.text) for word in line) <= 42
        assert line[0].text[0] not in "。、」"


@given(st.text(alphabet="aé日本語かなカ。「」、 x", max_size=30))
def test_breaking_a_word_loses_nothing(word) -> None:
    assert "".join(break_unspaced(word)) == word
    if not any(map(is_unspaced, word)) and word.isascii():
        assert len(break_unspaced(word)) <= 1


def test_an_unknown_preset_is_named_with_the_choices() -> None:
    with pytest.raises(InputError, match=r"'caroake'.*documentary"):
        cues([], Rate(), "caroake", "en", WIDE)


def test_no_words_make_no_captions() -> None:
    assert cues([SpokenWord(text="  ", start_s=0, end_s=1)], Rate(), "documentary", "en", WIDE) == ()


@given(st.lists(st.lists(TOKENS, min_size=1, max_size=8), max_size=5), st.floats(3, 30))
def test_pace_gives_every_word_time_at_the_reading_speed(paragraphs, speed) -> None:
    paced = pace("\n\n".join(" ".join(words) for words in paragraphs), characters_per_s=speed)
    assert [word.text for word in paced] == [word for words in paragraphs for word in words]
    assert all(before.end_s <= after.start_s for before, after in pairwise(paced))
    for word in paced:
        assert word.end_s - word.start_s == pytest.approx((columns(word.text) + 1) / speed)


def test_pace_rests_longer_after_a_paragraph_than_a_sentence_than_a_clause() -> None:
    words = pace("one, two. three\n\nfour", clause_pause_s=0.1, sentence_pause_s=0.4, paragraph_pause_s=1.0)
    rests = [after.start_s - before.end_s for before, after in pairwise(words)]
    assert rests == pytest.approx([0.1, 0.4, 1.0])


def test_pace_refuses_a_speed_nobody_reads_at() -> None:
    with pytest.raises(InputError, match="more than 0"):
        pace("word", characters_per_s=0)
