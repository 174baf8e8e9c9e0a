"""Paid once, counted at the service: whatever fails, whoever is killed, whatever the clock says.

STORYREEL_KILLS sets how many processes are killed; 200 take about two minutes.
"""

from __future__ import annotations

import base64
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from loopback import killing
from loopback.makings import picture
from loopback.server import Answer, Loopback, Request
from loopback.vendors import bfl, openai
from loopback.wire import KEY
from storyreel.memo.ledger import ledger_of
from storyreel.project import Project

KILLS = int(os.environ.get("STORYREEL_KILLS", "24"))
PICTURES = 4 * KILLS
FAULTY_SHARE = 0.2
TURNED_AWAY = ("rate_limited", "payment", "bad_key", "dead_model", "busy")
CUT_OFF = ("half", "stall", "endless", "nothing", "malformed", "wrong type", "empty")


class Services:
    """Two services that charge for what they take, and answer badly to a fifth of everything."""

    def __init__(self, server: Loopback, seed: int) -> None:
        self.server, self.faulty = server, True
        self.taken: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self._jobs: dict[str, int] = {}
        self._lock = threading.Lock()
        self._chance = random.Random(seed)
        drawn = picture(96, 96)
        self._openai = Answer({"created": 1, "data": [{"b64_json": base64.b64encode(drawn).decode()}]})
        server.on("POST", "/v1/images/generations", self._draw)
        server.on("POST", "/v1/flux-2-pro", self._submit)
        server.on("GET", bfl.POLL, lambda request: self._maybe(self._look(request)))
        server.on("GET", bfl.RESULT, lambda request: self._maybe(Answer(drawn, content_type="image/png")))

    def _draw(self, request: Request) -> Answer:
        key = f"openai {request.json['prompt']}"
        fault = self._fault((*TURNED_AWAY, "server_error", *CUT_OFF))
        if fault in openai.ERRORS or fault == "busy":
            # For what answers at once, a server's own error is not charged.
            return Answer(b"", 503) if fault == "busy" else self._brief(openai.ERRORS[fault])
        self._take(key)
        return self._spoilt(self._openai, fault).but(delay_s=self._delay_s())

    def _submit(self, request: Request) -> Answer:
        key = f"bfl {request.json['prompt']}"
        fault = self._fault((*TURNED_AWAY, "server_error", "taken although 500", *CUT_OFF))
        if fault == "busy":
            return Answer(b"", 503)
        if fault in bfl.ERRORS:
            return self._brief(bfl.ERRORS[fault])
        number = self._take(key)
        with self._lock:
            self._jobs[f"job-{number}"] = 0
        if fault == "taken although 500":
            return bfl.ERRORS["server_error"]
        told = {"id": f"job-{number}", "polling_url": f"{self.server.url}{bfl.POLL}?id=job-{number}", "cost": 4.0}
        return self._spoilt(Answer(told), fault).but(delay_s=self._delay_s())

    def _look(self, request: Request) -> Answer:
        with self._lock:
            self._jobs[request.query["id"]] += 1
            looks = self._jobs[request.query["id"]]
        if looks < 3:
            return bfl.state("Generating")
        return bfl.state("Ready", result={"sample": f"{self.server.url}/delivery/{request.query['id']}"})

    def _maybe(self, good: Answer) -> Answer:
        fault = self._fault(("server_error", "rate_limited", *CUT_OFF))
        return self._brief(bfl.ERRORS[fault]) if fault in bfl.ERRORS else self._spoilt(good, fault)

    def _take(self, key: str) -> int:
        with self._lock:
            self.taken[key] += 1
            return sum(self.taken.values())

    def _fault(self, kinds: tuple[str, ...]) -> str:
        with self._lock:
            fault = self._chance.choice(kinds) if self.faulty and self._chance.random() < FAULTY_SHARE else ""
            self.faults[fault] += 1
        return fault

    def _delay_s(self) -> float:
        with self._lock:
            return self._chance.uniform(0.0, 0.06)

    @staticmethod
    def _spoilt(good: Answer, fault: str) -> Answer:
        bodies = {"malformed": b'{"id": "jo', "wrong type": b"<html>Bad gateway</html>", "empty": b""}
        if fault in bodies:
            return good.but(
                body=bodies[fault], content_type="text/html" if fault == "wrong type" else good.content_type
            )
        return good.but(how=fault) if fault else good

    @staticmethod
    def _brief(answer: Answer) -> Answer:
        return answer.but(headers={**answer.headers, "retry-after": "0.02"})


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


def test_nothing_is_bought_twice_by_processes_that_are_killed(services: Services, tmp_path: Path) -> None:
    make = [sys.executable, "-m", "loopback.killing", str(tmp_path), "7", str(KILLS), str(PICTURES)]
    paths = os.pathsep.join([str(Path(killing.__file__).parents[1]), str(Path(__file__).parents[2])])
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(make, env=environment, capture_output=True, text=True, timeout=900)
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
    assert states["answered"] > PICTURES
    settled = states["answered"] + states["submitted"] + states["open"]
    assert len(services.taken) <= settled
    undecided = ledger.undecided()
    assert len(undecided) == states["open"]

    print(f"{KILLS} kills, {sum(services.taken.values())} taken, {dict(states)}, faults {dict(services.faults)}")

    # The user looks and lets them be sent again: each at most once more, and then everything is there.
    services.faulty = False
    for entry in undecided:
        ledger.forgive(entry.id)
    again = subprocess.run([*make[:4], "8", "0", str(PICTURES)], env=environment, capture_output=True, text=True,
                           timeout=300)  # fmt: skip
    assert again.stdout.strip() == "[]", again.stdout + again.stderr
    assert max(services.taken.values()) <= 2
    assert sum(count - 1 for count in services.taken.values()) <= len(undecided)
    assert {entry.state for entry in ledger.entries()} == {"answered"}
