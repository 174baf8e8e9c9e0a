"""Pronunciations as typed, and as a film's settings hold them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from storyreel.errors import InputError
from storyreel.inputs.pronunciations import read_pronunciations
from storyreel.settings import Settings


def test_words_come_from_pairs_and_from_files_and_the_last_one_holds(tmp_path: Path) -> None:
    listed = tmp_path / "names.txt"
    listed.write_text("\ufeff# names\n\nMaren = /məˈɹɛn/\nVael=vale\n", encoding="utf-8")
    assert read_pronunciations(["Vael=veil", str(listed), "Maren=mare en"]) == {"Vael": "vale", "Maren": "mare en"}
    assert read_pronunciations(()) == {}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Maren\n", "line 1 .*write WORD=SOUNDS"),
        (b"# a\n=vale", "line 2"),
        (b"Vael=", "line 1"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"#" * 200_001, "too long"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(tmp_path: Path, content: bytes, says: str) -> None:
    listed = tmp_path / "names.txt"
    listed.write_bytes(content)
    with pytest.raises(InputError, match=says):
        read_pronunciations([str(listed)])


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match=r"nowhere\.txt.*cannot be read"):
        read_pronunciations(["nowhere.txt"])


@pytest.mark.parametrize("listed", [{"New York": "new yawk"}, {"": "a"}, {"M4": "m"}, {"Vael": " "}, {"Vael": "//"}])
def test_settings_take_single_words_with_sounds(listed: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(pronunciations=listed)


def test_names_with_apostrophes_and_accents_are_words() -> None:
    listed = {"O’Brien": "oh brian", "Saint-Exupéry": "/sɛɡzypeʁi/", "Łódź": "woodge"}
    assert Settings(pronunciations=listed).pronunciations == listed
