"""What a writer is asked for to get pictures, and the one text an image model gets. Pure.

The facts of the "scenes" request are listed in `storyreel.story.prompts`.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.providers.contracts import ImageRequest, SceneDescription, WritingRequest
from storyreel.shots.model import SceneList
from storyreel.story.model import Chapter, Story

PORTRAIT_PX = 1024


def scenes_request(
    story: Story,
    chapter: Chapter,
    passages: Sequence[str],
    *,
    chapters: int = 1,
    language: str = "en",
    style: str = "cinematic",
    seed: int = 0,
) -> WritingRequest[SceneList]:
    """Ask for one picture for each passage of a chapter.

    Args:
        story: whose cast, places and palette the pictures share.
        chapter: the chapter that is being shown.
        passages: consecutive pieces of the chapter's text, which together are all of it.
        chapters: how many chapters the film has.
        language: of the text; pictures are described in English, which image models read best.
        style: of the pictures.
        seed: varies what a writer by rules chooses.
    """
    cast = "\n".join(f"- {person.name}, {person.role}: {person.look}" for person in story.cast)
    places = "\n".join(f"- {place.name}: {place.look}" for place in story.places)
    numbered = "\n".join(f"[{index}] {passage}" for index, passage in enumerate(passages, 1))
    palette = ", ".join(story.palette)
    instructions = f"""\
You are the director of photography of the film "{story.title}". Below is chapter {chapter.number} of {chapters}, \
"{chapter.title}", cut into {len(passages)} passages. Describe one picture for each passage, in order, in English: the \
picture that is on screen while those words are spoken. Answer with exactly {len(passages)} scenes.

Style: {style}. Tone: {story.tone}

Cast:
{cast}

Places:
{places}

Palette: {palette}

For each picture:
- subject: one sentence. What the picture is of, at the moment that tells this passage best: who, doing what, with \
which object. Say "a woman", "an old man", "a child", not only the name. One moment, not a sequence. Prefer figures \
from behind, in profile or as silhouettes to faces looking at us.
- camera: framing, angle and lens. Vary them: establishing wide shot, medium shot, close-up of hands or of one \
object, over the shoulder, low angle, high angle, aerial, silhouette against the light. Never the same twice \
in a row; open the chapter wide.
- lighting: time of day, where the light comes from, its colour and hardness.
- emotion: what the viewer should feel, a few words.
- environment: the place in concrete things that can be painted (sea, cliff, street, forest, room with a window and a \
desk, station), and the weather. Say it in full each time: every picture is made without knowledge of the others.
- cast: for each person who can be seen, their look, word for word as given above. Empty when nobody is seen.
- palette: the palette above, unchanged.

Keep place, time of day, weather and clothing steady from picture to picture unless the text changes them. No text, \
letters, logos or frames in any picture, and nothing that contradicts the words.

{numbered}"""
    return WritingRequest(
        task="scenes",
        instructions=instructions,
        facts={
            "story": story.model_dump(mode="json"),
            "chapter": {"number": chapter.number, "title": chapter.title, "summary": chapter.summary},
            "chapters": chapters,
            "style": style,
            "passages": list(passages),
        },
        reply=SceneList,
        language=language,
        seed=seed,
    )


def picture_prompt(description: SceneDescription, style: str) -> str:
    """The whole picture in one text, in the order image models weigh it: subject first, what to leave out last."""
    parts = [
        description.subject,
        _labelled("Seen in the picture", "; ".join(description.cast)),
        _labelled("Setting", description.environment),
        _labelled("Camera", description.camera),
        _labelled("Light", description.lighting),
        _labelled("Feeling", description.emotion),
        _labelled("Colours", ", ".join(description.palette)),
        _labelled("Style", style),
        "One single picture, without any text, letters, logo, border or watermark",
    ]
    return " ".join(_sentence(part) for part in parts if part.strip())


def portrait_request(look: str, style: str, *, seed: int = 0) -> ImageRequest:
    """A picture of somebody for other pictures to go by: all of them, in even light, before nothing.

    Args:
        look: as every prompt has it.
        style: of the pictures.
    """
    parts = (
        f"A likeness of one person, alone: {look}",
        "Seen whole and from the front, standing at ease, hands in view; even soft light; a plain light grey ground",
        _labelled("Style", style),
        "One single picture, without any text, letters, logo, border or watermark",
    )
    return ImageRequest(
        prompt=" ".join(_sentence(part) for part in parts if part),
        width_px=PORTRAIT_PX,
        height_px=PORTRAIT_PX,
        seed=seed,
    )


def _labelled(label: str, content: str) -> str:
    return f"{label}: {content}" if content.strip() else ""


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text[-1] in ".!?" else text + "."
