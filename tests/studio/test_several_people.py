"""Two people on one machine, as notebooks/for_several_people.md sets them up: neither sees the other's films."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from storyreel.errors import BudgetExceeded, InputError
from storyreel.memo.policy import read_policy
from storyreel.project import Project, Record
from storyreel.recipes.shelf import list_films
from storyreel.settings import Settings
from storyreel.studio.serve import TOKEN_VARIABLE, serve

ROOT = Path(__file__).parents[2]
NOBODY = 60_001


@dataclass
class Person:
    """Somebody's own server: its address, its token, its cache."""

    name: str
    address: str
    token: str
    cache: Path

    def get(self, path: str, token: str = "") -> httpx.Response:
        headers = {"Authorization": f"token {token}"} if token else {}
        with httpx.Client(base_url=self.address, timeout=180, trust_env=False) as client:
            return client.get(path, headers=headers)


def begun(cache: Path, project_id: str, title: str) -> None:
    Project(project_id, cache).save_record(
        Record(recipe="title", inputs={"title": title, "chapters": 1, "words": 30}, crew={}, settings=Settings())
    )


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Person, Person]]:
    found, processes = [], []
    for name in ("anna", "ben"):
        home = tmp_path_factory.mktemp(name)
        begun(home / "cache", f"film-of-{name}", f"What {name} keeps secret")
        token = secrets.token_urlsafe(32)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), TOKEN_VARIABLE: token, "HOME": str(home)}
        command = [sys.executable, "-m", "storyreel", "studio", "--no-browser", "--cache", str(home / "cache")]
        process = subprocess.Popen(
            command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        processes.append(process)
        found.append((name, token, home / "cache", process))
    try:
        people = []
        for name, token, cache, process in found:
            assert process.stdout is not None
            told = re.search(r"(http://127\.0\.0\.1:\d+)/\?token=(\S+)", process.stdout.readline())
            assert told
            assert told[2] == token
            people.append(Person(name, told[1], token, cache))
        yield people[0], people[1]
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            assert process.stdout is not None
            process.stdout.close()


def test_a_token_opens_its_own_server_and_no_other(people: tuple[Person, Person]) -> None:
    anna, ben = people
    for path in ("/", "/api/kernels", f"/?project=film-of-{ben.name}"):
        for token in ("", anna.token, ben.token[:-1], "x" * 43):
            shown = ben.get(path, token)
            # Without a token a page of Jupyter's asks for one.
            assert shown.status_code in (302, 401, 403, 404), (path, shown.status_code)
            assert "secret" not in shown.text


def test_each_sees_the_own_films_and_not_the_others(people: tuple[Person, Person]) -> None:
    anna = people[0]
    page = anna.get("/?project=film-of-ben", anna.token)
    assert page.status_code == 200
    assert "What ben keeps secret" not in page.text
    # What the page's kernel lists comes from its own cache alone.
    for person in people:
        assert [film.title for film in list_films(person.cache)] == [f"What {person.name} keeps secret"]
    assert not (anna.cache / "projects/film-of-ben").exists()


@pytest.mark.parametrize(
    "way", ["/voila/files/{}", "/files/{}", "/voila/static/../../{}", "/view/{}", "/nbconvert/html/{}"]
)
def test_no_path_leads_into_the_others_cache(people: tuple[Person, Person], way: str) -> None:
    anna, ben = people
    record = ben.cache / "projects/film-of-ben/project.json"
    shown = anna.get(way.format(record), anna.token)
    assert shown.status_code in (302, 400, 403, 404)
    assert "secret" not in shown.text


def test_another_account_of_the_machine_cannot_enter_a_cache(people: tuple[Person, Person]) -> None:
    """What holds two servers apart that run under two accounts."""
    ben = people[1]
    for folder in (ben.cache, ben.cache / "projects", ben.cache / "projects/film-of-ben"):
        assert folder.stat().st_mode & 0o077 == 0
    if os.getuid():
        pytest.skip("only root can become somebody else")
    program = f"import os\nos.setgid({NOBODY})\nos.setuid({NOBODY})\nos.listdir({str(ben.cache)!r})\n"
    tried = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "PermissionError" in tried.stderr


def test_everybody_has_limits_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "anna.toml").write_text("limit_usd = 5.0\nlongest_s = 600\n")
    monkeypatch.setenv("STORYREEL_POLICY", str(tmp_path / "anna.toml"))
    assert read_policy().limit(None) == 5
    with pytest.raises(BudgetExceeded):
        read_policy().check_length(601)


def test_a_token_that_can_be_guessed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "anna")
    with pytest.raises(InputError, match=TOKEN_VARIABLE):
        serve(tmp_path, open_browser=False)
    assert TOKEN_VARIABLE not in os.environ
