"""The writer's stock: settings, plots and shared passages, read once from the text files beside this module.

A file begins with `key: value` lines; sections follow, each headed by `== name arguments`. Lists are parted by ` | `.
A beat or a hook of a plot may have several sections: they are other things that can happen there, not other wordings.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

Time = Literal["dawn", "day", "dusk", "night"]
BEATS = ("open", "want", "call", "doubt", "start", "friend", "trial", "turn", "low", "climax", "end")
PILLARS = frozenset({"open", "call", "turn", "climax", "end"})
ROLES = ("hero", "friend", "elder", "other")
VOICES = (
    "mystery", "fairy tale", "science fiction", "horror", "romance", "comedy", "adventure", "drama", "historical",
    "documentary",
)  # fmt: skip

_TIMES = ("dawn", "day", "dusk", "night")


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a file: its name, what follows the name, and its lines."""

    name: str
    arguments: str
    body: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What empty lines part."""
        return tuple(part.strip() for part in re.split(r"\n\s*\n", self.body) if part.strip())

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that are not empty."""
        return tuple(line.strip() for line in self.body.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class Moment:
    """When a passage plays: a time of day ("" for any) and the weather ("+" fair, "-" foul, "" either)."""

    time: str = ""
    weather: str = ""

    def suits(self, other: Moment) -> bool:
        """Whether a passage of that moment can stand in this one."""
        return self.time in ("", other.time) and self.weather in ("", other.weather)


@dataclass(frozen=True, slots=True)
class Beat:
    """A step of a plot: in one sentence, told briefly (not every beat has that), and told in full in several ways.

    Attributes:
        ties: what must have been settled before for this one to follow, or what it settles; see `Plot.told_as`.
        turns: what a chapter that ends with this beat can end on, so that one wants to hear the next.
    """

    name: str
    title: str
    moment: Moment
    line: str
    brief: tuple[str, ...]
    variants: tuple[str, ...]
    extras: tuple[str, ...]
    ties: frozenset[str] = frozenset()
    turns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """A small story that can stand between two beats.

    Attributes:
        where: "stay" at home, "road" on a journey, "any".
        earthly: it needs a ground and a sky.
        native: its hero has always lived there.
        intrigue: its hero hides, follows, or is followed.
    """

    title: str
    where: str
    earthly: bool
    native: bool
    intrigue: bool
    line: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Texture:
    """One sentence of light, weather and things."""

    moment: Moment
    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A kind of country: its words, its looks, its openings, textures and episodes."""

    name: str
    words: Mapping[str, tuple[str, ...]]
    looks: Mapping[str, str]
    openings: tuple[Texture, ...]
    textures: tuple[Texture, ...]
    episodes: tuple[Episode, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot in eleven beats, and all that is said of it before it begins.

    Attributes:
        words: its header: genres, mood, things, marks by setting and so on.
        settings: in which settings it can play, and how gladly.
        gaps: how much of a long film's other matter goes between each beat and the next.
        roles: role -> (age, what they are).
        glosses: role -> what is put behind the name where a film first has it ("the captain"); not for the hero.
        beats: the eleven, as they happen.
        strands: for each beat all the ways in which it can happen, the first of them in `beats`.
        hooks: ties -> the hook of a story in which they hold.
        episodes: what stands between its beats instead of everybody's episodes, where it has any of its own.
    """

    name: str
    words: Mapping[str, tuple[str, ...]]
    settings: Mapping[str, float]
    gaps: tuple[float, ...]
    roles: Mapping[str, tuple[str, str]]
    glosses: Mapping[str, str]
    hook: str
    premise: tuple[str, ...]
    theme: tuple[str, ...]
    beats: tuple[Beat, ...]
    strands: tuple[tuple[Beat, ...], ...]
    hooks: tuple[tuple[frozenset[str], str], ...]
    episodes: tuple[Episode, ...] = ()

    def told_as(self, rng: random.Random) -> Plot:
        """The plot with one way chosen for each beat, so that one plot is many stories.

        A beat tagged "#flood" settles that; one tagged "@flood" can only follow where it is settled.
        """
        settled: set[str] = set()
        beats = []
        for strands in self.strands:
            beat = rng.choice([strand for strand in strands if _needs(strand.ties) <= settled])
            settled |= {tie.removeprefix("#") for tie in beat.ties if tie.startswith("#")}
            beats.append(beat)
        fitting = [hook for ties, hook in self.hooks if _needs(ties) <= settled]
        return replace(self, beats=tuple(beats), hook=rng.choice(fitting))

    def word(self, key: str, setting: str = "") -> tuple[str, ...]:
        """A header's variants, those for the setting first."""
        return self.words.get(f"{key} {setting}") or self.words.get(key) or ()


@dataclass(frozen=True, slots=True)
class Shared:
    """What any story may use."""

    episodes: tuple[Episode, ...]
    memories: tuple[str, ...]
    reflections: tuple[str, ...]
    talks: tuple[str, ...]
    leads: tuple[str, ...]
    ties: tuple[str, ...]
    links: tuple[str, ...]


@cache
def settings() -> Mapping[str, Setting]:
    """All settings by name."""
    return {name: _setting(name, text) for name, text in _texts("settings")}


@cache
def plots() -> Mapping[str, Plot]:
    """All plots by name."""
    return {name: _plot(name, text) for name, text in _texts("plots")}


@cache
def shared() -> Shared:
    """The passages that belong to no plot or setting."""
    sections = {section.name: section for section in read_sections("shared/reflections.txt")}
    return Shared(
        episodes=tuple(_episode(section) for section in read_sections("shared/episodes.txt")),
        memories=sections["memory"].paragraphs,
        reflections=sections["reflection"].paragraphs,
        talks=sections["talk"].paragraphs,
        leads=sections["lead"].paragraphs,
        ties=sections["tie"].paragraphs,
        links=sections["link"].lines,
    )


def read_sections(name: str) -> list[Section]:
    """The sections of a file beside this module."""
    return _read(read_text(name))[1]


def read_text(name: str) -> str:
    """A file beside this module."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def word_list(name: str) -> tuple[str, ...]:
    """A list of `names.txt`."""
    for section in read_sections("names.txt"):
        if f"{section.name} {section.arguments}".strip() == name:
            return tuple(section.body.split())
    raise KeyError(name)


def _texts(folder: str) -> list[tuple[str, str]]:
    found = [entry for entry in files(__package__).joinpath(folder).iterdir() if entry.name.endswith(".txt")]
    return sorted((entry.name.removesuffix(".txt"), entry.read_text(encoding="utf-8")) for entry in found)


def _read(text: str) -> tuple[dict[str, tuple[str, ...]], list[Section]]:
    head, *parts = re.split(r"^== ", text, flags=re.MULTILINE)
    words: dict[str, tuple[str, ...]] = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if colon:
            words[key.strip()] = tuple(part.strip() for part in value.split(" | "))
    sections = []
    for part in parts:
        heading, _, body = part.partition("\n")
        name, _, arguments = heading.strip().partition(" ")
        sections.append(Section(name, arguments.strip(), body.strip()))
    return words, sections


def _moment(text: str) -> Moment:
    text = text.strip()
    weather = text[-1:] if text[-1:] in "+-" else ""
    time = text.rstrip("+-")
    return Moment(time if time in _TIMES else "", weather)


def _episode(section: Section) -> Episode:
    title, _, tags = section.arguments.partition("|")
    first, _, rest = section.body.partition("\n")
    where = next((tag for tag in tags.split() if tag in ("stay", "road")), "any")
    return Episode(
        title=title.strip(),
        where=where,
        earthly="earth" in tags.split(),
        native="native" in tags.split(),
        intrigue="intrigue" in tags.split(),
        line=first.removeprefix("line:").strip(),
        paragraphs=tuple(part.strip() for part in re.split(r"\n\s*\n", rest) if part.strip()),
    )


def _setting(name: str, text: str) -> Setting:
    words, sections = _read(text)
    openings = [
        Texture(_moment(section.arguments), paragraph)
        for section in sections
        if section.name == "open"
        for paragraph in section.paragraphs
    ]
    textures = []
    for section in sections:
        if section.name == "texture":
            for line in section.lines:
                moment, _, sentence = line.partition(" ")
                textures.append(Texture(_moment(moment), sentence))
    return Setting(
        name=name,
        words={key: value for key, value in words.items() if not key.startswith("look ")},
        looks={key.removeprefix("look "): value[0] for key, value in words.items() if key.startswith("look ")},
        openings=tuple(openings),
        textures=tuple(textures),
        episodes=tuple(_episode(section) for section in sections if section.name == "episode"),
    )


def _plot(name: str, text: str) -> Plot:
    words, sections = _read(text)
    by_name: dict[str, list[Section]] = {}
    for section in sections:
        by_name.setdefault(section.name, []).append(section)
    weights = (part.strip().rsplit(" ", 1) for part in words["settings"][0].split(","))
    titles = zip(BEATS, words["beat titles"], strict=True)
    strands = tuple(tuple(_beat(section, title) for section in by_name[beat]) for beat, title in titles)
    return Plot(
        name=name,
        words=words,
        settings={setting: float(weight) for setting, weight in weights},
        gaps=tuple(float(gap) for gap in words["gaps"][0].split()),
        roles={role: (words[role][0], words[role][1]) for role in ROLES},
        glosses={role: words[f"gloss {role}"][0] for role in ROLES if f"gloss {role}" in words},
        hook=by_name["hook"][0].body,
        premise=by_name["premise"][0].lines,
        theme=by_name["theme"][0].lines,
        beats=tuple(ways[0] for ways in strands),
        strands=strands,
        hooks=tuple((_ties(section.arguments), section.body) for section in by_name["hook"]),
        episodes=tuple(_episode(section) for section in by_name.get("episode", ())),
    )


def _ties(arguments: str) -> frozenset[str]:
    return frozenset(part for part in arguments.split() if part[0] in "@#")


def _needs(ties: frozenset[str]) -> set[str]:
    return {tie.removeprefix("@") for tie in ties if tie.startswith("@")}


def _beat(section: Section, title: str) -> Beat:
    by_mark: dict[str, list[str]] = {"line": [], "brief": [], "variant": [], "extra": [], "turn": []}
    for line in section.lines:
        if line.startswith("line:"):
            by_mark["line"].append(line.removeprefix("line:").strip())
        elif line.startswith("+"):
            by_mark["extra"].append(line[1:].strip())
        elif line.startswith(">"):
            by_mark["turn"].append(line[1:].strip())
        elif line.startswith("s:"):
            by_mark["brief"].append(line.removeprefix("s:").strip())
        else:
            by_mark["variant"].append(line.partition(":")[2].strip())
    return Beat(
        name=section.name,
        title=title,
        moment=_moment(section.arguments.partition("#")[0].partition("@")[0]),
        line=by_mark["line"][0],
        brief=tuple(by_mark["brief"]),
        variants=tuple(by_mark["variant"]),
        extras=tuple(by_mark["extra"]),
        ties=_ties(section.arguments),
        turns=tuple(by_mark["turn"]),
    )
