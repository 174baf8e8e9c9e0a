"""How the presets of captions, title cards and labels look, as data.

Lengths are shares of the frame's height unless they say otherwise.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from storyreel.timeline.caption_style import HEX, WARM, Box, CaptionStyle, Colour, Family, Outline, Shadow
from storyreel.timeline.captions import FrameShape, norm_of, shape_of
from storyreel.timeline.model import Timeline


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
    colour: Colour = Field(default="#FFFDF8", pattern=HEX)
    subtitle_family: Family = "sans"
    subtitle_size: float = Field(gt=0.0, le=0.3)
    subtitle_tracking: float = 0.2
    subtitle_capitals: bool = True
    subtitle_colour: Colour = Field(default="#F4EFE6", pattern=HEX)
    rule_width: float = 0.09
    rule_thickness: float = 0.0019
    rule_colour: Colour = Field(default=WARM, pattern=HEX)
    rule_gap: float = 0.036
    shadow: Shadow = Shadow(opacity=0.5, blur=0.16, spread=0.01, drop=0.02)
    centre: float = Field(default=0.47, ge=0.0, le=1.0)
    side: float = Field(default=0.11, ge=0.0, le=0.4)
    dim: float = Field(default=0.52, ge=0.0, le=1.0)
    fade_s: float = Field(default=0.5, ge=0.0)


class LabelStyle(BaseModel, frozen=True, extra="forbid"):
    """How a label looks in one shape of frame. Shares of the type's size are of its first line's.

    Attributes:
        family, size: of the first line.
        small: the size of further lines, as a share of the first's.
        tracking, capitals: of the first line; as in `CardStyle`.
        line_height: in ems.
        colour, small_colour: of the first line and of further ones.
        outline, shadow: what keeps letters apart from the picture.
        box: a plate behind the text, or None.
        bar: an upright bar where lines begin: its width as a share of the type's size, 0 for none.
        bar_colour: of the bar.
        align: where lines begin: "start" is left, or right for a text that runs right to left.
        anchor: which part of the text's height lies at `y`; across, the side named by `align` lies at `x`.
        x, y: its place, as shares of the frame's width and height; a text that runs right to left mirrors `x`.
        width: the widest a line may be, as a share of the frame's width.
        height: the tallest the text may be; a longer one is set smaller.
        fade_s: how long it comes and goes.
    """

    family: Family = "sans"
    size: float = Field(gt=0.0, le=0.5)
    small: float = Field(default=0.66, gt=0.0, le=1.0)
    tracking: float = 0.0
    capitals: bool = False
    line_height: float = 1.24
    colour: Colour = Field(default="#FFFFFF", pattern=HEX)
    small_colour: Colour = Field(default="#E9E4DA", pattern=HEX)
    outline: Outline = Outline(width=0.0)
    shadow: Shadow = Shadow()
    box: Box | None = None
    bar: float = Field(default=0.0, ge=0.0, le=0.5)
    bar_colour: Colour = Field(default=WARM, pattern=HEX)
    align: Literal["start", "centre", "end"] = "start"
    anchor: Literal["top", "middle", "bottom"] = "bottom"
    x: float = Field(ge=0.0, le=1.0)
    y: float = Field(ge=0.0, le=1.0)
    width: float = Field(gt=0.0, le=1.0)
    height: float = Field(default=0.3, gt=0.0, le=1.0)
    fade_s: float = Field(default=0.35, ge=0.0)


# Outline and shadow together keep white and yellow letters at WCAG's 4.5 to 1 even over white.
_OF_DOCUMENTARY: dict[str, Any] = {
    "outline": Outline(width=0.058, opacity=1.0),
    "shadow": Shadow(opacity=0.8, blur=0.11, spread=0.065, drop=0.03),
}
_OF_SHORT_FORM: dict[str, Any] = {
    "current": WARM,
    "outline": Outline(width=0.06, opacity=1.0),
    "shadow": Shadow(opacity=0.55, blur=0.14, spread=0.05, drop=0.05),
}
_OF_CINEMA: dict[str, Any] = {
    "spoken": "#FBF6EA",
    "current": "#FBF6EA",
    "coming": "#FBF6EA",
    "outline": Outline(width=0.058, opacity=0.95),
    "shadow": Shadow(opacity=0.8, blur=0.11, spread=0.065, drop=0.03),
    "animation": "fade",
    "animation_s": 0.1,
}
_OF_KARAOKE: dict[str, Any] = {
    "spoken": WARM,
    "current": WARM,
    "coming": "#FFFFFF",
    "outline": Outline(width=0.058, opacity=1.0),
    "shadow": Shadow(opacity=0.65, blur=0.12, spread=0.06, drop=0.04),
    "animation": "karaoke",
}
_OF_BOXED: dict[str, Any] = {
    "current": "#14161A",
    "outline": Outline(width=0.0),
    "shadow": Shadow(opacity=0.0),
    "box": Box(colour="#101217", opacity=0.84, padding=0.26, corner=0.22, hug="line"),
    "word_box": Box(colour=WARM, opacity=1.0, padding=0.13, corner=0.16),
    "line_height": 1.46,
}
_OF_POP: dict[str, Any] = {
    "case": "upper",
    "current": WARM,
    "outline": Outline(width=0.085, opacity=1.0),
    "shadow": Shadow(opacity=0.5, blur=0.12, spread=0.06, drop=0.06),
    "animation": "pop",
}
CAPTION_STYLES: dict[str, dict[FrameShape, CaptionStyle]] = {
    "documentary": {
        "wide": CaptionStyle(size=0.050, margin=0.085, **_OF_DOCUMENTARY),
        "square": CaptionStyle(size=0.052, margin=0.09, side=0.08, **_OF_DOCUMENTARY),
        "tall": CaptionStyle(size=0.034, margin=0.25, side=0.09, **_OF_DOCUMENTARY),
    },
    "cinema": {
        "wide": CaptionStyle(size=0.046, margin=0.075, **_OF_CINEMA),
        "square": CaptionStyle(size=0.048, margin=0.085, side=0.08, **_OF_CINEMA),
        "tall": CaptionStyle(size=0.0325, margin=0.25, side=0.09, **_OF_CINEMA),
    },
    "short-form": {
        "wide": CaptionStyle(size=0.085, margin=0.11, **_OF_SHORT_FORM),
        "square": CaptionStyle(size=0.082, margin=0.14, side=0.08, **_OF_SHORT_FORM),
        "tall": CaptionStyle(size=0.045, margin=0.29, side=0.09, **_OF_SHORT_FORM),
    },
    "karaoke": {
        "wide": CaptionStyle(size=0.064, margin=0.09, **_OF_KARAOKE),
        "square": CaptionStyle(size=0.064, margin=0.1, side=0.08, **_OF_KARAOKE),
        "tall": CaptionStyle(size=0.038, margin=0.27, side=0.09, **_OF_KARAOKE),
    },
    "boxed": {
        "wide": CaptionStyle(size=0.047, margin=0.09, **_OF_BOXED),
        "square": CaptionStyle(size=0.049, margin=0.095, side=0.08, **_OF_BOXED),
        "tall": CaptionStyle(size=0.0325, margin=0.25, side=0.09, **_OF_BOXED),
    },
    "pop": {
        "wide": CaptionStyle(size=0.085, margin=0.12, **_OF_POP),
        "square": CaptionStyle(size=0.075, margin=0.15, side=0.08, **_OF_POP),
        "tall": CaptionStyle(size=0.040, margin=0.3, side=0.09, **_OF_POP),
    },
}
CARD_STYLES: dict[FrameShape, CardStyle] = {
    "wide": CardStyle(size=0.125, subtitle_size=0.0275),
    "square": CardStyle(size=0.115, subtitle_size=0.026, side=0.09),
    "tall": CardStyle(
        size=0.072,
        subtitle_size=0.0165,
        centre=0.42,
        side=0.152,
        rule_width=0.05,
        rule_thickness=0.0012,
        rule_gap=0.022,
        lines=6,
    ),
}


_OF_LOWER_THIRD: dict[str, Any] = {
    "box": Box(colour="#101217", opacity=0.74, padding=0.42, corner=0.1),
    "shadow": Shadow(opacity=0.0),
    "bar": 0.11,
}
_OF_TITLE: dict[str, Any] = {
    "family": "serif",
    "tracking": 0.015,
    "line_height": 1.12,
    "small": 0.42,
    "colour": "#FFFDF8",
    "shadow": Shadow(opacity=0.8, blur=0.18, spread=0.05, drop=0.02),
    "outline": Outline(width=0.014, opacity=0.8),
    "align": "centre",
    "anchor": "middle",
    "height": 0.4,
    "fade_s": 0.5,
}
_OF_CORNER: dict[str, Any] = {
    "tracking": 0.12,
    "capitals": True,
    "small": 0.9,
    "shadow": Shadow(opacity=0.7, blur=0.2, spread=0.06, drop=0.02),
    "outline": Outline(width=0.03, opacity=0.7),
    "anchor": "top",
    "height": 0.2,
}
_OF_NOTE: dict[str, Any] = {
    "small": 1.0,
    "small_colour": "#22242A",
    "colour": "#22242A",
    "shadow": Shadow(opacity=0.0),
    "box": Box(colour="#FFF8E7", opacity=0.94, padding=0.55, corner=0.3),
    "line_height": 1.3,
    "align": "end",
    "anchor": "top",
}
# Lower thirds stand above the captions' place, so that both can be read at once.
LABEL_STYLES: dict[str, dict[FrameShape, LabelStyle]] = {
    "lower_third": {
        "wide": LabelStyle(size=0.048, x=0.07, y=0.74, width=0.55, **_OF_LOWER_THIRD),
        "square": LabelStyle(size=0.048, x=0.07, y=0.72, width=0.7, **_OF_LOWER_THIRD),
        "tall": LabelStyle(size=0.030, x=0.09, y=0.5, width=0.72, **_OF_LOWER_THIRD),
    },
    "title": {
        "wide": LabelStyle(size=0.11, x=0.5, y=0.44, width=0.8, **_OF_TITLE),
        "square": LabelStyle(size=0.1, x=0.5, y=0.44, width=0.84, **_OF_TITLE),
        "tall": LabelStyle(size=0.06, x=0.5, y=0.36, width=0.69, **_OF_TITLE),
    },
    "corner": {
        "wide": LabelStyle(size=0.026, x=0.06, y=0.07, width=0.4, **_OF_CORNER),
        "square": LabelStyle(size=0.026, x=0.06, y=0.065, width=0.55, **_OF_CORNER),
        "tall": LabelStyle(size=0.0165, x=0.11, y=0.15, width=0.6, **_OF_CORNER),
    },
    "note": {
        "wide": LabelStyle(size=0.032, x=0.94, y=0.08, width=0.28, **_OF_NOTE),
        "square": LabelStyle(size=0.032, x=0.94, y=0.08, width=0.44, **_OF_NOTE),
        "tall": LabelStyle(size=0.021, x=0.83, y=0.17, width=0.5, **_OF_NOTE),
    },
}


def caption_style(preset: str, shape: FrameShape) -> CaptionStyle:
    """A caption preset's look in a shape of frame.

    Raises:
        InputError: there is no such preset.
    """
    norm_of(preset)
    return CAPTION_STYLES[preset][shape]


def style_of(timeline: Timeline) -> CaptionStyle:
    """How a film's captions look: its own style, else its preset's.

    Raises:
        InputError: the timeline names a caption preset that does not exist.
    """
    norm_of(timeline.captions)
    if timeline.caption_style is not None:
        return timeline.caption_style
    return caption_style(timeline.captions, shape_of(timeline.width_px, timeline.height_px))
