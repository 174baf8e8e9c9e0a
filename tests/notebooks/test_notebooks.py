"""Every notebook runs from top to bottom, and what it shows can be seen in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import Page, sync_playwright

NOTEBOOKS = sorted(Path(__file__).parents[2].glob("notebooks/*.ipynb"))
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync",
         "--disable-component-update", "--autoplay-policy=no-user-gesture-required")  # fmt: skip


# The studio's is a page, which tests/browser goes through.
FILMS = [path for path in NOTEBOOKS if path.stem != "studio"]


@pytest.fixture(scope="module", params=FILMS, ids=lambda path: path.stem)
def executed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(request.param, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORYREEL_CACHE", str(folder / "cache"))
        client = NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        )
        client.execute()
    return notebook


@pytest.fixture
def page() -> Iterator[Page]:
    assert CHROMIUM, "Chromium is missing: `make test` installs it, or add it from the system's packages"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_output(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


def test_every_cell_shows_something_and_none_complains(executed: nbformat.NotebookNode) -> None:
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    for cell in code:
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output
    silent = [cell.source for cell in code if not cell.outputs]
    assert all("import" in source for source in silent), silent


def test_the_film_plays_and_no_picture_is_broken(executed: nbformat.NotebookNode, page: Page, tmp_path: Path) -> None:
    html, _ = HTMLExporter().from_notebook_node(executed)
    (tmp_path / "notebook.html").write_text(html, encoding="utf-8")
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    page.goto((tmp_path / "notebook.html").as_uri(), wait_until="domcontentloaded")
    video = page.locator("video")
    page.wait_for_function("document.querySelector('video').readyState >= 2", timeout=30_000)
    assert video.evaluate("v => [v.videoWidth, v.videoHeight]") == [960, 540]
    assert video.evaluate("v => v.duration") > 20
    video.evaluate("v => { v.currentTime = 10; return v.play() }")
    page.wait_for_function("document.querySelector('video').currentTime > 10.2", timeout=30_000)
    broken = page.evaluate("[...document.images].filter(i => i.complete && i.naturalWidth === 0).length")
    assert broken == 0
    assert page.locator("img").count() >= 3
    assert video.get_attribute("poster")
