"""A continuous flow's words: what each picture and clip is asked for with, and which segments still fit that. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storyreel.inputs.flow import FlowBrief
from storyreel.memo.key import digest

STYLE_WORDS: Mapping[str, str] = {
    "cinematic": "cinematic film still, natural light with depth, fine colour grade, shallow haze",
    "cartoon": "cartoon, flat colours in few tones, bold outlines, simple clear shapes",
    "realistic": "photorealistic, true to life, natural colours, fine detail, 35 mm lens",
    "anime": "anime, clean line work, cel shading, luminous colour, painted backdrop",
    "3d": "3D render, soft global illumination, rounded shapes, smooth materials",
}
"""A style's name -> its words, which every prompt repeats."""

_KEEP = "One unbroken shot: the same people, clothes, place, palette and camera go on without a cut"


def opening_prompt(prompt: str, style: str) -> str:
    """The first picture in one text, what to leave out last."""
    return f"{_sentence(prompt)} Style: {_sentence(STYLE_WORDS.get(style, style))}"


def ahead_prompt(opening: str, happens: str) -> str:
    """The picture ahead: the shot's own words, unchanged, and then what happens next."""
    return f"{opening} {_sentence(happens)}" if happens else opening


def clip_prompt(opening: str, happens: str) -> str:
    """The clip between two pictures."""
    return f"{ahead_prompt(opening, happens)} {_sentence(_KEEP)}"


def music_mood(brief: FlowBrief, style: str) -> str:
    """The mood of the music: the shot in words, and in what happens last."""
    told = [segment.prompt for segment in brief.segments if segment.prompt]
    turn = f", then {told[-1]}" if told else ""
    bright = ", playful" if style in ("cartoon", "3d") else ""
    return f"{brief.prompt}{bright}{turn}"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text[-1:] in ".!?" else text + "."


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What a segment was made from.

    Attributes:
        words: a digest of all that was asked of it.
        start: the SHA-256 of the picture it begins on.
        end: the SHA-256 of the picture it ends on.
    """

    words: str
    start: str
    end: str


def words_digest(brief: FlowBrief, number: int, style: str) -> str:
    """A digest of all that is asked of segment `number`, from 1, which its picture or clip can show.

    What lies between segments, and texts, are laid over a film later: they make no clip anew.
    """
    plan = brief.segments[number - 1]
    return digest([brief.prompt, style, plan.length_s, plan.prompt, plan.seed])


def states(wanted: Sequence[str], opening: str, made: Mapping[int, MadeFrom]) -> tuple[str, ...]:
    """Whether each segment still fits what it would be made from now.

    Args:
        wanted: each segment's `words_digest` now.
        opening: the SHA-256 of the first picture.
        made: number, from 1 -> what that segment was made from, for those that are made.

    Returns:
        "missing" where there is none or other words are asked for; "stale" where it begins on another picture than the
        one before it ends on, or follows one that does; else "fresh".
    """
    found: list[str] = []
    start: str | None = opening
    broken = False
    for number, words in enumerate(wanted, 1):
        segment = made.get(number)
        if segment is None or segment.words != words:
            found.append("missing")
            # What it will end on is not known, but it will hardly be what the next one begins on.
            broken, start = True, None
            continue
        broken = broken or segment.start != start
        found.append("stale" if broken else "fresh")
        start = segment.end
    return tuple(found)
