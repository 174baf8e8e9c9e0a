from __future__ import annotations

import wave
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
        ("a.aac", "aac", "fltp", 44_100, 2e-3),
        ("a.ac3", "ac3", "fltp", 48_000, 2e-3),
        ("a.mkv", "aac", "fltp", 44_100, 2e-3),
        ("a.webm", "libopus", "flt", 48_000, 2e-3),
        ("b.mkv", "pcm_s24le", "flt", 44_100, 1e-6),
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


@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [("a.flac", "flac", "s16"), ("a.wav", "pcm_s16le", "s16"), ("a.m4a", "aac", "fltp"),
     ("a.mp3", "libmp3lame", "fltp"), ("a.aac", "aac", "fltp"), ("a.ogg", "libopus", "flt"), ("a.mkv", "aac", "fltp")],
)  # fmt: skip
def test_reading_past_the_end_is_empty_and_over_the_end_is_short(
    tmp_path: Path, name: str, codec: str, form: str
) -> None:
    path = tmp_path / name
    if codec == "flac":
        path.write_bytes(write_flac(tone(3, 48_000), 48_000))
    elif codec == "pcm_s16le":
        pcm_wav(path, tone(3, 48_000), 48_000, 16)
    else:
        encode(path, tone(3, 48_000), 48_000, codec, "mono", form)
    assert read_sound(path, sample_rate_hz=48_000, channels=2, start_s=20, duration_s=1).shape == (0, 2)
    over = read_sound(path, sample_rate_hz=48_000, channels=2, start_s=2.75, duration_s=1)
    assert 12_000 <= len(over) < 12_000 + 2100  # a lossy codec rounds up to its packet


def test_mono_is_copied_and_stereo_is_averaged(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(write_flac(np.array([[0.5, 0.25]] * 4000, np.float32), 8000, 24))
    np.testing.assert_allclose(read_sound(path, sample_rate_hz=8000, channels=1), 0.375, atol=1e-6)
    path.write_bytes(write_flac(np.full(4000, 0.5, np.float32), 8000, 24))
    np.testing.assert_allclose(read_sound(path, sample_rate_hz=8000, channels=2), 0.5, atol=1e-6)


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        ("5.1", {"FR": (0, 1), "FC": (0.7071, 0.7071), "LFE": (0, 0), "BL": (0.7071, 0), "BR": (0, 0.7071)}),
        ("7.1", {"FL": (1, 0), "FC": (0.7071, 0.7071), "LFE": (0, 0), "BL": (0.7071, 0), "SR": (0, 0.7071)}),
        ("quad", {"FL": (1, 0), "BR": (0, 0.7071)}),
    ],
)  # fmt: skip
def test_surround_is_mixed_down_as_bs_775_says(
    tmp_path: Path, layout: str, wanted: dict[str, tuple[float, float]]
) -> None:
    """Nothing is scaled: a voice in the centre is as loud from two loudspeakers as it was from one."""
    names = [channel.name for channel in av.AudioLayout(layout).channels]
    for name, gains in wanted.items():
        samples = np.zeros((4800, len(names)), np.float32)
        samples[:, names.index(name)] = tone(0.1, 48_000)[:, 0]
        path = encode(tmp_path / f"{layout}-{name}.wav", samples, 48_000, "pcm_f32le", layout, "flt")
        stereo = read_sound(path, sample_rate_hz=48_000, channels=2)
        np.testing.assert_allclose(stereo, tone(0.1, 48_000) * np.array(gains), atol=1e-4)
        mono = read_sound(path, sample_rate_hz=48_000, channels=1)
        np.testing.assert_allclose(mono, tone(0.1, 48_000) * np.mean(gains), atol=1e-4)


def pcm_wav(path: Path, samples: np.ndarray, rate: int, bits: int) -> Path:
    """A WAV file of whole numbers; 8 bits are unsigned, as the format has it."""
    whole = np.rint(samples.astype(np.float64) * (2 ** (bits - 1) - 1)).astype(np.int64)
    if bits == 8:
        data = (whole + 128).astype(np.uint8).tobytes()
    else:
        data = whole.astype("<i4").view(np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes()
    with wave.open(str(path), "wb") as file:
        file.setparams((samples.shape[1], bits // 8, rate, 0, "NONE", "none"))
        file.writeframes(data)
    return path


@pytest.mark.parametrize(
    ("rate", "bits", "channels"),
    [(8000, 16, 1), (8000, 8, 1), (11_025, 8, 2), (44_100, 24, 2), (96_000, 24, 2), (192_000, 32, 1)],
)
def test_a_tone_is_itself_whatever_it_was_recorded_as(tmp_path: Path, rate: int, bits: int, channels: int) -> None:
    path = pcm_wav(tmp_path / "a.wav", tone(1, rate, channels), rate, bits)
    read = read_sound(path, sample_rate_hz=48_000, channels=2)
    assert read.shape == (48_000, 2)
    assert np.abs(read - tone(1, 48_000, 2))[500:-500].max() < max(1.5 / 2 ** (bits - 1), 1e-4)
    assert abs(read.mean()) < 1e-4


def test_resampling_neither_folds_what_is_too_high_nor_mirrors_what_is_low(tmp_path: Path) -> None:
    """30 kHz at 96 kHz would come back as 18; 3 kHz at 8 kHz would be heard at 5 and 11 too."""
    high = read_sound(
        pcm_wav(tmp_path / "a.wav", tone(1, 96_000, hz=30_000), 96_000, 24), sample_rate_hz=48_000, channels=1
    )
    assert np.abs(high[500:-500]).max() < 10 ** (-60 / 20)
    low = read_sound(pcm_wav(tmp_path / "b.wav", tone(1, 8000, hz=3000), 8000, 16), sample_rate_hz=48_000, channels=1)
    spectrum = np.abs(np.fft.rfft(low[4000:44_000, 0] * np.hanning(40_000)))
    hz = np.fft.rfftfreq(40_000, 1 / 48_000)
    assert spectrum[hz > 4200].max() < spectrum.max() * 10 ** (-60 / 20)


def test_a_single_sample_is_a_sound_and_none_is_not(tmp_path: Path) -> None:
    one = pcm_wav(tmp_path / "a.wav", np.array([[0.5]], np.float32), 48_000, 16)
    assert read_sound(one, sample_rate_hz=48_000, channels=2).shape == (1, 2)
    none = pcm_wav(tmp_path / "b.wav", np.zeros((0, 1), np.float32), 48_000, 16)
    with pytest.raises(CorruptFile, match="no sound in it"):
        read_sound(none, sample_rate_hz=48_000, channels=2)


def test_a_float_recording_beyond_full_scale_keeps_its_peaks(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.wav", tone(0.5, 48_000) * 6, 48_000, "pcm_f32le", "mono", "flt")
    assert read_sound(path, sample_rate_hz=48_000, channels=1).max() == pytest.approx(3.0, abs=0.01)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_float_recording_with_samples_that_are_no_numbers_is_refused(tmp_path: Path, bad: float) -> None:
    """Silence in their place would hide that what wrote the file has failed."""
    samples = tone(0.5, 48_000)
    samples[9000] = bad
    path = encode(tmp_path / "a.wav", samples, 48_000, "pcm_f32le", "mono", "flt")
    with pytest.raises(CorruptFile, match="not numbers"):
        read_sound(path, sample_rate_hz=48_000, channels=2)


def test_a_sound_that_changes_its_layout_on_the_way_is_refused(tmp_path: Path) -> None:
    parts = []
    for layout, channels in (("mono", 1), ("stereo", 2)):
        part = encode(tmp_path / f"{layout}.aac", tone(1, 48_000, channels), 48_000, "aac", layout)
        parts.append(part.read_bytes())
    path = tmp_path / "a.aac"
    path.write_bytes(b"".join(parts))
    with pytest.raises(CorruptFile, match="changes rate or channels"):
        read_sound(path, sample_rate_hz=48_000, channels=2)


def test_a_video_without_sound_is_told(tmp_path: Path) -> None:
    video(tmp_path / "a.mp4", None)
    with pytest.raises(CorruptFile, match="no sound in it"):
        read_sound(tmp_path / "a.mp4", sample_rate_hz=48_000, channels=2)


def video(path: Path, sound_at_s: float | None, seconds: int = 2) -> None:
    """Black pictures, and a tone that sets in at a time of its own."""
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("libx264", rate=25)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 64, "yuv420p"
        sound = None if sound_at_s is None else container.add_stream("aac", rate=48_000, layout="mono")
        for number in range(25 * seconds):
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))
            picture.pts = number
            container.mux(pictures.encode(picture))
        container.mux(pictures.encode(None))
        if sound is not None:
            frame = av.AudioFrame.from_ndarray(tone(1, 48_000).T.copy(), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, round(sound_at_s * 48_000)
            container.mux(sound.encode(frame))
            container.mux(sound.encode(None))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
@pytest.mark.parametrize("start_s", [0.0, 0.3, 0.9])
def test_a_videos_sound_counts_from_its_first_picture(tmp_path: Path, suffix: str, start_s: float) -> None:
    path = tmp_path / f"a{suffix}"
    video(path, sound_at_s=0.5)
    read = read_sound(path, sample_rate_hz=48_000, channels=1, start_s=start_s)[:, 0]
    loud = np.flatnonzero(np.abs(read) > 0.05)
    # A transport stream counts in 1/90000 s and pads its sound; half an AAC packet is 11 ms.
    slack = 0.012 if suffix != ".ts" else 0.05
    assert loud[0] / 48_000 == pytest.approx(max(0.0, 0.5 - start_s), abs=slack)


@pytest.mark.parametrize("name", ["a.m3u8", "a.ffconcat", "a.wav", "a.sdp"])
@pytest.mark.parametrize(
    "content",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nsecret.wav\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile secret.wav\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    ],
)
def test_a_file_that_names_other_files_opens_none_of_them(tmp_path: Path, name: str, content: str) -> None:
    pcm_wav(tmp_path / "secret.wav", tone(3, 48_000), 48_000, 16)
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(CorruptFile, match="no sound"):
        read_sound(path, sample_rate_hz=48_000, channels=2)


def test_a_name_that_looks_like_a_protocol_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pcm_wav(tmp_path / "secret.wav", tone(1, 48_000), 48_000, 16)
    with pytest.raises(CorruptFile, match="not there"):
        read_sound(Path("concat:secret.wav|secret.wav"), sample_rate_hz=48_000, channels=2)


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
    with pytest.raises(CorruptFile, match="no sound or video file"):
        read_sound(tmp_path / "a.png", sample_rate_hz=48_000, channels=2)


@pytest.mark.parametrize("kind", ["flac", "wav", "m4a"])
def test_a_file_cut_short_is_noticed(tmp_path: Path, kind: str) -> None:
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (96_000, 1)).astype(np.float32)
    path = tmp_path / "a.flac"
    path.write_bytes(write_flac(noise, 48_000))
    if kind == "wav":
        path = pcm_wav(tmp_path / "a.wav", noise, 48_000, 16)
    elif kind == "m4a":  # its index comes first, as a download has it
        path = tmp_path / "a.m4a"
        with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("aac", rate=48_000, layout="mono")
            frame = av.AudioFrame.from_ndarray(noise.T.copy(), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    data = path.read_bytes()
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


@pytest.mark.parametrize("start_s", [0.0, 0.7])
def test_eight_channels_are_read_from_a_file_that_keeps_them_apart(tmp_path: Path, start_s: float) -> None:
    """AAC decodes to one plane a channel."""
    samples = np.zeros((48_000, 8), np.float32)
    samples[:, 2] = tone(1, 48_000)[:, 0]
    path = encode(tmp_path / "a.m4a", samples, 48_000, "aac", "7.1", "flt")
    stereo = read_sound(path, sample_rate_hz=44_100, channels=2, start_s=start_s, duration_s=0.2)
    first = round(start_s * 44_100)
    wanted = tone(1, 44_100)[first : first + 8820] * 0.7071
    assert np.abs(stereo - wanted)[2000:].max() < 0.02
