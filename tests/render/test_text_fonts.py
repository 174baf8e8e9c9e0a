import json

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from storyreel.render import text_fonts
from storyreel.render.text_fonts import (
    COVERAGE_NAME,
    EMOJI,
    FOLDER,
    PLACEHOLDER,
    SANS,
    SERIF,
    clusters,
    font_runs,
    fonts_identity,
    missing_glyphs,
)

WITHOUT_CJK = pytest.mark.skipif(text_fonts._has_cjk(), reason="the optional East Asian font is installed")


def test_the_coverage_table_says_what_is_in_the_fonts() -> None:
    table = json.loads((FOLDER / COVERAGE_NAME).read_text())
    assert sorted(table) == sorted(path.name for path in FOLDER.glob("*.ttf"))
    for name, ranges in table.items():
        listed = {code for low, high in ranges for code in range(low, high + 1)}
        with TTFont(FOLDER / name, lazy=True) as font:
            assert listed == set(font.getBestCmap())


def test_the_fonts_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 3.5 * 2**20


def test_every_font_is_free_and_named_in_the_licence() -> None:
    licence = (FOLDER / "OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    for path in FOLDER.glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            assert "Reserved Font Name" not in (font["name"].getDebugName(0) or "")
            assert font["OS/2"].fsType == 0


def test_each_script_finds_its_font() -> None:
    fonts = [run.font for run in font_runs("Привет שלום مرحبا नमस्ते 🌊")]
    assert fonts == [
        SANS,
        "NotoSansHebrew-SemiBold.ttf",
        "NotoSansArabic-SemiBold.ttf",
        "NotoSansDevanagari-SemiBold.ttf",
        EMOJI,
    ]


def test_titles_are_set_in_the_serif_where_it_has_the_letters() -> None:
    assert [run.font for run in font_runs("Ο φάρος — Маяк", "serif")] == [SERIF]


def test_punctuation_stays_in_the_font_before_it() -> None:
    (run,) = font_runs("नमस्ते!")
    assert run.text == "नमस्ते!"


def test_a_joined_emoji_is_one_cluster_in_the_emoji_font() -> None:
    family, heart = "👨‍👩‍👧", "❤️"
    assert clusters(f"a{family}{heart}é🇫🇷🇯🇵") == ("a", family, heart, "é", "🇫🇷", "🇯🇵")
    assert [run.font for run in font_runs(family + heart)] == [EMOJI]


@given(st.text(max_size=20))
def test_runs_keep_all_text_that_has_a_font(text) -> None:
    drawn = "".join(run.text for run in font_runs(text))
    assert len(clusters(text)) == 0 or drawn
    if not missing_glyphs(text) and PLACEHOLDER not in drawn:
        assert drawn == text


@WITHOUT_CJK
def test_a_character_that_no_font_has_is_named_and_drawn_as_a_quiet_box() -> None:
    warning = missing_glyphs("a漢b漢")
    assert "漢 (U+6F22)" in warning
    assert warning.count("漢") == 1
    assert "storyreel[cjk]" in warning
    assert "".join(run.text for run in font_runs("a漢b")) == f"a{PLACEHOLDER}b"


def test_nothing_missing_makes_no_warning() -> None:
    assert missing_glyphs("Plain — “text” with 🌊, שלום ومرحبا → ♪\n") == ""


def test_the_identity_changes_with_any_font_file(tmp_path, monkeypatch) -> None:
    before = fonts_identity()
    for path in FOLDER.glob("*.ttf"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / COVERAGE_NAME).write_bytes((FOLDER / COVERAGE_NAME).read_bytes())
    monkeypatch.setattr(text_fonts, "FOLDER", tmp_path)
    fonts_identity.cache_clear()
    try:
        assert fonts_identity() == before
        changed = tmp_path / SANS
        data = changed.read_bytes()
        changed.unlink()
        changed.write_bytes(data + b"\0")
        fonts_identity.cache_clear()
        assert fonts_identity() != before
    finally:
        fonts_identity.cache_clear()
