"""The title recipe: what it leaves, in what shape, and that nothing is made twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from storyreel import Settings, title_film
from storyreel.clock import Rate
from storyreel.progress import Event, Progress
from storyreel.recipes._finish import Film
from storyreel.recipes.resume import render_film, resume
from storyreel.story.model import Chapter, Story
from storyreel.timeline.model import Timeline

SMALL = Settings(width_px=320, height_px=180, rate=Rate(num=12), quality="draft")


def watched() -> tuple[Progress, list[Event]]:
    progress, seen = Progress(), []
    progress.listen(seen.append)
    return progress, seen


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    cache = tmp_path_factory.mktemp("cache")
    return title_film("The Last Lighthouse", chapters=2, words=34, settings=SMALL, cache=cache)


def load(film: Film, name: str) -> Any:
    return json.loads(film.project.path(name).read_text())


def test_every_step_is_saved_under_its_readable_name(film: Film) -> None:
    names = {str(path.relative_to(film.project.folder)) for path in film.project.folder.rglob("*") if path.is_file()}
    scenes = len(load(film, "prompts.json"))
    assert {
        "project.json",
        "events.jsonl",
        "story.json",
        "chapters/chapter_1.json",
        "chapters/chapter_2.json",
        "prompts.json",
        "audio/chapter_1.flac",
        "audio/chapter_2.flac",
        "audio/music_1.flac",
        "audio/music_2.flac",
        "timeline.json",
        "film.mp4",
        "film.srt",
        *(f"images/scene_{number:04d}.png" for number in range(1, scenes + 1)),
    } <= names


def test_the_story_and_chapters_have_their_promised_shape(film: Film) -> None:
    story = Story.model_validate(load(film, "story.json"))
    assert len(story.genres) == 3
    assert story.title == "The Last Lighthouse"
    for number in (1, 2):
        chapter = Chapter.model_validate(load(film, f"chapters/chapter_{number}.json"))
        assert 28 <= len(chapter.text.split()) <= 40


def test_scenes_cover_every_word_of_their_chapter(film: Film) -> None:
    for number in (1, 2):
        words = len(load(film, f"chapters/chapter_{number}.json")["text"].split())
        scenes = [scene for scene in load(film, "prompts.json") if scene["chapter"] == number]
        covered = [word for scene in scenes for word in range(scene["first_word"], scene["last_word"] + 1)]
        assert covered == list(range(words))
        for scene in scenes:
            assert all(
                scene["description"][part] for part in ("subject", "camera", "lighting", "emotion", "environment")
            )


def test_the_film_is_exactly_as_long_as_its_timeline(film: Film) -> None:
    timeline = Timeline.model_validate(load(film, "timeline.json"))
    assert timeline == film.timeline
    with av.open(str(film.path)) as container:
        times = [frame.pts * frame.time_base for frame in container.decode(video=0)]
    assert times == [index / timeline.rate.fps for index in range(timeline.length_frames)]
    with av.open(str(film.path)) as container:
        samples = sum(frame.samples for frame in container.decode(audio=0))
        rate_hz = container.streams.audio[0].rate
    # AAC comes in frames of 1024 samples; what is over is trimmed by the container's edit list.
    assert 0 <= samples - timeline.rate.samples(timeline.length_frames, rate_hz) < 2048


def test_the_film_is_neither_black_nor_silent(film: Film) -> None:
    with av.open(str(film.path)) as container:
        bright = [frame.to_ndarray(format="gray").mean() for frame in container.decode(video=0)]
    assert np.median(bright) > 20
    with av.open(str(film.path)) as container:
        sound = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])
    assert np.sqrt(np.mean(sound.astype(np.float64) ** 2)) > 0.02


def test_captions_say_every_word_of_the_chapters(film: Film) -> None:
    said = " ".join(cue.text for cue in film.timeline.cues).split()
    told = [w for number in (1, 2) for w in load(film, f"chapters/chapter_{number}.json")["text"].split()]
    assert said == told
    assert film.project.path("film.srt").read_text().count(" --> ") == len(film.timeline.cues)


def test_a_second_run_makes_nothing_and_changes_nothing(film: Film) -> None:
    files = {path: path.stat().st_mtime_ns for path in film.project.folder.rglob("*") if path.is_file()}
    progress, seen = watched()
    again = title_film(
        "The Last Lighthouse", chapters=2, words=34, settings=SMALL, cache=film.project.cache, progress=progress
    )
    assert again.timeline == film.timeline
    changed = {path.name for path, time in files.items() if path.stat().st_mtime_ns != time}
    assert changed <= {"events.jsonl", ".lock"}  # the lock names its last holder
    for event in seen:
        if event.kind == "done":
            assert event.remembered == event.total, f"{event.step} was made again"


def test_resume_and_render_come_to_the_same_film(film: Film) -> None:
    whole = film.path.read_bytes()
    assert resume(film.project.id, cache=film.project.cache).path.read_bytes() == whole
    assert render_film(film.project.id, cache=film.project.cache).path.read_bytes() == whole


def test_the_film_can_be_put_elsewhere_too(film: Film, tmp_path: Path) -> None:
    out = tmp_path / "mine.mp4"
    again = resume(film.project.id, cache=film.project.cache, out=out)
    assert again.path == out
    assert out.read_bytes() == film.path.read_bytes()


def test_another_voice_keeps_the_story_and_pictures(film: Film) -> None:
    progress, seen = watched()
    title_film(
        "The Last Lighthouse", chapters=2, words=34, voice="none", settings=SMALL,
        project_id="last-lighthouse-silent", cache=film.project.cache, progress=progress,
    )  # fmt: skip
    progress, seen = watched()
    title_film(
        "The Last Lighthouse", chapters=2, words=34, voice="offline:bm_george", settings=SMALL,
        project_id="last-lighthouse-silent", cache=film.project.cache, progress=progress,
    )  # fmt: skip
    done = {event.step: event for event in seen if event.kind == "done"}
    for step in ("write_story", "write_chapters", "illustrate"):
        assert done[step].remembered == done[step].total
    assert done["narrate"].remembered == 0


def test_without_a_voice_captions_are_paced_for_reading(film: Film) -> None:
    silent = title_film("The Quiet Mill", words=34, voice="none", settings=SMALL, cache=film.project.cache)
    assert not list(silent.project.folder.glob("audio/chapter_*"))
    assert {sound.track for sound in silent.timeline.sounds} == {"music"}
    words = [word for cue in silent.timeline.cues for line in cue.lines for word in line]
    characters = sum(len(word.text) + 1 for word in words)
    seconds = silent.timeline.rate.seconds(words[-1].end_frame - words[0].start_frame)
    assert 8 < characters / seconds < 20


def test_captions_begin_where_the_voice_speaks(film: Film) -> None:
    windows = film.timeline.voice_windows
    assert windows
    cue_starts = [cue.lines[0][0].start_frame for cue in film.timeline.cues]
    inside = [any(start - 3 <= frame <= end + 3 for start, end in windows) for frame in cue_starts]
    assert all(inside)


def test_picture_sizes_follow_the_frame() -> None:
    from storyreel.recipes.title_film import picture_size

    assert picture_size(Settings()) == (2560, 1440)
    assert picture_size(Settings(width_px=1080, height_px=1920)) == (1440, 2560)
    assert picture_size(Settings(width_px=3840, height_px=2160)) == (2880, 1620)


def test_ffprobe_like_facts_of_the_film(film: Film) -> None:
    """BT.709 is tagged, the index comes first, and pictures are H.264 with AAC beside it."""
    with av.open(str(film.path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        context = video.codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        assert (video.width, video.height, video.average_rate) == (320, 180, 12)
    data = film.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
