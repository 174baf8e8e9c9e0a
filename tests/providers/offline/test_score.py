from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.errors import ProviderRefused
from storyreel.media.loudness import integrated_lufs
from storyreel.providers.contracts import Composer, MusicRequest
from storyreel.providers.offline.score import OfflineComposer, compose_blocks, composer
from storyreel.providers.offline.score.arrange import arrange, draw_theme, lay_bars
from storyreel.providers.offline.score.harmony import SCALES, bass_note, chord, lead, step
from storyreel.providers.offline.score.instruments import RATE_HZ, Band, frequency_hz
from storyreel.providers.offline.score.moods import CHARACTERS, characters
from storyreel.providers.offline.score.room import loudness_lufs

SYMBOLS = sorted({symbol for mood in CHARACTERS.values() for phrase in mood.phrases for symbol in phrase.split()})


def play(mood: str, duration_s: float = 16.0, seed: int = 0) -> np.ndarray:
    return OfflineComposer().compose(MusicRequest(mood, duration_s, seed)).samples


@pytest.fixture(scope="module")
def warm() -> np.ndarray:
    return play("warm, hopeful", 40.0)


def band_db(samples: np.ndarray, low_hz: float, high_hz: float) -> float:
    power = np.square(np.abs(np.fft.rfft(samples.mean(axis=1))))
    hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    return float(10 * np.log10(power[(hz >= low_hz) & (hz < high_hz)].sum()))


def chroma(samples: np.ndarray) -> np.ndarray:
    """The share of each pitch class, C first."""
    power = np.square(np.abs(np.fft.rfft(samples.mean(axis=1) * np.hanning(len(samples)))))
    hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    kept = (hz > 110) & (hz < 1500)
    classes = np.rint(12 * np.log2(hz[kept] / 440) + 69).astype(int) % 12
    shares = np.bincount(classes, power[kept], 12)
    return shares / shares.sum()


def test_it_is_a_composer() -> None:
    assert isinstance(OfflineComposer(), Composer)
    assert OfflineComposer().identity == "offline/score-2"


@pytest.mark.parametrize("duration_s", [0.02, 0.7, 3.0, 11.117])
def test_the_piece_is_exactly_as_long_as_asked_for(duration_s: float) -> None:
    samples = play("sad", duration_s)
    assert samples.shape == (round(duration_s * 48_000), 2)
    assert samples.dtype == np.float32
    assert np.isfinite(samples).all()
    assert samples.any()


@pytest.mark.parametrize("duration_s", [0.0, -1.0, float("nan"), 1e9])
def test_a_length_that_cannot_be_made_is_refused(duration_s: float) -> None:
    with pytest.raises(ProviderRefused, match="cannot be made"):
        play("sad", duration_s)


def test_the_same_request_gives_the_same_samples_and_any_other_different_ones() -> None:
    first = play("mystery", 8.0, 1)
    np.testing.assert_array_equal(play("mystery", 8.0, 1), first)
    np.testing.assert_array_equal(play("  Mystery", 8.0, 1), first)
    assert np.abs(play("mystery", 8.0, 2) - first).max() > 0.01
    assert np.abs(play("tense", 8.0, 1) - first).max() > 0.01


@pytest.mark.parametrize("mood", sorted(CHARACTERS))
def test_every_character_is_clean(mood: str) -> None:
    """No clipping, no DC, no click, nothing harsh: a bed lies below a voice."""
    samples = play(mood)
    assert np.abs(samples).max() <= 0.72
    assert integrated_lufs(samples, RATE_HZ) == pytest.approx(-18.9, abs=0.6)
    assert np.abs(samples.mean(axis=0)).max() < 1e-4
    assert np.abs(samples[:5]).max() < 1e-3
    assert np.abs(samples[-100:]).max() < 1e-3
    # A click would stand out at the very top, where no instrument plays.
    spectrum = np.fft.rfft(samples, axis=0)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE_HZ) < 16_000] = 0
    assert np.abs(np.fft.irfft(spectrum, axis=0)).max() < 0.003
    # From 250 Hz on each octave is softer than the one below, by 3 to 18 dB, so consonants have room.
    octaves = [band_db(samples, 250 * 2**k, 500 * 2**k) for k in range(6)]
    assert octaves[0] - octaves[5] > 25
    assert max(high - low for low, high in pairwise(octaves)) < 3
    assert band_db(samples, 1000, 4000) < band_db(samples, 100, 1000) - 5


def test_both_ears_hear_something_of_their_own_and_mono_loses_little(warm: np.ndarray) -> None:
    correlation = np.corrcoef(warm[:, 0], warm[:, 1])[0, 1]
    assert 0.02 < correlation < 0.9
    powers = np.mean(np.square(warm), axis=0)
    assert abs(10 * np.log10(powers[0] / powers[1])) < 2.5


def test_the_piece_builds_and_dies_away(warm: np.ndarray) -> None:
    def level_db(start_s: float, end_s: float) -> float:
        return float(10 * np.log10(np.mean(np.square(warm[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]))))

    assert level_db(17, 23) > level_db(0.5, 4) + 1.5
    assert level_db(39.4, 39.9) < level_db(17, 23) - 20


@pytest.mark.parametrize(("mood", "third"), [("warm", 4), ("joyful", 4), ("sad", 3), ("adventure", 3)])
def test_it_ends_on_its_tonic(mood: str, third: int) -> None:
    """The last chord's own tones hold nearly all of the last seconds' sound, the tonic at the root."""
    samples = play(mood, 28.0)
    shares = chroma(samples[-round(5.5 * RATE_HZ) : -RATE_HZ])
    home = [sum(shares[(tonic + tone) % 12] for tone in (0, 2, third, 7)) + 0.2 * shares[tonic] for tonic in range(12)]
    tonic = int(np.argmax(home))
    assert home[tonic] > 0.9
    # The whole piece keeps to the scale of that tonic.
    scale = {(tonic + pitch) % 12 for pitch in SCALES[CHARACTERS[mood].scale]}
    whole = chroma(samples)
    assert sum(whole[list(scale)]) > 0.8


def test_a_long_piece_is_made_a_movement_at_a_time_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "_ONE_MOVEMENT_S", 20.0)
    monkeypatch.setattr(composer, "_MOVEMENT_S", 16.0)
    request = MusicRequest("sad", 32.0, 4)
    blocks = list(compose_blocks(request))
    assert len(blocks) == 2
    assert sum(len(block) for block in blocks) == 32 * RATE_HZ
    seam = len(blocks[0])
    joined = np.concatenate(blocks)[seam - RATE_HZ // 2 : seam + RATE_HZ // 2]
    # Where a seam clicked, the step between two samples would dwarf the ones around it.
    steps = np.abs(np.diff(joined, axis=0)).max(axis=1)
    middle = RATE_HZ // 2
    assert steps[middle - 5 : middle + 5].max() <= steps.max()
    assert steps[middle - 5 : middle + 5].max() < 5 * np.median(steps) + 1e-4
    # The first movement still rings when the second begins.
    assert np.abs(blocks[1][: RATE_HZ // 10]).max() > 1e-3


@pytest.mark.parametrize(
    ("mood", "names"),
    [
        ("tense, cold, slow", ["tense"]),
        ("cold, tense, slow, then hopeful", ["tense", "hopeful"]),
        ("a mysterious noir evening", ["mystery"]),
        ("Uplifting and inspiring", ["hopeful"]),
        ("grief, giving way to wonder, finally warm", ["sad", "wonder", "warm"]),
        ("", ["calm"]),
        ("quux", ["calm"]),
    ],
)
def test_words_choose_the_character(mood: str, names: list[str]) -> None:
    found = [character.name for character in characters(mood)]
    if mood.startswith(("tense", "cold")):
        assert found[0] in ("tense", "dark")
        assert found[1:] == names[1:]
    else:
        assert found == names


def test_slow_and_fast_are_heard() -> None:
    assert characters("slow sad")[0].beats_a_minute < characters("sad")[0].beats_a_minute
    assert characters("driving adventure")[0].beats_a_minute > characters("adventure")[0].beats_a_minute


@given(text=st.text(max_size=80))
def test_any_text_is_a_mood(text: str) -> None:
    assert 1 <= len(characters(text)) <= 3


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("tonic", [0, 5, 11])
def test_every_chord_can_be_led_into_from_every_other(symbol: str, tonic: int) -> None:
    voices = lead(chord(symbol, tonic), None)
    for other in SYMBOLS:
        after = lead(chord(other, tonic), voices)
        assert {voice % 12 for voice in after} <= set(chord(other, tonic).tones)
        assert list(after) == sorted(after)
        assert sum(abs(new - old) for new, old in zip(after, voices, strict=True)) <= 20
    assert bass_note(chord(symbol, tonic)) % 12 == chord(symbol, tonic).root


def test_voices_move_little_and_do_not_wander_off() -> None:
    for mood in CHARACTERS.values():
        bars = lay_bars(120.0, 7.0, [mood], 0)
        moves = [
            np.mean([abs(new - old) for new, old in zip(later.voices, earlier.voices, strict=True)])
            for earlier, later in pairwise(bars)
        ]
        assert np.mean(moves) < 3.0
        assert all(50 <= voice <= 74 for bar in bars for voice in bar.voices)


@given(start=st.integers(48, 80), steps=st.integers(-9, 9), scale=st.sampled_from(sorted(SCALES)))
def test_steps_up_and_down_a_scale_undo_each_other(start: int, steps: int, scale: str) -> None:
    pitches = SCALES[scale]
    home = step(start, 0, pitches)
    assert step(step(home, steps, pitches), -steps, pitches) == home
    assert step(home, steps, pitches) % 12 in pitches
    assert step(home, 7, pitches) == home + 12


@given(
    length_s=st.floats(0.5, 190),
    share=st.floats(0.05, 0.32),
    name=st.sampled_from(sorted(CHARACTERS)),
    tonic=st.integers(-4, 4),
)
@settings(max_examples=60, deadline=None)
def test_bars_fill_the_time_and_the_last_is_the_tonic(length_s: float, share: float, name: str, tonic: int) -> None:
    end_s = share * length_s
    bars = lay_bars(length_s, end_s, [CHARACTERS[name]], tonic)
    for earlier, later in pairwise(bars):
        assert earlier.start_s + earlier.length_s == pytest.approx(later.start_s)
    assert bars[-1].start_s + bars[-1].length_s == pytest.approx(length_s)
    assert bars[-1].chord.root == tonic % 12
    if length_s > 60:
        wanted_s = 240 / CHARACTERS[name].beats_a_minute
        assert bars[0].length_s == pytest.approx(wanted_s, rel=0.13)


@given(seed=st.integers(0, 1000), name=st.sampled_from(sorted(CHARACTERS)))
@settings(max_examples=40, deadline=None)
def test_the_melody_can_be_sung_and_comes_back(seed: int, name: str) -> None:
    random = np.random.default_rng(seed)
    theme = draw_theme(random)
    bars = lay_bars(110.0, 7.0, [CHARACTERS[name]], 0)
    notes = arrange(bars, theme, random)
    assert all(0.0 <= note.start_s < 110.0 and 0.0 < note.level < 2.0 and -1 <= note.pan <= 1 for note in notes)
    tune = [note for note in notes if note.pan == 0.12 and note.instrument == CHARACTERS[name].motif]
    assert all(52 <= note.pitch <= 86 for note in tune)
    first_bars = [bar.start_s for bar in bars if bar.place == 0]
    openings = sum(any(abs(note.start_s - start) < 4.5 for note in tune) for start in first_bars)
    assert openings >= 3


@pytest.mark.parametrize("instrument", ["pad", "strings", "air", "drone", "bass", "piano", "harp", "celesta"])
def test_an_instrument_sounds_the_pitch_it_is_given(instrument: str) -> None:
    """To a tenth of a semitone: the strongest partial is a whole multiple of the note's frequency."""
    pitch = 45 if instrument in ("bass", "drone") else 60
    sound = Band(np.random.default_rng(0), 0.5).play(instrument, pitch, 3.0, 0.7)
    mono = sound if sound.ndim == 1 else sound.mean(axis=1)
    power = np.abs(np.fft.rfft(mono * np.hanning(len(mono)), 1 << 19))
    strongest = np.fft.rfftfreq(1 << 19, 1 / RATE_HZ)[int(power.argmax())]
    ratio = strongest / frequency_hz(pitch)
    assert abs(12 * np.log2(ratio / round(ratio))) < 0.2
    assert round(ratio) <= 4


@pytest.mark.parametrize("instrument", ["pad", "strings", "air", "drone", "spiccato", "bass", "wind"])
def test_a_held_note_begins_and_ends_in_silence(instrument: str) -> None:
    sound = Band(np.random.default_rng(0), 0.5).play(instrument, 50, 2.0, 0.7)
    assert np.abs(sound[:3]).max() < 1e-3
    assert np.abs(sound[-3:]).max() < 1e-3


@pytest.fixture(scope="module")
def long_pieces() -> dict[str, list[np.ndarray]]:
    """Pieces of two movements each, by mood; movements are short here so that the tests are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composer, "_ONE_MOVEMENT_S", 10.0)
        patch.setattr(composer, "_MOVEMENT_S", 13.0)
        moods = ("sad", "tense, then joyful", "dark, then adventure")
        return {mood: list(compose_blocks(MusicRequest(mood, 26.0, 2))) for mood in moods}


def test_a_films_music_keeps_its_loudness_whatever_the_mood(long_pieces: dict[str, list[np.ndarray]]) -> None:
    """Integrated loudness (BS.1770-4) of every movement: within 1 LU of any other, none of it silent or clipped."""
    movements = [block for blocks in long_pieces.values() for block in blocks]
    loudness = [integrated_lufs(movement, RATE_HZ) for movement in movements]
    assert max(loudness) - min(loudness) <= 1.0
    for movement in movements:
        hundredths = movement[: len(movement) // 480 * 480].reshape(-1, 960)
        assert hundredths.any(axis=1).all(), "digital silence"
        assert np.abs(movement).max() < 0.9


@pytest.mark.parametrize("quieter_db", [0.0, 12.0, 30.0])
def test_the_composer_hears_loudness_as_the_standard_does(quieter_db: float, warm: np.ndarray) -> None:
    sound = warm * np.float32(10 ** (-quieter_db / 20))
    sound = np.concatenate([sound, np.zeros_like(sound)])  # what is silent does not count
    assert loudness_lufs(sound) == pytest.approx(integrated_lufs(sound, RATE_HZ), abs=0.15)
    assert loudness_lufs(np.zeros((RATE_HZ, 2), np.float32)) == float("-inf")


def flux(samples: np.ndarray) -> np.ndarray:
    """Spectral flux: how much the magnitudes of 43 ms frames grow from one frame to the next, 21 ms later."""
    hop = 1024
    frames = np.lib.stride_tricks.sliding_window_view(samples.mean(axis=1), 2 * hop)[::hop] * np.hanning(2 * hop)
    return np.maximum(np.diff(np.abs(np.fft.rfft(frames, axis=1)), axis=0), 0).sum(axis=1)


def test_a_join_of_movements_changes_less_than_the_music_does(long_pieces: dict[str, list[np.ndarray]]) -> None:
    """The spectral flux of every frame that touches the join lies under the median of the piece's own."""
    for blocks in long_pieces.values():
        whole = np.concatenate(blocks)
        at = len(blocks[0]) // 1024
        change = flux(whole)
        assert change[at - 2 : at + 1].max() < np.median(change)
        whole[len(blocks[0])] += 0.2
        assert flux(whole)[at - 2 : at + 1].max() > np.median(change), "the measure sees a click"


def test_a_long_piece_develops() -> None:
    """Thirds of a piece differ in what is played, and the end is sparser than the height."""
    moods = characters("wonder, then sad, finally hopeful")
    bars = lay_bars(150.0, 7.5, moods, 0)
    notes = arrange(bars, draw_theme(np.random.default_rng(1)), np.random.default_rng(1))
    played = [{note.instrument for note in notes if low <= note.start_s < low + 50.0} for low in (0.0, 50.0, 100.0)]
    assert len({frozenset(part) for part in played}) >= 2
    density = [sum(low <= note.start_s < low + 10.0 for note in notes) for low in range(0, 150, 10)]
    assert max(density) > 2 * density[0]
    assert density[-1] < max(density)
