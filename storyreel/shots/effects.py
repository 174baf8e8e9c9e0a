"""Which sounds the actions of a script call for, and when. Pure: words in, cues out.

Some sounds belong to a moment (a door, a knock, thunder) and sit where their word stands in the action; others are the
air of a place (rain, wind, a crowd, a ticking clock) and last until the scene ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from storyreel.shots.pacing import unbracketed
from storyreel.shots.script_model import ShotScene

EffectKind = Literal[
    "footsteps", "door", "wind", "rain", "thunder", "fire", "crowd", "birds", "water", "waves", "crickets", "gulls", "owl", "creak", "splash",
    "siren", "typing", "car", "clock", "knock", "phone", "dog", "glass", "bell", "horse", "train", "explosion", "applause",
    "engine", "heartbeat", "drips", "whoosh", "city", "hum", "static", "steam", "sword", "cat", "wolf", "bees",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EffectRule:
    """How one kind of sound is called for and laid.

    Attributes:
        words: a pattern over an action's words.
        length_s: how long it is made.
        lasting: it is the air of the place, and is repeated until the scene ends.
        lufs: how loud it is laid; a dialogue lies at -17.
        description: for a model.
    """

    words: str
    length_s: float
    lasting: bool
    lufs: float
    description: str


RULES: dict[EffectKind, EffectRule] = {
    "thunder": EffectRule(r"thunder\w*|lightning", 5.0, False, -22, "a roll of thunder, not too near"),
    "rain": EffectRule(r"rain(?!bow)\w*|downpour|drizzl\w*|storm(?!y eyes)\w*", 8.0, True, -32, "steady rain"),
    "wind": EffectRule(r"wind(?:s|y)?(?! up)|gale|gust\w*|breeze|blizzard|storm\w*", 8.0, True, -34, "wind, rising and falling"),
    "fire": EffectRule(r"fire(?:place|side|light)?|hearth|campfire|bonfire|flames?", 8.0, True, -35, "a wood fire that crackles"),
    "crowd": EffectRule(r"crowd\w*|guests|market\w*|mob|audience|party|pub|tavern|ballroom|restaurant|cafe|café", 8.0, True, -35, "the murmur of many people"),
    "birds": EffectRule(r"birds?|birdsong|garden|orchard|meadow|forest|woods|dawn chorus", 8.0, True, -36, "birdsong in the open"),
    "water": EffectRule(r"river|stream|brook|waterfall|fountain|lake|canal", 8.0, True, -34, "water, moving"),
    "waves": EffectRule(r"waves?|surf|sea(?:shore|side)?|ocean|shore|beach|harbou?r|quay|pier", 8.0, True, -34, "waves that come in and go out"),
    "crickets": EffectRule(r"crickets?|cicadas?|summer night", 8.0, True, -37, "crickets at night"),
    "gulls": EffectRule(r"(?:sea)?gulls?", 3.0, False, -29, "gulls that cry"),
    "owl": EffectRule(r"owls?", 2.5, False, -28, "an owl that hoots"),
    "creak": EffectRule(r"creaks?|creaking|floorboards?", 2.0, False, -28, "old wood that creaks"),
    "splash": EffectRule(r"splash\w*|plunges?", 2.0, False, -25, "something heavy falls into water"),
    "siren": EffectRule(r"sirens?|ambulance", 4.0, False, -29, "a siren that passes"),
    "typing": EffectRule(r"typ(?:es|ing)(?= |$)|typewriter", 3.0, False, -29, "a typewriter"),
    "clock": EffectRule(r"clocks?|ticking|ticks", 8.0, True, -38, "a clock that ticks in a quiet room"),
    "door": EffectRule(
        r"(?:opens?|clos(?:es|ing)|shuts?|slams?|bursts? (?:in|through)|pushes)\b[^.]{0,30}\b(?:door|gate)|(?:door|gate)\b[^.]{0,30}\b(?:opens?|clos(?:es|ing)|shuts?|slams?|creaks?|bursts?)|"
        r"(?:enters?|exits?|goes out|comes in|leaves the room)(?=\b)", 2.0, False, -25, "a door opens and shuts"),
    "knock": EffectRule(r"knock(?:s|ing)?|raps? (?:on|at)", 1.6, False, -24, "three knocks on a wooden door"),
    "footsteps": EffectRule(
        r"walk(?:s|ing)?|footsteps?|steps|strides?|paces|pacing|run(?:s|ning)|crosses|approach(?:es)?|march(?:es)?|climbs?|hurr(?:y|ies)|tiptoes", 3.0, False, -27,
        "footsteps on a floor"),
    "phone": EffectRule(r"(?:tele)?phone (?:rings|buzzes)|ringing (?:tele)?phone", 3.0, False, -25, "a telephone that rings"),
    "bell": EffectRule(r"(?:church |hand ?)?bells?(?: (?:rings?|tolls?))?|rings for|doorbell", 2.5, False, -26, "a bell"),
    "dog": EffectRule(r"dogs?(?: barks?)?|barks|barking|hound", 2.0, False, -26, "a dog that barks"),
    "car": EffectRule(r"cars?|automobile|taxi|(?<!diesel )(?<!idling )(?<!steam )engine(?! room)|truck", 4.0, False, -28, "a car that passes"),
    "glass": EffectRule(r"glass(?:es)? (?:breaks?|shatters?|clinks?)|shatters?|clink(?:s|ing)?", 1.5, False, -26, "glass"),
    "horse": EffectRule(r"horses?|hooves|carriage|gallop\w*", 4.0, False, -28, "horses' hooves on a road"),
    "train": EffectRule(r"trains?|locomotive", 5.0, False, -29, "a train that passes"),
    "explosion": EffectRule(r"gunshots?|shot rings|explo(?:sion|des|ded)|blast|cannon|fires? (?:the|a|an|his|her) (?:gun|pistol|revolver|rifle)", 1.5, False, -20, "one report, with its echo"),
    "applause": EffectRule(r"applau\w+|claps|clapping", 4.0, False, -27, "applause"),
    "engine": EffectRule(r"engine room|generators?|motors?|tractor|(?:diesel|idling) engine", 8.0, True, -36, "a motor running"),
    "heartbeat": EffectRule(r"heart ?beats?|(?:her|his) heart (?:pounds|races|beats|hammers)|heart pounding", 4.0, False, -27, "a heart, pounding"),
    "drips": EffectRule(r"drip(?:s|ping)?|leak(?:s|ing|y) (?:tap|pipe|roof|ceiling)|cave|cellar|dungeon|sewer", 8.0, True, -36, "single drops that fall into still water"),
    "whoosh": EffectRule(r"w?hoosh(?:es)?|swoosh(?:es)?|swoops?|(?:flies|hurtles|whips) past", 1.5, False, -28, "something that passes quickly"),
    "city": EffectRule(r"city street|streets?|avenue|downtown|city|traffic|rooftop", 8.0, True, -37, "a city's traffic, far below"),
    "hum": EffectRule(r"space ?(?:ship|station|craft)|starship|airlock|server room|laboratory|control room|reactor", 8.0, True, -38, "the low hum of machines"),
    "static": EffectRule(r"radio crackles|static|(?:radio|wireless) hisses|walkie-talkie|dead air", 3.0, False, -30, "a radio between two stations"),
    "steam": EffectRule(r"steam (?:hisses|escapes|bursts|vents)|hiss(?:es)? of steam|boiler", 3.0, False, -30, "steam that hisses from a valve"),
    "sword": EffectRule(r"swords?|sword ?fight|blades? (?:clash|meet)\w*|duel|steel rings", 2.5, False, -26, "blade on blade"),
    "cat": EffectRule(r"(?:cat|kitten)s? (?:meows?|mews?|cries|wails)|meows?|miaows?", 2.0, False, -28, "a cat that mews"),
    "wolf": EffectRule(r"wol(?:f|ves)|coyotes?", 5.0, False, -29, "wolves that howl far away"),
    "bees": EffectRule(r"bees?|beehives?|hives?|apiary|swarm", 8.0, True, -38, "the hum of a hive"),
}  # fmt: skip
_PATTERNS = {kind: re.compile(rf"\b(?:{rule.words})\b", re.IGNORECASE) for kind, rule in RULES.items()}
_OUTDOOR_ONLY = frozenset({"bees", "birds", "city", "crickets", "water", "waves"})
_NEVER_ALONE = re.compile(
    r"\b(?:no|not|without|never|like|as if|portrait of|picture of|silent|stopped)\b[^.,;]{0,24}$", re.IGNORECASE
)
_MOST_A_SHOT = 3


@dataclass(frozen=True, slots=True)
class EffectCue:
    """A sound in a shot.

    Attributes:
        share: where in the shot it begins, 0 at its start to 1 at its end.
        lasting: it goes on until the scene ends.
    """

    kind: EffectKind
    shot: str
    share: float
    lasting: bool


def effect_cues(scene: ShotScene) -> tuple[EffectCue, ...]:
    """The sounds of a scene in order: of its place and weather from its first shot on, of its actions where they stand."""
    cues: list[EffectCue] = []
    lasting: set[EffectKind] = set()
    air = f"{scene.place}. {scene.weather}"
    for number, shot in enumerate(scene.shots):
        found = [*(_found(air) if number == 0 else ()), *_found(unbracketed(shot.action))]
        spots = 0
        for kind, share in found:
            rule = RULES[kind]
            if kind == "door" and scene.interior == "exterior" and not re.search(r"\b(?:door|gate)", shot.action):
                continue  # nobody comes in by a door under the open sky
            if rule.lasting:
                if kind in lasting or (kind in _OUTDOOR_ONLY and scene.interior == "interior"):
                    continue
                lasting.add(kind)
                cues.append(EffectCue(kind, shot.id, 0.0, True))
            elif spots < _MOST_A_SHOT and not (number == 0 and kind in {each for each, _ in _found(scene.place)}):
                spots += 1
                cues.append(EffectCue(kind, shot.id, share, False))
    return tuple(cues)


def _found(text: str) -> list[tuple[EffectKind, float]]:
    """(kind, share) of each sound a text calls for, once each, in the order of its words."""
    found: list[tuple[EffectKind, float]] = []
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            if _NEVER_ALONE.search(text[: match.start()]):
                continue
            found.append((kind, round(match.start() / max(len(text), 1), 3)))
            break
    return sorted(found, key=lambda each: each[1])
