"""Edits of sounds, applied. See `storyreel.timeline.edit`."""

from __future__ import annotations

from storyreel.errors import InputError
from storyreel.timeline.edit_clips import check_kind
from storyreel.timeline.edit_kinds import ChangeGain, ReplaceMusic
from storyreel.timeline.model import Sound, Timeline

MUSIC_FADE_IN_S, MUSIC_FADE_OUT_S = 1.0, 3.0


def change_gain(timeline: Timeline, edit: ChangeGain) -> Timeline:
    """Make a `ChangeGain`."""
    sounds = list(timeline.sounds)
    if edit.sound >= len(sounds):
        raise InputError(f"there is no sound {edit.sound}: the film has {len(sounds)}, counted from 0")
    if sounds[edit.sound].untouched:
        raise InputError("the recording goes into the film untouched, so its gain cannot be changed")
    sounds[edit.sound] = sounds[edit.sound].model_copy(update={"gain_db": edit.gain_db})
    return timeline.model_copy(update={"sounds": tuple(sounds)})


def replace_music(timeline: Timeline, edit: ReplaceMusic) -> Timeline:
    """Make a `ReplaceMusic`."""
    check_kind(edit.asset, ("audio", "video"))
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
