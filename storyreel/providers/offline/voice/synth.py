"""Speaking a passage: sentences to runs of the network, runs joined with natural pauses, words timed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from storyreel.providers.contracts import FloatArray, Speech, SpokenWord
from storyreel.providers.offline.voice.alphabet import PAUSES, TOKEN_IDS, starts_with_stop
from storyreel.providers.offline.voice.model import FRAME_SAMPLES, SAMPLE_RATE_HZ, Network
from storyreel.providers.offline.voice.phonemes import Sounded
from storyreel.providers.offline.voice.sentences import Sentence
from storyreel.providers.offline.voice.timing import Place, loud_parts, place_words, speech_bounds
from storyreel.providers.offline.voice.voices import Speaker, styles
from storyreel.workers import fan_out

SENTENCE_PAUSE_S, PARAGRAPH_PAUSE_S, CLAUSE_PAUSE_S = 0.35, 0.7, 0.15
LEAD_IN_S, TAIL_S = 0.05, 0.15
LONGEST_RUN = 200
"""Most sounds in one run (about 12 s): memory grows with a run's length, and the network hurries past 400."""

_LEVEL = 0.075  # root mean square: as loud as the voices' peaks allow without clipping
_HIGHEST_PEAK = 0.97
_MARGIN_BEFORE_S, _MARGIN_AFTER_S = 0.03, 0.06
_FADE_S = 0.01


@dataclass(frozen=True, slots=True)
class Run:
    """What the network speaks in one go, and the pause after it."""

    words: tuple[Sounded, ...]
    pause_s: float = 0.0

    @property
    def sounds(self) -> str:
        """Every sound and mark, one number each to the network."""
        return " ".join(word.before + word.sounds + word.after for word in self.words)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First and past-the-last sound of each word in `sounds`."""
        spans: list[tuple[int, int]] = []
        position = 0
        for word in self.words:
            start = position + len(word.before)
            spans.append((start, start + len(word.sounds)))
            position = start + len(word.sounds) + len(word.after) + 1
        return spans


@dataclass(frozen=True, slots=True, eq=False)
class _Spoken:
    """A run's samples without the silence around them, and its words' places from their start."""

    samples: FloatArray
    places: list[Place]


class Sounding(Protocol):
    """Knows how the words of a language sound."""

    def sentence(self, sentence: Sentence) -> list[Sounded]:
        """The sounds of each spoken word."""


def runs_of(sentences: Sequence[Sentence], pronouncer: Sounding) -> list[Run]:
    """One run a sentence; a sentence that is too long is cut at its marks, or else between words."""
    runs: list[Run] = []
    for sentence in sentences:
        pieces = list(_cut(pronouncer.sentence(sentence)))
        pause = PARAGRAPH_PAUSE_S if sentence.ends_paragraph else SENTENCE_PAUSE_S
        runs += [
            Run(tuple(piece), pause if number == len(pieces) else CLAUSE_PAUSE_S if _pauses(piece[-1]) else 0.0)
            for number, piece in enumerate(pieces, 1)
        ]
    return runs


def _pauses(word: Sounded) -> bool:
    return any(mark in PAUSES for mark in word.after)


def _length(words: Sequence[Sounded]) -> int:
    return len(Run(tuple(words)).sounds)


def _cut(words: Sequence[Sounded]) -> Iterator[Sequence[Sounded]]:
    """Pieces of at most `LONGEST_RUN` sounds, of even length, cut after marks where there are any."""
    if not words:
        return
    if _length(words) <= LONGEST_RUN:
        yield words
        return
    if len(words) == 1:  # letters without end, or a chain of hyphens
        word, middle = words[0], len(words[0].sounds) // 2
        words = [
            replace(word, sounds=word.sounds[:middle], after=""),
            replace(word, sounds=word.sounds[middle:], before=""),
        ]
    half = _length(words) / 2
    places = [place for place in range(1, len(words)) if _pauses(words[place - 1])] or list(range(1, len(words)))
    middle = min(places, key=lambda place: abs(_length(words[:place]) - half))
    yield from _cut(words[:middle])
    yield from _cut(words[middle:])


def speak_runs(
    runs: Sequence[Run], tokens: Sequence[str], speaker: Speaker, network: Network, *, speed: float = 1.0
) -> Speech:
    """Speak runs side by side and join them.

    Args:
        runs: in order; their words name tokens.
        tokens: every whitespace-separated token of the text.
        speaker: whose voice.
        network: the loaded network.
        speed: 1 is the voice's own pace; the pauses between sentences follow it.

    Returns:
        24 kHz mono; 0.05 s before the first sound and 0.15 s after the last.
    """
    spoken = fan_out(lambda run: _speak_run(run, speaker, network, speed), runs)
    pieces: list[FloatArray] = [_silence(LEAD_IN_S)]
    placed: list[tuple[int, Place]] = []
    reached = pieces[0].size
    for index, (run, part) in enumerate(zip(runs, spoken, strict=True)):
        offset_s = reached / SAMPLE_RATE_HZ
        placed += [
            (word.token, Place(place.start_s + offset_s, place.end_s + offset_s))
            for word, place in zip(run.words, part.places, strict=True)
        ]
        pause_s = TAIL_S if index + 1 == len(runs) else run.pause_s / speed
        gap = _silence(max(0.0, pause_s - _MARGIN_BEFORE_S - _MARGIN_AFTER_S))
        pieces += [part.samples, gap]
        reached += part.samples.size + gap.size
    samples = np.concatenate(pieces)
    peak = float(np.max(np.abs(samples), initial=0.0))
    if peak > _HIGHEST_PEAK:
        samples *= np.float32(_HIGHEST_PEAK / peak)
    return Speech(samples, SAMPLE_RATE_HZ, _words(tokens, placed))


def _silence(length_s: float) -> FloatArray:
    return np.zeros(round(length_s * SAMPLE_RATE_HZ), np.float32)


def _speak_run(run: Run, speaker: Speaker, network: Network, speed: float) -> _Spoken:
    token_ids = [TOKEN_IDS[sign] for sign in run.sounds]
    samples, lengths = network.run(token_ids, styles(speaker.name)[len(token_ids) - 1], speed * speaker.pace)
    loud = loud_parts(samples, SAMPLE_RATE_HZ)
    places = place_words(
        run.spans,
        [_pauses(word) for word in run.words],
        [starts_with_stop(word.sounds) for word in run.words],
        lengths,
        FRAME_SAMPLES / SAMPLE_RATE_HZ,
        loud,
    )
    first_s, last_s = speech_bounds(loud)
    start = max(0, round((first_s - _MARGIN_BEFORE_S) * SAMPLE_RATE_HZ))
    end = min(samples.size, round((last_s + _MARGIN_AFTER_S) * SAMPLE_RATE_HZ))
    kept = samples[start:end] * np.float32(_LEVEL / speaker.level)
    ramp = np.linspace(0, 1, round(_FADE_S * SAMPLE_RATE_HZ), dtype=np.float32)[: kept.size]
    kept[: ramp.size] *= ramp
    kept[kept.size - ramp.size :] *= ramp[::-1]
    shift_s = start / SAMPLE_RATE_HZ
    return _Spoken(kept, [Place(place.start_s - shift_s, place.end_s - shift_s) for place in places])


def _words(tokens: Sequence[str], placed: Sequence[tuple[int, Place]]) -> tuple[SpokenWord, ...]:
    """One word for each token; a token that was not spoken gets no length, where the one before it ends."""
    by_token: dict[int, Place] = {}
    for token, place in placed:
        known = by_token.get(token, place)
        by_token[token] = Place(known.start_s, place.end_s)
    words: list[SpokenWord] = []
    reached = 0.0
    for index, text in enumerate(tokens):
        place = by_token.get(index, Place(reached, reached))
        start = round(max(reached, place.start_s), 4)
        reached = round(max(start, place.end_s), 4)
        words.append(SpokenWord(text=text, start_s=start, end_s=reached))
    return tuple(words)
