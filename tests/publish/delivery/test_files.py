"""Uploads to what fsspec knows: this machine, a file system in memory; and what a place may be called."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import uuid
from pathlib import Path

import fsspec
import pytest

from storyreel.errors import Cancelled, DiskFull, InputError
from storyreel.progress import Progress
from storyreel.publish.delivery.target import read_target
from storyreel.recipes.upload import upload

MIB = 2**20


def test_a_folder_takes_the_film_under_the_projects_name(sent_film, tmp_path: Path) -> None:
    project = sent_film(3 * MIB)
    (tmp_path / "out").mkdir()
    sent = upload("lamp", str(tmp_path / "out"), cache=project.cache)
    assert Path(sent.target) == tmp_path / "out" / "lamp.mp4"
    assert Path(sent.target).read_bytes() == project.path("film.mp4").read_bytes()
    assert (sent.proof, sent.sent_bytes) == ("sha256", 3 * MIB)


@pytest.mark.parametrize("scheme", ["", "memory://"])
def test_an_upload_that_was_stopped_is_appended_to(sent_film, tmp_path: Path, scheme: str) -> None:
    project = sent_film(20 * MIB + 5)
    target = f"{scheme}{uuid.uuid4().hex}/a.mp4" if scheme else str(tmp_path / "a.mp4")
    progress = Progress()
    progress.listen(lambda event: progress.cancel() if event.kind == "advanced" and event.done >= 8 else None)
    with pytest.raises(Cancelled):
        upload("lamp", target, cache=project.cache, progress=progress)
    assert not (tmp_path / "a.mp4").exists()
    sent = upload("lamp", target, cache=project.cache)
    assert sent.sent_bytes == 12 * MIB + 5
    with fsspec.open(sent.target if scheme else f"file://{target}", "rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == sent.sha256


def test_a_tampered_beginning_is_found_at_the_end(sent_film, tmp_path: Path) -> None:
    project = sent_film(20 * MIB)
    progress = Progress()
    progress.listen(lambda event: progress.cancel() if event.kind == "advanced" and event.done >= 8 else None)
    with pytest.raises(Cancelled):
        upload("lamp", str(tmp_path / "a.mp4"), cache=project.cache, progress=progress)
    with (tmp_path / "a.mp4.part").open("r+b") as file:
        file.write(b"not the film")
    with pytest.raises(Exception, match="another SHA-256"):
        upload("lamp", str(tmp_path / "a.mp4"), cache=project.cache)
    assert not (tmp_path / "a.mp4").exists()
    assert upload("lamp", str(tmp_path / "a.mp4"), cache=project.cache).sent_bytes == 20 * MIB


def test_a_full_disk_is_told_and_the_film_stays(sent_film, tmp_path: Path) -> None:
    project, small = sent_film(4 * MIB), tmp_path / "small"
    small.mkdir()
    mounted = (
        shutil.which("mount")
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)], capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("a small disk can be mounted by root only")
    try:
        with pytest.raises(DiskFull, match=r"is full.*the film is safe in"):
            upload("lamp", f"{small}/", cache=project.cache)
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert project.path("film.mp4").stat().st_size == 4 * MIB


def test_a_folder_that_is_not_there_is_named(sent_film, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not there: create it"):
        upload("lamp", str(tmp_path / "no" / "a.mp4"), cache=sent_film(10).cache)


def test_there_has_to_be_a_film(sent_film, tmp_path: Path) -> None:
    project = sent_film(10)
    project.path("film.mp4").unlink()
    with pytest.raises(InputError, match="storyreel resume lamp"):
        upload("lamp", str(tmp_path), cache=project.cache)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("s3://films", "s3://films/lamp.mp4"),
        ("s3://films/out/", "s3://films/out/lamp.mp4"),
        ("r2://films/a b.mp4", "s3://films/a b.mp4"),
        ("sftp://me@host/out/", "sftp://me@host/out/lamp.mp4"),
        ("gs://films/x.mp4", "gs://films/x.mp4"),
    ],
)
def test_a_place_is_understood(text: str, meant: str) -> None:
    assert str(read_target(text, "lamp.mp4")) == meant


@pytest.mark.parametrize("text", ["", "  ", "s3://", "s3:///key", "gs:///", "sftp://me:pass-word@host/x"])
def test_a_place_that_cannot_be_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_target(text, "lamp.mp4")
    assert "pass-word" not in str(refused.value)


def test_an_unknown_kind_of_place_is_told(sent_film) -> None:
    with pytest.raises(InputError, match=r"nowhere:// is no place"):
        upload("lamp", "nowhere://x/y", cache=sent_film(10).cache)


def test_an_endpoint_with_a_password_is_refused_without_it(sent_film) -> None:
    with pytest.raises(InputError, match="holds a password") as refused:
        upload("lamp", "s3://films/", endpoint="https://me:pass-word@host", cache=sent_film(10).cache)
    assert "pass-word" not in str(refused.value)
