"""A recording in a finished film, decoded and held against the file it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.errors import CorruptFile, RenderError
from storyreel.media.model import Asset, Provenance
from storyreel.media.sound import SoundFile
from storyreel.memo.blob import Blob
from storyreel.render.encode import encode
from storyreel.render.join import join
from storyreel.render.packets import PacketRun
from storyreel.render.sound import encode_sound, sound_steps
from storyreel.timeline.model import Sound, Timeline

W, H = 64, 64


def recorded(seconds: float, rate: int, channels: int = 2) -> np.ndarray:
    """A tone that sets in hard and a little noise: a shift of one sample shows."""
    time = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(3).uniform(-0.05, 0.05, (len(time), channels))
    return (noise + 0.4 * np.sin(2 * np.pi * 440 * time * (1 + 0.1 * time))[:, None]).astype(np.float32)


def written(path: Path, samples: np.ndarray, rate: int, codec: str, form: str, layout: str = "stereo") -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            codec, rate=rate, layout=layout, options={"aac_pns": "0"} if codec == "aac" else {}
        )
        if codec in ("flac", "alac"):
            stream.codec_context.format = av.AudioFormat(form)
        steps = {"s16": 1 << 15, "s32": 1 << 31}.get(form.rstrip("p"))
        dtype = {"s16": np.int16, "s32": np.int32, "flt": np.float32, "dbl": np.float64}[form.rstrip("p")]
        values = samples if steps is None else np.rint(samples.astype(np.float64) * min(steps, 1 << 23))
        if form.startswith("s32"):
            values = values * 256
        planes = values.T if form.endswith("p") else values.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(planes, dtype), format=form, layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def asset_of(path: Path) -> Asset:
    data = path.read_bytes()
    blob = Blob(sha256=hashlib.sha256(data).hexdigest(), suffix=path.suffix, size_bytes=len(data))
    (path.parent / f"{blob.sha256}{blob.suffix}").write_bytes(data)
    return Asset(kind="audio", blob=blob, duration_s=1.0, provenance=Provenance(provider="test"))


def film(path: Path, frames: int, rate: Rate | None = None, **fields: object) -> Timeline:
    sound = Sound(
        **{"asset": asset_of(path), "track": "recording", "start_frame": 0, "length_frames": frames, "untouched": True}
        | fields
    )
    return Timeline(
        title="t", rate=rate or Rate(), width_px=W, height_px=H, length_frames=frames, clips=(), sounds=(sound,)
    )


def run_of(timeline: Timeline, folder: Path, warnings: list[str] | None = None) -> PacketRun:
    told = [] if warnings is None else warnings
    return encode_sound(timeline, lambda blob: folder / f"{blob.sha256}{blob.suffix}", on_warning=told.append)


def made(timeline: Timeline, run: PacketRun, path: Path) -> Path:
    """A whole film with grey pictures."""

    def draw(planes: tuple[np.ndarray, ...]) -> Iterator[None]:
        for _ in range(timeline.length_frames):
            for plane in planes:
                plane[...] = 128
            yield

    pictures = encode(draw, W, H, timeline.rate, "draft")
    join(path, [pictures], run, width_px=W, height_px=H, rate=timeline.rate, quality="draft")
    return path


def heard(path: Path, start_s: float = 0.0) -> np.ndarray:
    with SoundFile(path, start_s=start_s) as file:
        return file.read(10**9)


KINDS = [
    ("a.m4a", 44_100, "aac", "fltp", "aac"),
    ("a.aac", 48_000, "aac", "fltp", "aac"),
    ("a.mkv", 44_100, "aac", "fltp", "aac"),
    ("a.mp3", 44_100, "libmp3lame", "fltp", "mp3"),
    ("a.ogg", 48_000, "libopus", "flt", "opus"),
    ("a.webm", 48_000, "libopus", "flt", "opus"),
    ("a.ac3", 48_000, "ac3", "fltp", "ac3"),
    ("b.m4a", 44_100, "alac", "s16p", "alac"),
    ("a.flac", 44_100, "flac", "s16", "flac"),
    ("b.flac", 96_000, "flac", "s32", "flac"),
    ("a.wav", 44_100, "pcm_s16le", "s16", "flac"),
    ("b.wav", 96_000, "pcm_s24le", "s32", "flac"),
    ("a.aiff", 48_000, "pcm_s24be", "s32", "flac"),
]
NAMES = [f"{name}-{codec}" for name, _, codec, _, _ in KINDS]


@pytest.mark.parametrize(("name", "rate_hz", "codec", "form", "kept_as"), KINDS, ids=NAMES)
@pytest.mark.parametrize("rate", [Rate(), Rate(num=30_000, den=1001)], ids=["30", "29.97"])
def test_a_films_sound_is_the_recording_to_the_sample(
    tmp_path: Path, name: str, rate_hz: int, codec: str, form: str, kept_as: str, rate: Rate
) -> None:
    """Cut by the film's end; every encoder's running in is taken away exactly."""
    source = written(tmp_path / name, recorded(4, rate_hz), rate_hz, codec, form)
    timeline, warnings = film(source, 80, rate), []
    run = run_of(timeline, tmp_path, warnings)
    assert run.codec == kept_as
    assert not warnings
    path = made(timeline, run, tmp_path / "film.mp4")
    samples = rate.samples(80, rate_hz)
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert stream.duration * stream.time_base == Fraction(samples, rate_hz)
        assert stream.start_time == 0
    got, wanted = heard(path), heard(source)
    assert len(got) >= samples
    np.testing.assert_array_equal(got[:samples], wanted[:samples])


@pytest.mark.parametrize(("name", "rate_hz", "codec", "form", "kept_as"), KINDS, ids=NAMES)
def test_the_packets_are_the_files_own_where_mp4_holds_them(
    tmp_path: Path, name: str, rate_hz: int, codec: str, form: str, kept_as: str
) -> None:
    source = written(tmp_path / name, recorded(3, rate_hz), rate_hz, codec, form)
    run = run_of(film(source, 90), tmp_path)
    with av.open(str(source)) as container:
        own = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    if codec.startswith("pcm"):
        assert run.codec == "flac"
    elif name.endswith(".aac"):  # without the header each packet carries
        assert [packet.data for packet in run.packets] == [data[7:] for data in own[: len(run.packets)]]
    else:
        assert [packet.data for packet in run.packets] == own[: len(run.packets)]
    assert len(run.packets) >= len(own) - 1 or codec.startswith("pcm")


@pytest.mark.parametrize(("name", "rate_hz", "codec", "form", "kept_as"), KINDS, ids=NAMES)
@pytest.mark.parametrize("start_s", [0.01, 1.2345])
def test_a_recording_may_begin_in_its_middle(
    tmp_path: Path, name: str, rate_hz: int, codec: str, form: str, kept_as: str, start_s: float
) -> None:
    """The decoder needs some packets before; nobody hears them."""
    source = written(tmp_path / name, recorded(4, rate_hz), rate_hz, codec, form)
    timeline = film(source, 60, source_start_s=start_s)
    run = run_of(timeline, tmp_path)
    assert run.codec == kept_as
    got = heard(made(timeline, run, tmp_path / "film.mp4"))
    first, samples = int(start_s * rate_hz + 0.5), 2 * rate_hz
    wanted = heard(source)[first : first + samples]
    if kept_as in ("flac", "alac"):
        np.testing.assert_array_equal(got[:samples], wanted)
        return
    # A decoder that starts in the middle may round otherwise, and fill up with other noise.
    middle = wanted[100:-100]
    apart = [float(np.square(got[100 + lag : samples - 100 + lag] - middle).mean()) for lag in range(-3, 4)]
    assert int(np.argmin(apart)) == 3
    assert apart[3] < 0.01 * np.square(middle).mean()


@pytest.mark.parametrize("name", ["a.flac", "a.wav", "a.mp3", "a.m4a"])
def test_a_recording_that_comes_in_later_is_at_its_frame(tmp_path: Path, name: str) -> None:
    codec, form = {
        "a.flac": ("flac", "s16"),
        "a.wav": ("pcm_s16le", "s16"),
        "a.mp3": ("libmp3lame", "fltp"),
        "a.m4a": ("aac", "fltp"),
    }[name]
    source = written(tmp_path / name, recorded(2, 44_100), 44_100, codec, form)
    timeline, warnings = film(source, 75, start_frame=31, length_frames=40), []
    run = run_of(timeline, tmp_path, warnings)
    path = made(timeline, run, tmp_path / "film.mp4")
    first, after = timeline.rate.samples(31, 44_100), timeline.rate.samples(71, 44_100)
    assert run.packets[0].pts == first
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        frame = next(container.decode(stream))
        assert frame.pts * stream.time_base == Fraction(first, 44_100)
    got, lossless = heard(path), name in ("a.flac", "a.wav")
    assert not got[:first].any()
    wanted = heard(source)[: after - first]
    np.testing.assert_allclose(got[first:after], wanted, atol=0 if lossless else 2**-24)
    # What MP4 cannot place there is rounded to 24 bits, and that is said.
    assert bool(warnings) == (not lossless)


def test_a_recording_shorter_than_the_film_ends_and_the_film_goes_on(tmp_path: Path) -> None:
    source = written(tmp_path / "a.wav", recorded(1, 48_000), 48_000, "pcm_s16le", "s16")
    timeline = film(source, 90)
    path = made(timeline, run_of(timeline, tmp_path), tmp_path / "film.mp4")
    np.testing.assert_array_equal(heard(path), heard(source))
    with av.open(str(path)) as container:
        assert container.streams.video[0].frames == 90


@pytest.mark.parametrize("channels", [1, 6, 8])
def test_every_channel_is_kept(tmp_path: Path, channels: int) -> None:
    layout = {1: "mono", 6: "5.1", 8: "7.1"}[channels]
    source = written(tmp_path / "a.wav", recorded(1, 48_000, channels), 48_000, "pcm_s24le", "s32", layout)
    timeline = film(source, 30)
    got = heard(made(timeline, run_of(timeline, tmp_path), tmp_path / "film.mp4"))
    assert got.shape == (48_000, channels)
    np.testing.assert_array_equal(got, heard(source))


def test_floats_that_24_bits_hold_are_kept_and_finer_ones_are_told(tmp_path: Path) -> None:
    coarse = np.rint(recorded(1, 48_000) * 2**23) / 2**23
    for samples, told in ((coarse, False), (coarse + 2.0**-30, True)):
        source = written(tmp_path / "a.wav", samples.astype(np.float32), 48_000, "pcm_f32le", "flt")
        timeline, warnings = film(source, 30), []
        got = heard(made(timeline, run_of(timeline, tmp_path, warnings), tmp_path / "film.mp4"))
        assert np.abs(got - heard(source)).max() <= 2.0**-24
        assert [("24 bits" in warning) for warning in warnings] == [True] * told


def test_a_recording_beyond_full_scale_is_not_clipped_in_silence(tmp_path: Path) -> None:
    source = written(tmp_path / "a.wav", recorded(1, 48_000) * 4, 48_000, "pcm_f32le", "flt")
    with pytest.raises(RenderError, match="full scale"):
        run_of(film(source, 30), tmp_path)


def test_gain_fades_and_loudness_leave_an_untouched_recording_alone(tmp_path: Path) -> None:
    source = written(tmp_path / "a.flac", recorded(1, 48_000), 48_000, "flac", "s16")
    plain, turned = film(source, 30), film(source, 30, gain_db=-20.0, fade_in_s=0.5)
    assert run_of(plain, tmp_path) == run_of(turned, tmp_path)


def test_no_other_sound_may_be_mixed_with_it(tmp_path: Path) -> None:
    source = written(tmp_path / "a.flac", recorded(1, 48_000), 48_000, "flac", "s16")
    timeline = film(source, 30)
    music = timeline.sounds[0].model_copy(update={"untouched": False, "track": "music"})
    with pytest.raises(RenderError, match="untouched"):
        run_of(timeline.model_copy(update={"sounds": (*timeline.sounds, music)}), tmp_path)


def test_a_start_behind_the_recordings_end_is_told(tmp_path: Path) -> None:
    for name, codec, form in (("a.mp3", "libmp3lame", "fltp"), ("a.wav", "pcm_s16le", "s16")):
        source = written(tmp_path / name, recorded(1, 44_100), 44_100, codec, form)
        with pytest.raises(RenderError, match="over before"):
            run_of(film(source, 30, source_start_s=5.0), tmp_path)


def test_a_damaged_recording_is_told(tmp_path: Path) -> None:
    source = written(tmp_path / "a.wav", recorded(1, 48_000), 48_000, "pcm_s16le", "s16")
    source.write_bytes(source.read_bytes()[:9000])
    with pytest.raises(CorruptFile, match="cut short"):
        run_of(film(source, 30), tmp_path)


def test_progress_is_told_in_full(tmp_path: Path) -> None:
    source = written(tmp_path / "a.flac", recorded(1, 48_000), 48_000, "flac", "s16")
    timeline, told = film(source, 30), []
    encode_sound(timeline, lambda blob: tmp_path / f"{blob.sha256}{blob.suffix}", told.append)
    assert sum(told) == sound_steps(timeline)
