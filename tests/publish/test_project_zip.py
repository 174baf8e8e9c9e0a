"""A project as a ZIP: it opens whole in an empty cache, and nothing else does."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

import storyreel
from storyreel.errors import Cancelled, InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.ledger import Charged, ledger_of
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.progress import Progress
from storyreel.project import Project
from storyreel.publish.delivery.state import KeptState, UploadState
from storyreel.recipes.resume import render_film
from storyreel.timeline.edit import ChangeCaption, ReplacePicture

SECRET = "sk-very-secret-0123456789"


@step(version=1)
def paint(project: Project, shade: int) -> Asset:
    """A take that the film may or may not show."""
    blob = store_of(project).put_bytes(bytes([shade]) * 5000, ".png")
    return Asset(kind="image", blob=blob, width_px=1, height_px=1, provenance=Provenance(provider="test"))


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory, begin: Callable[[Path], Project]) -> tuple[Project, Path]:
    """An edited film with a link, a take that is not shown and a paid call, and its ZIP; no test changes them."""
    folder = tmp_path_factory.mktemp("packed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", SECRET)
        project = begin(folder / "one")
        take = paint(project, 7)
        store_of(project).place(take.blob, project.path("images/scene_0007.png"))
        ledger_of(project).ask("acme", f"https://u:{SECRET}@acme.test/draw?key={SECRET}", b"{}",
                               lambda: Charged(b'{"answer": 1}', Decimal("0.25"), "paint-2", "r1"))  # fmt: skip
        first = storyreel.edit("lamp", [ChangeCaption(cue=0, text="Anders gesagt")], cache=project.cache).timeline
        storyreel.edit("lamp", [ReplacePicture(clip="s1", asset=first.clips[0].asset)], cache=project.cache)
        KeptState(project, "gs://films/lamp.mp4", "", "film.mp4").keep(
            UploadState(target="gs://films/lamp.mp4", file="film.mp4", sha256="", size_bytes=1, upload_id=SECRET)
        )
        return project, storyreel.export("lamp", folder / "film.zip", cache=project.cache).path


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("events.jsonl", ".lock", ".opening") and "locks" not in path.parts
    }


def test_it_opens_in_an_empty_cache_with_all_links_edits_and_takes(packed, tmp_path) -> None:
    project, path = packed
    opened = storyreel.import_project(path, cache=tmp_path / "two")
    assert opened.id == "lamp"
    ours, theirs = content(project.folder), content(opened.folder)
    assert {name for name in ours if not name.startswith((".calls", "uploads/"))} == set(theirs)
    assert all(theirs[name] == ours[name] for name in theirs)
    store = store_of(opened)
    for name in ("film.mp4", "images/scene_0007.png"):
        assert (opened.folder / name).stat().st_nlink > 1
    assert paint.is_remembered(opened, 7)
    assert store.read(paint(opened, 7).blob) == bytes([7]) * 5000
    (entry,) = ledger_of(opened).entries()
    assert (entry.state, entry.spent_usd, entry.model) == ("answered", Decimal("0.25"), "paint-2")
    assert store.read(entry.answer) == b'{"answer": 1}'
    film = render_film("lamp", cache=tmp_path / "two")
    assert film.pieces_made == 0
    assert film.timeline.cues[0].text == "Anders gesagt"
    assert film.timeline.clips[1].asset == film.timeline.clips[0].asset
    # An edit draws again what it touches, from pictures that came along.
    assert storyreel.edit("lamp", [ChangeCaption(cue=0, text="Noch einmal")], cache=tmp_path / "two").pieces_made > 0


def test_nothing_that_can_be_drawn_again_and_no_key_is_in_it(packed) -> None:
    _, path = packed
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        data = b"".join(archive.read(name) for name in names)
    assert not [name for name in names if name.endswith(".packets")]
    assert SECRET.encode() not in data
    assert len(names) == len(set(names))


def test_another_id_may_be_given_and_must_where_there_is_one(packed, tmp_path) -> None:
    _, path = packed
    cache = storyreel.import_project(path, cache=tmp_path / "two").cache
    with pytest.raises(InputError, match=r"there is a project 'lamp' in .* already: .* --project lamp-2"):
        storyreel.import_project(path, cache=cache)
    opened = storyreel.import_project(path, project_id="lamp-2", cache=cache)
    assert storyreel.list_projects(cache) == ["lamp", "lamp-2"]
    assert render_film("lamp-2", cache=cache).pieces_made == 0
    assert paint.is_remembered(opened, 7)


def test_a_zip_of_a_zip_is_the_same(packed, tmp_path) -> None:
    _, path = packed
    storyreel.import_project(path, cache=tmp_path / "two")
    again = storyreel.export("lamp", tmp_path / "again.zip", cache=tmp_path / "two").path
    with zipfile.ZipFile(path) as one, zipfile.ZipFile(again) as other:
        assert {n for n in one.namelist() if "events" not in n} == {n for n in other.namelist() if "events" not in n}
        assert one.read("results.jsonl") == other.read("results.jsonl")


# --- refused


Change = Callable[[zipfile.ZipFile, dict[str, bytes]], None]


def _contents(files: dict[str, bytes], **changes: object) -> None:
    files["storyreel.json"] = json.dumps({**json.loads(files["storyreel.json"]), **changes}).encode()


def _named(name: str) -> Change:
    return lambda archive, files: archive.writestr(name, b"x")


def _link(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
    entry = zipfile.ZipInfo("project/images/out.png")
    entry.external_attr = 0o120777 << 16
    archive.writestr(entry, "/etc/passwd")


def _bomb(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
    big = zipfile.ZipInfo("project/big.json")
    big.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(big, bytes(40_000_000))


def _other_format(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
    _contents(files, format=2, storyreel="9.0")


def _other_hash(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.startswith("files/") and name.endswith(".png"))
    files[name] = bytes(len(files[name]))


def _missing(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
    del files[next(name for name in files if name.startswith("files/"))]


def _no_record(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
    told = json.loads(files["storyreel.json"])
    del told["files"]["project.json"], files["project/project.json"]
    files["storyreel.json"] = json.dumps(told).encode()


def _swap(files: dict[str, bytes], name: str, data: bytes) -> None:
    told = json.loads(files["storyreel.json"])
    told["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
    files[f"project/{name}"] = data
    files["storyreel.json"] = json.dumps(told).encode()


def _link_out(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
    told = json.loads(files["storyreel.json"])
    told["links"]["../../../out.png"] = next(iter(told["links"].values()))
    files["storyreel.json"] = json.dumps(told).encode()


def _bad_key(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
    data = b'{"key": "../other/render.film@1/x", "text": "1"}\n'
    files["results.jsonl"] = data
    _contents(files, results={"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_named("../evil.json"), "leads outside the project"),
        (_named("project/../../evil.json"), "leads outside the project"),
        (_named("/etc/evil.json"), "leads outside the project"),
        (_named("C:/evil.json"), "leads outside the project"),
        (_named("project\\..\\evil.json"), "leads outside the project"),
        (_named("project/evil.json"), "belongs to no project"),
        (_link, "is a link or a device"),
        (_bomb, "as in a ZIP bomb"),
        (_other_format, "was written by storyreel 9.0 in form 2"),
        (_other_hash, "its hash is another one"),
        (_missing, "is missing from it"),
        (_no_record, "it has no project.json"),
        (_link_out, "leads nowhere"),
        (_bad_key, "is not what storyreel writes"),
        (lambda archive, files: _contents(files, project="../up"), "is damaged|cannot be used"),
        (lambda archive, files: _swap(files, "project.json", b"{}"), "is not what storyreel writes"),
        (lambda archive, files: files.pop("storyreel.json"), "holds no storyreel project"),
    ],
)
def test_a_zip_that_is_not_what_we_write_is_refused_and_leaves_nothing(change, said, packed, tmp_path) -> None:
    _, path = packed
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        change(archive, files)
        for name, data in files.items():
            archive.writestr(name, data)
    with pytest.raises(InputError, match=said):
        storyreel.import_project(bad, cache=tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob("**/evil.json"))


def test_ten_gigabytes_that_a_zip_only_claims_are_refused_before_they_are_read(tmp_path) -> None:
    path = tmp_path / "claim.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("storyreel.json", bytes(5_000))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 4_000_000_000)
    path.write_bytes(data)
    with pytest.raises(InputError, match="unfold to 4,000,000,000 bytes, as in a ZIP bomb"):
        storyreel.import_project(path, cache=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_files_that_lie_over_each_other_are_refused(packed, tmp_path) -> None:
    _, path = packed
    data = bytearray(path.read_bytes())
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    (tmp_path / "over.zip").write_bytes(data)
    with pytest.raises(InputError, match="lies over another file"):
        storyreel.import_project(tmp_path / "over.zip", cache=tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("kept", [0, 10, 2000, 0.5, 0.99])
def test_a_zip_cut_short_is_refused(kept, packed, tmp_path) -> None:
    _, path = packed
    data = path.read_bytes()
    (tmp_path / "short.zip").write_bytes(data[: kept if isinstance(kept, int) else int(len(data) * kept)])
    with pytest.raises(InputError, match="is no ZIP file, or damaged"):
        storyreel.import_project(tmp_path / "short.zip", cache=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_an_import_that_is_stopped_half_way_leaves_the_cache_as_it_was(packed, tmp_path) -> None:
    _, path = packed
    other = Project("other", tmp_path / "new")
    store_of(other).put_bytes(b"mine", ".png")
    before = content(tmp_path / "new")
    progress = Progress()
    progress.listen(lambda event: progress.cancel() if event.step == "import" and event.done else None)
    with pytest.raises(Cancelled):
        storyreel.import_project(path, cache=tmp_path / "new", progress=progress)
    after = content(tmp_path / "new")
    assert {name for name in after if "/results/" not in name} == {name for name in before if "/results/" not in name}
    assert not store_of(other).results.keys("lamp/*")
    assert [path.name for path in (tmp_path / "new/projects").iterdir()] == ["other"]
