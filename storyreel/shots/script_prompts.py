"""What a shot's picture and its movement are asked for with: world, scene, camera and cards, word for word. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from storyreel.providers.contracts import ImageRequest, SceneDescription
from storyreel.shots.cast import Cast
from storyreel.shots.moods import feeling_of
from storyreel.shots.prompts import picture_prompt
from storyreel.shots.script_model import Shot, ShotScene, ShotSize
from storyreel.story.people import name_words

CAMERAS: Mapping[ShotSize, str] = {
    "wide": "establishing wide shot, eye level, 24mm lens",
    "medium": "medium shot in profile, eye level, 50mm lens",
    "close-up": "close-up in profile, 85mm lens, soft background",
    "pov": "point of view shot, through somebody's eyes, 35mm lens",
    "over-shoulder": "over-the-shoulder shot, 50mm lens",
    "insert": "close-up detail insert, shallow focus, 85mm lens",
    "two-shot": "two-shot in profile, medium, 50mm lens",
}
_MOVES: Mapping[ShotSize, str] = {
    "wide": "The camera moves slowly in.",
    "medium": "The camera drifts gently closer.",
    "close-up": "The camera creeps in, barely.",
    "pov": "The camera pans as a head turns.",
    "over-shoulder": "The camera slides a little sideways.",
    "insert": "The camera pushes in on the thing.",
    "two-shot": "The camera drifts sideways past both.",
}
_LIGHTS: tuple[tuple[str, str, str], ...] = (
    (r"night|midnight|nightfall", "moonlit night, cold light", "night, warm lamplight"),
    (r"dawn|sunrise|daybreak", "dawn, pale pink light", "early morning light from a window"),
    (r"morning", "morning light, low sun", "morning light from a window"),
    (r"afternoon", "late afternoon, golden light", "warm afternoon light from a window"),
    (r"sunset|magic hour|golden hour", "sunset, golden hour", "the last sunlight through a window"),
    (r"dusk|evening|twilight", "dusk, blue evening light", "evening, warm lamplight"),
    (r"", "soft daylight", "soft daylight from a window"),
)
_WEATHER: Mapping[str, tuple[str, str]] = {
    "rain": ("rain", "rain on the windows"),
    "storm": ("storm, heavy rain", "a storm at the windows"),
    "snow": ("falling snow", "snow outside the windows"),
    "fog": ("fog", "fog outside the windows"),
    "wind": ("windy", ""),
}


def describe_shot(scene: ShotScene, shot: Shot, cast: Cast) -> SceneDescription:
    """A shot as a painter reads it."""
    indoors = scene.interior == "interior"
    place = cast.place(scene.place)
    outside, inside = next((out, within) for words, out, within in _LIGHTS if re.search(words, scene.time))
    weather = _WEATHER.get(scene.weather, ("", ""))[1 if indoors else 0]
    cards = [card for name in shot.people if (card := cast.character(name))]
    if shot.size == "over-shoulder":
        cards.reverse()  # nearest first: whose shoulder it is
    subject, named = shot.subject, dict.fromkeys(shot.people)
    for card in cast.characters:
        if re.search(rf"(?<!\w){re.escape(card.name)}(?!\w|['’]s)", subject, re.IGNORECASE):
            named.setdefault(card.name)
    for name in named:
        if card := cast.character(name):
            subject = _with_figure(subject, name, card.figure)
    return SceneDescription(
        subject=subject[:1].upper() + subject[1:],
        camera=shot.camera or CAMERAS[shot.size],
        lighting=shot.lighting or (inside if indoors else outside),
        emotion=feeling_of(shot.manner) or scene.mood,
        environment=", ".join(filter(None, (place.look if place else scene.place, weather))) or "a quiet place",
        cast=tuple(card.look for card in cards),
        palette=cast.palette,
        location=scene.place,
    )


def keyframe_request(
    scene: ShotScene, description: SceneDescription, style: str, *, width_px: int, height_px: int, seed: int
) -> ImageRequest:
    """The picture a shot opens on. Shots with the same setting ask for the same picture, and it is made once.

    One seed a place and time, so that its pictures are of one kind.

    Args:
        description: of the shot; see `describe_shot`.
    """
    digest = hashlib.sha256(f"{scene.place}|{scene.time}".encode()).digest()
    return ImageRequest(
        prompt=picture_prompt(description, style),
        width_px=width_px,
        height_px=height_px,
        seed=seed * 10_000 + int.from_bytes(digest[:4], "big") % 10_000,
        scene=description,
    )


def animation_prompt(scene: ShotScene, shot: Shot, cast: Cast) -> str:
    """What happens in a shot's clip: its subject and action, and how the camera moves."""
    description = describe_shot(scene, shot, cast)
    happens = shot.action or (
        f"{shot.people[0]} speaks {shot.manner}".strip() + "." if shot.lines and shot.people else ""
    )
    for name in shot.people:
        if card := cast.character(name):
            happens = _with_figure(happens, name, card.figure)
    moves = "Gentle, natural movement; clothes and light stir; nothing cuts or changes place."
    parts = (f"{description.subject.rstrip('.')}.", happens, _MOVES[shot.size], moves, f"Style: {cast.style}.")
    return " ".join(part for part in parts if part)


def _with_figure(text: str, name: str, figure: str) -> str:
    """A text with somebody's name replaced where it first stands by who is seen: an image model knows no names."""
    for word in (name, *name_words(name)):
        for form in (word, word.upper()):
            found = re.search(rf"(?<!\w){re.escape(form)}(?!\w|['’]s)(?:,? \([^)]*\))?", text)
            if found:
                return text[: found.start()] + figure + text[found.end() :]
    return text
