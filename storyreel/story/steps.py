"""Where the story is written: each step is remembered, so a film that stops goes on at the next chapter."""

from __future__ import annotations

from storyreel.inputs.brief import TitleBrief
from storyreel.memo.paying import note_prompt
from storyreel.memo.step import step
from storyreel.project import Project
from storyreel.providers.contracts import Writer
from storyreel.story.model import Chapter, Story
from storyreel.story.prompts import chapter_request, story_request


@step(version=1)
def write_story(project: Project, brief: TitleBrief, writer: Writer, *, style: str, language: str) -> Story:
    """Turn a title into a story: hook, genres, premise, tone, cast and places."""
    request = story_request(
        title=brief.title,
        chapters=brief.chapters,
        words_per_chapter=brief.words,
        language=language,
        style=style,
        seed=brief.seed,
        template=brief.template,
    )
    note_prompt(writer.identity, request.instructions, brief.seed)
    return writer.write(request)


@step(version=1)
def write_chapter(
    project: Project,
    story: Story,
    number: int,
    earlier: tuple[Chapter, ...],
    writer: Writer,
    *,
    chapters: int,
    words: int,
    language: str,
    seed: int,
) -> Chapter:
    """Write one chapter of about `words` words, knowing every chapter before it."""
    request = chapter_request(story, number, chapters, words, earlier, language=language, seed=seed)
    note_prompt(writer.identity, request.instructions, seed)
    draft = writer.write(request)
    return Chapter(number=number, title=draft.title, text=draft.text, summary=draft.summary)
