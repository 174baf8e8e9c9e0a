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

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, Field, TypeAdapter

from storyreel.errors import InputError
from storyreel.media.model import Asset
from storyreel.providers.contracts import SpokenWord
from storyreel.timeline.caption_style import CaptionStyle
from storyreel.timeline.captions import NORMS, cues, shape_of
from storyreel.timeline.model import Clip, Cue, CueWord, Label, Motion, Sound, Timeline, Transition
from storyreel.timeline.ripple import open_room, take_out
from storyreel.timeline.safe_area import margins
from storyreel.timeline.transitions import fitted

Mode = Literal["roll", "ripple"]

MUSIC_FADE_IN_S, MUSIC_FADE_OUT_S = 1.0, 3.0


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
    | RemoveClip
    | InsertClip,
    Field(discriminator="kind"),
]
EDITS: TypeAdapter[tuple[Edit, ...]] = TypeAdapter(tuple[Edit, ...])


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
            return _change_caption(timeline, edit)
        case ChangeCaptionStyle():
            return _change_caption_style(timeline, edit)
        case AddLabel():
            return _add_label(timeline, edit)
        case RemoveLabel():
            return _remove_label(timeline, edit)
        case ReplacePicture():
            _check_kind(edit.asset, ("image", "video"))
            return _with_clip(timeline, edit.clip, {"asset": edit.asset})
        case ChangeMotion():
            return _with_clip(timeline, edit.clip, {"motion": edit.motion})
        case ChangeTransition():
            return _change_transition(timeline, edit)
        case ChangeDuration():
            return _change_duration(timeline, edit)
        case MoveClip():
            return _move_clip(timeline, edit)
        case RemoveClip():
            return _remove_clip(timeline, edit)
        case InsertClip():
            return _insert_clip(timeline, edit)
        case ChangeGain():
            return _change_gain(timeline, edit)
        case ReplaceMusic():
            return _replace_music(timeline, edit)
    assert_never(edit)


# ---------------------------------------------------------------------------------------------------------- pictures


def _place_of(timeline: Timeline, clip: str) -> int:
    for index, each in enumerate(timeline.clips):
        if each.id == clip:
            return index
    raise InputError(f"no clip is called {clip!r}")


def _check_kind(asset: Asset | None, kinds: Sequence[str]) -> None:
    if asset is not None and asset.kind not in kinds:
        raise InputError(f"an asset of the kind {asset.kind!r} cannot go there: it takes {' or '.join(kinds)}")


def _with_clip(timeline: Timeline, clip: str, changes: dict[str, object]) -> Timeline:
    index, clips = _place_of(timeline, clip), list(timeline.clips)
    clips[index] = clips[index].model_copy(update=changes)
    return timeline.model_copy(update={"clips": tuple(clips)})


def _change_transition(timeline: Timeline, edit: ChangeTransition) -> Timeline:
    index = _place_of(timeline, edit.clip)
    if index == 0:
        raise InputError(f"{edit.clip!r} is the film's first clip and comes from nothing: fade the film in instead")
    cut = edit.into.kind == "cut" or edit.into.length_frames == 0
    into = Transition() if cut else edit.into
    changed = _with_clip(timeline, edit.clip, {"into": into})
    fitting = fitted(changed)[0].clips[index].into.length_frames
    if fitting < into.length_frames:
        raise InputError(
            f"a transition of {into.length_frames} frames does not fit between the clips around it: "
            f"give at most {fitting} frames"
        )
    return changed


def _change_duration(timeline: Timeline, edit: ChangeDuration) -> Timeline:
    index, clips = _place_of(timeline, edit.clip), list(timeline.clips)
    clip = clips[index]
    more = edit.length_frames - clip.length_frames
    if edit.mode == "ripple":
        clips[index] = _lasting(clip, edit.length_frames)
        if more < 0:
            timeline = take_out(timeline, clip.end_frame + more, clip.end_frame)
        elif more > 0:
            timeline = open_room(timeline, clip.end_frame, more)
        return _tiled(timeline, clips)
    if len(clips) == 1:
        raise InputError(f"{edit.clip!r} is the film's only clip: give the mode 'ripple' to change the film's length")
    neighbour = index + 1 if index + 1 < len(clips) else index - 1
    clips[index], clips[neighbour] = _lasting(clip, edit.length_frames), _shorter(clips[neighbour], more)
    return _tiled(timeline, clips)


def _move_clip(timeline: Timeline, edit: MoveClip) -> Timeline:
    index, clips = _place_of(timeline, edit.clip), list(timeline.clips)
    _check_place(edit.to, len(clips) - 1)
    clips.insert(edit.to, clips.pop(index))
    return _tiled(timeline, clips)


def _remove_clip(timeline: Timeline, edit: RemoveClip) -> Timeline:
    index, clips = _place_of(timeline, edit.clip), list(timeline.clips)
    if len(clips) == 1:
        raise InputError(f"{edit.clip!r} is the film's only clip, and a film needs one: replace its picture instead")
    gone = clips.pop(index)
    if edit.mode == "ripple":
        return _tiled(take_out(timeline, gone.start_frame, gone.end_frame), clips)
    heir = max(0, index - 1)
    clips[heir] = _lasting(clips[heir], clips[heir].length_frames + gone.length_frames)
    return _tiled(timeline, clips)


def _insert_clip(timeline: Timeline, edit: InsertClip) -> Timeline:
    clips = list(timeline.clips)
    _check_place(edit.at, len(clips))
    _check_kind(edit.asset, ("image", "video"))
    if any(clip.id == edit.id for clip in clips):
        raise InputError(f"the film has a clip called {edit.id!r} already: give another id")
    start = clips[edit.at].start_frame if edit.at < len(clips) else timeline.length_frames
    if edit.mode == "ripple":
        timeline = open_room(timeline, start, edit.length_frames)
    else:
        giver = min(edit.at, len(clips) - 1)
        clips[giver] = _shorter(clips[giver], edit.length_frames)
    new = Clip(
        id=edit.id,
        asset=edit.asset,
        start_frame=start,
        length_frames=edit.length_frames,
        motion=edit.motion,
        into=edit.into,
    )
    clips.insert(edit.at, new)
    return _tiled(timeline, clips)


def _check_place(place: int, last: int) -> None:
    if place > last:
        raise InputError(f"there is no place {place}: the last one is {last}")


def _lasting(clip: Clip, length_frames: int) -> Clip:
    return clip.model_copy(update={"length_frames": length_frames})


def _shorter(clip: Clip, frames: int) -> Clip:
    if frames >= clip.length_frames:
        raise InputError(
            f"its neighbour {clip.id!r} has {clip.length_frames} frames and cannot give {frames}: "
            "take fewer, or give the mode 'ripple'"
        )
    return _lasting(clip, clip.length_frames - frames)


def _tiled(timeline: Timeline, clips: Sequence[Clip]) -> Timeline:
    """The timeline with these clips one after another, their transitions made to fit."""
    ends = list(accumulate(clip.length_frames for clip in clips))
    placed = [
        clip.model_copy(update={"start_frame": end - clip.length_frames})
        for clip, end in zip(clips, ends, strict=True)
    ]  # fmt: skip
    return fitted(timeline.model_copy(update={"clips": tuple(placed), "length_frames": ends[-1]}))[0]


# ------------------------------------------------------------------------------------------------------------ captions


def _change_caption(timeline: Timeline, edit: ChangeCaption) -> Timeline:
    if edit.cue >= len(timeline.cues):
        raise InputError(f"there is no caption {edit.cue}: the film has {len(timeline.cues)}, counted from 0")
    cue = timeline.cues[edit.cue]
    lines = [line.split() for line in edit.text.splitlines() if line.split()]
    if len(lines) > 2:
        raise InputError(f"a caption has at most two lines, not {len(lines)}")
    words = [word for line in lines for word in line]
    if len(lines) == 1:
        lines = _broken(words, cue, timeline)
    timed = iter(_timed(words, cue))
    changed = (
        (cue.model_copy(update={"lines": tuple(tuple(next(timed) for _ in line) for line in lines)}),) if words else ()
    )
    edited = (*timeline.cues[: edit.cue], *changed, *timeline.cues[edit.cue + 1 :])
    return timeline.model_copy(update={"cues": edited})


def _change_caption_style(timeline: Timeline, edit: ChangeCaptionStyle) -> Timeline:
    changes: dict[str, object] = {}
    if edit.platform is not None:
        margins(edit.platform, timeline.width_px, timeline.height_px)
        changes["platform"] = edit.platform
    if edit.captions is not None:
        changes |= {"captions": edit.captions, "caption_style": None}
        if edit.captions != "none":
            rate, size = timeline.rate, (timeline.width_px, timeline.height_px)
            words = [
                SpokenWord(
                    text=word.text, start_s=rate.seconds(word.start_frame), end_s=rate.seconds(word.end_frame)
                )
                for cue in timeline.cues
                for line in cue.lines
                for word in line
            ]  # fmt: skip
            changes["cues"] = cues(words, rate, edit.captions, timeline.language, size)
    if edit.style is not None:
        changes["caption_style"] = edit.style
    return timeline.model_copy(update=changes)


def _add_label(timeline: Timeline, edit: AddLabel) -> Timeline:
    end = edit.label.start_frame + edit.label.length_frames
    if end > timeline.length_frames:
        raise InputError(f"the label ends on frame {end} and the film on {timeline.length_frames}: let it end sooner")
    return timeline.model_copy(update={"labels": (*timeline.labels, edit.label)})


def _remove_label(timeline: Timeline, edit: RemoveLabel) -> Timeline:
    if edit.label >= len(timeline.labels):
        raise InputError(f"there is no label {edit.label}: the film has {len(timeline.labels)}, counted from 0")
    labels = (*timeline.labels[: edit.label], *timeline.labels[edit.label + 1 :])
    return timeline.model_copy(update={"labels": labels})


def _broken(words: list[str], cue: Cue, timeline: Timeline) -> list[list[str]]:
    """Words as lines: as they were if their number is the same, else in halves if they are too many for one line."""
    if len(words) == sum(map(len, cue.lines)):
        ends = list(accumulate(len(line) for line in cue.lines))
        return [words[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    norm = NORMS.get(timeline.captions)
    total = len(" ".join(words))
    if norm is None or norm.lines < 2 or total <= norm.columns[shape_of(timeline.width_px, timeline.height_px)]:
        return [words]
    # The upper line is the shorter one where they differ, as subtitlers prefer.
    split = min(range(1, len(words) + 1), key=lambda count: abs(2 * len(" ".join(words[:count])) - total + 1))
    return [line for line in (words[:split], words[split:]) if line]


def _timed(words: Sequence[str], cue: Cue) -> list[CueWord]:
    """New words with times: those that stay keep theirs, runs of others share out the time of what they replace."""
    old = [word for line in cue.lines for word in line]
    if not old:
        return _shared(words, cue.start_frame, cue.end_frame)
    timed: list[CueWord] = []
    matcher = SequenceMatcher(None, [word.text for word in old], words, autojunk=False)
    for kind, first, after, new_first, new_after in matcher.get_opcodes():
        new = list(words[new_first:new_after])
        if kind == "equal":
            timed += old[first:after]
        elif kind == "replace":
            timed += _shared(new, old[first].start_frame, old[after - 1].end_frame)
        elif kind == "insert" and timed:
            # What is put in shares the time of the word before it.
            before = timed.pop()
            timed += _shared([before.text, *new], before.start_frame, before.end_frame)
        elif kind == "insert":
            timed += _shared(new, cue.start_frame, old[0].start_frame)
    return timed


def _shared(words: Sequence[str], start: int, end: int) -> list[CueWord]:
    """Words one after another from `start` to `end`, each as long as its letters ask."""
    ends = list(accumulate(len(word) + 1 for word in words))
    at = [start + (end - start) * letters // (ends[-1] if ends else 1) for letters in (0, *ends)]
    return [
        CueWord(text=word, start_frame=first, end_frame=after)
        for word, first, after in zip(words, at, at[1:], strict=False)
    ]


# -------------------------------------------------------------------------------------------------------------- sounds


def _change_gain(timeline: Timeline, edit: ChangeGain) -> Timeline:
    sounds = list(timeline.sounds)
    if edit.sound >= len(sounds):
        raise InputError(f"there is no sound {edit.sound}: the film has {len(sounds)}, counted from 0")
    if sounds[edit.sound].untouched:
        raise InputError("the recording goes into the film untouched, so its gain cannot be changed")
    sounds[edit.sound] = sounds[edit.sound].model_copy(update={"gain_db": edit.gain_db})
    return timeline.model_copy(update={"sounds": tuple(sounds)})


def _replace_music(timeline: Timeline, edit: ReplaceMusic) -> Timeline:
    _check_kind(edit.asset, ("audio", "video"))
    old = [sound for sound in timeline.sounds if sound.track == "music"]
    others = tuple(sound for sound in timeline.sounds if sound.track != "music")
    if edit.asset is None:
        return timeline.model_copy(update={"sounds": others})
    first = min(old, key=lambda sound: sound.start_frame, default=None)
    last = max(old, key=lambda sound: sound.start_frame + sound.length_frames, default=None)
    start = first.start_frame if first else 0
    length = (last.start_frame + last.length_frames if last else timeline.length_frames) - start
    gain_db = edit.gain_db if edit.gain_db is not None else first.gain_db if first else 0.0
    music = Sound(
        asset=edit.asset,
        track="music",
        start_frame=start,
        length_frames=length,
        gain_db=gain_db,
        fade_in_s=first.fade_in_s if first else MUSIC_FADE_IN_S,
        fade_out_s=last.fade_out_s if last else MUSIC_FADE_OUT_S,
        ducked=any(sound.ducked for sound in old) if old else True,
        looped=edit.asset.duration_s < timeline.rate.seconds(length),
    )
    place = next((index for index, sound in enumerate(timeline.sounds) if sound.track == "music"), len(others))
    return timeline.model_copy(update={"sounds": (*others[:place], music, *others[place:])})
