from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyreel.errors import CorruptFile, DiskFull, InputError, StorageError
from storyreel.memo.blob import Blob
from storyreel.memo.store import Store, store_of
from storyreel.project import Project

NOBODY = 2**22 + 1  # more than any process is numbered
MISSING = Blob(sha256="00" * 32, suffix=".png", size_bytes=1)


def overwrite(path: Path, data: bytes) -> None:
    """Change a read-only file in place, as a careless program with enough rights does."""
    path.chmod(0o600)
    path.write_bytes(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.binary(max_size=2000), st.sampled_from([".png", ".flac", ".json"]))
def test_what_is_put_in_is_what_comes_out(store: Store, data: bytes, suffix: str) -> None:
    blob = store.put_bytes(data, suffix)
    assert (blob.size_bytes, blob.suffix) == (len(data), suffix)
    assert store.read(blob) == data
    assert store.path(blob).name == f"{blob.sha256}{suffix}"


def test_equal_content_is_kept_once(store: Store, tmp_path: Path) -> None:
    blob = store.put_bytes(b"picture", ".png")
    inode = store.path(blob).stat().st_ino
    (tmp_path / "again.png").write_bytes(b"picture")
    assert store.put_bytes(b"picture", ".png") == blob == store.put_file(tmp_path / "again.png", ".png")
    assert store.path(blob).stat().st_ino == inode
    assert not (tmp_path / "again.png").exists()


def test_a_file_is_moved_in(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"film")
    blob = store.put_file(path, ".mp4")
    assert store.read(blob) == b"film"
    assert not path.exists()


def test_a_file_that_the_user_keeps_is_copied(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "voice.wav"
    path.write_bytes(b"voice")
    blob = store.put_file(path, ".wav", keep=True)
    path.write_bytes(b"other")
    assert store.read(blob) == b"voice"


def test_a_file_with_other_names_is_copied(store: Store, tmp_path: Path) -> None:
    """Else a change under the other name would change the store."""
    path, other = tmp_path / "a.wav", tmp_path / "b.wav"
    path.write_bytes(b"voice")
    os.link(path, other)
    blob = store.put_file(path, ".wav")
    other.write_bytes(b"other")
    assert store.read(blob) == b"voice"
    assert not path.exists()


def test_a_link_is_followed(store: Store, tmp_path: Path) -> None:
    path, link = tmp_path / "a.wav", tmp_path / "link.wav"
    path.write_bytes(b"voice")
    link.symlink_to(path)
    blob = store.put_file(link, ".wav")
    assert store.read(blob) == b"voice"
    assert not store.path(blob).is_symlink()
    assert path.exists()


def test_a_file_that_is_not_there_is_a_storage_error(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        store.put_file(tmp_path / "none.wav", ".wav")


def test_only_the_owner_can_look_inside(store: Store) -> None:
    store.put_bytes(b"picture", ".png")
    store.results.set("film-7/a.b@1/c", "x" * 100_000)
    with store.locks.hold("a"):
        for path in (store.root, *store.root.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_stored_files_are_read_only(store: Store) -> None:
    assert stat.S_IMODE(store.path(store.put_bytes(b"picture", ".png")).stat().st_mode) == 0o400


def test_a_missing_file_is_noticed(store: Store) -> None:
    with pytest.raises(CorruptFile, match="is gone"):
        store.path(MISSING)
    blob = store.put_bytes(b"picture", ".png")
    store.path(blob).unlink()
    with pytest.raises(CorruptFile, match="is gone"):
        store.read(blob)
    assert not store.has(blob)


@pytest.mark.parametrize("changed", [b"pictur3", b"pict", b""])
def test_a_changed_file_is_noticed_and_can_be_put_again(store: Store, changed: bytes) -> None:
    blob = store.put_bytes(b"picture", ".png")
    overwrite(store.path(blob), changed)
    with pytest.raises(CorruptFile, match="has been changed"):
        store.path(blob)
    assert store.put_bytes(b"picture", ".png") == blob
    assert store.read(blob) == b"picture"


def test_a_changed_file_is_noticed_by_a_process_that_did_not_write_it(store: Store) -> None:
    blob = store.put_bytes(b"picture", ".png")
    overwrite(store.path(blob), b"pictur3")
    with pytest.raises(CorruptFile, match="has been changed"):
        Store(store.root).path(blob)


def test_a_file_that_was_only_touched_is_read_through_once_and_trusted_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = store.put_bytes(b"picture", ".png")
    os.utime(store.path(blob), (1, 1))
    assert Store(store.root).read(blob) == b"picture"

    def no_reading(path: Path) -> str:
        raise AssertionError(f"{path} was read through again")

    monkeypatch.setattr("storyreel.memo.store._sha256_of", no_reading)
    assert Store(store.root).read(blob) == b"picture"


def test_a_readable_name_is_the_same_file(store: Store, tmp_path: Path) -> None:
    blob = store.put_bytes(b"picture", ".png")
    path = tmp_path / "images" / "scene_0001.png"
    store.place(blob, path)
    assert path.samefile(store.path(blob))
    changed_ns = path.parent.stat().st_mtime_ns
    store.place(blob, path)
    assert path.parent.stat().st_mtime_ns == changed_ns, "an equal link was made anew"


def test_placing_replaces_what_had_the_name(store: Store, tmp_path: Path) -> None:
    first, second = store.put_bytes(b"first", ".png"), store.put_bytes(b"second", ".png")
    path = tmp_path / "scene_0001.png"
    store.place(first, path)
    store.place(second, path)
    assert path.read_bytes() == b"second"
    assert store.read(first) == b"first"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["scene_0001.png"]


def test_placing_replaces_a_link_and_not_what_it_points_to(store: Store, tmp_path: Path) -> None:
    mine, path = tmp_path / "mine.png", tmp_path / "scene_0001.png"
    mine.write_bytes(b"mine")
    path.symlink_to(mine)
    store.place(store.put_bytes(b"picture", ".png"), path)
    assert (path.read_bytes(), mine.read_bytes()) == (b"picture", b"mine")


def test_placing_where_a_folder_is_is_a_storage_error(store: Store, tmp_path: Path) -> None:
    (tmp_path / "scene_0001.png" / "inside").mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be written"):
        store.place(store.put_bytes(b"picture", ".png"), tmp_path / "scene_0001.png")
    assert {path.name for path in tmp_path.iterdir()} == {"scene_0001.png", "cache"}


def test_where_links_fail_the_file_is_copied_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_links)
    blob, path = store.put_bytes(b"picture", ".png"), tmp_path / "scene_0001.png"
    path.write_bytes(b"older")
    store.place(blob, path)
    assert path.read_bytes() == b"picture"
    inode = path.stat().st_ino
    store.place(blob, path)
    assert path.stat().st_ino == inode


def test_a_changed_readable_name_does_not_survive_placing_again(store: Store, tmp_path: Path) -> None:
    """The name is a hard link, so writing to it in place damages the stored file too; both are mended."""
    blob, path = store.put_bytes(b"picture", ".png"), tmp_path / "scene_0001.png"
    store.place(blob, path)
    overwrite(path, b"scribble")
    with pytest.raises(CorruptFile):
        store.place(blob, path)
    store.place(store.put_bytes(b"picture", ".png"), path)
    assert path.read_bytes() == b"picture"


def test_a_full_disk_is_told_as_such_and_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DiskFull, match="free some room"):
            store.put_bytes(b"picture", ".png")
        with pytest.raises(DiskFull, match="free some room"):
            store.results.set("film-7/a.b@1/c", "x" * 100_000)
    assert not [path for path in store.root.rglob("*.png") if path.is_file()]
    assert store.results.get("film-7/a.b@1/c") is None
    assert store.read(store.put_bytes(b"picture", ".png")) == b"picture"


def test_a_file_that_could_not_be_moved_in_is_still_there(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "film.mp4").write_bytes(b"film")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        store.put_file(tmp_path / "film.mp4", ".mp4")
    assert (tmp_path / "film.mp4").read_bytes() == b"film"


def test_a_cache_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    """Root may write everywhere, so there somebody else tries."""
    tmp_path.chmod(0o555)
    me = os.geteuid()
    for folder in () if me else tmp_path.parents:
        if not folder.stat().st_mode & 0o001:
            folder.chmod(0o755)
    if not me:
        os.seteuid(65534)
    try:
        with pytest.raises(InputError, match="STORYREEL_CACHE"):
            Store(tmp_path / "store").put_bytes(b"picture", ".png")
    finally:
        os.seteuid(me)
        tmp_path.chmod(0o700)


def test_a_file_where_the_cache_should_be_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("not a folder")
    with pytest.raises(InputError, match="STORYREEL_CACHE"):
        Store(tmp_path / "store").put_bytes(b"picture", ".png")
    with pytest.raises(InputError, match="STORYREEL_CACHE"):
        Store(tmp_path / "store").results.get("a")


def test_left_overs_of_a_killed_run_are_cleared_after_two_days(store: Store) -> None:
    incoming = store.root / "incoming"
    incoming.mkdir(parents=True)
    old, young = incoming / f"{NOBODY}-a.mp4", incoming / f"{NOBODY}-b.mp4"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (time.time() - 3 * 24 * 3600,) * 2)
    store.put_bytes(b"picture", ".png")
    assert list(incoming.iterdir()) == [young]


def test_a_new_file_left_where_it_was_written_is_removed(store: Store) -> None:
    with store.new_file(".mp4") as path:
        path.write_bytes(b"half a film")
    assert not path.exists()
    with store.new_file(".mp4") as path:
        path.write_bytes(b"film")
        blob = store.put_file(path, ".mp4")
    assert store.read(blob) == b"film"


def test_many_threads_may_put_the_same_and_different_files(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        blobs = list(pool.map(lambda number: store.put_bytes(b"%d" % (number % 10), ".png"), range(80)))
    assert [store.read(blob) for blob in blobs] == [b"%d" % (number % 10) for number in range(80)]
    assert not list((store.root / "incoming").iterdir())


def test_a_cache_deleted_under_a_running_program_is_made_anew(store: Store, project: Project) -> None:
    import shutil

    blob = store.put_bytes(b"picture", ".png")
    store.results.set("a", "1")
    shutil.rmtree(project.cache)
    assert not store.has(blob)
    assert store.results.get("a") is None
    assert store.read(store.put_bytes(b"picture", ".png")) == b"picture"
    store.results.set("a", "2")
    assert Store(store.root).results.get("a") == "2"


def test_there_is_one_store_a_cache(project: Project, tmp_path: Path) -> None:
    assert store_of(project) is store_of(Project("film-8", project.cache))
    assert store_of(project) is not store_of(Project("film-7", tmp_path / "other"))


def test_importing_the_memory_loads_nothing_heavy() -> None:
    code = (
        "import sys, storyreel.memo.step, storyreel.memo.store, storyreel.memo.ledger;"
        "print(*{'numpy', 'diskcache', 'sqlite3', 'cv2', 'httpx'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == ""


def test_marking_a_file_used_changes_neither_its_seal_nor_what_it_holds(store: Store) -> None:
    blob = store.put_bytes(b"piece", ".packets")
    path = store.path(blob)
    before = path.stat()
    os.utime(path, ns=(0, before.st_mtime_ns))
    store.mark_used(blob)
    after = path.stat()
    assert after.st_atime == pytest.approx(time.time(), abs=60)
    assert after.st_mtime_ns == before.st_mtime_ns
    assert Store(store.root).read(blob) == b"piece"
    an_hour_ago_ns = time.time_ns() - 3600 * 10**9
    os.utime(path, ns=(an_hour_ago_ns, before.st_mtime_ns))
    store.mark_used(blob)
    assert path.stat().st_atime_ns == an_hour_ago_ns  # once a day is enough
    store.mark_used(MISSING)


def test_kept_files_are_listed_from_the_one_used_longest_ago(store: Store, tmp_path: Path) -> None:
    blobs = [store.put_bytes(bytes([number]) * 10, ".packets") for number in range(3)]
    store.put_bytes(b"picture", ".png")
    for blob, used_at_s in zip(blobs, (300, 100, 200), strict=True):
        path = store.path(blob)
        os.utime(path, ns=(used_at_s * 10**9, path.stat().st_mtime_ns))
    store.place(blobs[0], tmp_path / "named.packets")
    (store.path(blobs[0]).parent / "stranger.packets").write_bytes(b"not ours")
    listed = store.kept(".packets")
    assert [(file.blob, file.used_at_s) for file in listed] == [(blobs[1], 100), (blobs[2], 200), (blobs[0], 300)]
    assert [file.names for file in listed] == [1, 1, 2]


def test_a_discarded_file_is_gone_but_for_its_other_names(store: Store, tmp_path: Path) -> None:
    blob = store.put_bytes(b"film", ".mp4")
    store.place(blob, tmp_path / "film.mp4")
    assert store.discard(blob)
    assert not store.has(blob)
    assert not store.discard(blob)
    assert (tmp_path / "film.mp4").read_bytes() == b"film"
    assert store.results.keys(f"file/{blob.sha256}*") == []
    assert store.put_bytes(b"film", ".mp4") == blob
    assert store.read(blob) == b"film"
