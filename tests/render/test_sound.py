from __future__ import annotations

import hashlib
import tracemalloc
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.clock import Rate
from storyreel.errors import CorruptFile, RenderError
from storyreel.media.loudness import integrated_lufs, true_peak
from storyreel.media.model import Asset, Provenance
from storyreel.media.sound import write_flac
from storyreel.memo.blob import Blob
from storyreel.render import sound as render_sound
from storyreel.render import sound_blocks as render_blocks
from storyreel.render.mix import DUCK_DB
from storyreel.render.packets import PacketRun
from storyreel.render.sound import (
    encode_block,
    encode_sound,
    join_blocks,
    mastered,
    measure_block,
    mixed,
    plan,
    sound_steps,
    source_of,
)
from storyreel.render.sound_blocks import AAC_FRAME, BLOCK, Block, sound_blocks
from storyreel.timeline.model import Sound, Timeline, Track

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


def blocks_of(timeline: Timeline, shelf: Shelf) -> tuple[Block, ...]:
    return sound_blocks(timeline, lambda sound: source_of(sound, shelf.path))


def mix_of(timeline: Timeline, shelf: Shelf) -> np.ndarray:
    """The whole film before mastering."""
    return np.concatenate(
        [mixed(block, shelf.path)[block.lead : block.lead + block.count] for block in blocks_of(timeline, shelf)]
    )


def master_of(timeline: Timeline, shelf: Shelf) -> np.ndarray:
    """The whole film after mastering, before it is encoded."""
    blocks = blocks_of(timeline, shelf)
    master = plan([measure_block(block, shelf.path) for block in blocks], timeline)
    return np.concatenate(
        [
            mastered(block, master.gain_db, master.ceiling_dbtp, shelf.path)[block.lead : block.lead + block.count]
            for block in blocks
        ]
    )


@pytest.fixture
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> int:
    """Blocks of 8 s, so that a short film has some."""
    samples = 375 * AAC_FRAME
    monkeypatch.setattr(render_blocks, "BLOCK", samples)
    monkeypatch.setattr(render_sound, "BLOCK", samples)
    return samples


@pytest.mark.parametrize(
    "rate", [Rate(num=24), Rate(num=25), Rate(), Rate(num=30_000, den=1001), Rate(num=24_000, den=1001), Rate(num=60)]
)
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


def test_clicks_are_heard_on_their_frames_within_the_hour(shelf: Shelf, tmp_path: Path) -> None:
    """At minutes 0, 10 and 59. One millisecond is 48 samples; a drift of one part in a million would show."""
    rate = Rate(num=30_000, den=1001)
    burst = np.zeros(2400)
    burst[:96] = 0.8 * np.sin(2 * np.pi * 2000 * np.arange(96) / RATE) * np.hanning(96)
    click = shelf.keep(burst)
    starts = [10, 50, 17_990, 18_030, 106_100]
    sounds = [Sound(asset=click, track="effects", start_frame=start, length_frames=2) for start in starts]
    blocks = blocks_of(film(107_892, *sounds, rate=rate), shelf)
    firsts = [rate.samples(start, RATE) for start in starts]
    for index in sorted({first // BLOCK for first in firsts}):
        master = plan([measure_block(blocks[index], shelf.path)], film(1))
        run = encode_block(blocks[index], master.gain_db, master.ceiling_dbtp, shelf.path)
        assert join_blocks([run]).packets == run.packets
        heard = decode(run, tmp_path / "a.mp4")[:, 0]
        for first in (first - index * BLOCK for first in firsts if first // BLOCK == index):
            near = heard[first - 4000 : first + 4000]
            shifts = np.correlate(near, burst[:96], "valid")
            assert abs(int(np.abs(shifts).argmax()) - 4000) <= 2


def test_blocks_are_joined_at_their_exact_time(shelf: Shelf, short_blocks: int) -> None:
    run = encode_sound(film(600), shelf.path)
    assert [packet.pts for packet in run.packets] == list(range(-AAC_FRAME, 600 * 1600, AAC_FRAME))


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
    done = master_of(timeline, shelf)
    assert integrated_lufs(done, RATE) == pytest.approx(target, abs=0.3)


@pytest.mark.parametrize("track", ["music", "effects", "clip"])
def test_what_is_ducked_gives_way_to_the_voice_and_comes_back(shelf: Shelf, track: Track) -> None:
    """The measured fall is its track's, reached as the voice begins, and the master does not undo it."""
    timeline = film(
        300,
        Sound(asset=shelf.keep(music(10)), track=track, start_frame=0, length_frames=300, ducked=True),
        voice_windows=((100, 200),),
    )
    done = master_of(timeline, shelf)

    def level_db(start_frame: int, end_frame: int) -> float:
        return float(10 * np.log10(np.square(done[start_frame * 1600 : end_frame * 1600]).mean()))

    before = level_db(5, 90)
    assert level_db(100, 103) - before == pytest.approx(DUCK_DB[track], abs=0.6)
    assert level_db(100, 200) - before == pytest.approx(DUCK_DB[track], abs=0.3)
    assert level_db(216, 295) - before == pytest.approx(0.0, abs=0.3)


def measured(run: PacketRun, path: Path) -> tuple[float, float]:
    """(integrated loudness in LUFS, true peak in dBTP) of the finished track, by FFmpeg's ebur128 filter."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="stereo", time_base=Fraction(1, RATE))
    meter, sink = graph.add("ebur128", "peak=true:metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    heard = np.concatenate([decode(run, path), np.zeros((RATE // 10, 2), np.float32)])
    frame = av.AudioFrame.from_ndarray(heard.reshape(1, -1), format="flt", layout="stereo")
    frame.sample_rate, frame.pts = RATE, 0
    source.push(frame)
    source.push(None)
    last: dict[str, str] = {}
    while True:
        try:
            last = dict(sink.pull().metadata) or last
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    return float(last["lavfi.r128.I"]), 20 * np.log10(float(last["lavfi.r128.true_peak"]))


def hot(seconds: int) -> np.ndarray:
    """Blows at and over full scale, twice a second, as dark as real ones; FFmpeg's encoder raises their peaks."""
    generator, count = np.random.default_rng(4), seconds * RATE
    sound = music(seconds, 9) * 2.0
    for first in range(0, count - 24_000, 24_000):
        crack = generator.uniform(-1, 1, (24_000, 2)) * np.exp(-np.arange(24_000) / 6000)[:, None]
        sound[first : first + 24_000] += (crack + np.roll(crack, 1, axis=0) + np.roll(crack, 2, axis=0)) * 0.5
    return np.clip(sound, -1, 1)


@pytest.mark.parametrize("gain_db", [-12.0, 6.0])
def test_hot_effects_and_quiet_music_come_out_at_the_same_loudness_and_under_the_ceiling(
    shelf: Shelf, tmp_path: Path, gain_db: float
) -> None:
    made = hot if gain_db > 0 else music
    timeline = film(
        240,
        Sound(asset=shelf.keep(made(8)), track="effects", start_frame=0, length_frames=240, gain_db=gain_db),
    )
    lufs, peak_dbtp = measured(encode_sound(timeline, shelf.path), tmp_path / "a.mp4")
    assert lufs == pytest.approx(-14.0, abs=0.5)
    assert peak_dbtp < -1.0


def test_a_peak_the_encoder_raised_over_the_ceiling_is_limited_further(shelf: Shelf, tmp_path: Path) -> None:
    """Bursts of white noise: the first encoding of them passes -1 dBTP by far."""
    generator = np.random.default_rng(0)
    noise = generator.standard_normal((8 * RATE, 2)) * 0.02
    for first in range(RATE // 2, 8 * RATE - 9000, RATE):
        noise[first : first + 9000] += (
            generator.uniform(-0.95, 0.95, (9000, 2)) * np.exp(-np.arange(9000) / 2500)[:, None]
        )
    timeline = film(240, Sound(asset=shelf.keep(noise), track="effects", start_frame=0, length_frames=240, gain_db=6.0))
    (block,) = blocks_of(timeline, shelf)
    master = plan([measure_block(block, shelf.path)], timeline)
    once = render_sound._encoded(block, mastered(block, master.gain_db, master.ceiling_dbtp, shelf.path))
    assert measured(once, tmp_path / "a.mp4")[1] > -0.8
    assert measured(encode_sound(timeline, shelf.path), tmp_path / "b.mp4")[1] < -0.99


def test_the_same_timeline_gives_the_same_bytes(shelf: Shelf) -> None:
    timeline = film(150, Sound(asset=shelf.keep(voice(5), 24_000), track="narration", start_frame=0, length_frames=150))
    assert encode_sound(timeline, shelf.path).to_bytes() == encode_sound(timeline, shelf.path).to_bytes()


def score(shelf: Shelf, frames: int) -> tuple[Sound, ...]:
    """Voice, music and an effect, at the mix's rate: what is read of them is the same wherever reading begins."""
    effect = np.zeros((RATE, 2))
    effect[:4000] = np.random.default_rng(5).uniform(-0.9, 0.9, (4000, 2))
    return (
        Sound(asset=shelf.keep(voice(frames / 30, RATE)), track="narration", start_frame=40, length_frames=frames - 80),
        Sound(asset=shelf.keep(music(frames / 30)), track="music", start_frame=7, length_frames=frames - 7,
              gain_db=-9, fade_in_s=1.1, fade_out_s=2.3, ducked=True),
        Sound(asset=shelf.keep(effect), track="effects", start_frame=frames // 2, length_frames=30, ducked=True),
    )  # fmt: skip


def test_a_film_mixed_in_small_blocks_is_the_film_mixed_whole(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = film(
        720, *score(shelf, 720), rate=Rate(num=30_000, den=1001), voice_windows=((40, 160), (300, 420), (480, 500))
    )
    whole, loud = mix_of(timeline, shelf), master_of(timeline, shelf)
    assert len(whole) == timeline.rate.samples(720, RATE)
    monkeypatch.setattr(render_blocks, "BLOCK", 75 * AAC_FRAME)
    assert len(blocks_of(timeline, shelf)) == 16
    np.testing.assert_array_equal(mix_of(timeline, shelf), whole)
    np.testing.assert_array_equal(master_of(timeline, shelf), loud)


def test_a_blocks_margins_are_its_neighbours(shelf: Shelf, short_blocks: int) -> None:
    timeline = film(720, *score(shelf, 720), voice_windows=((40, 160), (300, 420)))
    whole = mix_of(timeline, shelf)
    for index, block in enumerate(blocks_of(timeline, shelf)):
        first = index * short_blocks
        np.testing.assert_array_equal(
            mixed(block, shelf.path), whole[first - block.lead : first + block.count + block.tail]
        )


def test_blocks_encoded_one_by_one_join_without_a_seam(shelf: Shelf, short_blocks: int, tmp_path: Path) -> None:
    """Where blocks meet, what is heard is as close to the mix as it is anywhere else."""
    frames = 1200
    timeline = film(frames, *score(shelf, frames), voice_windows=((40, 1000),))
    wanted = master_of(timeline, shelf)
    heard = decode(encode_sound(timeline, shelf.path), tmp_path / "a.mp4")[: len(wanted)]
    count = len(wanted) // AAC_FRAME
    error = np.square(heard - wanted)[: count * AAC_FRAME].reshape(count, -1).mean(axis=1)
    power = np.square(wanted)[: count * AAC_FRAME].reshape(count, -1).mean(axis=1)
    noise_db = 10 * np.log10((error + 1e-12) / (power + 1e-6))
    seams = np.arange(short_blocks, len(wanted) - AAC_FRAME, short_blocks) // AAC_FRAME
    assert len(seams) == 4
    beside = np.concatenate([noise_db[seams + k] for k in (-2, -1, 0, 1)])
    assert beside.mean() < noise_db.mean() + 2
    assert beside.max() < np.percentile(noise_db, 99.5)


def test_a_block_is_made_of_its_value_alone(shelf: Shelf, short_blocks: int) -> None:
    """Blocks that are equal in two films give equal packets; only what an edit reaches is another value."""
    frames = 1200
    sounds = score(shelf, frames)
    windows = ((40, 200), (900, 1100))
    before = blocks_of(film(frames, *sounds, voice_windows=windows), shelf)
    louder = sounds[2].model_copy(update={"gain_db": -3.0})
    after = blocks_of(film(frames, *sounds[:2], louder, voice_windows=windows), shelf)
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, True, False, True, True]
    moved = blocks_of(film(frames, *sounds, voice_windows=((40, 200), (930, 1100))), shelf)
    assert [a == b for a, b in zip(before, moved, strict=True)] == [True, True, True, False, True]
    longer = blocks_of(film(frames + 300, *score(shelf, frames), voice_windows=windows), shelf)
    assert longer[:4] == before[:4]
    master = plan([measure_block(block, shelf.path) for block in before], film(frames))
    assert encode_block(before[1], master.gain_db, master.ceiling_dbtp, shelf.path) == encode_block(
        after[1], master.gain_db, master.ceiling_dbtp, shelf.path
    )


def test_what_ends_or_begins_out_of_hearing_is_no_part_of_a_block(shelf: Shelf, short_blocks: int) -> None:
    asset = shelf.keep(music(20))
    long = Sound(asset=asset, track="music", start_frame=0, length_frames=1200, fade_in_s=2, fade_out_s=2)
    longer = long.model_copy(update={"length_frames": 9000})
    shifted = long.model_copy(update={"start_frame": 90, "source_start_s": 3.0, "fade_in_s": 0.5})
    blocks, others, third = (blocks_of(film(9000, sound), shelf) for sound in (long, longer, shifted))
    assert blocks[1:4] == others[1:4] == third[1:4]
    assert blocks[0] != third[0]
    assert blocks[4] != others[4]


@pytest.mark.parametrize("extra", [0, 1, 500, 1024, 1500, 2048, 3000, 4096, 5000])
def test_a_film_that_ends_just_after_a_block_is_whole(shelf: Shelf, short_blocks: int, extra: int) -> None:
    rate = Rate(num=48_000)  # so that a film can have any number of samples
    total = short_blocks + extra
    timeline = film(
        total,
        Sound(asset=shelf.keep(music(10)), track="music", start_frame=0, length_frames=total),
        rate=rate,
    )
    run = encode_sound(timeline, shelf.path)
    ends = [packet.pts + packet.duration for packet in run.packets]
    assert ends[-1] == total
    assert ends[:-1] == [packet.pts for packet in run.packets[1:]]


def test_blocks_of_two_encodings_are_not_joined(shelf: Shelf) -> None:
    run = encode_sound(film(30), shelf.path)
    other = PacketRun(run.codec, run.time_base, b"other", run.packets)
    with pytest.raises(RenderError, match="more than one way"):
        join_blocks([run, other])


def test_progress_is_told_once_a_block(shelf: Shelf, short_blocks: int) -> None:
    timeline, told = film(600), []
    encode_sound(timeline, shelf.path, told.append)
    assert sum(told) == sound_steps(timeline) == 6


def test_a_sound_with_a_steady_offset_begins_and_ends_without_a_click(shelf: Shelf) -> None:
    tone = 0.1 * np.sin(2 * np.pi * 400 * np.arange(2 * RATE) / RATE)[:, None] * np.hanning(2 * RATE)[:, None]
    timeline = film(
        90, Sound(asset=shelf.keep(tone + np.array([[0.2, -0.1]])), track="effects", start_frame=10, length_frames=60)
    )
    mix = mix_of(timeline, shelf)
    np.testing.assert_allclose(mix[16_000 : 16_000 + 2 * RATE], np.repeat(tone, 2, axis=1), atol=1e-4)
    assert np.abs(np.diff(mix, axis=0)).max() < 0.01


def test_a_thump_is_no_offset(shelf: Shelf) -> None:
    """All of it above zero, but it passes."""
    thump = np.zeros((2 * RATE, 2))
    thump[1000:6000] = 0.5 * np.hanning(5000)[:, None]
    timeline = film(60, Sound(asset=shelf.keep(thump), track="effects", start_frame=0, length_frames=60))
    np.testing.assert_allclose(mix_of(timeline, shelf), thump, atol=1e-4)


def test_music_shorter_than_its_place_goes_on_without_a_seam_if_it_is_looped(shelf: Shelf, short_blocks: int) -> None:
    """Loudness over 400 ms stays within 1 dB, and no step is larger than within the music; then it fades."""
    asset = shelf.keep(music(7))
    timeline = film(900, Sound(asset=asset, track="music", start_frame=30, length_frames=870, looped=True))
    mix = mix_of(timeline, shelf)[RATE:]
    sums = np.concatenate([[0.0], np.cumsum(np.square(mix, dtype=np.float64).mean(axis=1))])
    level_db = 10 * np.log10(np.maximum((sums[19_200:] - sums[:-19_200]) / 19_200, 1e-12))
    steady = level_db[: 27 * RATE]
    assert steady.max() - steady.min() < 1.0
    assert np.abs(np.diff(mix[6 * RATE :], axis=0)).max() <= 1.3 * np.abs(np.diff(mix[: 5 * RATE], axis=0)).max()
    assert np.abs(mix[-10:]).max() < 1e-3


def test_a_loop_reads_the_same_wherever_a_block_begins(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = film(
        900,
        Sound(asset=shelf.keep(music(5)), track="music", start_frame=3, length_frames=890, looped=True),
        Sound(asset=shelf.keep(music(9, 1)), track="effects", start_frame=3, length_frames=700, looped=True,
              source_start_s=0.7),
    )  # fmt: skip
    whole = mix_of(timeline, shelf)
    monkeypatch.setattr(render_blocks, "BLOCK", 75 * AAC_FRAME)
    np.testing.assert_allclose(mix_of(timeline, shelf), whole, atol=1e-7)


def test_a_loop_that_would_begin_behind_its_sounds_end_is_told(shelf: Shelf) -> None:
    sound = Sound(asset=shelf.keep(music(2)), track="music", start_frame=0, length_frames=90, looped=True,
                  source_start_s=9.0)  # fmt: skip
    with pytest.raises(RenderError, match="cannot be looped"):
        encode_sound(film(90, sound), shelf.path)


def test_a_sound_shorter_than_its_place_ends_in_silence(shelf: Shelf) -> None:
    timeline = film(90, Sound(asset=shelf.keep(music(1) + 0.0), track="effects", start_frame=0, length_frames=90))
    whole = mix_of(timeline, shelf)
    assert np.abs(whole[RATE - 100 : RATE]).max() > 0.01
    assert not whole[RATE:].any()


def test_a_damaged_sound_is_named(shelf: Shelf) -> None:
    asset = shelf.keep(music(2))
    path = shelf.path(asset.blob)
    path.write_bytes(path.read_bytes()[:40_000])
    timeline = film(60, Sound(asset=asset, track="music", start_frame=0, length_frames=60))
    with pytest.raises(CorruptFile, match=asset.blob.sha256):
        encode_sound(timeline, shelf.path)


def test_memory_does_not_grow_with_the_film(shelf: Shelf, short_blocks: int) -> None:
    """More than twice the film takes less than one more block."""
    asset = shelf.keep(np.tile(music(10), (4, 1)))

    def peak_bytes(seconds: int) -> int:
        timeline = film(
            seconds * 30, Sound(asset=asset, track="music", start_frame=0, length_frames=seconds * 30, ducked=True)
        )
        blocks = blocks_of(timeline, shelf)
        tracemalloc.start()
        master = plan([measure_block(block, shelf.path) for block in blocks], timeline)
        for block in blocks:
            mastered(block, master.gain_db, master.ceiling_dbtp, shelf.path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak_bytes(40) - peak_bytes(17) < short_blocks * 2 * 4
