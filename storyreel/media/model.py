"""The nouns of material: assets with where they came from, and spoken words with their times."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from storyreel.memo.blob import Blob
from storyreel.providers.contracts import SpokenWord


class Provenance(BaseModel, frozen=True, extra="forbid"):
    """Which model made an asset, from what, and at what price.

    Attributes:
        provider: vendor, model and options, as the step was asked for them.
        price_usd: None where nobody knows.
        model: as the vendor names what answered, version included; "" where it does not say.
        request: the vendor's own id of the request.
        calls: the ids of the paid calls in the project's ledger.
        credit: whom to name for it, as its licence asks, one a line; "" for nobody.
    """

    provider: str
    prompt: str = ""
    seed: int | None = None
    price_usd: float | None = 0.0
    model: str = ""
    request: str = ""
    calls: tuple[str, ...] = ()
    credit: str = ""

    @property
    def told(self) -> str:
        """All of it in one line for a person: who, what it cost, the seed, whom to name, the prompt."""
        price = "price not known" if self.price_usd is None else f"${self.price_usd:.6g}" if self.price_usd else ""
        facts = (
            self.provider,
            "" if self.model in self.provider else self.model,
            "" if self.seed is None else f"seed {self.seed}",
            price,
            f"request {self.request}" if self.request else "",
            self.credit.replace("\n", "; "),
        )
        return ", ".join(filter(None, facts)) + (f": {self.prompt}" if self.prompt else "")


class Asset(BaseModel, frozen=True, extra="forbid"):
    """A picture, a sound or a video clip, by content.

    Attributes:
        kind: what it is.
        blob: its file in the store.
        width_px, height_px: of a picture or clip, as shown (after EXIF orientation); 0 for sound.
        duration_s: of a sound or clip; 0 for a picture.
    """

    kind: Literal["image", "audio", "video"]
    blob: Blob
    width_px: int = 0
    height_px: int = 0
    duration_s: float = 0.0
    provenance: Provenance


class Narration(BaseModel, frozen=True, extra="forbid"):
    """One chapter as it is told.

    Attributes:
        chapter: its number.
        audio: the voice, mono; None when the captions alone carry the words.
        duration_s: how long it takes to tell.
        words: every whitespace-separated word of the chapter's text with its times, from the narration's start.
    """

    chapter: int = Field(ge=1)
    audio: Asset | None
    duration_s: float
    words: tuple[SpokenWord, ...]
