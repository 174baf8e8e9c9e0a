"""A film of a recording, in each format people have, sounds as the recording does; where it is cut it stays in step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.media.sound import SoundFile
from storyreel.providers.contracts import FloatArray, Heard, HeardWord, ListeningRequest
from storyreel.recipes import audio_film as recipe
from storyreel.settings import Settings

SMALL = Settings(width_px=192, height_px=108, rate=Rate(num=10), style="photorealistic", quality="draft")
RATE_HZ = 48_000


@dataclass(frozen=True)
class Counting:
    """A listener that hears words at known moments, some of them fillers; no two alike in a row."""

    moments_s: tuple[float, ...]
    texts: tuple[str, ...] = ("river,", "stone", "um,", "light.")
    longest_s: float = 28.0
    identity: str = "counting/1"

    def hear(self, request: ListeningRequest) -> Heard:
        length_s = len(request.samples) / request.sample_rate_hz
        return Heard(
            words=tuple(
                HeardWord(text=self.texts[k % len(self.texts)], start_s=at_s, end_s=at_s + 0.3, confidence=0.9)
                for k, at_s in enumerate(self.moments_s)
                if at_s + 0.3 <= length_s
            )
        )


def bursts(moments_s: tuple[float, ...], length_s: float) -> FloatArray:
    """A tone of 0.3 s at each moment, each of its own pitch, over the faint noise of a room; shape (n,)."""
    sound = np.random.default_rng(0).normal(0, 1e-3, round(length_s * RATE_HZ))
    at = np.arange(round(0.3 * RATE_HZ)) / RATE_HZ
    for number, moment_s in enumerate(moments_s):
        first = round(moment_s * RATE_HZ)
        sound[first : first + len(at)] += 0.3 * np.sin(2 * np.pi * (300 + 20 * number) * at)
    return sound.astype(np.float32)


MOMENTS_S = tuple(0.5 + 0.75 * k for k in range(11))
LENGTH_S = 8.9

# ending -> container, codec, sample format, whether MP4 can hold it
FORMATS: dict[str, tuple[str, str, str, bool]] = {
    "mp3": ("mp3", "libmp3lame", "fltp", True),
    "m4a": ("mp4", "aac", "fltp", True),
    "wav": ("wav", "pcm_s16le", "s16", False),
    "flac": ("flac", "flac", "s16", True),
    "ogg": ("ogg", "vorbis", "fltp", False),
    "opus": ("ogg", "libopus", "flt", True),
    "webm": ("webm", "libopus", "flt", True),
    "mp4": ("mp4", "aac", "fltp", True),
}


def record(path: Path, samples: FloatArray, ending: str) -> Path:
    """Write a recording in one of the formats; the video formats have a picture that grows brighter by the second."""
    container_name, codec, form, _ = FORMATS[ending]
    with av.open(str(path), "w", format=container_name) as container:
        video: Any = None
        if ending in ("mp4", "webm"):
            video = container.add_stream("libx264" if ending == "mp4" else "libvpx", rate=10)
            video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        layout = "stereo" if codec == "vorbis" else "mono"  # FFmpeg's own encoder knows nothing else
        options = {"strict": "experimental"} if codec == "vorbis" else {}
        stream: Any = container.add_stream(codec, rate=RATE_HZ, layout=layout, options=options)
        stream.codec_context.format = av.AudioFormat(form)
        step = stream.codec_context.frame_size or 1024
        for first in range(0, len(samples), step):
            part = samples[first : first + step]
            if form == "s16":
                part = np.clip(np.rint(part * 32767), -32768, 32767).astype(np.int16)
            channels = np.repeat(part[None], 2 if layout == "stereo" else 1, axis=0)
            frame = av.AudioFrame.from_ndarray(channels, format=form, layout=layout)
            frame.sample_rate, frame.pts = RATE_HZ, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if video is not None:
            for number in range(round(len(samples) / RATE_HZ * 10)):
                grey = np.full((36, 64, 3), 20 * (number // 10), np.uint8)
                container.mux(video.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
            container.mux(video.encode(None))
    return path


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def decoded(path: Path) -> FloatArray:
    with SoundFile(path) as file:
        return file.read(10**8)


def made(path: Path, cache: Path, listener: Counting, **options: Any) -> Any:
    film = recipe.begin(path, settings=SMALL, cache=cache, language="en", **options)
    return recipe.make(replace(film, crew=replace(film.crew, listener=listener)))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, so that pictures are painted once."""
    return tmp_path_factory.mktemp("formats")


@pytest.mark.parametrize("ending", list(FORMATS))
def test_a_finished_film_has_the_recordings_own_packets_or_its_very_samples(
    ending: str, cache: Path, tmp_path: Path
) -> None:
    path = record(tmp_path / f"talk.{ending}", bursts(MOMENTS_S, LENGTH_S), ending)
    film = made(path, cache, Counting(MOMENTS_S), title="talk", project_id=f"talk-{ending}")
    wanted, heard = decoded(path), decoded(film.path)
    if FORMATS[ending][3]:
        theirs, ours = packets(path), packets(film.path)
        assert ours == theirs[: len(ours)]
        assert len(ours) >= len(theirs) - 1
    else:
        with av.open(str(film.path)) as container:
            assert container.streams.audio[0].codec_context.name == "flac"
        least = 0.0 if ending == "wav" else 2.0**-23  # what a decoder gives in floating point has no end of digits
        assert np.abs(heard[: len(wanted)] - wanted[: len(heard)]).max() <= least
    # Whichever way: what is heard when is the same, to the sample.
    compared = slice(2 * RATE_HZ, 6 * RATE_HZ)
    assert np.abs(heard[compared] - wanted[compared]).max() < 1e-4
    assert abs(film.timeline.length_frames / 10 - len(wanted) / RATE_HZ) <= 0.1


@pytest.mark.parametrize("ending", ["mp4", "mp3", "wav"])
def test_with_fillers_cut_sound_captions_and_picture_stay_in_step(ending: str, cache: Path, tmp_path: Path) -> None:
    path = record(tmp_path / f"cut.{ending}", bursts(MOMENTS_S, LENGTH_S), ending)
    film = made(path, cache, Counting(MOMENTS_S), title="cut", project_id=f"cut-{ending}", cut_fillers=True)
    stay = [k for k in range(len(MOMENTS_S)) if k % 4 != 2]
    gone = len(MOMENTS_S) - len(stay)
    heard = decoded(film.path)[:, 0]
    # Every tone that stays is there, in order, and where its caption is; those of the fillers are gone.
    shown_s = [w.start_frame / 10 for cue in film.timeline.cues for line in cue.lines for w in line]
    assert len(shown_s) == len(stay)
    at = np.arange(round(0.25 * RATE_HZ)) / RATE_HZ
    apart_s = []
    for number in range(len(MOMENTS_S)):
        tone = np.exp(-2j * np.pi * (300 + 20 * number) * at)
        hops = range(0, len(heard) - len(at), 240)
        strength = np.array([abs(np.vdot(tone.conj(), heard[first : first + len(at)])) for first in hops]) / len(at)
        if number not in stay:
            assert strength.max() < 0.06, number
            continue
        assert strength.max() > 0.13, number
        begins_s = int(np.argmax(strength)) * 240 / RATE_HZ - 0.025
        apart_s.append(begins_s - shown_s[stay.index(number)])
    assert max(map(abs, apart_s)) <= 0.1, "a caption begins in the frame in which its word does, or next to it"
    assert all(a < b for a, b in pairwise(shown_s))
    # The picture is as long as the sound, and both are shorter by what was cut.
    with av.open(str(film.path)) as container:
        assert container.streams.video[0].frames == film.timeline.length_frames
    assert abs(film.timeline.length_frames / 10 - len(heard) / RATE_HZ) <= 0.1
    assert 0.3 * gone < LENGTH_S - len(heard) / RATE_HZ < gone, "the fillers, and what is too much of their pauses"
