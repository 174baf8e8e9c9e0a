"""Every kind of film and sound: what is promised, decoded whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import storyreel
from storyreel.errors import Cancelled, InputError
from storyreel.progress import Progress
from storyreel.publish.drawn import sound_samples
from storyreel.publish.scheduling import ordinary_scheduling
from storyreel.publish.targets import TARGETS, target_for, why_not

# kind, file, picture codec and pixels, tag, sound codec, the least PSNR of luma against what was drawn, dB
FILMS = [
    ("mp4", "a.mp4", "h264", "yuv420p", "avc1", "aac", 36),
    ("h265", "b.mp4", "hevc", "yuv420p", "hvc1", "aac", 36),
    ("av1", "c.mp4", "av1", "yuv420p", "av01", "aac", 36),
    ("webm", "d.webm", "vp9", "yuv420p", None, "opus", 36),
    ("prores", "e.mov", "prores", "yuv422p10le", "apcn", "pcm_s24le", 38),
    ("dnxhr", "f.mov", "dnxhd", "yuv422p", "AVdh", "pcm_s24le", 38),
]
SOUNDS = [
    ("g.wav", "pcm_s24le", 100, 0),
    ("h.flac", "flac", 100, 0),
    ("i.mp3", "mp3", 25, 0),
    ("j.m4a", "aac", 25, 1024),
    ("k.opus", "opus", 15, 0),
]


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    error = np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2)
    return float(10 * np.log10(255**2 / error)) if error else 99.0


def codec_of(stream: av.stream.Stream) -> str:
    return {"libdav1d": "av1", "mp3float": "mp3"}.get(stream.codec_context.name, stream.codec_context.name)


def decoded(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.stack(
            [
                frame.reformat(format="rgb24", src_colorspace="ITU709", dst_colorspace="ITU709").to_ndarray()
                for frame in container.decode(video=0)
            ]
        )


@pytest.mark.parametrize(("kind", "name", "codec", "pixels", "tag", "sound", "least_db"), FILMS)
def test_a_film_is_what_its_kind_promises(
    kind, name, codec, pixels, tag, sound, least_db, lamp, timeline, drawn, tmp_path
) -> None:
    done = storyreel.export("lamp", tmp_path / name, kind=kind, cache=lamp.cache)
    assert (done.kind, done.files) == (kind, (tmp_path / name,))
    with av.open(str(done.path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (codec_of(video), video.codec_context.pix_fmt) == (codec, pixels)
        assert (video.width, video.height, video.average_rate) == (256, 144, Fraction(24))
        assert tag is None or video.codec_context.codec_tag == tag
        assert codec_of(audio) == sound
        assert (audio.sample_rate, audio.layout.name) == (48_000, "stereo")
        assert video.codec_context.colorspace == 1  # BT.709
        assert abs(Fraction(container.duration, av.time_base) - 4) <= Fraction(1, 100)
        assert container.metadata.get("title", container.metadata.get("TITLE")) == timeline.title
        assert [chapter["metadata"]["title"] for chapter in container.chapters()] == ["One", "Two"]
        samples = sum(frame.samples for frame in container.decode(audio))
        assert 4 * 48_000 <= samples <= 4 * 48_000 + 1024
    frames = decoded(done.path)
    assert len(frames) == timeline.length_frames
    found = [psnr(one, other) for one, other in zip(frames, drawn, strict=True)]
    assert min(found) > least_db - 6
    assert np.mean(found) > least_db - 3


def probed(path: Path) -> dict[str, Any]:
    """What the ffprobe program says of a file; it shares no library with storyreel."""
    asked = ("-v", "error", "-print_format", "json", "-show_format", "-show_streams", "-show_chapters", "-count_frames")
    done = subprocess.run(["ffprobe", *asked, str(path)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.parametrize(("kind", "name", "codec", "pixels", "tag", "sound", "_"), FILMS)
def test_ffprobe_says_the_same_of_a_film(kind, name, codec, pixels, tag, sound, _, lamp, timeline, tmp_path) -> None:
    done = storyreel.export("lamp", tmp_path / name, kind=kind, cache=lamp.cache)
    told = probed(done.path)
    video, audio = told["streams"][:2]
    assert (video["codec_type"], video["codec_name"], video["pix_fmt"]) == ("video", codec, pixels)
    assert (video["width"], video["height"], video["r_frame_rate"]) == (256, 144, "24/1")
    assert int(video["nb_read_frames"]) == timeline.length_frames
    assert tag is None or video["codec_tag_string"] == tag
    assert video["color_space"] == "bt709"
    assert (audio["codec_name"], audio["sample_rate"], audio["channels"]) == (sound, "48000", 2)
    assert abs(float(told["format"]["duration"]) - 4) <= 0.01
    tags = {name.lower(): text for name, text in told["format"]["tags"].items()}
    assert tags["title"] == timeline.title
    assert [chapter["tags"]["title"] for chapter in told["chapters"]] == ["One", "Two"]


@pytest.mark.parametrize(("name", "codec"), [(name, codec) for name, codec, _, _ in SOUNDS])
def test_ffprobe_says_the_same_of_a_sound(name, codec, lamp, tmp_path) -> None:
    told = probed(storyreel.export("lamp", tmp_path / name, cache=lamp.cache).path)
    (audio,) = told["streams"]
    assert (audio["codec_type"], audio["codec_name"]) == ("audio", codec)
    assert (audio["sample_rate"], audio["channels"]) == ("48000", 2)
    assert abs(float(told["format"]["duration"]) - 4) <= 0.1


def test_ffprobe_says_the_same_of_a_gif(lamp, timeline, tmp_path) -> None:
    told = probed(storyreel.export("lamp", tmp_path / "a.gif", cache=lamp.cache).path)
    (picture,) = told["streams"]
    assert picture["codec_name"] == "gif"
    assert int(picture["nb_read_frames"]) == timeline.length_frames // 2
    assert abs(float(told["format"]["duration"]) - 4) <= 0.1


@pytest.mark.skipif(sys.platform != "linux", reason="a library sets the scheduling on Linux alone")
def test_an_encoder_leaves_the_scheduling_as_it_was(lamp, tmp_path) -> None:
    storyreel.export("lamp", tmp_path / "c.mp4", kind="av1", cache=lamp.cache)
    assert set(policies_of_threads().values()) == {os.sched_getscheduler(os.getppid())}


@pytest.mark.skipif(sys.platform != "linux", reason="a library sets the scheduling on Linux alone")
def test_scheduling_changed_in_the_block_is_put_back() -> None:
    before, done = policies_of_threads(), threading.Event()
    with ordinary_scheduling():
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        inherits = threading.Thread(target=done.wait)
        inherits.start()
        changed = policies_of_threads()
        assert changed[threading.get_native_id()] == changed[inherits.native_id] == os.SCHED_BATCH
    after = policies_of_threads()
    done.set()
    inherits.join()
    assert after == before | {inherits.native_id: before[threading.get_native_id()]}


def policies_of_threads() -> dict[int, int]:
    threads = [int(entry.name) for entry in Path("/proc/self/task").iterdir()]
    return {thread: os.sched_getscheduler(thread) for thread in threads}


def test_gif_webm_and_mp4_show_the_same_frames(lamp, drawn, tmp_path) -> None:
    paths = [storyreel.export("lamp", tmp_path / f"a.{end}", cache=lamp.cache).path for end in ("gif", "webm", "mp4")]
    gif, webm, mp4 = (decoded(path) for path in paths)
    assert len(gif) == len(drawn[::2])
    for other in (drawn, webm, mp4):
        found = [psnr(one, two) for one, two in zip(gif, other[::2], strict=True)]
        assert min(found) > 26


@pytest.mark.parametrize(("name", "codec", "least_db", "more"), SOUNDS)
def test_sound_alone_is_the_master(name, codec, least_db, more, lamp, timeline, tmp_path) -> None:
    done = storyreel.export("lamp", tmp_path / name, cache=lamp.cache)
    master = np.concatenate(list(sound_samples(lamp, timeline)))
    assert master.shape == (192_000, 2)
    with av.open(str(done.path)) as container:
        assert not container.streams.video
        assert codec_of(container.streams.audio[0]) == codec
        resampler = av.AudioResampler("fltp", "stereo", 48_000)
        pieces = [piece.to_ndarray() for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    heard = np.concatenate(pieces, axis=1).T
    assert len(master) <= len(heard) <= len(master) + more
    error = heard[: len(master)] - master
    assert 10 * np.log10(np.mean(master**2) / (np.mean(error**2) + 1e-14)) > least_db


def test_the_same_export_again_is_remembered(lamp, tmp_path) -> None:
    storyreel.export("lamp", tmp_path / "a.webm", cache=lamp.cache)
    progress, events = Progress(), []
    progress.listen(events.append)
    storyreel.export("lamp", tmp_path / "b.webm", cache=lamp.cache, progress=progress)
    last = [event for event in events if event.step == "export" and event.kind == "done"][-1]
    assert last.remembered == last.done == 96
    assert (tmp_path / "a.webm").read_bytes() == (tmp_path / "b.webm").read_bytes()


@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.gif", "a.mov", "a.png", "bundle", "a.zip"])
def test_a_stopped_export_leaves_nothing_and_harms_nothing(name, begin, tmp_path) -> None:
    project = begin(tmp_path / "cache")
    out = tmp_path / "out"
    out.mkdir()
    if name != "bundle":
        (out / name).write_bytes(b"as it was")
    progress = Progress()
    progress.listen(lambda event: progress.cancel() if event.done > 3 else None)
    with pytest.raises(Cancelled):
        storyreel.export(project.id, out / name, quality="draft", cache=project.cache, progress=progress)
    assert [path.name for path in out.iterdir()] == ([] if name == "bundle" else [name])
    if name != "bundle":
        assert (out / name).read_bytes() == b"as it was"


def test_no_captions_are_drawn_where_none_are_wanted(lamp, drawn, tmp_path) -> None:
    storyreel.export("lamp", tmp_path / "with.png", at_s=[0.75], cache=lamp.cache)
    storyreel.export("lamp", tmp_path / "without.png", at_s=[0.75], captions=False, cache=lamp.cache)
    from PIL import Image

    shown, bare = (np.asarray(Image.open(tmp_path / name)) for name in ("with.png", "without.png"))
    assert np.array_equal(shown, drawn[18])
    assert np.any(shown != bare)


@pytest.mark.parametrize(
    ("dest", "options", "said"),
    [
        ("a.xyz", {}, "the ending '.xyz' of a.xyz belongs to no kind of export"),
        ("a.mp4", {"kind": "betamax"}, "cannot be exported as 'betamax': choose one of mp4, h265"),
        ("none/a.mp4", {}, "does not exist: create it"),
        ("a.mp4", {"at_s": [1.0]}, "--at is for stills"),
        ("a.mp4", {"end_s": 1.0}, "--from, --to and --width are for a GIF"),
        ("a.png", {"at_s": [9.0]}, "lasts 4.00 s and has no frame at 9 s"),
        ("a.gif", {"start_s": 3.0, "end_s": 2.0}, "nothing of the film lies between 3 s and 2 s"),
    ],
)
def test_an_order_that_cannot_be_met_is_refused_in_a_sentence(dest, options, said, lamp, tmp_path) -> None:
    with pytest.raises(InputError) as refused:
        storyreel.export("lamp", tmp_path / dest, cache=lamp.cache, **options)
    assert said in str(refused.value)
    assert not list(tmp_path.glob("**/*a.*"))


def test_an_encoder_that_pyav_lacks_is_named_in_a_sentence() -> None:
    lacking = replace(TARGETS["h265"], picture="libnothing")
    assert "built without the encoder libnothing, so h265 cannot be written here" in why_not(lacking)
    assert not [target.name for target in TARGETS.values() if why_not(target)]


def test_the_ending_or_the_kind_decides() -> None:
    for name, kind in (
        ("a.mp4", "mp4"),
        ("A.WEBM", "webm"),
        ("out", "bundle"),
        ("a.mov", "prores"),
        ("a.zip", "project"),
    ):
        assert target_for(Path(name)).name == kind
    assert target_for(Path("a.mov"), "dnxhd").name == "dnxhr"
    assert target_for(Path("a.mp4"), "HEVC").name == "h265"


def test_frames_too_small_for_an_encoder_are_refused(begin, tmp_path) -> None:
    from storyreel.recipes._finish import keep_timeline, read_timeline

    project = begin(tmp_path / "cache")
    keep_timeline(project, read_timeline(project).model_copy(update={"width_px": 128, "height_px": 72}))
    with pytest.raises(InputError, match="dnxhr needs frames of at least 256 x 120 pixels"):
        storyreel.export("lamp", tmp_path / "a.mov", kind="dnxhr", cache=project.cache)
