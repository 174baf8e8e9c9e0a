"""How captions and title cards look, as data. Lengths are shares of the frame's height unless they say otherwise."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from storyreel.timeline.captions import FrameShape, norm_of

Family = Literal["sans", "serif"]
Colour = str  # "#RRGGBB"

_HEX = r"^#[0-9A-F]{6}$"
WARM = "#FFD166"


class Shadow(BaseModel, frozen=True, extra="forbid"):
    """A soft dark cloud behind letters; lengths are shares of the type's size."""

    colour: Colour = Field(default="#000000", pattern=_HEX)
    opacity: float = Field(default=0.6, ge=0.0, le=1.0)
    blur: float = Field(default=0.12, ge=0.0, le=1.0)
    spread: float = Field(default=0.04, ge=0.0, le=0.5)
    drop: float = Field(default=0.03, ge=0.0, le=0.5)


class Outline(BaseModel, frozen=True, extra="forbid"):
    """A line around every letter; its width is a share of the type's size."""

    colour: Colour = Field(default="#0B0D10", pattern=_HEX)
    opacity: float = Field(default=0.9, ge=0.0, le=1.0)
    width: float = Field(default=0.035, ge=0.0, le=0.2)


class Box(BaseModel, frozen=True, extra="forbid"):
    """A plate behind the words; padding and corner are shares of the type's size."""

    colour: Colour = Field(default="#0B0D10", pattern=_HEX)
    opacity: float = Field(default=0.7, ge=0.0, le=1.0)
    padding: float = 0.3
    corner: float = 0.2


class CaptionStyle(BaseModel, frozen=True, extra="forbid"):
    """How captions look in one shape of frame.

    Attributes:
        family: the typeface tried first.
        size: height of the type (an em), as a share of the frame's height.
        line_height: from baseline to baseline, in ems.
        spoken, current, coming: the colours of words before, in and after their turn.
        outline, shadow: what keeps letters apart from the picture.
        box: a plate behind all words, or None.
        bottom: how far the last line's descenders stay above the frame's lower edge.
        side: margin at the left and at the right, as a share of the frame's width.
    """

    family: Family = "sans"
    size: float = Field(gt=0.0, le=0.3)
    line_height: float = 1.26
    spoken: Colour = Field(default="#FFFFFF", pattern=_HEX)
    current: Colour = Field(default=WARM, pattern=_HEX)
    coming: Colour = Field(default="#FFFFFF", pattern=_HEX)
    outline: Outline = Outline()
    shadow: Shadow = Shadow()
    box: Box | None = None
    bottom: float = Field(ge=0.0, le=0.9)
    side: float = Field(default=0.1, ge=0.0, le=0.4)


class CardStyle(BaseModel, frozen=True, extra="forbid"):
    """How a title card looks in one shape of frame.

    Attributes:
        family, size: of the title, `size` being the largest it is set in; long titles are set smaller.
        tracking: space added between the letters of a spaced alphabet, in ems.
        line_height: in ems.
        lines: the most lines a title is set in before it shrinks further.
        colour: of the letters.
        subtitle_family, subtitle_size, subtitle_tracking, subtitle_capitals: the line below the rule.
        rule_width, rule_thickness, rule_colour, rule_gap: the thin line between title and subtitle.
        centre: how far down the middle of the card lies.
        side: margin at the left and at the right, as a share of the frame's width.
        dim: how much the picture behind the words is darkened, at most.
        fade_s: how long the card comes and goes.
    """

    family: Family = "serif"
    size: float = Field(gt=0.0, le=0.5)
    tracking: float = 0.02
    line_height: float = 1.12
    lines: int = Field(default=3, ge=1)
    colour: Colour = Field(default="#FFFDF8", pattern=_HEX)
    subtitle_family: Family = "sans"
    subtitle_size: float = Field(gt=0.0, le=0.3)
    subtitle_tracking: float = 0.2
    subtitle_capitals: bool = True
    subtitle_colour: Colour = Field(default="#F4EFE6", pattern=_HEX)
    rule_width: float = 0.09
    rule_thickness: float = 0.0019
    rule_colour: Colour = Field(default=WARM, pattern=_HEX)
    rule_gap: float = 0.036
    shadow: Shadow = Shadow(opacity=0.5, blur=0.16, spread=0.01, drop=0.02)
    centre: float = Field(default=0.47, ge=0.0, le=1.0)
    side: float = Field(default=0.11, ge=0.0, le=0.4)
    dim: float = Field(default=0.52, ge=0.0, le=1.0)
    fade_s: float = Field(default=0.5, ge=0.0)


# Margins keep clear of EBU R 95's text-safe area (5 % of a wide frame). In tall frames the players' own controls lie
# over the picture: in 2025 about the lower 22 % and a strip of 9 to 16 % at the right.
_OF_SHORT_FORM = {
    "current": WARM,
    "outline": Outline(width=0.06, opacity=1.0),
    "shadow": Shadow(opacity=0.55, blur=0.14, spread=0.05, drop=0.05),
}
_OF_CINEMA = {
    "spoken": "#FBF6EA",
    "current": "#FBF6EA",
    "coming": "#FBF6EA",
    "outline": Outline(width=0.022, opacity=0.75),
    "shadow": Shadow(opacity=0.6, blur=0.1, spread=0.03, drop=0.03),
}
CAPTION_STYLES: dict[str, dict[FrameShape, CaptionStyle]] = {
    "documentary": {
        "wide": CaptionStyle(size=0.050, bottom=0.085),
        "square": CaptionStyle(size=0.054, bottom=0.09, side=0.08),
        "tall": CaptionStyle(size=0.0355, bottom=0.25, side=0.09),
    },
    "short-form": {
        "wide": CaptionStyle(size=0.085, bottom=0.11, **_OF_SHORT_FORM),
        "square": CaptionStyle(size=0.085, bottom=0.14, side=0.08, **_OF_SHORT_FORM),
        "tall": CaptionStyle(size=0.047, bottom=0.29, side=0.09, **_OF_SHORT_FORM),
    },
    "cinema": {
        "wide": CaptionStyle(size=0.046, bottom=0.075, **_OF_CINEMA),
        "square": CaptionStyle(size=0.05, bottom=0.085, side=0.08, **_OF_CINEMA),
        "tall": CaptionStyle(size=0.033, bottom=0.25, side=0.09, **_OF_CINEMA),
    },
}
CARD_STYLES: dict[FrameShape, CardStyle] = {
    "wide": CardStyle(size=0.125, subtitle_size=0.0275),
    "square": CardStyle(size=0.115, subtitle_size=0.026, side=0.09),
    "tall": CardStyle(
        size=0.072,
        subtitle_size=0.0165,
        centre=0.42,
        side=0.085,
        rule_width=0.05,
        rule_thickness=0.0012,
        rule_gap=0.022,
        lines=6,
    ),
}


def caption_style(preset: str, shape: FrameShape) -> CaptionStyle:
    """A caption preset's look in a shape of frame.

    Raises:
        InputError: there is no such preset.
    """
    norm_of(preset)
    return CAPTION_STYLES[preset][shape]
