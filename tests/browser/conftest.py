"""A studio served as a person would start it, and a browser that looks at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from storyreel.recipes import title_film
from storyreel.settings import Settings
from studio_server import Studio, studio_in
from watching import Watched

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync",
         "--disable-component-update", "--autoplay-policy=no-user-gesture-required")  # fmt: skip
# What is waited for comes at once where nothing else runs, and much later on a machine that does other work.
expect.set_options(timeout=30_000)


# For a module, not for the session: while one Playwright is there, no other can begin, nor any other event loop.
@pytest.fixture(scope="module")
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
    with studio_in(tmp_path_factory.mktemp("studio")) as served:
        yield served


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
