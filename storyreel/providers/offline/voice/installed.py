"""The files that other packages bring: found without running any of their code, and checked before they are used."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from storyreel.errors import CorruptFile, MissingExtra

FEATURE, EXTRA = "the offline voice", "offline"


def package_folder(package: str, feature: str = FEATURE, extra: str = EXTRA) -> Path:
    """The folder of an installed package, which is looked up but not imported.

    Args:
        package: its import name.
        feature: what needs it, for the message.
        extra: which extra of ours brings it.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError) as error:  # a finder that refuses, or a module without a spec
        raise MissingExtra(feature, extra) from error
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        return Path(folder)
    raise MissingExtra(feature, extra)


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file inside another package.

    Attributes:
        package: its import name.
        requirement: what pip installs to bring it ("misaki==0.9.4").
        inside: its path in the package.
        size_bytes: how long it is.
        sha256: its digest, as hex.
        feature: what needs it.
        extra: which extra of ours brings the package.
    """

    package: str
    requirement: str
    inside: str
    size_bytes: int
    sha256: str
    feature: str = FEATURE
    extra: str = EXTRA

    def find(self) -> Path:
        """Where it is, by a look at the folder alone.

        Raises:
            MissingExtra: the package is not installed.
            CorruptFile: the file is not there, or has another size.
        """
        path = package_folder(self.package, self.feature, self.extra) / self.inside
        try:
            size = path.stat().st_size
        except OSError as error:
            raise CorruptFile(f"{path} cannot be read ({error.strerror}): {self._mend}") from error
        if size != self.size_bytes:
            raise CorruptFile(f"{path} has {size} bytes instead of {self.size_bytes}: {self._mend}")
        return path

    def read(self) -> bytes:
        """Its content.

        Raises:
            MissingExtra: the package is not installed.
            CorruptFile: the file is not the one that the feature was made for.
        """
        path = self.find()
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise CorruptFile(
                f"{path} is not the file that {self.feature} was made for (its SHA-256 should begin "
                f"{self.sha256[:12]}): {self._mend}"
            )
        return content

    @property
    def _mend(self) -> str:
        return f"run  pip install --force-reinstall --no-deps '{self.requirement}'"
