"""How captions look, as a value that a timeline can carry. Lengths are shares of the frame's height unless they say
otherwise.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

Family = Literal["sans", "serif"]
Position = Literal["bottom", "middle", "top"]
Animation = Literal["none", "fade", "pop", "karaoke"]
Colour = str  # "#RRGGBB"

HEX = r"^#[0-9a-fA-F]{6}$"
WARM = "#FFD166"


class Shadow(BaseModel, frozen=True, extra="forbid"):
    """A soft dark cloud behind letters; lengths are shares of the type's size."""

    colour: Colour = Field(default="#000000", pattern=HEX)
    opacity: float = Field(default=0.6, ge=0.0, le=1.0)
    blur: float = Field(default=0.12, ge=0.0, le=1.0)
    spread: float = Field(default=0.04, ge=0.0, le=0.5)
    drop: float = Field(default=0.03, ge=0.0, le=0.5)


class Outline(BaseModel, frozen=True, extra="forbid"):
    """A line around every letter; its width is a share of the type's size."""

    colour: Colour = Field(default="#0B0D10", pattern=HEX)
    opacity: float = Field(default=0.9, ge=0.0, le=1.0)
    width: float = Field(default=0.035, ge=0.0, le=0.2)


class Box(BaseModel, frozen=True, extra="forbid"):
    """A plate behind words; padding and corner are shares of the type's size.

    Attributes:
        hug: whether every line has a plate of its own width, or the page one for all its lines.
    """

    colour: Colour = Field(default="#0B0D10", pattern=HEX)
    opacity: float = Field(default=0.7, ge=0.0, le=1.0)
    padding: float = Field(default=0.3, ge=0.0, le=2.0)
    corner: float = Field(default=0.2, ge=0.0, le=2.0)
    hug: Literal["page", "line"] = "page"


class CaptionStyle(BaseModel, frozen=True, extra="forbid"):
    """How captions look in one shape of frame.

    Attributes:
        family: the typeface of the house that is tried first, or next after `font_file`.
        font_file: path of a .ttf, .otf or .ttc of one's own, "" for none. Characters it lacks come from the house's.
        weight: what a variable `font_file` is set to where it has such an axis (CSS font-weight).
        size: height of the type (an em), as a share of the frame's height.
        line_height: from baseline to baseline, in ems.
        case: "upper" sets capitals, as the film's language forms them.
        spoken, current, coming: the colours of words before, in and after their turn.
        outline, shadow: what keeps letters apart from the picture.
        box: a plate behind all words, or None.
        word_box: a plate behind the word being spoken, or None.
        animation: "fade" brings the page in and out; "pop" lets the word being spoken swell for a moment, the others
            stay where they are; "karaoke" sweeps `current` through the word as it is spoken.
        animation_s: how long a fade at each end, or a pop, lasts.
        pop: how much a popping word swells, at most.
        position: which part of the frame the page stands in.
        margin: how far the letters stay from the edge they stand at; a platform's safe area may ask for more.
        side: margin at the left and at the right, as a share of the frame's width; likewise.
    """

    family: Family = "sans"
    font_file: str = ""
    weight: int = Field(default=600, ge=1, le=1000)
    size: float = Field(gt=0.0, le=0.3)
    line_height: float = Field(default=1.26, ge=0.8, le=3.0)
    case: Literal["as_is", "upper"] = "as_is"
    spoken: Colour = Field(default="#FFFFFF", pattern=HEX)
    current: Colour = Field(default=WARM, pattern=HEX)
    coming: Colour = Field(default="#FFFFFF", pattern=HEX)
    outline: Outline = Outline()
    shadow: Shadow = Shadow()
    box: Box | None = None
    word_box: Box | None = None
    animation: Animation = "none"
    animation_s: float = Field(default=0.17, ge=0.0, le=2.0)
    pop: float = Field(default=0.14, ge=0.0, le=0.5)
    position: Position = "bottom"
    margin: float = Field(default=0.08, ge=0.0, le=0.9)
    side: float = Field(default=0.1, ge=0.0, le=0.4)
