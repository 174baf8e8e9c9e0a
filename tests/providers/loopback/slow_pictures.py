"""A painter that takes its time, in a process of its own: in ours it would take turns with the test.

    python -m loopback.slow_pictures LATENCY_S

It says its address, and at GET /spans when each picture was asked for and given, in seconds of one clock.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loopback.makings import picture
from loopback.server import Answer, Loopback, Request


@contextmanager
def slow_pictures(latency_s: float) -> Iterator[str]:
    """Run one; gives its address."""
    here = Path(__file__).parents[1]
    command = [sys.executable, "-m", "loopback.slow_pictures", str(latency_s)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=here) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate("", timeout=30)


def spans(url: str) -> list[tuple[float, float]]:
    """When each picture was asked for and given so far."""
    with urllib.request.urlopen(f"{url}/spans", timeout=30) as answer:
        return [(begun_s, ended_s) for begun_s, ended_s in json.load(answer)]


def _serve(latency_s: float) -> None:
    drawn = Answer(json.dumps({"data": [{"b64_json": base64.b64encode(picture(96, 96)).decode()}]}).encode())
    seen: list[tuple[float, float]] = []
    lock = threading.Lock()

    def draw(request: Request) -> Answer:
        begun_s = time.monotonic()
        time.sleep(latency_s)
        with lock:
            seen.append((begun_s, time.monotonic()))
        return drawn

    with Loopback() as server:
        server.on("POST", "/v1/images/generations", draw)
        server.on("GET", "/spans", lambda request: Answer(list(seen)))
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(float(sys.argv[1]))
