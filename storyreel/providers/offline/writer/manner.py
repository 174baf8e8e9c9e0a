"""How a story is told, whatever happens in it: the voice of its genre, and the motif that keeps coming back.

A voice begins the film, thinks aside in it, and ends a chapter on a turn where the plot has no turn of its own there. A
motif is planted near the beginning, comes back in every chapter, and is seen once more, changed, after the end. Where
no person, place or thing of the story has the title's words, the motif carries them.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from storyreel.providers.offline.writer.library import VOICES, Plot, Section, read_sections
from storyreel.providers.offline.writer.titles import Reading

# One point of the title's evidence makes a voice this many times as likely.
_FAVOUR = 1.5
_ASKED_FOR = 12.0
# The genres that templates and plots are headed with, where they are not a voice's own name.
_VOICE_OF_GENRE: Mapping[str, str] = {
    "crime": "mystery", "thriller": "mystery", "ghost story": "horror", "fantasy": "fairy tale", "family": "comedy",
    "friendship": "comedy", "epic": "adventure", "history": "historical", "education": "documentary",
    "news": "documentary", "disaster": "drama", "sport": "adventure", "coming of age": "fairy tale",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voice:
    """A genre's way of speaking.

    Attributes:
        begins: what is said before the story begins.
        turns: last words of a chapter that is not the last.
        asides: what the teller thinks between two things that happen.
    """

    name: str
    begins: tuple[str, ...]
    turns: tuple[str, ...]
    asides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Motif:
    """Something seen or heard again and again.

    Attributes:
        kind: "titled" quotes the title's words, "sign" stands for a title that cannot be read aloud, "image" shows a
            noun of the title, "plain" comes from nowhere.
        earthly: it needs a ground and a sky.
        plants, returns, lasts: its first appearance, the later ones, and the one after the end.
    """

    name: str
    kind: str
    earthly: bool
    plants: tuple[str, ...]
    returns: tuple[str, ...]
    lasts: tuple[str, ...]


@cache
def voices() -> Mapping[str, Voice]:
    """All voices by name."""
    told = {(section.name, section.arguments): section.paragraphs for section in read_sections("shared/voices.txt")}
    return {
        name: Voice(name, *(told[name.replace(" ", "-"), part] for part in ("begin", "turn", "aside")))
        for name in VOICES
    }


@cache
def motifs() -> tuple[Motif, ...]:
    """All motifs."""
    return tuple(_motif(section) for section in read_sections("shared/motifs.txt"))


def voice_of(plot: Plot, reading: Reading, asked: frozenset[str], rng: random.Random) -> Voice:
    """One of the voices a plot can be told in, as the title and the genres asked for would have it."""
    weights = _weighted(plot)
    for name, points in reading.voices.items():
        if name in weights:
            weights[name] *= _FAVOUR**points
    for genre in asked:
        name = _VOICE_OF_GENRE.get(genre.lower(), genre.lower())
        if name in weights:
            weights[name] *= _ASKED_FOR
    return voices()[rng.choices(list(weights), list(weights.values()))[0]]


def motif_of(kind: str, setting: str, rng: random.Random) -> Motif:
    """A motif of a kind that can be met in the setting."""
    return rng.choice(
        [motif for motif in motifs() if motif.kind == kind and not (motif.earthly and setting == "space")]
    )


def _weighted(plot: Plot) -> dict[str, float]:
    named = [part.strip().rsplit(" ", 1) for part in plot.words["voices"][0].split(",")]
    return {name: float(weight) for name, weight in named}


def _motif(section: Section) -> Motif:
    name, _, tags = section.arguments.partition("|")
    parts: dict[str, list[str]] = {"plant": [], "back": [], "last": []}
    for line in section.lines:
        part, _, text = line.partition(":")
        parts[part].append(text.strip())
    return Motif(
        name=name.strip(),
        kind=section.name,
        earthly="earth" in tags.split(),
        plants=tuple(parts["plant"]),
        returns=tuple(parts["back"]),
        lasts=tuple(parts["last"]),
    )
