"""From free text to a `SceneSpec`: a scene's fields, or a prompt alone, read with the tables in `words`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, cast

import numpy as np

from storyreel.providers.contracts import ImageRequest, SceneDescription
from storyreel.providers.offline.painter import words
from storyreel.providers.offline.painter.casting import cast_of
from storyreel.providers.offline.painter.colour import Colour, luminance, parse
from storyreel.providers.offline.painter.ideas import idea_in
from storyreel.providers.offline.painter.matching import best, found, plain_words, score
from storyreel.providers.offline.painter.seeds import place_seed_of
from storyreel.providers.offline.painter.spec import (
    CLOSED,
    INDOORS,
    AngleName,
    EmotionName,
    FramingName,
    LightName,
    PlaceName,
    RoomName,
    SceneSpec,
    ViewName,
    WeatherName,
)
from storyreel.providers.offline.painter.things import INSERTABLE
from storyreel.providers.offline.silhouettes import find

# How a picture is made says nothing of what is in it.
_STYLE = re.compile(r"\bStyle: [^.]*(?:\.|$)")


def read(request: ImageRequest) -> SceneSpec:
    """What a request asks to be painted."""
    prompt = _STYLE.sub("", request.prompt).strip()
    scene = request.scene or taken_apart(prompt)
    subject, camera, lighting = plain_words(scene.subject), plain_words(scene.camera), plain_words(scene.lighting)
    emotion, environment = plain_words(scene.emotion), plain_words(scene.environment)
    place = _place(subject, environment, plain_words(prompt))
    idea = idea_in(subject, environment) if place is None else None
    indoor = framing_of(camera) == "insert" or "hands" in subject
    place = "idea" if idea is not None else place or ("room" if indoor and environment == subject else "hills")
    weather = _weather(environment, subject, lighting)
    said = [re.sub(r"\b(?:two|twin|three|many) moons\b", " ", text) for text in (lighting, environment, subject)]
    light = _light(said[0], said[1], said[2], emotion, place, weather)
    if light == "storm" and weather in ("clear", "clouds") and re.search(r"\blightning|\bthunder", lighting):
        weather = "storm"
    if place in _NO_WEATHER and weather not in ("dust", "fog"):
        weather = "clear"
    everything = _NO_STATION.sub("outpost", " ".join((subject, environment, lighting)))
    objects = found(everything.replace("teddy bear", "teddy"), words.OBJECTS)
    if _GROUND_MIST.search(everything):
        objects = (*objects, "mist")
    if "wagons" in objects:
        objects = tuple(name for name in objects if name != "cart")
    if {"cart", "wagons"} & set(objects) and not re.search(r"\bcamels?\b", everything):
        objects = tuple(name for name in objects if name != "camel")  # a caravan of wagons
    if place == "planet":
        objects = tuple(name for name in objects if name not in ("house", "sea", "planet"))
    landmark, far = _landmark(environment)
    framing, angle = _camera(camera, subject, objects)
    figures = cast_of(scene, subject, framing)
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
        snow_lies=(snow and place not in INDOORS) or weather == "snow",
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
        idea=idea or "alone",
        at_work=_AT_WORK.search(subject) is not None,
        behind_glass=re.search(r"\b(?:windscreen|windshield|dashboard|behind the wheel|driver's seat)\b", everything)
        is not None,
        hero=_hero(subject) if not figures else None,
        place_seed=place_seed_of(request),
        in_hand=re.search(r"\b(?:held|holding|holds|hands?|fingers|palm)\b", f"{subject} {camera}") is not None,
    )


_NO_WEATHER: tuple[PlaceName, ...] = (
    "space", "planet", "spaceship", "underwater", "cave", "church", "corridor", "classroom", "laboratory", "theatre", "ward",
    "office", "idea",
)  # fmt: skip
_AT_WORK = re.compile(
    r"\bhands? (?:of \w+ )?(?:\w+ ){0,3}?(?:repair|mend|knead|sew|stitch|carv|shap|work|build|assembl|typ|play|peel|chop|writ|tun|paint|plant|knit|weav|fix|polish|sort|fold|turn)\w*"
)
# What a prompt says of its camera, in the words of the tables and what goes with them.
_OF_CAMERA = re.compile(
    r"\b(?:extreme |very |slow |medium |establishing |tight |full |high |low |wide )*"
    r"(?:wide[ -](?:shot|angle(?: shot)?|view)|establishing shot|long shot|full shot|medium(?: close-?up| shot)?|mid-?shot|two-?shot|"
    r"close-?\s?up|macro(?: shot| of)?|insert(?: shot)?|detail(?: shot)?|over[- ](?:the[- ]|his[- ]|her[- ])?shoulder(?: shot)?|pov|point[- ]of[- ]view|"
    r"first[- ]person(?: view)?|(?:low|high)[- ]angle(?: shot| view)?|bird's[- ]eye(?: view| shot)?|top[- ]down(?: view| shot)?|"
    r"overhead(?: view| shot)?|aerial(?: view| shot)?|drone(?: view| shot)?|worm's[- ]eye(?: view)?|tracking shot|establishing|"
    r"seen from (?:behind|above|below|the side|far above)|from (?:behind|above|below|far above)|in profile|side view|backlit|silhouetted?)\b"
)


def framing_of(camera: str) -> str | None:
    """The framing a camera's words call for, or None."""
    return best(((camera, 1.0),), words.FRAMINGS)


def taken_apart(prompt: str) -> SceneDescription:
    """A prompt as a scene: what it says of its camera apart, everything else both what is seen and where."""
    plain = prompt.replace("’", "'")
    camera = ", ".join(hit.group() for hit in _OF_CAMERA.finditer(plain.lower()))
    rest = _OF_CAMERA.sub(" ", plain.lower())
    rest = re.sub(r"^[\s,]*(?:shot |view )?(?:of|on)\b|\b(?:through|past) (?=,|$)", " ", rest.strip())
    said = re.sub(r"\s+", " ", re.sub(r"(?:\s*,)+\s*", ", ", rest)).strip(" ,")
    return SceneDescription(subject=said or plain, camera=camera, environment=said)


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


# Where something is, as against what it is: "a spaceship landing in a desert" is a desert.
_SITUATED = re.compile(
    r"\b(?:in|on|at|across|through|along|inside|into|aboard|under|beneath|over) (?:an?|the|his|her|their|its) "
    r"((?:(?!(?:of|in|on|at|with|and|by|under|over|past|as)\b)[\w'-]+ ?){1,4})"
)
_OUTSIDE = re.compile(r"\b(?:rising above|standing|built high)\b")
# Stations where no train stops, and people whose trade has the name of a place.
_NO_STATION = re.compile(
    r"\b(?:weather|research|radio|relay|signal|ranger|polar|field|pumping|listening|lifeboat|power|whaling|monitoring|"
    r"seismic|tide|observation|abandoned weather|arctic weather) stations?\b"
)
# "Office workers" are not at the office, and who is "crossing a prairie" is not at a crossing.
_NO_PLACE = re.compile(r"\boffice (?=workers?\b|clerks?\b|party\b)|\bcrossing (?=an?\b|the\b|their\b|his\b|her\b)")


def _place(subject: str, environment: str, prompt: str) -> PlaceName | None:
    subject, environment, prompt = (
        _NO_PLACE.sub("", _NO_STATION.sub("outpost", text)) for text in (subject, environment, prompt)
    )
    situated = " , ".join(hit.group(1) for hit in _SITUATED.finditer(_CLAUSE.split(environment)[0]))
    if _OUTSIDE.search(_CLAUSE.split(environment)[0]):
        situated = ""  # what it stands on is said only of where it stands
    texts = [*_place_texts(environment, 2.2), (_AFAR.split(subject)[0], 1.0), (situated, 1.6)]
    table = words.PLACES
    if _OUTSIDE.search(_CLAUSE.split(environment)[0]):
        # Seen from outside, however much its name is that of a room.
        table = {name: found for name, found in table.items() if name not in INDOORS}
    chosen = best(texts, table)
    if chosen is None:
        chosen = best([(prompt, 1.0)], words.PLACES)
    if chosen is None:
        return None
    both = f"{environment} {subject}"
    if chosen == "room":
        # A room of a kind of its own is no less one for its desk or its window.
        chosen = (
            best([(environment, 2.0), (subject, 1.0)], {k: v for k, v in words.PLACES.items() if k in _OWN_ROOMS})
            or chosen
        )
    if chosen == "city" and re.search(r"\b(?:mountain|village|country)\b", environment):
        chosen = "village"
    peopled = re.search(r"\b(?:man|woman|boy|girl|child|figure|captain)\b", subject)
    if chosen == "space" and peopled and not re.search(r"\bspace ?suit|\bhull\b", both):
        chosen = "spaceship"
    # A place inside another: "a window over the city" is a room, "the lighthouse lamp room" too.
    if chosen not in INDOORS and re.search(
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


_OWN_ROOMS = ("carriage", "theatre", "classroom", "laboratory", "ward", "church", "spaceship")


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


def _light(lighting: str, environment: str, subject: str, emotion: str, place: str, weather: str) -> LightName:
    texts = ((lighting, 3.0), (environment, 0.8), (subject, 0.6))
    if place == "theatre" and "spotlight" in f"{lighting} {subject}":
        return "night"
    chosen = best(texts, words.LIGHTS)
    if chosen == "storm" and score(lighting, "moonlight|moonlit|dawn|sunset|golden|noon|night|dusk|neon") > 0:
        chosen = best(((lighting, 3.0),), {k: v for k, v in words.LIGHTS.items() if k != "storm"}) or chosen
    if chosen is None:
        if place in ("space", "spaceship"):
            return "night"
        if weather in ("storm", "snow", "fog", "rain"):
            return "storm" if weather == "storm" else "overcast"
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
    if chosen == "fire" and place not in CLOSED and not score(lighting, words.LIGHTS["fire"]):
        # Out of doors a lantern that is carried lights nothing but its bearer: the hour does.
        hours = {name: words.LIGHTS[name] for name in ("dusk", "night", "dawn", "moon", "sunset", "golden", "noon")}
        hour = best(texts, hours)
        if hour is not None and not score(f"{environment} {subject}", _OPEN_FIRES):
            chosen = hour
    if chosen in ("golden", "overcast"):
        # "Warm lights at dusk" is dusk: the hour said outweighs a warmth or a grey that is only seen in it.
        hour = best(texts, {name: words.LIGHTS[name] for name in ("dusk", "night", "dawn", "moon", "sunset")})
        if hour is not None and not score(
            f"{lighting} {environment} {subject}", "golden hour|sunbeams|overcast|afternoon"
        ):
            chosen = hour
    return cast(LightName, chosen)


_OPEN_FIRES = "campfire|bonfire|firelight|firelit|fire|flames|burning|forge|blacksmith|candlelight|candlelit|torchlight"
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
    if any(re.search(r"\b(?:thick|dense|heavy)(?: \w+)? (?:fog|mist)\b|\bfogbound\b", text) for text in fields):
        return "fog"
    bare = [_GROUND_MIST.sub(" ", _CLOUDS.sub(" ", text)) for text in fields]
    chosen = best(((bare[0], 2.0), (bare[1], 1.0), (bare[2], 0.7)), words.WEATHERS)
    if chosen in (None, "clear", "wind") and any(
        not hit.startswith(("wet", "after")) for text in fields for hit in _CLOUDS.findall(text)
    ):
        chosen = "clouds"
    return cast(WeatherName, chosen or "clear")


def _view(camera: str) -> ViewName:
    if "from behind" in camera:
        return "back"
    if "lost profile" in camera or "three-quarter" in camera or "quarter view" in camera:
        return "quarter"
    return "side" if "profile" in camera or "side view" in camera else "back"


def _camera(camera: str, subject: str, objects: tuple[str, ...]) -> tuple[FramingName, AngleName]:
    framing = best(((camera, 1.0),), words.FRAMINGS)
    angle = best(((camera, 1.0),), words.ANGLES) or "level"
    if framing == "close":
        # A close-up of a thing is an insert; of a person it is not.
        before = re.split(r"\b(?:by|beside|near|with|in)\b", subject)[0]
        thing = found(before, {k: v for k, v in words.OBJECTS.items() if k in INSERTABLE})
        person = found(before, words.PEOPLE)
        on_camera = re.search(r"close-?\s?up (?:on|of) (?:the|a|an|his|her) ([\w ]+)", camera)
        beast = find(before)
        if beast is not None and beast[0] in ("creature", "prop") and not person:
            framing = "insert"
        if (thing and not person) or (on_camera and found(on_camera.group(1), words.OBJECTS)):
            framing = "insert"
    at_hands = re.match(r"(?:(?:the|a|an|two|pair of|his|her|old|\w+'s|\w+s') )*(?:hands?|fingers)\b", subject)
    if framing == "close" and (at_hands or _AT_WORK.search(subject)):
        framing = "insert"
    if framing == "insert" and not at_hands and not _AT_WORK.search(subject) and not _shown(subject, objects):
        framing = "close"
    return cast(FramingName, framing or "wide"), cast(AngleName, angle)


def _hero(subject: str) -> tuple[Literal["creature", "vehicle", "structure", "plant", "prop"], str] | None:
    """What the subject begins with, where it is a creature, a vehicle or something in the air."""
    head = re.split(
        r"\b(?:in|on|at|by|beside|near|with|under|before|over|past|across|from|through|above|below|descending|drifting|\w+ing)\b|,",
        subject,
    )[0]
    hit = find(head)
    if hit is None or not (hit[0] in ("creature", "vehicle") or hit[1] in ("kite", "shipwreck")):
        return None
    return cast(Literal["creature", "vehicle", "structure", "plant", "prop"], hit[0]), hit[1]


def _shown(subject: str, objects: tuple[str, ...]) -> tuple[str, ...]:
    """The props an insert shows: what the subject begins with, then other things named."""
    head = re.split(r"\b(?:held|lying|resting|lit|in|on|by|beside|near|with|under|before)\b|,", subject)[0]
    first = find(head)
    if first is not None and first[0] == "creature" and not found(head, words.PEOPLE):
        return (first[1],)
    if first is None or first[0] != "prop":
        return tuple(INSERTABLE[name] for name in objects if name in INSERTABLE)[:2]
    # "A pocket watch and an old photograph" is two things, "an old brass lantern" one.
    named = [name for name in found(head, words.OBJECTS) if name in INSERTABLE]
    same = [name for name in named if INSERTABLE[name] == first[1]] or named
    others = (INSERTABLE[name] for name in objects if name in INSERTABLE and name not in same)
    return (first[1], *others)[:2]


def _pose(subject: str, framing: str, view: ViewName) -> str:
    pose = best(((subject, 1.0),), words.POSES)
    if re.search(r"\bwrit\w+ .*\b(?:blackboard|chalkboard|whiteboard|wall)\b", subject):
        return "reaching"
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
