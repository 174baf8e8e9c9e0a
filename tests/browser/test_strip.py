"""Strip and shot panel in a browser: what a mouse, a finger and a keyboard do to a film."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from strip_page import AXE, NODE, SIZES, Editor, build, new_page, served
from studio_page import CHROMIUM

pytestmark = pytest.mark.skipif(
    not CHROMIUM or not NODE or not AXE.exists(), reason="needs Chromium, Node and `npm ci` in widgets/"
)
FPS = 30


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("strip")
    build(folder)
    with served(folder) as at:
        yield at


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(params=["wide"])
def editor(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Editor]:
    """Twelve shots in all states; other sizes by parameter. No test may leave an error in the console."""
    editor = Editor(new_page(browser, request.param))
    editor.open(address, "mixed")
    yield editor
    assert editor.errors == []
    editor.page.context.close()


# ---------------------------------------------------------------------------------------------------------- by mouse


def test_a_shot_dragged_to_another_place_is_moved_there(editor: Editor) -> None:
    before, shot, target = editor.order, editor.box("[data-clip=s0003]"), editor.box("[data-clip=s0006]")
    # It drops where it is seen: so that its end comes to lie near that of the sixth.
    editor.drag((shot["x"] + 40, shot["middle"]), (target["right"] - shot["width"] + 50, shot["middle"]))
    assert editor.order == [*before[:2], *before[3:6], "s0003", *before[6:]]
    assert editor.sent("edit")[-1]["label"] == "Move shot 3 to 6"


def test_several_selected_shots_move_together_and_in_their_order(editor: Editor) -> None:
    before = editor.order
    editor.shot("s0002").click()
    editor.shot("s0004").click(modifiers=["Control"])
    shot, last = editor.box("[data-clip=s0004]"), editor.box("[data-clip=s0012]")
    editor.drag((shot["x"] + 20, shot["middle"]), (last["right"] + 60, shot["middle"]))
    assert editor.order == [*(each for each in before if each not in ("s0002", "s0004")), "s0002", "s0004"]
    assert len(editor.sent("edit")) == 1


def test_a_scene_is_dragged_by_its_heading(editor: Editor) -> None:
    heading, target = editor.box(".sr-scene >> nth=0"), editor.box(".sr-scene >> nth=1")
    editor.drag((heading["x"] + 10, heading["middle"]), (target["right"] - heading["width"] + 14, heading["middle"]))
    assert editor.order[:5] == ["s0003", "s0004", "s0005", "s0001", "s0002"]


def test_pointing_at_a_picture_the_voice_or_a_sound_tells_where_it_came_from(editor: Editor) -> None:
    shot = editor.shot("s0001")
    shot.hover()
    asked = editor.timeline["clips"][0]["asset"]["provenance"]["prompt"]
    expect(shot).to_have_attribute("title", f"flux, Flux 1.1 Pro, seed 48213, $0.04, request req_7f3a19: {asked}")
    expect(editor.page.locator(".sr-voice")).to_have_attribute("title", "offline/score-1, free")
    for sound in editor.page.locator(".sr-sound").all():
        sound.hover()
        index = int(sound.get_attribute("data-sound") or "")
        asked = editor.timeline["sounds"][index]["asset"]["provenance"]["prompt"]
        assert f"s of offline/score-1, free: {asked}" in (sound.get_attribute("title") or "")


def test_escape_puts_a_dragged_shot_back(editor: Editor) -> None:
    before, shot = editor.order, editor.box("[data-clip=s0003]")
    editor.page.mouse.move(shot["x"] + 40, shot["middle"])
    editor.page.mouse.down()
    editor.page.mouse.move(shot["x"] + 400, shot["middle"], steps=6)
    editor.page.keyboard.press("Escape")
    editor.page.mouse.up()
    assert editor.order == before
    assert editor.sent("edit") == []


def test_dragging_an_edge_shares_the_time_with_the_neighbour(editor: Editor) -> None:
    before, shot = editor.lengths(), editor.box("[data-clip=s0008]")
    editor.page.locator("[aria-label^=Magnet]").click()
    editor.drag((shot["right"] - 3, shot["middle"] + 20), (shot["right"] - 33, shot["middle"] + 20))
    after = editor.lengths()
    given = before["s0008"] - after["s0008"]
    assert given > FPS
    assert after["s0009"] == before["s0009"] + given
    assert sum(after.values()) == sum(before.values())


def test_with_alt_the_rest_moves_along(editor: Editor) -> None:
    before, shot = editor.lengths(), editor.box("[data-clip=s0006]")
    editor.page.keyboard.down("Alt")
    editor.drag((shot["right"] - 3, shot["middle"] + 20), (shot["right"] - 43, shot["middle"] + 20))
    editor.page.keyboard.up("Alt")
    after = editor.lengths()
    assert after["s0006"] < before["s0006"]
    assert {**after, "s0006": 0} == {**before, "s0006": 0}


def test_a_trim_snaps_to_a_pause_in_the_voice(editor: Editor) -> None:
    cuts = editor.page.evaluate("film.film.cuts_s")
    clip = next(each for each in editor.timeline["clips"] if each["id"] == "s0003")
    end = clip["start_frame"] + clip["length_frames"]
    cut = next(round(second * FPS) for second in cuts if clip["start_frame"] + 150 < second * FPS < end - 120)
    shot = editor.box("[data-clip=s0003]")
    # The shot is drawn a pixel shorter than it is long.
    scale = (shot["width"] + 1) / clip["length_frames"]
    editor.drag(
        (shot["right"] - 3, shot["middle"] + 20), (shot["right"] - 3 - (end - cut) * scale + 4, shot["middle"] + 20)
    )
    assert editor.lengths()["s0003"] == cut - clip["start_frame"]


def test_a_click_on_a_joint_opens_its_transition(editor: Editor) -> None:
    editor.page.locator("[data-joint=s0003]").click()
    panel = editor.page.locator(".sr-panel")
    assert panel.get_by_role("button", name="Dissolve", exact=True).get_attribute("aria-pressed") == "true"
    panel.get_by_role("button", name="Wipe", exact=True).click()
    panel.get_by_label("Length in seconds").fill("0.5")
    panel.get_by_label("Length in seconds").press("Enter")
    into = editor.timeline["clips"][2]["into"]
    assert (into["kind"], into["length_frames"]) == ("wipe", 15)


# ------------------------------------------------------------------------------------------------------- by keyboard


def test_by_keys_alone_a_shot_is_found_picked_up_moved_and_dropped(editor: Editor) -> None:
    before, keys = editor.order, editor.page.keyboard
    editor.page.locator(".sr-shot[tabindex='0']").focus()
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    assert editor.focus() == "s0003"
    keys.press(" ")
    assert editor.said().startswith("Picked up.")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    assert editor.said() == "Now shot 5 of 12."
    assert editor.shot("s0003").get_attribute("aria-posinset") == "5"
    keys.press(" ")
    assert editor.order == [*before[:2], "s0004", "s0005", "s0003", *before[5:]]
    assert editor.focus() == "s0003"
    keys.press("Control+z")
    assert editor.order == before
    keys.press("Control+Shift+z")
    assert editor.order[4] == "s0003"


def test_escape_puts_a_picked_up_shot_back(editor: Editor) -> None:
    keys = editor.page.keyboard
    editor.page.locator(".sr-shot[tabindex='0']").focus()
    for key in (" ", "ArrowRight", "ArrowRight", "Escape"):
        keys.press(key)
    assert editor.sent("edit") == []
    assert editor.shot("s0001").get_attribute("aria-posinset") == "1"


def test_keys_split_duplicate_and_delete(editor: Editor) -> None:
    keys, clips = editor.page.keyboard, editor.timeline["clips"]
    editor.shot("s0004").click()
    editor.put_playhead(clips[3]["start_frame"] + 200)
    keys.press("s")
    assert editor.lengths()["s0004"] == 200
    assert len(editor.order) == 13
    keys.press("d")
    assert len(editor.order) == 14
    keys.press("Delete")
    keys.press("Delete")
    assert len(editor.order) == 12
    assert editor.focus() is not None


def test_a_bracket_trims_the_end_to_the_playhead(editor: Editor) -> None:
    clip = editor.timeline["clips"][5]
    editor.shot("s0006").click()
    editor.put_playhead(clip["start_frame"] + 300)
    editor.page.keyboard.press("]")
    assert editor.lengths()["s0006"] == 300


def test_letters_do_nothing_in_a_text_or_in_the_panel(editor: Editor) -> None:
    editor.shot("s0008").click()
    editor.page.get_by_label("What the picture shows").press("s")
    editor.page.locator(".sr-take").first.focus()
    editor.page.keyboard.press("s")
    assert editor.sent("edit") == []


def test_enter_goes_to_the_panel_and_escape_comes_back(editor: Editor) -> None:
    editor.shot("s0008").click()
    editor.page.keyboard.press("Enter")
    assert editor.page.evaluate("document.activeElement.closest('.sr-panel') !== null")
    editor.page.keyboard.press("Escape")
    assert editor.focus() == "s0008"


def test_a_question_mark_lists_the_keys(editor: Editor) -> None:
    editor.shot("s0008").click()
    editor.page.keyboard.press("?")
    dialog = editor.page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_text("Split at the playhead")).to_be_visible()
    editor.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(editor.shot("s0008")).to_be_focused()  # a moment after the dialog is gone


# --------------------------------------------------------------------------------------------------------- the panel


def test_a_caption_word_is_written_anew_shifted_split_and_joined(editor: Editor) -> None:
    editor.shot("s0001").click()
    panel = editor.page.locator(".sr-caption")
    cue = editor.timeline["cues"][0]
    words = [word["text"] for line in cue["lines"] for word in line]
    panel.locator(".sr-word").nth(2).click()
    panel.get_by_label("Word 3").fill("those")
    panel.get_by_label("Word 3").press("Enter")
    changed = [word for line in editor.timeline["cues"][0]["lines"] for word in line]
    assert [word["text"] for word in changed] == [*words[:2], "those", *words[3:]]
    panel.get_by_role("button", name="Ends earlier").click()
    assert editor.timeline["cues"][0]["lines"][0][2]["end_frame"] == changed[2]["end_frame"] - 1
    panel.get_by_role("button", name="New caption from here").click()
    assert sum(len(line) for line in editor.timeline["cues"][0]["lines"]) == 2
    # The panel went on with the new caption, at the playhead.
    panel.get_by_role("button", name="Line before").click()
    panel.get_by_role("button", name="Join with the next caption").click()
    assert [word["text"] for line in editor.timeline["cues"][0]["lines"] for word in line][:3] == [*words[:2], "those"]


def test_a_caption_that_is_too_fast_says_so(editor: Editor) -> None:
    editor.shot("s0001").click()
    panel = editor.page.locator(".sr-caption")
    expect(panel.get_by_text("Easy to read")).to_be_visible()
    panel.locator(".sr-word").first.click()
    panel.get_by_label("Word 1").fill("some of the very oldest people in the whole of this valley said")
    panel.get_by_label("Word 1").press("Enter")
    panel.get_by_text("Too fast:").wait_for()


def test_the_camera_s_end_is_dragged_and_moved_by_keys(editor: Editor) -> None:
    editor.shot("s0008").click()
    end = editor.box(".sr-rect.is-end")
    editor.drag((end["x"] + 60, end["y"] + 40), (end["x"] + 90, end["y"] + 40))
    moved = editor.timeline["clips"][7]["motion"]["end"]
    assert moved["x"] > 0.46
    assert moved["height"] == 0.54
    corner = editor.box(".sr-rect.is-end i.is-se")
    editor.drag((corner["x"] + 5, corner["middle"]), (corner["x"] + 25, corner["middle"] + 12))
    assert editor.timeline["clips"][7]["motion"]["end"]["height"] > 0.55
    before = editor.timeline["clips"][7]["motion"]["start"]
    editor.page.locator(".sr-rect.is-start").focus()
    editor.page.keyboard.press("ArrowUp")
    editor.page.wait_for_timeout(450)
    assert editor.timeline["clips"][7]["motion"]["start"]["y"] < before["y"] or before["y"] <= 0.451


def test_making_again_asks_before_it_costs(editor: Editor) -> None:
    editor.shot("s0008").click()
    editor.page.get_by_label("What the picture shows").fill("A camel at night.")
    editor.page.get_by_role("button", name="Make again").click()
    dialog = editor.page.get_by_role("dialog")
    expect(dialog).to_contain_text("$0.04")
    dialog.get_by_role("button", name="Not now").click()
    assert editor.sent("act") == []
    editor.page.get_by_role("button", name="Make again").click()
    dialog.get_by_role("button", name="Make again").click()
    editor.page.wait_for_timeout(100)
    (act,) = editor.sent("act")
    assert act["action"] == {"do": "make_again", "clip": "s0008", "prompt": "A camel at night."}
    assert act["agreed_usd"] == 0.04
    editor.page.wait_for_selector(".sr-take:nth-child(5).is-used")


def test_what_is_free_is_made_without_a_question(editor: Editor) -> None:
    editor.page.evaluate("film.price_usd = 0")
    editor.shot("s0008").click()
    editor.page.keyboard.press("m")
    editor.page.wait_for_timeout(60)
    assert editor.sent("act")[0]["agreed_usd"] == 0


def test_a_line_is_spoken_again_by_another_voice_once_its_price_is_agreed_to(editor: Editor) -> None:
    editor.shot("s0008").click()
    editor.page.get_by_role("button", name="Say again").click()
    box = editor.page.locator(".sr-say-row")
    box.get_by_label("Voice").select_option(label="George, deep")
    box.get_by_label("Pace").select_option(label="Slower")
    editor.page.get_by_role("button", name="Speak again").click()
    dialog = editor.page.get_by_role("dialog")
    expect(dialog).to_contain_text("The new line costs at most $0.04")
    dialog.get_by_role("button", name="Not now").click()
    editor.page.get_by_role("button", name="Speak again").click()
    dialog.get_by_role("button", name="Speak again $0.04").click()
    editor.page.wait_for_timeout(100)
    (act,) = editor.sent("act")
    action = act["action"]
    assert (action["do"], action["voice"], action["speed"]) == ("say_again", "offline:george", 0.9)
    said = editor.timeline["cues"][action["cue"] : action["cue"] + action["captions"]]
    assert action["text"] == " ".join(word["text"] for cue in said for line in cue["lines"] for word in line)


def test_a_failed_shot_says_why_and_is_retried(editor: Editor) -> None:
    editor.shot("s0007").click(position={"x": 10, "y": 60})
    failure = editor.page.get_by_role("group", name="What went wrong")
    expect(failure).to_contain_text("You were not charged")
    editor.page.locator(".sr-retry").click()
    editor.page.get_by_role("dialog").get_by_role("button", name="Retry $0.04").click()
    editor.page.wait_for_selector("[data-clip=s0007].is-done")


def test_an_own_picture_replaces_a_shot_s(editor: Editor, tmp_path: Path) -> None:
    picture = tmp_path / "mine.png"
    picture.write_bytes(b"\x89PNG\r\n" + bytes(2_500_000))
    editor.shot("s0002").click()
    with editor.page.expect_file_chooser() as chooser:
        editor.page.get_by_role("button", name="Use a picture or video of your own").click()
    chooser.value.set_files(picture)
    editor.page.wait_for_selector(".sr-take:nth-child(5).is-used")
    assert editor.timeline["clips"][1]["asset"]["provenance"]["prompt"] == "mine.png"
    assert len(editor.sent("upload_chunk")) == 3


def test_another_take_is_used_and_the_history_tells(editor: Editor) -> None:
    editor.shot("s0002").click()
    editor.page.get_by_role("button", name="Take 1", exact=True).click()
    assert editor.timeline["clips"][1]["asset"]["blob"]["sha256"].startswith("shot2a")
    editor.page.get_by_role("button", name="History").click()
    expect(editor.page.locator(".sr-list.is-history")).to_contain_text("Use take 1")


def test_a_refused_edit_is_taken_back_with_the_reason(editor: Editor) -> None:
    before = editor.lengths()
    editor.page.evaluate("film.refuse_next = 'Somebody else is editing this shot.'")
    editor.shot("s0008").click()
    field = editor.page.get_by_label("Length in seconds")
    field.fill("20")
    field.press("Enter")
    editor.page.get_by_text("Somebody else is editing this shot.").wait_for()
    assert field.input_value() == "33.0 s"
    assert editor.lengths() == before


# ------------------------------------------------------------------------------------------------- sizes and states


@pytest.mark.parametrize("editor", ["phone"], indirect=True)
def test_on_a_phone_targets_are_44_pixels_and_nothing_is_wider_than_the_page(editor: Editor) -> None:
    assert editor.page.evaluate("document.documentElement.scrollWidth") == SIZES["phone"][0]
    small = editor.page.evaluate(
        """[...document.querySelectorAll('button, select, input:not([type=file]):not([type=range]), [role=slider]')]
        .filter(each => each.offsetParent && !each.matches('.sr-scene, .sr-joint, .sr-retry, .sr-sound'))
        .filter(each => each.getBoundingClientRect().height < 43.5)
        .map(each => each.getAttribute('aria-label') ?? each.textContent)"""
    )
    assert small == []


@pytest.mark.parametrize("editor", ["phone"], indirect=True)
def test_a_long_press_picks_a_shot_up(editor: Editor) -> None:
    before, page = editor.order, editor.page
    shot, after = editor.box("[data-clip=s0001]"), editor.box("[data-clip=s0002]")
    client = page.context.new_cdp_session(page)
    x, y = shot["x"] + 40, shot["middle"]

    def touch(kind: str, *points: tuple[float, float]) -> None:
        client.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": px, "y": py} for px, py in points]}
        )

    touch("touchStart", (x, y))
    page.wait_for_timeout(520)
    for step in range(1, 9):
        touch("touchMove", (x + after["width"] * step / 8, y))
        page.wait_for_timeout(20)
    touch("touchEnd")
    assert editor.order[:2] == [before[1], before[0]]


@pytest.mark.parametrize("editor", ["phone"], indirect=True)
def test_on_a_phone_a_transition_opens_in_a_sheet(editor: Editor) -> None:
    editor.page.get_by_role("button", name="Next shot").count()
    editor.shot("s0002").click()
    editor.page.get_by_role("button", name="Comes in by").click()
    sheet = editor.page.get_by_role("dialog", name="Transition")
    sheet.get_by_role("button", name="Dissolve", exact=True).click()
    assert editor.timeline["clips"][1]["into"]["kind"] == "dissolve"


@pytest.mark.parametrize(
    ("size", "dark", "film"),
    [*((size, dark, "mixed") for size in SIZES for dark in (True, False)), ("wide", True, "hour")],
)
def test_axe_finds_no_serious_fault(browser: Browser, address: str, size: str, dark: bool, film: str) -> None:
    editor = Editor(new_page(browser, size, dark=dark))
    editor.open(address, film, more="&theme=system")
    if film == "mixed":
        editor.shot("s0007").click(position={"x": 10, "y": 60})
        editor.page.get_by_role("button", name="Say again").click()
    editor.page.wait_for_timeout(300)
    editor.page.add_script_tag(path=str(AXE))
    faults = editor.page.evaluate(
        """axe.run('#place', { resultTypes: ['violations'] }).then(found => found.violations
        .filter(each => ['serious', 'critical'].includes(each.impact))
        .map(each => [each.id, each.nodes.slice(0, 3).map(node => [node.html, node.failureSummary])]))"""
    )
    editor.page.context.close()
    assert faults == []


def test_every_element_that_takes_the_focus_keeps_the_notebook_s_own_keys_away(editor: Editor) -> None:
    editor.shot("s0008").click()
    editor.page.locator(".sr-word").first.click()
    editor.page.get_by_role("button", name="Say again").click()
    bare = editor.page.evaluate(
        """[...document.querySelectorAll('button, input:not([type=file]), select, textarea, [tabindex], dialog')]
        .filter(each => each.type !== 'file' && !each.hasAttribute('data-lm-suppress-shortcuts'))
        .map(each => each.outerHTML)"""
    )
    assert bare == []


def test_a_lost_kernel_leaves_the_film_on_screen_and_offers_to_reconnect(editor: Editor) -> None:
    editor.page.evaluate("film.gone = true; studio.connection.value = 'lost'")
    expect(editor.page.get_by_role("alert")).to_contain_text("Connection lost. Your film is saved.")
    editor.page.get_by_role("button", name="Reconnect").click()
    editor.page.get_by_role("alert").wait_for(state="detached")
    expect(editor.shot("s0001")).to_be_visible()


def test_before_the_film_is_there_its_place_is_kept(browser: Browser, address: str) -> None:
    page = new_page(browser, "wide")
    page.goto(f"{address}?film=none")
    page.wait_for_selector("section[aria-busy=true]")
    assert page.locator(".sr-ghost").count() >= 5
    page.context.close()


# ------------------------------------------------------------------------------------------------------ an hour long


def test_an_hour_opens_fast_and_draws_only_what_is_seen(browser: Browser, address: str) -> None:
    editor = Editor(new_page(browser, "wide"))
    editor.open(address, "hour")
    opened_ms = editor.page.evaluate("performance.now() - began_ms")
    expect(editor.shot("s0001")).to_be_visible()
    assert editor.page.locator(".sr-shot").count() < 130
    assert opened_ms < 2000
    editor.page.context.close()


def test_zoom_goes_from_the_whole_hour_to_single_words(browser: Browser, address: str) -> None:
    editor = Editor(new_page(browser, "wide"))
    editor.open(address, "hour")
    editor.page.get_by_role("button", name="Fit").click()
    editor.page.wait_for_timeout(100)
    assert editor.page.locator(".sr-shot").count() == 300
    editor.page.get_by_label("Zoom", exact=True).fill("1")
    editor.page.wait_for_timeout(100)
    expect(editor.page.locator(".sr-words span").first).to_have_text("somewhere")
    assert editor.page.locator(".sr-shot").count() < 6
    editor.page.context.close()


@pytest.mark.parametrize("what", ["move", "trim"])
def test_dragging_among_300_shots_leaves_most_of_each_frame_s_time_free(
    browser: Browser, address: str, what: str
) -> None:
    """Processor time of the page's main thread, so that a busy machine does not count; 60 a second allow 16.7 ms."""
    editor = Editor(new_page(browser, "wide"))
    editor.open(address, "hour")
    page = editor.page
    page.get_by_role("button", name="Fit").click()
    page.get_by_label("Trims and deletions move what follows").click()
    page.wait_for_timeout(1500)
    shot = editor.box("[data-clip=s0012]")
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy_ms() -> float:
        metrics = client.send("Performance.getMetrics")["metrics"]
        return 1000 * next(each["value"] for each in metrics if each["name"] == "TaskDuration")

    page.evaluate("window.drawn = 0; const count = () => { drawn += 1; requestAnimationFrame(count); }; count();")
    page.mouse.move(shot["x"] + (0.5 if what == "trim" else shot["width"] / 2), shot["middle"])
    page.mouse.down()
    frames, before_ms = page.evaluate("drawn"), busy_ms()
    for step in range(60):
        page.mouse.move(shot["x"] + 10 * step, shot["middle"])
        page.wait_for_timeout(12)
    frames, spent_ms = page.evaluate("drawn") - frames, busy_ms() - before_ms
    page.mouse.up()
    page.context.close()
    assert spent_ms / frames < 8.0
