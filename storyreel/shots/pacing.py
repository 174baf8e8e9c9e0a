"""About how long it takes to say a text, and to see what it tells. Pure."""

from __future__ import annotations

import re

SPOKEN_CHARACTERS_PER_S = 14.5
"""About 165 words of English a minute, which lies in the 160 to 180 that the BBC's subtitle guidelines call natural."""
ACTION_WORD_S = 0.3
SHORTEST_ACTION_S, LONGEST_ACTION_S = 2.2, 8.0


def speech_s(text: str) -> float:
    """How long a text takes to say, in seconds: its letters, and a rest for each mark between clauses or sentences."""
    clauses = sum(text.count(mark) for mark in ",;:—")
    sentences = sum(text.count(mark) for mark in ".!?…")
    return round(0.35 + len(text) / SPOKEN_CHARACTERS_PER_S + 0.12 * clauses + 0.22 * max(0, sentences - 1), 2)


def action_s(text: str) -> float:
    """How long an action needs to be seen, in seconds: in proportion to the words that tell it, within bounds."""
    text = unbracketed(text)
    return round(min(max(0.9 + ACTION_WORD_S * len(text.split()), SHORTEST_ACTION_S), LONGEST_ACTION_S), 2)


def unbracketed(text: str) -> str:
    """A text without what stands in brackets: an action's are for whoever paints it, and take no time."""
    return re.sub(r"\s*\([^()]*\)", "", text)
