"""Where scenes are planned: which words a picture is shown with, and what is in it."""

from __future__ import annotations

from storyreel.errors import ProviderError
from storyreel.memo.paying import note_prompt
from storyreel.memo.step import step
from storyreel.project import Project
from storyreel.providers.contracts import SceneDescription, Writer
from storyreel.shots.model import Scene
from storyreel.shots.plan import passages, scene_count
from storyreel.shots.prompts import picture_prompt, scenes_request
from storyreel.shots.recording_prompts import pictures_request
from storyreel.shots.wording import worded, wording_request
from storyreel.story.model import Chapter, Story


@step(version=1)
def plan_scenes(
    project: Project,
    story: Story,
    chapter: Chapter,
    writer: Writer,
    *,
    first_index: int,
    style: str,
    language: str,
    seed: int,
) -> tuple[Scene, ...]:
    """Plan a chapter's scenes: 10 to 15 for 800 words, in proportion otherwise.

    Args:
        first_index: the film-wide index of the chapter's first scene.

    Raises:
        ProviderError: the writer gave another number of scenes than there are passages.
    """
    words = chapter.text.split()
    ranges = passages(chapter.text, scene_count(len(words)))
    texts = tuple(" ".join(words[first : last + 1]) for first, last in ranges)
    request = scenes_request(story, chapter, texts, style=style, language=language, seed=seed)
    note_prompt(writer.identity, request.instructions, seed)
    descriptions = writer.write(request).scenes
    if len(descriptions) != len(ranges):
        raise ProviderError(
            writer.identity,
            f"chapter {chapter.number} has {len(ranges)} passages, but {len(descriptions)} scenes came back",
        )
    return tuple(
        Scene(
            index=first_index + offset,
            chapter=chapter.number,
            first_word=first,
            last_word=last,
            description=description,
            prompt=picture_prompt(description, style),
            seed=seed * 10_000 + first_index + offset,
        )
        for offset, ((first, last), description) in enumerate(zip(ranges, descriptions, strict=True))
    )


@step(version=1)
def plan_pictures(
    project: Project,
    passages: tuple[str, ...],
    writer: Writer,
    *,
    title: str,
    whole: str,
    before: str,
    first: int,
    segments: int,
    style: str,
    language: str,
    seed: int,
) -> tuple[SceneDescription, ...]:
    """Plan the pictures of a few consecutive segments of a recording; see `pictures_request`.

    Raises:
        ProviderError: the writer gave another number of pictures than there are passages.
    """
    request = pictures_request(
        passages,
        title=title,
        whole=whole,
        before=before,
        first=first,
        segments=segments,
        language=language,
        style=style,
        seed=seed,
    )
    note_prompt(writer.identity, request.instructions, seed)
    descriptions = writer.write(request).scenes
    if len(descriptions) != len(passages):
        raise ProviderError(
            writer.identity,
            f"{len(passages)} segments from {first} on were asked for, but {len(descriptions)} pictures came back",
        )
    return descriptions


@step(version=1)
def word_picture(
    project: Project, draft: SceneDescription, prompter: Writer, *, about: str, style: str, language: str, seed: int
) -> SceneDescription:
    """Have a picture that the rules have laid out worded by a prompter; see `storyreel.shots.wording`."""
    request = wording_request((draft,), about=about, style=style, language=language, seed=seed)
    note_prompt(prompter.identity, request.instructions, seed)
    return worded(draft, prompter.write(request).scenes[0])
