"""What a prompter is asked for where rules have laid a film's pictures out already: the same, better said. Pure.

The task is "wording"; its facts are `drafts`, the pictures as the rules have them, and `style` and `about`, what the
film is. The reply is a `SceneList` with one scene for each draft, in order. A writer by rules answers with the drafts.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.providers.contracts import SceneDescription, WritingRequest
from storyreel.shots.model import SceneList


def wording_request(
    drafts: Sequence[SceneDescription], *, about: str, style: str, language: str = "en", seed: int = 0
) -> WritingRequest[SceneList]:
    """Ask for pictures to be worded.

    Args:
        drafts: what each picture has to show.
        about: what the film is, in a few words.
        style: of the pictures.
        language: that the drafts are in; pictures are described in English, which image models read best.
        seed: varies what a writer by rules chooses.
    """
    listed = "\n\n".join(
        f"[{number}] What is seen: {draft.subject}\n"
        f"Camera: {draft.camera or 'yours to choose'}\nLight: {draft.lighting or 'yours to choose'}\n"
        f"Feeling: {draft.emotion or 'yours to choose'}\nPlace: {draft.environment or 'yours to choose'}\n"
        f"People, as they look in every picture: {'; '.join(draft.cast) or 'nobody'}"
        for number, draft in enumerate(drafts, 1)
    )
    instructions = f"""\
You are the director of photography of a film: {about}. Below is what each of its pictures has to show. Word each one \
for an image model, in order, in English. Answer with exactly {len(drafts)} scenes.

Style: {style}.

For each picture:
- subject: one sentence of one moment: who, doing what, with which object, and what of it can be seen. Keep who is \
there and what happens; add nobody. Say "a woman", "an old man", "a child", never a name.
- camera: framing, angle and lens, as given or more exactly.
- lighting: where the light comes from, its colour and hardness, at the time of day given.
- emotion: what the viewer should feel, a few words.
- environment, cast, palette, location: as given, or empty.

No text, letters, logos or frames in any picture.

{listed}"""
    return WritingRequest(
        task="wording",
        instructions=instructions,
        facts={"drafts": [draft.model_dump(mode="json") for draft in drafts], "style": style, "about": about},
        reply=SceneList,
        language=language,
        seed=seed,
    )


def worded(draft: SceneDescription, said: SceneDescription) -> SceneDescription:
    """A draft as a prompter words it: who is in it, where, and in which colours stays word for word as it was."""
    return draft.model_copy(
        update={
            "subject": said.subject.strip() or draft.subject,
            "camera": said.camera.strip() or draft.camera,
            "lighting": said.lighting.strip() or draft.lighting,
            "emotion": said.emotion.strip() or draft.emotion,
            "environment": draft.environment or said.environment.strip(),
        }
    )
