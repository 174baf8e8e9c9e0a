"""Which font draws which character: a text is cut into runs, each drawable by one of the fonts that ship with it.

Coverage is read from `fonts/coverage.json`, so asking needs neither Pillow nor the fonts themselves. Chinese, Japanese
and Korean come from an optional package, since their font is far larger than everything else here.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import metadata, util
from pathlib import Path

from storyreel.errors import StorageError
from storyreel.render.text_font_file import font_digest, font_ranges
from storyreel.render.text_shaping import Face
from storyreel.timeline.caption_style import Family

FOLDER = Path(__file__).parent / "fonts"
COVERAGE_NAME = "coverage.json"
SANS, SERIF, EMOJI, SYMBOLS = (
    "NotoSans-SemiBold.ttf",
    "EBGaramond-Medium.ttf",
    "NotoEmoji-SemiBold.ttf",
    "NotoSansSymbols-SemiBold.ttf",
)
PLACEHOLDER = "\u25af"  # a quiet hollow box, for what no font can draw

_CJK_PACKAGE = "manimgx_fonts_cjk"
_CJK_DISTRIBUTION = "manimgx-fonts-cjk"
CJK = "NotoSansCJK-VF.otf.ttc"
_CJK_WEIGHT = 600
_CJK_FACES = {"ja": 0, "ko": 1, "zh": 2, "zh-CN": 2, "zh-TW": 3, "zh-HK": 4}
_CJK_RANGES = (
    (0x1100, 0x11FF),
    (0x2E80, 0x2FDF),
    (0x3000, 0x30FF),
    (0x3100, 0x312F),
    (0x3131, 0x318E),
    (0x31F0, 0x33FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAD9),
    (0xFE30, 0xFE4F),
    (0xFF01, 0xFFEE),
    (0x20000, 0x2A6DF),
)
_JOINER, _TEXT_SHAPE, _EMOJI_SHAPE, _KEYCAP = "\u200d", "\ufe0e", "\ufe0f", "\u20e3"
_PRIMARY = {"sans": SANS, "serif": SERIF}


@dataclass(frozen=True, slots=True)
class UserFont:
    """A font file of the user's.

    Attributes:
        digest: its SHA-256, so that a file that was replaced is another font.
        weight: what its weight axis is set to, where it has one.
    """

    path: str
    digest: str
    weight: int

    def __str__(self) -> str:
        return self.path


FontName = str | UserFont
"""A file name in `FOLDER`, `CJK`, or a font of the user's."""


@dataclass(frozen=True, slots=True)
class FontRun:
    """A piece of text that one font draws.

    Attributes:
        text: what to draw; where no font has a character it holds `PLACEHOLDER` instead.
    """

    font: FontName
    text: str


def user_font(path: str, weight: int) -> UserFont | None:
    """A font file of the user's, or None where `path` is "".

    Raises:
        InputError: the file cannot be read, or is no font.
    """
    return UserFont(path, font_digest(path), weight) if path else None


@lru_cache(maxsize=4096)
def font_runs(text: str, family: Family = "sans", own: UserFont | None = None) -> tuple[FontRun, ...]:
    """Cut a text into runs of one font each, in reading order; the user's own comes first where it has the letters.

    Marks stay with their letter, joined emoji stay whole, and punctuation or digits stay in the font of the text
    before them where it has them.
    """
    runs: list[FontRun] = []
    for cluster in clusters(text):
        font = _font_of(cluster, family, own, runs[-1].font if runs else "")
        shown = cluster if font else PLACEHOLDER
        font = font or _font_of(PLACEHOLDER, family, own, "") or SANS
        if runs and runs[-1].font == font:
            runs[-1] = FontRun(font, runs[-1].text + shown)
        else:
            runs.append(FontRun(font, shown))
    return tuple(runs)


def missing_glyphs(text: str, own: UserFont | None = None) -> str:
    """A sentence naming the characters that no font here can draw, or "" when all can be drawn."""
    missing = dict.fromkeys(c for c in clusters(text) if not c.isspace() and not _font_of(c, "sans", own, ""))
    if not missing:
        return ""
    named = ", ".join(f"{c} ({' '.join(f'U+{ord(part):04X}' for part in c)})" for c in list(missing)[:8])
    more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
    east_asian = any(_in_ranges(ord(c[0]), _CJK_RANGES) for c in missing)
    mend = (
        "run  pip install 'storyreel[cjk]'"
        if east_asian and not _has_cjk()
        else "write them another way, or name a font file that has them"
    )
    return f"no font here has {named}{more}, so an empty box stands in their place: {mend}"


@lru_cache(maxsize=1024)
def clusters(text: str) -> tuple[str, ...]:
    """A text's user-perceived characters, near enough for choosing fonts (after UAX #29, extended clusters)."""
    found: list[str] = []
    flags = 0
    for character in text:
        before = found[-1] if found else ""
        is_flag = 0x1F1E6 <= ord(character) <= 0x1F1FF
        flags = flags + 1 if is_flag else 0
        if before and (_extends(character) or before[-1] == _JOINER or (is_flag and flags % 2 == 0)):
            found[-1] += character
        else:
            found.append(character)
    return tuple(found)


@cache
def fonts_identity() -> str:
    """A digest of every font file and of the text engine's version: part of all that decides a text's pixels.

    Raises:
        StorageError: the fonts are not where they were installed.
    """
    digest = hashlib.sha256()
    try:
        for path in sorted(FOLDER.iterdir()):
            if path.suffix in {".ttf", ".json"}:
                digest.update(path.name.encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    except OSError as error:
        raise StorageError(f"the fonts in {FOLDER} cannot be read: install storyreel again") from error
    digest.update(f"uharfbuzz {metadata.version('uharfbuzz')}".encode())
    if _has_cjk():
        digest.update(f"{_CJK_DISTRIBUTION} {metadata.version(_CJK_DISTRIBUTION)}".encode())
    return digest.hexdigest()


@lru_cache(maxsize=128)
def open_font(name: FontName, size_px: float, language: str = "en") -> Face:
    """A font at a size.

    Raises:
        StorageError: its file cannot be read.
    """
    if isinstance(name, UserFont):
        return Face(Path(name.path), size_px, weight=name.weight)
    if name == CJK:
        index = _CJK_FACES.get(language, _CJK_FACES.get(language.partition("-")[0], 2))
        return Face(_cjk_path(), size_px, index=index, weight=_CJK_WEIGHT)
    return Face(FOLDER / name, size_px)


def _extends(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in {"Mn", "Mc", "Me"}
        or character in {_JOINER, "\u200c", _KEYCAP}
        or 0xFE00 <= code <= 0xFE0F
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0xE0020 <= code <= 0xE007F  # tags of regional flags
    )


def _font_of(cluster: str, family: Family, own: UserFont | None, before: FontName) -> FontName:
    """The font that draws a cluster, or "": the run's own for punctuation, else the first of the chain that can."""
    needed = [c for c in cluster if not _is_ignorable(c)]
    if not needed:
        return before or own or _PRIMARY[family]
    chain: tuple[FontName, ...] = (own, *_chain(family)) if own else _chain(family)
    if _EMOJI_SHAPE in cluster or (len(needed) > 1 and _JOINER in cluster and ord(needed[0]) > 0x2000):
        chain = (EMOJI, *chain)
    elif before and not unicodedata.category(needed[0]).startswith("L"):
        chain = (before, *chain)
    return next((font for font in chain if all(_covers(font, c) for c in needed)), "")


def _is_ignorable(character: str) -> bool:
    code = ord(character)
    return unicodedata.category(character) in {"Cf", "Cc"} or 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE0FFF


@cache
def _chain(family: Family) -> tuple[str, ...]:
    first = _PRIMARY[family]
    scripts = sorted(set(_coverage()) - {SANS, SERIF, EMOJI, SYMBOLS})
    return (first, SANS, *scripts, *((CJK,) if _has_cjk() else ()), SYMBOLS, EMOJI, SERIF)


@lru_cache(maxsize=65536)
def _covers(font: FontName, character: str) -> bool:
    if font == CJK:
        return _has_cjk() and _in_ranges(ord(character), _CJK_RANGES)
    starts, ends = font_ranges(font.path) if isinstance(font, UserFont) else _coverage()[font]
    at = bisect_right(starts, ord(character)) - 1
    return at >= 0 and ord(character) <= ends[at]


def _in_ranges(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)


@cache
def _coverage() -> dict[str, tuple[list[int], list[int]]]:
    try:
        table = json.loads((FOLDER / COVERAGE_NAME).read_bytes())
    except OSError as error:
        raise StorageError(f"{FOLDER / COVERAGE_NAME} cannot be read: install storyreel again") from error
    return {name: ([low for low, _ in ranges], [high for _, high in ranges]) for name, ranges in table.items()}


@cache
def _has_cjk() -> bool:
    return util.find_spec(_CJK_PACKAGE) is not None


@cache
def _cjk_path() -> Path:
    spec = util.find_spec(_CJK_PACKAGE)
    if spec is None or spec.origin is None:
        raise StorageError("the Chinese, Japanese and Korean font is gone: run  pip install 'storyreel[cjk]'")
    return Path(spec.origin).parent / CJK
