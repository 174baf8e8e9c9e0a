"""What a machine does to a film in the making: full and read-only disks, a clock that jumps, no memory, many processes.

After each the project opens, what was finished is kept, and the film ends the same.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import av
import pytest

from storyreel.cache_form import FORM_NAME
from storyreel.errors import CorruptFile
from storyreel.memo.ledger import ledger_of
from storyreel.memo.store import store_of
from storyreel.project import Project, list_projects
from storyreel.recipes.resume import resume
from storyreel.recipes.title_film import title_film
from storyreel.settings import Settings

ID = "the-lamp"
FILM = ("The Lamp", "--size", "192x108", "--fps", "10", "--quality", "draft", "--words", "30", "--voice", "none")
SETTINGS = {"width_px": 192, "height_px": 108, "quality": "draft", "rate": {"num": 10, "den": 1}}
OLDER = Path(__file__).parent / "caches"
PAST_CACHES = sorted(OLDER.glob("*.zip"))


def storyreel(cache: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "storyreel", *arguments, "--cache", str(cache)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **options)  # type: ignore[call-overload]


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("storyreel: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def make(cache: Path) -> tuple[str, str]:
    """Make the film in this process, or go on with it; digests of what is seen and heard."""
    settings = Settings.model_validate(SETTINGS)
    return decoded(title_film("The Lamp", words=30, voice="none", settings=settings, cache=cache).path)


def decoded(film: Path) -> tuple[str, str]:
    digests = []
    for kind in ("video", "audio"):
        digest = hashlib.sha256()
        with av.open(str(film)) as container:
            for frame in container.decode(**{kind: 0}):
                digest.update(f"{frame.pts}".encode() + frame.to_ndarray().tobytes())
        digests.append(digest.hexdigest())
    return digests[0], digests[1]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, str]]:
    """A finished film's cache, to be copied, and what is in the film."""
    cache = tmp_path_factory.mktemp("finished") / "cache"
    return cache, make(cache)


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A file system of its own, which can be made larger or read-only while it is used."""
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


def fill_up_step_by_step(folder: Path, sizes_kb: list[int], whole: tuple[str, str]) -> None:
    """Make the film on a disk that is full again and again, a little later each time."""
    with small_disk(folder / "disk", f"{sizes_kb[0]}k") as disk:
        for size_kb in sizes_kb:
            remount(disk, f"size={size_kb}k")
            done = storyreel(disk / "cache", "title", *FILM)
            if done.returncode == 0:
                break
            assert done.returncode in (1, 2), done.stderr
            assert "full" in sentence(done)
        remount(disk, "size=200m")
        assert make(disk / "cache") == whole
        store_of(Project(ID, disk / "cache")).results.close()


def test_a_disk_that_is_full_at_one_step_after_another_is_told_and_the_film_ends_the_same(
    finished: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    fill_up_step_by_step(tmp_path, [40, 400, 2200], finished[1])


@pytest.mark.soak
def test_a_disk_that_is_full_at_every_step(finished: tuple[Path, tuple[str, str]], tmp_path: Path) -> None:
    fill_up_step_by_step(tmp_path, [*range(4, 300, 8), *range(300, 8000, 150)], finished[1])


def test_a_file_that_may_not_grow_is_told_and_the_film_ends_the_same(
    finished: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    """As under a quota: no file may have more than 300 kB, and the music has."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))

    done = storyreel(tmp_path / "cache", "title", *FILM, preexec_fn=limited)
    assert done.returncode == 1, done.stderr
    assert "cannot be written" in sentence(done) or "large" in sentence(done)
    assert make(tmp_path / "cache") == finished[1]


def test_a_cache_on_a_disk_that_became_read_only_is_named_and_nothing_in_it_changes(
    finished: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "100m") as disk:
        shutil.copytree(finished[0], disk / "cache", symlinks=True)
        remount(disk, "ro")
        for arguments in (("title", *FILM), ("costs", ID)):
            done = storyreel(disk / "cache", *arguments)
            assert done.returncode in (1, 2), done.stderr
            assert "cannot be written" in sentence(done)
        remount(disk, "rw")
        assert make(disk / "cache") == finished[1]
        store_of(Project(ID, disk / "cache")).results.close()


def test_a_clock_that_jumps_years_both_ways_changes_nothing(
    finished: tuple[Path, tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    years_s, real, asked = 366 * 24 * 3600.0, time.time, iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: real() + (-30, 0, 25, 3)[next(asked) % 4] * years_s)
    half = tmp_path / "half"
    assert make(half) == finished[1]
    writing = store_of(Project(ID, half)).root / "incoming" / f"{os.getpid()}-other.mp4"
    writing.write_bytes(b"what another thread is writing")
    os.utime(writing, (1.0, 1.0))
    store_of(Project(ID, half))._cleared = False
    assert make(half) == finished[1]
    assert writing.exists(), "a file was cleared away while its process was writing it"


def test_a_run_without_enough_memory_says_so_and_the_film_ends_the_same(
    finished: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (700 << 20, 700 << 20))

    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = storyreel(tmp_path / "cache", "title", *FILM, preexec_fn=limited, env=environment)
    assert done.returncode == 1, done.stderr
    assert "ran out of memory" in sentence(done)
    assert not (tmp_path / "cache/projects" / ID / "film.mp4").exists()
    assert make(tmp_path / "cache") == finished[1]


def run_at_once(cache: Path, processes: int, whole: tuple[str, str]) -> None:
    with ThreadPoolExecutor(processes) as pool:
        runs = list(pool.map(lambda number: storyreel(cache, "title", *FILM), range(processes)))
    assert [run.returncode for run in runs] == [0] * processes, [run.stderr for run in runs]
    assert decoded(cache / "projects" / ID / "film.mp4") == whole
    events = (cache / "projects" / ID / "events.jsonl").read_text()
    assert events.count('"kind":"run"') == processes
    assert '"failed"' not in events


@pytest.mark.soak
def test_two_processes_on_one_project_make_one_film(finished: tuple[Path, tuple[str, str]], tmp_path: Path) -> None:
    run_at_once(tmp_path / "cache", 2, finished[1])


@pytest.mark.soak
def test_eight_processes_on_one_project_make_one_film(finished: tuple[Path, tuple[str, str]], tmp_path: Path) -> None:
    run_at_once(tmp_path / "cache", 8, finished[1])


EIGHT = """
import os, sys, time
from pathlib import Path
from storyreel.memo.ledger import Charged, ledger_of
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.memo.blob import Blob
from storyreel.project import Project
project, sold = Project("film", sys.argv[1]), Path(sys.argv[2])

@step(version=1)
def draw(project: Project, number: int) -> Blob:
    def sell() -> Charged:
        with sold.open("a") as file:
            file.write(f"{number}\\n")
        time.sleep(0.002)
        return Charged(bytes(1000 * number), None)
    return store_of(project).put_bytes(ledger_of(project).ask("shop", "/v1", {"number": number}, sell), ".png")

for number in range(12):
    draw(project, number)
"""


def test_eight_processes_share_every_step_and_every_payment(tmp_path: Path) -> None:
    command = [sys.executable, "-c", EIGHT, str(tmp_path / "cache"), str(tmp_path / "sold")]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(8)]
    for process in processes:
        _, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
    assert sorted(map(int, (tmp_path / "sold").read_text().split())) == list(range(12))


def test_a_cache_copied_while_a_film_is_made_opens_and_ends_in_the_same_film(
    finished: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "storyreel", "title", *FILM, "--cache", str(tmp_path / "cache")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    copies = []
    while process.poll() is None:
        copy = tmp_path / f"copy-{len(copies)}"
        # cp, as people copy: what vanishes meanwhile is left out.
        subprocess.run(["cp", "-r", str(tmp_path / "cache"), str(copy)], capture_output=True, check=False)
        if (copy / "projects" / ID / "project.json").is_file():
            copies.append(copy)
        else:
            shutil.rmtree(copy, ignore_errors=True)
        time.sleep(0.1)
    assert len(copies) >= 3
    for copy in copies:
        store = store_of(Project(ID, copy))
        for key in store.results.keys():  # noqa: SIM118 (not a dict)
            store.results.get(key)
        store.results.close()
    assert make(copies[len(copies) // 2]) == finished[1]


def digest_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(str(path.relative_to(folder)).encode() + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


@pytest.mark.parametrize("past", PAST_CACHES, ids=lambda path: path.stem)
def test_a_cache_of_an_older_version_opens_with_all_it_knows(past: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(past) as archive:
        archive.extractall(tmp_path)
    names = [path.name for path in (tmp_path / "store/files").glob("??/*")]
    assert list_projects(tmp_path) == [ID]
    project = Project(ID, tmp_path)
    assert project.record().inputs["title"] == "The Lamp"
    assert ledger_of(project).entries() == ()
    store = store_of(project)
    kept = [store.results.get(key) for key in store.results.keys(f"{ID}/*")]
    assert len(kept) > 5
    assert all(kept)
    assert (tmp_path / FORM_NAME).is_file()
    assert [path.name for path in (tmp_path / "store/files").glob("??/*")] == names


@pytest.mark.soak
@pytest.mark.parametrize("past", PAST_CACHES, ids=lambda path: path.stem)
def test_a_film_of_an_older_version_is_gone_on_with(past: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(past) as archive:
        archive.extractall(tmp_path)
    assert resume(ID, cache=tmp_path).path.is_file()


@pytest.mark.parametrize("arguments", [("title", *FILM), ("projects",)], ids=["title", "projects"])
def test_a_cache_of_a_newer_version_is_refused_and_left_as_it_is(
    arguments: tuple[str, ...], finished: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    shutil.copytree(finished[0], tmp_path / "cache", symlinks=True)
    (tmp_path / "cache" / FORM_NAME).write_text('{"form": 2, "storyreel": "7.0"}')
    before = digest_of(tmp_path / "cache")
    done = storyreel(tmp_path / "cache", *arguments)
    assert done.returncode == 2, done.stdout
    assert "written by storyreel 7.0 in form 2, and this one reads form 1" in sentence(done)
    assert digest_of(tmp_path / "cache") == before


def test_a_record_of_a_newer_version_is_told_and_not_replaced(
    finished: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    shutil.copytree(finished[0] / "projects" / ID, tmp_path / "cache/projects" / ID, symlinks=True)
    record = tmp_path / "cache/projects" / ID / "project.json"
    record.write_text(record.read_text().replace('"recipe"', '"audience": "children",\n  "recipe"', 1))
    before = record.read_bytes()
    for arguments in (("resume", ID), ("title", *FILM, "--project", ID)):
        done = storyreel(tmp_path / "cache", *arguments)
        assert done.returncode == 1, done.stderr
        assert "'audience'" in sentence(done)
        assert "newer" in sentence(done)
    assert record.read_bytes() == before


def test_a_damaged_mark_is_told(tmp_path: Path) -> None:
    (tmp_path / FORM_NAME).write_text("[]")
    with pytest.raises(CorruptFile, match="is damaged"):
        list_projects(tmp_path)
