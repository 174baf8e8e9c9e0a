"""What panels need of the browser: files up and down in pieces, notifications, a sound, the film's id in the address.

Files travel as messages over the notebook's own connection: no server besides it, and nothing is served that a visitor
could ask for by a path. A piece is sent when the one before it was asked for or acknowledged, since a message above
some 10 MiB makes servers drop the connection.
"""

from __future__ import annotations

import mimetypes
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, BinaryIO

import anywidget

from storyreel.errors import InputError

PIECE_BYTES = 1 << 20
DOWN_PIECE_BYTES = 4 << 20
LARGEST_UPLOAD_BYTES = 200 << 20
NAME_CHARACTERS = 120
NOTIFYING_CLASS = "rl-notifies"
"""A button of this class asks, when it is clicked, whether notifications are welcome, if that was not answered yet."""


@dataclass(slots=True)
class Incoming:
    """A file on its way up: its name as the visitor has it, and what came so far."""

    id: int
    name: str
    size_bytes: int
    folder: tempfile.TemporaryDirectory[str]
    file: BinaryIO = field(repr=False)
    received_bytes: int = 0


def plain_name(name: str) -> str:
    """The last part of a visitor's file name, without anything that means something to a file system."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    kept = "".join(letter if letter.isprintable() and letter not in '/\\:*?"<>|' else "_" for letter in last)
    return kept.lstrip(".")[-NAME_CHARACTERS:] or "file"


class Page(anywidget.AnyWidget):
    """The invisible widget that does it; a page needs one.

    Args:
        took: called with a file that came up whole and with its plain name; the file goes when it returns.
        refused: called with a sentence about one that did not.
    """

    def __init__(self, took: Callable[[Path, str], None], refused: Callable[[str], None]) -> None:
        super().__init__(_esm=(files("storyreel.studio") / "static" / "page.js").read_text(encoding="utf-8"))
        self._took, self._refused = took, refused
        self._incoming: Incoming | None = None
        self._outgoing: dict[int, Path] = {}
        self._sent = 0
        self._waiting: list[tuple[dict[str, Any], list[bytes]]] | None = []
        self.progress: Callable[[str, float], None] = lambda name, fraction: None
        self.on_msg(self._heard)

    def choose_file(self, accept: str) -> None:
        """Let the visitor choose a file of the given kinds, as an HTML `accept` says them."""
        self._say({"type": "choose", "accept": accept})

    def download(self, path: Path, name: str) -> None:
        """Hand a file to the visitor under a name."""
        self._sent += 1
        self._outgoing[self._sent] = path
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._say({"type": "download_begin", "id": self._sent, "name": name, "mime": mime})

    def notify(self, title: str, body: str) -> None:
        """Show a notification, where they are welcome."""
        self._say({"type": "notify", "title": title, "body": body})

    def play(self, sound: bytes, mime: str) -> None:
        """Play a short sound."""
        self._say({"type": "sound", "mime": mime}, [sound])

    def show_project(self, project_id: str, *, in_page: bool) -> None:
        """Put the film's id into the address, so that a reload finds it again; only a page of our own wants that."""
        self._say({"type": "address", "project": project_id, "in_page": in_page})

    def _say(self, message: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        if self._waiting is None:
            self.send(message, buffers or [])
        else:
            self._waiting.append((message, buffers or []))

    def _heard(self, _: Any, message: Any, buffers: list[Any]) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "here":
            waiting, self._waiting = self._waiting or [], None
            for content, parts in waiting:
                self.send(content, parts)
        elif kind == "download_more":
            self._send_piece(message)
        elif kind == "download_done" and isinstance(message.get("id"), int):
            self._outgoing.pop(message["id"], None)
        elif kind in ("upload_begin", "upload_chunk"):
            number = message.get("id")
            try:
                if kind == "upload_begin":
                    self._begin(message)
                else:
                    self._receive(message, buffers)
            except InputError as error:
                self._drop()
                self._say({"type": "refused", "id": number})
                self._refused(str(error))

    def _send_piece(self, message: dict[str, Any]) -> None:
        number, at = message.get("id"), message.get("at")
        path = self._outgoing.get(number) if isinstance(number, int) else None
        if path is None or not isinstance(at, int) or at < 0:
            return
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                file.seek(min(at, size))
                piece = file.read(DOWN_PIECE_BYTES)
        except OSError as error:
            del self._outgoing[number]  # type: ignore[arg-type]
            self._refused(f"{path.name} cannot be read any more ({error.strerror}): render again")
            return
        last = at + len(piece) >= size
        self.send({"type": "download_part", "id": number, "at": at, "last": last}, [piece])

    def _begin(self, message: dict[str, Any]) -> None:
        number, name, size = message.get("id"), message.get("name"), message.get("size_bytes")
        if not isinstance(number, int) or not isinstance(name, str) or not isinstance(size, int):
            raise InputError("the file's announcement cannot be understood: choose it once more")
        name = plain_name(name)
        if not 0 < size <= LARGEST_UPLOAD_BYTES:
            limit = LARGEST_UPLOAD_BYTES >> 20
            raise InputError(
                f"{name} is empty: choose another file"
                if size <= 0
                else f"{name} has {size / (1 << 20):,.0f} MB, and at most {limit} can be sent: use the command line"
            )
        self._drop()
        folder = tempfile.TemporaryDirectory(prefix="storyreel-")
        self._incoming = Incoming(number, name, size, folder, (Path(folder.name) / "upload").open("wb"))
        self._say({"type": "upload_ok", "id": number, "received_bytes": 0})

    def _receive(self, message: dict[str, Any], buffers: list[Any]) -> None:
        coming = self._incoming
        if coming is None or message.get("id") != coming.id or not buffers:
            return
        if message.get("at") != coming.received_bytes:
            # A piece that was sent twice, its answer having been lost: this is where to go on.
            self._say({"type": "upload_ok", "id": coming.id, "received_bytes": coming.received_bytes})
            return
        piece = bytes(buffers[0])
        if len(piece) > PIECE_BYTES or coming.received_bytes + len(piece) > coming.size_bytes or not piece:
            raise InputError(f"{coming.name} arrived otherwise than it was announced: choose it once more")
        try:
            coming.file.write(piece)
        except OSError as error:
            raise InputError(f"{coming.name} cannot be kept: {error.strerror}") from error
        coming.received_bytes += len(piece)
        self.progress(coming.name, coming.received_bytes / coming.size_bytes)
        self._say({"type": "upload_ok", "id": coming.id, "received_bytes": coming.received_bytes})
        if coming.received_bytes == coming.size_bytes:
            coming.file.close()
            try:
                self._took(Path(coming.folder.name) / "upload", coming.name)
            finally:
                self._drop()

    def _drop(self) -> None:
        if self._incoming is not None:
            self._incoming.file.close()
            self._incoming.folder.cleanup()
            self._incoming = None
