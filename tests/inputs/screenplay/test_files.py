"""Every kind of file a script comes in, and every way it can be wrong, with a sentence for it."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from storyreel.errors import InputError
from storyreel.inputs.screenplay.files import decoded, from_srt, read_script, script_from_text

SCENE = "INT. CAFÉ - NIGHT\n\nRain on the window.\n\nADA\n(low)\nIt’s “late”.\n"


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_is_read_in_any_common_encoding(tmp_path: Path, encoding: str) -> None:
    script = read_script(put(tmp_path / "scene.fountain", SCENE.encode(encoding)))
    assert script.text == SCENE
    assert (script.name, script.kind) == ("scene", "fountain")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("a.fountain", b"MZ" + bytes(300)),
        ("a.md", bytes(range(256)) * 20),
        ("a.srt", b"ID3\x03" + bytes(100)),
        ("a.txt", b"\x00\x01\x02" * 500),
    ],
)
def test_a_binary_file_by_another_name_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(InputError, match="is not text"):
        read_script(put(tmp_path / name, data))


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf\n", b"*** --- ***"])
def test_an_empty_script_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match="empty"):
        read_script(put(tmp_path / "a.txt", data))


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.fountain cannot be read"):
        read_script(tmp_path / "missing.fountain")


def test_text_that_begins_with_a_mark_but_is_damaged_is_refused() -> None:
    with pytest.raises(InputError, match="damaged"):
        decoded(b"\xff\xfe\x00\xd8\x00\x00x", "a.txt")


def test_a_screenplay_in_markdown_loses_its_marks() -> None:
    script = script_from_text("# The Barn\n\n## INT. BARN - NIGHT\n\nHay.\n\n**ADA**\nNo.\n\n---\n\nBEN\nYes.\n")
    assert script.kind == "fountain"
    assert "\nINT. BARN - NIGHT\n" in script.text
    assert "\nADA\nNo." in script.text
    assert "---" not in script.text


def test_prose_in_markdown_loses_its_bullets_and_links_only() -> None:
    script = script_from_text("# One\n\n- A [lamp](http://x.y) burned.\n\nShe *knew* it.\n")
    assert script.kind == "prose"
    assert "A lamp burned." in script.text
    assert "http" not in script.text


def word_file(paragraphs: list[tuple[str, str]]) -> bytes:
    document = docx.Document()
    for style, text in paragraphs:
        if style and style not in [each.name for each in document.styles]:
            document.styles.add_style(style, docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph(text, style=style or None)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def test_a_word_file_with_a_template_s_styles_becomes_fountain(tmp_path: Path) -> None:
    data = word_file(
        [
            ("Scene Heading", "The barn, at night"), ("Action", "Hay everywhere."), ("Character", "Ada"),
            ("Parenthetical", "(low)"), ("Dialogue", "No."), ("Action", "She goes."),
        ]
    )  # fmt: skip
    script = read_script(put(tmp_path / "play.docx", data))
    assert script.kind == "fountain"
    assert script.text == ".The barn, at night\n\nHay everywhere.\n\n@Ada\n(low)\nNo.\n\nShe goes.\n"


def test_a_word_file_without_styles_is_read_by_its_capitals(tmp_path: Path) -> None:
    paragraphs = ["INT. BARN - NIGHT", "Hay.", "ADA", "(low)", "No.", "She goes."]
    script = read_script(put(tmp_path / "play.docx", word_file([("", text) for text in paragraphs])))
    assert script.text == "INT. BARN - NIGHT\n\nHay.\n\nADA\n(low)\nNo.\n\nShe goes.\n"


def test_a_word_file_called_txt_is_read_as_what_it_is(tmp_path: Path) -> None:
    assert "Hay." in read_script(put(tmp_path / "play.txt", word_file([("", "Hay.")]))).text


def test_an_archive_is_refused(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(InputError, match="an archive"):
        read_script(tmp_path / "a.docx")


def test_a_damaged_word_file_is_refused(tmp_path: Path) -> None:
    data = word_file([("", "Hay.")])
    with pytest.raises(InputError, match=r"damaged \.docx"):
        read_script(put(tmp_path / "a.docx", data[: len(data) // 2]))


def pdf_page(lines: list[tuple[int, int, str]]) -> bytes:
    """A one-page PDF: (x, y, text) in points from the lower left, in Courier, written by hand."""
    show = "".join(f"BT /F1 12 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in lines)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>",
        f"<< /Length {len(show)} >>\nstream\n{show}endstream",
    ]
    data, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n"
    table = len(data)
    data += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n" + "".join(
        f"{place:010d} 00000 n \n" for place in places
    )
    return (data + f"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").encode()


PAGE = [
    (500, 750, "1."), (72, 720, "INT. BARN - NIGHT"), (72, 696, "Hay. Ada sits on it."), (252, 672, "ADA"),
    (216, 660, "\\(low\\)"), (180, 648, "I have waited"), (180, 636, "a long time."), (72, 612, "She goes."),
]  # fmt: skip


def test_a_pdf_is_read_by_where_its_lines_stand(tmp_path: Path) -> None:
    script = read_script(put(tmp_path / "play.pdf", pdf_page(PAGE)))
    assert script.kind == "fountain"
    assert (
        "INT. BARN - NIGHT\n\nHay. Ada sits on it.\n\nADA\n(low)\nI have waited\na long time.\n\nShe goes."
        in script.text
    )
    assert "1." not in script.text


def test_a_pdf_behind_a_password_is_refused_with_a_sentence(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_page(PAGE))))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(InputError, match="locked by a password: save it without one"):
        read_script(tmp_path / "locked.pdf")


def test_a_pdf_of_three_hundred_pages_is_refused_before_they_are_read(tmp_path: Path) -> None:
    page = PdfReader(io.BytesIO(pdf_page(PAGE))).pages[0]
    writer = PdfWriter()
    for _ in range(300):
        writer.add_page(page)
    writer.write(tmp_path / "long.pdf")
    with pytest.raises(InputError, match="has 300 pages, which would run for hours: give a part of it"):
        read_script(tmp_path / "long.pdf")


def test_a_pdf_of_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no text"):
        read_script(put(tmp_path / "scan.pdf", pdf_page([])))


def test_a_damaged_pdf_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="damaged PDF"):
        read_script(put(tmp_path / "a.pdf", b"%PDF-1.4\nnothing of the kind"))


SRT = """1
00:00:01,000 --> 00:00:02,500
- <i>It was late.</i>

2
00:00:02,600 --> 00:00:04,000
And it rained.

3
00:00:09,000 --> 00:00:10,000
Nobody came.
"""


def test_subtitles_become_paragraphs_at_their_gaps(tmp_path: Path) -> None:
    script = read_script(put(tmp_path / "a.srt", SRT.encode()))
    assert script.text == "It was late. And it rained.\n\nNobody came.\n"
    assert script.kind == "prose"


def test_subtitles_that_name_their_speakers_become_dialogue() -> None:
    text = SRT.replace("- <i>It was late.</i>", "ADA: It was late.").replace("And it rained.", "BEN: And it rained.")
    assert from_srt(text) == "ADA\nIt was late.\n\nBEN\nAnd it rained.\n\nNobody came.\n"
