"""The offline composer: underscore made to a mood, from notes to finished stereo.

A piece of up to three minutes is one movement with its own arc. A longer one is a row of movements of about two
minutes on one theme, in related keys, each swelling up as the last one rings off; it is made a movement at a time.

Every movement is as loud as any other, in LUFS over its length: a film's bed keeps its level whatever its moods, while
inside a movement the music builds and falls back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np

from storyreel.errors import ProviderRefused
from storyreel.providers.contracts import FloatArray, Music, MusicRequest
from storyreel.providers.offline.score.arrange import Note, Theme, arrange, draw_theme, lay_bars
from storyreel.providers.offline.score.instruments import RATE_HZ, Band
from storyreel.providers.offline.score.moods import Character, characters
from storyreel.providers.offline.score.room import impulse_response, loudness_lufs, reverberate, tone

LONGEST_S = 2 * 3600.0
_ONE_MOVEMENT_S = 180.0
_MOVEMENT_S = 125.0
_TAIL_S = 6.0
_KEYS = (0, 5, -2, 3, -4)  # over the first movement's tonic, by turns
_LOUDNESS_LUFS = -18.9
_SWELL_S, _BREATH_S, _BREATH = 1.2, 1.6, 0.33
_PEAK = 10.0 ** (-3.0 / 20.0)
# How much of an instrument is far away: its share of the hall.
_DISTANCE = {
    "pad": 0.3, "air": 0.6, "strings": 0.45, "drone": 0.25, "spiccato": 0.45, "bass": 0.06, "wind": 0.4, "piano": 0.42,
    "harp": 0.55, "celesta": 0.6, "glass": 0.9, "heart": 0.15, "drum": 0.3,
}  # fmt: skip


class OfflineComposer:
    """A `Composer` that needs no key, no network and no recordings.

    The same mood, duration and seed give the same samples.
    """

    travels: ClassVar[bool] = True

    @property
    def identity(self) -> str:
        """Name and version of the way it composes."""
        return "offline/score-2"

    def compose(self, request: MusicRequest) -> Music:
        """Compose a piece of exactly `duration_s`, 48 kHz stereo.

        Raises:
            ProviderRefused: the duration is not above 0, or over two hours.
        """
        samples = np.zeros((_sample_count(request), 2), np.float32)
        at = 0
        for block in compose_blocks(request):
            samples[at : at + len(block)] = block
            at += len(block)
        return Music(samples, RATE_HZ)


def compose_blocks(request: MusicRequest) -> Iterator[FloatArray]:
    """The piece in blocks of a movement each, shape (n, 2), so that a long one need not be in memory at once.

    Raises:
        ProviderRefused: the duration is not above 0, or over two hours.
    """
    total = _sample_count(request)
    digest = hashlib.sha256(f"{request.mood.strip().lower()}|{total}|{request.seed}".encode()).digest()
    random = np.random.default_rng(list(digest))
    moods, theme = characters(request.mood), draw_theme(random)
    tonic = int(random.integers(-4, 5))
    count = 1 if request.duration_s <= _ONE_MOVEMENT_S else round(request.duration_s / _MOVEMENT_S)
    edges = [total * number // count for number in range(count + 1)]
    ringing = np.zeros((0, 2), np.float32)
    for number in range(count):
        length = edges[number + 1] - edges[number]
        last = number == count - 1
        own = moods if count == 1 else (moods[min(number * len(moods) // count, len(moods) - 1)],)
        key = tonic + (0 if last else _KEYS[number % len(_KEYS)])
        movement = _movement(length, own, theme, key, random, last=last)
        # No attack where two movements meet, and a breath: the flux of the spectrum there stays under the median.
        if number:
            rise = min(round(_SWELL_S * RATE_HZ), length)
            movement[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise, dtype=np.float32))[:, None] ** 2
        movement[: len(ringing)] += ringing[: len(movement)]
        ringing = movement[length:]
        yield movement[:length]


def _sample_count(request: MusicRequest) -> int:
    if not 0.0 < request.duration_s <= LONGEST_S:
        raise ProviderRefused(
            "offline composer", f"music of {request.duration_s} s cannot be made; ask for up to {LONGEST_S:.0f} s"
        )
    return max(1, round(request.duration_s * RATE_HZ))


def _movement(
    length: int, moods: Sequence[Character], theme: Theme, tonic: int, random: np.random.Generator, *, last: bool
) -> FloatArray:
    """A movement of `length` samples and, unless it is the last, its ring after that."""
    length_s = length / RATE_HZ
    end_s = min(7.5 if last else 5.0, 0.32 * length_s)
    bars = lay_bars(length_s, end_s, moods, tonic)
    notes = arrange(bars, theme, random)
    brightness = sum(mood.brightness for mood in moods) / len(moods)
    ring_s = sum(mood.room_s for mood in moods) / len(moods)
    whole = length + round(_TAIL_S * RATE_HZ)
    dry, send = _played(notes, whole, Band(random, brightness))
    mixed = tone(dry + reverberate(send, impulse_response(ring_s, random)))
    mixed *= _gain(mixed[:length])
    if not last:
        fall = min(round(_BREATH_S * RATE_HZ), length)
        ease = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, fall, dtype=np.float32))
        mixed[length - fall : length] *= (_BREATH + (1 - _BREATH) * ease)[:, None]
        mixed[length:] *= np.float32(_BREATH)
        mixed[-RATE_HZ:] *= np.linspace(1, 0, RATE_HZ, dtype=np.float32)[:, None]
        return mixed
    mixed = mixed[:length]
    fade = min(round(0.45 * end_s * RATE_HZ), length)
    mixed[length - fade :] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[:, None] ** 2
    opening = min(round(0.02 * RATE_HZ), length)
    mixed[:opening] *= np.linspace(0, 1, opening, dtype=np.float32)[:, None]
    return mixed


def _played(notes: Sequence[Note], count: int, band: Band) -> tuple[FloatArray, FloatArray]:
    """All notes at their places: what is heard directly, and what goes to the hall."""
    dry, send = np.zeros((count, 2), np.float32), np.zeros((count, 2), np.float32)
    loudest = max((note.level for note in notes), default=1.0)
    for note in notes:
        sound = band.play(note.instrument, note.pitch, note.length_s, note.level / loudest)
        first = round(note.start_s * RATE_HZ)
        sound = sound[: max(0, count - first)]
        angle = (note.pan + 1) * np.pi / 4
        left, right = np.float32(note.level * np.cos(angle) * 1.414), np.float32(note.level * np.sin(angle) * 1.414)
        placed = np.stack([sound * left, sound * right], 1) if sound.ndim == 1 else sound * np.array([left, right])
        away = _DISTANCE[note.instrument]
        where = slice(first, first + len(sound))
        dry[where] += placed * np.float32(1.0 - 0.5 * away)
        send[where] += placed * np.float32(away)
    return dry, send


def _gain(samples: FloatArray) -> np.float32:
    peak = float(np.abs(samples).max())
    return np.float32(min(10.0 ** ((_LOUDNESS_LUFS - loudness_lufs(samples)) / 20.0), _PEAK / max(peak, 1e-9)))
