"""What services charge: a dated table, prices.toml, and what a request comes to by it.

The table is beside this module; a file named by STORYREEL_PRICES, of the same form, goes before it, so that a price can
be brought up to date without waiting for a release. Amounts are exact decimals in US dollars.
"""

from __future__ import annotations

import functools
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from storyreel.errors import InputError

STALE_AFTER_DAYS = 60
MICRODOLLAR = Decimal("0.000001")
_MILLION = Decimal(1_000_000)
_LONG = "long"


class Price(BaseModel):
    """A row of the table; what each field is for stands at the head of prices.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1)
    as_of: date | None = None
    uncertain: bool = False
    input_mtok: Decimal | None = Field(default=None, ge=0)
    cached_mtok: Decimal | None = Field(default=None, ge=0)
    cache_write_mtok: Decimal | None = Field(default=None, ge=0)
    output_mtok: Decimal | None = Field(default=None, ge=0)
    image_input_mtok: Decimal | None = Field(default=None, ge=0)
    image_output_mtok: Decimal | None = Field(default=None, ge=0)
    long_over_tokens: int | None = Field(default=None, ge=1)
    picture: Decimal | None = Field(default=None, ge=0)
    picture_megapixels: Decimal | None = Field(default=None, gt=0)
    megapixel_first: Decimal | None = Field(default=None, ge=0)
    megapixel_more: Decimal | None = Field(default=None, ge=0)
    kilocharacter: Decimal | None = Field(default=None, ge=0)
    sound_minute: Decimal | None = Field(default=None, ge=0)
    shortest_s: Decimal = Field(default=Decimal(0), ge=0)
    video_second: Decimal | None = Field(default=None, ge=0)
    piece: Decimal | None = Field(default=None, ge=0)

    def is_stale(self, today: date) -> bool:
        """Whether it is older than 60 days, or of unknown age."""
        return self.as_of is None or (today - self.as_of).days > STALE_AFTER_DAYS


@dataclass(frozen=True, slots=True)
class Usage:
    """What one request uses.

    Attributes:
        input_tokens: text read, without what came from the cache or was written to it.
        cached_tokens, cache_write_tokens: text read from the cache, and written to it.
        output_tokens: text answered, thinking included.
        image_input_tokens, image_output_tokens: pictures read and drawn, in tokens.
        pictures, megapixels: how many were drawn, and how large each is, with what was read for it.
        references: pictures to go by.
        characters: spoken.
        sound_s: sound made or heard.
        video_s: video made.
        pieces: of music.
    """

    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    image_input_tokens: int = 0
    image_output_tokens: int = 0
    pictures: int = 0
    megapixels: float = 0.0
    references: int = 0
    characters: int = 0
    sound_s: float = 0.0
    video_s: float = 0.0
    pieces: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """What a request is said to cost.

    Attributes:
        usd: None where nobody knows.
        stale: the price is older than 60 days or of unknown age.
        uncertain: the sources disagree, or none is the vendor's own.
    """

    usd: Decimal | None
    stale: bool = False
    uncertain: bool = False


FREE = Quote(Decimal(0))
UNKNOWN = Quote(None)


@runtime_checkable
class Priced(Protocol):
    """A provider that knows what it charges."""

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs."""


def quote_of(provider: object, usage: Usage) -> Quote:
    """What a provider charges: nothing on this machine, unknown where it does not say."""
    if isinstance(provider, Priced):
        return provider.price(usage)
    return FREE if str(getattr(provider, "identity", "")).startswith("offline/") else UNKNOWN


def quote(vendor: str, model: str, usage: Usage, variant: str = "") -> Quote:
    """What a request comes to by the table.

    Args:
        variant: a quality or resolution, where the model has a price for each.
    """
    price = find(vendor, model, variant)
    if price is None:
        return UNKNOWN
    read = usage.input_tokens + usage.cached_tokens + usage.cache_write_tokens
    if price.long_over_tokens is not None and read > price.long_over_tokens:
        price = find(vendor, model, _LONG) or price
    return Quote(cost(price, usage), price.is_stale(today()), price.uncertain)


def cost(price: Price, usage: Usage) -> Decimal | None:
    """What so much comes to, rounded up to a millionth of a dollar; None if the row does not say for a part of it."""
    parts = (
        _times(price.input_mtok, usage.input_tokens, _MILLION),
        _times(_first(price.cached_mtok, price.input_mtok), usage.cached_tokens, _MILLION),
        _times(_first(price.cache_write_mtok, price.input_mtok), usage.cache_write_tokens, _MILLION),
        _times(price.output_mtok, usage.output_tokens, _MILLION),
        _times(price.image_input_mtok, usage.image_input_tokens, _MILLION),
        _times(price.image_output_mtok, usage.image_output_tokens, _MILLION),
        _times(_picture(price, usage.megapixels), usage.pictures),
        _times(price.kilocharacter, usage.characters, Decimal(1000)),
        _times(price.sound_minute, max(usage.sound_s, float(price.shortest_s)) if usage.sound_s else 0, Decimal(60)),
        _times(price.video_second, usage.video_s),
        _times(price.piece, usage.pieces),
    )
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)).quantize(MICRODOLLAR, ROUND_CEILING) if len(known) == len(parts) else None


def find(vendor: str, model: str, variant: str = "") -> Price | None:
    """The row of a model, or of the one whose dated version it is ("claude-opus-5-5-20261001")."""
    rows = table().get(vendor, {})
    ending = f":{variant}" if variant else ""
    for name in _names(model):
        if name + ending in rows:
            return rows[name + ending]
    return None


def find_any(vendor: str, model: str) -> Price | None:
    """As `find`, of whichever variant the table has first: for what all of them share, such as their date."""
    own = find(vendor, model)
    if own is not None:
        return own
    rows = table().get(vendor, {})
    return next((rows[row] for name in _names(model) for row in rows if row.partition(":")[0] == name), None)


def _names(model: str) -> list[str]:
    """The model's name, then without the parts of a date at its end."""
    names = [model]
    while (shorter := names[-1].rpartition("-"))[0] and shorter[2].isdecimal() and len(shorter[2]) in (2, 4, 8):
        names.append(shorter[0])
    return names


def today() -> date:
    """The day by which a price is stale, in UTC."""
    return datetime.now(UTC).date()


def table() -> Mapping[str, Mapping[str, Price]]:
    """vendor -> model, or model:variant -> its row.

    Raises:
        InputError: the file that STORYREEL_PRICES names cannot be read.
    """
    built_in = _read(Path(__file__).with_name("prices.toml"), 0)
    own = os.environ.get("STORYREEL_PRICES", "").strip()
    if not own:
        return built_in
    path = Path(own).expanduser()
    try:
        first = _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).partition("\n")[0]
        raise InputError(f"the prices in {path} (STORYREEL_PRICES) cannot be read: {reason}") from error
    return {vendor: {**built_in.get(vendor, {}), **first.get(vendor, {})} for vendor in {*built_in, *first}}


@functools.lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> Mapping[str, Mapping[str, Price]]:
    with path.open("rb") as file:
        try:
            return TypeAdapter(dict[str, dict[str, Price]]).validate_python(tomllib.load(file))
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _times(price: Decimal | None, amount: float, per: Decimal = Decimal(1)) -> Decimal | None:
    if not amount:
        return Decimal(0)
    return None if price is None else price * Decimal(repr(amount)) / per


def _first(own: Decimal | None, instead: Decimal | None) -> Decimal | None:
    return instead if own is None else own


def _picture(price: Price, megapixels: float) -> Decimal | None:
    if price.megapixel_first is not None:
        more = max(0, -int(-megapixels // 1) - 1)
        return price.megapixel_first + (price.megapixel_more or Decimal(0)) * more
    if price.picture is None or price.picture_megapixels is None or not megapixels:
        return price.picture
    return price.picture * max(Decimal(1), Decimal(repr(megapixels)) / price.picture_megapixels)
