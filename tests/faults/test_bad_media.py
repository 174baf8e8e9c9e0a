"""Files that people bring into a film: odd ones are shown and heard, bad ones refused with their name and the reason.

What is refused is no part of the film: its edits stay as they were, and it renders as before.
"""

from __future__ import annotations

import io
import json
import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from storyreel.errors import InputError
from storyreel.recipes.resume import edit, render_film
from storyreel.recipes.title_film import title_film
from storyreel.settings import Settings

RATE_HZ = 48_000
PLAYLIST = "#EXTM3U\n#EXTINF:5,\nfile:///etc/hostname\n"
SCRIPT = "ffconcat version 1.0\nfile '/etc/hostname'\n"


def picture(kind: str, mode: str, size: tuple[int, int], **options: object) -> bytes:
    data = io.BytesIO()
    Image.new(mode, size, options.pop("colour", 0)).save(data, kind, **options)
    return data.getvalue()


def sound(samples: np.ndarray, rate_hz: int = RATE_HZ, layout: str = "mono", kind: str = "wav") -> bytes:
    data = io.BytesIO()
    with av.open(data, "w", format=kind) as container:
        stream = container.add_stream("pcm_f32le" if kind == "wav" else "aac", rate=rate_hz)
        stream.layout = layout
        packed = samples.astype(np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, "flt" if kind == "wav" else "fltp", layout)
        frame.sample_rate, frame.pts = rate_hz, 0
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return data.getvalue()


def tone(rate_hz: int = RATE_HZ, seconds: float = 2.0) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate_hz)) / rate_hz)


def broken_tone() -> np.ndarray:
    samples = tone()
    samples[1000:1100] = np.nan
    return samples


def silent_wav() -> bytes:
    """A header that promises no samples."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
    return data.getvalue()


def frames_missing() -> bytes:
    """A video stream's header with not one picture behind it."""
    data = io.BytesIO()
    with av.open(data, "w", format="matroska") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        container.start_encoding()
    return data.getvalue()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = tmp_path_factory.mktemp("film") / "cache"
    settings = Settings(width_px=192, height_px=108, quality="draft")
    title_film("The Lamp", words=30, voice="none", settings=settings, project_id="lamp", cache=cache)
    return cache


@pytest.fixture
def cache(film: Path, tmp_path: Path) -> Path:
    shutil.copytree(film, tmp_path / "cache", symlinks=True)
    return tmp_path / "cache"


def bring(cache: Path, kind: str, name: str, data: bytes) -> None:
    (cache.parent / name).write_bytes(data)
    change = {"kind": kind, "file": name} | ({"clip": "s0001"} if kind == "replace_picture" else {})
    (cache.parent / "edits.json").write_text(json.dumps([change]))
    edit("lamp", cache.parent / "edits.json", cache=cache)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("cmyk.jpg", lambda: picture("JPEG", "CMYK", (120, 80), colour=(0, 200, 200, 0))),
        ("wide.png", lambda: picture("PNG", "L", (30_000, 400), colour=128)),
        (
            "moving.gif",
            lambda: picture("GIF", "P", (64, 48), save_all=True, append_images=[Image.new("P", (64, 48), 9)]),
        ),
    ],
)
def test_odd_pictures_are_shown(cache: Path, name: str, make: Callable[[], bytes]) -> None:
    before = (cache / "projects/lamp/film.mp4").read_bytes()
    bring(cache, "replace_picture", name, make())
    assert (cache / "projects/lamp/film.mp4").read_bytes() != before


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("phone.wav", lambda: sound(tone(8000), 8000)),
        ("cinema.wav", lambda: sound(np.repeat(tone()[:, None], 6, axis=1), layout="5.1")),
    ],
)
def test_odd_sounds_are_heard(cache: Path, name: str, make: Callable[[], bytes]) -> None:
    bring(cache, "replace_music", name, make())
    with av.open(str(cache / "projects/lamp/film.mp4")) as container:
        heard = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    spectrum = np.abs(np.fft.rfft(heard[0, RATE_HZ // 2 : 3 * RATE_HZ // 2]))
    assert spectrum.argmax() == pytest.approx(440, abs=2)


@pytest.mark.parametrize(
    ("kind", "name", "make", "says"),
    [
        ("replace_picture", "none.png", lambda: b"", r"none\.png cannot be read \(it is empty\)"),
        ("replace_picture", "huge.png", lambda: picture("PNG", "1", (30_000, 30_000)), r"more than 64 million"),
        ("replace_picture", "letter.png", lambda: b"Dear reader", r"letter\.png cannot be read"),
        ("replace_picture", "half.png", lambda: picture("PNG", "RGB", (300, 300))[:200], r"half\.png cannot be read"),
        ("replace_picture", "song.mp4", lambda: sound(tone(), kind="mp4"), r"holds sound but no picture"),
        ("replace_picture", "void.mkv", frames_missing, r"void\.mkv (is a video without a single picture|cannot be)"),
        ("replace_picture", "list.mp4", lambda: PLAYLIST.encode(), r"list\.mp4 cannot be read"),
        ("replace_picture", "script.mp4", lambda: SCRIPT.encode(), r"script\.mp4 cannot be read"),
        ("replace_music", "list.mp3", lambda: PLAYLIST.encode(), r"list\.mp3 cannot be read"),
        ("replace_music", "script.wav", lambda: SCRIPT.encode(), r"only refers to other files"),
        ("replace_music", "letter.mp3", lambda: b"Dear reader", r"letter\.mp3 cannot be read"),
        ("replace_music", "broken.wav", lambda: sound(broken_tone()), r"samples that are not numbers"),
        ("replace_music", "short.wav", lambda: sound(tone())[:9000], r"short\.wav"),
        ("replace_music", "nothing.wav", silent_wav, r"nothing\.wav"),
    ],
)
def test_bad_files_are_refused_by_name_and_change_nothing(
    cache: Path, kind: str, name: str, make: Callable[[], bytes], says: str
) -> None:
    whole = (cache / "projects/lamp/film.mp4").read_bytes()
    with pytest.raises(InputError, match=says):
        bring(cache, kind, name, make())
    assert not (cache / "projects/lamp/edits.json").exists()
    assert render_film("lamp", cache=cache).path.read_bytes() == whole


def test_a_film_with_a_missing_picture_is_refused_by_name_and_previewed_with_a_placeholder(cache: Path) -> None:
    timeline = cache / "projects/lamp/timeline.json"
    laid = json.loads(timeline.read_text())
    laid["clips"][0]["asset"] = None
    timeline.write_text(json.dumps(laid))
    with pytest.raises(Exception, match="no picture has been made for clip s0001"):
        render_film("lamp", cache=cache)
    shown = render_film("lamp", cache=cache, preview=True)
    with av.open(str(shown.path)) as container:
        stream = container.streams.video[0]
        assert sum(1 for _ in container.decode(stream)) == stream.frames == shown.timeline.length_frames
