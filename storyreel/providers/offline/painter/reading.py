"""From free text to a `SceneSpec`: a scene's fields, or a prompt alone, read with the tables in `words`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import cast

import numpy as np

from storyreel.providers.contracts import ImageRequest, SceneDescription
from storyreel.providers.offline.painter import words
from storyreel.providers.offline.painter.colour import Colour, luminance, parse
from storyreel.providers.offline.painter.seeds import place_seed_of
from storyreel.providers.offline.painter.spec import (
    AngleName,
    EmotionName,
    FramingName,
    LightName,
    Look,
    PlaceName,
    RoomName,
    SceneSpec,
    ViewName,
    WeatherName,
)
from storyreel.providers.offline.painter.things import INSERTABLE
from storyreel.providers.offline.silhouettes import find

_INDOORS = {"room", "church", "corridor", "spaceship"}
_SMALL_GARMENTS = "scarf|hat|cap|gloves|ribbon|bandana|neckerchief|sash|belt|shawl|hood|boots|tie|bow|flower|beret|muffler|bag|backpack|umbrella|kerchief"
_LARGE_GARMENTS = "coat|jacket|cloak|dress|robe|robes|oilskin|raincoat|parka|gown|cape|sweater|jumper|suit|uniform|tunic|overcoat|shirt|blouse|trench coat|slicker|armour|armor|cardigan|dungarees|habit|spacesuit|poncho|skirt"


@lru_cache(maxsize=512)
def _pattern(alternatives: str) -> re.Pattern[str]:
    # Longest first, so that a phrase is found before a word inside it.
    parts = sorted(alternatives.split("|"), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(p) for p in parts) + r")(?:'s|s|es)?(?![\w-])")


def score(text: str, alternatives: str) -> float:
    """How strongly a text calls for something: each word found counts 1, each further word of a phrase 1 more."""
    return sum(
        1.0 + found.group().count(" ") + 0.5 * found.group().count("-")
        for found in _pattern(alternatives).finditer(text)
    )


def best(texts: Sequence[tuple[str, float]], table: Mapping[str, str]) -> str | None:
    """The entry of a table that weighted texts call for most; the earlier entry wins a tie, None when none is called."""
    top, chosen = 0.0, None
    for name, alternatives in table.items():
        value = sum(weight * score(text, alternatives) for text, weight in texts if text)
        if value > top + 1e-9:
            top, chosen = value, name
    return chosen


def found(text: str, table: Mapping[str, str]) -> tuple[str, ...]:
    """The entries of a table that a text names, in the order in which it names them."""
    places = []
    for name, alternatives in table.items():
        hit = _pattern(alternatives).search(text)
        if hit is not None:
            places.append((hit.start(), name))
    return tuple(name for _, name in sorted(places))


def _plain(text: str) -> str:
    """Lower case, with what is denied ("no people", "without snow") taken out."""
    text = text.lower().replace("’", "'").replace("–", "-").replace("_", " ")
    return re.sub(r"\b(?:no|without|not a|free of|never) (?:(?:any|a|the) )?[\w'-]+(?: or [\w'-]+)?", " ", text)


# How a picture is made says nothing of what is in it.
_STYLE = re.compile(r"\bStyle: [^.]*(?:\.|$)")


def read(request: ImageRequest) -> SceneSpec:
    """What a request asks to be painted."""
    prompt = _STYLE.sub("", request.prompt).strip()
    scene = request.scene or SceneDescription(subject=prompt)
    subject, camera, lighting = _plain(scene.subject), _plain(scene.camera), _plain(scene.lighting)
    emotion, environment = _plain(scene.emotion), _plain(scene.environment)
    spare = "" if request.scene is not None else subject
    place = _place(subject, environment, _plain(prompt))
    light = _light(lighting, environment, subject, emotion, place)
    weather = _weather(environment, subject, lighting)
    if light == "storm" and weather in ("clear", "clouds") and re.search(r"\blightning|\bthunder", lighting):
        weather = "storm"
    if place in ("space", "planet", "spaceship", "underwater", "cave", "church", "corridor") and weather not in (
        "dust",
        "fog",
    ):
        weather = "clear"
    everything = " ".join((subject, environment, lighting))
    objects = found(everything, words.OBJECTS)
    if _GROUND_MIST.search(everything):
        objects = (*objects, "mist")
    if place == "planet":
        objects = tuple(name for name in objects if name not in ("house", "sea"))
    landmark, far = _landmark(environment)
    framing, angle = _camera(camera or spare, subject, objects)
    figures = _figures(scene, subject, framing)
    pose = _pose(subject, framing, _view(camera))
    snow = bool(
        re.search(r"\bsnow|\bwinter|\bfrozen|\bicy|\bice\b|\bfrost|\bblizzard|\barctic|\bglacier", everything)
    ) and not re.search(r"snow-?capped|snowy peaks", everything)
    seasons = {
        "autumn": "autumn|fall colours|autumnal|october|november|fallen leaves",
        "winter": "winter|snow|frost",
        "spring": "spring|blossom|april|blossoms",
        "summer": "summer|july|august",
    }
    return SceneSpec(
        place=place,
        room=_room(subject, environment, place),
        light=light,
        weather=weather,
        framing=framing,
        angle=angle,
        emotion=cast(EmotionName, best(((emotion, 3.0), (subject, 0.6), (environment, 0.3)), words.EMOTIONS) or "calm"),
        figures=figures,
        pose=pose,
        objects=objects,
        snow_lies=(snow and place not in _INDOORS) or weather == "snow",
        season=best(((environment, 2.0), (subject, 1.0)), seasons) or "",
        palette=_palette(scene.palette),
        silhouette="silhouette" in camera
        or "silhouette" in lighting
        or "silhouette" in subject
        or "backlit" in lighting,
        view=_view(camera),
        landmark=landmark,
        landmark_far=far,
        shown=_shown(subject, objects),
        place_seed=place_seed_of(request),
        in_hand=re.search(r"\b(?:held|holding|holds|hands?|fingers|palm)\b", f"{subject} {camera}") is not None,
    )


_CLAUSE = re.compile(r"[,;.]")
# What stands before the first of these is what a place is; what comes after is only said of it.
_HEAD_ENDS = re.compile(
    r"\b(?:standing|rising|built|carved|on|above|over|by|with|in|of|under|among|behind|at|near|full|between|against)\b"
)
_AFAR = re.compile(r"\b(?:in the distance|far off|far away|on the horizon|behind (?:it|them)|behind$)")


def _place_texts(text: str, weight: float) -> list[tuple[str, float]]:
    """A description of a place as weighted texts: its first words say what it is, later clauses only what is about."""
    clauses = [clause.strip() for clause in _CLAUSE.split(text)]
    near = [clause for clause in clauses if clause and not _AFAR.search(clause)] or clauses
    first, rest = near[0], " , ".join(near[1:])
    return [(_HEAD_ENDS.split(first)[0], weight * 0.6), (first, weight), (rest, weight * 0.45)]


def _place(subject: str, environment: str, prompt: str) -> PlaceName:
    texts = [*_place_texts(environment, 2.2), (_AFAR.split(subject)[0], 1.0)]
    table = words.PLACES
    if re.search(r"\b(?:rising above|standing|built high)\b", _CLAUSE.split(environment)[0]):
        # Seen from outside, however much its name is that of a room.
        table = {name: found for name, found in table.items() if name not in _INDOORS}
    chosen = best(texts, table)
    if chosen is None:
        chosen = best([(prompt, 1.0)], words.PLACES)
    if chosen is None:
        return "hills"
    both = f"{environment} {subject}"
    if chosen == "city" and re.search(r"\b(?:mountain|village|country)\b", environment):
        chosen = "village"
    peopled = re.search(r"\b(?:man|woman|boy|girl|child|figure|captain)\b", subject)
    if chosen == "space" and peopled and not re.search(r"\bspace ?suit|\bhull\b", both):
        chosen = "spaceship"
    # A place inside another: "a window over the city" is a room, "the lighthouse lamp room" too.
    if chosen not in _INDOORS and re.search(
        r"\binterior\b|\bindoors\b|\binside (?:a|the|an|her|his) (?:\w+ )?(?:house|cottage|cabin|room|tavern|shop|lighthouse|library|hut|castle|office)",
        both,
    ):
        chosen = "church" if "church" in both and "room" not in both else "room"
    if chosen == "coast" and re.search(r"lamp room|lantern room|great lens", both):
        chosen = "room"
    if chosen == "river" and "waterfall" not in both and re.search(r"\bbridge of (?:the|a) (?:star)?ship", both):
        chosen = "deck"
    high = re.search(r"\b(?:mountain|peaks?|alps|alpine)", both)
    sea = re.search(r"\b(?:sea|ocean|coast|shore|lighthouse|island|surf|harbou?r|headland|beach|bay)", both)
    if chosen in ("village", "hills") and re.search(r"\b(?:sea|ocean|cliff)\b", both) and "village" not in both:
        chosen = "coast" if not high else chosen
    if chosen == "coast" and high and not sea:
        chosen = "mountains"
    return cast(PlaceName, chosen)


def _landmark(environment: str) -> tuple[str, bool]:
    """The structure that stands over a place, and whether it is far off; "" when none is named as standing there."""
    for clause in _CLAUSE.split(environment):
        far = "in the distance" in clause or "on the horizon" in clause
        if far or re.search(r"\b(?:rising above|rising over|standing (?:on|by|over|above|in|at)|built high)\b", clause):
            head = re.split(r"\b(?:in the distance|on the horizon|rising|standing|built)\b", clause)[0]
            hit = find(head)
            if hit is not None and hit[0] == "structure":
                return hit[1], far
    return "", False


def _room(subject: str, environment: str, place: str) -> RoomName:
    if place != "room":
        return "plain"
    return cast(RoomName, best(((environment, 2.0), (subject, 1.0)), words.ROOMS) or "plain")


def _light(lighting: str, environment: str, subject: str, emotion: str, place: str) -> LightName:
    texts = ((lighting, 3.0), (environment, 0.8), (subject, 0.6))
    chosen = best(texts, words.LIGHTS)
    if chosen == "storm" and score(lighting, "moonlight|moonlit|dawn|sunset|golden|noon|night|dusk|neon") > 0:
        chosen = best(((lighting, 3.0),), {k: v for k, v in words.LIGHTS.items() if k != "storm"}) or chosen
    if chosen is None:
        if place in ("space", "spaceship"):
            return "night"
        guesses: dict[str, LightName] = {
            "grief": "overcast",
            "fear": "moon",
            "lonely": "dusk",
            "tense": "storm",
            "joy": "noon",
            "hopeful": "dawn",
            "tender": "golden",
            "wonder": "dusk",
            "awe": "golden",
        }
        feeling = best(((emotion, 1.0),), words.EMOTIONS)
        return guesses.get(feeling or "", "golden")
    return cast(LightName, chosen)


_GROUND_MIST = re.compile(
    r"\b(?:(?:low|ground|thin|morning) (?:mist|fog)|(?:mist|fog) (?:on|over|above|in) the \w+|light mist|steam|smoke|smoky|hazy?)\b"
)
_CLOUDS = re.compile(
    r"\b(?:storm|thunder|rain|heavy|dark|torn|black|low|gathering|grey|gray|leaden)[ -]?clouds?\b|\bthunderheads?\b|"
    r"\bheavy (?:cloud|sky)\b|\bafter the (?:storm|rain)\b|\bwet (?:cobbles|stones?|pavement|street|roofs?|sand)\b"
)


def _weather(environment: str, subject: str, lighting: str) -> WeatherName:
    """Rain and storm only when they are said to be there: storm clouds, wet cobbles and a storm lantern are not rain."""
    fields = [re.sub(r"\bstorm[ -](?:lantern|lamp)s?\b", " ", text) for text in (environment, subject, lighting)]
    bare = [_GROUND_MIST.sub(" ", _CLOUDS.sub(" ", text)) for text in fields]
    chosen = best(((bare[0], 2.0), (bare[1], 1.0), (bare[2], 0.7)), words.WEATHERS)
    if chosen in (None, "clear", "wind") and any(
        not hit.startswith(("wet", "after")) for text in fields for hit in _CLOUDS.findall(text)
    ):
        chosen = "clouds"
    return cast(WeatherName, chosen or "clear")


def _view(camera: str) -> ViewName:
    if "lost profile" in camera or "three-quarter" in camera or "quarter view" in camera:
        return "quarter"
    return "side" if "profile" in camera or "side view" in camera else "back"


def _camera(camera: str, subject: str, objects: tuple[str, ...]) -> tuple[FramingName, AngleName]:
    framing = best(((camera, 1.0),), words.FRAMINGS)
    angle = best(((camera, 1.0),), words.ANGLES) or "level"
    if framing == "close" and any(o in INSERTABLE for o in objects):
        # A close-up of a thing is an insert; of a person it is not.
        before = re.split(r"\b(?:by|beside|near|with|in)\b", subject)[0]
        thing = found(before, {k: v for k, v in words.OBJECTS.items() if k in INSERTABLE})
        person = found(before, words.PEOPLE)
        on_camera = re.search(r"close-?\s?up (?:on|of) (?:the|a|an|his|her) ([\w ]+)", camera)
        if (thing and not person) or (on_camera and found(on_camera.group(1), words.OBJECTS)):
            framing = "insert"
    if framing == "insert" and not _shown(subject, objects):
        framing = "close"
    return cast(FramingName, framing or "wide"), cast(AngleName, angle)


def _shown(subject: str, objects: tuple[str, ...]) -> tuple[str, ...]:
    """The props an insert shows: what the subject begins with, then other things named."""
    head = re.split(r"\b(?:held|lying|resting|lit|in|on|by|beside|near|with|under|before)\b|,", subject)[0]
    first = find(head)
    if first is None or first[0] != "prop":
        return tuple(INSERTABLE[name] for name in objects if name in INSERTABLE)[:2]
    same = found(head, words.OBJECTS)
    others = (INSERTABLE[name] for name in objects if name in INSERTABLE and name not in same)
    return (first[1], *others)[:2]


def _figures(scene: SceneDescription, subject: str, framing: str) -> tuple[Look, ...]:
    if scene.cast:
        return tuple(look_of(text) for text in scene.cast[:5])
    if re.search(r"\b(?:empty|deserted|nobody|no one|uninhabited)\b", scene.subject.lower()):
        return ()
    if "nobody" in subject or best(((subject, 1.0),), words.PEOPLE) is None:
        return ()
    if framing == "insert":
        # Whose hand it is: only the sleeve is seen.
        return (look_of(subject),)
    first = look_of(subject)
    many = best(((subject, 1.0),), words.MANY)
    others = int(many) - 1 if many else 0
    kinds = ["woman" if first.kind in ("man", "old_man") else "man", "boy", "old_man", "girl"]
    coats = ["#4a3f3a", "#3a4652", "#55483a", "#3f3a4a"]
    more = tuple(
        Look(kind=kinds[k], coat=coats[k], accent="#8a8f96", seed=first.seed + k + 1) for k in range(min(4, others))
    )
    return (first, *more)


def look_of(text: str) -> Look:
    """The look that a description of somebody gives: the same words always give the same look."""
    plain = _plain(text)
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
    number = int.from_bytes(hashlib.sha256(plain.encode()).digest()[:4], "little")
    coats = ("#2b3140", "#3a2f2a", "#2f3a34", "#3b3344", "#453828")
    accents = ("#c8452f", "#d99a2b", "#3f8f8a", "#b0567a", "#cfd4da")
    coat = _colour_before(plain, _LARGE_GARMENTS) or coats[number % len(coats)]
    accent = _colour_before(plain, _SMALL_GARMENTS) or accents[(number >> 8) % len(accents)]
    return Look(
        kind=kind,
        coat=coat,
        accent=accent,
        wears=tuple(wears),
        carries=found(plain, words.CARRIES)[:1],
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


def _pose(subject: str, framing: str, view: ViewName) -> str:
    pose = best(((subject, 1.0),), words.POSES)
    if framing == "shoulder" or (framing == "close" and view == "back"):
        return "standing_back"
    if view == "side" and pose in (None, "standing_back"):
        return "standing_side"
    if framing == "medium" and pose in ("walking_side", "running", "climbing", None):
        return "standing_back" if pose is None else pose
    if pose is None:
        return "standing_back"
    return pose


def _palette(codes: Sequence[str]) -> tuple[Colour, ...]:
    """The colours that can be read, dark to light; what is no colour is passed over, for the field is free text."""
    colours = []
    for code in codes:
        hit = re.search(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b", code)
        if hit:
            colours.append(parse(hit.group()))
    return tuple(sorted(colours, key=lambda c: float(luminance(np.array(c, np.float32)))))
