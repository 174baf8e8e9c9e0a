"""The server's end of a page's line to its kernel: it takes what Jupyter's own pages send, no faster than they do.

Whoever may see the page can open such a line without it. Jupyter reads lengths and counts from a message as they come,
so that nine bytes keep the one thread that serves everybody busy for ever; and Voila takes messages of the older
framing for the newer, with the same end. So the older one is refused, and every message is measured before it is read.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.web import HTTPError

from storyreel.studio.messages import Rate

FRAMING = "v1.kernel.websocket.jupyter.org"
MOST_PARTS = 256
BURST, A_SECOND = 3_000, 500.0
"""A page that opens asks every widget for its state, and one that sends a file waits for each answer."""
BURST_BYTES, BYTES_A_SECOND = 256 << 20, 64 << 20
"""A file of the largest size at once, and then no faster than a kernel reads while it does something else."""
_WORD = 8
_POLICY_VIOLATION = 1008


def well_formed(message: object) -> bool:
    """Whether bytes are framed as `FRAMING` says: a count, so many ascending offsets within them, then the parts."""
    if not isinstance(message, bytes) or len(message) < _WORD:
        return False
    count = int.from_bytes(message[:_WORD], "little")
    # The channel, four parts that every message has, and where the last ends.
    if not 6 <= count <= MOST_PARTS or _WORD * (count + 1) > len(message):
        return False
    ends = [int.from_bytes(message[_WORD * at : _WORD * (at + 1)], "little") for at in range(1, count + 1)]
    return ends[0] == _WORD * (count + 1) and ends == sorted(ends) and ends[-1] <= len(message)


class KernelLine(ZMQChannelsWebsocketConnection):
    """See the module; `storyreel.studio.serve` gives it to Voila."""

    clock: Callable[[], float] = time.monotonic
    _rate: Rate | None = None
    _bytes: Rate | None = None

    async def prepare(self) -> None:
        """Refuse a line of another framing before it is opened."""
        offered = self.websocket_handler.request.headers.get("Sec-WebSocket-Protocol", "")
        if FRAMING not in [each.strip() for each in offered.split(",")]:
            raise HTTPError(400, f"speak {FRAMING}")
        await super().prepare()  # type: ignore[no-untyped-call]

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Pass a message on to the kernel, or hang up on whoever sends what no page does."""
        if self.websocket_handler.ws_connection is None:
            return  # hung up: what was still on its way would be read by the older framing
        self._rate = self._rate or Rate(BURST, A_SECOND, self.clock)
        self._bytes = self._bytes or Rate(BURST_BYTES, BYTES_A_SECOND, self.clock)
        if not self._rate.take():
            self.websocket_handler.close(_POLICY_VIOLATION, "too many messages")
        elif not well_formed(incoming_msg):
            self.websocket_handler.close(_POLICY_VIOLATION, "not a message")
        elif not self._bytes.take(len(incoming_msg)):
            self.websocket_handler.close(_POLICY_VIOLATION, "too much at once")
        else:
            super().handle_incoming_message(incoming_msg)
