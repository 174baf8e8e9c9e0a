"""The timeline tiles, keeps its words, and cuts where the voice dips."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.clock import Rate
from storyreel.media.model import Asset, Narration, Provenance
from storyreel.memo.blob import Blob
from storyreel.providers.contracts import SceneDescription, SpokenWord
from storyreel.settings import Settings
from storyreel.shots.model import Scene
from storyreel.story.model import Chapter
from storyreel.timeline.assemble import assemble, lay_out, levelling_db, move, music_length_s
from storyreel.timeline.model import Timeline


def asset(kind: str, number: int, duration_s: float = 0.0) -> Asset:
    blob = Blob(sha256=f"{number:064x}", suffix=".png" if kind == "image" else ".flac", size_bytes=1)
    return Asset(kind=kind, blob=blob, duration_s=duration_s, provenance=Provenance(provider="test"))


def narration(chapter: int, word_lengths_s: list[float], *, spoken: bool = True) -> Narration:
    words, at = [], 0.0
    for number, length_s in enumerate(word_lengths_s):
        words.append(SpokenWord(text=f"word{number}.", start_s=at, end_s=at + length_s * 0.8))
        at += length_s
    audio = asset("audio", 100 + chapter, at) if spoken else None
    return Narration(chapter=chapter, audio=audio, duration_s=at, words=tuple(words))


def scenes_of(narrations: list[Narration], each: int) -> list[Scene]:
    scenes: list[Scene] = []
    for told in narrations:
        count = len(told.words)
        for first in range(0, count, each):
            last = min(first + each, count) - 1
            scenes.append(
                Scene(index=len(scenes) + 1, chapter=told.chapter, first_word=first, last_word=last,
                      description=SceneDescription(subject="a lamp"), prompt="a lamp")
            )  # fmt: skip
    return scenes


def film(
    narrations: list[Narration], each: int, dips_s: list[list[float]] | None = None, **settings: object
) -> Timeline:
    look = Settings.model_validate(settings)
    spans = lay_out(narrations, look)
    music = [
        asset("audio", 200 + n, music_length_s(span, look, last=n == len(spans) - 1)) for n, span in enumerate(spans)
    ]
    scenes = scenes_of(narrations, each)
    return assemble(
        title="A Lamp",
        chapters=[Chapter(number=n.chapter, title=f"Part {n.chapter}", text="x", summary="x") for n in narrations],
        narrations=narrations,
        scenes=scenes,
        pictures={scene.index: asset("image", scene.index) for scene in scenes},
        music=music,
        dips_s=dips_s or [[] for _ in narrations],
        voice_lufs=[-23.0] * len(narrations),
        music_lufs=[None] * len(narrations),
        settings=look,
    )


lengths = st.lists(st.floats(min_value=0.15, max_value=1.2), min_size=1, max_size=120)
rates = st.sampled_from([Rate(num=24), Rate(num=30), Rate(num=30000, den=1001)])


@settings(deadline=None, max_examples=60)
@given(st.lists(lengths, min_size=1, max_size=3), st.integers(5, 60), rates)
def test_pictures_tile_the_film_and_sounds_stay_inside_it(chapters: list[list[float]], each: int, rate: Rate) -> None:
    narrations = [narration(number, words) for number, words in enumerate(chapters, 1)]
    made = film(narrations, each, rate=rate.model_dump())
    assert made.clips[0].start_frame == 0
    for clip, following in zip(made.clips, made.clips[1:], strict=False):
        assert clip.end_frame == following.start_frame
    assert made.clips[-1].end_frame == made.length_frames
    for sound in made.sounds:
        assert sound.start_frame + sound.length_frames <= made.length_frames
        assert rate.seconds(sound.length_frames) <= sound.asset.duration_s + 2 / float(rate.fps)
    starts = [start for start, _ in made.voice_windows]
    assert starts == sorted(starts)
    ids = [clip.id for clip in made.clips]
    assert len(set(ids)) == len(ids)


@settings(deadline=None, max_examples=60)
@given(lengths, st.integers(5, 60))
def test_transitions_never_reach_beyond_their_neighbours(words: list[float], each: int) -> None:
    made = film([narration(1, words)], each)
    for before, clip in zip(made.clips, made.clips[1:], strict=False):
        assert clip.into.length_frames // 2 <= before.length_frames
        assert clip.into.length_frames <= clip.length_frames


def test_a_cut_settles_on_the_dip_between_its_words() -> None:
    told = narration(1, [0.5] * 40)
    pause_s = told.words[19].end_s + 0.02
    made = film([told], 20, [[pause_s]])
    cut = next(clip for clip in made.clips if clip.scene == 2)
    assert cut.start_frame == lay_out([told], Settings())[0].voice_frame + Settings().rate.frames(pause_s)


def test_a_long_scene_is_framed_anew_at_pauses_between_words() -> None:
    told = narration(1, [0.5] * 60)
    made = film([told], 60)
    assert [clip.id for clip in made.clips][:2] == ["s0001", "s0001b"]
    assert all(made.rate.seconds(clip.length_frames) < 16 for clip in made.clips)
    assert len({clip.asset for clip in made.clips}) == 1
    assert made.clips[0].motion != made.clips[1].motion


def test_later_chapters_have_a_card_and_a_pause_before_their_voice() -> None:
    told = [narration(1, [0.4] * 20), narration(2, [0.4] * 20)]
    made = film(told, 10)
    spans = lay_out(told, Settings())
    assert [card.subtitle for card in made.cards] == ["Part 1", "Chapter 2"]
    assert spans[1].voice_frame - spans[1].start_frame == 90
    for card, span in zip(made.cards, spans, strict=True):
        assert card.start_frame + card.length_frames <= span.voice_frame + Settings().rate.frames(0.3)


def test_without_a_voice_there_is_music_alone_and_nothing_ducks() -> None:
    made = film([narration(1, [0.4] * 20, spoken=False)], 10)
    assert {sound.track for sound in made.sounds} == {"music"}
    assert not made.sounds[0].ducked
    assert made.voice_windows == ()
    assert made.cues


def test_no_captions_when_none_are_wanted() -> None:
    assert film([narration(1, [0.4] * 20)], 10, captions="none").cues == ()


@pytest.mark.parametrize(("lufs", "gain_db"), [(-23.0, 6.0), (-17.0, 0.0), (None, 0.0), (-70.0, 24.0), (30.0, -24.0)])
def test_levelling_reaches_the_target_within_its_limits(lufs: float | None, gain_db: float) -> None:
    assert levelling_db(lufs, -17.0) == gain_db


def test_moves_alternate_and_stay_gentle() -> None:
    moves = [move(scene, part) for scene in range(8) for part in range(3)]
    for motion in moves:
        ratio = motion.start.height / motion.end.height
        assert 1 / 1.2 < ratio < 1.2
    assert move(1, 0) != move(2, 0)
