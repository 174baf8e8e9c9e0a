"""Server-sent events whose data is JSON, read as they come (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import json
from typing import Any

from storyreel.providers.transport.faults import Lost

_END_OF_STREAM = b"[DONE]"


class EventFeed:
    """Takes the pieces of a stream and gives the events that are complete.

    Args:
        vendor: whose stream it is, by name.
    """

    def __init__(self, vendor: str) -> None:
        self._vendor, self._rest = vendor, b""

    def take(self, piece: bytes) -> list[dict[str, Any]]:
        """The events that this piece completes; a half-sent line waits for its end.

        Raises:
            Lost: an event's data is not JSON.
        """
        *lines, self._rest = (self._rest + piece).split(b"\n")
        events = []
        for line in lines:
            data = line.removeprefix(b"data:").strip()
            if not line.startswith(b"data:") or data == _END_OF_STREAM:
                continue
            try:
                event = json.loads(data)
            except (ValueError, RecursionError):
                raise Lost(self._vendor, "the answer is not the stream that the service promises") from None
            if isinstance(event, dict):
                events.append(event)
        return events
