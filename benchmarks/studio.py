"""The studio in a browser: how soon a film plays, an edit shows and an hour opens, and how it moves under the pointer.

Chromium without a graphics card looks at a live `storyreel studio`; what it draws is drawn by the processor, beside the
studio, its kernel and the film that is being made. Times are those a person would see, from the click to the picture.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from measure import Cost, tree_cpu_s
from playwright.sync_api import Browser, Page, sync_playwright
from report import Report
from setting import Setting

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.media.sound import write_flac
from storyreel.memo.store import store_of
from storyreel.project import Project, Record
from storyreel.recipes._finish import keep_timeline
from storyreel.recipes.edits import keep_assembled
from storyreel.settings import Settings
from storyreel.timeline.model import Clip, Cue, CueWord, Motion, Rect, Sound, Timeline
from storyreel.workers import core_count

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))  # how tests serve it and look at it

from strip_page import Editor, build, new_page, served
from studio_page import CHROMIUM
from studio_server import Studio, studio_in

NAME, TITLE = "studio", "the studio in a browser"
FPS, SHOTS, SHOT_S = 30, 300, 12
WAIT_MS = 240_000
EDITS = 12
# Counts what comes over the page's lines, and says when the editor's canvas holds a whole frame of the film.
WATCH = """
window.came_bytes = 0;
const Line = window.WebSocket;
window.WebSocket = class extends Line {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", ({ data }) => { came_bytes += data.byteLength ?? data.size ?? data.length; });
  }
};
"""
STRIP = "() => document.querySelectorAll('.sr-shot.has-picture').length > 0"
PLAYABLE = """() => { const canvas = document.querySelector('.sr-stage canvas');
  return canvas?.dataset.complete === 'true' && document.querySelector('.sr-shot.has-picture') }"""
PAINTED = """() => { const canvas = document.querySelector('.sr-stage canvas');
  return canvas?.dataset.complete === 'true' && document.querySelector('.sr-shot.has-picture:not(.is-empty)') }"""
# From the key that takes a word to the first drawn frame whose pixels differ, milliseconds.
EDIT_MS = """word => new Promise(done => {
  const canvas = document.querySelector('.sr-stage canvas'), small = new OffscreenCanvas(160, 90);
  const pen = small.getContext('2d', { willReadFrequently: true });
  const seen = () => { pen.drawImage(canvas, 0, 0, 160, 90); return pen.getImageData(0, 0, 160, 90).data.join(); };
  const before = seen(), field = document.querySelector('.sr-word-edit input');
  field.value = word;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  const begun_ms = performance.now();
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  const look = () => (seen() === before ? requestAnimationFrame(look) : done(performance.now() - begun_ms));
  requestAnimationFrame(look);
})"""


def measure(setting: Setting) -> Report:
    """Everything, in one browser."""
    report = Report(NAME, TITLE)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(dir=setting.folder) as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        with studio_in(Path(folder)) as studio:
            an_hour(Project("an-hour", studio.cache))
            _opening(report, browser, studio)
            _edits(report, browser, studio)
            _generating(report, browser, studio)
        _dragging(report, browser, Path(folder))
        browser.close()
    report.notes = [
        "Generate to playing: from the click, with the offline crew and its form's own choices, to the first shot's "
        "sketch, then to its picture, on the player; the page was open, its kernel running. Wall seconds; the "
        "processor time is that of all processes together, with what else of the film is painted meanwhile.",
        f"{os.getloadavg()[0]:.0f} processes wanted the machine's {core_count()} cores while it was measured.",
        f"The hour: {SHOTS} shots of {SHOT_S} s, each with a picture of its own, a caption a shot, a voice over all of "
        "it; from the click on its name to the strip with pictures, and what had come to the page two seconds later.",
        "An edit: a caption's word, from the key that takes it to the first frame drawn with it.",
        "Dragging: one of 300 shots, whole film in view; a frame's time is the page's main thread, processor time; "
        "60 a second allow 16.7 ms.",
    ]
    return report


def an_hour(project: Project) -> Timeline:
    """A film of an hour, made from nothing in seconds: 300 pictures, a voice's sound told fifteen times over."""
    rate, store, noise = Rate(num=FPS), store_of(project), np.random.default_rng(1)
    grain = cv2.GaussianBlur(noise.integers(0, 255, (720, 1280, 3), np.uint8), (0, 0), 9)
    pictures = []
    for number in range(SHOTS):
        shown = cv2.add(np.roll(grain, 37 * number, axis=1), np.full(3, 40, np.float64))
        cv2.putText(shown, str(number + 1), (480, 420), cv2.FONT_HERSHEY_SIMPLEX, 6, (255, 255, 255), 12)
        blob = store.put_bytes(cv2.imencode(".jpg", shown)[1].tobytes(), ".jpg")
        pictures.append(
            Asset(kind="image", blob=blob, width_px=1280, height_px=720, provenance=Provenance(provider="bench"))
        )
    at_s = np.arange(240 * 24_000) / 24_000
    tone = (0.2 * np.sin(2 * np.pi * 190 * at_s) * (np.sin(2 * np.pi * 0.4 * at_s) > -0.6)).astype(np.float32)
    voice = Asset(
        kind="audio", blob=store.put_bytes(write_flac(tone[:, None], 24_000), ".flac"), duration_s=240.0,
        provenance=Provenance(provider="bench"),
    )  # fmt: skip
    length = SHOT_S * FPS

    def cue(number: int) -> Cue:
        words = f"Shot {number + 1} of an hour, told in ten plain words".split()
        timed = (
            CueWord(text=word, start_frame=number * length + 30 * at, end_frame=number * length + 30 * at + 29)
            for at, word in enumerate(words)
        )
        return Cue(start_frame=number * length, length_frames=30 * len(words), lines=(tuple(timed),))

    near = Motion(start=Rect(), end=Rect(x=0.6, height=0.7))
    timeline = Timeline(
        title="An Hour", rate=rate, width_px=1920, height_px=1080, length_frames=SHOTS * length,
        clips=tuple(
            Clip(id=f"s{n:04d}", asset=asset, start_frame=n * length, length_frames=length, scene=n + 1, motion=near)
            for n, asset in enumerate(pictures)
        ),
        cues=tuple(cue(number) for number in range(SHOTS)),
        sounds=tuple(
            Sound(asset=voice, track="narration", start_frame=part * 240 * FPS, length_frames=240 * FPS)
            for part in range(SHOTS * SHOT_S // 240)
        ),
    )  # fmt: skip
    project.save_record(Record(recipe="title", inputs={"title": "An Hour"}, crew={"painter": "offline"},
                               settings=Settings()))  # fmt: skip
    keep_timeline(project, keep_assembled(project, timeline).timeline)
    return timeline


@contextmanager
def _timed() -> Iterator[Cost]:
    """What the block takes, with the processor time of the studio, its kernel, its run and the browser."""
    cost, begun_s, before_s = Cost(), time.perf_counter(), tree_cpu_s(os.getpid())
    yield cost
    cost.wall_s, cost.cpu_s = time.perf_counter() - begun_s, tree_cpu_s(os.getpid()) - before_s


def _told(cost: Cost) -> str:
    return f"{cost.wall_s:.2f} s ({cost.cpu_s:.1f} s of processor time)"


@contextmanager
def _page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address, timeout=WAIT_MS)
    page.wait_for_selector(".storyreel .rl-header", timeout=WAIT_MS)
    page.wait_for_timeout(2000)
    yield page
    context.close()


def _opening(report: Report, browser: Browser, studio: Studio) -> None:
    for turn in ("first", "again"):
        with _page(browser, studio.address) as page:
            before_bytes = page.evaluate("came_bytes")
            with _timed() as opened:
                page.get_by_role("button", name="An Hour").first.click()
                page.wait_for_function(STRIP, timeout=WAIT_MS, polling="raf")
            page.wait_for_timeout(2000)
            sent_mb = (page.evaluate("came_bytes") - before_bytes) / 2**20
        if turn == "first":
            report.add("an hour opened for the first time, small pictures yet to be made", _told(opened))
        else:
            report.hold("an hour opened", _told(opened), opened.wall_s, at_most=2, unit="s")
        report.hold(f"sent to the page for it, {turn}", f"{sent_mb:.1f} MB", sent_mb, at_most=30, unit="MB")


def _edits(report: Report, browser: Browser, studio: Studio) -> None:
    with _page(browser, studio.of("an-hour")) as page:
        page.get_by_role("button", name="Edit", exact=True).click()
        page.locator(".sr-word").nth(1).click(timeout=WAIT_MS)
        page.wait_for_function(PLAYABLE, timeout=WAIT_MS)
        page.wait_for_timeout(1000)
        found = []
        for number in range(EDITS):
            found.append(page.evaluate(EDIT_MS, f"word{number}"))
            page.wait_for_timeout(700)
    median = statistics.median(found)
    shown = f"{median:.0f} ms median, {max(found):.0f} ms worst of {EDITS}"
    report.hold("an edit in an hour to its preview", shown, median, at_most=100, unit="ms")


def _generating(report: Report, browser: Browser, studio: Studio) -> None:
    for title, voice in (("The Ferry", True), ("The Kiln", False)):
        with _page(browser, studio.address) as page:
            page.get_by_placeholder("The Last Lighthouse").fill(title)
            if not voice:
                page.get_by_label("Voice").select_option("No voice: captions over music")
            page.wait_for_timeout(1500)
            with _timed() as took:
                with _timed() as sketched:
                    page.get_by_role("button", name="Generate").click()
                    page.wait_for_function(PLAYABLE, timeout=WAIT_MS, polling="raf")
                page.wait_for_function(PAINTED, timeout=WAIT_MS, polling="raf")
            what = "with a voice" if voice else "captions over music"
            report.add(f"Generate to the first shot's sketch, {what}", _told(sketched))
            report.hold(f"Generate to the first shot as it will be, {what}", _told(took), took.wall_s, at_most=15,
                        unit="s")  # fmt: skip
            page.get_by_role("button", name="Stop", exact=True).click()
            page.get_by_role("button", name="Go on").wait_for(timeout=WAIT_MS)


def _dragging(report: Report, browser: Browser, folder: Path) -> None:
    built = folder / "strip"
    build(built)
    with served(built) as address:
        for what in ("move", "trim"):
            editor = Editor(new_page(browser, "wide"))
            editor.open(address, "hour")
            rate, spent_ms = _dragged(editor, what)
            editor.page.context.close()
            report.hold(f"dragging among {SHOTS} shots, {what}", f"{rate:.1f} frames a second", rate, at_least=58,
                        unit="a second")  # fmt: skip
            report.hold(f"the same, of a frame's 16.7 ms, {what}", f"{spent_ms:.1f} ms", spent_ms, at_most=16.7,
                        unit="ms")  # fmt: skip


def _dragged(editor: Editor, what: str) -> tuple[float, float]:
    """Frames a second while a shot is dragged, and the main thread's milliseconds a frame."""
    page = editor.page
    page.get_by_role("button", name="Fit").click()
    page.get_by_label("Trims and deletions move what follows").click()
    page.wait_for_timeout(1500)
    shot = editor.box("[data-clip=s0012]")
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy_ms() -> float:
        found: list[dict[str, Any]] = client.send("Performance.getMetrics")["metrics"]
        return 1000 * float(next(each["value"] for each in found if each["name"] == "TaskDuration"))

    page.evaluate("window.drawn = 0; const count = () => { drawn += 1; requestAnimationFrame(count); }; count();")
    page.mouse.move(shot["x"] + (0.5 if what == "trim" else shot["width"] / 2), shot["middle"])
    page.mouse.down()
    frames, before_ms, begun_s = page.evaluate("drawn"), busy_ms(), time.perf_counter()
    for step in range(180):
        page.mouse.move(shot["x"] + 4 * step, shot["middle"])
        page.wait_for_timeout(12)
    frames, spent_ms = page.evaluate("drawn") - frames, busy_ms() - before_ms
    took_s = time.perf_counter() - begun_s
    page.mouse.up()
    return frames / took_s, spent_ms / frames
