"""Good files made bad: pieces lost, repeated, swapped, flipped, and words put in that have hurt other programs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st

from storyreel.errors import StoryreelError

MEMORY_BYTES = 1 << 30
COMPUTING_S = 10.0

WORDS = (
    b"", b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1a", b"\r", b"\n\n", b"\xe2\x80\xae", b'"', b"'", b"\\",
    b"%s", b"-1", b"0", b"1e999", b"NaN", b"-Infinity", b"9" * 20, b"9" * 5000, b"0.1", b"true", b"null", b"{}", b"[]",
    b"[" * 2000, b"{\"a\":" * 2000, b"(" * 300, b"*" * 300, b"_" * 999, b"<img src=x onerror=alert(1)>",
    b"../../../etc/passwd",
    b"/etc/passwd", b"file:///etc/passwd", b"http://127.0.0.1:1/", b"\xed\xa0\x80", "\U0001f600".encode(), b"a" * 4000,
    b"INT. ", b"-->", b"00:00:00,000", b"#EXTM3U\n", b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>",
)  # fmt: skip

_change = st.tuples(
    st.sampled_from(("flip", "cut", "drop", "repeat", "put", "put over", "swap")),
    st.floats(0, 1, allow_nan=False),
    st.integers(1, 255),
    st.sampled_from(WORDS),
)


def spoilt(*good: bytes) -> st.SearchStrategy[bytes]:
    """One of these, changed in up to six places; now and then bytes that are nothing at all."""
    changed = st.tuples(st.sampled_from(good), st.lists(_change, min_size=1, max_size=6)).map(_made)
    return st.one_of(changed, changed, changed, st.binary(max_size=200))


def _made(how: tuple[bytes, list[tuple[str, float, int, bytes]]]) -> bytes:
    data = bytearray(how[0])
    for kind, share, number, word in how[1]:
        at = round(share * len(data))
        if kind == "flip" and data:
            data[min(at, len(data) - 1)] ^= number
        elif kind == "cut":
            del data[at:]
        elif kind == "drop":
            del data[at : at + number]
        elif kind == "repeat":
            data[at:at] = data[max(0, at - number) : at] * 3
        elif kind == "put":
            data[at:at] = word
        elif kind == "put over":
            data[at : at + len(word)] = word
        elif kind == "swap":
            data[at:] = data[at + number : at + 2 * number] + data[at : at + number] + data[at + 2 * number :]
    return bytes(data)


class Watch:
    """Sees what this process opens to write, removes or connects to; an audit hook cannot be taken out again."""

    def __init__(self) -> None:
        self.inside: tuple[str, ...] | None = None
        self.touched: list[str] = []
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.inside is None:
            return
        if (event == "open" and isinstance(arguments[2], int) and arguments[2] & 3) or event in (
            "os.remove",
            "os.rename",
            "os.mkdir",
            "os.rmdir",
            "os.link",
            "os.symlink",
            "os.truncate",
            "os.chmod",
        ):
            self._path(event, arguments[0])
        elif event in ("socket.connect", "socket.getaddrinfo", "os.system", "os.exec", "os.posix_spawn"):
            self.touched.append(f"{event} {arguments}")

    def _path(self, event: str, path: object) -> None:
        named = path.decode(errors="replace") if isinstance(path, bytes) else str(path)
        if not isinstance(path, int) and not named.startswith(self.inside or ()) and named != "/dev/null":
            self.touched.append(f"{event} {named}")


WATCH = Watch()


def memory_bytes(kind: str) -> int:
    """What this process holds ("VmRSS"), or held at the most ("VmHWM"); see proc_pid_status(5)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{kind}:"))


@contextmanager
def only_inside(folder: Path) -> Iterator[None]:
    """Nothing outside a folder is written, nobody is called, and memory and time stay in bounds."""
    held_bytes = memory_bytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the most that was ever held is counted from here
    WATCH.inside, WATCH.touched = (str(folder), "/dev/shm"), []
    begun_s = time.process_time()
    try:
        yield
    finally:
        WATCH.inside = None
    assert WATCH.touched == []
    assert time.process_time() - begun_s < COMPUTING_S
    assert memory_bytes("VmHWM") - held_bytes < MEMORY_BYTES


def taken_or_refused(work: Callable[[], object], folder: Path) -> bool:
    """Whether it was taken; anything but that and a storyreel error with a sentence is a fault."""
    with only_inside(folder):
        try:
            work()
        except StoryreelError as error:
            said = str(error).strip()
        else:
            return True
    assert said, "it was refused without a word"
    return False
