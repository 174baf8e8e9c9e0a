"""A recording becomes a film: its sound as it was, its pictures on its words, and nothing made twice."""

from __future__ import annotations

import json
import os
import wave
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.sound import SoundFile, read_sound, write_flac
from storyreel.progress import Event, Progress
from storyreel.providers.contracts import Heard, HeardWord, Listener, ListeningRequest
from storyreel.recipes import audio_film as recipe
from storyreel.recipes.resume import resume
from storyreel.settings import Settings

SMALL = Settings(width_px=192, height_px=108, rate=Rate(num=10), style="photorealistic", quality="draft")


@dataclass(frozen=True)
class Scripted:
    """A listener that hears a word every half a second of sound, in the language that the sound's level tells."""

    longest_s: float = 28.0
    identity: str = "scripted/1"

    def hear(self, request: ListeningRequest) -> Heard:
        count = int(len(request.samples) / request.sample_rate_hz / 0.5)
        language = "es" if np.abs(request.samples).max(initial=0.0) > 0.4 else "en"
        texts = ("hola", "barco.") if language == "es" else ("the", "harbour.")
        words = tuple(
            HeardWord(text=texts[k % 2], start_s=k / 2, end_s=k / 2 + 0.4, confidence=0.9) for k in range(count)
        )
        return Heard(words=words, language=language)


def begin(path: Path, cache: Path, listener: Listener | None = None, **options: Any) -> recipe.AudioFilm:
    film = recipe.begin(path, settings=SMALL, cache=cache, **options)
    return replace(film, crew=replace(film.crew, listener=listener)) if listener else film


def sounding(path: Path, level: float = 0.2, length_s: float = 14.0, rate_hz: int = 24_000) -> Path:
    at = np.arange(round(length_s * rate_hz)) / rate_hz
    samples = level * np.sin(2 * np.pi * 200 * at) * (np.sin(2 * np.pi * 2 * at) > -0.5)
    path.write_bytes(write_flac(samples.astype(np.float32), rate_hz))
    return path


def own_samples(path: Path, count: int | None = None) -> np.ndarray:
    with SoundFile(path) as file:
        return file.read(count if count is not None else 10**8)


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory, known: Callable[[str], Any]) -> tuple[recipe.Film, Path, Any]:
    """A film of real speech with the offline crew, and the recording it was made of."""
    folder = tmp_path_factory.mktemp("spoken")
    recording = known("trees")
    film = recipe.audio_film(
        recording.path, settings=SMALL.model_copy(update={"captions": "short-form"}), cache=folder / "cache"
    )
    return film, recording.path, recording


def test_words_segments_prompts_and_pictures_are_kept_for_the_user(spoken: tuple[recipe.Film, Path, Any]) -> None:
    film, _, recording = spoken
    transcript = json.loads(film.project.path("transcript.json").read_text())
    assert set(transcript["words"][0]) == {"text", "start_s", "end_s", "confidence"}
    assert abs(len(transcript["words"]) - len(recording.truth)) <= 3
    parts = json.loads(film.project.path("segments.json").read_text())
    assert all(5.0 <= part["end_s"] - part["start_s"] <= 8.0 for part in parts)
    prompts = json.loads(film.project.path("prompts.json").read_text())
    assert [prompt["segment"] for prompt in prompts] == [part["index"] for part in parts]
    assert all("photorealistic" in prompt["prompt"] for prompt in prompts)
    assert len(list(film.project.path("images").iterdir())) == len(parts)


def test_pictures_change_between_words_as_they_truly_were_spoken(spoken: tuple[recipe.Film, Path, Any]) -> None:
    film, _, recording = spoken
    for clip in film.timeline.clips[1:]:
        cut_s = film.timeline.rate.seconds(clip.start_frame)
        inside = [text for text, start, end, _ in recording.truth if start + 0.12 < cut_s < end - 0.12]
        assert not inside


def test_the_film_sounds_as_the_recording_packet_for_packet(spoken: tuple[recipe.Film, Path, Any]) -> None:
    film, path, _ = spoken
    heard, wanted = packets(film.path), packets(path)
    assert heard == wanted[: len(heard)]
    assert len(heard) >= len(wanted) - 1
    with av.open(str(film.path)) as container:
        video = container.streams.video[0]
        assert video.frames == film.timeline.length_frames
    assert abs(film.duration_s - len(own_samples(path)) / 48_000) <= 0.1


def test_captions_follow_the_words(spoken: tuple[recipe.Film, Path, Any]) -> None:
    film, _, recording = spoken
    shown = {
        word.text.strip(".,").lower(): word.start_frame
        for cue in film.timeline.cues
        for line in cue.lines
        for word in line
    }
    for text, start_s, _, _ in recording.truth:
        if text.strip(".,").lower() in ("willows", "kingfishers", "warblers"):
            assert abs(film.timeline.rate.seconds(shown[text.strip(".,").lower()]) - start_s) < 0.25
    assert all(len(cue.lines) == 1 for cue in film.timeline.cues)


def test_a_lossless_recording_is_the_films_sound_sample_for_sample(tmp_path: Path) -> None:
    path = sounding(tmp_path / "talk.flac")
    film = recipe.make(begin(path, tmp_path / "cache", Scripted()))
    wanted = own_samples(path)
    assert np.array_equal(own_samples(film.path, len(wanted)), wanted)


def test_a_second_run_makes_nothing_and_needs_no_file(tmp_path: Path) -> None:
    path = sounding(tmp_path / "talk.flac")
    first = recipe.make(begin(path, tmp_path / "cache", Scripted()))
    path.unlink()
    events: list[Event] = []
    progress = Progress()
    progress.listen(events.append)
    again = recipe.from_record(first.project)
    project = type(first.project)(first.project.id, tmp_path / "cache", progress)
    film = recipe.make(replace(again, project=project, crew=replace(again.crew, listener=Scripted())))
    assert film.timeline == first.timeline
    assert film.pieces_made == 0
    done = {event.step: event for event in events if event.kind == "done"}
    for name in ("prepare", "transcribe", "plan_pictures", "illustrate"):
        assert done[name].remembered == done[name].done > 0, name


def test_resume_knows_the_way_in(spoken: tuple[recipe.Film, Path, Any]) -> None:
    film, _, _ = spoken
    again = resume(film.project.id, cache=film.project.cache)
    assert again.timeline == film.timeline
    assert again.pieces_made == 0


def test_another_format_makes_pictures_of_its_size_and_hears_nothing_again(tmp_path: Path) -> None:
    path = sounding(tmp_path / "talk.flac", length_s=7.0)
    film = recipe.begin(path, format="tiktok", cache=tmp_path / "cache")
    assert (film.settings.width_px, film.settings.height_px) == (1080, 1920)
    assert (film.settings.captions, film.settings.platform) == ("short-form", "tiktok")
    film = replace(film, crew=replace(film.crew, listener=Scripted()))
    told = recipe.tidy(film, recipe.prepare(film), recipe.transcribe(film, recipe.prepare(film)))
    parts = recipe.segment(film, told)
    timeline = recipe.lay(film, told, parts, {})
    assert all(clip.into.kind == "cut" for clip in timeline.clips)
    assert recipe.begin(path, format="square", cache=tmp_path / "c2").settings.width_px == 1080


def test_fillers_are_cut_from_sound_and_picture_alike(tmp_path: Path, known: Callable[[str], Any]) -> None:
    recording = known("kitchen_fillers")
    film = recipe.begin(recording.path, settings=SMALL, cache=tmp_path / "cache", cut_fillers=True)
    transcript = recipe.transcribe(film, recipe.prepare(film))
    told = recipe.tidy(film, recipe.prepare(film), transcript)
    fillers = [word for word in recording.truth if word[3]]
    assert len(told.fillers) >= 0.95 * len(fillers)
    assert told.cut_s > 0.3 * len(fillers)
    assert told.sound.duration_s == pytest.approx(len(recording.samples) / 16_000 - told.cut_s, abs=1e-3)
    parts = recipe.segment(film, told)
    timeline = recipe.lay(film, told, parts, {})
    assert timeline.length_frames == film.settings.rate.frames_ceil(told.sound.duration_s)
    # What the captions say when is what is heard when: hear the cut sound anew, and compare.
    from storyreel.media.listen import hear_piece

    heard = hear_piece(film.project, told.sound, 0.0, told.sound.duration_s, film.listener, language="en").words
    assert not any(word.text.strip(",.").lower() in ("um", "uh", "er", "ah") for word in heard)
    starts = {word.text.strip(".,").lower(): word.start_s for word in heard}
    ours = {word.text.strip(".,").lower(): word.start_s for word in told.transcript.words}
    for text in ("taste", "salt", "plates", "faded", "places"):
        if text in starts and text in ours:
            assert abs(starts[text] - ours[text]) < 0.2, text
    words_left = [text for text, *_, is_filler in recording.truth if not is_filler]
    assert len(told.transcript.words) >= 0.95 * len(words_left)


def test_hesitations_that_stay_in_the_sound_are_not_in_the_captions(tmp_path: Path) -> None:
    class Hesitating(Scripted):
        def hear(self, request: ListeningRequest) -> Heard:
            words = [
                ("So,", 0.2),
                ("um,", 0.8),
                ("the", 1.4),
                ("boat", 1.9),
                ("was,", 2.4),
                ("uh,", 2.9),
                ("gone.", 3.4),
            ]
            return Heard(words=tuple(HeardWord(text=t, start_s=s, end_s=s + 0.4) for t, s in words))

    film = begin(sounding(tmp_path / "talk.flac", length_s=6.0), tmp_path / "cache", Hesitating())
    told = recipe.tidy(film, recipe.prepare(film), recipe.transcribe(film, recipe.prepare(film)))
    timeline = recipe.lay(film, told, recipe.segment(film, told), {})
    assert " ".join(cue.text.replace("\n", " ") for cue in timeline.cues) == "So the boat was gone."
    assert told.cut_s == 0.0


@pytest.mark.parametrize("sound", ["silence", "music"])
def test_where_nobody_speaks_the_film_has_pictures_and_says_so(sound: str, tmp_path: Path) -> None:
    from storyreel.providers.contracts import MusicRequest
    from storyreel.providers.offline.score import OfflineComposer

    samples = np.zeros((24_000 * 13, 1), np.float32)
    if sound == "music":
        piece = OfflineComposer().compose(MusicRequest(mood="tense", duration_s=13.0, seed=1))
        samples = piece.samples[::2]
    (tmp_path / "sound.flac").write_bytes(write_flac(samples, 24_000))
    progress, told = Progress(), []
    progress.listen(lambda event: told.append(event.message) if event.kind == "warned" else None)
    film = recipe.audio_film(tmp_path / "sound.flac", settings=SMALL, cache=tmp_path / "cache", progress=progress)
    assert any("no speech was heard in sound" in message for message in told)
    assert film.timeline.cues == ()
    assert len(film.timeline.clips) == 2


def test_two_languages_in_one_recording_are_both_written_down(tmp_path: Path) -> None:
    rate_hz = 24_000
    at = np.arange(rate_hz * 30) / rate_hz
    quiet, loud = (level * np.sin(2 * np.pi * 200 * at) for level in (0.1, 0.6))
    (tmp_path / "two.flac").write_bytes(write_flac(np.concatenate([quiet, loud]).astype(np.float32), rate_hz))
    film = begin(tmp_path / "two.flac", tmp_path / "cache", Scripted())
    transcript = recipe.transcribe(film, recipe.prepare(film))
    assert {stretch.code for stretch in transcript.languages} == {"en", "es"}
    kept = json.loads(film.project.path("transcript.json").read_text())
    assert kept["languages"][0]["code"] == "en"


def test_two_hours_are_heard_and_parted(tmp_path: Path) -> None:
    """Two hours at 8 kHz, of which only the pieces that are heard, and their joins, are looked at."""
    path, length_s = tmp_path / "long.wav", 2 * 3600
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.setnframes(length_s * 8000)
        file.writeframes(b"")
    head = bytearray(path.read_bytes())
    head[4:8], head[40:44] = ((length_s * 16_000 + extra).to_bytes(4, "little") for extra in (36, 0))
    path.write_bytes(head)
    os.truncate(path, 44 + length_s * 16_000)  # silence, kept as a hole in the file
    film = begin(path, tmp_path / "cache", Scripted(longest_s=600.0))
    sound = recipe.prepare(film)
    assert sound.duration_s == length_s
    transcript = recipe.transcribe(film, sound)
    gaps = [other.start_s - one.start_s for one, other in pairwise(transcript.words)]
    assert len(transcript.words) == pytest.approx(length_s * 2, rel=0.01)
    assert max(gaps) < 1.2
    assert min(gaps) >= 0.0
    parts = recipe.segment(film, recipe.Told(film.recording, sound, transcript, ()))
    assert 900 <= len(parts) <= 1440
    assert not any(part.exception for part in parts)


def test_the_middle_of_a_long_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = sounding(tmp_path / "talk.flac", length_s=40.0, rate_hz=16_000)
    film = begin(path, tmp_path / "cache", Scripted())
    sound = recipe.prepare(film)
    from storyreel.memo.store import store_of

    kept = store_of(film.project).path(sound.sound.blob)
    part = read_sound(kept, sample_rate_hz=16_000, channels=1, start_s=21.5, duration_s=2.0)
    whole = read_sound(path, sample_rate_hz=16_000, channels=1)
    assert np.abs(part - whole[round(21.5 * 16_000) :][: len(part)]).max() < 2e-4


@pytest.mark.parametrize(
    "options", [{"format": "vhs"}, {"language": "English"}, {"listener": "nobody"}, {"title": "x" * 300}]
)
def test_wrong_wishes_are_told_before_anything_is_made(options: dict[str, Any], tmp_path: Path) -> None:
    path = sounding(tmp_path / "talk.flac", length_s=6.0)
    with pytest.raises(InputError):
        recipe.begin(path, cache=tmp_path / "cache", **options)
    assert not (tmp_path / "cache" / "projects").exists()


def test_the_command_line_makes_one_and_refuses_what_is_no_recording(
    tmp_path: Path, cli: Any, known: Callable[[str], Any]
) -> None:
    wrong = tmp_path / "list.mp3"
    wrong.write_text("#EXTM3U\n/etc/hostname\n")
    refused = cli("audio", str(wrong))
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    made = cli("audio", str(known("kitchen_fillers").path), "--format", "tiktok", "--size", "108x192", "--fps", "10",
               "--quality", "draft", "--cut-fillers", "--out", str(tmp_path / "film.mp4"))  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "Kitchen fillers, 0:2" in made.stdout
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert container.streams.audio[0].codec_context.name == "flac"
