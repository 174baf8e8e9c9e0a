"""A recording's timeline: its sound untouched, each picture exactly as long as its segment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.providers.contracts import HeardWord, SpokenWord
from storyreel.settings import Settings
from storyreel.shots.segments import segments
from storyreel.timeline.assemble_audio import assemble_audio
from storyreel.timeline.model import Timeline

SOUND = Asset(
    kind="audio", blob=Blob(sha256="0" * 64, suffix=".wav", size_bytes=1), provenance=Provenance(provider="x")
)


def laid(
    words: list[HeardWord], duration_s: float, rate: Rate, captions: str = "documentary", *, cut: bool = False
) -> tuple[Timeline, list[float]]:
    parts = segments(words, duration_s)
    timeline = assemble_audio(
        title="t",
        recording=SOUND,
        duration_s=duration_s,
        segments=parts,
        pictures={},
        words=[SpokenWord(text=word.text, start_s=word.start_s, end_s=word.end_s) for word in words],
        language="en",
        settings=Settings(rate=rate, captions=captions),
        cut=cut,
    )
    return timeline, [part.start_s for part in parts]


RATES = st.sampled_from([Rate(), Rate(num=24), Rate(num=30000, den=1001)])


@given(st.integers(0, 90), st.floats(0.1, 0.9), st.floats(0.6, 40.0), RATES)
def test_clips_tile_the_recording_and_begin_with_their_segments(
    count: int, pace_s: float, tail_s: float, rate: Rate
) -> None:
    words = [HeardWord(text="word.", start_s=k * pace_s, end_s=(k + 0.8) * pace_s) for k in range(count)]
    duration_s = count * pace_s + tail_s
    timeline, starts_s = laid(words, duration_s, rate)
    assert timeline.length_frames == rate.frames_ceil(round(duration_s, 6))
    at = 0
    for clip, start_s in zip(timeline.clips, starts_s, strict=True):
        assert clip.start_frame == at
        assert abs(rate.seconds(clip.start_frame) - start_s) <= 0.5 / float(rate.fps) + 1e-6
        at = clip.end_frame
    assert at == timeline.length_frames
    assert all(cue.end_frame <= timeline.length_frames for cue in timeline.cues)


def test_the_recording_is_the_only_sound_and_untouched() -> None:
    timeline, _ = laid([], 20.0, Rate())
    (sound,) = timeline.sounds
    assert sound.untouched
    assert sound.track == "recording"
    assert (sound.start_frame, sound.length_frames) == (0, timeline.length_frames)


@pytest.mark.parametrize(("cut", "kinds"), [(True, {"cut"}), (False, {"cut", "dissolve"})])
def test_short_form_films_cut_and_the_others_dissolve(cut: bool, kinds: set[str]) -> None:
    timeline, _ = laid([], 40.0, Rate(), cut=cut)
    assert {clip.into.kind for clip in timeline.clips} == kinds
    assert all(clip.motion.start != clip.motion.end for clip in timeline.clips)


def test_a_film_without_captions_has_none() -> None:
    words = [HeardWord(text="word", start_s=1.0, end_s=2.0)]
    assert laid(words, 6.0, Rate(), "none")[0].cues == ()
    assert laid(words, 6.0, Rate())[0].cues[0].text == "word"
