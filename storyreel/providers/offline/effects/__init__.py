"""Sound effects made by calculation: footsteps, doors, weather, animals, engines; nothing is played back.

A kind names what sounds; the description may say how ("running on gravel", "distant", "gentle"). What happens once, as
a door does, happens at the start, with silence after it or, where there is much time, again; what lasts fills the time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from storyreel.errors import InputError, ProviderRefused
from storyreel.providers.contracts import EffectRequest, FloatArray, Music
from storyreel.providers.offline.effects import creatures, places, things, weather
from storyreel.providers.offline.effects.waves import RATE_HZ, Random, samples

LONGEST_S = 600.0
_LOUDEST_PEAK = 10.0 ** (-3.0 / 20.0)
_WINDOW_S = 0.4
_FADE_IN_S, _FADE_OUT_S = 0.004, 0.03

Make = Callable[[Random, int, str], FloatArray]


@dataclass(frozen=True, slots=True)
class Effect:
    """How a kind is made.

    Attributes:
        make: (randomness, how many samples, the description in lower case) -> samples (n, 2).
        level_db: RMS of its loudest 0.4 s, in dB of full scale: how loud it is beside the others.
        also: other words for it.
    """

    make: Make
    level_db: float
    also: tuple[str, ...] = ()


EFFECTS: Mapping[str, Effect] = {
    "applause": Effect(creatures.applause, -21.0, ("clapping", "ovation")),
    "bees": Effect(creatures.bees, -27.0, ("bee", "hive", "beehive", "buzzing", "flies", "insects")),
    "bell": Effect(things.bell, -20.0, ("bells", "church bell", "chime", "toll")),
    "birds": Effect(creatures.birds, -25.0, ("bird", "birdsong", "songbirds")),
    "car": Effect(things.car, -21.0, ("cars", "traffic", "car passing")),
    "cat": Effect(creatures.cat, -24.0, ("cats", "meow", "miaow", "purr", "purring", "kitten")),
    "city": Effect(places.city, -26.0, ("street", "streets", "town", "downtown", "city street")),
    "clock": Effect(things.clock, -26.0, ("ticking", "watch", "tick")),
    "creak": Effect(things.creak, -25.0, ("creaking", "floorboard", "floorboards")),
    "crickets": Effect(creatures.crickets, -28.0, ("cricket", "cicadas", "night insects")),
    "crowd": Effect(creatures.crowd, -22.0, ("murmur", "chatter", "people", "voices", "market")),
    "dog": Effect(creatures.dog, -20.0, ("barking", "bark", "dogs")),
    "door": Effect(things.door, -20.0, ("door slam", "doors", "gate")),
    "drips": Effect(weather.drips, -26.0, ("dripping", "drip", "drops")),
    "engine": Effect(things.engine, -21.0, ("motor", "machine", "generator")),
    "explosion": Effect(things.explosion, -15.0, ("blast", "cannon", "boom")),
    "fire": Effect(weather.fire, -23.0, ("campfire", "flames", "fireplace", "crackling")),
    "footsteps": Effect(creatures.footsteps, -23.0, ("steps", "walking", "running", "footstep")),
    "glass": Effect(things.glass, -20.0, ("shatter", "breaking glass", "window breaking")),
    "gulls": Effect(creatures.gulls, -24.0, ("seagulls", "gull", "seagull")),
    "heartbeat": Effect(creatures.heartbeat, -20.0, ("heart", "pulse")),
    "horse": Effect(creatures.horse, -21.0, ("hooves", "horses", "gallop", "hoofbeats")),
    "hum": Effect(places.hum, -26.0, ("drone", "humming", "machine room", "spaceship", "reactor", "server room")),
    "knock": Effect(things.knock, -20.0, ("knocking", "knocks", "rapping")),
    "owl": Effect(creatures.owl, -25.0, ("owls", "hoot")),
    "phone": Effect(things.phone, -21.0, ("telephone", "ringing", "ring")),
    "rain": Effect(weather.rain, -23.0, ("drizzle", "downpour", "shower")),
    "siren": Effect(things.siren, -23.0, ("alarm", "ambulance", "police")),
    "splash": Effect(weather.splash, -20.0, ("plunge",)),
    "static": Effect(places.static, -25.0, ("radio", "wireless", "interference", "radio static")),
    "steam": Effect(places.steam, -23.0, ("hiss", "hissing", "valve", "geyser")),
    "sword": Effect(things.sword, -20.0, ("swords", "blade", "blades", "sword fight", "clang", "clash")),
    "thunder": Effect(weather.thunder, -17.0, ("lightning", "thunderclap", "storm")),
    "train": Effect(things.train, -20.0, ("railway", "locomotive", "steam train")),
    "typing": Effect(things.typing, -24.0, ("keyboard", "typewriter")),
    "water": Effect(weather.water, -24.0, ("stream", "river", "brook", "fountain", "waterfall")),
    "waves": Effect(weather.waves, -22.0, ("sea", "ocean", "surf", "shore", "wave")),
    "whoosh": Effect(things.whoosh, -20.0, ("swoosh", "swish")),
    "wind": Effect(weather.wind, -23.0, ("breeze", "gust", "gale", "howling")),
    "wolf": Effect(creatures.wolf, -23.0, ("wolves", "howl", "howls", "coyote", "howling wolf", "wolf howling")),
}
KINDS = tuple(EFFECTS)


@dataclass(frozen=True, slots=True)
class OfflineEffects:
    """An `Effects` that needs no key, no network and no recordings; the same request gives the same samples."""

    travels: ClassVar[bool] = True

    @property
    def identity(self) -> str:
        """Name and version of the way it sounds."""
        return "offline/effects-1"

    def make(self, request: EffectRequest) -> Music:
        """The effect: 48 kHz stereo, silent at its first and last sample, peaks at most -3 dBFS.

        Raises:
            InputError: the kind is not known; the message names those that are.
            ProviderRefused: the duration is not above 0, or over ten minutes.
        """
        kind = kind_of(request.kind)
        if not 0.0 < request.duration_s <= LONGEST_S:
            raise ProviderRefused(
                "offline effects", f"a sound of {request.duration_s} s cannot be made; ask for up to {LONGEST_S:.0f} s"
            )
        count = samples(request.duration_s)
        words = f"{request.kind} {request.description}".lower()
        digest = hashlib.sha256(f"{kind}|{words}|{count}|{request.seed}".encode()).digest()
        sound = EFFECTS[kind].make(np.random.default_rng(list(digest)), count, words)
        return Music(_finished(sound, EFFECTS[kind].level_db), RATE_HZ)


def kind_of(text: str) -> str:
    """The kind that a word or a few words name: "heavy rain" is rain.

    Raises:
        InputError: none of them is known.
    """
    plain = " ".join(re.findall(r"[a-z]+", text.lower()))
    if plain in EFFECTS:
        return plain
    best, longest = "", 0
    for kind, effect in EFFECTS.items():
        for name in (kind, *effect.also):
            if len(name) > longest and f" {name} " in f" {plain} ":
                best, longest = kind, len(name)
    if not best:
        raise InputError(f"no sound effect is called {text[:60]!r}: choose one of {', '.join(KINDS)}")
    return best


def _finished(sound: FloatArray, level_db: float) -> FloatArray:
    """Brought to its level, with nothing below hearing and ends that do not click."""
    from scipy.signal import butter, sosfilt

    sections = butter(2, 22.0, "highpass", fs=RATE_HZ, output="sos").astype(np.float32)
    sound = np.asarray(sosfilt(sections, sound, axis=0), np.float32)
    window = min(len(sound), samples(_WINDOW_S))
    power = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64).mean(axis=1))])
    loudest = float(np.sqrt(np.max(power[window:] - power[:-window]) / window))
    peak = float(np.abs(sound).max())
    gain = min(10.0 ** (level_db / 20.0) / max(loudest, 1e-9), _LOUDEST_PEAK / max(peak, 1e-9))
    sound = (sound * np.float32(gain)).astype(np.float32, copy=False)
    rise, fall = (min(len(sound), samples(each)) for each in (_FADE_IN_S, _FADE_OUT_S))
    sound[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    sound[len(sound) - fall :] *= np.linspace(1, 0, fall, dtype=np.float32)[:, None]
    return sound
