"""Bad input gets one clear sentence and the right exit code, and loses nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TINY = ("--size", "192x108", "--fps", "10", "--quality", "draft", "--words", "34", "--voice", "none")


def storyreel(cache: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "storyreel", *arguments, "--cache", str(cache)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **options)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr that starts with the program's name; there may be no traceback around it."""
    assert "Traceback" not in done.stderr, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("storyreel: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("title", ""), "the title is empty"),
        (("title", "   "), "the title is empty"),
        (("title", "x" * 5000), "5,000 characters"),
        (("title", "A", "--project", "../../etc"), "project id '../../etc'"),
        (("title", "A", "--project", "/etc/passwd"), "project id"),
        (("title", "A", "--chapters", "0"), "chapters cannot be 0"),
        (("title", "A", "--chapters", "-1"), "chapters cannot be -1"),
        (("title", "A", "--chapters", "1.5"), "chapters cannot be 1.5"),
        (("title", "A", "--words", "10000"), "words cannot be 10000"),
        (("title", "A", "--voice", "darth"), "voice"),
        (("title", "A", "--voice", "offline:darth"), "darth"),
        (("title", "A", "--images", "nobody"), "painter"),
        (("title", "A", "--size", "641x360"), "size"),
        (("title", "A", "--out", "/no/such/folder/film.mp4"), "/no/such/folder"),
        (("title",), "Missing argument"),
        (("title", "A", "--colour", "red"), "--colour"),
        (("resume", "nothing-here"), "no film has been begun"),
        (("resume", "../../etc"), "project id"),
        (("render", "nothing-here"), "no film has been begun"),
        (("edit", "nothing-here", "edits.json"), "no film has been begun"),
        (("projects", "--prune", "--budget", "lots"), "the size 'lots'"),
        (("projects", "--dry-run"), "--prune"),
        (("juggle",), "juggle"),
    ],
)
def test_wrong_use_is_one_sentence_and_code_2(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = storyreel(tmp_path / "cache", *arguments)
    assert says in sentence(done)
    assert done.returncode == 2
    assert done.stdout == ""
    assert not list((tmp_path / "cache").glob("projects/*/film.mp4"))


@pytest.mark.parametrize("title", ["🚀🌙✨", "المنارة الأخيرة", "x" * 200, 'A/B: "C" & <D>', "¿Qué?"])
def test_unusual_titles_make_films(title: str, tmp_path: Path) -> None:
    done = storyreel(tmp_path, "title", title, *TINY)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("projects/*/film.mp4"))) == 1


def test_two_titles_with_one_slug_are_two_films(tmp_path: Path) -> None:
    for title in ("The Lamp", "The Lamp!"):
        assert storyreel(tmp_path, "title", title, *TINY).returncode == 0
    assert len(list(tmp_path.glob("projects/*/film.mp4"))) == 2


def test_an_unwritable_cache_is_named_with_a_way_out(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    blocked = cache / "projects"
    blocked.write_text("a file where a folder should be")
    done = storyreel(cache, "title", "A", *TINY)
    assert done.returncode == 2
    assert "--cache DIR" in sentence(done)


def test_a_read_only_cache_is_named_with_a_way_out(tmp_path: Path) -> None:
    """On a file system mounted read-only even root cannot write."""
    done = storyreel(Path("/proc/storyreel-cache"), "title", "A", *TINY)
    assert done.returncode == 2
    assert "cannot be written" in sentence(done)


def test_a_missing_voice_package_names_the_command_that_adds_it(tmp_path: Path) -> None:
    """Run where onnxruntime cannot be found, as after a plain install."""
    hidden = tmp_path / "without"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import sys, importlib.abc\n"
        "class Hide(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('onnxruntime', 'misaki') or name.startswith('kokoro_ja'):\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Hide())\n"
    )
    env = {**os.environ, "PYTHONPATH": str(hidden)}
    done = storyreel(tmp_path / "cache", "title", "A", *TINY[:-2], "--voice", "offline", env=env)
    assert "pip install 'storyreel[offline]'" in sentence(done)
    assert done.returncode == 2


def test_a_full_disk_in_mid_render_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """The cache lies on a file system of its own that is filled up while the film is made."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    film = ("The Lamp", "--size", "640x360", "--fps", "24", "--words", "60", "--voice", "none")
    try:
        full = storyreel(disk / "cache", "title", *film)
        assert full.returncode == 1, full.stderr
        assert "full" in sentence(full)
        kept = list(disk.glob("cache/store/files/**/*.png"))
        subprocess.run(["mount", "-o", "remount,size=400m", str(disk)], check=True)
        again = storyreel(disk / "cache", "resume", "the-lamp")
        assert again.returncode == 0, again.stderr
        assert all(path.exists() for path in kept)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_truncated_picture_in_the_cache_is_made_again_with_a_warning(tmp_path: Path) -> None:
    assert storyreel(tmp_path, "title", "The Lamp", *TINY).returncode == 0
    picture = next((tmp_path / "projects/the-lamp/images").glob("scene_0001.*")).resolve()
    whole = picture.read_bytes()
    picture.chmod(0o600)
    picture.write_bytes(whole[: len(whole) // 2])
    done = storyreel(tmp_path, "title", "The Lamp", *TINY)
    assert done.returncode == 0, done.stderr
    assert "illustrate is made again" in done.stderr
    assert next((tmp_path / "projects/the-lamp/images").glob("scene_0001.*")).read_bytes() == whole


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("render", "the-lamp", "--encoder", "abacus"), "choose one of auto, x264"),
        (("render", "the-lamp", "--encoder", "videotoolbox"), "use --encoder x264"),
        (("render", "the-lamp", "--quality", "perfect"), "draft, standard, high"),
        (("edit", "the-lamp", "{edits}"), "edit 1 (remove_clip) cannot be made"),
        (("edit", "the-lamp", "/no/edits.json"), "/no/edits.json cannot be read"),
        (("edit", "the-lamp"), "Missing argument"),
    ],
)
def test_wrong_use_of_a_film_is_one_sentence_and_leaves_it_as_it_was(
    lamp: Path, arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    """(Apple's encoder is in no PyAV that is built for another system.)"""
    edits = tmp_path / "edits.json"
    edits.write_text('[{"kind": "remove_clip", "clip": "nobody"}]')
    before = (lamp / "projects/the-lamp/timeline.json").read_bytes()
    done = storyreel(lamp, *(argument.format(edits=edits) for argument in arguments))
    assert says in sentence(done)
    assert done.returncode == 2
    assert (lamp / "projects/the-lamp/timeline.json").read_bytes() == before
    assert not (lamp / "projects/the-lamp/edits.json").exists()


@pytest.fixture(scope="module")
def lamp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of a finished film."""
    cache = tmp_path_factory.mktemp("lamp")
    assert storyreel(cache, "title", "The Lamp", *TINY).returncode == 0
    return cache


def test_a_damaged_record_is_told(tmp_path: Path) -> None:
    assert storyreel(tmp_path, "title", "The Lamp", *TINY).returncode == 0
    (tmp_path / "projects/the-lamp/project.json").write_text("{")
    done = storyreel(tmp_path, "resume", "the-lamp")
    assert done.returncode == 1
    assert "damaged" in sentence(done)
