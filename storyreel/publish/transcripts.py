"""What is said in a film, as text to read and as words with their times. Pure."""

from __future__ import annotations

import json

from storyreel.publish.chapters import chapters
from storyreel.timeline.model import Cue, Timeline
from storyreel.timeline.scripts import join_words

PARAGRAPH_PAUSE_S = 1.2
"""A pause at least this long between two captions begins a new paragraph."""


def transcript_text(timeline: Timeline) -> str:
    """The captions as running text: the title, the chapters' titles, and a paragraph wherever the voice pauses."""
    parts = [timeline.title] if timeline.title else []
    parted = chapters(timeline)
    for chapter in parted:
        if len(parted) > 1:
            parts.append(chapter.title)
        parts += _paragraphs(
            timeline, [cue for cue in timeline.cues if _within(cue, chapter.start_frame, chapter.end_frame)]
        )
    return "\n\n".join(parts) + "\n"


def transcript_json(timeline: Timeline) -> str:
    """The same as JSON: title, language, duration_s, chapters, captions, and words, all with times in seconds."""
    rate = timeline.rate

    def span(start: int, end: int) -> dict[str, float]:
        return {"start_s": round(rate.seconds(start), 3), "end_s": round(rate.seconds(end), 3)}

    return (
        json.dumps(
            {
                "title": timeline.title,
                "language": timeline.language,
                "duration_s": round(rate.seconds(timeline.length_frames), 3),
                "chapters": [
                    {"title": each.title, **span(each.start_frame, each.end_frame)} for each in chapters(timeline)
                ],
                "captions": [{"text": cue.text, **span(cue.start_frame, cue.end_frame)} for cue in timeline.cues],
                "words": [
                    {"text": word.text, **span(word.start_frame, word.end_frame)}
                    for cue in timeline.cues
                    for line in cue.lines
                    for word in line
                ],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


def _within(cue: Cue, start: int, end: int) -> bool:
    return start <= cue.start_frame < end


def _paragraphs(timeline: Timeline, cues: list[Cue]) -> list[str]:
    found: list[list[str]] = []
    before: Cue | None = None
    for cue in cues:
        pause = cue.start_frame - before.end_frame if before else 0
        if before is None or timeline.rate.seconds(pause) >= PARAGRAPH_PAUSE_S:
            found.append([])
        found[-1] += [word.text for line in cue.lines for word in line]
        before = cue
    return [join_words(words) for words in found]
