"""What a title says: words, names and signs that steer plot, setting, cast and the object at the story's heart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from storyreel.providers.offline.writer.facts import matter_of, only_when_asked
from storyreel.providers.offline.writer.library import VOICES, read_text, word_list

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Titles that ask or explain are for a film that looks and asks: a story would answer with something made up.
_EXPLAINS = re.compile(
    r"^(?:how|why|what(?: is| are|'s|’s| makes?| causes?| happens| does| do)|understanding|introduction to|inside)\b|"
    r"^(?:what|when|where|which|is|are|do|does|can)\b.*\?$|^the basics of\b|"
    r"\b(?:explained|explainer|explaining|science of|guide to|facts? about|works?|for beginners|made simple|101)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"^(?:who|discover(?:ing)?)\b|"
    r"\b(?:documentary|history of|story of|life of|truth about|origins? of|biography|rise of|fall of)\b",
    re.IGNORECASE,
)
# What cannot stand behind "a" is told by something that can.
_COUNTED = {
    "gold": "gold coin", "bread": "bread basket", "soup": "soup bowl", "scissors": "pocket knife", "mail": "letter",
    "thread": "wooden spool", "honey": "honey jar", "sugar": "sugar bowl", "tea": "tea tin", "coffee": "coffee tin",
    "wine": "wine bottle", "medicine": "medicine bottle", "poison": "poison bottle", "ink": "ink bottle",
    "dice": "dice cup", "money": "money bag", "chess": "chessboard",
}  # fmt: skip
_SMALL, _GIRLS, _BOYS, _FEMALE, _MALE, _CHILD, _YOUNG = (
    frozenset(word_list(name)) for name in ("small", "girls", "boys", "female", "male", "child", "young")
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the lexicon knows of a word."""

    word: str
    kind: str
    settings: Mapping[str, float]
    plots: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the real world: its name, the setting it is most like, and whose names its people have."""

    name: str
    setting: str
    names: str


@dataclass(slots=True)
class Reading:
    """A title, understood as far as it goes.

    Attributes:
        title: as it was given, spaces put right.
        plots, settings: evidence for each, summed over the words.
        nouns: kind -> the noun found ("building" -> "lighthouse").
        hero_name, hero_sex: a given name in the title and what it or another word says of its bearer ("f", "m", "").
        hero_age: "child", "young", "old" or "".
        hero_trade: "clockmaker", "clockmaker's daughter", or "".
        place_name: a proper name standing before a place ("Blackwood Manor"), or "".
        voices: evidence for each genre's way of speaking.
        home: a town of the real world that it names, or "".
        matter: the subject of `facts.txt` that the title is about, or "".
        readable: it holds a word in Latin letters.
    """

    title: str
    plots: dict[str, float] = field(default_factory=dict)
    settings: dict[str, float] = field(default_factory=dict)
    nouns: dict[str, str] = field(default_factory=dict)
    hero_name: str = ""
    hero_sex: str = ""
    hero_age: str = ""
    hero_trade: str = ""
    place_name: str = ""
    voices: dict[str, float] = field(default_factory=dict)
    home: Town | None = None
    matter: str = ""
    readable: bool = False


def read_title(title: str) -> Reading:
    """Look up every word and sign of a title."""
    title = " ".join(title.split())
    reading = Reading(title)
    tokens = _tokens(title)
    reading.readable = any(re.search(r"[A-Za-zÀ-ɏ]{2}", token) for token in tokens)
    reading.matter = matter_of(title, asks=bool(_EXPLAINS.search(title)))
    alone = reading.matter and reading.matter not in only_when_asked()
    if _EXPLAINS.search(title) or (alone and not _TELLS.search(title)):
        reading.plots["look"] = 9.0
    elif _TELLS.search(title):
        reading.plots["inquiry"] = 9.0
    reading.voices.update({voice: 3.0 * len(words.findall(title)) for voice, words in _voice_words().items()})
    reading.home = next((town for word, town in _towns().items() if re.search(rf"(?i)\b{word}\b", title)), None)
    if reading.home:
        reading.settings[reading.home.setting] = 8.0
    adjective = ""
    for index, token in enumerate(tokens):
        word = token.lower()
        possessive = re.search(r"['’]s?$", word) is not None
        bare = re.sub(r"['’]s?$", "", word)
        entry = _entry(bare)
        _notice_people(reading, bare, first=index == 0)
        if entry is None:
            adjective = ""
            continue
        for name, weight in entry.plots.items():
            reading.plots[name] = reading.plots.get(name, 0) + weight
        for name, weight in entry.settings.items():
            reading.settings[name] = reading.settings.get(name, 0) + weight
        if entry.kind == "adj":
            adjective = bare
            continue
        if entry.kind == "person" and not reading.hero_trade:
            following = tokens[index + 1].lower() if index + 1 < len(tokens) else ""
            owned = possessive and following in _FEMALE | _MALE | {"apprentice"}
            reading.hero_trade = f"{entry.word}'s {following}" if owned else entry.word
        elif entry.kind in ("building", "site", "thing", "paper", "beast", "creature", "machine") and not possessive:
            word = _COUNTED.get(entry.word, entry.word)
            noun = f"{adjective} {word}" if adjective else word
            reading.nouns.setdefault(entry.kind, noun)
            if entry.kind in ("building", "site") and index and _is_name(tokens[index - 1]):
                article = "the " if index > 1 and tokens[index - 2].lower() == "the" else ""
                reading.place_name = f"{article}{tokens[index - 1]} {token}"
        adjective = ""
    return reading


def _notice_people(reading: Reading, word: str, *, first: bool) -> None:
    if not reading.hero_name and (word in _GIRLS or word in _BOYS) and (first or _entry(word) is None):
        reading.hero_name = word.capitalize()
        reading.hero_sex = reading.hero_sex or ("f" if word in _GIRLS else "m")
    if word in _FEMALE | _MALE:
        reading.hero_sex = "f" if word in _FEMALE else "m"
    if word in _CHILD:
        reading.hero_age = "child"
    elif word in _YOUNG:
        reading.hero_age = "young"
    elif word in ("grandmother", "grandfather"):
        reading.hero_age = "old"


def _is_name(token: str) -> bool:
    return token[:1].isupper() and token.lower() not in _SMALL and _entry(token.lower()) is None


def _tokens(title: str) -> list[str]:
    tokens: list[str] = []
    for part in _WORD.findall(title):
        tokens.append(part)
    # Pictographs are words of their own; the variation selector that follows some of them carries no meaning.
    tokens.extend(sign for sign in title if unicodedata.category(sign) == "So")
    return tokens


def _entry(word: str) -> Entry | None:
    lexicon = _lexicon()
    plain = unicodedata.normalize("NFC", word)
    for form in (
        plain,
        plain.removesuffix("s"),
        plain.removesuffix("es"),
        re.sub("ies$", "y", plain),
        re.sub("ves$", "f", plain),
    ):
        if form in lexicon and (form not in _SMALL):
            return lexicon[form]
    return None


@cache
def _lexicon() -> Mapping[str, Entry]:
    entries: dict[str, Entry] = {}
    for line in read_text("lexicon.txt").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        words, kind, settings, plots = (part.strip() for part in line.split("|"))
        for word in words.split():
            entry = Entry(word.replace("-", " "), kind, _weights(settings), _weights(plots))
            # A later line adds plots to what an earlier one has said of the word.
            known = entries.get(word, entry)
            entries[word] = replace(known, plots={**known.plots, **entry.plots})
    for line in read_text("aliases.txt").splitlines():
        if "=" in line and not line.startswith("#"):
            words, _, target = line.partition("=")
            for word in words.split():
                # A word that English has too (the "mare", the "berg") means what it means in English.
                entries.setdefault(word.rstrip("\ufe0f"), entries[target.strip()])
    return entries


@cache
def _voice_words() -> Mapping[str, re.Pattern[str]]:
    """Voice -> the words of a title that call for it; a star stands for any ending, a hyphen for a space."""
    patterns = {}
    for voice in VOICES:
        if voice != "documentary":
            words = word_list(f"voice {voice.replace(' ', '-')}")
            either = "|".join(word.replace("-", " ").replace("*", r"\w*") for word in words)
            patterns[voice] = re.compile(rf"\b(?:{either})\b", re.IGNORECASE)
    return patterns


@cache
def _towns() -> Mapping[str, Town]:
    towns: dict[str, Town] = {}
    for line in read_text("towns.txt").splitlines():
        if line.strip() and not line.startswith("#"):
            word, setting, style = (part.strip() for part in line.split("|"))
            towns[re.escape(word)] = Town(word, setting, style)
    return towns


def _weights(text: str) -> Mapping[str, float]:
    parts = text.replace("-", "").split()
    return {name: float(weight) for name, weight in zip(parts[::2], parts[1::2], strict=True)}
