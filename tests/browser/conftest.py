"""A studio served as a person would start it, and a browser that looks at it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from storyreel.recipes import title_film
from storyreel.settings import Settings
from watching import Watched

ROOT = Path(__file__).parents[2]
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync",
         "--disable-component-update", "--autoplay-policy=no-user-gesture-required")  # fmt: skip


@dataclass
class Studio:
    """A running `storyreel studio`: its address with the token, and its cache."""

    address: str
    cache: Path

    def of(self, project: str) -> str:
        return f"{self.address}&project={project}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    assert path, "Chromium is missing: `make test` installs it, or add it from the system's packages"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "STORYREEL_CACHE": str(folder / "cache")}
    command = [sys.executable, "-m", "storyreel", "studio", "--no-browser", "--cache", str(folder / "cache")]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as server,
    ):
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/\S+", line)
            assert found, f"the studio did not start: {line}{(folder / 'log').read_text()}"
            yield Studio(found[0], folder / "cache")
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()


@pytest.fixture(scope="session")
def film(studio: Studio) -> str:
    """The id of a small finished film, for whoever needs one and does not mind what others did to it."""
    small = Settings(width_px=192, height_px=108, quality="draft")
    made = title_film.title_film("The Pier", words=30, voice="none", settings=small, cache=studio.cache)
    return made.project.id


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def watched(context: BrowserContext) -> Watched:
    return Watched(context.new_page())
