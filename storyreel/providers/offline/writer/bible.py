"""All that is settled before a word of a story is written: plot, setting, cast, and what each slot stands for."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from storyreel.providers.offline.writer import names
from storyreel.providers.offline.writer.facts import plain_facts
from storyreel.providers.offline.writer.grammar import expanded, takes_an
from storyreel.providers.offline.writer.library import ROLES, Plot, Setting, plots, settings
from storyreel.providers.offline.writer.manner import Motif, Voice, motif_of, voice_of
from storyreel.providers.offline.writer.titles import Reading, read_title

_PRONOUNS = {
    "f": {"he": "she", "him": "her", "his": "her", "hers": "hers", "himself": "herself", "man": "woman", "boy": "girl"}
    | {"brother": "sister", "father": "mother", "son": "daughter"},
    "m": {"he": "he", "him": "him", "his": "his", "hers": "his", "himself": "himself", "man": "man", "boy": "boy"}
    | {"brother": "brother", "father": "father", "son": "son"},
}
_PREFIX = {"hero": "", "friend": "f", "elder": "e", "other": "o"}
_AGES = ("child", "young", "adult", "old")
# A tie between plots is broken by chance; one point of evidence more makes a plot this many times as likely.
_FAVOUR = 5.0
_GENRE_WEIGHTS = (4.0, 2.0, 1.0)
_LONGEST_QUOTATION = 8
_SHOWN = ("creature", "beast", "thing", "machine", "building", "site")
# What hangs in the sky is nobody's meeting place, except where people live there.
_OVERHEAD = frozenset(["planet", "asteroid", "comet"])
_ENDS = " .!?…,;:'‘’-–—("
_PROPER = frozenset(["Moon", "Sun", "Earth"])
# What a title wraps its subject in.
_WRAPPED = re.compile(
    r"^(?:understanding|(?:an? )?introduction to|the basics of|(?:a |the )?guide to|facts about)\s+|"
    r"\s+(?:explained|for beginners|made simple|101)$",
    re.IGNORECASE,
)
_AUXILIARIES = frozenset(
    ["do", "does", "did", "is", "are", "was", "were", "can", "could", "will", "would", "should", "has", "have"]
)
_ASKS = frozenset(["how", "why", "what", "when", "where", "who"])


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast, as the grammar needs them."""

    role: str
    name: str
    full_name: str
    sex: str
    age: str
    what: str
    look: str


@dataclass(frozen=True, slots=True)
class Bible:
    """A story's fixed points.

    Attributes:
        cast: role -> person; "pal" is a neighbour who helps out in episodes where the plot has no companion for them.
        slots: what each slot of a passage stands for.
        voice: how it is told.
        motif: what comes back in it; it quotes the title's words where they stand in no slot.
    """

    title: str
    seed: int
    reading: Reading
    plot: Plot
    setting: Setting
    cast: Mapping[str, Person]
    slots: Mapping[str, str]
    palette: tuple[str, ...]
    voice: Voice
    motif: Motif

    def rng(self, purpose: str) -> random.Random:
        """A source of chance of its own for each purpose, the same on every machine."""
        return random.Random(f"{self.title}|{self.seed}|{purpose}")

    def told(self, template: str, rng: random.Random, *, slots: Mapping[str, str] | None = None) -> str:
        """A passage with its slots filled."""
        return expanded(template, self.slots if slots is None else slots, rng)

    @property
    def pal_slots(self) -> Mapping[str, str]:
        """The slots of an episode, in which "friend" is the pal."""
        return {**self.slots, **_person_slots("friend", self.cast["pal"])}


@lru_cache(maxsize=64)
def bible(title: str, seed: int, genres: Collection[str] = ()) -> Bible:
    """Decide everything that a title and a seed decide; a plot of one of the genres is wanted, where there is one."""
    reading = read_title(title)
    rng = random.Random(f"{reading.title}|{seed}|bible")
    plot, setting = _plot_and_setting(reading, rng, frozenset(genres))
    return set_in(reading, seed, plot, setting, rng, frozenset(genres))


def set_in(
    reading: Reading, seed: int, plot: Plot, setting: Setting, rng: random.Random, genres: frozenset[str]
) -> Bible:
    """The story that a title gives where plot and setting are settled."""
    plot = plot.told_as(random.Random(f"{reading.title}|{seed}|strands"))
    cast = _cast(reading, plot, setting, rng)
    slots, motif_kind = _slots(reading, plot, setting, rng)
    for role in ROLES:
        slots |= _person_slots(role, cast[role])
    palette = names.palette(setting.name, rng)
    chance = random.Random(f"{reading.title}|{seed}|manner")
    voice = voice_of(plot, reading, genres, chance)
    motif = motif_of(motif_kind, setting.name, chance)
    return Bible(reading.title, seed, reading, plot, setting, cast, slots, palette, voice, motif)


def adopted(found: Bible, story: Mapping[str, Any]) -> Bible:
    """The same story with the names that the user, or another writer, has given its people."""
    people = {**found.cast}
    slots = {**found.slots}
    for role, given in zip(ROLES, story.get("cast", ()), strict=False):
        person = people[role]
        if given["name"] in (person.name, person.full_name):
            continue
        sex = _sex_told(f"{given['role']} {given['look']}") or person.sex
        first = names.short_name(_plain(given["name"]))
        people[role] = Person(
            role, first, _plain(given["name"]) or first, sex, person.age, given["role"], given["look"]
        )
        slots |= _person_slots(role, people[role])
    return replace(found, cast=people, slots=slots)


def with_article(noun: str) -> str:
    """ "a lantern", "an old key"."""
    return f"{'an' if takes_an(noun.split()[0]) else 'a'} {noun}"


def _sex_told(text: str) -> str:
    words = {word.strip(".,;'’").lower() for word in text.split()}
    female = len(words & {"woman", "girl", "she", "her", "mother", "sister", "daughter", "grandmother", "lady"})
    male = len(words & {"man", "boy", "he", "his", "father", "brother", "son", "grandfather"})
    return "" if female == male else "f" if female > male else "m"


def _plot_and_setting(reading: Reading, rng: random.Random, genres: frozenset[str]) -> tuple[Plot, Setting]:
    pairs: list[tuple[Plot, Setting]] = []
    weights: list[float] = []
    fitting = [plot for plot in plots().values() if genres & set(plot.words["genres"])]
    for plot in fitting or plots().values():
        evidence = reading.plots.get(plot.name, 0.0)
        if not fitting and not evidence and plot.word("documentary"):
            # Nobody who asked for a story wants to be asked questions.
            continue
        # What a plot is first of all counts for more than what it is, too.
        evidence += sum(
            weight for genre, weight in zip(plot.words["genres"], _GENRE_WEIGHTS, strict=False) if genre in genres
        )
        if plot.words["mark"] == ("building",) and "site" in reading.nouns and "building" not in reading.nouns:
            evidence -= 1.5
        if {"thing", "paper"} & reading.nouns.keys() and _title_thing(reading, plot) is None:
            evidence -= 3
        if "beast" in reading.nouns and plot.name != "threat":
            evidence -= 2
        for name, gladness in plot.settings.items():
            pairs.append((plot, settings()[name]))
            weights.append(gladness * math.pow(_FAVOUR, evidence + 0.8 * reading.settings.get(name, 0.0)))
    return rng.choices(pairs, weights)[0]


def _cast(reading: Reading, plot: Plot, setting: Setting, rng: random.Random) -> dict[str, Person]:
    coats, hats, gear = (
        rng.sample(setting.words[kind], len(setting.words[kind])) for kind in ("coats", "hats", "gear")
    )
    people: dict[str, Person] = {}
    taken: list[str] = []
    style = reading.home.names if reading.home else setting.name
    for index, role in enumerate((*ROLES, "pal")):
        age, what = plot.roles.get(role, ("young", ""))
        sex = rng.choice("fm")
        name = ""
        if role == "hero":
            sex = reading.hero_sex or sex
            name = reading.hero_name
            age = reading.hero_age if reading.hero_age in _AGES and age != "old" else age
        name = name or names.first_name(sex, taken, rng, style)
        taken.append(name)
        look = names.look(
            age,
            sex,
            coat=coats[index % len(coats)],
            hat=hats[index] if index < len(hats) else "",
            gear=gear[index % len(gear)],
            rng=rng,
        )
        full_name = name if role in ("friend", "pal") or age == "child" else f"{name} {names.family_name(rng, style)}"
        people[role] = Person(role, name, full_name, sex, age, what, look)
    if plot.word("companion") == ("friend",):
        people["pal"] = people["friend"]
    return people


def _person_slots(role: str, person: Person) -> dict[str, str]:
    slots = {_PREFIX[role] + key: value for key, value in _PRONOUNS[person.sex].items()}
    return {**slots, role: person.name, f"{role}full": person.full_name}


def _slots(reading: Reading, plot: Plot, setting: Setting, rng: random.Random) -> tuple[dict[str, str], str]:
    """What each slot stands for, and which kind of motif the title asks for."""
    slots = {key: rng.choice(values) for key, values in setting.words.items() if key not in ("coats", "hats", "gear")}
    slots["home"] = slots.pop("homes")
    slots["far"] = slots.pop("fars")
    if reading.home:
        slots["home"] = reading.home.name
    for key in ("craft",):
        slots[key] = rng.choice(plot.word(key, setting.name) or (slots[key],))
    if reading.hero_trade:
        slots["trade"] = reading.hero_trade

    used = False
    wanted = plot.words["mark"][0]
    site = reading.nouns.get("site", "")
    reached = setting.name in ("space", "sea") or _OVERHEAD.isdisjoint(site.split())
    mark = reading.nouns.get("building") or (None if wanted == "building" or not reached else site or None)
    if mark is None:
        given = rng.choice(plot.word("mark", setting.name))
        mark = (
            slots[{"building": "building", "any": "site"}.get(given, "building")]
            if given in ("building", "any")
            else given
        )
    else:
        used = True
    name = reading.place_name if used and reading.place_name.lower().endswith(mark.split()[-1]) else ""
    slots |= {"mark": mark, "a_mark": f"{with_article(mark)} called {name}" if name else with_article(mark)}
    slots["themark"] = name or f"the {mark}"

    thing = _title_thing(reading, plot)
    used = used or thing is not None
    thing = thing or rng.choice(plot.words["thing"])
    slots |= {"thing": thing.split()[-1] if thing != "music box" else thing, "fullthing": thing}
    slots |= {"a_thing": with_article(slots["thing"]), "a_fullthing": with_article(thing)}

    for kind in ("beast", "machine"):
        if plot.word(kind, setting.name):
            noun = reading.nouns.get(kind)
            used = used or noun is not None
            slots[kind] = noun or rng.choice(plot.word(kind, setting.name))
    titled_trade = plot.name == "keeper" and reading.hero_trade == "keeper"
    # A trade is told before the film and hardly ever in it.
    used = used or bool(reading.hero_name) or titled_trade
    used = used or "{subject}" in _all_text(plot)
    slots["aim"] = plot.words["aim"][0]
    slots["bare"] = " ".join(_quotable(reading))
    slots["titled"] = f'"{" ".join(_quotable(reading))}"'
    slots["subject"] = _subject(reading)
    slots |= plain_facts(reading.matter, rng)

    told = {slots.get(kind) for kind in ("mark", "fullthing", "beast", "machine")}
    image = next((noun for kind, noun in reading.nouns.items() if kind in _SHOWN and noun not in told), "")
    slots |= {"motif": image, "a_motif": with_article(image) if image else ""}
    if image:
        return slots, "image"
    return slots, "plain" if used else "titled" if _quotable(reading) and reading.readable else "sign"


def _title_thing(reading: Reading, plot: Plot) -> str | None:
    """The title's object, where the plot can do with it what it has to do."""
    thing = reading.nouns.get("thing") or reading.nouns.get("paper")
    allowed = plot.words["things"][0]
    if thing is None or allowed == "any" or (allowed == "solid" and "thing" in reading.nouns):
        return thing
    return thing if thing.split()[-1] in allowed.split() else None


def _subject(reading: Reading) -> str:
    """What a film of that title is about: its own words, in quotation marks where they are not plain running text."""
    words = _quotable(reading)
    if not words:
        return "a sign that nobody can read"
    if len(words) > 2 and re.fullmatch(r"what (?:is|are)", " ".join(words[:2]).lower()):
        # "A film about what is jazz" is no English.
        words = words[2:]
        if not any(word[:1].isupper() for word in words):
            return " ".join(words)
    elif len(words) > 2 and words[0].lower() in _ASKS and words[1].lower() in _AUXILIARIES:
        return f'the question "{" ".join(words)}"'
    asks = len(words) > 1 and words[0].lower() in _ASKS
    if asks and (reading.matter or not any(word[:1].isupper() for word in words[1:])):
        rest = (word if word in _PROPER or word == word.upper() else word.lower() for word in words[1:])
        return " ".join((words[0].lower(), *(rest if reading.matter else words[1:])))
    if reading.matter:
        return f"the {reading.matter}" if reading.matter in _PROPER else reading.matter
    return f'"{_WRAPPED.sub("", " ".join(words)) or " ".join(words)}"'


def _quotable(reading: Reading, most: int | None = _LONGEST_QUOTATION) -> list[str]:
    """The title's words without what would mean something to the grammar, or end the quotation early."""
    return " ".join(_plain(reading.title).strip(_ENDS).split()[:most]).strip(_ENDS).split()


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[{}\[\]|\"“”«»]", " ", text).split())


def _all_text(plot: Plot) -> str:
    return " ".join((*plot.premise, *(what for _, what in plot.roles.values())))
