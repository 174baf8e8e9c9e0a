"""The process that looks at files; run as a script, so that it loads nothing of storyreel but this.

It reads requests from its standard input, a line of JSON each: `kind` "picture", "media", "pdf", "docx" or "font", and
`path`, or `size_bytes` with the content right behind the line. It answers each with a line: `read` tells whether the
file could be decoded. It ends when its input does, or when nobody has asked for a while.
"""

from __future__ import annotations

import io
import json
import os
import resource
import select
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

FORMATS = (
    "aac,ac3,aiff,amr,ape,apng,asf,au,avi,caf,dsf,eac3,flac,flv,gif,ivf,m4v,matroska,mov,mp3,mpeg,mpegts,mpegvideo,"
    "mxf,nut,ogg,rm,tta,voc,w64,wav,wv,webm"
)
"""The containers that are opened, as FFmpeg names them: each holds what it plays."""
PICTURE_FORMATS = (
    "AVIF", "BMP", "DIB", "GIF", "ICO", "JPEG", "JPEG2000", "MPO", "PCX", "PNG", "PPM", "PSD", "QOI", "SGI", "TGA",
    "TIFF", "WEBP",
)  # fmt: skip
"""The kinds of pictures that are opened, as Pillow names them; for some of the others it would run a program."""
MEMORY_BYTES = 1 << 30
COMPUTING_S = 60
IDLE_S = 60.0
LARGEST_PIXELS = 100_000_000

_DECODED_S = 2.0
_MOST_FRAMES = 200
_MOST_PICTURES = 3
_MOST_LETTERS = 400
_LETTER_PX = 24


def main() -> None:
    """Answer requests."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 1)  # what a library prints is no answer
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    os.dup2(quiet, 0)
    _limit_all()
    while select.select([requests], [], [], IDLE_S)[0]:
        line = _line(requests)
        if not line:
            return
        asked = json.loads(line)
        source = io.BytesIO(_exactly(requests, asked["size_bytes"])) if "size_bytes" in asked else asked["path"]
        _limit_computing()
        try:
            read, grave = _LOOKS[asked["kind"]](source), ""
        except MemoryError:
            read, grave = False, "memory"
        except Exception as error:
            # FFmpeg and Pillow have their own words for a request that was not granted.
            told = f"{type(error).__name__} {error}".lower()
            read, grave = False, "memory" if "memory" in told else ""
        source = None
        answers.write(json.dumps({"read": read, "grave": grave}).encode() + b"\n")
        if grave:
            return


def _limit_all() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        with suppress(ValueError, OSError):  # a system may not know a limit, or have a tighter one
            resource.setrlimit(what, (most, most))


def _limit_computing() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + COMPUTING_S, hard))


def _line(requests: BinaryIO) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        letter = requests.read(1)
        if not letter:
            return b""
        line += letter
    return bytes(line)


def _exactly(requests: BinaryIO, size_bytes: int) -> bytes:
    content = bytearray()
    while len(content) < size_bytes:
        piece = requests.read(min(size_bytes - len(content), 1 << 20))
        if not piece:
            raise EOFError
        content += piece
    return bytes(content)


def _see(source: Any) -> bool:
    """Decode a picture whole, with what lies beside its pixels."""
    import warnings

    from PIL import Image, ImageCms

    warnings.simplefilter("ignore")
    Image.init()
    with Image.open(source, formats=[name for name in PICTURE_FORMATS if name in Image.OPEN]) as picture:
        if picture.width * picture.height > LARGEST_PIXELS:
            if picture.format not in ("JPEG", "MPO"):
                return False
            picture.draft(None, (picture.width // 8, picture.height // 8))
            if picture.width * picture.height > LARGEST_PIXELS:
                return False
        picture.load()
        with suppress(Exception):
            picture.getexif()
        if profile := picture.info.get("icc_profile"):
            with suppress(Exception):
                ImageCms.getProfileDescription(ImageCms.getOpenProfile(io.BytesIO(profile)))
    return True


def _hear_and_see(source: Any) -> bool:
    """Open a sound or video, and decode the beginning of every stream."""
    import av

    options = {"format_whitelist": FORMATS}
    if isinstance(source, str):
        options["protocol_whitelist"] = "file"
    with av.open(source, "r", options=options) as container:
        wanted: dict[int, int] = {}
        for stream in (*container.streams.audio, *container.streams.video):
            context: Any = stream.codec_context
            if context is None or (stream.type == "video" and context.width * context.height > LARGEST_PIXELS):
                continue
            context.thread_count = 1
            wanted[stream.index] = _MOST_FRAMES if stream.type == "audio" else _MOST_PICTURES
        decoded = 0
        for packet in container.demux(*(container.streams[index] for index in wanted)):
            index = packet.stream.index
            if wanted.get(index, 0) > 0:
                for frame in packet.decode():
                    decoded += 1
                    wanted[index] -= 1
                    if frame.time is not None and frame.time > _DECODED_S:
                        wanted[index] = 0
            wanted = {index: left for index, left in wanted.items() if left > 0}
            if not wanted:
                break
    return decoded > 0


def _read_pdf(source: Any) -> bool:
    from pypdf import PdfReader

    reader = PdfReader(source)
    if reader.is_encrypted and not reader.decrypt(""):
        return False
    texts = [page.extract_text(extraction_mode="layout") for page in reader.pages]
    return any(texts)


def _read_docx(source: Any) -> bool:
    import docx

    texts = [paragraph.text for paragraph in docx.Document(source).paragraphs]
    return any(texts)


def _draw_letters(source: Any) -> bool:
    """Shape and draw letters from all over a font, as they are, and as its heaviest where it has weights."""
    import uharfbuzz as hb

    face = hb.Face(source.getvalue() if isinstance(source, io.BytesIO) else hb.Blob.from_file_path(source))
    codes = sorted(face.unicodes) if face.glyph_count else []
    letters = [chr(code) for code in codes[:: -(-len(codes) // _MOST_LETTERS) or 1] if not 0xD800 <= code < 0xE000]
    font = hb.Font(face)
    for weight in (None, 900):
        if weight is not None:
            font.set_variations({"wght": weight})
        buffer = hb.Buffer()
        buffer.add_str("".join(letters))
        buffer.guess_segment_properties()
        hb.shape(font, buffer)
        drawing, scale = hb.RasterDraw(), _LETTER_PX / (face.upem or 1000)
        drawing.extents = hb.RasterExtents(0, 0, 2 * _LETTER_PX, 2 * _LETTER_PX, 0)
        for glyph in buffer.glyph_infos:
            font.get_glyph_extents(glyph.codepoint)
            drawing.transform = (scale, 0.0, 0.0, scale, _LETTER_PX / 2, _LETTER_PX / 2)
            drawing.draw_glyph(font, glyph.codepoint)
        drawing.render()
    return bool(letters)


_LOOKS: dict[str, Callable[[Any], bool]] = {
    "picture": _see, "media": _hear_and_see, "pdf": _read_pdf, "docx": _read_docx,
    "font": _draw_letters,
}  # fmt: skip

if __name__ == "__main__":
    main()
