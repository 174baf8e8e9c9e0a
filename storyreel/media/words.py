"""Spoken words as values: the pauses between them."""

from __future__ import annotations

SENTENCE_PAUSE_S = 0.32
CLAUSE_PAUSE_S = 0.18
PARAGRAPH_PAUSE_S = 0.75


def pause_after_s(word: str, paragraph_ends: bool) -> float:
    """How long a narrator breathes after a word, by the punctuation it carries."""
    if paragraph_ends:
        return PARAGRAPH_PAUSE_S
    return SENTENCE_PAUSE_S if word.rstrip("\"'”’)").endswith((".", "!", "?", "…", ":")) else CLAUSE_PAUSE_S
