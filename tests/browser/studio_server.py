"""The studio served as a person would start it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Studio:
    """A running `storyreel studio`: its address with the token, its cache, and its process."""

    address: str
    cache: Path
    process: int

    def of(self, project: str) -> str:
        return f"{self.address}&project={project}"

    @property
    def most_memory_bytes(self) -> int:
        """What the server held at the most, so far; see proc_pid_status(5)."""
        lines = Path(f"/proc/{self.process}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


@contextmanager
def studio_in(folder: Path) -> Iterator[Studio]:
    """A studio whose films lie below a folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "STORYREEL_CACHE": str(folder / "cache")}
    command = [sys.executable, "-m", "storyreel", "studio", "--no-browser", "--cache", str(folder / "cache")]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as server,
    ):
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/\S+", line)
            assert found, f"the studio did not start: {line}{(folder / 'log').read_text()}"
            yield Studio(found[0], folder / "cache", server.pid)
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
