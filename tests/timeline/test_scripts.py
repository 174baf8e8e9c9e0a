from hypothesis import given
from hypothesis import strategies as st

from storyreel.timeline.model import Cue, CueWord
from storyreel.timeline.scripts import capitals, join_words, never_first


def test_words_are_joined_as_their_script_is_written() -> None:
    assert join_words(["灯", "台", "の", "光。", "OK", "then"]) == "灯台の光。 OK then"


def test_a_captions_text_is_joined_as_its_script_is_written() -> None:
    words = tuple(CueWord(text=text, start_frame=0, end_frame=9) for text in ("灯", "台", "の", "光。"))
    cue = Cue(start_frame=0, length_frames=9, lines=(words, (CueWord(text="Home", start_frame=0, end_frame=9),)))
    assert cue.text == "灯台の光。\nHome"


def test_capitals_follow_the_language() -> None:
    assert capitals("iki ışık", "tr") == "İKİ IŞIK"
    assert capitals("φάρος", "el-GR") == "ΦΑΡΟΣ"
    assert capitals("straße", "de") == "STRASSE"
    assert capitals("नमस्ते", "hi") == "नमस्ते"


@given(st.text(max_size=20), st.sampled_from(["en", "tr", "el", "de", "he"]))
def test_capitals_of_capitals_are_the_same(text, language) -> None:
    once = capitals(text, language)
    assert capitals(once, language) == once


def test_closing_marks_and_small_kana_never_begin_a_line() -> None:
    assert all(never_first(mark) for mark in "。、」ッー")
    assert not any(never_first(mark) for mark in "「灯a'!")
