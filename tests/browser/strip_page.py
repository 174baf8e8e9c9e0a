"""The editor's development page (widgets/dev), built once and served on this machine, for tests of strip and panel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Page

WIDGETS = Path(__file__).parents[2] / "widgets"
# The development tools bring a Node; it lies beside this Python.
NODE = shutil.which("node", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
#: Window sizes for the three layouts.
SIZES = {"wide": (1440, 944), "narrow": (1024, 844), "phone": (390, 844)}
AXE = WIDGETS / "node_modules" / "axe-core" / "axe.min.js"


def build(folder: Path) -> None:
    """Bundle the page into a folder."""
    assert NODE
    subprocess.run([NODE, str(WIDGETS / "dev" / "build.mjs"), str(folder)], check=True, cwd=WIDGETS)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder's address on this machine."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/index.html"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Editor:
    """A page with a film open, and what its kernel holds."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)

    def open(self, address: str, film: str, *, more: str = "") -> None:
        self.page.goto(f"{address}?film={film}{more}")
        self.page.wait_for_selector(".sr-shot[aria-selected=true]", state="attached")

    @property
    def timeline(self) -> dict[str, Any]:
        """The kernel's film, once it has taken what was sent."""
        self.page.wait_for_function("film.waiting === 0")
        return self.page.evaluate("JSON.parse(JSON.stringify(film.timeline))")

    @property
    def order(self) -> list[str]:
        return [clip["id"] for clip in self.timeline["clips"]]

    def lengths(self) -> dict[str, int]:
        return {clip["id"]: clip["length_frames"] for clip in self.timeline["clips"]}

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """The page's messages of one kind."""
        return self.page.evaluate("kind => film.heard.filter(message => message.type === kind)", kind)

    def shot(self, clip: str) -> Any:
        return self.page.locator(f"[data-clip='{clip}']")

    def box(self, selector: str) -> dict[str, float]:
        box = self.page.locator(selector).first.bounding_box()
        assert box
        return {**box, "right": box["x"] + box["width"], "middle": box["y"] + box["height"] / 2}

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, steps: int = 12) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=steps)
        mouse.up()

    def put_playhead(self, frame: int) -> None:
        self.page.evaluate("frame => { studio.playhead_frame.value = frame; }", frame)

    def focus(self) -> str | None:
        """The shot that has the focus."""
        return self.page.evaluate("document.activeElement?.dataset?.clip ?? null")

    def said(self) -> str:
        return self.page.locator("[role=status][aria-live=polite]").last.inner_text().replace("\xa0", " ").strip()


def new_page(browser: Browser, size: str, *, dark: bool = True) -> Page:
    """A window of one of the three sizes; the phone has touch."""
    width, height = SIZES[size]
    phone = size == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=phone, is_mobile=phone,
        color_scheme="dark" if dark else "light", reduced_motion="reduce",
    )  # fmt: skip
    return context.new_page()
