"""Files that a page sends, a megabyte at a time: acknowledged piece by piece, taken up again after a lost connection.

What has come so far lies in the project's folder under a name of our own and goes when the upload is finished, refused,
cancelled or forgotten. A file that a page sends once more (the same name, size and first megabyte) goes on from there.
Nothing is trusted for its name: what a file is, is found by reading it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath

from storyreel.errors import CorruptFile, InputError, RenderError
from storyreel.media.container import look_over, open_media
from storyreel.media.model import Asset
from storyreel.project import Project, make_private_folder, storage_error
from storyreel.recipes.given_files import given_picture, given_sound
from storyreel.render.page_media import check_video_size
from storyreel.studio.messages import LARGEST_UPLOAD_BYTES, Use

FOLDER_NAME = "uploads"
MOST_AT_ONCE = 4
FORGOTTEN_AFTER_S = 3600.0
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff")
VIDEO_SUFFIXES = (".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi")
SOUND_SUFFIXES = (".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus", ".aac")
SOUNDS = ("music", "voice")
"""The uses that take a sound."""
_DRAWING = re.compile(rb"<\s*(?:svg|!doctype\s+svg)", re.IGNORECASE)
_HEAD_BYTES = 4096


@dataclass(slots=True)
class Upload:
    """A file on its way.

    Attributes:
        name: as the page gave it, for people.
        first: SHA-256 of its first piece, "" before that has come.
        taken_by: the window and message that send it now; None while nobody does.
    """

    name: str
    suffix: str
    size_bytes: int
    use: Use
    path: Path
    received_bytes: int = 0
    first: str = ""
    taken_by: tuple[str, int] | None = None
    touched_at_s: float = field(default_factory=time.monotonic)


class Uploads:
    """The uploads of one project in this process."""

    def __init__(self, project: Project) -> None:
        self._project, self._folder = project, project.path(FOLDER_NAME)
        self._lock = threading.Lock()
        self._all: list[Upload] = []
        self._complete: dict[tuple[str, int], int] = {}
        self._clear_left_overs()

    def begin(self, window: str, number: int, name: str, size_bytes: int, use: Use) -> int:
        """Expect a file.

        Returns:
            How many of its bytes are here already: more than 0 when this window's connection was lost, or its page
            has not heard an answer and asks again.

        Raises:
            InputError: it cannot be taken; a sentence says why.
        """
        shown = _plain(name)
        suffix = _checked_suffix(shown, use)
        _check_size(shown, size_bytes)
        with self._lock:
            self._forget_old()
            if (window, number) in self._complete:
                return self._complete[window, number]
            for upload in self._all:
                if upload.taken_by == (window, number) and (upload.name, upload.size_bytes) == (shown, size_bytes):
                    return upload.received_bytes
            if sum(upload.taken_by is not None for upload in self._all) >= MOST_AT_ONCE:
                raise InputError(f"{MOST_AT_ONCE} files are on their way already: send {shown!r} when one has arrived")
            make_private_folder(self._folder)
            path = self._folder / f"{secrets.token_hex(12)}.part"
            self._all.append(Upload(shown, suffix, size_bytes, use, path, taken_by=(window, number)))
            return 0

    def chunk(self, window: str, number: int, at: int, data: bytes) -> tuple[int, Upload | None]:
        """Take a piece.

        Returns:
            How many bytes are here now, and the upload if it is complete.

        Raises:
            InputError: it was not expected, or is more than was announced; the upload is dropped.
        """
        with self._lock:
            upload = self._of(window, number)
            if at != upload.received_bytes:
                return upload.received_bytes, None  # the answer says where to go on
            if at + len(data) > upload.size_bytes:
                self._drop(upload)
                raise InputError(
                    f"{upload.name!r} is larger than the {_megabytes(upload.size_bytes)} that were announced: "
                    "send it again"
                )
            if at == 0:
                upload.first = hashlib.sha256(data).hexdigest()
                before = self._begun_before(upload)
                if before is not None:
                    before.taken_by, before.use = upload.taken_by, upload.use
                    self._drop(upload)
                    upload = before
                    return upload.received_bytes, None
            try:
                with upload.path.open("ab") as file:
                    file.write(data)
            except OSError as error:
                self._drop(upload)
                raise storage_error(error, upload.path) from error
            upload.received_bytes += len(data)
            upload.touched_at_s = time.monotonic()
            done = upload.received_bytes == upload.size_bytes
            if done:
                self._all.remove(upload)
                self._complete[window, number] = upload.size_bytes
            return upload.received_bytes, upload if done else None

    def cancel(self, window: str, number: int) -> None:
        """Forget a file that is on its way, if it is."""
        with self._lock, suppress(InputError):
            self._drop(self._of(window, number))

    def leave(self, window: str) -> None:
        """A window went away: what it was sending waits for a while to be gone on with."""
        with self._lock:
            self._complete = {key: size for key, size in self._complete.items() if key[0] != window}
            for upload in self._all:
                if upload.taken_by is not None and upload.taken_by[0] == window:
                    upload.taken_by = None

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            for upload in list(self._all):
                self._drop(upload)

    def _of(self, window: str, number: int) -> Upload:
        for upload in self._all:
            if upload.taken_by == (window, number):
                return upload
        raise InputError("no file is expected under this number: begin again")

    def _begun_before(self, upload: Upload) -> Upload | None:
        for other in self._all:
            if (
                other is not upload
                and other.taken_by is None
                and (other.name, other.size_bytes, other.first) == (upload.name, upload.size_bytes, upload.first)
            ):
                return other
        return None

    def _drop(self, upload: Upload) -> None:
        upload.path.unlink(missing_ok=True)
        self._all.remove(upload)

    def _forget_old(self) -> None:
        for upload in list(self._all):
            if time.monotonic() - upload.touched_at_s > FORGOTTEN_AFTER_S:
                self._drop(upload)

    def _clear_left_overs(self) -> None:
        """What a killed kernel left behind."""
        if self._folder.is_dir():
            for path in self._folder.glob("*.part"):
                with suppress(OSError):
                    if time.time() - path.stat().st_mtime > FORGOTTEN_AFTER_S:
                        path.unlink()


def taken_in(project: Project, upload: Upload) -> Asset:
    """A whole file, looked through and kept as an asset; the file it came in as goes, whatever comes of it.

    Raises:
        InputError: it is not what its use needs, or damaged; the message names it as the user does.
    """
    path = upload.path.with_suffix(upload.suffix)
    try:
        upload.path.replace(path)
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if _DRAWING.search(head):
            raise InputError(f"{upload.name!r} is an SVG drawing, which may hold a program: save it as PNG")
        if upload.use.as_ in SOUNDS:
            return given_sound(path, project)
        if upload.suffix in VIDEO_SUFFIXES:
            _check_video(path)
        return given_picture(path, project)
    except (InputError, CorruptFile, RenderError) as error:
        # The name on our disk says nothing to whoever sent it.
        raise InputError(str(error).replace(str(path), repr(upload.name)).replace(path.name, upload.name)) from error
    except OSError as error:
        raise storage_error(error, path) from error
    finally:
        path.unlink(missing_ok=True)
        upload.path.unlink(missing_ok=True)


def _check_video(path: Path) -> None:
    look_over(path)
    with open_media(path) as container:
        check_video_size(container, path.name)


def _plain(name: str) -> str:
    """A file's own name, without folders and control characters."""
    bare = PureWindowsPath(PurePosixPath(name).name).name
    return "".join(letter for letter in bare if letter.isprintable()).strip()[:120] or "file"


def _checked_suffix(name: str, use: Use) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".svg", ".svgz"):
        raise InputError(f"{name!r} is an SVG drawing, which may hold a program: save it as PNG")
    wanted = (*SOUND_SUFFIXES, *VIDEO_SUFFIXES) if use.as_ in SOUNDS else (*PICTURE_SUFFIXES, *VIDEO_SUFFIXES)
    if suffix not in wanted:
        kinds = "a sound file (mp3, m4a, wav, flac, ogg, opus)" if use.as_ in SOUNDS else (
            "a picture (png, jpg, webp, avif, gif, tiff) or a video (mp4, mov, webm, mkv)"
        )  # fmt: skip
        raise InputError(f"{name!r} cannot be used here: give {kinds}")
    return suffix


def _check_size(name: str, size_bytes: int) -> None:
    if size_bytes == 0:
        raise InputError(f"{name!r} is empty: choose another file")
    if size_bytes > LARGEST_UPLOAD_BYTES:
        raise InputError(
            f"{name!r} has {_megabytes(size_bytes)}, and {_megabytes(LARGEST_UPLOAD_BYTES)} can be sent: make it "
            "smaller or shorter"
        )


def _megabytes(size_bytes: int) -> str:
    # Upwards, so that a file too large by a byte is not said to be as large as it may be.
    return f"{-(-size_bytes // 2**20):,} MB" if size_bytes >= 2**20 else f"{size_bytes:,} bytes"
