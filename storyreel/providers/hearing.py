"""Whisper's wire format, which several services share: the multipart request, and words with times from the answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from hashlib import sha256

from pydantic import BaseModel

from storyreel.providers.contracts import Heard, HeardWord, ListeningRequest
from storyreel.providers.sounds import for_listening
from storyreel.providers.transport import MEGABYTE, Call, FilePart, Lost, Reply

# A recogniser writes in the manner of its prompt: one with fillers keeps them.
VERBATIM_PROMPT = "Um, so, uh, I mean, like, you know, er, hmm: every word, as it was said."
LANGUAGES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "polish": "pl", "russian": "ru", "ukrainian": "uk", "turkish": "tr", "arabic": "ar",
    "hebrew": "he", "hindi": "hi", "chinese": "zh", "japanese": "ja", "korean": "ko", "swedish": "sv",
    "norwegian": "no", "danish": "da", "finnish": "fi", "greek": "el", "czech": "cs", "romanian": "ro",
    "hungarian": "hu", "vietnamese": "vi", "indonesian": "id", "thai": "th",
}  # fmt: skip


class _Word(BaseModel):
    word: str
    start: float
    end: float


class _Segment(BaseModel):
    start: float
    end: float
    avg_logprob: float = 0.0


class Transcript(BaseModel):
    """The answer to response_format verbose_json; times in seconds."""

    text: str
    language: str = ""
    duration: float = 0.0
    words: list[_Word] | None = None
    segments: list[_Segment] | None = None


def listening_call(path: str, model: str, request: ListeningRequest, *, timeout_s: float) -> Call:
    """Ask for a transcript with words and segments, of the sound as FLAC at 16 kHz."""
    form = [("model", model), ("response_format", "verbose_json")]
    form += [("timestamp_granularities[]", kind) for kind in ("word", "segment")]
    form += [("temperature", "0")]
    if request.language:
        form.append(("language", request.language))
    if request.verbatim:
        form.append(("prompt", VERBATIM_PROMPT))
    known_by = sha256(request.samples.tobytes() + str(request.sample_rate_hz).encode()).hexdigest()
    packed = for_listening(request.samples, request.sample_rate_hz)
    sound = FilePart("file", "sound.flac", packed, "audio/flac", known_by)
    return Call(path, form=tuple(form), files=(sound,), timeout_s=timeout_s, largest_bytes=32 * MEGABYTE)


def transcript(reply: Reply) -> Transcript:
    """The transcript in an answer.

    Raises:
        Lost: it is none, or speech came without the times of its words.
    """
    found = reply.read_as(Transcript)
    if found.text.strip() and not found.words:
        raise Lost(reply.vendor, "the transcript that came has no times for its words")
    return found


def heard(found: Transcript, language: str) -> Heard:
    """A transcript's words, with the punctuation that only its text has, in order of time."""
    words = found.words or []
    written = _as_written(found.text, [word.word.strip() for word in words])
    start_s = 0.0
    heard_words: list[HeardWord] = []
    for word, text in zip(words, written, strict=True):
        if not text:
            continue
        start_s = max(start_s, word.start)
        end_s = max(start_s, word.end)
        confidence = _confidence(found.segments or [], word.start)
        heard_words.append(HeardWord(text=text, start_s=start_s, end_s=end_s, confidence=confidence))
    told = found.language.lower()
    return Heard(words=tuple(heard_words), language=LANGUAGES.get(told, told if len(told) == 2 else language or "en"))


def _as_written(text: str, words: Sequence[str]) -> list[str]:
    """Each word as the text has it, with what stands around it up to the next white space."""
    written, at = [], 0
    for word in words:
        found = text.find(word, at) if word else -1
        if found < 0 or found - at > 40:
            written.append(word)
            continue
        start, end = found, found + len(word)
        while start > at and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace() and not text[end].isalnum():
            end += 1
        written.append(text[start:end])
        at = end
    return written


def _confidence(segments: Sequence[_Segment], at_s: float) -> float:
    """How sure the recogniser was around a moment, 0 to 1: the mean probability of the tokens of its segment."""
    for segment in segments:
        if segment.start <= at_s <= segment.end:
            return min(1.0, math.exp(min(0.0, segment.avg_logprob)))
    return 1.0
