"""Chapters told by a voice, passage by passage, or paced for reading where there is none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from storyreel.media.model import Narration
from storyreel.media.pronouncing import taught
from storyreel.media.steps import Passage, join_passages
from storyreel.memo.step import NotRemembered, remembered_only
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import Listener, Voice
from storyreel.recipes._kept import keep_file
from storyreel.recipes._speaking import spoken, warn_if_guessed
from storyreel.settings import Settings
from storyreel.story.model import Chapter
from storyreel.story.split import paragraph_passages, speakable_passages
from storyreel.timeline.captions import pace
from storyreel.workers import fan_out


def paced(chapter: Chapter) -> Narration:
    """A chapter without a voice: its words as long as they take to read."""
    words = pace(chapter.text)
    return Narration(chapter=chapter.number, audio=None, duration_s=words[-1].end_s, words=words)


def narrated(
    project: Project,
    chapters: Sequence[Chapter],
    voice: Voice,
    listener: Listener | None,
    settings: Settings,
    on_narration: Callable[[Narration], None],
) -> tuple[Narration, ...]:
    """Every chapter as it is told, saved as audio/chapter_N.

    Args:
        on_narration: told each chapter's as soon as all its passages are there, in the thread that made the last.
    """
    language = settings.language
    texts = {chapter.number: spoken_texts(chapter) for chapter in chapters}
    said = {number: dict[int, Passage]() for number in texts}
    told: dict[int, Narration] = {}
    lock = threading.Lock()
    with project.progress.task("narrate", sum(map(len, texts.values())), "passages") as task:

        def say(place: tuple[int, int]) -> Passage:
            number, at = place
            text = texts[number][at][0]
            passage, remembered = spoken(project, text, says(voice, text, settings), listener, language=language)
            task.advance(message=text[:80], remembered=remembered)
            with lock:
                said[number][at] = passage
                whole = len(said[number]) == len(texts[number])
            if whole:
                told[number] = tell(number)
                on_narration(told[number])
            return passage

        def tell(number: int) -> Narration:
            ends = tuple(at for at, (_, ends_paragraph) in enumerate(texts[number]) if ends_paragraph)
            own = tuple(said[number][at] for at in range(len(texts[number])))
            narration = join_passages(project, number, own, paragraph_ends=ends)
            if narration.audio is not None:
                keep_file(project, f"audio/chapter_{number}", narration.audio.blob)
            return narration

        places = [(number, at) for number, parts in texts.items() for at in range(len(parts))]
        warn_if_guessed(project, fan_out(say, places, at_once=registry.at_once(voice)), "narrate")
    return tuple(told[chapter.number] for chapter in chapters)


def says(voice: Voice, text: str, settings: Settings) -> Voice:
    """The voice as it says this text in this film: with the pronunciations that the text calls for."""
    return taught(voice, text, settings.pronunciations, settings.language)


def told_before(project: Project, chapter: Chapter, voice: Voice, settings: Settings) -> Narration | None:
    """A chapter as it was told by an earlier run; None where a passage of it is not there. Makes nothing."""
    texts = spoken_texts(chapter)
    ends = tuple(at for at, (_, ends_paragraph) in enumerate(texts) if ends_paragraph)
    try:
        with remembered_only():
            own = tuple(
                spoken(project, text, says(voice, text, settings), None, language=settings.language)[0]
                for text, _ in texts
            )
            return join_passages(project, chapter.number, own, paragraph_ends=ends)
    except NotRemembered:
        return None


def spoken_texts(chapter: Chapter) -> list[tuple[str, bool]]:
    """A chapter's passages as texts, each with whether its paragraph ends there."""
    words = chapter.text.split()
    paragraph_ends = {last for _, last in paragraph_passages(chapter.text)}
    return [
        (" ".join(words[first : last + 1]), last in paragraph_ends) for first, last in speakable_passages(chapter.text)
    ]
