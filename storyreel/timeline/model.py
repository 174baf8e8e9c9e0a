"""The film as a value: which picture, words and sounds when. Everything after this reads only a `Timeline`.

All times are whole frames at `Timeline.rate`, counted from 0. Pictures tile the film: each clip starts where the one
before ends, the first at 0, and the last ends with the film. A transition of n frames into a clip is centred on that
cut: it covers n // 2 frames before the cut and n - n // 2 from it on, and the motion of both clips runs on through it.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from storyreel.clock import Rate
from storyreel.media.model import Asset
from storyreel.timeline.caption_style import CaptionStyle
from storyreel.timeline.scripts import join_words

if TYPE_CHECKING:
    from storyreel.timeline.edit import Edit

Ease = Literal["linear", "in", "out", "in_out"]
TransitionKind = Literal["cut", "dissolve", "fade_black", "fade_white", "wipe", "slide", "push", "zoom"]
Side = Literal["left", "right", "up", "down"]
Track = Literal["narration", "dialogue", "music", "effects", "clip", "recording"]


class Rect(BaseModel, frozen=True, extra="forbid"):
    """A part of a picture: centre and height as fractions of the picture's width and height.

    The part has the frame's shape, so its width follows. `height` 1 with centre (0.5, 0.5) is the largest part of a
    picture that has the frame's own shape.

    Attributes:
        turn_deg: how far the camera is turned about the part's centre, so that the picture appears turned clockwise by
            as much. A turned part that would show what lies past the picture's edge is made smaller until it does not.
    """

    x: float = Field(default=0.5, ge=0.0, le=1.0)
    y: float = Field(default=0.5, ge=0.0, le=1.0)
    height: float = Field(default=1.0, gt=0.0, le=1.0)
    turn_deg: float = Field(default=0.0, ge=-45.0, le=45.0)


class Motion(BaseModel, frozen=True, extra="forbid"):
    """A camera move over a still: from one part of it to another."""

    start: Rect = Rect()
    end: Rect = Rect()
    ease: Ease = "in_out"


class Fit(BaseModel, frozen=True, extra="forbid"):
    """How a picture of another shape than the frame's fills it.

    "crop" fills the frame and lets the rest go. "blur" and "colour" show the whole picture, before a blurred and
    darkened copy of itself, or before one colour.
    """

    kind: Literal["crop", "blur", "colour"] = "crop"
    colour: str = Field(default="#000000", pattern=r"^#[0-9a-fA-F]{6}$")


class Transition(BaseModel, frozen=True, extra="forbid"):
    """How a clip comes in; a cut has length 0.

    Attributes:
        side: which side a wipe, a slide or a push comes from; the other kinds have none.
    """

    kind: TransitionKind = "cut"
    length_frames: int = Field(default=0, ge=0)
    side: Side = "left"


class Clip(BaseModel, frozen=True, extra="forbid"):
    """A picture on the timeline. A clip without an asset is legal: it previews as a placeholder.

    Attributes:
        id: stays the same through edits ("s0003", or "s0003b" for a scene's second framing).
        fit: what happens where the picture has another shape than the frame.
        source_start_s: where in a video it begins; its last picture is held where it ends too soon.
        speed: how fast a video plays. Its sound is not heard unless a `Sound` on the track "clip" says so.
        scene: the scene it shows, 0 for none.
    """

    id: str
    asset: Asset | None
    start_frame: int = Field(ge=0)
    length_frames: int = Field(ge=1)
    motion: Motion = Motion()
    into: Transition = Transition()
    fit: Fit = Fit()
    source_start_s: float = Field(default=0.0, ge=0.0)
    speed: float = Field(default=1.0, ge=0.1, le=10.0)
    scene: int = 0

    @property
    def end_frame(self) -> int:
        """The first frame after the clip."""
        return self.start_frame + self.length_frames


class CueWord(BaseModel, frozen=True, extra="forbid"):
    """A word of a caption and the frames in which it is being spoken (end excluded)."""

    text: str
    start_frame: int = Field(ge=0)
    end_frame: int = Field(ge=0)


class Cue(BaseModel, frozen=True, extra="forbid"):
    """A caption on screen.

    Attributes:
        lines: one or two lines, each a tuple of words.
    """

    start_frame: int = Field(ge=0)
    length_frames: int = Field(ge=1)
    lines: tuple[tuple[CueWord, ...], ...]

    @property
    def end_frame(self) -> int:
        """The first frame after the cue."""
        return self.start_frame + self.length_frames

    @property
    def text(self) -> str:
        """The caption as plain text, its lines parted by newlines."""
        return "\n".join(join_words(word.text for word in line) for line in self.lines)


class Card(BaseModel, frozen=True, extra="forbid"):
    """A title over the picture: the film's at its start, a chapter's at its start; fades in and out."""

    start_frame: int = Field(ge=0)
    length_frames: int = Field(ge=1)
    title: str
    subtitle: str = ""


class Label(BaseModel, frozen=True, extra="forbid"):
    """A text over the picture: a name, a place, a date, a credit.

    Attributes:
        text: may hold line breaks.
        preset: a label style's name.
        x, y: where its anchor lies, as fractions of the frame's width and height; None for the preset's place.
        scale: of the preset's size.
    """

    start_frame: int = Field(ge=0)
    length_frames: int = Field(ge=1)
    text: str
    preset: Literal["lower_third", "title", "corner", "note"] = "lower_third"
    x: float | None = Field(default=None, ge=0.0, le=1.0)
    y: float | None = Field(default=None, ge=0.0, le=1.0)
    scale: float = Field(default=1.0, ge=0.25, le=4.0)


class Sound(BaseModel, frozen=True, extra="forbid"):
    """A sound on a track. The asset may be a video, whose sound is then meant.

    Attributes:
        source_start_s: where in the asset it begins.
        gain_db: before ducking and mastering.
        fade_in_s, fade_out_s: equal-power fades at its ends.
        ducked: whether it makes room for the narration.
        looped: whether it is repeated, without a seam, until its place is filled; else the rest is silent.
        untouched: whether it goes into the film as it was recorded: no gain, no fade, no master. The film's loudness is
            then the recording's own.
    """

    asset: Asset
    track: Track
    start_frame: int = Field(ge=0)
    length_frames: int = Field(ge=1)
    source_start_s: float = 0.0
    gain_db: float = 0.0
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    ducked: bool = False
    looped: bool = False
    untouched: bool = False


class Timeline(BaseModel, frozen=True, extra="forbid"):
    """A whole film; see the module for its rules.

    Attributes:
        fade_in_frames, fade_out_frames: the picture comes from and goes to black at the film's ends.
        captions: a caption preset's name, or "none". It decides how words are grouped, and how they look unless
            `caption_style` does.
        caption_style: a look of the film's own.
        platform: where the film is shown, which decides the safe area; "" for anywhere.
        voice_windows: (start, end) frames in which somebody speaks, in order, for ducking.
        loudness_lufs, true_peak_dbtp: what the master is brought to.
    """

    title: str
    language: str = "en"
    rate: Rate
    width_px: int
    height_px: int
    length_frames: int = Field(ge=1)
    clips: tuple[Clip, ...]
    cues: tuple[Cue, ...] = ()
    cards: tuple[Card, ...] = ()
    labels: tuple[Label, ...] = ()
    sounds: tuple[Sound, ...] = ()
    voice_windows: tuple[tuple[int, int], ...] = ()
    fade_in_frames: int = 0
    fade_out_frames: int = 0
    captions: str = "documentary"
    caption_style: CaptionStyle | None = None
    platform: str = ""
    loudness_lufs: float = -14.0
    true_peak_dbtp: float = -1.0

    def to_moviepy(self, project: Any = None) -> Any:
        """The film as a MoviePy clip, with its sound.

        Args:
            project: whose store has the pictures and sounds, or its id; by default the project of the usual cache that
                has them.

        Raises:
            InputError: no project has them.
            MissingExtra: MoviePy is not installed.
        """
        # By its public name: what draws frames lies further along the flow, and a timeline imports none of it.
        return import_module("storyreel").to_moviepy(project, timeline=self)

    def from_otio(self, path: Path | str, project: Any = None) -> tuple[Edit, ...]:
        """The edits that make this film what it was re-cut to in another program; `storyreel.edit` makes them.

        Args:
            path: the .otio (or .edl) file; see `storyreel.publish.interchange.recut`.
            project: into whose store pictures that are new to the film are copied; as of `to_moviepy`.

        Raises:
            InputError: the file, or a picture that it names, cannot be read, or no project has this film's pictures.
            MissingExtra: OpenTimelineIO is not installed.
        """
        edits: tuple[Edit, ...] = import_module("storyreel").from_otio(path, project, timeline=self)
        return edits
