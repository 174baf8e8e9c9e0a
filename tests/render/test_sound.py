from __future__ import annotations

import hashlib
import tracemalloc
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.errors import CorruptFile
from storyreel.media.loudness import integrated_lufs, true_peak
from storyreel.media.model import Asset, Provenance
from storyreel.media.sound import write_flac
from storyreel.memo.blob import Blob
from storyreel.render import sound as render_sound
from storyreel.render.mix import DUCK_DB
from storyreel.render.packets import PacketRun
from storyreel.render.sound import encode_sound, mastered, measure, mixed, sound_steps
from storyreel.timeline.model import Sound, Timeline

RATE = 48_000


class Shelf:
    """Sounds kept as FLAC, found by their blob."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, samples: np.ndarray, rate: int = RATE) -> Asset:
        data = write_flac(samples.astype(np.float32), rate)
        blob = Blob(sha256=hashlib.sha256(data).hexdigest(), suffix=".flac", size_bytes=len(data))
        self.path(blob).write_bytes(data)
        return Asset(kind="audio", blob=blob, duration_s=len(samples) / rate, provenance=Provenance(provider="test"))

    def path(self, blob: Blob) -> Path:
        return self._folder / f"{blob.sha256}{blob.suffix}"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def film(length_frames: int, *sounds: Sound, rate: Rate | None = None, **fields: object) -> Timeline:
    return Timeline(
        **{
            "title": "t",
            "rate": rate or Rate(),
            "width_px": 64,
            "height_px": 64,
            "length_frames": length_frames,
            "clips": (),
            "sounds": sounds,
        }
        | fields
    )


def voice(seconds: float, rate: int = 24_000, seed: int = 0) -> np.ndarray:
    """A hummed, syllabic voice, mono."""
    time = np.arange(round(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * 130 * k * time + k) / k for k in range(1, 18))
    syllables = np.clip(np.sin(2 * np.pi * 3 * time + seed) + 0.5, 0, None)
    return (0.08 * buzz * syllables).astype(np.float32)


def music(seconds: float, seed: int = 0) -> np.ndarray:
    """Steady low noise, stereo."""
    noise = np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2))
    kernel = np.hanning(40) / np.hanning(40).sum()
    return np.stack([np.convolve(channel, kernel, "same") for channel in noise.T], axis=1) * 0.1


def decode(run: PacketRun, path: Path) -> np.ndarray:
    """What a player hears: the run in an MP4 file, decoded by way of its edit list."""
    with av.open(str(path), "w", format="mp4") as container:
        template = av.CodecContext.create("aac", "r")
        template.extradata = run.extradata
        stream = container.add_stream("aac", rate=RATE, layout="stereo")
        stream.codec_context.extradata = run.extradata
        stream.time_base = run.time_base
        for packet in run.packets:
            out = av.Packet(packet.data)
            out.pts, out.dts, out.duration = packet.pts, packet.dts, packet.duration
            out.time_base, out.stream, out.is_keyframe = run.time_base, stream, packet.keyframe
            container.mux_one(out)
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(blocks, axis=1).T


def all_of(blocks: object) -> np.ndarray:
    return np.concatenate(list(blocks))  # type: ignore[call-overload]


@pytest.mark.parametrize("rate", [Rate(), Rate(num=24_000, den=1001), Rate(num=25)])
@pytest.mark.parametrize("frames", [1, 47, 301])
def test_the_track_is_as_long_as_the_film_to_the_sample(shelf: Shelf, rate: Rate, frames: int) -> None:
    run = encode_sound(film(frames, rate=rate), shelf.path)
    assert sum(packet.duration for packet in run.packets) == rate.samples(frames, RATE) + 1024
    assert run.packets[0].pts == -1024
    ends = [packet.pts + packet.duration for packet in run.packets]
    assert ends[-1] == rate.samples(frames, RATE)
    assert ends[:-1] == [packet.pts for packet in run.packets[1:]]
    assert (run.codec, run.time_base) == ("aac", Fraction(1, RATE))


def test_a_film_without_sound_is_silent(shelf: Shelf, tmp_path: Path) -> None:
    sound = decode(encode_sound(film(90), shelf.path), tmp_path / "a.mp4")
    assert len(sound) >= 3 * RATE
    assert not sound.any()


def test_clicks_are_heard_on_their_frames_at_the_start_and_ten_minutes_in(shelf: Shelf, tmp_path: Path) -> None:
    """One millisecond is 48 samples; a drift of one part in a million would show."""
    rate = Rate(num=30_000, den=1001)
    burst = np.zeros(2400)
    burst[:96] = 0.8 * np.sin(2 * np.pi * 2000 * np.arange(96) / RATE) * np.hanning(96)
    click = shelf.keep(burst)
    starts = [10, 50, 17_990, 18_030]
    sounds = [Sound(asset=click, track="effects", start_frame=start, length_frames=2) for start in starts]
    heard = decode(encode_sound(film(18_060, *sounds, rate=rate), shelf.path), tmp_path / "a.mp4")[:, 0]
    for start in starts:
        first = rate.samples(start, RATE)
        near = heard[first - 4000 : first + 4000]
        shifts = np.correlate(near, burst[:96], "valid")
        assert abs(int(np.abs(shifts).argmax()) - 4000) <= 2


def test_the_track_has_the_loudness_and_the_peak_that_were_asked_for(shelf: Shelf, tmp_path: Path) -> None:
    frames = 20 * 30
    timeline = film(
        frames,
        Sound(asset=shelf.keep(voice(14), 24_000), track="narration", start_frame=90, length_frames=420),
        Sound(asset=shelf.keep(music(20)), track="music", start_frame=0, length_frames=frames, gain_db=-6, ducked=True),
        voice_windows=((90, 510),),
    )
    warnings: list[str] = []
    heard = decode(encode_sound(timeline, shelf.path, on_warning=warnings.append), tmp_path / "a.mp4")
    assert integrated_lufs(heard, RATE) == pytest.approx(-14.0, abs=0.5)
    assert 20 * np.log10(true_peak(heard)) <= -1.0
    assert not warnings


@pytest.mark.parametrize("target", [-16.0, -23.0])
def test_other_loudnesses_are_reached_too(shelf: Shelf, target: float) -> None:
    timeline = film(
        300,
        Sound(asset=shelf.keep(music(10)), track="music", start_frame=0, length_frames=300),
        loudness_lufs=target,
    )
    done = all_of(mastered(timeline, shelf.path, measure(timeline, shelf.path)))
    assert integrated_lufs(done, RATE) == pytest.approx(target, abs=0.2)


def test_music_gives_way_to_the_voice_and_comes_back(shelf: Shelf) -> None:
    """The measured fall is the one that was set, and the master does not undo it."""
    timeline = film(
        600,
        Sound(asset=shelf.keep(music(20)), track="music", start_frame=0, length_frames=600, ducked=True),
        voice_windows=((200, 400),),
    )
    done = all_of(mastered(timeline, shelf.path, measure(timeline, shelf.path)))

    def level_db(start_frame: int, end_frame: int) -> float:
        return float(10 * np.log10(np.square(done[start_frame * 1600 : end_frame * 1600]).mean()))

    assert level_db(200, 400) - level_db(30, 180) == pytest.approx(DUCK_DB, abs=0.3)
    assert level_db(430, 580) - level_db(30, 180) == pytest.approx(0.0, abs=0.3)


def test_the_same_timeline_gives_the_same_bytes(shelf: Shelf) -> None:
    timeline = film(150, Sound(asset=shelf.keep(voice(5), 24_000), track="narration", start_frame=0, length_frames=150))
    assert encode_sound(timeline, shelf.path).to_bytes() == encode_sound(timeline, shelf.path).to_bytes()


def test_a_film_mixed_in_small_blocks_is_the_film_mixed_whole(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    sounds = (
        Sound(asset=shelf.keep(voice(4), 24_000), track="narration", start_frame=40, length_frames=120),
        Sound(asset=shelf.keep(music(9)), track="music", start_frame=7, length_frames=233, gain_db=-9, fade_in_s=1.1,
              fade_out_s=2.3, source_start_s=0.77, ducked=True),
    )  # fmt: skip
    timeline = film(240, *sounds, rate=Rate(num=30_000, den=1001), voice_windows=((40, 160),))
    whole = all_of(mixed(timeline, shelf.path))
    assert len(whole) == timeline.rate.samples(240, RATE)
    monkeypatch.setattr(render_sound, "BLOCK_S", 1)
    assert len(list(mixed(timeline, shelf.path))) == 9
    np.testing.assert_array_equal(all_of(mixed(timeline, shelf.path)), whole)


def test_progress_is_told_once_a_block(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_sound, "BLOCK_S", 1)
    timeline, told = film(75), []
    encode_sound(timeline, shelf.path, told.append)
    assert sum(told) == sound_steps(timeline) == 6


def test_a_sound_shorter_than_its_place_ends_in_silence(shelf: Shelf) -> None:
    timeline = film(
        90, Sound(asset=shelf.keep(np.full((RATE, 2), 0.25)), track="effects", start_frame=0, length_frames=90)
    )
    whole = all_of(mixed(timeline, shelf.path))
    assert whole[: RATE - 10].min() > 0.24
    assert not whole[RATE + 10 :].any()


def test_a_damaged_sound_is_named(shelf: Shelf) -> None:
    asset = shelf.keep(music(2))
    path = shelf.path(asset.blob)
    path.write_bytes(path.read_bytes()[:40_000])
    timeline = film(60, Sound(asset=asset, track="music", start_frame=0, length_frames=60))
    with pytest.raises(CorruptFile, match=asset.blob.sha256):
        encode_sound(timeline, shelf.path)


def test_memory_does_not_grow_with_the_film(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the film takes less than one more block."""
    monkeypatch.setattr(render_sound, "BLOCK_S", 5)
    asset = shelf.keep(np.tile(music(10), (9, 1)))

    def peak_bytes(seconds: int) -> int:
        timeline = film(
            seconds * 30, Sound(asset=asset, track="music", start_frame=0, length_frames=seconds * 30, ducked=True)
        )
        tracemalloc.start()
        for _ in mastered(timeline, shelf.path, measure(timeline, shelf.path)):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak_bytes(80) - peak_bytes(20) < 5 * RATE * 2 * 4
