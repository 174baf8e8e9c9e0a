"""Takes: every picture that a shot has had, and how another one is made, for no more than was agreed.

takes.json keeps them with the project, so that going back to one costs nothing. Which of them a shot shows is an edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel, ValidationError

from storyreel.errors import BudgetExceeded, CorruptFile, InputError, StoryreelError
from storyreel.media.model import Asset
from storyreel.media.steps import illustrate
from storyreel.memo.ledger import ledger_of
from storyreel.memo.money import usd
from storyreel.project import Project, write_text_atomically
from storyreel.providers import registry
from storyreel.providers.contracts import ImageModel, ImageRequest
from storyreel.providers.estimate import STALE_SPREAD, UNCERTAIN_SPREAD
from storyreel.providers.prices import Usage, quote_of
from storyreel.providers.transport.vendor import Vendor
from storyreel.recipes.history import History
from storyreel.recipes.title_film import picture_size

TAKES_NAME = "takes.json"
_CENT = Decimal("0.01")


class Takes(BaseModel, frozen=True, extra="forbid"):
    """What takes.json holds: clip id -> its pictures, oldest first."""

    shots: Mapping[str, tuple[Asset, ...]] = {}


def read_takes(project: Project) -> Takes:
    """A project's takes.

    Raises:
        CorruptFile: takes.json is not what storyreel writes.
    """
    path = project.path(TAKES_NAME)
    if not path.exists():
        return Takes()
    try:
        return Takes.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise CorruptFile(f"{path} is damaged: move it away to lose the takes that are in no film") from error


def keep_take(project: Project, history: History, clip: str, *pictures: Asset) -> Takes:
    """Add pictures to a shot's takes; one that it has had is not added twice."""
    with history.locked():
        takes = read_takes(project)
        had = takes.shots.get(clip, ())
        known = {asset.blob.sha256 for asset in had}
        new = tuple(asset for asset in pictures if asset.blob.sha256 not in known)
        kept = Takes(shots={**takes.shots, clip: (*had, *new)})
        write_text_atomically(project.path(TAKES_NAME), kept.model_dump_json(indent=1) + "\n")
    return kept


class Painter:
    """Who paints a film's pictures, with what another one costs.

    Attributes:
        model: None where nobody can.
        why_not: why.
        price_usd: what a picture costs at most; None where nobody knows.
    """

    def __init__(self, project: Project) -> None:
        self.model: ImageModel | None = None
        self.why_not = ""
        record = project.record()
        try:
            name = record.crew.get("painter", "")
            if not name:
                raise InputError("this film has nobody who paints pictures")
            self.model = registry.provider("painter", name)
            vendor = getattr(self.model, "vendor", None)
            if isinstance(vendor, Vendor):
                vendor.key()
        except StoryreelError as error:
            self.model, self.why_not = None, str(error)
        width_px, height_px = picture_size(record.settings)
        one = Usage(pictures=1, megapixels=width_px * height_px / 1e6)
        self.price_usd: Decimal | None = most_usd(self.model, one) if self.model else None


def most_usd(provider: object, usage: Usage) -> Decimal | None:
    """What a request costs at most; None where nobody knows."""
    told = quote_of(provider, usage)
    if told.usd is None:
        return None
    spread = (UNCERTAIN_SPREAD if told.uncertain else 0.0) + (STALE_SPREAD if told.stale else 0.0)
    return told.usd * Decimal(repr(1 + spread))


class _Agreed(Project):
    """A project whose paid calls may cost so much more than they have, and no more."""

    def __init__(self, project: Project, agreed_usd: Decimal) -> None:
        super().__init__(project.id, project.cache)
        spent_usd = ledger_of(project).spent_usd()
        own = project.limit_usd
        self._most_usd = spent_usd + agreed_usd if own is None else min(own, spent_usd + agreed_usd)

    @property
    def limit_usd(self) -> Decimal | None:
        """What all its paid calls may come to."""
        return self._most_usd


def within(project: Project, price_usd: Decimal | None, agreed_usd: float, what: str) -> Project:
    """The project as one whose next request costs what was agreed at most.

    Args:
        price_usd: what that request is expected to cost at most; None where nobody knows, 0 where it is free.
        what: "the picture", as the user is told of it.

    Raises:
        BudgetExceeded: it would cost more; nothing was sent.
    """
    agreed = usd(agreed_usd)
    if price_usd is not None and price_usd.quantize(_CENT) > agreed.quantize(_CENT):
        raise BudgetExceeded(
            f"{what} may cost ${price_usd.quantize(_CENT)}, more than the ${agreed.quantize(_CENT)} that was agreed: "
            "nothing was asked for"
        )
    return project if price_usd == 0 else _Agreed(project, agreed)


def make_take(project: Project, painter: Painter, request: ImageRequest, agreed_usd: float) -> Asset:
    """Have a picture painted.

    Args:
        agreed_usd: the most that it may cost.

    Raises:
        BudgetExceeded: it would cost more, or nobody knows what it costs; nothing was sent.
        ProviderError: the picture could not be made.
    """
    if painter.model is None:
        raise InputError(painter.why_not)
    return illustrate(within(project, painter.price_usd, agreed_usd, "the picture"), request, painter.model)
