"""A visitor who speaks to a live kernel without our page in between: any message, as many as they like."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import websocket
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from playwright.sync_api import Browser, Page, expect

from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.studio.kernel_line import FRAMING
from watching import Watched

OPENS_MS, SOON_MS = 90_000, 30_000
SECRET = b"another film's picture"
ANSWERS_S = 60.0
LINE_BYTES = 25 << 20
MOST_BYTES = 1_000_000_000


class Forger:
    """A bare connection to a kernel that some page has begun, and the comm of that page's editor."""

    def __init__(self, server: str, token: str, kernel: str) -> None:
        self._session = uuid.uuid4().hex
        self.address = f"ws://{server}/api/kernels/{kernel}/channels?session_id={self._session}&token={token}"
        self.connect()
        self.editor = self._find_editor()

    def connect(self) -> None:
        self.wire = websocket.create_connection(self.address, timeout=20, subprotocols=[FRAMING])

    def close(self) -> None:
        self.wire.shutdown()

    def message(self, kind: str, content: dict[str, Any]) -> tuple[bytes, str]:
        """As it travels, and its number."""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "username": "", "session": self._session, "msg_type": kind, "version": "5.3"}
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        return serialize_msg_to_ws_v1(parts, "shell"), number

    def say(self, kind: str, content: dict[str, Any]) -> str:
        """Send a message as a browser would, without a word of our own code."""
        data, number = self.message(kind, content)
        self.wire.send_binary(data)
        return number

    def forge(self, content: Any) -> str:
        """To the editor, as its own page's words."""
        return self.say("comm_msg", {"comm_id": self.editor, "data": {"method": "custom", "content": content}})

    def heard_before(self, kind: str) -> list[dict[str, Any]]:
        """What the editor says until it says something of a kind, that included."""
        found: list[dict[str, Any]] = []
        for header, _, content, buffers in self._messages():
            if header["msg_type"] == "comm_msg" and content["comm_id"] == self.editor:
                found.append({**content["data"].get("content", {}), "buffers": buffers})
                if found[-1].get("type") == kind:
                    return found
        raise AssertionError(f"no {kind}: {str(found)[:300]}")

    def answer(self, content: Any, kind: str) -> dict[str, Any]:
        """Forge a message and wait for an answer of a kind."""
        self.forge(content)
        return self.heard_before(kind)[-1]

    def _messages(self) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any], list[bytes]]]:
        end_s = time.monotonic() + ANSWERS_S
        while (left_s := end_s - time.monotonic()) > 0:
            self.wire.settimeout(left_s)
            _, (header, parent, _, content, *buffers) = deserialize_msg_from_ws_v1(self.wire.recv())
            yield json.loads(header), json.loads(parent), json.loads(content), buffers

    def _find_editor(self) -> str:
        asked = self.say("comm_info_request", {"target_name": "jupyter.widget"})
        for header, parent, content, _ in self._messages():
            if header["msg_type"] == "comm_info_reply" and parent.get("msg_id") == asked:
                for comm in content["comms"]:
                    self.say("comm_msg", {"comm_id": comm, "data": {"method": "request_state"}})
            if header["msg_type"] == "comm_msg" and "layout_of_page" in content["data"].get("state", {}):
                return str(content["comm_id"])
        raise AssertionError("the kernel has no editor")


@pytest.fixture(scope="module")
def other(studio: Any) -> Asset:
    """A picture of a film that the visitor has not opened."""
    blob = store_of(Project("secret", studio.cache)).put_bytes(SECRET, ".png")
    return Asset(kind="image", blob=blob, width_px=1, height_px=1, provenance=Provenance(provider="test"))


@pytest.fixture(scope="module")
def visitors(chromium: Browser, studio: Any, film: str) -> Iterator[tuple[Page, Forger]]:
    """Somebody who edits a film; and the forger, in a kernel of their own, with the same film open."""
    contexts = [chromium.new_context(viewport={"width": 1440, "height": 1000}) for _ in range(2)]
    pages, kernels = [Watched(context.new_page()).page for context in contexts], []
    for page in pages:
        with page.expect_websocket(timeout=OPENS_MS) as wire:
            page.goto(studio.of(film))
        kernels.append(urlsplit(wire.value.url).path.split("/")[3])
        expect(page.locator(".sr-shot[aria-selected=true]")).to_be_visible(timeout=OPENS_MS)
    at = urlsplit(studio.address)
    forger = Forger(at.netloc, parse_qs(at.query)["token"][0], kernels[1])
    yield pages[0], forger
    forger.close()
    for context in contexts:
        context.close()


def works(page: Page) -> None:
    """The other visitor edits on, and it is kept."""
    undo = page.get_by_role("button", name="Undo")
    words = page.locator(".sr-word")
    before = words.first.inner_text().split("\n")[0]
    if not page.get_by_label("Word 1", exact=True).is_visible():
        words.first.click()
    page.get_by_label("Word 1", exact=True).fill("meanwhile")
    page.get_by_label("Word 1", exact=True).press("Enter")
    expect(words.first).to_contain_text("meanwhile")
    expect(page.locator(".sr-saved")).to_have_count(0)
    undo.click()
    expect(words.first).to_contain_text(before)
    expect(page.locator(".sr-app")).to_have_attribute("data-lost", "false")


@pytest.mark.parametrize(
    "content",
    [
        {"type": "want", "kind": "font", "keys": ["../../../../etc/passwd"]},
        {"type": "want", "kind": "picture", "keys": ["http://127.0.0.1:1/x"]},
        {"type": "want", "kind": "file", "keys": ["timeline.json"]},
        {"type": "hello", "window": "me", "project": "secret"},
        {"type": "act", "id": 5, "action": {"do": "render", "project": "../secret"}, "agreed_usd": 0},
        {"type": "edit", "id": 6, "base": 0, "label": "x", "edits": [{"kind": "replace_picture", "clip": "s0001",
         "asset": {"kind": "image", "path": "http://127.0.0.1:1/x"}}]},
        {"type": "upload_begin", "id": 7, "name": "x.png", "size_bytes": 1, "path": "/etc/passwd",
         "use": {"as": "picture", "clip": "s0001"}},
        ["hello"], "hello", None, 7,
    ],
)  # fmt: skip
def test_paths_addresses_and_other_projects_are_no_words_of_the_page(
    visitors: tuple[Page, Forger], content: Any
) -> None:
    _, forger = visitors
    forger.forge(content)
    # Its answer to an honest message comes after whatever it says to the forged one.
    forger.forge({"type": "price", "id": 99, "action": {"do": "render"}})
    said = forger.heard_before("done")
    assert said[-1]["id"] == 99
    # The page in the same kernel is told things, too, and the forger overhears them.
    assert {message["type"] for message in said} <= {"done", "refused", "notice", "progress", "media", "patch"}
    asked = content.get("keys", []) if isinstance(content, dict) else []
    assert not any(key in message.get("keys", []) for message in said for key in asked)
    assert not any(SECRET in data for message in said for data in message["buffers"])


def test_another_film_s_picture_is_neither_shown_nor_taken(visitors: tuple[Page, Forger], other: Asset) -> None:
    _, forger = visitors
    for kind in ("thumb", "picture"):
        told = forger.answer({"type": "want", "kind": kind, "keys": [other.blob.sha256]}, "media")
        while other.blob.sha256 not in told.get("missing", {}):
            assert other.blob.sha256 not in told["keys"]
            told = forger.heard_before("media")[-1]
        assert told["missing"][other.blob.sha256] == "this film has nothing of that name"
    edit = {"kind": "replace_picture", "clip": "s0001", "asset": other.model_dump(mode="json")}
    told = forger.answer({"type": "edit", "id": 41, "base": 0, "label": "x", "edits": [edit]}, "refused")
    assert "this film has no such picture" in told["message"]


def test_an_upload_named_as_a_path_stays_where_uploads_are(
    visitors: tuple[Page, Forger], studio: Any, film: str
) -> None:
    _, forger = visitors
    files = files_of(studio.cache.parent)
    name = "../../../../../../tmp/storyreel-forged.png"
    begin = {"type": "upload_begin", "id": 51, "name": name, "size_bytes": 4, "use": {"as": "picture", "clip": "s0001"}}
    assert forger.answer(begin, "upload_ok")["received_bytes"] == 0
    forger.forge({"type": "upload_cancel", "id": 51})
    assert not Path("/tmp/storyreel-forged.png").exists()
    new = files_of(studio.cache.parent) - files
    assert all(path.is_relative_to(studio.cache / "projects" / film) for path in new)


def files_of(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_a_line_that_is_framed_otherwise_is_refused_and_one_that_lies_about_its_length_is_ended(
    visitors: tuple[Page, Forger],
) -> None:
    page, forger = visitors
    at = urlsplit(forger.address)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}  # fmt: skip
    with closing(HTTPConnection(at.netloc, timeout=20)) as line:
        line.request("GET", f"{at.path}?{at.query}", headers=upgrade)
        with line.getresponse() as answer:
            assert answer.status == 400
    for lie in ((2**63).to_bytes(8, "little") + b"x", b"\x00" * 64):
        forger.wire.send_binary(lie)
        ended(forger)
        forger.connect()
    works(page)


def ended(forger: Forger) -> None:
    """The server hangs up."""
    forger.wire.settimeout(ANSWERS_S)
    with suppress(websocket.WebSocketConnectionClosedException, ConnectionError):
        while forger.wire.recv():
            pass  # what it had said before; an empty one is its farewell, and silence a failure
    forger.close()


def test_ten_thousand_messages_a_second_leave_the_server_and_the_others_as_they_were(
    visitors: tuple[Page, Forger], studio: Any
) -> None:
    page, forger = visitors
    content = {"comm_id": forger.editor, "data": {"method": "custom", "content": {"type": "undo", "id": 1}}}
    messages = [forger.message("comm_msg", content)[0] for _ in range(10_000)]
    begun_s = time.monotonic()
    with suppress(OSError, websocket.WebSocketConnectionClosedException):
        for message in messages:
            forger.wire.send_binary(message)
    print(f"10,000 messages in {time.monotonic() - begun_s:.2f} s")
    ended(forger)
    forger.connect()
    for _ in range(8):  # those that come too soon after the flood are dropped with it
        time.sleep(1)
        forger.forge({"type": "hello", "window": "forger"})
    assert forger.heard_before("state")[-1]["film"]["project"]
    # Not sooner: what was let through undoes what the other visitor does.
    works(page)
    # What still comes after the server hung up is read by nothing: it would be taken for a count of parts.
    assert studio.most_memory_bytes < MOST_BYTES


def test_a_gigabyte_of_text_leaves_the_server_and_the_others_as_they_were(
    visitors: tuple[Page, Forger], studio: Any
) -> None:
    page, forger = visitors
    # In one message: the server hangs up before it has read it.
    frame = b"\x82\xff" + (1 << 30).to_bytes(8, "big") + b"\x00\x00\x00\x00"
    with suppress(OSError):
        forger.wire.sock.sendall(frame + b"a" * (1 << 20))
    ended(forger)
    forger.connect()
    # And in pieces that it does let through, which the kernel puts away unread.
    for _ in range(3):
        forger.forge({"type": "edit", "id": 61, "base": 0, "label": "a" * LINE_BYTES, "edits": []})
    assert forger.answer({"type": "hello", "window": "forger"}, "state")["film"]["project"]
    works(page)
    assert studio.most_memory_bytes < MOST_BYTES
