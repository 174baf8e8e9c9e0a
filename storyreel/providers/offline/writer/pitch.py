"""The story before its chapters: hook, premise, cast, places and colours, told from a bible."""

from __future__ import annotations

import re
from typing import Any

from storyreel.providers.offline.writer.bible import Bible
from storyreel.providers.offline.writer.grammar import capitalised
from storyreel.providers.offline.writer.library import ROLES

_PLACES = ("home", "mark", "wild", "inside", "far")


def pitch(bible: Bible) -> dict[str, Any]:
    """A story as JSON values, in the shape of `storyreel.story.model.Story`."""
    rng = bible.rng("pitch")
    words = bible.plot.words
    premise = [
        *(bible.told(sentence, rng) for sentence in bible.plot.premise),
        *(bible.told(beat.line, rng) for beat in bible.plot.beats),
        *(bible.told(sentence, rng) for sentence in bible.plot.theme),
    ]
    return {
        "title": bible.title,
        "hook": bible.told(bible.plot.hook, rng),
        "genres": words["genres"],
        "premise": _with_full_names(" ".join(premise), bible),
        "tone": rng.choice(words["tone"]),
        "pacing": rng.choice(words["pacing"]),
        "mood": words["mood"][0],
        "cast": [
            {
                "name": bible.cast[role].full_name,
                "role": bible.told(bible.cast[role].what, rng),
                "look": bible.cast[role].look,
            }
            for role in ROLES
        ],
        "places": _places(bible),
        "palette": bible.palette,
    }


def _with_full_names(text: str, bible: Bible) -> str:
    """Everybody's full name where they are first named."""
    for role in ROLES:
        person = bible.cast[role]
        if person.full_name not in text:
            text = re.sub(rf"\b{re.escape(person.name)}\b", person.full_name, text, count=1)
    return text


def _places(bible: Bible) -> list[dict[str, str]]:
    slots, looks = bible.slots, bible.setting.looks
    names = {
        "home": slots["home"],
        "mark": slots["themark"],
        "wild": slots["wild"],
        "inside": f"the {slots['house']} in {slots['home']}",
        "far": slots["far"],
    }
    # Only a journey comes to the far place.
    kept = [key for key in _PLACES if key != "far" or bible.plot.word("kind") == ("road",)]
    places = []
    for key in kept:
        look = f"{slots['a_mark']} {looks['mark']}" if key == "mark" else looks[key]
        places.append({"name": capitalised(names[key]), "look": look})
    return places
