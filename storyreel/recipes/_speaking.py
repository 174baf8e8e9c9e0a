"""Words spoken with the time of each, whoever speaks them: what every recipe with a voice has in common."""

from __future__ import annotations

from collections.abc import Iterable

from storyreel.errors import ProviderRefused
from storyreel.media.steps import Passage, leave_unsaid, speak, with_word_times
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import Listener, Voice
from storyreel.recipes._gaps import FILL
from storyreel.timeline.captions import pace

GUESSED = (
    "this voice does not tell when its words are spoken, and there is no listener to find out, so captions follow its "
    "pauses only: pip install 'storyreel[offline]' adds one"
)


def spoken(
    project: Project, text: str, voice: Voice, listener: Listener | None, *, language: str
) -> tuple[Passage, bool]:
    """A passage with the times of its words, and whether it was remembered.

    What the voice refuses to say is silent for as long as it takes to read, and the user is told: its words are kept,
    since captions must say what the film's text says.

    Args:
        listener: who finds the times where the voice tells none; by default the one on this machine, if it is there.
    """
    try:
        passage, remembered = speak.recall(project, text, voice, language=language)
    except ProviderRefused as refused:
        project.progress.warn(f"{text[:60]!r} is not spoken, only to be read ({refused}): {FILL}", "speak")
        return leave_unsaid.recall(project, text, pace(text))
    if not passage.words:
        listener = listener or registry.default_listener()
        passage = with_word_times(project, passage, text, listener, language=language)
    return passage, remembered


def warn_if_guessed(project: Project, passages: Iterable[Passage], step: str) -> None:
    """Say once that captions are only about right, if they are."""
    if any(passage.guessed for passage in passages):
        project.progress.warn(GUESSED, step)
