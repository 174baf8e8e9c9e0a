"""The command line where money is concerned: what it says before, asks, stops at and adds up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from loopback.server import Answer, Loopback
from loopback.vendors import anthropic, bfl, openai
from loopback.wire import KEY

FILM = ("title", "The Last Lighthouse", "--writer", "anthropic", "--images", "bfl:flux-pro-1.1", "--voice", "none",
        "--size", "192x108", "--fps", "10", "--quality", "draft", "--words", "30")  # fmt: skip
ID = "the-last-lighthouse"
CREATE = ("POST", "/v1/flux-pro-1.1")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    with Loopback() as loopback:
        for name in ("ANTHROPIC", "BFL"):
            monkeypatch.setenv(f"STORYREEL_{name}_BASE_URL", loopback.url)
            monkeypatch.setenv(f"{name}_API_KEY", KEY)
        anthropic.serve(loopback)
        bfl.serve(loopback)
        yield loopback


def storyreel(cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "storyreel", *arguments, "--cache", str(cache)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


SITTING = """
import io, sys
class Terminal(io.TextIOWrapper):
    def isatty(self):
        return True
sys.stdin, sys.stderr = Terminal(sys.stdin.buffer), Terminal(sys.stderr.buffer, write_through=True)
from storyreel.cli import main
main()
"""


def at_a_terminal(cache: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Run it as where somebody sits, who types `answers`; the exit code and what was shown."""
    command = [sys.executable, "-c", SITTING, *arguments, "--cache", str(cache)]
    done = subprocess.run(
        command, input=answers, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        env={**os.environ, "TERM": "dumb"},
    )  # fmt: skip
    return done.returncode, done.stdout


def test_an_estimate_makes_nothing(server: Loopback, tmp_path: Path) -> None:
    done = storyreel(tmp_path, *FILM, "--chapters", "9", "--estimate")
    assert done.returncode == 0, done.stderr
    assert "illustrate" in done.stdout
    assert "about $" in done.stdout.splitlines()[-1]
    assert server.requests == []
    plan = json.loads(storyreel(tmp_path, *FILM, "--estimate", "--json").stdout)
    assert {line["step"] for line in plan["lines"]} >= {"write_story", "write_chapter", "plan_scenes", "illustrate"}


def test_a_film_its_budget_and_its_costs(server: Loopback, tmp_path: Path) -> None:
    stopped = storyreel(tmp_path, *FILM, "--budget", "0.05")
    assert stopped.returncode == 4
    assert "raise the limit" in stopped.stderr
    assert storyreel(tmp_path, "resume", ID).returncode == 4
    left = storyreel(tmp_path, "resume", ID, "--estimate")
    assert "spent so far" in left.stdout
    done = storyreel(tmp_path, "resume", ID, "--budget", "2")
    assert done.returncode == 0, done.stderr
    told = storyreel(tmp_path, "costs", ID).stdout
    assert "illustrate" in told
    assert "of $2.00" in told
    found = json.loads(storyreel(tmp_path, "costs", ID, "--json").stdout)
    paid = Decimal("0.04") * server.count(*CREATE) + anthropic.PRICE_USD * server.count("POST", "/v1/messages")
    assert Decimal(found["spent_usd"]) == paid
    assert KEY not in stopped.stdout + stopped.stderr + done.stdout + done.stderr + told


@pytest.mark.parametrize("amount", ["much", "-1", "nan"])
def test_an_amount_that_is_none_is_wrong_use(server: Loopback, tmp_path: Path, amount: str) -> None:
    done = storyreel(tmp_path, *FILM, f"--budget={amount}")
    assert done.returncode == 2
    assert "amount of dollars" in done.stderr
    assert server.requests == []


def test_costs_of_an_offline_film_are_nothing(finished_film) -> None:  # type: ignore[no-untyped-def]
    line, _ = finished_film
    assert "made no paid calls" in line("costs", ID).stdout


def test_what_may_have_been_charged_is_shown_and_asked_again_on_request(server: Loopback, tmp_path: Path) -> None:
    server.script(*CREATE, Answer(how="nothing"))
    stopped = storyreel(tmp_path, *FILM)
    assert stopped.returncode == 3
    assert "--ask-again" in stopped.stderr
    told = storyreel(tmp_path, "costs", ID).stdout
    assert "undecided: " in told
    assert "may have cost $0.040" in told
    again = storyreel(tmp_path, "resume", ID, "--ask-again")
    assert again.returncode == 0, again.stderr
    assert "undecided" not in storyreel(tmp_path, "costs", ID).stdout


def test_a_film_above_a_dollar_is_asked_about_where_somebody_sits(
    server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, shown = at_a_terminal(tmp_path, "n\n", *FILM, "--chapters", "18")
    assert code == 130
    assert "Go on?" in shown
    assert "about $" in shown
    assert server.requests == []


def test_a_film_above_a_dollar_says_how_to_agree_where_nobody_sits(server: Loopback, tmp_path: Path) -> None:
    done = storyreel(tmp_path, *FILM, "--chapters", "18")
    assert done.returncode == 4
    assert "at most $" in done.stderr
    assert "--yes, or --budget 5" in done.stderr
    assert server.requests == []


def test_a_cheap_film_is_not_asked_about_and_an_open_question_is(server: Loopback, tmp_path: Path) -> None:
    server.script(*CREATE, Answer(how="nothing"))
    code, shown = at_a_terminal(tmp_path, "y\n", *FILM)
    assert code == 0, shown
    assert "Go on?" not in shown
    assert "Send it once more now?" in shown


def test_doctor_tells_who_can_be_asked_and_never_shows_a_key(
    server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("STORYREEL_OPENAI_BASE_URL", f"{server.url}/v1")
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    models = [{"id": name} for name in ("claude-sonnet-5-5-20261001", "claude-haiku-5-5")]
    server.on("GET", "/v1/models", lambda request: Answer({"data": models}))
    server.on("GET", "/v1/credits", lambda request: Answer({"credits": 12.5}))
    done = storyreel(tmp_path, "doctor", "--live", "--json")
    found = {line["what"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert found["anthropic"]["state"] == "ok"
    assert "it answers" in found["anthropic"]["detail"]
    assert "writer claude-sonnet-5-5" in found["anthropic"]["detail"]
    assert found["openai"]["state"] == "wrong"
    assert "has no gpt" in found["openai"]["detail"]
    assert found["groq"]["state"] == "absent"
    assert "GROQ_API_KEY" in found["groq"]["remedy"]
    assert found["bfl"]["state"] == "ok"
    assert KEY not in done.stdout
    assert openai.KEY_VARIABLE not in found["anthropic"]["detail"]


PAINTED = ("--images", "bfl:flux-2-pro")
WAYS = {
    "script": ("script", "--genre", "drama", "--length", "400", *PAINTED),
    "flow": ("flow", "a lamp", "--seconds", "90", "--animator", "runway", *PAINTED),
    "audio": ("audio", str(Path(__file__).parent / "recordings" / "trees.ogg"), "--writer", "anthropic", *PAINTED),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_says_its_price_before_it_makes_anything(server: Loopback, tmp_path: Path, way: str) -> None:
    done = storyreel(tmp_path / "cache", *WAYS[way], "--estimate")
    assert done.returncode == 0, done.stderr
    assert "illustrate" in done.stdout
    assert "about $" in done.stdout
    assert server.requests == []
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("way", ["script", "flow"])
def test_every_way_in_asks_above_a_dollar(server: Loopback, tmp_path: Path, way: str) -> None:
    code, shown = at_a_terminal(tmp_path, "n\n", *WAYS[way])
    assert (code, "Go on?" in shown, "about $" in shown) == (130, True, True)
    assert server.requests == []


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_refuses_an_amount_that_is_none(server: Loopback, tmp_path: Path, way: str) -> None:
    done = storyreel(tmp_path, *WAYS[way], "--budget", "much")
    assert (done.returncode, "amount of dollars" in done.stderr) == (2, True)
