"""The kinds of edits, as values; `storyreel.timeline.edit` says what their modes mean, and applies them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter

from storyreel.media.model import Asset
from storyreel.timeline.caption_style import CaptionStyle
from storyreel.timeline.model import Label, Motion, Transition

Mode = Literal["roll", "ripple"]


class _Edit(BaseModel, frozen=True, extra="forbid"):
    """What all edits have in common: they are values, and misspelt fields are refused."""


class ChangeCaption(_Edit, frozen=True):
    """Write a caption anew. Words that stay keep their times, the others share the time of those they replace.

    Attributes:
        cue: its place, from 0.
        text: a line break parts its lines; without one it is broken where it was, or where it reads best. A text
            without words takes the caption away.
    """

    kind: Literal["change_caption"] = "change_caption"
    cue: int = Field(ge=0)
    text: str = Field(max_length=500)


class ChangeCaptionStyle(_Edit, frozen=True):
    """Show all captions in another way; what is left None stays.

    Attributes:
        captions: a preset's name, whose rules also group the words anew; "none" hides the captions and keeps them.
        style: a look of the film's own; a preset without one brings back the preset's look.
        platform: whose safe area the captions keep to; "" for anywhere.
    """

    kind: Literal["change_caption_style"] = "change_caption_style"
    captions: str | None = None
    style: CaptionStyle | None = None
    platform: str | None = None


class AddLabel(_Edit, frozen=True):
    """Lay a text over the picture, after the labels there are."""

    kind: Literal["add_label"] = "add_label"
    label: Label


class RemoveLabel(_Edit, frozen=True):
    """Take a text from over the picture.

    Attributes:
        label: its place among the film's labels, from 0.
    """

    kind: Literal["remove_label"] = "remove_label"
    label: int = Field(ge=0)


class ReplacePicture(_Edit, frozen=True):
    """Show another picture or video in a clip's place; None for a placeholder. Its time and motion stay."""

    kind: Literal["replace_picture"] = "replace_picture"
    clip: str
    asset: Asset | None


class ChangeDuration(_Edit, frozen=True):
    """Make a clip last longer or shorter.

    Rolling, it ends earlier or later and the next clip makes up for it; the last clip begins earlier or later instead.
    """

    kind: Literal["change_duration"] = "change_duration"
    clip: str
    length_frames: int = Field(ge=1)
    mode: Mode = "roll"


class MoveClip(_Edit, frozen=True):
    """Show a clip at another place in the order of pictures; the clips between make room, and no sound moves.

    Attributes:
        to: the place it has afterwards, from 0.
    """

    kind: Literal["move_clip"] = "move_clip"
    clip: str
    to: int = Field(ge=0)


class ChangeTransition(_Edit, frozen=True):
    """Change how a clip comes in."""

    kind: Literal["change_transition"] = "change_transition"
    clip: str
    into: Transition


class ChangeMotion(_Edit, frozen=True):
    """Change the camera's move over a clip."""

    kind: Literal["change_motion"] = "change_motion"
    clip: str
    motion: Motion


class ChangeGain(_Edit, frozen=True):
    """Make a sound louder or softer.

    Attributes:
        sound: its place, from 0.
        gain_db: what its gain becomes.
    """

    kind: Literal["change_gain"] = "change_gain"
    sound: int = Field(ge=0)
    gain_db: float = Field(ge=-60.0, le=24.0)


class ReplaceMusic(_Edit, frozen=True):
    """Play one piece of music from where the film's music begins to where it ends, or nowhere (None).

    It is repeated where it is too short. In a film without music it plays from beginning to end, under the voice.

    Attributes:
        gain_db: None for the gain of the music before it.
    """

    kind: Literal["replace_music"] = "replace_music"
    asset: Asset | None
    gain_db: float | None = Field(default=None, ge=-60.0, le=24.0)


class ReplaceVoice(_Edit, frozen=True):
    """Say some captions that follow one another with another sound, and show their words when it says them.

    Whatever voice is heard meanwhile falls silent. The film gets longer there if the sound is, and shorter as far as
    the picture on screen can give it; what follows moves along.

    Attributes:
        cue: the first caption's place, from 0.
        captions: how many of them are said.
        asset: the sound.
        words: (start, end) of every word of these captions in the sound, in seconds.
        gain_db: of the sound.
    """

    kind: Literal["replace_voice"] = "replace_voice"
    cue: int = Field(ge=0)
    captions: int = Field(ge=1, le=100)
    asset: Asset
    words: tuple[tuple[Annotated[float, Field(ge=0.0)], Annotated[float, Field(ge=0.0)]], ...]
    gain_db: float = Field(default=0.0, ge=-60.0, le=24.0)


class RemoveClip(_Edit, frozen=True):
    """Take a clip out. Rolling, the clip before it stays on for its time; for the first, the next begins earlier."""

    kind: Literal["remove_clip"] = "remove_clip"
    clip: str
    mode: Mode = "roll"


class InsertClip(_Edit, frozen=True):
    """Put a new clip in.

    Rolling, its time is taken from the beginning of the clip whose place it takes; at the end, from the last one's end.

    Attributes:
        at: the place it has afterwards, from 0.
        id: one that no clip of the film has.
    """

    kind: Literal["insert_clip"] = "insert_clip"
    at: int = Field(ge=0)
    id: str = Field(min_length=1, max_length=64)
    asset: Asset | None
    length_frames: int = Field(ge=1)
    motion: Motion = Motion()
    into: Transition = Transition()
    mode: Mode = "roll"


class SplitClip(_Edit, frozen=True):
    """Make two clips of one, with a cut between them; the camera's move and a video go on through it.

    Attributes:
        at_frame: the film's frame on which the second begins.
        id: the second one's, that no clip of the film has.
    """

    kind: Literal["split_clip"] = "split_clip"
    clip: str
    at_frame: int = Field(ge=1)
    id: str = Field(min_length=1, max_length=64)


class RetimeCaption(_Edit, frozen=True):
    """Show a caption at another time or for longer or shorter; its words move and stretch with it.

    Attributes:
        cue: its place, from 0.
        start_frame, length_frames: from the end of the caption before it to the start of the next, at most.
    """

    kind: Literal["retime_caption"] = "retime_caption"
    cue: int = Field(ge=0)
    start_frame: int = Field(ge=0)
    length_frames: int = Field(ge=1)


class RetimeWord(_Edit, frozen=True):
    """Say when a word of a caption is spoken; the words beside it give way, and take no more time than is left.

    Attributes:
        cue: the caption's place, from 0.
        word: its place in the caption, through its lines, from 0.
        start_frame, end_frame: within the caption, not before the word before it begins nor after the next one ends.
    """

    kind: Literal["retime_word"] = "retime_word"
    cue: int = Field(ge=0)
    word: int = Field(ge=0)
    start_frame: int = Field(ge=0)
    end_frame: int = Field(ge=0)


class SplitCaption(_Edit, frozen=True):
    """Make two captions of one; the second begins as its first word does.

    Attributes:
        cue: its place, from 0.
        word: which word begins the second, counted through the lines from 0.
    """

    kind: Literal["split_caption"] = "split_caption"
    cue: int = Field(ge=0)
    word: int = Field(ge=1)


class MergeCaptions(_Edit, frozen=True):
    """Make one caption of two that follow one another, broken into lines where it reads best.

    Attributes:
        cue: the first one's place, from 0.
    """

    kind: Literal["merge_captions"] = "merge_captions"
    cue: int = Field(ge=0)


Edit = Annotated[
    ChangeCaption
    | ChangeCaptionStyle
    | AddLabel
    | RemoveLabel
    | ReplacePicture
    | ChangeDuration
    | MoveClip
    | ChangeTransition
    | ChangeMotion
    | ChangeGain
    | ReplaceMusic
    | ReplaceVoice
    | RemoveClip
    | InsertClip
    | SplitClip
    | RetimeCaption
    | RetimeWord
    | SplitCaption
    | MergeCaptions,
    Field(discriminator="kind"),
]
EDITS: TypeAdapter[tuple[Edit, ...]] = TypeAdapter(tuple[Edit, ...])
