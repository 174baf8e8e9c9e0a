"""Where words come from: which model wrote a story, a chapter, a transcript or a prompt, asked with what, at what cost.

A picture or a sound carries that with it. Words are the value that a step returns, and a field for their origin in each
of them would be asked of every model, so it stands beside the result, under a key of its own, and goes where it goes.
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

from pydantic import BaseModel, ValidationError

from storyreel.errors import CorruptFile
from storyreel.memo.paying import Paying
from storyreel.memo.store import store_of
from storyreel.project import Project

_BESIDE = "origin."


class Origin(BaseModel, frozen=True, extra="forbid"):
    """Of some words.

    Attributes:
        step: which step they are the result of, by its function's name.
        provider: vendor, model and options, as the step was asked for them.
        prompt: the whole of what it was asked with, in words.
        model: as the vendor names what answered, version included; "" where it does not say.
        request: the vendor's own id of the (last) request.
        price_usd: what its calls cost; None where nobody knows.
        calls: their ids in the project's ledger.
    """

    step: str
    provider: str
    prompt: str
    seed: int | None = None
    model: str = ""
    request: str = ""
    price_usd: Decimal | None = Decimal(0)
    calls: tuple[str, ...] = ()


def keep_origin(project: Project, key: str, place: Paying) -> None:
    """Keep where a step's words come from, if it said what it asked with.

    Args:
        key: the step's.
        place: what it said, and what its calls told.
    """
    if place.asked is None:
        return
    provider, prompt, seed = place.asked
    bought = place.receipts
    prices = [receipt.price_usd for receipt in bought]
    origin = Origin(
        step=place.step,
        provider=provider,
        prompt=prompt,
        seed=seed,
        model=bought[-1].model if bought else "",
        request=bought[-1].request if bought else "",
        price_usd=None if None in prices else sum((price for price in prices if price is not None), Decimal(0)),
        calls=tuple(receipt.call for receipt in bought),
    )
    inner = key.removeprefix(f"{project.id}/")
    store_of(project).results.set(f"{project.id}/{_BESIDE}{inner}", origin.model_dump_json(), lasting=False)


def origins_of(project: Project) -> tuple[Origin, ...]:
    """Of all the words that were made for a project, by step and then as they were asked for."""
    results = store_of(project).results
    found = []
    for key in results.keys(f"{project.id}/{_BESIDE}*"):
        with suppress(CorruptFile, ValidationError):  # it tells of the words, and they are whole without it
            found.append(Origin.model_validate_json(results.get(key) or ""))
    return tuple(sorted(found, key=lambda origin: (origin.step, origin.prompt, origin.provider)))
