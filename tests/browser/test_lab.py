"""The editor in JupyterLab: a notebook makes a film and shows it, and it is changed there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lab_page import lab, run_all
from watching import Watched, serious_faults

MADE_MS, SOON_MS = 180_000, 30_000
CELLS = [
    "import storyreel\n"
    "from storyreel.settings import Settings\n"
    "small = Settings(width_px=192, height_px=108, quality='draft')\n"
    "film = storyreel.title_film('A Lamp', words=30, voice='none', settings=small)",
    "film.project.edit()",
    "film.project.edit()",
]
SEEN = """frame => { const canvas = document.querySelector('.sr-stage canvas');
  return canvas.dataset.frame === String(frame) && canvas.dataset.complete === 'true' && canvas.toDataURL() }"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def notebook(folder: Path) -> Iterator[str]:
    with lab(folder, CELLS) as address:
        yield address


@pytest.fixture(scope="module")
def opened(chromium: Browser, notebook: str) -> Iterator[Watched]:
    """The notebook, run from top to bottom; two editors of one film stand in it."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000}, color_scheme="dark")
    watched = Watched(context.new_page())
    watched.page.goto(notebook)
    run_all(watched.page)
    fault = watched.page.locator("[data-mime-type='application/vnd.jupyter.stderr']")
    shown = watched.page.locator(".sr-app")
    expect(shown.or_(fault).first).to_be_visible(timeout=MADE_MS)
    assert fault.all_inner_texts() == []
    for at in range(2):
        expect(shown.nth(at).locator(".sr-shot").first).to_be_attached(timeout=SOON_MS)
    yield watched
    context.close()


def editors(page: Page) -> list[Locator]:
    return page.locator(".sr-app").all()


def test_what_a_cell_shows_is_edited_seen_at_once_in_both_editors_and_undone(opened: Watched, folder: Path) -> None:
    page, (first, second) = opened.page, editors(opened.page)
    timeline = json.loads((folder / "cache/projects/a-lamp/timeline.json").read_text(encoding="utf-8"))
    expect(first.locator(".sr-shot")).to_have_count(len(timeline["clips"]))
    expect(first.locator(".sr-shot-picture").first).to_be_visible()
    first.locator(".sr-word").nth(1).click()
    frame = timeline["cues"][0]["lines"][0][1]["start_frame"]
    before = page.wait_for_function(SEEN, arg=frame, timeout=SOON_MS).json_value()
    opened.keep_screenshot("lab-1440")

    first.get_by_label("Word 2", exact=True).fill("lanterns")
    first.get_by_label("Word 2", exact=True).press("Enter")
    expect(first.locator(".sr-word").nth(1)).to_contain_text("lanterns")
    changed = "([seen, frame, before]) => { const now = eval(seen)(frame); return now && now !== before }"
    page.wait_for_function(changed, arg=[SEEN, frame, before], timeout=SOON_MS)
    expect(second.locator(".sr-word").nth(1)).to_contain_text("lanterns")

    first.get_by_role("button", name="Undo").click()
    expect(first.locator(".sr-word").nth(1)).not_to_contain_text("lanterns")
    expect(second.locator(".sr-word").nth(1)).not_to_contain_text("lanterns")
    page.wait_for_function("([seen, frame, before]) => eval(seen)(frame) === before", arg=[SEEN, frame, before])
    assert opened.errors == []
    assert opened.outside == []


def test_two_editors_in_one_notebook_share_no_element_s_id(opened: Watched) -> None:
    first, second = editors(opened.page)
    ids = []
    for editor in (first, second):
        editor.get_by_role("button", name="More for this shot").click()
        editor.get_by_role("menuitem").first.wait_for()
        ids += editor.evaluate("here => [...here.querySelectorAll('[id]')].map(each => each.id)")
        editor.get_by_role("menuitem").first.press("Escape")
    assert len(ids) >= 6
    assert sorted(ids) == sorted(set(ids))
    # A label leads to the field of its own editor.
    second.get_by_text("What the picture shows").click()
    expect(second.locator("textarea")).to_be_focused()


def test_axe_finds_no_serious_fault_in_an_editor_in_lab(opened: Watched) -> None:
    assert serious_faults(opened.page, ".sr-app") == []


def test_the_notebook_s_own_keys_do_nothing_while_a_shot_has_the_focus(opened: Watched) -> None:
    page, first = opened.page, editors(opened.page)[0]
    cells = page.locator(".jp-Notebook .jp-Cell")
    expect(cells).to_have_count(len(CELLS))
    shot = first.locator(".sr-shot").nth(1)
    shot.click()
    expect(shot).to_have_attribute("aria-selected", "true")
    for key in ("b", "a", "b"):
        page.keyboard.press(key)
    expect(cells).to_have_count(len(CELLS))
    expect(shot).to_be_focused()
    assert opened.errors == []
