"""A script film's timeline: pictures, voices, music, effects, cards, captions."""

from __future__ import annotations

from itertools import pairwise

from storyreel.clock import Rate
from storyreel.inputs.screenplay import parse_fountain
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.providers.contracts import SpokenWord
from storyreel.settings import Settings
from storyreel.shots.breakdown import break_down
from storyreel.shots.script_model import Breakdown
from storyreel.story.staging import staged
from storyreel.timeline.assemble_script import Laid, assemble_script, music_spans
from storyreel.timeline.model import Timeline
from storyreel.timeline.script_layout import SpokenLine, lay_out_script, unspoken

SETTINGS = Settings(width_px=640, height_px=360, rate=Rate(num=25), captions="cinema")
PLAY = """INT. BARN - NIGHT

Rain on the roof. Ada waits in the hay.

ADA
Where have you been all this time?

BEN
In the country, as I told you.

A dog barks.

DISSOLVE TO:

EXT. YARD - DAY

Ben stands in the mud.

BEN
How perfectly delightful this is!

ADA ^
Please do not touch those eggs!

SMASH CUT TO:

EXT. HILL - DAY

Ada stands alone.

> THE END <
"""


def asset(name: str, kind: str = "audio", duration_s: float = 0.0) -> Asset:
    blob = Blob(sha256=name.encode().hex().ljust(64, "0")[:64], suffix=".bin", size_bytes=1)
    return Asset.model_validate(
        {
            "kind": kind,
            "blob": blob,
            "width_px": 64,
            "height_px": 36,
            "duration_s": duration_s,
            "provenance": Provenance(provider="t"),
        }
    )


def broken() -> Breakdown:
    return break_down(staged(parse_fountain(PLAY), "Barn"))


def voices(breakdown: Breakdown, lufs: float | None = -20.0) -> dict[str, SpokenLine]:
    spoken = {}
    for line in breakdown.lines:
        words = line.text.split()
        timed = tuple(SpokenWord(text=w, start_s=0.3 * k, end_s=0.3 * k + 0.25) for k, w in enumerate(words))
        spoken[line.id] = SpokenLine(asset(line.id, duration_s=0.3 * len(words)), 0.3 * len(words), timed, lufs)
    return spoken


def film(**fields: object) -> Timeline:
    breakdown = broken()
    given = {"lines": voices(breakdown), "pictures": {}, "settings": SETTINGS, **fields}
    return assemble_script(breakdown=breakdown, **given)


def test_shots_without_pictures_are_placeholders_and_the_film_has_its_whole_length() -> None:
    breakdown = broken()
    lines = {line.id: unspoken(line) for line in breakdown.lines}
    timeline = assemble_script(breakdown=breakdown, lines=lines, pictures={}, settings=SETTINGS)
    assert [clip.id for clip in timeline.clips] == [shot.id for shot in breakdown.shots]
    assert all(clip.asset is None for clip in timeline.clips)
    assert timeline.clips[-1].end_frame == timeline.length_frames
    assert timeline.sounds == ()
    assert (
        " ".join(cue.text for cue in timeline.cues).split() == " ".join(line.text for line in breakdown.lines).split()
    )


def test_scenes_are_left_as_the_script_asks_and_shots_are_cut() -> None:
    into = {clip.id: (clip.into.kind, clip.into.length_frames > 0) for clip in film().clips}
    assert into["2-01"] == ("dissolve", True)
    assert into["3-01"] == ("cut", False)
    assert all(kind == ("cut", False) for clip, kind in into.items() if not clip.endswith("-01"))


def test_each_line_sounds_where_it_is_placed_on_the_dialogue_track() -> None:
    breakdown, timeline = broken(), film()
    layout = lay_out_script(breakdown, voices(breakdown), SETTINGS.rate)
    placed = {sound.asset.blob.sha256: sound.start_frame for sound in timeline.sounds if sound.track == "dialogue"}
    assert placed == {asset(line.id).blob.sha256: layout.lines[line.id] for line in breakdown.lines}


def test_captions_say_every_word_in_order_and_never_two_at_once() -> None:
    timeline, breakdown = film(), broken()
    said = sorted(" ".join(cue.text for cue in timeline.cues).split())
    assert said == sorted(" ".join(line.text for line in breakdown.lines).split())
    for before, after in zip(timeline.cues, timeline.cues[1:], strict=False):
        assert before.end_frame <= after.start_frame
    for cue in timeline.cues:
        for word in (word for row in cue.lines for word in row):
            assert cue.start_frame <= word.start_frame <= word.end_frame <= cue.end_frame


def test_a_new_speaker_begins_a_new_caption() -> None:
    texts = [cue.text.replace("\n", " ") for cue in film().cues]
    assert texts[:2] == ["Where have you been all this time?", "In the country, as I told you."]


def test_two_who_speak_at_once_are_read_in_one_caption_of_two_lines() -> None:
    both = next(cue for cue in film().cues if "delightful" in cue.text)
    assert both.text == "How perfectly delightful this is!\nPlease do not touch those eggs!"


def test_music_is_asked_for_on_a_grid_and_shared_by_scenes_of_one_mood() -> None:
    breakdown = broken()
    layout = lay_out_script(breakdown, voices(breakdown), SETTINGS.rate)
    spans = music_spans(breakdown, layout, SETTINGS.rate)
    assert spans[0].start == 0
    assert spans[-1].end == layout.length_frames
    assert all(
        span.length_s % 10 == 0 and span.length_s >= SETTINGS.rate.seconds(span.end - span.start) for span in spans
    )
    moods = [scene.mood for scene in breakdown.scenes]
    assert len(spans) == 1 + sum(a != b for a, b in pairwise(moods))


def test_the_air_lasts_over_its_scene_and_a_bark_sits_in_its_shot() -> None:
    effects = {"rain": Laid(asset("rain", duration_s=8.0), -20.0), "dog": Laid(asset("dog", duration_s=2.0), -20.0)}
    timeline = film(effects=effects)
    rain, dog = (
        next(s for s in timeline.sounds if s.asset.blob == effects[kind].asset.blob) for kind in ("rain", "dog")
    )
    scene_end = next(clip.start_frame for clip in timeline.clips if clip.id == "2-01")
    assert (rain.start_frame, rain.looped) == (0, True)
    assert abs(rain.start_frame + rain.length_frames - scene_end) <= SETTINGS.rate.frames(0.5)
    bark = next(
        clip for clip in timeline.clips if clip.scene == 1 and clip.start_frame <= dog.start_frame < clip.end_frame
    )
    shot = next(shot for shot in broken().shots if shot.id == bark.id)
    assert "dog" in shot.action
    assert not dog.looped
    assert rain.gain_db < dog.gain_db


def test_speakers_are_brought_to_one_level_and_a_short_line_takes_the_usual_gain() -> None:
    breakdown = broken()
    spoken = voices(breakdown)
    first = breakdown.lines[0]
    loud = {**spoken, first.id: SpokenLine(spoken[first.id].audio, 2.0, spoken[first.id].words, -10.0)}
    gains = [sound.gain_db for sound in film(lines=loud).sounds if sound.track == "dialogue"]
    assert max(gains) - min(gains) <= 12
    unknown = film(lines=voices(breakdown, None))
    assert {sound.gain_db for sound in unknown.sounds if sound.track == "dialogue"} == {0.0}


def test_the_title_and_the_script_s_own_cards_are_shown() -> None:
    cards = film().cards
    assert [card.title for card in cards] == ["Barn", "THE END"]
    assert cards[0].start_frame < SETTINGS.rate.frames(1)


def test_labels_name_places_when_they_are_wanted() -> None:
    assert film().labels == ()
    assert [label.text for label in film(labels=True).labels] == ["Barn\nNight", "Yard\nDay", "Hill\nDay"]


def test_a_clip_of_video_is_not_moved_over() -> None:
    clip = film(pictures={"1-01": asset("clip", "video", 4.0)}).clips[0]
    assert clip.asset is not None
    assert clip.motion.start == clip.motion.end


def test_a_picture_shown_again_is_moved_over_differently() -> None:
    same = asset("still", "image")
    breakdown = broken()
    clips = film(pictures={shot.id: same for shot in breakdown.shots}).clips
    wide = [clip.motion for clip in clips if next(s for s in breakdown.shots if s.id == clip.id).size == "wide"]
    assert len({motion.model_dump_json() for motion in wide}) > 1
