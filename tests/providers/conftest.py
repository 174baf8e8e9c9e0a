"""A project to pay from, and a vendor on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from loopback.server import Loopback
from storyreel.project import Project
from storyreel.providers.transport import buying, links


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project("film-7", tmp_path / "cache")


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as loopback:
        yield loopback


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buying, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(links, "FETCH_AGAIN_AFTER_S", 0.01)
    monkeypatch.setenv("STORYREEL_TIMEOUT_S", "5")
