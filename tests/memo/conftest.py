from __future__ import annotations

from pathlib import Path

import pytest

from storyreel.memo.store import Store, store_of
from storyreel.progress import Event
from storyreel.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project("film-7", tmp_path / "cache")


@pytest.fixture
def store(project: Project) -> Store:
    return store_of(project)


@pytest.fixture
def warnings_heard(project: Project) -> list[str]:
    """What the project's listeners are warned of."""
    heard: list[str] = []

    def listen(event: Event) -> None:
        if event.kind == "warned":
            heard.append(event.message)

    project.progress.listen(listen)
    return heard
