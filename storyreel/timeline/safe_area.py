"""Where text may stand: what televisions and players' own controls leave free of a frame.

The margins are data with a date, since players change their controls every few months. In wide and square frames every
platform keeps the television's margins; in tall frames each has its own. Where sources disagree the wider margin is
taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from storyreel.errors import InputError
from storyreel.timeline.captions import shape_of


class Edges(NamedTuple):
    """A rectangle in pixels from the frame's top left corner; right and bottom are excluded."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Margins:
    """What stays free at each side: shares of the frame's width (left, right) and height (top, bottom).

    Attributes:
        source: who says so.
        dated: when they said it, as YYYY-MM.
    """

    left: float
    top: float
    right: float
    bottom: float
    source: str
    dated: str


TELEVISION = Margins(0.05, 0.05, 0.05, 0.05, "EBU R 95 rev. 1, graphics safe area", "2017-06")

TALL: dict[str, Margins] = {
    "cinema": TELEVISION,
    "reels": Margins(
        0.06, 0.14, 0.112, 0.35, "Meta Ads Guide, Reels (14/35/6 %); right rail 120 px: blitzcutai.com", "2026-03"
    ),
    "shorts": Margins(
        0.10, 0.10, 0.10, 0.25, "youraithumbnailgenerator.com (bottom 480 px); shortsfire.com (sides 10 %)", "2026-01"
    ),
    "tiktok": Margins(
        0.056, 0.079, 0.152, 0.23, "adfuseai.com (150/440 px); blitzcutai.com (left 60, right 164 px)", "2026-01"
    ),
    "youtube": TELEVISION,
}
PLATFORMS = tuple(sorted(TALL))


def margins(platform: str, width_px: int, height_px: int) -> Margins:
    """What a platform wants kept free in a frame of a size.

    Args:
        platform: one of `PLATFORMS`, or "" for a film that must be right on all of them.

    Raises:
        InputError: the platform is unknown.
    """
    if platform and platform not in TALL:
        raise InputError(f"there is no safe area for the platform {platform!r}: choose one of {', '.join(PLATFORMS)}")
    if shape_of(width_px, height_px) != "tall":
        return TELEVISION
    if platform:
        return TALL[platform]
    return Margins(
        left=max(each.left for each in TALL.values()),
        top=max(each.top for each in TALL.values()),
        right=max(each.right for each in TALL.values()),
        bottom=max(each.bottom for each in TALL.values()),
        source="the widest margins of " + ", ".join(PLATFORMS),
        dated=max(each.dated for each in TALL.values()),
    )


def safe_area(platform: str, width_px: int, height_px: int) -> Edges:
    """The rectangle of a frame that text should stay inside; see `margins`."""
    free = margins(platform, width_px, height_px)
    return Edges(free.left * width_px, free.top * height_px, (1 - free.right) * width_px, (1 - free.bottom) * height_px)
