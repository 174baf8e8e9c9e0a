"""Uploads: whole or not at all, gone on with after a lost connection, and nothing is taken for its name."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from storyreel.media.sound import write_flac
from storyreel.memo.store import store_of
from storyreel.studio.messages import CHUNK_BYTES

PICTURE = {"as": "picture", "clip": "s0001"}


def noise_png(size: tuple[int, int] = (1000, 900)) -> bytes:
    """A picture of more than two megabytes."""
    data = io.BytesIO()
    rng = np.random.default_rng(1)
    Image.fromarray(rng.integers(0, 255, (size[1], size[0], 3), np.uint8)).save(data, "PNG")
    return data.getvalue()


def begin(page, name: str, size: int, use: dict[str, object] = PICTURE) -> int:
    return page.say({"type": "upload_begin", "name": name, "size_bytes": size, "use": use})


def send(page, number: int, data: bytes, at: int = 0, until: int | None = None) -> None:
    """The pieces as the page sends them: the next when the one before is acknowledged."""
    while at < (len(data) if until is None else until):
        page.window.take({"type": "upload_chunk", "id": number, "at": at}, [data[at : at + CHUNK_BYTES]])
        answer = [m for m in page.messages if m.get("id") == number][-1]
        if answer["type"] != "upload_ok":
            return
        at = answer["received_bytes"]


def left_over(project) -> list[str]:
    folder = project.folder / "uploads"
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def test_a_picture_arrives_whole_becomes_the_shots_and_can_be_undone(page, session, project):
    data = noise_png()
    number = begin(page, "My picture.png", len(data))
    assert page.last("upload_ok")["received_bytes"] == 0
    send(page, number, data)
    assert page.answer(number)["type"] == "done"
    asset = session.timeline.clips[1].asset
    assert asset is not None
    assert store_of(project).read(asset.blob) == data
    assert (asset.width_px, asset.height_px, asset.provenance.provider) == (1000, 900, "user")
    patch = page.last("patch")
    assert [take["blob"]["sha256"] for take in patch["shots"][1]["takes"]][-1] == hashlib.sha256(data).hexdigest()
    assert patch["history"][-1]["label"] == "Picture from My picture.png"
    assert left_over(project) == []
    page.say({"type": "undo"})
    assert session.timeline.clips[1].asset.provenance.provider == "offline/painter"


def test_a_file_can_become_a_new_shot_or_the_music(page, session):
    data = noise_png((64, 36))
    send(page, number := begin(page, "n.png", len(data), {"as": "insert", "at": 2, "length_frames": 5}), data)
    assert page.answer(number)["type"] == "done"
    assert (session.timeline.clips[2].length_frames, session.timeline.length_frames) == (5, 120)
    tune = write_flac(np.random.default_rng(1).uniform(-0.3, 0.3, (96_000, 1)).astype(np.float32), 48_000)
    send(page, number := begin(page, "tune.flac", len(tune), {"as": "music"}), tune)
    assert page.answer(number)["type"] == "done"
    (music,) = (sound for sound in session.timeline.sounds if sound.track == "music")
    assert (music.asset.duration_s, music.looped) == (2.0, True)


def test_after_a_dropped_connection_the_same_upload_goes_on_where_it_was(page):
    data = noise_png()
    number = begin(page, "p.png", len(data))
    send(page, number, data, until=CHUNK_BYTES)
    page.window.take({"type": "upload_begin", "id": number, "name": "p.png", "size_bytes": len(data), "use": PICTURE})
    assert page.last("upload_ok")["received_bytes"] == CHUNK_BYTES
    send(page, number, data, at=CHUNK_BYTES)
    assert page.answer(number)["type"] == "done"


def test_a_page_that_did_not_hear_that_its_file_has_come_is_told_again_and_the_file_counts_once(page, session):
    data = noise_png((64, 36))
    number = begin(page, "p.png", len(data))
    send(page, number, data)
    page.answer(number)
    page.messages.clear()
    page.window.take({"type": "upload_begin", "id": number, "name": "p.png", "size_bytes": len(data), "use": PICTURE})
    assert [message["type"] for message in page.messages] == ["done"]
    assert len(session.history.live) == 1


def test_a_reloaded_page_that_sends_the_same_file_goes_on_where_the_old_one_was(page, session, project, new_page):
    data = noise_png()
    send(page, begin(page, "p.png", len(data)), data, until=2 * CHUNK_BYTES)
    page.window.leave()
    other = new_page(session, "w2")
    other.hello()
    number = begin(other, "p.png", len(data))
    assert other.last("upload_ok")["received_bytes"] == 0
    other.window.take({"type": "upload_chunk", "id": number, "at": 0}, [data[:CHUNK_BYTES]])
    assert other.last("upload_ok")["received_bytes"] == 2 * CHUNK_BYTES
    send(other, number, data, at=2 * CHUNK_BYTES)
    assert other.answer(number)["type"] == "done"
    assert left_over(project) == []


def test_another_file_of_the_same_name_and_size_does_not_go_on_with_it(page, session, new_page, project):
    data = noise_png()
    changed = bytes([data[0] ^ 1]) + data[1:]
    send(page, begin(page, "p.png", len(data)), changed, until=CHUNK_BYTES)
    page.window.leave()
    other = new_page(session, "w2")
    other.hello()
    send(other, number := begin(other, "p.png", len(data)), data)
    assert other.answer(number)["type"] == "done"
    assert session.timeline.clips[1].asset.blob.sha256 == hashlib.sha256(data).hexdigest()


def bomb() -> bytes:
    """A PNG whose head announces 40,000 x 40,000 pixels."""
    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("game.exe", b"MZ" + bytes(900), "'game.exe' cannot be used here: give a picture"),
        ("game.png", b"MZ\x90" + bytes(range(256)) * 40, "picture game.png cannot be read .*no picture of a known"),
        ("drawing.svg", SVG, "SVG drawing, which may hold a program"),
        ("drawing.png", SVG, "SVG drawing, which may hold a program"),
        ("bomb.png", bomb(), "picture bomb.png has .*more than 64 million"),
        ("cut.png", noise_png((300, 300))[:40_000], "cut short|cannot be read"),
        ("list.mp4", b"#EXTM3U\n/etc/passwd\n", "list.mp4.* cannot be read"),
        ("no ending", b"x", "cannot be used here"),
        ("../../../etc/passwd.png", b"root:x", "picture passwd.png cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_a_sentence_and_leaves_nothing(page, session, project, name, data, says):
    before = session.timeline
    number = begin(page, name, len(data))
    if page.messages[-1]["type"] == "upload_ok":
        send(page, number, data)
    answer = page.answer(number)
    assert answer["type"] == "refused"
    assert re.search(says, answer["message"]), answer["message"]
    assert str(project.cache) not in answer["message"]
    assert session.timeline is before
    assert left_over(project) == []


def test_the_201st_megabyte_is_refused_before_it_is_sent_and_while_it_is(page, project):
    number = begin(page, "big.mp4", 201 << 20)
    assert page.answer(number)["message"] == (
        "'big.mp4' has 201 MB, and 200 MB can be sent: make it smaller or shorter"
    )
    assert begin(page, "fits.mp4", 200 << 20)
    assert page.messages[-1] == {"type": "upload_ok", "id": page.ids, "received_bytes": 0}
    page.say({"type": "upload_cancel"})
    number = begin(page, "small.png", 100)
    page.window.take({"type": "upload_chunk", "id": number, "at": 0}, [bytes(101)])
    assert "larger than the 100 bytes that were announced" in page.answer(number)["message"]
    assert left_over(project) == []


def test_a_cancelled_upload_and_a_closed_session_leave_nothing(page, session, project):
    data = noise_png()
    number = begin(page, "p.png", len(data))
    send(page, number, data, until=CHUNK_BYTES)
    assert len(left_over(project)) == 1
    page.window.take({"type": "upload_cancel", "id": number})
    assert left_over(project) == []
    send(page, begin(page, "p.png", len(data)), data, until=CHUNK_BYTES)
    session.close()
    assert left_over(project) == []


def test_only_so_many_files_come_at_once(page):
    for number in range(4):
        begin(page, f"{number}.png", 10)
    number = begin(page, "five.png", 10)
    assert "4 files are on their way already" in page.answer(number)["message"]
