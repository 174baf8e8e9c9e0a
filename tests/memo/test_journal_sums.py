"""The ledger's sums are those of its entries, whatever happened to them and whoever wrote it."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.memo.journal import Journal, Line

KINDS = st.sampled_from(["intent", "job", "answered", "failed", "lost", "forgiven"])
PRICES = st.none() | st.decimals(0, 9, places=2, allow_nan=False, allow_infinity=False)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(KINDS, st.integers(0, 3), PRICES, PRICES), max_size=12))
def test_sums_kept_as_lines_come_are_those_of_all_entries(happened: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        one, other = Journal(path), Journal(path)
        begun = set()
        for number, (kind, call, expected, price) in enumerate(happened):
            kind = kind if call in begun else "intent"
            begun.add(call)
            line = Line(at_s=1.0, kind=kind, id=str(call), expected_usd=expected, price_usd=price)
            with (one, other)[number % 2].locked() as journal:
                journal.append(line)
        for journal_of in (one, other, Journal(path)):
            with journal_of.locked() as journal:
                entries = journal.entries.values()
                assert journal.spent_usd == sum((entry.spent_usd for entry in entries), Decimal(0))
                assert journal.reserved_usd == sum((entry.reserved_usd for entry in entries), Decimal(0))
