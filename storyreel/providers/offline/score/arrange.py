"""The piece as notes: form, harmony, accompaniment and a melody that comes back. Pure: no sound is made here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from storyreel.providers.offline.score.harmony import SCALES, Chord, bass_note, chord, lead, nearest, step
from storyreel.providers.offline.score.moods import Character

# How full the music is over its course: it opens sparsely, builds, falls back to a quiet middle, returns in full.
_ARC_AT = (0.0, 0.12, 0.34, 0.5, 0.58, 0.62, 0.72, 0.86, 0.94, 1.0)
_ARC_FULLNESS = (0.22, 0.42, 0.62, 0.86, 0.8, 0.34, 0.42, 1.0, 0.85, 0.45)
# The fullness at which a layer is first heard, and how much more brings it to its level.
_ENTRIES = {
    "pad": (-0.5, 0.5), "drone": (-0.5, 0.5), "wind": (-0.4, 0.5), "air": (0.15, 0.3), "motif": (-0.5, 0.5),
    "figure": (0.26, 0.3), "bass": (0.28, 0.25), "bells": (0.4, 0.3), "strings": (0.45, 0.4), "pulse": (0.46, 0.3),
    "ostinato": (0.36, 0.4),
}  # fmt: skip
# Levels of the layers against one another, in dB, found by ear and by their measured loudness.
_LEVEL_DB = {
    "pad": -18.0, "drone": -16.5, "air": -19.0, "strings": -17.5, "bass": -11.0, "figure": -7.0, "motif": -2.5,
    "bells": -9.0, "pulse": -9.5, "ostinato": -10.5, "wind": -26.0,
}  # fmt: skip

# Melodies of two bars: (beat, length in beats, scale steps above the first note).
_MOTIFS = (
    ((0.0, 1.5, 0), (1.5, 0.5, 1), (2.0, 2.0, 2), (4.0, 3.5, 4)),
    ((0.0, 2.0, 4), (2.0, 1.0, 3), (3.0, 1.0, 2), (4.0, 3.5, 0)),
    ((1.0, 1.0, 0), (2.0, 1.0, 2), (3.0, 1.0, 4), (4.0, 3.0, 3)),
    ((0.0, 1.0, 0), (1.0, 2.0, 4), (3.0, 1.0, 3), (4.0, 1.5, 2), (5.5, 2.0, 1)),
    ((0.0, 3.0, 2), (3.0, 1.0, 4), (4.0, 2.0, 3), (6.0, 1.5, 1)),
    ((0.0, 1.5, 4), (1.5, 1.5, 5), (3.0, 1.0, 4), (4.0, 3.5, 2)),
)
_LOWEST_SUNG, _HIGHEST_SUNG = 57, 84
_FIGURES = (
    (0, 2, 3, 4, 3, 2, 3, 2),
    (0, 1, 2, 3, 4, 3, 2, 1),
    (0, 2, 1, 3, 2, 4, 3, 2),
    (0, 3, 2, 4, 1, 3, 2, 3),
)
_ACCENTS = ((1.0, 0.45, 0.55, 0.9, 0.45, 0.55, 0.85, 0.5), (1.0, 0.5, 0.7, 0.5, 0.9, 0.5, 0.7, 0.6))


class Note(NamedTuple):
    """One note: when it starts and how long it is held, its pitch, its level as a factor, and -1 left to 1 right."""

    instrument: str
    start_s: float
    length_s: float
    pitch: int
    level: float
    pan: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: when it is, what it is made of, how full the music is, and its place in its four-bar phrase."""

    start_s: float
    length_s: float
    character: Character
    tonic: int
    chord: Chord
    voices: tuple[int, ...]
    fullness: float
    phrase: int
    place: int

    def level(self, layer: str) -> float:
        """A layer's level in this bar, as a factor."""
        enters, over = _ENTRIES[layer]
        heard = min(max((self.fullness - enters) / over, 0.0), 1.0)
        return float(self.character.layers.get(layer, 0.0) * heard * 10.0 ** (_LEVEL_DB[layer] / 20.0))


@dataclass(frozen=True, slots=True)
class Theme:
    """What makes the piece one piece: the melody's shape, the figure and the accents; drawn once for a film."""

    motif: tuple[tuple[float, float, int], ...]
    figure: tuple[int, ...]
    accents: tuple[float, ...]


def draw_theme(random: np.random.Generator) -> Theme:
    """Choose a theme."""
    return Theme(
        motif=_MOTIFS[random.integers(len(_MOTIFS))],
        figure=_FIGURES[random.integers(len(_FIGURES))],
        accents=_ACCENTS[random.integers(len(_ACCENTS))],
    )


def lay_bars(length_s: float, end_s: float, moods: Sequence[Character], tonic: int) -> list[Bar]:
    """Bars that fill `length_s`, the last of them the closing tonic, which is given `end_s`.

    The tempo bends by a few per cent so that whole phrases fit. Where the moods change from minor to major, the tonic
    moves to the relative key, which shares the notes.
    """
    wanted_s = 4 * 60.0 / (sum(mood.beats_a_minute for mood in moods) / len(moods))
    count = _bar_count(length_s - end_s, wanted_s)
    bar_s = (length_s - end_s) / count
    bars: list[Bar] = []
    voices: tuple[int, ...] | None = None
    for number in range(count + 1):
        last = number == count
        course = number / count
        mood = moods[min(int(course * len(moods)), len(moods) - 1)]
        key = tonic + (3 if moods[0].minor and not mood.minor else -3 if mood.minor and not moods[0].minor else 0)
        phrase, place = divmod(number, 4)
        remaining = count - phrase * 4
        if last:
            now = chord("0madd9" if mood.minor else "0add9", key)
        else:
            # The last phrase closes, and a phrase cut short closes with its last chords.
            pattern = mood.phrases[3 if remaining <= 4 else (0, 1, 0, 2)[phrase % 4]].split()
            now = chord(pattern[max(0, 4 - remaining) + place if remaining < 4 else place], key)
        voices = lead(now, voices, centre=60.0 + 4.0 * mood.brightness)
        fullness = float(np.interp(course, _ARC_AT, _ARC_FULLNESS))
        if count < 8:  # too short for an arc: a gentle swell
            fullness = 0.4 + 0.35 * float(np.sin(np.pi * course))
        bars.append(
            Bar(
                number * bar_s,
                end_s if last else bar_s,
                mood,
                key,
                now,
                voices,
                fullness,
                phrase,
                -1 if last else place,
            )
        )
    return bars


def _bar_count(length_s: float, wanted_s: float) -> int:
    """The whole number of bars nearest to what is wanted, of four-bar phrases where the tempo need not bend much."""
    ideal = length_s / wanted_s
    for unit, bend in ((4, 0.1), (2, 0.12)):
        count = max(1, round(ideal / unit)) * unit
        if abs(count / ideal - 1.0) <= bend:
            return count
    return max(1, round(ideal))


def arrange(bars: Sequence[Bar], theme: Theme, random: np.random.Generator) -> list[Note]:
    """Write the notes of every layer."""
    notes: list[Note] = []
    for index, bar in enumerate(bars):
        after = bars[index + 1] if index + 1 < len(bars) else None
        notes += _sustained(bar, after)
        notes += _low(bar, index, bars)
        if bar.place >= 0:
            notes += _figure(bar, theme, random)
            notes += _pulse(bar, theme, random)
            notes += _bells(bar, random)
        else:
            notes += _farewell(bar, random)
    for start in range(0, len(bars), 4):
        notes += _melody(bars[start : start + 4], theme, random)
    return [note for note in notes if note.level > 1e-4]


def _sustained(bar: Bar, after: Bar | None) -> list[Note]:
    """Pad, air and strings; a tone that the next chord keeps is tied by overlapping."""
    notes = []
    ring = bar.length_s if after is None else bar.length_s + 0.5
    for voice, pitch in enumerate(bar.voices):
        pan = (-0.5, 0.35, -0.2, 0.5)[voice]
        notes.append(Note("pad", bar.start_s, ring, pitch, bar.level("pad") * (1.0, 0.9, 0.85, 0.75)[voice], pan))
        if voice >= 2:
            notes.append(Note("air", bar.start_s, ring, pitch + 12 * (pitch < 64), bar.level("air") * 0.8, -pan))
    top, inner = bar.voices[3], bar.voices[1]
    strings = bar.level("strings")
    notes.append(
        Note("strings", bar.start_s, ring, top + (12 if top < 66 and bar.fullness > 0.8 else 0), strings, 0.35)
    )
    notes.append(Note("strings", bar.start_s, ring, inner, strings * 0.9, -0.4))
    if bar.fullness > 0.75:
        notes.append(Note("strings", bar.start_s, ring, bass_note(bar.chord) + 12, strings * 0.9, 0.1))
    return notes


def _low(bar: Bar, index: int, bars: Sequence[Bar]) -> list[Note]:
    """Bass, and under a whole phrase the drone and the wind."""
    root = bass_note(bar.chord)
    notes = [Note("bass", bar.start_s, bar.length_s + (0.2 if bar.place >= 0 else 0.0), root, bar.level("bass"), 0.0)]
    if bar.place <= 0:
        length = sum(each.length_s for each in bars[index : index + 4] if each.phrase == bar.phrase or bar.place < 0)
        low = 36 + bar.tonic % 12
        low -= 12 * (low > 43)
        notes.append(Note("drone", bar.start_s, length + 1.0, low, bar.level("drone"), 0.0))
        notes.append(Note("drone", bar.start_s, length + 1.0, low + 7, bar.level("drone") * 0.45, 0.2))
        notes.append(Note("wind", bar.start_s, length + 2.0, 0, bar.level("wind"), 0.0))
    return notes


def _figure(bar: Bar, theme: Theme, random: np.random.Generator) -> list[Note]:
    """The broken chord. Fast pieces get eighths; slow and quiet ones leave some out."""
    level = bar.level("figure")
    if not level:
        return []
    ladder = (bass_note(bar.chord) + 12, *bar.voices)
    eighth = bar.length_s / 8
    density = 0.35 + 0.6 * bar.fullness
    notes = []
    for position, rung in enumerate(theme.figure):
        if position and random.random() > density * (1.0 if position % 2 == 0 else 0.8):
            continue
        accent = 1.0 if position == 0 else 0.62 + 0.2 * (position % 4 == 0) + 0.1 * random.random()
        start = bar.start_s + position * eighth + random.normal(0.0, 0.006)
        notes.append(
            Note(bar.character.figure, max(0.0, start), max(1.2, bar.length_s - position * eighth + 0.4), ladder[rung],
                 level * accent, -0.3 + 0.15 * rung)
        )  # fmt: skip
    return notes


def _pulse(bar: Bar, theme: Theme, random: np.random.Generator) -> list[Note]:
    """Heartbeat or drum, and the strings' ostinato."""
    notes = []
    pulse, ostinato = bar.level("pulse"), bar.level("ostinato")
    eighth = bar.length_s / 8
    drums = bar.character.beats_a_minute >= 88
    hits = ((0, 1.0), (3, 0.55), (6, 0.7)) if drums else ((0, 1.0), (1, 0.5), (4, 0.75), (5, 0.4))
    for position, weight in hits if pulse else ():
        kind = "drum" if drums else "heart"
        notes.append(Note(kind, bar.start_s + position * eighth, 1.0, bass_note(bar.chord), pulse * weight, 0.0))
    if ostinato:
        low, high = bar.voices[0], bar.voices[1]
        for position, accent in enumerate(theme.accents):
            pitch = low if accent > 0.6 else high
            start = bar.start_s + position * eighth + random.normal(0.0, 0.003)
            notes.append(
                Note("spiccato", max(0.0, start), 0.3, pitch, ostinato * accent, -0.35 if position % 2 else 0.25)
            )
    return notes


def _bells(bar: Bar, random: np.random.Generator) -> list[Note]:
    """A few high sparks on chord tones."""
    level = bar.level("bells")
    if not level or random.random() > 0.75:
        return []
    eighth = bar.length_s / 8
    notes = []
    start = int(random.integers(0, 5))
    for number in range(int(random.integers(1, 4))):
        pitch = nearest(80 + 4 * number + int(random.integers(-2, 3)), bar.chord.tones)
        when = bar.start_s + (start + number) * eighth + random.normal(0.0, 0.01)
        notes.append(Note("glass", max(0.0, when), 2.5, pitch, level * (0.9 - 0.2 * number), random.uniform(-0.7, 0.7)))
    return notes


def _farewell(bar: Bar, random: np.random.Generator) -> list[Note]:
    """The last chord, rolled softly upwards."""
    level = max(bar.level("figure"), 0.35 * bar.level("motif"))
    ladder = (bass_note(bar.chord) + 12, *bar.voices, nearest(bar.voices[-1] + 7, bar.chord.tones[:3]))
    notes = [
        Note(bar.character.figure, bar.start_s + 0.09 * place, bar.length_s, pitch, level * (0.9 - 0.06 * place),
             -0.3 + 0.12 * place)
        for place, pitch in enumerate(ladder)
    ]  # fmt: skip
    if bar.character.layers.get("bells"):
        high = nearest(bar.voices[-1] + 14, (bar.chord.root,))
        notes.append(Note("glass", bar.start_s + 0.7, 3.0, high, bar.level("bells") + 0.01, random.uniform(-0.3, 0.3)))
    return notes


def _melody(phrase: Sequence[Bar], theme: Theme, random: np.random.Generator) -> list[Note]:
    """The motif over a phrase's first two bars, and its answer over the next two."""
    opening = phrase[0]
    if opening.place < 0 or not opening.character.layers.get("motif"):
        return []
    quiet = opening.fullness < 0.5
    if opening.phrase % 2 == 1 and not quiet and random.random() < 0.5:
        return []  # the melody rests so that its return is heard
    notes: list[Note] = []
    for half in (0, 2):
        pair = [bar for bar in phrase[half : half + 2] if bar.place >= 0]
        if not pair or (half == 2 and opening.fullness < 0.35):
            continue
        notes += _motif(pair, theme, answer=half == 2, random=random)
    return notes


def _motif(pair: Sequence[Bar], theme: Theme, *, answer: bool, random: np.random.Generator) -> list[Note]:
    first = pair[0]
    scale = [first.tonic + pitch for pitch in SCALES[first.character.scale]]
    register = 67 + (3 if first.fullness > 0.8 else 0)
    anchor = nearest(register, (first.chord.third, first.chord.tones[2]))
    beat = first.length_s / 4
    notes: list[Note] = []
    for number, (at, length, steps) in enumerate(theme.motif):
        bar = pair[min(int(at // 4), len(pair) - 1)]
        if at // 4 >= len(pair):
            break
        if answer and number == len(theme.motif) - 1:
            steps -= 2  # the answer falls where the motif rose
        pitch = step(anchor, steps - 2, scale)
        if at % 2 == 0 or length >= 2:
            pitch = nearest(pitch, bar.chord.tones[:3])
        if notes and abs(pitch - notes[-1].pitch) > 8:  # no leap that a singer would not take
            pitch += 12 if pitch < notes[-1].pitch else -12
        pitch += 12 * (pitch < _LOWEST_SUNG) - 12 * (pitch > _HIGHEST_SUNG)
        start = first.start_s + at * beat + abs(random.normal(0.0, 0.008))
        level = bar.level("motif") * (0.85 + 0.15 * (number == 0)) * random.uniform(0.92, 1.0)
        notes.append(Note(bar.character.motif, start, length * beat + 0.8, pitch, level, 0.12))
    if first.fullness > 0.85 and first.character.layers.get("bells", 0.0) > 0.2:
        doubled = first.level("bells")
        notes += [note._replace(instrument="glass", pitch=note.pitch + 12, level=doubled, pan=-0.25) for note in notes]
    return notes
