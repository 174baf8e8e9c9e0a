"""The nouns of what is told: a story, its cast and places, and its chapters."""

from __future__ import annotations

from pydantic import BaseModel, Field

from storyreel.inputs.templates import Template


class Character(BaseModel, frozen=True, extra="forbid"):
    """Somebody in the story; `look` is repeated word for word in every picture they are in."""

    name: str
    role: str
    look: str


class Place(BaseModel, frozen=True, extra="forbid"):
    """Somewhere the story happens; `look` is what a painter needs to know of it."""

    name: str
    look: str


class Story(BaseModel, frozen=True, extra="forbid"):
    """A story before its chapters are written.

    Attributes:
        title: as the viewer reads it.
        hook: one strong paragraph that opens the film's pitch.
        genres: exactly three.
        premise: 15 to 20 sentences.
        tone, pacing: one sentence each.
        mood: a few words for the composer ("cold, tense, slow, then hopeful").
        cast: at least one character.
        places: at least one place.
        palette: five to seven colours "#rrggbb" from dark to light, kept through every picture.
    """

    title: str
    hook: str
    genres: tuple[str, str, str]
    premise: str
    tone: str
    pacing: str
    mood: str
    cast: tuple[Character, ...] = Field(min_length=1)
    places: tuple[Place, ...] = Field(min_length=1)
    palette: tuple[str, ...] = Field(default=(), max_length=12)


class GuidedStory(Story, frozen=True):
    """A story that follows a template; a kind of its own, so that stories without one keep their keys and replies."""

    template: Template


def guided(story: Story, template: Template) -> GuidedStory:
    """A story with its template, whose tone, pacing and music hold over the writer's."""
    given = {"tone": template.tone, "pacing": template.pacing, "mood": template.music}
    fields = {name: getattr(story, name) for name in Story.model_fields}
    return GuidedStory(**{**fields, **{name: text for name, text in given.items() if text}, "template": template})


class Chapter(BaseModel, frozen=True, extra="forbid"):
    """One chapter's text as it will be spoken; paragraphs are parted by an empty line."""

    number: int = Field(ge=1)
    title: str
    text: str
    summary: str


class ChapterDraft(BaseModel, frozen=True, extra="forbid"):
    """A chapter as a writer hands it in; its number is the asker's business.

    Attributes:
        title: a few words, without "Chapter" or a number.
        text: as it will be spoken; paragraphs are parted by an empty line.
        summary: what happened, in one to five sentences, for whoever writes the next chapter.
    """

    title: str = Field(min_length=1)
    text: str = Field(min_length=1)
    summary: str
