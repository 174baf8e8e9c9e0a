"""Recordings as people have them are taken in; what is none is refused in a sentence, and nothing else is opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from storyreel.errors import InputError
from storyreel.media.listen import prepare_sound, take_in
from storyreel.media.probe import probe
from storyreel.project import Project


def write(path: Path, codec: str, *, rate_hz: int = 48_000, layout: str = "stereo", length_s: float = 2.0,
          picture: bool = False, sound: bool = True, silent: bool = False) -> Path:  # fmt: skip
    """A small file of any kind: a gliding tone, over a grey picture if one is wanted."""
    with av.open(str(path), "w") as container:
        if picture:
            video: Any = container.add_stream("libx264", rate=10)
            video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        if sound:
            stream: Any = container.add_stream(codec, rate=rate_hz, layout=layout)
            at = np.arange(round(length_s * rate_hz)) / rate_hz
            tone = (0.0 if silent else 9000.0) * np.sin(2 * np.pi * (220 + 60 * np.sin(3 * at)) * at)
            channels = stream.codec_context.layout.nb_channels
            whole = np.repeat(tone.astype(np.int16)[:, None], channels, axis=1)
            resampler = av.AudioResampler(stream.codec_context.format, layout, rate_hz)
            fifo = av.AudioFifo()
            for first in range(0, len(whole), 48_000 * 30):
                part = whole[first : first + 48_000 * 30]
                frame = av.AudioFrame.from_ndarray(part.reshape(1, -1), format="s16", layout=layout)
                frame.sample_rate, frame.pts = rate_hz, first
                for out in resampler.resample(frame):
                    out.pts = None
                    fifo.write(out)
            size = stream.codec_context.frame_size or 4096
            written = 0
            while (frame := fifo.read(size, partial=True)) is not None:
                frame.pts, written = written, written + frame.samples
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        if picture:
            for index in range(round(length_s * 10)):
                image = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 90, np.uint8), format="rgb24")
                image.pts = index
                container.mux(video.encode(image))
            container.mux(video.encode(None))
    return path


KINDS = [
    ("talk.mp3", "libmp3lame", {}), ("talk.m4a", "aac", {}), ("talk.wav", "pcm_s16le", {}), ("talk.flac", "flac", {}),
    ("talk.ogg", "libopus", {}), ("talk.opus", "libopus", {}), ("talk.webm", "libopus", {}),
    ("talk.mp4", "aac", {"picture": True}), ("phone.wav", "pcm_s16le", {"rate_hz": 8000, "layout": "mono"}),
    ("cinema.flac", "flac", {"layout": "5.1"}), ("cinema.m4a", "aac", {"layout": "5.1"}),
    ("TALK.MP3", "libmp3lame", {"layout": "mono"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "codec", "how"), KINDS, ids=[f"{name} {how}" for name, _, how in KINDS])
def test_every_kind_people_have_is_taken_in_and_decoded(name: str, codec: str, how: Any, tmp_path: Path) -> None:
    path = write(tmp_path / name, codec, **how)
    project = Project("talk", tmp_path / "cache")
    recording = take_in(project, path)
    assert recording.probed.has_pictures is how.get("picture", False)
    assert recording.probed.channels == {"5.1": 6, "mono": 1}.get(how.get("layout", ""), 2)
    path.unlink()  # the copy is the project's own
    sound = prepare_sound(project, recording)
    assert abs(sound.duration_s - 2.0) < 0.06
    assert sound.warning == ""


def playlist(path: Path) -> Path:
    path.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{path.parent}/secret.wav\n#EXT-X-ENDLIST\n"
    )
    return path


def concat(path: Path) -> Path:
    path.write_text(f"ffconcat version 1.0\nfile '{path.parent}/secret.wav'\n")
    return path


def reference(path: Path) -> Path:
    """A QuickTime file whose only content is the address of another: 'rmra' holding 'rdrf'."""
    address = f"file://{path.parent}/secret.wav".encode() + b"\0"

    def atom(kind: bytes, content: bytes) -> bytes:
        return (len(content) + 8).to_bytes(4, "big") + kind + content

    rdrf = atom(b"rdrf", b"\0\0\0\0url " + len(address).to_bytes(4, "big") + address)
    path.write_bytes(atom(b"ftyp", b"qt  \0\0\0\0qt  ") + atom(b"moov", atom(b"rmra", atom(b"rmda", rdrf))))
    return path


def text(path: Path) -> Path:
    path.write_text("This is no recording at all.\n" * 50)
    return path


def cut_m4a(path: Path) -> Path:
    write(path, "aac")
    path.write_bytes(path.read_bytes()[:2000])
    return path


def link_to_nothing(path: Path) -> Path:
    path.symlink_to(path.parent / "gone.wav")
    return path


def empty(path: Path) -> Path:
    path.touch()
    return path


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


WRONG: list[tuple[str, Callable[[Path], Path], str]] = [
    ("list.mp3", playlist, "no sound or video file"),
    ("list.wav", concat, "only refers to other files"),
    ("talk.mov", reference, r"talk\.mov"),
    ("notes.mp3", text, "no sound or video file"),
    ("cut.m4a", cut_m4a, "damaged"),
    ("link.wav", link_to_nothing, "there is no file"),
    ("empty.mp3", empty, "is empty"),
    ("pipe.wav", pipe, "no ordinary file"),
    ("missing.wav", lambda path: path, "there is no file"),
    ("folder", lambda path: path.mkdir() or path, "is a folder"),
    ("silent.mp4", lambda path: write(path, "", picture=True, sound=False), "without a sound track"),
    ("blip.wav", lambda path: write(path, "pcm_s16le", length_s=0.1), "lasts 0.10 s"),
]


@pytest.mark.parametrize(("name", "make", "sentence"), WRONG, ids=[name for name, *_ in WRONG])
def test_what_is_no_recording_is_refused_in_one_sentence(
    name: str, make: Callable[[Path], Path], sentence: str, tmp_path: Path
) -> None:
    write(tmp_path / "secret.wav", "pcm_s16le")
    path = make(tmp_path / name)
    with pytest.raises(InputError, match=sentence) as told:
        probe(path)
    assert "\n" not in str(told.value)


def test_a_recording_of_three_hours_is_refused_by_its_head(tmp_path: Path) -> None:
    path = write(tmp_path / "long.wav", "pcm_s16le", rate_hz=8000, layout="mono", length_s=1.0)
    head = bytearray(path.read_bytes()[:80])
    size = 3 * 3600 * 16_000
    at = head.index(b"data")
    head[4:8], head[at + 4 : at + 8] = (size + at).to_bytes(4, "little"), size.to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(head[: at + 8])
        file.truncate(size + at + 8)  # a file with a hole in it takes no room
    with pytest.raises(InputError, match="lasts 3 h 00 min, and a recording may last two hours"):
        probe(path)


def test_an_mp3_that_is_cut_short_is_used_as_far_as_it_goes_and_that_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "talk.mp3", "libmp3lame", length_s=30.0)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    project = Project("talk", tmp_path / "cache")
    sound = prepare_sound(project, take_in(project, path))
    assert 14 < sound.duration_s < 16
    assert "talk.mp3 is cut short: its head says 30 s, 15 s are there" in sound.warning


@pytest.mark.parametrize(("name", "codec"), [("talk.wav", "pcm_s16le"), ("talk.flac", "flac")])
def test_a_lossless_file_that_is_cut_short_is_refused_by_its_name(name: str, codec: str, tmp_path: Path) -> None:
    path = write(tmp_path / name, codec, length_s=20.0)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    project = Project("talk", tmp_path / "cache")
    with pytest.raises(InputError, match=f"{name}.* cut short|{name}.*damaged"):
        prepare_sound(project, take_in(project, path))
