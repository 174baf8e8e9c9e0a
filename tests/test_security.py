"""What SECURITY.md promises: every test that it names exists, and those that fit nowhere else are here."""

from __future__ import annotations

import hashlib
import io
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

import storyreel
from storyreel.airlock import Unsafe
from storyreel.errors import CorruptFile, InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.step import step
from storyreel.memo.store import _stores, store_of
from storyreel.project import Project, Record
from storyreel.providers.offline.voice.installed import PackageFile
from storyreel.publish import project_unzip
from storyreel.publish.project_unzip import unpack
from storyreel.publish.project_zip import pack
from storyreel.settings import Settings

ROOT = Path(__file__).parents[1]


@step(version=1)
def security_picture(project: Project) -> Asset:
    data = io.BytesIO()
    Image.new("RGB", (64, 36), (9, 99, 9)).save(data, "PNG")
    blob = store_of(project).put_bytes(data.getvalue(), ".png")
    return Asset(kind="image", blob=blob, width_px=64, height_px=36, provenance=Provenance(provider="test"))


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8")))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^ *def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 40
    assert named - written == set()


def test_every_threat_has_a_test() -> None:
    rows = [line for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    threats = [row for row in rows if not row.startswith("| What could happen")]
    assert len(threats) > 20
    for row in threats:
        assert re.search(r"`test_\w+`[^|]*\|$", row), row


def test_media_in_a_projects_zip_are_looked_at_by_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project("lamp", tmp_path / "one")
    project.save_record(Record(recipe="title", inputs={"title": "The Lamp"}, crew={}, settings=Settings()))
    store_of(project).place(security_picture(project).blob, project.path("images/scene_0001.png"))
    pack(project, tmp_path / "lamp.zip")
    looked_at: list[Path] = []

    def crashes(path: Path) -> None:
        looked_at.append(path)
        raise Unsafe("the program that read it crashed")

    monkeypatch.setattr(project_unzip, "look_at_picture", crashes)
    with pytest.raises(InputError, match=r"refused and nothing of it was kept: of 'files/.*crashed"):
        unpack(tmp_path / "lamp.zip", tmp_path / "two")
    assert looked_at
    assert not list((tmp_path / "two").rglob("*.png"))
    assert not (tmp_path / "two/projects/lamp").exists()
    monkeypatch.undo()
    assert unpack(tmp_path / "lamp.zip", tmp_path / "two").record().inputs["title"] == "The Lamp"
    for cache in ("one", "two"):
        _stores.pop(tmp_path / cache / "store").results.close()


def test_every_dependency_is_held_to_a_version() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    held = {
        re.split(r"[=<>!~;\[ ]", line)[0].lower().replace("_", "-").replace(".", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith("#")
    }
    for wanted in asked["dependencies"]:
        name = re.split(r"[=<>!~;\[ ]", wanted)[0].lower().replace("_", "-").replace(".", "-")
        assert name in held, f"{wanted} is not in constraints.txt"


def test_a_model_that_is_not_the_listed_one_is_refused() -> None:
    """Any file of a package will do; it is only read where its digest is the one that was written down."""
    here = Path(storyreel.__file__).with_name("py.typed")
    listed = PackageFile(
        package="storyreel", requirement="storyreel==0.1.0", inside="py.typed",
        size_bytes=here.stat().st_size, sha256=hashlib.sha256(here.read_bytes()).hexdigest(),
    )  # fmt: skip
    assert listed.read() == here.read_bytes()
    with pytest.raises(CorruptFile, match="is not the file"):
        replace(listed, sha256="ab" * 32).read()
