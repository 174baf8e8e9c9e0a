"""Pictures for passages: what their words, and those before them, say of place, time, weather, people and things.

It reads any English text, not only what this writer has written. Place, time and weather are kept from passage to
passage until the words change them; the cast is found by name, and by pronoun where only one person can be meant.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from storyreel.providers.offline.writer.library import read_text
from storyreel.providers.offline.writer.names import short_name

_MOST_FIGURES = 3
_ESTABLISHING = (
    "establishing wide shot, eye level, 24mm lens",
    "wide shot, high angle, small figures in a large place",
    "aerial view, slowly tilted horizon, very wide lens",
)
_ALONE = (
    "medium shot from behind, 35mm lens",
    "silhouette against the light, wide shot, low horizon",
    "low angle, wide lens, figure tall in the frame",
    "medium shot in profile, 50mm lens",
    "high angle, the figure small below",
    "three-quarter view from behind, medium wide shot",
)
_TOGETHER = (
    "over-the-shoulder shot, 50mm lens",
    "two-shot in profile, medium, 50mm lens",
    "wide two-shot, silhouettes against the light",
    "medium wide shot, low angle, figures close together",
)
_DETAIL = ("close-up detail insert, shallow focus, 85mm lens", "extreme close-up, macro lens, soft background")


@dataclass(slots=True)
class _Sight:
    """What is in view, carried from passage to passage."""

    place: str = ""
    indoors: bool = False
    time: str = ""
    weather: str = ""
    weather_age: int = 0
    people: list[int] = field(default_factory=list)
    camera: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    phrase: str
    tags: frozenset[str]


def scenes(facts: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """One scene for each passage, in the shape of `SceneDescription`."""
    story: Mapping[str, Any] = facts["story"]
    number = int(facts["chapter"]["number"])
    rng = random.Random(f"{story['title']}|{seed}|scenes {number}")
    passages: Sequence[str] = facts["passages"]
    sight = _first_sight(story, passages)
    return [
        _scene(story, passage, index, len(passages), sight, rng, _share(facts, index))
        for index, passage in enumerate(passages)
    ]


def _share(facts: Mapping[str, Any], index: int) -> float:
    """How far into the film a passage stands, 0 to 1."""
    chapters = max(int(facts.get("chapters", 1)), int(facts["chapter"]["number"]))
    within = index / max(1, len(facts["passages"]) - 1)
    return float((int(facts["chapter"]["number"]) - 1 + within) / chapters)


def _first_sight(story: Mapping[str, Any], passages: Sequence[str]) -> _Sight:
    look = str(story["places"][0]["look"])
    times = _found("time", passages[0] if passages else "") or _found("time", look)
    return _Sight(place=look, time=times[0].phrase if times else "at dusk")


def _scene(
    story: Mapping[str, Any],
    passage: str,
    index: int,
    count: int,
    sight: _Sight,
    rng: random.Random,
    share: float,
) -> dict[str, Any]:
    _look_around(story, passage, sight, outdoors=index == 0)
    people = _people(story, passage, sight)
    things = _found("prop", passage)[:2]
    props = [rule.phrase for rule in things]
    beside = {rule.phrase for rule in things if "big" in rule.tags}
    strangers = [] if people else [rule.phrase for rule in _found("figure", passage)][:2]
    poses = _found("pose", passage)
    pose = poses[0].phrase if poses else "standing"
    creatures = [rule.phrase for rule in _found("creature", passage)][:1]
    camera = _camera(sight, index, count, len(people) + len(strangers), props, poses, passage, rng)
    detail = camera in _DETAIL
    time = sight.time or "in the soft light of an overcast day"
    subject = _subject(story, people, strangers, creatures, props, beside, pose, sight, detail=detail)
    return {
        "subject": subject,
        "camera": camera,
        "lighting": _lighting(time, sight, passage),
        "emotion": _emotion(passage, share),
        "environment": ", ".join(part for part in (sight.place, sight.weather, time) if part),
        "cast": [] if detail else [story["cast"][person]["look"] for person in people],
        "palette": list(story["palette"]),
    }


def _look_around(story: Mapping[str, Any], passage: str, sight: _Sight, *, outdoors: bool) -> None:
    named = [place for place in story["places"] if _names_place(str(place["name"]), passage)]
    places = _found("place", passage)
    if outdoors:
        # A chapter opens wide: from where one sees what kind of place it is.
        places = [rule for rule in places if "indoors" not in rule.tags]
    if places:
        # A room is where one is; a sea is often only what one sees from it.
        best = next((rule for rule in places if "indoors" in rule.tags), places[0])
        home = story["places"][0]
        sight.indoors = "indoors" in best.tags
        sight.place = best.phrase
        if named and not sight.indoors:
            sight.place = str(named[-1]["look"])
        elif not sight.indoors and "small" in best.tags:
            sight.place = f"{best.phrase}, {home['look']}"
    elif named:
        sight.place, sight.indoors = str(named[-1]["look"]), False
    times = _found("time", passage)
    if times:
        sight.time = times[0].phrase
    weather = _found("weather", passage)
    if weather:
        sight.weather, sight.weather_age = weather[0].phrase, 0
    else:
        sight.weather_age += 1
        if sight.weather_age > 2:
            sight.weather = ""


def _names_place(name: str, passage: str) -> bool:
    bare = re.sub(r"^the ", "", name, flags=re.IGNORECASE)
    return re.search(rf"\b{re.escape(bare)}\b", passage, re.IGNORECASE) is not None


def _people(story: Mapping[str, Any], passage: str, sight: _Sight) -> list[int]:
    cast: Sequence[Mapping[str, Any]] = story["cast"]
    found: list[tuple[int, int]] = []
    for number, person in enumerate(cast):
        match = re.search(rf"\b{re.escape(short_name(str(person['name'])))}\b", passage, re.IGNORECASE)
        if match:
            found.append((match.start(), number))
    people = [number for _, number in sorted(found)][:_MOST_FIGURES]
    if not people and re.search(r"\b(?:he|she|him|her|his|hers|they)\b", passage, re.IGNORECASE):
        said = "f" if re.search(r"\b(?:she|her|hers)\b", passage, re.IGNORECASE) else "m"
        people = [number for number in sight.people if _sex(str(cast[number]["look"])) in (said, "")][:1]
    if people:
        sight.people = people + [number for number in sight.people if number not in people]
    return people


def _sex(look: str) -> str:
    if re.search(r"\b(?:woman|girl|lady)\b", look):
        return "f"
    return "m" if re.search(r"\b(?:man|boy)\b", look) else ""


def _figure(look: str) -> str:
    """ "an old woman in a red cloak": what can be told from afar."""
    who = re.match(r"(an? [^,]*?\b(?:woman|man|girl|boy|child)\b)", look)
    coat = re.search(r"\bin (an? [^,]+?)(?: and |,|$)", look)
    base = who.group(1) if who else "a figure"
    return f"{base} in {coat.group(1)}" if coat else base


def _subject(
    story: Mapping[str, Any],
    people: Sequence[int],
    strangers: Sequence[str],
    creatures: Sequence[str],
    props: Sequence[str],
    beside: set[str],
    pose: str,
    sight: _Sight,
    *,
    detail: bool,
) -> str:
    where = "" if not sight.place else f", {_short(sight.place)}"
    if detail:
        return (
            f"{_capital(props[0])} held in two hands{where}"
            if people
            else f"{_capital(props[0])} lying in the light{where}"
        )
    figures = [_figure(str(story["cast"][person]["look"])) for person in people] or list(strangers)
    if not figures and creatures:
        return f"{_capital(creatures[0])}{where}"
    if not figures:
        seen = f"{_capital(_short(sight.place)) or 'A quiet place'} with nobody in sight"
        return f"{seen}, {props[0]} in the foreground" if props else seen
    first, *others = figures
    text = f"{_capital(first)} {pose}"
    carried = [prop for prop in props if prop not in first]
    if carried:
        text += f" {'beside' if carried[0] in beside else 'with'} {carried[0]}"
    if others:
        text += f", {' and '.join(others)} nearby"
    if creatures:
        text += f", {creatures[0]} close by"
    return f"{text}{where}"


def _short(place: str) -> str:
    return ", ".join(place.split(", ")[:2])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _camera(
    sight: _Sight,
    index: int,
    count: int,
    figures: int,
    props: Sequence[str],
    poses: Sequence[_Rule],
    passage: str,
    rng: random.Random,
) -> str:
    tags = {tag for rule in poses for tag in rule.tags}
    choices: Sequence[str]
    if index == 0:
        choices = _ESTABLISHING[:2]
    elif figures == 0 and props and sight.indoors:
        choices = _DETAIL
    elif figures == 0:
        choices = _ESTABLISHING
    elif "detail" in tags and props and sight.camera not in _DETAIL:
        choices = _DETAIL
    elif "climbing" in tags:
        choices = (_ALONE[2], _ALONE[4])
    elif figures > 1 or "“" in passage:
        choices = _TOGETHER if figures > 1 else (*_ALONE[:1], *_ALONE[3:])
    else:
        choices = _ALONE
    if index == count - 1 and count > 2 and figures:
        choices = (_ALONE[1], _ESTABLISHING[1]) if figures == 1 else (_TOGETHER[2], _ESTABLISHING[1])
    options = [camera for camera in choices if camera != sight.camera]
    sight.camera = rng.choice(options or [camera for camera in _ALONE if camera != sight.camera])
    return sight.camera


def _lighting(time: str, sight: _Sight, passage: str) -> str:
    lights = {rule.phrase: None for rule in _found("light", passage)}
    if not lights and sight.indoors:
        lights["a single warm lamp"] = None
    by_time = next((rule.phrase for rule in _rules()["glow"] if rule.pattern.search(time)), "soft daylight")
    if not sight.indoors and "night" not in time and re.search(r"storm|rain|blizzard|snow|fog", sight.weather):
        by_time = f"grey light {time}, the sun behind heavy clouds"
    return ", ".join([by_time, *list(lights)[:2]])


def _emotion(passage: str, share: float) -> str:
    found = _found("emotion", passage)
    if found and share < 0.95:
        return found[0].phrase
    if share < 0.25:
        return "quiet curiosity, something about to begin"
    if share < 0.6:
        return "unease, held breath"
    return "rising tension" if share < 0.9 else "release, tenderness"


def _found(kind: str, text: str) -> list[_Rule]:
    """The rules of one kind whose words occur in a text, those that occur most often first, then in order of place."""
    scored = []
    for rule in _rules()[kind]:
        matches = [match.start() for match in rule.pattern.finditer(text)]
        if matches:
            scored.append((-len(matches), matches[0], rule))
    scored.sort(key=lambda entry: entry[:2])
    return [rule for _, _, rule in scored]


@cache
def _rules() -> Mapping[str, tuple[_Rule, ...]]:
    """The words of `sights.txt`: kind -> rules."""
    rules: dict[str, list[_Rule]] = {}
    kind = ""
    for line in read_text("sights.txt").splitlines():
        if line.startswith("== "):
            kind = line[3:].strip()
            rules[kind] = []
        elif line.strip() and not line.startswith("#"):
            words, phrase, *tags = (part.strip() for part in line.split(" | "))
            pattern = re.compile(rf"\b(?:{'|'.join(words.split(', '))})\b", re.IGNORECASE)
            rules[kind].append(_Rule(pattern, phrase, frozenset(" ".join(tags).split())))
    return {name: tuple(found) for name, found in rules.items()}
