"""Pictures for a recording: what each segment's words, and the whole talk around them, say of place, people and things.

There is no story to go by, so one is read out of the transcript first: where most of it happens becomes the place that
is shown when a segment names none. After that segments are read as passages of a chapter are.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from storyreel.providers.offline.writer.names import palette
from storyreel.providers.offline.writer.scenes import found_phrases, scenes

_ANYWHERE = "a quiet wide landscape with a road, a lone tree and distant hills"
_TITLE_CHARACTERS = 200
# The palettes are those of the plot grammar's settings; a place chooses the one it is most like.
_SETTING_OF_PLACE: Mapping[str, tuple[str, ...]] = {
    "coast": ("harbour", "beach", "island", "lighthouse", "cliff high"),
    "sea": ("sea", "boat", "ship's"),
    "north": ("ice",),
    "mountain": ("mountain", "cave"),
    "forest": ("forest", "river"),
    "city": ("street", "square", "rooftops", "station", "museum", "tavern"),
    "desert": ("desert",),
    "space": ("spaceship",),
}


def pictures(facts: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """One scene for each passage, in the shape of `SceneDescription`."""
    whole = str(facts.get("whole", "")) or " ".join(facts["passages"])
    places = found_phrases("place", _to_be_seen(whole))
    outdoors = [place for place in places if "interior" not in place]
    home = (outdoors or places or [_ANYWHERE])[0]
    title = str(facts["title"])[:_TITLE_CHARACTERS]
    first = int(facts.get("first", 1))
    story = {
        "title": title,
        "cast": [],
        "places": [{"name": home, "look": home}],
        "palette": list(palette(_setting(home), random.Random(f"{title}|{seed}|palette"))),
    }
    # What was said just before sets place, time and weather for the first picture.
    passages = [_to_be_seen(str(passage)) for passage in (facts.get("before", ""), *facts["passages"])]
    read = scenes({"story": story, "chapter": {"number": first}, "chapters": first, "passages": passages}, seed)
    return read[1:]


# Talk is full of words that name a thing and do not mean one.
_NOT_SEEN = (
    (re.compile(r"\bo ?['’] ?clock\b", re.I), ""),
    (re.compile(r"\b(before|after|at|for|since|until) (breakfast|supper|dinner|lunch)\b", re.I), r"\1 then"),
    (re.compile(r"\b(to|and|we|they|I|you|he|she|could|would|will|can|let's) watch(ed|es)?\b", re.I), r"\1 look at"),
    (re.compile(r"\b(lay|lie|lies|lying|stood|stand|sat) still\b", re.I), "kept still"),
    (re.compile(r"\b(come|came|comes|coming|went|go|goes|get|got) (up|down|on|in|out) (to|with)\b", re.I), r"\1 \3"),
)


def _to_be_seen(text: str) -> str:
    for pattern, instead in _NOT_SEEN:
        text = pattern.sub(instead, text)
    return text


def _setting(place: str) -> str:
    for setting, words in _SETTING_OF_PLACE.items():
        if any(word in place for word in words):
            return setting
    return "village"
