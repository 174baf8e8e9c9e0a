"""What numbers and names a film's input may hold; the briefs and the templates are checked by these."""

from __future__ import annotations

CHAPTERS = range(1, 61)
WORDS = range(30, 2001)
DEFAULT_CHAPTERS = 1
DEFAULT_WORDS = 260
CAPTION_PRESETS = ("documentary", "cinema", "short-form", "karaoke", "boxed", "pop", "none")
GENRES = (
    "adventure",
    "comedy",
    "crime",
    "drama",
    "family",
    "fantasy",
    "horror",
    "mystery",
    "romance",
    "science fiction",
    "thriller",
    "tragedy",
    "western",
)
