"""What a user changes in a film, as values; applying them is pure, so that an edited film can be made again.

An edit of pictures leaves the narration where it is unless it says otherwise. Two modes, as editors call them:

    "roll"      the default: the pictures share the same time differently. What a clip gains, its neighbour gives;
                sounds, captions, cards and the film's length stay as they are.
    "ripple"    the film gets longer or shorter there, and all that follows moves along: clips, voice, captions, cards,
                labels. A voice or effect that plays across the place is cut in two there, and a caption with it; what
                lies in a stretch that is taken out goes. Music plays on without a jump, for as long as it is needed.

Wherever an edit leaves a clip too short for the transitions at its ends, these become shorter, down to a cut. A saved
edit names clips by their ids, captions and sounds by their place in the timeline that it is applied to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from storyreel.errors import InputError
from storyreel.timeline.edit_captions import (
    add_label,
    change_caption,
    change_caption_style,
    merge_captions,
    remove_label,
    retime_caption,
    retime_word,
    split_caption,
)
from storyreel.timeline.edit_clips import (
    change_duration,
    change_transition,
    check_kind,
    insert_clip,
    move_clip,
    remove_clip,
    split_clip,
    with_clip,
)
from storyreel.timeline.edit_kinds import (
    EDITS,
    AddLabel,
    ChangeCaption,
    ChangeCaptionStyle,
    ChangeDuration,
    ChangeGain,
    ChangeMotion,
    ChangeTransition,
    Edit,
    InsertClip,
    MergeCaptions,
    Mode,
    MoveClip,
    RemoveClip,
    RemoveLabel,
    ReplaceMusic,
    ReplacePicture,
    ReplaceVoice,
    RetimeCaption,
    RetimeWord,
    SplitCaption,
    SplitClip,
)
from storyreel.timeline.edit_sounds import change_gain, replace_music
from storyreel.timeline.edit_voice import replace_voice
from storyreel.timeline.model import Timeline

__all__ = [
    "EDITS",
    "AddLabel",
    "ChangeCaption",
    "ChangeCaptionStyle",
    "ChangeDuration",
    "ChangeGain",
    "ChangeMotion",
    "ChangeTransition",
    "Edit",
    "InsertClip",
    "MergeCaptions",
    "Mode",
    "MoveClip",
    "RemoveClip",
    "RemoveLabel",
    "ReplaceMusic",
    "ReplacePicture",
    "ReplaceVoice",
    "RetimeCaption",
    "RetimeWord",
    "SplitCaption",
    "SplitClip",
    "apply",
]


def apply(timeline: Timeline, edits: Iterable[Edit]) -> Timeline:
    """The timeline with the edits made, one after the other.

    Raises:
        InputError: an edit does not fit the timeline that the ones before it left; the message names it.
    """
    for number, edit in enumerate(edits, 1):
        try:
            timeline = _applied(timeline, edit)
        except InputError as error:
            raise InputError(f"edit {number} ({edit.kind}) cannot be made: {error}") from error
    return timeline


def _applied(timeline: Timeline, edit: Edit) -> Timeline:
    match edit:
        case ChangeCaption():
            return change_caption(timeline, edit)
        case ChangeCaptionStyle():
            return change_caption_style(timeline, edit)
        case AddLabel():
            return add_label(timeline, edit)
        case RemoveLabel():
            return remove_label(timeline, edit)
        case ReplacePicture():
            check_kind(edit.asset, ("image", "video"))
            return with_clip(timeline, edit.clip, {"asset": edit.asset})
        case ChangeMotion():
            return with_clip(timeline, edit.clip, {"motion": edit.motion})
        case ChangeTransition():
            return change_transition(timeline, edit)
        case ChangeDuration():
            return change_duration(timeline, edit)
        case MoveClip():
            return move_clip(timeline, edit)
        case RemoveClip():
            return remove_clip(timeline, edit)
        case InsertClip():
            return insert_clip(timeline, edit)
        case ChangeGain():
            return change_gain(timeline, edit)
        case ReplaceMusic():
            return replace_music(timeline, edit)
        case ReplaceVoice():
            return replace_voice(timeline, edit)
        case SplitClip():
            return split_clip(timeline, edit)
        case RetimeCaption():
            return retime_caption(timeline, edit)
        case RetimeWord():
            return retime_word(timeline, edit)
        case SplitCaption():
            return split_caption(timeline, edit)
        case MergeCaptions():
            return merge_captions(timeline, edit)
    assert_never(edit)
