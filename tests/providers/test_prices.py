"""Prices are dated, exact, and never guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.errors import InputError
from storyreel.providers import prices, registry
from storyreel.providers.estimate import Work, estimate
from storyreel.providers.prices import FREE, UNKNOWN, Price, Usage, cost, find, quote, quote_of, table


def test_every_row_has_a_source_and_says_what_something_costs() -> None:
    for vendor, rows in table().items():
        for model, price in rows.items():
            amounts = price.model_dump(exclude={"source", "as_of", "uncertain", "shortest_s", "long_over_tokens"})
            assert any(amount is not None for amount in amounts.values()), f"{vendor} {model}"
            assert price.as_of is None or date(2026, 1, 1) <= price.as_of <= date(2026, 12, 31), f"{vendor} {model}"


@pytest.mark.parametrize(
    ("vendor", "model", "usage", "variant", "usd"),
    [
        ("anthropic", "claude-sonnet-5-5", Usage(input_tokens=1000, output_tokens=1000), "", "0.012"),
        ("anthropic", "claude-sonnet-5-5-20261001", Usage(cached_tokens=1_000_000), "", "0.10"),
        ("anthropic", "claude-sonnet-5-5-2026-10-01", Usage(cache_write_tokens=1_000_000), "", "2.50"),
        ("anthropic", "claude-haiku-5-5", Usage(input_tokens=100_000), "", "0.01"),
        ("anthropic", "claude-haiku-5-5", Usage(input_tokens=100_001), "", "0.050001"),
        ("bfl", "flux-2-pro", Usage(pictures=1, megapixels=0.5), "", "0.03"),
        ("bfl", "flux-2-pro", Usage(pictures=1, megapixels=1.0), "", "0.03"),
        ("bfl", "flux-2-pro", Usage(pictures=2, megapixels=1.1), "", "0.09"),
        ("openai", "gpt-image-2", Usage(pictures=1, megapixels=0.5), "medium", "0.053"),
        ("openai", "gpt-image-2", Usage(pictures=1, megapixels=2.1), "medium", "0.106"),
        ("bfl", "flux-3-video", Usage(video_s=5), "fhd", "1.45"),
        ("groq", "whisper-large-v3-turbo", Usage(sound_s=3), "", "0.000112"),
        ("groq", "whisper-large-v3-turbo", Usage(), "", "0"),
        ("gemini", "lyria-3.5", Usage(pieces=2, sound_s=0), "", "0.16"),
    ],
)
def test_a_request_comes_to_what_the_table_says(vendor: str, model: str, usage: Usage, variant: str, usd: str) -> None:
    assert quote(vendor, model, usage, variant).usd == Decimal(usd)


@pytest.mark.parametrize(
    ("vendor", "model", "usage"),
    [
        ("acme", "paint-2", Usage(pictures=1)),
        ("anthropic", "claude-unheard-of", Usage(input_tokens=1)),
        ("anthropic", "claude-sonnet-5-5", Usage(pictures=1)),
        ("openai", "gpt-6.2-sol", Usage(video_s=1)),
    ],
)
def test_what_the_table_does_not_say_is_not_known(vendor: str, model: str, usage: Usage) -> None:
    assert quote(vendor, model, usage).usd is None


def test_prices_go_stale_after_sixty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    price = Price(source="x", as_of=date(2026, 9, 22), piece=Decimal(1))
    assert not price.is_stale(date(2026, 11, 21))
    assert price.is_stale(date(2026, 11, 22))
    assert Price(source="x", piece=Decimal(1)).is_stale(date(2026, 1, 1))
    monkeypatch.setattr(prices, "today", lambda: date(2027, 6, 1))
    assert quote("bfl", "flux-pro-1.1", Usage(pictures=1)).stale


@given(st.integers(0, 10**7), st.integers(0, 10**6))
def test_more_tokens_never_cost_less(read: int, answered: int) -> None:
    usd = [
        quote("anthropic", "claude-haiku-5-5", Usage(input_tokens=read + more, output_tokens=answered)).usd
        for more in (0, 1)
    ]
    assert usd[0] is not None
    assert usd[1] is not None
    assert usd[0] <= usd[1]


def test_ones_own_prices_go_before_the_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text('[bfl."flux-pro-1.1"]\nas_of = 2026-11-20\nsource = "my contract"\npicture = "0.01"\n')
    monkeypatch.setenv("STORYREEL_PRICES", str(own))
    assert quote("bfl", "flux-pro-1.1", Usage(pictures=1)).usd == Decimal("0.01")
    assert find("bfl", "flux-2-pro") is not None
    own.write_text('[bfl."flux-pro-1.1"]\nsource = "my contract"\npicture = -1\n')
    with pytest.raises(InputError, match="STORYREEL_PRICES"):
        table()
    own.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        table()


def test_amounts_are_rounded_up_to_a_millionth() -> None:
    assert cost(Price(source="x", input_mtok=Decimal("0.1")), Usage(input_tokens=1)) == Decimal("0.000001")


def test_the_offline_crew_is_free_and_strangers_are_unknown() -> None:
    class Stranger:
        identity = "acme/paint-2"

    assert quote_of(registry.provider("painter", "offline"), Usage(pictures=9)) == FREE
    assert quote_of(Stranger(), Usage(pictures=9)) == UNKNOWN


# ---- estimates


def test_an_estimate_is_of_what_is_left() -> None:
    painter = registry.provider("painter", "bfl:flux-pro-1.1")
    works = [Work("illustrate", painter, 100, Usage(pictures=1), spread=0.25), Work("score", None, 3, Usage(pieces=1))]
    fresh, begun = estimate(works, {}), estimate(works, {"illustrate": 90, "other": 5}, Decimal("3.60"))
    assert (fresh.likely_usd, fresh.low_usd, fresh.high_usd) == (Decimal("4.00"), Decimal("3.20"), Decimal("5.00"))
    assert begun.likely_usd == Decimal("0.40")
    assert "$3.60 spent" in str(begun)
    assert [line.step for line in fresh.lines] == ["illustrate"]


def test_an_estimate_says_what_it_does_not_know() -> None:
    class Stranger:
        identity = "acme/paint-2"

    plan = estimate([Work("illustrate", Stranger(), 5, Usage(pictures=1))], {})
    assert plan.unknown == ("illustrate",)
    assert "not known" in str(plan)
    assert "illustrate cost" in str(plan)


def test_doubtful_prices_widen_an_estimate() -> None:
    sure = estimate([Work("a", registry.provider("painter", "bfl:flux-pro-1.1"), 10, Usage(pictures=1))], {})
    doubtful = estimate([Work("a", registry.provider("painter", "bfl:flux-3-image"), 10, Usage(pictures=1))], {})
    assert sure.high_usd == sure.likely_usd
    assert doubtful.high_usd >= 2 * doubtful.likely_usd
    assert "disagree" in doubtful.lines[0].note


def test_free_films_cost_nothing() -> None:
    plan = estimate([Work("illustrate", registry.provider("painter", "offline"), 5, Usage(pictures=1))], {})
    assert str(plan) == "nothing: every step is free or done"
