"""The children that look at files: started when they are wanted, kept while they are, and replaced when they die."""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal

from storyreel.airlock.child import COMPUTING_S, MEMORY_BYTES
from storyreel.errors import StoryreelError
from storyreel.workers import core_count

LONGEST_S = 180.0
"""How long a look may take by the clock; on a busy machine little computing takes long."""
_PASSED_ON = ("LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
_PIECE_BYTES = 1 << 16


class Unsafe(StoryreelError):
    """A file cannot be read without harm.

    Attributes:
        reason: what reading it does, as the end of a sentence about the file.
    """

    exit_code = 2

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Died(Exception):
    """A child ended without an answer."""


class _Child:
    """One process, which does one thing at a time."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        # A session of its own: Ctrl-C is for the run, which ends the look when it ends.
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", str(Path(__file__).with_name("child.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            bufsize=0,
            start_new_session=True,
        )

    def ask(self, kind: str, source: Path | bytes) -> str:
        """What was grave about a file: "" for nothing.

        Raises:
            _Died: it gave no answer.
            TimeoutError: it gave none in time.
        """
        asked = {"kind": kind} | (
            {"size_bytes": len(source)} if isinstance(source, bytes) else {"path": str(source.absolute())}
        )
        until_s = time.monotonic() + LONGEST_S
        self._send(json.dumps(asked).encode() + b"\n", until_s)
        if isinstance(source, bytes):
            self._send(source, until_s)
        line = self._answer(until_s)
        try:
            told = json.loads(line)
            return str(told["grave"])[:20]
        except (ValueError, KeyError, TypeError) as error:
            raise _Died from error

    def _send(self, data: bytes, until_s: float) -> None:
        assert self._process.stdin is not None
        left = memoryview(data)
        while left:
            _wait_for(self._process.stdin, selectors.EVENT_WRITE, until_s)
            try:
                left = left[os.write(self._process.stdin.fileno(), left[:_PIECE_BYTES]) :]
            except OSError as error:
                raise _Died from error

    def _answer(self, until_s: float) -> bytes:
        assert self._process.stdout is not None
        line = b""
        while not line.endswith(b"\n"):
            _wait_for(self._process.stdout, selectors.EVENT_READ, until_s)
            piece = os.read(self._process.stdout.fileno(), 4096)
            if not piece:
                raise _Died
            line += piece
        return line

    def end(self) -> int:
        """Make sure that it is gone; its exit code."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        with suppress(OSError):
            self._process.kill()
        return self._process.wait()

    def ended_by(self) -> int:
        """Its exit code, once it has ended by itself."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        self.end()
        return code


def _wait_for(pipe: IO[bytes], event: int, until_s: float) -> None:
    # Not select.select: in a process with more than a thousand open files it takes no pipe.
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, event)
        if not selector.select(max(0.0, until_s - time.monotonic())):
            raise TimeoutError


class _Pool:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: list[_Child] = []
        self._turns = threading.BoundedSemaphore(core_count())

    def look(self, kind: str, source: Path | bytes) -> None:
        with self._turns:
            with self._lock:
                child = self._free.pop() if self._free else None
            if child is not None:
                try:
                    self._ask(child, kind, source)
                    return
                except _Died:
                    child.end()  # it may have had nothing to do for too long
            child = _Child()
            try:
                self._ask(child, kind, source)
            except _Died:
                raise Unsafe(_cause(child.ended_by())) from None

    def _ask(self, child: _Child, kind: str, source: Path | bytes) -> None:
        try:
            grave = child.ask(kind, source)
        except TimeoutError:
            child.end()
            raise Unsafe(f"reading it takes longer than {LONGEST_S:.0f} s") from None
        except _Died:
            raise
        except BaseException:
            child.end()
            raise
        if grave:
            child.end()
            raise Unsafe(f"reading it takes more than {MEMORY_BYTES >> 30} GB of memory")
        with self._lock:
            self._free.append(child)

    def close(self) -> None:
        with self._lock:
            children, self._free = self._free, []
        for child in children:
            child.end()


def _cause(code: int) -> str:
    import signal

    if code == -signal.SIGXCPU:
        return f"reading it takes more than {COMPUTING_S} s of computing"
    if code == -signal.SIGKILL:
        return "the program that read it was killed, as a machine does that has no memory left"
    return "the program that read it crashed"


def look_at_picture(source: Path | bytes) -> None:
    """Let a child decode a picture whole. A file that it merely cannot read is told by whoever reads it next.

    Raises:
        Unsafe: the child died of it, or took too long or too much memory.
    """
    _looked_at("picture", source)


def look_at_media(source: Path | bytes) -> None:
    """Let a child open a sound or a video and decode the beginning of each stream; otherwise as `look_at_picture`.

    Raises:
        Unsafe: the child died of it, or took too long or too much memory.
    """
    _looked_at("media", source)


def look_at_document(data: bytes, kind: Literal["pdf", "docx"]) -> None:
    """Let a child read a document's text; otherwise as `look_at_picture`.

    Raises:
        Unsafe: the child died of it, or took too long or too much memory.
    """
    _looked_at(kind, data)


def look_at_font(data: bytes) -> None:
    """Let a child draw some of a font's letters; otherwise as `look_at_picture`.

    Raises:
        Unsafe: the child died of it, or took too long or too much memory.
    """
    _looked_at("font", data)


def _looked_at(kind: Literal["picture", "media", "pdf", "docx", "font"], source: Path | bytes) -> None:
    _pool.look(kind, source)


_pool = _Pool()


def _begin_anew() -> None:
    """A forked process must not share its parent's children: it would read the other's answers."""
    global _pool
    _inherited.append(_pool)
    _pool = _Pool()


_inherited: list[_Pool] = []
os.register_at_fork(after_in_child=_begin_anew)
atexit.register(lambda: _pool.close())
