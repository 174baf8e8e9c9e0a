"""Letters are shaped as their script wants it, stand where they should and cover what they should."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from storyreel.errors import StorageError
from storyreel.render.text_fonts import FOLDER, SANS
from storyreel.render.text_shaping import Face, draw


def glyphs(font: str, text: str, *, rtl: bool = False, language: str = "en", ligatures: bool = True) -> list[int]:
    shaped = Face(FOLDER / font, 40.0).shape(text, right_to_left=rtl, language=language, ligatures=ligatures)
    return [glyph.number for glyph in shaped.glyphs]


def test_arabic_letters_join() -> None:
    """The same letter has another glyph alone, at a word's start, inside it and at its end."""
    alone = glyphs("NotoSansArabic-SemiBold.ttf", "ه", rtl=True, language="ar")
    joined = glyphs("NotoSansArabic-SemiBold.ttf", "ههه", rtl=True, language="ar")
    assert len({*alone, *joined}) == 4


def test_devanagari_reorders_and_stacks() -> None:
    """The sign of a short i is written before the consonant it is spoken after; k and ssa become one letter."""
    font = "NotoSansDevanagari-SemiBold.ttf"
    consonant = glyphs(font, "क", language="hi")[0]
    assert glyphs(font, "कि", language="hi").index(consonant) == 1
    assert len(glyphs(font, "क्ष", language="hi")) == 1


def test_right_to_left_text_is_drawn_from_its_last_letter() -> None:
    font = "NotoSansHebrew-SemiBold.ttf"
    assert glyphs(font, "אב", rtl=True, language="he") == [
        glyphs(font, "ב", rtl=True, language="he")[0],
        glyphs(font, "א", rtl=True, language="he")[0],
    ]


def test_ligatures_can_be_left_out() -> None:
    font = "EBGaramond-Medium.ttf"
    assert len(glyphs(font, "fi")) == 1
    assert len(glyphs(font, "fi", ligatures=False)) == 2


@pytest.mark.parametrize("text", ["H", "g", "ö", "8", "&", "Я"])
def test_letters_cover_what_freetype_fills(text: str) -> None:
    """Another rasteriser, which knows nothing of HarfBuzz, draws the same letter at the same place."""
    size_px, at = 64.0, (20, 80)
    face = Face(FOLDER / SANS, size_px)
    shaped = face.shape(text, right_to_left=False, language="en")
    mine = draw([(face, shaped, *at)], 640, 120).astype(np.float64)
    image = Image.new("L", (640, 120))
    font = ImageFont.truetype(FOLDER / SANS, size_px, layout_engine=ImageFont.Layout.BASIC)
    ImageDraw.Draw(image).text(at, text, 255, font, anchor="ls")
    theirs = np.asarray(image, np.float64)
    assert mine.sum() == pytest.approx(theirs.sum(), rel=0.02)
    assert np.abs(mine - theirs).sum() < 0.15 * theirs.sum()


def test_letters_stand_at_fractions_of_a_pixel() -> None:
    face = Face(FOLDER / SANS, 50.0)
    shaped = face.shape("lighthouse", right_to_left=False, language="en")

    def centre_px(x_px: float) -> float:
        mask = draw([(face, shaped, x_px, 60.0)], 400, 80).astype(np.float64)
        return float((mask.sum(axis=0) * np.arange(400)).sum() / mask.sum())

    assert centre_px(20.25) - centre_px(20.0) == pytest.approx(0.25, abs=0.01)
    assert centre_px(21.0) - centre_px(20.0) == pytest.approx(1.0, abs=0.001)


def test_nothing_is_drawn_outside_the_extents() -> None:
    face = Face(FOLDER / SANS, 50.0)
    shaped = face.shape("Äpfel, y", right_to_left=False, language="en")
    assert shaped.extents_px is not None
    left, top, right, bottom = shaped.extents_px
    mask = draw([(face, shaped, 100.0, 100.0)], 500, 200)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    assert 100 + top - 1 <= rows[0] <= 100 + top + 1
    assert 100 + bottom - 2 <= rows[-1] <= 100 + bottom
    assert 100 + left - 1 <= columns[0] <= 100 + left + 1
    assert 100 + right - 2 <= columns[-1] <= 100 + right


@pytest.mark.parametrize("stroke_px", [0.6, 2.0, 7.5])
def test_a_stroke_makes_letters_thicker_by_its_width(stroke_px: float) -> None:
    """Measured on a straight stem: it grows by the stroke on both sides."""
    face = Face(FOLDER / SANS, 100.0)
    shaped = face.shape("l", right_to_left=False, language="en")
    thin, thick = (draw([(face, shaped, 30.0, 90.0)], 100, 120, width) for width in (0.0, stroke_px))
    row = 50
    grown = (thick[row].astype(np.float64).sum() - thin[row].astype(np.float64).sum()) / 255
    assert grown == pytest.approx(2 * stroke_px, abs=2 / 6)  # a sixth of a pixel on either side
    assert (thick >= thin.astype(np.int16) - 2).all()


@pytest.mark.parametrize("content", [b"", b"not a font", bytes(2000)])
def test_what_is_no_font_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "fake.ttf"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"fake\.ttf"):
        Face(path, 20.0)


def test_a_missing_font_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        Face(tmp_path / "gone.ttf", 20.0)
