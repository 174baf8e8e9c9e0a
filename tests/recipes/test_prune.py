"""The budget of remembered pieces: the oldest go, nothing else is touched, and no film is the less for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storyreel.errors import InputError
from storyreel.memo.blob import Blob
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.recipes.export import export
from storyreel.recipes.prune import (
    WHOLE_SUFFIXES,
    chunk_budget,
    look_again,
    parse_bytes,
    prune,
    prune_after_render,
    size_text,
)
from storyreel.recipes.resume import edit, render_film
from storyreel.render.plan import render_plan
from storyreel.timeline.edit import ChangeCaption
from storyreel.timeline.model import Timeline

Assembled = Callable[[Project], Timeline]


def used(project: Project, blob: Blob, at_s: float) -> None:
    path = store_of(project).path(blob)
    os.utime(path, ns=(int(at_s * 1e9), path.stat().st_mtime_ns))


def contents(project: Project, *, but: str = "") -> dict[Path, bytes]:
    """Every file of the store and the projects, except those with an ending."""
    roots = (project.cache / "store/files", project.cache / "projects")
    paths = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in paths if not but or path.suffix != but}


def test_the_pieces_used_longest_ago_go_until_the_rest_fits(project: Project) -> None:
    store = store_of(project)
    files = store.kept(".packets")
    for age, file in enumerate(reversed(files)):
        used(project, file.blob, 1000.0 * age + 1000.0)
    order = [file.blob for file in store.kept(".packets")]
    budget = sum(blob.size_bytes for blob in order[2:])
    others = contents(project, but=".packets")
    pruned = prune(project.cache, budget)
    assert [file.blob for file in store.kept(".packets")] == order[2:]
    assert (pruned.files, pruned.kept_bytes) == (2, budget)
    assert pruned.freed_bytes == sum(blob.size_bytes for blob in order[:2])
    assert contents(project, but=".packets") == others


def test_everything_that_cannot_be_made_again_stays_whatever_the_budget(project: Project, assembled: Assembled) -> None:
    """An old film that nobody shows goes; one that another film is made from stays, as does a clip that was bought."""
    store, whole = store_of(project), project.path("film.mp4").read_bytes()
    bought = store.put_bytes(b"a clip that cost money", ".mp4")
    voice = store.put_bytes(b"a voice", ".flac")
    used_elsewhere = store.put_file(project.path("film.mp4"), ".mp4", keep=True)
    other = Project("other", project.cache)
    other.path("timeline.json").write_text(f'{{"sha256": "{used_elsewhere.sha256}"}}')
    edit(project.id, [ChangeCaption(cue=0, text="one lamp")], cache=project.cache)
    middle = store.put_file(project.path("film.mp4"), ".mp4", keep=True)
    edit(project.id, [ChangeCaption(cue=0, text="my lamp")], cache=project.cache)
    assert not store.has(Blob(sha256="0" * 64, suffix=".mp4", size_bytes=1))
    pruned = prune(project.cache, 0)
    assert pruned.kept_bytes == 0
    assert store.kept(".packets") == []
    assert store.has(bought)
    assert store.has(voice)
    assert store.read(used_elsewhere) == whole
    assert not store.has(middle)
    assert project.path("film.mp4").exists()
    assert all(store.has(clip.asset.blob) for clip in assembled(project).clips if clip.asset)


def test_exports_go_from_the_cache_not_from_their_folder_and_bought_sounds_and_clips_stay(
    project: Project, tmp_path: Path
) -> None:
    """Both kinds of file may have the same ending."""
    store = store_of(project)
    bought = [store.put_bytes(suffix.encode(), suffix) for suffix in WHOLE_SUFFIXES]
    exported = [export(project.id, tmp_path / name, cache=project.cache).path for name in ("a.gif", "a.flac")]
    had = [path.read_bytes() for path in exported]
    made = [file.blob for suffix in (".gif", ".flac") for file in store.kept(suffix) if file.blob not in bought]
    assert len(made) == 2
    prune(project.cache)
    assert all(map(store.has, made))  # the budget is not used up
    assert prune(project.cache, 0).files > 2
    assert not any(map(store.has, made))
    assert all(map(store.has, bought))
    assert [path.read_bytes() for path in exported] == had
    assert export(project.id, tmp_path / "a.flac", cache=project.cache).path.read_bytes() == had[1]


def test_a_pruned_film_is_there_still_and_an_edit_of_it_gives_the_same_film(
    project: Project, begin: Callable[[Path], Project]
) -> None:
    fresh = begin(project.cache / "fresh")
    change = [ChangeCaption(cue=0, text="one lamp")]
    wanted = edit(fresh.id, change, cache=fresh.cache).path.read_bytes()
    prune(project.cache, 0)
    heard: list[str] = []
    assert render_film(project.id, cache=project.cache).pieces_made == 0
    project.progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    film = edit(project.id, change, cache=project.cache, progress=project.progress)
    assert film.pieces_made == 6
    assert film.path.read_bytes() == wanted
    assert heard == []  # what was cleared away on purpose is no damage to be told of


def test_a_dry_run_says_the_same_and_removes_nothing(project: Project) -> None:
    before = contents(project)
    said = prune(project.cache, 0, dry_run=True)
    assert contents(project) == before
    done = prune(project.cache, 0)
    assert (said.files, said.freed_bytes, said.kept_bytes) == (done.files, done.freed_bytes, done.kept_bytes)
    assert (said.dry_run, done.dry_run) == (True, False)


def test_results_whose_file_is_gone_are_dropped(project: Project, assembled: Assembled) -> None:
    store = store_of(project)
    gone = [file.blob for file in store.kept(".packets")[:3]]
    kept = [store.results.get(key) or "" for key in store.results.keys("*")]
    naming = sum(any(blob.sha256 in text for blob in gone) for text in kept)  # a sound of one block has two names
    for blob in gone:
        store.path(blob).unlink()
    assert naming >= 3
    assert prune(project.cache).results == naming
    assert prune(project.cache).results == 0
    assert render_plan(project, assembled(project), quality="draft").pieces == 6


def test_pieces_of_a_film_that_is_being_worked_on_stay(project: Project) -> None:
    """Another process holds the project, as a render does."""
    hold = (
        "import sys; from storyreel.project import Project\n"
        "with Project('lamp', sys.argv[1]).locked(): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(project.cache)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        pruned = prune(project.cache, 0)
        assert pruned.files == 0
        assert prune(project.cache, 0, mine="lamp").files > 0
    finally:
        holder.communicate("")


def test_a_render_that_outgrows_the_budget_prunes_and_says_so(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(project)
    room = sum(file.blob.size_bytes for file in store.kept(".packets"))
    for file in store.kept(".packets"):
        used(project, file.blob, 1000.0)
    monkeypatch.setenv("STORYREEL_CHUNK_BUDGET", str(room))
    heard: list[str] = []
    project.progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    film = edit(project.id, [ChangeCaption(cue=0, text="one lamp")], cache=project.cache, progress=project.progress)
    assert film.path.exists()
    assert sum(file.blob.size_bytes for file in store.kept(".packets")) <= room
    assert len(heard) == 1
    assert "STORYREEL_CHUNK_BUDGET" in heard[0]


def test_exports_outgrow_the_budget_as_pieces_do(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(project)
    export(project.id, tmp_path / "a.flac", cache=project.cache)
    (sound,) = store.kept(".flac")
    used(project, sound.blob, 1000.0)
    pieces = sum(file.blob.size_bytes for file in store.kept(".packets"))
    # Room for every piece there will be, and not for the export as well: only with it the budget is outgrown.
    monkeypatch.setenv("STORYREEL_CHUNK_BUDGET", str(pieces + sound.blob.size_bytes - 1))
    edit(project.id, [ChangeCaption(cue=0, text="one lamp")], cache=project.cache)
    assert not store.has(sound.blob)
    assert (tmp_path / "a.flac").is_file()


def test_a_budget_that_is_no_size_is_told_before_the_work(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_CHUNK_BUDGET", "plenty")
    before = store_of(project).kept(".packets")
    with pytest.raises(InputError, match="STORYREEL_CHUNK_BUDGET: the size 'plenty'"):
        edit(project.id, [ChangeCaption(cue=0, text="one lamp")], cache=project.cache)
    assert store_of(project).kept(".packets") == before


def test_two_processes_may_prune_at_once(project: Project) -> None:
    code = "import sys; from storyreel.recipes.prune import prune; print(prune(sys.argv[1], 0).freed_bytes)"
    command = [sys.executable, "-c", code, str(project.cache)]
    total = sum(file.blob.size_bytes for file in store_of(project).kept(".packets"))
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    freed = [int(process.communicate()[0]) for process in both]
    assert sum(freed) == total


def test_an_empty_cache_is_left_alone(tmp_path: Path) -> None:
    assert prune(tmp_path / "none").files == 0
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("text", "size"),
    [("20GB", 20 * 10**9), ("500 mb", 500 * 10**6), ("1.5T", 1_500_000_000_000), ("4GiB", 4 * 2**30), ("0", 0),
     ("12", 12), ("3k", 3000)],
)  # fmt: skip
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert parse_bytes(text) == size


def test_what_is_no_size_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("", "lots", "-1GB", "5 apples", "GB"):
        with pytest.raises(InputError, match="such as 20GB"):
            parse_bytes(text)
    monkeypatch.setenv("STORYREEL_CHUNK_BUDGET", "lots")
    with pytest.raises(InputError, match="STORYREEL_CHUNK_BUDGET: the size 'lots'"):
        chunk_budget()
    monkeypatch.delenv("STORYREEL_CHUNK_BUDGET")
    assert size_text(chunk_budget()) == "20.0 GB"
    assert size_text(12) == "12 bytes"


def test_pieces_are_looked_at_only_when_they_may_have_outgrown_their_budget(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, looks = store_of(project), []
    kept = type(store).kept
    monkeypatch.setattr(type(store), "kept", lambda self, suffix: looks.append(suffix) or kept(self, suffix))
    store.results.delete("prune/held-bytes")
    monkeypatch.setenv("STORYREEL_CHUNK_BUDGET", "1GB")
    prune_after_render(project, 0)
    held = int(store.results.get("prune/held-bytes") or 0)
    assert held >= sum(file.blob.size_bytes for file in kept(store, ".packets")) > 0
    look_again(project)
    looks.clear()
    monkeypatch.setenv("STORYREEL_CHUNK_BUDGET", str(held + 500))
    for film_bytes in (100, 100, 100):
        prune_after_render(project, film_bytes)
    assert looks.count(".packets") == 1
    prune_after_render(project, 100)
    assert looks.count(".packets") == 2
    assert store.results.get("prune/held-bytes") == str(held)
