"""Pronunciations as a person types or lists them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from storyreel.errors import InputError

MOST_PRONUNCIATION_BYTES = 200_000


def read_pronunciations(given: Sequence[str]) -> dict[str, str]:
    """What `--pronounce` was given, by word; of a word given twice the last one holds.

    Args:
        given: each "WORD=SOUNDS", or the path of a UTF-8 file with one such pair a line, empty lines, and lines that
            begin with "#".

    Raises:
        InputError: a pair without its word or its sounds, or a file that cannot be read.
    """
    found: dict[str, str] = {}
    for each in given:
        if "=" in each:
            found.update([_pair(each, "--pronounce")])
            continue
        for number, line in enumerate(_lines(Path(each).expanduser()), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                found.update([_pair(line, f"line {number} of {each}")])
    return found


def _pair(text: str, where: str) -> tuple[str, str]:
    word, _, how = (part.strip() for part in text.partition("="))
    if not word or not how:
        raise InputError(f"{where} says {text.strip()[:60]!r}: write WORD=SOUNDS, as in Maren=/məˈɹɛn/ or Vael=vale")
    return word, how


def _lines(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_PRONUNCIATION_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"the pronunciations {str(path)!r} cannot be read ({error.strerror or error}): give WORD=SOUNDS or a file"
        ) from error
    if len(data) > MOST_PRONUNCIATION_BYTES:
        raise InputError(f"{path} is longer than {MOST_PRONUNCIATION_BYTES} bytes, too long for a pronunciation list")
    try:
        return data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no UTF-8 text: save it as UTF-8, one WORD=SOUNDS a line") from error
