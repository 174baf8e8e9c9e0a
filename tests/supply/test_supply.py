"""What storyreel brings along is named, unchanged, and may be brought along."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import subprocess
import sys
from email.message import Message
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

HERE = Path(__file__).parent
SOURCE = HERE.parents[1]
PACKAGE = SOURCE / "storyreel"
TEXT = {".txt", ".toml", ".json", ".css", ".js", ".j2"}
UNNAMED = {"NOTICE", "OFL.txt", "py.typed"}


def _check() -> Any:
    spec = importlib.util.spec_from_file_location("supply_check", HERE / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check = _check()


def shipped() -> list[Path]:
    """Every file of the package that is not code, as far as it is under version control's care."""
    found = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}]
    return [path for path in found if path.name not in UNNAMED and not path.name.startswith(".")]


def noticed() -> list[str]:
    lines = (SOURCE / "NOTICE").read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.startswith("storyreel/")]


def test_the_notice_names_every_file_that_is_shipped_beside_code() -> None:
    patterns = noticed()
    unnamed = [
        str(path.relative_to(SOURCE))
        for path in shipped()
        if not any(fnmatch(str(path.relative_to(SOURCE)), pattern) for pattern in patterns)
    ]
    assert unnamed == []


def test_the_notice_names_nothing_that_is_not_there() -> None:
    files = [str(path.relative_to(SOURCE)) for path in shipped()]
    assert [pattern for pattern in noticed() if not any(fnmatch(file, pattern) for file in files)] == []


def test_the_notice_names_every_package_whose_files_are_checked_when_loaded() -> None:
    notice = (SOURCE / "NOTICE").read_text(encoding="utf-8")
    found = {
        name.replace("_", "-")
        for path in (PACKAGE / "providers").rglob("*.py")
        for name in re.findall(r'"([a-z_-]+?)(?:-\d+|-part\d)?==[0-9.]+"', path.read_text(encoding="utf-8"))
    }
    assert found
    assert [name for name in found if name not in notice] == []


def test_every_font_voice_and_picture_is_the_one_that_was_listed() -> None:
    listed = dict(
        reversed(line.split("  ", 1)) for line in (HERE / "shipped.sha256").read_text(encoding="utf-8").splitlines()
    )
    there = {
        str(path.relative_to(SOURCE)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in shipped()
        if path.suffix not in TEXT
    }
    assert there == listed


def test_all_that_is_installed_may_be_brought_along() -> None:
    assert check.unfit(check.asked_for(check.own_requirements())) == []


def _package(name: str, **told: str) -> Any:
    metadata = Message()
    metadata["Name"] = name
    for field, text in told.items():
        metadata[field.replace("_", "-")] = text
    return SimpleNamespace(metadata=metadata, version="1.0")


@pytest.mark.parametrize(("told", "fits"), [
    ({"License_Expression": "MIT"}, True),
    ({"License_Expression": "GPL-3.0-only OR Apache-2.0"}, True),
    ({"License_Expression": "MIT AND GPL-3.0-only"}, False),
    ({"License": "Apache License, Version 2.0"}, True),
    ({"Classifier": "License :: OSI Approved :: GNU Affero General Public License v3"}, False),
    ({"License": "Proprietary"}, False),
    ({}, False),
])  # fmt: skip
def test_a_licence_that_is_not_allowed_or_not_told_is_found(told: dict[str, str], fits: bool) -> None:
    assert (check.unfit([_package("lamp", **told)]) == []) is fits


def test_an_audit_that_reaches_nobody_says_so_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "AUDITOR", ("127.0.0.1", 9))
    assert check.check_audit() == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_an_audit_that_finds_something_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = '{"dependencies": [{"name": "lamp", "version": "1.0", "vulns": [{"id": "CVE-1"}]}]}'
    monkeypatch.setattr(check.socket, "create_connection", lambda *args, **kwargs: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(check.subprocess, "run", lambda *args, **kwargs: SimpleNamespace(stdout=found))
    assert check.check_audit() == 1
    assert capsys.readouterr().out == "lamp 1.0: CVE-1\n"


def test_every_dependency_has_its_reason_in_the_readme() -> None:
    table = [line for line in (SOURCE / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    named = " ".join(line.split("|")[1].lower().replace(" to -4", "") for line in table)
    missing = sorted({need.name.lower() for need in check.own_requirements() if need.name.lower() not in named})
    assert [name for name in missing if not re.fullmatch(r".*-(model-[234]|part2)", name)] == []


def test_make_check_asks_both() -> None:
    rule = (SOURCE / "Makefile").read_text(encoding="utf-8").partition("\ncheck:")[2].partition("\n\n")[0]
    assert "tests/supply/check.py" in rule
    asked = subprocess.run([sys.executable, HERE / "check.py", "licences"], capture_output=True, text=True, timeout=60)
    assert asked.returncode == 0, asked.stdout
