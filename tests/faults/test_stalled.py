"""A provider that takes a request and then says nothing, for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopback.makings import picture
from loopback.server import Answer, Loopback, until
from loopback.wire import KEY
from storyreel.memo.ledger import ledger_of
from storyreel.project import Project

PATH = "/v1/images/generations"
FILM = (
    "title", "The Lamp", "--size", "192x108", "--words", "30", "--voice", "none", "--images", "openai", "--yes",
    "--quality", "draft",
)  # fmt: skip


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as loopback:
        loopback.on("POST", PATH, lambda request: Answer(picture(96, 96), how="stall"))
        yield loopback


def start(server: Loopback, cache: Path, timeout_s: float) -> subprocess.Popen[str]:
    told = {
        "OPENAI_API_KEY": KEY,
        "STORYREEL_OPENAI_BASE_URL": f"{server.url}/v1",
        "STORYREEL_TIMEOUT_S": str(timeout_s),
    }
    command = [sys.executable, "-m", "storyreel", *FILM, "--cache", str(cache)]
    return subprocess.Popen(command, env={**os.environ, **told}, stderr=subprocess.PIPE, text=True)


def test_its_time_runs_out_and_what_it_may_have_charged_is_not_sent_again(server: Loopback, tmp_path: Path) -> None:
    for _ in range(2):
        process = start(server, tmp_path, 0.5)
        _, complaint = process.communicate(timeout=60)
        assert process.returncode == 3, complaint
        assert "Traceback" not in complaint
        assert server.count("POST", PATH) == 1, "it was paid a second time"
    assert [entry.state for entry in ledger_of(Project("the-lamp", tmp_path)).entries()] == ["open"]


def test_a_run_that_waits_for_it_can_be_stopped_at_once(server: Loopback, tmp_path: Path) -> None:
    process = start(server, tmp_path, 3600)
    until(lambda: server.count("POST", PATH) == 1, within_s=60)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    asked_s = time.monotonic()
    _, complaint = process.communicate(timeout=30)
    assert time.monotonic() - asked_s < 10
    assert process.returncode == 130
    assert "what was finished is kept" in complaint
    # Nobody knows whether it was charged, and that is what the ledger says.
    assert len(ledger_of(Project("the-lamp", tmp_path)).undecided()) == 1
