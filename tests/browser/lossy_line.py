"""A line to a server of this machine that a test can cut: what travels on it is lost, as when a network goes away."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread


class Line:
    """The port to connect to instead, how many bytes went up, and `cut`."""

    def __init__(self, to_port: int) -> None:
        self._to_port, self._lock = to_port, Lock()
        self._ends: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.up_bytes = 0
        self._thread = Thread(target=self._take_in, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """End every connection at once, without a farewell; new ones go through."""
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                # Zero seconds of lingering: a reset, and what is still on its way is thrown away.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        self._door.close()
        self.cut()

    def _take_in(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._to_port))
            except OSError:
                return
            with self._lock:
                self._ends += [near, far]
            Thread(target=self._carry, args=(near, far, True), daemon=True).start()
            Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 18):
                target.sendall(data)
                if up:
                    self.up_bytes += len(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@contextmanager
def lossy(to_port: int) -> Iterator[Line]:
    line = Line(to_port)
    try:
        yield line
    finally:
        line.close()
