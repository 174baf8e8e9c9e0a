"""Paid once, counted at the service: whatever fails, whoever is killed, whatever the clock says.

STORYREEL_KILLS sets how many processes are killed; the soak kills 200, in about two minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from loopback import killing
from loopback.failing import Services
from loopback.server import Loopback
from loopback.wire import KEY
from storyreel.memo.ledger import ledger_of
from storyreel.project import Project

KILLS = int(os.environ.get("STORYREEL_KILLS", "24"))


@pytest.fixture
def services(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setenv("STORYREEL_OPENAI_BASE_URL", f"{server.url}/v1")
    monkeypatch.setenv("STORYREEL_BFL_BASE_URL", server.url)
    monkeypatch.setenv("STORYREEL_TIMEOUT_S", "0.4")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("BFL_API_KEY", KEY)
    return Services(server, seed=20)


@pytest.fixture
def server() -> Loopback:
    with Loopback() as loopback:
        yield loopback


@pytest.mark.parametrize("kills", [KILLS, pytest.param(200, marks=pytest.mark.soak)])
def test_nothing_is_bought_twice_by_processes_that_are_killed(services: Services, tmp_path: Path, kills: int) -> None:
    pictures = 4 * kills
    make = [sys.executable, "-m", "loopback.killing", str(tmp_path), "7", str(kills), str(pictures)]
    paths = os.pathsep.join([str(Path(killing.__file__).parents[1]), str(Path(__file__).parents[2])])
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(make, env=environment, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr
    assert services.taken, done.stdout + done.stderr
    assert set(services.faults) >= {"", "rate_limited", "server_error", "half", "stall", "malformed", "nothing"}

    # Without anybody's leave, no service was asked twice for what it took.
    twice = {key: count for key, count in services.taken.items() if count > 1}
    assert twice == {}

    # Whatever a service took has its answer, runs as a job, or is shown to be undecided.
    ledger = ledger_of(Project("film", tmp_path))
    entries = ledger.entries()
    states = Counter(entry.state for entry in entries)
    assert states["answered"] > pictures
    settled = states["answered"] + states["submitted"] + states["open"]
    assert len(services.taken) <= settled
    undecided = ledger.undecided()
    assert len(undecided) == states["open"]

    print(f"{kills} kills, {sum(services.taken.values())} taken, {dict(states)}, faults {dict(services.faults)}")

    # The user looks and lets them be sent again: each at most once more, and then everything is there.
    services.faulty = False
    for entry in undecided:
        ledger.forgive(entry.id)
    # Nobody stalls any more, so whoever is slow now is this machine.
    environment["STORYREEL_TIMEOUT_S"] = "30"
    again = subprocess.run([*make[:4], "8", "0", str(pictures)], env=environment, capture_output=True, text=True,
                           timeout=300)  # fmt: skip
    assert again.stdout.strip() == "[]", again.stdout + again.stderr
    assert max(services.taken.values()) <= 2
    assert sum(count - 1 for count in services.taken.values()) <= len(undecided)
    assert {entry.state for entry in ledger.entries()} == {"answered"}
