"""The world of a script film: an art style, a card for everybody and every place, a voice for each. Pure.

A card's `look` is pasted word for word into every prompt that shows whoever it is of, so that they look the same in
every picture. What the script says of somebody is kept as it stands; what it leaves open is chosen by their name, so
that a new character changes nobody else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel, Field

from storyreel.shots.moods import mood_of
from storyreel.shots.script_model import Breakdown
from storyreel.story.people import told_by_words
from storyreel.story.script import Age, Person, Sex, StagedScript

NO_VOICE = "none"


class CharacterCard(BaseModel, frozen=True, extra="forbid"):
    """Somebody in the film.

    Attributes:
        look: one line for the painter, repeated word for word in every picture they are in.
        voice: a provider's name ("offline:bf_emma").
        speed: of their speech; 1 is the voice's own.
    """

    name: str = Field(min_length=1)
    look: str = Field(min_length=1)
    sex: Sex = ""
    age: Age = ""
    voice: str
    speed: float = Field(default=1.0, ge=0.5, le=2.0)

    @property
    def figure(self) -> str:
        """Who is seen, short enough to stand in a sentence: "a tall man in a grey coat"."""
        return re.split(r",| with | carrying ", self.look, maxsplit=1)[0]


class PlaceCard(BaseModel, frozen=True, extra="forbid"):
    """Somewhere in the film; `look` is what a painter needs to know of it, weather and time left out."""

    name: str
    look: str = Field(min_length=1)


class Cast(BaseModel, frozen=True, extra="forbid"):
    """Who and what the film is made of; cast.json holds one.

    Attributes:
        style: the art style of every picture.
        palette: colours as "#rrggbb" from dark to light, kept through every picture.
        narrator: the voice that tells actions, and `narrator_speed` how fast.
        characters, places: in the order in which the script has them.
    """

    style: str
    palette: tuple[str, ...] = ()
    narrator: str
    narrator_speed: float = Field(default=1.0, ge=0.5, le=2.0)
    characters: tuple[CharacterCard, ...] = ()
    places: tuple[PlaceCard, ...] = ()

    def character(self, name: str) -> CharacterCard | None:
        """Somebody's card."""
        return next((card for card in self.characters if card.name == name), None)

    def place(self, name: str) -> PlaceCard | None:
        """A place's card."""
        return next((card for card in self.places if card.name == name), None)


class VoiceChoice(NamedTuple):
    """A voice that can be cast: its provider's name, and whose it sounds like."""

    name: str
    sex: Sex


OFFLINE_VOICES = (
    VoiceChoice("offline:bf_emma", "f"),
    VoiceChoice("offline:bm_george", "m"),
    VoiceChoice("offline:af_heart", "f"),
    VoiceChoice("offline:am_michael", "m"),
)
_AGE_SPEED: Mapping[str, float] = {"child": 1.12, "young": 1.04, "adult": 1.0, "": 1.0, "old": 0.9}
# Two who share a voice are told apart by their pace.
_SHARED_SPEED = (1.0, 0.88, 1.14, 0.94, 1.07)

_PALETTES: Mapping[str, tuple[str, ...]] = {
    "tense": ("#0a0f14", "#1c2a33", "#3c525c", "#7d8f90", "#c8752b", "#fdebc8"),
    "fearful": ("#0b0d14", "#1d2433", "#37435a", "#5f6f80", "#93a3a6", "#e3e6dc"),
    "sad": ("#10151d", "#26313f", "#4a5b6c", "#7f8c98", "#c0b39b", "#f0e9dc"),
    "warm": ("#1b0f14", "#43202b", "#7d4050", "#c0746a", "#e9b08c", "#fbe8d3"),
    "joyful": ("#17120b", "#3d3320", "#6f7a4a", "#c79a4a", "#efd08a", "#fdf4da"),
    "wonder": ("#0b0d22", "#1e2450", "#3d4a8c", "#7a6fae", "#c9a6c8", "#f3ecf5"),
    "hopeful": ("#0f1a20", "#24424a", "#4f7f7c", "#a9b98a", "#eccf8c", "#fdf3da"),
    "adventure": ("#15120d", "#3a2f20", "#6e6a4c", "#b58a4a", "#dfbd7d", "#f7eed6"),
    "mystery": ("#0c0e1a", "#232742", "#46496f", "#7f7797", "#c39a6b", "#f2e5cc"),
    "calm": ("#10181b", "#2b3c40", "#56706f", "#96a591", "#d9c9a0", "#f6f0de"),
}
_FIGURES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("f", "child"): ("a small girl of about eight", "a thin girl of about nine"),
    ("m", "child"): ("a small boy of about eight", "a thin boy of about nine"),
    ("f", "young"): ("a slender young woman", "a tall young woman"),
    ("m", "young"): ("a slender young man", "a tall young man"),
    ("f", "adult"): ("a lean woman of about forty", "a tall woman of about forty", "a stately woman of about fifty"),
    ("m", "adult"): (
        "a lean man of about forty",
        "a broad-shouldered man of about forty",
        "a stocky man of about fifty",
    ),
    ("f", "old"): ("a small upright old woman", "a thin old woman"),
    ("m", "old"): ("a tall stooped old man", "a thin upright old man"),
}
_HAIR: Mapping[str, tuple[str, ...]] = {
    "f": (
        "dark hair pinned up",
        "a long auburn braid",
        "short black hair",
        "fair hair tied back",
        "long brown hair",
        "a silver bun",
    ),
    "m": (
        "short dark hair",
        "cropped fair hair",
        "a red beard and short hair",
        "tousled brown hair",
        "a dark beard and cropped hair",
    ),
}
_DRESS: Mapping[str, tuple[str, ...]] = {
    "f": ("dress", "coat", "shawl over a plain dress", "jacket and skirt"),
    "m": ("coat", "jacket", "long coat", "suit"),
}
_COLOURS = (
    "crimson",
    "navy",
    "mustard",
    "teal",
    "plum-purple",
    "olive",
    "grey",
    "rust",
    "emerald",
    "cream",
    "indigo",
    "ochre",
    "charcoal",
    "rose",
)
_COLOUR_WORDS = re.compile(
    r"\b(?:red|crimson|scarlet|blue|navy|green|teal|yellow|mustard|purple|violet|pink|rose|brown|grey|gray|black|white|cream|orange|rust|gold|"
    r"silver|olive|emerald|indigo|ochre|charcoal)\b"
)
_DRESSED = re.compile(
    r"\b(?:coat|jacket|suit|dress|gown|cloak|robe|uniform|shirt|skirt|shawl|cape|sweater|mourning|armour|apron|tunic|overcoat|waistcoat|"
    r"dress-suit|trousers)\b"
)
_HAIRED = re.compile(r"\b(?:hair\w*|beard\w*|bald|braid\w*|whiskers|curls|wig)\b")
_CUT = re.compile(r"\b(?:short|cropped|long|bald|curl\w*|tousled|wig|braid\w*|bun)\b")
_INDOORS = re.compile(
    r"\b(?:church|chapel|cathedral|cave|cavern|tunnel|corridor|hallway|spaceship|starship|cockpit|train|castle|crypt|dungeon|hall|kitchen|"
    r"library|study|attic|bedroom|tavern|inn|pub|workshop|office|theatre|theater)\b"
)


def cast_of(
    script: StagedScript,
    breakdown: Breakdown,
    *,
    style: str,
    genre: str = "",
    voice: str = "offline",
    voices: Sequence[VoiceChoice] = OFFLINE_VOICES,
) -> Cast:
    """Cast a script.

    Args:
        style: the art style.
        genre: decides the colours where the scenes' moods do not.
        voice: who narrates, and with "offline" the voices are cast from `voices`; another provider's name speaks for
            everybody until a card says otherwise; "none" for nobody.
        voices: those that can be cast.
    """
    narrator, choices = _narrator(voice, voices)
    taken: list[str] = []
    used: dict[str, int] = {}
    said = {person.name: 0 for person in script.people}
    for line in breakdown.lines:
        said[line.character] = said.get(line.character, 0) + len(line.text)
    characters = []
    # Whoever speaks most chooses first, so that those who speak with one another sound apart.
    for person in sorted(script.people, key=lambda person: -said[person.name]):
        sex = person.sex or ("f" if _number(person.name, "sex") % 2 else "m")
        age = person.age or ("adult" if _number(person.name, "age") % 2 else "young")
        chosen = _voice(person.name, sex, choices, used, narrator)
        speed = _AGE_SPEED[age] * _SHARED_SPEED[used[chosen] % len(_SHARED_SPEED)]
        used[chosen] += 1
        characters.append(
            CharacterCard(
                name=person.name,
                look=_look(person, sex, age, taken),
                sex=sex,
                age=age,
                voice=chosen,
                speed=round(min(max(speed, 0.75), 1.3), 2),
            )
        )
    order = [person.name for person in script.people]
    characters.sort(key=lambda card: order.index(card.name))
    moods = [scene.mood for scene in breakdown.scenes]
    mood = max(moods, key=moods.count) if moods else mood_of("", genre)
    palette = next((colours for word, colours in _PALETTES.items() if mood.startswith(word)), _PALETTES["calm"])
    return Cast(
        style=style, palette=palette, narrator=narrator, characters=tuple(characters), places=_places(breakdown)
    )


def _narrator(voice: str, voices: Sequence[VoiceChoice]) -> tuple[str, Sequence[VoiceChoice]]:
    if voice == "offline":
        return "offline:bm_george", voices
    if voice.startswith("offline:"):
        return voice, voices
    return voice, (VoiceChoice(voice, ""),)


def _voice(name: str, sex: Sex, choices: Sequence[VoiceChoice], used: dict[str, int], narrator: str) -> str:
    """The voice of that sex which the fewest have, one that does not narrate if there is a choice."""
    fitting = [choice for choice in choices if choice.sex in (sex, "")] or list(choices)
    for choice in fitting:
        used.setdefault(choice.name, 0)
    return min(fitting, key=lambda choice: (used[choice.name], choice.name == narrator)).name


def _look(person: Person, sex: Sex, age: Age, taken: list[str]) -> str:
    """One line for the painter: what the script says, completed by what it leaves open."""
    said = " ".join(person.look.split()).rstrip(".,; ")
    rng = _number(person.name, "look")
    figure = _pick(_FIGURES[sex or "m", age or "adult"], rng)
    creature = re.fullmatch(r"[Tt]he (.+)", person.name)
    if creature and not any(told_by_words(creature.group(1))) and not said:
        # What "the Giant" looks like is in the word; something has to tell it from other figures all the same.
        colour = _colour(rng >> 16, taken)
        taken.append(colour)
        return f"the {creature.group(1).lower()}, a figure in {_a(colour)} long coat"
    who = re.search(
        r"\b(?:an?|the)\s(?:[\w-]+\s){0,4}?\w*(?:man|girl|boy|child|lady|maid|butler|soldier|youth|nurse|servant)\b",
        said,
    )
    if who:
        # "a slim young man in grey" begins the line itself; what came before it, an age, follows.
        figure = who.group()
        rest = ", ".join(filter(None, (said[who.end() :].strip(" ,"), said[: who.start()].strip(" ,"))))
    elif re.fullmatch(r"(?:about |around |early |mid |late )*\d{1,2}s?", said):
        figure, rest = f"{_bare(figure)}, {said},", ""
    else:
        rest = said
    parts = [figure]
    if not _HAIRED.search(said):
        parts.append(f"with {_pick(_HAIR[sex or 'm'], rng >> 8)}")
    elif sex == "m" and not _CUT.search(said):
        parts.append("with cropped hair")
    if not _DRESSED.search(said):
        colour = _colour(rng >> 16, taken)
        taken.append(colour)
        garment = _pick(("smock", "jacket") if age == "child" else _DRESS[sex or "m"], rng >> 24)
        parts.append(f"in {_a(colour)} {garment}")
    elif not _COLOUR_WORDS.search(said):
        colour = _colour(rng >> 16, taken)
        taken.append(colour)
        parts.append(f"wearing {_a(colour)} scarf")
    look = " ".join(parts)
    if rest:
        joined = rest if re.match(r"(?:in|with|wearing|dressed|of|carrying)\b", rest) else f", {rest}"
        look = f"{parts[0]} {joined}".replace(" ,", ",") + ("" if len(parts) == 1 else ", " + ", ".join(parts[1:]))
    return " ".join(look.split())


def _bare(figure: str) -> str:
    return re.sub(r" of about .*", "", figure)


def _colour(number: int, taken: Sequence[str]) -> str:
    """The colour that a name falls on, or the next one that nobody before wears."""
    order = [_COLOURS[(number + step) % len(_COLOURS)] for step in range(len(_COLOURS))]
    return next((colour for colour in order if colour not in taken), order[0])


def _places(breakdown: Breakdown) -> tuple[PlaceCard, ...]:
    cards: dict[str, PlaceCard] = {}
    for scene in breakdown.scenes:
        if scene.place in cards:
            continue
        name = re.sub(r"[’']s\b", "'s", scene.place)
        described = _description(scene.actions[:2])
        if scene.interior == "interior":
            inside = f"inside, {name}" if _INDOORS.search(name.lower()) else f"interior of a room, {name}"
            look = f"{inside}, {described}" if described else inside
        else:
            look = ", ".join(filter(None, (name or "a quiet place", described)))
        cards[scene.place] = PlaceCard(name=scene.place, look=look)
    return tuple(cards.values())


def _description(sentences: Sequence[str]) -> str:
    """What the scene's first sentences say of the place itself: those in which nobody does anything."""
    still = [
        sentence.rstrip(".!")
        for sentence in sentences
        if re.search(r"\b(?:is|are|stands?|lies?|hangs?|furnished|there)\b|^[A-Z][\w-]+ly |^An? |^The ", sentence)
        and not told_by_words(sentence)[0]
    ]
    return still[0][:160] if still else ""


def _number(name: str, purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{purpose}|{name}".encode()).digest()[:6], "big")


def _pick(options: Sequence[str], number: int) -> str:
    return options[number % len(options)]


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
