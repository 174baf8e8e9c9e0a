"""Google Gemini as a `Voice`, a `Listener`, an `Animator` and a `Composer`, by the Interactions API.

A voice, a listener and a composer answer at once, and nothing of that is stored with the service. A clip runs in the
background and is asked for by its id, which needs storing. Veo ended there on 2026-10-22; Omni is its successor.
"""

from __future__ import annotations

import base64
import math
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote as quoted

from pydantic import BaseModel, Field, model_validator

from storyreel.errors import ProviderError, ProviderRefused
from storyreel.memo.ledger import Charged
from storyreel.providers.contracts import (
    AnimationRequest,
    Heard,
    ListeningRequest,
    Music,
    MusicRequest,
    Speech,
    SpeechRequest,
)
from storyreel.providers.frames import enough_s
from storyreel.providers.hearing import Transcript, heard
from storyreel.providers.music import fitted, stereo
from storyreel.providers.pictures import nearest_shape
from storyreel.providers.prices import Quote, Usage, quote
from storyreel.providers.references import image_type
from storyreel.providers.services.gemini import ANIMATOR_MODEL, VENDOR, from_base64, refused, settle
from storyreel.providers.sounds import for_listening, unpacked
from storyreel.providers.speaking import joined, pieces
from storyreel.providers.transport import (
    MEGABYTE,
    Call,
    Done,
    Gone,
    Job,
    Lost,
    Reply,
    Vendor,
    Waiting,
    ask_free,
    buy,
    buy_job,
    kind_of,
)

VOICE_MODEL = "gemini-3.8-flash-tts"
VOICE_NAME = "Charon"
LISTENER_MODEL = "gemini-3.5-transcribe"
COMPOSER_MODEL = "lyria-3.5"
INTERACTIONS = "/v1/interactions"
MOST_CHARACTERS = 4000
CHARACTERS_A_SECOND = 14.0
CHARACTERS_A_TOKEN = 4.0
# ai.google.dev/gemini-api/docs/tokens: a second of sound heard is 32 tokens, one spoken 25.
TOKENS_A_SECOND_HEARD = 32
TOKENS_A_SECOND_SPOKEN = 25
TOKENS_A_SECOND_WRITTEN = 10
PCM_RATE_HZ = 24_000
LONGEST_SONG_S = 180.0
EVERY_S = 5.0
PATIENCE_S = 1800.0
RESOLUTIONS = {360: "360p", 720: "720p", 1080: "1080p"}
_SHAPES = ((16, 9), (9, 16))
_SECONDS = range(3, 16)
_SECONDS_BETWEEN_FRAMES = range(3, 11)
_UNDER_WAY = ("in_progress", "queued", "requires_continuation")
_HELD_BACK = re.compile(r"(?i)safety|policy|policies|prohibit|block|moderat|sensitive|violat")
_FILE = re.compile(r"/(v1\w*/files/[\w-]+)")
# The recogniser wants a region with each language.
_REGIONS = {
    "ar": "ar-EG", "cs": "cs-CZ", "da": "da-DK", "de": "de-DE", "el": "el-GR", "en": "en-US", "es": "es-ES",
    "fi": "fi-FI", "fr": "fr-FR", "he": "he-IL", "hi": "hi-IN", "hu": "hu-HU", "id": "id-ID", "it": "it-IT",
    "ja": "ja-JP", "ko": "ko-KR", "nl": "nl-NL", "no": "nb-NO", "pl": "pl-PL", "pt": "pt-BR", "ro": "ro-RO",
    "ru": "ru-RU", "sv": "sv-SE", "th": "th-TH", "tr": "tr-TR", "uk": "uk-UA", "vi": "vi-VN",
}  # fmt: skip


class _Told(BaseModel):
    """Part of an answer, in which null means that nothing is told."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        return {name: part for name, part in value.items() if part is not None} if isinstance(value, dict) else value


class _WordInfo(_Told):
    type: str = ""
    text: str = ""
    start_offset: str | float | None = None
    end_offset: str | float | None = None


class _Content(_Told):
    type: str = ""
    text: str = ""
    data: str = ""
    uri: str = ""
    mime_type: str = ""
    sample_rate: int | None = None
    annotations: list[_WordInfo] = Field(default_factory=list)


class _Fault(_Told):
    code: str | int | None = None
    message: str = ""


class _Step(_Told):
    type: str = ""
    content: list[_Content] = Field(default_factory=list)
    error: _Fault | None = None


class _Spent(_Told):
    total_input_tokens: int = 0
    total_output_tokens: int = 0
    total_thought_tokens: int = 0

    def spent(self) -> Usage:
        return Usage(
            input_tokens=self.total_input_tokens, output_tokens=self.total_output_tokens + self.total_thought_tokens
        )


class Interaction(_Told):
    """What the service knows of a request."""

    status: str
    id: str = ""
    model: str = ""
    steps: list[_Step] = Field(default_factory=list)
    errors: list[_Fault] = Field(default_factory=list)
    usage: _Spent | None = None

    def made(self, kind: str) -> list[_Content]:
        """What the model made of a kind: "text", "audio" or "video"."""
        return [part for step in self.steps if step.type == "model_output" for part in step.content
                if part.type == kind]  # fmt: skip

    @property
    def why(self) -> str:
        """What it says of why it failed."""
        told = [*self.errors, *(step.error for step in self.steps if step.error)]
        return "; ".join(" ".join((fault.message or str(fault.code)).split())[:200] for fault in told)


def body_of(
    model: str, content: Sequence[Mapping[str, Any]], *, background: bool = False, **more: Any
) -> dict[str, Any]:
    """The body of POST /v1/interactions."""
    return {
        "model": model,
        "input": [{"type": "user_input", "content": list(content)}],
        **more,
        **({"background": True} if background else {"store": False}),
    }


def finished(reply: Reply, model: str) -> Interaction:
    """An interaction that answered at once.

    Raises:
        ProviderRefused: it was held back.
        ProviderError: it failed.
        Lost: it is not complete, or no interaction.
    """
    interaction = reply.read_as(Interaction)
    if interaction.status != "completed":
        _raise_if_over(interaction, model)
        raise Lost("gemini", f"the answer was not complete ({interaction.status[:40]!r})")
    return interaction


def _raise_if_over(interaction: Interaction, model: str) -> None:
    """Raise what an interaction came to that will not be completed; nothing for one that may be."""
    price_usd = quote("gemini", model, interaction.usage.spent()).usd if interaction.usage else None
    if interaction.status in ("failed", "cancelled", "budget_exceeded", "incomplete"):
        why = interaction.why or interaction.status
        if _HELD_BACK.search(why):
            raise refused(f"{model} will not make this ({why}): change the words", price_usd)
        error = ProviderError("gemini", f"{model} failed at the service ({why}): run again to have it made anew")
        error.price_usd = price_usd
        raise error


def nothing_made(interaction: Interaction, model: str) -> ProviderRefused:
    """The error for an interaction that is complete and has nothing of what was asked for."""
    said = " ".join("".join(part.text for part in interaction.made("text")).split())[:200]
    price_usd = quote("gemini", model, interaction.usage.spent()).usd if interaction.usage else None
    return refused(f"{model} made nothing of this{f'; it says: {said}' if said else ''}: change the words", price_usd)


@dataclass(frozen=True, slots=True)
class GeminiVoice:
    """Gemini's speech models as a `Voice`; they tell no word times.

    Args:
        model: a voice ("Kore"), a model, or both ("gemini-3.8-flash-tts/Kore").
    """

    model: str = f"{VOICE_MODEL}/{VOICE_NAME}"
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        model, _, voice = self.model.partition("/")
        if not voice and "-" not in model:
            model, voice = VOICE_MODEL, model
        object.__setattr__(self, "model", f"{model}/{voice or VOICE_NAME}")

    @property
    def identity(self) -> str:
        """Vendor, model and voice."""
        return f"gemini/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs; characters and seconds count by about how many tokens they are."""
        sound_s = usage.sound_s or usage.characters / CHARACTERS_A_SECOND
        tokens = Usage(
            input_tokens=usage.input_tokens or math.ceil(usage.characters / CHARACTERS_A_TOKEN),
            output_tokens=usage.output_tokens or math.ceil(sound_s * TOKENS_A_SECOND_SPOKEN),
        )
        return quote("gemini", self.model.partition("/")[0], tokens)

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one passage."""
        return joined([self._said(request, piece) for piece in pieces(request.text, MOST_CHARACTERS)])

    def _said(self, request: SpeechRequest, text: str) -> Speech:
        model, _, voice = self.model.partition("/")

        def charged(reply: Reply) -> Charged:
            interaction = finished(reply, model)
            sound = sound_in(interaction, model)
            try:
                samples, rate_hz = unpacked(sound)
            except ValueError as error:
                raise Lost("gemini", f"the sound that came is damaged: {error}") from None
            usage = interaction.usage.spent() if interaction.usage else Usage()
            if not usage.output_tokens:
                usage = Usage(characters=len(text), sound_s=len(samples) / rate_hz)
            return Charged(sound, self.price(usage).usd, interaction.model or model, interaction.id)

        sound = buy(
            VENDOR,
            Call(
                INTERACTIONS,
                body=speech_to_wire(model, request.voice or voice, text, request.speed),
                timeout_s=240.0,
                largest_bytes=64 * MEGABYTE,
            ),
            charged,
            model=model,
            expected_usd=self.price(Usage(characters=len(text))).usd,
            take=request.take,
            suffix=".wav",
            notice=self.notice,
        )
        samples, sample_rate_hz = unpacked(sound)
        return Speech(samples, sample_rate_hz)


def speech_to_wire(model: str, voice: str, text: str, speed: float) -> dict[str, Any]:
    """The body for speech. There is no field for its speed: that is told as a manner of speaking."""
    content: dict[str, Any] = {"type": "text", "text": text}
    if speed != 1.0:
        style = f"at {speed:g} times the usual pace"
        content["annotations"] = [{"type": "speech_metadata", "style": style}]
    return body_of(
        model,
        [content],
        response_format={"type": "audio"},
        generation_config={"speech_config": [{"voice": voice}]},
    )


def sound_in(interaction: Interaction, model: str) -> bytes:
    """The sound in an answer, as a file; bare samples (audio/l16, 24 kHz) get a WAV header.

    Raises:
        ProviderRefused: there is none.
        Lost: what there is, is no sound.
    """
    made = interaction.made("audio")
    if not made:
        raise nothing_made(interaction, model)
    sound = made[-1]
    data = from_base64(sound.data)
    if re.match(r"(?i)audio/(l16|pcm)", sound.mime_type) and kind_of(data) != "audio":
        told = re.search(r"rate=(\d+)", sound.mime_type)
        return _wav(data, sound.sample_rate or (int(told.group(1)) if told else PCM_RATE_HZ))
    if kind_of(data) != "audio":
        raise Lost("gemini", "what came is no sound")
    return data


def _wav(samples: bytes, rate_hz: int) -> bytes:
    """Mono samples of 16 bits, low byte first, as a WAV file."""
    head = b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH", 16, 1, 1, rate_hz, rate_hz * 2, 2, 16)
    return head + b"data" + struct.pack("<I", len(samples)) + samples


@dataclass(frozen=True, slots=True)
class GeminiListener:
    """Gemini's recogniser as a `Listener`."""

    model: str = LISTENER_MODEL
    longest_s: float = field(default=600.0, init=False, compare=False)
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        settle(self)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"gemini/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs; seconds count by about how many tokens they are."""
        tokens = Usage(
            input_tokens=usage.input_tokens or math.ceil(usage.sound_s * TOKENS_A_SECOND_HEARD),
            output_tokens=usage.output_tokens or math.ceil(usage.sound_s * TOKENS_A_SECOND_WRITTEN),
        )
        return quote("gemini", self.model, tokens)

    def hear(self, request: ListeningRequest) -> Heard:
        """Every word with its times; how sure the recogniser was, it does not say."""
        sound_s = len(request.samples) / request.sample_rate_hz

        def charged(reply: Reply) -> Charged:
            interaction = finished(reply, self.model)
            usage = interaction.usage.spent() if interaction.usage else Usage(sound_s=sound_s)
            kept = transcript_in(interaction).model_dump_json().encode()
            return Charged(kept, self.price(usage).usd, interaction.model or self.model, interaction.id)

        kept = buy(
            VENDOR,
            Call(INTERACTIONS, body=listening_to_wire(self.model, request), timeout_s=300.0,
                 largest_bytes=32 * MEGABYTE),
            charged,
            model=self.model,
            expected_usd=self.price(Usage(sound_s=sound_s)).usd,
            notice=self.notice,
        )  # fmt: skip
        return heard(Transcript.model_validate_json(kept), request.language)


def listening_to_wire(model: str, request: ListeningRequest) -> dict[str, Any]:
    """The body for a transcript with words, of the sound as FLAC at 16 kHz."""
    sound = base64.b64encode(for_listening(request.samples, request.sample_rate_hz)).decode()
    # Word times come with the verbatim mode only; the other one leaves out "um" and "uh", too.
    config: dict[str, Any] = {"mode": {"type": "verbatim", "timestamp_granularities": ["word"]}}
    if request.language in _REGIONS:
        config["language_codes"] = [_REGIONS[request.language]]
    return body_of(
        model,
        [{"type": "audio", "mime_type": "audio/flac", "data": sound}],
        generation_config={"transcription_config": config},
    )


def transcript_in(interaction: Interaction) -> Transcript:
    """The words in an answer; silence has none.

    Raises:
        Lost: speech came without the times of its words.
    """
    texts = interaction.made("text")
    infos = [info for part in texts for info in part.annotations if info.type == "word_info" and info.text.strip()]
    text = " ".join(part.text.strip() for part in texts)
    if (text.strip() and not infos) or any(info.start_offset is None for info in infos):
        raise Lost("gemini", "the transcript that came has no times for its words")
    words = [
        {"word": info.text, "start": _seconds(info.start_offset), "end": _seconds(info.end_offset)} for info in infos
    ]
    return Transcript.model_validate({"text": text, "words": words})


def _seconds(offset: str | float | None) -> float:
    """ "1.040s" as 1.04."""
    try:
        return float(str(offset or 0).removesuffix("s"))
    except ValueError:
        raise Lost("gemini", "the transcript that came has no times for its words") from None


@dataclass(frozen=True, slots=True)
class GeminiAnimator:
    """Gemini Omni as an `Animator`: three to fifteen seconds from a first frame, up to ten to a last one."""

    model: str = ANIMATOR_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        settle(self)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"gemini/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs, in full HD."""
        return quote("gemini", self.model, usage, "1080p")

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = lambda fraction: None) -> bytes:
        """The clip as an MP4: with sound, the next whole second long, 16:9 or 9:16."""
        body = clip_to_wire(self.model, request)
        form = body["response_format"]
        video_s = float(form["duration"].removesuffix("s"))

        def look(reply: Reply, job: Job) -> Waiting | Done | Gone:
            return clip_state(reply, self.model)

        return buy_job(
            VENDOR,
            Call(INTERACTIONS, body=body, timeout_s=180.0),
            submitted,
            poll,
            look,
            model=self.model,
            expected_usd=quote("gemini", self.model, Usage(video_s=video_s), form["resolution"]).usd,
            kinds=("video",),
            suffix=".mp4",
            every_s=EVERY_S,
            patience_s=PATIENCE_S,
            take=request.seed,
            keyed_result=True,
            on_progress=on_progress,
            notice=self.notice,
        )


def clip_to_wire(model: str, request: AnimationRequest) -> dict[str, Any]:
    """The body for a clip: the frames in order, then the words. Without being told, it cuts between several shots."""
    frames = [request.first_frame] + ([request.last_frame] if request.last_frame is not None else [])
    seconds = _SECONDS if request.last_frame is None else _SECONDS_BETWEEN_FRAMES
    between = (
        "Begin exactly on the first image and end exactly on the second"
        if request.last_frame is not None
        else "<FIRST_FRAME> Begin exactly on the image"
    )
    words = (
        f"{between}: a single, continuous, unbroken shot without scene cuts. {request.prompt} No dialogue, no music, "
        "no text."
    )
    shape = nearest_shape(request.width_px, request.height_px, _SHAPES)
    shorter_px = min(request.width_px, request.height_px)
    return body_of(
        model,
        [
            *(
                {"type": "image", "data": base64.b64encode(frame).decode(), "mime_type": image_type(frame)}
                for frame in frames
            ),
            {"type": "text", "text": words},
        ],
        background=True,
        response_format={
            "type": "video",
            "aspect_ratio": f"{shape[0]}:{shape[1]}",
            "duration": f"{min(max(math.ceil(enough_s(request.duration_s)), seconds[0]), seconds[-1])}s",
            "resolution": next((name for lines, name in RESOLUTIONS.items() if lines >= shorter_px), "4k"),
            "delivery": "uri",
        },
        generation_config={"video_config": {"task": "image_to_video"}},
    )


def submitted(reply: Reply) -> Job:
    """The handle of an interaction that runs in the background.

    Raises:
        Lost: there is none.
    """
    interaction = reply.read_as(Interaction)
    if not interaction.id:
        raise Lost("gemini", "the answer has no id to ask for")
    return Job(id=interaction.id)


def poll(job: Job) -> Call:
    """The call that asks for an interaction; its answer may hold the whole clip."""
    path = f"{INTERACTIONS}/{quoted(job.id, safe='')}"
    return Call(path, method="GET", query={"stream": "false"}, timeout_s=180.0, largest_bytes=160 * MEGABYTE)


def clip_state(reply: Reply, model: str) -> Waiting | Done | Gone:
    """How an interaction is. The clip is in the answer itself, or a file that may take a while to be ready.

    Raises:
        ProviderRefused: it was held back, or is complete without a clip.
        ProviderError: it failed.
        Lost: the answer says nothing of it.
    """
    interaction = reply.read_as(Interaction)
    if interaction.status in _UNDER_WAY:
        return Waiting()
    _raise_if_over(interaction, model)
    if interaction.status != "completed":
        raise Lost("gemini", f"the job is in a state that means nothing here ({interaction.status[:40]!r})")
    clips = interaction.made("video")
    if not clips:
        raise nothing_made(interaction, model)
    clip = clips[-1]
    if clip.data:
        return Done(data=from_base64(clip.data), model=interaction.model)
    return Done((content_address(clip.uri),), model=interaction.model) if _is_ready(clip.uri) else Waiting()


def content_address(uri: str) -> str:
    """Where a file's content lies; the address of the file alone tells about it."""
    file = _FILE.search(uri)
    if file is None or "alt=" in uri[file.end() :]:
        return uri
    return f"{uri[: file.end()]}:download?alt=media"


def _is_ready(uri: str) -> bool:
    """Whether a file can be fetched; one whose state cannot be read is worth a try."""
    file = _FILE.search(uri)
    if file is None:
        return True
    try:
        told = ask_free(VENDOR, Call(f"/{file.group(1)}", method="GET", timeout_s=30.0)).json()
    except ProviderError:
        return True
    return not (isinstance(told, Mapping) and told.get("state") == "PROCESSING")


@dataclass(frozen=True, slots=True)
class GeminiComposer:
    """Lyria as a `Composer`: songs of up to about three minutes, without voices."""

    model: str = COMPOSER_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        settle(self)

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"gemini/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs: by the song, however long."""
        return quote("gemini", self.model, Usage(pieces=usage.pieces or 1))

    def compose(self, request: MusicRequest) -> Music:
        """A piece cut, or gone through again, to the length asked for."""

        def charged(reply: Reply) -> Charged:
            interaction = finished(reply, self.model)
            song = sound_in(interaction, self.model)
            try:
                stereo(song)
            except ValueError as error:
                raise Lost("gemini", f"the music that came is damaged: {error}") from None
            return Charged(song, self.price(Usage(pieces=1)).usd, interaction.model or self.model, interaction.id)

        song = buy(
            VENDOR,
            Call(INTERACTIONS, body=song_to_wire(self.model, request), timeout_s=600.0, largest_bytes=96 * MEGABYTE),
            charged,
            model=self.model,
            expected_usd=self.price(Usage(pieces=1)).usd,
            take=request.seed,
            suffix=".mp3",
            notice=self.notice,
        )
        samples, rate_hz = stereo(song)
        return Music(fitted([samples], rate_hz, request.duration_s), rate_hz)


def song_to_wire(model: str, request: MusicRequest) -> dict[str, Any]:
    """The body for a song. Its length is told in words, and kept about."""
    seconds = round(min(request.duration_s, LONGEST_SONG_S))
    words = (
        f"Instrumental only, no vocals, no spoken words. A bed of film music under a narrator: {request.mood}. "
        f"It lasts {seconds // 60}:{seconds % 60:02d} minutes, evenly soft, without a sudden end."
    )
    return body_of(model, [{"type": "text", "text": words}], response_format={"type": "audio"})
