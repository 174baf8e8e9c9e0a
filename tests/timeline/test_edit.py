"""Edits: whatever is changed, pictures tile the film, captions keep their order, and the voice stays unless asked."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.render.chunks import check_tiling
from storyreel.timeline.caption_style import CaptionStyle
from storyreel.timeline.captions import NORMS
from storyreel.timeline.edit import (
    EDITS,
    AddLabel,
    ChangeCaption,
    ChangeCaptionStyle,
    ChangeDuration,
    ChangeGain,
    ChangeMotion,
    ChangeTransition,
    InsertClip,
    MergeCaptions,
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
    apply,
)
from storyreel.timeline.model import (
    Card,
    Clip,
    Cue,
    CueWord,
    Label,
    Motion,
    Rect,
    Sound,
    Timeline,
    Transition,
)

RATE = Rate(num=10)


def asset(number, kind="image", duration_s=0.0):
    blob = Blob(sha256=f"{number:064x}", suffix=".png" if kind == "image" else ".flac", size_bytes=1)
    return Asset(kind=kind, blob=blob, duration_s=duration_s, provenance=Provenance(provider="test"))


def cue(start, *words, line=99):
    """A caption whose words last 5 frames each."""
    timed = [CueWord(text=w, start_frame=start + 5 * k, end_frame=start + 5 * k + 5) for k, w in enumerate(words)]
    lines = tuple(tuple(part) for part in (timed[:line], timed[line:]) if part)
    return Cue(start_frame=start, length_frames=5 * len(words), lines=lines)


def film(lengths=(30, 30, 30, 30), **more):
    ends = [sum(lengths[: k + 1]) for k in range(len(lengths))]
    clips = tuple(
        Clip(id=f"s{k}", asset=asset(k), start_frame=end - length, length_frames=length)
        for k, (length, end) in enumerate(zip(lengths, ends, strict=True))
    )
    return Timeline(title="t", rate=RATE, width_px=128, height_px=72, length_frames=ends[-1], clips=clips, **more)


VOICE = Sound(asset=asset(90, "audio", 8.0), track="narration", start_frame=20, length_frames=80)
MUSIC = Sound(asset=asset(91, "audio", 20.0), track="music", start_frame=0, length_frames=120, ducked=True, gain_db=-8)


def spoken():
    """A film with all that a ripple has to carry along."""
    return film(
        cues=(cue(20, "one", "two", "three"), cue(40, "four", "five", "six", "seven"), cue(70, "eight", "nine")),
        cards=(Card(start_frame=0, length_frames=15, title="A"), Card(start_frame=85, length_frames=20, title="B")),
        labels=(Label(start_frame=50, length_frames=30, text="L"),),
        sounds=(VOICE, MUSIC),
        voice_windows=((20, 35), (40, 60), (70, 80)),
    )


# ------------------------------------------------------------------------------------------------------ whatever comes


@st.composite
def timelines(draw):
    lengths = draw(st.lists(st.integers(1, 40), min_size=1, max_size=5))
    made = film(tuple(lengths))
    clips = list(made.clips)
    for index in range(1, len(clips)):
        room = min(clips[index - 1].length_frames, clips[index].length_frames) // 2
        length = draw(st.integers(0, room))
        kind = "dissolve" if length else "cut"
        clips[index] = clips[index].model_copy(update={"into": Transition(kind=kind, length_frames=length)})
    total, at, cues, windows = made.length_frames, 0, [], []
    while at < total - 3 and draw(st.booleans()):
        start = draw(st.integers(at, total - 2))
        end = draw(st.integers(start + 1, total))
        marks = sorted(draw(st.lists(st.integers(start, end), min_size=2, max_size=8)))
        words = tuple(CueWord(text=f"w{a}", start_frame=a, end_frame=b) for a, b in pairwise(marks))
        cut = draw(st.integers(1, len(words)))
        lines = (words[:cut], words[cut:]) if cut < len(words) else (words,)
        cues.append(Cue(start_frame=start, length_frames=end - start, lines=lines))
        windows.append((start, end))
        at = end
    sounds = []
    for number in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, total - 1))
        length = draw(st.integers(1, total - start))
        track = draw(st.sampled_from(["narration", "music", "effects"]))
        sounds.append(Sound(asset=asset(80 + number, "audio", 3.0), track=track, start_frame=start,
                            length_frames=length))  # fmt: skip
    return made.model_copy(
        update={
            "clips": tuple(clips),
            "cues": tuple(cues),
            "sounds": tuple(sounds),
            "voice_windows": tuple(windows),
            "cards": (Card(start_frame=0, length_frames=draw(st.integers(1, total)), title="Card"),),
        }
    )


def said_anew(cue, captions, words, sound_s):
    """An edit that gives words so many seconds of a sound."""
    step_s = sound_s / max(words, 1)
    times = tuple((step_s * k, step_s * (k + 1)) for k in range(words))
    return ReplaceVoice(cue=cue, captions=captions, asset=asset(5, "audio", sound_s), words=times)


CLIPS = st.sampled_from([f"s{k}" for k in range(5)] + ["new0", "new1"])
MODES = st.sampled_from(["roll", "ripple"])
LENGTHS = st.integers(1, 60)
TRANSITIONS = st.builds(
    Transition, kind=st.sampled_from(["cut", "dissolve", "wipe"]), length_frames=st.integers(0, 30)
)  # fmt: skip
ANY_EDIT = st.one_of(
    st.builds(ChangeCaption, cue=st.integers(0, 4), text=st.text("ab \n", max_size=60)),
    st.builds(ReplacePicture, clip=CLIPS, asset=st.sampled_from([None, asset(7)])),
    st.builds(ChangeDuration, clip=CLIPS, length_frames=LENGTHS, mode=MODES),
    st.builds(MoveClip, clip=CLIPS, to=st.integers(0, 6)),
    st.builds(ChangeTransition, clip=CLIPS, into=TRANSITIONS),
    st.builds(ChangeMotion, clip=CLIPS, motion=st.just(Motion(end=Rect(height=0.5)))),
    st.builds(ChangeGain, sound=st.integers(0, 3), gain_db=st.floats(-60, 24)),
    st.builds(ReplaceMusic, asset=st.sampled_from([None, asset(6, "audio", 2.0)])),
    st.builds(said_anew, st.integers(0, 4), st.integers(1, 3), st.integers(1, 7), st.floats(0.05, 8)),
    st.builds(RemoveClip, clip=CLIPS, mode=MODES),
    st.builds(InsertClip, at=st.integers(0, 5), id=st.sampled_from(["new0", "new1"]), asset=st.just(None),
              length_frames=LENGTHS, into=TRANSITIONS, mode=MODES),
    st.builds(SplitClip, clip=CLIPS, at_frame=st.integers(1, 150), id=st.sampled_from(["new0", "new1"])),
    st.builds(RetimeCaption, cue=st.integers(0, 4), start_frame=st.integers(0, 120), length_frames=LENGTHS),
    st.builds(RetimeWord, cue=st.integers(0, 4), word=st.integers(0, 5), start_frame=st.integers(0, 150),
              end_frame=st.integers(0, 150)),
    st.builds(SplitCaption, cue=st.integers(0, 4), word=st.integers(1, 5)),
    st.builds(MergeCaptions, cue=st.integers(0, 4)),
)  # fmt: skip


def check_whole(timeline):
    check_tiling(timeline)
    assert len({clip.id for clip in timeline.clips}) == len(timeline.clips)
    at = 0
    for shown in timeline.cues:
        assert shown.start_frame >= at
        at = shown.end_frame
        words = [word for line in shown.lines for word in line]
        assert words
        assert all(line for line in shown.lines)
        marks = [shown.start_frame, *(m for w in words for m in (w.start_frame, w.end_frame)), shown.end_frame]
        assert marks == sorted(marks), shown
    assert at <= timeline.length_frames
    windows = [mark for window in timeline.voice_windows for mark in window]
    assert windows == sorted(windows)
    for sound in timeline.sounds:
        assert 0 <= sound.start_frame < sound.start_frame + sound.length_frames <= timeline.length_frames
        assert sound.source_start_s >= 0


def applied_one_by_one(timeline, edits):
    """What comes of the edits that fit, and which those were."""
    made = []
    for edit in edits:
        try:
            timeline = apply(timeline, [edit])
        except InputError:
            continue
        made.append(edit)
        check_whole(timeline)
    return timeline, made


@settings(max_examples=80, deadline=None)
@given(timelines(), st.lists(ANY_EDIT, max_size=8))
def test_whatever_is_edited_pictures_tile_and_captions_keep_their_order(timeline, edits):
    check_whole(timeline)
    edited, made = applied_one_by_one(timeline, edits)
    assert apply(timeline, made) == edited
    assert apply(timeline, EDITS.validate_json(EDITS.dump_json(tuple(made)))) == edited


@settings(max_examples=50, deadline=None)
@given(timelines(), st.lists(ANY_EDIT, max_size=6))
def test_no_edit_of_pictures_moves_what_is_heard_unless_it_says_ripple(timeline, edits):
    captions = ("change_caption", "retime_caption", "retime_word", "split_caption", "merge_captions")
    words_and_sounds = (*captions, "change_gain", "replace_music", "replace_voice")
    rolling = [e for e in edits if getattr(e, "mode", "roll") == "roll" and e.kind not in words_and_sounds]
    edited, _ = applied_one_by_one(timeline, rolling)
    for field in ("sounds", "voice_windows", "cues", "cards", "labels", "length_frames"):
        assert getattr(edited, field) == getattr(timeline, field)


@settings(max_examples=50, deadline=None)
@given(timelines(), st.integers(0, 4), st.integers(1, 60))
def test_a_ripple_longer_and_back_moves_everything_home(timeline, index, more):
    clip = timeline.clips[min(index, len(timeline.clips) - 1)]
    there = ChangeDuration(clip=clip.id, length_frames=clip.length_frames + more, mode="ripple")
    back = ChangeDuration(clip=clip.id, length_frames=clip.length_frames, mode="ripple")
    home = apply(timeline, [there, back])
    assert home.clips == timeline.clips
    assert home.length_frames == timeline.length_frames
    for before in (cue for cue in timeline.cues if not cue.start_frame < clip.end_frame < cue.end_frame):
        assert before in home.cues


# ------------------------------------------------------------------------------------------------------------ captions


def timed(shown):
    return [(word.text, word.start_frame, word.end_frame) for line in shown.lines for word in line]


def test_a_changed_word_takes_the_time_of_the_word_it_replaces():
    changed = apply(spoken(), [ChangeCaption(cue=0, text="one 2 three")]).cues[0]
    assert timed(changed) == [("one", 20, 25), ("2", 25, 30), ("three", 30, 35)]


def test_words_put_in_share_the_time_of_the_word_before():
    changed = apply(spoken(), [ChangeCaption(cue=0, text="one two and three")]).cues[0]
    assert timed(changed) == [("one", 20, 25), ("two", 25, 27), ("and", 27, 30), ("three", 30, 35)]


def test_words_taken_out_leave_the_others_where_they_are_spoken():
    assert timed(apply(spoken(), [ChangeCaption(cue=0, text="three")]).cues[0]) == [("three", 30, 35)]


def test_lines_are_broken_as_asked_or_as_they_were():
    two = film(cues=(cue(20, "one", "two", "three", line=1),))
    assert apply(two, [ChangeCaption(cue=0, text="uno due tre")]).cues[0].text == "uno\ndue tre"
    assert apply(two, [ChangeCaption(cue=0, text="uno due\ntre")]).cues[0].text == "uno due\ntre"
    long = "a caption that is much too long to stand on one line of the frame"
    assert len(apply(two, [ChangeCaption(cue=0, text=long)]).cues[0].lines) == 2


def test_a_caption_without_words_goes():
    assert apply(spoken(), [ChangeCaption(cue=1, text=" \n")]).cues == (spoken().cues[0], spoken().cues[2])


# ------------------------------------------------------------------------------------------------------------ pictures


def spans(timeline):
    return [(clip.id, clip.start_frame, clip.length_frames) for clip in timeline.clips]


def test_another_picture_changes_nothing_but_the_picture():
    changed = apply(spoken(), [ReplacePicture(clip="s1", asset=asset(50))])
    assert changed.clips[1] == spoken().clips[1].model_copy(update={"asset": asset(50)})
    assert changed.model_copy(update={"clips": spoken().clips}) == spoken()


def test_rolling_a_clip_takes_time_from_the_next_and_for_the_last_from_the_one_before():
    longer = apply(spoken(), [ChangeDuration(clip="s1", length_frames=40)])
    assert spans(longer) == [("s0", 0, 30), ("s1", 30, 40), ("s2", 70, 20), ("s3", 90, 30)]
    last = apply(spoken(), [ChangeDuration(clip="s3", length_frames=40)])
    assert spans(last) == [("s0", 0, 30), ("s1", 30, 30), ("s2", 60, 20), ("s3", 80, 40)]


def test_a_moved_clip_stands_where_it_was_asked_to():
    moved = apply(spoken(), [MoveClip(clip="s0", to=2)])
    assert [clip.id for clip in moved.clips] == ["s1", "s2", "s0", "s3"]
    assert moved.sounds == spoken().sounds


def test_a_removed_clips_time_goes_to_the_one_before_and_for_the_first_to_the_next():
    assert spans(apply(spoken(), [RemoveClip(clip="s1")])) == [("s0", 0, 60), ("s2", 60, 30), ("s3", 90, 30)]
    assert spans(apply(spoken(), [RemoveClip(clip="s0")]))[0] == ("s1", 0, 60)


def test_an_inserted_clip_takes_its_time_from_the_one_whose_place_it_takes():
    new = InsertClip(at=1, id="x", asset=asset(3), length_frames=10)
    assert spans(apply(spoken(), [new]))[:3] == [("s0", 0, 30), ("x", 30, 10), ("s1", 40, 20)]
    at_end = apply(spoken(), [new.model_copy(update={"at": 4})])
    assert spans(at_end)[3:] == [("s3", 90, 20), ("x", 110, 10)]


def test_transitions_that_no_longer_fit_become_shorter():
    into = Transition(kind="dissolve", length_frames=20)
    timeline = apply(film(), [ChangeTransition(clip="s1", into=into), ChangeTransition(clip="s2", into=into)])
    short = apply(timeline, [ChangeDuration(clip="s1", length_frames=8)])
    assert [clip.into.length_frames for clip in short.clips] == [0, 8, 9, 0]  # 4 frames of the clip each
    check_tiling(short)


# -------------------------------------------------------------------------------------------------------------- ripple


def test_a_longer_clip_carries_along_all_that_follows_it():
    """s0 ends on frame 30, inside the first caption and the voice; it becomes 10 frames longer."""
    longer = apply(spoken(), [ChangeDuration(clip="s0", length_frames=40, mode="ripple")])
    assert longer.length_frames == 130
    assert spans(longer)[1] == ("s1", 40, 30)
    assert [timed(shown) for shown in longer.cues[:2]] == [[("one", 20, 25), ("two", 25, 30)], [("three", 40, 45)]]
    assert timed(longer.cues[2])[0] == ("four", 50, 55)
    assert [(card.start_frame, card.length_frames) for card in longer.cards] == [(0, 15), (95, 20)]
    assert (longer.labels[0].start_frame, longer.labels[0].length_frames) == (60, 30)
    assert longer.voice_windows == ((20, 30), (40, 45), (50, 70), (80, 90))
    first, second, music = longer.sounds
    assert (first.start_frame, first.length_frames, first.source_start_s) == (20, 10, 0.0)
    assert (second.start_frame, second.length_frames, second.source_start_s) == (40, 70, 1.0)
    assert (first.fade_out_s, second.fade_in_s) == (0.02, 0.02)
    assert (music.start_frame, music.length_frames, music.source_start_s) == (0, 130, 0.0)


def test_a_clip_taken_out_takes_its_words_and_sound_along():
    """s1 lies on frames 30 to 60: the end of the first caption and nearly all of the second one go."""
    shorter = apply(spoken(), [RemoveClip(clip="s1", mode="ripple")])
    assert shorter.length_frames == 90
    assert [timed(shown) for shown in shorter.cues] == [
        [("one", 20, 25), ("two", 25, 30)],
        [("eight", 40, 45), ("nine", 45, 50)],
    ]
    assert (shorter.labels[0].start_frame, shorter.labels[0].length_frames) == (30, 20)
    assert shorter.voice_windows == ((20, 30), (40, 50))
    voice = shorter.sounds[:-1]
    assert [(s.start_frame, s.length_frames, s.source_start_s) for s in voice] == [(20, 10, 0.0), (30, 40, 4.0)]
    assert shorter.sounds[-1].length_frames == 90


def test_music_that_ends_before_the_longer_film_does_keeps_its_fade():
    music = MUSIC.model_copy(update={"asset": asset(91, "audio", 12.5), "fade_out_s": 2.0})
    longer = apply(film(sounds=(music,)), [ChangeDuration(clip="s0", length_frames=60, mode="ripple")])
    assert longer.sounds[0].length_frames == 125


def test_an_untouched_recording_stays_untouched():
    recording = VOICE.model_copy(update={"track": "recording", "untouched": True})
    timeline = film(sounds=(recording,))
    for edit in (ChangeDuration(clip="s1", length_frames=10, mode="ripple"), ChangeGain(sound=0, gain_db=3)):
        with pytest.raises(InputError, match="untouched"):
            apply(timeline, [edit])
    assert apply(timeline, [ChangeDuration(clip="s1", length_frames=10)]).sounds == timeline.sounds


# -------------------------------------------------------------------------------------------------------------- sounds


def test_new_music_plays_where_the_old_did_under_the_same_rules():
    changed = apply(spoken(), [ReplaceMusic(asset=asset(5, "audio", 4.0))])
    voice, music = changed.sounds
    assert voice == VOICE
    assert (music.start_frame, music.length_frames, music.gain_db, music.ducked, music.looped) == (
        0,
        120,
        -8,
        True,
        True,
    )
    assert apply(spoken(), [ReplaceMusic(asset=None)]).sounds == (VOICE,)
    added = apply(film(), [ReplaceMusic(asset=asset(5, "audio", 40.0))]).sounds[0]
    assert (added.length_frames, added.looped, added.ducked) == (120, False, True)


# ------------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (ReplacePicture(clip="s9", asset=None), "no clip is called 's9'"),
        (ReplacePicture(clip="s1", asset=asset(1, "audio")), "image or video"),
        (ChangeCaption(cue=3, text="x"), "the film has 3"),
        (ChangeCaption(cue=0, text="a\nb\nc"), "at most two lines"),
        (ChangeDuration(clip="s1", length_frames=60), "'s2' has 30 frames and cannot give 30"),
        (MoveClip(clip="s1", to=4), "the last one is 3"),
        (ChangeTransition(clip="s0", into=Transition(kind="dissolve", length_frames=4)), "first clip"),
        (ChangeTransition(clip="s1", into=Transition(kind="dissolve", length_frames=99)), "at most 60 frames"),
        (ChangeGain(sound=2, gain_db=0), "the film has 2"),
        (ReplaceMusic(asset=asset(1)), "audio or video"),
        (ChangeCaptionStyle(captions="loud"), "no caption preset 'loud'"),
        (ChangeCaptionStyle(platform="cave"), "the platform 'cave'"),
        (AddLabel(label=Label(start_frame=110, length_frames=30, text="x")), "ends on frame 140 and the film on 120"),
        (RemoveLabel(label=1), "the film has 1"),
        (InsertClip(at=1, id="s2", asset=None, length_frames=3), "another id"),
        (InsertClip(at=5, id="x", asset=None, length_frames=3), "the last one is 4"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_by_number_and_kind(edit, says):
    with pytest.raises(InputError, match=rf"edit 2 \({edit.kind}\) cannot be made: .*{says}"):
        apply(spoken(), [ChangeMotion(clip="s0", motion=Motion()), edit])


def words_of(timeline):
    return [word.text for cue in timeline.cues for line in cue.lines for word in line]


@pytest.mark.parametrize("preset", sorted(NORMS))
def test_another_preset_groups_the_same_words_anew_at_the_same_times(preset):
    before = spoken()
    after = apply(before, [ChangeCaptionStyle(captions=preset)])
    assert words_of(after) == words_of(before)
    assert [word.start_frame for cue in after.cues for line in cue.lines for word in line] == [
        word.start_frame for cue in before.cues for line in cue.lines for word in line
    ]
    assert apply(after, [ChangeCaptionStyle(captions=preset)]) == after
    assert after.captions == preset
    assert (after.clips, after.sounds) == (before.clips, before.sounds)


def test_hidden_captions_come_back():
    hidden = apply(spoken(), [ChangeCaptionStyle(captions="none")])
    assert hidden.captions == "none"
    assert words_of(apply(hidden, [ChangeCaptionStyle(captions="cinema")])) == words_of(spoken())


def test_a_look_of_ones_own_stays_until_a_preset_is_chosen():
    style = CaptionStyle(size=0.1, current="#00FF00")
    styled = apply(spoken(), [ChangeCaptionStyle(style=style)])
    assert styled.caption_style == style
    assert styled.cues == spoken().cues
    assert apply(styled, [ChangeCaptionStyle(platform="tiktok")]).caption_style == style
    assert apply(styled, [ChangeCaptionStyle(captions="pop")]).caption_style is None


def test_labels_come_and_go_without_touching_anything_else():
    label = Label(start_frame=3, length_frames=9, text="Dover, 1911", preset="corner")
    added = apply(spoken(), [AddLabel(label=label)])
    assert added == spoken().model_copy(update={"labels": (*spoken().labels, label)})
    assert apply(added, [RemoveLabel(label=1)]) == spoken()


def test_the_only_clip_stays():
    alone = film((30,))
    for edit in (
        RemoveClip(clip="s0"),
        RemoveClip(clip="s0", mode="ripple"),
        ChangeDuration(clip="s0", length_frames=9),
    ):
        with pytest.raises(InputError, match="only clip"):
            apply(alone, [edit])


def test_what_is_no_edit_is_refused():
    for text in ('[{"kind": "explode"}]', '[{"kind": "move_clip", "clip": "s0", "to": 1, "colour": 3}]', "{}"):
        with pytest.raises(ValidationError):
            EDITS.validate_json(text)
