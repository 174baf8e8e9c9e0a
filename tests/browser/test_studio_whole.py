"""The whole way in the studio's page, by mouse and by keyboard alone: a film is begun, changed, and comes home."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from storyreel.project import Project
from watching import serious_faults

MADE_S, SOON_S = 400, 30
MAGENTA = (200, 20, 180)


def timeline_of(cache: Path, project: str) -> dict[str, Any]:
    return json.loads((cache / "projects" / project / "timeline.json").read_text(encoding="utf-8"))


def order(cache: Path, project: str) -> list[str]:
    return [clip["id"] for clip in timeline_of(cache, project)["clips"]]


def until(true: Any, seconds: float = SOON_S) -> None:
    end_s = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end_s, "it did not come about"
        time.sleep(0.1)


def mean_colour(film: Path, at_s: float) -> np.ndarray:
    with av.open(str(film)) as container:
        container.seek(round(at_s * av.time_base))
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= at_s:
                rows = slice(frame.height * 2 // 8, frame.height * 3 // 8)
                return frame.to_ndarray(format="rgb24")[rows].mean(axis=(0, 1))
    raise AssertionError(f"the film ends before {at_s:.1f} s")


@pytest.fixture(scope="module")
def own_picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "magenta.png"
    Image.new("RGB", (1280, 720), MAGENTA).save(path)
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

    before = order(studio.cache, project)
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
    page.get_by_label("Word 2").fill("lanterns")
    page.get_by_label("Word 2").press("Enter")
    until(lambda: "lanterns" in (studio.cache / "projects" / project / "film.srt").read_text(encoding="utf-8"))

    page.locator(f"[data-clip='{before[2]}']").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Use a picture or video of your own").click()
    chooser.value.set_files(own_picture)
    until(lambda: (1280, 720) in [size_of(clip) for clip in timeline_of(studio.cache, project)["clips"]])

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
    told = timeline_of(studio.cache, project)
    own = next(clip for clip in told["clips"] if size_of(clip) == (1280, 720))
    at_s = (own["start_frame"] + own["length_frames"] * 0.6) / 30
    assert np.abs(mean_colour(film, at_s) - MAGENTA).max() < 12
    for width, height, scheme in ((1440, 1000, "light"), (1024, 900, "dark"), (390, 844, "light")):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        page.get_by_role("button", name="Edit", exact=True).click()
        page.wait_for_function("() => document.querySelector('.sr-stage canvas')?.dataset.complete === 'true'")
        watched.keep_screenshot(f"edit-{scheme}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
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
    before = order(studio.cache, project)
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
    until(lambda: (1280, 720) in [size_of(clip) for clip in timeline_of(studio.cache, project)["clips"]])
    until(lambda: page.keyboard.press("Tab") or "sr-word" in page.evaluate("document.activeElement.className"))
    page.keyboard.press("Enter")
    page.get_by_label("Word 1").wait_for()
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
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == timeline_of(studio.cache, project)["length_frames"]
    own = next(clip for clip in timeline_of(studio.cache, project)["clips"] if size_of(clip) == (1280, 720))
    at_s = (own["start_frame"] + own["length_frames"] * 0.6) / 30
    assert np.abs(mean_colour(tmp_path / "film.mp4", at_s) - MAGENTA).max() < 12
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
