"""Whole films of every way in, paid once: whatever fails and whoever is killed, counted at the services.

STORYREEL_KILLS sets how many processes are killed for each way in.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from loopback import killing_films
from loopback.failing import FilmServices
from loopback.server import Loopback
from loopback.wire import KEY
from storyreel.memo.ledger import ledger_of
from storyreel.project import Project, list_projects
from storyreel.recipes.costs import costs

KILLS = min(60, int(os.environ.get("STORYREEL_KILLS", "12")))
FILMS = max(4, KILLS // 3)


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[FilmServices]:
    with Loopback() as server:
        for name, base, key in (("OPENAI", "/v1", "OPENAI_API_KEY"), ("BFL", "", "BFL_API_KEY"),
                                ("GROQ", "", "GROQ_API_KEY"), ("RUNWAY", "", "RUNWAYML_API_SECRET")):  # fmt: skip
            monkeypatch.setenv(f"STORYREEL_{name}_BASE_URL", server.url + base)
            monkeypatch.setenv(key, KEY)
        monkeypatch.setenv("STORYREEL_TIMEOUT_S", "0.6")
        yield FilmServices(server, seed=5)


def run(cache: Path, way: str, how: str, kills: int) -> Mapping[str, str]:
    make = [sys.executable, "-m", "loopback.killing_films", str(cache), way, how, str(kills), str(FILMS)]
    paths = os.pathsep.join([str(Path(killing_films.__file__).parents[1]), str(Path(__file__).parents[2])])
    environment = {**os.environ, "PYTHONPATH": paths}
    if not kills:
        # Nobody stalls any more, so whoever is slow now is this machine.
        environment["STORYREEL_TIMEOUT_S"] = "30"
    done = subprocess.run(make, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    ended: Mapping[str, str] = {} if kills else json.loads(done.stdout.splitlines()[-1])
    return ended


@pytest.mark.parametrize("way", [pytest.param("title", marks=pytest.mark.soak), "script", "flow", "audio"])
def test_no_film_pays_twice_and_what_is_undecided_is_shown_and_asked(
    services: FilmServices, tmp_path: Path, way: str
) -> None:
    cache = tmp_path / "cache"
    run(cache, way, "3", KILLS)
    assert services.taken
    assert services.faults.total() - services.faults[""] > 0
    assert {key: count for key, count in services.taken.items() if count > 1} == {}

    # With good answers from now on, every film ends, or says which call is to be decided on, and how.
    services.faulty = False
    ended = run(cache, way, "again", 0)
    assert {key: count for key, count in services.taken.items() if count > 1} == {}
    found = {name: costs(name, cache=cache) for name in list_projects(cache)}
    assert set(ended) == set(found)
    for name, why in ended.items():
        assert bool(why) == bool(found[name].undecided), (name, why, found[name].undecided)
        if why:
            assert why.startswith("AnswerUnknown")
            assert f"storyreel resume {name} --ask-again" in why
            assert any(call in why for call in found[name].undecided)

    # The user allows them: each is sent once more at the most, and every film is made.
    again = ended
    for _ in range(2):
        again = run(cache, way, "ask-again", 0)
    assert set(again.values()) == {""}
    assert max(services.taken.values()) <= 2
    undecided = sum(len(each.undecided) for each in found.values())
    assert sum(count - 1 for count in services.taken.values()) <= undecided
    states = Counter(entry.state for name in found for entry in ledger_of(Project(name, cache)).entries())
    assert set(states) <= {"answered"}
    assert all((cache / "projects" / name / "film.mp4").exists() for name in found)
    print(
        f"{way}: {KILLS} kills, {services.taken.total()} taken, {undecided} undecided, faults {dict(services.faults)}"
    )
