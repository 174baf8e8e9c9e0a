"""Where material is made: pictures, spoken passages, whole narrations, music. Every step is remembered."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from pydantic import BaseModel

from storyreel.airlock import Unsafe, look_at_picture
from storyreel.cluster import done_by
from storyreel.errors import InputError, ProviderError, ProviderRefused
from storyreel.media.align import align
from storyreel.media.energy import dips, energy_db
from storyreel.media.model import Asset, Narration, Provenance
from storyreel.media.snap import snapped
from storyreel.media.sound import read_sound, write_flac
from storyreel.media.transcript import HeardPiece, joined, piece_bounds
from storyreel.media.words import pause_after_s
from storyreel.memo.paying import receipts
from storyreel.memo.step import step
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.providers.contracts import (
    Composer,
    ImageModel,
    ImageRequest,
    Listener,
    ListeningRequest,
    MusicRequest,
    SpeechRequest,
    SpokenWord,
    Voice,
)
from storyreel.providers.speaking import words_in_sound
from storyreel.shots.softening import gentler, softened

LARGEST_PICTURE_PX = 100_000_000
SILENT_RATE_HZ = 24_000


class Passage(BaseModel, frozen=True, extra="forbid"):
    """A spoken passage and its words' times from its start.

    Attributes:
        words: none where nobody has told their times yet; see `with_word_times`.
        guessed: whether the times were only read from the voice's pauses.
    """

    audio: Asset
    sample_rate_hz: int
    words: tuple[SpokenWord, ...]
    guessed: bool = False


@step(version=1)
def illustrate(project: Project, request: ImageRequest, painter: ImageModel) -> Asset:
    """Draw a picture. One that is refused is asked for once more, softened, and the user is told.

    Raises:
        ProviderRefused: the softened one was refused, too.
        ProviderError: what came back is not a picture.
    """
    try:
        data = done_by(project.progress, painter.draw, request)
    except ProviderRefused as refused:
        softer = softened(request)
        instead = "in gentler words" if request.scene is None else "as its place alone, with nobody in it"
        project.progress.warn(f"{refused}; it is asked for once more {instead}", "illustrate")
        data, request = done_by(project.progress, painter.draw, softer), softer
    width_px, height_px, suffix = probe_picture(data, painter.identity)
    return Asset(
        kind="image",
        blob=store_of(project).put_bytes(data, suffix),
        width_px=width_px,
        height_px=height_px,
        provenance=provenance(painter.identity, request.prompt, request.seed),
    )


def provenance(provider: str, prompt: str, seed: int | None = None) -> Provenance:
    """Where the asset that the step under way makes comes from, with what its paid calls told."""
    bought = receipts()
    prices = [receipt.price_usd for receipt in bought]
    return Provenance(
        provider=provider,
        prompt=prompt,
        seed=seed,
        price_usd=None if None in prices else float(sum(price for price in prices if price is not None)),
        model=bought[-1].model if bought else "",
        request=bought[-1].request if bought else "",
        calls=tuple(receipt.call for receipt in bought),
        credit=together(receipt.credit for receipt in bought),
    )


def credited(asset: Asset, *credits: str) -> Asset:
    """An asset made from others, with whom to name for those."""
    made = asset.provenance
    named = made.model_copy(update={"credit": together((*credits, made.credit))})
    return asset.model_copy(update={"provenance": named})


def together(credits: Iterable[str]) -> str:
    """Several credits as one, each once, one a line."""
    return "\n".join(dict.fromkeys(line for credit in credits for line in credit.splitlines()))


def probe_picture(data: bytes, provider: str) -> tuple[int, int, str]:
    """Decode a picture whole and return (width_px, height_px, file suffix), before anything trusts it.

    Raises:
        ProviderError: the bytes are no PNG, JPEG or WebP, are damaged, or larger than 100 million pixels.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        look_at_picture(data)
    except Unsafe as error:
        raise ProviderError(provider, f"the picture is refused: {error.reason}; run again to ask anew") from error
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > LARGEST_PICTURE_PX:
                raise ProviderError(provider, f"the picture is too large ({picture.width} x {picture.height} pixels)")
            picture.load()
            suffix = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}[picture.format or ""]
            return picture.width, picture.height, suffix
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ProviderError(provider, "the answer is not a whole picture; run again to ask anew") from error


@step(version=1)
def speak(project: Project, text: str, voice: Voice, *, language: str) -> Passage:
    """Speak one passage. Its words are left out where the voice gives no times; see `with_word_times`.

    Raises:
        ProviderError: the voice gave no sound, or other words than the text has.
    """
    speech = done_by(project.progress, voice.speak, SpeechRequest(text=text, language=language))
    duration_s = len(speech.samples) / speech.sample_rate_hz
    if not len(speech.samples) or not np.isfinite(speech.samples).all() or not speech.samples.any():
        raise ProviderError(
            voice.identity, f"the voice gave no sound for {text[:60]!r}; run again, or choose another voice"
        )
    if speech.words and [word.text for word in speech.words] != text.split():
        raise ProviderError(voice.identity, f"the voice's word times do not fit the text {text[:60]!r}")
    audio = Asset(
        kind="audio",
        blob=store_of(project).put_bytes(write_flac(speech.samples, speech.sample_rate_hz), ".flac"),
        duration_s=duration_s,
        provenance=provenance(voice.identity, text),
    )
    return Passage(audio=audio, sample_rate_hz=speech.sample_rate_hz, words=speech.words)


@step(version=1)
def leave_unsaid(project: Project, text: str, words: tuple[SpokenWord, ...]) -> Passage:
    """The gap that a passage leaves which no voice will say: silence for as long as its words are read.

    Args:
        words: the text's, timed for readers.
    """
    length_s = words[-1].end_s if words else 1.0
    silence = np.zeros(round(length_s * SILENT_RATE_HZ), np.float32)
    audio = Asset(
        kind="audio",
        blob=store_of(project).put_bytes(write_flac(silence, SILENT_RATE_HZ), ".flac"),
        duration_s=len(silence) / SILENT_RATE_HZ,
        provenance=Provenance(provider="silence", prompt=text),
    )
    return Passage(audio=audio, sample_rate_hz=SILENT_RATE_HZ, words=words)


def with_word_times(
    project: Project, passage: Passage, text: str, listener: Listener | None, *, language: str
) -> Passage:
    """A passage whose words have times: its voice's, else those that a listener hears in it.

    Without a listener they are found from the text's and the sound's pauses, which is less sure.

    Args:
        text: what the passage says.
        listener: who hears it, where the voice gave no times.
        language: ISO 639-1 code.
    """
    if passage.words:
        return passage
    if listener is not None:
        return time_words(project, passage, text, listener, language=language)
    path, rate_hz = store_of(project).path(passage.audio.blob), passage.sample_rate_hz
    sound = read_sound(path, sample_rate_hz=rate_hz, channels=1)[:, 0]
    return passage.model_copy(update={"words": words_in_sound(text, sound, rate_hz), "guessed": True})


@step(version=1)
def time_words(project: Project, passage: Passage, text: str, listener: Listener, *, language: str) -> Passage:
    """Set a passage's text on its voice; see `storyreel.media.align`."""
    rate_hz = 16_000
    path = store_of(project).path(passage.audio.blob)
    sound = read_sound(path, sample_rate_hz=rate_hz, channels=1)[:, 0]
    length_s = len(sound) / rate_hz
    energy = energy_db(sound, rate_hz)
    pieces: list[HeardPiece] = []
    for start_s, end_s in piece_bounds(length_s, [float(dip) for dip in dips(energy)], listener.longest_s):
        samples = sound[round(start_s * rate_hz) : round(end_s * rate_hz)]
        request = ListeningRequest(samples, rate_hz, language=language, verbatim=False)
        heard = done_by(project.progress, listener.hear, request)
        words = tuple(
            word.model_copy(update={"start_s": word.start_s + start_s, "end_s": word.end_s + start_s})
            for word in heard.words
        )
        pieces.append(HeardPiece(start_s=start_s, end_s=end_s, words=words, language=heard.language))
    words_heard = snapped(joined(pieces, length_s).words, energy)
    return passage.model_copy(update={"words": align(text, words_heard, length_s, energy)})


@step(version=1)
def join_passages(
    project: Project, chapter: int, passages: tuple[Passage, ...], *, paragraph_ends: tuple[int, ...]
) -> Narration:
    """Put a chapter's spoken passages together, with a breath after each and a longer one after a paragraph.

    Args:
        paragraph_ends: positions in `passages` after which a paragraph ends.
    """
    if not passages:
        raise InputError(f"chapter {chapter} has no words to speak")
    store = store_of(project)
    rate_hz = passages[0].sample_rate_hz
    pieces: list[np.ndarray] = []
    words: list[SpokenWord] = []
    samples = 0
    for number, passage in enumerate(passages):
        sound = read_sound(store.path(passage.audio.blob), sample_rate_hz=rate_hz, channels=1)[:, 0]
        start_s = samples / rate_hz
        words += [
            SpokenWord(text=word.text, start_s=word.start_s + start_s, end_s=word.end_s + start_s)
            for word in passage.words
        ]
        pieces.append(sound)
        samples += len(sound)
        if number < len(passages) - 1:
            pause = np.zeros(
                round(pause_after_s(passage.words[-1].text, number in paragraph_ends) * rate_hz), np.float32
            )
            pieces.append(pause)
            samples += len(pause)
    audio = Asset(
        kind="audio",
        blob=store.put_bytes(write_flac(np.concatenate(pieces), rate_hz), ".flac"),
        duration_s=samples / rate_hz,
        provenance=_joined_provenance([passage.audio.provenance for passage in passages]),
    )
    return Narration(chapter=chapter, audio=audio, duration_s=audio.duration_s, words=tuple(words))


def _joined_provenance(parts: Sequence[Provenance]) -> Provenance:
    prices = [part.price_usd for part in parts]
    return parts[0].model_copy(
        update={
            "prompt": "",
            "price_usd": None if None in prices else sum(price for price in prices if price is not None),
            "calls": tuple(call for part in parts for call in part.calls),
            "credit": together(part.credit for part in parts),
        }
    )


@step(version=1)
def find_dips(project: Project, audio: Asset) -> tuple[float, ...]:
    """The moments at which a narration's energy dips, in seconds, ascending: where a picture may change."""
    path = store_of(project).path(audio.blob)
    rate_hz = 16_000
    sound = read_sound(path, sample_rate_hz=rate_hz, channels=1)[:, 0]
    return tuple(round(float(moment), 3) for moment in dips(energy_db(sound, rate_hz)))


@step(version=1)
def loudness_of(project: Project, audio: Asset) -> float | None:
    """The integrated loudness of a sound in LUFS (ITU-R BS.1770-4); None when all of it is below the gate."""
    from storyreel.media.loudness import integrated_lufs

    rate_hz = 48_000
    sound = read_sound(store_of(project).path(audio.blob), sample_rate_hz=rate_hz, channels=2)
    lufs = integrated_lufs(sound, rate_hz)
    return round(lufs, 2) if np.isfinite(lufs) else None


@step(version=1)
def score(project: Project, mood: str, duration_s: float, composer: Composer, *, seed: int) -> Asset:
    """Compose a bed of music of exactly `duration_s` seconds; one that is refused is asked for more gently, once.

    Raises:
        ProviderRefused: that was refused, too.
        ProviderError: it is silent or damaged.
    """
    try:
        request = MusicRequest(mood=mood, duration_s=duration_s, seed=seed)
        music = done_by(project.progress, composer.compose, request)
    except ProviderRefused as refused:
        project.progress.warn(f"{refused}; the music is asked for once more in gentler words", "score")
        mood = gentler(mood, "Instrumental, calm and gentle.")
        music = done_by(project.progress, composer.compose, replace(request, mood=mood))
    if not music.samples.any() or not np.isfinite(music.samples).all():
        raise ProviderError(composer.identity, "the music is silent or damaged; run again, or choose another composer")
    return Asset(
        kind="audio",
        blob=store_of(project).put_bytes(write_flac(music.samples, music.sample_rate_hz), ".flac"),
        duration_s=len(music.samples) / music.sample_rate_hz,
        provenance=provenance(composer.identity, mood, seed),
    )
