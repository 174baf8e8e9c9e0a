"""Pictures for passages: what their words, and those before them, say of place, time, weather, people and things.

It reads any English text, not only what this writer has written. Place, time and weather are kept from passage to
passage until the words change them; the cast is found by name, and by pronoun where only one person can be meant.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from storyreel.providers.offline.writer.library import read_text
from storyreel.providers.offline.writer.names import short_name

_MOST_FIGURES = 3
# Each way of looking with the words for it; a film keeps changing between the ways.
_CAMERAS: Mapping[str, Sequence[str]] = {
    "wide": ("establishing wide shot, eye level, 24mm lens", "wide shot, low horizon, figures on the left third"),
    "high": ("wide shot, high angle, small figures in a large place", "wide shot, high angle, seen from above"),
    "aerial": ("aerial view, very wide lens", "aerial view, slowly tilted horizon, very wide lens"),
    "silhouette": ("silhouette against the light, wide shot", "wide shot, dark figures before a bright sky"),
    "low": ("low angle, wide lens, figure tall in the frame", "wide shot, low angle, looking up past the figure"),
    "medium": ("medium shot from behind, 35mm lens", "three-quarter view from behind, medium wide shot"),
    "profile": ("medium shot in profile, 50mm lens", "two-shot in profile, medium, 50mm lens"),
    "close": ("close-up in profile, 85mm lens, soft background", "close-up from behind, lost profile, 85mm lens"),
    "shoulder": ("over-the-shoulder shot, 50mm lens", "over-the-shoulder shot, long lens"),
    "insert": ("close-up detail insert, shallow focus, 85mm lens", "extreme close-up insert, macro lens"),
}  # fmt: skip
_TALL = re.compile(
    r"\b(?:lighthouse|(?:clock |church |bell |stone )?tower|castle|fortress|church|windmill|observatory|palace|temple|"
    r"museum|mansion|monastery|abbey|factory)\b"
)
_SPACE = re.compile(r"\b(?:space station|spaceship|starship|shuttles?|airlock)\b")
_OF_SPACE = re.compile(r"\b(?:spaceship|space|interior|planet|moon|ruins|cave|crater\w*)\b")


@dataclass(slots=True)
class _Sight:
    """What is in view, carried from passage to passage."""

    place: str = ""
    around: str = ""
    indoors: bool = False
    time: str = ""
    time_age: int = 0
    weather: str = ""
    weather_age: int = 0
    people: list[int] = field(default_factory=list)
    cameras: tuple[str, ...] = ()
    last: str = ""


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
    return _Sight(place=look, around=look, time=times[0].phrase if times else "at dusk")


def _scene(
    story: Mapping[str, Any],
    passage: str,
    index: int,
    count: int,
    sight: _Sight,
    rng: random.Random,
    share: float,
) -> dict[str, Any]:
    people = _people(story, passage, sight)
    things = _found("prop", passage)[:2]
    strangers = [] if people else [rule.phrase for rule in _found("figure", passage)][:2]
    poses = _found("pose", passage)
    figures = len(people) + len(strangers)
    detail = _is_detail(sight, index, count, figures, things, poses, rng)
    # A thing is seen where and when its own sentence is, not where the passage has gone by its end.
    before = replace(sight)
    _look_around(story, _until_thing(passage, things[0]) if detail else passage, sight, outdoors=index == 0)
    kind, camera = _camera(sight, index, count, figures, poses, passage, rng, detail=detail)
    props = [rule.phrase for rule in things]
    creatures = [rule.phrase for rule in _found("creature", passage)][:1]
    time = sight.time or "in the soft light of an overcast day"
    place = _in_its_time(sight.place, time, sight.weather)
    subject = _subject(
        story, people, strangers, creatures, props, {rule.phrase for rule in things if "big" in rule.tags},
        poses[0].phrase if poses else "standing", place, detail=detail,
    )  # fmt: skip
    afar = "" if sight.indoors or detail else _landmark(story, place)
    scene = {
        "subject": subject,
        "camera": camera,
        "lighting": _lighting(story, time, sight, passage, kind, detail=detail),
        "emotion": _emotion(passage, share),
        "environment": ", ".join(part for part in (place, afar, sight.weather, time) if part),
        "cast": [] if detail else [story["cast"][person]["look"] for person in people],
        "palette": list(story["palette"]),
    }
    if detail:
        before.people, before.cameras = sight.people, sight.cameras
        _look_around(story, passage, before, outdoors=False)
        for name in ("place", "around", "indoors", "time", "time_age", "weather", "weather_age"):
            setattr(sight, name, getattr(before, name))
    return scene


def _until_thing(passage: str, thing: _Rule) -> str:
    """A passage up to the end of the sentence that first names a thing."""
    found = thing.pattern.search(passage)
    assert found is not None
    end = re.search(r"[.!?][”’\"']?(?:\s|$)", passage[found.end() :])
    return passage[: found.end() + end.end()] if end else passage


def _in_its_time(place: str, time: str, weather: str) -> str:
    """A place's look without the time and weather that are its own when others reign."""
    kept = re.sub(r",? (?:under a pale |at )(?:dusk|night|dawn|sunrise|sunset)\b", "", place)
    kept = kept.replace("warm evening windows", "warm windows") if "night" in time or "dusk" in time else kept
    if weather:
        kept = re.sub(r", [^,]*\b(?:clouds?|rain|fog)\b[^,]*", "", kept)
    return kept


def _landmark(story: Mapping[str, Any], place: str) -> str:
    """What rises over the story's places and so is seen from the others too, unless it is in the place's own look."""
    for one in story["places"]:
        found = _TALL.search(str(one["look"]).split(",")[0])
        if found:
            return "" if found.group() in place else f"{_a(found.group())} in the distance"
    return ""


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _in_space(story: Mapping[str, Any]) -> bool:
    return any(_SPACE.search(str(place["look"])) for place in story["places"])


def _look_around(story: Mapping[str, Any], passage: str, sight: _Sight, *, outdoors: bool) -> None:
    named = _named(story, passage)
    places = _found("place", passage)
    if outdoors:
        # A chapter opens wide: from where one sees what kind of place it is.
        places = [rule for rule in places if "indoors" not in rule.tags]
    if _in_space(story):
        places = [rule for rule in places if _OF_SPACE.search(rule.phrase) and "window full" not in rule.phrase]
    if places:
        # A room is where one is; a sea is often only what one sees from it.
        best = next((rule for rule in places if "indoors" in rule.tags), places[0])
        sight.indoors = "indoors" in best.tags
        sight.place = best.phrase
        if not sight.indoors:
            own = _own_place(story, best, passage)
            if named:
                sight.place = str(named[0 if outdoors else -1]["look"])
            elif own:
                sight.place = own
            elif "small" in best.tags:
                sight.place = f"{best.phrase}, {sight.around}"
            if "small" not in best.tags:
                sight.around = sight.place
    elif named:
        sight.place, sight.indoors = str(named[0 if outdoors else -1]["look"]), False
        sight.around = sight.place
    times = _found("time", passage)
    sight.time_age = 0 if times and times[0].phrase != sight.time else sight.time_age + 1
    if times:
        sight.time = times[0].phrase
    weather = _found("weather", passage)
    if _in_space(story):
        weather = [rule for rule in weather if not re.search(r"rain|storm|snow|fog|wind", rule.phrase)]
    if weather:
        sight.weather, sight.weather_age = weather[0].phrase, 0
    else:
        sight.weather_age += 1
        if sight.weather_age > 1:
            sight.weather = ""


def _named(story: Mapping[str, Any], passage: str) -> list[Mapping[str, Any]]:
    """The story's places that a passage names, in the order in which it names them."""
    found: list[tuple[int, int, Mapping[str, Any]]] = []
    for place in story["places"]:
        bare = re.sub(r"^the ", "", str(place["name"]), flags=re.IGNORECASE)
        match = re.search(rf"\b{re.escape(bare)}\b", passage, re.IGNORECASE)
        if match:
            found.append((match.start(), len(found), place))
    return [place for _, _, place in sorted(found, key=lambda entry: entry[:2])]


def _own_place(story: Mapping[str, Any], rule: _Rule, passage: str) -> str:
    """The look of the story's own place that a word means: its cliff is the cliff that its lighthouse stands on."""
    said = rule.pattern.search(passage)
    if said is None or "water" in rule.tags:
        return ""
    word = said.group().lower().rstrip("s")
    for place in story["places"]:
        if re.search(rf"\b{re.escape(word)}s?\b", str(place["look"]).split(",")[0], re.IGNORECASE):
            return str(place["look"])
    return ""


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
    place: str,
    *,
    detail: bool,
) -> str:
    where = "" if not place else f", {_short(place)}"
    if detail:
        whose = f" of {_figure(str(story['cast'][people[0]]['look']))}" if people else ""
        held = f"held in the hand{whose}" if people or strangers else "lying in the light"
        return f"{_capital(props[0])} {held}{where}"
    figures = [_figure(str(story["cast"][person]["look"])) for person in people] or list(strangers)
    if not figures and creatures:
        return f"{_capital(creatures[0])}{where}"
    if not figures:
        seen = f"{_capital(_short(place)) or 'A quiet place'} with nobody in sight"
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


def _is_detail(
    sight: _Sight,
    index: int,
    count: int,
    figures: int,
    things: Sequence[_Rule],
    poses: Sequence[_Rule],
    rng: random.Random,
) -> bool:
    """Whether a passage is best told by a thing seen close: never first or last, nor soon after another."""
    if not things or index == 0 or (index == count - 1 and count > 2) or "insert" in sight.cameras:
        return False
    if not figures:
        return True
    in_hand = any("detail" in rule.tags for rule in poses)
    return rng.random() < (0.85 if in_hand else 0.4)


def _camera(
    sight: _Sight,
    index: int,
    count: int,
    figures: int,
    poses: Sequence[_Rule],
    passage: str,
    rng: random.Random,
    *,
    detail: bool,
) -> tuple[str, str]:
    """The way of looking and its words: what suits the passage, and least what has just been seen."""
    wanted: dict[str, float]
    if detail:
        wanted = {"insert": 1}
    elif index == 0:
        wanted = {"wide": 3, "high": 1}
    elif figures == 0:
        wanted = {"wide": 2, "high": 1, "aerial": 0 if sight.indoors else 1.5}
    elif index == count - 1 and count > 2:
        wanted = {"silhouette": 0 if sight.indoors else 3, "high": 1, "wide": 2}
    elif any("climbing" in rule.tags for rule in poses):
        wanted = {"low": 2, "high": 1}
    elif figures > 1:
        wanted = {"shoulder": 3, "profile": 2, "low": 1, "wide": 1, "silhouette": 0 if sight.indoors else 1}
    else:
        spoken = "“" in passage
        wanted = {
            "close": 3 if spoken else 1.5, "profile": 2, "medium": 1.5, "low": 1, "wide": 0.7, "high": 0.7,
            "silhouette": 0 if sight.indoors else 1.2,
        }  # fmt: skip
    for age, kind in enumerate(reversed(sight.cameras)):
        # The same way twice running only when nothing else tells it.
        wanted[kind] = wanted.get(kind, 0) * (0.001, 0.2, 0.5)[age]
    kinds = [kind for kind, weight in wanted.items() if weight]
    kind = rng.choices(kinds, [wanted[kind] for kind in kinds])[0]
    sight.cameras = (*sight.cameras, kind)[-3:]
    options = _CAMERAS[kind][1:] if figures > 1 and kind == "profile" else _CAMERAS[kind]
    if kind == "profile" and figures == 1:
        options = options[:1]
    chosen = options[0] if index == 0 else rng.choice([one for one in options if one != sight.last] or options)
    sight.last = chosen
    return kind, chosen


def _lighting(story: Mapping[str, Any], time: str, sight: _Sight, passage: str, kind: str, *, detail: bool) -> str:
    lights = {rule.phrase: None for rule in _found("light", passage)}
    if not lights and (sight.indoors or detail):
        lights["a single warm lamp" if "night" in time or "dusk" in time else "soft light from a window"] = None
    by_time = next((rule.phrase for rule in _rules()["glow"] if rule.pattern.search(time)), "soft daylight")
    heavy = not sight.indoors and re.search(r"storm|rain|blizzard|snow|fog", sight.weather)
    if heavy and "night" not in time:
        by_time = f"grey light {time}, the sun behind heavy clouds"
    elif heavy:
        by_time = "dark stormy night, cold light under the clouds" if "storm" in sight.weather else by_time
    elif _in_space(story) and "night" in time:
        by_time = "deep blue night, cold starlight"
    elif "dusk" in time and sight.time_age > 1:
        # Time goes on: the second picture of an evening is darker than the first.
        by_time = "blue dusk, afterglow low in the sky"
    if kind == "silhouette":
        by_time += ", backlit"
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


def found_phrases(kind: str, text: str) -> list[str]:
    """What is painted for the words of one kind ("place", "time", ...) in a text, the most frequent first."""
    return [rule.phrase for rule in _found(kind, text)]


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
