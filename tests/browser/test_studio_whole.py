"""The whole way in the studio's page, by mouse and by keyboard alone: a film is begun, changed, and comes home."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from rendered import box_of, decoded, drawn_frames, psnr_db, with_texts
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.recipes._finish import read_timeline
from storyreel.timeline.model import Timeline
from watching import serious_faults

MADE_S, SOON_S = 400, 30
MAGENTA, OWN_SIZE = (200, 20, 180), (1280, 720)
CODED_DB = 28.0


def timeline_of(cache: Path, project: str) -> dict[str, Any]:
    return json.loads((cache / "projects" / project / "timeline.json").read_text(encoding="utf-8"))


def order(cache: Path, project: str) -> list[str]:
    return [clip["id"] for clip in timeline_of(cache, project)["clips"]]


def until(true: Any, seconds: float = SOON_S) -> None:
    end_s = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end_s, "it did not come about"
        time.sleep(0.1)


def assert_shown(film: Path, project: Project, before: Timeline, word: str, instead_of: str) -> None:
    """The file shows the new order, the new word and the new picture, and not what was there before each.

    Args:
        before: the film as it was first made.
        word: what a caption says now, in place of `instead_of`.
    """
    now, store = read_timeline(project), store_of(project)
    own = next(clip for clip in now.clips if clip.asset is not None and clip.asset.width_px == OWN_SIZE[0])
    cue, spoken = next((cue, each) for cue in now.cues for line in cue.lines for each in line if each.text == word)
    old_lines = tuple(
        tuple(each.model_copy(update={"text": instead_of}) if each is spoken else each for each in line)
        for line in cue.lines
    )
    old_cues = tuple(cue.model_copy(update={"lines": old_lines}) if each is cue else each for each in now.cues)
    old_asset = next(clip.asset for clip in before.clips if clip.id == own.id)
    old_own = tuple(own.model_copy(update={"asset": old_asset}) if each is own else each for each in now.clips)
    without = {
        "order": (now.clips[0].length_frames // 2, {"clips": before.clips}),
        "caption": ((spoken.start_frame + spoken.end_frame) // 2, {"cues": old_cues}),
        "picture": (own.start_frame + own.length_frames // 2, {"clips": old_own}),
    }
    shown = decoded(film, {frame for frame, _ in without.values()}, now.length_frames)
    sky = shown[without["picture"][0]][now.height_px // 4 : now.height_px * 3 // 8]
    assert np.abs(sky.mean(axis=(0, 1)) - MAGENTA).max() < 12
    found = {}
    for edit, (frame, before_it) in without.items():
        new, old = (
            with_texts(drawn_frames(store, timeline, {frame})[frame], timeline, frame)
            for timeline in (now, now.model_copy(update=before_it))
        )
        left, top, right, bottom = box_of(new, old) // 2 * 2
        here = slice(top, max(bottom, top + 2)), slice(left, max(right, left + 2))
        found[edit] = [psnr_db(shown[frame][here], each[here]) for each in (new, old)]
    print(f"PSNR where the edit shows, to the film with it and without it, dB: {found}")
    for edit, (with_it, without_it) in found.items():
        assert with_it > CODED_DB, f"the film's file does not hold the new {edit}: {found}"
        assert without_it < with_it - 6, f"the film's file looks as it did before the new {edit}: {found}"


@pytest.fixture(scope="module")
def own_picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "magenta.png"
    Image.new("RGB", OWN_SIZE, MAGENTA).save(path)
    return path


def test_by_mouse_a_title_becomes_a_film_is_changed_and_comes_home(watched, studio, own_picture, tmp_path):
    page, project = watched.open(studio.address), "the-ferry"
    page.get_by_placeholder("The Last Lighthouse").fill("The Ferry")
    page.get_by_role("button", name="More choices").click()
    page.get_by_label("Words a chapter").fill("60")
    page.get_by_label("Picture size").select_option("Small, 360 lines: fast, for trying out")
    page.get_by_label("Voice").select_option("No voice: captions over music")
    begun_s = time.monotonic()
    page.get_by_role("button", name="Generate").click()
    page.wait_for_selector(".sr-shot", timeout=60_000)
    print(f"strip after {time.monotonic() - begun_s:.1f} s")
    page.reload()
    # The page that was left had things to say to a kernel that was gone by then.
    watched.errors[:] = [error for error in watched.errors if error != "Cannot send"]
    page.get_by_text("Your film is ready").wait_for(timeout=MADE_S * 1000)
    page.get_by_role("button", name="Edit", exact=True).click()
    page.wait_for_selector(".sr-shot[data-clip]")
    watched.keep_screenshot("edit-first-light-1440")
    assert serious_faults(page, "body") == []

    made = read_timeline(Project(project, studio.cache))
    before = [clip.id for clip in made.clips]
    assert len(before) >= 3
    first, second = (page.locator(f"[data-clip='{clip}']").bounding_box() for clip in before[:2])
    assert first
    assert second
    middle = first["y"] + first["height"] / 2
    page.mouse.move(first["x"] + 40, middle)
    page.mouse.down()
    page.mouse.move(second["x"] + second["width"] - first["width"] + 60, middle, steps=15)
    page.mouse.up()
    until(lambda: order(studio.cache, project)[:2] == [before[1], before[0]])

    page.locator(f"[data-clip='{before[1]}']").click()
    page.locator(".sr-word").nth(1).click()
    instead_of = page.get_by_label("Word 2").input_value()
    page.get_by_label("Word 2").fill("lanterns")
    page.get_by_label("Word 2").press("Enter")
    until(lambda: "lanterns" in (studio.cache / "projects" / project / "film.srt").read_text(encoding="utf-8"))

    page.locator(f"[data-clip='{before[2]}']").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Use a picture or video of your own").click()
    chooser.value.set_files(own_picture)
    until(lambda: OWN_SIZE in [size_of(clip) for clip in timeline_of(studio.cache, project)["clips"]])

    page.get_by_role("button", name="Play").first.click()
    moving = page.locator(".sr-time").first
    before_it = moving.inner_text()
    expect(moving).not_to_have_text(before_it)
    page.get_by_role("button", name="Pause").first.click()

    page.get_by_role("button", name="Export", exact=True).click()
    page.get_by_text("since the last render").wait_for()
    assert serious_faults(page, "body") == []
    watched.keep_screenshot("export-light-1440")
    page.get_by_role("button", name="Render film").click()
    page.get_by_text("The film holds every change.").wait_for(timeout=MADE_S * 1000)
    film = download(page, tmp_path, "Download The Ferry.mp4")
    assert_shown(film, Project(project, studio.cache), made, "lanterns", instead_of)
    for width, height, scheme in ((1440, 1000, "light"), (1024, 900, "dark"), (390, 844, "light")):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        page.get_by_role("button", name="Edit", exact=True).click()
        page.wait_for_function("() => document.querySelector('.sr-stage canvas')?.dataset.complete === 'true'")
        watched.keep_screenshot(f"edit-{scheme}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        fit = page.get_by_role("button", name="Fit").bounding_box()
        assert fit
        assert fit["x"] + fit["width"] <= width, "a part of the strip's head is out of reach"
    assert watched.errors == []
    assert watched.outside == []


def size_of(clip: dict[str, Any]) -> tuple[int, int]:
    asset = clip.get("asset") or {}
    return asset.get("width_px", 0), asset.get("height_px", 0)


def download(page: Page, folder: Path, title: str) -> Path:
    with page.expect_download(timeout=120_000) as coming:
        page.get_by_title(title).click()
    coming.value.save_as(folder / "film.mp4")
    return folder / "film.mp4"


def tab_to(page: Page, name: str, *, most: int = 160) -> None:
    """Tab on until the element of this accessible name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const here = document.activeElement;
                 const label = here.labels?.[0]?.innerText || here.closest('.widget-text, .widget-dropdown')
                   ?.querySelector('.widget-label')?.innerText || '';
                 return [here.getAttribute('aria-label') || '', here.title || '', here.innerText || '', label,
                         here.placeholder || ''] }"""
        )
        if any(text.strip() == name or text.strip().split("\n")[0] == name for text in found):
            return
    raise AssertionError(f"no way to {name!r} by the Tab key")


def test_by_keyboard_alone_a_film_is_begun_changed_rendered_and_taken_home(watched, studio, own_picture, tmp_path):
    page, project = watched.open(studio.address), "the-well"
    tab_to(page, "The Last Lighthouse")
    page.keyboard.type("The Well")
    tab_to(page, "Voice")
    page.keyboard.type("No voice")
    tab_to(page, "More choices")
    page.keyboard.press("Enter")
    tab_to(page, "Words a chapter")
    page.keyboard.press("Control+A")
    page.keyboard.type("40")
    tab_to(page, "Picture size")
    page.keyboard.type("Small")
    tab_to(page, "Generate")
    page.keyboard.press("Enter")
    page.get_by_text("Your film is ready").wait_for(timeout=MADE_S * 1000)
    tab_to(page, "Edit")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sr-shot[data-clip]")
    made = read_timeline(Project(project, studio.cache))
    before = [clip.id for clip in made.clips]
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.dataset?.clip ?? ''"):
            break
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    until(lambda: order(studio.cache, project)[:2] == [before[1], before[0]])
    page.keyboard.press("Enter")
    with page.expect_file_chooser() as chooser:
        tab_to(page, "Use a picture or video of your own")
        page.keyboard.press("Enter")
    chooser.value.set_files(own_picture)
    until(lambda: OWN_SIZE in [size_of(clip) for clip in timeline_of(studio.cache, project)["clips"]])
    until(lambda: page.keyboard.press("Tab") or "sr-word" in page.evaluate("document.activeElement.className"))
    page.keyboard.press("Enter")
    instead_of = page.get_by_label("Word 1").input_value()
    page.keyboard.press("Control+A")
    page.keyboard.type("Tonight")
    page.keyboard.press("Enter")
    until(lambda: "Tonight" in (studio.cache / "projects" / project / "film.srt").read_text(encoding="utf-8"))
    page.keyboard.press("Escape")
    time_shown = page.locator(".sr-time").first
    before_it = time_shown.inner_text()
    page.keyboard.press("k")
    expect(time_shown).not_to_have_text(before_it)
    page.keyboard.press("k")
    tab_to(page, "Export")
    page.keyboard.press("Enter")
    tab_to(page, "Render film")
    page.keyboard.press("Enter")
    page.get_by_text("The film holds every change.").wait_for(timeout=MADE_S * 1000)
    with page.expect_download(timeout=120_000) as coming:
        tab_to(page, "Download The Well.mp4")
        page.keyboard.press("Enter")
    coming.value.save_as(tmp_path / "film.mp4")
    assert_shown(tmp_path / "film.mp4", Project(project, studio.cache), made, "Tonight", instead_of)
    assert watched.errors == []


def test_two_windows_on_one_film_see_each_other_s_edits(context, studio, film):
    pages = [context.new_page() for _ in range(2)]
    for page in pages:
        page.goto(studio.of(film))
        page.wait_for_selector(".sr-shot[data-clip]", timeout=90_000)
    clips = order(studio.cache, film)
    pages[0].locator(f"[data-clip='{clips[0]}']").click()
    pages[0].keyboard.press("Space")
    pages[0].keyboard.press("ArrowRight")
    pages[0].keyboard.press("Space")
    changed_s = time.monotonic()
    pages[1].wait_for_function(
        "clip => document.querySelector('.sr-shot[data-clip]').dataset.clip === clip", arg=clips[1], timeout=20_000
    )
    print(f"the other window saw it after {time.monotonic() - changed_s:.2f} s")
    assert Project(film, studio.cache).path("history.jsonl").exists()
