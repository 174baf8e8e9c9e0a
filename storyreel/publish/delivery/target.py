"""Where a file goes: a URL such as s3://bucket/films/, or a path. Pure, but for the look at a local folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from storyreel.errors import InputError

BUCKET_SCHEMES = {"s3": "s3", "r2": "s3", "gs": "gs", "gcs": "gs", "az": "az"}
_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*)://(.*)$", re.IGNORECASE | re.DOTALL)
_BUCKET = re.compile(r"^[a-zA-Z0-9._-]{1,255}$")
_PASSWORD = re.compile(r"^[^/@]*:[^/@]*@")


@dataclass(frozen=True, slots=True)
class Target:
    """A place for one file.

    Attributes:
        scheme: "s3" for S3 and all that speak like it, "file" for this machine, else fsspec's name.
        place: of S3 the bucket and the key, of this machine an absolute path, else what follows the scheme.
    """

    scheme: str
    place: str

    def __str__(self) -> str:
        return self.place if self.scheme == "file" else f"{self.scheme}://{self.place}"

    @property
    def bucket(self) -> str:
        """Of object stores: the bucket, or the container."""
        return self.place.partition("/")[0]

    @property
    def key(self) -> str:
        """Of object stores: the object's name."""
        return self.place.partition("/")[2]


def read_target(text: str, file_name: str) -> Target:
    """Understand where a file is to go; a place that ends in "/", a bucket alone or a folder takes the file's own name.

    Raises:
        InputError: it is empty, holds a password, or names no bucket.
    """
    text = text.strip()
    if not text:
        raise InputError("the place to upload to is empty: give s3://bucket/folder/, sftp://host/folder/ or a path")
    found = _SCHEME.match(text)
    if not found or found[1].lower() in ("file", "local"):
        return Target("file", _local(found[2] if found else text, file_name))
    scheme, place = found[1].lower(), found[2]
    if _PASSWORD.match(place):
        raise InputError(
            f"the place {scheme}://... holds a password, which shells and lists would keep: leave it out, and give it "
            "by the service's own variables, by a key file or by STORYREEL_UPLOAD_OPTIONS"
        )
    if scheme in BUCKET_SCHEMES:
        bucket, _, key = place.partition("/")
        if not _BUCKET.match(bucket):
            raise InputError(
                f"{text[:80]!r} names no bucket: write {scheme}://bucket/folder/ or {scheme}://bucket/name.mp4"
            )
        key = f"{key}{file_name}" if not key or key.endswith("/") else key
        return Target(BUCKET_SCHEMES[scheme], f"{bucket}/{key.lstrip('/')}")
    if not place.strip("/"):
        raise InputError(f"{text[:80]!r} names no place: write {scheme}://somewhere/folder/")
    return Target(scheme, f"{place}{file_name}" if place.endswith("/") else place)


def _local(text: str, file_name: str) -> str:
    path = Path(text).expanduser().absolute()
    if text.endswith(("/", os.sep)) or path.is_dir():
        path = path / file_name
    return str(path)
