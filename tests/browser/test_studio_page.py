"""What somebody who never sees code does: begin a film, watch it, leave and come back, take it home."""

from __future__ import annotations

import av
import pytest

from storyreel.recipes import title_film
from watching import serious_faults

WIDTHS = ((1440, 1000), (1024, 900), (390, 844))


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_asks_no_other_host_and_fits_every_width(watched, studio, scheme):
    watched.page.emulate_media(color_scheme=scheme)
    page = watched.open(studio.address)
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        watched.keep_screenshot(f"films-{scheme}-{width}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} px of page in {width}"
    assert serious_faults(page, "body") == []
    assert watched.outside == []
    assert watched.errors == []


def test_a_film_of_a_long_title_takes_no_more_room_than_others(watched, studio):
    title_film.begin("The Keeper of the Light and the Storm That Came Back Every Autumn " * 2, cache=studio.cache)
    page = watched.open(studio.address)
    row = page.locator(".rl-shelf-row", has_text="The Keeper of the Light")
    row.first.wait_for()
    for width, room in ((1440, 281), (1024, 233), (390, 390)):
        page.set_viewport_size({"width": width, "height": 900})
        shelf = page.locator(".rl-shelf").bounding_box()
        assert shelf
        assert shelf["width"] <= room


# What a browser's own notifications would do; it keeps what it was told over a reload.
NOTIFICATIONS = """
window.Notification = class {
  static get permission() { return sessionStorage.permission ?? 'default'; }
  static async requestPermission() {
    const after = navigator.userActivation.isActive ? 'a click' : 'nothing';
    sessionStorage.asked = (sessionStorage.asked ?? '') + after;
    return sessionStorage.permission = 'granted';
  }
  constructor(title, { body }) { sessionStorage.told = `${sessionStorage.told ?? ''}${title}: ${body}`; }
};
"""


def test_a_film_is_begun_watched_found_again_after_a_reload_and_taken_home(watched, studio, tmp_path):
    watched.page.add_init_script(NOTIFICATIONS)
    page = watched.open(studio.address)
    assert page.get_by_role("button", name="Generate").is_disabled()
    page.get_by_placeholder("The Last Lighthouse").fill("A Lamp at Sea")
    page.get_by_role("button", name="More choices").click()
    page.get_by_label("Words a chapter").fill("30")
    page.get_by_label("Picture size").select_option("Small, 360 lines: fast, for trying out")
    page.get_by_label("Voice").select_option("No voice: captions over music")
    assert page.evaluate("sessionStorage.asked ?? ''") == ""
    page.get_by_role("button", name="Generate").click()
    page.get_by_text("Making your film").wait_for(timeout=60_000)
    assert "project=a-lamp-at-sea" in page.url
    page.reload()
    page.get_by_text("Put the film together").wait_for(timeout=60_000)
    watched.keep_screenshot("make-light-1440")
    page.get_by_text("Your film is ready").wait_for(timeout=240_000)
    page.wait_for_function("sessionStorage.told === 'A Lamp at Sea: Your film is ready.'")
    assert page.evaluate("sessionStorage.asked") == "a click"
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download(timeout=120_000) as download:
        page.get_by_title("Download A Lamp at Sea.mp4").click()
    film = tmp_path / "film.mp4"
    download.value.save_as(film)
    assert film.read_bytes() == (studio.cache / "projects/a-lamp-at-sea/film.mp4").read_bytes()
    with av.open(str(film)) as container:
        assert sum(1 for _ in container.decode(video=0)) > 300
    assert watched.outside == []
    assert watched.errors == []


def test_a_project_that_is_not_there_or_no_id_opens_the_list(watched, studio):
    for asked in ("nobody", "../../etc", "%00", "a" * 300):
        page = watched.open(studio.of(asked))
        page.get_by_text("New film", exact=True).wait_for()
        assert page.get_by_role("button", name="Make").is_disabled()


def test_without_its_token_nothing_is_shown(context, studio):
    page = context.new_page()
    page.goto(studio.address.partition("?")[0])
    assert page.locator(".storyreel").count() == 0
    assert "token" in page.content().lower() or "password" in page.content().lower()


@pytest.mark.parametrize(
    "path", ["voila/files/studio.ipynb", "voila/files/../cache", "voila/files/etc/passwd", "files/studio.ipynb"]
)
def test_no_file_is_served_by_its_path(context, studio, path):
    page = context.new_page()
    page.goto(studio.address)
    answer = page.request.get(studio.address.partition("?")[0] + path)
    assert answer.status in (403, 404)
