"""Whisper through whisper-timestamped and PyTorch, for models larger than the bundled one: `whisper:base`, or a file.

    WhisperListener("small").hear(ListeningRequest(samples, 16_000))
    WhisperListener("/models/my-checkpoint.pt")

It is an extra of its own, since PyTorch is large and whisper-timestamped is under the AGPL. Nothing is downloaded here:
a model that is not on this machine is named, with the command that fetches it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np

from storyreel.errors import CorruptFile, InputError, MissingExtra
from storyreel.providers.contracts import FloatArray, Heard, HeardWord, ListeningRequest
from storyreel.providers.offline.listener.doubt import believed, without_loops
from storyreel.providers.offline.listener.phrases import SAMPLE_RATE_HZ, Phrase, heard_whole
from storyreel.providers.offline.listener.recogniser import VERBATIM, WINDOW_S, at_16_khz

DEFAULT_MODEL = "base"


@dataclass(frozen=True)
class WhisperListener:
    """A Whisper checkpoint as a `Listener`.

    Attributes:
        model: a name that Whisper knows ("base", "small.en", "turbo"), or a checkpoint's path.
        longest_s: the longest piece it takes at once.

    Raises:
        InputError: no model has that name, or it is not on this machine.
        MissingExtra: the extra "whisper" is not installed.
    """

    model: str = DEFAULT_MODEL
    longest_s: float = field(default=WINDOW_S, init=False)

    def __post_init__(self) -> None:
        if importlib.util.find_spec("whisper_timestamped") is None:
            raise MissingExtra("the listener whisper", "whisper")
        checkpoint(self.model)

    @property
    def identity(self) -> str:
        """The model's name, or its file's digest."""
        path = Path(self.model).expanduser()
        known = f"sha256:{_sha256(path, path.stat().st_mtime_ns)[:16]}" if path.suffix == ".pt" else self.model
        return f"whisper/{known}@2"

    def hear(self, request: ListeningRequest) -> Heard:
        """Write one piece down; the same samples give the same words.

        Returns:
            Words in order whose times do not overlap; none where nobody speaks.

        Raises:
            InputError: a language that the model does not know.
            CorruptFile: the checkpoint cannot be read.
        """
        language = request.language.partition("-")[0].lower()
        samples = at_16_khz(request.samples, request.sample_rate_hz)
        if not len(samples) or not samples.any():
            return Heard(words=(), language=language or "en")
        network, turn = _loaded(str(checkpoint(self.model)))
        if not network.is_multilingual and language not in ("", "en"):
            raise InputError(f"the model {self.model!r} knows English only, not {language!r}: choose one without '.en'")

        def look(part: FloatArray, code: str, verbatim: bool) -> tuple[list[Phrase], str]:
            with turn:  # a network on hooks serves one call at a time
                return _looked(network, part, code, verbatim)

        known = language if network.is_multilingual else "en"
        phrases, found = heard_whole(look, samples, language=known, verbatim=request.verbatim)
        return Heard(words=in_order(phrases, len(samples) / SAMPLE_RATE_HZ), language=found)


def _looked(network: Any, samples: FloatArray, language: str, verbatim: bool) -> tuple[list[Phrase], str]:
    """What one call of whisper-timestamped gives.

    Raises:
        InputError: Whisper does not know the language.
    """
    import whisper_timestamped

    try:
        reply = whisper_timestamped.transcribe(
            network,
            np.ascontiguousarray(samples, np.float32),
            language=language or None,
            temperature=0.0,
            condition_on_previous_text=False,
            initial_prompt=VERBATIM if verbatim and language == "en" else None,
            verbose=None,
        )
    except (KeyError, ValueError) as error:
        if "language" in str(error).lower():
            raise InputError(f"Whisper does not know the language {language!r}: leave it out") from error
        if "warping path" in str(error):
            # More was written than the sound has room for: the network has lost itself in a sound without speech.
            return [], language or "en"
        raise
    return phrases_of(reply), str(reply.get("language") or "en")


def phrases_of(reply: Any) -> list[Phrase]:
    """What whisper-timestamped returned, as phrases. Pure."""
    return [
        Phrase(
            tuple(
                HeardWord(
                    text=word["text"].strip(),
                    start_s=max(float(word["start"]), 0.0),
                    end_s=float(word["end"]),
                    confidence=round(min(max(float(word.get("confidence", 1.0)), 0.0), 1.0), 3),
                )
                for word in segment.get("words", ())
                if any(letter.isalnum() for letter in word["text"])
            ),
            float(segment["no_speech_prob"]),
            float(segment["avg_logprob"]),
        )
        for segment in reply["segments"]
    ]


def in_order(phrases: Sequence[Phrase], length_s: float) -> tuple[HeardWord, ...]:
    """The words of phrases in order, within the piece and without overlap, without what was never said. Pure."""
    words = [word for phrase in phrases if believed(phrase) for word in without_loops(phrase.words)]
    timed: list[HeardWord] = []
    for word in sorted(words, key=lambda word: word.start_s):  # what was passed over at first comes last
        start_s = min(max(word.start_s, timed[-1].end_s if timed else 0.0), length_s)
        end_s = min(max(word.end_s, start_s), length_s)
        timed.append(word.model_copy(update={"start_s": start_s, "end_s": end_s}))
    return tuple(timed)


def checkpoint(model: str) -> Path:
    """Where a model's file is.

    Raises:
        InputError: no model has that name, or it is not on this machine.
    """
    path = Path(model).expanduser()
    if path.suffix == ".pt":
        if not path.is_file():
            raise InputError(f"the checkpoint {path} is not there: check its name")
        return path
    import whisper

    if model not in whisper.available_models():
        raise InputError(
            f"Whisper has no model {model!r}: choose one of {', '.join(whisper.available_models())}, or give a "
            "checkpoint's path (.pt)"
        )
    kept = Path.home() / ".cache" / "whisper" / Path(whisper._MODELS[model]).name
    if not kept.is_file():
        raise InputError(
            f"Whisper's model {model!r} is not on this machine: fetch it with  "
            f"python -c \"import whisper; whisper.load_model('{model}')\"  or give the path of a checkpoint (.pt)"
        )
    return kept


@cache
def _sha256(path: Path, changed_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_networks: dict[str, tuple[Any, threading.Lock]] = {}
_loading = threading.Lock()


def _loaded(path: str) -> tuple[Any, threading.Lock]:
    """A network and the lock of its turn, loaded once a process."""
    import whisper_timestamped

    with _loading:
        if path not in _networks:
            try:
                _networks[path] = whisper_timestamped.load_model(path, device="cpu"), threading.Lock()
            except (RuntimeError, KeyError, OSError, ValueError, EOFError, UnpicklingError) as error:
                raise CorruptFile(f"{path} is no Whisper checkpoint, or it is damaged: fetch it again") from error
        return _networks[path]
