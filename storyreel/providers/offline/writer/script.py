"""A short screenplay from the plot grammar: its story told briefly, read as prose is, and written down in Fountain."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from storyreel.providers.offline.writer.bible import Bible, bible
from storyreel.providers.offline.writer.grammar import capitalised
from storyreel.providers.offline.writer.library import PILLARS, ROLES
from storyreel.providers.offline.writer.prose import script_of

_WORDS_A_SECOND = 2.2
_LEAST_WORDS = 60
_TRIES = 60
_TITLES = (
    "The Unlit Window", "A Key to Nowhere", "The Last Letter", "Three Knocks", "The Borrowed Boat", "What the River Kept",
    "The Empty Chair", "A Light Left On", "The Other Door", "Snow in the Clock", "The Quiet Bell", "A Map of Salt",
)  # fmt: skip
_GENRES: Mapping[str, tuple[str, ...]] = {
    "adventure": ("Adventure", "Epic"), "comedy": ("Comedy", "Friendship"), "crime": ("Crime", "Thriller"), "drama": ("Drama",),
    "family": ("Family", "Friendship"), "fantasy": ("Fantasy", "Fairy Tale"), "horror": ("Horror", "Ghost Story"), "mystery": ("Mystery",),
    "romance": ("Romance",), "science fiction": ("Science Fiction",), "thriller": ("Thriller", "Crime"), "tragedy": ("Disaster", "Drama"),
    "western": ("Adventure",),
}  # fmt: skip


def script(facts: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """A screenplay, in the shape of `storyreel.story.script.ScriptDraft`."""
    title = str(facts.get("title") or "")
    rng = random.Random(f"{title}|{facts.get('idea', '')}|{facts.get('genre', '')}|{seed}|script")
    called = title or rng.choice(_TITLES)
    found = _bible_of(str(facts.get("idea") or called), _genre(facts), seed)
    beats = _told(found, max(_LEAST_WORDS, round(float(facts["length_s"]) * _WORDS_A_SECOND)), rng)
    people = [{"name": person.name, "look": person.look, "sex": person.sex} for person in _people(found)]
    place = capitalised(found.slots["home"])
    play = script_of({"text": "\n\n".join(beats), "people": people, "place": place})
    summary = " ".join(found.told(beat.line, rng) for beat in found.plot.beats if beat.name in ("open", "call", "end"))
    return {"title": called, "summary": summary, "fountain": _fountain(play, found)}


def _genre(facts: Mapping[str, Any]) -> str:
    """What was asked for, else what the template is."""
    return str(facts.get("genre") or (facts.get("template") or {}).get("script_genre", ""))


def _bible_of(asked: str, genre: str, seed: int) -> Bible:
    """The first bible, by seed, whose plot is of the genre; any where none is."""
    wanted = set(_GENRES.get(genre, ()))
    for attempt in range(_TRIES if wanted else 0):
        found = bible(asked, seed + 1000 * attempt)
        if wanted & set(found.plot.words["genres"]):
            return found
    return bible(asked, seed)


def _told(found: Bible, words: int, rng: random.Random) -> list[str]:
    """The plot's pillars as paragraphs, in one sentence each at first, then told with more talk while there is room."""
    beats = [beat for beat in found.plot.beats if beat.name in PILLARS]
    told = [found.told(beat.line, rng) for beat in beats]
    room = words - sum(len(text.split()) for text in told)
    fuller = [[found.told(text, rng) for text in (*beat.brief, *beat.variants)] for beat in beats]
    while True:
        gains = []
        for number, options in enumerate(fuller):
            for text in options:
                more = len(text.split()) - len(told[number].split())
                talk = text.count("“") - told[number].count("“")
                if 0 < more <= room:
                    gains.append(((talk + 0.25) / more, number, text, more))
        if not gains:
            return told
        _, number, text, more = max(gains)
        told[number], fuller[number] = text, []
        room -= more


def _people(found: Bible) -> list[Any]:
    return [found.cast[role] for role in ROLES]


def _fountain(told: Mapping[str, Any], found: Bible) -> str:
    written: list[str] = []
    introduced: set[str] = set()
    looks = {person.name: person.look for person in _people(found)}
    for scene in told["scenes"]:
        place = str(scene.get("place") or found.slots["home"])
        prefix = "INT." if scene.get("interior") == "interior" else "EXT."
        time = str(scene.get("time") or "day")
        written.append(f"{prefix} {place.upper()} - {time.upper()}")
        for beat in scene["beats"]:
            if beat["kind"] == "speech":
                manner = f"\n({beat['manner']})" if beat.get("manner") else ""
                written.append(f"@{beat['character']}{manner}\n{beat['text']}")
            else:
                written.append("!" + _introducing(beat["text"], looks, introduced))
    return "\n\n".join(written) + "\n"


def _introducing(text: str, looks: Mapping[str, str], introduced: set[str]) -> str:
    """An action in which whoever is named for the first time is described."""
    for name, look in looks.items():
        match = re.search(rf"(?<!\w){re.escape(name)}(?!\w|['’])", text)
        if name not in introduced and match:
            introduced.add(name)
            text = f"{text[: match.start()]}{name} ({look}){text[match.end() :]}"
    return text
