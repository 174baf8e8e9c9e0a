"""A file that holds a script, read into text: plain text in any common encoding, Fountain, Markdown, .docx, .pdf, .srt.

What a file is decides its content, not its name: a .docx called .txt is read as a .docx, and a picture called .txt is
refused with a sentence. Nothing in a file is run, and nothing outside it is read.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from storyreel.airlock import Unsafe, look_at_document
from storyreel.errors import InputError
from storyreel.inputs.screenplay.recognise import ScriptKind, kind_of, unmarked

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

LARGEST_FILE_BYTES = 30 << 20
LARGEST_UNPACKED_BYTES = 300 << 20
LARGEST_TEXT_CHARACTERS = 3_000_000

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DOCUMENTS: Mapping[bytes, Literal["pdf", "docx"]] = {b"%PDF-": "pdf", b"PK\x03\x04": "docx"}
_BINARY = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"RIFF": "a sound, video or WebP picture",
    b"ID3": "an MP3 sound",
    b"OggS": "an Ogg sound",
    b"fLaC": "a FLAC sound",
    b"\x1a\x45\xdf\xa3": "a video",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\xd0\xcf\x11\xe0": "an old Word or Office file (save it as .docx)",
    b"{\\rtf": "an RTF file (save it as .docx or plain text)",
}


class ScriptText(BaseModel, frozen=True, extra="forbid"):
    """A script as text.

    Attributes:
        name: what it is called, for a title where it has none of its own.
        kind: "fountain" for a screenplay, "prose" for anything else.
    """

    name: str
    text: str
    kind: ScriptKind


def script_from_text(text: str, name: str = "") -> ScriptText:
    """Take a script that was pasted.

    Raises:
        InputError: it is empty, or too long.
    """
    text = unmarked("".join(c for c in text if c in "\n\r\t" or c >= " "))
    where = f"the script {name}" if name else "the script"
    if not any(character.isalnum() for character in text):
        raise InputError(f"{where} is empty: give at least a line of text")
    if len(text) > LARGEST_TEXT_CHARACTERS:
        raise InputError(f"{where} is {len(text):,} characters long: give at most {LARGEST_TEXT_CHARACTERS:,}")
    return ScriptText(name=name, text=text.strip("\n") + "\n", kind=kind_of(text))


def read_script(path: Path | str) -> ScriptText:
    """Read a script from a file.

    Raises:
        InputError: it is not there, empty, too large, not a kind of file that holds a script, or locked by a password.
    """
    path = Path(path).expanduser()
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            raise InputError(f"the script {path} is {size >> 20} MB large: give at most {LARGEST_FILE_BYTES >> 20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"the script {path} cannot be read: {error.strerror}") from error
    if not data.strip():
        raise InputError(f"the script {path} is empty: give at least a line of text")
    script = script_from_text(_text_of(data, path), path.name)
    return script.model_copy(update={"name": path.stem})


def _text_of(data: bytes, path: Path) -> str:
    document = next((kind for start, kind in _DOCUMENTS.items() if data.startswith(start)), None)
    if document is not None:
        try:
            look_at_document(data, document)
        except Unsafe as error:
            raise InputError(f"{path} is refused ({error.reason}): save it anew, or give the script as text") from error
    if data.startswith(b"%PDF-"):
        return _from_pdf(data, path)
    if data.startswith(b"PK\x03\x04"):
        return _from_docx(data, path)
    text = decoded(data, str(path))
    suffix = path.suffix.lower()
    if suffix == ".srt" or (suffix == ".txt" and _SRT_TIMES.search(text[:400])):
        return from_srt(text)
    return text


def decoded(data: bytes, name: str) -> str:
    """Text from bytes: UTF-8, UTF-16 or UTF-32 with or without a mark, else Windows-1252.

    Raises:
        InputError: it is no text, or in none of these.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding, name)
    for start, what in _BINARY.items():
        if data.startswith(start):
            raise InputError(
                f"{name} is not text but {what}: give the script as text, .fountain, .md, .docx, .pdf or .srt"
            )
    sample = data[: 1 << 16]
    if b"\0" in sample:
        for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
            if zeros.count(0) > 0.4 * len(zeros):
                return _strictly(data, encoding, name)
        raise InputError(f"{name} is not text, whatever its name says: give the script as text, .docx or .pdf")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in sample)
    foreign = sum(byte >= 0x80 for byte in sample)
    if controls > 0.002 * len(sample):
        raise InputError(f"{name} is not text, whatever its name says: give the script as text, .docx or .pdf")
    if foreign > 0.3 * len(sample):
        raise InputError(f"{name} is text in an encoding that cannot be told from others: save it as UTF-8")
    return data.decode("cp1252", errors="replace").replace("\ufffd", "")


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{name} begins as {encoding} text but is damaged: save it anew, as UTF-8") from error


# ------------------------------------------------------------------------------------------------------- subtitles

_SRT_TIMES = re.compile(r"(\d+):(\d\d):(\d\d)[,.](\d{1,3})\s*-->\s*(\d+):(\d\d):(\d\d)[,.](\d{1,3})")
_SRT_TAGS = re.compile(r"</?[a-zA-Z][^>]*>|\{\\[^}]*\}")
_SRT_SPEAKER = re.compile(r"([A-Z][A-Z .'-]{1,30}):\s+(.*)", re.DOTALL)
_SCENE_GAP_S = 3.0


def from_srt(text: str) -> str:
    """Subtitles as a script: what speakers who are named say as dialogue, the rest as prose; their times are left.

    A gap of three seconds ends a paragraph.
    """
    parts: list[str] = []
    last_end_s = 0.0
    named = False
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip()):
        times = _SRT_TIMES.search(block)
        if times is None:
            continue
        start_s, end_s = (_srt_seconds(times.groups()[at : at + 4]) for at in (0, 4))
        said = " ".join(_SRT_TAGS.sub("", block[times.end() :]).split())
        said = re.sub(r"(?:^|(?<=\s))-\s+", "", said)
        speaker = _SRT_SPEAKER.fullmatch(said)
        if speaker:
            named = True
            parts.append(f"\n\n{speaker.group(1).strip()}\n{speaker.group(2)}")
        elif said:
            parts.append((" " if parts and start_s - last_end_s < _SCENE_GAP_S else "\n\n") + said)
        last_end_s = end_s
    return "".join(parts).strip() + ("\n" if named else "")


def _srt_seconds(parts: tuple[str, ...]) -> float:
    hours, minutes, seconds, thousandths = parts
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths.ljust(3, "0")) / 1000


# ------------------------------------------------------------------------------------------------------- Word

_STYLES = {"scene heading": ".", "character": "@", "transition": ">", "lyrics": "~"}
_CUE = re.compile(r"[^a-z.!?]{2,40}(?:\([^)]*\))?")


def _from_docx(data: bytes, path: Path) -> str:
    from zipfile import BadZipFile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            if "word/document.xml" not in names:
                kind = "an OpenDocument text" if "content.xml" in names else "an archive"
                raise InputError(f"{path} is not text but {kind}: give the script as text, .docx or .pdf")
            if sum(entry.file_size for entry in package.infolist()) > LARGEST_UNPACKED_BYTES:
                raise InputError(
                    f"{path} unpacks to more than {LARGEST_UNPACKED_BYTES >> 20} MB: save it without pictures"
                )
        import docx
        from docx.opc.exceptions import OpcError

        try:
            styled = [_with_mark(paragraph) for paragraph in docx.Document(io.BytesIO(data)).paragraphs]
        except (OpcError, AttributeError, IndexError, TypeError) as error:
            raise InputError(f"{path} is a damaged .docx: save it anew") from error
    except (BadZipFile, EOFError, KeyError, RuntimeError, SyntaxError, ValueError, zlib.error) as error:
        raise InputError(f"{path} is a damaged .docx: save it anew") from error
    return _paragraphs(styled)


def _with_mark(paragraph: Paragraph) -> tuple[str, str]:
    """(style in lower case, text with the mark that a style of a screenplay template stands for)."""
    style = (paragraph.style.name or "" if paragraph.style is not None else "").lower()
    text = paragraph.text.strip()
    mark = _STYLES.get(style, "")
    if mark == "." and re.match(r"(?:INT|EXT|EST|I/E)\b", text, re.IGNORECASE):
        mark = ""
    if mark == "@" and text == text.upper():
        mark = ""
    return style, mark + text if text else ""


def _paragraphs(styled: list[tuple[str, str]]) -> str:
    """Paragraphs as text: an empty line between them, but none between a name, its stage direction and its speech."""
    written = ""
    in_speech = False
    for index, (style, text) in enumerate(styled):
        if not text:
            in_speech = False
            continue
        follows = styled[index + 1][1] if index + 1 < len(styled) else ""
        cue = style == "character" or bool(
            _CUE.fullmatch(text)
            and follows
            and follows != follows.upper()
            and not re.match(r"(?:INT|EXT|EST|I/E)\b", text)
        )
        joined = (
            in_speech
            and not cue
            and (style in ("dialogue", "parenthetical", "") or style.startswith(("normal", "body")))
        )
        written += ("\n" if joined else "\n\n" if written else "") + text
        # A paragraph of plain style after a name is its speech; after that only a stage direction keeps it open.
        in_speech = cue or (joined and (style in ("dialogue", "parenthetical") or text.startswith("(")))
    return written + "\n"


# ------------------------------------------------------------------------------------------------------- PDF

_MOST_PAGES = 240  # of a screenplay a page is about a minute, and three hours are the most; reading more takes minutes
_PAGE_NUMBER = re.compile(
    r"\s*(?:\d{1,4}\.?|page \d{1,4}(?: of \d{1,4})?|\(?(?:MORE|CONTINUED)\)?:?)\s*", re.IGNORECASE
)


def _from_pdf(data: bytes, path: Path) -> str:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{path} is locked by a password: save it without one, then give it again")
        if len(reader.pages) > _MOST_PAGES:
            raise InputError(
                f"{path} has {len(reader.pages)} pages, which would run for hours: give a part of it, of at most "
                f"{_MOST_PAGES} pages"
            )
        pages = [page.extract_text(extraction_mode="layout") for page in reader.pages]
    except DependencyError as error:
        raise InputError(f"{path} is encrypted: save it without a password, then give it again") from error
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is a damaged PDF: save it anew, or give the script as text") from error
    text = "\n".join(_without_page_numbers(page) for page in pages)
    if not any(character.isalpha() for character in text):
        raise InputError(f"{path} holds pictures of pages and no text: run it through text recognition first")
    return _unwrapped(text)


def _without_page_numbers(page: str) -> str:
    return "\n".join(line for line in page.split("\n") if not _PAGE_NUMBER.fullmatch(line) or not line.strip())


def _unwrapped(text: str) -> str:
    """Lines of a page as paragraphs: where a line is set much further in than the one before, a new one begins.

    So a screenplay's names, which stand far in, are parted from the action above them even where a page leaves no
    empty line.
    """
    written: list[str] = []
    before = 0
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        if line.strip() and written and written[-1] and indent - before > 14 and line.strip() == line.strip().upper():
            written.append("")
        written.append(line.strip())
        before = indent if line.strip() else before
    return re.sub(r"\n{3,}", "\n\n", "\n".join(written)).strip() + "\n"
