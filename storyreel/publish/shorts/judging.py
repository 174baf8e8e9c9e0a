"""A writer's judgement of a film's moments: which of them people would watch to the end, and under which title.

The task is "moments"; its facts are `title`, `moments` (what is said in each) and `reasons` (what was measured in
each). The reply is `Judgements`, one for each moment, in order.
"""

from __future__ import annotations

from pydantic import BaseModel, Field

from storyreel.errors import ProviderError
from storyreel.memo.step import step
from storyreel.project import Project
from storyreel.providers.contracts import Writer, WritingRequest
from storyreel.providers.estimate import Work
from storyreel.providers.prices import Usage
from storyreel.providers.writing import THINKING_TOKENS, TOKENS_A_WORD

MOST_JUDGED = 12
TITLE_CHARACTERS = 44
_WORDS_A_MOMENT = 90
_TOKENS_A_JUDGEMENT = 80


class Judgement(BaseModel, frozen=True, extra="forbid"):
    """What a writer thinks of a moment.

    Attributes:
        number: the moment's, from 1.
        score: 0 (nobody would stay) to 10 (everybody would share it).
        stands_alone: whether it is understood by somebody who knows nothing of the film.
        title: a hook of a few words.
        why: one sentence.
    """

    number: int
    score: float = Field(ge=0.0, le=10.0)
    stands_alone: bool
    title: str = ""
    why: str = ""


class Judgements(BaseModel, frozen=True, extra="forbid"):
    """One for each moment, in order."""

    moments: tuple[Judgement, ...]


@step(version=1)
def judge_moments(
    project: Project,
    texts: tuple[str, ...],
    reasons: tuple[str, ...],
    writer: Writer,
    *,
    title: str,
    language: str,
) -> tuple[Judgement, ...]:
    """Have a writer judge a film's moments.

    Args:
        texts: what is said in each.
        reasons: what was measured in each, in words.
        title: the film's.
        language: ISO 639-1 code; titles are written in it.

    Raises:
        ProviderError: the writer gave another number of judgements, or numbered them otherwise.
    """
    judged = writer.write(moments_request(texts, reasons, title=title, language=language)).moments
    if [each.number for each in judged] != list(range(1, len(texts) + 1)):
        raise ProviderError(
            writer.identity, f"{len(texts)} moments were to be judged in order, and other ones came back: run again"
        )
    return judged


def moments_request(
    texts: tuple[str, ...], reasons: tuple[str, ...], *, title: str, language: str
) -> WritingRequest[Judgements]:
    """The request, in words and as facts; see the module."""
    listing = "\n\n".join(
        f"[{number}] ({reason or 'nothing stands out'})\n{text or '(nobody speaks)'}"
        for number, (text, reason) in enumerate(zip(texts, reasons, strict=True), 1)
    )
    instructions = f"""\
Some moments of the film "{title}" may be shown alone, as short upright videos to people who do not know the film. \
Judge each of the {len(texts)} moments below, in order, with its number.

- score: 0 to 10. What counts: the first three seconds make one stay, something happens (a turn, a laugh, a feeling), \
and it has an end. Use the whole scale, and judge them against one another.
- stands_alone: whether it is understood without the rest: no "he" or "this" that only earlier words explain.
- title: a hook of at most {TITLE_CHARACTERS} characters in the language "{language}", true to what is said, without \
quotation marks, hashtags or emoji.
- why: one short sentence.

In brackets stands what was measured in sound and picture.

{listing}"""
    return WritingRequest(
        task="moments",
        instructions=instructions,
        facts={"title": title, "moments": list(texts), "reasons": list(reasons)},
        reply=Judgements,
        language=language,
    )


def judging_work(writer: Writer | None) -> Work:
    """The one request that judging takes, for an estimate."""
    told = round(MOST_JUDGED * _WORDS_A_MOMENT * TOKENS_A_WORD) + 600
    written = MOST_JUDGED * _TOKENS_A_JUDGEMENT + THINKING_TOKENS
    return Work("judge_moments", writer, 1, Usage(input_tokens=told, output_tokens=written), 0.5)
