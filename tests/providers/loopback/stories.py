"""What a language model would write, for every vendor's stand-in."""

from __future__ import annotations

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
