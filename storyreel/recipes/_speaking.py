"""Speaking with word times, whoever the voice is: some tell when their words sound, the others are listened to."""

from __future__ import annotations

from collections.abc import Iterable

from storyreel.media.steps import Passage, speak, with_word_times
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import Crew, Voice

GUESSED = (
    "this voice does not tell when its words are spoken, and there is no listener to find out, so captions follow its "
    "pauses only: pip install 'storyreel[offline]' adds one"
)


def spoken(project: Project, crew: Crew, text: str, voice: Voice, *, language: str) -> tuple[Passage, bool]:
    """A passage with its words' times, and whether its voice was remembered.

    Raises:
        ProviderError: the voice gave no sound, or other words than the text has.
    """
    passage, remembered = speak.recall(project, text, voice, language=language)
    if not passage.words:
        listener = crew.listener or registry.default_listener()
        passage = with_word_times(project, passage, text, listener, language=language)
    return passage, remembered


def warn_if_guessed(project: Project, passages: Iterable[Passage], step: str) -> None:
    """Say once that captions are only about right, if they are."""
    if any(passage.guessed for passage in passages):
        project.progress.warn(GUESSED, step)
