"""Where a script is written, and where prose is read as one: each part is remembered."""

from __future__ import annotations

from storyreel.errors import ProviderError
from storyreel.inputs.screenplay.fountain import parse_fountain
from storyreel.inputs.script_brief import UNTITLED, ScriptBrief
from storyreel.memo.paying import note_prompt
from storyreel.memo.step import step
from storyreel.project import Project
from storyreel.providers.contracts import Writer
from storyreel.story.script import Person, ScriptDraft, ScriptPart
from storyreel.story.script_prompts import breakdown_request, script_request


@step(version=1)
def write_script(project: Project, brief: ScriptBrief, writer: Writer, *, style: str, language: str) -> ScriptDraft:
    """Write a short screenplay from a genre, a length and an idea.

    Raises:
        ProviderError: what came back has no scene.
    """
    request = script_request(
        title="" if brief.title == UNTITLED else brief.title,
        idea=brief.idea,
        genre=brief.genre,
        length_s=brief.length_s,
        style=style,
        language=language,
        seed=brief.seed,
        template=brief.template,
    )
    note_prompt(writer.identity, request.instructions, brief.seed)
    draft = writer.write(request)
    if not any(element.kind == "scene_heading" for element in parse_fountain(draft.fountain).elements):
        raise ProviderError(writer.identity, "the script that came back has no scene heading; run again to ask anew")
    return draft


@step(version=1)
def read_prose(
    project: Project,
    title: str,
    text: str,
    writer: Writer,
    *,
    part: int,
    parts: int,
    people: tuple[Person, ...],
    place: str,
    language: str,
    seed: int,
) -> ScriptPart:
    """Read a part of a prose text as scenes with actions and dialogue.

    Args:
        people: those found in the parts before.
        place: where the part before ended.
    """
    request = breakdown_request(
        title, text, part=part, parts=parts, people=people, place=place, language=language, seed=seed
    )
    note_prompt(writer.identity, request.instructions, seed)
    return writer.write(request)
