"""Names, looks and colours to cast a story with."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from storyreel.providers.offline.writer.library import word_list

_HAIR = {
    "child": ("short copper hair", "a dark fringe and a loose braid", "wild fair curls", "cropped black hair"),
    "young": (
        "a long dark braid",
        "tousled auburn hair",
        "short black hair",
        "fair hair tied back",
        "a mop of brown curls",
    ),
    "adult": ("dark hair pinned up", "greying brown hair", "a thick red braid", "short sandy hair", "long black hair"),
    "old": ("long white hair", "a silver braid", "thin white hair", "a cloud of grey hair"),
}
_HAIR_MEN = {
    "child": ("short copper hair", "a dark fringe", "wild fair curls", "cropped black hair"),
    "young": ("tousled auburn hair", "short black hair", "fair hair", "a mop of brown curls"),
    "adult": (
        "a short dark beard",
        "greying brown hair",
        "a red beard",
        "short sandy hair",
        "long black hair tied back",
    ),
    "old": ("a long white beard", "thin white hair", "a bald head and white whiskers", "a short grey beard"),
}
_FIGURE = {
    ("child", "f"): ("a small girl of about eight", "a thin girl of about nine"),
    ("child", "m"): ("a small boy of about eight", "a thin boy of about nine"),
    ("young", "f"): ("a slender young woman of about twenty", "a wiry young woman of about twenty-two"),
    ("young", "m"): ("a slender young man of about twenty", "a wiry young man of about twenty-two"),
    ("adult", "f"): ("a lean woman of about thirty-five", "a tall woman of about forty"),
    ("adult", "m"): ("a lean man of about thirty-five", "a broad-shouldered man of about forty"),
    ("old", "f"): ("a small upright old woman", "a thin old woman with a bent back"),
    ("old", "m"): ("a tall stooped old man", "a thin upright old man"),
}

# Six colours each, dark to light.
PALETTES: Mapping[str, tuple[str, ...]] = {
    "teal and amber": ("#06141b", "#11333d", "#1f5f66", "#c8752b", "#f0b35a", "#fbe8c3"),
    "slate and gold": ("#10151d", "#26313f", "#4a5b6c", "#a88445", "#dcb768", "#f6e9cc"),
    "violet and rose": ("#120c1f", "#2b1d46", "#573a73", "#b0587f", "#e79a9f", "#fbe3d9"),
    "moss and honey": ("#0b150f", "#1d3323", "#3c5c3a", "#8d8a3d", "#d9b45b", "#f7ecc8"),
    "indigo and lamp": ("#080b1c", "#17204a", "#33437c", "#8a6f7f", "#e5a55f", "#fde6bd"),
    "ice and ember": ("#08121f", "#16324d", "#3a6d8f", "#d0673d", "#9ccbdc", "#eff8fb"),
    "sand and sky": ("#1d120d", "#4f2b1c", "#9c5430", "#d08a4c", "#8fb7c0", "#fbe9c9"),
    "neon rain": ("#070914", "#161b3a", "#3c2a68", "#c0357f", "#3fb8c9", "#f4dff0"),
    "storm and lantern": ("#0a0f14", "#1c2a33", "#3c525c", "#7d8f90", "#f1a544", "#fdebc8"),
    "plum and mint": ("#140d18", "#37203f", "#5f3f63", "#4f8a80", "#a5cfb5", "#f1f3dd"),
    "rust and cloud": ("#150d0c", "#3c1f1b", "#7b3b2d", "#b9745a", "#a9b4b6", "#f2ece2"),
    "aurora": ("#050d18", "#0d2b3f", "#17575f", "#2f9c7f", "#8fe0a5", "#e9fbe6"),
    "deep space": ("#04060f", "#121532", "#2f2c63", "#5d5aa6", "#e08e62", "#f8ead9"),
    "harvest": ("#17110a", "#3d2b16", "#75542a", "#b98a3e", "#e6c274", "#fbf1d3"),
}
_PALETTES_BY_SETTING = {
    "coast": ("teal and amber", "storm and lantern", "slate and gold", "indigo and lamp"),
    "sea": ("teal and amber", "indigo and lamp", "slate and gold"),
    "forest": ("moss and honey", "plum and mint", "indigo and lamp"),
    "mountain": ("ice and ember", "violet and rose", "slate and gold"),
    "desert": ("sand and sky", "rust and cloud", "violet and rose"),
    "city": ("neon rain", "slate and gold", "indigo and lamp", "teal and amber"),
    "village": ("harvest", "moss and honey", "rust and cloud", "violet and rose"),
    "north": ("aurora", "ice and ember", "indigo and lamp"),
    "space": ("deep space", "aurora", "violet and rose"),
}


_TITLE_WORDS = frozenset(
    {"captain", "doctor", "mister", "miss", "lady", "sir", "old", "little", "king", "queen", "prince"}
)


def short_name(full_name: str) -> str:
    """What somebody is called in passing: "Ada" for "Dr. Ada Venn", "the keeper" for "The Keeper"."""
    parts = full_name.split()
    if parts and parts[0].lower() == "the":
        return " ".join(("the", *parts[1:]))
    given = [part for part in parts if not part.endswith(".") and part.lower() not in _TITLE_WORDS]
    return (given or parts or ["nobody"])[0]


def palette(setting: str, rng: random.Random) -> tuple[str, ...]:
    """Six colours, dark to light, that suit the setting."""
    return PALETTES[rng.choice(_PALETTES_BY_SETTING[setting])]


def first_name(sex: str, taken: Iterable[str], rng: random.Random, style: str) -> str:
    """A given name, of those that fit the place, whose first letter none of the taken ones has."""
    initials = {name[:1] for name in taken}
    fitting = [name for name in word_list(f"cast {sex} {style}") if name[0] not in initials]
    return rng.choice(fitting or [name for name in word_list(f"cast {sex}") if name[0] not in initials])


def family_name(rng: random.Random, style: str) -> str:
    """A family name that fits the place."""
    return rng.choice(word_list(f"family {style}"))


def look(age: str, sex: str, *, coat: str, hat: str, gear: str, rng: random.Random) -> str:
    """One line that a painter can repeat: age and build, hair, coat, hat, and one thing that is always carried."""
    hair = rng.choice((_HAIR if sex == "f" else _HAIR_MEN)[age])
    dress = f"{coat} and {hat}" if hat else coat
    return f"{rng.choice(_FIGURE[age, sex])} with {hair}, in {dress}, carrying {gear}"
