"""A film's chapters: for an MP4's menu, and as the list that YouTube reads in a description. Pure."""

from __future__ import annotations

from itertools import pairwise

from pydantic import BaseModel, Field

from storyreel.timeline.model import Timeline

YOUTUBE_LEAST_CHAPTERS, YOUTUBE_LEAST_S = 3, 10


class Chapter(BaseModel, frozen=True, extra="forbid"):
    """A chapter's title and its frames, end excluded."""

    title: str
    start_frame: int = Field(ge=0)
    end_frame: int = Field(ge=1)


def chapters(timeline: Timeline) -> tuple[Chapter, ...]:
    """The chapters that a film's cards part it into; they tile it, and a film without cards is one.

    A card comes up shortly after its chapter begins, so a chapter begins with the clip that its card is shown over. The
    film's own title card opens the first chapter, which has the name below the title where there is one.
    """
    begun: dict[int, str] = {}
    for card in sorted(timeline.cards, key=lambda card: card.start_frame):
        start = max((clip.start_frame for clip in timeline.clips if clip.start_frame <= card.start_frame), default=0)
        is_title = not begun and card.title == timeline.title and card.subtitle
        begun[start if begun else 0] = card.subtitle if is_title else card.title
    if not begun:
        begun = {0: timeline.title or "Film"}
    edges = [*sorted(begun), timeline.length_frames]
    return tuple(
        Chapter(title=" ".join(begun[start].split()) or f"Chapter {number}", start_frame=start, end_frame=end)
        for number, (start, end) in enumerate(pairwise(edges), 1)
        if end > start
    )


def youtube_chapters(timeline: Timeline) -> str:
    """The chapters as YouTube reads them in a description, one "0:00 Title" a line."""
    hours = timeline.rate.seconds(timeline.length_frames) >= 3600
    return "".join(
        f"{_clock(timeline.rate.seconds(each.start_frame), hours)} {each.title}\n" for each in chapters(timeline)
    )


def youtube_fault(timeline: Timeline) -> str:
    """Why YouTube will show no chapters of a film, in one sentence; "" if it will.

    It wants at least three, each at least ten seconds long (support.google.com/youtube/answer/9884579).
    """
    found = chapters(timeline)
    if len(found) < YOUTUBE_LEAST_CHAPTERS:
        return f"YouTube shows chapters from three on, and this film has {len(found)}"
    for each in found:
        if timeline.rate.seconds(each.end_frame - each.start_frame) < YOUTUBE_LEAST_S:
            return f"YouTube shows chapters of ten seconds or more, and {each.title!r} is shorter"
    return ""


def _clock(seconds: float, hours: bool) -> str:
    whole = int(seconds)
    if hours:
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 60}:{whole % 60:02}"
