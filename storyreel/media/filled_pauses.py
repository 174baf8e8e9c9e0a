"""Hesitations found by their sound: "um" and "uh" that a listener left out, or set on the wrong moment. Pure.

A filled pause stands by itself, between two silences; it is voiced from end to end, and neither its pitch nor its
colour moves much, while a spoken word changes all the time (Goto, Itou and Hayamizu 1999, "A real-time filled pause
detection system for spontaneous speech recognition"). Breath, clicks and coughs are not voiced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from storyreel.media.energy import energy_db
from storyreel.media.snap import silences
from storyreel.media.tokens import plain
from storyreel.providers.contracts import FloatArray, HeardWord
from storyreel.providers.hesitating import hesitates

SHORTEST_S, LONGEST_S = 0.15, 1.2
_USUAL_S = 0.4
_HOP_S, _FRAME_S = 0.01, 0.032
_LEAST_RANGE_DB = 9.0
_BANDS, _LOWEST_HZ, _HIGHEST_HZ = 20, 100.0, 4000.0
_CORE_DB = 15.0  # what lies further below the loudest is the sound's coming and going
_LAG_S = 0.05
_VOICED, _VOICED_SHARE = 0.5, 0.55
_STEADY_DB = 8.5
_PITCH_HZ = (70.0, 400.0)
_HEARD_SHARE = 0.35
_NEAR_S = 0.7
_UNHEARD_S = 3.0  # what has no words for longer is speech that was not understood, not somebody who hesitates
_DOUBTED, _SHORT_LETTERS = 0.35, 4
_CERTAIN = 0.85
_SILENT_SHARE = 0.5
_CONFIDENCE = 0.5
_WRITTEN = {"de": "äh", "fr": "euh", "es": "eh", "it": "ehm"}


@dataclass(frozen=True, slots=True)
class FilledPause:
    """When somebody hesitates aloud, in seconds."""

    start_s: float
    end_s: float


def with_hesitations(
    words: Sequence[HeardWord], samples: FloatArray, sample_rate_hz: int, language: str = "en"
) -> tuple[HeardWord, ...]:
    """Heard words with the hesitations that the sound shows.

    One that nobody heard is added as "um"; one that was heard but not there, or that has hardly any length, is set on
    where it sounds. Where noise or music hide the silences none is added.

    Args:
        words: in order, times from the samples' start, not overlapping.
        samples: mono, float32, shape (n,).
        sample_rate_hz: at least 8000.
        language: ISO 639-1 code; decides how a hesitation that was added is written.
    """
    energy = energy_db(samples, sample_rate_hz, _HOP_S)
    quiet = silences(energy, _HOP_S, least_range_db=_LEAST_RANGE_DB)
    clear = bool(silences(energy, _HOP_S))
    pauses = _filled_pauses(samples, sample_rate_hz, quiet)
    length_s = len(samples) / sample_rate_hz
    placed = _placed(words, pauses, quiet, length_s, language, add=clear)
    return _spread(placed, quiet, length_s, language)


def _filled_pauses(
    samples: FloatArray, sample_rate_hz: int, quiet: Sequence[tuple[float, float]]
) -> tuple[FilledPause, ...]:
    """Sounds between two silences that have the marks of a hesitation."""
    found: list[FilledPause] = []
    for (_, start_s), (end_s, _) in pairwise(quiet):
        if SHORTEST_S <= end_s - start_s <= LONGEST_S:
            island = samples[round(start_s * sample_rate_hz) : round(end_s * sample_rate_hz)]
            if _hesitates(island, sample_rate_hz):
                found.append(FilledPause(round(start_s, 3), round(end_s, 3)))
    return tuple(found)


def _hesitates(island: FloatArray, sample_rate_hz: int) -> bool:
    length, hop = round(_FRAME_S * sample_rate_hz), round(_HOP_S * sample_rate_hz)
    if len(island) < length + 8 * hop:
        return False
    frames = np.lib.stride_tricks.sliding_window_view(island.astype(np.float64), length)[::hop] * np.hanning(length)
    size = 1 << (2 * length - 1).bit_length()
    power = np.abs(np.fft.rfft(frames, size)) ** 2
    level_db = 10 * np.log10(power.sum(axis=1) + 1e-12)
    loud = np.flatnonzero(level_db > level_db.max() - _CORE_DB)
    core = slice(int(loud[0]), int(loud[-1]) + 1)
    if (core.stop - core.start) * _HOP_S < SHORTEST_S * 2 / 3:
        return False
    return bool(
        _voicing(power[core], size, sample_rate_hz, length) >= _VOICED_SHARE
        and _restlessness_db(power[core], size, sample_rate_hz) <= _STEADY_DB
    )


def _voicing(power: np.ndarray, size: int, sample_rate_hz: int, length: int) -> float:
    """The share of frames with a pitch: a peak of the autocorrelation, freed of the window's own (Boersma 1993)."""
    window = np.hanning(length)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, size)) ** 2)
    correlation = np.fft.irfft(power, axis=1)
    low, high = round(sample_rate_hz / _PITCH_HZ[1]), round(sample_rate_hz / _PITCH_HZ[0])
    strength = correlation[:, low:high] / np.maximum(correlation[:, :1], 1e-12) / (own[low:high] / own[0])
    return float(np.mean(strength.max(axis=1) > _VOICED))


def _restlessness_db(power: np.ndarray, size: int, sample_rate_hz: int) -> float:
    """How much the colour changes within 50 ms: the middle distance of band levels, their mean taken away."""
    frequency_hz = np.fft.rfftfreq(size, 1 / sample_rate_hz)
    edges = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, _BANDS + 1)
    bands = np.stack(
        [power[:, (frequency_hz >= low) & (frequency_hz < high)].sum(axis=1) for low, high in pairwise(edges)], axis=1
    )
    # What lies 40 dB under the loudest band is noise, whose level says nothing.
    level = 10 * np.log10(np.maximum(bands, bands.max(axis=1, keepdims=True) * 1e-4))
    level -= level.mean(axis=1, keepdims=True)
    lag = round(_LAG_S / _HOP_S)
    if len(level) <= lag:
        return 0.0
    return float(np.median(np.sqrt(np.square(level[lag:] - level[:-lag]).mean(axis=1))))


def _placed(
    words: Sequence[HeardWord],
    pauses: Sequence[FilledPause],
    quiet: Sequence[tuple[float, float]],
    length_s: float,
    language: str,
    *,
    add: bool,
) -> tuple[HeardWord, ...]:
    """The words with a hesitation on every filled pause that no word stands on."""
    written = _WRITTEN.get(language.partition("-")[0], "um")
    listed = list(words)
    for pause in pauses:
        inside = [index for index, w in enumerate(listed) if pause.start_s < (w.start_s + w.end_s) / 2 < pause.end_s]
        hesitating = [index for index in inside if _is_one(listed, index, language)]
        if hesitating:
            _clear(listed, hesitating[0], _beside_sure_words(listed, hesitating[0], pause))
        elif add and len(inside) == 1 and _misheard(listed[inside[0]]):
            listed[inside[0]] = _at(listed[inside[0]].model_copy(update={"text": written}), pause)
        elif not inside and _heard_s(listed, pause) <= _HEARD_SHARE * (pause.end_s - pause.start_s):
            moved = _unplaced(listed, pause, pauses, quiet, language, clear=add)
            if moved is not None:
                listed[moved] = _at(listed[moved], pause)
            elif add and _between_words_s(words, pause, length_s) <= _UNHEARD_S:
                listed.append(HeardWord(text=written, start_s=pause.start_s, end_s=pause.end_s, confidence=_CONFIDENCE))
        listed.sort(key=lambda word: word.start_s)
    return _apart(listed, language)


def _between_words_s(words: Sequence[HeardWord], pause: FilledPause, length_s: float) -> float:
    """How far the words around a pause are apart, the edges of what was heard included."""
    before = [word.end_s for word in words if word.end_s <= pause.start_s]
    after = [word.start_s for word in words if word.start_s >= pause.end_s]
    return min(after, default=length_s) - max(before, default=0.0)


def _is_one(words: Sequence[HeardWord], index: int, language: str) -> bool:
    before, after = (words[place].text if 0 <= place < len(words) else "" for place in (index - 1, index + 1))
    return hesitates(words[index].text, before, after, language)


def _beside_sure_words(words: Sequence[HeardWord], hesitation: int, pause: FilledPause) -> FilledPause:
    """What of a filled pause is left beside the words that were heard in it for certain: it may hold more than "um"."""
    start_s, end_s = pause.start_s, pause.end_s
    for index, word in enumerate(words):
        if index != hesitation and word.confidence > _CERTAIN and start_s < (word.start_s + word.end_s) / 2 < end_s:
            start_s, end_s = (max(start_s, word.end_s), end_s) if index < hesitation else (start_s, word.start_s)
    return FilledPause(start_s, end_s) if end_s - start_s >= SHORTEST_S else pause


def _clear(listed: list[HeardWord], hesitation: int, pause: FilledPause) -> None:
    """Set a hesitation on its pause, and its neighbours beside it, in their order."""
    for index, word in enumerate(listed):
        if index < hesitation and word.end_s > pause.start_s:
            start_s = min(word.start_s, max(pause.start_s - SHORTEST_S, listed[index - 1].end_s if index else 0.0))
            listed[index] = word.model_copy(update={"start_s": min(start_s, pause.start_s), "end_s": pause.start_s})
        elif index > hesitation and word.start_s < pause.end_s:
            listed[index] = word.model_copy(update={"start_s": pause.end_s, "end_s": max(word.end_s, pause.end_s)})
    listed[hesitation] = _at(listed[hesitation], pause)


def _misheard(word: HeardWord) -> bool:
    """Whether a word that stands alone on a filled pause is what a listener made of "uh" for want of a better one."""
    return word.confidence < _DOUBTED and len(plain(word.text)) <= _SHORT_LETTERS


def _heard_s(words: Sequence[HeardWord], pause: FilledPause) -> float:
    return sum(max(0.0, min(word.end_s, pause.end_s) - max(word.start_s, pause.start_s)) for word in words)


def _unplaced(
    words: Sequence[HeardWord],
    pause: FilledPause,
    pauses: Sequence[FilledPause],
    quiet: Sequence[tuple[float, float]],
    language: str,
    *,
    clear: bool,
) -> int | None:
    """The word that a sound belongs to although it was set elsewhere.

    That is a hesitation nearby, or else, where silences can be seen, the next word if it was set on one.
    """
    for index, word in enumerate(words):
        apart_s = max(word.start_s - pause.end_s, pause.start_s - word.end_s)
        elsewhere = any(other.start_s <= (word.start_s + word.end_s) / 2 <= other.end_s for other in pauses)
        if _is_one(words, index, language) and apart_s < _NEAR_S and not elsewhere:
            return index
    following = next((index for index, word in enumerate(words) if word.start_s >= pause.end_s - _HOP_S), None)
    if clear and following is not None:
        word = words[following]
        low_s, high_s = word.start_s - _HOP_S, word.end_s + _HOP_S  # a squeezed word has no length of its own
        silent_s = sum(max(0.0, min(high_s, high) - max(low_s, low)) for low, high in quiet)
        if word.start_s - pause.end_s < _NEAR_S and silent_s > _SILENT_SHARE * (high_s - low_s):
            return following
    return None


def _spread(
    words: Sequence[HeardWord], quiet: Sequence[tuple[float, float]], length_s: float, language: str
) -> tuple[HeardWord, ...]:
    """The words with every hesitation that has hardly any length set on the sound between its neighbours."""
    spread = list(words)
    for index, word in enumerate(spread):
        if word.end_s - word.start_s >= SHORTEST_S or not _is_one(words, index, language):
            continue
        low_s = spread[index - 1].end_s if index else 0.0
        high_s = spread[index + 1].start_s if index + 1 < len(spread) else length_s
        sounds = [run for run in _between(quiet, low_s, high_s) if run[1] - run[0] >= SHORTEST_S / 2]
        if sounds:
            # A listener that squeezes a hesitation gives it the moment at which it ends.
            start_s, end_s = min(sounds, key=lambda run: abs(run[1] - word.end_s))
            # One that begins at its neighbour's edge, not in a silence, may hold some of that neighbour.
            longest_s = LONGEST_S if start_s > low_s else _USUAL_S
            spread[index] = _at(word, FilledPause(max(start_s, end_s - longest_s), end_s))
    return tuple(spread)


def _between(quiet: Sequence[tuple[float, float]], low_s: float, high_s: float) -> list[tuple[float, float]]:
    """What is not silent between two moments."""
    sounds: list[tuple[float, float]] = []
    at_s = low_s
    for start_s, end_s in quiet:
        if end_s <= low_s or start_s >= high_s:
            continue
        if start_s > at_s:
            sounds.append((at_s, start_s))
        at_s = max(at_s, end_s)
    if at_s < high_s:
        sounds.append((at_s, high_s))
    return sounds


def _at(word: HeardWord, pause: FilledPause) -> HeardWord:
    return word.model_copy(update={"start_s": pause.start_s, "end_s": pause.end_s})


def _apart(words: Sequence[HeardWord], language: str) -> tuple[HeardWord, ...]:
    """The words without overlap: a hesitation has its place from the sound, so its neighbours give way."""
    apart: list[HeardWord] = []
    for index, word in enumerate(words):
        before = apart[-1] if apart else None
        if before is not None and before.end_s > word.start_s:
            if _is_one(words, index - 1, language):
                start_s = min(before.end_s, word.end_s)
                word = word.model_copy(update={"start_s": start_s, "end_s": max(word.end_s, start_s)})
            else:
                apart[-1] = before.model_copy(update={"end_s": max(before.start_s, word.start_s)})
        apart.append(word)
    return tuple(apart)
