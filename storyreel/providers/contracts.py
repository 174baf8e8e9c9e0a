"""What a crew can do, as protocols: a provider is any class with the right methods; nothing needs inheriting.

Every provider has an `identity`: vendor, model and the options that change its results, never a key. It is part of the
key under which a step is remembered, so it must not depend on anything that changes while the provider works.

A provider that only computes, with no key, no payment and no file of this machine, may say `travels = True`: on a
cluster (see `storyreel.cluster`) its work is then done by the workers, so it and its answers must be picklable.

Providers may be called from several threads at once. They raise `ProviderError` and its kinds for what went wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

Reply = TypeVar("Reply", bound=BaseModel)
FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WritingRequest(Generic[Reply]):
    """One piece of writing, asked for in two ways at once.

    Attributes:
        task: what is wanted: "story", "chapter" or "scenes".
        instructions: the whole request in words, for a language model.
        facts: the same request as JSON values, for a writer that works by rules; its contents by task are listed in
            `storyreel.story.prompts`.
        reply: the model that the answer must validate as.
        language: ISO 639-1 code of what is written.
        seed: makes a deterministic writer vary.
    """

    task: str
    instructions: str
    facts: Mapping[str, Any]
    reply: type[Reply]
    language: str = "en"
    seed: int = 0


@runtime_checkable
class Writer(Protocol):
    """Writes stories, chapters and scene lists."""

    @property
    def identity(self) -> str:
        """Vendor, model and options; see the module."""

    def write(self, request: WritingRequest[Reply], on_words: Callable[[int], None] = ...) -> Reply:
        """Answer a request; `on_words` is told how many words have come so far, where the writer streams."""


class SceneDescription(BaseModel, frozen=True, extra="forbid"):
    """A picture's content in the terms of a shot list; every field is free text.

    Attributes:
        subject: what the picture is of, one sentence.
        camera: framing and angle ("wide shot, low angle").
        lighting: light and time of day ("cold moonlight", "golden hour, backlit").
        emotion: what the viewer should feel.
        environment: place and weather ("storm-beaten rocky coast, heavy rain").
        cast: the look of each person in the picture, word for word the same in every picture.
        palette: the story's colours as "#rrggbb", dark to light, the same in every picture.
        location: what pictures of one place have in common and no other has, such as its name; "" for none. A painter
            that can gives them one room, one skyline.
    """

    subject: str
    camera: str = ""
    lighting: str = ""
    emotion: str = ""
    environment: str = ""
    cast: tuple[str, ...] = ()
    palette: tuple[str, ...] = ()
    location: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture to go by: somebody as they are to look wherever they are seen.

    Attributes:
        sha256: of the encoded picture; stands for it in keys.
        of: who is seen, in the words of `SceneDescription.cast`.
        data: the picture, PNG, JPEG or WebP.
    """

    sha256: str
    of: str
    data: bytes = dataclass_field(compare=False, repr=False)


class ImageRequest(BaseModel, frozen=True, extra="forbid"):
    """One picture.

    Attributes:
        prompt: the whole picture in words.
        width_px, height_px: the size wanted.
        seed: the same seed and request give the same picture where the provider allows it.
        scene: the same picture taken apart, where the asker knows it.
        references: how those who are seen look, who matters most first. A painter says in `most_references` how many
            it takes; it is given no more, and one without that is given none and goes by the words alone.
    """

    prompt: str
    width_px: int = Field(default=1920, ge=64, le=8192)
    height_px: int = Field(default=1080, ge=64, le=8192)
    seed: int = 0
    scene: SceneDescription | None = None
    references: tuple[Reference, ...] = ()


@runtime_checkable
class ImageModel(Protocol):
    """Draws pictures. One that takes pictures to go by has `most_references: int` as well."""

    @property
    def identity(self) -> str:
        """Vendor, model and options; see the module."""

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as an encoded image (PNG, JPEG or WebP)."""


class SpokenWord(BaseModel, frozen=True, extra="forbid"):
    """A word as it stands in the text, punctuation included, and when it sounds."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """One passage to be spoken: a few sentences of plain text.

    Attributes:
        take: another one asks a service for the same once more, which it may then say in another way.
    """

    text: str
    voice: str = ""
    language: str = "en"
    speed: float = 1.0
    take: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A spoken passage.

    Attributes:
        samples: mono, float32, shape (n,), within -1 to 1.
        sample_rate_hz: samples a second.
        words: one entry for each whitespace-separated token of the text, in order, times not decreasing; empty when the
            provider does not know them.
    """

    samples: FloatArray
    sample_rate_hz: int
    words: tuple[SpokenWord, ...] = ()


@runtime_checkable
class Voice(Protocol):
    """Speaks."""

    @property
    def identity(self) -> str:
        """Vendor, model, voice and options; see the module."""

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one passage."""


@runtime_checkable
class TeachableVoice(Voice, Protocol):
    """A voice that can be told how to say words."""

    def taught(self, pronunciations: Mapping[str, str], language: str) -> TeachableVoice:
        """The same voice with these pronunciations, which its identity then tells.

        Args:
            pronunciations: by word, as `storyreel.settings.Settings` has them.
            language: ISO 639-1 code of what it will speak.

        Raises:
            InputError: one that it cannot read.
        """


@dataclass(frozen=True, slots=True)
class MusicRequest:
    """A bed of music.

    Attributes:
        mood: free text ("tense, cold, slow").
        duration_s: how long it must be, exactly, in seconds.
        seed: varies the piece.
    """

    mood: str
    duration_s: float
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Music:
    """A piece of music: float32 samples of shape (n, 2), within -1 to 1, at `sample_rate_hz`."""

    samples: FloatArray
    sample_rate_hz: int


@runtime_checkable
class Composer(Protocol):
    """Makes music."""

    @property
    def identity(self) -> str:
        """Vendor, model and options; see the module."""

    def compose(self, request: MusicRequest) -> Music:
        """Compose a piece of the length asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class AnimationRequest:
    """A clip that begins on one picture and, where one is given, ends on another.

    Attributes:
        prompt: what happens in it.
        first_frame: an encoded image.
        last_frame: an encoded image; None lets the animator end as it likes.
        duration_s: how long the clip must be.
        width_px, height_px: its size, both even.
        frames_per_s: its rate.
        scene, seed: what the first picture was asked for with, where the asker knows it.
    """

    prompt: str
    first_frame: bytes
    last_frame: bytes | None
    duration_s: float
    width_px: int
    height_px: int
    frames_per_s: int = 30
    scene: SceneDescription | None = None
    seed: int = 0


@runtime_checkable
class Animator(Protocol):
    """Makes video from pictures."""

    @property
    def identity(self) -> str:
        """Vendor, model and options; see the module."""

    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = ...) -> bytes:
        """The clip as an MP4; `on_progress` is told how much is done, from 0 to 1, where the animator knows."""


@dataclass(frozen=True, slots=True, eq=False)
class PredictionRequest:
    """The picture that a continuous shot will have come to.

    Attributes:
        prompt: what the shot is of, and what happens next.
        frame: the picture it is at now, as an encoded image.
        ahead_s: how far ahead the picture asked for lies.
        style: of the pictures ("cinematic", "anime").
        scene: what the current picture shows, where the asker knows it.
    """

    prompt: str
    frame: bytes
    ahead_s: float
    width_px: int
    height_px: int
    style: str = "cinematic"
    scene: SceneDescription | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """A picture ahead, as an encoded image, and what it shows where the predictor knows."""

    frame: bytes
    scene: SceneDescription | None = None


@runtime_checkable
class Predictor(Protocol):
    """Sees where a shot is going."""

    @property
    def identity(self) -> str:
        """Vendor, model and options; see the module."""

    def predict(self, request: PredictionRequest) -> Prediction:
        """The picture ahead: the same cast, palette and camera, moved on."""


class HeardWord(BaseModel, frozen=True, extra="forbid"):
    """A word as a listener heard it, punctuation included; `confidence` is 0 to 1."""

    text: str
    start_s: float
    end_s: float
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)


@dataclass(frozen=True, slots=True, eq=False)
class ListeningRequest:
    """A piece of a recording to be written down.

    Attributes:
        samples: mono, float32, shape (n,), within -1 to 1.
        sample_rate_hz: samples a second.
        language: ISO 639-1 code, or "" to find out.
        verbatim: whether "um" and "uh" are wanted too, where the listener can be asked.
    """

    samples: FloatArray
    sample_rate_hz: int
    language: str = ""
    verbatim: bool = True


class Heard(BaseModel, frozen=True, extra="forbid"):
    """What was said.

    Attributes:
        words: in order, with times from the piece's start.
        language: ISO 639-1 code.
        hesitations_sound: whether each "um" stands when it sounds and none is missing, so that none need be looked for.
    """

    words: tuple[HeardWord, ...]
    language: str = "en"
    hesitations_sound: bool = False


@runtime_checkable
class Listener(Protocol):
    """Writes down what is said.

    Attributes:
        longest_s: the longest piece it takes at once.
    """

    longest_s: float

    @property
    def identity(self) -> str:
        """Vendor, model and options; see the module."""

    def hear(self, request: ListeningRequest) -> Heard:
        """Every word with its times."""


@dataclass(frozen=True, slots=True)
class EffectRequest:
    """A sound effect.

    Attributes:
        kind: "footsteps", "door", "rain" and the like.
        description: the same in a sentence, for a model.
        duration_s: how long it must be, exactly, in seconds.
        seed: varies it.
    """

    kind: str
    description: str
    duration_s: float
    seed: int = 0


@runtime_checkable
class Effects(Protocol):
    """Makes sound effects."""

    @property
    def identity(self) -> str:
        """Vendor, model and options; see the module."""

    def make(self, request: EffectRequest) -> Music:
        """The effect, as stereo samples of the length asked for."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who makes a film; each recipe needs some of them.

    A voice of None makes a film whose captions carry the words; an animator of None moves the camera over stills; a
    prompter of None leaves the picture prompts to the writer, or to rules where a film needs no writer.
    """

    writer: Writer
    painter: ImageModel
    voice: Voice | None
    composer: Composer
    animator: Animator | None = None
    predictor: Predictor | None = None
    listener: Listener | None = None
    effects: Effects | None = None
    prompter: Writer | None = None

    @property
    def scene_writer(self) -> Writer:
        """Who describes the pictures of a written story: the prompter, or without one the writer."""
        return self.prompter or self.writer
