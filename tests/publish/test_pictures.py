"""GIFs, stills, thumbnails, chapters, the bundle, and the way on in MoviePy."""

from __future__ import annotations

import io
import json
import os
import stat
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageFilter

import storyreel
from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.progress import Progress
from storyreel.project import Project, Record
from storyreel.providers.contracts import AnimationRequest, ImageRequest
from storyreel.providers.offline.animator import OfflineAnimator
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.publish.chapters import chapters, youtube_chapters, youtube_fault
from storyreel.publish.gif import MOST_BYTES_A_SECOND, gif_form
from storyreel.publish.manifest import Manifest
from storyreel.publish.stills import shot_frames
from storyreel.publish.thumbnails import measure, telling_frames
from storyreel.recipes._finish import keep_timeline
from storyreel.recipes.resume import render_film
from storyreel.settings import Settings
from storyreel.timeline.model import Card, Clip, Motion, Rect, Timeline


def film_of(
    folder: Path, pictures: list[Image.Image], length_frames: int, size: tuple[int, int], **more: object
) -> Project:
    """A project whose clips show these pictures, each as long."""
    project = Project("shown", folder / "cache")
    rate = Rate(num=30)
    width, height = size
    project.save_record(
        Record(recipe="test", inputs={}, crew={}, settings=Settings(width_px=width, height_px=height, rate=rate))
    )
    clips = []
    for number, picture in enumerate(pictures):
        data = io.BytesIO()
        picture.save(data, "PNG")
        blob = store_of(project).put_bytes(data.getvalue(), ".png")
        asset = Asset(kind="image", blob=blob, width_px=picture.width, height_px=picture.height,
                      provenance=Provenance(provider="test"))  # fmt: skip
        clips.append(Clip(id=f"s{number}", asset=asset, start_frame=number * length_frames, length_frames=length_frames,
                          motion=more.get("motion", Motion())))  # fmt: skip
    keep_timeline(project, Timeline(title="Shown", rate=rate, width_px=width, height_px=height,
                                    length_frames=length_frames * len(pictures), clips=tuple(clips)))  # fmt: skip
    return project


def test_even_noise_is_a_gif_that_keeps_ten_seconds_under_15_mb(tmp_path) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (400, 720, 3), np.uint8))
    motion = Motion(start=Rect(height=0.9), end=Rect(x=0.4, height=0.7))
    project = film_of(tmp_path, [noise], 10, (854, 480), motion=motion)
    progress, events = Progress(), []
    progress.listen(events.append)
    path = storyreel.export("shown", tmp_path / "a.gif", cache=project.cache, progress=progress).path
    assert path.stat().st_size <= MOST_BYTES_A_SECOND / 3
    assert 10 * MOST_BYTES_A_SECOND < 15_000_000
    assert [event.message for event in events if event.kind == "warned" and "colours" in event.message]
    with Image.open(path) as gif:
        assert gif.size == (480, 270)
        assert gif.info["loop"] == 0


def painted(folder: Path, prompts: dict[str, int], size: tuple[int, int] = (480, 270)) -> Project:
    """A film at 24 frames a second of painted places that a camera moves through, each for so many frames."""
    project, rate, (width, height) = Project("shown", folder / "cache"), Rate(num=24), size
    project.save_record(
        Record(recipe="test", inputs={}, crew={}, settings=Settings(width_px=width, height_px=height, rate=rate))
    )
    clips, at = list[Clip](), 0
    for number, (prompt, length) in enumerate(prompts.items()):
        png = OfflinePainter().draw(ImageRequest(prompt=prompt, width_px=width, height_px=height, seed=number))
        request = AnimationRequest(prompt=prompt, first_frame=png, last_frame=None, duration_s=length / 24,
                                   width_px=width, height_px=height, frames_per_s=24)  # fmt: skip
        blob = store_of(project).put_bytes(OfflineAnimator().animate(request), ".mp4")
        asset = Asset(kind="video", blob=blob, width_px=width, height_px=height, duration_s=length / 24,
                      provenance=Provenance(provider="test"))  # fmt: skip
        clips.append(Clip(id=f"s{number}", asset=asset, start_frame=at, length_frames=length))
        at += length
    keep_timeline(project, Timeline(title="Shown", rate=rate, width_px=width, height_px=height,
                                    length_frames=at, clips=tuple(clips)))  # fmt: skip
    return project


STORM = "a lighthouse on a cliff in a storm, heavy rain, night, waves"


@pytest.mark.parametrize("prompts", [
    {STORM: 30},
    pytest.param({STORM: 80, "a pine forest in snowfall at dawn, a rider on a path, mist": 80,
                  "a market street in an old town at noon, crowds, colourful awnings": 80}, marks=pytest.mark.soak),
])  # fmt: skip
def test_painted_rain_and_snow_in_motion_stay_smooth_and_under_15_mb(prompts, tmp_path) -> None:
    project = painted(tmp_path, prompts)
    path = storyreel.export("shown", tmp_path / "a.gif", cache=project.cache).path
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24").astype(np.int16) for frame in container.decode(video=0)]
        length_s = container.duration / av.time_base
    assert length_s == pytest.approx(sum(prompts.values()) / 24, abs=0.1)
    assert len(frames) / length_s >= 7.9
    assert frames[0].shape == (270, 480, 3)
    assert len(np.unique(frames[0].reshape(-1, 3), axis=0)) > 128
    assert path.stat().st_size <= length_s * MOST_BYTES_A_SECOND
    assert length_s < 9.9 or path.stat().st_size < 15_000_000
    moved = np.mean([np.abs(one - other).mean() for one, other in pairwise(frames)])
    assert moved > 3, "it moves all over"


def test_a_gif_has_a_smooth_sky_and_its_own_speed(tmp_path) -> None:
    y = np.linspace(0, 1, 270)[:, None, None]
    sky = Image.fromarray(
        np.uint8(np.array([255, 170, 90]) * (1 - y) + np.array([40, 60, 130]) * y).repeat(480, axis=1)
    )
    project = film_of(tmp_path, [sky, sky.rotate(180)], 30, (480, 270))
    path = storyreel.export("shown", tmp_path / "a.gif", start_s=0.5, cache=project.cache).path
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        assert len(frames) == 23
        assert container.duration == pytest.approx(1_533_333, abs=15_000)
    blurred = np.asarray(Image.fromarray(frames[0]).filter(ImageFilter.GaussianBlur(3)), np.float64)
    assert np.abs(blurred - np.asarray(sky, np.float64))[8:-8, 8:-8].mean() < 2.0
    assert len(np.unique(frames[0].reshape(-1, 3), axis=0)) <= 256


def test_a_gif_of_minutes_is_refused_with_the_way_on(timeline) -> None:
    long = timeline.model_copy(update={"length_frames": 24 * 90})
    with pytest.raises(InputError, match="a GIF of 90 s would be huge: choose up to 60 s"):
        gif_form(long, 0, 24 * 90)


def test_stills_are_one_a_shot_or_the_moments_asked_for(lamp, timeline, drawn, tmp_path) -> None:
    shots = storyreel.export("lamp", tmp_path / "shots", kind="stills", cache=lamp.cache)
    assert [path.name for path in shots.files] == [f"000{n + 1}_s{n}.png" for n in range(4)]
    for path, frame in zip(shots.files, shot_frames(timeline), strict=True):
        assert np.array_equal(np.asarray(Image.open(path)), drawn[frame])
    asked = storyreel.export("lamp", tmp_path / "asked", kind="stills", at_s=[2.0, 0.0, 3.99], cache=lamp.cache)
    assert [path.name for path in asked.files] == ["frame_000000.png", "frame_000048.png", "frame_000095.png"]
    assert np.array_equal(np.asarray(Image.open(asked.files[1])), drawn[48])


def test_a_shots_frame_lies_outside_its_transitions(timeline) -> None:
    assert list(shot_frames(timeline).values()) == ["s0", "s1", "s2", "s3"]
    for frame in shot_frames(timeline):
        assert all(abs(frame - cut.start_frame) > 4 for cut in timeline.clips[1:])


def detailed(seed: int) -> Image.Image:
    """Many sharp coloured shapes, most of them in the middle."""
    random = np.random.default_rng(seed)
    picture = np.full((216, 384, 3), random.integers(60, 120, 3), np.uint8)
    for _ in range(160):
        x, y = random.normal((192, 108), (70, 40)).astype(int).clip(4, (376, 208))
        picture[y : y + 9, x : x + 9] = random.integers(0, 256, 3)
    return Image.fromarray(picture)


def test_the_thumbnail_is_sharp_and_tells_something(tmp_path) -> None:
    sharp, black, flat = detailed(1), Image.new("RGB", (384, 216)), Image.new("RGB", (384, 216), (120, 120, 120))
    pictures = [
        black,
        sharp.filter(ImageFilter.GaussianBlur(6)),
        flat,
        sharp,
        detailed(2).filter(ImageFilter.GaussianBlur(4)),
    ]
    project = film_of(tmp_path, pictures, 20, (384, 216))
    from storyreel.recipes._finish import read_timeline

    chosen = telling_frames(project, read_timeline(project), 3)
    assert chosen[0].clip == "s3"
    assert not {"s0", "s2"} & {each.clip for each in chosen}
    assert len({each.clip for each in chosen}) == len(chosen)
    path = storyreel.export("shown", tmp_path / "a.jpg", cache=project.cache).path
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (384, 216))
        error = np.asarray(picture, np.float64) - np.asarray(sharp, np.float64)
    assert np.abs(error).mean() < 8


def test_one_picture_seen_twice_gives_one_thumbnail(tmp_path) -> None:
    from storyreel.recipes._finish import read_timeline

    half = detailed(4)
    half.paste((250, 240, 80), (0, 0, 192, 216))  # its halves look quite unlike
    project = film_of(tmp_path, [half, half, detailed(5)], 20, (384, 216))
    timeline = read_timeline(project)
    left, right = (Motion(start=rect, end=rect) for rect in (Rect(x=0.25, height=0.5), Rect(x=0.75, height=0.5)))
    clips = [
        clip.model_copy(update={"motion": move})
        for clip, move in zip(timeline.clips, (left, right, Motion()), strict=True)
    ]
    chosen = telling_frames(project, timeline.model_copy(update={"clips": tuple(clips)}), 3)
    assert len(chosen) == 2
    assert {"s2"} < {each.clip for each in chosen}


def test_each_measure_tells_what_it_is_for() -> None:
    sharp = np.asarray(detailed(3))
    soft = np.asarray(detailed(3).filter(ImageFilter.GaussianBlur(3)))
    grey = np.repeat(sharp.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    pale = (sharp // 4 + 90).astype(np.uint8)
    assert measure(sharp)["sharpness"] > 4 * measure(soft)["sharpness"]
    assert measure(sharp)["colour"] > measure(grey)["colour"] + 10
    assert measure(sharp)["contrast"] > 2 * measure(pale)["contrast"]
    assert measure(sharp)["subject"] > measure(np.roll(sharp, (108, 192), (0, 1)))["subject"]


def test_chapters_tile_the_film_and_begin_with_their_pictures(timeline) -> None:
    first, second = chapters(timeline)
    assert (first.title, first.start_frame, first.end_frame) == ("One", 0, 54)
    assert (second.title, second.start_frame, second.end_frame) == ("Two", 54, 96)
    assert youtube_chapters(timeline) == "0:00 One\n0:02 Two\n"
    assert "shows chapters from three on" in youtube_fault(timeline)
    lengths = (24_000, 24_000, 24_000, 24 * 700)
    clips = tuple(
        timeline.clips[0].model_copy(update={"start_frame": 24_000 * number, "length_frames": length})
        for number, length in enumerate(lengths)
    )
    hour = timeline.model_copy(update={"length_frames": 24 * 3700, "clips": clips})
    cards = tuple(Card(start_frame=24 * 1000 * n + 5, length_frames=9, title=f"Part {n}") for n in range(4))
    told = youtube_chapters(hour.model_copy(update={"cards": cards}))
    assert told.splitlines() == ["0:00:00 Part 0", "0:16:40 Part 1", "0:33:20 Part 2", "0:50:00 Part 3"]
    assert youtube_fault(hour.model_copy(update={"cards": cards})) == ""
    assert [each.title for each in chapters(timeline.model_copy(update={"cards": ()}))] == ["Lamp & <Lighthouse>"]


def test_a_bundle_holds_all_that_goes_out(lamp, tmp_path) -> None:
    done = storyreel.export("lamp", tmp_path / "out", cache=lamp.cache)
    names = {path.relative_to(tmp_path / "out").as_posix() for path in done.files}
    assert {
        "film.mp4", "film.webm", "sound.m4a", "captions.srt", "captions.vtt", "captions.ass", "chapters.txt",
        "transcript.txt", "transcript.json", "thumbnail.jpg", "timeline.otio", "timeline.edl", "timeline.fcpxml",
        "timeline media/s0.png", "timeline media/music.wav", "manifest.json", "credits.txt",
    } <= names  # fmt: skip
    assert all(path.is_file() for path in done.files)
    told = json.loads((tmp_path / "out/transcript.json").read_text(encoding="utf-8"))
    assert told["words"][0] == {"text": "Der", "start_s": 0.25, "end_s": 1.083}
    assert [chapter["title"] for chapter in told["chapters"]] == ["One", "Two"]
    (tmp_path / "out/own.txt").write_text("mine")
    again = storyreel.export("lamp", tmp_path / "out", cache=lamp.cache)
    assert again.path == tmp_path / "out/lamp"
    assert (tmp_path / "out/own.txt").read_text() == "mine"


def test_what_lands_in_a_folder_is_the_users_to_write_and_the_caches_file_is_nobodys(lamp, tmp_path) -> None:
    before = {path: path.stat().st_mode for path in (lamp.cache / "store/files").rglob("*") if path.is_file()}
    bundle = storyreel.export("lamp", tmp_path / "all", cache=lamp.cache)
    film = render_film("lamp", cache=lamp.cache, out=tmp_path / "film.mp4")
    for path in (*bundle.files, film.path):
        found = path.stat()
        assert found.st_nlink == 1, path
        assert found.st_mode & stat.S_IWUSR, path
        path.write_bytes(b"mine now")
    assert {path: path.stat().st_mode for path in before} == before
    store = store_of(lamp)
    for each in store.kept(".mp4"):
        os.utime(store.path(each.blob))  # its seal is broken, so that its bytes are read and compared
        assert store.has(each.blob)


def test_origins_and_credits_go_out_by_themselves_too(lamp, timeline, tmp_path) -> None:
    storyreel.export("lamp", tmp_path / "parts.json", kind="manifest", cache=lamp.cache)
    storyreel.export("lamp", tmp_path / "names.txt", kind="credits", cache=lamp.cache)
    found = Manifest.model_validate_json((tmp_path / "parts.json").read_text(encoding="utf-8"))
    assert [entry.used_by for entry in found.assets if entry.role == "picture"] == [(f"s{n}",) for n in range(4)]
    assert (tmp_path / "names.txt").read_text(encoding="utf-8").startswith("Lamp & <Lighthouse>\n\nPictures: test (4)")


def test_moviepy_goes_on_with_the_film_and_its_sound(lamp, timeline, drawn, tmp_path, monkeypatch) -> None:
    clip = timeline.to_moviepy(lamp)
    assert (clip.duration, clip.fps, tuple(clip.size)) == (4.0, 24.0, (256, 144))
    for number in (0, 1, 47, 12, 95):
        assert np.array_equal(clip.get_frame((number + 0.5) / 24), drawn[number])
    assert clip.audio.duration == 4.0
    from storyreel.publish.drawn import sound_samples

    master = np.concatenate(list(sound_samples(lamp, timeline)))
    assert np.allclose(clip.audio.get_frame(np.array([1.0, 1.5])), master[[48_000, 72_000]], atol=1e-6)
    monkeypatch.setenv("STORYREEL_CACHE", str(lamp.cache))
    assert np.array_equal(timeline.to_moviepy().get_frame(2.0), clip.get_frame(2.0))
    shorter = clip.subclipped(1, 2)
    shorter.write_videofile(str(tmp_path / "a.mp4"), logger=None, preset="ultrafast")
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 24
        assert container.streams.audio
