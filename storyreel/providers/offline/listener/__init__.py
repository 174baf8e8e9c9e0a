"""A recogniser that needs no key and no network: Whisper on the processor, with the time of every word.

    OfflineListener().hear(ListeningRequest(samples, 16_000, language="en"))

`models` finds and checks the files, `recogniser` runs them, `doubt` drops what was never said, `hesitations` finds the
"um" that the network leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from storyreel.errors import InputError
from storyreel.providers.contracts import FloatArray, Heard, HeardWord, ListeningRequest
from storyreel.providers.offline.listener.doubt import believed, without_loops
from storyreel.providers.offline.listener.hesitations import probabilities, probe, settled, stretches
from storyreel.providers.offline.listener.models import FEATURE, MODELS
from storyreel.providers.offline.listener.recogniser import SAMPLE_RATE_HZ, WINDOW_S, Model, at_16_khz, recogniser
from storyreel.providers.offline.voice.installed import package_folder

__all__ = ["MODELS", "OfflineListener"]

DEFAULT_MODEL = "tiny.en"
_MOST_THREADS = 64


@dataclass(frozen=True)
class OfflineListener:
    """Whisper (OpenAI, MIT) on CTranslate2 as a `Listener`.

    Making one sees that what it needs is there, by names and sizes. Files are read and checked when it first hears,
    once a process; nothing is ever downloaded.

    Attributes:
        model: "tiny.en" for English, or "base" for a hundred languages, if its packages are installed.
        cpu_threads: how many threads one call uses; several calls run side by side anyway.
        longest_s: the longest piece it takes at once: what the network sees in one look, so that no piece depends on
            how another was heard.

    Raises:
        InputError: there is no such model.
        MissingExtra: the extra "offline" is not installed.
        CorruptFile: a file that it brings is not whole.
    """

    model: str = DEFAULT_MODEL
    cpu_threads: int = field(default=1, compare=False)
    longest_s: float = field(default=WINDOW_S, init=False)

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise InputError(f"the offline listener has no model {self.model!r}: choose one of {', '.join(MODELS)}")
        if not 1 <= self.cpu_threads <= _MOST_THREADS:
            raise InputError(f"cpu_threads cannot be {self.cpu_threads}: give 1 to {_MOST_THREADS}")
        for package in ("faster_whisper", "ctranslate2"):
            package_folder(package, FEATURE)
        for file in MODELS[self.model].files():
            file.find()

    travels: ClassVar[bool] = True

    @property
    def identity(self) -> str:
        """The model and its rules' version; threads change nothing that is heard."""
        return f"offline/whisper-{self.model}-int8@6"

    def hear(self, request: ListeningRequest) -> Heard:
        """Write one piece down; the same samples give the same words.

        Args:
            request: up to `longest_s` seconds; longer ones are heard window by window.

        Returns:
            Words in order whose times do not overlap. None for silence, noise and music.

        Raises:
            InputError: a language that the model does not know.
            MissingExtra: the extra "offline" is not installed.
            CorruptFile: a file of the model is not what it should be.
        """
        model = MODELS[self.model]
        language = request.language.partition("-")[0].lower()
        if not model.multilingual and language not in ("", "en"):
            raise InputError(
                f"the offline listener's model {self.model!r} knows English only, not {request.language!r}: choose "
                "offline:base, which knows other languages"
            )
        samples = at_16_khz(request.samples, request.sample_rate_hz)
        if not len(samples) or not samples.any():
            return Heard(words=(), language=language or "en")
        phrases, heard_language = recogniser(self.model, self.cpu_threads).phrases(
            samples, language="en" if not model.multilingual else language, verbatim=request.verbatim
        )
        words = [word for phrase in phrases if believed(phrase) for word in without_loops(phrase.words)]
        words.sort(key=lambda word: word.start_s)  # what was passed over at first comes last
        timed = _timed(words, model, len(samples) / SAMPLE_RATE_HZ)
        weights = probe(self.model)
        if weights is None or heard_language != "en" or not request.verbatim:
            return Heard(words=timed, language=heard_language)
        return Heard(words=self._with_hesitations(timed, samples, weights), language="en", hesitations_sound=True)

    def _with_hesitations(
        self, words: tuple[HeardWord, ...], samples: FloatArray, weights: FloatArray
    ) -> tuple[HeardWord, ...]:
        """The words with the hesitations that sound, looked for window by window."""
        placed: list[HeardWord] = []
        window = round(WINDOW_S * SAMPLE_RATE_HZ)
        for first in range(0, len(samples), window):
            start_s, end_s = first / SAMPLE_RATE_HZ, (first + window) / SAMPLE_RATE_HZ
            own = [_moved(word, -start_s) for word in words if start_s <= (word.start_s + word.end_s) / 2 < end_s]
            if not own:
                continue
            sound = recogniser(self.model, self.cpu_threads).encoded(samples[first : first + window])
            told = settled(own, stretches(probabilities(sound.frames, weights)), sound)
            placed += [_moved(word, start_s) for word in told]
        return tuple(placed)

    def check(self) -> None:
        """Read every file and hear a second of silence with a click: some seconds.

        Raises:
            MissingExtra: the extra "offline" is not installed.
            CorruptFile: a file is not what it should be.
        """
        click = np.zeros(SAMPLE_RATE_HZ, np.float32)
        click[SAMPLE_RATE_HZ // 2] = 0.5
        self.hear(ListeningRequest(click, SAMPLE_RATE_HZ))


def _moved(word: HeardWord, by_s: float) -> HeardWord:
    return word.model_copy(update={"start_s": round(word.start_s + by_s, 3), "end_s": round(word.end_s + by_s, 3)})


def _timed(words: list[HeardWord], model: Model, length_s: float) -> tuple[HeardWord, ...]:
    """The words with the model's known lateness taken away, in order and without overlap."""
    timed: list[HeardWord] = []
    for word in words:
        earliest_s = timed[-1].end_s if timed else 0.0
        start_s = min(max(word.start_s - model.late_s, earliest_s), length_s)
        end_s = min(max(word.end_s - model.late_s, start_s), length_s)
        timed.append(word.model_copy(update={"start_s": round(start_s, 3), "end_s": round(end_s, 3)}))
    return tuple(timed)
