"""Moods and weather by words: what a scene's music is like, and what its pictures feel. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MOODS: tuple[tuple[str, str], ...] = (
    ("tense, dark, urgent", r"gun|knife|blood|scream\w*|chase\w*|fight\w*|run(?:s|ning)? for|danger|threat\w*|attack\w*|explo\w*|murder\w*|kill\w*|dagger|sword|duel|pistol\w*|witch\w*"),
    ("fearful, eerie, slow", r"ghost\w*|haunt\w*|dread\w*|afraid|terror|terrified|horror|shadow\w*|creep\w*|trembl\w*|grave\w*|corpse|spectre|skull"),
    ("sad, slow, tender", r"weep\w*|cr(?:y|ies|ied|ying)\b|tears?|funeral|mourn\w*|grief|died|dead|farewell|goodbye|alone|lonely|sob\w*"),
    ("warm, tender, romantic", r"kiss\w*|embrac\w*|love\w*|darling|dearest|sweetheart|marry|marriage|propos\w*|wedding"),
    ("joyful, playful, light", r"laugh\w*|jok\w*|danc\w*|party|sing\w*|delight\w*|cucumber|muffin\w*|tea|piano|amus\w*|funny|smil\w*"),
    ("wonder, mystery, luminous", r"magic\w*|stars?|wonder\w*|strange|myster\w*|secret\w*|glow\w*|dream\w*|fairy|enchant\w*"),
    ("hopeful, rising, bright", r"hope\w*|sunrise|dawn|free|freedom|saved|home again|win|victor\w*|triumph\w*"),
)  # fmt: skip
_BY_GENRE: Mapping[str, str] = {
    "comedy": "joyful, playful, light", "romance": "warm, tender, romantic", "drama": "calm, reflective, serious",
    "thriller": "tense, dark, urgent", "horror": "fearful, eerie, slow", "mystery": "mystery, quiet, curious",
    "fantasy": "wonder, mystery, luminous", "science fiction": "wonder, ethereal, space", "adventure": "adventure, rising, bright",
    "crime": "tense, dark, slow", "family": "warm, gentle, playful", "tragedy": "sad, slow, tender", "western": "adventure, lonely, wide",
}  # fmt: skip
_WEATHER: tuple[tuple[str, str], ...] = (
    ("storm", r"lightning|tempest|thunderstorm|storm\w*|gale|hurricane"),
    ("rain", r"rain\w*|drizzl\w*|downpour"),
    ("snow", r"snow\w*|blizzard"),
    ("fog", r"fog\w*|mist\w*"),
    ("wind", r"wind|windy|gust\w*|breeze"),
)
_FEELINGS: Mapping[str, str] = {
    r"whisper\w*|quiet\w*|soft\w*|gent\w*|tender\w*|low": "tender, quiet",
    r"shout\w*|yell\w*|ang\w*|furious\w*|cr(?:ies|ying)|rag\w*|indignant\w*|fierce\w*|sharp\w*|stern\w*|sever\w*": "tense, angry",
    r"frighten\w*|afraid|terrif\w*|trembl\w*|nervous\w*|anxious\w*|horrif\w*": "fear, uneasy",
    r"sad\w*|weep\w*|sob\w*|tearful\w*|broken\w*|sigh\w*|bitter\w*": "grief, melancholy",
    r"laugh\w*|smil\w*|cheer\w*|happ\w*|delight\w*|amus\w*|airi?ly|gay\w*|jok\w*|languid\w*|wry\w*": "joy, playful",
    r"wonder\w*|astonish\w*|surpris\w*|amaz\w*|curious\w*": "wonder, curious",
    r"hope\w*|eager\w*|excited\w*": "hopeful",
}  # fmt: skip


def mood_of(text: str, genre: str = "") -> str:
    """The mood that a scene's words tell most often, else the genre's, else a calm one."""
    counts = [(len(re.findall(rf"\b(?:{words})\b", text, re.IGNORECASE)), -at) for at, (_, words) in enumerate(_MOODS)]
    most, at = max(counts)
    # A word or two in a long scene are an accident, not its mood.
    if most and most >= len(text.split()) / 150:
        return _MOODS[-at][0]
    return _BY_GENRE.get(genre.strip().lower(), "calm, reflective, quiet")


def weather_of(text: str) -> str:
    """The weather that a text tells, or ""; one that is only spoken of is not asked about, so give actions alone."""
    return next((name for name, words in _WEATHER if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)), "")


def feeling_of(manner: str) -> str:
    """What a manner of speaking lets a viewer feel, or "" where the words say nothing of it."""
    found = (feeling for words, feeling in _FEELINGS.items() if re.search(rf"\b(?:{words})\b", manner, re.IGNORECASE))
    return next(found, "")
