"""Ideogram as an `ImageModel`: Ideogram 4.5 by version 2 of its API, Ideogram 3 by version 1.

Version 2 is asked for a job, which a run that is killed or loses its answer can ask for again. Version 1 answers at
once; it is here for what 4.5 has not: a picture of a person whom every picture is to show. There is no official client.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote as quoted

from pydantic import BaseModel, Field

from storyreel.errors import InputError, ProviderError, ProviderRefused
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.pictures import cut_to_shape, nearest_shape
from storyreel.providers.prices import MICRODOLLAR, Quote, Usage, quote
from storyreel.providers.references import given, image_type
from storyreel.providers.transport import (
    Call,
    Done,
    FilePart,
    Gone,
    Job,
    Lost,
    Reply,
    Vendor,
    Waiting,
    buy_job,
    buy_linked,
    held_back,
    scrub,
)
from storyreel.providers.transport.lists import nothing_listed

PAINTER_MODEL = "ideogram-4-5"
OLDER_MODEL = "ideogram-v3"
# From the cheapest on; the first of the row is not the one used unless it is asked for.
QUALITIES = {PAINTER_MODEL: ("low", "medium", "high"), OLDER_MODEL: ("turbo", "default", "quality")}
EVERY_S = 2.0
PATIENCE_S = 600.0
MOST_CHARACTERS = 10_000
MOST_SEED = 2**31 - 1
# Without a picture to edit, 4.5 takes just these sizes, each of them turned either way.
_LANDSCAPES = (
    (1024, 1024), (1120, 896), (1152, 864), (1248, 832), (1280, 800), (1280, 720), (1440, 720), (2048, 2048),
    (2240, 1792), (2304, 1728), (2496, 1664), (2560, 1600), (2560, 1440), (2880, 1440),
)  # fmt: skip
SIZES = tuple(dict.fromkeys(size for wide, high in _LANDSCAPES for size in ((wide, high), (high, wide))))
_SHAPES = (
    (1, 3), (3, 1), (1, 2), (2, 1), (9, 16), (16, 9), (10, 16), (16, 10), (2, 3), (3, 2), (3, 4), (4, 3), (4, 5),
    (5, 4), (1, 1),
)  # fmt: skip
_HELD_BACK = re.compile(r"(?i)safety|unsafe|policy|policies|prohibit|block|moderat|sensitive|copyright")

VENDOR = Vendor(
    name="ideogram",
    base_url="https://api.ideogram.ai",
    key_variables=("IDEOGRAM_API_KEY",),
    key_header="api-key",
    key_prefix="",
    # It answers keys of those who may see the bills; other keys that are good, with 404.
    models_path="/v2/account/api-keys",
    models_told=nothing_listed,
    key_taken=frozenset({404}),
    at_once=10,
    refusal_statuses=frozenset({422}),
    models_in_paths=True,
)


@dataclass(frozen=True, slots=True)
class IdeogramPainter:
    """Ideogram as an `ImageModel`.

    Args:
        model: a model ("ideogram-4-5", "ideogram-v3"), or a model and its quality ("ideogram-4-5/high").
    """

    model: str = PAINTER_MODEL
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        name, _, quality = self.model.partition("/")
        if name not in QUALITIES or quality not in ("", *QUALITIES[name]):
            offered = ", ".join(f"{name}/{quality}" for name, row in QUALITIES.items() for quality in row)
            raise InputError(f"ideogram has no model {self.model!r}: choose one of {offered}")
        object.__setattr__(self, "model", f"{name}/{quality or QUALITIES[name][1]}")

    @property
    def identity(self) -> str:
        """Vendor, model and quality."""
        return f"ideogram/{self.model}"

    @property
    def most_references(self) -> int:
        """How many pictures to go by the model takes: ideogram-v3 one person's."""
        return 1 if self.model.startswith(f"{OLDER_MODEL}/") else 0

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs, by its quality; one with a person to go by costs more."""
        name, _, quality = self.model.partition("/")
        return quote("ideogram", name, usage, f"{quality}-character" if usage.references else quality)

    def draw(self, request: ImageRequest) -> bytes:
        """The picture as the service sends it, in the shape asked for."""
        name, _, quality = self.model.partition("/")
        people = given(request, self.most_references)
        expected_usd = self.price(Usage(pictures=1, references=len(people))).usd
        if name == OLDER_MODEL:
            picture = buy_linked(
                VENDOR,
                Call(f"/v1/{name}/generate", form=older_form(quality, request), files=_files(people),
                     timeout_s=180.0),
                made,
                model=name,
                expected_usd=expected_usd,
                kinds=("image",),
                suffix=".png",
                notice=self.notice,
            )  # fmt: skip
        else:
            picture = buy_job(
                VENDOR,
                Call(f"/v2/image/generate/{name}", form=form(quality, request), timeout_s=60.0),
                submitted,
                poll,
                look,
                model=name,
                expected_usd=expected_usd,
                kinds=("image",),
                suffix=".png",
                every_s=EVERY_S,
                patience_s=PATIENCE_S,
                notice=self.notice,
            )
        return cut_to_shape(picture, request.width_px, request.height_px)


def form(quality: str, request: ImageRequest) -> tuple[tuple[str, str], ...]:
    """The fields of POST /v2/image/generate/ideogram-4-5; the words are kept as they are."""
    width_px, height_px = preset_for(request.width_px, request.height_px)
    return (
        ("prompt", request.prompt[:MOST_CHARACTERS]),
        ("magic_prompt", "off"),
        ("size", f"{width_px}x{height_px}"),
        ("quality", quality),
        ("seed", str(request.seed % (MOST_SEED + 1))),
        ("num_images", "1"),
        ("async", "true"),
    )


def preset_for(width_px: int, height_px: int) -> tuple[int, int]:
    """The size to ask for: of the nearest shape, the smallest with as many pixels as wanted, else the largest."""
    shape = nearest_shape(width_px, height_px, SIZES)
    same = sorted(size for size in SIZES if size[0] * shape[1] == size[1] * shape[0])
    return next((size for size in same if size[0] * size[1] >= width_px * height_px), same[-1])


def older_form(quality: str, request: ImageRequest) -> tuple[tuple[str, str], ...]:
    """The fields of POST /v1/ideogram-v3/generate; a size may not go with an aspect ratio."""
    shape = nearest_shape(request.width_px, request.height_px, _SHAPES)
    return (
        ("prompt", request.prompt[:MOST_CHARACTERS]),
        ("seed", str(request.seed % (MOST_SEED + 1))),
        ("aspect_ratio", f"{shape[0]}x{shape[1]}"),
        ("rendering_speed", quality.upper()),
        ("magic_prompt", "OFF"),
        ("num_images", "1"),
    )


def _files(people: tuple[bytes, ...]) -> tuple[FilePart, ...]:
    return tuple(
        FilePart("character_reference_images", f"person.{image_type(data).partition('/')[2]}", data, image_type(data))
        for data in people
    )


class _Picture(BaseModel):
    url: str | None = None
    is_image_safe: bool = True


class _Pictures(BaseModel):
    data: list[_Picture] = Field(min_length=1)


class _Taken(BaseModel):
    generation_id: str = Field(min_length=1)


class _Generation(BaseModel):
    status: str
    data: list[_Picture] | None = None
    failure_reason: Any = None
    usage_cost_usd_micros: int | None = None

    @property
    def price_usd(self) -> Decimal | None:
        """What it cost, where that depends on what was used."""
        return None if self.usage_cost_usd_micros is None else self.usage_cost_usd_micros * MICRODOLLAR


def made(reply: Reply) -> Done:
    """Where the picture of an answer lies.

    Raises:
        ProviderRefused: it was drawn and held back.
        Lost: the answer has none.
    """
    return Done((_address(reply.read_as(_Pictures).data[0]),))


def _address(picture: _Picture) -> str:
    if picture.url is None or not picture.is_image_safe:
        raise held_back(
            "ideogram", "the service drew this, holds it back as unsafe and charges for it: change the words"
        )
    return picture.url


def submitted(reply: Reply) -> Job:
    """The handle of a job.

    Raises:
        Lost: there is none.
    """
    return Job(id=reply.read_as(_Taken).generation_id)


def poll(job: Job) -> Call:
    """The call that asks for a job."""
    return Call(f"/v2/generations/{quoted(job.id, safe='')}", method="GET", timeout_s=30.0)


def look(reply: Reply, job: Job) -> Waiting | Done | Gone:
    """How a job is.

    Raises:
        ProviderRefused: it was held back.
        ProviderError: it failed.
        Lost: the answer says nothing of it.
    """
    generation = reply.read_as(_Generation)
    if generation.status == "pending":
        return Waiting()
    if generation.status == "completed" and generation.data:
        try:
            return Done((_address(generation.data[0]),), generation.price_usd)
        except ProviderRefused as refused:
            refused.price_usd = generation.price_usd
            raise
    if generation.status == "failed":
        why = scrub(str(generation.failure_reason or ""))[:200]
        if _HELD_BACK.search(why):
            raise ProviderRefused("ideogram", f"the service will not draw this ({why}): change the words")
        raise ProviderError(
            "ideogram", f"the job failed at the service{f' ({why})' if why else ''}: run again to have it made anew"
        )
    raise Lost("ideogram", f"the job is in a state that means nothing here ({generation.status[:40]!r})")
