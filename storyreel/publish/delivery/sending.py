"""What every way to send a file has in common: what is sent, what comes of it, and its digests."""

from __future__ import annotations

import hashlib
import io
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from storyreel.errors import StorageError
from storyreel.progress import Progress

MIB = 2**20
BLOCK_BYTES = 8 * MIB
SMALLEST_PIECE_BYTES = 8 * MIB
PART_TIME_S = 300.0

Proof = Literal["md5", "sha256", "parts"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file to be sent.

    Attributes:
        name: as the project calls it.
        sha256: lowercase hexadecimal.
        part_time_s: how long one part may take before the link counts as too slow.
    """

    path: Path
    name: str
    sha256: str
    size_bytes: int
    content_type: str
    part_time_s: float = PART_TIME_S


class Delivered(BaseModel, frozen=True, extra="forbid"):
    """What came of an upload.

    Attributes:
        target: where the file is.
        link: an address to fetch it from, "" where there is none. A signed one is a key to the file while it lasts.
        link_expires_s: how long a signed link holds, in seconds; 0 for one without an end.
        sha256, size_bytes: of the file.
        proof: what was compared with the file as it lies there: the MD5 that the service computed ("md5"), or the
            SHA-256 of all its bytes read back ("sha256"); "parts" where a service gives no digest of the whole (Azure,
            and S3 where it encrypts), and has checked the MD5 of each part as it came.
        sent_bytes: what this run sent; less than the size for an upload that went on.
    """

    target: str
    link: str = ""
    link_expires_s: int = 0
    sha256: str
    size_bytes: int
    proof: Proof
    sent_bytes: int

    @classmethod
    def of(
        cls, parcel: Parcel, target: object, *, link: str, link_expires_s: int = 0, proof: Proof, sent_bytes: int
    ) -> Delivered:
        """What came of sending a parcel to a target."""
        return cls(
            target=str(target),
            link=link,
            link_expires_s=link_expires_s,
            sha256=parcel.sha256,
            size_bytes=parcel.size_bytes,
            proof=proof,
            sent_bytes=sent_bytes,
        )


def sha256_of(path: Path, progress: Progress) -> str:
    """A file's SHA-256, lowercase hexadecimal; cancellable.

    Raises:
        StorageError: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                progress.raise_if_cancelled()
                digest.update(block)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def piece_size(size_bytes: int, most: int) -> int:
    """How large the pieces of a file are: 8 MiB, more only where there would be over `most` of them; whole MiB."""
    return max(SMALLEST_PIECE_BYTES, -(-size_bytes // (most * MIB)) * MIB)


def megabytes(size_bytes: int) -> int:
    """A size in whole MiB for progress, at least 1 for what is not empty."""
    return -(-size_bytes // MIB)


class TooSlow(Exception):
    """A part took longer than it may."""


class TimedBytes(io.BytesIO):
    """A part's bytes, which stop the sending when its time is up or the user says so.

    A time limit on the socket would not do: it starts anew with every few kilobytes that trickle through.
    """

    def __init__(self, data: bytes, time_s: float, progress: Progress) -> None:
        super().__init__(data)
        self._until_s, self._progress = time.monotonic() + time_s, progress

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes, while there is time."""
        self._progress.raise_if_cancelled()
        if time.monotonic() > self._until_s:
            raise TooSlow
        return super().read(size)
