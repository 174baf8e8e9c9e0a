"""Prose and plays as scripts: who says what, where, and that no spoken word is changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.errors import ProviderRefused
from storyreel.inputs.screenplay import parse_fountain
from storyreel.providers.offline.writer import OfflineWriter
from storyreel.story.script_prompts import breakdown_request, prose_parts, script_request
from storyreel.story.staging import staged

SCRIPTS = Path(__file__).parents[2] / "scripts"
GIANT = (SCRIPTS / "selfish_giant.txt").read_text(encoding="utf-8")
WRITER = OfflineWriter()


def spoken(text: str, **given: Any) -> list[tuple[str, str]]:
    part = WRITER.write(breakdown_request("Test", text, **given))
    return [(beat.character, beat.text) for scene in part.scenes for beat in scene.beats if beat.kind == "speech"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"No," said Anna.', [("Anna", "No.")]),
        ('Anna said, "No."', [("Anna", "No.")]),
        ('"No," Anna said. "Never again."', [("Anna", "No. Never again.")]),
        ('"If you go," said Anna, "take the lamp."', [("Anna", "If you go, take the lamp.")]),
        ("“No,” said the old man. “Never.”", [("The old man", "No. Never.")]),
        ("‘It isn’t so,’ said Anna.", [("Anna", "It isn’t so.")]),
        ('Anna met Boris. "No," she said. "Why?" he asked.', [("Anna", "No."), ("Boris", "Why?")]),
        ('"Where is it?" asked Anna.\n\nBoris put down the lamp. "Gone."\n\n"Gone where?"',
         [("Anna", "Where is it?"), ("Boris", "Gone."), ("Anna", "Gone where?")]),
        ("ADA. Who is it?\n\nBEN. Nobody.\n\nADA. [Aside.] A likely tale.",
         [("Ada", "Who is it?"), ("Ben", "Nobody."), ("Ada", "A likely tale.")]),
        ("Ada: Who is it?\n\nBen: Nobody.\n\nAda: Ah.", [("Ada", "Who is it?"), ("Ben", "Nobody."), ("Ada", "Ah.")]),
    ],
)  # fmt: skip
def test_who_says_what(text: str, expected: list[tuple[str, str]]) -> None:
    assert spoken(text) == expected


def test_a_word_in_quotation_marks_is_no_speech() -> None:
    assert spoken('The house was called "Hope" by everybody in it. Nobody knew why it was so.') == []


def test_what_is_done_while_speaking_is_an_action() -> None:
    part = WRITER.write(breakdown_request("Test", '"No," said Anna quietly, taking the key from the table.'))
    beats = [(beat.kind, beat.text, beat.manner) for beat in part.scenes[0].beats]
    assert beats == [("speech", "No.", "quietly"), ("action", "Anna is taking the key from the table.", "")]


def test_going_elsewhere_and_another_time_begin_new_scenes() -> None:
    text = "Anna sat in the kitchen. It was night.\n\nThe next morning she walked down to the harbour.\n\n"
    text += "She entered the church."
    part = WRITER.write(breakdown_request("Test", text))
    assert [(scene.place, scene.interior, scene.time) for scene in part.scenes] == [
        ("The kitchen", "interior", "night"), ("The harbour", "exterior", "morning"),
        ("The church", "interior", "morning"),
    ]  # fmt: skip


def test_every_spoken_word_of_the_tale_is_there_and_has_a_speaker() -> None:
    quoted = re.findall(r'"([^"]*)"', GIANT)
    words = [word for quote in quoted for word in re.findall(r"[\w'-]+", quote)]
    said = spoken(GIANT)
    assert [word for _, text in said for word in re.findall(r"[\w'-]+", text)] == words
    by = {text.split()[0]: who for who, text in said}
    assert {first: by[first] for first in ("What", "Spring", "I", "Climb")} == {
        "What": "The Giant", "Spring": "The Snow", "I": "The Giant", "Climb": "The Tree",
    }  # fmt: skip
    assert {who for who, _ in said} == {"The children", "The Giant", "The Snow", "The Tree"}


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='ab A.,!?"“”\n[]():', max_size=200).filter(lambda text: any(c.isalpha() for c in text)))
def test_any_text_becomes_some_script(text: str) -> None:
    part = WRITER.write(breakdown_request("Test", text))
    assert part.scenes


def test_prose_is_read_in_parts_of_whole_paragraphs() -> None:
    paragraphs = [f"Paragraph {number} " + "word " * 200 for number in range(20)]
    parts = prose_parts("\n\n".join(paragraphs), most_words=1200)
    assert " ".join(parts).split() == " ".join(paragraphs).split()
    assert all(len(part.split()) <= 1200 for part in parts)
    assert len(prose_parts("One long sentence goes here. " * 2000, most_words=1000)) > 5


@pytest.mark.parametrize("genre", ["comedy", "mystery", "science fiction", "romance", "horror", ""])
def test_a_written_script_can_be_staged_and_has_talk(genre: str) -> None:
    draft = WRITER.write(script_request(title="", idea="", genre=genre, length_s=90))
    play = staged(parse_fountain(draft.fountain), draft.title)
    assert draft.title
    assert draft.summary
    assert play.scenes[0].place
    assert len(draft.fountain.split()) < 330
    assert any(beat.kind == "speech" for scene in play.scenes for beat in scene.beats)


def test_seeds_and_ideas_write_different_scripts_and_the_same_ones_the_same() -> None:
    def written(idea: str, seed: int) -> str:
        return WRITER.write(script_request(title="", idea=idea, genre="drama", length_s=60, seed=seed)).fountain

    assert written("a lost key", 0) == written("a lost key", 0)
    assert len({written("a lost key", 0), written("a lost key", 1), written("a ghost ship", 0)}) == 3


def test_another_language_than_english_is_refused_with_a_sentence() -> None:
    with pytest.raises(ProviderRefused, match="writes English"):
        WRITER.write(breakdown_request("Test", "Es war spät.", language="de"))
