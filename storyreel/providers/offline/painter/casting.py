"""Who is in a picture, and how they look: from a text to `Look`s."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from storyreel.providers.contracts import SceneDescription
from storyreel.providers.offline.painter import words
from storyreel.providers.offline.painter.matching import best, found, pattern, plain_words, score
from storyreel.providers.offline.painter.spec import Look

_SMALL_GARMENTS = "scarf|hat|cap|gloves|ribbon|bandana|neckerchief|sash|belt|shawl|hood|boots|tie|bow|flower|beret|muffler|bag|backpack|umbrella|kerchief"
_LARGE_GARMENTS = "coat|jacket|cloak|dress|robe|robes|oilskin|raincoat|parka|gown|cape|sweater|jumper|suit|uniform|tunic|overcoat|shirt|blouse|trench coat|slicker|armour|armor|cardigan|dungarees|habit|spacesuit|poncho|skirt"


def cast_of(scene: SceneDescription, subject: str, framing: str) -> tuple[Look, ...]:
    """Who is to be seen, nearest first, at most five: the scene's own cast, else whom the subject names."""
    if scene.cast:
        return tuple(look_of(text) for text in scene.cast[:5])
    if re.search(r"\b(?:nobody|no one|uninhabited)\b", scene.subject.lower()) or _is_empty(subject):
        return ()
    subject = _TRADE.sub(r"\g<0> worker", subject)
    if "nobody" in subject or best(((subject, 1.0),), words.PEOPLE) is None:
        return ()
    if framing == "insert":
        # Whose hand it is: only the sleeve is seen.
        return (look_of(subject),)
    # "A child's bedroom" is a room without a child.
    subject = re.sub(r"\b\w+'s (?!hands?\b|face\b|eyes\b|fingers\b)", " ", subject)
    if best(((subject, 1.0),), words.PEOPLE) is None:
        return ()
    named = _named(subject)
    if len(named) > 1:
        return tuple(look_of(text) for text in named[:5])
    first = look_of(subject)
    others = _how_many(_COUNTED.sub(" ", subject)) - 1
    if others:
        # People of one kind dress alike, but nobody is anybody's double.
        kinds = ("woman", "man", "boy", "old_man") if first.kind == "man" and not outfit(subject) else (first.kind,) * 4
        if first.kind in ("boy", "girl") and re.search(r"\bchildren\b|\bkids\b", subject):
            kinds = ("girl", "boy", "girl", "boy")
        return (first, *(_another(first, k, kind) for k, kind in zip(range(min(4, others)), kinds, strict=False)))
    return (first,)


# People by what they do, whatever it is: no list has all trades.
_TRADE = re.compile(
    r"\b[a-z]+(?:ologist|ographer|[a-z]keeper|[a-z]{2}maker|smith|wright|monger|mender|catcher|picker|breaker|founder|tuner|stress)\b(?!'s)"
)


def _is_empty(subject: str) -> bool:
    """Whether a place is said to be empty, and nobody is said to be in it all the same."""
    hit = re.search(r"\b(?:empty|deserted|abandoned)\b", subject)
    if hit is None:
        return False
    before, after = subject[: hit.start()], subject[hit.end() :]
    if best(((before, 1.0),), words.PEOPLE) is not None:
        return False
    everybody = "|".join(words.PEOPLE.values())
    return not any(
        re.search(r"\b(?:an?|one|two|three|lone|single)(?: [\w-]+){0,3} $", after[: found.start()])
        and not re.search(r"\b(?:where|for|of|like)\b[^,]*$", after[: found.start()])
        for found in pattern(everybody).finditer(after)
    )


def _how_many(subject: str) -> int:
    """How many people a subject has: as it counts them, else as many as such people are, else some for a plural."""
    counted = best(((subject, 1.0),), _NUMERALS)
    many = counted or best(((subject, 1.0),), words.MANY)
    if many:
        return int(many)
    first = pattern("|".join(words.PEOPLE.values())).search(subject)
    return 3 if first is not None and (first.group() in _PLURALS or _is_plural(first.group())) else 1


def _is_plural(word: str) -> bool:
    """Whether a word found is one of the table with an s behind it ("passengers")."""
    listed = {noun for nouns in words.PEOPLE.values() for noun in nouns.split("|")}
    return word.endswith("s") and not word.endswith("'s") and word not in listed and word[:-1] in listed


_NUMERALS = {"5": "five|six|seven", "4": "four", "3": "three", "2": "two|pair of|couple"}
_PLURALS = frozenset({"women", "grandmothers", "old women", "townsfolk", "villagers"}) | frozenset(
    f"{trade}men" for trade in ("fisher", "police", "fire", "business", "work", "horse", "oars", "trades")
)


def _named(subject: str) -> list[str]:
    """The people a sentence names one after another ("a boy facing an old man"), each in the words around them."""
    everybody = "|".join(text for kind, text in words.PEOPLE.items())
    nouns = "|".join(word for word in everybody.split("|") if word not in _PRONOUNS)
    hits = list(pattern(nouns).finditer(subject))
    starts: list[int] = []
    for hit in hits:
        before = subject[: hit.start()]
        if starts:
            link = subject[starts[-1] : hit.start()]
            if not _LINK.search(link) or _APART.search(link):
                continue
        article = max(before.rfind(word) for word in (" a ", " an ", " the ", " his ", " her ", " and "))
        starts.append(max(article, 0) if starts else 0)
    if not starts:
        return []
    return [subject[a:b] for a, b in zip(starts, [*starts[1:], len(subject)], strict=True)]


# Numbers that count something else than people.
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|both)\b(?= (?:\w+ )?(?:moons?|suns?|doors?|windows?|towers?|horses?|dogs?|boats?|ships?|trees?|candles?|chairs?|cups?|birds?|lamps?|roads?|paths?|hands?|mountains?|clocks?))"
)
_PRONOUNS = frozenset(
    {"he", "she", "her", "his", "couple", "friends", "people", "crowd", "family", "lovers", "figure", "silhouette"}
)
_LINK = re.compile(
    r"\b(?:and|with|facing|beside|to|opposite|across from|next to|behind|watche?s?|watching|holding|carrying|embrac\w+|hand in hand|teaching|meets?|meeting|follow\w*|from|\w+ing)\b"
)
_APART = re.compile(r"\b(?:of|for|like|photograph|portrait|statue|memory|letter)\b[^,]*$")


def _another(first: Look, k: int, kind: str) -> Look:
    """Somebody beside the first, dressed for the same occasion, in another build and colour."""
    coats = ("#5a4438", "#3a4a5a", "#6a5a3a", "#4a3f52")
    coat = first.coat if {"uniform", "armour", "spacesuit"} & set(first.wears) else coats[k % 4]
    wears = tuple(name for name in first.wears if not name.startswith("hair") and name != "beard")
    worn = wears if kind == first.kind else tuple(name for name in wears if name not in ("dress", "skirt", "hat"))
    return replace(
        first, kind=kind, coat=coat, accent=("#8a8f96", "#b08a4a", "#7a4a52", "#5a7a6a")[k % 4], wears=worn,
        carries=first.carries if k % 2 else (), seed=first.seed + k + 1, hair=_HAIR[(first.seed + k + 1) % len(_HAIR)],
    )  # fmt: skip


# What people wear by what they are, where no garment is named: wears, the large garment's colour, what they carry.
_OUTFITS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "astronaut|cosmonaut|spaceman": (("spacesuit",), "#d8d6cc", ()),
    "robot|robots|android|androids|automaton|cyborg": (("armour", "bald"), "#9aa4ac", ()),
    "diver|divers|deep-sea": (("spacesuit",), "#8a6a3c", ()),
    "knight|crusader|samurai": (("armour",), "#8a9098", ("sword",)),
    "soldier|soldiers|troops|infantry|guard|sentry|warrior|warriors": (("uniform", "backpack"), "#4c5240", ()),
    "detective|investigator|spy": (("long_coat", "hat"), "#4a4034", ()),
    "monk|monks|friar|priest|abbot": (("robe", "bald"), "#5a4430", ()),
    "nun|priestess": (("robe", "hood"), "#2c2c34", ()),
    "wizard|sorcerer|alchemist": (("robe", "beard", "brimmed_hat"), "#3d3a6a", ("staff",)),
    "witch": (("robe", "brimmed_hat"), "#2c2434", ("staff",)),
    "king": (("cloak", "crown", "beard"), "#7a2230", ()),
    "queen|princess": (("dress", "crown", "hair_long"), "#7a3050", ()),
    "bride": (("dress", "hair_bun"), "#efe8dc", ("flower",)),
    "dancer|ballerina|actress|singer": (("dress", "hair_bun"), "#b03a3a", ()),
    "scientist|doctor|surgeon|chemist|physicist|biologist|professor|researcher|pharmacist": (("long_coat",), "#d9dad6", ()),
    "nurse": (("dress", "cap"), "#d4dce0", ()),
    "captain|admiral": (("uniform", "sailor_cap"), "#24304a", ()),
    "sailor|sailors|helmsman": (("coat", "sailor_cap"), "#2c3a54", ()),
    "fisherman|fishermen|keeper": (("coat", "cap", "beard"), "#8a7430", ()),
    "cowboy|gunslinger|sheriff": (("coat", "brimmed_hat"), "#6a4a30", ()),
    "farmer|farmers|gardener|shepherd|peasant|peasants|beekeeper": (("coat", "brimmed_hat"), "#6a5a3c", ("staff",)),
    "climber|climbers|hiker|hikers|mountaineer|explorer|trekker": (("coat", "cap", "backpack"), "#b04a2c", ()),
    "polar explorer|arctic explorer": (("long_coat", "hood", "backpack"), "#8a5030", ()),
    "teacher|clerk|lawyer|judge|banker|businessman|businessmen|office worker|commuter": (("coat",), "#3a4250", ()),
    "pilot|aviator": (("coat", "cap", "scarf"), "#5c4230", ()),
    "chef|cook|baker|waiter|butcher": (("coat", "cap"), "#dcd8ce", ()),
    "pirate|musketeer": (("long_coat", "hat"), "#5a2a2c", ("sword",)),
    "scholar|writer|poet|philosopher|librarian": (("long_coat", "beard"), "#4a3a34", ()),
    "traveller|traveler|wanderer|pilgrim|nomad": (("cloak", "hood"), "#5a4a38", ("staff",)),
    "gondolier": (("coat", "brimmed_hat"), "#2c3444", ("oar",)),
    "policeman|police officer|officer|conductor": (("uniform",), "#28344c", ()),
    "violinist|pianist|musician|cellist|conductor of": (("coat",), "#23232b", ()),
    "blacksmith|carpenter|lamplighter|bellringer|clockmaker|watchmaker|mechanic|miner|worker|workers|engineer|toymaker": (("coat",), "#5a4634", ()),
}  # fmt: skip
_HAIR = ("#2a1f1a", "#3d2a1e", "#5a3a24", "#1e1c20", "#6e4a2a")
_GREY = ("#b9b6b0", "#d6d2ca", "#8e8a86")
_SKINS = ("#c9966f", "#b57f58", "#d8a884", "#8a5a3c", "#a8744e")
_LEGS = ("#2c2c34", "#3a332c", "#2e3640", "#40382e")


def outfit(plain: str) -> tuple[tuple[str, ...], str, tuple[str, ...]] | None:
    """What somebody wears by what they are, or None."""
    name = best(((plain, 1.0),), {key: key for key in _OUTFITS})
    return _OUTFITS[name] if name else None


def look_of(text: str) -> Look:
    """The look that a description of somebody gives: the same words always give the same look."""
    said = plain_words(text)
    # "A long black coat" is a long coat, however its colour comes between.
    plain = re.sub(r"\blong (\w+) (coat|hair|cloak)\b", r"\1 long \2", said)
    kind = _kind(plain)
    wears = list(found(plain, words.WEARS))
    if "coat" in wears and "long_coat" in wears:
        wears.remove("coat")
    hats = [name for name in wears if name in ("hat", "brimmed_hat", "cap", "sailor_cap", "crown", "hood")]
    for extra in hats[1:]:
        wears.remove(extra)
    hair = [name for name in wears if name.startswith("hair_")]
    for extra in hair[1:]:
        wears.remove(extra)
    if "scarf" not in wears and re.search(r"\bmuffler|\bneckerchief|\bscarf", plain):
        wears.append("scarf")
    if kind in ("woman", "girl", "old_woman") and "beard" in wears:
        wears.remove("beard")
    if kind in ("man", "boy", "old_man") and "dress" in wears:
        # A man's dress is a uniform's or a farmer's smock: seen from afar, a long coat.
        wears[wears.index("dress")] = "long_coat"
    own = outfit(plain)
    named = any(not name.startswith("hair") and name not in ("bald", "beard", "scarf", "backpack") for name in wears)
    if own is not None and not named:
        wears += [
            name for name in own[0]
            if name not in wears and not (name == "beard" and kind not in ("man", "old_man"))
            and not (name == "bald" and any(worn.startswith("hair") for worn in wears))
        ]  # fmt: skip
    elif not named and kind in ("man", "boy", "old_man"):
        wears.append("coat")
    number = int.from_bytes(hashlib.sha256(said.encode()).digest()[:4], "little")
    coats = ("#2b3140", "#3a2f2a", "#2f3a34", "#3b3344", "#453828")
    accents = ("#c8452f", "#d99a2b", "#3f8f8a", "#b0567a", "#cfd4da")
    coat = _colour_before(plain, _LARGE_GARMENTS) or (own[1] if own else "") or coats[number % len(coats)]
    accent = _colour_before(plain, _SMALL_GARMENTS) or accents[(number >> 8) % len(accents)]
    return Look(
        kind=kind,
        coat=coat,
        accent=accent,
        wears=tuple(wears),
        carries=found(plain, words.CARRIES)[:1] or (own[2] if own and not named else ()),
        hair=_hair(plain, kind, number),
        skin=_skin(plain, number),
        legs=_colour_before(plain, "trousers|jeans|pants|breeches|leggings") or _LEGS[(number >> 4) % len(_LEGS)],
        hat=_colour_before(plain, "hat|cap|hood|beanie|fedora|bowler|beret") or shade_of(coat),
        seed=number % 10_000,
    )


def _kind(plain: str) -> str:
    for name in ("girl", "boy", "old_woman", "old_man"):
        if score(plain, words.PEOPLE[name]):
            return name
    if re.search(
        r"\b(?:[6-9]\d|sixties|seventies|eighties|elderly|old|white-haired|grey-haired|gray-haired|aged)\b(?! (?:coat|hat|jacket|boots|book|map|house|oilskin|lantern|cap|sweater))",
        plain,
    ):
        return "old_woman" if score(plain, words.PEOPLE["woman"]) else "old_man"
    return "woman" if score(plain, words.PEOPLE["woman"]) else "man"


def _colour_before(text: str, garments: str) -> str:
    """The colour named within three words before one of the garments, as "#rrggbb", or ""."""
    names = "|".join(sorted(words.COLOURS, key=len, reverse=True))
    hit = re.search(
        rf"\b(?:pale |dark |bright |deep |faded |light )?({names})\b(?:[ -](?!(?:{names})\b)[\w'-]+){{0,3}}?[ -](?:{garments})\b",
        text,
    )
    return words.COLOURS[hit.group(1)] if hit else ""


def _hair(plain: str, kind: str, number: int) -> str:
    """The colour of somebody's hair: what is said of it, else grey with age, else one of nature's."""
    hit = re.search(
        r"\b(black|dark|brown|blonde?|fair|red|ginger|auburn|white|grey|gray|silver|copper|golden)(?:[ -]\w+){0,2}?[ -]?(?:hair|haired|braids?|curls|beard|bearded|bun|ponytail)",
        plain,
    )
    if hit is not None:
        return _HAIR_NAMES[hit.group(1)]
    return _GREY[number % 3] if kind.startswith("old") else _HAIR[number % len(_HAIR)]


_HAIR_NAMES = {
    "black": "#1b191d", "dark": "#2a211d", "brown": "#53361f", "blond": "#c9a05a", "blonde": "#c9a05a", "fair": "#c0a068",
    "red": "#9a4420", "ginger": "#a8552a", "auburn": "#7a3a22", "white": "#e2dfd8", "grey": "#a5a29e", "gray": "#a5a29e",
    "silver": "#c2c2c6", "copper": "#9a5530", "golden": "#cfa450",
}  # fmt: skip


def _skin(plain: str, number: int) -> str:
    if re.search(r"\b(?:dark|black|brown)[ -]skin|\bafrican\b|\bnigerian\b|\bkenyan\b", plain):
        return "#6a4229"
    if re.search(r"\b(?:pale|fair|light|freckled)[ -](?:skin|face|complexion)", plain):
        return "#e0b694"
    return _SKINS[number % len(_SKINS)]


def shade_of(code: str) -> str:
    """The same colour a good deal darker, as "#rrggbb"."""
    return "#" + "".join(f"{int(int(code[i : i + 2], 16) * 0.62):02x}" for i in (1, 3, 5))
