"""What films cost, what that bought and how long it took: one film, and all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import storyreel
from storyreel.errors import ProviderRefused
from storyreel.memo.ledger import Charged, ledger_of
from storyreel.memo.paying import paying_from
from storyreel.progress import Event, Overview
from storyreel.project import Project, Record
from storyreel.providers.transport import held_back
from storyreel.recipes.costs import all_costs, costs
from storyreel.recipes.pace import paces_of
from storyreel.settings import Settings
from storyreel.studio import plot_costs
from storyreel.terminal import all_costs_text, costs_text


def project(cache: Path, name: str = "lamp") -> Project:
    made = Project(name, cache)
    made.save_record(Record(recipe="title", inputs={"title": name}, crew={}, settings=Settings()))
    return made


def buy(
    made: Project, number: int, usd: str = "0.04", *, provider: str = "bfl", model: str = "m", told: bool = False
) -> None:
    ledger = ledger_of(made)
    with paying_from(ledger, "illustrate"):
        ledger.ask(
            provider, "/v1/x", {"n": number}, lambda: Charged(b"{}", Decimal(usd), model, "r", told),
            expected_usd=Decimal(usd), model=model,
        )  # fmt: skip


def event(kind: str, at_s: float, step: str = "illustrate", **more: object) -> Event:
    return Event.model_validate({"kind": kind, "at_s": at_s, "step": step, "unit": "pictures", **more})


def test_a_projects_costs_are_a_table_of_its_calls(tmp_path: Path) -> None:
    made = project(tmp_path)
    buy(made, 1)
    buy(made, 2)
    table = made.costs()
    assert list(table["price_usd"]) == [0.04, 0.04]
    assert set(table["step"]) == {"illustrate"}
    assert plot_costs(made)._repr_png_().startswith(b"\x89PNG")


def test_all_films_are_added_up(tmp_path: Path) -> None:
    for name, pictures in (("lamp", 2), ("sea", 3), ("free", 0)):
        made = project(tmp_path, name)
        for number in range(pictures):
            buy(made, number)
    found = all_costs(cache=tmp_path)
    assert found.spent_usd == Decimal("0.20")
    assert found.success_rate == 1.0
    table = found.table()
    assert table.loc["sea", "spent_usd"] == pytest.approx(0.12)
    assert table.loc["free", "calls"] == 0
    assert "3 films: $0.20 spent, $0.07 a film" in all_costs_text(found)
    assert plot_costs(found)._repr_png_().startswith(b"\x89PNG")
    assert all_costs_text(all_costs(cache=tmp_path / "nothing")).startswith("0 films")


def test_prices_of_a_table_that_was_old_when_they_were_paid_are_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices = tmp_path / "prices.toml"
    today = datetime.now(UTC).date()
    rows = [f'[bfl.{name}]\nsource = "x"\nas_of = {day}\npicture = "0.04"\n'
            for name, day in (("old", "2020-01-01"), ('"new:2k"', today))]  # fmt: skip
    prices.write_text("\n".join(rows))
    monkeypatch.setenv("STORYREEL_PRICES", str(prices))
    made = project(tmp_path)
    buy(made, 1, model="old")
    buy(made, 2, model="new")
    buy(made, 3, model="old", told=True)  # by the service's own word, which is never old
    found = costs("lamp", cache=tmp_path)
    assert [call.stale for call in found.calls] == [True, False, False]
    assert found.stale_usd == Decimal("0.04")
    assert "stale" in costs_text(found)


def test_a_step_takes_as_long_as_it_made_things_for_whatever_it_remembered() -> None:
    events = [
        event("run", 0, "title"),
        event("started", 10, total=4),
        event("advanced", 14, done=2),
        event("done", 18, done=4, remembered=0),
        event("run", 100, "title"),
        event("started", 100, total=4),
        event("done", 101, done=4, remembered=4),
        event("run", 200, "title"),
        event("started", 200, total=6),
        event("advanced", 206, done=6, remembered=4),
        event("run", 300, "title"),  # that one was killed
    ]
    (pace,) = paces_of(events)
    assert (pace.made, pace.took_s, pace.failures) == (6, 14.0, 1)
    assert pace.each_s == pytest.approx(14 / 6)
    assert paces_of([]) == ()


def test_a_refusal_charged_at_a_price_nobody_knows_is_not_sent_again_unasked(tmp_path: Path) -> None:
    made, sent = project(tmp_path), []

    def send() -> Charged:
        sent.append(1)
        raise held_back("stockimg", "unsafe")

    for match in ("unsafe", "may have been charged"):
        with pytest.raises(ProviderRefused, match=match):
            ledger_of(made).ask("stockimg", "/v1/x", {"n": 1}, send)
    found = storyreel.costs("lamp", cache=tmp_path)
    assert (len(sent), found.unpriced, len(found.undecided)) == (1, 1, 1)
    assert [call.state for call in found.calls] == ["refused"]
    (entry,) = ledger_of(made).undecided()
    ledger_of(made).forgive(entry.id)
    with pytest.raises(ProviderRefused, match="unsafe"):
        ledger_of(made).ask("stockimg", "/v1/x", {"n": 1}, send)


def test_a_refusal_that_was_charged_is_part_of_the_running_total(tmp_path: Path) -> None:
    made, overview = project(tmp_path), Overview()
    made.progress.listen(overview)
    refused = ProviderRefused("bfl", "no")
    refused.price_usd = Decimal("0.04")

    def send() -> Charged:
        raise refused

    with paying_from(ledger_of(made), "illustrate"), pytest.raises(ProviderRefused):
        ledger_of(made).ask("bfl", "/v1/x", {"n": 1}, send, expected_usd=Decimal("0.04"))
    assert overview.cost_usd == pytest.approx(0.04)
    assert storyreel.costs("lamp", cache=tmp_path).spent_usd == Decimal("0.04")
