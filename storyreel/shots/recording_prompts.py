"""What a writer is asked for to illustrate a recording: a picture for each segment of what somebody said. Pure.

The task is "pictures"; its facts are:

- `passages`: what is said in each segment, "" where nobody speaks;
- `before`: what was said just before the first of them;
- `whole`: the whole transcript, cut to `WHOLE_CHARACTERS`;
- `first`, `segments`: the first segment's number, from 1, and how many the recording has;
- `title`, `style`: of the film and of its pictures.

The reply is a `SceneList` with one scene for each passage, in order.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.providers.contracts import WritingRequest
from storyreel.shots.model import SceneList

WHOLE_CHARACTERS = 12_000
AT_ONCE = 24
"""Segments in one request: enough for pictures that follow one another, few enough for one answer."""


def pictures_request(
    passages: Sequence[str],
    *,
    title: str,
    whole: str,
    before: str = "",
    first: int = 1,
    segments: int | None = None,
    language: str = "en",
    style: str = "photorealistic",
    seed: int = 0,
) -> WritingRequest[SceneList]:
    """Ask for one picture for each passage of a recording.

    Args:
        passages: what is said in each segment, in order; "" where nobody speaks.
        title: of the film.
        whole: all that is said in the recording, for what it is about.
        before: what was said just before the first passage.
        first: the first passage's number in the recording, from 1.
        segments: how many segments the recording has.
        language: of the recording; pictures are described in English, which image models read best.
        style: of the pictures.
        seed: varies what a writer by rules chooses.
    """
    total = segments if segments is not None else first + len(passages) - 1
    numbered = "\n".join(f"[{number}] {passage or '(nobody speaks)'}" for number, passage in enumerate(passages, first))
    context = whole[:WHOLE_CHARACTERS]
    instructions = f"""\
A recording called "{title}" is being illustrated. It has {total} segments of five to eight seconds; below are \
segments {first} to {first + len(passages) - 1}. Describe one picture for each of them, in order, in English: what \
is on screen while those words are heard. Answer with exactly {len(passages)} scenes.

The pictures are {style}: what a camera could have taken. For each:
- subject: one sentence with the main subject of the words and what it does or what happens to it. Show what is \
spoken of, not a person at a microphone. Where the words are about something that cannot be seen, show a thing, a \
place or a gesture that stands for it. Where nobody speaks, show the place of the words around.
- camera: framing, angle and lens; change them from picture to picture.
- lighting: time of day, where the light comes from, its colour.
- emotion: the mood of the words.
- environment: the place in concrete things, and the weather. Say it in full each time: every picture is made without \
knowledge of the others.
- cast: the look of each person who can be seen, word for word the same whenever the same person is meant; empty when \
nobody is seen.
- palette: leave empty, or five or six colours "#rrggbb" from dark to light that stay the same in every picture.

No text, letters, logos or frames in any picture.

What the whole recording says, for the context only:
{context}

Just before: {before or "(this is the beginning)"}

{numbered}"""
    return WritingRequest(
        task="pictures",
        instructions=instructions,
        facts={
            "title": title,
            "passages": list(passages),
            "before": before,
            "whole": context,
            "first": first,
            "segments": total,
            "style": style,
        },
        reply=SceneList,
        language=language,
        seed=seed,
    )
