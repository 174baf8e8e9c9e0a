"""The parser against the published syntax (https://fountain.io/syntax), case by case; the examples are our own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.inputs.screenplay import parse_fountain

CASES = {
    # Scene headings
    "INT begins a heading": ("INT. BARN - NIGHT\n\nHay.", [("scene_heading", "INT. BARN - NIGHT"), ("action", "Hay.")]),
    "so does ext in small": ("ext. barn - day\n\nHay.", [("scene_heading", "ext. barn - day"), ("action", "Hay.")]),
    "and EST": ("EST. CITY - DAWN\n\nX.", [("scene_heading", "EST. CITY - DAWN"), ("action", "X.")]),
    "and INT./EXT.": ("INT./EXT. CAR - DAY\n\nX.", [("scene_heading", "INT./EXT. CAR - DAY"), ("action", "X.")]),
    "and INT/EXT": ("INT/EXT CAR - DAY\n\nX.", [("scene_heading", "INT/EXT CAR - DAY"), ("action", "X.")]),
    "and I/E": ("I/E CAR - DAY\n\nX.", [("scene_heading", "I/E CAR - DAY"), ("action", "X.")]),
    "INTERIOR is a word": ("INTERIOR DECORATION\n\nX.", [("action", "INTERIOR DECORATION"), ("action", "X.")]),
    "a heading follows an empty line": ("A man.\nINT. is short.", [("action", "A man.\nINT. is short.")]),
    "a dot forces a heading": (".THE LONG CORRIDOR\n\nX.", [("scene_heading", "THE LONG CORRIDOR"), ("action", "X.")]),
    "an ellipsis does not": ("...and then nothing", [("action", "...and then nothing")]),
    # Action
    "paragraphs are action": ("One.\n\nTwo.", [("action", "One."), ("action", "Two.")]),
    "their lines are kept": ("One,\ntwo.", [("action", "One,\ntwo.")]),
    "their indents are kept": ("One,\n    two.", [("action", "One,\n    two.")]),
    "a bang forces action": ("!BANG\nIt fell.", [("action", "BANG\nIt fell.")]),
    "a name with nothing after it is action": ("SILENCE\n\nX.", [("action", "SILENCE"), ("action", "X.")]),
    "digits are no name": ("23\nskidoo", [("action", "23\nskidoo")]),
    # Character and dialogue
    "capitals before a line speak": ("ADA\nNo.", [("character", "ADA"), ("dialogue", "No.")]),
    "letters and digits are a name": ("R2D2\nBeep.", [("character", "R2D2"), ("dialogue", "Beep.")]),
    "indents before a name do not matter": ("      ADA\n   No.", [("character", "ADA"), ("dialogue", "No.")]),
    "an at sign forces a name": ("@McAvoy\nAye.", [("character", "McAvoy"), ("dialogue", "Aye.")]),
    "a name without an empty line before it is action": ("He sits.\nADA\nNo.", [("action", "He sits.\nADA\nNo.")]),
    "an extension may be in lower case": ("ADA (on the radio)\nNo.", [("character", "ADA"), ("dialogue", "No.")]),
    "lines of dialogue stay together": ("ADA\nNo.\nNever.", [("character", "ADA"), ("dialogue", "No.\nNever.")]),
    "two spaces keep it going": ("ADA\nNo.\n  \nNever.", [("character", "ADA"), ("dialogue", "No.\n\nNever.")]),
    "an empty line ends it": ("ADA\nNo.\n\nShe.", [("character", "ADA"), ("dialogue", "No."), ("action", "She.")]),
    "a parenthetical follows a name": (
        "ADA\n(low)\nNo.", [("character", "ADA"), ("parenthetical", "(low)"), ("dialogue", "No.")]),
    "or dialogue": (
        "ADA\nNo.\n(beat)\nYes.",
        [("character", "ADA"), ("dialogue", "No."), ("parenthetical", "(beat)"), ("dialogue", "Yes.")]),
    "brackets in action are action": ("(low)", [("action", "(low)")]),
    "a tilde sings": ("~Row, row", [("lyrics", "Row, row")]),
    "in dialogue too": ("ADA\n~Row, row", [("character", "ADA"), ("lyrics", "Row, row")]),
    # Transitions and centred text
    "TO: ends a transition": ("X.\n\nCUT TO:\n\nY.", [("action", "X."), ("transition", "CUT TO:"), ("action", "Y.")]),
    "it needs capitals": ("X.\n\nCut to:\n\nY.", [("action", "X."), ("action", "Cut to:"), ("action", "Y.")]),
    "an arrow forces one": ("> Burn to white.", [("transition", "Burn to white.")]),
    "two arrows centre": ("> THE END <", [("centered", "THE END")]),
    "without spaces too": (">THE END<", [("centered", "THE END")]),
    # Notes, comments, sections, synopses, page breaks
    "a note leaves the text around it": ("He sits. [[Where?]]", [("action", "He sits. "), ("note", "Where?")]),
    "a note goes over lines": ("[[One\ntwo]]", [("note", "One\ntwo")]),
    "two spaces keep a note going": ("[[One\n  \ntwo]]", [("note", "One\n\ntwo")]),
    "an empty line ends it, so it is none": ("[[One\n\ntwo]]", [("action", "[[One"), ("action", "two]]")]),
    "a comment is gone": ("One. /* two */Three.", [("action", "One. Three.")]),
    "with its empty lines": ("One.\n/* two\n\nthree */\nFour.", [("action", "One.\nFour.")]),
    "a comment never closed is text": ("One /* two", [("action", "One /* two")]),
    "number signs make sections": ("# Act\n\n## Beat", [("section", "Act"), ("section", "Beat")]),
    "an equals sign is a synopsis": ("= They meet.", [("synopsis", "They meet.")]),
    "three are a page break": ("X.\n\n===\n\nY.", [("action", "X."), ("page_break", ""), ("action", "Y.")]),
    "more are one too": ("=====", [("page_break", "")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_the_syntax(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(element.kind, element.text) for element in parse_fountain(text).elements] == expected


def test_a_note_in_dialogue_does_not_end_it() -> None:
    _, dialogue, note = parse_fountain("ADA\nNo. [[Louder?]]\nNever.").elements
    assert (dialogue.kind, dialogue.text.split()) == ("dialogue", ["No.", "Never."])
    assert (note.kind, note.text) == ("note", "Louder?")


def test_scene_numbers_are_taken_off() -> None:
    numbers = [
        parse_fountain(f"INT. BARN - NIGHT #{number}#\n\nX.").elements[0] for number in ("1", "1A", "1-A", "110.3")
    ]
    assert [n.scene_number for n in numbers] == ["1", "1A", "1-A", "110.3"]
    assert {n.text for n in numbers} == {"INT. BARN - NIGHT"}


def test_forced_headings_have_numbers_too() -> None:
    heading = parse_fountain(".THE STAIRS #7#\n\nX.").elements[0]
    assert (heading.kind, heading.text, heading.scene_number) == ("scene_heading", "THE STAIRS", "7")


def test_extensions_and_dual_dialogue_are_told_apart_from_the_name() -> None:
    ada, _, ben, _ = parse_fountain("ADA (V.O.) (CONT'D)\nNo.\n\nBEN ^\nYes.").elements
    assert (ada.text, ada.extension, ada.dual) == ("ADA", "V.O., CONT'D", False)
    assert (ben.text, ben.extension, ben.dual) == ("BEN", "", True)


def test_section_depth_is_the_number_of_signs() -> None:
    assert [e.depth for e in parse_fountain("# A\n\n## B\n\n### C").elements] == [1, 2, 3]


def test_the_title_page_ends_at_the_first_empty_line() -> None:
    play = parse_fountain(
        "Title:\n    **The Barn**\n    A play\nAuthor: Ada\nDraft date: 1/2/2003\n\nINT. BARN - DAY\n\nX."
    )
    assert play.title_page == (("Title", "**The Barn**\nA play"), ("Author", "Ada"), ("Draft date", "1/2/2003"))
    assert play.title == "The Barn A play"
    assert play.elements[0].kind == "scene_heading"


@pytest.mark.parametrize("opening", ["FADE IN:", "CUT TO:", "INT. BARN: LOFT - DAY"])
def test_an_opening_line_with_a_colon_is_not_taken_for_a_title_page(opening: str) -> None:
    play = parse_fountain(f"{opening}\n\nINT. BARN - DAY\n\nX.")
    assert play.title_page == ()
    assert play.elements[0].plain == opening


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = "Title: Barn\n\nINT. BARN - DAY\n\nADA\nNo.\n"
    assert parse_fountain("\ufeff" + text.replace("\n", "\r\n")) == parse_fountain(text)


@given(st.text(alphabet="AaBb .!@#>~<=()[]*/_^\\\n:1", max_size=120))
def test_every_text_is_some_screenplay_and_no_letter_of_its_dialogue_is_lost(text: str) -> None:
    play = parse_fountain("ADA\nkeep me\n\n" + text.replace("*/", "").replace("/*", ""))
    assert play.elements[0].text == "ADA"
    assert play.elements[1].text.startswith("keep me")
