"""Requests put more gently, once, for a service that refused them. Pure."""

from __future__ import annotations

import re

from storyreel.providers.contracts import ImageRequest

GENTLY = "Calm and gentle, fit for everybody: nobody is hurt, threatened or undressed."
_INSTEAD = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), instead)
    for words, instead in (
        (r"blood(?:y|ied|stained|-stained|soaked|-soaked)?|gore|gory|wound(?:s|ed)?|mutilated|severed", "dark"),
        (r"corpses?|cadavers?|dead bod(?:y|ies)|carcass(?:es)?", "quiet figure"),
        (r"dead|dying|lifeless|strangled|murdered|killed|slain|executed|hanged", "still"),
        (r"(?:kill|murder|slaughter|stab|shoot|strangl|tortur|attack|assault|execut)(?:s|es|ed|ing|e)?", "meets"),
        (r"guns?|rifles?|pistols?|revolvers?|shotguns?|kni(?:fe|ves)|daggers?|swords?|axes?|bombs?|grenades?|weapons?",
         "object"),
        (r"gunshots?|gunfire|explosions?|explod(?:e|es|ed|ing)", "distant thunder"),
        (r"naked|nude|undressed|topless|bare-chested|half-naked|scantily clad", "clothed"),
        (r"scream(?:s|ed|ing)?|shriek(?:s|ed|ing)?", "call"),
    )
)  # fmt: skip


def gentler(words: str, gently: str = GENTLY) -> str:
    """A prompt without the words that services most often refuse, and with what is meant said at its end."""
    for pattern, instead in _INSTEAD:
        words = pattern.sub(instead, words)
    words = " ".join(words.split())
    return f"{words}{'' if words[-1:] in '.!?' else '.'} {gently}"


def softened(request: ImageRequest) -> ImageRequest:
    """The picture of a scene without what a service may have refused: its place and light, with nobody in it.

    A picture that was not asked for with its scene is asked for in gentler words: nobody knows what to leave out.
    """
    scene = request.scene
    if scene is None:
        return request.model_copy(update={"prompt": gentler(request.prompt)})
    calm = f"A quiet view of the place, with nobody in it: {scene.environment or 'an empty landscape'}"
    prompt = request.prompt
    for said, instead in (
        (_sentence(scene.subject), _sentence(calm)),
        (_sentence(f"Seen in the picture: {'; '.join(scene.cast)}") if scene.cast else "", ""),
        (_sentence(f"Feeling: {scene.emotion}") if scene.emotion.strip() else "", "Feeling: calm."),
    ):
        prompt = prompt.replace(said, instead) if said else prompt
    quiet = scene.model_copy(update={"subject": calm, "cast": (), "emotion": "calm"})
    return request.model_copy(update={"prompt": " ".join(prompt.split()), "scene": quiet, "references": ()})


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text[-1] in ".!?" else text + "."
