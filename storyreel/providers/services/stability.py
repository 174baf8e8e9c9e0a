"""Stability AI as a `Composer` and `Effects` (Stable Audio) and an `ImageModel` (Stable Image).

Requests are multipart, files or none. Stable Audio 2 answers at once, Stable Audio 3 runs as a job. What is held back
or fails is not charged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from storyreel.errors import ProviderRefused
from storyreel.memo.ledger import Charged
from storyreel.providers.contracts import EffectRequest, ImageRequest, Music, MusicRequest
from storyreel.providers.music import checked_sound, piece_lengths, whole
from storyreel.providers.pictures import cut_to_shape, is_whole_picture, nearest_shape
from storyreel.providers.prices import Quote, Usage, quote
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
    buy,
    buy_job,
    kind_of,
)
from storyreel.providers.transport.lists import nothing_listed

SOUND_MODEL = "stable-audio-2.5"
PAINTER_MODEL = "stable-image-core"
EVERY_S = 5.0
PATIENCE_S = 1200.0
SHORTEST_S = 1.0
LONGEST_S = {"stable-audio-3": 380.0}
USUAL_LONGEST_S = 190.0
LONGEST_PROMPT = 10_000
TAKES_A_SEED = 1000
# 0 asks for any seed.
_SEEDS = 4_294_967_294
_SHAPES = ((21, 9), (16, 9), (3, 2), (5, 4), (1, 1), (4, 5), (2, 3), (9, 16), (9, 21))
_HELD_BACK = "content_filtered"

VENDOR = Vendor(
    name="stability",
    base_url="https://api.stability.ai",
    key_variables=("STABILITY_API_KEY",),
    models_path="/v1/user/balance",
    models_told=nothing_listed,
    at_once=4,
    refusals=frozenset({"content_moderation"}),
    payments=frozenset({"payment_required"}),
)


@dataclass(frozen=True, slots=True)
class StabilityComposer:
    """Stable Audio as a `Composer`."""

    model: str = SOUND_MODEL

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"stability/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request costs: as much for any length."""
        return _price(self.model, usage)

    def compose(self, request: MusicRequest) -> Music:
        """A piece of exactly the length asked for; if the model cannot make one, several that fade into one another."""
        longest_s = LONGEST_S.get(self.model, USUAL_LONGEST_S)
        lengths = piece_lengths(request.duration_s, shortest_s=SHORTEST_S, longest_s=longest_s)
        prompt = f"Instrumental underscore for a film, no vocals: {request.mood}"
        parts = [
            _made(self.model, prompt, length_s, request.seed * TAKES_A_SEED + number)
            for number, length_s in enumerate(lengths)
        ]
        return whole(parts, request.duration_s)


@dataclass(frozen=True, slots=True)
class StabilityEffects:
    """Stable Audio as `Effects`."""

    model: str = SOUND_MODEL

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"stability/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request costs: as much for any length."""
        return _price(self.model, usage)

    def make(self, request: EffectRequest) -> Music:
        """The effect, of exactly the length asked for; one longer than the model makes is repeated."""
        length_s = min(LONGEST_S.get(self.model, USUAL_LONGEST_S), max(SHORTEST_S, request.duration_s))
        prompt = f"Sound effect, no music, no speech: {request.description or request.kind}"
        return whole([_made(self.model, prompt, length_s, request.seed)], request.duration_s)


def _price(model: str, usage: Usage) -> Quote:
    return quote("stability", model, Usage(pieces=usage.pieces or int(usage.sound_s > 0)))


def _made(model: str, prompt: str, length_s: float, seed: int) -> bytes:
    """Have a sound made, encoded."""
    form = sound_to_wire(model, prompt, length_s, seed)
    expected_usd = _price(model, Usage(pieces=1)).usd
    if model == "stable-audio-3":
        return buy_job(
            VENDOR,
            _call("/v2beta/audio/stable-audio/text-to-audio", form, "audio/*"),
            submitted,
            poll,
            look,
            model=model,
            expected_usd=expected_usd,
            kinds=("audio",),
            suffix=".mp3",
            every_s=EVERY_S,
            patience_s=PATIENCE_S,
        )

    def charged(reply: Reply) -> Charged:
        _check_whole(reply)
        return Charged(checked_sound(reply), expected_usd, model, reply.request)

    return buy(
        VENDOR,
        _call("/v2beta/audio/stable-audio-2/text-to-audio", form, "audio/*"),
        charged,
        model=model,
        expected_usd=expected_usd,
        suffix=".mp3",
    )


def _call(path: str, form: Sequence[tuple[str, str]], kinds: str) -> Call:
    return Call(path, form=tuple(form), headers={"accept": kinds}, timeout_s=300.0, largest_bytes=96 * MEGABYTE)


def sound_to_wire(model: str, prompt: str, length_s: float, seed: int) -> list[tuple[str, str]]:
    """The form of a request for a sound; its length is a whole number of seconds."""
    return [
        ("prompt", prompt[:LONGEST_PROMPT]),
        ("duration", str(math.ceil(length_s - 1e-9))),
        ("model", model),
        ("seed", str(_seed(seed))),
        ("output_format", "mp3"),
    ]


def _seed(seed: int) -> int:
    return seed % _SEEDS + 1


def _check_whole(reply: Reply) -> None:
    """Raise ProviderRefused if what came was blurred or muted by a filter."""
    if reply.headers.get("finish-reason", "").lower() == _HELD_BACK:
        raise ProviderRefused("stability", "the service made this and held it back: change the words")


class _Submitted(BaseModel):
    id: str


def submitted(reply: Reply) -> Job:
    """The handle of a job.

    Raises:
        Lost: there is none.
    """
    return Job(id=reply.read_as(_Submitted).id)


def poll(job: Job) -> Call:
    """The call that asks for a job, and gets its result. Status 403 may be about the job, and not about the key."""
    path = f"/v2beta/audio/results/{job.id}"
    return Call(
        path,
        method="GET",
        headers={"accept": "audio/*"},
        timeout_s=120.0,
        largest_bytes=96 * MEGABYTE,
        also_read=frozenset({403}),
    )


def look(reply: Reply, job: Job) -> Waiting | Done | Gone:
    """How a job is.

    Raises:
        ProviderRefused: the prompt, or what was made of it, was held back.
        Lost: the answer says nothing of the job.
    """
    if reply.status == 202:
        reply.read_as(_Submitted)
        return Waiting()
    if reply.status == 403:
        if reply.json().get("name") not in VENDOR.refusals:
            raise Lost("stability", "the job cannot be looked at")
        raise ProviderRefused("stability", "the service will not make this: change the words")
    _check_whole(reply)
    return Done(data=checked_sound(reply))


@dataclass(frozen=True, slots=True)
class StabilityPainter:
    """Stable Image and Stable Diffusion 3.5 as an `ImageModel`."""

    model: str = PAINTER_MODEL

    @property
    def identity(self) -> str:
        """Vendor and model."""
        return f"stability/{self.model}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""
        return quote("stability", self.model, usage)

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as PNG, in the shape asked for."""
        expected_usd = self.price(Usage(pictures=1)).usd

        def charged(reply: Reply) -> Charged:
            _check_whole(reply)
            if kind_of(reply.data) != "image" or not is_whole_picture(reply.data):
                raise Lost("stability", "what came is not a whole picture")
            return Charged(reply.data, expected_usd, self.model, reply.request)

        path, form = picture_to_wire(self.model, request)
        picture = buy(
            VENDOR,
            _call(path, form, "image/*"),
            charged,
            model=self.model,
            expected_usd=expected_usd,
            suffix=".png",
        )
        return cut_to_shape(picture, request.width_px, request.height_px)


def picture_to_wire(model: str, request: ImageRequest) -> tuple[str, list[tuple[str, str]]]:
    """The path and the form of a request for a picture: Stable Image's models are paths, the others a field."""
    shape = nearest_shape(request.width_px, request.height_px, _SHAPES)
    form = [
        ("prompt", request.prompt[:LONGEST_PROMPT]),
        ("aspect_ratio", f"{shape[0]}:{shape[1]}"),
        ("seed", str(_seed(request.seed))),
        ("output_format", "png"),
    ]
    name = model.removeprefix("stable-image-")
    if name != model:
        return f"/v2beta/stable-image/generate/{name}", form
    return "/v2beta/stable-image/generate/sd3", [*form, ("model", model)]
