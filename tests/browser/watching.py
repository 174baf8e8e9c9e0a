"""A page that is watched while a test uses it: what went wrong on it, and what it asked of other hosts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Request

from strip_page import AXE

SCREENSHOTS = Path(__file__).parent / "screenshots"
START_S = 90


@dataclass
class Watched:
    """A page and what went wrong on it or left this machine."""

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, address: str) -> Page:
        """The page once its panels are there."""
        self.page.goto(address, timeout=START_S * 1000)
        self.page.wait_for_selector(".storyreel .rl-header", timeout=START_S * 1000)
        return self.page

    def keep_screenshot(self, name: str) -> None:
        """Kept beside the tests, for people to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


def serious_faults(page: Page, within: str) -> list[Any]:
    """What axe-core finds in a part of a page that would keep people out: rule, elements and why."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(
        """within => axe.run(within, { resultTypes: ['violations'] }).then(found => found.violations
        .filter(each => ['serious', 'critical'].includes(each.impact))
        .map(each => [each.id, each.nodes.slice(0, 3).map(node => [node.html, node.failureSummary])]))""",
        within,
    )
