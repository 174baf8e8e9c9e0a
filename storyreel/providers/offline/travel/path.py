"""The camera's way: where it is and how fast it goes at each picture, and all that lies between. Pure."""

from __future__ import annotations

import random
import re
from math import exp

from pydantic import BaseModel, Field

NAMES = ("closer", "across", "down", "aside", "depth", "warmth", "level")


class Standpoint(BaseModel, frozen=True, extra="forbid"):
    """Where a camera has come to in a picture, and how fast it goes.

    Attributes:
        at_s: how long the shot has run, seconds.
        closer: the natural logarithm of how much closer than the whole picture it frames.
        across, down: how far the frame's middle lies off the picture's, in its widths and heights.
        aside: how far the camera has gone sideways: by how much of the picture's width what is at our feet has moved.
        depth: how much more of the way what is at our feet has come closer than the sky.
        warmth, level: how the light has drifted, each -1 to 1.
        speed: the same seven, a second.
    """

    at_s: float = Field(default=0.0, ge=0.0)
    closer: float = 0.0
    across: float = 0.0
    down: float = 0.0
    aside: float = 0.0
    depth: float = 0.0
    warmth: float = 0.0
    level: float = 0.0
    speed: tuple[float, ...] = (0.0,) * len(NAMES)

    @property
    def place(self) -> tuple[float, ...]:
        """The seven values, in the order of `NAMES`."""
        return tuple(getattr(self, name) for name in NAMES)


CLOSEST = 0.36
# Farther to the side or in, too much would come into sight that was never painted.
MOST_ASIDE, MOST_DEPTH = 0.035, 0.14
# What each move adds in five seconds, in the order of `NAMES` up to depth.
MOVES: dict[str, tuple[float, float, float, float, float]] = {
    "in": (0.12, 0.0, 0.0, 0.0, 0.04),
    "out": (-0.12, 0.0, 0.0, 0.0, -0.04),
    "right": (0.03, 0.035, 0.0, 0.022, 0.006),
    "left": (0.03, -0.035, 0.0, -0.022, 0.006),
    "up": (0.02, 0.0, -0.035, 0.005, 0.008),
    "down": (0.02, 0.0, 0.035, -0.005, 0.008),
}
_ASKED = {
    "in": r"\b(?:push(?:es|ing)? in|zoom(?:s|ing)? in|dolly in|moves? (?:in|closer|forward)|approach\w*|closer)\b",
    "out": r"\b(?:pull(?:s|ing)? (?:back|out|away)|zoom(?:s|ing)? out|moves? back|draws? back|reveal\w*)\b",
    "right": r"\b(?:(?:pan|track|drift|move|slide|truck)\w* (?:to the )?right)\b",
    "left": r"\b(?:(?:pan|track|drift|move|slide|truck)\w* (?:to the )?left)\b",
    "up": r"\b(?:(?:tilt|crane|rise|move|look)\w* up|crane shot|rises)\b",
    "down": r"\b(?:(?:tilt|crane|sink|move|look)\w* down|descends?)\b",
}


def move_asked(words: str) -> str | None:
    """The camera move that a text asks for, the last one where it asks for several."""
    places = [(hit.start(), name) for name, pattern in _ASKED.items() for hit in re.finditer(pattern, words.lower())]
    return max(places)[1] if places else None


def margin(closer: float, depth: float, aside: float) -> tuple[float, float]:
    """How far the frame's middle can lie off the picture's before the picture's edge is seen: across, down."""
    seen = exp(-closer) / min(1.0, 1.0 + depth)
    return max(0.0, (1 - seen) / 2 - abs(aside)), max(0.0, (1 - seen) / 2)


def next_standpoint(now: Standpoint, ahead_s: float, seed: int, words: str = "") -> Standpoint:
    """Where the camera will have come to: on the way it is on, or another where that way ends or the words ask for it.

    Args:
        now: where it is.
        ahead_s: how far ahead, seconds, above 0.
        seed: chooses among the ways that are open.
        words: what happens next.
    """
    chance = random.Random(f"{seed}/{now.at_s:.3f}")
    share = ahead_s / 5.0
    name = move_asked(words) or _chosen(now, share, chance)
    closer, across, down, aside, depth = (each * share * chance.uniform(0.85, 1.15) for each in MOVES[name])
    closer = min(max(now.closer + closer, min(0.03, now.closer + 0.03)), CLOSEST)
    depth = min(max(now.depth + depth, 0.0), MOST_DEPTH)
    aside = min(max(now.aside + aside, -MOST_ASIDE), MOST_ASIDE)
    wide, high = margin(closer, depth, aside)
    place = (
        closer,
        min(max(now.across + across, -wide), wide),
        min(max(now.down + down, -high), high),
        aside,
        depth,
        min(max(now.warmth + share * chance.uniform(-0.35, 0.35), -1.0), 1.0),
        min(max(now.level + share * chance.uniform(-0.3, 0.3), -1.0), 1.0),
    )
    speed = tuple((there - here) / ahead_s * 0.8 for here, there in zip(now.place, place, strict=True))
    return Standpoint(at_s=now.at_s + ahead_s, speed=speed, **dict(zip(NAMES, place, strict=True)))


def turned(now: Standpoint, then: Standpoint, across: float, down: float) -> Standpoint:
    """A standpoint to come with its frame further to the right and lower, as far as the picture reaches.

    Args:
        now: where the camera is.
        then: where it would be.
        across, down: in the picture's widths and heights.
    """
    wide, high = margin(then.closer, then.depth, then.aside)
    place = {
        "across": min(max(then.across + across, -wide), wide),
        "down": min(max(then.down + down, -high), high),
    }
    speed = list(then.speed)
    for name, value in place.items():
        speed[NAMES.index(name)] = (value - getattr(now, name)) / (then.at_s - now.at_s) * 0.8
    return then.model_copy(update={**place, "speed": tuple(speed)})


def _chosen(now: Standpoint, share: float, chance: random.Random) -> str:
    open_ways = []
    wide, _ = margin(now.closer, now.depth, now.aside)
    if now.closer + 0.1 * share < CLOSEST:
        open_ways += ["in"] * (4 if now.closer < 0.05 else 2)
    if now.closer > 0.22:
        open_ways += ["out"] * (4 if now.closer > 0.3 else 1)
    if now.closer > 0.05:
        open_ways += ["right"] * 2 if now.across < wide * 0.7 and now.aside < MOST_ASIDE * 0.8 else []
        open_ways += ["left"] * 2 if now.across > -wide * 0.7 and now.aside > -MOST_ASIDE * 0.8 else []
    if now.closer > 0.12:
        open_ways += ["up"] if now.down > 0 else ["down"]
    going = _way_of(now)
    # It rather goes on than turns: a camera that changes its mind every five seconds is restless.
    if going in open_ways:
        open_ways += [going] * 3
    return chance.choice(open_ways or ["in"])


def _way_of(now: Standpoint) -> str:
    def likeness(name: str) -> float:
        return sum(there * speed for there, speed in zip(MOVES[name], now.speed[:5], strict=True))

    return max(MOVES, key=likeness) if any(now.speed[:5]) else ""


def between(start: Standpoint, end: Standpoint, share: float) -> Standpoint:
    """Where the camera is a share of the way from one standpoint to the next.

    The way is the cubic that has both standpoints' speeds at its ends (Hermite's form), so that one stretch goes over
    into the next without a jolt.
    """
    length_s = end.at_s - start.at_s
    s, s2, s3 = share, share * share, share * share * share
    h00, h10, h01, h11 = 2 * s3 - 3 * s2 + 1, s3 - 2 * s2 + s, 3 * s2 - 2 * s3, s3 - s2
    place = [
        h00 * a + h10 * length_s * va + h01 * b + h11 * length_s * vb
        for a, va, b, vb in zip(start.place, start.speed, end.place, end.speed, strict=True)
    ]
    closer, depth, aside = max(0.0, place[0]), place[4], place[3]
    wide, high = margin(closer, depth, aside)
    place[0], place[1], place[2] = closer, min(max(place[1], -wide), wide), min(max(place[2], -high), high)
    return Standpoint(at_s=start.at_s + share * length_s, **dict(zip(NAMES, place, strict=True)))
