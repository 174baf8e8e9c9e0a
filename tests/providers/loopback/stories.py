"""What a language model would write, for every vendor's stand-in."""

from __future__ import annotations

import re
from typing import Any

STORY: dict[str, Any] = {
    "title": "The Last Lighthouse",
    "hook": "The lamp has to burn until the last ship is home, and the oil ends tonight.",
    "genres": ["drama", "mystery", "sea story"],
    "premise": "Mara keeps the light. The oil ends. A ship is late. She burns what she has.",
    "tone": "Quiet and close.",
    "pacing": "Slow, then breathless.",
    "mood": "cold, tense, then hopeful",
    "cast": [
        {"name": "Mara", "role": "keeper", "look": "a woman of sixty in a long blue coat, carrying a brass lantern"}
    ],
    "places": [{"name": "The lamp room", "look": "a round iron room with tall panes, lit by one flame"}],
    "palette": ["#0b1026", "#1f3b57", "#4f7c8a", "#c9a66b", "#f2e2b6"],
}


CHAPTER: dict[str, Any] = {
    "title": "The Lamp",
    "text": "She climbed the stair with the lantern. The sea was loud below her and the glass was dark. " * 2
    + "\n\n"
    + "Far out, one light answered. She turned the handle until the great lamp woke and looked at the water.",
    "summary": "Mara lights the lamp and a ship answers.",
}

SCENE: dict[str, Any] = {
    "subject": "A woman in a blue coat climbs a spiral stair with a brass lantern",
    "camera": "wide shot, low angle",
    "lighting": "one warm flame in the dark",
    "emotion": "resolve",
    "environment": "the iron stair of a lighthouse, storm outside",
    "cast": [STORY["cast"][0]["look"]],
    "palette": STORY["palette"],
}


def written_for(schema: dict[str, Any], asked: str) -> dict[str, Any]:
    """What any of a film's writing requests wants, told by the schema it sends and its words."""
    fields = schema["properties"]
    if "hook" in fields:
        return STORY
    if "scenes" in fields:
        wanted = re.search(r"Answer with exactly (\d+) scenes", asked)
        assert wanted is not None, "a request for scenes says how many"
        number = int(wanted.group(1))
        return {"scenes": [{**SCENE, "subject": f"{SCENE['subject']}, step {step}"} for step in range(1, number + 1)]}
    return {**CHAPTER, "title": re.findall(r"Write chapter (\d+)", asked)[0]}
