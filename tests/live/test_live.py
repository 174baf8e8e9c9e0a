"""One small request to each real service, for whoever has a key and wants to pay for it.

Off unless STORYREEL_LIVE=1 is set, and for each service without its key. Everything together costs about two dollars,
most of it one clip of Flux video; choose with -k.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loopback.wire import Wire, all_wires
from storyreel.memo.ledger import ledger_of
from storyreel.memo.money import Budget, usd
from storyreel.memo.paying import paying_from
from storyreel.project import Project
from storyreel.providers import registry

pytestmark = pytest.mark.skipif(os.environ.get("STORYREEL_LIVE") != "1", reason="costs money: set STORYREEL_LIVE=1")


@pytest.mark.parametrize("wire", all_wires(), ids=str)
def test_the_real_service_answers(wire: Wire, tmp_path: Path) -> None:
    # A server of one's own has no key: saying where it is asks for it.
    variable = wire.key_variable or f"STORYREEL_{wire.vendor.upper()}_BASE_URL"
    if not os.environ.get(variable):
        pytest.skip(f"{variable} is not set")
    project = Project("live", tmp_path)
    with paying_from(ledger_of(project, Budget(usd("2.50"))), "live") as place:
        assert wire.ask(registry.provider(wire.role, wire.name)) is not None
    assert place.receipts
