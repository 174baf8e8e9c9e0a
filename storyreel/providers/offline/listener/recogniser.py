"""Running Whisper through faster-whisper (MIT): phrases with their words' times and how sure the network was.

Every window of 30 s is decoded without time tokens, by beam search and nothing random, so that a piece is heard the
same whatever came before it; the words' times come from the network's attention (dynamic time warping over its
alignment heads, as in OpenAI's reference implementation).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from math import gcd
from typing import TYPE_CHECKING, Any

import numpy as np

from storyreel.errors import CorruptFile, InputError, MissingExtra
from storyreel.providers.contracts import FloatArray, HeardWord
from storyreel.providers.offline.listener.models import FEATURE, MODELS, Model
from storyreel.providers.offline.listener.phrases import SAMPLE_RATE_HZ, Phrase, heard_whole
from storyreel.workers import core_count

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

__all__ = ["SAMPLE_RATE_HZ", "VERBATIM", "WINDOW_S", "Encoded", "Model", "at_16_khz", "recogniser"]

FRAME_SAMPLES = 320
WINDOW_S = 28.0  # under the network's 30 s, so that speech never ends at its window's very edge
# Shown as the words before, it makes the network keep the hesitations that it would tidy away.
VERBATIM = "So, um, I was, uh, you know, thinking, er, well, hmm."
_REST_S = 1.5
_CLINGING = frozenset("'’-.,:%/")
_LEAST = 1e-9
_JOIN_SAMPLES = 160
_REPETITIVE = 2.4  # a text that zlib makes so much shorter says one thing over and over; Whisper's own limit


class Encoded:
    """What the network makes of a stretch of sound.

    Args:
        model: a loaded network.
        samples: 16 kHz, shape (n,), at most `WINDOW_S`.

    Attributes:
        frames: the encoder's output, a row for every 20 ms.
    """

    def __init__(self, model: WhisperModel, samples: FloatArray) -> None:
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import pad_or_trim

        features = model.feature_extractor(samples)
        self._model, self._samples, self._length = model, samples, features.shape[-1]
        self._output = model.encode(pad_or_trim(features))
        self._tokens = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, "transcribe", "en")
        self.frames: FloatArray = np.array(self._output, np.float32)[0, : len(samples) // FRAME_SAMPLES]

    def likelihood(self, words: Sequence[str]) -> float:
        """The natural logarithm of how likely a text of this sound is."""
        text = [token for word in words for token in self._tokens.encode(f" {word}")]
        (aligned,) = self._model.model.align(self._output, self._tokens.sot_sequence, [text], self._length)
        return float(np.log(np.maximum(aligned.text_token_probs, _LEAST)).sum())

    def without(self, start_s: float, end_s: float) -> Encoded:
        """The same with a stretch cut out; what was before it goes over into what was after it within 10 ms."""
        first, after = (round(moment_s * SAMPLE_RATE_HZ) for moment_s in (start_s, end_s))
        before, later = self._samples[:first], self._samples[after:]
        fade = min(_JOIN_SAMPLES, len(before), len(later))
        angle = np.linspace(0.0, np.pi / 2, fade, dtype=np.float32)
        blended = before[len(before) - fade :] * np.cos(angle) + later[:fade] * np.sin(angle)
        return Encoded(self._model, np.concatenate([before[: len(before) - fade], blended, later[fade:]]))


class Recogniser:
    """A loaded model; it serves every thread.

    Args:
        name: of the model.
        cpu_threads: for one call.

    Raises:
        MissingExtra: faster-whisper or a file of the model is not installed.
        CorruptFile: a file is not what it should be.
    """

    def __init__(self, name: str, cpu_threads: int) -> None:
        try:
            from faster_whisper import WhisperModel
        except ModuleNotFoundError as error:
            raise MissingExtra(FEATURE, "offline") from error
        except ImportError as error:
            raise CorruptFile(
                f"faster-whisper is installed but does not load ({error}): run  pip install --force-reinstall "
                "faster-whisper ctranslate2"
            ) from error
        self._model: WhisperModel = WhisperModel(
            f"storyreel/whisper-{name}",  # a name only: all its files are given
            device="cpu",
            compute_type="int8",
            cpu_threads=cpu_threads,
            num_workers=core_count(),
            files=MODELS[name].read(),
        )

    def phrases(self, samples: FloatArray, *, language: str, verbatim: bool) -> tuple[list[Phrase], str]:
        """Listen to 16 kHz samples, shape (n,).

        Args:
            language: ISO 639-1 code, or "" to find out.
            verbatim: whether hesitations are to be written down.

        Returns:
            Phrases in order with their words' times as the network gives them, and the language (ISO 639-1).

        Raises:
            InputError: the model does not know the language.
        """
        return heard_whole(self._listen, samples, language=language, verbatim=verbatim)

    def encoded(self, samples: FloatArray) -> Encoded:
        """What the network makes of 16 kHz samples, shape (n,), at most `WINDOW_S`."""
        return Encoded(self._model, samples)

    def _listen(self, samples: FloatArray, language: str, verbatim: bool) -> tuple[list[Phrase], str]:
        phrases: list[Phrase] = []
        length_s = len(samples) / SAMPLE_RATE_HZ
        segments, found = self._decode(samples, language, verbatim)
        for segment in segments:
            if segment.compression_ratio > _REPETITIVE:
                again, _ = self._decode(samples, found, False, repetition_penalty=1.1, no_repeat_ngram_size=5)
                segments, segment = again, next(again)
            phrases.append(_phrase(segment))
            # What follows the last word is heard as a window of its own, in which nothing but echoes would be found.
            if length_s - segment.end < _REST_S:
                break
        return phrases, found

    def _decode(self, samples: FloatArray, language: str, verbatim: bool, **options: Any) -> tuple[Any, str]:
        try:
            segments, info = self._model.transcribe(
                samples,
                language=language or None,
                beam_size=5,
                temperature=0.0,
                condition_on_previous_text=False,
                without_timestamps=True,
                word_timestamps=True,
                initial_prompt=VERBATIM if verbatim and language == "en" else None,
                no_speech_threshold=None,
                log_prob_threshold=None,
                compression_ratio_threshold=None,
                **options,
            )
        except ValueError as error:
            if language and "language" in str(error):
                raise InputError(
                    f"the offline listener does not know the language {language!r}: give an ISO 639-1 code such as "
                    '"es", or leave it out'
                ) from error
            raise
        return segments, info.language


def _phrase(segment: Any) -> Phrase:
    words: list[HeardWord] = []
    for word in segment.words or ():
        text = word.word.strip()
        start_s, end_s = float(word.start), float(word.end)
        confidence = round(min(max(float(word.probability), 0.0), 1.0), 3)
        if words and word.word[:1] in _CLINGING:
            # "o" and "'clock", "1" and ",000": one word, for it was written without a space.
            before = words[-1]
            confidence = min(before.confidence, confidence)
            words[-1] = HeardWord(text=before.text + text, start_s=before.start_s, end_s=end_s, confidence=confidence)
        elif any(letter.isalnum() for letter in text):
            words.append(HeardWord(text=text, start_s=start_s, end_s=end_s, confidence=confidence))
    return Phrase(tuple(words), float(segment.no_speech_prob), float(segment.avg_logprob))


def at_16_khz(samples: FloatArray, sample_rate_hz: int) -> FloatArray:
    """Mono samples at the rate that Whisper takes."""
    if sample_rate_hz == SAMPLE_RATE_HZ:
        return np.ascontiguousarray(samples, np.float32)
    from scipy.signal import resample_poly

    shared = gcd(SAMPLE_RATE_HZ, sample_rate_hz)
    resampled: FloatArray = resample_poly(samples, SAMPLE_RATE_HZ // shared, sample_rate_hz // shared).astype(
        np.float32
    )
    return resampled


_recognisers: dict[tuple[str, int], Recogniser] = {}
_loading = threading.Lock()


def recogniser(name: str, cpu_threads: int) -> Recogniser:
    """The recogniser, loaded once a process (about half a second and 150 MB)."""
    with _loading:
        if (name, cpu_threads) not in _recognisers:
            _recognisers[name, cpu_threads] = Recogniser(name, cpu_threads)
        return _recognisers[name, cpu_threads]
