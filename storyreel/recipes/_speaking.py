"""Words spoken with the time of each, whoever speaks them: what every recipe with a voice has in common."""

from __future__ import annotations

from collections.abc import Iterable

from storyreel.media.steps import Passage, speak, with_word_times
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import Listener, Voice

GUESSED = (
    "this voice does not tell when its words are spoken, and there is no listener to find out, so captions follow its "
    "pauses only: pip install 'storyreel[offline]' adds one"
)


def spoken(
    project: Project, text: str, voice: Voice, listener: Listener | None, *, language: str
) -> tuple[Passage, bool]:
    """A passage with the times of its words, and whether it was remembered.

    Args:
        listener: who finds the times where the voice tells none; by default the one on this machine, if it is there.
    """
    passage, remembered = speak.recall(project, text, voice, language=language)
    if not passage.words:
        listener = listener or registry.default_listener()
        passage = with_word_times(project, passage, text, listener, language=language)
    return passage, remembered


def warn_if_guessed(project: Project, passages: Iterable[Passage], step: str) -> None:
    """Say once that captions are only about right, if they are."""
    if any(passage.guessed for passage in passages):
        project.progress.warn(GUESSED, step)
