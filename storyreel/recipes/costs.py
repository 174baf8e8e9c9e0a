"""What a film cost and what that bought: read from its ledger, with what is still to be decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from pydantic import BaseModel

from storyreel.memo.journal import Entry
from storyreel.memo.ledger import ledger_of, limit_of
from storyreel.memo.policy import read_policy
from storyreel.project import list_projects
from storyreel.providers.prices import find_any
from storyreel.recipes._finish import TIMELINE_NAME, read_timeline
from storyreel.recipes.pace import StepPace, paces
from storyreel.recipes.resume import existing
from storyreel.timeline.model import Timeline

if TYPE_CHECKING:
    import pandas as pd

_SHORT_ID = 12


class PaidCall(BaseModel, frozen=True, extra="forbid"):
    """One request.

    Attributes:
        call: the beginning of its id, enough to name it.
        step: which step asked.
        state: "answered"; "submitted" for a job under way; "failed"; "forgiven" for one that may be sent again; "open"
            for one that was sent and has no answer; "refused" for a refusal that was charged.
        price_usd: what it cost; for what is open or under way, what it may cost. None where nobody knows.
        took_s: from sending to the answer.
        tries: how often it was sent.
        stale: its price is one of the table's, which was older than 60 days when it was asked.
    """

    call: str
    asked_at: datetime
    step: str
    provider: str
    model: str
    state: str
    price_usd: Decimal | None
    took_s: float | None
    tries: int
    request: str
    stale: bool = False


class StepCosts(BaseModel, frozen=True, extra="forbid"):
    """The calls of one step to one model.

    Attributes:
        answers: how many were answered.
        price_usd: of all of them, as far as it is known.
        median_s: how long one takes; None where none was timed.
    """

    step: str
    provider: str
    model: str
    answers: int
    price_usd: Decimal
    median_s: float | None


class Costs(BaseModel, frozen=True, extra="forbid"):
    """A project's paid calls, added up.

    Attributes:
        spent_usd: what was charged, as far as it is known.
        open_usd: what calls that are under way or undecided may cost on top.
        limit_usd: the project's limit.
        charge_usd: what the maker is charged by the policy in force; see `storyreel.memo.policy`.
        success_rate: which part of what was sent was answered; None before anything was.
        regeneration_rate: which part of the pictures, clips and sounds that were bought is not in the film.
        undecided: the calls that a person has to decide on; `storyreel resume ID --ask-again` sends them once more.
        unpriced: how many answers came whose price nobody knows.
        stale_usd: how much of what was spent or is open goes by table prices that were older than 60 days when asked.
        paces: how long each step took, paid or not.
    """

    project_id: str
    spent_usd: Decimal
    open_usd: Decimal
    limit_usd: Decimal | None
    charge_usd: Decimal
    film_s: float
    success_rate: float | None
    regeneration_rate: float | None
    calls: tuple[PaidCall, ...]
    undecided: tuple[str, ...]
    unpriced: int
    stale_usd: Decimal = Decimal(0)
    paces: tuple[StepPace, ...] = ()

    def table(self) -> pd.DataFrame:
        """Every call as a row."""
        import pandas as pd

        rows = [call.model_dump() for call in self.calls]
        frame = pd.DataFrame(rows, columns=list(PaidCall.model_fields)).set_index("call")
        frame["price_usd"] = frame["price_usd"].astype(float)
        return frame

    def by_step(self) -> tuple[StepCosts, ...]:
        """The same by step and model, in the order in which they were first asked."""
        groups: dict[tuple[str, str, str], list[PaidCall]] = {}
        for call in self.calls:
            groups.setdefault((call.step, call.provider, call.model), []).append(call)
        return tuple(
            StepCosts(
                step=step,
                provider=provider,
                model=model,
                answers=sum(call.state == "answered" for call in calls),
                price_usd=sum((call.price_usd or Decimal(0) for call in calls), Decimal(0)),
                median_s=median(times)
                if (times := [call.took_s for call in calls if call.took_s is not None])
                else None,
            )
            for (step, provider, model), calls in groups.items()
        )


def costs(project_id: str, *, cache: Path | str | None = None) -> Costs:
    """What a film cost so far.

    Raises:
        ProjectNotFound: no film was begun under the id.
        CorruptFile: its ledger is damaged.
    """
    project = existing(project_id, cache)
    ledger = ledger_of(project)
    entries = ledger.entries()
    timeline = read_timeline(project) if project.path(TIMELINE_NAME).exists() else None
    film_s = timeline.rate.seconds(timeline.length_frames) if timeline else 0.0
    sent = sum(entry.tries for entry in entries)
    answered = sum(entry.state == "answered" for entry in entries)
    spent_usd = sum((entry.spent_usd for entry in entries), Decimal(0))
    return Costs(
        project_id=project.id,
        spent_usd=spent_usd,
        open_usd=sum((entry.reserved_usd for entry in entries), Decimal(0)),
        limit_usd=limit_of(project),
        charge_usd=read_policy().charge_usd(spent_usd, film_s),
        film_s=film_s,
        success_rate=answered / sent if sent else None,
        regeneration_rate=_regenerated(entries, timeline),
        calls=tuple(_call(entry) for entry in entries),
        undecided=tuple(entry.id[:_SHORT_ID] for entry in ledger.undecided()),
        unpriced=sum(entry.unpriced for entry in entries),
        stale_usd=sum((call.price_usd or Decimal(0) for call in map(_call, entries) if call.stale), Decimal(0)),
        paces=paces(project),
    )


class AllCosts(BaseModel, frozen=True, extra="forbid"):
    """What all films of a cache cost."""

    films: tuple[Costs, ...]

    @property
    def spent_usd(self) -> Decimal:
        """Of all films together."""
        return sum((film.spent_usd for film in self.films), Decimal(0))

    @property
    def success_rate(self) -> float | None:
        """Which part of all that was ever sent was answered; None before anything was."""
        calls = [call for film in self.films for call in film.calls]
        sent = sum(call.tries for call in calls)
        return sum(call.state == "answered" for call in calls) / sent if sent else None

    def table(self) -> pd.DataFrame:
        """A row for each film: its length, costs, rates, and what a minute of it cost; index "film", its id."""
        import pandas as pd

        rows = [
            {
                "film_s": film.film_s,
                "spent_usd": float(film.spent_usd),
                "open_usd": float(film.open_usd),
                "charge_usd": float(film.charge_usd),
                "usd_a_minute": float(film.spent_usd) / film.film_s * 60 if film.film_s else None,
                "calls": len(film.calls),
                "success_rate": film.success_rate,
                "regeneration_rate": film.regeneration_rate,
                "undecided": len(film.undecided),
            }
            for film in self.films
        ]
        columns = ["film_s", "spent_usd", "open_usd", "charge_usd", "usd_a_minute", "calls", "success_rate",
                   "regeneration_rate", "undecided"]  # fmt: skip
        return pd.DataFrame(
            rows, columns=columns, index=pd.Index([film.project_id for film in self.films], name="film")
        )


def all_costs(*, cache: Path | str | None = None) -> AllCosts:
    """What every film of a cache cost so far, in the order of their ids.

    Raises:
        CorruptFile: a ledger is damaged.
    """
    return AllCosts(films=tuple(costs(project_id, cache=cache) for project_id in list_projects(cache)))


def _call(entry: Entry) -> PaidCall:
    waiting = entry.state in ("open", "submitted")
    price_usd = entry.spent_usd + (entry.expected_usd or Decimal(0)) if waiting else entry.spent_usd
    asked_at = datetime.fromtimestamp(entry.asked_at_s, UTC)
    row = None if entry.price_told else find_any(entry.provider, entry.model)
    return PaidCall(
        call=entry.id[:_SHORT_ID],
        asked_at=asked_at,
        step=entry.step,
        provider=entry.provider,
        model=entry.model,
        state="refused" if entry.refused else entry.state,
        price_usd=None if entry.unpriced or (waiting and entry.expected_usd is None) else price_usd,
        took_s=entry.took_s,
        tries=entry.tries,
        request=entry.request,
        stale=row is not None and row.is_stale(asked_at.date()),
    )


def _regenerated(entries: Sequence[Entry], timeline: Timeline | None) -> float | None:
    """Which part of the material that was bought the film does not show or play."""
    if timeline is None:
        return None
    assets = [clip.asset for clip in timeline.clips] + [sound.asset for sound in timeline.sounds]
    used = {call for asset in assets if asset is not None for call in asset.provenance.calls}
    makers = {entry.step for entry in entries if entry.id in used}
    bought = [entry.id for entry in entries if entry.state == "answered" and entry.step in makers]
    return 1 - sum(call in used for call in bought) / len(bought) if bought else None
