"""What each sound is like, by figures that tell it from the others: where its power lies, its tone, onsets and time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from storyreel.providers.contracts import EffectRequest
from storyreel.providers.offline.effects import KINDS, OfflineEffects

RATE_HZ = 48_000
LENGTH_S = 4.0


class Sound(NamedTuple):
    """Measures of one sound.

    Attributes:
        centroid_hz: the mean frequency of its power.
        flatness_db: spectral flatness from 60 Hz to 10 kHz, 0 for white noise, under -40 for pure tones.
        onsets: how often its level doubles within 20 ms to a fifth of the loudest or more.
        filled: the share of its time in which it is within 20 dB of its loudest.
    """

    centroid_hz: float
    flatness_db: float
    onsets: float
    filled: float


class Within(NamedTuple):
    """Least and most of each measure."""

    centroid_hz: tuple[float, float]
    flatness_db: tuple[float, float]
    onsets: tuple[float, float]
    filled: tuple[float, float]

    def holds(self, sound: Sound) -> bool:
        return all(low <= value <= high for (low, high), value in zip(self, sound, strict=True))


STEADY = (0.8, 1.0)
CHARACTERS: dict[str, Within] = {
    "applause": Within((1500, 3000), (-16, -9), (12, 60), (0.9, 1.0)),
    "bees": Within((380, 640), (-26, -16), (0, 9), STEADY),
    "bell": Within((250, 600), (-37, -24), (2, 3), (0.6, 0.95)),
    "birds": Within((3000, 5500), (-22, -11), (14, 50), (0.4, 0.95)),
    "car": Within((1500, 3200), (-9, -3), (0, 0), (0.7, 1.0)),
    "cat": Within((800, 1900), (-28, -17), (1, 4), (0.25, 0.6)),
    "city": Within((1000, 1700), (-11, -8), (0, 2), (0.9, 1.0)),
    "clock": Within((1700, 2900), (-25, -13), (8, 8), (0.03, 0.12)),
    "creak": Within((500, 1000), (-40, -26), (1, 12), (0.3, 0.6)),
    "crickets": Within((3900, 5300), (-36, -24), (18, 50), (0.35, 0.8)),
    "crowd": Within((500, 950), (-25, -15), (0, 4), STEADY),
    "dog": Within((700, 1250), (-27, -16), (4, 12), (0.1, 0.35)),
    "door": Within((250, 700), (-20, -10), (1, 3), (0.03, 0.2)),
    "drips": Within((700, 1300), (-80, -40), (2, 5), (0.02, 0.12)),
    "engine": Within((400, 900), (-12, -5), (0, 2), (0.95, 1.0)),
    "explosion": Within((1200, 2600), (-10, -4), (1, 2), (0.4, 0.8)),
    "fire": Within((700, 1700), (-14, -7), (0, 5), (0.95, 1.0)),
    "footsteps": Within((1000, 2200), (-13, -6), (9, 20), (0.05, 0.25)),
    "glass": Within((6000, 11_000), (-8, -2), (1, 4), (0.05, 0.3)),
    "gulls": Within((2200, 3600), (-60, -36), (2, 14), (0.2, 0.7)),
    "heartbeat": Within((50, 110), (-42, -29), (8, 12), (0.2, 0.45)),
    "horse": Within((400, 800), (-22, -12), (12, 20), (0.08, 0.25)),
    "hum": Within((80, 350), (-30, -12), (0, 1), (0.95, 1.0)),
    "knock": Within((180, 450), (-25, -14), (3, 7), (0.05, 0.25)),
    "owl": Within((330, 460), (-60, -36), (1, 6), (0.2, 0.5)),
    "phone": Within((1000, 1900), (-50, -32), (3, 8), (0.35, 0.65)),
    "rain": Within((6000, 10_000), (-5, -1), (0, 1), (0.98, 1.0)),
    "siren": Within((700, 1400), (-60, -40), (0, 1), STEADY),
    "splash": Within((3200, 6000), (-8, -2), (1, 2), (0.05, 0.3)),
    "static": Within((2500, 5500), (-10, -1), (0, 6), (0.9, 1.0)),
    "steam": Within((3500, 7000), (-8, -1), (2, 7), (0.3, 0.9)),
    "sword": Within((1900, 4200), (-24, -10), (4, 12), (0.1, 0.6)),
    "thunder": Within((150, 350), (-24, -14), (1, 6), (0.4, 0.85)),
    "train": Within((1200, 2800), (-12, -5), (0, 4), (0.95, 1.0)),
    "typing": Within((1400, 2700), (-14, -6), (15, 32), (0.08, 0.3)),
    "water": Within((3200, 5200), (-8, -2), (0, 8), (0.95, 1.0)),
    "waves": Within((2200, 4200), (-10, -3), (0, 1), (0.9, 1.0)),
    "whoosh": Within((450, 1000), (-19, -10), (0, 1), (0.15, 0.45)),
    "wind": Within((280, 700), (-22, -11), (0, 1), (0.9, 1.0)),
    "wolf": Within((400, 700), (-42, -29), (0, 4), (0.5, 1.0)),
}


def frames(samples: np.ndarray) -> np.ndarray:
    """Levels of 20 ms each."""
    return np.sqrt(np.square(samples.astype(float)).reshape(-1, RATE_HZ // 50).mean(axis=1))


def measured(mono: np.ndarray) -> Sound:
    power = np.square(np.abs(np.fft.rfft(mono.astype(float)))) + 1e-20
    hz = np.fft.rfftfreq(len(mono), 1 / RATE_HZ)
    heard = power[(hz > 60) & (hz < 10_000)]
    level = frames(mono)
    rises = (level[1:] > 2 * level[:-1]) & (level[1:] > 0.2 * level.max())
    return Sound(
        centroid_hz=float((power * hz).sum() / power.sum()),
        flatness_db=float(10 * np.log10(np.exp(np.mean(np.log(heard))) / heard.mean())),
        onsets=float(np.count_nonzero(rises)),
        filled=float(np.mean(level > 0.1 * level.max())),
    )


@pytest.fixture(scope="module")
def made() -> dict[str, np.ndarray]:
    """Four seconds of every kind, as one channel."""
    return {kind: OfflineEffects().make(EffectRequest(kind, "", LENGTH_S, 1)).samples.mean(axis=1) for kind in KINDS}


@pytest.fixture(scope="module")
def sounds(made: dict[str, np.ndarray]) -> dict[str, Sound]:
    return {kind: measured(samples) for kind, samples in made.items()}


def test_there_are_thirty_or_more_and_each_has_a_character() -> None:
    assert len(KINDS) >= 30
    assert sorted(CHARACTERS) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_has_its_character(sounds: dict[str, Sound], kind: str) -> None:
    assert CHARACTERS[kind].holds(sounds[kind]), sounds[kind]


def test_characters_tell_sounds_apart(sounds: dict[str, Sound]) -> None:
    """No character is so wide that it takes in more than two others; hiss, hum and silence have none of them."""
    taken = {
        kind: [other for other in KINDS if other != kind and within.holds(sounds[other])]
        for kind, within in CHARACTERS.items()
    }
    assert {kind: others for kind, others in taken.items() if len(others) > 2} == {}
    assert sum(map(len, taken.values())) <= len(KINDS) // 3
    time = np.arange(round(LENGTH_S * RATE_HZ)) / RATE_HZ
    hiss = np.random.default_rng(0).standard_normal(time.size)
    for plain in (hiss, np.sin(2 * np.pi * 1000 * time), np.sin(2 * np.pi * 50 * time)):
        assert [kind for kind, within in CHARACTERS.items() if within.holds(measured(plain))] == []


@pytest.mark.parametrize(
    ("kind", "every_s"), [("clock", 0.5), ("heartbeat", 0.95), ("footsteps", 0.54), ("horse", 0.31)]
)
def test_what_beats_beats_at_its_pace(made: dict[str, np.ndarray], kind: str, every_s: float) -> None:
    """The autocorrelation of the level is highest at the beat, within a tenth of it."""
    level = np.diff(frames(made[kind])).clip(0)
    level -= level.mean()
    like = np.correlate(level, level, "full")[level.size - 1 :]
    first, last = round(0.24 * 50), round(1.2 * 50)
    beat_s = (first + int(np.argmax(like[first:last]))) / 50
    assert beat_s == pytest.approx(every_s, rel=0.1)
    assert like[round(beat_s * 50)] > 0.25 * like[0]


@pytest.mark.parametrize(
    ("kind", "falls_db"), [("thunder", 9), ("explosion", 9), ("glass", 40), ("splash", 40), ("knock", 20)]
)
def test_what_is_struck_dies_away(made: dict[str, np.ndarray], kind: str, falls_db: float) -> None:
    """From the loudest fifth of a second to the one that begins 1.8 s later."""
    level = np.sqrt(np.square(made[kind][: RATE_HZ * 14 // 5].astype(float)).reshape(14, -1).mean(axis=1))
    top = int(np.argmax(level[:5]))
    assert 20 * np.log10(level[top] / max(level[top + 9], 1e-9)) > falls_db


@pytest.mark.parametrize(("kind", "rises"), [("siren", 1.3), ("gulls", 1.25), ("wolf", 1.25), ("cat", 1.15)])
def test_what_cries_glides(made: dict[str, np.ndarray], kind: str, rises: float) -> None:
    """The strongest tone moves: its highest over its lowest, among frames that are loud."""
    window = 2048
    pieces = np.lib.stride_tricks.sliding_window_view(made[kind], window)[::window]
    loud = np.square(pieces).mean(axis=1)
    spectra = np.abs(np.fft.rfft(pieces[loud > 0.1 * loud.max()] * np.hanning(window), 4 * window, axis=1))
    tones = spectra.argmax(axis=1) * RATE_HZ / (4 * window)
    assert np.quantile(tones, 0.95) > rises * np.quantile(tones, 0.05)


def test_a_cat_purrs_where_the_description_says_so() -> None:
    purr = measured(OfflineEffects().make(EffectRequest("cat", "purring on a lap", 2.0, 0)).samples.mean(axis=1))
    assert purr.centroid_hz < 400
