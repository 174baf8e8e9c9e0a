"""What the user gives for a continuous flow: a prompt, a length, and what happens in each segment. Checked here."""

from __future__ import annotations

import unicodedata
from math import isfinite
from typing import Any

from pydantic import BaseModel, Field

from storyreel.errors import InputError
from storyreel.inputs.brief import whole_number

PROMPT_CHARACTERS = 2000
SEGMENT_S = 5.0
LONGEST_S = 3600.0
SHORTEST_S = 1.0
SHORTEST_SEGMENT_S = 0.5
STYLES = ("cinematic", "cartoon", "realistic", "anime", "3d")
EFFECTS = ("cut", "dissolve", "fade_black", "fade_white", "wipe", "slide", "push", "zoom")
DEFAULT_SECONDS = 30.0
DEFAULT_EFFECT_S = 1.0


class SegmentPlan(BaseModel, frozen=True, extra="forbid"):
    """What is wanted of one segment.

    Attributes:
        length_s: how long it is.
        prompt: what happens in it, beyond the flow's own prompt; may be empty.
        seed: another one makes it go on in another way.
        effect, effect_s: what lies between the segment before and this one, and how long that takes; "cut" for nothing,
            which is what keeps a flow unbroken.
        label: a text over its beginning; empty for none.
    """

    length_s: float = Field(default=SEGMENT_S, gt=0.0, le=60.0)
    prompt: str = ""
    seed: int = 0
    effect: str = "cut"
    effect_s: float = Field(default=DEFAULT_EFFECT_S, ge=0.1, le=4.0)
    label: str = ""


class FlowBrief(BaseModel, frozen=True, extra="forbid"):
    """A continuous flow's input; make one with `flow_brief`, which checks it.

    Attributes:
        title: the prompt as a film's title.
        prompt: what the shot is of, white space tidied.
        segments: one after another.
        seed: another seed begins on another picture.
    """

    title: str
    prompt: str
    segments: tuple[SegmentPlan, ...] = Field(min_length=1)
    seed: int = 0

    @property
    def seconds(self) -> float:
        """How long all segments are."""
        return sum(segment.length_s for segment in self.segments)


def flow_brief(prompt: str, seconds: Any = DEFAULT_SECONDS, seed: int = 0) -> FlowBrief:
    """Check a flow's input.

    Raises:
        InputError: the prompt is empty, too long or not text; the length is no number or out of range.
    """
    tidy = tidy_text("prompt", prompt)
    if not tidy:
        raise InputError('the prompt is empty: say what the shot is of, such as "a lighthouse on a cliff at dusk"')
    lengths = segment_lengths(seconds)
    segments = tuple(SegmentPlan(length_s=length_s) for length_s in lengths)
    return FlowBrief(title=title_of(tidy), prompt=tidy, segments=segments, seed=seed)


def segment_lengths(seconds: Any) -> tuple[float, ...]:
    """Cut a length into segments of five seconds, the last one shorter; too short a rest joins the one before.

    Raises:
        InputError: it is no number, or out of range.
    """
    try:
        length_s = float(str(seconds))
    except ValueError:
        length_s = float("nan")
    if not isfinite(length_s) or isinstance(seconds, bool) or not SHORTEST_S <= length_s <= LONGEST_S:
        raise InputError(
            f"seconds cannot be {seconds!s:.40}: give a number from {SHORTEST_S:.0f} to {LONGEST_S:,.0f}, such as 30"
        )
    count = int(length_s // SEGMENT_S)
    rest_s = round(length_s - count * SEGMENT_S, 3)
    lengths = [SEGMENT_S] * count
    if rest_s >= SHORTEST_SEGMENT_S or not lengths:
        lengths.append(rest_s)
    elif rest_s > 0.0:
        lengths[-1] = round(lengths[-1] + rest_s, 3)
    return tuple(lengths)


def tidy_text(name: str, text: Any, longest: int = PROMPT_CHARACTERS) -> str:
    """A text without control characters, its white space single; may be empty.

    Raises:
        InputError: it is not text, or too long.
    """
    if not isinstance(text, str):
        raise InputError(f"the {name} must be text, not {type(text).__name__}")
    tidy = " ".join("".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs")).split())
    if len(tidy) > longest:
        raise InputError(f"the {name} is {len(tidy):,} characters long: give at most {longest:,}")
    return tidy


def title_of(prompt: str) -> str:
    """A prompt as a title: its first clause, at most 80 characters."""
    first = prompt.replace(";", ",").split(". ")[0].split(",")[0].strip(" .")
    if len(first) > 80:
        first = first[:80].rsplit(" ", 1)[0]
    return first[:1].upper() + first[1:]


def segment_number(value: Any, brief: FlowBrief) -> int:
    """Read which segment is meant, counted from 1.

    Raises:
        InputError: the flow has no such segment.
    """
    return whole_number("the segment", value, range(1, len(brief.segments) + 1))
