"""A line spoken anew: the old voice is silent there, the film is as long as the new one needs, captions follow it."""

import pytest

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.timeline.anchors import anchored, replayed
from storyreel.timeline.edit import ChangeCaption, ReplaceVoice, SplitCaption, apply
from storyreel.timeline.edit_voice import stretch
from storyreel.timeline.model import Clip, Cue, CueWord, Sound, Timeline

RATE = Rate(num=10)


def sound_asset(name: str, duration_s: float) -> Asset:
    blob = Blob(sha256=name * 64, suffix=".flac", size_bytes=1)
    return Asset(kind="audio", blob=blob, duration_s=duration_s, provenance=Provenance(provider="test"))


VOICE, MUSIC, NEW = sound_asset("1", 9.0), sound_asset("2", 20.0), "3"


def cue(start: int, *words: str, hold: int = 0) -> Cue:
    """A caption whose words last 5 frames each."""
    timed = tuple(CueWord(text=w, start_frame=start + 5 * k, end_frame=start + 5 * k + 5) for k, w in enumerate(words))
    return Cue(start_frame=start, length_frames=5 * len(words) + hold, lines=(timed,))


FILM = Timeline(
    title="t", rate=RATE, width_px=128, height_px=72, length_frames=120,
    clips=tuple(Clip(id=f"s{n}", asset=None, start_frame=40 * n, length_frames=40) for n in range(3)),
    cues=(cue(20, "one", "two"), cue(40, "three", "four", hold=4), cue(60, "five", "six")),
    sounds=(
        Sound(asset=VOICE, track="narration", start_frame=15, length_frames=90, source_start_s=0.5, gain_db=-3),
        Sound(asset=MUSIC, track="music", start_frame=0, length_frames=120, ducked=True),
    ),
    voice_windows=((20, 30), (40, 50), (60, 70)),
)  # fmt: skip


def second(duration_s: float, *words: tuple[float, float]) -> ReplaceVoice:
    return ReplaceVoice(cue=1, captions=1, asset=sound_asset(NEW, duration_s), words=words, gain_db=-6)


def voices(timeline: Timeline) -> list[tuple[str, int, int, float]]:
    return [
        (each.asset.blob.sha256[0], each.start_frame, each.start_frame + each.length_frames, each.source_start_s)
        for each in timeline.sounds
        if each.track != "music"
    ]


def test_the_old_voice_is_cut_around_the_line_and_goes_on_where_it_was():
    assert stretch(FILM, 1, 1) == (38, 52)
    made = apply(FILM, [second(1.4, (0.2, 0.6), (0.7, 1.2))])
    assert voices(made) == [("1", 15, 38, 0.5), ("3", 38, 52, 0.0), ("1", 52, 105, 4.2)]
    assert made.length_frames == 120
    assert [(word.start_frame, word.end_frame) for word in made.cues[1].lines[0]] == [(40, 44), (45, 50)]
    assert made.voice_windows == ((20, 30), (40, 50), (60, 70))


def test_a_longer_line_makes_the_film_longer_there_and_all_that_follows_moves_along():
    made = apply(FILM, [second(3.375, (0.2, 1.6), (1.7, 3.125))])
    assert [(clip.start_frame, clip.length_frames) for clip in made.clips] == [(0, 40), (40, 60), (100, 40)]
    assert made.length_frames == 140
    assert voices(made) == [("1", 15, 38, 0.5), ("3", 38, 72, 0.0), ("1", 72, 125, 4.2)]
    assert [each.start_frame for each in made.cues] == [20, 40, 80]
    assert made.voice_windows == ((20, 30), (40, 70), (80, 90))
    music = made.sounds[-1]
    assert (music.start_frame, music.length_frames) == (0, 140)


def test_a_shorter_line_shortens_the_film_but_leaves_its_picture_to_be_seen():
    made = apply(FILM, [second(0.375, (0.0, 0.2), (0.2, 0.375))])
    assert made.length_frames == 110
    assert [clip.length_frames for clip in made.clips] == [40, 30, 40]
    short = FILM.model_copy(
        update={"clips": (FILM.clips[0], *(Clip(id=f"t{n}", asset=None, start_frame=40 + 8 * n, length_frames=8)
                                           for n in range(10)))}
    )  # fmt: skip
    made = apply(short, [second(0.375, (0.0, 0.2), (0.2, 0.375))])
    assert min(clip.length_frames for clip in made.clips) == 5
    assert made.length_frames == 117


def test_several_captions_are_one_line_and_are_shown_as_it_is_said():
    edit = ReplaceVoice(cue=0, captions=3, asset=sound_asset(NEW, 6.0), words=tuple((n, n + 0.5) for n in range(6)))
    made = apply(FILM, [edit])
    assert [each.text for each in made.cues] == [each.text for each in FILM.cues]
    assert [each.start_frame for each in made.cues] == [18, 38, 58]
    assert len(voices(made)) == 3


def test_it_is_found_again_after_anothers_split_and_left_out_where_the_words_are_others():
    edit = second(1.4, (0.2, 0.6), (0.7, 1.2))
    anchors, after = anchored(FILM, [edit])
    split = apply(FILM, [SplitCaption(cue=0, word=1)])
    assert voices(replayed(split, [edit], anchors)) == voices(after)
    left_out: list[str] = []
    other = apply(FILM, [ChangeCaption(cue=1, text="three four and five")])
    assert replayed(other, [edit], anchors, lambda _, why: left_out.append(why)) == other
    assert "4 words" in left_out[0]


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (second(1.4, (0.2, 0.6)), "2 words"),
        (second(1.4, (0.7, 1.2), (0.2, 0.6)), "one after another"),
        (ReplaceVoice(cue=2, captions=2, asset=VOICE, words=((0, 1),)), "no 2 captions"),
    ],
)
def test_what_does_not_fit_is_refused(edit, says):
    with pytest.raises(InputError, match=says):
        apply(FILM, [edit])


def test_an_untouched_recording_is_not_cut():
    whole = FILM.sounds[0].model_copy(update={"track": "recording", "untouched": True})
    with pytest.raises(InputError, match="untouched"):
        apply(FILM.model_copy(update={"sounds": (whole,)}), [second(1.4, (0.2, 0.6), (0.7, 1.2))])
