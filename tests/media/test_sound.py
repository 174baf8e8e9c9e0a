from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.errors import CorruptFile, RenderError
from storyreel.media.sound import SoundFile, read_sound, sound_length, write_flac


def tone(seconds: float, rate: int, channels: int = 1, hz: float = 440.0) -> np.ndarray:
    phase = np.arange(round(seconds * rate)) / rate * 2 * np.pi * hz
    return np.repeat(0.5 * np.sin(phase)[:, None], channels, axis=1).astype(np.float32)


def encode(path: Path, samples: np.ndarray, rate: int, codec: str, layout: str, form: str = "fltp") -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            codec, rate=rate, layout=layout, options={"aac_pns": "0"} if codec == "aac" else {}
        )
        stream.bit_rate = 256_000
        planes = samples.T if form.endswith("p") else samples.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(planes, np.float32), format=form, layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("bits", "worst"), [(16, 2.0 / 2**15), (24, 0.6 / 2**23)])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_flac_gives_back_what_was_written_but_for_its_last_step(
    tmp_path: Path, bits: int, worst: float, channels: int
) -> None:
    samples = tone(1.37, 44_100, channels)
    path = tmp_path / "a.flac"
    path.write_bytes(write_flac(samples, 44_100, bits))  # type: ignore[arg-type]
    again = read_sound(path, sample_rate_hz=44_100, channels=channels)
    assert again.shape == samples.shape
    assert again.dtype == np.float32
    assert np.abs(again - samples).max() <= worst
    assert sound_length(path) == len(samples) / 44_100


def test_flac_of_the_same_samples_is_the_same_bytes() -> None:
    assert write_flac(tone(0.5, 24_000), 24_000) == write_flac(tone(0.5, 24_000), 24_000)


def test_dither_keeps_a_tone_below_one_step_and_leaves_silence_silent(tmp_path: Path) -> None:
    """Rounding alone would turn a tone of 0.4 steps into nothing."""
    rate, quiet = 48_000, 0.4 / 2**15
    path = tmp_path / "a.flac"
    path.write_bytes(write_flac(tone(2, rate) / 0.5 * quiet, rate))
    again = read_sound(path, sample_rate_hz=rate, channels=1)[:, 0]
    carrier = np.exp(-2j * np.pi * 440 * np.arange(len(again)) / rate)
    assert 2 * abs(np.mean(again * carrier)) == pytest.approx(quiet, rel=0.15)
    path.write_bytes(write_flac(np.zeros((rate, 2), np.float32), rate))
    assert not read_sound(path, sample_rate_hz=rate, channels=2).any()


def test_full_scale_and_beyond_is_clipped_not_wrapped(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(write_flac(np.array([0.0, 1.0, 1.5, -1.0, -2.0], np.float32), 8000))
    np.testing.assert_allclose(read_sound(path, sample_rate_hz=8000, channels=1)[:, 0], [0, 1, 1, -1, -1], atol=4e-5)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_samples_that_are_not_numbers_are_refused(bad: float) -> None:
    samples = tone(0.1, 8000)
    samples[50] = bad
    with pytest.raises(RenderError, match="not numbers"):
        write_flac(samples, 8000)


def test_a_float_file_that_holds_nan_is_refused(tmp_path: Path) -> None:
    samples = tone(0.2, 8000)
    samples[700] = np.nan
    path = encode(tmp_path / "a.wav", samples, 8000, "pcm_f32le", "mono", "flt")
    with pytest.raises(CorruptFile, match="not numbers"):
        read_sound(path, sample_rate_hz=8000, channels=1)


def test_no_samples_are_no_sound() -> None:
    with pytest.raises(RenderError, match="no sound"):
        write_flac(np.zeros((0, 2), np.float32), 48_000)


@given(
    rate_in=st.sampled_from([8000, 22_050, 24_000, 44_100, 48_000, 96_000]),
    rate_out=st.sampled_from([16_000, 44_100, 48_000]),
    count=st.integers(1, 30_000),
)
@settings(max_examples=40, deadline=None)
def test_a_resampled_sound_is_as_long_as_the_sound_was(
    tmp_path_factory: pytest.TempPathFactory, rate_in: int, rate_out: int, count: int
) -> None:
    path = tmp_path_factory.mktemp("sound") / "a.flac"
    path.write_bytes(write_flac(np.full(count, 0.25, np.float32), rate_in))
    read = read_sound(path, sample_rate_hz=rate_out, channels=2)
    assert read.shape == (int(count * rate_out / rate_in + 0.5), 2)


def test_resampling_keeps_a_tone_in_phase(tmp_path: Path) -> None:
    """A shift of one sample at 48 kHz would be off by 0.03."""
    path = tmp_path / "a.flac"
    path.write_bytes(write_flac(tone(2, 24_000), 24_000, 24))
    read = read_sound(path, sample_rate_hz=48_000, channels=1)
    assert np.abs(read - tone(2, 48_000))[200:-200].max() < 1e-4


@given(cuts=st.lists(st.integers(1, 9000), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_blocks_read_one_after_another_are_the_whole(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    path = tmp_path_factory.mktemp("sound") / "a.flac"
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (20_000, 2)).astype(np.float32)
    path.write_bytes(write_flac(noise, 44_100))
    whole = read_sound(path, sample_rate_hz=48_000, channels=2)
    with SoundFile(path, sample_rate_hz=48_000, channels=2) as file:
        pieces = [file.read(cut) for cut in cuts]
        pieces.append(file.read(len(whole)))
        assert len(file.read(1)) == 0
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


@pytest.mark.parametrize(
    ("name", "codec", "form", "rate", "tolerance"),
    [
        ("a.flac", "flac", "flt", 44_100, 1e-6),
        ("a.wav", "pcm_f32le", "flt", 44_100, 1e-6),
        ("a.m4a", "aac", "fltp", 44_100, 2e-3),
        ("a.ogg", "libopus", "flt", 48_000, 2e-3),
        ("a.mp3", "libmp3lame", "fltp", 44_100, 2e-3),
    ],
)
@pytest.mark.parametrize("rate_out", [44_100, 48_000])
def test_reading_from_the_middle_is_the_middle_of_the_whole(
    tmp_path: Path, name: str, codec: str, form: str, rate: int, tolerance: float, rate_out: int
) -> None:
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (6 * rate, 2)).astype(np.float32)
    path = tmp_path / name
    if codec == "flac":
        path.write_bytes(write_flac(noise, rate))
    else:
        path = encode(path, noise, rate, codec, "stereo", form)
    whole = read_sound(path, sample_rate_hz=rate_out, channels=2)
    start_s = 3.217
    part = read_sound(path, sample_rate_hz=rate_out, channels=2, start_s=start_s, duration_s=1.5)
    first = int(start_s * rate_out + 0.5)
    assert part.shape == (int(1.5 * rate_out), 2)
    assert np.abs(part - whole[first : first + len(part)]).max() < tolerance


def test_reading_past_the_end_is_empty_and_over_the_end_is_short(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(write_flac(tone(1, 8000), 8000))
    assert read_sound(path, sample_rate_hz=8000, channels=2, start_s=2, duration_s=1).shape == (0, 2)
    assert read_sound(path, sample_rate_hz=8000, channels=2, start_s=0.75, duration_s=1).shape == (2000, 2)


def test_mono_is_copied_and_stereo_is_averaged(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(write_flac(np.array([[0.5, 0.25]] * 4000, np.float32), 8000, 24))
    np.testing.assert_allclose(read_sound(path, sample_rate_hz=8000, channels=1), 0.375, atol=1e-6)
    path.write_bytes(write_flac(np.full(4000, 0.5, np.float32), 8000, 24))
    np.testing.assert_allclose(read_sound(path, sample_rate_hz=8000, channels=2), 0.5, atol=1e-6)


def test_a_surround_centre_reaches_both_ears_alike_and_never_clips(tmp_path: Path) -> None:
    """Dialogue stands in the centre of a surround recording."""
    samples = np.zeros((4800, 6), np.float32)
    samples[:, 2] = 0.5
    path = encode(tmp_path / "a.wav", samples, 48_000, "pcm_f32le", "5.1", "flt")
    stereo = read_sound(path, sample_rate_hz=48_000, channels=2)
    assert stereo[100, 0] == stereo[100, 1] > 0.1
    samples[:] = 1.0
    path = encode(tmp_path / "b.wav", samples, 48_000, "pcm_f32le", "5.1", "flt")
    assert read_sound(path, sample_rate_hz=48_000, channels=2).max() <= 1.0 + 1e-6


def test_a_video_gives_its_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        sound = container.add_stream("aac", rate=48_000, layout="mono")
        sound.bit_rate = 192_000
        for number in range(25):
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))
            picture.pts = number
            container.mux(video.encode(picture))
        frame = av.AudioFrame.from_ndarray(tone(1, 48_000).T.copy(), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 0
        container.mux(sound.encode(frame))
        container.mux(video.encode(None))
        container.mux(sound.encode(None))
    read = read_sound(path, sample_rate_hz=48_000, channels=1)
    assert abs(len(read) - 48_000) <= 1024
    assert np.abs(read[4800:43_200] - tone(1, 48_000)[4800:43_200]).max() < 0.02


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "no sound in it"), (b"not a sound" * 100, "no sound in it"), (None, "not there")],
)
def test_what_is_no_sound_is_said_in_one_sentence(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "a.flac"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CorruptFile, match=words):
        read_sound(path, sample_rate_hz=48_000, channels=2)
    with pytest.raises(CorruptFile, match=words):
        sound_length(path)


def test_a_picture_holds_no_sound(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (16, 16)).save(tmp_path / "a.png")
    with pytest.raises(CorruptFile, match="no sound in it"):
        read_sound(tmp_path / "a.png", sample_rate_hz=48_000, channels=2)


def test_a_flac_file_cut_short_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 48_000).astype(np.float32)
    data = write_flac(noise, 48_000)
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(CorruptFile, match=r"cut short|damaged"):
        read_sound(path, sample_rate_hz=48_000, channels=2)


def test_a_file_with_holes_in_the_middle_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 96_000).astype(np.float32)
    data = bytearray(write_flac(noise, 48_000))
    middle = len(data) // 2
    data[middle : middle + 20_000] = bytes(20_000)
    path.write_bytes(data)
    with pytest.raises(CorruptFile):
        read_sound(path, sample_rate_hz=48_000, channels=2)
