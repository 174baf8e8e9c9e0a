"""A stretch of a film has all that the film has there, at the same moments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.timeline.excerpt import excerpt
from storyreel.timeline.model import Card, Clip, Cue, CueWord, Motion, Rect, Sound, Timeline, Transition

BLOB = Blob(sha256="0" * 64, suffix=".png", size_bytes=1)
PICTURE = Asset(kind="image", blob=BLOB, width_px=160, height_px=90, provenance=Provenance(provider="test"))
VIDEO = PICTURE.model_copy(update={"kind": "video", "duration_s": 60.0})
VOICE = Asset(kind="audio", blob=BLOB, duration_s=10.0, provenance=Provenance(provider="test"))


def film() -> Timeline:
    clips = (
        Clip(id="a", asset=PICTURE, start_frame=0, length_frames=40, motion=Motion(end=Rect(height=0.5))),
        Clip(id="b", asset=VIDEO, start_frame=40, length_frames=40, source_start_s=3.0, speed=2.0,
             into=Transition(kind="dissolve", length_frames=6)),
        Clip(id="c", asset=PICTURE, start_frame=80, length_frames=40),
    )  # fmt: skip
    words = tuple(CueWord(text=f"w{n}", start_frame=10 * n + 2, end_frame=10 * n + 8) for n in range(12))
    cues = tuple(Cue(start_frame=20 * n + 2, length_frames=18, lines=(words[2 * n : 2 * n + 2],)) for n in range(6))
    sounds = (
        Sound(asset=VOICE, track="narration", start_frame=20, length_frames=100, fade_in_s=0.1, untouched=True),
        Sound(asset=VOICE, track="music", start_frame=0, length_frames=120, looped=True, source_start_s=1.0),
    )
    return Timeline(
        title="Film", rate=Rate(num=10), width_px=64, height_px=36, length_frames=120, clips=clips, cues=cues,
        cards=(Card(start_frame=0, length_frames=20, title="Film"),), sounds=sounds,
        voice_windows=((2, 58), (62, 118)), fade_in_frames=5, fade_out_frames=5,
    )  # fmt: skip


def told(timeline: Timeline, shift: int = 0) -> list[tuple[str, int, int]]:
    return [
        (word.text, word.start_frame + shift, word.end_frame + shift)
        for cue in timeline.cues
        for line in cue.lines
        for word in line
    ]


@given(st.integers(0, 119), st.integers(1, 120))
def test_clips_tile_it_and_words_that_lie_inside_keep_their_moments(first: int, length: int) -> None:
    after = min(first + length, 120)
    short = excerpt(film(), first, after)
    assert short.length_frames == after - first
    at = 0
    for clip in short.clips:
        assert clip.start_frame == at
        at = clip.end_frame
    assert at == short.length_frames
    whole = told(film())
    inside = [word for word in whole if first <= word[1] and word[2] <= after]
    assert [word for word in told(short, first) if word in whole] == inside
    assert all(0 <= start < end <= short.length_frames for start, end in short.voice_windows)


def test_a_video_and_a_voice_are_entered_where_the_film_plays_them() -> None:
    short = excerpt(film(), 50, 110)
    assert (short.clips[0].id, short.clips[0].source_start_s) == ("b", 3.0 + 1.0 * 2.0)
    assert short.clips[0].into == Transition()
    voice, music = short.sounds
    assert (voice.start_frame, voice.length_frames, voice.source_start_s) == (0, 60, 3.0)
    assert not voice.untouched
    assert music.source_start_s == 6.0
    assert short.cards == ()
    assert (short.fade_in_frames, short.fade_out_frames) == (0, 0)


def test_a_camera_move_that_is_cut_goes_on_from_where_it_was() -> None:
    short = excerpt(film(), 13, 40)
    assert short.clips[0].motion.start.height == pytest.approx(1 - 0.5 * 13 / 39)
    assert short.clips[0].motion.end.height == pytest.approx(0.5)


def test_frames_that_the_film_has_not_are_refused() -> None:
    with pytest.raises(InputError, match="a film of 120"):
        excerpt(film(), 100, 121)
