"""From a mood in words to a musical character: mode, harmony, pace and which instruments carry it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Character:
    """A kind of underscore.

    Attributes:
        name: what it is called.
        scale: a name in `harmony.SCALES`.
        phrases: chord symbols, four a phrase; the first is the theme's, the last closes on the tonic.
        beats_a_minute: how fast.
        brightness: 0 dark to 1 bright.
        room_s: how long the hall rings (its 60 dB decay).
        layers: how loud each layer of `arrange` is, 0 to 1; one not named is absent.
        motif: the instrument of the melody.
        figure: the instrument of the accompaniment.
    """

    name: str
    scale: str
    phrases: tuple[str, ...]
    beats_a_minute: float
    brightness: float
    room_s: float
    layers: Mapping[str, float]
    motif: str = "piano"
    figure: str = "piano"

    @property
    def minor(self) -> bool:
        """Whether its third is minor."""
        return self.scale in ("minor", "phrygian", "dorian")


CHARACTERS = {
    character.name: character
    for character in (
        Character(
            "calm", "major",
            ("0add9 5maj7 0add9 5add9", "9m7 5maj7 0add9 7sus4", "5maj7 0add9 2m7 7sus4", "5maj7 7sus4 5add9 0add9"),
            62, 0.45, 2.8, {"pad": 1.0, "bass": 0.6, "figure": 0.55, "motif": 0.6, "strings": 0.35},
        ),
        Character(
            "warm", "major",
            ("0add9 4m7 5add9 7sus4", "9m7 5add9 0add9 7sus4", "5maj7 4m7 2m7 7sus4", "5add9 7sus4 5maj7 0add9"),
            68, 0.5, 2.4, {"pad": 0.9, "bass": 0.7, "figure": 0.75, "motif": 0.75, "strings": 0.6},
        ),
        Character(
            "hopeful", "major",
            ("5add9 0 7sus4 9m7", "0add9 4m7 5add9 7", "9m7 5add9 0 7sus4", "5add9 7sus4 5maj7 0add9"),
            76, 0.62, 2.5,
            {"pad": 0.9, "bass": 0.8, "figure": 0.85, "motif": 0.75, "strings": 0.85, "pulse": 0.3, "bells": 0.25},
        ),
        Character(
            "joyful", "major",
            ("0 5add9 9m7 7", "2m7 7sus4 0add9 5", "9m7 4m7 5add9 7", "5add9 7 5maj7 0add9"),
            96, 0.7, 1.8,
            {"pad": 0.7, "bass": 0.8, "figure": 0.9, "motif": 0.8, "strings": 0.6, "pulse": 0.35, "bells": 0.35},
            figure="harp",
        ),
        Character(
            "wonder", "lydian",
            ("0add9 2 9m7 4m7", "0lyd 2 11m7 9m7", "0add9 3maj7 8maj7 2sus4", "9m7 2 5maj7 0add9"),
            66, 0.75, 3.4,
            {"pad": 0.8, "air": 0.7, "bass": 0.5, "figure": 0.7, "motif": 0.8, "strings": 0.6, "bells": 0.8},
            motif="celesta", figure="harp",
        ),
        Character(
            "sad", "minor",
            ("0madd9 8maj7 3 10sus2", "5m7 0madd9 8maj7 7sus4", "8maj7 3 5m7 10", "5m7 8maj7 5m7 0madd9"),
            58, 0.38, 2.8, {"pad": 0.8, "bass": 0.55, "figure": 0.6, "motif": 0.9, "strings": 0.75},
        ),
        Character(
            "dark", "minor",
            ("0m 0m 8 1maj7", "0m 10m 8 0m", "5m 1 8m 0m", "8 1maj7 0m 0m"),
            54, 0.22, 3.4,
            {"pad": 0.7, "drone": 1.0, "air": 0.6, "bass": 0.8, "motif": 0.4, "strings": 0.55, "pulse": 0.5,
             "wind": 0.7},
        ),
        Character(
            "tense", "phrygian",
            ("0m 0m 1maj7 0m", "0m 10m 8 1", "5m 0m 1 10m", "8 1maj7 0m 0m"),
            80, 0.3, 2.2,
            {"pad": 0.5, "drone": 0.9, "bass": 0.8, "motif": 0.35, "strings": 0.6, "pulse": 1.0, "ostinato": 0.6,
             "wind": 0.4},
        ),
        Character(
            "mystery", "minor",
            ("0madd9 8m 0madd9 3lyd", "0m 6m 8maj7 10sus2", "5m7 8aug 0madd9 3maj7", "8maj7 1maj7 8maj7 0madd9"),
            60, 0.45, 3.2,
            {"pad": 0.6, "drone": 0.5, "air": 0.8, "bass": 0.5, "figure": 0.4, "motif": 0.65, "bells": 0.5,
             "wind": 0.4},
            motif="celesta", figure="harp",
        ),
        Character(
            "adventure", "dorian",
            ("0m 10 3 5", "8maj7 10 0m 7sus4", "0m 3 10 5", "8 10 8maj7 0madd9"),
            100, 0.6, 2.0,
            {"pad": 0.7, "bass": 0.9, "figure": 0.4, "motif": 0.75, "strings": 0.9, "pulse": 0.9, "ostinato": 0.9},
        ),
    )
}  # fmt: skip

_STEMS = {
    "calm": "calm peace seren quiet gentl relax still soft tranquil ambient neutral contempl reflect medit dream sleep "
            "pastoral slow",
    "warm": "warm tender love romant nostalg cozy cosy home famil friend kind intima heart bittersw affection memor",
    "hopeful": "hope uplift inspir bright optimis triumph resol dawn sunris rising victor heroic reli proud courage "
               "determin redempt faith free",
    "joyful": "joy happ playful cheer fun light celebr whims comic laugh sunny upbeat bouncy merr quirky",
    "wonder": "wonder magic awe ethereal star cosmic space fairy enchant sublime majest curious child ocean "
              "celest luminous discover transcend",
    "sad": "sad melanch grief griev mourn sorrow loss lonely alone lone wistful regret tear elegi farewell bleak rain "
           "somber sombre tragic longing aching",
    "dark": "dark omin grim dread horror sinist evil haunt death shadow night gothic cold brood eerie menac doom fear",
    "tense": "tens suspens thrill danger anxi urgen chase nerv storm panic conflict battle threat dystop paranoi",
    "mystery": "myst secret strange enigm noir detect intrig unknown puzzl uncann fog surreal curios hidden riddle",
    "adventure": "advent epic action journey quest explor driv battl energ heroic bold fast swashb expedit momentum "
                 "power march race grand",
}  # fmt: skip
_TURN = re.compile(r"\b(?:then|finally|ending|ends|eventually|giving way to|turning|turns|becoming|into|to)\b|->|→|;")
_SLOW = re.compile(r"\b(?:slow|slowly|still|sparse|patient|unhurried)\b")
_FAST = re.compile(r"\b(?:fast|urgent|driving|quick|brisk|energetic|racing|upbeat)\b")


def characters(mood: str) -> tuple[Character, ...]:
    """The characters a mood runs through, at least one and at most three.

    "cold, tense, slow, then hopeful" is two: what stands before and after a turn. In each, the character most of the
    words name leads, the runner-up colours its pace, its light and its instruments. Words that name none are calm.
    """
    parts = [part for part in _TURN.split(mood.lower()) if re.search(r"\w", part)]
    found = [character for part in parts if (character := _character(part)) is not None]
    return tuple(found[:2] + found[-1:] if len(found) > 3 else found) or (CHARACTERS["calm"],)


def _character(text: str) -> Character | None:
    words = re.findall(r"[a-z]+", text)
    weights = dict.fromkeys(CHARACTERS, 0.0)
    for position, word in enumerate(words):
        for name, stems in _STEMS.items():
            if any(word.startswith(stem) for stem in stems.split()):
                weights[name] += 1.0 / (1 + 0.1 * position)  # what is said first matters most
    ranked = sorted(weights, key=lambda name: -weights[name])
    if not weights[ranked[0]]:
        return None
    chosen = CHARACTERS[ranked[0]]
    if weights[ranked[1]]:
        chosen = _coloured(chosen, CHARACTERS[ranked[1]], 0.3 * weights[ranked[1]] / weights[ranked[0]])
    if _SLOW.search(text):
        chosen = replace(chosen, beats_a_minute=chosen.beats_a_minute * 0.88)
    if _FAST.search(text):
        chosen = replace(chosen, beats_a_minute=chosen.beats_a_minute * 1.12)
    return chosen


def _coloured(main: Character, second: Character, share: float) -> Character:
    names = [*main.layers, *(name for name in second.layers if name not in main.layers)]
    return replace(
        main,
        beats_a_minute=main.beats_a_minute * (1 - share) + second.beats_a_minute * share,
        brightness=main.brightness * (1 - share) + second.brightness * share,
        room_s=main.room_s * (1 - share) + second.room_s * share,
        layers={name: main.layers.get(name, 0.0) * (1 - share) + second.layers.get(name, 0.0) * share
                for name in names},
    )  # fmt: skip
