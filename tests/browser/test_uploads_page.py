"""Files from a visitor's own machine, sent from a real page: whole whatever the network does, or refused."""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from lossy_line import Line, lossy
from watching import Watched

MEBIBYTE = 1 << 20
LARGEST_BYTES = 200 * MEBIBYTE
ARRIVES_MS, SOON_MS = 180_000, 30_000
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def large_video(path: Path, size_bytes: int) -> None:
    """A film of half a second, made as large as is wanted by a box of nothing that every reader passes over."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 96, 54, "yuv420p"
        for shade in range(5):
            picture = np.full((54, 96, 3), 40 * shade, np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    box_bytes = size_bytes - path.stat().st_size
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", box_bytes, b"free"))
        file.truncate(size_bytes)  # a hole: it costs no room on the disk


def bomb(path: Path) -> None:
    """A PNG of a few hundred bytes that says it is 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


@pytest.fixture(scope="module")
def line(studio: Any) -> Iterator[Line]:
    port = urlsplit(studio.address).port
    assert port
    with lossy(port) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(chromium: Browser, studio: Any, film: str, line: Line) -> Iterator[Page]:
    """The film's place to edit it, over a line that can be cut."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    watched = Watched(context.new_page())
    at = urlsplit(studio.of(film))
    watched.open(at._replace(netloc=f"127.0.0.1:{line.port}").geturl())
    expect(watched.page.locator(".sr-shot[aria-selected=true]")).to_be_visible(timeout=SOON_MS)
    yield watched.page
    context.close()


def give(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Use a picture or video of your own").click()
    chooser.value.set_files(path)


def assets(cache: Path, film: str) -> list[dict[str, Any]]:
    timeline = json.loads((cache / "projects" / film / "timeline.json").read_text(encoding="utf-8"))
    return [clip["asset"] or {} for clip in timeline["clips"]]


def test_200_megabytes_arrive_whole_although_the_line_is_cut_on_the_way(
    page: Page, line: Line, studio: Any, film: str, tmp_path: Path
) -> None:
    video = tmp_path / "long.mp4"
    large_video(video, LARGEST_BYTES)
    give(page, video)
    begun_bytes = line.up_bytes
    until(page, lambda: line.up_bytes - begun_bytes > LARGEST_BYTES / 2, ARRIVES_MS)
    line.cut()
    until(page, lambda: any(asset.get("kind") == "video" for asset in assets(studio.cache, film)), ARRIVES_MS)
    came = next(asset["blob"] for asset in assets(studio.cache, film) if asset.get("kind") == "video")
    with video.open("rb") as file:
        assert came["sha256"] == hashlib.file_digest(file, "sha256").hexdigest()
    # What had come before the line was cut was not sent again.
    assert line.up_bytes - begun_bytes < 1.2 * LARGEST_BYTES


def until(page: Page, true: Any, timeout_ms: int = SOON_MS) -> None:
    for _ in range(timeout_ms // 100):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come about")


REFUSED = {
    "long.mp4": "long.mp4.* has 201 MB, and 200 MB can be sent",
    "setup.png": "setup.png cannot be read .it is no picture",
    "drawing.svg": "drawing.svg.* is an SVG drawing, which may hold a program",
    "drawing.png": "drawing.png.* is an SVG drawing, which may hold a program",
    "bomb.png": "bomb.png has more than 64 million pixels",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_with_a_sentence(
    page: Page, studio: Any, film: str, tmp_path: Path, name: str
) -> None:
    before = assets(studio.cache, film)
    path = tmp_path / name
    match name:
        case "long.mp4":
            large_video(path, LARGEST_BYTES + 1)
        case "setup.png":
            path.write_bytes(b"MZ\x90\x00" + bytes(2000) + b"This program cannot be run in DOS mode")
        case "bomb.png":
            bomb(path)
        case _:
            path.write_text(SVG, encoding="utf-8")
    give(page, path)
    notice = page.locator(".sr-notices").get_by_text(re.compile(REFUSED[name]))
    expect(notice.last).to_be_visible(timeout=SOON_MS)
    assert assets(studio.cache, film) == before
