import struct

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from storyreel.airlock import Unsafe
from storyreel.errors import InputError
from storyreel.render import text_font_file
from storyreel.render.text_font_file import font_digest, font_ranges
from storyreel.render.text_fonts import FOLDER


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ttf")), ids=lambda path: path.stem)
def test_the_characters_found_are_those_of_the_fonts_map(path) -> None:
    starts, ends = font_ranges(str(path))
    found = {code for start, end in zip(starts, ends, strict=True) for code in range(start, end + 1)}
    with TTFont(path, lazy=True) as font:
        assert found == {code for code in font.getBestCmap() if code != 0xFFFF}


def test_a_file_that_was_replaced_is_another_font(tmp_path) -> None:
    path = tmp_path / "a.ttf"
    first, second = sorted(FOLDER.glob("*.ttf"))[:2]
    path.write_bytes(first.read_bytes())
    before = font_digest(str(path))
    path.write_bytes(second.read_bytes())
    assert font_digest(str(path)) != before


@given(st.binary(max_size=400))
def test_no_bytes_are_read_as_a_font_by_chance_or_end_in_another_error(tmp_path_factory, data) -> None:
    path = tmp_path_factory.mktemp("fonts") / "a.ttf"
    path.write_bytes(struct.pack(">IHHHH", 0x00010000, 2, 0, 0, 0) + data)
    with pytest.raises(InputError, match="is not a font that can be used"):
        font_digest(str(path))


def test_a_picture_is_no_font(tmp_path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises(InputError, match=r"a\.png is not a font"):
        font_digest(str(path))


def test_what_has_no_end_is_no_font() -> None:
    with pytest.raises(InputError, match="/dev/zero is not a font that can be used"):
        font_digest("/dev/zero")


def test_a_file_too_large_for_a_font_is_not_read(tmp_path) -> None:
    path = tmp_path / "a.ttf"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    with pytest.raises(InputError, match="has 5000 MB: give one of at most 100 MB"):
        font_digest(str(path))


def test_a_font_that_does_harm_is_drawn_by_the_child_alone(tmp_path, monkeypatch) -> None:
    def died(data: bytes) -> None:
        raise Unsafe("the program that read it crashed")

    path = tmp_path / "a.ttf"
    path.write_bytes(next(FOLDER.glob("*.ttf")).read_bytes())
    monkeypatch.setattr(text_font_file, "look_at_font", died)
    with pytest.raises(InputError, match=r"a\.ttf cannot be used, since the program that read it crashed"):
        font_digest(str(path))
