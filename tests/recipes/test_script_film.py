"""The script recipe: what it leaves, that nothing is made twice, and that a change costs only what depends on it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from storyreel import Settings, tables
from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.progress import Event, Progress
from storyreel.providers.contracts import (
    AnimationRequest,
    EffectRequest,
    Music,
    MusicRequest,
    Speech,
    SpeechRequest,
    SpokenWord,
    Voice,
)
from storyreel.recipes import script_film
from storyreel.recipes._finish import Film, finish_preview, read_timeline
from storyreel.recipes.resume import resume
from storyreel.recipes.script_film import ScriptFilm
from storyreel.recipes.script_pending import (
    add_shot,
    change_card,
    change_line,
    change_shot,
    estimate_cards,
    move_shot,
    pending,
    remove_shot,
)
from storyreel.recipes.script_sounds import effect_kinds
from storyreel.recipes.script_versions import script_versions
from storyreel.shots.card_edits import ChangeShot
from storyreel.shots.shot_edits import AddShot

SCRIPTS = Path(__file__).parents[1] / "scripts"
SMALL = Settings(width_px=192, height_px=108, rate=Rate(num=8), quality="draft", captions="cinema")
SAMPLE_RATE_HZ = 16_000


@dataclass(frozen=True)
class Hum:
    """A voice that hums each word for a fifth of a second, at its own pitch."""

    name: str

    @property
    def identity(self) -> str:
        return f"offline/hum/{self.name}"

    def speak(self, request: SpeechRequest) -> Speech:
        words, length_s = request.text.split(), 0.2 / request.speed
        pitch_hz = 120 + 40 * (sum(map(ord, self.name)) % 7)
        at = np.arange(round(len(words) * length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
        samples = (0.2 * np.sin(2 * np.pi * pitch_hz * at)).astype(np.float32)
        times = tuple(
            SpokenWord(text=word, start_s=k * length_s, end_s=(k + 0.9) * length_s) for k, word in enumerate(words)
        )
        return Speech(samples, SAMPLE_RATE_HZ, times)


class Noise:
    """A maker of effects that knows one sound."""

    identity = "offline/noise"

    def make(self, request: EffectRequest) -> Music:
        count = round(request.duration_s * 48_000)
        return Music(np.random.default_rng(len(request.kind)).normal(0, 0.1, (count, 2)).astype(np.float32), 48_000)


class Drone:
    """A composer of one note."""

    identity = "offline/drone"

    def compose(self, request: MusicRequest) -> Music:
        at = np.arange(round(request.duration_s * 48_000)) / 48_000
        note = (0.1 * np.sin(2 * np.pi * 110 * at)).astype(np.float32)
        return Music(np.stack([note, note], axis=1), 48_000)


class Flicker:
    """An animator that lets a picture go brighter, frame by frame."""

    identity = "offline/flicker"

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = lambda share: None) -> bytes:
        picture = np.asarray(Image.open(io.BytesIO(request.first_frame)).convert("RGB"))
        picture = picture[: request.height_px, : request.width_px]
        data = io.BytesIO()
        with av.open(data, "w", format="mp4") as container:
            stream = container.add_stream("libx264", rate=request.frames_per_s)
            stream.width, stream.height, stream.pix_fmt = request.width_px, request.height_px, "yuv420p"
            frames = round(request.duration_s * request.frames_per_s)
            for number in range(frames):
                bright = (picture * (0.4 + 0.6 * number / frames)).astype(np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(bright, format="rgb24")))
                on_progress((number + 1) / frames)
            container.mux(stream.encode(None))
        return data.getvalue()


def hummed(name: str) -> Voice:
    return Hum(name)


def begun(cache: Path, *, progress: Progress | None = None, **given: Any) -> ScriptFilm:
    film = script_film.begin(settings=SMALL, cache=cache, progress=progress, **given)
    return replace(film, voice_named=hummed, crew=replace(film.crew, voice=Hum("x"), effects=Noise(), composer=Drone()))


PLACES = ("INT. BARN - NIGHT", "EXT. SHORE - DAY", "INT. LIBRARY - EVENING", "EXT. FOREST - DAWN")


def forty_shots() -> str:
    """A film of forty shots: four scenes in four places, each of ten."""
    parts = ["Title: Forty Shots\n"]
    for number, place in enumerate(PLACES):
        parts.append(f"{place}\n\nAda and Ben wait by the old wall. A dog barks.")
        for turn in range(9):
            who = ("ADA", "BEN")[turn % 2]
            parts.append(f"{who}\nThis is what I have to say, number {number} and {turn}.")
    return "\n\n".join(parts) + "\n"


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> tuple[ScriptFilm, Film]:
    film = begun(tmp_path_factory.mktemp("forty"), text=forty_shots())
    return film, script_film.make(film)


def made_again(film: ScriptFilm) -> tuple[Film, dict[str, int]]:
    """The film made anew, and how many units of each step were not remembered."""
    seen: list[Event] = []
    forget = film.project.progress.listen(seen.append)
    finished = script_film.make(film)
    forget()
    done = [event for event in seen if event.kind == "done" and event.step != "render"]
    return finished, {event.step: event.done - event.remembered for event in done if event.done != event.remembered}


def test_the_forty_shots_are_forty(forty: tuple[ScriptFilm, Film]) -> None:
    film, finished = forty
    assert len(finished.timeline.clips) == 40
    assert finished.path.is_file()
    found = pending(film)
    assert (found.to_make, found.pieces_to_draw, found.cost_usd) == ((), 0, 0.0)
    assert found.kept["line"] == 36


def test_a_second_run_makes_nothing(forty: tuple[ScriptFilm, Film]) -> None:
    film, finished = forty
    again, made = made_again(film)
    assert (made, again.pieces_made) == ({}, 0)
    assert again.timeline == finished.timeline


def test_a_changed_shot_makes_its_picture_and_its_pieces_and_nothing_else(forty: tuple[ScriptFilm, Film]) -> None:
    film, before = forty
    shot = "3-05"
    told = change_shot(film, shot, subject="Ben speaks to Ada across a heap of burning letters")
    assert [(item.kind, item.name, item.cost_usd) for item in told.to_make] == [("picture", shot, 0.0)]
    after, made = made_again(film)
    assert made == {"illustrate": 1}
    clip = next(clip for clip in after.timeline.clips if clip.id == shot)
    most = clip.length_frames // (2 * 8) + 2
    assert 0 < after.pieces_made <= most < after.pieces
    assert told.pieces_to_draw == after.pieces_made
    assert after.timeline.length_frames == before.timeline.length_frames
    changed = [a.id for a, b in zip(after.timeline.clips, before.timeline.clips, strict=True) if a != b]
    assert changed == [shot]


def test_a_changed_line_is_spoken_again_alone(forty: tuple[ScriptFilm, Film]) -> None:
    film, _ = forty
    line = next(line for line in script_film.plan(film, script_film.stage(film)).breakdown.lines if line.id == "2.4")
    told = change_line(film, "2.4", text=f"{line.text} And no more than that.")
    assert [(item.kind, item.name) for item in told.to_make] == [("line", "2.4")]
    after, made = made_again(film)
    assert made == {"speak": 1}
    # The shots around it share their cuts with it; those of other scenes are as they were.
    assert after.pieces_made <= 8


def test_a_changed_length_makes_no_material(forty: tuple[ScriptFilm, Film]) -> None:
    film, _ = forty
    told = change_shot(film, "1-03", fixed_s=6.0)
    assert told.to_make == ()
    after, made = made_again(film)
    assert made == {}
    clip = next(clip for clip in after.timeline.clips if clip.id == "1-03")
    assert clip.length_frames == 48
    assert 0 < after.pieces_made <= 6


def test_a_changed_card_makes_every_picture_of_them_and_no_line(forty: tuple[ScriptFilm, Film]) -> None:
    film, _ = forty
    cards = script_film.plan(film, script_film.stage(film))
    theirs = {shot.id for shot in cards.breakdown.shots if "Ada" in shot.people or "Ada" in shot.subject}
    told = change_card(film, "Ada", look="a small old woman with white hair, in a crimson shawl")
    assert {item.kind for item in told.to_make} == {"picture"}
    assert {name for item in told.to_make for name in item.name.split(", ")} == theirs
    voiced = change_card(film, "Ada", voice="offline:af_heart", speed=0.8)
    spoken = {item.name for item in voiced.to_make if item.kind == "line"}
    assert spoken == {line.id for line in cards.breakdown.lines if line.character == "Ada"}
    # Taken back, all of it is still remembered.
    card = cards.cast.character("Ada")
    assert card is not None
    assert change_card(film, "Ada", look=card.look, voice=card.voice, speed=card.speed).to_make == ()


def test_an_added_shot_makes_its_picture_and_a_moved_one_and_a_removed_one_nothing(
    forty: tuple[ScriptFilm, Film], tmp_path: Path
) -> None:
    shutil.copytree(forty[0].project.cache, tmp_path / "cache")
    film = begun(tmp_path / "cache", text=forty_shots(), project_id="added-and-moved")
    before = script_film.make(film)
    estimated = estimate_cards(film, [AddShot(after="2-04", subject="A heap of burning letters", size="insert")])
    told = add_shot(film, after="2-04", subject="A heap of burning letters", size="insert")
    assert told == estimated
    assert [(item.kind, item.name, item.cost_usd) for item in told.to_make] == [("picture", "2-04a", 0.0)]
    added, made = made_again(film)
    assert made == {"illustrate": 1}
    assert len(added.timeline.clips) == 41
    assert 0 < added.pieces_made <= 4 < added.pieces
    assert told.pieces_to_draw == added.pieces_made

    told = move_shot(film, "2-04a", after="2-06")
    assert told.to_make == ()
    moved, made = made_again(film)
    assert made == {}
    assert [clip.id for clip in moved.timeline.clips][14:18] == ["2-05", "2-06", "2-04a", "2-07"]
    assert told.pieces_to_draw == moved.pieces_made <= 16

    told = remove_shot(film, "2-04a")
    assert told.to_make == ()
    removed, made = made_again(film)
    assert (made, removed.pieces_made) == ({}, 0)
    assert removed.timeline == before.timeline

    told = remove_shot(film, "3-03")
    assert told.to_make == ()
    without, made = made_again(film)
    assert made == {}
    assert len(without.timeline.clips) == 39
    assert told.kept["line"] == 36, "its line is still spoken, over the shot before it"
    assert 0 < without.pieces_made <= 10
    assert without.timeline.captions == before.timeline.captions


def test_an_estimate_changes_nothing(forty: tuple[ScriptFilm, Film]) -> None:
    film, _ = forty
    files = {path: path.read_bytes() for path in film.project.folder.glob("*.json")}
    told = estimate_cards(film, [ChangeShot(shot="4-02", size="wide", subject="A burning ship off the shore")])
    assert [item.kind for item in told.to_make] == ["picture"]
    assert {path: path.read_bytes() for path in film.project.folder.glob("*.json")} == files


def test_a_change_that_does_not_fit_is_refused_and_not_kept(forty: tuple[ScriptFilm, Film]) -> None:
    film, _ = forty
    with pytest.raises(InputError, match="no shot is called '9-99'"):
        change_shot(film, "9-99", size="wide")
    with pytest.raises(InputError, match="no line is called"):
        change_line(film, "9.9", text="No.")
    assert pending(film).to_make == ()


# ---------------------------------------------------------------------------------------------- the public-domain scene


@pytest.fixture(scope="module")
def earnest(tmp_path_factory: pytest.TempPathFactory) -> tuple[ScriptFilm, Film]:
    film = begun(tmp_path_factory.mktemp("earnest"), file=SCRIPTS / "earnest.fountain")
    return film, script_film.make(film)


def test_every_step_is_saved_under_its_readable_name(earnest: tuple[ScriptFilm, Film]) -> None:
    film, finished = earnest
    names = {str(path.relative_to(film.project.folder)) for path in film.project.folder.rglob("*") if path.is_file()}
    assert {
        "project.json", "events.jsonl", "script/v1.fountain", "script/versions.json", "shots.json", "cast.json",
        "timeline.json", "film.mp4", "film.srt", "audio/music_1.flac", "audio/effect_rain.flac",
        *(f"images/shot_{clip.id}.png" for clip in finished.timeline.clips),
        *(f"audio/line_{line}.flac" for line in ("2.1", "2.9", "3.1")),
    } <= names  # fmt: skip


def test_its_tables_have_every_scene_shot_and_word(earnest: tuple[ScriptFilm, Film]) -> None:
    film, finished = earnest
    cards = script_film.plan(film, script_film.stage(film))
    shots = tables.shots(finished)
    assert list(shots.index) == [shot.id for _, shot in cards.shots]
    assert set(shots["size"]) <= {"wide", "medium", "close-up", "over-shoulder", "two-shot", "insert", "pov"}
    assert list(tables.scenes(finished).index) == [scene.number for scene in cards.breakdown.scenes]
    assert len(tables.words(finished)) == sum(len(line.text.split()) for line in cards.breakdown.lines)


def test_the_record_says_what_it_was_made_from(earnest: tuple[ScriptFilm, Film]) -> None:
    record = earnest[0].project.record()
    assert record.recipe == "script"
    assert record.inputs["title"] == "The Importance of Being Earnest"
    assert record.inputs["version"] == 1


def test_the_film_is_as_long_as_its_timeline_and_neither_black_nor_silent(earnest: tuple[ScriptFilm, Film]) -> None:
    _, finished = earnest
    with av.open(str(finished.path)) as container:
        bright = [frame.to_ndarray(format="gray").mean() for frame in container.decode(video=0)]
    assert len(bright) == finished.timeline.length_frames
    assert np.median(bright) > 20
    with av.open(str(finished.path)) as container:
        sound = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])
    assert np.sqrt(np.mean(sound.astype(np.float64) ** 2)) > 0.02


def test_every_line_is_captioned_while_it_is_heard(earnest: tuple[ScriptFilm, Film]) -> None:
    _, finished = earnest
    windows = finished.timeline.voice_windows
    for cue in finished.timeline.cues:
        first = cue.lines[0][0].start_frame
        assert any(start - 2 <= first <= end + 2 for start, end in windows), cue.text


def test_each_character_has_their_own_voice_and_effects_are_laid(earnest: tuple[ScriptFilm, Film]) -> None:
    _, finished = earnest
    sounds = finished.timeline.sounds
    assert len({sound.asset.provenance.provider for sound in sounds if sound.track == "dialogue"}) == 3
    laid = [sound.asset.provenance.prompt for sound in sounds if sound.track == "effects"]
    assert "steady rain" in laid
    assert "three knocks on a wooden door" in laid


def test_resume_comes_to_the_same_film(earnest: tuple[ScriptFilm, Film], monkeypatch: pytest.MonkeyPatch) -> None:
    film, finished = earnest
    monkeypatch.setattr(script_film, "from_record", lambda project: replace(film, project=project))
    again = resume(film.project.id, cache=film.project.cache)
    assert again.pieces_made == 0
    assert again.timeline == finished.timeline


def test_a_changed_script_is_the_next_version_and_makes_only_what_changed(tmp_path: Path) -> None:
    opening = "Title: Barn\n\nINT. BARN - NIGHT\n\nAda waits.\n\n"
    text = opening + "ADA\nWho goes there tonight?\n\nBEN\nOnly me, as ever it was.\n"
    film = begun(tmp_path, text=text)
    script_film.make(film)
    film = begun(tmp_path, text=text.replace("Only me", "Nobody"))
    _, made = made_again(film)
    assert made == {"speak": 1}
    versions = script_versions(film.project)
    assert [version.number for version in versions] == [1, 2]
    assert "Nobody" in film.project.path("script/v2.fountain").read_text()
    assert versions[0].summary == "1 scene with Ada, Ben, in Barn. Ada waits."
    assert len(script_versions(begun(tmp_path, text=text.replace("Only me", "Nobody")).project)) == 2


def test_the_animatic_plays_before_anything_is_made(tmp_path: Path) -> None:
    film = begun(tmp_path, text="INT. BARN - NIGHT\n\nAda waits.\n\nADA\nWho goes there?\n")
    script_film.draft(film, script_film.plan(film, script_film.stage(film)))
    timeline = read_timeline(film.project)
    assert all(clip.asset is None for clip in timeline.clips)
    preview = finish_preview(film.project, timeline)
    assert preview.path.name == "preview.mp4"
    with av.open(str(preview.path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == timeline.length_frames


def test_prose_is_told_by_a_narrator_and_spoken_by_its_people(tmp_path: Path) -> None:
    film = begun(tmp_path, file=SCRIPTS / "selfish_giant.txt")
    assert film.brief.title == "The Selfish Giant"
    assert film.brief.narrate
    cards = script_film.plan(film, script_film.stage(film))
    speakers = {line.character for line in cards.breakdown.lines}
    assert {"", "The Giant", "The children"} <= speakers
    assert "The Selfish Giant" not in [line.text for line in cards.breakdown.lines]


def test_a_play_in_markdown_is_played_by_its_people_in_its_places(tmp_path: Path) -> None:
    film = begun(tmp_path, file=SCRIPTS / "macbeth.md")
    assert film.brief.title == "Macbeth"
    assert not film.brief.narrate
    cards = script_film.plan(film, script_film.stage(film))
    assert [line.character for line in cards.breakdown.lines] == [
        "First Witch", "Second Witch", "Third Witch", "First Witch", "Second Witch", "Third Witch", "Macbeth", "Banquo",
        "Macbeth", "First Witch", "Second Witch", "Third Witch",
    ]  # fmt: skip
    assert len(cards.breakdown.scenes) == 2
    assert "thunder" in effect_kinds(cards)


def test_a_script_without_a_scene_heading_is_one_scene(tmp_path: Path) -> None:
    text = "Two people wait on a bridge.\n\nADA\nWho goes there?\n\nBEN\nOnly me.\n\nHe drops the lamp.\n"
    film = begun(tmp_path, text=text)
    breakdown = script_film.plan(film, script_film.stage(film)).breakdown
    (scene,) = breakdown.scenes
    assert [shot.subject for shot in scene.shots] == [
        "Two people wait on a bridge.", "Ada speaks to Ben, face to face", "The lamp, in the hand of Ben",
    ]  # fmt: skip
    assert [line.character for line in breakdown.lines] == ["Ada", "Ben"]


def test_a_short_script_is_written_where_none_is_given(tmp_path: Path) -> None:
    film = begun(tmp_path, genre="mystery", length_s=60, idea="a key that opens nothing")
    script = script_film.stage(film)
    cards = script_film.plan(film, script)
    assert film.project.path("script/v1.fountain").read_text().startswith(("INT.", "EXT."))
    assert 25 <= cards.breakdown.rough_s <= 150
    assert script_film.stage(film) == script


def test_without_a_voice_captions_carry_the_lines(tmp_path: Path) -> None:
    film = script_film.begin(
        text="INT. BARN - NIGHT\n\nADA\nWho goes there?\n", voice="none", settings=SMALL, cache=tmp_path
    )
    finished = script_film.make(film)
    assert {sound.track for sound in finished.timeline.sounds} == {"music"}
    assert [cue.text for cue in finished.timeline.cues] == ["Who goes there?"]


def test_an_animator_makes_each_shot_a_clip_and_a_longer_shot_a_longer_one(tmp_path: Path) -> None:
    film = begun(tmp_path, text="INT. BARN - NIGHT\n\nAda waits.\n\nADA\nWho goes there?\n", voice="none")
    film = replace(film, crew=replace(film.crew, voice=None, animator=Flicker()))
    first = pending(film)
    assert (first.count("picture"), first.count("clip")) == (2, 2)
    finished = script_film.make(film)
    assert [clip.asset.kind for clip in finished.timeline.clips if clip.asset] == ["video", "video"]
    for clip in finished.timeline.clips:
        assert clip.asset is not None
        assert clip.asset.duration_s >= SMALL.rate.seconds(clip.length_frames)
        assert film.project.path(f"clips/shot_{clip.id}.mp4").is_file()
    assert pending(film).to_make == ()
    assert [(item.kind, item.name) for item in change_shot(film, "1-01", fixed_s=9.0).to_make] == [("clip", "1-01")]
    with av.open(str(finished.path)) as container:
        bright = [frame.to_ndarray(format="gray").mean() for frame in container.decode(video=0)]
    assert bright[24] > bright[10] > 1


def test_the_cards_file_may_be_rewritten_or_list_changes(tmp_path: Path) -> None:
    from storyreel.recipes.script_pending import change_cards_from, estimate_cards_from

    film = begun(tmp_path, text="INT. BARN - NIGHT\n\nAda waits.\n\nADA\nWho goes there?\n")
    script_film.make(film)
    shots = json.loads(film.project.path("shots.json").read_text())
    shots["scenes"][0]["shots"][0]["subject"] = "Ada waits by a burning cart"
    (tmp_path / "mine.json").write_text(json.dumps(shots))
    assert [item.kind for item in estimate_cards_from(film, tmp_path / "mine.json").to_make] == ["picture"]
    assert [item.kind for item in change_cards_from(film, tmp_path / "mine.json").to_make] == ["picture"]
    (tmp_path / "list.json").write_text('[{"kind": "change_line", "line": "1.1", "text": "Who is it?"}]')
    assert [item.kind for item in change_cards_from(film, tmp_path / "list.json").to_make] == ["picture", "line"]
    cast = json.loads(film.project.path("cast.json").read_text())
    cast["style"] = "woodcut"
    (tmp_path / "cast.json").write_text(json.dumps(cast))
    change_cards_from(film, tmp_path / "cast.json")
    assert script_film.plan(film, script_film.stage(film)).cast.style == "woodcut"
    for text, sentence in (
        ("{", "not JSON"),
        ("{}", "neither a list"),
        ('[{"kind": "change_shot"}]', "cannot be used"),
    ):
        (tmp_path / "bad.json").write_text(text)
        with pytest.raises(InputError, match=sentence):
            change_cards_from(film, tmp_path / "bad.json")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": ""}, "empty"),
        ({"text": "INT. BARN - NIGHT\n"}, "nothing is done"),
        ({"text": "INT. BARN - NIGHT\n\n" + "ADA\nI have a great deal to say, and say it.\n\n" * 4000}, "minutes"),
        ({"text": "It was late and it rained. " * 9000}, "minutes"),
        ({"text": "X", "file": "x.txt"}, "give one of them"),
        ({"genre": "polka"}, "choose one of"),
        ({"length_s": 5}, "20 to 600"),
        ({"file": "/nowhere/x.fountain"}, "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_filmed_is_refused_before_anything_is_made(
    tmp_path: Path, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        script_film.begin(settings=SMALL, cache=tmp_path / "cache", **given)
    assert not (tmp_path / "cache").exists()
