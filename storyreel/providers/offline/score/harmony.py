"""Scales, chords and how one chord leads to the next. Pitches are MIDI note numbers: 60 is middle C, 12 an octave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}

_QUALITIES = {
    "": (0, 4, 7), "m": (0, 3, 7), "add9": (0, 4, 7, 2), "madd9": (0, 3, 7, 2), "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10), "sus2": (0, 2, 7), "sus4": (0, 5, 7), "6": (0, 4, 7, 9), "aug": (0, 4, 8),
    "lyd": (0, 4, 7, 6), "5": (0, 7),
}  # fmt: skip

_LOWEST, _HIGHEST, _CENTRE = 50, 74, 62


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord by pitch classes 0 to 11: its root, and all its tones with the root first."""

    root: int
    tones: tuple[int, ...]

    @property
    def third(self) -> int:
        """Its third, or what stands for it."""
        return self.tones[1]


def chord(symbol: str, tonic: int) -> Chord:
    """Read "8maj7": a root in semitones over the tonic, and a quality."""
    digits = symbol[:2] if symbol[:2].isdigit() else symbol[:1]
    root = (int(digits) + tonic) % 12
    return Chord(root, tuple((root + step) % 12 for step in _QUALITIES[symbol[len(digits) :]]))


@lru_cache(maxsize=512)
def _voicings(tones: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Every way to lay out the chord in four voices without gaps, thick lows or missing tones."""
    notes = [note for note in range(_LOWEST, _HIGHEST + 1) if note % 12 in tones]
    wanted = set(tones[:4])
    found = []
    for voices in combinations(notes, 4):
        steps = [high - low for low, high in pairwise(voices)]
        classes = {voice % 12 for voice in voices}
        if steps[0] >= 3 and min(steps) >= 2 and max(steps) <= 9 and len(classes) >= min(3, len(wanted)):
            covered = wanted <= classes or (len(wanted) == 4 and wanted - classes <= {tones[2]})
            if covered:
                found.append(voices)
    return tuple(found)


def lead(to: Chord, voices: Sequence[int] | None, centre: float = _CENTRE) -> tuple[int, ...]:
    """The four-voice layout of a chord that moves least from the layout before, shape (4,), low to high."""

    def cost(candidate: tuple[int, ...]) -> float:
        drift = abs(sum(candidate) / 4 - centre)
        if voices is None:
            return drift
        moves = [abs(new - old) for new, old in zip(candidate, voices, strict=True)]
        return sum(moves) + 0.6 * drift + 1.5 * max(0, moves[-1] - 4)

    return min(_voicings(to.tones), key=lambda candidate: (cost(candidate), candidate))


def bass_note(of: Chord) -> int:
    """The chord's root between E1 and E flat 2."""
    return 28 + (of.root - 28) % 12


def nearest(note: float, classes: Sequence[int]) -> int:
    """The pitch nearest to `note` whose class is one of `classes`; of two, the lower."""
    candidates = [
        octave + c for octave in range(12 * (int(note) // 12 - 1), 12 * (int(note) // 12 + 3), 12) for c in classes
    ]
    return min(candidates, key=lambda candidate: (abs(candidate - note), candidate))


def step(note: int, steps: int, scale: Sequence[int]) -> int:
    """The pitch `steps` scale steps above `note`, which need not itself be of the scale (classes, unordered)."""
    classes = sorted(pitch % 12 for pitch in scale)
    start = nearest(note, classes)
    index = classes.index(start % 12) + steps
    return start - start % 12 + 12 * (index // len(classes)) + classes[index % len(classes)]
