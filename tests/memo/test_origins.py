"""Where words come from is kept beside them: with whom, with what, and for how much."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from storyreel.memo.ledger import Charged
from storyreel.memo.origins import origins_of
from storyreel.memo.paying import note_prompt, paying
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project


@step(version=1)
def say(project: Project, text: str) -> str:
    note_prompt("acme/talker", f"say {text}", 3)
    place = paying()
    assert place is not None
    for part in range(2):
        body = f"{text} {part}".encode()
        answer = Charged(body, Decimal("0.02"), "talker-2026", f"request-{part}")
        place.ledger.ask("acme", "/say", body, lambda answer=answer: answer)  # type: ignore[misc]
    return text.upper()


@step(version=1)
def count(project: Project, text: str) -> int:
    return len(text)


def test_words_keep_who_made_them_from_what_at_what_price(tmp_path: Path) -> None:
    project = Project("film", tmp_path)
    assert say(project, "hello") == "HELLO"
    count(project, "hello")
    (origin,) = origins_of(project)
    assert (origin.step, origin.provider, origin.prompt, origin.seed) == ("say", "acme/talker", "say hello", 3)
    assert (origin.model, origin.request, origin.price_usd) == ("talker-2026", "request-1", Decimal("0.04"))
    assert len(origin.calls) == 2
    say(project, "hello")
    assert origins_of(project) == (origin,)
    assert origins_of(Project("other", tmp_path)) == ()


def test_words_are_whole_where_their_origin_is_damaged(tmp_path: Path) -> None:
    project = Project("film", tmp_path)
    say(project, "hello")
    results = store_of(project).results
    (key,) = results.keys("film/origin.*")
    results.set(key, "{")
    assert origins_of(project) == ()
    assert say.is_remembered(project, "hello")
