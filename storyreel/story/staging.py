"""A screenplay becomes a staged script: scenes by place and time, speeches by character. Pure and deterministic."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyreel.errors import InputError
from storyreel.inputs.screenplay.elements import Element, Screenplay
from storyreel.story.people import described
from storyreel.story.script import Beat, Interior, Person, ScriptScene, StagedScript

_PREFIX = re.compile(r"(INT\.?/EXT|EXT\.?/INT|I/E|E/I|INT|EXT|EST)(?:\.\s*|\s+)", re.IGNORECASE)
_TIME = re.compile(
    r"(?:early |late |mid-?|the )?(?:day|night|morning|afternoon|evening|dawn|dusk|sunset|sunrise|noon|midday|midnight|"
    r"twilight|daybreak|nightfall|continuous|later|moments later|same(?: time)?|magic hour|golden hour)(?: later)?",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\b(?:continuous|later|same|moments)\b")
_UNSEEN = re.compile(
    r"\b(?:v\.?\s*o\.?|o\.?\s*s\.?|o\.?\s*c\.?|voice.?over|off.?screen|on the (?:radio|phone))", re.IGNORECASE
)
_INTRODUCED = re.compile(r"\b([A-Z][\w'’-]*(?: [A-Z][\w'’.-]*){0,2}) \((?=\d|an? |the |early |mid |late )[^()]+\)")
_OPENING = re.compile(r"(?:FADE|IRIS) (?:IN|UP)\b.*|(?:THE )?END\.?|FIN\.?", re.IGNORECASE)
_CLOSING = re.compile(r"(?:[A-Z]+ )*(?:TO:|OUT[.:]?|TO BLACK[.:]?|TO WHITE[.:]?)")


def staged(screenplay: Screenplay, title: str) -> StagedScript:
    """Stage a screenplay.

    Args:
        title: what to call the film where the title page does not say.

    Raises:
        InputError: nothing is said, done or shown in it.
    """
    scenes: list[ScriptScene] = []
    beats: list[Beat] = []
    scene = ScriptScene()
    speaker: Element | None = None
    manner = ""

    def close() -> None:
        if beats or scene.heading:
            scenes.append(scene.model_copy(update={"beats": tuple(beats)}))
            beats.clear()

    for element in screenplay.elements:
        text = " ".join(element.plain.split())
        if element.kind == "scene_heading":
            close()
            scene = _scene(element.plain, scenes[-1] if scenes else None)
        elif element.kind == "character":
            speaker, manner = element, ""
        elif element.kind == "parenthetical":
            manner = text.strip("() ")
        elif element.kind == "dialogue" or (element.kind == "lyrics" and speaker is not None):
            if text and speaker is not None:
                beats.append(_speech(text, speaker, manner or ("singing" if element.kind == "lyrics" else "")))
                manner = ""
        elif element.kind == "action" and _CLOSING.fullmatch(text):
            scene = scene.model_copy(update={"ends": text})
        elif element.kind in ("action", "lyrics"):
            speaker = None
            if text and not _OPENING.fullmatch(text):
                beats += [
                    Beat(kind="action", text=" ".join(part.split()))
                    for part in re.split(r"\n\s*\n", element.plain)
                    if part.strip()
                ]
        elif element.kind == "centered" and text:
            beats.append(Beat(kind="card", text=text))
        elif element.kind == "transition":
            scene = scene.model_copy(update={"ends": text})
        elif element.kind == "synopsis":
            scene = scene.model_copy(update={"summary": f"{scene.summary} {text}".strip()})
    close()
    scenes = [each for each in scenes if each.beats or each.place]
    if not any(each.beats for each in scenes):
        raise InputError("nothing is done, said or shown in the script: give it at least a line of action or dialogue")
    return StagedScript(title=screenplay.title or title, scenes=tuple(scenes), people=people_of(scenes))


def display_name(name: str) -> str:
    """A character's name as people write it: "LADY BRACKNELL" as "Lady Bracknell"; mixed case stays."""
    name = " ".join(name.split())
    if name != name.upper():
        return name
    words = [word.capitalize() for word in re.split(r"(\s+|-|(?<=\bO)['’]|(?<=\bMC))", name)]
    small = re.compile(r"(?<=\s)(?:Of|In|On|At|The|And|A|An|To|By|With|From|De|Von|Van)(?=\s)")
    return small.sub(lambda match: match.group().lower(), "".join(words))


def people_of(scenes: Sequence[ScriptScene]) -> tuple[Person, ...]:
    """Everybody who speaks or is introduced ("ADA (29, a tall woman)"), in order, with what the actions say of them."""
    introduced: dict[str, None] = {}
    for scene in scenes:
        for beat in scene.beats:
            if beat.kind == "speech" and beat.character:
                introduced.setdefault(beat.character)
            elif beat.kind == "action":
                introduced.update(dict.fromkeys(map(display_name, _INTRODUCED.findall(beat.text))))
    return completed([Person(name=name) for name in introduced], scenes)


def completed(people: Sequence[Person], scenes: Sequence[ScriptScene]) -> tuple[Person, ...]:
    """People with what is not known of them read from names and actions; everybody who speaks is among them."""
    actions = [beat.text for scene in scenes for beat in scene.beats if beat.kind == "action"]
    speakers = {beat.character: None for scene in scenes for beat in scene.beats if beat.kind == "speech"}
    known = {person.name: person for person in people}
    every = {**known, **{name: Person(name=name) for name in speakers if name and name not in known}}
    found = []
    for name, person in every.items():
        read = described(name, actions)
        update = {part: getattr(person, part) or getattr(read, part) for part in ("look", "sex", "age")}
        found.append(person.model_copy(update=update))
    return tuple(found)


def _scene(heading: str, before: ScriptScene | None) -> ScriptScene:
    text = " ".join(heading.split())
    prefix = _PREFIX.match(text)
    interior: Interior = ""
    if prefix:
        kind = prefix.group(1).upper().replace(".", "")
        interior = "interior" if kind == "INT" else "both" if "/" in kind else "exterior"
        text = text[prefix.end() :]
    place, time = _place_and_time(text)
    if _GOES_ON.search(time) and before is not None:
        # "Continuous", "later" and "same" name no time of day: it is the one before.
        time = before.time
    return ScriptScene(heading=heading, place=display_name(place.strip(" .,-–—")), interior=interior, time=time)


def _place_and_time(text: str) -> tuple[str, str]:
    parts = re.split(r"\s+[-–—]+\s+|\s+[-–—]+$", text)
    for index in range(len(parts) - 1, 0, -1):
        found = _TIME.search(parts[index])
        if found:
            return " - ".join(parts[:index]), found.group().lower()
    return " - ".join(part for part in parts if part), ""


def _speech(text: str, speaker: Element, manner: str) -> Beat:
    extension = speaker.extension
    unseen = bool(_UNSEEN.search(extension))
    told = manner
    if extension and not unseen and not re.fullmatch(r"CONT(?:INUED|['’]?D)?\.?", extension, re.IGNORECASE):
        told = ", ".join(filter(None, (extension.lower(), manner)))
    return Beat(
        kind="speech",
        text=text,
        character=display_name(speaker.plain),
        manner=told,
        unseen=unseen,
        together=speaker.dual,
    )
